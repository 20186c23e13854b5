//! When people are reminded: a table of evenings and mornings, and what holds for every session in every zone.

mod support;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use shared::reminder::{
    Contact, Due, HoursOfDay, JUST_TOLD, LEAD_MINUTES, Planned, TIME_TO_DECIDE, Upcoming, due, lead_words, plan,
};
use shared::time::Instant;
use shared::zone::ZoneTable;
use support::table;

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn zone(name: &str) -> ZoneTable {
    let zone = TimeZone::get(name).expect("a zone");
    table(&zone, name, at("2029-01-01T00:00:00Z"), at("2032-01-01T00:00:00Z"))
}

fn contact(zone: &ZoneTable) -> Contact<'_> {
    Contact { quiet: Some(HoursOfDay::NIGHT), safe: None, zone }
}

/// The reminders of a session booked two weeks ahead, on the wall clock of London in winter.
fn check(starts_at: &str, free_hours: Option<i64>, expected: &[(&str, i64)]) {
    let zone = zone("Europe/London");
    let starts_at = at(starts_at);
    let known_since = starts_at.plus_minutes(-14 * 24 * 60);
    let free_until = free_hours.map(|hours| starts_at.plus_minutes(-hours * 60));
    let session = Upcoming { starts_at, known_since, free_until };
    let planned = plan(session, &LEAD_MINUTES, &contact(&zone), known_since);
    let planned: Vec<(String, i64)> = planned.iter().map(|it| (it.at.to_string(), it.lead / 60)).collect();
    let expected: Vec<(String, i64)> = expected.iter().map(|(at, lead)| ((*at).to_owned(), *lead)).collect();
    assert_eq!(planned, expected, "{starts_at}");
}

#[test]
fn the_first_reminder_leaves_time_to_decide_and_nights_move_reminders_to_the_evening_before() {
    // In the middle of the day: 48, 24 and 2 hours before.
    check(
        "2030-01-10T14:00:00Z",
        None,
        &[("2030-01-08T14:00:00Z", 48), ("2030-01-09T14:00:00Z", 24), ("2030-01-10T12:00:00Z", 2)],
    );
    // Calling off costs from 48 hours before: the first reminder comes three hours earlier.
    check(
        "2030-01-10T14:00:00Z",
        Some(48),
        &[("2030-01-08T11:00:00Z", 48), ("2030-01-09T14:00:00Z", 24), ("2030-01-10T12:00:00Z", 2)],
    );
    // With a window of 24 hours it is the second that is for the decision.
    check(
        "2030-01-10T14:00:00Z",
        Some(24),
        &[("2030-01-08T14:00:00Z", 48), ("2030-01-09T11:00:00Z", 24), ("2030-01-10T12:00:00Z", 2)],
    );
    // Early in the morning: the last one comes in the evening before, the first while there is time and it is day.
    check(
        "2030-01-10T08:30:00Z",
        Some(48),
        &[("2030-01-07T20:45:00Z", 48), ("2030-01-09T08:30:00Z", 24), ("2030-01-09T20:45:00Z", 2)],
    );
}

#[test]
fn what_was_told_an_hour_ago_is_not_told_again() {
    let zone = zone("Europe/London");
    let starts_at = at("2030-01-10T14:00:00Z");
    let session = |known: &str| Upcoming { starts_at, known_since: at(known), free_until: None };
    let leads = |known: &str| -> Vec<i64> {
        plan(session(known), &LEAD_MINUTES, &contact(&zone), at(known)).iter().map(|it| it.lead / 60).collect()
    };
    assert_eq!(leads("2030-01-08T12:59:00Z"), [48, 24, 2]);
    assert_eq!(leads("2030-01-08T13:30:00Z"), [24, 2]);
    assert_eq!(leads("2030-01-09T15:00:00Z"), [2]);
    assert_eq!(leads("2030-01-10T11:30:00Z"), [] as [i64; 0]);
}

#[test]
fn two_that_would_come_together_are_one() {
    let zone = zone("Europe/London");
    let starts_at = at("2030-01-10T09:00:00Z");
    let session = Upcoming { starts_at, known_since: at("2030-01-01T09:00:00Z"), free_until: None };
    let planned = plan(session, &[120, 180, 240], &contact(&zone), session.known_since);
    assert_eq!(planned, [Planned { at: at("2030-01-09T20:45:00Z"), lead: 120 }]);
}

