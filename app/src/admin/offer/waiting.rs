//! What the first session of a type waits for.

use super::query::OfferedType;
use super::typed::TypedType;
use crate::ui::fields::hidden;
use crate::ui::form::code;
use leptos::prelude::*;
use shared::intake::Missing;
use shared::practice::Gate;

/// Draws a box for each document and the form; nothing for a first call, which waits for nothing.
pub(super) fn waiting(typed: &TypedType, one: Option<&OfferedType>) -> Option<impl IntoView + use<>> {
    if one.is_some_and(|it| it.was_public && it.session_type.gate.0 == Gate::Discovery) {
        return None;
    }
    let row = |missing: Missing| {
        let is_on = typed.waits_for.contains(&missing);
        view! {
            <label class="tick">
                <input type="checkbox" name=format!("waits-{}", code(missing)) value="yes" checked=is_on />
                <span>{missing.name()}</span>
            </label>
        }
    };
    let rows: Vec<_> = Missing::ALL.into_iter().map(row).collect();
    Some(view! {
        <fieldset class="field" id="waits">
            <legend>"Its first session waits for"</legend>
            <p class="hint">
                "Only what you have published is asked for: your "<a href="/admin/documents">"documents"</a>" and the "
                <a href="/admin/intake">"intake form"</a>". The session stays in the calendar meanwhile, and later ones wait
                for nothing. A free first call never does."
            </p>
            {rows}
            {hidden("waits", "asked".to_owned())}
        </fieldset>
    })
}
