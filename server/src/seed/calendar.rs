//! Who has been here, who comes, and when.

use super::intake;
use super::people::{Call, Kind, PEOPLE, Sketch, Who};
use super::practice::{House, time};
use crate::app::App;
use crate::clock::Clock;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::{self, User};
use crate::features::bookings::place::{self, Guest, NewSession, Past};
use crate::features::bookings::steps::Doer;
use crate::features::bookings::time_off;
use crate::features::clients::{self, Client};
use crate::features::money::prices::Quote;
use crate::features::practice::{SessionType, Therapist, zones};
use crate::features::series::{Series, bring};
use crate::keys;
use shared::actor::Role;
use shared::booking::{BookingSource, BookingStatus, REFERENCE_ALPHABET, REFERENCE_LENGTH};
use shared::ids::{SeriesId, UserId};
use shared::profile::paragraphs;
use shared::series::{Cadence, SeriesState};
use shared::stage::Stage;
use shared::time::{Date, Instant, TimeRange};
use shared::zone::ZoneTable;
use std::sync::Arc;

const DAY: i64 = 24 * 60;

/// The week Ada is away in, counted from this one.
const AWAY_WEEK: i64 = 3;

/// A stretch of a therapist's time that is spoken for.
type Taken = (Who, TimeRange);

/// One session to come or gone by, before it is in the calendar.
struct Planned<'a> {
    session_type: &'a SessionType,
    at: Instant,
    status: BookingStatus,
}

struct Days<'a> {
    house: &'a House,
    zone: Arc<ZoneTable>,
    now: Instant,
    today: Date,
    monday: Date,
}

/// Fills the calendar around now.
pub(super) async fn fill(tx: &mut Tx, app: &App, house: &House) -> Result<()> {
    let now = app.clock.now();
    let zone = zones::find("timeZone", &house.practice.time_zone, now)?;
    let today = zone.civil(now).date;
    let monday = today.plus_days(-(today.weekday() as i64));
    let days = Days { house, zone, now, today, monday };
    let away = days.away()?;
    time_off::place(tx, app, house.ada.id, away, Some("Away")).await?;
    let mut taken: Vec<Taken> = vec![(Who::Ada, away)];
    // Calls first: a regular hour gives way to them, as it does to time off.
    let mut calls = Vec::new();
    for sketch in PEOPLE {
        calls.push(days.call(sketch, &mut taken)?);
    }
    let mut places = Vec::new();
    for (sketch, call) in PEOPLE.iter().zip(calls) {
        let hours = days.hours(sketch, &mut taken)?;
        places.extend(settle(tx, app, &days, sketch, call, hours).await?);
    }
    // Once everybody is in the calendar, regular hours are kept for the weeks to come.
    let catalogue = house.catalogue();
    for place in &places {
        bring::keep(tx, app, &catalogue, place).await?;
    }
    Ok(())
}

impl Days<'_> {
    fn at(&self, date: Date, text: &str) -> Result<Instant> {
        Ok(self.zone.resolve(date, time(text)?).at)
    }

    fn away(&self) -> Result<TimeRange> {
        let first = self.monday.plus_days(7 * AWAY_WEEK);
        Ok(TimeRange { starts_at: self.at(first, "00:00")?, ends_at: self.at(first.plus_days(5), "00:00")? })
    }

    /// The working day so many days from now, away from the weekend in the same direction.
    fn working_day(&self, offset: i64) -> Date {
        let date = self.today.plus_days(offset);
        match (date.weekday() as i64, offset < 0) {
            (weekday @ 5.., true) => date.plus_days(4 - weekday),
            (weekday @ 5.., false) => date.plus_days(7 - weekday),
            _ => date,
        }
    }

    fn call(&self, sketch: &Sketch, taken: &mut Vec<Taken>) -> Result<Option<Planned<'_>>> {
        let at = match sketch.call {
            Call::Today(text) => self.at(self.today, text)?,
            Call::Day(offset, text) | Call::CalledOff(offset, text) => self.at(self.working_day(offset), text)?,
            Call::LongAgo => return Ok(None),
        };
        let session_type = &self.house.call;
        let over = at.plus_minutes(session_type.minutes) <= self.now;
        let status = match sketch.call {
            Call::CalledOff(..) => BookingStatus::Cancelled,
            // Nobody has said yet how today's calls went.
            Call::Today(_) => BookingStatus::Confirmed,
            _ if over => BookingStatus::Completed,
            _ => BookingStatus::Confirmed,
        };
        if status != BookingStatus::Cancelled {
            take(taken, sketch.with, session_type, at);
        }
        Ok(Some(Planned { session_type, at, status }))
    }

    /// The sessions of a regular hour that are free for it.
    fn hours(&self, sketch: &Sketch, taken: &mut Vec<Taken>) -> Result<Vec<Planned<'_>>> {
        let Some(hour) = sketch.hour else { return Ok(Vec::new()) };
        let session_type = self.kind(hour.kind);
        let mut planned = Vec::new();
        for week in (hour.weeks.0..=hour.weeks.1).filter(|week| (week - hour.weeks.0) % hour.every == 0) {
            let at = self.at(self.monday.plus_days(7 * week + hour.weekday as i64), hour.time)?;
            if !take(taken, sketch.with, session_type, at) {
                continue;
            }
            let status = match at.plus_minutes(session_type.minutes) <= self.now {
                true if hour.missed == Some(week) => BookingStatus::NoShow,
                true => BookingStatus::Completed,
                false => BookingStatus::Confirmed,
            };
            planned.push(Planned { session_type, at, status });
        }
        Ok(planned)
    }
}

