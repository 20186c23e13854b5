//! The picker: what it knows, and what follows from it. Drawn from the same data on the server and in the browser.

use super::place::{Month, Place};
use super::query::{AvailabilityInput, ManagedAvailabilityInput, MovingTimesVariables, TimesQuery, TimesVariables};
use crate::ui::zones::home_time;
use serde::{Deserialize, Serialize};
use shared::ids::{BookingId, SessionTypeId, TherapistId};
use shared::slots::{ALTERNATIVES, closeness};
use shared::time::{Date, Instant};
use shared::words::{self, HourCycle};
use shared::zone::ZoneTable;

/// What is being booked.
#[derive(Clone, Serialize, Deserialize)]
pub struct Offer {
    /// Which session type.
    pub id: SessionTypeId,
    /// Its name in addresses.
    pub slug: String,
    /// The last day it can be booked on.
    pub until: Date,
    /// Whether people come to the practice: then its clocks count, wherever they are now.
    pub in_person: bool,
    /// Where a chosen time is sent.
    pub action: String,
    /// The session that is moved, if one is.
    pub moves: Option<Moves>,
}

/// A session that is moved.
#[derive(Clone, Serialize, Deserialize)]
pub enum Moves {
    /// The one of a manage link.
    Link(String),
    /// One of whoever is signed in.
    Own(BookingId),
}

/// Asks what is free.
pub enum Question {
    /// For booking.
    Booking(TimesVariables),
    /// For moving a session.
    Moving(MovingTimesVariables),
}

/// One day with something free.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct FreeDay {
    /// Which, on the calendar of the visitor's zone.
    pub date: Date,
    /// What is free, in order.
    pub starts: Vec<Instant>,
}

/// Everything the picker is drawn from.
#[derive(Clone, Serialize, Deserialize)]
pub struct Picker {
    /// What is being booked.
    pub offer: Offer,
    /// The practice's clock when the times were read.
    pub now: Instant,
    /// The practice's zone.
    pub home: ZoneTable,
    /// The visitor's zone.
    pub zone: ZoneTable,
    /// Whether the visitor chose it.
    pub zone_chosen: bool,
    /// What the visitor typed for a place, when we know none of that name.
    pub unknown_place: Option<String>,
    /// How hours are counted.
    pub hours: HourCycle,
    /// The offset, in minutes, of each of [`words::ZONES`] now.
    pub offsets: Vec<i32>,
    /// The first free start there is.
    pub next: Option<Instant>,
    /// The start that is kept for this visitor.
    pub kept: Option<Instant>,
    /// Until when it is.
    pub kept_until: Option<Instant>,
    /// The month shown.
    pub month: Month,
    /// The day whose times are shown.
    pub day: Option<Date>,
    /// The time chosen.
    pub slot: Option<Instant>,
    /// Whom it is to be with.
    pub with: Option<TherapistId>,
    /// Days of the month with something free.
    pub days: Vec<FreeDay>,
    /// What happens in the browser.
    #[serde(skip)]
    pub life: Life,
}

/// What happens in the browser, and never on the server.
#[derive(Clone, Default)]
pub struct Life {
    /// Whether the keys of the grid work.
    pub alive: bool,
    /// Whether the times are there.
    pub load: Load,
    /// Since when the network is away, in words.
    pub offline_since: Option<String>,
    /// Times of the shown day that somebody took while they were looked at.
    pub gone: Vec<Instant>,
    /// The chosen time, when somebody took it.
    pub lost: Option<Instant>,
    /// Whether the chosen time is being kept just now.
    pub keeping: bool,
    /// The day of the grid that the keys are on.
    pub cursor: Option<Date>,
    /// What is said to people who listen.
    pub said: String,
    /// Counts what was asked, so that a late answer is known as late.
    pub asked: u32,
}

/// Whether the times are there.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Load {
    /// They are.
    #[default]
    There,
    /// They are on their way.
    Coming,
    /// They did not come.
    Failed,
}

impl Picker {
    /// The practice's today, on the visitor's calendar.
    pub fn today(&self) -> Date {
        self.zone.civil(self.now).date
    }

    /// The months there are to turn to.
    pub fn months(&self) -> (Month, Month) {
        (Month::of(self.today()), Month::of(self.offer.until))
    }

    /// The times of a day.
    pub fn starts(&self, date: Date) -> &[Instant] {
        self.days.iter().find(|day| day.date == date).map_or(&[], |day| &day.starts)
    }

    /// A link to a month, a day or the picker as it stands.
    pub fn link(&self, month: Option<Month>, day: Option<Date>) -> String {
        Place { month, day, zone: self.zone_in_links(), with: self.with, ..Place::default() }.href()
    }

    /// A time as the visitor's clock shows it.
    pub fn clock(&self, at: Instant) -> String {
        self.hours.clock(self.zone.civil(at).time)
    }

    /// A time with its day.
    pub fn moment(&self, at: Instant) -> String {
        self.hours.moment(at, &self.zone)
    }

