//! Times as people read them.

use crate::error::{Error, Result};
use crate::features::bookings::Booking;
use crate::features::practice::zones;
use crate::features::series::Series;
use crate::features::series::clocks::ToTell;
use shared::time::{Date, Instant, LocalTime};
use shared::words::city;
use shared::zone::ZoneTable;

/// A session's time, on the calendar and clock of its reader and, where they differ, of the practice.
#[derive(Debug, Clone)]
pub struct When {
    short: String,
    lines: Vec<String>,
}

impl When {
    /// The time of a booking for somebody who reads times in `zone`.
    pub fn of(booking: &Booking, zone: &str, now: Instant) -> Result<Self> {
        When::moment(booking.starts_at, booking.ends_at, zone, &booking.time_zone, now)
    }

    /// The times of several sessions for one reader, the first of them in the subject line.
    pub fn of_all(bookings: &[Booking], zone: &str, now: Instant) -> Result<Self> {
        let mut all = bookings.iter().map(|booking| When::of(booking, zone, now));
        let mut first = all.next().ok_or_else(|| Error::internal("a time of no session"))??;
        for other in all {
            first.lines.extend(other?.lines);
        }
        Ok(first)
    }

    /// A moment for somebody who reads times in `zone`, and, where it differs, on the clock of `home`.
    pub fn moment(at: Instant, until: Instant, zone: &str, home: &str, now: Instant) -> Result<Self> {
        let practice =
            zones::table(home, now).ok_or_else(|| Error::internal("a time zone is not in the time zone database"))?;
        let reader = zones::table(zone, now).unwrap_or_else(|| practice.clone());
        let civil = reader.civil(at);
        let mut lines = vec![stretch(&reader, at, until)];
        if practice.civil(at) != civil {
            lines.push(stretch(&practice, at, until));
        }
        let weekday = &civil.date.weekday().words()[..3];
        Ok(When { short: format!("{weekday} {}, {}", day(civil.date), civil.time), lines })
    }

    /// A regular time, on the practice's clock.
    pub fn regular(series: &Series, practice: &str) -> Self {
        let until = series.local_time.minutes() + u16::try_from(series.minutes).unwrap_or(0);
        let until = LocalTime::from_minutes(until % (24 * 60)).map(|until| format!(" to {until}")).unwrap_or_default();
        let line = format!("{}{until} ({} time)", series.rule().words(), city(practice));
        let first = format!("From {} {}", series.starts_on.weekday().words(), day(series.starts_on));
        When { short: series.rule().words(), lines: vec![line, first] }
    }

    /// The first time after a clock change, on its reader's clock, with what that clock would have shown.
    pub fn after_clock_change(notice: &ToTell, zone: &str, practice: &str, now: Instant) -> Result<Self> {
        let known = || Error::internal("the practice's time zone is not in the time zone database");
        let practice = zones::table(practice, now).ok_or_else(known)?;
        let reader = zones::table(zone, now).unwrap_or_else(|| practice.clone());
        let (is, here) = (reader.civil(notice.starts_at), practice.civil(notice.starts_at));
        let weekday = is.date.weekday().words();
        let instead = match notice.was {
            was if was != is.time && notice.is == is.time => format!(" instead of {was}"),
            _ => String::new(),
        };
        let mut lines =
            vec![format!("From {weekday} {}: {}{instead} ({} time)", day(is.date), is.time, city(&reader.name))];
        if here != is {
            let weekday = here.date.weekday().words();
            lines.push(format!("{weekday} {}, {} ({} time)", day(here.date), here.time, city(&practice.name)));
        }
        Ok(When { short: format!("{} {}, {}", &weekday[..3], day(is.date), is.time), lines })
    }

    /// “Thu 3 December, 10:00”, for a subject line.
    pub(super) fn short(&self) -> &str {
        &self.short
    }

    /// The reader's time, and the practice's where it differs.
    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }
}

fn stretch(zone: &ZoneTable, from: Instant, until: Instant) -> String {
    let (from, until) = (zone.civil(from), zone.civil(until));
    let weekday = from.date.weekday().words();
    format!("{weekday} {}, {} to {} ({} time)", day(from.date), from.time, until.time, city(&zone.name))
}

fn day(date: Date) -> String {
    format!("{} {}", date.0.day(), date.0.month())
}