#[test]
fn a_worker_that_was_away_writes_in_the_morning_or_not_at_all() {
    let zone = zone("Europe/London");
    let planned = Planned { at: at("2030-01-09T20:00:00Z"), lead: 24 * 60 };
    let decide = |starts: &str, now: &str| due(planned, at(starts), &contact(&zone), at(now));
    assert_eq!(decide("2030-01-10T20:00:00Z", "2030-01-09T20:00:03Z"), Due::Send);
    assert_eq!(decide("2030-01-10T20:00:00Z", "2030-01-09T22:10:00Z"), Due::Wait(at("2030-01-10T08:00:00Z")));
    assert_eq!(decide("2030-01-10T08:00:00Z", "2030-01-09T22:10:00Z"), Due::TooLate);
    assert_eq!(decide("2030-01-09T22:00:00Z", "2030-01-09T22:00:00Z"), Due::TooLate);
}

#[test]
fn lead_times_have_words() {
    let words: Vec<String> = [15, 60, 120, 1440, 2880, 4320].into_iter().map(lead_words).collect();
    assert_eq!(words, ["15 minutes", "1 hour", "2 hours", "24 hours", "48 hours", "3 days"]);
}

const ZONES: [&str; 6] =
    ["UTC", "Asia/Karachi", "America/St_Johns", "Australia/Lord_Howe", "Europe/London", "America/Santiago"];

fn hours() -> impl Strategy<Value = Option<HoursOfDay>> {
    // Equal ends are the whole day: nobody could ever be written to.
    prop::option::of((0..24_u8, 1..24_u8).prop_map(|(from, length)| HoursOfDay { from, until: (from + length) % 24 }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_reminder_is_welcome_useful_and_in_time(
        zone_index in 0..ZONES.len(),
        start_minute in 0..400_i64 * 1440,
        known_before in 0..20_i64 * 1440,
        now_before in 0..20_i64 * 1440,
        free_hours in prop::option::of(1..100_i64),
        leads in prop::collection::vec(15..14_i64 * 1440, 0..5),
        quiet in hours(),
        safe in hours(),
    ) {
        let zone = zone(ZONES[zone_index]);
        let starts_at = at("2030-01-01T00:00:00Z").plus_minutes(start_minute - start_minute % 5);
        let free_until = free_hours.map(|hours| starts_at.plus_minutes(-hours * 60));
        let known_since = starts_at.plus_minutes(-known_before);
        let now = starts_at.plus_minutes(-now_before);
        let contact = Contact { quiet, safe, zone: &zone };
        let planned = plan(Upcoming { starts_at, known_since, free_until }, &leads, &contact, now);

        prop_assert!(planned.len() <= leads.len());
        prop_assert!(planned.windows(2).all(|pair| pair[0].at.plus_minutes(60) <= pair[1].at), "in order and apart");
        for reminder in &planned {
            prop_assert!(contact.is_welcome(reminder.at), "in hours in which nobody is written to");
            prop_assert!(reminder.at > now && reminder.at < starts_at);
            prop_assert!(reminder.at > known_since.plus_minutes(JUST_TOLD), "told a moment ago");
            prop_assert!(leads.contains(&reminder.lead));
            let asked = starts_at.plus_minutes(-reminder.lead);
            prop_assert!(reminder.at <= asked, "later than asked for");
            if let Some(end) = free_until && asked <= end {
                prop_assert!(reminder.at <= end.plus_minutes(-TIME_TO_DECIDE), "no time to decide");
            }
        }
        // Planning again at any time before gives the same: nothing depends on how often it was planned.
        let again = plan(Upcoming { starts_at, known_since, free_until }, &leads, &contact, now);
        prop_assert_eq!(planned, again);
    }

    #[test]
    fn a_later_plan_is_what_is_left_of_an_earlier_one(
        start_minute in 0..400_i64 * 1440,
        first in 0..15_i64 * 1440,
        later in 0..15_i64 * 1440,
    ) {
        let zone = zone("Europe/London");
        let starts_at = at("2030-01-01T00:00:00Z").plus_minutes(start_minute);
        let known_since = starts_at.plus_minutes(-15 * 1440);
        let session = Upcoming { starts_at, known_since, free_until: None };
        let first_now = starts_at.plus_minutes(-first.max(later));
        let later_now = starts_at.plus_minutes(-first.min(later));
        let mut left = plan(session, &LEAD_MINUTES, &contact(&zone), first_now);
        left.retain(|reminder| reminder.at > later_now);
        prop_assert_eq!(plan(session, &LEAD_MINUTES, &contact(&zone), later_now), left);
    }
}
