//! A booking that was made: what its pages ask, and how they say when it is.

use super::query::Clock;
use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use crate::api::terms::{Outcome, Step};
use crate::api::undo::LastChange;
use leptos::prelude::*;
use shared::booking::BookingStatus;
use shared::policy::RescheduleRefusal;
use shared::practice::Modality;
use shared::time::Instant;

/// Names a booking.
#[derive(cynic::QueryVariables)]
pub struct ByReference {
    /// What people say on the phone.
    pub reference: String,
}

/// The booking with a reference.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ByReference")]
pub struct BookingQuery {
    /// The booking.
    #[arguments(reference: $reference)]
    pub booking: Option<BookedSession>,
}

/// Names a booking by the secret of its link.
#[derive(cynic::QueryVariables)]
pub struct ByManageToken {
    /// The secret.
    pub token: String,
}

/// The booking of a manage link.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ByManageToken")]
pub struct ManagedQuery {
    /// The practice.
    pub practice: Clock,
    /// The booking.
    #[arguments(manageToken: $token)]
    pub managed_booking: Option<ManagedSession>,
}

/// A booking with its terms, for whoever holds its link.
#[derive(cynic::QueryFragment, Clone)]
#[cynic(graphql_type = "Booking")]
pub struct ManagedSession {
    /// The booking, as its other pages show it.
    #[cynic(spread)]
    pub row: BookedSession,
    /// What it costs.
    pub price: Amount,
    /// What calling it off costs until when; nothing when it is always free.
    pub policy_steps: Vec<Step>,
    /// What calling it off now would mean.
    pub if_cancelled_now: Outcome,
    /// Whether it can be moved.
    pub can_move: bool,
    /// Why it cannot, when only the rules stand in the way.
    pub move_refusal: Option<Shared<RescheduleRefusal>>,
    /// What was last done to it, while that can be taken back.
    pub undoable: Option<LastChange>,
    /// Whether it was called off late.
    pub is_late: bool,
    /// Whether that was on the house.
    pub is_waived: bool,
}

/// A booking, without who it is for.
#[derive(cynic::QueryFragment, Clone)]
#[cynic(graphql_type = "Booking")]
pub struct BookedSession {
    /// What people say on the phone.
    pub reference: String,
    /// Where it stands.
    pub status: Shared<BookingStatus>,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The zone of the practice.
    pub time_zone: String,
    /// The zone of whoever booked.
    pub guest_time_zone: String,
    /// How it takes place.
    pub modality: Shared<Modality>,
    /// What was booked.
    pub session_type: Option<BookedType>,
    /// With whom.
    pub therapist: Option<BookedTherapist>,
    /// Whether it can still be called off.
    pub can_cancel: bool,
    /// When whoever comes said so.
    pub client_confirmed_at: Option<Instant>,
}

/// What was booked.
#[derive(cynic::QueryFragment, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct BookedType {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// With whom.
#[derive(cynic::QueryFragment, Clone)]
#[cynic(graphql_type = "Therapist")]
pub struct BookedTherapist {
    /// Her name.
    pub name: String,
}

/// One fact about a booking.
pub fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}
