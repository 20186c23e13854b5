//! What stands above every step of a booking.

use super::query::BookTherapist;
use crate::api::bookable::BookSessionType;
use crate::ui::booked::how;
use leptos::prelude::*;
use shared::practice::Gate;

/// The steps of a booking.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Choosing a time.
    Time,
    /// Saying who comes.
    Details,
}

/// Steps, heading and what is booked. A client's details are known: their second step is a last look.
pub fn top(step: Step, gate: Gate, heading: String, meta: Vec<AnyView>) -> AnyView {
    let second = match gate {
        Gate::Discovery => "Your details",
        Gate::Clients => "A last look",
    };
    let entry = |name: &'static str, place: usize| {
        let now = step as usize;
        let current = (place == now).then_some("step");
        let class = (place < now).then_some("past");
        view! { <li class=class aria-current=current>{name}</li> }
    };
    view! {
        <div class="booking-top">
            <nav class="steps" aria-label="Steps">
                <ol>{entry("Time", 0)} {entry(second, 1)} {entry("Done", 2)}</ol>
            </nav>
            <h1>{heading}</h1>
            <ul class="meta">{meta}</ul>
        </div>
    }
    .into_any()
}

/// What is booked, as a line; `with` names whoever it may be with.
pub fn meta(session_type: &BookSessionType, with: Option<String>, at: Option<String>) -> Vec<AnyView> {
    let mut items = vec![
        format!("{} minutes", session_type.minutes),
        price_words(session_type),
        how(session_type.modality.0).to_owned(),
    ];
    items.extend(with.map(|names| format!("With {names}")));
    let at = at.map(|at| view! { <li><b>{at}</b></li> }.into_any());
    at.into_iter().chain(items.into_iter().map(|item| view! { <li>{item}</li> }.into_any())).collect()
}

/// What it costs.
pub fn price_words(session_type: &BookSessionType) -> String {
    session_type.price.money().to_string()
}

/// `Ada Lindqvist or Samir Haddad`, if that is short enough to say.
pub fn names(therapists: &[BookTherapist]) -> Option<String> {
    let names: Vec<&str> = therapists.iter().filter(|one| one.takes_new_clients).map(|one| one.name.as_str()).collect();
    (1..=2).contains(&names.len()).then(|| names.join(" or "))
}

/// `free first call` for `Free first call`; names that begin with capitals on purpose stay.
pub fn inside_a_sentence(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}
