//! The practice: its name and zone, its therapists, what can be booked, the hours it keeps.

pub mod begin;
mod catalogue;
pub mod graphql;
pub mod hours;
pub mod profile;
pub mod rooms;
pub mod rules;
pub mod session_types;
mod store;
pub mod zones;

pub use catalogue::{Catalogue, CatalogueCache, catalogue};

use crate::app::App;
use crate::db::{Batch, Conn, Rows, Tx};
use crate::error::{Error, Result};
use crate::events::Event;
use serde::{Deserialize, Serialize};
use shared::holidays::HolidaySet;
use shared::ids::{RoomId, SessionTypeId, TherapistId, UserId};
use shared::intake::Missing;
use shared::money::{Currency, Money};
use shared::practice::{Gate, Modality, Prepay};
use shared::problem::ErrorCode;
pub use shared::profile::{CrisisLine, Question, Step};
use shared::reminder::ReminderRules;
use shared::slots::SessionRules;
use shared::time::Instant;
use shared::waitlist::WaitlistRules;
use sqlx::types::Json;

/// The one practice this deployment serves.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Practice {
    /// What it is called.
    pub name: String,
    /// The zone its hours are kept in.
    pub time_zone: String,
    /// Everything else the practice decides.
    pub settings: Json<PracticeSettings>,
}

/// What the practice decides about itself. A field added later takes its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PracticeSettings {
    /// One sentence for the home page and search results.
    pub tagline: String,
    /// The heading of the home page.
    pub headline: String,
    /// The opening paragraphs of the home page.
    pub welcome: Vec<String>,
    /// What happens, step by step, for somebody new.
    pub steps: Vec<Step>,
    /// What the therapist says about her work on the home page: the first paragraph in her own voice.
    pub voice: Vec<String>,
    /// A line under the list of fees.
    pub fees_note: String,
    /// When the practice is open, in words, one line each.
    pub opening_hours: Vec<String>,
    /// Where the practice is, one line each; empty if it has no rooms.
    pub address: Vec<String>,
    /// The public address for questions.
    pub contact_email: String,
    /// The public number.
    pub contact_phone: String,
    /// How soon messages are answered.
    pub answers_within: String,
    /// What to do in a crisis, one line each. Shown on every public page.
    pub crisis: Vec<CrisisLine>,
    /// Sessions on one day at most, of every type together.
    pub sessions_per_day: Option<u32>,
    /// Sessions in a row at most.
    pub consecutive_sessions: Option<u32>,
    /// Minutes of break after that many.
    pub break_minutes: u32,
    /// The hue of the accent colour, 0 to 359 degrees; the one of the style sheet if there is none.
    pub accent_hue: Option<u32>,
    /// The privacy page, one paragraph each; a paragraph that begins with `# ` is a heading.
    pub privacy: Vec<String>,
    /// The terms page, in the same form.
    pub terms: Vec<String>,
    /// The letter for somebody who is better helped elsewhere.
    pub referral_letter: Vec<String>,
    /// Sessions a client may have ahead at most, standing places left out.
    pub bookings_ahead: Option<u32>,
    /// How many weeks ahead the sessions of standing places are in the calendar, 8 to 12.
    pub series_weeks_ahead: i64,
    /// Whose public holidays therapists are asked about. Nothing closes by itself.
    pub holiday_sets: Vec<HolidaySet>,
    /// For how many minutes a time is kept that is to be paid for first; at least as long as a checkout lives.
    pub payment_minutes: u32,
    /// Where a bank transfer goes, line by line; nothing where none is taken.
    pub bank_details: Vec<String>,
    /// From so many minutes after its start a session can be marked as missed.
    pub no_show_minutes: i64,
    /// So many minutes after a first call its therapist is asked for a decision.
    pub prompt_minutes: i64,
    /// After a break of at most so many months clients come back without another call.
    pub return_months: i64,
    /// When people are reminded.
    pub reminders: ReminderRules,
    /// How freed time is offered.
    pub waitlist: WaitlistRules,
}

