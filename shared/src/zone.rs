//! A time zone as data: which offset the clocks have, and when they change.
//!
//! The server writes a [`ZoneTable`] from its one time zone database and sends it along, so the browser needs no
//! database of its own and can never disagree about a rule.

use crate::time::{Date, Instant, LocalTime, TimeRange};
use serde::{Deserialize, Serialize};

pub(crate) const DAY_SECONDS: i64 = 86_400;

/// No offset is further from UTC than this; it bounds how far from a civil time its moments can be.
const FURTHEST_OFFSET: i64 = 26 * 3600;

/// The IANA name of a time zone, `Europe/London`, as somebody gave it: whether there is one of that name is only known
/// where the zones are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ZoneName(pub String);

impl std::ops::Deref for ZoneName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ZoneName {
    fn from(name: &str) -> Self {
        ZoneName(name.to_owned())
    }
}

#[cfg(feature = "server")]
/// The IANA name of a time zone: `Europe/London`.
#[async_graphql::Scalar(name = "TimeZone")]
impl async_graphql::ScalarType for ZoneName {
    fn parse(value: async_graphql::Value) -> async_graphql::InputValueResult<Self> {
        match value {
            async_graphql::Value::String(name) => Ok(ZoneName(name)),
            _ => Err(async_graphql::InputValueError::expected_type(value)),
        }
    }
    fn to_value(&self) -> async_graphql::Value {
        async_graphql::Value::String(self.0.clone())
    }
}

/// A time zone as data for a span of years: where the clocks change and by how much.
///
/// Before the first change the initial offset holds, after the last change its offset holds for good; so a table is
/// right only inside the span it was written for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ZoneTable {
    /// The IANA name, `Europe/London`.
    pub name: String,
    /// Seconds east of UTC before the first change.
    pub initial_offset: i32,
    /// The changes, earliest first, on whole seconds.
    pub changes: Vec<OffsetChange>,
}

/// One change of the clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OffsetChange {
    /// The first moment with the new offset.
    pub at: Instant,
    /// Seconds east of UTC from then on.
    pub offset: i32,
}

/// What a wall calendar and a wall clock show at one moment; seconds are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CivilTime {
    /// The day.
    pub date: Date,
    /// The time of that day, 00:00 to 23:59.
    pub time: LocalTime,
}

/// The moment a civil time stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// The moment.
    pub at: Instant,
    /// How it was found.
    pub kind: ResolvedKind,
}

/// How the moment of a civil time was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolvedKind {
    /// The clock shows that time exactly once.
    Exact,
    /// The clocks jump over that time; the moment is later by as much as they jump.
    ShiftedOverGap {
        /// When the clocks jump: the last moment before is earlier than the civil time, this one is later.
        change: Instant,
    },
    /// The clock shows that time twice; this is the first.
    FirstOfFold,
}

impl Resolved {
    /// The first moment at which the clock has reached the civil time: in a gap the jump itself, else the moment.
    pub fn reached(&self) -> Instant {
        match self.kind {
            ResolvedKind::ShiftedOverGap { change } => change,
            ResolvedKind::Exact | ResolvedKind::FirstOfFold => self.at,
        }
    }
}

/// What calendar and clock show at a moment where they are so many seconds ahead of UTC.
pub(crate) fn civil_at_offset(at: Instant, offset_seconds: i64) -> CivilTime {
    let local = at.seconds() + offset_seconds;
    let minutes = u16::try_from(local.rem_euclid(DAY_SECONDS) / 60).expect("a day has 1440 minutes");
    CivilTime {
        date: nearest_date(local.div_euclid(DAY_SECONDS)),
        time: LocalTime::from_minutes(minutes).expect("a remainder of a day is less than a day"),
    }
}

impl ZoneTable {
    /// The zone whose clocks never change.
    pub fn utc() -> Self {
        ZoneTable { name: "UTC".to_owned(), initial_offset: 0, changes: Vec::new() }
    }

    /// Seconds east of UTC at a moment.
    pub fn offset_at(&self, at: Instant) -> i32 {
        self.offset_of(self.changes_until(at.seconds()))
    }

    /// What calendar and clock show at a moment.
    pub fn civil(&self, at: Instant) -> CivilTime {
        civil_at_offset(at, self.offset_at(at).into())
    }

    /// A day of this zone's calendar, from midnight to midnight.
    pub fn day(&self, date: Date) -> TimeRange {
        let midnight = |date| self.resolve(date, LocalTime::MIDNIGHT).at;
        TimeRange { starts_at: midnight(date), ends_at: midnight(date.plus_days(1)) }
    }

    /// The moment a civil time stands for. 24:00 is midnight of the next day.
    ///
    /// A time the clocks jump over moves forward by the length of the jump; of a time shown twice the first counts.
    pub fn resolve(&self, date: Date, time: LocalTime) -> Resolved {
        let local = date.epoch_days() * DAY_SECONDS + i64::from(time.minutes()) * 60;
        let (seconds, kind) = Periods::new(self).resolve(local);
        Resolved { at: nearest_instant(seconds), kind }
    }

