//! One working day around each clock change, the expected moments written out.

use crate::support::table;
use jiff::tz::TimeZone;
use shared::ids::SessionTypeId;
use shared::practice::Modality;
use shared::slots::{DateSpan, Limits, SessionRules, Timetable, WeeklyHours, offered};
use shared::time::{Date, Instant, Weekday};
use uuid::Uuid;

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

/// The starts of a day that is open `from` to `until` every day of the week, of sessions of an hour, on the hour.
fn starts(zone: &str, date: &str, from: &str, until: &str) -> Vec<Instant> {
    let tz = TimeZone::get(zone).expect("a zone");
    let zone = table(&tz, zone, at("2010-01-01T00:00:00Z"), at("2038-01-01T00:00:00Z"));
    let (from, until) = (from.parse().expect("a time"), until.parse().expect("a time"));
    let open = |weekday| WeeklyHours { weekday, from, until, session_type_id: None, modality: None };
    let timetable = Timetable {
        zone,
        hours: Weekday::ALL.map(open).to_vec(),
        overrides: vec![],
        occupied: vec![],
        limits: Limits::default(),
        rooms: vec![],
        suits: vec![],
    };
    let rules = SessionRules {
        session_type_id: SessionTypeId(Uuid::nil()),
        modality: Modality::Online,
        minutes: 60,
        buffer_before: 10,
        buffer_after: 10,
        grid_minutes: 60,
        notice_minutes: 0,
        horizon_days: 60,
        per_day: None,
    };
    let date: Date = date.parse().expect("a date");
    let now = Instant::from_seconds((date.epoch_days() - 10) * 86_400).expect("an instant");
    offered(&timetable, &rules, DateSpan::day(date), now)
}

/// A day from 09:00 to 17:00 has eight starts, the first and last at these times of UTC.
fn check(zone: &str, date: &str, nine: &str, sixteen: &str) {
    let starts = starts(zone, date, "09:00", "17:00");
    let hours = |count| (0..count).map(|hour| at(nine).plus_minutes(hour * 60));
    assert_eq!(starts, hours(8).collect::<Vec<_>>(), "{date} in {zone}");
    assert_eq!(starts.last(), Some(&at(sixteen)), "{date} in {zone}");
}

/// A night from 00:00 to 04:00 has these starts.
fn check_night(zone: &str, date: &str, expected: &[&str]) {
    let expected: Vec<Instant> = expected.iter().map(|text| at(text)).collect();
    assert_eq!(starts(zone, date, "00:00", "04:00"), expected, "{date} in {zone}");
}

#[test]
fn nine_to_five_stays_nine_to_five_across_every_clock_change() {
    check("Europe/London", "2026-03-28", "2026-03-28T09:00:00Z", "2026-03-28T16:00:00Z");
    check("Europe/London", "2026-03-29", "2026-03-29T08:00:00Z", "2026-03-29T15:00:00Z");
    check("Europe/London", "2026-10-24", "2026-10-24T08:00:00Z", "2026-10-24T15:00:00Z");
    check("Europe/London", "2026-10-25", "2026-10-25T09:00:00Z", "2026-10-25T16:00:00Z");

    check("America/New_York", "2026-03-07", "2026-03-07T14:00:00Z", "2026-03-07T21:00:00Z");
    check("America/New_York", "2026-03-08", "2026-03-08T13:00:00Z", "2026-03-08T20:00:00Z");
    check("America/New_York", "2026-10-31", "2026-10-31T13:00:00Z", "2026-10-31T20:00:00Z");
    check("America/New_York", "2026-11-01", "2026-11-01T14:00:00Z", "2026-11-01T21:00:00Z");

    check("America/St_Johns", "2026-03-07", "2026-03-07T12:30:00Z", "2026-03-07T19:30:00Z");
    check("America/St_Johns", "2026-03-08", "2026-03-08T11:30:00Z", "2026-03-08T18:30:00Z");
    check("America/St_Johns", "2026-10-31", "2026-10-31T11:30:00Z", "2026-10-31T18:30:00Z");
    check("America/St_Johns", "2026-11-01", "2026-11-01T12:30:00Z", "2026-11-01T19:30:00Z");

    check("Australia/Lord_Howe", "2026-04-04", "2026-04-03T22:00:00Z", "2026-04-04T05:00:00Z");
    check("Australia/Lord_Howe", "2026-04-05", "2026-04-04T22:30:00Z", "2026-04-05T05:30:00Z");
    check("Australia/Lord_Howe", "2026-10-03", "2026-10-02T22:30:00Z", "2026-10-03T05:30:00Z");
    check("Australia/Lord_Howe", "2026-10-04", "2026-10-03T22:00:00Z", "2026-10-04T05:00:00Z");

    check("America/Santiago", "2026-04-04", "2026-04-04T12:00:00Z", "2026-04-04T19:00:00Z");
    check("America/Santiago", "2026-04-05", "2026-04-05T13:00:00Z", "2026-04-05T20:00:00Z");
    check("America/Santiago", "2026-09-05", "2026-09-05T13:00:00Z", "2026-09-05T20:00:00Z");
    check("America/Santiago", "2026-09-06", "2026-09-06T12:00:00Z", "2026-09-06T19:00:00Z");
}

