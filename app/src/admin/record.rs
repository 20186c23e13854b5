//! What a client accepted and answered, as their therapist reads it.

use crate::api::schema::{Shared, schema};
use crate::ui::pieces;
use crate::ui::question::answered;
use leptos::prelude::*;
use shared::intake::{Answers, Field, FieldKind, Missing};
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// The intake of a client.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct ClientIntake {
    /// What is still missing.
    pub missing: Vec<Shared<Missing>>,
    /// Whether a session waits for it.
    pub holds_session: bool,
    /// What was accepted, newest first.
    pub accepted: Vec<AcceptedDocument>,
    /// The pages of the form.
    pub parts: Vec<FormPart>,
    /// What was answered.
    pub answers: Vec<IntakeAnswer>,
    /// Whether they have begun.
    pub has_begun: bool,
    /// When it was sent.
    pub sent_at: Option<Instant>,
}

/// A version that was accepted.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct AcceptedDocument {
    /// Its number.
    pub version: i32,
    /// What it was called.
    pub title: String,
    /// The text by its hash.
    pub hash: String,
    /// The network it came from.
    pub network: String,
    /// When.
    pub accepted_at: Instant,
}

/// One page of the form.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct FormPart {
    /// Its heading.
    pub title: Option<String>,
    /// Its questions.
    pub fields: Vec<Question>,
}

/// A question, as far as an answer is read.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "IntakeField")]
pub struct Question {
    /// Its name inside the form.
    pub id: String,
    /// What kind of answer it wants.
    pub kind: Shared<FieldKind>,
    /// The question.
    pub label: String,
}

/// An answer.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct IntakeAnswer {
    /// The id of the question.
    pub field: String,
    /// What was answered.
    pub values: Vec<String>,
}

/// Draws what was accepted, answered and is missing; nothing where there is none of it.
pub fn intake(intake: &ClientIntake, zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    if intake.accepted.is_empty() && intake.parts.is_empty() && intake.missing.is_empty() {
        return None;
    }
    let missing = (!intake.missing.is_empty()).then(|| {
        let names: Vec<_> = intake.missing.iter().map(|missing| view! { <li>{missing.0.name()}</li> }).collect();
        let words = match intake.holds_session {
            true => "Still missing before a session. One that is booked stays, and waits.",
            false => "Changed since it was accepted, or still open. Sessions go on.",
        };
        view! { <div class="notice"><p>{words}</p><ul class="ahead">{names}</ul></div> }
    });
    Some(view! {
        <section class="stack" id="intake">
            <h2>"Intake"</h2>
            {missing}
            {accepted(intake, zone)}
            {answers(intake, zone)}
        </section>
    })
}

fn accepted(intake: &ClientIntake, zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    if intake.accepted.is_empty() {
        return None;
    }
    let row = |it: &AcceptedDocument| {
        let short: String = it.hash.chars().take(12).collect();
        view! {
            <tr>
                <th scope="row">{it.title.clone()}</th>
                <td>"Version "{it.version}</td>
                <td>{pieces::dated(it.accepted_at, zone)}</td>
                <td class="soft small">{short}", from "{it.network.clone()}</td>
            </tr>
        }
    };
    let rows: Vec<_> = intake.accepted.iter().map(row).collect();
    Some(view! {
        <div class="scroll">
            <table class="table stacks">
                <caption>"Accepted, latest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Document"</th>
                        <th scope="col">"Version"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Text and network"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    })
}

fn answers(intake: &ClientIntake, zone: &ZoneTable) -> Option<AnyView> {
    if intake.parts.is_empty() {
        return None;
    }
    let Some(sent) = intake.sent_at else {
        let words = match intake.has_begun {
            true => "They have begun to fill in the form. You can read it once they send it.",
            false => "The form has not been filled in yet.",
        };
        return Some(view! { <p class="soft">{words}</p> }.into_any());
    };
    let given = Answers(intake.answers.iter().map(|it| (it.field.clone(), it.values.clone())).collect());
    let part = |part: &FormPart| {
        let rows: Vec<_> = part
            .fields
            .iter()
            .map(|question| {
                let field = Field {
                    id: question.id.clone(),
                    kind: question.kind.0,
                    label: question.label.clone(),
                    hint: String::new(),
                    is_required: false,
                    options: Vec::new(),
                };
                view! { <div><dt>{field.label.clone()}</dt><dd>{answered(&field, &given)}</dd></div> }
            })
            .collect();
        view! { {part.title.clone().map(|title| view! { <h3>{title}</h3> })} <dl class="facts stacked">{rows}</dl> }
    };
    let parts: Vec<_> = intake.parts.iter().map(part).collect();
    let day = words::full_day(zone.civil(sent).date);
    Some(
        view! {
            <details class="stack">
                <summary>"Intake form, sent on "{day}</summary>
                {parts}
            </details>
        }
        .into_any(),
    )
}
