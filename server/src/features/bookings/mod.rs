//! Sessions in the calendar: what is free, keeping a slot, booking, calling off.

pub mod availability;
pub mod book_discovery;
pub mod book_session;
pub mod cancel;
pub mod confirm;
pub mod contact;
pub mod create;
pub mod freed;
pub mod graphql;
pub mod hold;
pub mod kept;
pub mod list;
pub mod made_up;
pub mod manage;
pub mod outcome;
mod own;
pub mod payment;
pub mod place;
pub mod reminders;
pub mod reschedule;
pub mod seeker;
mod slot;
pub mod standing;
pub mod steps;
mod store;
pub mod time_off;
mod timetable;
pub mod undo;
pub mod zone_rules;

pub use seeker::Seeker;
pub use slot::Slot;
pub use timetable::TimetableCache;

use crate::app::App;
use crate::audit;
use crate::clock::Clock;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::{clients, practice};
use crate::jobs::{self, Job};
use shared::actor::Role;
use shared::booking::{BookingSource, BookingStatus, CancelledBy};
use shared::ids::{BookingId, ClientId, PolicyId, PurchaseId, RoomId, SeriesId, SessionTypeId, TherapistId};
use shared::money::{Currency, Money};
use shared::policy::Agreed;
use shared::practice::Modality;
use shared::price::PriceSource;
use shared::time::{Date, Instant, LocalTime};

/// One session in the calendar.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Booking {
    /// Which.
    pub id: BookingId,
    /// The number people can say on the phone.
    pub reference: String,
    /// Whose; empty while the address it was made with has not been proven.
    pub client_id: Option<ClientId>,
    /// With whom.
    pub therapist_id: TherapistId,
    /// What was booked.
    pub session_type_id: SessionTypeId,
    /// Where it stands.
    pub status: BookingStatus,
    /// How it came about.
    pub source: BookingSource,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The day on the practice's calendar, which the instant follows when a zone's rules change.
    pub local_date: Date,
    /// The time on the practice's clock.
    pub local_time: LocalTime,
    /// The practice's zone when it was booked.
    pub time_zone: String,
    /// How it takes place.
    pub modality: Modality,
    /// The price when it was booked, in minor units.
    pub price_amount: i64,
    /// What the price is counted in.
    pub price_currency: Currency,
    /// Where the price comes from.
    pub price_source: PriceSource,
    /// What had to be paid before it was confirmed, in minor units.
    pub due_now: i64,
    /// Until when it waits for that; empty when it does not wait.
    pub pay_until: Option<Instant>,
    /// The package a unit of which pays for it.
    pub purchase_id: Option<PurchaseId>,
    /// The rules for calling off it was made under.
    pub policy_id: Option<PolicyId>,
    /// The standing place it is one of.
    pub series_id: Option<SeriesId>,
    /// Its day in that series, which stays when it is moved.
    pub series_date: Option<Date>,
    /// The room it takes place in.
    pub room_id: Option<RoomId>,
    /// How often the client has moved it.
    pub reschedules: i64,
    /// Who booked, as they typed it.
    pub guest_name: String,
    /// Where the confirmation goes, as they typed it.
    pub guest_email: String,
    /// The number to call, as they typed it.
    pub guest_phone: String,
    /// The zone they read times in.
    pub guest_time_zone: String,
    /// Counts what calendars must be told; 0 is the first.
    pub calendar_sequence: i64,
    /// What the client was last told; empty while nothing has been.
    pub told_sequence: Option<i64>,
    /// What the therapist was last told; empty while nothing has been.
    pub therapist_told_sequence: Option<i64>,
    /// When it was called off.
    pub cancelled_at: Option<Instant>,
    /// By whom.
    pub cancelled_by: Option<CancelledBy>,
    /// Why, if they said.
    pub cancel_reason: Option<String>,
    /// Whether it was called off when that was not free any more.
    pub is_late: bool,
    /// Whether that was on the house.
    pub is_waived: bool,
    /// When the client said that they will come.
    pub client_confirmed_at: Option<Instant>,
    /// When it was made.
    pub created_at: Instant,
}

impl Booking {
    /// What had to be paid before it was confirmed.
    pub fn prepayment(&self) -> Money {
        Money { amount: self.due_now, currency: self.price_currency }
    }

    /// Whether it is still to come and waits for whatever its client has not done yet: a free call waits for nothing.
    pub fn can_be_held_up(&self, now: Instant) -> bool {
        let is_ahead = matches!(self.status, BookingStatus::PendingPayment | BookingStatus::Confirmed);
        is_ahead && now < self.starts_at && self.policy_id.is_some()
    }

    /// Its price and its deposit when it was booked.
    pub fn agreed(&self) -> Agreed {
        Agreed::new(self.agreed_price(), self.prepayment())
    }

    /// The price when it was booked.
    pub fn agreed_price(&self) -> Money {
        Money { amount: self.price_amount, currency: self.price_currency }
    }
}

/// The booking with this reference, as it was typed.
pub async fn by_reference(app: &App, typed: &str) -> Result<Option<Booking>> {
    let Some(reference) = shared::booking::read_reference(typed) else { return Ok(None) };
    Ok(store::by_reference(&mut app.db.read().await?, &reference).await?)
}

