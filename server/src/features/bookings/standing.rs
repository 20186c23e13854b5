//! What a standing place needs of the calendar, all of it inside a write that decides everything at once.
//!
//! None of this tells anybody: whoever changes many sessions tells of them as a whole.

use super::place::{self, Guest, NewSession};
use super::steps::{self, Doer, StepKind};
use super::store::{self, Moved, NewOccupancy};
use super::{Audience, Booking, Slot, book_session, cancel, reminders, reschedule, slot, timetable};
use crate::app::App;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::accounts::User;
use crate::features::clients::Client;
use crate::features::money::prices::{self, Quote};
use crate::features::practice::{Catalogue, SessionType, zones};
use shared::booking::{BookingSource, CancelledBy};
use shared::ids::{BookingId, ClientId, OccupancyId, SeriesId, TherapistId};
use shared::money::Money;
use shared::price::{Price, PriceSource};
use shared::problem::{ErrorCode, UserError};
use shared::slots::{OccupiedKind, Timetable};
use shared::time::{Date, Instant, TimeRange};

/// A stretch that is taken.
#[derive(Debug, Clone, Copy)]
pub struct Busy {
    /// From when until when.
    pub range: TimeRange,
    /// By what.
    pub kind: OccupiedKind,
}

/// What of a standing place a session is.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// The place.
    pub series_id: SeriesId,
    /// Its day in the place.
    pub date: Date,
    /// The place's own price, if it has one.
    pub price: Option<Money>,
}

/// What a session blocks, its buffers inside.
pub fn blocked(session_type: &SessionType, starts_at: Instant) -> TimeRange {
    slot::ranges(session_type, starts_at).1
}

/// What fills the time of a therapist or of a client, by its start; holds that have run out are left aside.
pub async fn busy(
    conn: &mut Conn,
    therapist: TherapistId,
    client: ClientId,
    within: TimeRange,
    now: Instant,
) -> Result<Vec<Busy>> {
    Ok(store::busy(conn, therapist, client, within, now).await?)
}

