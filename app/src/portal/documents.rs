//! The documents of the practice: what waits to be read and accepted, and what was accepted.

use super::intake::OpenIntake;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice, prose};
use leptos::prelude::*;
use shared::ids::DocumentVersionId;
use shared::intake::DocumentKind;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What the pages of documents ask.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct DocumentsQuery {
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: DocumentsViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct DocumentsViewer {
    /// Their care.
    pub client: Option<DocumentsCare>,
}

/// The client's documents.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare")]
pub struct DocumentsCare {
    /// In the order people read them.
    pub documents: Vec<OwnDocument>,
    /// What is needed before a first session.
    pub intake: Option<OpenIntake>,
}

/// A document of the practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct OwnDocument {
    /// What it is about.
    pub kind: Shared<DocumentKind>,
    /// The version in force.
    pub version_id: DocumentVersionId,
    /// What it is called.
    pub title: String,
    /// Its text.
    pub body: String,
    /// When this version was published.
    pub published_at: Instant,
    /// Whether it waits to be accepted.
    pub is_waiting: bool,
    /// The versions that were accepted, newest first.
    pub accepted: Vec<AcceptedDocument>,
}

/// A version that was accepted.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct AcceptedDocument {
    /// Which.
    pub version_id: DocumentVersionId,
    /// When.
    pub accepted_at: Instant,
}

impl DocumentsQuery {
    /// The documents.
    pub fn documents(&self) -> &[OwnDocument] {
        self.viewer.client.as_ref().map(|care| care.documents.as_slice()).unwrap_or_default()
    }

    /// The zone of the practice.
    pub fn zone(&self) -> ZoneTable {
        table(self.time_zone.as_ref())
    }
}

impl OwnDocument {
    fn path(&self) -> String {
        format!("/portal/documents/{}", self.kind.0.slug())
    }

    fn badge(&self) -> AnyView {
        match (self.is_waiting, self.accepted.is_empty()) {
            (true, true) => view! { <span class="badge pending">"Waiting for you"</span> }.into_any(),
            (true, false) => view! { <span class="badge pending">"Changed, please read it again"</span> }.into_any(),
            (false, false) => view! { <span class="badge confirmed">"Accepted"</span> }.into_any(),
            (false, true) => ().into_any(),
        }
    }
}

/// Draws the list.
pub fn page(answer: &DocumentsQuery, notice: Option<Notice>) -> AnyView {
    let (documents, zone) = (answer.documents(), answer.zone());
    let waiting = documents.iter().filter(|document| document.is_waiting).count();
    let lead = match (documents.is_empty(), waiting) {
        (true, _) => "There is nothing to read yet.",
        (_, 0) => "You have accepted everything. You can read it again whenever you like.",
        (_, 1) => "One is waiting for you. Take your time; you can ask about anything before you accept it.",
        _ => "Some are waiting for you. Take your time; you can ask about anything before you accept it.",
    };
    let next = documents.iter().find(|document| document.is_waiting).map(|next| {
        view! { <p><a class="button" href=next.path()>"Read “"{next.title.clone()}"”"</a></p> }
    });
    // What comes after the last of them.
    let intake = answer.viewer.client.as_ref().and_then(|care| care.intake.as_ref()).filter(|_| next.is_none());
    let onward = intake.and_then(|intake| intake.missing.first()).map(|missing| {
        view! { <p><a class="button" href=missing.0.path()>"Go on: "{missing.0.words()}</a></p> }
    });
    let row = |document: &OwnDocument| {
        let when = document.accepted.first().map(|it| {
            let day = words::full_day(zone.civil(it.accepted_at).date);
            view! { <br /><span class="soft small">"Accepted on "{day}</span> }
        });
        view! {
            <li class="row">
                <div><a href=document.path()>{document.title.clone()}</a>{when}</div>
                {document.badge()}
            </li>
        }
    };
    let rows: Vec<_> = documents.iter().map(row).collect();
    let list = (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> });
    view! {
        <div class="opening"><h1>"Your documents"</h1><p class="lead">{lead}</p></div>
        <div class="stack">{next} {onward} {list} <p><a href="/portal">"Back to your appointments"</a></p></div>
        {pieces::notice(notice)}
    }
    .into_any()
}

/// Draws one document, with the button that accepts it where it waits.
pub fn document(document: &OwnDocument, zone: &ZoneTable, problems: &[Problem]) -> AnyView {
    let since = words::full_day(zone.civil(document.published_at).date);
    let is_current = document.accepted.first().is_some_and(|it| it.version_id == document.version_id);
    let below = match document.is_waiting {
        true => {
            let id = document.version_id.to_string();
            view! {
                <form class="form" method="post" action=format!("{}/accept", document.path())>
                    <input type="hidden" name="version" value=id />
                    <p class="soft">"With this button you say that you have read it and agree. The day and the text are kept."</p>
                    <button class="button large">"I have read this and accept it"</button>
                </form>
            }
            .into_any()
        }
        false => {
            let words = document.accepted.first().map(|it| {
                let day = words::full_day(zone.civil(it.accepted_at).date);
                let which = if is_current { "You accepted this on" } else { "You accepted an earlier wording on" };
                format!("{which} {day}.")
            });
            view! { <p class="soft">{words}</p> }.into_any()
        }
    };
    view! {
        <div class="opening">
            <nav class="trail" aria-label="You are here">
                <ol><li><a href="/portal/documents">"Your documents"</a></li><li>{document.title.clone()}</li></ol>
            </nav>
            <h1>{document.title.clone()}</h1>
            <p class="soft">"As of "{since}"."</p>
        </div>
        {error_summary(problems)}
        <div class="prose">{prose(&document.body)} {below}</div>
    }
    .into_any()
}
