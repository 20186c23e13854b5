//! When a therapist can be booked: rules and occupied time, kept in memory and read anew inside a write.

use super::slot;
use super::store::{self, RoomRow};
use crate::app::App;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::practice::{self, Catalogue, SessionType, hours, zones};
use crate::memory::Memory;
use shared::ids::TherapistId;
use shared::slots::{Limits, Occupied, Room, Suits, Timetable};
use shared::time::{Instant, TimeRange};
use shared::zone::ZoneTable;
use std::sync::Arc;

/// How far from a start occupied time still matters: a session of the day before can be part of a run.
const BACK_MINUTES: i64 = 2 * 24 * 60;

/// How far from a start the days lie whose sessions are counted: its own day, which has at most 25 hours, and a run of
/// sessions that goes on over midnight.
const AROUND_MINUTES: i64 = 26 * 60;

/// How far ahead, beyond the longest horizon there may be.
const AHEAD_MINUTES: i64 = 402 * 24 * 60;

/// One timetable per therapist.
#[derive(Default)]
pub struct TimetableCache(Memory<TherapistId, Timetable>);

impl TimetableCache {
    /// Drops what an event made untrue.
    pub fn forget(&self, event: &Event) {
        match event {
            Event::TimetableChanged { therapist_id } => self.0.forget(therapist_id),
            Event::RoomsChanged | Event::PracticeChanged | Event::Missed => self.0.forget_all(),
            _ => {}
        }
    }

    /// Drops everything, when the clock has jumped.
    pub fn forget_all(&self) {
        self.0.forget_all();
    }
}

/// A therapist's timetable, from memory.
pub(super) async fn remembered(app: &App, therapist: TherapistId) -> Result<Arc<Timetable>> {
    let read = || async {
        let catalogue = practice::catalogue(app).await?;
        load(&mut app.db.read().await?, &catalogue, therapist, app.clock.now()).await
    };
    app.timetables.0.get(&therapist, read).await
}

/// A therapist's timetable as it is in the database now.
pub(super) async fn load(
    conn: &mut Conn,
    catalogue: &Catalogue,
    therapist: TherapistId,
    now: Instant,
) -> Result<Timetable> {
    let all = TimeRange { starts_at: now.plus_minutes(-BACK_MINUTES), ends_at: now.plus_minutes(AHEAD_MINUTES) };
    between(conn, catalogue, therapist, all, now).await
}

/// As much of a therapist's timetable, as it is in the database now, as decides this start: what it would overlap, and
/// the days around it where sessions are counted.
pub(super) async fn around(
    conn: &mut Conn,
    catalogue: &Catalogue,
    therapist: TherapistId,
    session_type: &SessionType,
    starts_at: Instant,
    now: Instant,
) -> Result<Timetable> {
    let is_counted = catalogue.limits() != Limits::default() || session_type.rules().per_day.is_some();
    let decides = match is_counted {
        true => TimeRange {
            starts_at: starts_at.plus_minutes(-AROUND_MINUTES),
            ends_at: starts_at.plus_minutes(AROUND_MINUTES),
        },
        false => slot::ranges(session_type, starts_at).1,
    };
    between(conn, catalogue, therapist, decides, now).await
}

async fn between(
    conn: &mut Conn,
    catalogue: &Catalogue,
    therapist: TherapistId,
    TimeRange { starts_at: from, ends_at: until }: TimeRange,
    now: Instant,
) -> Result<Timetable> {
    let zone = zones::table(&catalogue.practice.time_zone, now)
        .ok_or_else(|| Error::internal("the practice's time zone is not in the time zone database"))?;
    let mut batch = conn.batch();
    let hours = hours::ask_for_engine(&mut batch, therapist, zone.civil(from).date);
    let occupied = store::ask_occupied(&mut batch, therapist, from, until, now);
    let rooms = store::ask_rooms_taken(&mut batch, from, until, now);
    let mut answers = batch.ask().await?;
    let (hours, overrides) = hours.read(&mut answers)?;
    let occupied = answers.take(occupied)?.into_iter().map(Occupied::from).collect();
    let rooms = by_room(answers.take(rooms)?);
    let suits = catalogue.session_types.iter().flat_map(|session_type| {
        session_type.rooms.iter().map(|&room_id| Suits { session_type_id: session_type.id, room_id })
    });
    Ok(Timetable {
        zone: ZoneTable::clone(&zone),
        hours,
        overrides,
        occupied,
        limits: catalogue.limits(),
        rooms,
        suits: suits.collect(),
    })
}

/// When each room is taken, whoever is in it.
fn by_room(rows: Vec<RoomRow>) -> Vec<Room> {
    let mut rooms: Vec<Room> = Vec::new();
    for row in rows {
        if rooms.last().is_none_or(|room| room.id != row.room_id) {
            rooms.push(Room { id: row.room_id, taken: Vec::new() });
        }
        if let (Some(room), Some(taken)) = (rooms.last_mut(), row.taken()) {
            room.taken.push(taken);
        }
    }
    rooms
}
