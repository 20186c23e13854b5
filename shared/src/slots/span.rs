//! The days one question may be about.

use crate::problem::{ErrorCode, UserError};
use crate::time::Date;
use std::fmt;

/// The most days one question may be about.
pub const MAX_DAYS: i64 = 62;

/// Some days in a row, first and last included, at most [`MAX_DAYS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateSpan {
    from: Date,
    to: Date,
}

impl DateSpan {
    /// The days from `from` to `to`, both included.
    pub fn new(from: Date, to: Date) -> Result<Self, SpanProblem> {
        match from.days_until(to) {
            days if days < 0 => Err(SpanProblem::Reversed),
            days if days >= MAX_DAYS => Err(SpanProblem::TooLong),
            _ => Ok(DateSpan { from, to }),
        }
    }

    /// One day.
    pub fn day(date: Date) -> Self {
        DateSpan { from: date, to: date }
    }

    /// The first day.
    pub fn from(&self) -> Date {
        self.from
    }

    /// The last day.
    pub fn to(&self) -> Date {
        self.to
    }

    /// Whether a day is one of them.
    pub fn contains(&self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }
}

/// Why two dates are not a [`DateSpan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanProblem {
    /// The last day is before the first.
    Reversed,
    /// More than [`MAX_DAYS`] days.
    TooLong,
}

impl fmt::Display for SpanProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SpanProblem::Reversed => f.write_str("The last day is before the first; swap them."),
            SpanProblem::TooLong => write!(f, "Ask for at most {MAX_DAYS} days at a time."),
        }
    }
}

impl std::error::Error for SpanProblem {}

impl From<SpanProblem> for UserError {
    fn from(problem: SpanProblem) -> Self {
        let code = match problem {
            SpanProblem::Reversed => ErrorCode::Invalid,
            SpanProblem::TooLong => ErrorCode::RangeTooLong,
        };
        UserError::on("to", code, problem.to_string())
    }
}
