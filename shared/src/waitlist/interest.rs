//! Whether somebody still waits, and what can be said honestly about how long it takes.

use super::Wish;
use crate::time::{Instant, Weekday};

/// So many weeks after somebody joined, or said that they still wait, they are asked whether they do, unless the practice
/// says otherwise.
pub const ASK_WEEKS: i64 = 4;

/// For so many days an answer is awaited.
pub const ANSWER_DAYS: i64 = 14;

/// For so many days after a wish has lapsed it can be taken up again with one press.
pub const BACK_DAYS: i64 = 60;

/// Of fewer people than this nothing is said about how long it takes.
pub const FEWEST: usize = 5;

const DAY: i64 = 24 * 60;

/// What is known of somebody's interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interest {
    /// They said so not long ago.
    Fresh,
    /// It is time to ask.
    Due,
    /// They have been asked, and may answer until then.
    Asked {
        /// Until when.
        until: Instant,
    },
    /// They did not answer in time.
    Silent,
}

/// What is known of somebody's interest at a moment: `said_at` is when they joined or last said that they wait, `asked_at`
/// when they were asked since.
pub fn interest(said_at: Instant, asked_at: Option<Instant>, ask_weeks: i64, now: Instant) -> Interest {
    match asked_at.map(|asked| asked.plus_minutes(ANSWER_DAYS * DAY)) {
        Some(until) if now < until => Interest::Asked { until },
        Some(_) => Interest::Silent,
        None if said_at.plus_minutes(ask_weeks * 7 * DAY) <= now => Interest::Due,
        None => Interest::Fresh,
    }
}

impl Wish {
    /// Whether one time could suit both: nothing they name shuts the other out.
    pub fn is_similar(&self, other: &Wish) -> bool {
        let days = |a: &[Weekday], b: &[Weekday]| a.is_empty() || b.is_empty() || a.iter().any(|day| b.contains(day));
        let bands = || {
            let meet = self.bands.iter().any(|a| other.bands.iter().any(|b| a.from < b.until && b.from < a.until));
            self.bands.is_empty() || other.bands.is_empty() || meet
        };
        let before = |first: &Wish, last: &Wish| match (first.latest, last.earliest) {
            (Some(latest), Some(earliest)) => latest < earliest,
            _ => false,
        };
        let modality = match (self.modality, other.modality) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        modality && days(&self.weekdays, &other.weekdays) && bands() && !before(self, other) && !before(other, self)
    }
}

/// Within how many days half of those who waited were offered a time: for each, how many days it took, nothing for
/// whoever was offered none. Nothing is said of few people, or when half of them were offered nothing.
pub fn half_within_days(waits: &[Option<i64>]) -> Option<i64> {
    if waits.len() < FEWEST {
        return None;
    }
    let mut days: Vec<i64> = waits.iter().flatten().copied().collect();
    days.sort_unstable();
    days.get((waits.len() - 1) / 2).copied().map(|days| days.max(1))
}
