//! A session that waits for payment: confirmed when the money is there, given back when it is not.

use super::book_discovery::tell;
use super::place;
use super::reschedule::as_booked;
use super::steps::{self, Doer, StepKind};
use super::{Booking, slot, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::practice::Catalogue;
use crate::jobs::{self, Job};
use shared::booking::BookingStatus;
use shared::ids::BookingId;
use shared::time::Instant;
use std::sync::Arc;

/// What became of a booking whose payment arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paid {
    /// It is confirmed now.
    Confirmed,
    /// It had been confirmed already.
    Already,
    /// It had been given back, and could be taken again.
    Rebooked,
    /// Its time is somebody else's, or it was called off: the money goes back.
    Lost,
}

/// Confirms a booking whose payment arrived, inside the write that notes the payment.
pub async fn confirm_paid(tx: &mut Tx, app: &App, catalogue: &Catalogue, id: BookingId) -> Result<Paid> {
    let first = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    slot::lock(tx, &[first.therapist_id]).await?;
    let booking = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    let paid = match booking.status {
        BookingStatus::PendingPayment => Paid::Confirmed,
        BookingStatus::Confirmed | BookingStatus::Completed | BookingStatus::NoShow => return Ok(Paid::Already),
        BookingStatus::Cancelled => return Ok(Paid::Lost),
        BookingStatus::Expired => match take_again(tx, app, catalogue, &booking).await? {
            true => Paid::Rebooked,
            false => return Ok(Paid::Lost),
        },
    };
    if store::set_status(tx, id, booking.status, BookingStatus::Confirmed).await? == 0 {
        return Err(Error::Unavailable("the booking was changed at the same time".into()));
    }
    steps::note(tx, &app.clock, id, StepKind::Paid, Doer::SYSTEM, None, None).await?;
    let after = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    tell(tx, app, &after).await?;
    Ok(paid)
}

async fn take_again(tx: &mut Tx, app: &App, catalogue: &Catalogue, booking: &Booking) -> Result<bool> {
    let now = app.clock.now();
    if booking.starts_at <= now {
        return Ok(false);
    }
    let session_type = as_booked(catalogue, booking)?;
    let (_, blocked) = slot::ranges(&session_type, booking.starts_at);
    slot::clear_holds(tx, booking.therapist_id, blocked, now).await?;
    if !store::is_free(tx, booking.therapist_id, booking.client_id, blocked, now).await? {
        return Ok(false);
    }
    let room = match place::room(tx, &session_type, None, blocked, now).await {
        Err(Error::Overlap) => return Ok(false),
        room => room?,
    };
    place::occupy(tx, app, &Booking { room_id: room, ..booking.clone() }, blocked, None).await?;
    Ok(true)
}

/// Keeps the time of a booking that waits for its payment at least until a moment: the page it is paid on lives as long.
pub async fn keep_until(tx: &mut Tx, id: BookingId, until: Instant) -> Result<()> {
    Ok(store::keep_until(tx, id, until).await?)
}

/// Gives back the time of a booking that was not paid for.
pub async fn expire(app: &Arc<App>, id: BookingId) -> Result<()> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move { expire_unpaid(tx, &app, id).await.map(|_| ()) })
        })
        .await
}

/// Gives back the time of a booking that was not paid for, inside a write. Answers whether it did.
pub async fn expire_unpaid(tx: &mut Tx, app: &App, id: BookingId) -> Result<bool> {
    if store::set_status(tx, id, BookingStatus::PendingPayment, BookingStatus::Expired).await? == 0 {
        return Ok(false);
    }
    if let Some(row) = store::occupancy_of_booking(tx, id).await? {
        slot::free(tx, app, row.id, row.therapist_id).await?;
    }
    steps::note(tx, &app.clock, id, StepKind::Expired, Doer::SYSTEM, None, None).await?;
    if let Some(booking) = store::booking(tx, id).await? {
        place::announce(tx, &booking);
    }
    jobs::enqueue(tx, &app.clock, app.outward_at(), &Job::TellExpired { booking_id: id }).await?;
    Ok(true)
}
