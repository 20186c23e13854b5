//! Zone tables: the rules for gaps and folds, and all zones against a second implementation.

use crate::second_zones::{NEWER_RULES, compare_around, differ};
use crate::support::table;
use chrono_tz::Tz;
use jiff::tz::TimeZone;
use shared::time::{Date, Instant, LocalTime};
use shared::zone::{OffsetChange, ResolvedKind, ZoneTable};
use std::collections::BTreeSet;

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn zone(name: &str) -> ZoneTable {
    let zone = TimeZone::get(name).expect("a zone");
    table(&zone, name, at("2009-01-01T00:00:00Z"), at("2038-01-01T00:00:00Z"))
}

/// The moment of a civil time, with the word for how it was found.
fn check(zone: &ZoneTable, civil: &str, moment: &str, word: &str) {
    let (date, time) = civil.split_once(' ').expect("a date and a time");
    let resolved = zone.resolve(date.parse().expect("a date"), time.parse().expect("a time"));
    let found = match resolved.kind {
        ResolvedKind::Exact => "exact".to_owned(),
        ResolvedKind::FirstOfFold => "first".to_owned(),
        ResolvedKind::ShiftedOverGap { change } => format!("shifted at {change}"),
    };
    assert_eq!((resolved.at, found.as_str()), (at(moment), word), "{civil} in {}", zone.name);
}

#[test]
fn a_time_in_a_gap_moves_forward_by_its_length_and_the_first_of_a_fold_counts() {
    let london = zone("Europe/London");
    check(&london, "2026-03-29 00:59", "2026-03-29T00:59:00Z", "exact");
    check(&london, "2026-03-29 01:00", "2026-03-29T01:00:00Z", "shifted at 2026-03-29T01:00:00Z");
    check(&london, "2026-03-29 01:30", "2026-03-29T01:30:00Z", "shifted at 2026-03-29T01:00:00Z");
    check(&london, "2026-03-29 02:00", "2026-03-29T01:00:00Z", "exact");
    check(&london, "2026-10-25 00:59", "2026-10-24T23:59:00Z", "exact");
    check(&london, "2026-10-25 01:00", "2026-10-25T00:00:00Z", "first");
    check(&london, "2026-10-25 01:59", "2026-10-25T00:59:00Z", "first");
    check(&london, "2026-10-25 02:00", "2026-10-25T02:00:00Z", "exact");
}

#[test]
fn half_hours_midnights_and_whole_days_can_change_too() {
    let lord_howe = zone("Australia/Lord_Howe");
    check(&lord_howe, "2026-10-04 02:15", "2026-10-03T15:45:00Z", "shifted at 2026-10-03T15:30:00Z");
    check(&lord_howe, "2026-10-04 02:30", "2026-10-03T15:30:00Z", "exact");
    check(&lord_howe, "2026-04-05 01:45", "2026-04-04T14:45:00Z", "first");
    check(&lord_howe, "2026-04-05 02:00", "2026-04-04T15:30:00Z", "exact");
    let santiago = zone("America/Santiago");
    check(&santiago, "2026-09-06 00:00", "2026-09-06T04:00:00Z", "shifted at 2026-09-06T04:00:00Z");
    check(&santiago, "2026-09-05 24:00", "2026-09-06T04:00:00Z", "shifted at 2026-09-06T04:00:00Z");
    check(&santiago, "2026-04-04 23:00", "2026-04-05T02:00:00Z", "first");
    check(&santiago, "2026-04-04 24:00", "2026-04-05T04:00:00Z", "exact");
    let apia = zone("Pacific/Apia");
    check(&apia, "2011-12-29 23:59", "2011-12-30T09:59:00Z", "exact");
    check(&apia, "2011-12-30 12:00", "2011-12-30T22:00:00Z", "shifted at 2011-12-30T10:00:00Z");
    check(&apia, "2011-12-31 12:00", "2011-12-30T22:00:00Z", "exact");
    let st_johns = zone("America/St_Johns");
    check(&st_johns, "2010-11-06 23:01", "2010-11-07T01:31:00Z", "first");
    check(&st_johns, "2010-11-07 00:00", "2010-11-07T02:30:00Z", "first");
    check(&st_johns, "2010-11-07 00:01", "2010-11-07T03:31:00Z", "exact");
}

