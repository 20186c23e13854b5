//! The limits a practice sets for its calendar, with what may stand in each.

use crate::contact::text_problem;
use crate::payment::CHECKOUT_MINUTES;
use crate::problem::{ErrorCode, UserError};
use crate::series::WEEKS_AHEAD_RANGE;
use crate::session_type::outside;
use serde::{Deserialize, Serialize};

/// Changes what the practice allows in its calendar, all of it together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct SetCalendarRulesInput {
    /// Sessions one therapist has on a day at most, of every type together, 1 to 30; left out, as many as fit.
    pub sessions_per_day: Option<i64>,
    /// Sessions in a row at most, 1 to 12; left out, there is no limit.
    pub consecutive_sessions: Option<i64>,
    /// Minutes of break after that many, 5 to 240.
    pub break_minutes: i64,
    /// Sessions a client may have ahead at most, standing places left out, 1 to 50; left out, there is no limit.
    pub bookings_ahead: Option<i64>,
    /// How many weeks ahead the sessions of standing places are in the calendar, 8 to 12.
    pub series_weeks_ahead: i64,
    /// For how many minutes a time is kept that is to be paid for first, 32 to 1440.
    pub payment_minutes: i64,
    /// Where a bank transfer goes, line by line, at most eight; empty where none is taken.
    pub bank_details: Vec<String>,
    /// From so many minutes after its start a session can be marked as missed, 5 to 60; left out, it stays.
    pub no_show_minutes: Option<i64>,
    /// So many minutes after a first call its therapist is asked for a decision, 15 minutes to a week; left out, it stays.
    pub prompt_minutes: Option<i64>,
    /// After a break of at most so many months clients come back without another call, 1 to 60; breaks that have begun keep
    /// theirs. Left out, it stays.
    pub return_months: Option<i64>,
}

/// The most lines of bank details.
const MOST_LINES: usize = 8;

/// The longest line of bank details, in characters.
const LONGEST_LINE: usize = 100;

impl SetCalendarRulesInput {
    /// Everything wrong with it at once.
    pub fn problems(&self) -> Vec<UserError> {
        let limit = |field: &str, value: Option<i64>, most: i64, message: &str| {
            value.and_then(|value| outside(field, value, 1..=most, message))
        };
        let weeks = *WEEKS_AHEAD_RANGE.start()..=*WEEKS_AHEAD_RANGE.end();
        let least = "A payment page lives for 32 minutes: keep the time at least as long, and a day at most.";
        let numbers = [
            limit("sessionsPerDay", self.sessions_per_day, 30, "A limit is between 1 and 30 sessions a day."),
            limit("consecutiveSessions", self.consecutive_sessions, 12, "A limit is between 1 and 12 in a row."),
            outside("breakMinutes", self.break_minutes, 5..=240, "A break lasts between 5 and 240 minutes."),
            limit("bookingsAhead", self.bookings_ahead, 50, "A limit is between 1 and 50 sessions ahead."),
            outside("seriesWeeksAhead", self.series_weeks_ahead, weeks, "Choose between 8 and 12 weeks."),
            outside("paymentMinutes", self.payment_minutes, CHECKOUT_MINUTES..=24 * 60, least),
        ];
        let missed = "Whoever is late may still come: choose between 5 and 60 minutes.";
        let returns = "Choose between one month and five years.";
        let prompt = "Choose between a quarter of an hour and a week.";
        let moments = [
            self.no_show_minutes.and_then(|minutes| outside("noShowMinutes", minutes, 5..=60, missed)),
            self.prompt_minutes.and_then(|minutes| outside("promptMinutes", minutes, 15..=7 * 24 * 60, prompt)),
            self.return_months.and_then(|months| outside("returnMonths", months, 1..=60, returns)),
        ];
        numbers.into_iter().chain([self.bank_problem()]).chain(moments).flatten().collect()
    }

    fn bank_problem(&self) -> Option<UserError> {
        if self.bank_details.len() > MOST_LINES {
            return Some(UserError::on("bankDetails", ErrorCode::TooLong, "Eight lines are the most."));
        }
        self.bank_details.iter().find_map(|line| text_problem("bankDetails", line, LONGEST_LINE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_its_bounds_and_all_that_is_wrong_is_said_at_once() {
        let fine = SetCalendarRulesInput {
            sessions_per_day: None,
            consecutive_sessions: None,
            break_minutes: 30,
            bookings_ahead: Some(3),
            series_weeks_ahead: 8,
            payment_minutes: 40,
            bank_details: vec!["Ada".into()],
            no_show_minutes: None,
            prompt_minutes: Some(60),
            return_months: Some(60),
        };
        assert_eq!(fine.problems(), []);
        let wrong = SetCalendarRulesInput {
            sessions_per_day: Some(0),
            consecutive_sessions: Some(13),
            break_minutes: 0,
            bookings_ahead: Some(51),
            series_weeks_ahead: 13,
            payment_minutes: 30,
            bank_details: vec![String::new(); 9],
            no_show_minutes: Some(0),
            prompt_minutes: Some(14),
            return_months: Some(0),
        };
        let named: Vec<String> =
            wrong.problems().into_iter().map(|it| it.field.unwrap_or_default().join(".")).collect();
        let all = [
            "sessionsPerDay",
            "consecutiveSessions",
            "breakMinutes",
            "bookingsAhead",
            "seriesWeeksAhead",
            "paymentMinutes",
            "bankDetails",
            "noShowMinutes",
            "promptMinutes",
            "returnMonths",
        ];
        assert_eq!(named, all);
    }
}