    /// Whether what is kept still is.
    fn is_kept(&self) -> bool {
        self.life.keeping || self.kept_until.is_some_and(|until| self.now < until)
    }

    /// Until when the chosen time is kept for this visitor, if it is.
    pub fn chosen_until(&self) -> Option<Instant> {
        let is_chosen = self.slot.is_some() && self.slot == self.kept;
        self.kept_until.filter(|_| is_chosen && !self.life.keeping && self.is_kept())
    }

    /// The zone, where links must name it.
    pub fn zone_in_links(&self) -> Option<String> {
        (self.zone.name != self.home.name).then(|| self.zone.name.clone())
    }

    /// Chooses a day if none is chosen: the day of the chosen time, or the first with something free.
    pub fn settle(&mut self) {
        self.add_kept();
        let free = |start: &Instant| self.starts(self.zone.civil(*start).date).contains(start);
        self.slot = self.slot.filter(free);
        if let Some(slot) = self.slot {
            self.day = Some(self.zone.civil(slot).date);
        }
        if self.day.is_none_or(|day| Month::of(day) != self.month) {
            self.day = self.days.first().map(|day| day.date);
        }
    }

    /// What this visitor holds is free for this visitor.
    fn add_kept(&mut self) {
        let Some(kept) = self.kept.filter(|_| self.is_kept()) else { return };
        let date = self.zone.civil(kept).date;
        if Month::of(date) != self.month {
            return;
        }
        let place = self.days.partition_point(|day| day.date < date);
        if self.days.get(place).is_none_or(|day| day.date != date) {
            self.days.insert(place, FreeDay { date, starts: Vec::new() });
        }
        let starts = &mut self.days[place].starts;
        if let Err(place) = starts.binary_search(&kept) {
            starts.insert(place, kept);
        }
    }

    /// What to ask for the month shown, in a zone.
    pub fn question(&self, zone: &str) -> Question {
        let (from, to, zone) = (self.month.first(), self.month.last(), zone.to_owned());
        let time_zone = Some(zone.clone());
        let Some(moves) = self.offer.moves.clone() else {
            let (session_type_id, therapist_id) = (self.offer.id, self.with);
            let input = AvailabilityInput { session_type_id, therapist_id, from, to, time_zone };
            return Question::Booking(TimesVariables { input, zone });
        };
        let (manage_token, booking_id) = match moves {
            Moves::Link(token) => (Some(token), None),
            Moves::Own(id) => (None, Some(id)),
        };
        let input = ManagedAvailabilityInput { manage_token, booking_id, from, to, time_zone };
        Question::Moving(MovingTimesVariables { input, zone })
    }

    /// Takes an answer in.
    pub fn take(&mut self, answer: TimesQuery) {
        self.now = answer.practice.now;
        self.next = answer.availability.next_available.map(|slot| slot.starts_at);
        if let Some(zone) = answer.time_zone {
            self.zone = zone.table;
        }
        let starts = |slots: Vec<super::query::Start>| slots.into_iter().map(|slot| slot.starts_at).collect();
        let days = answer.availability.days.into_iter();
        self.days = days.map(|day| FreeDay { date: day.date, starts: starts(day.slots) }).collect();
        self.days.retain(|day| !day.starts.is_empty());
        self.settle();
    }

    /// The free times nearest to one that went: of this month, or else the next there is.
    pub fn nearest(&self, lost: Instant) -> Vec<Instant> {
        let mut nearest: Vec<Instant> = Vec::new();
        for start in self.days.iter().flat_map(|day| &day.starts) {
            nearest.push(*start);
            // They come in order, so the furthest is at one of the ends.
            if nearest.len() > ALTERNATIVES {
                let last = nearest.len() - 1;
                let is_first = closeness(nearest[0], lost) > closeness(nearest[last], lost);
                nearest.remove(if is_first { 0 } else { last });
            }
        }
        if nearest.is_empty() { self.next.into_iter().collect() } else { nearest }
    }

    /// The practice's time and city, where its clocks show something else than the visitor's.
    pub fn home_time(&self, at: Instant) -> Option<(String, String)> {
        home_time(at, &self.zone, &self.home, self.hours)
    }
}

/// A change of the clocks in the week of a day, in words; nothing when no clock that counts changes.
pub fn clock_change(day: Date, zones: [&ZoneTable; 2]) -> Option<String> {
    let monday = day.plus_days(-i64::from(day.0.weekday().number_days_from_monday()));
    let mut sentences: Vec<String> = Vec::new();
    for zone in zones {
        let mut before = zone.initial_offset;
        for change in &zone.changes {
            let date = zone.civil(change.at).date;
            let moved = change.offset - before;
            before = change.offset;
            if moved != 0 && (monday..=monday.plus_days(6)).contains(&date) {
                let way = if moved > 0 { "forward" } else { "back" };
                let sentence = format!("In {} the clocks go {way} on {}.", words::city(&zone.name), words::day(date));
                if !sentences.contains(&sentence) {
                    sentences.push(sentence);
                }
            }
        }
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
