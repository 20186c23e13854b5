//! When somebody is reminded of a session, and when they are left alone.

mod choices;

pub use choices::{ReminderPreferencesInput, ReminderRules, SUBJECT, TypeLeads};

use crate::problem::{ErrorCode, UserError};
use crate::time::{Date, Instant};
use crate::zone::ZoneTable;
use serde::{Deserialize, Serialize};

/// How a reminder reaches somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Channel {
    /// A mail.
    Email,
    /// A text message.
    Sms,
}

impl Channel {
    /// Why this channel cannot be chosen, if it cannot.
    pub fn problem(self) -> Option<UserError> {
        let message = "Text messages are not set up at this practice yet. Please choose email.";
        (self == Channel::Sms).then(|| UserError::on("channels", ErrorCode::Invalid, message))
    }
}

/// Some hours of every day, from a full hour until a full hour; over midnight where the end is not after the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(input_name = "HoursOfDayInput"))]
pub struct HoursOfDay {
    /// The first hour inside, 0 to 23.
    pub from: u8,
    /// The first hour outside again, 0 to 23. The same hour as `from` means the whole day.
    pub until: u8,
}

impl HoursOfDay {
    /// The nights: nobody is written to then unless they asked for it.
    pub const NIGHT: HoursOfDay = HoursOfDay { from: 21, until: 8 };

    /// Waking hours, in which an offer's time runs.
    pub const WAKING: HoursOfDay = HoursOfDay { from: 8, until: 21 };

    /// What is wrong with it, said on this field.
    pub fn problem(self, field: &str) -> Option<UserError> {
        let fine = self.from < 24 && self.until < 24;
        (!fine).then(|| UserError::on(field, ErrorCode::Invalid, "Choose hours from 0 to 23."))
    }

    /// Whether a moment lies inside, on the clock of a zone.
    pub fn contains(self, at: Instant, zone: &ZoneTable) -> bool {
        let hour = (zone.civil(at).time.minutes() / 60) as u8;
        if self.from < self.until {
            (self.from..self.until).contains(&hour)
        } else {
            hour >= self.from || hour < self.until
        }
    }
}

impl std::fmt::Display for HoursOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:00 to {:02}:00", self.from, self.until)
    }
}

/// The lead times of a practice that has not said otherwise, in minutes before the start: 48, 24 and 2 hours.
pub const LEAD_MINUTES: [i64; 3] = [48 * 60, 24 * 60, 2 * 60];

/// So many reminders of one session at most.
pub const MOST_LEADS: usize = 5;

/// The longest lead time: two weeks.
pub const LONGEST_LEAD: i64 = 14 * 24 * 60;

/// The shortest lead time.
pub const SHORTEST_LEAD: i64 = 15;

/// So many minutes before calling off begins to cost, the first reminder has arrived: there is time to decide.
pub const TIME_TO_DECIDE: i64 = 3 * 60;

/// So many minutes after somebody was told a time, they are not reminded of it.
pub const JUST_TOLD: i64 = 60;

/// Two reminders of one session that would come within so many minutes are one.
const TOGETHER: i64 = 60;

/// A quarter of an hour: the grain in which a reminder moves out of hours in which nobody is written to.
const QUARTER: i64 = 15;

/// How far back, in minutes, a reminder moves at most.
const FURTHEST_BACK: i64 = 2 * 24 * 60;

/// What is wrong with lead times, if something is.
pub fn leads_problem(field: &str, leads: &[i64]) -> Option<UserError> {
    if leads.len() > MOST_LEADS {
        let message = format!("Choose at most {MOST_LEADS} reminders of one session.");
        return Some(UserError::on(field, ErrorCode::TooLong, message));
    }
    let fine = leads.iter().all(|lead| (SHORTEST_LEAD..=LONGEST_LEAD).contains(lead));
    (!fine).then(|| {
        let message = "A reminder comes between 15 minutes and 14 days before the session.";
        UserError::on(field, ErrorCode::Invalid, message)
    })
}

/// When somebody may be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact<'a> {
    /// Hours in which nobody is written to.
    pub quiet: Option<HoursOfDay>,
    /// The only hours in which this person may be written to, if they said so.
    pub safe: Option<HoursOfDay>,
    /// The zone they live in.
    pub zone: &'a ZoneTable,
}

