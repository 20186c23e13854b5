//! Places through clock changes, ends of months and edits.

use crate::{at, date, moved, place, skipped, time, zone};
use shared::series::{
    Cadence, Change, Exception, SeriesRule, change_all, change_following, clock_notices, move_one, next_dates,
    occurrences, skip_one,
};
use shared::time::Weekday;
use shared::zone::{CivilTime, ResolvedKind};

/// The sessions from one day to another, each as its moment.
fn moments(rule: &SeriesRule, exceptions: &[Exception], zone_name: &str, from: &str, to: &str) -> Vec<String> {
    let found = occurrences(rule, exceptions, &zone(zone_name), date(from), date(to));
    found.iter().map(|session| session.starts_at.to_string()).collect()
}

#[test]
fn a_thursday_at_eleven_stays_at_eleven_when_the_clocks_change() {
    let rule = place(Cadence::Weekly, "2026-03-19", "11:00");
    assert_eq!(
        moments(&rule, &[], "Europe/London", "2026-03-01", "2026-04-05"),
        ["2026-03-19T11:00:00Z", "2026-03-26T11:00:00Z", "2026-04-02T10:00:00Z"]
    );
    assert_eq!(
        moments(&rule, &[], "America/New_York", "2026-10-29", "2026-11-06"),
        ["2026-10-29T15:00:00Z", "2026-11-05T16:00:00Z"]
    );
    assert_eq!(
        moments(&rule, &[], "Asia/Karachi", "2026-03-26", "2026-04-02"),
        ["2026-03-26T06:00:00Z", "2026-04-02T06:00:00Z"]
    );
    assert_eq!(
        moments(&rule, &[], "Australia/Lord_Howe", "2026-10-01", "2026-10-08"),
        ["2026-10-01T00:30:00Z", "2026-10-08T00:00:00Z"]
    );
}

#[test]
fn a_time_the_clocks_jump_over_is_later_that_day_and_one_shown_twice_is_the_first() {
    let rule = place(Cadence::Weekly, "2026-03-22", "01:30");
    let london = zone("Europe/London");
    let spring = occurrences(&rule, &[], &london, date("2026-03-29"), date("2026-03-29"));
    assert_eq!((spring[0].starts_at, spring[0].agreed.time), (at("2026-03-29T01:30:00Z"), time("01:30")));
    assert!(matches!(spring[0].clock, ResolvedKind::ShiftedOverGap { .. }));
    let autumn = occurrences(&rule, &[], &london, date("2026-10-25"), date("2026-10-25"));
    assert_eq!((autumn[0].starts_at, autumn[0].clock), (at("2026-10-25T00:30:00Z"), ResolvedKind::FirstOfFold));
    let half = place(Cadence::Weekly, "2026-09-27", "02:15");
    let lord_howe = occurrences(&half, &[], &zone("Australia/Lord_Howe"), date("2026-10-04"), date("2026-10-04"));
    assert_eq!(lord_howe[0].starts_at, at("2026-10-03T15:45:00Z"));
}

/// The days of a place between two days, without the year.
fn check_days(cadence: Cadence, first: &str, from: &str, to: &str, expected: &[&str]) {
    let found = occurrences(&place(cadence, first, "10:00"), &[], &zone("Europe/London"), date(from), date(to));
    let days: Vec<String> = found.iter().map(|session| session.date.to_string()[5..].to_owned()).collect();
    assert_eq!(days, expected, "{cadence:?} from {first}");
}

#[test]
fn every_rhythm_comes_round_when_it_should() {
    use Cadence::*;
    check_days(EveryTwoWeeks, "2026-01-01", "2026-02-01", "2026-03-01", &["02-12", "02-26"]);
    check_days(EveryThreeWeeks, "2026-01-01", "2026-01-01", "2026-02-28", &["01-01", "01-22", "02-12"]);
    check_days(EveryFourWeeks, "2026-12-31", "2026-12-01", "2027-03-01", &["12-31", "01-28", "02-25"]);
    check_days(MonthlyFirst, "2026-01-01", "2026-01-01", "2026-04-30", &["01-01", "02-05", "03-05", "04-02"]);
    check_days(MonthlyFourth, "2026-01-01", "2026-01-01", "2026-03-31", &["01-22", "02-26", "03-26"]);
    check_days(MonthlyLast, "2026-01-30", "2026-01-01", "2026-05-31", &["01-30", "02-27", "03-27", "04-24", "05-29"]);
    check_days(MonthlySecond, "2026-01-09", "2026-01-01", "2026-02-28", &["01-09", "02-13"]);
    check_days(MonthlyThird, "2028-02-29", "2028-02-01", "2028-04-30", &["03-21", "04-18"]);
}

