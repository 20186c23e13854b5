//! The editor of the intake form: questions in order, each with its kind. It works with plain forms.

use crate::api::schema::{Shared, schema};
use crate::ui::form::{Problem, code, error_summary, problem_of};
use crate::ui::pieces::{self, Notice};
use crate::ui::question::escaped;
use leptos::prelude::*;
use shared::intake::{Field, FieldKind};

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct FormQuery {
    /// Whoever is signed in.
    pub viewer: FormViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct FormViewer {
    /// Her desk.
    pub therapist: Option<FormDesk>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk")]
pub struct FormDesk {
    /// The form.
    pub intake_form: IntakeForm,
}

/// The intake form.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct IntakeForm {
    /// Its questions and headings, in order.
    pub fields: Vec<IntakeField>,
    /// The version in force.
    pub version: Option<i32>,
}

/// A question or a heading.
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

impl From<IntakeField> for Field {
    fn from(field: IntakeField) -> Self {
        let IntakeField { id, kind, label, hint, is_required, options } = field;
        Field { id, kind: kind.0, label, hint, is_required, options }
    }
}

/// What the page is drawn from.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The questions as they are being written.
    pub fields: Vec<Field>,
    /// Whether they are not saved yet.
    pub is_unsaved: bool,
    /// What is wrong, by `<what>-<index>`.
    pub problems: Vec<Problem>,
}

/// Draws the page.
pub fn page(draft: &Draft, version: Option<i32>, notice: Option<Notice>) -> AnyView {
    let state = match (draft.is_unsaved, version) {
        (true, _) => "These questions are not saved yet.".to_owned(),
        (false, Some(version)) => format!("Version {version}. Whoever has sent theirs keeps the one they answered."),
        (false, None) => "Not saved yet: clients are not asked to fill it in.".to_owned(),
    };
    let last = draft.fields.len().saturating_sub(1);
    let lines: Vec<_> = draft
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| line(index, field, index == last, &draft.problems))
        .collect();
    view! {
        <div class="desk-head">
            <div>
                <p class="soft"><a href="/admin/documents">"Documents"</a></p>
                <h1>"Intake form"</h1>
                <p class="soft" role="status">{state}</p>
            </div>
        </div>
        <p>"Clients fill it in before their first session, one part a page. Ask little: what matters is said when you meet."</p>
        <form class="stack" method="post" action="/admin/intake" id="form">
            {error_summary(&draft.problems)}
            // The return key saves, whatever button comes first.
            <button class="visually-hidden" name="do" value="save" tabindex="-1" aria-hidden="true">"Save"</button>
            <ol class="rows bare">{lines}</ol>
            <p class="cluster">
                <button class="button quiet small" name="add" value="question">"Add a question"</button>
                <button class="button quiet small" name="add" value="part">"Add a part"</button>
            </p>
            <p class="cluster"><button class="button" name="do" value="save">"Save the form"</button></p>
        </form>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn line(index: usize, field: &Field, is_last: bool, problems: &[Problem]) -> impl IntoView + use<> {
    let id = move |what: &str| format!("{what}-{index}");
    let is_part = field.kind == FieldKind::Part;
    let number = index + 1;
    let legend = if is_part { format!("{number}: part") } else { format!("{number}: question") };
    let text = |what: &'static str, label: &'static str, value: String| {
        let problem = problem_of(problems, &id(what));
        let class = if problem.is_some() { "field invalid" } else { "field" };
        let (invalid, error) = (problem.is_some().then_some("true"), format!("{}-error", id(what)));
        let described = problem.is_some().then(|| error.clone());
        view! {
            <div class=class>
                <label for=id(what)>{label}</label>
                {problem.map(|problem| view! { <p class="error" id=error>{problem}</p> })}
                <input
                    id=id(what)
                    name=what
                    type="text"
                    autocomplete="off"
                    maxlength="300"
                    value=value.clone()
                    autofocus=what == "label" && is_last && value.is_empty()
                    aria-invalid=invalid
                    aria-describedby=described
                />
            </div>
        }
    };
    let kinds = (!is_part).then(|| {
        let options: Vec<_> = FieldKind::ALL
            .into_iter()
            .filter(|kind| *kind != FieldKind::Part)
            .map(|kind| view! { <option value=code(kind) selected=kind == field.kind>{kind.words()}</option> })
            .collect();
        view! {
            <div class="field">
                <label for=id("kind")>"Kind of answer"</label>
                <select id=id("kind") name="kind">{options}</select>
            </div>
        }
    });
    let required = (!is_part).then(|| {
        view! {
            <label class="tick">
                <input type="checkbox" id=id("required") name="required" value="yes" checked=field.is_required />
                <span>"Must be answered"</span>
            </label>
        }
    });
    let options = (field.kind.has_options() || !field.options.is_empty()).then(|| {
        let problem = problem_of(problems, &id("options"));
        let class = if problem.is_some() { "field invalid" } else { "field" };
        let (invalid, error) = (problem.is_some().then_some("true"), format!("{}-error", id("options")));
        let described = problem.is_some().then(|| error.clone());
        view! {
            <div class=class>
                <label for=id("options")>"Answers, one a line"</label>
                {problem.map(|problem| view! { <p class="error" id=error>{problem}</p> })}
                <textarea
                    id=id("options")
                    name="options"
                    rows="4"
                    aria-invalid=invalid
                    aria-describedby=described
                    inner_html=escaped(&field.options.join("\n"))
                ></textarea>
            </div>
        }
    });
    // What needs a look stands open; the rest is a line each.
    let ends = format!("-{index}");
    let is_wrong = problems.iter().any(|problem| problem.field.as_ref().is_some_and(|field| field.ends_with(&ends)));
    let is_open = is_wrong || field.label.is_empty();
    let summary = if field.label.is_empty() { "Not written yet".to_owned() } else { field.label.clone() };
    let about = match (is_part, field.is_required) {
        (true, _) => " Part".to_owned(),
        (false, true) => format!(" {}, must be answered", field.kind.words()),
        (false, false) => format!(" {}", field.kind.words()),
    };
    let what = if field.label.is_empty() { format!("line {number}") } else { field.label.clone() };
    let button = |name: &'static str, words: &'static str, is_off: bool| {
        let label = format!("{words}: {what}");
        view! { <button class="link" name=name value=index disabled=is_off aria-label=label>{words}</button> }
    };
    view! {
        <li>
            <details open=is_open>
                <summary>
                    {format!("{number}. ")} <b>{summary}</b> <span class="soft small">{about}</span>
                </summary>
            <fieldset class="form">
                <legend class="visually-hidden">{legend}</legend>
                <input type="hidden" name="id" value=field.id.clone() />
                {is_part.then(|| view! { <input type="hidden" name="kind" value=code(FieldKind::Part) /> })}
                {text("label", if is_part { "Heading" } else { "Question" }, field.label.clone())}
                {text("hint", "A line of help, if it needs one", field.hint.clone())}
                {kinds}
                {options}
                {required}
                <p class="cluster">
                    {button("up", "Move up", index == 0)} {button("down", "Move down", is_last)}
                    {button("remove", "Remove", false)}
                </p>
            </fieldset>
            </details>
        </li>
    }
}
