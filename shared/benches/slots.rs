//! The slot engine over 60 days with 200 bookings, in New York across the change to winter time.

#[path = "../tests/support/mod.rs"]
mod support;

use divan::{Bencher, black_box};
use shared::ids::SessionTypeId;
use shared::practice::Modality;
use shared::slots::{
    Consecutive, DateSpan, Limits, Occupied, OccupiedKind, SessionRules, Timetable, WeeklyHours, candidates, days,
    explain, nearest, next_free, offered,
};
use shared::time::{Date, Instant, LocalTime, TimeRange, Weekday};
use shared::zone::ZoneTable;
use uuid::Uuid;

fn main() {
    divan::main();
}

const TYPE: SessionTypeId = SessionTypeId(Uuid::from_u128(1));

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn zone(name: &str) -> ZoneTable {
    let zone = jiff::tz::TimeZone::get(name).expect("a zone");
    support::table(&zone, name, at("2024-01-01T00:00:00Z"), at("2037-12-31T00:00:00Z"))
}

fn now() -> Instant {
    at("2026-10-01T12:00:00Z")
}

fn span() -> DateSpan {
    let first = Date::new(2026, 10, 1).expect("a date");
    DateSpan::new(first, first.plus_days(59)).expect("60 days")
}

fn rules() -> SessionRules {
    SessionRules {
        session_type_id: TYPE,
        modality: Modality::Online,
        minutes: 50,
        buffer_before: 0,
        buffer_after: 10,
        grid_minutes: 30,
        notice_minutes: 24 * 60,
        horizon_days: 60,
        per_day: Some(8),
    }
}

/// Weekdays from 9 to 17, with 200 sessions of 50 minutes at 9:00, 10:00, 13:00, 14:00 and 16:00.
fn timetable() -> Timetable {
    let zone = zone("America/New_York");
    let time = |hour: u16| LocalTime::from_minutes(hour * 60).expect("a time");
    let hours = Weekday::ALL[..5]
        .iter()
        .map(|&weekday| WeeklyHours { weekday, from: time(9), until: time(17), session_type_id: None, modality: None })
        .collect();
    let mut occupied = Vec::new();
    for day in 0..60 {
        let date = span().from().plus_days(day);
        for hour in [9, 10, 13, 14, 16] {
            let starts_at = zone.resolve(date, time(hour)).at;
            let range = |minutes| TimeRange { starts_at, ends_at: starts_at.plus_minutes(minutes) };
            let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
            if !weekend && occupied.len() < 200 {
                occupied.push(Occupied {
                    range: range(60),
                    session: range(50),
                    kind: OccupiedKind::Booking,
                    session_type_id: Some(TYPE),
                });
            }
        }
    }
    let limits = Limits { per_day: Some(8), consecutive: Some(Consecutive { sessions: 5, break_minutes: 30 }) };
    Timetable { zone, hours, overrides: Vec::new(), occupied, limits, rooms: Vec::new(), suits: Vec::new() }
}

#[divan::bench]
fn offered_60_days(bencher: Bencher) {
    let (timetable, rules) = (timetable(), rules());
    assert!((180..200).contains(&offered(&timetable, &rules, span(), now()).len()) && timetable.occupied.len() == 200);
    bencher.bench(|| offered(black_box(&timetable), black_box(&rules), span(), now()));
}

#[divan::bench]
fn candidates_60_days(bencher: Bencher) {
    let (timetable, rules) = (timetable(), rules());
    bencher.bench(|| candidates(black_box(&timetable), black_box(&rules), span(), now()));
}

#[divan::bench]
fn offered_60_days_as_json(bencher: Bencher) {
    let (timetable, rules) = (timetable(), rules());
    bencher.bench(|| {
        serde_json::to_string(&offered(black_box(&timetable), black_box(&rules), span(), now())).expect("instants")
    });
}

#[divan::bench]
fn days_for_a_visitor_as_json(bencher: Bencher) {
    let (timetable, rules, visitor) = (timetable(), rules(), zone("Europe/London"));
    bencher.bench(|| {
        serde_json::to_string(&days(black_box(&timetable), black_box(&rules), span(), now(), &visitor)).expect("days")
    });
}

#[divan::bench]
fn explain_one_start(bencher: Bencher) {
    let (timetable, rules) = (timetable(), rules());
    bencher.bench(|| explain(black_box(&timetable), &rules, black_box(at("2026-11-02T15:00:00Z")), now()));
}

#[divan::bench]
fn next_free_start(bencher: Bencher) {
    let (timetable, rules) = (timetable(), rules());
    bencher.bench(|| next_free(black_box(&timetable), &rules, now(), now()));
}

#[divan::bench]
fn three_nearest(bencher: Bencher) {
    let (timetable, rules) = (timetable(), rules());
    bencher.bench(|| nearest(black_box(&timetable), &rules, black_box(at("2026-11-02T15:00:00Z")), now(), 3));
}
