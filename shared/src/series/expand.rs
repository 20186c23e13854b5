//! The sessions of a standing place between two days.

use super::rule::{Exception, ExceptionKind, SeriesRule};
use crate::time::{Date, Instant};
use crate::zone::{CivilTime, ResolvedKind, ZoneTable};

/// The most sessions one question is answered with: two years of weeks.
pub const MOST_OCCURRENCES: usize = 104;

/// One session of a standing place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The day the rule names, which stays its name when it is moved.
    pub date: Date,
    /// The day and time that were agreed, on the practice's calendar and clock.
    pub agreed: CivilTime,
    /// The moment it begins.
    pub starts_at: Instant,
    /// How the moment was found: whether the clocks jump over the agreed time that day, or show it twice.
    pub clock: ResolvedKind,
    /// Whether it was moved away from the time of the rule.
    pub is_moved: bool,
}

/// The sessions whose days lie from `from` to `to`, both included and as the rule names them, in their order; at most
/// [`MOST_OCCURRENCES`].
///
/// The agreed time stays the same across clock changes: the moment moves.
pub fn occurrences(
    rule: &SeriesRule,
    exceptions: &[Exception],
    zone: &ZoneTable,
    from: Date,
    to: Date,
) -> Vec<Occurrence> {
    let inside =
        |date: Date| date >= from.max(rule.starts_on) && date <= to && rule.ends_on.is_none_or(|end| date <= end);
    let mut dates: Vec<(Date, CivilTime, bool)> = exceptions
        .iter()
        .filter(|exception| inside(exception.date))
        .filter_map(|exception| match exception.kind {
            ExceptionKind::Skipped => None,
            ExceptionKind::Moved { to } => Some((exception.date, to, true)),
        })
        .collect();
    let mut next = rule.on_or_after(from);
    let mut regular = 0;
    while let Some(date) = next.filter(|date| *date <= to && regular < MOST_OCCURRENCES) {
        if exceptions.iter().all(|exception| exception.date != date) {
            dates.push((date, CivilTime { date, time: rule.time }, false));
            regular += 1;
        }
        next = rule.on_or_after(date.plus_days(1)).filter(|later| *later > date);
    }
    dates.sort_by_key(|(date, ..)| *date);
    dates.truncate(MOST_OCCURRENCES);
    dates
        .into_iter()
        .map(|(date, agreed, is_moved)| {
            let resolved = zone.resolve(agreed.date, agreed.time);
            Occurrence { date, agreed, starts_at: resolved.at, clock: resolved.kind, is_moved }
        })
        .collect()
}

/// Whether there is a session by this name: the rule names the day and it is not skipped, or it was moved.
pub fn is_occurrence(rule: &SeriesRule, exceptions: &[Exception], date: Date) -> bool {
    let alive = date >= rule.starts_on && rule.ends_on.is_none_or(|end| date <= end);
    match exceptions.iter().find(|exception| exception.date == date) {
        Some(exception) => alive && matches!(exception.kind, ExceptionKind::Moved { .. }),
        None => rule.names(date),
    }
}

/// The next sessions that begin after a moment, by the time they begin; at most `count`.
pub fn next_dates(
    rule: &SeriesRule,
    exceptions: &[Exception],
    zone: &ZoneTable,
    after: Instant,
    count: usize,
) -> Vec<Occurrence> {
    // What is moved may keep the name of a day that is over.
    let from = zone.civil(after).date.plus_days(-62);
    let to = from.plus_days(62 + 36 * i64::try_from(count.min(MOST_OCCURRENCES)).unwrap_or(104));
    let mut found = occurrences(rule, exceptions, zone, from, to);
    found.retain(|occurrence| occurrence.starts_at > after);
    found.sort_by_key(|occurrence| occurrence.starts_at);
    found.truncate(count);
    found
}
