//! The intake form: one part a page, saved with every step.

use crate::api::schema::{Shared, schema};
use crate::ui::art;
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice, given};
use crate::ui::question::{answered, question};
use leptos::prelude::*;
use serde::Serialize;
use shared::intake::{Answers, Field, FieldKind, Missing};
use shared::time::Instant;

/// What the page of the form asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct IntakeQuery {
    /// Whoever is signed in.
    pub viewer: IntakeViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct IntakeViewer {
    /// Their care.
    pub client: Option<IntakeCare>,
}

/// The client's intake.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare")]
pub struct IntakeCare {
    /// Who reads it.
    pub therapist: Option<super::booking::TherapistName>,
    /// The intake, while their stage opens it.
    pub intake: Option<OwnIntake>,
}

/// What is needed of the client.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct OwnIntake {
    /// The pages of the form.
    pub parts: Vec<FormPart>,
    /// What was answered so far.
    pub answers: Vec<IntakeAnswer>,
    /// When the form was sent.
    pub sent_at: Option<Instant>,
}

/// One page of the form.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct FormPart {
    /// Its heading.
    pub title: Option<String>,
    /// A line under the heading.
    pub hint: String,
    /// Its questions.
    pub fields: Vec<IntakeField>,
}

/// A question.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct IntakeField {
    /// Its name inside the form.
    pub id: String,
    /// What kind of answer it wants.
    pub kind: Shared<FieldKind>,
    /// The question.
    pub label: String,
    /// A line of help.
    pub hint: String,
    /// Whether it must be answered.
    pub is_required: bool,
    /// The answers there are.
    pub options: Vec<String>,
}

/// An answer.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct IntakeAnswer {
    /// The id of the question.
    pub field: String,
    /// What was answered.
    pub values: Vec<String>,
}

/// What is missing, as the portal's first page shows it.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "OwnIntake")]
#[serde(rename_all = "camelCase")]
pub struct OpenIntake {
    /// In the order to do it.
    pub missing: Vec<Shared<Missing>>,
    /// Whether a session waits for it.
    pub holds_session: bool,
}

impl From<&IntakeField> for Field {
    fn from(field: &IntakeField) -> Self {
        Field {
            id: field.id.clone(),
            kind: field.kind.0,
            label: field.label.clone(),
            hint: field.hint.clone(),
            is_required: field.is_required,
            options: field.options.clone(),
        }
    }
}

impl OwnIntake {
    /// The answers by question.
    pub fn answers(&self) -> Answers {
        Answers(self.answers.iter().map(|answer| (answer.field.clone(), answer.values.clone())).collect())
    }

    /// The questions of a page; pages count from 0.
    pub fn fields(&self, part: usize) -> Vec<Field> {
        self.parts.get(part).map(|part| part.fields.iter().map(Field::from).collect()).unwrap_or_default()
    }

    /// The page with the question of this id.
    pub fn part_of(&self, field: &str) -> Option<usize> {
        self.parts.iter().position(|part| part.fields.iter().any(|it| it.id == field))
    }
}

/// What was typed and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The answers of this page, in place of the saved ones.
    pub answers: Option<Answers>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws a page of the form; pages count from 0.
