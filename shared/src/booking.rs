//! A booking, its status, and what may be asked of it.

use crate::contact::{email_problem, name_problem, phone_problem};
use crate::ids::{SessionTypeId, TherapistId};
use crate::problem::{ErrorCode, UserError};
use crate::time::Instant;
use crate::zone::ZoneName;
use serde::{Deserialize, Serialize};

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum BookingStatus {
    /// The time is kept until it is paid for.
    PendingPayment,
    /// In the calendar.
    Confirmed,
    /// It took place.
    Completed,
    /// The client did not come.
    NoShow,
    /// Called off.
    Cancelled,
    /// It was not paid for in time, and the time was given back.
    Expired,
}

/// How a booking came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum BookingSource {
    /// Whoever comes booked it.
    Online,
    /// The practice put it in the calendar.
    Practice,
    /// A standing place.
    Series,
    /// Somebody asked for a session, and the practice found the time.
    Request,
    /// A freed time that somebody on the waitlist was offered.
    Waitlist,
}

impl BookingSource {
    /// Every source.
    pub const ALL: [BookingSource; 5] = [
        BookingSource::Online,
        BookingSource::Practice,
        BookingSource::Series,
        BookingSource::Request,
        BookingSource::Waitlist,
    ];

    /// How it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            BookingSource::Online => "Booked online",
            BookingSource::Practice => "Put in by the practice",
            BookingSource::Series => "Standing place",
            BookingSource::Request => "Asked for",
            BookingSource::Waitlist => "From the waitlist",
        }
    }
}

/// Who called a booking off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum CancelledBy {
    /// The client, from the portal or the link in the mail.
    Client,
    /// The practice.
    Practice,
}

impl BookingStatus {
    /// Every status.
    pub const ALL: [BookingStatus; 6] = [
        BookingStatus::PendingPayment,
        BookingStatus::Confirmed,
        BookingStatus::Completed,
        BookingStatus::NoShow,
        BookingStatus::Cancelled,
        BookingStatus::Expired,
    ];

    /// Whether its time is taken because of it.
    pub fn takes_time(self) -> bool {
        !matches!(self, BookingStatus::Cancelled | BookingStatus::Expired)
    }

    /// Whether it can still be called off: its time is kept and has not begun.
    pub fn can_cancel(self, starts_at: Instant, now: Instant) -> bool {
        matches!(self, BookingStatus::Confirmed | BookingStatus::PendingPayment) && now < starts_at
    }

    /// Whether it can still be moved to another time.
    pub fn can_move(self, starts_at: Instant, now: Instant) -> bool {
        self == BookingStatus::Confirmed && now < starts_at
    }

    /// Whether it can be marked as missed: it began at least so many minutes ago and was not called off.
    pub fn can_be_missed(self, starts_at: Instant, after_minutes: i64, now: Instant) -> bool {
        matches!(self, BookingStatus::Confirmed | BookingStatus::Completed)
            && now >= starts_at.plus_minutes(after_minutes)
    }

    /// Whether it can be marked as having taken place.
    pub fn can_complete(self, starts_at: Instant, now: Instant) -> bool {
        matches!(self, BookingStatus::Confirmed | BookingStatus::NoShow) && now >= starts_at
    }

    /// How it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            BookingStatus::PendingPayment => "Waiting for payment",
            BookingStatus::Confirmed => "Confirmed",
            BookingStatus::Completed => "Took place",
            BookingStatus::NoShow => "Missed",
            BookingStatus::Cancelled => "Cancelled",
            BookingStatus::Expired => "Not paid in time",
        }
    }
}

/// From so many minutes after its start a session can be marked as missed, where the practice has not said otherwise.
pub const NO_SHOW_MINUTES: i64 = 15;

/// So many minutes after a first call the therapist is asked for her decision, where the practice has not said otherwise.
pub const PROMPT_MINUTES: i64 = 120;

