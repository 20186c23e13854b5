//! Which rooms suit a session type.

use super::query::OfferRoom;
use super::typed::TypedType;
use crate::ui::fields::hidden;
use crate::ui::form::problem_of;
use leptos::prelude::*;

/// Draws a box for every room; nothing where there is no choice.
pub(super) fn suiting(rooms: &[OfferRoom], typed: &TypedType) -> Option<impl IntoView + use<>> {
    let is_named = |room: &OfferRoom| typed.rooms.contains(&room.id);
    let shown: Vec<&OfferRoom> = rooms.iter().filter(|room| room.retired_at.is_none() || is_named(room)).collect();
    if shown.len() < 2 && typed.rooms.is_empty() {
        return None;
    }
    let row = |room: &OfferRoom| {
        let gone = room.retired_at.map(|_| view! { <span class="soft">" (out of use)"</span> });
        view! {
            <label class="tick">
                <input type="checkbox" name=format!("room-{}", room.id) value="yes" checked=is_named(room) />
                <span>{room.name.clone()}{gone}</span>
            </label>
        }
    };
    let rows: Vec<_> = shown.into_iter().map(row).collect();
    let problem = problem_of(&typed.problems, "rooms").map(|problem| view! { <p class="error">{problem}</p> });
    Some(view! {
        <fieldset class="field" id="rooms">
            <legend>"Rooms that suit it"</legend>
            <p class="hint">"For sessions in person. Tick none and any of your rooms does."</p>
            {problem}
            {rows}
            {hidden("rooms", "asked".to_owned())}
        </fieldset>
    })
}
