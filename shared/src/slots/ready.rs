//! What a timetable is sorted, merged and counted into. All times are microseconds since 1970, all days days since
//! 1970-01-01.

use super::prepared::micros_of_minutes;
use super::timetable::{DateOverride, Occupied, OpenHours, Room, SessionRules, Timetable};
use crate::practice::Modality;
use crate::time::{LocalTime, TimeRange, Weekday};
use crate::zone::{DAY_SECONDS, Periods, ResolvedKind};

/// A stretch of time, open or taken. A list of them is sorted, and no two touch.
#[derive(Clone, Copy)]
pub(super) struct Stretch {
    pub(super) from: i64,
    pub(super) until: i64,
}

/// Something blocked, by its start; `reach` is the latest end so far.
pub(super) struct Busy<'a> {
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) reach: i64,
    pub(super) what: &'a Occupied,
}

/// Sessions in a row, from the start of the first to the end of the last.
pub(super) struct Run {
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) sessions: u32,
}

/// The sessions that start on one day.
#[derive(Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) all: u32,
    pub(super) of_type: u32,
}

/// The open stretches that a session starting on these days can lie in.
pub(super) fn stretches(timetable: &Timetable, rules: &SessionRules, first: i64, last: i64) -> Vec<Stretch> {
    let of_type = |hours: &&super::WeeklyHours| {
        hours.session_type_id.is_none_or(|id| id == rules.session_type_id)
            && hours.modality.is_none_or(|modality| modality == rules.modality)
    };
    let mut week: [Vec<OpenHours>; 7] = Default::default();
    for hours in timetable.hours.iter().filter(of_type) {
        week[hours.weekday as usize].push(OpenHours { from: hours.from, until: hours.until });
    }
    let mut own: Vec<(i64, &DateOverride)> = timetable.overrides.iter().map(|it| (it.date.epoch_days(), it)).collect();
    own.sort_by_key(|it| it.0);

    let mut periods = Periods::new(&timetable.zone);
    let mut open: Vec<Stretch> = Vec::new();
    // A session can end a day later, and a day more where the clocks leave one out.
    for day in first..=last + 2 {
        let own = &own[own.partition_point(|it| it.0 < day)..];
        let own = &own[..own.partition_point(|it| it.0 == day)];
        if own.is_empty() {
            open_day(&mut periods, day, &week[weekday_of(day) as usize], &mut open);
        }
        for (_, date) in own {
            open_day(&mut periods, day, &date.hours, &mut open);
        }
    }
    merged(open)
}

/// The same time in stretches that are sorted and do not touch.
fn merged(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    if !stretches.is_sorted_by_key(|stretch| stretch.from) {
        stretches.sort_unstable_by_key(|stretch| stretch.from);
    }
    stretches.dedup_by(|next, before| {
        let touches = next.from <= before.until;
        if touches {
            before.until = before.until.max(next.until);
        }
        touches
    });
    stretches
}

fn open_day(periods: &mut Periods, day: i64, hours: &[OpenHours], open: &mut Vec<Stretch>) {
    if hours.is_empty() {
        return;
    }
    let steady = periods.steady_offset(day);
    let mut edge = |time: LocalTime| {
        let local = day * DAY_SECONDS + i64::from(time.minutes()) * 60;
        let seconds = steady.map_or_else(
            || match periods.resolve(local) {
                (_, ResolvedKind::ShiftedOverGap { change }) => change.seconds(),
                (at, _) => at,
            },
            |offset| local - offset,
        );
        seconds * 1_000_000
    };
    for hours in hours {
        let stretch = Stretch { from: edge(hours.from), until: edge(hours.until) };
        if stretch.from < stretch.until {
            open.push(stretch);
        }
    }
}

fn weekday_of(day: i64) -> Weekday {
    // 1970-01-01 was a Thursday.
    Weekday::ALL[usize::try_from((day + 3).rem_euclid(7)).expect("a remainder of seven")]
}

pub(super) fn busy(occupied: &[Occupied]) -> Vec<Busy<'_>> {
    let mut busy: Vec<Busy> = occupied
        .iter()
        .map(|what| {
            let (from, until) = (what.range.starts_at.micros(), what.range.ends_at.micros());
            Busy { from, until, reach: until, what }
        })
        .collect();
    if !busy.is_sorted_by_key(|busy| busy.from) {
        busy.sort_by_key(|busy| busy.from);
    }
    let mut reach = i64::MIN;
    for busy in &mut busy {
        reach = reach.max(busy.until);
        busy.reach = reach;
    }
    busy
}

/// When each room is taken that suits the session, if it needs one: sorted, and no two stretches of a room touch.
pub(super) fn rooms(timetable: &Timetable, rules: &SessionRules) -> Option<Vec<Vec<Stretch>>> {
    if rules.modality != Modality::InPerson || timetable.rooms.is_empty() {
        return None;
    }
    let named = || timetable.suits.iter().filter(|it| it.session_type_id == rules.session_type_id);
    let takes_any = named().next().is_none();
    let suits = |room: &&Room| takes_any || named().any(|it| it.room_id == room.id);
    let stretches = |room: &Room| {
        let range = |it: &TimeRange| Stretch { from: it.starts_at.micros(), until: it.ends_at.micros() };
        merged(room.taken.iter().map(range).collect())
    };
    Some(timetable.rooms.iter().filter(suits).map(stretches).collect())
}

/// Whether nothing is taken of a room in a stretch of time.
#[inline]
pub(super) fn is_free(room: &[Stretch], from: i64, until: i64) -> bool {
    let next = room.partition_point(|taken| taken.until <= from);
    room.get(next).is_none_or(|taken| until <= taken.from)
}

/// The sessions among what is occupied.
pub(super) struct Sessions<'a> {
    pub(super) timetable: &'a Timetable,
    pub(super) rules: &'a SessionRules,
}

impl<'a> Sessions<'a> {
    fn iter(&self) -> impl Iterator<Item = &'a Occupied> {
        self.timetable.occupied.iter().filter(|occupied| occupied.kind.is_session())
    }

    pub(super) fn counts(&self, first: i64, last: i64) -> Vec<Count> {
        let mut counts = vec![Count::default(); usize::try_from(last - first + 1).unwrap_or(0)];
        let mut periods = Periods::new(&self.timetable.zone);
        for session in self.iter() {
            let day = periods.day_at(session.session.starts_at.seconds());
            let Some(count) = usize::try_from(day - first).ok().and_then(|index| counts.get_mut(index)) else {
                continue;
            };
            count.all += 1;
            count.of_type += u32::from(session.session_type_id == Some(self.rules.session_type_id));
        }
        counts
    }

    pub(super) fn runs(&self, break_minutes: u32) -> Vec<Run> {
        let rest = micros_of_minutes(i64::from(break_minutes));
        let mut runs: Vec<Run> = self
            .iter()
            .map(|it| Run { from: it.session.starts_at.micros(), until: it.session.ends_at.micros(), sessions: 1 })
            .collect();
        if !runs.is_sorted_by_key(|run| run.from) {
            runs.sort_unstable_by_key(|run| run.from);
        }
        runs.dedup_by(|next, before| {
            let in_a_row = next.from - before.until < rest;
            if in_a_row {
                before.until = before.until.max(next.until);
                before.sessions += next.sessions;
            }
            in_a_row
        });
        runs
    }
}
