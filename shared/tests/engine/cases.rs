//! Random timetables around clock changes.

use crate::support::table;
use jiff::tz::TimeZone;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use shared::ids::{RoomId, SessionTypeId};
use shared::practice::Modality;
use shared::slots::{
    Consecutive, DateOverride, DateSpan, Limits, Occupied, OccupiedKind, OpenHours, Room, SessionRules, Suits,
    Timetable, WeeklyHours,
};
use shared::time::{Date, Instant, LocalTime, TimeRange, Weekday};
use uuid::Uuid;

/// Zones and a day each on which something happens, or nothing.
const ZONES: &[(&str, &str)] = &[
    ("UTC", "2026-06-01"),
    ("Asia/Karachi", "2026-05-04"),
    ("Europe/London", "2026-03-29"),
    ("Europe/London", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("America/St_Johns", "2026-03-08"),
    ("America/St_Johns", "2026-11-01"),
    // Back from 00:01 to 23:01 of the day before.
    ("America/St_Johns", "2010-11-07"),
    // Half an hour.
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    // The other way round, for Ramadan.
    ("Africa/Casablanca", "2026-02-15"),
    ("Africa/Casablanca", "2026-03-22"),
    // At midnight.
    ("America/Santiago", "2026-04-05"),
    ("America/Santiago", "2026-09-06"),
    ("Africa/Cairo", "2026-04-24"),
    ("Africa/Cairo", "2026-10-29"),
    // Two hours.
    ("Antarctica/Troll", "2026-03-29"),
    ("Antarctica/Troll", "2026-10-25"),
    // A day left out.
    ("Pacific/Apia", "2011-12-30"),
    // Rules that changed lately.
    ("America/Vancouver", "2026-11-01"),
    ("Asia/Almaty", "2024-03-01"),
    ("America/Asuncion", "2024-10-06"),
];

/// The session type that is to be booked.
const THIS: SessionTypeId = SessionTypeId(Uuid::from_u128(1));
const OTHER: SessionTypeId = SessionTypeId(Uuid::from_u128(2));

#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) zone: &'static str,
    /// The day of the clock change.
    pub(crate) around: Date,
    pub(crate) timetable: Timetable,
    pub(crate) rules: SessionRules,
    pub(crate) span: DateSpan,
    pub(crate) now: Instant,
    /// Some moments of the span, most of them off the grid.
    pub(crate) probes: Vec<Instant>,
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    (select(ZONES), -3_i64..=1, 0_i64..=3).prop_flat_map(|((zone, day), first, more)| {
        let around: Date = day.parse().expect("a date of the list");
        let from = around.plus_days(first);
        let span = DateSpan::new(from, from.plus_days(more)).expect("a few days");
        let midnight = Instant::from_seconds(from.epoch_days() * 86_400).expect("an instant");
        let minutes = (more + 1) * 1440;
        let now = (-2 * 1440..minutes, select(vec![0, 0, 0, 1, 59_999_999]));
        (
            timetable(zone, from, more, midnight),
            rules(),
            now.prop_map(move |(minute, micros)| after(midnight, minute, micros)),
            prop::collection::vec(probe(midnight, minutes), 0..6),
        )
            .prop_map(move |(timetable, rules, now, probes)| Case {
                zone,
                around,
                timetable,
                rules,
                span,
                now,
                probes,
            })
    })
}

fn after(midnight: Instant, minutes: i64, micros: i64) -> Instant {
    Instant::from_micros(midnight.micros() + minutes * 60_000_000 + micros).expect("an instant")
}

fn probe(midnight: Instant, minutes: i64) -> impl Strategy<Value = Instant> {
    (0..minutes, select(vec![0, 0, 0, 0, 1, 30_000_000]))
        .prop_map(move |(minute, micros)| after(midnight, minute, micros))
}

fn timetable(zone: &'static str, from: Date, more: i64, midnight: Instant) -> impl Strategy<Value = Timetable> {
    let override_ = (-2..=more + 2, prop::collection::vec(open_hours(), 0..3))
        .prop_map(move |(day, hours)| DateOverride { date: from.plus_days(day), hours });
    (
        prop::collection::vec(weekly_hours(), 0..14),
        prop::collection::vec(override_, 0..3),
        prop::collection::vec(occupied(midnight, (more + 1) * 1440), 0..10),
        limits(),
        prop::collection::vec(room(midnight, (more + 1) * 1440), 0..3),
        prop::collection::vec(suits(), 0..3),
    )
        .prop_map(move |(hours, overrides, mut occupied, limits, mut rooms, suits)| {
            for (number, room) in (1..).zip(&mut rooms) {
                room.id = RoomId(Uuid::from_u128(number));
            }
            occupied.sort_by_key(|it| it.range.starts_at);
            let tz = TimeZone::get(zone).expect("a zone of the list");
            let zone = table(&tz, zone, midnight.plus_minutes(-400 * 1440), midnight.plus_minutes(400 * 1440));
            Timetable { zone, hours, overrides, occupied, limits, rooms, suits }
        })
}

