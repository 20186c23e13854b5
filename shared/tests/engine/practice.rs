//! A small practice to try rules on, in the week of Monday 2 March 2026 in London, where the clock shows UTC.

use crate::support::table;
use jiff::tz::TimeZone;
use shared::ids::SessionTypeId;
use shared::practice::Modality;
use shared::slots::{
    DateSpan, Limits, Occupied, OccupiedKind, Reason, SessionRules, Timetable, WeeklyHours, explain, offered,
};
use shared::time::{Date, Instant, LocalTime, TimeRange, Weekday};
use shared::zone::ZoneTable;
use uuid::Uuid;

pub(crate) const THIS: SessionTypeId = SessionTypeId(Uuid::from_u128(1));
pub(crate) const OTHER: SessionTypeId = SessionTypeId(Uuid::from_u128(2));

pub(crate) fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

pub(crate) fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

pub(crate) fn time(text: &str) -> LocalTime {
    text.parse().expect("a time")
}

pub(crate) fn zone(name: &str) -> ZoneTable {
    let zone = TimeZone::get(name).expect("a zone");
    table(&zone, name, at("2025-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z"))
}

/// A practice open Monday to Friday from 09:00 to 12:00, its rules, and a Sunday to ask on.
pub(crate) struct Practice {
    pub(crate) timetable: Timetable,
    pub(crate) rules: SessionRules,
    pub(crate) now: Instant,
}

pub(crate) fn practice() -> Practice {
    let open = |weekday| hours(weekday, "09:00", "12:00");
    Practice {
        timetable: Timetable {
            zone: zone("Europe/London"),
            hours: Weekday::ALL[..5].iter().map(|&weekday| open(weekday)).collect(),
            overrides: vec![],
            occupied: vec![],
            limits: Limits::default(),
            rooms: vec![],
            suits: vec![],
        },
        rules: SessionRules {
            session_type_id: THIS,
            modality: Modality::Online,
            minutes: 50,
            buffer_before: 0,
            buffer_after: 0,
            grid_minutes: 60,
            notice_minutes: 0,
            horizon_days: 60,
            per_day: None,
        },
        now: at("2026-03-01T12:00:00Z"),
    }
}

pub(crate) fn hours(weekday: Weekday, from: &str, until: &str) -> WeeklyHours {
    WeeklyHours { weekday, from: time(from), until: time(until), session_type_id: None, modality: None }
}

/// A stretch of that Monday, `10:00-10:50`.
pub(crate) fn monday(text: &str) -> TimeRange {
    let (from, until) = text.split_once('-').expect("two times");
    let moment = |text: &str| at("2026-03-02T00:00:00Z").plus_minutes(i64::from(time(text).minutes()));
    TimeRange { starts_at: moment(from), ends_at: moment(until) }
}

pub(crate) fn occupied(kind: OccupiedKind, text: &str) -> Occupied {
    let range = monday(text);
    Occupied { range, session: range, kind, session_type_id: kind.is_session().then_some(THIS) }
}

impl Practice {
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Practice)) -> Self {
        change(&mut self);
        self
    }

    pub(crate) fn booked(self, sessions: &[&str]) -> Self {
        self.with(|it| {
            it.timetable.occupied = sessions.iter().map(|text| occupied(OccupiedKind::Booking, text)).collect()
        })
    }

    /// The offered times of a day as its clock shows them.
    pub(crate) fn on(&self, day: &str) -> String {
        let starts = offered(&self.timetable, &self.rules, DateSpan::day(date(day)), self.now);
        let shown: Vec<String> = starts.iter().map(|&at| self.timetable.zone.civil(at).time.to_string()).collect();
        shown.join(" ")
    }

    /// The reasons against a time of that Monday.
    pub(crate) fn why(&self, text: &str) -> Vec<Reason> {
        let start = monday(&format!("{text}-24:00")).starts_at;
        explain(&self.timetable, &self.rules, start, self.now).reasons().to_vec()
    }
}