impl Default for PracticeSettings {
    fn default() -> Self {
        PracticeSettings {
            tagline: String::new(),
            headline: "Welcome".into(),
            welcome: Vec::new(),
            steps: Vec::new(),
            voice: Vec::new(),
            fees_note: String::new(),
            opening_hours: Vec::new(),
            address: Vec::new(),
            contact_email: String::new(),
            contact_phone: String::new(),
            answers_within: "two working days".into(),
            crisis: vec![CrisisLine { label: "Emergency services".into(), phone: "112".into() }],
            sessions_per_day: Some(6),
            consecutive_sessions: Some(3),
            break_minutes: 30,
            accent_hue: None,
            privacy: Vec::new(),
            terms: Vec::new(),
            referral_letter: Vec::new(),
            bookings_ahead: Some(3),
            payment_minutes: 40,
            bank_details: Vec::new(),
            no_show_minutes: shared::booking::NO_SHOW_MINUTES,
            prompt_minutes: shared::booking::PROMPT_MINUTES,
            return_months: shared::stage::RETURN_MONTHS,
            series_weeks_ahead: shared::series::WEEKS_AHEAD,
            holiday_sets: Vec::new(),
            reminders: ReminderRules::default(),
            waitlist: WaitlistRules::default(),
        }
    }
}

/// A person who sees clients.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Therapist {
    /// Which.
    pub id: TherapistId,
    /// The user she signs in as.
    pub user_id: UserId,
    /// Her name in addresses.
    pub slug: String,
    /// Her name.
    pub name: String,
    /// Her title, like “Psychotherapist, MSc, UKCP”.
    pub title: String,
    /// Two sentences about her.
    pub summary: String,
    /// Paragraphs about her.
    pub about: Json<Vec<String>>,
    /// Whether a visitor may book a discovery call with her.
    pub takes_new_clients: bool,
}

/// What can be booked.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SessionType {
    /// Which.
    pub id: SessionTypeId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub summary: String,
    /// Paragraphs about it.
    pub description: Json<Vec<String>>,
    /// Who may book it.
    pub gate: Gate,
    /// How it takes place.
    pub modality: Modality,
    /// The rooms that suit it in person; any, where none is named.
    pub rooms: Json<Vec<RoomId>>,
    /// What a client does before the first session that asks for it.
    pub waits_for: Json<Vec<Missing>>,
    /// How long it is.
    pub minutes: i64,
    /// Minutes blocked before it.
    pub buffer_before: i64,
    /// Minutes blocked after it.
    pub buffer_after: i64,
    /// Starts are on multiples of this many minutes after midnight.
    pub grid_minutes: i64,
    /// How long before the start it can still be booked.
    pub notice_minutes: i64,
    /// How many days ahead it can be booked.
    pub horizon_days: i64,
    /// How many a day at most.
    pub per_day: Option<i64>,
    /// The list price, in minor units.
    pub price_amount: i64,
    /// What the price is counted in.
    pub price_currency: Currency,
    /// What is paid before it is confirmed.
    pub prepay: Prepay,
    /// The deposit, in minor units, where one is paid.
    pub deposit_amount: i64,
    /// Whether the public pages show it.
    pub visible: bool,
    /// Whether they ever did: from then on its address and who may book it stay.
    pub was_public: bool,
    /// Since when it is not offered any more. Sessions that were booked stay.
    pub retired_at: Option<Instant>,
}

impl SessionType {
    /// The list price.
    pub fn price(&self) -> Money {
        Money { amount: self.price_amount, currency: self.price_currency }
    }

    /// Whether it can be booked at all.
    pub fn is_offered(&self) -> bool {
        self.retired_at.is_none()
    }

    /// Whether the public pages show it.
    pub fn is_public(&self) -> bool {
        self.visible && self.is_offered()
    }

    /// Whether a room suits it.
    pub fn suits(&self, room: RoomId) -> bool {
        self.rooms.is_empty() || self.rooms.contains(&room)
    }

    /// What the slot engine needs to know of it.
    pub fn rules(&self) -> SessionRules {
        let minutes = |value: i64| u32::try_from(value).unwrap_or(0);
        SessionRules {
            session_type_id: self.id,
            modality: self.modality,
            minutes: minutes(self.minutes),
            buffer_before: minutes(self.buffer_before),
            buffer_after: minutes(self.buffer_after),
            grid_minutes: minutes(self.grid_minutes),
            notice_minutes: self.notice_minutes,
            horizon_days: minutes(self.horizon_days),
            per_day: self.per_day.map(minutes),
        }
    }
}

