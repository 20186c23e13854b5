//! What the engine reads: the hours, what already fills them, and the rules of what is to be booked.

use crate::ids::{RoomId, SessionTypeId};
use crate::practice::Modality;
use crate::time::{Date, LocalTime, TimeRange, Weekday};
use crate::zone::ZoneTable;
use serde::{Deserialize, Serialize};

/// When a therapist can be booked and what already fills her time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timetable {
    /// The zone of the practice: hours, grid, days and limits are on its clock.
    pub zone: ZoneTable,
    /// The hours of an ordinary week.
    pub hours: Vec<WeeklyHours>,
    /// Dates with hours of their own.
    pub overrides: Vec<DateOverride>,
    /// What is blocked, by the start of its range (another order only costs time).
    pub occupied: Vec<Occupied>,
    /// The limits of a day.
    pub limits: Limits,
    /// What is taken of each room, by whomever; none where the practice keeps no list of rooms.
    #[serde(default)]
    pub rooms: Vec<Room>,
    /// Which rooms suit the session types that name some; any room suits a type that is not among them.
    #[serde(default)]
    pub suits: Vec<Suits>,
}

impl Timetable {
    /// The timetable with some time off more.
    pub fn with_time_off(&self, range: TimeRange) -> Timetable {
        let mut draft = self.clone();
        let off = Occupied { range, session: range, kind: OccupiedKind::TimeOff, session_type_id: None };
        let place = draft.occupied.partition_point(|it| it.range.starts_at <= range.starts_at);
        draft.occupied.insert(place, off);
        draft
    }

    /// The timetable with other hours on one date.
    pub fn with_date(&self, date: DateOverride) -> Timetable {
        let mut draft = self.clone();
        draft.overrides.retain(|it| it.date != date.date);
        draft.overrides.push(date);
        draft
    }

    /// How many sessions that are booked need some of this time, buffers included.
    pub fn sessions_in(&self, range: TimeRange) -> usize {
        self.booked().filter(|it| it.range.overlaps(&range)).count()
    }

    /// How many sessions that are booked begin on this date outside its hours, or end outside them.
    pub fn sessions_outside(&self, date: &DateOverride) -> usize {
        let at = |time| self.zone.resolve(date.date, time).at;
        let is_inside = |session: &TimeRange| {
            date.hours.iter().any(|open| at(open.from) <= session.starts_at && session.ends_at <= at(open.until))
        };
        let on_it = self.booked().filter(|it| self.zone.civil(it.session.starts_at).date == date.date);
        on_it.filter(|it| !is_inside(&it.session)).count()
    }

    fn booked(&self) -> impl Iterator<Item = &Occupied> {
        self.occupied.iter().filter(|it| matches!(it.kind, OccupiedKind::Booking | OccupiedKind::Series))
    }

    /// The timetable while this room was taken for a stretch of time.
    pub fn with_room_taken(&self, room: RoomId, range: TimeRange) -> Timetable {
        let mut before = self.clone();
        if let Some(room) = before.rooms.iter_mut().find(|it| it.id == room) {
            room.taken.push(range);
        }
        before
    }

    /// The timetable once this room is free again for a stretch of time.
    pub fn with_room_free(&self, room: RoomId, range: TimeRange) -> Timetable {
        let mut after = self.clone();
        if let Some(room) = after.rooms.iter_mut().find(|it| it.id == room)
            && let Some(place) = room.taken.iter().position(|taken| *taken == range)
        {
            room.taken.remove(place);
        }
        after
    }

    /// The timetable once the session that blocks this stretch, buffers included, is gone.
    pub fn without_session(&self, range: TimeRange) -> Timetable {
        let mut after = self.clone();
        if let Some(place) = after.occupied.iter().position(|it| it.range == range && it.kind.is_session()) {
            after.occupied.remove(place);
        }
        after
    }
}

/// A room of the practice, as far as a start is concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// When it is taken, buffers included, by the start of each stretch (another order only costs time).
    pub taken: Vec<TimeRange>,
}

/// A room that a session type names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suits {
    /// Which type.
    pub session_type_id: SessionTypeId,
    /// Which room.
    pub room_id: RoomId,
}

/// An open stretch of every week. Stretches that touch or overlap are one stretch, also over midnight.
///
/// An edge in the hour a clock change skips means the moment of the change; in the hour it repeats, the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WeeklyHours {
    /// The day of the week.
    pub weekday: Weekday,
    /// When it opens.
    pub from: LocalTime,
    /// When it closes, later than `from`; 24:00 at the latest.
    pub until: LocalTime,
    /// The one session type it is for; absent when for every type.
    pub session_type_id: Option<SessionTypeId>,
    /// The one modality it is for; absent when for every modality.
    pub modality: Option<Modality>,
}

/// The hours of one date instead of its weekly hours. Several for one date count together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DateOverride {
    /// The date.
    pub date: Date,
    /// Open for every session type and modality; closed all day when empty.
    pub hours: Vec<OpenHours>,
}

/// An open stretch of one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenHours {
    /// When it opens.
    pub from: LocalTime,
    /// When it closes, later than `from`; 24:00 at the latest.
    pub until: LocalTime,
}

/// A blocked stretch of the therapist's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Occupied {
    /// What is blocked, buffers included.
    pub range: TimeRange,
    /// The session itself, without buffers; the same as `range` for what is not a session.
    pub session: TimeRange,
    /// What it is.
    pub kind: OccupiedKind,
    /// The type of the session, where there is one: it counts towards the limit of that type.
    pub session_type_id: Option<SessionTypeId>,
}

/// What blocks a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OccupiedKind {
    /// A session in the calendar.
    Booking,
    /// A slot kept for someone for minutes while they pay or decide.
    Hold,
    /// A standing place.
    Series,
    /// Time off.
    TimeOff,
    /// Busy in a connected calendar.
    External,
}

impl OccupiedKind {
    /// Whether it is a session, so that it counts towards limits.
    pub fn is_session(self) -> bool {
        matches!(self, OccupiedKind::Booking | OccupiedKind::Hold | OccupiedKind::Series)
    }
}

/// How much a therapist takes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// The most sessions that start on one day of the practice's calendar.
    pub per_day: Option<u32>,
    /// The most sessions in a row.
    pub consecutive: Option<Consecutive>,
}

/// The most sessions in a row. Two sessions are in a row when less than the break lies between the end of one and the
/// start of the other, buffers not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Consecutive {
    /// The most sessions of one run.
    pub sessions: u32,
    /// The break that ends a run.
    pub break_minutes: u32,
}

/// What is to be booked and its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionRules {
    /// The session type.
    pub session_type_id: SessionTypeId,
    /// How the session would take place.
    pub modality: Modality,
    /// How long the session is, 1 to 1440; of another length nothing is offered.
    pub minutes: u32,
    /// Kept free before it.
    pub buffer_before: u32,
    /// Kept free after it.
    pub buffer_after: u32,
    /// Sessions start at 00:00 and every so many minutes after, whatever their length; at least 1.
    pub grid_minutes: u32,
    /// A start is at least so far from now.
    pub notice_minutes: i64,
    /// A start is on a day at most so many days after today; 0 is today only.
    pub horizon_days: u32,
    /// The most sessions of this type that start on one day.
    pub per_day: Option<u32>,
}
