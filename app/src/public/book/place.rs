//! Where somebody is in the picker. The address holds it, so that links, reload and back work with scripts and without.

use serde::{Deserialize, Serialize};
use shared::ids::TherapistId;
use shared::time::{Date, Instant};
use shared::words::{self, HourCycle};
use std::fmt;
use std::str::FromStr;

/// A month of the calendar, by its first day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(Date);

impl Month {
    /// The month a day is in.
    pub fn of(date: Date) -> Self {
        Month(date.plus_days(1 - i64::from(date.0.day())))
    }

    /// So many months later, or earlier; stays at the ends of the calendar.
    pub fn shifted(self, months: i32) -> Self {
        let count = self.0.0.year() * 12 + i32::from(u8::from(self.0.0.month())) - 1 + months;
        let month = u8::try_from(count.rem_euclid(12) + 1).unwrap_or(1);
        Date::new(count.div_euclid(12), month, 1).map_or(self, Month)
    }

    /// Its first day.
    pub fn first(self) -> Date {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.shifted(1).0.plus_days(-1)
    }

    /// The day with this number, or the last if the month is shorter.
    pub fn day(self, number: u8) -> Date {
        self.0.plus_days(i64::from(number.min(self.last().0.day())) - 1)
    }

    /// `December 2026`.
    pub fn words(self) -> String {
        format!("{} {}", self.name(), self.0.0.year())
    }

    /// `December`.
    pub fn name(self) -> &'static str {
        words::month(u8::from(self.0.0.month()))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.0.to_string();
        f.write_str(date.get(..7).unwrap_or(&date))
    }
}

impl FromStr for Month {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut date = text.to_owned();
        date.push_str("-01");
        date.parse().map(Month)
    }
}

/// What the address says. What cannot be read is left out: an old or mistyped link still opens the picker.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The month shown.
    pub month: Option<Month>,
    /// The day whose times are shown.
    pub day: Option<Date>,
    /// The zone times are shown in.
    pub zone: Option<String>,
    /// The time chosen.
    pub slot: Option<Instant>,
    /// Whom it is to be with; anyone where nobody is named.
    pub with: Option<TherapistId>,
    /// How hours are counted from now on.
    pub hours: Option<HourCycle>,
}

impl Place {
    /// Reads the pairs of a query.
    pub fn read<'q>(pairs: impl Iterator<Item = (&'q str, &'q str)>) -> Self {
        let mut place = Place::default();
        for (name, value) in pairs {
            match name {
                "month" => place.month = value.parse().ok(),
                "day" => place.day = value.parse().ok(),
                "tz" => place.zone = Some(value.to_owned()).filter(|zone| !zone.is_empty()),
                "slot" => place.slot = value.parse().ok(),
                "with" => place.with = value.parse().ok(),
                "hours" => place.hours = HourCycle::read(value),
                _ => {}
            }
        }
        place
    }

    /// The query of a link that leads here.
    pub fn href(&self) -> String {
        let mut href = String::new();
        let mut add = |name: &str, value: String| {
            href.push(if href.is_empty() { '?' } else { '&' });
            href.push_str(name);
            href.push('=');
            href.push_str(&value);
        };
        match (self.day, self.month) {
            (Some(day), _) => add("day", day.to_string()),
            (None, Some(month)) => add("month", month.to_string()),
            (None, None) => {}
        }
        if let Some(slot) = self.slot {
            add("slot", slot.to_string());
        }
        if let Some(therapist) = self.with {
            add("with", therapist.to_string());
        }
        if let Some(zone) = &self.zone {
            // `Etc/GMT+5`: a plus would be read as a space.
            add("tz", zone.replace('+', "%2B"));
        }
        if let Some(hours) = self.hours {
            add("hours", hours.word().to_owned());
        }
        if href.is_empty() { "?".to_owned() } else { href }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    #[test]
    fn months_turn_over_years() {
        assert_eq!(month("2026-12").shifted(1).to_string(), "2027-01");
        assert_eq!(month("2026-01").shifted(-1).to_string(), "2025-12");
        assert_eq!(month("2026-03").shifted(-15).to_string(), "2024-12");
        assert_eq!(month("2028-02").last().to_string(), "2028-02-29");
        assert_eq!(month("2027-02").day(31).to_string(), "2027-02-28");
        assert_eq!(month("2026-12").words(), "December 2026");
    }

    #[test]
    fn an_address_is_read_back_as_it_was_written() {
        let slot = "2026-12-03T10:00:00Z".parse().expect("an instant");
        let day = "2026-12-03".parse().expect("a date");
        let place = Place {
            month: None,
            day: Some(day),
            zone: Some("Europe/Stockholm".into()),
            slot: Some(slot),
            with: Some("00000000-0000-0000-0000-000000000001".parse().expect("an id")),
            hours: Some(HourCycle::H12),
        };
        let href = place.href();
        assert_eq!(
            href,
            "?day=2026-12-03&slot=2026-12-03T10:00:00Z&with=00000000-0000-0000-0000-000000000001&tz=Europe/Stockholm&hours=12"
        );
        let pairs = href[1..].split('&').filter_map(|pair| pair.split_once('='));
        assert!(Place::read(pairs) == place);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let pairs = [("month", "2026-13"), ("day", "yesterday"), ("tz", ""), ("slot", "11:00"), ("utm", "x")];
        assert!(Place::read(pairs.into_iter()) == Place::default());
    }
}