/// The therapist a user is, if she is one.
pub async fn therapist_of_user(app: &App, user_id: UserId) -> Result<Option<Therapist>> {
    Ok(catalogue(app).await?.therapists.iter().find(|therapist| therapist.user_id == user_id).cloned())
}

/// The practice as it is in the database now, to be changed inside the same write.
pub async fn read(conn: &mut Conn) -> Result<Option<Practice>> {
    Ok(store::practice(conn).await?)
}

/// Whether the database holds a practice.
pub async fn exists(conn: &mut Conn) -> Result<bool> {
    Ok(store::practice(conn).await?.is_some())
}

/// Sets the practice up, or changes it.
pub async fn save(tx: &mut Tx, practice: &Practice) -> Result<()> {
    store::upsert_practice(tx, practice).await?;
    tx.announce(Event::PracticeChanged);
    Ok(())
}

/// The practice as it is inside this write, which may be the one that sets it up.
pub async fn in_write(tx: &mut Tx) -> Result<Practice> {
    store::practice(tx).await?.ok_or(Error::NotFound)
}

/// Asks for the practice as it is now, among other things; there is one row.
pub fn ask(batch: &mut Batch<'_>) -> Rows<Practice> {
    store::ask_practice(batch)
}

/// Changes what the practice decides about itself.
pub async fn change_settings(tx: &mut Tx, change: impl FnOnce(&mut PracticeSettings)) -> Result<()> {
    let mut practice = in_write(tx).await?;
    change(&mut practice.settings);
    save(tx, &practice).await
}

/// Adds a therapist.
pub async fn add_therapist(tx: &mut Tx, therapist: &Therapist, position: i64) -> Result<()> {
    store::insert_therapist(tx, therapist, position).await?;
    tx.announce(Event::PracticeChanged);
    Ok(())
}

/// Lets whoever else changes or fills this therapist's time wait until this write is done.
pub async fn lock_therapist(tx: &mut Tx, id: TherapistId) -> Result<()> {
    Ok(store::lock_therapist(tx, id).await?)
}

/// Lets whoever else looks for a room wait until this write is done, so that two do not choose the same one while another
/// is free. Answers how many rooms there are.
pub async fn lock_rooms(tx: &mut Tx) -> Result<u64> {
    Ok(store::lock_rooms(tx).await?)
}

/// All of them in a new order: those that are named first, the rest behind as it was.
fn in_order<T: PartialEq + Copy>(field: &str, named: &[T], all: &[T], unknown: &str) -> Result<Vec<T>> {
    if named.iter().any(|id| !all.contains(id)) {
        return Err(Error::refused(field, ErrorCode::NotFound, unknown));
    }
    if named.iter().enumerate().any(|(place, id)| named[..place].contains(id)) {
        return Err(Error::refused(field, ErrorCode::Invalid, "Name each of them once."));
    }
    Ok(named.iter().chain(all.iter().filter(|id| !named.contains(id))).copied().collect())
}

/// Adds a room. A practice with rooms keeps one for every session in the practice.
pub async fn add_room(tx: &mut Tx, id: RoomId, name: &str, position: i64) -> Result<()> {
    store::insert_room(tx, id, name, position).await?;
    tx.announce(Event::PracticeChanged);
    Ok(())
}

/// Changes a session type inside a write.
pub async fn save_session_type(tx: &mut Tx, session_type: &SessionType) -> Result<()> {
    store::update_session_type(tx, session_type).await?;
    tx.announce(Event::PracticeChanged);
    Ok(())
}

/// Adds a session type.
pub async fn add_session_type(tx: &mut Tx, session_type: &SessionType, position: i64) -> Result<()> {
    store::insert_session_type(tx, session_type, position).await?;
    tx.announce(Event::PracticeChanged);
    Ok(())
}

/// Adds a question.
pub async fn add_question(tx: &mut Tx, id: uuid::Uuid, question: &Question, position: i64) -> Result<()> {
    store::insert_question(tx, id, question, position).await?;
    tx.announce(Event::PracticeChanged);
    Ok(())
}
