//! The form that proposes a therapist and a time for a request.

use super::requests::{NamedTherapist, Request};
use leptos::prelude::*;
use shared::words;
use shared::zone::ZoneTable;

/// Draws the form.
pub(super) fn propose(request: &Request, therapists: &[NamedTherapist], zone: &ZoneTable, is_open: bool) -> AnyView {
    let suggestions: Vec<_> = request
        .suggestions
        .iter()
        .filter_map(|slot| {
            let therapist = slot.therapist.as_ref()?;
            let value = format!("{} {}", therapist.id, slot.starts_at);
            let label = format!("{}, with {}", words::moment(slot.starts_at, zone), therapist.name);
            Some(view! {
                <label class="tick">
                    <input type="radio" name="slot" value=value />
                    <span>{label}</span>
                </label>
            })
        })
        .collect();
    let suggested = (!suggestions.is_empty()).then(|| {
        view! {
            <fieldset class="field">
                <legend>"Free, and would suit"</legend>
                {suggestions}
                <label class="tick">
                    <input type="radio" name="slot" value="" checked=true />
                    <span>"Another time, below"</span>
                </label>
            </fieldset>
        }
    });
    let options: Vec<_> = therapists
        .iter()
        .map(|therapist| {
            let wanted = request.wanted_therapist.as_ref().is_some_and(|wanted| wanted.id == therapist.id);
            view! { <option value=therapist.id.to_string() selected=wanted>{therapist.name.clone()}</option> }
        })
        .collect();
    let id = |name: &str| format!("{name}-{}", request.id);
    view! {
        <details class="more" open=is_open>
            <summary>"Propose a time"</summary>
            <form class="form" method="post" action=format!("/admin/requests/{}/assign", request.id)>
                {suggested}
                <div class="pair">
                    <div class="field">
                        <label for=id("therapist")>"Who"</label>
                        <select id=id("therapist") name="therapist">{options}</select>
                    </div>
                    <div class="field">
                        <label for=id("date")>"Day"</label>
                        <input id=id("date") name="date" type="date" />
                    </div>
                    <div class="field">
                        <label for=id("time")>"Time"</label>
                        <input id=id("time") name="time" type="time" />
                    </div>
                </div>
                <p><button class="button">"Propose it"</button></p>
            </form>
        </details>
    }
    .into_any()
}