    /// [`Self::resolve`] for seconds of the civil calendar since 1970-01-01 00:00, in seconds; `first` is a period
    /// surely before it.
    fn resolve_from(&self, first: usize, local: i64) -> (i64, ResolvedKind) {
        let later = self.changes[first..].iter().take_while(|change| change.at.seconds() <= local + FURTHEST_OFFSET);
        let last = first + later.count();
        let mut found = None;
        for index in first..=last {
            let at = local - i64::from(self.offset_of(index));
            let starts = index.checked_sub(1).is_none_or(|before| self.changes[before].at.seconds() <= at);
            let ends = self.changes.get(index).is_none_or(|change| at < change.at.seconds());
            if starts && ends {
                if let Some(first) = found {
                    return (first, ResolvedKind::FirstOfFold);
                }
                found = Some(at);
            }
        }
        if let Some(at) = found {
            return (at, ResolvedKind::Exact);
        }
        for index in first..last {
            let change = &self.changes[index];
            let (before, after) = (i64::from(self.offset_of(index)), i64::from(change.offset));
            if (change.at.seconds() + before..change.at.seconds() + after).contains(&local) {
                return (local - before, ResolvedKind::ShiftedOverGap { change: change.at });
            }
        }
        // Only a table with offsets no zone has comes here.
        (local - i64::from(self.offset_of(first)), ResolvedKind::Exact)
    }

    /// How many changes have happened at a second since 1970.
    fn changes_until(&self, seconds: i64) -> usize {
        self.changes.partition_point(|change| change.at.seconds() <= seconds)
    }

    /// The offset after so many changes.
    fn offset_of(&self, changes: usize) -> i32 {
        changes.checked_sub(1).map_or(self.initial_offset, |last| self.changes[last].offset)
    }
}

/// Looks moments up in a zone, quickly when they come in the order of time: the period found last is tried first.
pub(crate) struct Periods<'a> {
    zone: &'a ZoneTable,
    index: usize,
    from: i64,
    until: i64,
    offset: i64,
}

impl<'a> Periods<'a> {
    pub(crate) fn new(zone: &'a ZoneTable) -> Self {
        Periods { zone, index: 0, from: i64::MAX, until: i64::MIN, offset: 0 }
    }

    /// The offset at a second since 1970.
    pub(crate) fn offset_at(&mut self, seconds: i64) -> i64 {
        if !(self.from <= seconds && seconds < self.until) {
            let index = self.zone.changes_until(seconds);
            self.from = index.checked_sub(1).map_or(i64::MIN, |last| self.zone.changes[last].at.seconds());
            self.until = self.start_of(index + 1);
            self.offset = i64::from(self.zone.offset_of(index));
            self.index = index;
        }
        self.offset
    }

    /// The moment of a civil second, like [`ZoneTable::resolve`].
    pub(crate) fn resolve(&mut self, local: i64) -> (i64, ResolvedKind) {
        self.offset_at(local - FURTHEST_OFFSET);
        self.zone.resolve_from(self.index, local)
    }

    /// The day of the civil calendar at a second since 1970, in days since 1970-01-01.
    pub(crate) fn day_at(&mut self, seconds: i64) -> i64 {
        (seconds + self.offset_at(seconds)).div_euclid(DAY_SECONDS)
    }

    /// The one offset that settles every time of a day of the civil calendar; `None` when the clocks change that day.
    pub(crate) fn steady_offset(&mut self, day: i64) -> Option<i64> {
        let (from, until) = (day * DAY_SECONDS, (day + 1) * DAY_SECONDS);
        let before = self.offset_at(from - FURTHEST_OFFSET);
        if until + FURTHEST_OFFSET < self.until {
            return Some(before);
        }
        if self.start_of(self.index + 2) <= until + FURTHEST_OFFSET {
            return None;
        }
        let after = i64::from(self.zone.offset_of(self.index + 1));
        if until <= self.until + before.min(after) {
            Some(before)
        } else {
            (self.until + before.max(after) <= from).then_some(after)
        }
    }

    /// When the period with this index begins, except for the first.
    fn start_of(&self, index: usize) -> i64 {
        self.zone.changes.get(index - 1).map_or(i64::MAX, |change| change.at.seconds())
    }
}

/// The day so many days after 1970-01-01, or the end of the calendar it lies beyond.
pub(crate) fn nearest_date(days: i64) -> Date {
    let ends = if days < 0 { time::Date::MIN } else { time::Date::MAX };
    Date::from_epoch_days(days).unwrap_or(Date(ends))
}

/// The moment so many seconds after 1970, or the end of time it lies beyond.
fn nearest_instant(seconds: i64) -> Instant {
    let ends = if seconds < 0 { time::PrimitiveDateTime::MIN } else { time::PrimitiveDateTime::MAX };
    Instant::from_seconds(seconds).unwrap_or_else(|| Instant::from(ends.assume_utc()))
}
