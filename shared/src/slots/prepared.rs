//! A timetable made ready for some days: everything sorted, merged and counted once, so that one start is decided by
//! a few comparisons.

use super::ready::{Busy, Count, Run, Sessions, Stretch, busy, is_free, rooms, stretches};
use super::seek::seek;
use super::timetable::{SessionRules, Timetable};
use super::{Candidate, Reason, Verdict};
use crate::time::{Instant, LocalTime};
use crate::zone::{DAY_SECONDS, Periods, ResolvedKind, ZoneTable, nearest_date};
use std::ops::ControlFlow::{self, Break, Continue};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

pub(super) fn micros_of_minutes(minutes: i64) -> i64 {
    minutes.saturating_mul(MINUTE)
}

/// The last day that can be booked now.
pub(super) fn last_day(timetable: &Timetable, rules: &SessionRules, now: Instant) -> i64 {
    timetable.zone.civil(now).date.epoch_days() + i64::from(rules.horizon_days)
}

/// The moment so many microseconds after 1970; it was made from one.
fn instant(micros: i64) -> Instant {
    Instant::from_micros(micros).expect("the moment came from an instant")
}

/// A timetable, ready for the days `first` to `last` (days since 1970-01-01). All times are microseconds since 1970.
pub(super) struct Prepared<'a> {
    zone: &'a ZoneTable,
    rules: &'a SessionRules,
    now: i64,
    earliest: i64,
    last_day: i64,
    stretches: Vec<Stretch>,
    busy: Vec<Busy<'a>>,
    /// Those a session needs one of; absent when it needs no room.
    rooms: Option<Vec<Vec<Stretch>>>,
    runs: Vec<Run>,
    run_limit: Option<super::Consecutive>,
    per_day: Option<u32>,
    first: i64,
    counts: Vec<Count>,
}

/// One start and its place on the practice's clock.
#[derive(Clone, Copy)]
struct Start {
    at: i64,
    day: i64,
    grid: Grid,
}

#[derive(Clone, Copy)]
enum Grid {
    On,
    Off,
    Repeated,
}

/// Where the last start was found in the sorted lists. Only saves searching: every cursor gives the same answer.
#[derive(Default)]
struct Cursor {
    stretch: usize,
    busy: usize,
    run: usize,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(timetable: &'a Timetable, rules: &'a SessionRules, first: i64, last: i64, now: Instant) -> Self {
        let zone = &timetable.zone;
        let any_count = timetable.limits.per_day.is_some() || rules.per_day.is_some();
        let sessions = Sessions { timetable, rules };
        Prepared {
            zone,
            rules,
            now: now.micros(),
            earliest: now.plus_minutes(rules.notice_minutes).micros(),
            last_day: last_day(timetable, rules, now),
            stretches: stretches(timetable, rules, first, last),
            busy: busy(&timetable.occupied),
            rooms: rooms(timetable, rules),
            runs: timetable.limits.consecutive.map_or_else(Vec::new, |limit| sessions.runs(limit.break_minutes)),
            run_limit: timetable.limits.consecutive,
            per_day: timetable.limits.per_day,
            first,
            counts: if any_count { sessions.counts(first, last) } else { Vec::new() },
        }
    }

