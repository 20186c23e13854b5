//! Times that are only offered in place of a session: kept while somebody decides, and given back when they do not.

pub mod answering;

use super::store;
use crate::app::App;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::bookings::kept::{self, Keep};
use crate::features::bookings::standing::{self, as_booked};
use crate::features::bookings::{self, Booking};
use crate::features::practice::Catalogue;
use crate::jobs::{self, Job};
use crate::keys::{Keys, Secret};
use serde::{Deserialize, Serialize};
use shared::ids::{BookingId, ClientId, MakeUpId, OccupancyId, TherapistId};
use shared::make_up::{MOST_TIMES, kept_until};
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::collections::BTreeSet;
use std::sync::Arc;

/// For so many days the therapist sees what became of an offer.
const SHOWN_DAYS: i64 = 30;

/// Where an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type, async_graphql::Enum)]
#[sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MakeUpState {
    /// The times are kept until it is answered.
    Open,
    /// One of them was taken.
    Taken,
    /// None of them suited.
    Declined,
    /// Nobody answered in time.
    Expired,
}

/// Times offered in place of a session.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct MakeUp {
    /// Which.
    pub id: MakeUpId,
    /// The session that was called off.
    pub booking_id: BookingId,
    /// Whose.
    pub client_id: ClientId,
    /// With whom.
    pub therapist_id: TherapistId,
    /// Where it stands.
    pub state: MakeUpState,
    /// When it was made.
    pub made_at: Instant,
    /// Until when the times are kept.
    pub until: Instant,
    /// The session it became.
    pub taken_id: Option<BookingId>,
}

/// One of the times.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct MakeUpTime {
    /// Of which offer.
    pub offer_id: MakeUpId,
    /// When the session would begin.
    pub starts_at: Instant,
    /// When it would end.
    pub ends_at: Instant,
    /// The hold that keeps it.
    pub occupancy_id: OccupancyId,
}

/// An offer with its times and the session it is about.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The offer.
    pub offer: MakeUp,
    /// The times, earliest first.
    pub times: Vec<MakeUpTime>,
    /// The session that was called off.
    pub booking: Booking,
}

/// A session in place of which times are offered.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct OfferMakeUpInput {
    /// Which.
    pub booking_id: BookingId,
    /// The times, at most three.
    pub starts_at: Vec<Instant>,
}

impl MakeUp {
    /// Whether it can still be answered.
    pub fn is_open(&self, now: Instant) -> bool {
        self.state == MakeUpState::Open && now < self.until
    }
}

/// The secret of the link that answers. Only its hash is stored.
pub fn secret(keys: &Keys, id: MakeUpId) -> Secret {
    keys.link_secret("make-up", id.0)
}

/// Keeps times for the client of a session that has just been called off, and has them told. Two at once is
/// [`Error::Overlap`].
pub(super) async fn offer(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    booking: &Booking,
    starts: &[Instant],
) -> Result<()> {
    let now = app.clock.now();
    let refuse = |message: &str| Error::refused("offers", ErrorCode::Invalid, message);
    let Some(client_id) = booking.client_id else {
        return Err(refuse("Times can be offered to clients only. Call this one off, or move it."));
    };
    let starts: BTreeSet<Instant> = starts.iter().copied().collect();
    let starts: Vec<Instant> = starts.into_iter().collect();
    if starts.is_empty() || starts.len() > MOST_TIMES {
        return Err(refuse("Offer one, two or three times in place of a session."));
    }
    let (id, session_type) = (MakeUpId(app.clock.new_id()), as_booked(catalogue, booking)?);
    let mut free = Vec::new();
    for starts_at in starts {
        let blocked = standing::blocked(&session_type, starts_at);
        // What is offered in place of another session is left out here, while there is another time.
        if kept::is_free(tx, booking.therapist_id, blocked, now).await?
            && standing::has_room(tx, &session_type, blocked, now).await?
        {
            free.push(starts_at);
        }
    }
    if free.is_empty() {
        return Err(Error::Overlap);
    }
    let until = kept_until(now, &free)
        .ok_or_else(|| refuse("An offered time must be at least a day ahead, so that there is time to answer."))?;
    let offer = MakeUp {
        id,
        booking_id: booking.id,
        client_id,
        therapist_id: booking.therapist_id,
        state: MakeUpState::Open,
        made_at: now,
        until,
        taken_id: None,
    };
    store::insert_make_up(tx, &offer, secret(&app.keys, id).hash()).await?;
    for starts_at in free {
        let occupancy_id = OccupancyId(app.clock.new_id());
        let keep = Keep {
            id: occupancy_id,
            therapist_id: booking.therapist_id,
            starts_at,
            until,
            secret: app.keys.link_secret("make-up-time", occupancy_id.0).hash(),
            held_by: format!("make-up:{id}"),
        };
        kept::keep(tx, &session_type, keep, now).await?;
        let ends_at = starts_at.plus_minutes(session_type.minutes);
        store::insert_make_up_time(tx, MakeUpTime { offer_id: id, starts_at, ends_at, occupancy_id }).await?;
    }
    let at = app.outward_at();
    jobs::enqueue(tx, &app.clock, at, &Job::TellMakeUp { make_up_id: id }).await?;
    jobs::enqueue(tx, &app.clock, until, &Job::ExpireMakeUp { make_up_id: id }).await
}

