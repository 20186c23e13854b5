//! The therapist's sessions, as her pages show them.

use crate::api::schema::{Shared, schema};
use crate::ui::pieces::dial;
use leptos::prelude::*;
use serde::Serialize;
use shared::booking::BookingStatus;
use shared::ids::{BookingId, ClientId, TimeOffId};
use shared::practice::{Gate, Modality};
use shared::time::{Instant, TimeRange};

/// A session with whoever it is for.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "PracticeBooking")]
#[serde(rename_all = "camelCase")]
pub struct DeskBooking {
    /// The session.
    pub booking: DeskSession,
    /// Who booked, as they typed it.
    pub guest_name: String,
    /// The number to call, as they typed it.
    pub guest_phone: String,
    /// Whose it is, once the address is proven.
    pub client_id: Option<ClientId>,
    /// When it was made.
    pub created_at: Instant,
    /// Why it was called off, if somebody said.
    pub cancel_reason: Option<String>,
}

/// A session.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Booking")]
#[serde(rename_all = "camelCase")]
pub struct DeskSession {
    /// Which.
    pub id: BookingId,
    /// Where it stands.
    pub status: Shared<BookingStatus>,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// How it takes place.
    pub modality: Shared<Modality>,
    /// What was booked.
    pub session_type: Option<DeskSessionType>,
}

/// What was booked.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct DeskSessionType {
    /// Its name.
    pub name: String,
    /// Who may book it.
    pub gate: Shared<Gate>,
}

/// A stretch of time off.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "TimeOff")]
#[serde(rename_all = "camelCase")]
pub struct DeskTimeOff {
    /// Which.
    pub id: TimeOffId,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// A word for the therapist herself.
    pub note: Option<String>,
}

impl DeskTimeOff {
    /// From when until when.
    pub fn range(&self) -> TimeRange {
        TimeRange { starts_at: self.starts_at, ends_at: self.ends_at }
    }

    /// What it is called.
    pub fn words(&self) -> String {
        self.note.clone().unwrap_or_else(|| "Time off".to_owned())
    }
}

impl DeskBooking {
    /// What was booked.
    pub fn name(&self) -> String {
        self.booking.session_type.as_ref().map_or_else(|| "Session".to_owned(), |it| it.name.clone())
    }

    /// What, how long, how.
    pub fn details(&self) -> String {
        let session = &self.booking;
        let minutes = (session.ends_at.seconds() - session.starts_at.seconds()) / 60;
        let how = match session.modality.0 {
            Modality::Online => "video",
            Modality::Phone => "phone",
            Modality::InPerson => "in the room",
        };
        format!("{}, {minutes} minutes, {how}", self.name())
    }

    /// Whether it is a free discovery call.
    pub fn is_call(&self) -> bool {
        self.booking.session_type.as_ref().is_some_and(|session_type| session_type.gate.0 == Gate::Discovery)
    }

    /// Whether it is or was in the calendar.
    pub fn stands(&self) -> bool {
        self.booking.status.0.takes_time()
    }

    /// Whether it is still to come.
    pub fn is_ahead(&self, now: Instant) -> bool {
        self.booking.status.0 == BookingStatus::Confirmed && now < self.booking.starts_at
    }

    /// Whether it was made within the last hour.
    pub fn is_new(&self, now: Instant) -> bool {
        self.stands() && now < self.created_at.plus_minutes(60)
    }

    /// How long ago it was made, for what was made within the last hour.
    pub fn made(&self, now: Instant) -> Option<String> {
        let minutes = (now.seconds() - self.created_at.seconds()) / 60;
        match minutes {
            _ if !self.is_new(now) => None,
            ..=0 => Some("booked just now".to_owned()),
            1 => Some("booked a minute ago".to_owned()),
            _ => Some(format!("booked {minutes} minutes ago")),
        }
    }

    /// The number to call for a session by phone that is not over.
    pub fn to_call(&self, now: Instant) -> Option<AnyView> {
        let is_call = self.booking.modality.0 == Modality::Phone && self.stands() && now < self.booking.ends_at;
        (is_call && !self.guest_phone.is_empty())
            .then(|| view! { <a href=dial(&self.guest_phone)>{self.guest_phone.clone()}</a> }.into_any())
    }

    /// The name of whoever it is for, as a link to their page once it is proven that it is them, else to the session.
    pub fn who(&self) -> AnyView {
        match self.client_id {
            Some(id) => {
                view! { <a class="who" href=format!("/admin/clients/{id}")>{self.guest_name.clone()}</a> }.into_any()
            }
            None => {
                let session = format!("/admin/bookings/{}", self.booking.id);
                view! { <a class="who" href=session>{self.guest_name.clone()}</a> }.into_any()
            }
        }
    }
}

/// What is said of a booking whose address nobody has confirmed.
pub const UNPROVEN: &str = "address not confirmed yet";
