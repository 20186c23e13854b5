//! The offer to take back what was just done to a session.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// An offer to take a change back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// Where the button posts to.
    pub action: String,
    /// What it does, and until when.
    pub words: String,
    /// What is on the button.
    pub label: String,
}

/// Draws the offer, if there is one.
pub fn undo(offer: Option<Undo>) -> Option<impl IntoView + use<>> {
    offer.map(|Undo { action, words, label }| {
        view! {
            <form class="notice undo" method="post" action=action>
                <p>{words}</p>
                <button class="button quiet small">{label}</button>
            </form>
        }
    })
}
