//! A second implementation of time zones, to compare ours with.

use chrono::{Duration, NaiveDateTime, Offset as _, TimeZone as _};
use chrono_tz::Tz;
use shared::time::{Date, Instant, LocalTime};
use shared::zone::{OffsetChange, ResolvedKind, ZoneTable};

/// Zones that really differ between jiff's database (2026e) and chrono-tz's (2025b), and why.
pub(crate) const NEWER_RULES: &[(&str, &str)] = &[
    ("Africa/Casablanca", "Morocco goes back to +00 for good on 2026-09-20"),
    ("Africa/El_Aaiun", "as Morocco"),
    ("America/Edmonton", "Alberta stays on summer time from 2026-11-01"),
    ("America/Inuvik", "as Alberta"),
    ("America/Yellowknife", "as Alberta"),
    ("Canada/Mountain", "as Alberta"),
    ("America/Vancouver", "British Columbia stays on summer time from 2026-11-01"),
    ("Canada/Pacific", "as British Columbia"),
    ("America/Winnipeg", "Manitoba stays on summer time from 2026-11-01"),
    ("America/Rainy_River", "as Manitoba"),
    ("Canada/Central", "as Manitoba"),
    ("Europe/Chisinau", "Moldova changes its clocks at 01:00 UTC like the EU"),
    ("Europe/Tiraspol", "as Moldova"),
    ("Factory", "not a place; chrono-tz has no such name"),
];

/// Whether the two have different offsets on any day at noon or right around a change.
pub(crate) fn differ(first: &ZoneTable, second: Tz, from: Instant, until: Instant) -> bool {
    let days = (0..).map(|day| from.plus_minutes(day * 1440)).take_while(|at| *at < until);
    let changes = first.changes.iter().flat_map(|change| [change.at.plus_seconds(-1), change.at]);
    days.chain(changes).any(|at| first.offset_at(at) != offset(second, at))
}

fn offset(zone: Tz, at: Instant) -> i32 {
    let at = chrono::DateTime::from_timestamp(at.seconds(), 0).expect("a timestamp");
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

/// Compares every quarter of an hour from three hours before a change to three hours after; answers how many.
pub(crate) fn compare_around(first: &ZoneTable, second: Tz, change: &OffsetChange, before: i32) -> usize {
    let shown = change.at.plus_seconds(i64::from(before)).seconds();
    let quarters = -12..=12;
    for quarter in quarters.clone() {
        let local = chrono::DateTime::from_timestamp(shown + quarter * 900, 0).expect("a timestamp").naive_utc();
        let minute = (shown + quarter * 900).rem_euclid(86_400) / 60;
        let date = Date::from_epoch_days((shown + quarter * 900).div_euclid(86_400)).expect("a date");
        let resolved = first.resolve(date, LocalTime::from_minutes(minute as u16).expect("a time"));
        let expected = match second.from_local_datetime(&local) {
            chrono::LocalResult::Single(one) => (one.timestamp(), "exact"),
            chrono::LocalResult::Ambiguous(early, _) => (early.timestamp(), "first"),
            chrono::LocalResult::None => (shifted(second, local), "shifted"),
        };
        let word = match resolved.kind {
            ResolvedKind::Exact => "exact",
            ResolvedKind::FirstOfFold => "first",
            ResolvedKind::ShiftedOverGap { .. } => "shifted",
        };
        assert_eq!((resolved.at.seconds(), word), expected, "{local} in {}", first.name);
    }
    quarters.count()
}

/// The moment of a time that does not exist, with the offset that held before the gap.
fn shifted(zone: Tz, local: NaiveDateTime) -> i64 {
    let before = (1..=30 * 60)
        .map(|minutes| local - Duration::minutes(minutes))
        .find_map(|earlier| zone.from_local_datetime(&earlier).latest())
        .expect("no gap is longer than a day and a quarter");
    local.and_utc().timestamp() - i64::from(before.offset().fix().local_minus_utc())
}
