//! One session of a standing place: left out, or at another time.

use super::create::tell;
use super::keep::{self, Told};
use super::{Series, no_such_date, no_such_series, store, zone_of};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::bookings::cancel::{self, CancelBookingInput};
use crate::features::bookings::standing::{self, nearest};
use crate::features::bookings::steps::Doer;
use crate::features::bookings::{Booking, Slot};
use crate::features::clients;
use crate::features::practice::{self, Catalogue, Therapist};
use serde::{Deserialize, Serialize};
use shared::actor::Role;
use shared::booking::CancelledBy;
use shared::ids::{SeriesId, TherapistId};
use shared::problem::ErrorCode;
use shared::series::{Exception, ExceptionKind, is_occurrence, move_one, skip_one};
use shared::time::{Date, LocalTime};
use shared::zone::CivilTime;
use std::sync::Arc;

/// Leaves one session of a place out.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct SkipOccurrenceInput {
    /// Which place.
    pub series_id: SeriesId,
    /// The day it is called by.
    pub date: Date,
    /// Why, if you would like to say; at most 500 characters. Only kept for sessions that are in the calendar.
    pub reason: Option<String>,
}

/// Gives one session of a place another time.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct MoveOccurrenceInput {
    /// Which place.
    pub series_id: SeriesId,
    /// The day it is called by.
    pub date: Date,
    /// The day it moves to, on the practice's calendar.
    pub to_date: Date,
    /// The time it moves to, on the practice's clock.
    pub to_time: LocalTime,
}

/// Leaves one session out. A client may do that too: what it costs is what calling it off costs, and nothing when it is
/// further ahead than the calendar.
pub async fn skip(app: &Arc<App>, viewer: Viewer, input: SkipOccurrenceInput) -> Result<Series> {
    let series = reachable(app, viewer, input.series_id).await?;
    let by = if viewer.role == Role::Client { CancelledBy::Client } else { CancelledBy::Practice };
    if by == CancelledBy::Client
        && let Some(booking) = in_calendar(app, &series, input.date).await?
    {
        let wish = CancelBookingInput { manage_token: None, booking_id: Some(booking.id), reason: input.reason };
        cancel::cancel(app, wish, Some(viewer)).await?;
        return store::series(&mut app.db.read().await?, series.id).await?.ok_or(Error::NotFound);
    }
    let catalogue = practice::catalogue(app).await?;
    let (shared_app, actor) = (app.clone(), viewer.user_id);
    app.db
        .write(move |tx| {
            let (app, catalogue, input) = (shared_app.clone(), catalogue.clone(), input.clone());
            Box::pin(async move {
                let series = locked(tx, input.series_id).await?;
                let exceptions = store::exceptions(tx, series.id).await?;
                let skipped = skip_one(&series.rule(), &exceptions, input.date).ok_or_else(no_such_date)?;
                let doer = match by {
                    CancelledBy::Client => Doer::client(Some(actor)),
                    CancelledBy::Practice => Doer::practice(actor),
                };
                let booked = standing::of_series(tx, series.id, input.date).await?;
                let in_calendar = booked.iter().any(|booking| booking.series_date == Some(input.date));
                agree(tx, &app, &series, &skipped, input.date, by).await?;
                let about = if in_calendar { About::Session } else { About::Place };
                settled(tx, &app, &catalogue, series, doer, about, "skip session of series").await
            })
        })
        .await
}

/// Gives one session another time. It keeps its number, its price and its payment; what is in the way is refused with the
/// nearest free times.
pub async fn shift(app: &Arc<App>, therapist: &Therapist, input: MoveOccurrenceInput) -> Result<Series> {
    let catalogue = practice::catalogue(app).await?;
    let zone = zone_of(app, &catalogue)?;
    let to = CivilTime { date: input.to_date, time: input.to_time };
    let starts_at = zone.resolve(to.date, to.time).at;
    if starts_at <= app.clock.now() {
        return Err(Error::refused("toDate", ErrorCode::Invalid, "Choose a time that is still to come."));
    }
    let (shared_app, actor, therapist_id) = (app.clone(), therapist.user_id, therapist.id);
    app.db
        .write(move |tx| {
            let (app, catalogue, input) = (shared_app.clone(), catalogue.clone(), input.clone());
            Box::pin(async move {
                let (now, doer) = (app.clock.now(), Doer::practice(actor));
                let series = of_therapist(locked(tx, input.series_id).await?, therapist_id)?;
                let exceptions = store::exceptions(tx, series.id).await?;
                let moved = move_one(&series.rule(), &exceptions, input.date, to).ok_or_else(no_such_date)?;
                let session_type = series.session_type(&catalogue)?;
                let blocked = standing::blocked(&session_type, starts_at);
                let booked = standing::of_series(tx, series.id, input.date).await?;
                let booked = booked.into_iter().find(|booking| booking.series_date == Some(input.date));
                if let Some(place) = store::places(tx, series.id).await?.iter().find(|it| it.date == input.date) {
                    standing::give_back(tx, &app, place.occupancy_id, series.therapist_id).await?;
                }
                match &booked {
                    Some(booking) if booking.status.can_move(booking.starts_at, now) => {
                        standing::lift(tx, &app, booking).await?
                    }
                    // What was called off or is over keeps its day; another session takes its place.
                    Some(booking) if booking.cancelled_at.is_some() => standing::rename(tx, booking.id, None).await?,
                    Some(_) => {
                        return Err(Error::refused(
                            "date",
                            ErrorCode::AlreadyDone,
                            "That session has begun or is over.",
                        ));
                    }
                    None => {}
                }
                let (client, therapist) = (series.client_id, series.therapist_id);
                let busy = standing::busy(tx, therapist, client, blocked, now).await?;
                if !busy.is_empty() || !standing::has_room(tx, &session_type, blocked, now).await? {
                    return Err(Error::Overlap);
                }
                let mut about = About::Place;
                if let Some(booking) = booked.filter(|booking| booking.status.can_move(booking.starts_at, now)) {
                    standing::set_down(tx, &app, &catalogue, &booking, &session_type, starts_at, doer).await?;
                    about = About::Session;
                }
                agree(tx, &app, &series, &moved, input.date, CancelledBy::Practice).await?;
                settled(tx, &app, &catalogue, series, doer, about, "move session of series").await
            })
        })
        .await
}

