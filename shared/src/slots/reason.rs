//! Why a start is not offered.

use super::timetable::OccupiedKind;
use crate::time::{Date, Instant, TimeRange};
use crate::zone::ZoneTable;
use serde::{Deserialize, Serialize};

/// Whether a start can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "reasons", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// It can.
    Offered,
    /// It cannot, for every one of these reasons; there is at least one.
    Blocked(Vec<Reason>),
}

impl Verdict {
    /// Whether it can be booked.
    pub fn is_offered(&self) -> bool {
        matches!(self, Verdict::Offered)
    }

    /// The reasons against it; none when it is offered.
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Verdict::Offered => &[],
            Verdict::Blocked(reasons) => reasons,
        }
    }
}

/// One reason why a start is not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Reason {
    /// It is over.
    Past,
    /// It is sooner than the notice allows.
    TooSoon {
        /// The earliest start now.
        earliest: Instant,
    },
    /// Its day is further ahead than the horizon.
    BeyondHorizon {
        /// The last day that can be booked now.
        last: Date,
    },
    /// The clocks jump over that time of day.
    SkippedByClockChange,
    /// The clocks show that time twice that day; only the first is offered.
    RepeatedByClockChange,
    /// Sessions of this type do not start at that time.
    OffGrid {
        /// They start every so many minutes from midnight.
        grid_minutes: u32,
    },
    /// The session is not inside one open stretch.
    OutsideHours,
    /// The session with its buffers overlaps time off.
    TimeOff {
        /// The time off.
        range: TimeRange,
    },
    /// The session with its buffers overlaps something else.
    Taken {
        /// What it overlaps.
        kind: OccupiedKind,
        /// What that blocks, buffers included.
        range: TimeRange,
    },
    /// No room of the practice that suits it is free for all of the session with its buffers.
    NoRoom,
    /// The day already has as many sessions as it may.
    DayFull {
        /// The most sessions of a day.
        limit: u32,
    },
    /// The day already has as many sessions of this type as it may.
    TypeFullThatDay {
        /// The most sessions of this type a day.
        limit: u32,
    },
    /// There would be too many sessions in a row.
    TooManyInARow {
        /// The most sessions in a row.
        limit: u32,
        /// The break that ends a run.
        break_minutes: u32,
    },
}

impl Reason {
    /// The reason for the therapist, in a sentence, with times as the practice's clock shows them.
    pub fn words(&self, zone: &ZoneTable) -> String {
        match *self {
            Reason::Past => "This time is already over.".to_owned(),
            Reason::TooSoon { earliest } => {
                format!("This is sooner than the notice you ask for: the earliest start is {}.", moment(earliest, zone))
            }
            Reason::BeyondHorizon { last } => {
                format!("This is further ahead than you take bookings: the last day is {}.", day(last))
            }
            Reason::SkippedByClockChange => "The clocks go forward over this time, so it does not exist.".to_owned(),
            Reason::RepeatedByClockChange => {
                "The clocks go back and show this time twice; only the first one is offered.".to_owned()
            }
            Reason::OffGrid { grid_minutes: 1 } => "Sessions start on the full minute.".to_owned(),
            Reason::OffGrid { grid_minutes } => {
                format!("Sessions of this type start every {grid_minutes} minutes, counted from midnight.")
            }
            Reason::OutsideHours => "The session would not fit inside your open hours.".to_owned(),
            Reason::TimeOff { range } => format!("You have time off {}.", stretch(range, zone)),
            Reason::Taken { kind, range } => {
                let (what, range) = (taken(kind), stretch(range, zone));
                format!("{what} keeps you busy {range}, breaks before and after included.")
            }
            Reason::NoRoom => {
                "No room of the practice is free for all of it, breaks before and after included.".to_owned()
            }
            Reason::DayFull { limit: 0 } => "You take no sessions on any day.".to_owned(),
            Reason::DayFull { limit } => format!("The day is full: you take at most {} a day.", sessions(limit)),
            Reason::TypeFullThatDay { limit: 0 } => "You take no sessions of this type on any day.".to_owned(),
            Reason::TypeFullThatDay { limit } => {
                format!("The day is full for this type: you take at most {} of it a day.", sessions(limit))
            }
            Reason::TooManyInARow { limit, break_minutes } => {
                format!(
                    "You would have more than {} in a row without {break_minutes} minutes to rest.",
                    sessions(limit)
                )
            }
        }
    }
}

fn taken(kind: OccupiedKind) -> &'static str {
    match kind {
        OccupiedKind::Booking => "A booking",
        OccupiedKind::Hold => "A slot being kept for someone",
        OccupiedKind::Series => "A standing place",
        OccupiedKind::TimeOff => "Time off",
        OccupiedKind::External => "Your other calendar",
    }
}

fn sessions(count: u32) -> String {
    if count == 1 { "1 session".to_owned() } else { format!("{count} sessions") }
}

/// `Thursday 3 December 2026`.
fn day(date: Date) -> String {
    format!("{} {} {} {}", date.0.weekday(), date.0.day(), date.0.month(), date.0.year())
}

/// `Thursday 3 December 2026, 10:00`.
fn moment(at: Instant, zone: &ZoneTable) -> String {
    let civil = zone.civil(at);
    format!("{}, {}", day(civil.date), civil.time)
}

/// `from 10:00 to 11:00` on one day, else both days in full.
fn stretch(range: TimeRange, zone: &ZoneTable) -> String {
    let (starts, ends) = (zone.civil(range.starts_at), zone.civil(range.ends_at));
    if starts.date == ends.date {
        format!("from {} to {}", starts.time, ends.time)
    } else {
        format!("from {} to {}", moment(range.starts_at, zone), moment(range.ends_at, zone))
    }
}
