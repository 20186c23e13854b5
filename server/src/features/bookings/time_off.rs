//! Time off: nothing can be booked then.

use super::slot;
use super::store::{self, NewOccupancy};
use super::{Booking, timetable};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::practice;
use crate::idempotency;
use serde::{Deserialize, Serialize};
use shared::booking::key_problem;
use shared::contact::text_problem;
use shared::ids::{OccupancyId, TherapistId, TimeOffId};
use shared::problem::ErrorCode;
use shared::slots::{OccupiedKind, Timetable};
use shared::time::{Date, Instant, LocalTime, TimeRange};
use shared::time_off::Asked;
use shared::zone::ZoneTable;
use std::sync::Arc;

/// A stretch of time off.
#[derive(Debug, Clone)]
pub struct TimeOff {
    /// Which.
    pub id: TimeOffId,
    /// From when until when.
    pub range: TimeRange,
    /// A word for the therapist herself.
    pub note: Option<String>,
}

/// Asks for time off, in days and times of the practice's clock.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct AddTimeOffInput {
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// When it begins on the first day; left out, at midnight.
    pub from_time: Option<LocalTime>,
    /// When it ends on the last day; left out, at midnight.
    pub to_time: Option<LocalTime>,
    /// A word for yourself; nobody else sees it. At most 100 characters.
    pub note: Option<String>,
    /// Chosen by the caller; the same key with the same input gives the same time off, however often it is sent.
    pub idempotency_key: Option<String>,
}

/// The longest note, in characters.
const LONGEST_NOTE: usize = 100;

/// A therapist's time off that is not over.
pub async fn upcoming(app: &App, therapist: TherapistId) -> Result<Vec<TimeOff>> {
    let rows = store::time_off(&mut app.db.read().await?, therapist, app.clock.now()).await?;
    let time_off = |row: store::TimeOffRow| TimeOff {
        id: TimeOffId(row.id.0),
        range: TimeRange { starts_at: row.starts_at, ends_at: row.ends_at },
        note: row.note,
    };
    Ok(rows.into_iter().map(time_off).collect())
}

/// Adds time off. Sessions already booked then are named in the refusal: they must be moved or called off first.
pub async fn add(app: &Arc<App>, therapist_id: TherapistId, input: AddTimeOffInput) -> Result<TimeOff> {
    let note = input.note.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned);
    let problem = note.as_deref().and_then(|note| text_problem("note", note, LONGEST_NOTE));
    let wrong_key = input.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
    Error::unless_fine(problem.into_iter().chain(wrong_key).collect())?;
    let (fingerprint, key) = (idempotency::fingerprint(&input)?, input.idempotency_key.clone());
    let scope = format!("addTimeOff/{therapist_id}");
    let timetable = timetable::remembered(app, therapist_id).await?;
    let range = range_of(&input, &timetable.zone)?;
    let (shared_app, kept_note) = (app.clone(), note.clone());
    let outcome = app
        .db
        .write(move |tx| {
            let (app, note) = (shared_app.clone(), kept_note.clone());
            let (key, scope, fingerprint) = (key.clone(), scope.clone(), fingerprint.clone());
            Box::pin(async move {
                let (now, key) = (app.clock.now(), key.as_deref());
                if let Some(id) = idempotency::begin::<TimeOffId>(tx, &scope, key, &fingerprint, now).await? {
                    return Ok(id);
                }
                slot::clear_holds(tx, therapist_id, range, now).await?;
                let id = place(tx, &app, therapist_id, range, note.as_deref()).await?;
                idempotency::remember(tx, &scope, key, &id).await?;
                Ok(id)
            })
        })
        .await;
    match outcome {
        Ok(id) => Ok(TimeOff { id, range, note }),
        Err(Error::Overlap) => Err(in_the_way(app, therapist_id, range, &timetable).await?),
        Err(error) => Err(error),
    }
}

/// Removes slots that were kept for somebody and have run out, so that they do not stand in the way.
pub async fn clear_holds(tx: &mut Tx, therapist_id: TherapistId, range: TimeRange, now: Instant) -> Result<()> {
    slot::clear_holds(tx, therapist_id, range, now).await
}

/// Puts time off in the calendar inside a write.
pub async fn place(
    tx: &mut Tx,
    app: &App,
    therapist_id: TherapistId,
    range: TimeRange,
    note: Option<&str>,
) -> Result<TimeOffId> {
    let id = app.clock.new_id();
    let row = NewOccupancy {
        id: OccupancyId(id),
        kind: OccupiedKind::TimeOff,
        therapist_id,
        client_id: None,
        room_id: None,
        booking_id: None,
        session_type_id: None,
        blocked: range,
        session: range,
        hold: None,
        note: note.map(str::to_owned),
        override_reason: None,
    };
    slot::take(tx, row, app.clock.now()).await?;
    Ok(TimeOffId(id))
}

/// Takes time off back.
pub async fn remove(app: &Arc<App>, therapist_id: TherapistId, id: TimeOffId) -> Result<()> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let row = store::time_off_row(tx, OccupancyId(id.0)).await?;
                match row.filter(|row| row.therapist_id == therapist_id) {
                    Some(row) => slot::free(tx, &app, row.id, row.therapist_id).await,
                    None => {
                        Err(Error::refused("timeOffId", ErrorCode::NotFound, "This time off is not there any more."))
                    }
                }
            })
        })
        .await
}

/// From when until when, on the practice's calendar and clock.
pub fn range_of(input: &AddTimeOffInput, zone: &ZoneTable) -> Result<TimeRange> {
    let AddTimeOffInput { from, to, from_time, to_time, .. } = *input;
    let asked = Asked { from, to, from_time, to_time };
    asked.range(zone).map_err(|problem| Error::Refused(vec![problem]))
}

async fn in_the_way(app: &App, therapist: TherapistId, range: TimeRange, timetable: &Timetable) -> Result<Error> {
    let bookings = store::booked_between(&mut app.db.read().await?, therapist, range).await?;
    let when = |booking: &Booking| shared::words::short_moment(booking.starts_at, &timetable.zone);
    let list: Vec<String> = bookings.iter().take(5).map(when).collect();
    let message = if list.is_empty() {
        "There is other time off then, a standing place, or a slot somebody is just booking. For standing places, plan an absence: it tells everybody for you.".to_owned()
    } else {
        format!(
            "You have sessions then: {}. Move them or call them off first, or plan an absence, which does it for you.",
            list.join("; ")
        )
    };
    Ok(Error::refused("from", ErrorCode::SlotTaken, message))
}

/// A day of the practice's calendar, from its first moment to the next day's.
pub async fn day_range(app: &App, date: Date) -> Result<TimeRange> {
    let catalogue = practice::catalogue(app).await?;
    let now: Instant = app.clock.now();
    let zone = practice::zones::find("date", &catalogue.practice.time_zone, now)?;
    Ok(zone.day(date))
}