#[test]
fn karachi_is_the_same_all_year() {
    check("Asia/Karachi", "2026-03-29", "2026-03-29T04:00:00Z", "2026-03-29T11:00:00Z");
    check("Asia/Karachi", "2026-12-24", "2026-12-24T04:00:00Z", "2026-12-24T11:00:00Z");
}

#[test]
fn casablanca_goes_back_for_ramadan_and_then_for_good() {
    check("Africa/Casablanca", "2026-02-14", "2026-02-14T08:00:00Z", "2026-02-14T15:00:00Z");
    check("Africa/Casablanca", "2026-02-15", "2026-02-15T09:00:00Z", "2026-02-15T16:00:00Z");
    check("Africa/Casablanca", "2026-03-21", "2026-03-21T09:00:00Z", "2026-03-21T16:00:00Z");
    check("Africa/Casablanca", "2026-03-22", "2026-03-22T08:00:00Z", "2026-03-22T15:00:00Z");
    check("Africa/Casablanca", "2026-09-19", "2026-09-19T08:00:00Z", "2026-09-19T15:00:00Z");
    check("Africa/Casablanca", "2026-09-20", "2026-09-20T09:00:00Z", "2026-09-20T16:00:00Z");
    check("Africa/Casablanca", "2027-06-01", "2027-06-01T09:00:00Z", "2027-06-01T16:00:00Z");
}

#[test]
fn rules_that_changed_lately_are_the_new_ones() {
    // British Columbia's last change was in March 2026.
    check("America/Vancouver", "2026-03-07", "2026-03-07T17:00:00Z", "2026-03-08T00:00:00Z");
    check("America/Vancouver", "2026-03-08", "2026-03-08T16:00:00Z", "2026-03-08T23:00:00Z");
    check("America/Vancouver", "2026-11-02", "2026-11-02T16:00:00Z", "2026-11-02T23:00:00Z");
    check("America/Vancouver", "2027-01-15", "2027-01-15T16:00:00Z", "2027-01-15T23:00:00Z");
    // Kazakhstan has one zone since March 2024; Paraguay stays on summer time since October 2024.
    check("Asia/Almaty", "2024-02-29", "2024-02-29T03:00:00Z", "2024-02-29T10:00:00Z");
    check("Asia/Almaty", "2024-03-01", "2024-03-01T04:00:00Z", "2024-03-01T11:00:00Z");
    check("America/Asuncion", "2024-10-05", "2024-10-05T13:00:00Z", "2024-10-05T20:00:00Z");
    check("America/Asuncion", "2025-07-01", "2025-07-01T12:00:00Z", "2025-07-01T19:00:00Z");
}

#[test]
fn a_skipped_hour_is_not_offered_and_a_repeated_hour_once() {
    let london = "Europe/London";
    check_night(london, "2026-03-29", &["2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"]);
    check_night(
        london,
        "2026-10-25",
        &["2026-10-24T23:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z", "2026-10-25T03:00:00Z"],
    );
    // Half an hour less: after the jump from 02:00 to 02:30 the next full hour is 03:00.
    check_night(
        "Australia/Lord_Howe",
        "2026-10-04",
        &["2026-10-03T13:30:00Z", "2026-10-03T14:30:00Z", "2026-10-03T16:00:00Z"],
    );
    // The jump is at midnight: the day begins at 01:00.
    check_night(
        "America/Santiago",
        "2026-09-06",
        &["2026-09-06T04:00:00Z", "2026-09-06T05:00:00Z", "2026-09-06T06:00:00Z"],
    );
    // The day that was left out has no hours at all, and its neighbours keep theirs.
    check_night("Pacific/Apia", "2011-12-30", &[]);
    check("Pacific/Apia", "2011-12-29", "2011-12-29T19:00:00Z", "2011-12-30T02:00:00Z");
    check("Pacific/Apia", "2011-12-31", "2011-12-30T19:00:00Z", "2011-12-31T02:00:00Z");
}
