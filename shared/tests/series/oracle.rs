//! A second opinion that walks day by day and knows no arithmetic of weeks.

use crate::{date, time, zone};
use proptest::prelude::*;
use shared::series::{
    Cadence, Change, Exception, ExceptionKind, MOST_OCCURRENCES, Nth, SeriesRule, change_all, change_following,
    clock_notices, is_occurrence, occurrences,
};
use shared::time::{Date, LocalTime, Weekday};
use shared::zone::{CivilTime, ZoneTable};
use std::sync::LazyLock;

static ZONES: LazyLock<Vec<ZoneTable>> = LazyLock::new(|| {
    ["Europe/London", "America/New_York", "Asia/Karachi", "Australia/Lord_Howe"].into_iter().map(zone).collect()
});

/// Whether the rule names a day, asked of that day alone and of those before it.
fn names(rule: &SeriesRule, day: Date) -> bool {
    if day < rule.starts_on || rule.ends_on.is_some_and(|end| day > end) || day.weekday() != rule.weekday {
        return false;
    }
    match (rule.cadence.weeks(), rule.cadence.nth()) {
        (Some(weeks), _) => {
            let mut first = rule.starts_on;
            while first.weekday() != rule.weekday {
                first = first.plus_days(1);
            }
            first.days_until(day) % (7 * weeks) == 0
        }
        (None, Some(Nth::Of(n))) => (i64::from(day.0.day()) - 1) / 7 + 1 == i64::from(n),
        (None, Some(Nth::Last)) => day.plus_days(7).0.month() != day.0.month(),
        (None, None) => false,
    }
}

/// The days and agreed times of every session, day by day.
fn walk(rule: &SeriesRule, exceptions: &[Exception], from: Date, to: Date) -> Vec<(Date, CivilTime)> {
    let mut found = Vec::new();
    let mut day = from;
    while day <= to {
        let alive = day >= rule.starts_on && rule.ends_on.is_none_or(|end| day <= end);
        match exceptions.iter().find(|exception| exception.date == day) {
            Some(Exception { kind: ExceptionKind::Moved { to }, .. }) if alive => found.push((day, *to)),
            Some(_) => {}
            None if names(rule, day) => found.push((day, CivilTime { date: day, time: rule.time })),
            None => {}
        }
        day = day.plus_days(1);
    }
    found.truncate(MOST_OCCURRENCES);
    found
}

fn a_day() -> impl Strategy<Value = Date> {
    (0_i64..1500).prop_map(|days| date("2025-01-01").plus_days(days))
}

fn a_time() -> impl Strategy<Value = LocalTime> {
    (0_u16..1440).prop_map(|minutes| LocalTime::from_minutes(minutes).expect("a time of day"))
}

fn a_rule() -> impl Strategy<Value = SeriesRule> {
    let cadence = prop::sample::select(&Cadence::ALL[..]);
    let weekday = prop::sample::select(&Weekday::ALL[..]);
    (cadence, weekday, a_time(), a_day(), prop::option::of(0_i64..800)).prop_map(
        |(cadence, weekday, time, starts_on, days)| {
            let ends_on = days.map(|days| starts_on.plus_days(days));
            SeriesRule { cadence, weekday, time, starts_on, ends_on }
        },
    )
}

/// Exceptions on some of the days of a rule.
fn exceptions(rule: &SeriesRule, picks: &[(usize, bool, i64, LocalTime)]) -> Vec<Exception> {
    let days = walk(rule, &[], rule.starts_on, rule.starts_on.plus_days(700));
    let mut found: Vec<Exception> = Vec::new();
    for (pick, skip, days_on, time) in picks {
        let Some((date, _)) = days.get(*pick) else { continue };
        let to = CivilTime { date: date.plus_days(*days_on), time: *time };
        let kind = if *skip { ExceptionKind::Skipped } else { ExceptionKind::Moved { to } };
        if found.iter().all(|known| known.date != *date) {
            found.push(Exception { date: *date, kind });
        }
    }
    found.sort_by_key(|exception| exception.date);
    found
}

fn picks() -> impl Strategy<Value = Vec<(usize, bool, i64, LocalTime)>> {
    prop::collection::vec((0_usize..60, any::<bool>(), -5_i64..12, a_time()), 0..6)
}

