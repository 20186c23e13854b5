//! The zones people see times in, as the server hands them out, against a second implementation.

#[path = "../../shared/tests/support/second_zones.rs"]
mod second_zones;

use anteroom::features::practice::zones;
use chrono_tz::Tz;
use second_zones::{NEWER_RULES, compare_around, differ};
use shared::time::Instant;
use std::collections::BTreeSet;

fn new_year(year: i32) -> Instant {
    format!("{year}-01-01T00:00:00Z").parse().expect("an instant")
}

/// How far ahead every table must be right at least, in days.
const AHEAD_DAYS: i64 = 790;

#[test]
fn every_zone_is_what_a_second_implementation_says_from_2024_to_2037() {
    let mut newer = BTreeSet::new();
    let (mut agreeing, mut compared) = (0, 0);
    for name in zones::names() {
        let Ok(second) = name.parse::<Tz>() else {
            newer.insert(name.clone());
            continue;
        };
        let mut agrees = true;
        for year in [2024, 2026, 2028, 2030, 2032, 2034, 2036] {
            let now = new_year(year);
            let until = now.plus_minutes(AHEAD_DAYS * 1440).min(new_year(2038));
            let table = zones::table(name, now).expect("a zone that is named");
            if differ(&table, second, now, until) {
                agrees = false;
                break;
            }
            let mut before = table.offset_at(now.plus_seconds(-1));
            for change in table.changes.iter().filter(|change| (now..until).contains(&change.at)) {
                compared += compare_around(&table, second, change, before);
                before = change.offset;
            }
        }
        if agrees {
            agreeing += 1;
        } else {
            newer.insert(name.clone());
        }
    }
    let listed: BTreeSet<String> = NEWER_RULES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(newer, listed, "the zones whose rules differ");
    assert!(agreeing > 500 && compared > 50_000, "{agreeing} zones, {compared} times");
}

#[test]
fn a_session_of_years_ago_is_shown_at_the_time_it_had() {
    for (name, at, shown) in [
        ("Europe/London", "2021-07-01T10:00:00Z", "11:00"),
        ("Europe/London", "2024-12-01T10:00:00Z", "10:00"),
        ("America/New_York", "2022-03-14T13:00:00Z", "09:00"),
        ("Europe/Volgograd", "2020-12-26T09:00:00Z", "13:00"),
    ] {
        let table = zones::table(name, new_year(2030)).expect("a zone");
        let civil = table.civil(at.parse().expect("an instant"));
        assert_eq!(civil.time.to_string(), shown, "{at} in {name}");
    }
}