/// The free starts nearest to a session that found no room or could not be moved.
pub async fn alternatives(app: &App, series: &Series, starts_at: shared::time::Instant) -> Result<Vec<Slot>> {
    let catalogue = practice::catalogue(app).await?;
    nearest(app, &series.session_type(&catalogue)?, series.therapist_id, starts_at).await
}

/// The free starts nearest to one day of a place.
pub async fn alternatives_on(app: &App, id: SeriesId, date: Option<Date>) -> Result<Vec<Slot>> {
    let Some(series) = store::series(&mut app.db.read().await?, id).await? else { return Ok(Vec::new()) };
    let catalogue = practice::catalogue(app).await?;
    let zone = zone_of(app, &catalogue)?;
    let date = date.unwrap_or_else(|| zone.civil(app.clock.now()).date);
    alternatives(app, &series, zone.resolve(date, series.local_time).at).await
}

/// The place, if it is this viewer's to change.
pub(super) async fn reachable(app: &App, viewer: Viewer, id: SeriesId) -> Result<Series> {
    let mut conn = app.db.read().await?;
    let series = store::series(&mut conn, id).await?.ok_or_else(no_such_series)?;
    let is_own = match viewer.role {
        Role::Client => {
            clients::of_user(&mut conn, viewer.user_id).await?.is_some_and(|client| client.id == series.client_id)
        }
        Role::Therapist | Role::Owner | Role::Assistant => {
            drop(conn);
            let therapist = practice::therapist_of_user(app, viewer.user_id).await?;
            therapist.is_some_and(|therapist| therapist.id == series.therapist_id)
        }
    };
    if is_own { Ok(series) } else { Err(no_such_series()) }
}

/// The session in the calendar that stands for a day of a place, if it can be called off.
async fn in_calendar(app: &App, series: &Series, date: Date) -> Result<Option<Booking>> {
    let mut conn = app.db.read().await?;
    let exceptions = store::exceptions(&mut conn, series.id).await?;
    if !is_occurrence(&series.rule(), &exceptions, date) {
        return Err(no_such_date());
    }
    let booked = standing::of_series(&mut conn, series.id, date).await?;
    Ok(booked.into_iter().find(|booking| booking.series_date == Some(date)))
}

/// The place as it is once nobody else changes this therapist's time.
pub(super) async fn locked(tx: &mut Tx, id: SeriesId) -> Result<Series> {
    let first = store::series(tx, id).await?.ok_or_else(no_such_series)?;
    practice::lock_therapist(tx, first.therapist_id).await?;
    store::series(tx, id).await?.ok_or_else(no_such_series)
}

pub(super) fn of_therapist(series: Series, therapist: TherapistId) -> Result<Series> {
    if series.therapist_id == therapist { Ok(series) } else { Err(no_such_series()) }
}

/// Notes what was agreed for one day.
async fn agree(
    tx: &mut Tx,
    app: &App,
    series: &Series,
    exceptions: &[Exception],
    date: Date,
    by: CancelledBy,
) -> Result<()> {
    let agreed = exceptions.iter().find(|exception| exception.date == date).copied();
    let agreed = agreed.unwrap_or(Exception { date, kind: ExceptionKind::Skipped });
    Ok(store::put_exception(tx, series.id, agreed, by, app.clock.now()).await?)
}

/// What a change is news of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The place itself, or a day further ahead than the calendar.
    Place,
    /// A session in the calendar: it tells of itself.
    Session,
}

/// Brings the calendar into line, and tells both sides once.
pub(super) async fn settled(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    series: Series,
    doer: Doer,
    about: About,
    deed: &str,
) -> Result<Series> {
    let series = Series { sequence: series.sequence + i64::from(about == About::Place), ..series };
    store::update(tx, &series).await?;
    keep::settle(tx, app, catalogue, &series, doer, Told::Soon).await?;
    audit::record(tx, app.clock.now(), doer.actor, deed, Some(series.client_id.0)).await?;
    tell(tx, app, &series).await?;
    Ok(series)
}
