//! The intake form, as the practice puts it together.

use crate::problem::{ErrorCode, UserError};
use serde::{Deserialize, Serialize};

/// What kind of answer a question wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum FieldKind {
    /// No question: the heading of a new part, which is a page of its own.
    Part,
    /// A line.
    ShortText,
    /// A few lines.
    LongText,
    /// One of several.
    Choice,
    /// Any of several.
    Choices,
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
    /// A phone number.
    Phone,
}

impl FieldKind {
    /// Every kind, in the order an editor lists them.
    pub const ALL: [FieldKind; 8] = [
        FieldKind::ShortText,
        FieldKind::LongText,
        FieldKind::Choice,
        FieldKind::Choices,
        FieldKind::YesNo,
        FieldKind::Date,
        FieldKind::Phone,
        FieldKind::Part,
    ];

    /// What an editor calls it.
    pub fn words(self) -> &'static str {
        match self {
            FieldKind::Part => "New part",
            FieldKind::ShortText => "A line",
            FieldKind::LongText => "A few lines",
            FieldKind::Choice => "One of several",
            FieldKind::Choices => "Any of several",
            FieldKind::Date => "A day",
            FieldKind::YesNo => "Yes or no",
            FieldKind::Phone => "A phone number",
        }
    }

    /// Whether the practice lists the answers there are.
    pub fn has_options(self) -> bool {
        matches!(self, FieldKind::Choice | FieldKind::Choices)
    }

    /// The longest answer in words of one's own, in characters.
    pub fn longest(self) -> usize {
        match self {
            FieldKind::LongText => 4000,
            _ => 200,
        }
    }
}

/// One question, or the heading of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(name = "IntakeField", input_name = "IntakeFieldInput"))]
pub struct Field {
    /// Its name inside the form: letters, digits and dashes. An answer belongs to it for as long as it is kept.
    pub id: String,
    /// What kind of answer it wants.
    pub kind: FieldKind,
    /// The question.
    pub label: String,
    /// A line of help under it; empty if it needs none.
    pub hint: String,
    /// Whether it must be answered.
    pub is_required: bool,
    /// The answers there are, for `CHOICE` and `CHOICES`.
    pub options: Vec<String>,
}

/// The intake form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Form {
    /// Its questions, in order.
    pub fields: Vec<Field>,
}

/// One page of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'f> {
    /// The heading, if the form gives it one.
    pub heading: Option<&'f Field>,
    /// The questions on it.
    pub fields: &'f [Field],
}

/// The most questions and headings a form may have.
const MOST_FIELDS: usize = 60;

/// The most answers a question may offer.
const MOST_OPTIONS: usize = 20;

/// The longest question, hint or option, in characters.
const LONGEST_WORDS: usize = 300;

impl Form {
    /// Its pages, in order. None is without a question.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        let mut rest = self.fields.as_slice();
        while let Some(first) = rest.first() {
            let heading = (first.kind == FieldKind::Part).then_some(first);
            if heading.is_some() {
                rest = &rest[1..];
            }
            let end = rest.iter().position(|field| field.kind == FieldKind::Part).unwrap_or(rest.len());
            let (fields, after) = rest.split_at(end);
            if !fields.is_empty() {
                parts.push(Part { heading, fields });
            }
            rest = after;
        }
        parts
    }

    /// The questions, without headings.
    pub fn questions(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.kind != FieldKind::Part)
    }

    /// Everything wrong with the form, by `fields.<index>.<what>`.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = Vec::new();
        if self.questions().next().is_none() {
            problems.push(UserError::on("fields", ErrorCode::Required, "Please ask at least one question."));
        }
        if self.fields.len() > MOST_FIELDS {
            let message = format!("Please ask at most {MOST_FIELDS} questions. Fewer are answered better.");
            problems.push(UserError::on("fields", ErrorCode::TooLong, message));
        }
        for (index, field) in self.fields.iter().enumerate() {
            problems.extend(field.problems(index));
            let is_double = self.fields[..index].iter().any(|other| other.id == field.id);
            if is_double {
                let path = format!("fields.{index}.id");
                problems.push(UserError::on(&path, ErrorCode::Invalid, "Two questions have the same name."));
            }
        }
        problems
    }
}

impl Field {
    fn problems(&self, index: usize) -> Vec<UserError> {
        let on = |what: &str, code, message: &str| UserError::on(&format!("fields.{index}.{what}"), code, message);
        let mut problems = Vec::new();
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 40 || !self.id.chars().all(is_name) {
            problems.push(on(
                "id",
                ErrorCode::Invalid,
                "The name of a question has only small letters, digits and dashes.",
            ));
        }
        if self.label.trim().is_empty() {
            problems.push(on("label", ErrorCode::Required, "Please write the question."));
        }
        let is_fine = |text: &str| text.chars().count() <= LONGEST_WORDS && !text.contains(char::is_control);
        if !is_fine(&self.label) {
            problems.push(on(
                "label",
                ErrorCode::TooLong,
                "Please keep the question on one line, under 300 characters.",
            ));
        }
        if !is_fine(&self.hint) {
            problems.push(on("hint", ErrorCode::TooLong, "Please keep the hint on one line, under 300 characters."));
        }
        if self.kind.has_options() {
            let mut seen: Vec<&str> = self.options.iter().map(|option| option.trim()).collect();
            seen.sort_unstable();
            seen.dedup();
            if self.options.len() < 2 || self.options.len() > MOST_OPTIONS || seen.len() != self.options.len() {
                problems.push(on("options", ErrorCode::Invalid, "Please list 2 to 20 different answers, one a line."));
            } else if self.options.iter().any(|option| option.trim().is_empty() || !is_fine(option)) {
                problems.push(on(
                    "options",
                    ErrorCode::Invalid,
                    "Please keep each answer on one line, under 300 characters.",
                ));
            }
        } else if !self.options.is_empty() {
            problems.push(on("options", ErrorCode::Invalid, "Only a choice has answers to choose from."));
        }
        problems
    }
}
