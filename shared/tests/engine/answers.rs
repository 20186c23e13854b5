//! What is made of the offered starts: days, the next, the nearest; and the words and data of the answers.

use crate::practice::{Practice, at, date, practice, time, zone};
use crate::support::table;
use jiff::tz::TimeZone;
use shared::problem::{ErrorCode, UserError};
use shared::slots::{
    DateOverride, DateSpan, MAX_DAYS, OccupiedKind, OpenHours, Reason, Verdict, candidates, days, explain, group,
    nearest, next_free,
};
use shared::time::{Date, Instant, LocalTime, TimeRange};

#[test]
fn days_follow_the_visitors_calendar() {
    let practice = practice();
    let shown = |visitor: &str, from: &str, to: &str| {
        let span = DateSpan::new(date(from), date(to)).expect("a span");
        let days = days(&practice.timetable, &practice.rules, span, practice.now, &zone(visitor));
        days.iter().map(|day| format!("{}x{}", day.date, day.starts.len())).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(shown("Europe/London", "2026-03-02", "2026-03-03"), "2026-03-02x3 2026-03-03x3");
    // 09:00, 10:00 and 11:00 in London are 22:00, 23:00 and the next day's 00:00 in Auckland.
    assert_eq!(shown("Pacific/Auckland", "2026-03-02", "2026-03-03"), "2026-03-02x2 2026-03-03x3");
    assert_eq!(shown("Pacific/Auckland", "2026-03-07", "2026-03-08"), "2026-03-07x1");
    assert_eq!(shown("Pacific/Pago_Pago", "2026-03-01", "2026-03-02"), "2026-03-01x2 2026-03-02x3");
    // St John's, the night its clocks went back from 00:01 on Sunday to 23:01 on Saturday.
    let st_johns = table(
        &TimeZone::get("America/St_Johns").expect("a zone"),
        "America/St_Johns",
        at("2010-01-01T00:00:00Z"),
        at("2011-01-01T00:00:00Z"),
    );
    let starts = [at("2010-11-07T02:30:00Z"), at("2010-11-07T03:00:00Z"), at("2010-11-07T03:31:00Z")];
    let days = group(&starts, &st_johns);
    let dates: Vec<_> = days.iter().map(|day| (day.date, day.starts.len())).collect();
    assert_eq!(dates, [(date("2010-11-06"), 1), (date("2010-11-07"), 2)]);
}

#[test]
fn the_next_free_start_is_found_up_to_the_horizon() {
    let next =
        |practice: &Practice, from: &str| next_free(&practice.timetable, &practice.rules, at(from), practice.now);
    let usual = practice();
    assert_eq!(next(&usual, "2026-03-01T00:00:00Z"), Some(at("2026-03-02T09:00:00Z")));
    assert_eq!(next(&usual, "2026-03-02T09:00:00Z"), Some(at("2026-03-02T09:00:00Z")));
    assert_eq!(next(&usual, "2026-03-02T09:00:01Z"), Some(at("2026-03-02T10:00:00Z")));
    assert_eq!(next(&usual, "2026-03-06T12:00:00Z"), Some(at("2026-03-09T09:00:00Z")));
    assert_eq!(next(&usual, "2026-06-01T00:00:00Z"), None);
    let far = practice().with(|it| {
        it.timetable.hours.clear();
        it.rules.horizon_days = u32::MAX;
    });
    assert_eq!(next(&far, "2026-03-01T00:00:00Z"), None);
    let open = OpenHours { from: time("09:00"), until: time("10:00") };
    let far = far.with(|it| {
        it.timetable.overrides = vec![DateOverride { date: date("2026-12-24"), hours: vec![open] }];
    });
    assert_eq!(next(&far, "2026-03-01T00:00:00Z"), Some(at("2026-12-24T09:00:00Z")));
}

#[test]
fn the_nearest_starts_are_the_closest_in_time() {
    let near = |practice: &Practice, wanted: &str, count| -> Vec<String> {
        let found = nearest(&practice.timetable, &practice.rules, at(wanted), practice.now, count);
        found.iter().map(ToString::to_string).collect()
    };
    let usual = practice();
    assert_eq!(
        near(&usual, "2026-03-03T10:00:00Z", 3),
        ["2026-03-03T09:00:00Z", "2026-03-03T11:00:00Z", "2026-03-02T11:00:00Z"]
    );
    // Late on Tuesday, the next morning is closer; of two that are as close the earlier comes first.
    assert_eq!(
        near(&usual, "2026-03-03T23:00:00Z", 4),
        ["2026-03-04T09:00:00Z", "2026-03-04T10:00:00Z", "2026-03-03T11:00:00Z", "2026-03-04T11:00:00Z"]
    );
    assert_eq!(near(&usual, "2026-03-03T10:00:00Z", 0), [""; 0]);
    let all = near(&usual, "2026-03-03T10:00:00Z", 1000);
    assert_eq!(all.len(), 3 * 44 - 1);
    let none = practice().with(|it| it.timetable.hours.clear());
    assert_eq!(near(&none, "2026-03-03T10:00:00Z", 3), [""; 0]);
}

#[test]
fn a_span_is_at_most_sixty_two_days() {
    let first = date("2026-03-02");
    let problem = |days| DateSpan::new(first, first.plus_days(days)).map_err(UserError::from).map_err(|it| it.code);
    assert!(problem(0).is_ok());
    assert!(problem(MAX_DAYS - 1).is_ok());
    assert_eq!(problem(MAX_DAYS), Err(ErrorCode::RangeTooLong));
    assert_eq!(problem(-1), Err(ErrorCode::Invalid));
}

#[test]
fn the_ends_of_the_calendar_are_only_empty() {
    let practice = practice().with(|it| it.rules.horizon_days = u32::MAX);
    for day in [Date(time::Date::MIN), Date(time::Date::MAX), date("0001-01-01"), date("9999-12-31")] {
        let _ = candidates(&practice.timetable, &practice.rules, DateSpan::day(day), practice.now);
        let _ = days(&practice.timetable, &practice.rules, DateSpan::day(day), practice.now, &zone("Asia/Karachi"));
        let end = practice.timetable.zone.resolve(day, LocalTime::from_minutes(0).expect("midnight")).at;
        let _ = explain(&practice.timetable, &practice.rules, end, practice.now);
        let _ = next_free(&practice.timetable, &practice.rules, end, practice.now);
        let _ = nearest(&practice.timetable, &practice.rules, end, practice.now, 3);
        let _ = explain(&practice.timetable, &practice.rules, practice.now, end);
    }
}

#[test]
fn reasons_are_sentences_and_data() {
    let zone = zone("Europe/London");
    let range = TimeRange { starts_at: at("2026-07-01T09:00:00Z"), ends_at: at("2026-07-01T10:00:00Z") };
    let check = |reason: Reason, words: &str, data: &str| {
        assert_eq!(reason.words(&zone), words);
        assert_eq!(serde_json::to_string(&reason).expect("a reason"), data);
    };
    check(
        Reason::Taken { kind: OccupiedKind::Booking, range },
        "A booking keeps you busy from 10:00 to 11:00, breaks before and after included.",
        r#"{"reason":"TAKEN","kind":"BOOKING","range":{"startsAt":"2026-07-01T09:00:00Z","endsAt":"2026-07-01T10:00:00Z"}}"#,
    );
    check(
        Reason::TooSoon { earliest: at("2026-07-01T09:00:00Z") },
        "This is sooner than the notice you ask for: the earliest start is Wednesday 1 July 2026, 10:00.",
        r#"{"reason":"TOO_SOON","earliest":"2026-07-01T09:00:00Z"}"#,
    );
    check(
        Reason::TooManyInARow { limit: 3, break_minutes: 30 },
        "You would have more than 3 sessions in a row without 30 minutes to rest.",
        r#"{"reason":"TOO_MANY_IN_A_ROW","limit":3,"breakMinutes":30}"#,
    );
    let verdict = Verdict::Blocked(vec![Reason::OutsideHours]);
    let text = serde_json::to_string(&verdict).expect("a verdict");
    assert_eq!(text, r#"{"verdict":"BLOCKED","reasons":[{"reason":"OUTSIDE_HOURS"}]}"#);
    assert_eq!(serde_json::from_str::<Verdict>(&text).expect("its own text"), verdict);
    assert_eq!(serde_json::to_string(&Verdict::Offered).expect("a verdict"), r#"{"verdict":"OFFERED"}"#);
}

#[test]
fn instants_are_written_with_a_fraction_only_when_they_have_one() {
    for text in
        ["2026-03-02T09:05:07Z", "2026-03-02T09:05:07.5Z", "2026-12-31T23:59:59.000001Z", "0001-01-01T00:00:00Z"]
    {
        assert_eq!(at(text).to_string(), text);
        assert_eq!(Instant::from_micros(at(text).micros()), Some(at(text)));
    }
    assert_eq!(at("2026-03-02T09:05:07+01:00").to_string(), "2026-03-02T08:05:07Z");
}