impl Contact<'_> {
    /// Whether this person may be written to at this moment.
    pub fn is_welcome(&self, at: Instant) -> bool {
        self.safe.is_none_or(|safe| safe.contains(at, self.zone))
            && !self.quiet.is_some_and(|quiet| quiet.contains(at, self.zone))
    }

    /// The last good moment at or before this one, in quarters of an hour; `None` if two days have none.
    pub fn at_or_before(&self, at: Instant) -> Option<Instant> {
        (0..=FURTHEST_BACK / QUARTER).map(|step| at.plus_minutes(-step * QUARTER)).find(|at| self.is_welcome(*at))
    }

    /// The first good moment at or after this one, in quarters of an hour; `None` if two days have none.
    pub fn at_or_after(&self, at: Instant) -> Option<Instant> {
        if self.is_welcome(at) {
            return Some(at);
        }
        let quarter = QUARTER * 60;
        let next = at.plus_seconds(quarter - at.seconds().rem_euclid(quarter));
        (0..=FURTHEST_BACK / QUARTER).map(|step| next.plus_minutes(step * QUARTER)).find(|at| self.is_welcome(*at))
    }
}

/// What is known of a session when its reminders are planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upcoming {
    /// When it begins.
    pub starts_at: Instant,
    /// When its client was last told this time: when it was booked or moved.
    pub known_since: Instant,
    /// Until when calling off is free; absent if it always is, or never.
    pub free_until: Option<Instant>,
}

/// One reminder to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Planned {
    /// When it leaves.
    pub at: Instant,
    /// The lead time it is for, in minutes before the start.
    pub lead: i64,
}

/// The reminders of one session, earliest first.
///
/// One that would fall into hours in which nobody is written to comes earlier, never later. One that is for the time
/// before calling off begins to cost comes while there is time to decide. One whose moment has passed, or that would
/// follow the news of the session itself, does not come at all.
pub fn plan(session: Upcoming, leads: &[i64], contact: &Contact<'_>, now: Instant) -> Vec<Planned> {
    let earliest = now.max(session.known_since.plus_minutes(JUST_TOLD));
    let moment = |lead: i64| {
        let due = session.starts_at.plus_minutes(-lead);
        match session.free_until {
            // The same length as the free window, give or take the time to decide: it is meant for that decision.
            Some(end) if due <= end.plus_minutes(TIME_TO_DECIDE) => due.min(end.plus_minutes(-TIME_TO_DECIDE)),
            _ => due,
        }
    };
    let mut planned: Vec<Planned> = leads
        .iter()
        .filter_map(|&lead| Some(Planned { at: contact.at_or_before(moment(lead))?, lead }))
        .filter(|planned| planned.at > earliest && planned.at < session.starts_at)
        .collect();
    planned.sort();
    // Of two that come together, the one nearer to the session stays: it is the one that was asked for last.
    let mut kept: Vec<Planned> = Vec::new();
    for next in planned {
        match kept.last_mut() {
            Some(last) if next.at < last.at.plus_minutes(TOGETHER) => last.lead = last.lead.min(next.lead),
            _ => kept.push(next),
        }
    }
    kept
}

/// What to do with a reminder whose moment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Send it.
    Send,
    /// It is late, and nobody is written to now: send it then.
    Wait(Instant),
    /// It is too late to be of use.
    TooLate,
}

/// Decides about a reminder at the moment it is about to leave, which may be later than planned.
pub fn due(planned: Planned, starts_at: Instant, contact: &Contact<'_>, now: Instant) -> Due {
    if now >= starts_at {
        return Due::TooLate;
    }
    if contact.is_welcome(now) {
        return Due::Send;
    }
    match contact.at_or_after(now) {
        Some(at) if at < starts_at.plus_minutes(-SHORTEST_LEAD) && planned.at <= now => Due::Wait(at),
        _ => Due::TooLate,
    }
}

/// The day of somebody's calendar a session is on: all sessions of one day are one mail.
pub fn day_of(starts_at: Instant, zone: &ZoneTable) -> Date {
    zone.civil(starts_at).date
}

/// A lead time as people say it: `2 hours`, `3 days`, `45 minutes`.
pub fn lead_words(minutes: i64) -> String {
    let say = |count: i64, one: &str| match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    match minutes {
        _ if minutes % (24 * 60) == 0 && minutes > 48 * 60 => say(minutes / (24 * 60), "day"),
        _ if minutes % 60 == 0 => say(minutes / 60, "hour"),
        _ => say(minutes, "minute"),
    }
}

/// `, 48 hours before` for a reminder that comes as long before the start as was asked for; nothing where quiet hours have
/// moved it, so that nobody reads of two hours that are ten.
pub fn before_words(at: Instant, starts_at: Instant, lead: &str) -> String {
    let is_kept = lead_words((starts_at.seconds() - at.seconds()) / 60) == lead;
    if is_kept { format!(", {lead} before") } else { String::new() }
}

/// Whether somebody who agreed to be asked is asked now whether they would like to come again: once, so many weeks after
/// their last session, if none is ahead.
pub fn follow_up_at(last_session: Instant, weeks: i64) -> Instant {
    last_session.plus_minutes(weeks.clamp(1, 52) * 7 * 24 * 60)
}
