//! How dates, times and zones are written for people.

use crate::time::{Date, Instant, LocalTime};
use crate::zone::ZoneTable;
use serde::{Deserialize, Serialize};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `Thursday`.
pub fn weekday(date: Date) -> &'static str {
    date.weekday().words()
}

/// `December`, for a month from 1 to 12.
pub fn month(number: u8) -> &'static str {
    MONTHS[usize::from(number.clamp(1, 12)) - 1]
}

/// `Thursday 3 December`.
pub fn day(date: Date) -> String {
    format!("{} {} {}", weekday(date), date.0.day(), month(u8::from(date.0.month())))
}

/// `Thu 3 Dec`.
pub fn short_day(date: Date) -> String {
    format!("{} {} {}", &weekday(date)[..3], date.0.day(), &month(u8::from(date.0.month()))[..3])
}

/// `Thursday 3 December 2026`.
pub fn full_day(date: Date) -> String {
    format!("{} {}", day(date), date.0.year())
}

/// As [`day`], or as [`full_day`] where the year is not today's.
pub fn far_day(date: Date, today: Date) -> String {
    if date.0.year() == today.0.year() { day(date) } else { full_day(date) }
}

/// How the hours of a day are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "bool", into = "bool")]
pub enum HourCycle {
    /// From 0 to 23.
    #[default]
    H24,
    /// Twice from 12 to 11.
    H12,
}

/// Where hours are counted twice from 12 to 11 (the time data of CLDR, supplemental), as far as it is where people read
/// English, Spanish, Arabic, Hindi or Korean.
const TWICE_TWELVE: &[&str] = &[
    "AE", "AU", "BD", "BH", "CA", "CO", "EG", "HK", "IN", "JM", "JO", "KR", "KW", "LB", "MX", "MY", "NZ", "OM", "PH",
    "PK", "PR", "QA", "SA", "SG", "TT", "US", "VE",
];

// The browser reads less code for a boolean than for names.
impl From<bool> for HourCycle {
    fn from(is_of_12: bool) -> Self {
        if is_of_12 { HourCycle::H12 } else { HourCycle::H24 }
    }
}

impl From<HourCycle> for bool {
    fn from(hours: HourCycle) -> Self {
        hours == HourCycle::H12
    }
}

impl HourCycle {
    /// Reads the word of an address or a cookie.
    pub fn read(word: &str) -> Option<Self> {
        match word {
            "24" => Some(HourCycle::H24),
            "12" => Some(HourCycle::H12),
            _ => None,
        }
    }

    /// As hours are counted where the first of these languages is spoken, `en-US,en;q=0.9`. Without a place, from 0 to 23.
    pub fn of_languages(preferred: &str) -> Self {
        let first = preferred.split([',', ';']).next().unwrap_or_default().trim();
        let place = first.rsplit('-').next().unwrap_or_default().to_ascii_uppercase();
        if TWICE_TWELVE.contains(&place.as_str()) { HourCycle::H12 } else { HourCycle::H24 }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            HourCycle::H24 => "24",
            HourCycle::H12 => "12",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            HourCycle::H24 => HourCycle::H12,
            HourCycle::H12 => HourCycle::H24,
        }
    }

    /// `14:30` or `2:30 pm`.
    pub fn clock(self, time: LocalTime) -> String {
        let (hour, minute) = (time.minutes() / 60, time.minutes() % 60);
        match self {
            HourCycle::H24 => time.to_string(),
            HourCycle::H12 => {
                let half = if hour < 12 { "am" } else { "pm" };
                format!("{}:{minute:02}\u{a0}{half}", (hour + 11) % 12 + 1)
            }
        }
    }

    /// `Thursday 3 December, 10:00`, on the clocks of a zone.
    pub fn moment(self, at: Instant, zone: &ZoneTable) -> String {
        let civil = zone.civil(at);
        [&day(civil.date), ", ", &self.clock(civil.time)].concat()
    }
}

/// `10:00`, on the clocks of a zone.
pub fn time(at: Instant, zone: &ZoneTable) -> String {
    zone.civil(at).time.to_string()
}

/// `Thursday 3 December, 10:00`, on the clocks of a zone.
pub fn moment(at: Instant, zone: &ZoneTable) -> String {
    let civil = zone.civil(at);
    format!("{}, {}", day(civil.date), civil.time)
}

