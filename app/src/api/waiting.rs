//! Wishes, hours and reminders, as more than one page asks for them.

use super::schema::{Shared, schema};
use shared::ids::{SessionTypeId, WishId};
use shared::reminder::HoursOfDay;
use shared::time::{Date, Instant, LocalTime, Weekday};
use shared::waitlist::HourBand;

/// A part of the day, as the API says it.
#[derive(cynic::QueryFragment, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(graphql_type = "HourBand")]
pub struct Band {
    /// The earliest start.
    pub from: LocalTime,
    /// Starts are before this.
    pub until: LocalTime,
}

/// The days, as the rules read them.
pub fn days(weekdays: &[Shared<Weekday>]) -> Vec<Weekday> {
    weekdays.iter().map(|weekday| weekday.0).collect()
}

/// The parts of the day, as the rules read them.
pub fn parts(bands: &[Band]) -> Vec<HourBand> {
    bands.iter().map(|band| HourBand { from: band.from, until: band.until }).collect()
}

/// Some hours of every day, as the API says them.
#[derive(cynic::QueryFragment, Debug, Clone, Copy, PartialEq, Eq)]
#[cynic(graphql_type = "HoursOfDay")]
pub struct Hours {
    /// The first hour inside.
    pub from: i32,
    /// The first hour outside again.
    pub until: i32,
}

impl Hours {
    /// The same hours, as the rules read them.
    pub fn read(self) -> HoursOfDay {
        let hour = |hour: i32| u8::try_from(hour.clamp(0, 23)).unwrap_or(0);
        HoursOfDay { from: hour(self.from), until: hour(self.until) }
    }
}

/// What has become of a reminder.
#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReminderState {
    /// It will be sent.
    Planned,
    /// It is on its way.
    Sending,
    /// It was sent.
    Sent,
    /// It was left out.
    Skipped,
}

/// Something that can be waited for.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct WaitedType {
    /// Which.
    pub id: SessionTypeId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// Where a wish stands.
#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishState {
    /// Time that suits is offered.
    Waiting,
    /// Nothing is offered until the therapist says so.
    Paused,
    /// It came true.
    Done,
    /// Whoever had it took it back.
    Left,
    /// Nothing can suit it any more, or nobody answered.
    Over,
}

/// What somebody waits for.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "WaitlistWish")]
pub struct Wish {
    /// Which.
    pub id: WishId,
    /// What they would like.
    pub session_type: Option<WaitedType>,
    /// The days that suit.
    pub weekdays: Vec<Shared<Weekday>>,
    /// The parts of the day that suit.
    pub bands: Vec<Band>,
    /// The first day that suits.
    pub earliest: Option<Date>,
    /// The last day that suits.
    pub latest: Option<Date>,
    /// When the session begins that they would like earlier.
    pub earlier_than: Option<Instant>,
    /// Since when they wait.
    pub since: Instant,
    /// Until when an answer is awaited, when they were asked whether they still wait.
    pub asked_until: Option<Instant>,
}
