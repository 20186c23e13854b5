//! The slot engine: which starts can be booked, and why the others cannot.
//!
//! A start is a time of the practice's clock on the grid of the session type. It is offered when
//!
//! 1. it lies at or after now plus the notice, and its day at or before today plus the horizon;
//! 2. the clock really shows it: not in the hour a clock change skips, and not the second time in the hour it repeats;
//! 3. the session, from its start until its end, lies inside one open stretch (buffers may reach outside);
//! 4. the session with its buffers overlaps nothing that is already blocked;
//! 5. for a session in the practice, one of the rooms that suit it is free for all of that, where there is a list of
//!    rooms;
//! 6. the day, the session type and the run of sessions it would join are not full.
//!
//! [`offered`], [`candidates`] and [`explain`] ask one function about one start, so they cannot disagree.

mod prepared;
mod ready;
mod reason;
mod seek;
mod span;
mod timetable;

pub use reason::{Reason, Verdict};
pub use span::{DateSpan, MAX_DAYS, SpanProblem};
pub use timetable::{
    Consecutive, DateOverride, Limits, Occupied, OccupiedKind, OpenHours, Room, SessionRules, Suits, Timetable,
    WeeklyHours,
};

use crate::time::{Date, Instant, LocalTime};
use crate::zone::{Periods, ZoneTable, nearest_date};
use prepared::{Prepared, last_day, micros_of_minutes};
use serde::{Deserialize, Serialize};

/// How many days [`next_free`] and [`nearest`] look ahead (and `nearest` back), at most.
pub const SEARCH_DAYS: i64 = 366;

/// One time of the grid, and whether it can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    /// The day in the practice's zone.
    pub date: Date,
    /// The time of that day.
    pub time: LocalTime,
    /// The moment. For a time the clock change skips it is later by the length of the jump.
    pub start: Instant,
    /// Whether it is offered.
    pub verdict: Verdict,
}

/// The offered starts of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SlotDay {
    /// The day on the visitor's calendar.
    pub date: Date,
    /// The starts, earliest first.
    pub starts: Vec<Instant>,
}

/// Every grid time of the days (dates of the practice's zone), in the order of the clock, each with its verdict.
pub fn candidates(timetable: &Timetable, rules: &SessionRules, span: DateSpan, now: Instant) -> Vec<Candidate> {
    let (first, last) = (span.from().epoch_days(), span.to().epoch_days());
    Prepared::new(timetable, rules, first, last, now).candidates(first, last)
}

/// The starts that can be booked on the days (dates of the practice's zone), earliest first: the
/// [`Verdict::Offered`] ones of [`candidates`].
pub fn offered(timetable: &Timetable, rules: &SessionRules, span: DateSpan, now: Instant) -> Vec<Instant> {
    offered_days(timetable, rules, span.from().epoch_days(), span.to().epoch_days(), now)
}

/// Whether one start, which may be any moment, can be booked, and if not, every reason why.
pub fn explain(timetable: &Timetable, rules: &SessionRules, start: Instant, now: Instant) -> Verdict {
    let day = timetable.zone.civil(start).date.epoch_days();
    Prepared::new(timetable, rules, day, day, now).explain(start)
}

/// The starts that can be booked, by day of the visitor's calendar; days without any are left out.
///
/// The span's dates are the visitor's too: her Monday may begin on the practice's Sunday.
pub fn days(
    timetable: &Timetable,
    rules: &SessionRules,
    span: DateSpan,
    now: Instant,
    visitor: &ZoneTable,
) -> Vec<SlotDay> {
    // Two zones are at most 26 hours apart, so their dates differ by at most two days.
    let (first, last) = (span.from().epoch_days() - 2, span.to().epoch_days() + 2);
    let starts = offered_days(timetable, rules, first, last, now);
    group(&starts, visitor).into_iter().filter(|day| span.contains(day.date)).collect()
}

/// Starts, earliest first, by day of a visitor's calendar.
pub fn group(starts: &[Instant], visitor: &ZoneTable) -> Vec<SlotDay> {
    let mut periods = Periods::new(visitor);
    let mut days: Vec<SlotDay> = Vec::new();
    let mut rest = starts;
    while let Some(first) = rest.first() {
        let day = periods.day_at(first.seconds());
        let count = rest.iter().take_while(|start| periods.day_at(start.seconds()) == day).count();
        let (same_day, later) = rest.split_at(count);
        let date = nearest_date(day);
        match days.binary_search_by_key(&date, |day| day.date) {
            // The visitor's clocks went back over midnight.
            Ok(found) => days[found].starts.extend(same_day),
            Err(place) => days.insert(place, SlotDay { date, starts: same_day.to_vec() }),
        }
        rest = later;
    }
    days
}

/// The first start that can be booked at or after a moment, within the horizon and [`SEARCH_DAYS`] of that moment.
pub fn next_free(timetable: &Timetable, rules: &SessionRules, from: Instant, now: Instant) -> Option<Instant> {
    let earliest = from.max(now.plus_minutes(rules.notice_minutes));
    let mut first = timetable.zone.civil(earliest).date.epoch_days();
    let end = first + SEARCH_DAYS;
    let mut step = 7;
    while first <= end {
        let last = (first + step - 1).min(end);
        let starts = offered_days(timetable, rules, first, last, now);
        let at = starts.partition_point(|&start| start < from);
        if let Some(&start) = starts.get(at) {
            return Some(start);
        }
        first = last + 1;
        step = MAX_DAYS;
    }
    None
}

/// How many other starts a lost one is answered with.
pub const ALTERNATIVES: usize = 3;

/// How well a start stands in for a wanted one, best first: the closest in time, of two equally close ones the earlier.
pub fn closeness(start: Instant, wanted: Instant) -> (i64, Instant) {
    ((start.micros() - wanted.micros()).abs(), start)
}

/// The alternatives to a wanted start: at most `count` other starts that can be booked, by [`closeness`].
pub fn nearest(
    timetable: &Timetable,
    rules: &SessionRules,
    wanted: Instant,
    now: Instant,
    count: usize,
) -> Vec<Instant> {
    let day = timetable.zone.civil(wanted).date.epoch_days();
    for radius in [7, 30, SEARCH_DAYS] {
        let mut found = offered_days(timetable, rules, day - radius, day + radius, now);
        found.retain(|&start| start != wanted);
        // Beyond the radius there may be closer ones than the furthest inside: two days cover every clock change.
        let sure = micros_of_minutes((radius - 2) * 24 * 60);
        let settled = found.iter().filter(|start| (start.micros() - wanted.micros()).abs() <= sure).count() >= count;
        if settled || radius == SEARCH_DAYS {
            found.sort_by_key(|&start| closeness(start, wanted));
            found.truncate(count);
            return found;
        }
    }
    Vec::new()
}

fn offered_days(timetable: &Timetable, rules: &SessionRules, first: i64, last: i64, now: Instant) -> Vec<Instant> {
    let earliest = timetable.zone.civil(now.plus_minutes(rules.notice_minutes)).date;
    let first = first.max(earliest.epoch_days());
    let last = last.min(last_day(timetable, rules, now));
    Prepared::new(timetable, rules, first, last, now).offered(first, last)
}