proptest! {
    #[test]
    fn the_rule_names_the_days_a_patient_reader_of_the_calendar_finds(
        rule in a_rule(), picks in picks(), from in a_day(), length in 0_i64..900, which in 0_usize..4,
    ) {
        let (exceptions, to, zone) = (exceptions(&rule, &picks), from.plus_days(length), &ZONES[which]);
        let expected = walk(&rule, &exceptions, from, to);
        let found = occurrences(&rule, &exceptions, zone, from, to);
        let plain: Vec<(Date, CivilTime)> = found.iter().map(|session| (session.date, session.agreed)).collect();
        prop_assert_eq!(&plain, &expected);
        for session in found {
            // The clock shows what was agreed, unless it jumps over it.
            let resolved = zone.resolve(session.agreed.date, session.agreed.time);
            prop_assert_eq!((session.starts_at, session.clock), (resolved.at, resolved.kind));
            prop_assert!(is_occurrence(&rule, &exceptions, session.date));
            prop_assert_eq!(rule.last_before(session.date).is_none_or(|last| last < session.date), true);
        }
    }

    #[test]
    fn a_split_keeps_the_sessions_before_and_meets_nobody_twice(
        rule in a_rule(), picks in picks(), nth in 0_usize..40,
        cadence in prop::option::of(prop::sample::select(&Cadence::ALL[..])),
        weekday in prop::option::of(prop::sample::select(&Weekday::ALL[..])), new_time in prop::option::of(a_time()),
    ) {
        let exceptions = exceptions(&rule, &picks);
        let zone = &ZONES[0];
        let end = rule.starts_on.plus_days(1300);
        let days = walk(&rule, &[], rule.starts_on, end);
        prop_assume!(nth < days.len());
        let split = days[nth].0;
        let change = Change { cadence, weekday, time: new_time, ends_on: None };
        let edited = change_following(&rule, &exceptions, split, change, rule.starts_on);

        let old = occurrences(&rule, &exceptions, zone, rule.starts_on, split.plus_days(-1));
        let kept = edited.before.as_ref().map_or_else(Vec::new, |(before, exceptions)| {
            occurrences(before, exceptions, zone, rule.starts_on, end)
        });
        prop_assert_eq!(&kept, &old, "what is before the split stays");
        if let (Some(last), Some(first)) = (days[..nth].last(), edited.rule.first()) {
            prop_assert!(first > last.0, "the new rule begins after the last day of the old one");
        }
        // Every exception after the split is still there, under its own or its week's name.
        let after = exceptions.iter().filter(|exception| exception.date >= split).count();
        prop_assert!(edited.exceptions.len() <= after);
        if cadence.is_none() && weekday.is_none() {
            prop_assert_eq!(edited.exceptions.len(), after);
            let moved = occurrences(&edited.rule, &edited.exceptions, zone, split, end);
            let before: Vec<Date> = occurrences(&rule, &exceptions, zone, split, end).iter().map(|it| it.date).collect();
            prop_assert_eq!(moved.iter().map(|it| it.date).collect::<Vec<_>>(), before, "only the time changes");
        }
        for exception in edited.exceptions.iter().filter(|it| matches!(it.kind, ExceptionKind::Moved { .. })) {
            prop_assert!(exceptions.iter().any(|known| known.kind == exception.kind), "a promise is not made up");
        }
    }

    #[test]
    fn changing_nothing_about_all_changes_nothing(rule in a_rule(), picks in picks(), today in a_day()) {
        let exceptions = exceptions(&rule, &picks);
        let zone = &ZONES[1];
        // The next day it would name if it went on: a place that is over keeps its rhythm too.
        let from = SeriesRule { ends_on: None, ..rule }.on_or_after(today).unwrap_or(today);
        let edited = change_all(&rule, &exceptions, from, Change::default(), today);
        let end = from.plus_days(700);
        prop_assert_eq!(
            occurrences(&edited.rule, &edited.exceptions, zone, from, end),
            occurrences(&rule, &exceptions, zone, from, end)
        );
    }

    #[test]
    fn whoever_is_told_of_a_clock_change_sees_another_time_and_nobody_else_does(
        rule in a_rule(), here in 0_usize..4, there in 0_usize..4, now in a_day(),
    ) {
        let (practice, reader) = (&ZONES[here], &ZONES[there]);
        // In a gap or a fold the practice's own clock is the odd one; those hours are told by the session itself.
        prop_assume!((300..1400).contains(&rule.time.minutes()));
        let rule = SeriesRule { ends_on: None, ..rule };
        let now = practice.resolve(now, time("12:00")).at;
        let today = practice.civil(now).date;
        let sessions = occurrences(&rule, &[], practice, today.plus_days(-40), today.plus_days(60));
        let told = clock_notices(&sessions, practice, reader, now);
        for pair in sessions.windows(2) {
            let (before, after) = (reader.civil(pair[0].starts_at), reader.civil(pair[1].starts_at));
            let notice = told.iter().find(|notice| notice.first.date == pair[1].date);
            if before.time == after.time {
                prop_assert!(notice.is_none());
            } else if let Some(notice) = notice {
                prop_assert_eq!((notice.is, notice.was.time), (after, before.time));
                prop_assert!(notice.changes_at > pair[0].starts_at && notice.changes_at <= pair[1].starts_at);
            } else {
                let soon = now.plus_minutes(14 * 24 * 60);
                let all = practice.changes.iter().chain(&reader.changes);
                let due = all.filter(|it| it.at > pair[0].starts_at && it.at <= pair[1].starts_at && it.at <= soon).count();
                prop_assert!(due == 0 || pair[1].starts_at <= now || due > 1 || pair[1].starts_at > soon);
            }
        }
    }
}
