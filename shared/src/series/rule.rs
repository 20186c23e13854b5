//! The rule of a standing place, and what became of single days of it.

use super::cadence::{Cadence, Nth, month_of, nth_of_month};
use crate::problem::{ErrorCode, UserError};
use crate::time::{Date, LocalTime, Weekday};
use crate::zone::CivilTime;
use serde::{Deserialize, Serialize};

/// When a standing place comes round, on the calendar and clock of the practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeriesRule {
    /// How often.
    pub cadence: Cadence,
    /// On which day of the week.
    pub weekday: Weekday,
    /// At what time, before 24:00.
    pub time: LocalTime,
    /// No session is earlier. Rhythms of weeks are counted from the first such weekday on or after it.
    pub starts_on: Date,
    /// The last day there may be a session; absent while no end is agreed.
    pub ends_on: Option<Date>,
}

/// What became of one day of a standing place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exception {
    /// The day the rule names.
    pub date: Date,
    /// What became of it.
    pub kind: ExceptionKind,
}

/// What becomes of a day the rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExceptionKind {
    /// There is no session.
    Skipped,
    /// The session is at another time. It is a promise to somebody, and stays even when the rule no longer names the day.
    Moved {
        /// When, on the practice's calendar and clock.
        to: CivilTime,
    },
}

/// Where a standing place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum SeriesState {
    /// Its sessions are kept in the calendar.
    Active,
    /// It has ended, or another one has taken its place.
    Ended,
}

/// What is in the way of a session of a standing place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum TakenBy {
    /// Another session.
    Booking,
    /// A slot that is being kept for somebody.
    Hold,
    /// Another standing place.
    Series,
    /// Time off.
    TimeOff,
    /// No room of the practice is free.
    Room,
}

impl TakenBy {
    /// How it is said on a page.
    pub fn words(self) -> &'static str {
        match self {
            TakenBy::Booking => "Another session is in the way.",
            TakenBy::Hold => "Somebody is just booking that time.",
            TakenBy::Series => "Another standing place is in the way.",
            TakenBy::TimeOff => "You have time off then.",
            TakenBy::Room => "No room is free then.",
        }
    }
}

impl SeriesRule {
    /// The first day with a session; `None` if the end comes before it, or the calendar ends.
    pub fn first(&self) -> Option<Date> {
        self.on_or_after(self.starts_on)
    }

    /// The first day the rule names on or after a day.
    pub fn on_or_after(&self, date: Date) -> Option<Date> {
        let from = date.max(self.starts_on);
        let found = match (self.cadence.weeks(), self.cadence.nth()) {
            (Some(weeks), _) => {
                let ahead = (self.weekday as i64 - self.starts_on.weekday() as i64).rem_euclid(7);
                let first = self.starts_on.plus_days(ahead);
                let step = 7 * weeks;
                let behind = first.days_until(from).max(0);
                let found = first.plus_days((behind + step - 1) / step * step);
                // At the end of the calendar there may be no such day left.
                (found >= from && found.weekday() == self.weekday).then_some(found)
            }
            (None, nth) => {
                let nth = nth.unwrap_or(Nth::Last);
                let month = month_of(from);
                [month, month + 1]
                    .into_iter()
                    .filter_map(|month| nth_of_month(month, nth, self.weekday))
                    .find(|found| *found >= from)
            }
        };
        found.filter(|found| self.ends_on.is_none_or(|end| *found <= end))
    }

    /// Whether the rule names this day.
    pub fn names(&self, date: Date) -> bool {
        self.on_or_after(date) == Some(date)
    }

    /// The last day the rule names before a day.
    pub fn last_before(&self, date: Date) -> Option<Date> {
        // Sessions are at most five weeks apart.
        let mut next = self.on_or_after(date.plus_days(-36).max(self.starts_on))?;
        let mut last = None;
        while next < date {
            last = Some(next);
            match self.on_or_after(next.plus_days(1)) {
                Some(later) => next = later,
                None => break,
            }
        }
        last
    }

    /// The rhythm and the time, as people say them: “Every Thursday, 11:00”.
    pub fn words(&self) -> String {
        format!("{}, {}", self.cadence.words(self.weekday), self.time)
    }

    /// Everything wrong with the rule, by the fields of the input that asks for it.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = Vec::new();
        if self.time.minutes() >= 24 * 60 {
            problems.push(UserError::on(
                "time",
                ErrorCode::Invalid,
                "A session begins before midnight: choose 00:00 to 23:59.",
            ));
        }
        if !(1900..=2200).contains(&self.starts_on.0.year()) {
            problems.push(UserError::on("startsOn", ErrorCode::Invalid, "Choose a first day in this century."));
        } else if self.ends_on.is_some_and(|end| end < self.starts_on) {
            problems.push(UserError::on("endsOn", ErrorCode::Invalid, "The last day must not be before the first."));
        } else if self.first().is_none() {
            let message = "There would be no session at all: choose a later last day, or another first one.";
            problems.push(UserError::on("endsOn", ErrorCode::Invalid, message));
        }
        problems
    }
}
