//! A second opinion that knows nothing of the engine: every minute of the calendar is marked open or blocked, its
//! civil time asked of jiff, and every rule a plain loop. Slow, simple, and it must agree.

use crate::cases::{Case, case};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use shared::ids::RoomId;
use shared::practice::Modality;
use shared::slots::{Occupied, OccupiedKind, Reason, Verdict, candidates, explain, next_free, offered};
use shared::time::{Date, Instant, TimeRange};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// Days of the calendar before and after the day of the clock change: a span starts at most three days before that day
/// and ends at most four after, and what is asked about it reaches a little further.
const MARGIN: i64 = 9;

/// A minute of the civil calendar: the day since 1970-01-01, the minute of that day.
type Civil = (i64, i64);

/// What the clock shows, minute by minute.
struct Calendar {
    zone: TimeZone,
    /// The minute since 1970 that is first in the lists.
    start: i64,
    civil: Vec<Civil>,
    first_at: HashMap<Civil, usize>,
}

impl Calendar {
    fn new(zone: &str, around: Date) -> Self {
        let zone = TimeZone::get(zone).expect("a zone of the list");
        let minutes = (around.epoch_days() - MARGIN) * 1440..(around.epoch_days() + MARGIN) * 1440;
        let start = minutes.start;
        let civil: Vec<Civil> = minutes.map(|minute| civil(&zone, minute * 60)).collect();
        let mut first_at = HashMap::new();
        for (index, &civil) in civil.iter().enumerate() {
            first_at.entry(civil).or_insert(index);
        }
        Calendar { zone, start, civil, first_at }
    }

