//! What a change does to a standing place: to one session, to this and the following ones, or to all to come.

use super::cadence::Cadence;
use super::expand::is_occurrence;
use super::rule::{Exception, ExceptionKind, SeriesRule};
use crate::time::{Date, LocalTime, Weekday};
use crate::zone::CivilTime;
use serde::{Deserialize, Serialize};

/// How far a change reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum Scope {
    /// This session only.
    This,
    /// This session and every one after it; those before stay as they are.
    ThisAndFollowing,
    /// Every session still to come. What has taken place stays as it was.
    All,
}

/// What changes about the rule; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The rhythm.
    pub cadence: Option<Cadence>,
    /// The day of the week.
    pub weekday: Option<Weekday>,
    /// The time.
    pub time: Option<LocalTime>,
    /// The end: another last day, or none any more.
    pub ends_on: Option<Option<Date>>,
}

/// A standing place after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// What is left of the place before the change, with its exceptions; absent if nothing is.
    pub before: Option<(SeriesRule, Vec<Exception>)>,
    /// The place from the change on.
    pub rule: SeriesRule,
    /// Its exceptions. Those that were agreed before the change still hold.
    pub exceptions: Vec<Exception>,
}

/// Leaves one session out. `None` if there is none by this name.
pub fn skip_one(rule: &SeriesRule, exceptions: &[Exception], date: Date) -> Option<Vec<Exception>> {
    is_occurrence(rule, exceptions, date).then(|| with(exceptions, Exception { date, kind: ExceptionKind::Skipped }))
}

/// Gives one session another time; one that was skipped comes back that way. `None` if there never was one by this name.
pub fn move_one(rule: &SeriesRule, exceptions: &[Exception], date: Date, to: CivilTime) -> Option<Vec<Exception>> {
    let known = rule.names(date) || exceptions.iter().any(|exception| exception.date == date);
    known.then(|| with(exceptions, Exception { date, kind: ExceptionKind::Moved { to } }))
}

/// Changes this session and every one after it. `date` names it; nothing of the new rule is before `not_before`.
///
/// A session of the new rule stands for the old one of the same week (or month), and takes over what was agreed for it.
pub fn change_following(
    rule: &SeriesRule,
    exceptions: &[Exception],
    date: Date,
    change: Change,
    not_before: Date,
) -> Edited {
    let changed = changed(rule, date, change, not_before);
    let (before, after): (Vec<Exception>, Vec<Exception>) =
        exceptions.iter().partition(|exception| exception.date < date);
    let kept = SeriesRule { ends_on: Some(date.plus_days(-1)), ..*rule };
    let before = (kept.first().is_some() || !before.is_empty()).then_some((kept, before));
    Edited { before, rule: changed, exceptions: carried(rule, &changed, after) }
}

/// Changes every session still to come. `next` names the first of them; nothing of the new rule is before `not_before`.
/// What is before keeps its exceptions for the record.
pub fn change_all(rule: &SeriesRule, exceptions: &[Exception], next: Date, change: Change, not_before: Date) -> Edited {
    let rule_after = changed(rule, next, change, not_before);
    let (before, after): (Vec<Exception>, Vec<Exception>) =
        exceptions.iter().partition(|exception| exception.date < next);
    let mut exceptions = before;
    exceptions.extend(carried(rule, &rule_after, after));
    Edited { before: None, rule: rule_after, exceptions }
}

/// The rule from the session called `date` on: it begins in that session's week (or month), after the session before.
fn changed(rule: &SeriesRule, date: Date, change: Change, not_before: Date) -> SeriesRule {
    let cadence = change.cadence.unwrap_or(rule.cadence);
    let after_last = rule.last_before(date).map(|last| last.plus_days(1));
    let starts_on = cadence.period_start(date).max(not_before).max(after_last.unwrap_or(not_before));
    SeriesRule {
        cadence,
        weekday: change.weekday.unwrap_or(rule.weekday),
        time: change.time.unwrap_or(rule.time),
        // Before its first session, a place may still begin only when it was to begin.
        starts_on: if after_last.is_none() && change.weekday.is_none() {
            starts_on.max(rule.starts_on)
        } else {
            starts_on
        },
        ends_on: change.ends_on.unwrap_or(rule.ends_on),
    }
}

/// Exceptions under the names their sessions have in the new rule. Where it has none in that week (or month), the old
/// name stays: what was skipped is still skipped, what was moved still takes place.
fn carried(old: &SeriesRule, new: &SeriesRule, exceptions: Vec<Exception>) -> Vec<Exception> {
    let mut carried: Vec<Exception> = Vec::new();
    for exception in exceptions {
        let date = successor(old, new, exception.date).unwrap_or(exception.date);
        if carried.iter().all(|known| known.date != date) {
            carried.push(Exception { date, ..exception });
        }
    }
    carried
}

/// The session of the new rule that stands for one of the old rule: the same day, or the one of its week (or month).
pub fn successor(old: &SeriesRule, new: &SeriesRule, date: Date) -> Option<Date> {
    if new.names(date) {
        return Some(date);
    }
    if !old.names(date) {
        return None;
    }
    let start = new.cadence.period_start(date);
    let end = match new.cadence.weeks() {
        Some(_) => start.plus_days(6),
        None => start.plus_days(31 - i64::from(start.plus_days(31).0.day())),
    };
    new.on_or_after(start).filter(|found| *found <= end)
}

fn with(exceptions: &[Exception], new: Exception) -> Vec<Exception> {
    let mut all: Vec<Exception> = exceptions.iter().copied().filter(|known| known.date != new.date).collect();
    all.push(new);
    all.sort_by_key(|exception| exception.date);
    all
}