#[test]
fn offsets_need_not_be_whole_minutes() {
    // Amsterdam's clocks of 1937 and a jump of 20 seconds.
    let jump = OffsetChange { at: at("1937-06-30T23:40:28Z"), offset: 4800 };
    let zone = ZoneTable { name: "Amsterdam".to_owned(), initial_offset: 4772, changes: vec![jump] };
    check(&zone, "1937-06-30 12:00", "1937-06-30T10:40:28Z", "exact");
    check(&zone, "1937-07-01 01:00", "1937-06-30T23:40:28Z", "shifted at 1937-06-30T23:40:28Z");
    check(&zone, "1937-07-01 01:01", "1937-06-30T23:41:00Z", "exact");
    let civil = zone.civil(at("1937-06-30T10:40:28Z"));
    assert_eq!((civil.date.to_string(), civil.time.to_string()), ("1937-06-30".to_owned(), "12:00".to_owned()));
}

#[test]
fn a_zone_without_changes_is_exact_everywhere() {
    check(&ZoneTable::utc(), "2026-12-31 24:00", "2027-01-01T00:00:00Z", "exact");
    check(&zone("Asia/Karachi"), "2026-12-31 09:00", "2026-12-31T04:00:00Z", "exact");
    assert!(zone("Asia/Karachi").changes.iter().all(|change| change.at < at("2010-01-01T00:00:00Z")));
}

#[test]
fn a_table_survives_the_wire() {
    let zone = table(
        &TimeZone::get("Europe/London").expect("a zone"),
        "Europe/London",
        at("2026-01-01T00:00:00Z"),
        at("2026-12-31T00:00:00Z"),
    );
    let text = serde_json::to_string(&zone).expect("a table has a text");
    let expected = r#"{"name":"Europe/London","initialOffset":0,"changes":[{"at":"2026-03-29T01:00:00Z","offset":3600},{"at":"2026-10-25T01:00:00Z","offset":0}]}"#;
    assert_eq!(text, expected);
    assert_eq!(serde_json::from_str::<ZoneTable>(&text).expect("its own text"), zone);
}

#[test]
fn the_ends_of_the_calendar_hold() {
    let zone = ZoneTable { initial_offset: 50_000, ..ZoneTable::utc() };
    for edge in [time::Date::MIN, time::Date::MAX] {
        for minutes in [0, 1440] {
            let resolved = zone.resolve(Date(edge), LocalTime::from_minutes(minutes).expect("a time"));
            zone.civil(resolved.at);
        }
    }
}

#[test]
fn every_zone_agrees_with_a_second_implementation_around_every_change_until_2037() {
    let (from, until) = (at("2024-01-01T00:00:00Z"), at("2038-01-01T00:00:00Z"));
    let mut newer = BTreeSet::new();
    let (mut zones, mut resolved) = (0, 0);
    for name in jiff::tz::db().available() {
        let name = name.as_str();
        let Ok(second) = name.parse::<Tz>() else {
            newer.insert(name.to_owned());
            continue;
        };
        let first = table(&TimeZone::get(name).expect("an available zone"), name, from.plus_minutes(-1440), until);
        if differ(&first, second, from, until) {
            newer.insert(name.to_owned());
            continue;
        }
        zones += 1;
        let mut before = first.initial_offset;
        for change in &first.changes {
            resolved += compare_around(&first, second, change, before);
            before = change.offset;
        }
    }
    let listed: BTreeSet<String> = NEWER_RULES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(newer, listed, "the zones whose rules differ");
    assert!(zones > 500 && resolved > 100_000, "{zones} zones, {resolved} times");
}
