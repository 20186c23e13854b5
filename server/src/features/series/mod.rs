//! The standing place: a client's regular time, kept in the calendar weeks ahead.

pub mod absence;
pub mod bring;
pub mod change;
pub mod clocks;
pub mod create;
pub mod end;
pub mod graphql;
pub mod holidays;
pub mod keep;
pub mod make_up;
pub mod nightly;
pub mod single;
mod store;
pub mod view;

use crate::app::App;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::practice::{Catalogue, SessionType, zones};
use shared::ids::{ClientId, SeriesId, SessionTypeId, TherapistId};
use shared::money::{Currency, Money};
use shared::practice::Modality;
use shared::problem::ErrorCode;
use shared::series::{Cadence, Exception, Occurrence, SeriesRule, SeriesState, TakenBy, next_dates};
use shared::time::{Date, Instant, LocalTime, Weekday};
use shared::zone::ZoneTable;
use std::sync::Arc;

/// A standing place.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Series {
    /// Which.
    pub id: SeriesId,
    /// Whose.
    pub client_id: ClientId,
    /// With whom.
    pub therapist_id: TherapistId,
    /// What it is.
    pub session_type_id: SessionTypeId,
    /// How often.
    pub cadence: Cadence,
    /// On which day of the week.
    pub weekday: Weekday,
    /// At what time of the practice's clock.
    pub local_time: LocalTime,
    /// No session is earlier.
    pub starts_on: Date,
    /// The last day there may be a session.
    pub ends_on: Option<Date>,
    /// How long a session is, in minutes.
    pub minutes: i64,
    /// How it takes place.
    pub modality: Modality,
    /// A price of its own, in minor units.
    pub price_amount: Option<i64>,
    /// What that price is counted in.
    pub price_currency: Option<Currency>,
    /// Whether its sessions are kept in the calendar.
    pub state: SeriesState,
    /// The place it took over from.
    pub follows_id: Option<SeriesId>,
    /// Counts what its client must be told; 0 is the first.
    pub sequence: i64,
    /// What they were told last; empty while nothing has been.
    pub told_sequence: Option<i64>,
    /// When it was made.
    pub created_at: Instant,
}

/// A session that found no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Conflict {
    /// The place it belongs to.
    pub series_id: SeriesId,
    /// The day it is called by.
    pub date: Date,
    /// When it should begin.
    pub starts_at: Instant,
    /// What was in the way.
    pub taken_by: TakenBy,
    /// Since when it is known.
    pub created_at: Instant,
}

impl Series {
    /// When it comes round.
    pub fn rule(&self) -> SeriesRule {
        SeriesRule {
            cadence: self.cadence,
            weekday: self.weekday,
            time: self.local_time,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
        }
    }

    /// The same place, coming round by another rule.
    fn with_rule(self, rule: SeriesRule) -> Self {
        Series {
            cadence: rule.cadence,
            weekday: rule.weekday,
            local_time: rule.time,
            starts_on: rule.starts_on,
            ends_on: rule.ends_on,
            ..self
        }
    }

    /// Its own price, if it has one.
    pub fn own_price(&self) -> Option<Money> {
        Some(Money { amount: self.price_amount?, currency: self.price_currency? })
    }

    /// What its sessions are, with the length and the way that were agreed for this place.
    fn session_type(&self, catalogue: &Catalogue) -> Result<SessionType> {
        let found = catalogue.session_type(self.session_type_id);
        let found = found.ok_or_else(|| Error::internal("a standing place is of a session type that is gone"))?;
        Ok(SessionType { minutes: self.minutes, modality: self.modality, ..found.clone() })
    }
}

/// One place.
pub async fn get(conn: &mut Conn, id: SeriesId) -> Result<Option<Series>> {
    Ok(store::series(conn, id).await?)
}

/// A client's places that have not ended, the oldest first.
pub async fn of_client(app: &App, client: ClientId) -> Result<Vec<Series>> {
    Ok(store::of_client(&mut app.db.read().await?, client).await?)
}

/// A therapist's places that have not ended, by weekday and time.
pub async fn of_therapist(app: &App, therapist: TherapistId) -> Result<Vec<Series>> {
    let mut all = store::of_therapist(&mut app.db.read().await?, therapist).await?;
    all.sort_by_key(|series| (series.weekday, series.local_time, series.id));
    Ok(all)
}

/// Sessions of a therapist's places that found no room, the soonest first.
pub async fn conflicts(app: &App, therapist: TherapistId) -> Result<Vec<Conflict>> {
    Ok(store::conflicts_of_therapist(&mut app.db.read().await?, therapist, app.clock.now()).await?)
}

/// What became of single days of a place.
pub async fn exceptions(app: &App, id: SeriesId) -> Result<Vec<Exception>> {
    Ok(store::exceptions(&mut app.db.read().await?, id).await?)
}

/// The next sessions of a place by its rule and exceptions; at most `count`.
pub fn upcoming(
    series: &Series,
    exceptions: &[Exception],
    zone: &ZoneTable,
    now: Instant,
    count: usize,
) -> Vec<Occurrence> {
    next_dates(&series.rule(), exceptions, zone, now, count)
}

/// A client's places of which they have not been told the latest.
pub async fn untold(app: &App, client: ClientId) -> Result<Vec<Series>> {
    Ok(store::untold(&mut app.db.read().await?, client).await?)
}

/// Notes what a client has just been told of a place.
pub async fn mark_told(tx: &mut Tx, series: &Series) -> Result<()> {
    Ok(store::set_told(tx, series.id, series.sequence).await?)
}

/// The practice's zone around now.
fn zone_of(app: &App, catalogue: &Catalogue) -> Result<Arc<ZoneTable>> {
    zones::table(&catalogue.practice.time_zone, app.clock.now())
        .ok_or_else(|| Error::internal("the practice's time zone is not in the time zone database"))
}

/// A refusal for a place that does not exist or is somebody else's: both are the same to the caller.
fn no_such_series() -> Error {
    Error::refused("seriesId", ErrorCode::NotFound, "There is no such standing place.")
}

/// A refusal for a day on which a place has no session.
fn no_such_date() -> Error {
    Error::refused("date", ErrorCode::NotFound, "There is no session of this place on that day any more.")
}