/// Whether a session could have a room; always where it needs none.
pub async fn has_room(tx: &mut Tx, session_type: &SessionType, blocked: TimeRange, now: Instant) -> Result<bool> {
    match place::room(tx, session_type, None, blocked, now).await {
        Ok(_) => Ok(true),
        Err(Error::Overlap) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The sessions of a place whose days are not before `from`, by their days; those called off too.
pub async fn of_series(conn: &mut Conn, series: SeriesId, from: Date) -> Result<Vec<Booking>> {
    Ok(store::of_series(conn, series, from).await?)
}

/// The sessions of several places that begin after a moment, or stand for a day from `from` on, in one statement; those
/// called off too.
pub async fn of_many(conn: &mut Conn, series: &[SeriesId], after: Instant, from: Date) -> Result<Vec<Booking>> {
    Ok(store::of_many(conn, series, after, from).await?)
}

/// A client's sessions that begin after a moment, earliest first; those called off too.
pub async fn ahead_of(conn: &mut Conn, client: ClientId, after: Instant) -> Result<Vec<Booking>> {
    Ok(store::ahead_of(conn, client, after).await?)
}

/// A therapist's sessions that block some of a stretch, earliest first.
pub async fn in_the_way(conn: &mut Conn, therapist: TherapistId, range: TimeRange) -> Result<Vec<Booking>> {
    Ok(store::booked_between(conn, therapist, range).await?)
}

/// With a first session agreed, an invitation has been taken up.
pub async fn begin_care(tx: &mut Tx, app: &App, client: &Client) -> Result<()> {
    book_session::begin_care(tx, app, client).await
}

/// Puts a session of a place in the calendar. `known` says that both sides know of it already.
#[expect(clippy::too_many_arguments, reason = "what a session is made of, gathered inside one write")]
pub async fn put(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    session_type: &SessionType,
    client: &Client,
    user: &User,
    starts_at: Instant,
    kept: Kept,
    doer: Doer,
    known: bool,
) -> Result<BookingId> {
    let day = zones::find("startsAt", &catalogue.practice.time_zone, app.clock.now())?.civil(starts_at).date;
    let quote = match kept.price {
        Some(money) => Quote { price: Price { money, source: PriceSource::Agreement }, purchase_id: None },
        None => prices::quote(tx, client, session_type, day, starts_at).await?,
    };
    let new = NewSession {
        session_type: session_type.clone(),
        therapist_id: client.therapist_id,
        client_id: Some(client.id),
        guest: Guest::from(user),
        starts_at,
        room: None,
        source: BookingSource::Series,
        quote,
        prepayment: None,
        series: Some((kept.series_id, kept.date)),
        doer,
        override_reason: None,
        booked_by: None,
        tells: false,
    };
    let booking = place::put(tx, app, &catalogue.practice, new).await?;
    if known {
        for audience in [Audience::Client, Audience::Therapist] {
            store::set_told(tx, booking.id, audience, booking.calendar_sequence).await?;
        }
    }
    Ok(booking.id)
}

/// Keeps time for a place beyond the sessions that are in the calendar.
pub async fn keep(
    tx: &mut Tx,
    app: &App,
    session_type: &SessionType,
    therapist_id: TherapistId,
    client_id: ClientId,
    starts_at: Instant,
) -> Result<OccupancyId> {
    let (session, blocked) = slot::ranges(session_type, starts_at);
    let (id, now) = (OccupancyId(app.clock.new_id()), app.clock.now());
    let row = NewOccupancy {
        id,
        kind: OccupiedKind::Series,
        therapist_id,
        client_id: Some(client_id),
        room_id: None,
        booking_id: None,
        session_type_id: Some(session_type.id),
        blocked,
        session,
        hold: None,
        note: None,
        override_reason: None,
    };
    slot::clear_holds(tx, therapist_id, blocked, now).await?;
    slot::take(tx, row, now).await?;
    Ok(id)
}

/// Gives kept time back.
pub async fn give_back(tx: &mut Tx, app: &App, id: OccupancyId, therapist_id: TherapistId) -> Result<()> {
    slot::free(tx, app, id, therapist_id).await
}

/// Says to which day of which place a session belongs; to none, when a place has no use for it any more.
pub async fn rename(tx: &mut Tx, id: BookingId, place: Option<(SeriesId, Date)>) -> Result<()> {
    Ok(store::set_place(tx, id, place).await?)
}

/// Frees the time of a session that is about to get another.
pub async fn lift(tx: &mut Tx, app: &App, booking: &Booking) -> Result<()> {
    match store::occupancy_of_booking(tx, booking.id).await? {
        Some(row) => slot::free(tx, app, row.id, row.therapist_id).await,
        None => Ok(()),
    }
}

/// Gives a session that was lifted its new time, length and way. It keeps its number, its price and its payment.
pub async fn set_down(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    booking: &Booking,
    session_type: &SessionType,
    starts_at: Instant,
    doer: Doer,
) -> Result<()> {
    let now = app.clock.now();
    let (session, blocked) = slot::ranges(session_type, starts_at);
    slot::clear_holds(tx, booking.therapist_id, blocked, now).await?;
    let room_id = place::room(tx, session_type, None, blocked, now).await?;
    let local = zones::find("startsAt", &catalogue.practice.time_zone, now)?.civil(starts_at);
    let moved = Moved {
        starts_at,
        ends_at: session.ends_at,
        local_date: local.date,
        local_time: local.time,
        room_id,
        counts: false,
    };
    if store::set_time(tx, booking.id, moved).await? == 0 {
        return Err(Error::Unavailable("the booking was changed at the same time".into()));
    }
    store::set_modality(tx, booking.id, session_type.modality).await?;
    let after = store::booking(tx, booking.id).await?.ok_or(Error::NotFound)?;
    place::occupy(tx, app, &after, blocked, None).await?;
    steps::note(tx, &app.clock, booking.id, StepKind::Moved, doer, Some(booking.starts_at), None).await?;
    place::announce(tx, &after);
    reminders::replan(tx, app, &after, now).await
}

/// Calls a session off for the practice, which costs its client nothing.
pub async fn call_off(tx: &mut Tx, app: &App, booking: &Booking, doer: Doer) -> Result<()> {
    if let Some(out) = cancel::take_out(tx, app, booking.id, CancelledBy::Practice, None, doer).await? {
        place::announce(tx, &out.after);
        reminders::replan(tx, app, &out.after, app.clock.now()).await?;
    }
    Ok(())
}

/// The session type with the length and the way this booking has.
pub fn as_booked(catalogue: &Catalogue, booking: &Booking) -> Result<SessionType> {
    reschedule::as_booked(catalogue, booking)
}

/// The free starts of a therapist nearest to one that cannot be had.
pub async fn nearest(
    app: &App,
    session_type: &SessionType,
    therapist: TherapistId,
    starts_at: Instant,
) -> Result<Vec<Slot>> {
    slot::alternatives(app, session_type, &[therapist], &super::own::Own::default(), starts_at).await
}

/// The refusal of a start that something else has.
pub fn slot_taken() -> UserError {
    UserError::on("time", ErrorCode::SlotTaken, "Something is in the way at that time. Here are the nearest free ones.")
}

/// A therapist's hours and what fills them, to look for free times in.
pub async fn timetable_of(app: &App, therapist: TherapistId) -> Result<Timetable> {
    Ok(Timetable::clone(&*timetable::remembered(app, therapist).await?))
}

/// Says that the sessions of a client or the time of a therapist are different, once this is committed.
pub fn announce(tx: &mut Tx, therapist_id: TherapistId, client_id: ClientId) {
    tx.announce(Event::TimetableChanged { therapist_id });
    tx.announce(Event::ClientChanged { client_id, therapist_id });
}
