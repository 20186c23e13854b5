//! Fields that may be left empty, and choices from a list.

use super::form::{Problem, problem_of};
use leptos::prelude::*;

/// A one-line field.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Its id and name.
    pub id: &'static str,
    /// What it is for.
    pub label: &'static str,
    /// How to fill it, if that needs saying.
    pub hint: Option<&'static str>,
    /// `text`, `date`, `time`, `number`.
    pub kind: &'static str,
    /// What stands in it.
    pub value: String,
    /// Whether it must be filled.
    pub is_required: bool,
}

/// Draws a one-line field.
pub fn field(field: Field, problems: &[Problem]) -> impl IntoView + use<> {
    let frame = Frame::of(field.id, field.hint.is_some(), problems);
    let (described, invalid) = (frame.described.clone(), frame.invalid);
    let mode = (field.kind == "number").then_some("numeric");
    view! {
        <div class=frame.class>
            <label for=field.id>{field.label}</label>
            {field.hint.map(|hint| view! { <p class="hint" id=frame.hint_id>{hint}</p> })}
            {frame.problem.map(|problem| view! { <p class="error" id=frame.error_id>{problem}</p> })}
            <input
                id=field.id
                name=field.id
                type=field.kind
                inputmode=mode
                value=field.value
                required=field.is_required
                aria-invalid=invalid
                aria-describedby=described
            />
        </div>
    }
}

/// A choice from a list.
#[derive(Debug, Clone, Default)]
pub struct Select {
    /// Its id and name.
    pub id: &'static str,
    /// What it is for.
    pub label: &'static str,
    /// How to choose, if that needs saying.
    pub hint: Option<&'static str>,
    /// What can be chosen: the value and its words.
    pub options: Vec<(String, String)>,
    /// What is chosen.
    pub value: String,
}

/// Draws a choice from a list.
pub fn select(select: Select, problems: &[Problem]) -> impl IntoView + use<> {
    let frame = Frame::of(select.id, select.hint.is_some(), problems);
    let (described, invalid) = (frame.described.clone(), frame.invalid);
    let options: Vec<_> = select
        .options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == select.value;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect();
    view! {
        <div class=frame.class>
            <label for=select.id>{select.label}</label>
            {select.hint.map(|hint| view! { <p class="hint" id=frame.hint_id>{hint}</p> })}
            {frame.problem.map(|problem| view! { <p class="error" id=frame.error_id>{problem}</p> })}
            <select id=select.id name=select.id aria-invalid=invalid aria-describedby=described>{options}</select>
        </div>
    }
}

/// A field that is not seen.
pub fn hidden(name: &'static str, value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value /> }
}

/// What stands around a field.
struct Frame {
    class: &'static str,
    hint_id: String,
    error_id: String,
    described: Option<String>,
    invalid: Option<&'static str>,
    problem: Option<String>,
}

impl Frame {
    fn of(id: &str, has_hint: bool, problems: &[Problem]) -> Self {
        let problem = problem_of(problems, id);
        let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
        let described = [has_hint.then(|| hint_id.clone()), problem.as_ref().map(|_| error_id.clone())];
        let described: Vec<String> = described.into_iter().flatten().collect();
        Frame {
            class: if problem.is_some() { "field invalid" } else { "field" },
            described: (!described.is_empty()).then(|| described.join(" ")),
            invalid: problem.is_some().then_some("true"),
            hint_id,
            error_id,
            problem,
        }
    }
}
