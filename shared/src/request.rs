//! Somebody asks for a session that the calendar does not offer, and the practice answers.

use crate::contact::{email_problem, name_problem, phone_problem, text_problem};
use crate::ids::{SessionTypeId, TherapistId};
use crate::problem::{ErrorCode, UserError};
use crate::time::Weekday;
use crate::waitlist::{HourBand, MOST_BANDS};
use crate::zone::ZoneName;
use serde::{Deserialize, Serialize};

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum RequestStatus {
    /// Nobody has answered yet.
    Pending,
    /// A therapist and a time have been proposed to her.
    Matched,
    /// The therapist has said yes.
    Accepted,
    /// It is in the calendar.
    Confirmed,
    /// The session took place.
    Completed,
    /// It was withdrawn, declined or called off.
    Cancelled,
}

/// What can be done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RequestMove {
    /// Staff name a therapist and a start.
    Assign,
    /// The therapist says yes.
    Accept,
    /// The therapist says no: somebody else is sought.
    Decline,
    /// It goes into the calendar.
    Confirm,
    /// The session took place.
    Complete,
    /// It comes to nothing.
    Cancel,
}

impl RequestMove {
    /// Every move.
    pub const ALL: [RequestMove; 6] = [
        RequestMove::Assign,
        RequestMove::Accept,
        RequestMove::Decline,
        RequestMove::Confirm,
        RequestMove::Complete,
        RequestMove::Cancel,
    ];
}

impl RequestStatus {
    /// Every status.
    pub const ALL: [RequestStatus; 6] = [
        RequestStatus::Pending,
        RequestStatus::Matched,
        RequestStatus::Accepted,
        RequestStatus::Confirmed,
        RequestStatus::Completed,
        RequestStatus::Cancelled,
    ];

    /// Where a move leads from here; `None` if it cannot be made.
    pub fn after(self, made: RequestMove) -> Option<RequestStatus> {
        use RequestStatus::{Accepted, Cancelled, Completed, Confirmed, Matched, Pending};
        match (self, made) {
            (Pending | Matched | Accepted, RequestMove::Assign) => Some(Matched),
            (Matched, RequestMove::Accept) => Some(Accepted),
            (Matched | Accepted, RequestMove::Decline) => Some(Pending),
            (Accepted, RequestMove::Confirm) => Some(Confirmed),
            (Confirmed, RequestMove::Complete) => Some(Completed),
            (Pending | Matched | Accepted | Confirmed, RequestMove::Cancel) => Some(Cancelled),
            _ => None,
        }
    }

    /// Whether nothing can become of it any more.
    pub fn is_over(self) -> bool {
        matches!(self, RequestStatus::Completed | RequestStatus::Cancelled)
    }

    /// How it is called on the practice's pages.
    pub fn words(self) -> &'static str {
        match self {
            RequestStatus::Pending => "Waiting for an answer",
            RequestStatus::Matched => "With the therapist",
            RequestStatus::Accepted => "Ready to confirm",
            RequestStatus::Confirmed => "In the calendar",
            RequestStatus::Completed => "Took place",
            RequestStatus::Cancelled => "Closed",
        }
    }
}

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 1000;

/// Asks for a session at a time the calendar does not offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct RequestBookingInput {
    /// What is asked for. Without an account, only what is open to anyone.
    pub session_type_id: SessionTypeId,
    /// With whom; left out, whoever fits.
    pub therapist_id: Option<TherapistId>,
    /// What to call you; needed without an account.
    pub name: Option<String>,
    /// Where the answer goes; needed without an account.
    pub email: Option<String>,
    /// The number to call; needed without an account.
    pub phone: Option<String>,
    /// The zone you read times in, an IANA name; left out, the practice's.
    pub time_zone: Option<ZoneName>,
    /// The days that suit; left out, any.
    pub weekdays: Option<Vec<Weekday>>,
    /// The parts of the day that suit; left out, any.
    pub bands: Option<Vec<HourBand>>,
    /// What else there is to know, at most 1000 characters. Only the practice reads it.
    pub note: Option<String>,
    /// Chosen by the caller; the same key with the same input makes one request, however often it is sent.
    pub idempotency_key: Option<String>,
}

impl RequestBookingInput {
    /// Everything wrong with it, at once; a visitor must say who they are.
    pub fn problems(&self, is_visitor: bool) -> Vec<UserError> {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let mut problems: Vec<UserError> = Vec::new();
        if is_visitor {
            problems.extend(name_problem("name", &text(&self.name)));
            problems.extend(email_problem("email", &text(&self.email)));
            problems.extend(phone_problem("phone", &text(&self.phone)));
        }
        problems.extend(text_problem("note", &text(&self.note), LONGEST_NOTE));
        let bands = self.bands.as_deref().unwrap_or_default();
        if bands.len() > MOST_BANDS {
            problems.push(UserError::on("bands", ErrorCode::TooLong, "Choose at most six parts of the day."));
        }
        if bands.iter().any(|band| band.from >= band.until) {
            problems.push(UserError::on("bands", ErrorCode::Invalid, "A part of the day ends after it begins."));
        }
        problems
            .extend(self.idempotency_key.as_deref().and_then(|key| crate::booking::key_problem("idempotencyKey", key)));
        problems
    }
}
