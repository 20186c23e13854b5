//! Zone tables from jiff's time zone database.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared::time::Instant;
use shared::zone::{OffsetChange, ZoneTable};

/// The table of a zone, right for every civil time whose moment lies from `from` until `until`.
pub(crate) fn table(zone: &TimeZone, name: &str, from: Instant, until: Instant) -> ZoneTable {
    let (from, until) = (timestamp(from), timestamp(until));
    let initial = zone.to_offset(from);
    let mut offset = initial;
    let mut changes = Vec::new();
    for transition in zone.following(from).take_while(|transition| transition.timestamp() < until) {
        // Some transitions change only the name of the time, or whether it is called summer time.
        if transition.offset() != offset {
            offset = transition.offset();
            changes.push(OffsetChange { at: instant(transition.timestamp()), offset: offset.seconds() });
        }
    }
    ZoneTable { name: name.to_owned(), initial_offset: initial.seconds(), changes }
}

fn timestamp(at: Instant) -> Timestamp {
    Timestamp::from_microsecond(at.micros()).expect("an instant is inside jiff's years")
}

fn instant(at: Timestamp) -> Instant {
    Instant::from_micros(at.as_microsecond()).expect("a timestamp is inside the years of an instant")
}
