//! What is typed into the form that changes a standing place, and how it is read.

use super::query::Place;
use crate::admin::series::{CADENCES, FreeSlot};
use crate::ui::form::Problem;
use shared::practice::Modality;
use shared::series::Scope;

/// What was typed into the form for a change, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedChange {
    /// How far it reaches.
    pub scope: String,
    /// From which session on.
    pub date: String,
    /// How often.
    pub cadence: String,
    /// The day of the week.
    pub weekday: String,
    /// The time.
    pub time: String,
    /// The length, in minutes.
    pub minutes: String,
    /// How it takes place.
    pub modality: String,
    /// The price, as people write it.
    pub price: String,
    /// The last day.
    pub ends_on: String,
    /// Free times near one that is taken.
    pub alternatives: Vec<FreeSlot>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// What was typed into the form that moves one session, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedMove {
    /// The day the session is called by.
    pub date: String,
    /// The day it was to move to.
    pub to_date: String,
    /// The time it was to move to.
    pub to_time: String,
    /// Free times near one that is taken.
    pub alternatives: Vec<FreeSlot>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// How far a change reaches, with what that is called in a form.
pub const SCOPES: [(Scope, &str); 3] =
    [(Scope::ThisAndFollowing, "following"), (Scope::All, "all"), (Scope::This, "this")];

/// A scope from a form.
pub fn read_scope(code: &str) -> Option<Scope> {
    SCOPES.into_iter().find(|(_, it)| *it == code).map(|(scope, _)| scope)
}

/// A way from a form.
pub fn read_modality(code: &str) -> Option<Modality> {
    MODALITIES.into_iter().find(|(_, it, _)| *it == code).map(|(modality, ..)| modality)
}

pub(super) const MODALITIES: [(Modality, &str, &str); 3] = [
    (Modality::Online, "ONLINE", "By video"),
    (Modality::Phone, "PHONE", "By phone"),
    (Modality::InPerson, "IN_PERSON", "In the room"),
];

impl TypedChange {
    /// The place as it is.
    pub fn of(place: &Place) -> Self {
        let cadence = CADENCES.into_iter().find(|(it, ..)| *it == place.cadence.0).map_or("", |(_, code, _)| code);
        let modality = MODALITIES.into_iter().find(|(it, ..)| *it == place.modality.0).map_or("", |(_, code, _)| code);
        TypedChange {
            scope: "following".to_owned(),
            cadence: cadence.to_owned(),
            weekday: place.weekday.0.words().to_owned(),
            time: place.time.to_string(),
            minutes: place.minutes.to_string(),
            modality: modality.to_owned(),
            price: place.price.as_ref().map(|price| amount_words(price.amount)).unwrap_or_default(),
            ends_on: place.ends_on.map(|end| end.to_string()).unwrap_or_default(),
            ..TypedChange::default()
        }
    }
}

/// An amount as people write it: `75` or `75.50`.
pub fn amount_words(amount: i32) -> String {
    match amount % 100 {
        0 => (amount / 100).to_string(),
        rest => format!("{}.{rest:02}", amount / 100),
    }
}

/// An amount as people write it, in minor units.
pub fn read_amount(typed: &str) -> Option<i32> {
    shared::payment::read_amount(typed).and_then(|amount| i32::try_from(amount).ok())
}