impl Days<'_> {
    /// The standing place behind a regular hour that goes on.
    fn place(&self, app: &App, sketch: &Sketch, client: &Client) -> Result<Option<Series>> {
        let Some(hour) = sketch.hour.filter(|_| sketch.stage == Stage::Active) else { return Ok(None) };
        let session_type = self.kind(hour.kind);
        Ok(Some(Series {
            id: SeriesId(app.clock.new_id()),
            client_id: client.id,
            therapist_id: client.therapist_id,
            session_type_id: session_type.id,
            cadence: if hour.every == 1 { Cadence::Weekly } else { Cadence::EveryTwoWeeks },
            weekday: hour.weekday,
            local_time: time(hour.time)?,
            starts_on: self.monday.plus_days(7 * hour.weeks.0 + hour.weekday as i64),
            ends_on: None,
            minutes: session_type.minutes,
            modality: session_type.modality,
            price_amount: None,
            price_currency: None,
            state: SeriesState::Active,
            follows_id: None,
            sequence: 0,
            told_sequence: Some(0),
            created_at: self.now.plus_minutes(-28 * DAY),
        }))
    }

    fn kind(&self, kind: Kind) -> &SessionType {
        match kind {
            Kind::Online => &self.house.online,
            Kind::InPerson => &self.house.in_person,
            Kind::Couples => &self.house.couples,
        }
    }
}

/// Takes a stretch of time if it is free.
fn take(taken: &mut Vec<Taken>, who: Who, session_type: &SessionType, at: Instant) -> bool {
    let range = TimeRange {
        starts_at: at.plus_minutes(-session_type.buffer_before),
        ends_at: at.plus_minutes(session_type.minutes + session_type.buffer_after),
    };
    let free = taken.iter().all(|(other, busy)| *other != who || !busy.overlaps(&range));
    if free {
        taken.push((who, range));
    }
    free
}

async fn settle(
    tx: &mut Tx,
    app: &App,
    days: &Days<'_>,
    sketch: &Sketch,
    call: Option<Planned<'_>>,
    hours: Vec<Planned<'_>>,
) -> Result<Option<Series>> {
    let house = days.house;
    let therapist = match sketch.with {
        Who::Ada => &house.ada,
        Who::Samir => &house.samir,
    };
    let called_at = call.as_ref().map_or_else(|| days.now.plus_minutes(-80 * DAY), |call| call.at);
    let made_at = called_at.plus_minutes(-4 * DAY).min(days.now.plus_minutes(-DAY));
    let user = user(app, sketch, made_at);
    accounts::add_user(tx, &user, made_at).await?;
    let called_off = call.as_ref().is_some_and(|call| call.status == BookingStatus::Cancelled);
    let over = call.as_ref().is_none_or(|call| call.status == BookingStatus::Completed);
    let path = if called_off {
        vec![(Stage::Inquiry, made_at.plus_minutes(60))]
    } else if over {
        path(sketch.stage, called_at.plus_minutes(house.call.minutes), days.now)
    } else {
        Vec::new()
    };
    let client = follow(tx, app, &user, therapist, made_at, &path).await?;
    if over {
        clients::note_discovery(tx, client.id, called_at.plus_minutes(house.call.minutes)).await?;
    }
    if client.stage == Stage::ReferredOut {
        let letter = paragraphs(include_str!("texts/letter.txt")).join("\n\n");
        clients::leave_letter(tx, &app.keys, &client, &letter).await?;
    }
    let done = path.iter().rev().find(|(stage, _)| matches!(stage, Stage::IntakePending | Stage::Active));
    if let Some(&(_, at)) = done {
        intake::fill(tx, app, &client, sketch.name, at).await?;
    }
    let place = days.place(app, sketch, &client)?;
    if let Some(place) = &place {
        bring::note(tx, place).await?;
    }
    for planned in call.into_iter().chain(hours) {
        let is_call = planned.session_type.id == house.call.id;
        let in_place = place.as_ref().filter(|_| !is_call);
        let session = NewSession {
            session_type: planned.session_type.clone(),
            therapist_id: therapist.id,
            client_id: Some(client.id),
            guest: Guest::from(&user),
            starts_at: planned.at,
            room: None,
            source: match in_place {
                Some(_) => BookingSource::Series,
                None if is_call => BookingSource::Online,
                None => BookingSource::Practice,
            },
            quote: Quote::list(planned.session_type),
            prepayment: None,
            series: in_place.map(|place| (place.id, days.zone.civil(planned.at).date)),
            doer: if is_call { Doer::client(Some(user.id)) } else { Doer::practice(therapist.user_id) },
            override_reason: None,
            booked_by: None,
            tells: false,
        };
        let past = Past {
            reference: reference(sketch.name, planned.at)?,
            status: planned.status,
            made_at: planned.at.plus_minutes(-4 * DAY).min(days.now.plus_minutes(-DAY)),
        };
        place::bring(tx, app, &house.practice, session, past).await?;
    }
    Ok(place)
}

