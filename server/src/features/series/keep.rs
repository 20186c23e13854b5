//! Keeps a standing place in the calendar: its sessions for the next weeks, its time beyond them.
//!
//! Everything that makes or changes a place ends here, and the daily turn (`nightly`) asks here: one function compares what there
//! should be with what there is, and mends the difference. What it cannot place it notes, so that nothing is left out in
//! silence.

use super::{Conflict, Series, store, zone_of};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::bookings::Booking;
use crate::features::bookings::standing::{self, Busy, Kept};
use crate::features::bookings::steps::Doer;
use crate::features::practice::{self, Catalogue, SessionType};
use crate::features::{accounts, clients};
use crate::jobs::{self, Job};
use shared::ids::{OccupancyId, SeriesId};
use shared::series::{Occurrence, PLACE_DAYS, SeriesState, TakenBy, WEEKS_AHEAD_RANGE, occurrences};
use shared::slots::OccupiedKind;
use shared::stage::Stage;
use shared::time::{Date, Instant, TimeRange};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many days back a day may lie whose session was moved ahead.
pub(super) const BACK_DAYS: i64 = 62;

/// Whether its client knows of the sessions that are put in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// They do: the place is as they know it, there is only more of it.
    Known,
    /// They will be told.
    Soon,
}

/// What was done.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    /// How many sessions were put in the calendar.
    pub placed: usize,
    /// How many were taken out.
    pub called_off: usize,
    /// The sessions that found no room.
    pub conflicts: Vec<Conflict>,
    /// Whether one of those was not known before.
    pub has_news: bool,
}

/// Makes the calendar what the place says it should be.
pub(super) async fn settle(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    series: &Series,
    doer: Doer,
    told: Told,
) -> Result<Settled> {
    let (now, zone) = (app.clock.now(), zone_of(app, catalogue)?);
    let today = zone.civil(now).date;
    let until = today.plus_days(PLACE_DAYS);
    let exceptions = store::exceptions(tx, series.id).await?;
    let named = occurrences(&series.rule(), &exceptions, &zone, today.plus_days(-BACK_DAYS), until);
    let mut settled = Settled::default();

    let sessions = standing::of_series(tx, series.id, today.plus_days(-BACK_DAYS)).await?;
    let places = store::places(tx, series.id).await?;
    let session_type = series.session_type(catalogue)?;
    let near = today.plus_days(7 * weeks_ahead(catalogue));
    let Difference { stray, wrong, missing } = compare(&named, &sessions, &places, &session_type, near, now);
    for session in stray {
        standing::call_off(tx, app, session, doer).await?;
        settled.called_off += 1;
    }
    for place in wrong {
        standing::give_back(tx, app, place, series.therapist_id).await?;
    }

    let client = clients::get(tx, series.client_id).await?.ok_or(Error::NotFound)?;
    // A relationship that is at rest keeps what it has; nothing is added.
    if series.state == SeriesState::Active && client.stage.opens_paid_sessions() {
        let ahead = now.plus_minutes((PLACE_DAYS + 2) * 24 * 60);
        let mut busy = standing::busy(
            tx,
            series.therapist_id,
            series.client_id,
            TimeRange { starts_at: now, ends_at: ahead },
            now,
        )
        .await?;
        let user = accounts::user_in(tx, client.user_id).await?;
        for session in missing {
            let blocked = standing::blocked(&session_type, session.starts_at);
            if let Some(other) = busy.iter().find(|other| other.range.overlaps(&blocked)) {
                settled.conflicts.push(conflict(series.id, session, taken_by(other.kind), now));
                continue;
            }
            if session.agreed.date <= near {
                if !standing::has_room(tx, &session_type, blocked, now).await? {
                    settled.conflicts.push(conflict(series.id, session, TakenBy::Room, now));
                    continue;
                }
                let place = Kept { series_id: series.id, date: session.date, price: series.own_price() };
                let known = told == Told::Known;
                standing::put(tx, app, catalogue, &session_type, &client, &user, session.starts_at, place, doer, known)
                    .await?;
                settled.placed += 1;
            } else {
                let (therapist, client) = (series.therapist_id, series.client_id);
                let id = standing::keep(tx, app, &session_type, therapist, client, session.starts_at).await?;
                store::insert_place(tx, series.id, session.date, id).await?;
            }
            busy.push(Busy { range: blocked, kind: OccupiedKind::Booking });
        }
    }
    settled.has_news = note_conflicts(tx, series.id, &settled.conflicts, now).await?;
    Ok(settled)
}

/// What there should be of a place, compared with what there is.
pub(super) struct Difference<'a> {
    /// Sessions it has no use for any more.
    pub(super) stray: Vec<&'a Booking>,
    /// Kept time that is not right any more.
    pub(super) wrong: Vec<OccupancyId>,
    /// Sessions it should have and has neither in the calendar nor kept.
    pub(super) missing: Vec<&'a Occurrence>,
}

