//! Moments as somebody elsewhere reads them, with the practice's clock beneath.

use shared::time::Instant;
use shared::words::{self, HourCycle};
use shared::zone::ZoneTable;

/// The two zones a booking is read in, and how hours are counted.
#[derive(Clone)]
pub struct Zones {
    /// The visitor's.
    pub zone: ZoneTable,
    /// The practice's.
    pub home: ZoneTable,
    /// How hours are counted.
    pub hours: HourCycle,
}

impl Zones {
    /// `Thursday 3 December, 11:00 to 11:20`.
    pub fn stretch(&self, from: Instant, until: Instant) -> String {
        format!("{} to {}", self.moment(from), self.clock(until))
    }

    /// `Thursday 3 December, 11:00`.
    pub fn moment(&self, at: Instant) -> String {
        self.hours.moment(at, &self.zone)
    }

    /// `11:00`.
    pub fn clock(&self, at: Instant) -> String {
        self.hours.clock(self.zone.civil(at).time)
    }

    /// `Stockholm time. In London that is 10:00.`
    pub fn beneath(&self, at: Instant) -> String {
        let zone = words::city(&self.zone.name);
        match home_time(at, &self.zone, &self.home, self.hours) {
            Some((time, city)) => format!("{zone} time. In {city} that is {time}."),
            None => format!("{zone} time."),
        }
    }
}

/// The time and city of `home`, where its clocks show something else than those of `zone`.
pub fn home_time(at: Instant, zone: &ZoneTable, home: &ZoneTable, hours: HourCycle) -> Option<(String, String)> {
    let (here, there) = (zone.civil(at), home.civil(at));
    if here == there {
        return None;
    }
    let time = hours.clock(there.time);
    let time = if here.date == there.date { time } else { format!("{} {time}", &words::weekday(there.date)[..3]) };
    Some((time, words::city(&home.name)))
}
