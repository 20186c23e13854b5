//! The documents of the practice: to write, and to publish in versions.

use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::form::{Problem, TextArea, TextField, error_summary, text_area, text_field};
use crate::ui::pieces::{self, Notice, prose};
use leptos::prelude::*;
use shared::intake::{DocumentKind, LONGEST_BODY};
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
    /// Her desk.
    pub therapist: Option<DocumentsDesk>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk")]
pub struct DocumentsDesk {
    /// In the order people read them.
    pub documents: Vec<PracticeDocument>,
}

/// A document of the practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct PracticeDocument {
    /// What it is about.
    pub kind: Shared<DocumentKind>,
    /// The title being written.
    pub title: String,
    /// The text being written.
    pub body: String,
    /// The version in force.
    pub version: Option<i32>,
    /// When it was published.
    pub published_at: Option<Instant>,
    /// Whether what is being written differs from it.
    pub has_changes: bool,
}

/// What was typed and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// Whether everyone is to be asked again.
    pub is_material: bool,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl DocumentsQuery {
    /// The documents.
    pub fn documents(&self) -> &[PracticeDocument] {
        self.viewer.therapist.as_ref().map(|desk| desk.documents.as_slice()).unwrap_or_default()
    }

    /// The zone of the practice.
    pub fn zone(&self) -> ZoneTable {
        table(self.time_zone.as_ref())
    }
}

fn state(document: &PracticeDocument, zone: &ZoneTable) -> String {
    match (document.version, document.published_at) {
        (Some(version), Some(at)) => {
            let day = words::full_day(zone.civil(at).date);
            let draft = if document.has_changes { ". A draft is not published yet" } else { "" };
            format!("Version {version}, published on {day}{draft}.")
        }
        _ => "Not published yet: clients are not asked for it.".to_owned(),
    }
}

/// Draws the list.
pub fn page(answer: &DocumentsQuery, notice: Option<Notice>) -> AnyView {
    let zone = answer.zone();
    let row = |document: &PracticeDocument| {
        let (class, badge) = match (document.version.is_some(), document.has_changes) {
            (false, _) => ("badge pending", "Draft"),
            (true, true) => ("badge pending", "In force, with a draft"),
            (true, false) => ("badge confirmed", "In force"),
        };
        view! {
            <li class="row">
                <div>
                    <a href=format!("/admin/documents/{}", document.kind.0.slug())>{document.title.clone()}</a>
                    <br />
                    <span class="soft small">{state(document, &zone)}</span>
                </div>
                <span class=class>{badge}</span>
            </li>
        }
    };
    let rows: Vec<_> = answer.documents().iter().map(row).collect();
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/clients">"Clients"</a></p><h1>"Documents"</h1></div>
        </div>
        <div class="stack">
            <p>
                "What clients read and accept before their first session. Each comes with a text to make your own; nobody is
                asked for it before you publish it."
            </p>
            <ul class="rows">{rows}</ul>
            <p><a href="/admin/intake">"The intake form"</a></p>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

/// Draws one document with its editor.
pub fn edit(document: &PracticeDocument, zone: &ZoneTable, typed: Option<Typed>, notice: Option<Notice>) -> AnyView {
    let typed = typed.unwrap_or_else(|| Typed {
        title: document.title.clone(),
        body: document.body.clone(),
        ..Typed::default()
    });
    let problems = &typed.problems;
    let title = TextField {
        id: "title",
        label: "Title",
        hint: None,
        kind: "text",
        autocomplete: "off",
        value: typed.title.clone(),
    };
    let body = TextArea {
        id: "body",
        label: "Text",
        hint: Some("An empty line begins a paragraph. A line that begins with “# ” is a heading."),
        rows: 24,
        longest: LONGEST_BODY,
        is_required: true,
        value: typed.body.clone(),
    };
    let again = document.version.is_some().then(|| {
        view! {
            <label class="tick">
                <input type="checkbox" id="material" name="material" value="yes" checked=typed.is_material />
                <span>
                    "This changes what people agree to: ask everyone to accept it again"
                    <br />
                    <span class="soft small">"Leave it empty for corrections. Sessions go on as they are either way."</span>
                </span>
            </label>
        }
    });
    let action = format!("/admin/documents/{}", document.kind.0.slug());
    view! {
        <div class="desk-head">
            <div>
                <p class="soft"><a href="/admin/documents">"Documents"</a></p>
                <h1>{document.title.clone()}</h1>
                <p class="soft">{state(document, zone)}</p>
            </div>
        </div>
        <form class="form" method="post" action=action>
            {error_summary(problems)}
            {text_field(title, problems)}
            {text_area(body, problems)}
            {again}
            <p class="cluster">
                <button class="button" name="do" value="publish">"Publish"</button>
                <button class="button quiet" name="do" value="draft">"Keep as a draft"</button>
            </p>
        </form>
        <details class="stack opening">
            <summary>"How it reads"</summary>
            <div class="prose">{prose(&typed.body)}</div>
        </details>
        {pieces::notice(notice)}
    }
    .into_any()
}
