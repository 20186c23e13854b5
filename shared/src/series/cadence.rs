//! How often a standing place comes round.

use crate::time::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// How often a standing place comes round. There is nothing in between, and nothing more often than once a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Cadence {
    /// Every week.
    Weekly,
    /// Every second week.
    EveryTwoWeeks,
    /// Every third week.
    EveryThreeWeeks,
    /// Every fourth week.
    EveryFourWeeks,
    /// On the first such weekday of every month.
    MonthlyFirst,
    /// On the second such weekday of every month.
    MonthlySecond,
    /// On the third such weekday of every month.
    MonthlyThird,
    /// On the fourth such weekday of every month.
    MonthlyFourth,
    /// On the last such weekday of every month.
    MonthlyLast,
}

/// Which of the same weekdays of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nth {
    /// The first (1) to the fourth (4); every month has those.
    Of(u8),
    /// The last, which is the fourth or the fifth.
    Last,
}

impl Cadence {
    /// Every rhythm, the most frequent first.
    pub const ALL: [Cadence; 9] = [
        Cadence::Weekly,
        Cadence::EveryTwoWeeks,
        Cadence::EveryThreeWeeks,
        Cadence::EveryFourWeeks,
        Cadence::MonthlyFirst,
        Cadence::MonthlySecond,
        Cadence::MonthlyThird,
        Cadence::MonthlyFourth,
        Cadence::MonthlyLast,
    ];

    /// The weeks between two sessions; `None` for rhythms of the month.
    pub fn weeks(self) -> Option<i64> {
        match self {
            Cadence::Weekly => Some(1),
            Cadence::EveryTwoWeeks => Some(2),
            Cadence::EveryThreeWeeks => Some(3),
            Cadence::EveryFourWeeks => Some(4),
            _ => None,
        }
    }

    /// Which weekday of the month; `None` for rhythms of weeks.
    pub fn nth(self) -> Option<Nth> {
        match self {
            Cadence::MonthlyFirst => Some(Nth::Of(1)),
            Cadence::MonthlySecond => Some(Nth::Of(2)),
            Cadence::MonthlyThird => Some(Nth::Of(3)),
            Cadence::MonthlyFourth => Some(Nth::Of(4)),
            Cadence::MonthlyLast => Some(Nth::Last),
            _ => None,
        }
    }

    /// The rhythm with this weekday, as people say it: “Every Thursday”, “Every second Thursday”, “The last Thursday
    /// of the month”.
    pub fn words(self, weekday: Weekday) -> String {
        let day = weekday.words();
        match self {
            Cadence::Weekly => format!("Every {day}"),
            Cadence::EveryTwoWeeks => format!("Every second {day}"),
            Cadence::EveryThreeWeeks => format!("Every third {day}"),
            Cadence::EveryFourWeeks => format!("Every fourth {day}"),
            Cadence::MonthlyFirst => format!("The first {day} of the month"),
            Cadence::MonthlySecond => format!("The second {day} of the month"),
            Cadence::MonthlyThird => format!("The third {day} of the month"),
            Cadence::MonthlyFourth => format!("The fourth {day} of the month"),
            Cadence::MonthlyLast => format!("The last {day} of the month"),
        }
    }

    /// The first day of the week or month this day is in: sessions of one period stand for each other when the rhythm
    /// changes.
    pub(super) fn period_start(self, date: Date) -> Date {
        match self.weeks() {
            Some(_) => date.plus_days(-(date.weekday() as i64)),
            None => date.plus_days(1 - i64::from(date.0.day())),
        }
    }
}

/// The `nth` of these weekdays in a month, counted in months since year 0; `None` beyond the calendar.
pub(super) fn nth_of_month(month: i64, nth: Nth, weekday: Weekday) -> Option<Date> {
    let first = first_of_month(month)?;
    let ahead = (weekday as i64 - first.weekday() as i64).rem_euclid(7);
    match nth {
        Nth::Of(n) => Some(first.plus_days(ahead + 7 * (i64::from(n) - 1))),
        Nth::Last => {
            let last = first_of_month(month + 1)?.plus_days(-1);
            Some(last.plus_days(-(last.weekday() as i64 - weekday as i64).rem_euclid(7)))
        }
    }
}

/// The month of a day, counted in months since year 0.
pub(super) fn month_of(date: Date) -> i64 {
    i64::from(date.0.year()) * 12 + i64::from(u8::from(date.0.month())) - 1
}

fn first_of_month(month: i64) -> Option<Date> {
    let number = u8::try_from(month.rem_euclid(12) + 1).ok()?;
    Date::new(i32::try_from(month.div_euclid(12)).ok()?, number, 1)
}
