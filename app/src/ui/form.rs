//! Form fields with their label, hint and error, and the summary of what is wrong.

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What is wrong with one field, or with the whole form when no field is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The id of the field.
    pub field: Option<String>,
    /// What to do about it.
    pub message: String,
}

/// A value as it stands in addresses and forms: the name the API has for it.
pub fn code(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A value from an address or a form, if there is one of that name.
pub fn read<T: DeserializeOwned>(code: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(code.to_owned())).ok()
}

/// What is wrong with this field, if something is.
pub fn problem_of(problems: &[Problem], field: &str) -> Option<String> {
    problems.iter().find(|problem| problem.field.as_deref() == Some(field)).map(|problem| problem.message.clone())
}

/// Everything wrong with a form, each with a link to its field. Nothing when nothing is.
pub fn error_summary(problems: &[Problem]) -> Option<impl IntoView + use<>> {
    if problems.is_empty() {
        return None;
    }
    let heading = match problems.len() {
        1 => "One thing needs a look".to_owned(),
        2 => "Two things need a look".to_owned(),
        3 => "Three things need a look".to_owned(),
        count => format!("{count} things need a look"),
    };
    let items: Vec<_> = problems
        .iter()
        .map(|problem| match problem.field.clone() {
            Some(field) => view! { <li><a href=format!("#{field}")>{problem.message.clone()}</a></li> }.into_any(),
            None => view! { <li>{problem.message.clone()}</li> }.into_any(),
        })
        .collect();
    Some(view! {
        <div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="problems">
            <h2 id="problems">{heading}</h2>
            <ul>{items}</ul>
        </div>
    })
}

/// A one-line field.
pub struct TextField {
    /// Its id and name.
    pub id: &'static str,
    /// What it is for.
    pub label: &'static str,
    /// How to fill it, if that needs saying.
    pub hint: Option<&'static str>,
    /// `text`, `email`, `tel`, `date`, `time`.
    pub kind: &'static str,
    /// What browsers may fill in by themselves.
    pub autocomplete: &'static str,
    /// What stands in it.
    pub value: String,
}

/// Draws a one-line field.
pub fn text_field(field: TextField, problems: &[Problem]) -> impl IntoView + use<> {
    let problem = problem_of(problems, field.id);
    let (hint_id, error_id) = (format!("{}-hint", field.id), format!("{}-error", field.id));
    let described = [field.hint.map(|_| hint_id.clone()), problem.as_ref().map(|_| error_id.clone())];
    let described: Vec<String> = described.into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let class = if problem.is_some() { "field invalid" } else { "field" };
    let invalid = problem.is_some().then_some("true");
    view! {
        <div class=class>
            <label for=field.id>{field.label}</label>
            {field.hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {problem.map(|problem| view! { <p class="error" id=error_id>{problem}</p> })}
            <input
                id=field.id
                name=field.id
                type=field.kind
                autocomplete=field.autocomplete
                value=field.value
                required=true
                aria-invalid=invalid
                aria-describedby=described
            />
        </div>
    }
}

/// A field for a few lines.
pub struct TextArea {
    /// Its id and name.
    pub id: &'static str,
    /// What it is for.
    pub label: &'static str,
    /// How to fill it, if that needs saying.
    pub hint: Option<&'static str>,
    /// How many lines show.
    pub rows: u32,
    /// The most letters it takes.
    pub longest: usize,
    /// Whether it must be filled.
    pub is_required: bool,
    /// What stands in it.
    pub value: String,
}

/// Draws a field for a few lines.
///
/// Leptos writes the children of a `textarea` as they are, so that typed markup would become markup: the text goes in
/// escaped, by `inner_html`.
pub fn text_area(field: TextArea, problems: &[Problem]) -> impl IntoView + use<> {
    let problem = problem_of(problems, field.id);
    let (hint_id, error_id) = (format!("{}-hint", field.id), format!("{}-error", field.id));
    let described = [field.hint.map(|_| hint_id.clone()), problem.as_ref().map(|_| error_id.clone())];
    let described: Vec<String> = described.into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let class = if problem.is_some() { "field invalid" } else { "field" };
    let invalid = problem.is_some().then_some("true");
    let text = field.value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // A browser swallows a first line break.
    let text = if text.starts_with('\n') { format!("\n{text}") } else { text };
    view! {
        <div class=class>
            <label for=field.id>{field.label}</label>
            {field.hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {problem.map(|problem| view! { <p class="error" id=error_id>{problem}</p> })}
            <textarea
                id=field.id
                name=field.id
                rows=field.rows
                maxlength=field.longest
                required=field.is_required
                aria-invalid=invalid
                aria-describedby=described
                inner_html=text
            ></textarea>
        </div>
    }
}

/// A field people do not see and programs fill in.
pub fn honeypot() -> impl IntoView {
    view! {
        <div class="visually-hidden" aria-hidden="true">
            <label for="website">"Leave this empty"</label>
            <input id="website" name="website" tabindex="-1" autocomplete="off" />
        </div>
    }
}

/// Text as it stands in an address.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