/// The booking with this reference, for whoever asks: a free call for anyone who has it, a paid session for its client and
/// the practice.
pub async fn by_reference_for(app: &App, typed: &str, viewer: Option<Viewer>) -> Result<Option<Booking>> {
    let Some(booking) = by_reference(app, typed).await? else { return Ok(None) };
    if booking.policy_id.is_none() {
        return Ok(Some(booking));
    }
    let Some(viewer) = viewer else { return Ok(None) };
    let client = clients::of_viewer(app, viewer.user_id).await?.map(|client| client.id);
    let therapist = practice::therapist_of_user(app, viewer.user_id).await?.map(|therapist| therapist.id);
    Ok(Some(booking).filter(|booking| is_open_to(booking, viewer.role, client, therapist)))
}

/// One booking of a client; anyone else's does not exist for them.
pub async fn own(app: &App, id: BookingId, client: ClientId) -> Result<Option<Booking>> {
    let booking = store::booking(&mut app.db.read().await?, id).await?;
    Ok(booking.filter(|booking| booking.client_id == Some(client)))
}

/// The session a client has in the calendar at this very start, if there is one.
pub async fn own_at(app: &App, client: ClientId, starts_at: Instant) -> Result<Option<BookingId>> {
    Ok(store::of_client_at(&mut app.db.read().await?, client, starts_at).await?)
}

/// One booking in a therapist's calendar; anyone else's does not exist for her. The reading is noted in the trail.
pub async fn read_by_staff(app: &App, id: BookingId, therapist: &practice::Therapist) -> Result<Option<Booking>> {
    let booking = store::booking(&mut app.db.read().await?, id).await?;
    let Some(booking) = booking.filter(|booking| booking.therapist_id == therapist.id) else { return Ok(None) };
    let (now, actor) = (app.clock.now(), therapist.user_id);
    app.db
        .write(move |tx| Box::pin(async move { audit::record(tx, now, Some(actor), "read booking", Some(id.0)).await }))
        .await?;
    Ok(Some(booking))
}

/// One booking.
pub async fn get(conn: &mut Conn, id: BookingId) -> Result<Option<Booking>> {
    Ok(store::booking(conn, id).await?)
}

/// Several bookings, in no order.
pub async fn some(conn: &mut Conn, ids: &[BookingId]) -> Result<Vec<Booking>> {
    Ok(store::some(conn, ids).await?)
}

/// One booking, for somebody who has just changed it.
pub async fn read(app: &App, id: BookingId) -> Result<Option<Booking>> {
    get(&mut app.db.read().await?, id).await
}

/// A therapist's bookings that begin in a stretch of time, earliest first.
pub async fn of_therapist(app: &App, therapist: TherapistId, from: Instant, until: Instant) -> Result<Vec<Booking>> {
    Ok(store::of_therapist(&mut app.db.read().await?, therapist, from, until).await?)
}

/// Who is told what becomes of a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever booked.
    Client,
    /// Whose calendar it is in.
    Therapist,
}

/// Notes what somebody has just been told. Their last mail is what they know: if the booking has changed since, they are
/// told again.
pub async fn mark_told(tx: &mut Tx, clock: &Clock, id: BookingId, audience: Audience, sequence: i64) -> Result<()> {
    store::set_told(tx, id, audience, sequence).await?;
    let Some(booking) = store::booking(tx, id).await? else { return Ok(()) };
    if booking.calendar_sequence > sequence {
        let job = match audience {
            Audience::Client => Job::TellClient { booking_id: id },
            Audience::Therapist => Job::TellTherapist { booking_id: id },
        };
        jobs::enqueue(tx, clock, clock.now(), &job).await?;
    }
    Ok(())
}

/// Notes that somebody who was never told anything need not be told any more.
pub async fn mark_untold(tx: &mut Tx, id: BookingId, audience: Audience, sequence: i64) -> Result<()> {
    Ok(store::set_untold(tx, id, audience, sequence).await?)
}

/// Whether this person may see the insides of this booking.
pub fn is_open_to(booking: &Booking, role: Role, client: Option<ClientId>, therapist: Option<TherapistId>) -> bool {
    match role {
        Role::Client => client.is_some() && booking.client_id == client,
        Role::Therapist => therapist == Some(booking.therapist_id),
        Role::Owner | Role::Assistant => true,
    }
}

/// The free starts nearest to one that could not be had, for whoever wants it.
pub async fn nearest_free(
    app: &App,
    seeker: &Seeker,
    session_type: SessionTypeId,
    wanted: Option<TherapistId>,
    starts_at: Instant,
) -> Result<Vec<Slot>> {
    let catalogue = crate::features::practice::catalogue(app).await?;
    let Some(session_type) = catalogue.session_type(session_type) else { return Ok(Vec::new()) };
    let candidates = seeker.therapists(&catalogue, session_type, wanted)?;
    slot::alternatives(app, session_type, &candidates, &own::Own::default(), starts_at).await
}

/// A refusal for a booking that does not exist or is somebody else's: both are the same to the caller.
fn no_such_booking(field: &str) -> Error {
    Error::refused(field, shared::problem::ErrorCode::NotFound, "There is no such booking, or the link is too old.")
}