    /// Decides one start: reports every reason against it, until told to stop. The only place that decides.
    #[inline]
    fn judge(
        &self,
        start: Start,
        cursor: &mut Cursor,
        mut report: impl FnMut(Reason) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Start { at, day, grid } = start;
        let until = at + micros_of_minutes(i64::from(self.rules.minutes));
        let blocked_from = at - micros_of_minutes(i64::from(self.rules.buffer_before));
        let blocked_until = until + micros_of_minutes(i64::from(self.rules.buffer_after));

        if at < self.earliest {
            report(if at < self.now { Reason::Past } else { Reason::TooSoon { earliest: instant(self.earliest) } })?;
        }
        if day > self.last_day {
            report(Reason::BeyondHorizon { last: nearest_date(self.last_day) })?;
        }
        match grid {
            Grid::On => {}
            Grid::Off => report(Reason::OffGrid { grid_minutes: self.rules.grid_minutes.max(1) })?,
            Grid::Repeated => report(Reason::RepeatedByClockChange)?,
        }

        cursor.stretch = seek(&self.stretches, cursor.stretch, |stretch| stretch.until <= at);
        let inside = self.stretches.get(cursor.stretch).is_some_and(|it| it.from <= at && until <= it.until);
        if !inside || self.length_is_wrong() {
            report(Reason::OutsideHours)?;
        }

        cursor.busy = seek(&self.busy, cursor.busy, |busy| busy.reach <= blocked_from);
        for busy in self.busy[cursor.busy..].iter().take_while(|busy| busy.from < blocked_until) {
            if busy.until > blocked_from {
                let (kind, range) = (busy.what.kind, busy.what.range);
                let off = kind == super::OccupiedKind::TimeOff;
                report(if off { Reason::TimeOff { range } } else { Reason::Taken { kind, range } })?;
            }
        }

        let is_none_free =
            |rooms: &Vec<Vec<Stretch>>| rooms.iter().all(|room| !is_free(room, blocked_from, blocked_until));
        if self.rooms.as_ref().is_some_and(is_none_free) {
            report(Reason::NoRoom)?;
        }

        let index = usize::try_from(day - self.first).unwrap_or(usize::MAX);
        let count = self.counts.get(index).copied().unwrap_or_default();
        if let Some(limit) = self.per_day.filter(|&limit| count.all >= limit) {
            report(Reason::DayFull { limit })?;
        }
        if let Some(limit) = self.rules.per_day.filter(|&limit| count.of_type >= limit) {
            report(Reason::TypeFullThatDay { limit })?;
        }
        if let Some(limit) = self.run_limit {
            let rest = micros_of_minutes(i64::from(limit.break_minutes));
            cursor.run = seek(&self.runs, cursor.run, |run| run.until <= at - rest);
            let near = self.runs[cursor.run..].iter().take_while(|run| run.from < until + rest);
            if near.fold(1, |sessions: u32, run| sessions.saturating_add(run.sessions)) > limit.sessions {
                report(Reason::TooManyInARow { limit: limit.sessions, break_minutes: limit.break_minutes })?;
            }
        }
        Continue(())
    }

    /// Every reason against one start.
    fn verdict(&self, start: Start, cursor: &mut Cursor) -> Verdict {
        let mut reasons = Vec::new();
        let _ = self.judge(start, cursor, |reason| {
            reasons.push(reason);
            Continue(())
        });
        if reasons.is_empty() { Verdict::Offered } else { Verdict::Blocked(reasons) }
    }

    pub(super) fn explain(&self, start: Instant) -> Verdict {
        let civil = self.zone.civil(start);
        let grid = if u32::from(civil.time.minutes()) % self.grid_minutes() != 0 {
            Grid::Off
        } else if self.zone.resolve(civil.date, civil.time).at == start {
            Grid::On
        } else if (start.micros() + i64::from(self.zone.offset_at(start)) * 1_000_000) % MINUTE == 0 {
            Grid::Repeated
        } else {
            Grid::Off
        };
        let start = Start { at: start.micros(), day: civil.date.epoch_days(), grid };
        self.verdict(start, &mut Cursor::default())
    }

    pub(super) fn candidates(&self, first: i64, last: i64) -> Vec<Candidate> {
        let mut cursor = Cursor::default();
        let mut periods = Periods::new(self.zone);
        let mut candidates = Vec::new();
        for day in first..=last {
            let date = nearest_date(day);
            let steady = periods.steady_offset(day);
            for minute in self.grid() {
                let local = day * DAY_SECONDS + minute * 60;
                let (seconds, kind) = match steady {
                    Some(offset) => (local - offset, ResolvedKind::Exact),
                    None => periods.resolve(local),
                };
                let Some(start) = Instant::from_seconds(seconds) else { continue };
                let verdict = match kind {
                    ResolvedKind::ShiftedOverGap { .. } => Verdict::Blocked(vec![Reason::SkippedByClockChange]),
                    _ => self.verdict(Start { at: start.micros(), day, grid: Grid::On }, &mut cursor),
                };
                candidates.push(Candidate { date, time: local_time(minute), start, verdict });
            }
        }
        candidates
    }