#[test]
fn what_is_skipped_is_left_out_and_what_is_moved_keeps_its_name() {
    let rule = place(Cadence::Weekly, "2026-01-01", "11:00");
    let exceptions = skip_one(&rule, &[], date("2026-01-08")).expect("a session");
    let to = CivilTime { date: date("2026-01-14"), time: time("15:30") };
    let exceptions = move_one(&rule, &exceptions, date("2026-01-15"), to).expect("a session");
    assert_eq!(
        moments(&rule, &exceptions, "Europe/London", "2026-01-01", "2026-01-22"),
        ["2026-01-01T11:00:00Z", "2026-01-14T15:30:00Z", "2026-01-22T11:00:00Z"]
    );
    assert_eq!(skip_one(&rule, &exceptions, date("2026-01-08")), None, "it is skipped already");
    assert_eq!(skip_one(&rule, &exceptions, date("2026-01-09")), None, "a Friday");
    let back = move_one(&rule, &exceptions, date("2026-01-08"), to).expect("what was skipped can come back");
    assert_eq!(back.len(), 2);
}

#[test]
fn this_and_following_leaves_what_was_before() {
    let rule = place(Cadence::Weekly, "2026-01-01", "11:00");
    let exceptions = [skipped("2026-01-08"), skipped("2026-02-12"), moved("2026-02-19", "2026-02-20 09:00")];
    let change = Change { weekday: Some(Weekday::Tuesday), time: Some(time("16:00")), ..Change::default() };
    let edited = change_following(&rule, &exceptions, date("2026-02-05"), change, date("2026-01-20"));

    let (before, kept) = edited.before.expect("there were sessions before");
    assert_eq!((before.ends_on, kept), (Some(date("2026-02-04")), vec![skipped("2026-01-08")]));
    assert_eq!(
        moments(&before, &[skipped("2026-01-08")], "Europe/London", "2026-01-01", "2026-12-31"),
        ["2026-01-01T11:00:00Z", "2026-01-15T11:00:00Z", "2026-01-22T11:00:00Z", "2026-01-29T11:00:00Z"]
    );
    // The week that was skipped stays skipped, and the promise of Friday the 20th stands.
    assert_eq!(edited.exceptions, [skipped("2026-02-10"), moved("2026-02-17", "2026-02-20 09:00")]);
    assert_eq!(
        moments(&edited.rule, &edited.exceptions, "Europe/London", "2026-01-01", "2026-03-03"),
        ["2026-02-03T16:00:00Z", "2026-02-20T09:00:00Z", "2026-02-24T16:00:00Z", "2026-03-03T16:00:00Z"]
    );
}

#[test]
fn all_means_all_that_are_still_to_come() {
    let rule = place(Cadence::EveryTwoWeeks, "2026-01-01", "11:00");
    let change = Change { time: Some(time("12:00")), ..Change::default() };
    let edited = change_all(&rule, &[skipped("2026-02-26")], date("2026-02-12"), change, date("2026-02-03"));
    assert_eq!(edited.before, None);
    assert_eq!(
        moments(&edited.rule, &edited.exceptions, "Europe/London", "2026-01-01", "2026-03-31"),
        ["2026-02-12T12:00:00Z", "2026-03-12T12:00:00Z", "2026-03-26T12:00:00Z"]
    );
}

#[test]
fn another_weekday_takes_the_place_of_this_weeks_session_and_never_makes_it_two() {
    let rule = place(Cadence::Weekly, "2026-01-01", "11:00");
    let to = |weekday| Change { weekday: Some(weekday), ..Change::default() };
    let monday = date("2026-01-12");
    let sooner = change_all(&rule, &[], date("2026-01-15"), to(Weekday::Tuesday), monday);
    assert_eq!(sooner.rule.first(), Some(date("2026-01-13")), "Tuesday instead of this Thursday");
    let thursday_is_over = change_all(&rule, &[], date("2026-01-22"), to(Weekday::Friday), date("2026-01-15"));
    assert_eq!(thursday_is_over.rule.first(), Some(date("2026-01-23")), "no second session on the day after");
}

#[test]
fn a_place_can_become_monthly_and_never_meets_twice_for_it() {
    let rule = place(Cadence::Weekly, "2026-01-01", "11:00");
    let change = Change { cadence: Some(Cadence::MonthlyFirst), ..Change::default() };
    let edited = change_following(&rule, &[], date("2026-03-12"), change, date("2026-03-01"));
    assert_eq!(
        edited.rule.first(),
        Some(date("2026-04-02")),
        "the first Thursday of March has been kept by the old rule"
    );
}

#[test]
fn an_end_can_be_agreed_moved_and_taken_back() {
    let rule = place(Cadence::Weekly, "2026-01-01", "11:00");
    let end = |ends_on| Change { ends_on: Some(ends_on), ..Change::default() };
    let ended = change_all(&rule, &[], date("2026-01-08"), end(Some(date("2026-01-20"))), date("2026-01-02")).rule;
    assert_eq!(moments(&ended, &[], "Europe/London", "2026-01-01", "2026-12-31").len(), 2);
    let open = change_all(&ended, &[], date("2026-01-08"), end(None), date("2026-01-02")).rule;
    assert_eq!(open.ends_on, None);
}

