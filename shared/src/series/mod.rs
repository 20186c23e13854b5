//! A standing place: the client's weekly Thursday 11:00, as a rule with exceptions.
//!
//! A [`SeriesRule`] names days of the practice's calendar and a time of its clock; an [`Exception`] says what became of
//! one of those days. The model is small on purpose: a rhythm is one of nine, so that no rule can name more than one
//! session a week, and no question is answered with more than [`MOST_OCCURRENCES`].

mod cadence;
mod clocks;
mod edit;
mod expand;
mod rule;

pub use cadence::{Cadence, Nth};
pub use clocks::{ClockNotice, NOTICE_DAYS, clock_notices};
pub use edit::{Change, Edited, Scope, change_all, change_following, move_one, skip_one, successor};
pub use expand::{MOST_OCCURRENCES, Occurrence, is_occurrence, next_dates, occurrences};
pub use rule::{Exception, ExceptionKind, SeriesRule, SeriesState, TakenBy};

/// How many weeks ahead the sessions of a standing place are in the calendar, unless the practice says otherwise.
pub const WEEKS_AHEAD: i64 = 10;

/// The fewest and the most weeks a practice may choose.
pub const WEEKS_AHEAD_RANGE: std::ops::RangeInclusive<i64> = 8..=12;

/// How many days ahead a standing place keeps its time, beyond the sessions that are in the calendar: as far as the
/// furthest horizon of a session type, so that no one-off booking can ever reach past it.
pub const PLACE_DAYS: i64 = 400;
