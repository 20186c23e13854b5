//! What somebody answered, and whether it can be read as what was asked.

use super::{Field, FieldKind, Form};
use crate::contact::{phone_problem, text_problem};
use crate::problem::{ErrorCode, UserError};
use crate::time::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(name = "IntakeAnswer", input_name = "IntakeAnswerInput"))]
pub struct Answer {
    /// The id of the question.
    pub field: String,
    /// What was answered: one text, or several for `CHOICES`; a day as `2030-01-07`, yes and no as `yes` and `no`.
    /// Nothing takes an answer back.
    pub values: Vec<String>,
}

/// Answers by question.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Vec<String>>);

/// How complete answers must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// What is there must be readable.
    SoFar,
    /// Everything that must be answered is.
    Whole,
}

impl Answers {
    /// The answer to a question; none is an empty list.
    pub fn of(&self, field: &str) -> &[String] {
        self.0.get(field).map(Vec::as_slice).unwrap_or_default()
    }

    /// The first answer to a question, or nothing.
    pub fn text(&self, field: &str) -> &str {
        self.of(field).first().map(String::as_str).unwrap_or_default()
    }

    /// Puts answers in place of earlier ones. Empty ones are taken out.
    pub fn put(&mut self, answers: impl IntoIterator<Item = Answer>) {
        for Answer { field, values } in answers {
            let values: Vec<String> =
                values.into_iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect();
            if values.is_empty() {
                self.0.remove(&field);
            } else {
                self.0.insert(field, values);
            }
        }
    }

    /// What is answered of the questions a form still asks.
    pub fn kept_by(mut self, form: &Form) -> Self {
        self.0.retain(|id, _| form.questions().any(|field| field.id == *id));
        self
    }

    /// Everything wrong with them, by `answers.<question>`.
    pub fn problems(&self, form: &Form, completeness: Completeness) -> Vec<UserError> {
        let mut problems: Vec<UserError> =
            form.questions().filter_map(|field| self.problem(field, completeness)).collect();
        for id in self.0.keys().filter(|id| !form.questions().any(|field| field.id == **id)) {
            let path = format!("answers.{id}");
            problems.push(UserError::on(&path, ErrorCode::NotFound, "The form does not ask this any more."));
        }
        problems
    }

    fn problem(&self, field: &Field, completeness: Completeness) -> Option<UserError> {
        let path = format!("answers.{}", field.id);
        let values = self.of(&field.id);
        let Some(first) = values.first() else {
            let is_missing = field.is_required && completeness == Completeness::Whole;
            let message = format!("“{}” still needs an answer.", field.label);
            return is_missing.then(|| UserError::on(&path, ErrorCode::Required, message));
        };
        let invalid = |message: &str| Some(UserError::on(&path, ErrorCode::Invalid, message));
        if values.len() > 1 && field.kind != FieldKind::Choices {
            return invalid("Please give one answer.");
        }
        match field.kind {
            FieldKind::Part => invalid("This is not a question."),
            FieldKind::ShortText if first.contains(['\n', '\r']) => invalid("Please keep this on one line."),
            FieldKind::ShortText | FieldKind::LongText => text_problem(&path, first, field.kind.longest()),
            FieldKind::Choice | FieldKind::Choices => {
                let is_offered = |value: &String| field.options.iter().any(|option| option.trim() == value);
                (!values.iter().all(is_offered)).then(|| {
                    UserError::on(&path, ErrorCode::Invalid, "Please choose from the answers that are listed.")
                })
            }
            FieldKind::Date if first.parse::<Date>().is_err() => invalid("Please write a day, like 2030-01-07."),
            FieldKind::YesNo if !matches!(first.as_str(), "yes" | "no") => invalid("Please choose yes or no."),
            FieldKind::Date | FieldKind::YesNo => None,
            FieldKind::Phone => phone_problem(&path, first),
        }
    }
}
