//! The rules of standing places: golden cases, and properties against a second opinion that walks day by day.

#[path = "../support/mod.rs"]
mod support;

mod golden;
mod oracle;
mod words;

use jiff::tz::TimeZone;
use shared::series::{Cadence, Exception, ExceptionKind, SeriesRule};
use shared::time::{Date, Instant, LocalTime};
use shared::zone::{CivilTime, ZoneTable};

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn time(text: &str) -> LocalTime {
    text.parse().expect("a time")
}

fn zone(name: &str) -> ZoneTable {
    let zone = TimeZone::get(name).expect("a zone");
    support::table(&zone, name, at("2009-01-01T00:00:00Z"), at("2045-01-01T00:00:00Z"))
}

/// A place on the weekday of its first day, without an end.
fn place(cadence: Cadence, first: &str, at: &str) -> SeriesRule {
    let starts_on = date(first);
    SeriesRule { cadence, weekday: starts_on.weekday(), time: time(at), starts_on, ends_on: None }
}

fn skipped(day: &str) -> Exception {
    Exception { date: date(day), kind: ExceptionKind::Skipped }
}

fn moved(day: &str, to: &str) -> Exception {
    let (day_to, time_to) = to.split_once(' ').expect("a date and a time");
    Exception {
        date: date(day),
        kind: ExceptionKind::Moved { to: CivilTime { date: date(day_to), time: time(time_to) } },
    }
}
