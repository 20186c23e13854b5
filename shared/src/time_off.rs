//! From when until when time off is, as it is asked for in days and times of the practice's clock.

use crate::problem::{ErrorCode, UserError};
use crate::time::{Date, LocalTime, TimeRange};
use crate::zone::ZoneTable;

/// The longest time off in days, beyond which it is a typing mistake.
const LONGEST_DAYS: i64 = 400;

/// Time off as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// When it begins on the first day; left out, at midnight.
    pub from_time: Option<LocalTime>,
    /// When it ends on the last day; left out, at midnight.
    pub to_time: Option<LocalTime>,
}

impl Asked {
    /// The moments it means, or what is wrong with it.
    pub fn range(&self, zone: &ZoneTable) -> Result<TimeRange, UserError> {
        let days = self.from.days_until(self.to);
        if days < 0 {
            return Err(UserError::on("to", ErrorCode::Invalid, "The last day must not be before the first."));
        }
        if days > LONGEST_DAYS {
            let message = "Please add time off for at most 400 days at once.";
            return Err(UserError::on("to", ErrorCode::RangeTooLong, message));
        }
        let starts_at = zone.resolve(self.from, self.from_time.unwrap_or(LocalTime::MIDNIGHT)).at;
        let ends_at = match self.to_time {
            Some(time) => zone.resolve(self.to, time).at,
            None => zone.resolve(self.to.plus_days(1), LocalTime::MIDNIGHT).at,
        };
        if starts_at >= ends_at {
            return Err(UserError::on("toTime", ErrorCode::Invalid, "The end must be after the beginning."));
        }
        Ok(TimeRange { starts_at, ends_at })
    }
}