    /// Made once for every zone and day.
    fn of(case: &Case) -> Rc<Calendar> {
        thread_local!(static MADE: RefCell<HashMap<(&'static str, Date), Rc<Calendar>>> = RefCell::default());
        MADE.with_borrow_mut(|made| {
            let made = made.entry((case.zone, case.around));
            made.or_insert_with(|| Rc::new(Calendar::new(case.zone, case.around))).clone()
        })
    }
}

struct Oracle<'a> {
    case: &'a Case,
    calendar: Rc<Calendar>,
    today: i64,
    /// The sessions, each with the day it starts on.
    sessions: Vec<(i64, &'a Occupied)>,
    open: Vec<bool>,
    blocked: Vec<bool>,
    /// Whether a room is needed.
    needs_room: bool,
    /// The same of each room that suits, for a session that needs one.
    rooms: Vec<Vec<bool>>,
}

impl<'a> Oracle<'a> {
    fn new(case: &'a Case) -> Self {
        let calendar = Calendar::of(case);
        let today = civil(&calendar.zone, case.now.seconds()).0;
        let is_session = |kind| !matches!(kind, OccupiedKind::TimeOff | OccupiedKind::External);
        let sessions = case.timetable.occupied.iter().filter(|occupied| is_session(occupied.kind));
        let sessions = sessions.map(|it| (civil(&calendar.zone, it.session.starts_at.seconds()).0, it)).collect();
        let mut oracle =
            Oracle { case, calendar, today, sessions, open: vec![], blocked: vec![], needs_room: false, rooms: vec![] };
        oracle.open = oracle.mark_open();
        oracle.blocked = oracle.mark(case.timetable.occupied.iter().map(|it| it.range));
        if case.rules.modality == Modality::InPerson {
            let named: Vec<RoomId> = case
                .timetable
                .suits
                .iter()
                .filter(|it| it.session_type_id == case.rules.session_type_id)
                .map(|it| it.room_id)
                .collect();
            oracle.needs_room = !case.timetable.rooms.is_empty();
            for room in &case.timetable.rooms {
                if named.is_empty() || named.contains(&room.id) {
                    let taken = oracle.mark(room.taken.iter().copied());
                    oracle.rooms.push(taken);
                }
            }
        }
        oracle
    }

    fn mark_open(&self) -> Vec<bool> {
        let mut open = vec![false; self.calendar.civil.len()];
        let timetable = &self.case.timetable;
        let rules = &self.case.rules;
        for day in self.case.span.from().epoch_days() - 3..=self.case.span.to().epoch_days() + 3 {
            let date = Date::from_epoch_days(day).expect("a day");
            let own: Vec<_> = timetable.overrides.iter().filter(|it| it.date == date).collect();
            let mut hours = Vec::new();
            if own.is_empty() {
                for row in timetable.hours.iter().filter(|row| row.weekday == date.weekday()) {
                    let for_type = row.session_type_id.is_none() || row.session_type_id == Some(rules.session_type_id);
                    let for_modality = row.modality.is_none() || row.modality == Some(rules.modality);
                    if for_type && for_modality {
                        hours.push((row.from, row.until));
                    }
                }
            }
            for date in own {
                hours.extend(date.hours.iter().map(|it| (it.from, it.until)));
            }
            for (from, until) in hours {
                let from = self.reached(day, i64::from(from.minutes()));
                let until = self.reached(day, i64::from(until.minutes()));
                open[from.min(until)..until].fill(true);
            }
        }
        open
    }

    /// The first minute whose civil time is that one or later.
    fn reached(&self, day: i64, minute: i64) -> usize {
        let wanted = (day + minute / 1440, minute % 1440);
        self.calendar.civil.iter().position(|&civil| civil >= wanted).unwrap_or(self.calendar.civil.len())
    }

    fn mark(&self, ranges: impl Iterator<Item = TimeRange>) -> Vec<bool> {
        let mut blocked = vec![false; self.calendar.civil.len()];
        for range in ranges {
            let (starts_at, ends_at) = (range.starts_at.seconds(), range.ends_at.seconds());
            for (index, blocked) in blocked.iter_mut().enumerate() {
                let minute = (self.calendar.start + index as i64) * 60;
                *blocked |= starts_at < minute + 60 && minute < ends_at;
            }
        }
        blocked
    }

    fn index_of(&self, at: Instant) -> usize {
        usize::try_from(at.seconds().div_euclid(60) - self.calendar.start).expect("a start inside the margins")
    }

    /// How many sessions the run has that a session of this range would join.
    fn run(&self, session: TimeRange) -> usize {
        let close = |a: &TimeRange, b: &TimeRange, rest: i64| {
            a.starts_at.seconds() - b.ends_at.seconds() < rest && b.starts_at.seconds() - a.ends_at.seconds() < rest
        };
        let rest = self.case.timetable.limits.consecutive.map_or(0, |limit| i64::from(limit.break_minutes) * 60);
        let mut others: Vec<TimeRange> = self.sessions.iter().map(|it| it.1.session).collect();
        let mut run = vec![session];
        while let Some(next) = others.iter().position(|other| run.iter().any(|member| close(member, other, rest))) {
            run.push(others.swap_remove(next));
        }
        run.len()
    }

    /// The rules a start breaks, by name; it lies on a whole minute.
    fn broken(&self, start: Instant) -> BTreeSet<&'static str> {
        let (rules, timetable) = (&self.case.rules, &self.case.timetable);
        let index = self.index_of(start);
        let (day, minute) = self.calendar.civil[index];
        let mut broken = BTreeSet::new();
        if start.micros() < self.case.now.micros() + rules.notice_minutes * 60_000_000 {
            broken.insert(if start < self.case.now { "past" } else { "too soon" });
        }
        if day > self.today + i64::from(rules.horizon_days) {
            broken.insert("horizon");
        }
        if minute % i64::from(rules.grid_minutes) != 0 {
            broken.insert("grid");
        } else if self.calendar.first_at[&(day, minute)] != index {
            broken.insert("repeated");
        }
        let length = rules.minutes as usize;
        if !self.open[index..index + length].iter().all(|&open| open) {
            broken.insert("hours");
        }
        let blocked = index - rules.buffer_before as usize..index + length + rules.buffer_after as usize;
        if self.blocked[blocked.clone()].iter().any(|&blocked| blocked) {
            broken.insert("taken");
        }
        let free = |room: &Vec<bool>| room[blocked.clone()].iter().all(|&taken| !taken);
        if self.needs_room && !self.rooms.iter().any(free) {
            broken.insert("room");
        }
        let that_day = || self.sessions.iter().filter(|it| it.0 == day);
        if timetable.limits.per_day.is_some_and(|limit| that_day().count() >= limit as usize) {
            broken.insert("day");
        }
        let of_type = || that_day().filter(|it| it.1.session_type_id == Some(rules.session_type_id));
        if rules.per_day.is_some_and(|limit| of_type().count() >= limit as usize) {
            broken.insert("type");
        }
        let range = TimeRange { starts_at: start, ends_at: start.plus_minutes(length as i64) };
        if timetable.limits.consecutive.is_some_and(|limit| self.run(range) > limit.sessions as usize) {
            broken.insert("row");
        }
        broken
    }

    /// Every grid time of the span with its moment, `None` where the clock never shows it.
    fn grid(&self) -> Vec<(Civil, Option<Instant>)> {
        let days = self.case.span.from().epoch_days()..=self.case.span.to().epoch_days();
        let minutes = || (0..1440).filter(|minute| minute % i64::from(self.case.rules.grid_minutes) == 0);
        let moment = |civil: Civil| {
            let index = *self.calendar.first_at.get(&civil)?;
            Instant::from_seconds((self.calendar.start + index as i64) * 60)
        };
        days.flat_map(|day| minutes().map(move |minute| (day, minute))).map(|civil| (civil, moment(civil))).collect()
    }
}

fn civil(zone: &TimeZone, seconds: i64) -> Civil {
    let shown = zone.to_datetime(Timestamp::from_second(seconds).expect("a timestamp"));
    let date = Date::new(i32::from(shown.year()), shown.month() as u8, shown.day() as u8).expect("a date");
    (date.epoch_days(), i64::from(shown.hour()) * 60 + i64::from(shown.minute()))
}

fn names(verdict: &Verdict) -> BTreeSet<&'static str> {
    let name = |reason: &Reason| match reason {
        Reason::Past => "past",
        Reason::TooSoon { .. } => "too soon",
        Reason::BeyondHorizon { .. } => "horizon",
        Reason::SkippedByClockChange => "skipped",
        Reason::RepeatedByClockChange => "repeated",
        Reason::OffGrid { .. } => "grid",
        Reason::OutsideHours => "hours",
        Reason::TimeOff { .. } | Reason::Taken { .. } => "taken",
        Reason::NoRoom => "room",
        Reason::DayFull { .. } => "day",
        Reason::TypeFullThatDay { .. } => "type",
        Reason::TooManyInARow { .. } => "row",
    };
    verdict.reasons().iter().map(name).collect()
}