/// Gives offered times back when nobody has answered.
pub async fn expire(app: &Arc<App>, id: MakeUpId) -> Result<()> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                match store::make_up(tx, id).await? {
                    Some(offer) if offer.state == MakeUpState::Open && offer.until <= app.clock.now() => {
                        give_up(tx, &app, &offer, MakeUpState::Expired).await
                    }
                    _ => Ok(()),
                }
            })
        })
        .await
}

/// Settles an open offer without a session: its times are free again.
async fn give_up(tx: &mut Tx, app: &App, offer: &MakeUp, state: MakeUpState) -> Result<()> {
    if store::settle_make_up(tx, offer.id, state, app.clock.now()).await? == 0 {
        return Ok(());
    }
    for time in store::make_up_times(tx, &[offer.id]).await? {
        kept::give_back(tx, app, time.occupancy_id, offer.therapist_id).await?;
    }
    standing::announce(tx, offer.therapist_id, offer.client_id);
    Ok(())
}

/// What is offered to a client now, what is kept the shortest first.
pub async fn open_for(app: &App, client: ClientId) -> Result<Vec<Shown>> {
    let mut conn = app.db.read().await?;
    let offers = store::open_make_ups(&mut conn, client, app.clock.now()).await?;
    shown(&mut conn, offers).await
}

/// What a therapist has offered lately, and what became of it; the newest first.
pub async fn lately(app: &App, therapist: TherapistId) -> Result<Vec<Shown>> {
    let mut conn = app.db.read().await?;
    let after = app.clock.now().plus_minutes(-SHOWN_DAYS * 24 * 60);
    let offers = store::make_ups_of(&mut conn, therapist, after).await?;
    shown(&mut conn, offers).await
}

/// The offer a mailed link is for.
pub async fn by_token(app: &App, token: &str) -> Result<Option<Shown>> {
    let Some(secret) = Secret::read(token) else { return Ok(None) };
    let mut conn = app.db.read().await?;
    let offer = store::make_up_by_answer(&mut conn, secret.hash()).await?;
    Ok(shown(&mut conn, offer.into_iter().collect()).await?.pop())
}

/// One offer with its times.
pub async fn one(app: &App, id: MakeUpId) -> Result<Option<Shown>> {
    let mut conn = app.db.read().await?;
    let offer = store::make_up(&mut conn, id).await?;
    Ok(shown(&mut conn, offer.into_iter().collect()).await?.pop())
}

async fn shown(conn: &mut Conn, offers: Vec<MakeUp>) -> Result<Vec<Shown>> {
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<MakeUpId> = offers.iter().map(|offer| offer.id).collect();
    let gone: Vec<BookingId> = offers.iter().map(|offer| offer.booking_id).collect();
    let times = store::make_up_times(conn, &ids).await?;
    let bookings = bookings::some(conn, &gone).await?;
    let with_both = |offer: MakeUp| {
        let booking = bookings.iter().find(|booking| booking.id == offer.booking_id)?.clone();
        let times = times.iter().filter(|time| time.offer_id == offer.id).copied().collect();
        Some(Shown { offer, times, booking })
    };
    Ok(offers.into_iter().filter_map(with_both).collect())
}