/// Compares the days a place names with its sessions and the time that is kept for it. `near` is the last day whose session
/// is in the calendar; beyond it time is kept.
pub(super) fn compare<'a>(
    named: &'a [Occurrence],
    sessions: &'a [Booking],
    places: &[store::PlaceRow],
    session_type: &SessionType,
    near: Date,
    now: Instant,
) -> Difference<'a> {
    let names: BTreeSet<Date> = named.iter().map(|session| session.date).collect();
    let is_stray = |session: &&Booking| {
        let stands = session.status.can_cancel(session.starts_at, now);
        stands && session.series_date.is_some_and(|date| !names.contains(&date))
    };
    let booked: BTreeSet<Date> = sessions.iter().filter_map(|session| session.series_date).collect();
    let is_wanted = |session: &&Occurrence| session.starts_at > now && !booked.contains(&session.date);
    let wanted: Vec<&Occurrence> = named.iter().filter(is_wanted).collect();
    let is_right = |place: &&store::PlaceRow| {
        wanted.iter().any(|session| {
            session.date == place.date
                && session.agreed.date > near
                && session.starts_at == place.session_starts_at
                && standing::blocked(session_type, session.starts_at).ends_at == place.ends_at
        })
    };
    let (right, wrong): (Vec<&store::PlaceRow>, Vec<&store::PlaceRow>) = places.iter().partition(is_right);
    let kept: BTreeSet<Date> = right.iter().map(|place| place.date).collect();
    Difference {
        stray: sessions.iter().filter(is_stray).collect(),
        wrong: wrong.iter().map(|place| place.occupancy_id).collect(),
        missing: wanted.into_iter().filter(|session| !kept.contains(&session.date)).collect(),
    }
}

pub(super) fn conflict(series_id: SeriesId, session: &Occurrence, taken_by: TakenBy, now: Instant) -> Conflict {
    Conflict { series_id, date: session.date, starts_at: session.starts_at, taken_by, created_at: now }
}

fn taken_by(kind: OccupiedKind) -> TakenBy {
    match kind {
        OccupiedKind::Booking => TakenBy::Booking,
        OccupiedKind::Hold => TakenBy::Hold,
        OccupiedKind::Series => TakenBy::Series,
        OccupiedKind::TimeOff | OccupiedKind::External => TakenBy::TimeOff,
    }
}

/// Remembers what found no room, and forgets what has found some. Whether one of them is new.
async fn note_conflicts(tx: &mut Tx, id: SeriesId, found: &[Conflict], now: Instant) -> Result<bool> {
    let known = store::conflicts(tx, id).await?;
    let has_news = found.iter().any(|conflict| known.iter().all(|known| known.date != conflict.date));
    for known in known {
        if found.iter().all(|conflict| conflict.date != known.date) {
            store::delete_conflict(tx, id, known.date).await?;
        }
    }
    for conflict in found {
        store::put_conflict(tx, id, conflict.date, conflict.starts_at, conflict.taken_by, now).await?;
    }
    Ok(has_news)
}

/// How many weeks ahead sessions are in the calendar.
pub(super) fn weeks_ahead(catalogue: &Catalogue) -> i64 {
    catalogue.practice.settings.series_weeks_ahead.clamp(*WEEKS_AHEAD_RANGE.start(), *WEEKS_AHEAD_RANGE.end())
}

/// Keeps one place ahead, warns its therapist of what found no room, and ends it when its last day or the relationship is over.
pub async fn keep_ahead(app: &Arc<App>, id: SeriesId) -> Result<Settled> {
    let catalogue = practice::catalogue(app).await?;
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let (app, catalogue) = (shared_app.clone(), catalogue.clone());
            Box::pin(async move {
                let Some(mut series) = store::series(tx, id).await? else { return Ok(Settled::default()) };
                if series.state == SeriesState::Ended {
                    return Ok(Settled::default());
                }
                practice::lock_therapist(tx, series.therapist_id).await?;
                let today = zone_of(&app, &catalogue)?.civil(app.clock.now()).date;
                let stage = clients::get(tx, series.client_id).await?.map(|client| client.stage);
                if matches!(stage, None | Some(Stage::Ended | Stage::ReferredOut)) {
                    series.ends_on = Some(series.ends_on.map_or(today, |end| end.min(today)));
                }
                if series.ends_on.is_some_and(|end| end < today) {
                    series.state = SeriesState::Ended;
                }
                store::update(tx, &series).await?;
                let settled = settle(tx, &app, &catalogue, &series, Doer::SYSTEM, Told::Known).await?;
                if settled.has_news {
                    let job = Job::TellConflicts { therapist_id: series.therapist_id };
                    jobs::enqueue(tx, &app.clock, app.clock.now(), &job).await?;
                }
                Ok(settled)
            })
        })
        .await
}