    pub(super) fn offered(&self, first: i64, last: i64) -> Vec<Instant> {
        let mut cursor = Cursor::default();
        let mut periods = Periods::new(self.zone);
        let mut offered = Vec::new();
        if !self.length_is_wrong() {
            for day in first..=last {
                match periods.steady_offset(day) {
                    Some(offset) => self.offer_steady_day(day, offset, &mut cursor, &mut offered),
                    None => self.offer_changing_day(day, &mut periods, &mut cursor, &mut offered),
                }
            }
        }
        offered
    }

    /// A day with one offset: only the grid times inside open stretches are looked at.
    fn offer_steady_day(&self, day: i64, offset: i64, cursor: &mut Cursor, offered: &mut Vec<Instant>) {
        let grid = micros_of_minutes(i64::from(self.grid_minutes()));
        let length = micros_of_minutes(i64::from(self.rules.minutes));
        let midnight = day * DAY - offset * 1_000_000;
        let earliest = self.earliest.max(midnight);
        let opening = seek(&self.stretches, cursor.stretch, |stretch| stretch.until <= midnight);
        for stretch in self.stretches[opening..].iter().take_while(|stretch| stretch.from < midnight + DAY) {
            let steps = (stretch.from.max(earliest) - midnight + grid - 1) / grid;
            let mut at = midnight + steps * grid;
            while at < midnight + DAY && at + length <= stretch.until {
                let refused = self.offer(Start { at, day, grid: Grid::On }, cursor, offered);
                at += grid;
                match refused {
                    Some(Reason::DayFull { .. } | Reason::TypeFullThatDay { .. }) => return,
                    Some(Reason::TimeOff { range } | Reason::Taken { range, .. }) => {
                        // Nothing can start before what is in the way has ended.
                        let free = range.ends_at.micros().min(midnight + DAY);
                        while at < free {
                            at += grid;
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// A day the clocks change: every grid time is looked up.
    fn offer_changing_day(&self, day: i64, periods: &mut Periods, cursor: &mut Cursor, offered: &mut Vec<Instant>) {
        let before = offered.len();
        for minute in self.grid() {
            let (seconds, kind) = periods.resolve(day * DAY_SECONDS + minute * 60);
            if !matches!(kind, ResolvedKind::ShiftedOverGap { .. }) {
                self.offer(Start { at: seconds * 1_000_000, day, grid: Grid::On }, cursor, offered);
            }
        }
        offered[before..].sort_unstable();
    }

    /// Adds the start if nothing is against it, else answers with the first reason.
    #[inline]
    fn offer(&self, start: Start, cursor: &mut Cursor, offered: &mut Vec<Instant>) -> Option<Reason> {
        let mut against = None;
        let _ = self.judge(start, cursor, |reason| {
            against = Some(reason);
            Break(())
        });
        if against.is_none() {
            offered.extend(Instant::from_seconds(start.at / 1_000_000));
        }
        against
    }

    fn grid_minutes(&self) -> u32 {
        self.rules.grid_minutes.max(1)
    }

    /// The minutes of a day sessions can start at.
    fn grid(&self) -> impl Iterator<Item = i64> {
        (0..24 * 60).step_by(usize::try_from(self.grid_minutes()).unwrap_or(usize::MAX))
    }

    fn length_is_wrong(&self) -> bool {
        !(1..=24 * 60).contains(&self.rules.minutes)
    }
}

fn local_time(minute: i64) -> LocalTime {
    let minute = u16::try_from(minute).expect("a day has 1440 minutes");
    LocalTime::from_minutes(minute).expect("a day has 1440 minutes")
}
