//! How dates, times and zones are written for people.

use crate::time::{Date, Instant};
use crate::zone::ZoneTable;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

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
    WEEKDAYS[usize::from(date.0.weekday().number_days_from_monday())]
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

/// `London` for `Europe/London`, `St Johns` for `America/St_Johns`.
pub fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

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
