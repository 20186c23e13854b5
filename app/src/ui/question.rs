//! A question of the intake form, drawn for whoever answers it and for whoever reads the answer.

use super::form::{Problem, problem_of};
use super::pieces::paragraphs;
use leptos::prelude::*;
use shared::intake::{Answers, Field, FieldKind};

/// The id and name of the field of a question.
pub fn name_of(field: &str) -> String {
    format!("q-{field}")
}

/// Draws a question with what was answered so far.
pub fn question(field: &Field, answers: &Answers, problems: &[Problem]) -> AnyView {
    let name = name_of(&field.id);
    let problem = problem_of(problems, &name);
    let hint = (!field.hint.is_empty()).then(|| field.hint.clone());
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let described: Vec<String> = [hint.as_ref().map(|_| hint_id.clone()), problem.as_ref().map(|_| error_id.clone())]
        .into_iter()
        .flatten()
        .collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let class = if problem.is_some() { "field invalid" } else { "field" };
    let invalid = problem.is_some().then_some("true");
    let needed = field.is_required.then(|| view! { <span class="soft">" (needed)"</span> });
    let label = field.label.clone();
    let about = view! {
        {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
        {problem.map(|problem| view! { <p class="error" id=error_id>{problem}</p> })}
    };
    let value = answers.text(&field.id).to_owned();
    let (kind, longest) = match field.kind {
        FieldKind::Date => ("date", None),
        FieldKind::Phone => ("tel", Some(40)),
        _ => ("text", Some(field.kind.longest())),
    };
    match field.kind {
        FieldKind::Part => ().into_any(),
        FieldKind::LongText => {
            let text = escaped(&value);
            view! {
                <div class=class>
                    <label for=name.clone()>{label}{needed}</label>
                    {about}
                    <textarea
                        id=name.clone()
                        name=name.clone()
                        rows="4"
                        maxlength=field.kind.longest()
                        aria-invalid=invalid
                        aria-describedby=described
                        inner_html=text
                    ></textarea>
                </div>
            }
            .into_any()
        }
        FieldKind::Choice | FieldKind::Choices | FieldKind::YesNo => {
            let kind = if field.kind == FieldKind::Choices { "checkbox" } else { "radio" };
            let options: Vec<(String, String)> = match field.kind {
                FieldKind::YesNo => vec![("yes".into(), "Yes".into()), ("no".into(), "No".into())],
                _ => field.options.iter().map(|option| (option.clone(), option.clone())).collect(),
            };
            let chosen = answers.of(&field.id).to_vec();
            let first = name.clone();
            let option = |(index, (value, words)): (usize, (String, String))| {
                let checked = chosen.contains(&value);
                let id = if index == 0 { first.clone() } else { format!("{first}-{index}") };
                view! {
                    <label class="tick">
                        <input type=kind id=id name=first.clone() value=value checked=checked /> <span>{words}</span>
                    </label>
                }
            };
            let options: Vec<_> = options.into_iter().enumerate().map(option).collect();
            view! {
                <fieldset class=class aria-describedby=described aria-invalid=invalid>
                    <legend>{label}{needed}</legend>
                    {about}
                    {options}
                </fieldset>
            }
            .into_any()
        }
        FieldKind::ShortText | FieldKind::Date | FieldKind::Phone => view! {
            <div class=class>
                <label for=name.clone()>{label}{needed}</label>
                {about}
                <input
                    id=name.clone()
                    name=name.clone()
                    type=kind
                    maxlength=longest
                    autocomplete="off"
                    value=value
                    aria-invalid=invalid
                    aria-describedby=described
                />
            </div>
        }
        .into_any(),
    }
}

/// An answer, as it is read.
pub fn answered(field: &Field, answers: &Answers) -> AnyView {
    let values = answers.of(&field.id);
    match (values, field.kind) {
        ([], _) => view! { <span class="soft">"Not answered"</span> }.into_any(),
        ([yes], FieldKind::YesNo) => if yes == "yes" { "Yes" } else { "No" }.into_any(),
        ([text], FieldKind::LongText) => paragraphs(text).into_any(),
        ([day], FieldKind::Date) => match day.parse() {
            Ok(date) => shared::words::full_day(date).into_any(),
            Err(_) => day.clone().into_any(),
        },
        (values, _) => values.join(", ").into_any(),
    }
}

/// Leptos writes the children of a `textarea` as they are: typed markup would become markup.
pub(crate) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // A browser swallows a first line break.
    if text.starts_with('\n') { format!("\n{text}") } else { text }
}