#[test]
fn no_rule_is_a_bomb() {
    let forever = SeriesRule { starts_on: date("0001-01-01"), ..place(Cadence::Weekly, "2026-01-01", "11:00") };
    let all = occurrences(&forever, &[], &zone("Europe/London"), date("0001-01-01"), date("9999-12-31"));
    assert_eq!(all.len(), shared::series::MOST_OCCURRENCES);
    let late = SeriesRule { starts_on: date("9999-12-30"), ..forever };
    assert!(occurrences(&late, &[], &zone("Europe/London"), date("9999-01-01"), date("9999-12-31")).len() <= 1);
    let last = SeriesRule { cadence: Cadence::MonthlyLast, ..late };
    assert!(last.first().is_none() || last.first() == Some(date("9999-12-30")));
    for wild in ["COUNT=1000000000", "SECONDLY", "INTERVAL=0", "DAILY", ""] {
        assert!(serde_json::from_value::<Cadence>(serde_json::json!(wild)).is_err(), "{wild}");
    }
    let skips: Vec<Exception> = (0..10_000)
        .map(|week| Exception { date: date("2026-01-01").plus_days(7 * week), ..skipped("2026-01-01") })
        .collect();
    let rule = place(Cadence::Weekly, "2026-01-01", "11:00");
    assert_eq!(occurrences(&rule, &skips, &zone("Europe/London"), date("2026-01-01"), date("2028-01-01")), []);
}

#[test]
fn a_clock_change_is_told_to_whom_it_moves_and_to_nobody_else() {
    let rule = place(Cadence::Weekly, "2026-01-01", "13:00");
    let (london, karachi, new_york) = (zone("Europe/London"), zone("Asia/Karachi"), zone("America/New_York"));
    let sessions = occurrences(&rule, &[], &london, date("2026-01-01"), date("2026-12-31"));
    assert_eq!(clock_notices(&sessions, &london, &london, at("2026-03-20T12:00:00Z")), []);
    assert_eq!(clock_notices(&sessions, &london, &karachi, at("2026-03-14T23:00:00Z")), [], "15 days ahead");

    let told = clock_notices(&sessions, &london, &karachi, at("2026-03-15T02:00:00Z"));
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].changes_at, told[0].first.date), (at("2026-03-29T01:00:00Z"), date("2026-04-02")));
    assert_eq!((told[0].was.time, told[0].is.time), (time("18:00"), time("17:00")));

    // New York changes three weeks before London, and back: twice a spring the hour is another.
    let first = clock_notices(&sessions, &london, &new_york, at("2026-03-01T12:00:00Z"));
    assert_eq!((first.len(), first[0].was.time, first[0].is.time), (1, time("08:00"), time("09:00")));
    let both = clock_notices(&sessions, &london, &new_york, at("2026-03-20T12:00:00Z"));
    assert_eq!((both.len(), both[0].was.time, both[0].is.time), (1, time("09:00"), time("08:00")));
}

#[test]
fn what_two_changes_undo_between_two_sessions_is_told_to_nobody() {
    let rule = place(Cadence::MonthlyFirst, "2026-01-01", "13:00");
    let (london, new_york) = (zone("Europe/London"), zone("America/New_York"));
    let sessions = occurrences(&rule, &[], &london, date("2026-01-01"), date("2026-12-31"));
    assert_eq!(clock_notices(&sessions, &london, &new_york, at("2026-03-20T12:00:00Z")), []);
}

#[test]
fn what_the_clock_would_have_shown_does_not_lie_beyond_another_change() {
    // New York changes on 12 March; Lord Howe an hour after the session of 1 April, by half an hour.
    let rule = place(Cadence::EveryThreeWeeks, "2028-03-11", "10:00");
    let (new_york, lord_howe) = (zone("America/New_York"), zone("Australia/Lord_Howe"));
    let sessions = occurrences(&rule, &[], &new_york, date("2028-03-11"), date("2028-04-30"));
    let told = clock_notices(&sessions, &new_york, &lord_howe, at("2028-02-27T17:00:00Z"));
    assert_eq!((told[0].was.time, told[0].is.time), (time("02:00"), time("01:00")));
}

#[test]
fn the_next_dates_are_in_the_order_of_time() {
    let rule = place(Cadence::Weekly, "2026-01-01", "11:00");
    let exceptions = [moved("2026-01-08", "2026-01-23 09:00"), skipped("2026-01-15")];
    let next = next_dates(&rule, &exceptions, &zone("Europe/London"), at("2026-01-01T11:00:00Z"), 3);
    let starts: Vec<String> = next.iter().map(|session| session.starts_at.to_string()).collect();
    assert_eq!(starts, ["2026-01-22T11:00:00Z", "2026-01-23T09:00:00Z", "2026-01-29T11:00:00Z"]);
}