fn local_time(minutes: u16) -> LocalTime {
    LocalTime::from_minutes(minutes).expect("a minute of the day")
}

/// Mostly quarters of an hour; also 24:00, and sometimes in the wrong order.
fn open_hours() -> impl Strategy<Value = OpenHours> {
    let edge = || prop_oneof![8 => (0_u16..=96).prop_map(|quarter| quarter * 15), 1 => 0_u16..=1440];
    (edge(), edge(), 0..20).prop_map(|(one, two, order)| {
        let (from, until) = if order == 0 { (one, two) } else { (one.min(two), one.max(two)) };
        OpenHours { from: local_time(from), until: local_time(until) }
    })
}

fn weekly_hours() -> impl Strategy<Value = WeeklyHours> {
    let session_type_id = select(vec![None, None, None, Some(THIS), Some(OTHER)]);
    let modality = select(vec![None, None, None, Some(Modality::Online), Some(Modality::InPerson)]);
    let wide = (0_u16..10, 14_u16..=24)
        .prop_map(|(from, until)| OpenHours { from: local_time(from * 60), until: local_time(until * 60) });
    (select(Weekday::ALL.to_vec()), prop_oneof![open_hours(), wide], session_type_id, modality).prop_map(
        |(weekday, hours, session_type_id, modality)| WeeklyHours {
            weekday,
            from: hours.from,
            until: hours.until,
            session_type_id,
            modality,
        },
    )
}

fn occupied(midnight: Instant, minutes: i64) -> impl Strategy<Value = Occupied> {
    use OccupiedKind::{Booking, External, Hold, Series, TimeOff};
    let kind = select(vec![Booking, Booking, Booking, Hold, Series, TimeOff, External]);
    let length = prop_oneof![6 => select(vec![15_i64, 20, 50, 60, 90]), 1 => 1_i64..3000];
    let buffers = (select(vec![0_i64, 0, 10, 15]), select(vec![0_i64, 0, 10, 15]));
    let start = prop_oneof![3 => (-96..minutes / 15 + 96).prop_map(|quarter| quarter * 15), 1 => -1440..minutes + 1440];
    (kind, start, length, buffers, select(vec![Some(THIS), Some(OTHER), None])).prop_map(
        move |(kind, start, length, (before, after), session_type_id)| {
            let starts_at = midnight.plus_minutes(start);
            let session = TimeRange { starts_at, ends_at: starts_at.plus_minutes(length) };
            let range = TimeRange {
                starts_at: session.starts_at.plus_minutes(-before),
                ends_at: session.ends_at.plus_minutes(after),
            };
            let session_type_id = session_type_id.filter(|_| kind.is_session());
            Occupied { range, session: if kind.is_session() { session } else { range }, kind, session_type_id }
        },
    )
}

fn room(midnight: Instant, minutes: i64) -> impl Strategy<Value = Room> {
    prop::collection::vec(occupied(midnight, minutes), 0..10)
        .prop_map(|taken| Room { id: RoomId(Uuid::nil()), taken: taken.iter().map(|it| it.range).collect() })
}

/// Of three rooms, one of which there never is.
fn suits() -> impl Strategy<Value = Suits> {
    (select(vec![THIS, OTHER]), 1_u128..4)
        .prop_map(|(session_type_id, room)| Suits { session_type_id, room_id: RoomId(Uuid::from_u128(room)) })
}

fn limits() -> impl Strategy<Value = Limits> {
    let consecutive = (0_u32..5, select(vec![0, 5, 10, 15, 30, 60]))
        .prop_map(|(sessions, break_minutes)| Consecutive { sessions, break_minutes });
    (option::of(0_u32..8), option::of(consecutive)).prop_map(|(per_day, consecutive)| Limits { per_day, consecutive })
}

fn rules() -> impl Strategy<Value = SessionRules> {
    let minutes =
        prop_oneof![4 => select(vec![15_u32, 20, 50, 60, 90]), 1 => 1_u32..400, 1 => select(vec![720_u32, 1440])];
    let grid_minutes = select(vec![5_u32, 10, 15, 15, 20, 30, 30, 45, 60, 60, 7, 90, 1440]);
    let buffer = || select(vec![0_u32, 0, 5, 10, 30]);
    let modality = select(vec![Modality::Online, Modality::InPerson]);
    let notice_minutes = prop_oneof![select(vec![0_i64, 60, 1440, 2880]), -1000_i64..3000];
    (minutes, buffer(), buffer(), grid_minutes, notice_minutes, 0_u32..9, option::of(0_u32..4), modality).prop_map(
        |(minutes, buffer_before, buffer_after, grid_minutes, notice_minutes, horizon_days, per_day, modality)| {
            SessionRules {
                session_type_id: THIS,
                modality,
                minutes,
                buffer_before,
                buffer_after,
                grid_minutes,
                notice_minutes,
                horizon_days,
                per_day,
            }
        },
    )
}
