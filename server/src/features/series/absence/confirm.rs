//! All of an absence at once: the time off, what is called off, what takes place instead, and who is told.

use super::{Absence, ConfirmAbsenceInput, affected};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::bookings::Booking;
use crate::features::bookings::standing::{self, as_booked};
use crate::features::bookings::steps::Doer;
use crate::features::bookings::time_off;
use crate::features::practice::{self, Catalogue, Therapist};
use crate::features::series::create::tell;
use crate::features::series::{Series, make_up, store, zone_of};
use crate::idempotency;
use crate::jobs::{self, Job};
use shared::booking::CancelledBy;
use shared::ids::{BookingId, ClientId, SeriesId};
use shared::problem::ErrorCode;
use shared::series::{Exception, ExceptionKind};
use shared::time::{Instant, TimeRange};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Does all of it in one write, or nothing.
pub async fn confirm(app: &Arc<App>, therapist: &Therapist, input: ConfirmAbsenceInput) -> Result<Absence> {
    Error::unless_fine(input.problems())?;
    let catalogue = practice::catalogue(app).await?;
    let range = time_off::range_of(&input.plan().time_off(None), &*zone_of(app, &catalogue)?)?;
    let fingerprint = idempotency::fingerprint(&input)?;
    let scope = app.keys.pseudonym("confirmAbsence", &therapist.id.to_string());
    let (shared_app, therapist, input) = (app.clone(), therapist.clone(), Arc::new(input));
    let outcome = app
        .db
        .write(move |tx| {
            let (app, catalogue, input, therapist) =
                (shared_app.clone(), catalogue.clone(), input.clone(), therapist.clone());
            let (fingerprint, scope) = (fingerprint.clone(), scope.clone());
            Box::pin(async move {
                let (now, key) = (app.clock.now(), input.idempotency_key.as_deref());
                if let Some(done) = idempotency::begin::<Absence>(tx, &scope, key, &fingerprint, now).await? {
                    return Ok(done);
                }
                let done = sweep(tx, &app, &catalogue, &therapist, &input, range).await?;
                idempotency::remember(tx, &scope, key, &done).await?;
                Ok(done)
            })
        })
        .await;
    match outcome {
        Err(Error::Overlap) => {
            let message = "Something is in the way: other time off, a slot that is being booked right now, or one of the chosen times has just been taken. Nothing was changed; look at the plan again.";
            Err(Error::refused("from", ErrorCode::SlotTaken, message))
        }
        other => other,
    }
}

async fn sweep(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    therapist: &Therapist,
    input: &ConfirmAbsenceInput,
    range: TimeRange,
) -> Result<Absence> {
    let (now, doer, zone) = (app.clock.now(), Doer::practice(therapist.user_id), zone_of(app, catalogue)?);
    practice::lock_therapist(tx, therapist.id).await?;
    let bookings = affected(tx, therapist.id, range, now).await?;
    let found: BTreeSet<BookingId> = bookings.iter().map(|booking| booking.id).collect();
    if found != input.booking_ids.iter().copied().collect() {
        let message = "The sessions in these days have changed meanwhile. Nothing was done; look at the plan again.";
        return Err(Error::refused("bookingIds", ErrorCode::Invalid, message));
    }
    let places = store::places_between(tx, therapist.id, range).await?;
    let mut clients: BTreeSet<ClientId> = bookings.iter().filter_map(|booking| booking.client_id).collect();
    clients.extend(places.iter().map(|place| place.client_id));
    let touched: BTreeSet<SeriesId> = places.iter().map(|place| place.series_id).collect();
    for place in &places {
        let skipped = Exception { date: place.date, kind: ExceptionKind::Skipped };
        store::put_exception(tx, place.series_id, skipped, CancelledBy::Practice, now).await?;
        if let Some(row) = store::places(tx, place.series_id).await?.iter().find(|row| row.date == place.date) {
            standing::give_back(tx, app, row.occupancy_id, therapist.id).await?;
        }
    }
    for booking in &bookings {
        standing::lift(tx, app, booking).await?;
    }
    let note = input.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    time_off::clear_holds(tx, therapist.id, range, now).await?;
    let time_off_id = time_off::place(tx, app, therapist.id, range, note).await?;
    let (mut moved, mut offered) = (0, 0);
    for booking in &bookings {
        let make_up = input.make_ups.iter().find(|make_up| make_up.booking_id == booking.id);
        let kind = match make_up {
            Some(make_up) => {
                make_up_for(tx, app, catalogue, booking, make_up.starts_at, doer).await?;
                moved += 1;
                ExceptionKind::Moved { to: zone.civil(make_up.starts_at) }
            }
            None => {
                standing::call_off(tx, app, booking, doer).await?;
                let offers = input.offers.as_deref().unwrap_or_default();
                if let Some(offer) = offers.iter().find(|offer| offer.booking_id == booking.id) {
                    make_up::offer(tx, app, catalogue, booking, &offer.starts_at).await?;
                    offered += 1;
                }
                ExceptionKind::Skipped
            }
        };
        if let (Some(series), Some(date)) = (booking.series_id, booking.series_date) {
            store::put_exception(tx, series, Exception { date, kind }, CancelledBy::Practice, now).await?;
        }
    }
    for id in touched {
        let Some(series) = store::series(tx, id).await? else { continue };
        store::update(tx, &Series { sequence: series.sequence + 1, ..series.clone() }).await?;
        tell(tx, app, &series).await?;
    }
    let at = app.outward_at();
    for client_id in clients {
        jobs::enqueue(tx, &app.clock, at, &Job::TellSessions { client_id }).await?;
    }
    // Who is no client yet has no portal: they are told of their one call by itself.
    for booking in bookings.iter().filter(|booking| booking.client_id.is_none()) {
        jobs::enqueue(tx, &app.clock, at, &Job::TellClient { booking_id: booking.id }).await?;
    }
    audit::record(tx, now, Some(therapist.user_id), "confirm absence", Some(time_off_id.0)).await?;
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    Ok(Absence {
        time_off_id,
        starts_at: range.starts_at,
        ends_at: range.ends_at,
        called_off: count(bookings.len()) - moved,
        moved,
        offered,
        left_out: count(places.len()),
    })
}

/// Puts a session that was lifted where it takes place instead, if that is free.
async fn make_up_for(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    booking: &Booking,
    starts_at: Instant,
    doer: Doer,
) -> Result<()> {
    let now = app.clock.now();
    let session_type = as_booked(catalogue, booking)?;
    let blocked = standing::blocked(&session_type, starts_at);
    if starts_at <= now {
        return Err(Error::refused("makeUps", ErrorCode::Invalid, "Choose times that are still to come."));
    }
    let client = booking.client_id.unwrap_or(ClientId(booking.id.0));
    let busy = standing::busy(tx, booking.therapist_id, client, blocked, now).await?;
    if !busy.is_empty() || !standing::has_room(tx, &session_type, blocked, now).await? {
        return Err(Error::Overlap);
    }
    standing::set_down(tx, app, catalogue, booking, &session_type, starts_at, doer).await
}
