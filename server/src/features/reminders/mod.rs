//! Reminders: what people have said about being written to, and what is planned for each session.

pub mod graphql;
mod plan;
mod preferences;
pub mod sending;
mod store;

pub use plan::{Session, replan};
pub use preferences::{
    SetReminderRulesInput, may_follow_up, note_followed_up, preferences, preferences_in, set_preferences, set_rules,
    wants_mail,
};

use crate::app::App;
use crate::error::Result;
use shared::ids::{BookingId, ClientId, ReminderId, TherapistId};
use shared::reminder::Channel;
use shared::time::Instant;

/// What has become of a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type, async_graphql::Enum)]
#[sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReminderState {
    /// It will be sent.
    Planned,
    /// It is on its way.
    Sending,
    /// It was sent.
    Sent,
    /// It was not sent: it came too late, or was not wanted any more.
    Skipped,
}

/// One reminder of one session.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Reminder {
    /// Which.
    pub id: ReminderId,
    /// Of which session.
    pub booking_id: BookingId,
    /// Whose.
    pub client_id: Option<ClientId>,
    /// How it goes.
    pub channel: Channel,
    /// How long before the start, in minutes.
    pub lead_minutes: i64,
    /// The start it was planned for.
    pub starts_at: Instant,
    /// When it goes, or went.
    pub due_at: Instant,
    /// What has become of it.
    pub state: ReminderState,
    /// The reminder whose mail names this session too.
    pub carrier_id: Option<ReminderId>,
    /// When it was sent or left out.
    pub settled_at: Option<Instant>,
}

/// The reminders of one session, earliest first.
pub async fn of_booking(app: &App, booking: BookingId) -> Result<Vec<Reminder>> {
    Ok(store::of_booking(&mut app.db.read().await?, booking).await?)
}

/// The reminders a client has ahead, earliest first.
pub async fn ahead_of_client(app: &App, client: ClientId) -> Result<Vec<Reminder>> {
    Ok(store::ahead_of_client(&mut app.db.read().await?, client, app.clock.now()).await?)
}

/// A reminder of somebody's session, as their therapist sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DeskReminder {
    /// Of which session.
    pub booking_id: BookingId,
    /// Whose session it is, as they typed it.
    pub guest_name: String,
    /// When the session begins.
    pub starts_at: Instant,
    /// How long before the start, in minutes.
    pub lead_minutes: i64,
    /// When it goes, or went.
    pub due_at: Instant,
    /// What has become of it.
    pub state: ReminderState,
    /// When the client said that they will come.
    pub confirmed_at: Option<Instant>,
}

/// How many reminders a list shows.
const MOST_LISTED: i64 = 20;

/// A therapist's reminders from two days ago on, earliest first.
pub async fn of_therapist(app: &App, therapist: TherapistId) -> Result<Vec<DeskReminder>> {
    let from = app.clock.now().plus_minutes(-2 * 24 * 60);
    Ok(store::of_therapist(&mut app.db.read().await?, therapist, from, MOST_LISTED).await?)
}
