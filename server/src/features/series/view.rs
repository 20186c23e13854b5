//! Standing places as lists show them: with their exceptions, their sessions and their people, read all at once.

use super::{Series, clocks, store, upcoming, zone_of};
use crate::app::App;
use crate::error::Result;
use crate::features::bookings::{Booking, standing};
use crate::features::practice;
use shared::ids::{ClientId, SeriesId};
use shared::series::{ClockNotice, Exception, ExceptionKind, Occurrence};
use shared::time::{Date, Instant};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A standing place with what belongs to it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The place.
    pub series: Series,
    /// What became of single days.
    pub exceptions: Vec<Exception>,
    /// Its sessions in the calendar that are still to come, or stand for a day that is; those called off too.
    pub sessions: Vec<Booking>,
    /// The dates that found no room: nobody has promised them.
    pub homeless: HashSet<Date>,
    /// What its client is called.
    pub client_name: String,
    /// The zone its client reads times in.
    pub client_zone: String,
}

/// The next time of a place.
#[derive(Debug, Clone, Copy)]
pub struct Next {
    /// The day it is called by.
    pub occurrence: Occurrence,
    /// When it begins; another time than agreed when its client moved it.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The session in the calendar, if it is near enough.
    pub booking: Option<shared::ids::BookingId>,
}

impl Shown {
    /// The next times, at most `count`. Sessions that were called off are left out, and dates that found no room.
    pub async fn next(&self, app: &App, count: usize) -> Result<Vec<Next>> {
        let catalogue = practice::catalogue(app).await?;
        let (now, zone) = (app.clock.now(), zone_of(app, &catalogue)?);
        let is_ahead = |session: &Booking| session.status.takes_time() && now < session.starts_at;
        let gone = self.sessions.iter().filter(|session| !is_ahead(session)).count();
        let found = upcoming(&self.series, &self.exceptions, &zone, now, count + gone + self.homeless.len());
        let by_date: HashMap<Date, &Booking> =
            self.sessions.iter().filter_map(|session| Some((session.series_date?, session))).collect();
        let next = |occurrence: Occurrence| {
            let session = by_date.get(&occurrence.date);
            let starts_at = session.map_or(occurrence.starts_at, |session| session.starts_at);
            let ends_at = session.map_or(starts_at.plus_minutes(self.series.minutes), |session| session.ends_at);
            let stands = match session {
                Some(session) => is_ahead(session),
                None => !self.homeless.contains(&occurrence.date),
            };
            stands.then_some(Next { occurrence, starts_at, ends_at, booking: session.map(|session| session.id) })
        };
        let mut next: Vec<Next> = found.into_iter().filter_map(next).collect();
        next.sort_by_key(|next| next.starts_at);
        next.truncate(count);
        Ok(next)
    }

    /// The days from today on that are left out.
    pub async fn left_out(&self, app: &App) -> Result<Vec<Date>> {
        let catalogue = practice::catalogue(app).await?;
        let today = zone_of(app, &catalogue)?.civil(app.clock.now()).date;
        let skipped = self.exceptions.iter().filter(|it| it.kind == ExceptionKind::Skipped && it.date >= today);
        let days: BTreeSet<Date> = skipped.map(|it| it.date).collect();
        Ok(days.into_iter().collect())
    }

    /// The clock change that is near and moves the place for its client.
    pub async fn clock_change(&self, app: &App) -> Result<Option<ClockNotice>> {
        let catalogue = practice::catalogue(app).await?;
        clocks::near(app, &catalogue, &self.series, &self.exceptions, &self.client_zone)
    }
}

/// Places by their ids, with what belongs to them.
pub async fn by_ids(app: &App, ids: impl IntoIterator<Item = SeriesId>) -> Result<Vec<Shown>> {
    let ids: HashSet<SeriesId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<SeriesId> = ids.into_iter().collect();
    let all = store::by_ids(&mut app.db.read().await?, &ids).await?;
    shown(app, all).await
}

/// Places with what belongs to them, in the same order. Takes as many statements for many as for one.
pub async fn shown(app: &App, all: Vec<Series>) -> Result<Vec<Shown>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let catalogue = practice::catalogue(app).await?;
    let (mut conn, now) = (app.db.read().await?, app.clock.now());
    let conn = &mut conn;
    let ids: Vec<SeriesId> = all.iter().map(|series| series.id).collect();
    let clients: HashSet<ClientId> = all.iter().map(|series| series.client_id).collect();
    let clients: Vec<ClientId> = clients.into_iter().collect();
    let mut exceptions: HashMap<SeriesId, Vec<Exception>> = HashMap::new();
    for (id, exception) in store::exceptions_of(conn, &ids).await? {
        exceptions.entry(id).or_default().push(exception);
    }
    let mut homeless: HashMap<SeriesId, HashSet<Date>> = HashMap::new();
    for (id, date) in store::conflicts_of(conn, &ids).await? {
        homeless.entry(id).or_default().insert(date);
    }
    let mut sessions: HashMap<SeriesId, Vec<Booking>> = HashMap::new();
    let today = zone_of(app, &catalogue)?.civil(now).date;
    for session in standing::of_many(conn, &ids, now, today).await? {
        if let Some(id) = session.series_id {
            sessions.entry(id).or_default().push(session);
        }
    }
    let people: HashMap<ClientId, store::Person> =
        store::people(conn, &clients).await?.into_iter().map(|person| (person.client_id, person)).collect();
    let shown = all.into_iter().map(|series| {
        let person = people.get(&series.client_id);
        Shown {
            exceptions: exceptions.remove(&series.id).unwrap_or_default(),
            sessions: sessions.remove(&series.id).unwrap_or_default(),
            homeless: homeless.remove(&series.id).unwrap_or_default(),
            client_name: person.map(|person| person.name.clone()).unwrap_or_default(),
            client_zone: person.map(|person| person.time_zone.clone()).unwrap_or_default(),
            series,
        }
    });
    Ok(shown.collect())
}