fn agree(case: &Case) -> Result<(), TestCaseError> {
    let Case { timetable, rules, span, now, probes, .. } = case;
    let oracle = Oracle::new(case);
    let candidates = candidates(timetable, rules, *span, *now);
    let grid = oracle.grid();
    prop_assert_eq!(candidates.len(), grid.len());
    let mut free = Vec::new();
    for (candidate, ((day, minute), moment)) in candidates.iter().zip(grid) {
        prop_assert_eq!((candidate.date.epoch_days(), i64::from(candidate.time.minutes())), (day, minute));
        let Some(moment) = moment else {
            prop_assert_eq!(&candidate.verdict, &Verdict::Blocked(vec![Reason::SkippedByClockChange]));
            continue;
        };
        prop_assert_eq!(candidate.start, moment);
        prop_assert_eq!(names(&candidate.verdict), oracle.broken(moment), "{:?}", candidate);
        prop_assert_eq!(&explain(timetable, rules, moment, *now), &candidate.verdict, "{:?}", candidate);
        if candidate.verdict.is_offered() {
            free.push(moment);
        }
    }
    free.sort_unstable();
    prop_assert_eq!(&offered(timetable, rules, *span, *now), &free);
    for &probe in probes {
        let after = free.iter().find(|&&start| start >= probe);
        if let (Some(&start), true) = (after, span.contains(timetable.zone.civil(probe).date)) {
            prop_assert_eq!(next_free(timetable, rules, probe, *now), Some(start), "after {}", probe);
        }
        let verdict = explain(timetable, rules, probe, *now);
        if probe.micros() % 60_000_000 == 0 {
            prop_assert_eq!(names(&verdict), oracle.broken(probe), "{}", probe);
        } else {
            prop_assert!(names(&verdict).contains("grid"), "{} is between two minutes: {:?}", probe, verdict);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_agrees_with_a_calendar_of_minutes(case in case()) {
        agree(&case)?;
    }
}