/// What happened to a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum StepKind {
    /// It was made.
    Booked,
    /// It was paid for and confirmed.
    Paid,
    /// It was moved to another time.
    Moved,
    /// It was called off.
    Cancelled,
    /// It took place.
    Completed,
    /// The client did not come.
    NoShow,
    /// It was not paid for in time.
    Expired,
    /// The client said that they will come.
    ClientConfirmed,
    /// The last change was taken back before anybody was told of it.
    TakenBack,
}

impl StepKind {
    /// How it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            StepKind::Booked => "Booked",
            StepKind::Paid => "Paid and confirmed",
            StepKind::Moved => "Moved",
            StepKind::Cancelled => "Cancelled",
            StepKind::Completed => "Took place",
            StepKind::NoShow => "Marked as missed",
            StepKind::Expired => "Given back, not paid in time",
            StepKind::ClientConfirmed => "They said they will come",
            StepKind::TakenBack => "Taken back",
        }
    }
}

/// On whose side somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum ByWhom {
    /// The client, or whoever holds the link of the booking.
    Client,
    /// The practice.
    Practice,
    /// Nobody: time passed, or money arrived.
    System,
}

impl From<CancelledBy> for ByWhom {
    fn from(by: CancelledBy) -> Self {
        match by {
            CancelledBy::Client => ByWhom::Client,
            CancelledBy::Practice => ByWhom::Practice,
        }
    }
}

impl ByWhom {
    /// Who did it, at the end of a line for the practice; nothing when nobody did.
    pub fn words(self) -> &'static str {
        match self {
            ByWhom::Client => " by the client",
            ByWhom::Practice => " by the practice",
            ByWhom::System => "",
        }
    }
}

/// Asks for a free discovery call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct BookDiscoveryInput {
    /// What is booked; must be open to anyone.
    pub session_type_id: SessionTypeId,
    /// With whom; left out, whoever is free.
    pub therapist_id: Option<TherapistId>,
    /// A start that `availability` offered.
    pub starts_at: Instant,
    /// Who comes.
    pub name: String,
    /// Where the confirmation goes.
    pub email: String,
    /// The number to call.
    pub phone: String,
    /// The zone the visitor reads times in, an IANA name; left out, the practice's.
    pub time_zone: Option<ZoneName>,
    /// The secret a `holdSlot` answered with, if the start was held before.
    pub hold_token: Option<String>,
    /// Chosen by the caller; the same key with the same input gives the same booking, however often it is sent.
    pub idempotency_key: Option<String>,
}

impl BookDiscoveryInput {
    /// Everything wrong with what was typed, at once. Whether the start is free is another question.
    pub fn problems(&self) -> Vec<UserError> {
        let key = self.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
        [
            name_problem("name", &self.name),
            email_problem("email", &self.email),
            phone_problem("phone", &self.phone),
            key,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// An idempotency key is 8 to 128 visible ASCII characters.
pub fn key_problem(field: &str, key: &str) -> Option<UserError> {
    let fine = (8..=128).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    (!fine)
        .then(|| UserError::on(field, ErrorCode::Invalid, "An idempotency key has 8 to 128 visible ASCII characters."))
}

/// Letters and digits that cannot be mistaken for each other on the phone.
pub const REFERENCE_ALPHABET: &[u8; 29] = b"ABCDEFGHJKMNPQRSTUVWXY2345679";

/// How many characters of [`REFERENCE_ALPHABET`] a booking reference has.
pub const REFERENCE_LENGTH: usize = 8;

/// A booking reference as people read it out and see it written: `K7MP-4QXR`. Anything else is left as it is.
pub fn reference_words(reference: &str) -> String {
    match reference.split_at_checked(REFERENCE_LENGTH / 2) {
        Some((first, last)) if reference.len() == REFERENCE_LENGTH => format!("{first}-{last}"),
        _ => reference.to_owned(),
    }
}

/// A booking reference as somebody types it back: without spaces and dashes, in upper case; `None` if it cannot be one.
pub fn read_reference(typed: &str) -> Option<String> {
    let plain: String = typed.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect();
    (plain.len() == REFERENCE_LENGTH && plain.bytes().all(|b| REFERENCE_ALPHABET.contains(&b))).then_some(plain)
}
