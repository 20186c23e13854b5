//! Clock changes: both sides are told two weeks before one that moves a standing place for one of them.

use super::{Series, store, zone_of};
use crate::app::App;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::features::accounts;
use crate::features::bookings::Audience;
use crate::features::clients;
use crate::features::practice::{self, Catalogue, zones};
use crate::jobs::{self, Job};
use shared::ids::SeriesId;
use shared::series::{ClockNotice, Exception, clock_notices, occurrences};
use shared::time::{Instant, LocalTime};
use std::sync::Arc;
use uuid::Uuid;

/// How many days around now sessions are compared: the longest rhythm before, and what is told about ahead.
const BACK_DAYS: i64 = 40;
const AHEAD_DAYS: i64 = 60;

/// The clock change that moves a place for somebody who reads times in `reader`, if one is near.
pub fn near(
    app: &App,
    catalogue: &Catalogue,
    series: &Series,
    exceptions: &[Exception],
    reader: &str,
) -> Result<Option<ClockNotice>> {
    let (now, practice) = (app.clock.now(), zone_of(app, catalogue)?);
    let Some(reader) = zones::table(reader, now) else { return Ok(None) };
    let today = practice.civil(now).date;
    let (from, to) = (today.plus_days(-BACK_DAYS), today.plus_days(AHEAD_DAYS));
    let sessions = occurrences(&series.rule(), exceptions, &practice, from, to);
    Ok(clock_notices(&sessions, &practice, &reader, now).into_iter().next())
}

/// The daily turn: stores what is new, with a job that tells of it.
pub async fn look_ahead(app: &Arc<App>) -> Result<()> {
    let ids = store::active(&mut app.db.read().await?).await?;
    for id in ids {
        if let Err(error) = look_at(app, id).await {
            tracing::error!(series = %id, %error, "the clock changes of a standing place were not looked at");
        }
    }
    Ok(())
}

async fn look_at(app: &Arc<App>, id: SeriesId) -> Result<()> {
    let catalogue = practice::catalogue(app).await?;
    let mut conn = app.db.read().await?;
    let Some(series) = store::series(&mut conn, id).await? else { return Ok(()) };
    let exceptions = store::exceptions(&mut conn, id).await?;
    let Some(client) = clients::get(&mut conn, series.client_id).await? else { return Ok(()) };
    drop(conn);
    let Some(therapist) = catalogue.therapist(series.therapist_id) else { return Ok(()) };
    let theirs = accounts::user(app, client.user_id).await?.time_zone;
    let hers = accounts::user(app, therapist.user_id).await?.time_zone;
    let for_client = near(app, &catalogue, &series, &exceptions, &theirs)?;
    let for_therapist = near(app, &catalogue, &series, &exceptions, &hers)?;
    // Whoever's clock it moves, both know: each is told what their own shows.
    let Some(moved) = for_client.or(for_therapist) else { return Ok(()) };
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let now = app.clock.now();
                for (audience, notice) in [("CLIENT", for_client), ("THERAPIST", for_therapist)] {
                    let notice_id = app.clock.new_id();
                    let notice = notice.unwrap_or(ClockNotice { is: moved.is, was: moved.was, ..moved });
                    if store::insert_notice(tx, notice_id, id, audience, &notice, now).await? {
                        jobs::enqueue(tx, &app.clock, now, &Job::TellClockChange { notice_id }).await?;
                    }
                }
                Ok(())
            })
        })
        .await
}

/// Something to tell somebody about a clock change.
#[derive(Debug, Clone)]
pub struct ToTell {
    /// The place.
    pub series: Series,
    /// Whom.
    pub audience: Audience,
    /// The first session at the other time.
    pub starts_at: Instant,
    /// What a clock shows then, of whoever's it moves.
    pub is: LocalTime,
    /// What that clock would have shown.
    pub was: LocalTime,
    /// Whether it has been told.
    pub is_told: bool,
}

/// What is to be told.
pub async fn to_tell(conn: &mut Conn, notice: Uuid) -> Result<Option<ToTell>> {
    let Some(row) = store::notice(conn, notice).await? else { return Ok(None) };
    let series = store::series(conn, row.series_id).await?.ok_or(Error::NotFound)?;
    let audience = if row.audience == "CLIENT" { Audience::Client } else { Audience::Therapist };
    let (is, was, is_told) = (row.time_is, row.time_was, row.told_at.is_some());
    Ok(Some(ToTell { series, audience, starts_at: row.starts_at, is, was, is_told }))
}

/// Notes that it has been told.
pub async fn mark_told(app: &App, notice: Uuid) -> Result<()> {
    let now = app.clock.now();
    app.db.write(move |tx| Box::pin(async move { Ok(store::set_notice_told(tx, notice, now).await?) })).await
}