/// `Thu 3 Dec, 10:00`, on the clocks of a zone.
pub fn short_moment(at: Instant, zone: &ZoneTable) -> String {
    let civil = zone.civil(at);
    format!("{}, {}", short_day(civil.date), civil.time)
}

/// `Thu 3 Dec 2026, 10:00`, on the clocks of a zone: for what is kept.
pub fn dated(at: Instant, zone: &ZoneTable) -> String {
    let civil = zone.civil(at);
    format!("{} {}, {}", short_day(civil.date), civil.date.0.year(), civil.time)
}

/// As [`short_moment`], or as [`dated`] where the year is not the one it is `now`: for lists that go far.
pub fn listed(at: Instant, now: Instant, zone: &ZoneTable) -> String {
    let year = |at| zone.civil(at).date.0.year();
    if year(at) == year(now) { short_moment(at, zone) } else { dated(at, zone) }
}

/// `London` for `Europe/London`, `St Johns` for `America/St_Johns`.
pub fn city(zone: &str) -> String {
    let place = zone.rsplit('/').next().unwrap_or(zone);
    let present = RENAMED.iter().find(|(before, _)| *before == place).map_or(place, |(_, now)| now);
    present.replace('_', " ")
}

/// Places that zones are still named after by an earlier name, as some browsers say it, and their names now.
const RENAMED: &[(&str, &str)] = &[
    ("Asmera", "Asmara"),
    ("Calcutta", "Kolkata"),
    ("Dacca", "Dhaka"),
    ("Faeroe", "Faroe"),
    ("Godthab", "Nuuk"),
    ("Katmandu", "Kathmandu"),
    ("Kiev", "Kyiv"),
    ("Macao", "Macau"),
    ("Ponape", "Pohnpei"),
    ("Rangoon", "Yangon"),
    ("Saigon", "Ho_Chi_Minh"),
    ("Thimbu", "Thimphu"),
    ("Truk", "Chuuk"),
    ("Ujung_Pandang", "Makassar"),
    ("Ulan_Bator", "Ulaanbaatar"),
];

/// The zones a page offers before anyone types: one city for each set of rules many people live by.
pub const ZONES: &[&str] = &[
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Vancouver",
    "America/Phoenix",
    "America/Denver",
    "America/Mexico_City",
    "America/Chicago",
    "America/Bogota",
    "America/Lima",
    "America/New_York",
    "America/Toronto",
    "America/Caracas",
    "America/Santiago",
    "America/Halifax",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Atlantic/Azores",
    "Atlantic/Reykjavik",
    "Africa/Casablanca",
    "Africa/Lagos",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Amsterdam",
    "Europe/Berlin",
    "Europe/Brussels",
    "Europe/Madrid",
    "Europe/Oslo",
    "Europe/Paris",
    "Europe/Prague",
    "Europe/Rome",
    "Europe/Stockholm",
    "Europe/Vienna",
    "Europe/Warsaw",
    "Europe/Zurich",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Europe/Athens",
    "Europe/Helsinki",
    "Europe/Kyiv",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Africa/Nairobi",
    "Asia/Baghdad",
    "Asia/Riyadh",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Tashkent",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Yangon",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Hong_Kong",
    "Asia/Manila",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Taipei",
    "Australia/Perth",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Tongatapu",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_counted_to_twelve_or_to_twenty_four() {
        let cases = [
            ("00:05", "12:05\u{a0}am"),
            ("09:00", "9:00\u{a0}am"),
            ("12:00", "12:00\u{a0}pm"),
            ("23:59", "11:59\u{a0}pm"),
        ];
        for (of_24, of_12) in cases {
            let time: LocalTime = of_24.parse().expect("a time");
            assert_eq!(HourCycle::H24.clock(time), of_24);
            assert_eq!(HourCycle::H12.clock(time), of_12);
        }
        assert_eq!(HourCycle::read(HourCycle::H12.word()), Some(HourCycle::H12));
        assert_eq!(HourCycle::read("13"), None);
        for twelve in ["en-US", "en-US,en;q=0.9", "es-us", "en-IN;q=1"] {
            assert_eq!(HourCycle::of_languages(twelve), HourCycle::H12, "{twelve}");
        }
        for twenty_four in ["", "en", "*", "en-GB,en-US;q=0.9", "de-DE", "fr-CH, fr;q=0.9"] {
            assert_eq!(HourCycle::of_languages(twenty_four), HourCycle::H24, "{twenty_four}");
        }
    }
}