fn user(app: &App, sketch: &Sketch, made_at: Instant) -> User {
    let address: String =
        sketch.name.to_lowercase().chars().map(|c| if c.is_ascii_alphabetic() { c } else { '.' }).collect();
    let has_portal = !matches!(sketch.stage, Stage::Inquiry | Stage::DiscoveryBooked);
    User {
        id: UserId(app.clock.new_id()),
        email: format!("{address}@example.org"),
        name: sketch.name.to_owned(),
        phone: sketch.phone.to_owned(),
        time_zone: sketch.zone.to_owned(),
        role: Role::Client,
        email_proven_at: has_portal.then_some(made_at),
        disabled_at: None,
    }
}

/// The stages after a call that ended at `after`, and when each began.
fn path(last: Stage, after: Instant, now: Instant) -> Vec<(Stage, Instant)> {
    let together = [(Stage::Invited, 1), (Stage::IntakePending, 2), (Stage::Active, 5)];
    let mut path = vec![(Stage::DiscoveryDone, after)];
    match last {
        Stage::Invited => {
            path.extend(together[..1].iter().map(|&(stage, days)| (stage, after.plus_minutes(days * DAY))))
        }
        Stage::IntakePending => {
            path.extend(together[..2].iter().map(|&(stage, days)| (stage, after.plus_minutes(days * DAY))));
        }
        Stage::Active | Stage::Paused | Stage::Ended => {
            path.extend(together.iter().map(|&(stage, days)| (stage, after.plus_minutes(days * DAY))));
            if last != Stage::Active {
                path.push((last, now.plus_minutes(-6 * DAY)));
            }
        }
        Stage::ReferredOut | Stage::NotNow => path.push((last, after.plus_minutes(DAY))),
        Stage::Inquiry | Stage::DiscoveryBooked | Stage::DiscoveryDone => {}
    }
    path
}

/// Begins a relationship and takes it along its path.
async fn follow(
    tx: &mut Tx,
    app: &App,
    user: &User,
    therapist: &Therapist,
    made_at: Instant,
    path: &[(Stage, Instant)],
) -> Result<Client> {
    let begun = Clock::standing_at(made_at);
    let first = Stage::DiscoveryBooked;
    let mut client = clients::begin(tx, &begun, &app.keys, user.id, therapist.id, first).await?;
    for &(stage, at) in path {
        let decided = !matches!(stage, Stage::Inquiry | Stage::IntakePending);
        let actor = decided.then_some(therapist.user_id);
        clients::move_on(tx, &Clock::standing_at(at), &client, stage, actor).await?;
        client.stage = stage;
    }
    Ok(client)
}

/// The same for the same session of the same person, however often the demo is set up.
fn reference(name: &str, at: Instant) -> Result<String> {
    let hash = keys::hash(format!("{name} {at}").as_bytes());
    let letters = hash.iter().take(REFERENCE_LENGTH).map(|&byte| REFERENCE_ALPHABET[usize::from(byte) % 29]);
    String::from_utf8(letters.collect()).map_err(|_| Error::internal("a reference is not text"))
}