pub fn page(intake: &OwnIntake, therapist: Option<&str>, part: usize, typed: Typed, notice: Option<Notice>) -> AnyView {
    let therapist = therapist.map_or_else(|| "your therapist".to_owned(), given);
    if intake.parts.is_empty() {
        return nothing();
    }
    if intake.sent_at.is_some() {
        return sent(intake, &therapist, notice);
    }
    let last = intake.parts.len() - 1;
    let part = part.min(last);
    let answers = typed.answers.unwrap_or_else(|| intake.answers());
    let fields: Vec<_> = intake.fields(part).iter().map(|field| question(field, &answers, &typed.problems)).collect();
    let heading = intake.parts[part].title.clone();
    let hint = intake.parts[part].hint.clone();
    let onward = match part == last {
        true => view! { <button class="button large" name="do" value="send">"Send it to "{therapist.clone()}</button> }
            .into_any(),
        false => view! { <button class="button large" name="do" value="next">"Save and go on"</button> }.into_any(),
    };
    let back = (part > 0).then(|| view! { <a href=format!("/portal/intake?part={part}")>"Back"</a> });
    view! {
        <div class="opening">
            <h1>"Before we begin"</h1>
            <p class="soft">
                "Only "{therapist.clone()}" reads this. Everything is saved with each step, so you can stop and come back."
            </p>
            {(last > 0).then(|| steps(intake, part))}
        </div>
        <form class="form" method="post" action="/portal/intake" autocomplete="off">
            {error_summary(&typed.problems)}
            <input type="hidden" name="part" value=part + 1 />
            {heading.map(|heading| view! { <h2>{heading}</h2> })}
            {(!hint.is_empty()).then(|| view! { <p class="soft">{hint}</p> })}
            {fields}
            <p class="cluster">
                {onward} <button class="button quiet" name="do" value="save">"Save and stop here"</button> {back}
            </p>
        </form>
        {pieces::notice(notice)}
    }
    .into_any()
}

/// Where one is in the form.
fn steps(intake: &OwnIntake, at: usize) -> impl IntoView + use<> {
    let items = intake.parts.iter().enumerate().map(|(index, part)| {
        let class = (index < at).then_some("past");
        let current = (index == at).then_some("step");
        let name = part.title.clone().unwrap_or_else(|| format!("Part {}", index + 1));
        view! { <li class=class aria-current=current>{name}</li> }
    });
    view! { <nav class="steps" aria-label="Parts of the form"><ol>{items.collect::<Vec<_>>()}</ol></nav> }
}

fn sent(intake: &OwnIntake, therapist: &str, notice: Option<Notice>) -> AnyView {
    let answers = intake.answers();
    let part = |part: &FormPart| {
        let rows: Vec<_> = part
            .fields
            .iter()
            .map(|field| {
                let field = Field::from(field);
                view! { <div><dt>{field.label.clone()}</dt><dd>{answered(&field, &answers)}</dd></div> }
            })
            .collect();
        view! { {part.title.clone().map(|title| view! { <h2>{title}</h2> })} <dl class="facts stacked">{rows}</dl> }
    };
    let parts: Vec<_> = intake.parts.iter().map(part).collect();
    view! {
        <div class="opening">
            <h1>"What you have told us"</h1>
            <p class="lead">"Thank you. "{therapist.to_owned()}" has it. If something changes, say so when you meet."</p>
        </div>
        <div class="stack">{parts} <p><a href="/portal">"Back to your appointments"</a></p></div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <div class="opening"><h1>"Nothing to fill in"</h1></div>
        <div class="empty">
            {art::small_door()}
            <div class="stack">
                <p>"There is no form for you here."</p>
                <p><a href="/portal">"Back to your appointments"</a></p>
            </div>
        </div>
    }
    .into_any()
}

/// Draws what is missing before a session, or what has changed since.
pub fn before_session(intake: Option<&OpenIntake>) -> Option<AnyView> {
    let intake = intake.filter(|intake| !intake.missing.is_empty())?;
    let items: Vec<_> = intake
        .missing
        .iter()
        .map(|missing| view! { <li><a href=missing.0.path()>{missing.0.words()}</a></li> })
        .collect();
    let (heading, words) = match intake.holds_session {
        true => (
            "Before we meet",
            "This is still needed. A session you have booked stays yours; it takes place once everything is here.",
        ),
        false => (
            "Please have a look",
            "This has changed since you accepted it, or is still open. Your sessions go on as they are.",
        ),
    };
    Some(
        view! {
            <section class="notice" id="missing">
                <h3>{heading}</h3>
                <p>{words}</p>
                <ol class="ahead">{items}</ol>
            </section>
        }
        .into_any(),
    )
}
