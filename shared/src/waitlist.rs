//! Who is offered a time that has become free, and for how long it is kept for them.

mod interest;

pub use interest::{ANSWER_DAYS, ASK_WEEKS, BACK_DAYS, FEWEST, Interest, half_within_days, interest};

use crate::practice::Modality;
use crate::problem::{ErrorCode, UserError};
use crate::reminder::HoursOfDay;
use crate::time::{Date, Instant, LocalTime, Weekday};
use crate::zone::ZoneTable;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// A part of the day in which somebody could come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(input_name = "HourBandInput"))]
pub struct HourBand {
    /// The earliest start.
    pub from: LocalTime,
    /// Starts are before this.
    pub until: LocalTime,
}

/// What somebody on the waitlist would like; what is left open suits them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Wish {
    /// How the session takes place, if it matters.
    pub modality: Option<Modality>,
    /// The days that suit; none means any.
    pub weekdays: Vec<Weekday>,
    /// The parts of the day that suit; none means any.
    pub bands: Vec<HourBand>,
    /// The first day that suits.
    pub earliest: Option<Date>,
    /// The last day that suits.
    pub latest: Option<Date>,
    /// Only what is earlier than this: the session they have.
    pub earlier_than: Option<Instant>,
}

/// The most parts of the day one wish names.
pub const MOST_BANDS: usize = 6;

impl Wish {
    /// Everything wrong with it, at once.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = Vec::new();
        if self.bands.len() > MOST_BANDS {
            problems.push(UserError::on("bands", ErrorCode::TooLong, "Choose at most six parts of the day."));
        }
        if self.bands.iter().any(|band| band.from >= band.until) {
            problems.push(UserError::on("bands", ErrorCode::Invalid, "A part of the day ends after it begins."));
        }
        if let (Some(earliest), Some(latest)) = (self.earliest, self.latest)
            && latest < earliest
        {
            problems.push(UserError::on("latest", ErrorCode::Invalid, "The last day must not be before the first."));
        }
        problems
    }

    /// Whether a start is what they would like, on the clock of the zone they live in.
    pub fn fits(&self, starts_at: Instant, modality: Modality, zone: &ZoneTable) -> bool {
        let civil = zone.civil(starts_at);
        self.modality.is_none_or(|wanted| wanted == modality)
            && (self.weekdays.is_empty() || self.weekdays.contains(&civil.date.weekday()))
            && (self.bands.is_empty()
                || self.bands.iter().any(|band| band.from <= civil.time && civil.time < band.until))
            && self.earliest.is_none_or(|earliest| civil.date >= earliest)
            && self.latest.is_none_or(|latest| civil.date <= latest)
            && self.earlier_than.is_none_or(|theirs| starts_at < theirs)
    }

    /// Whether nothing can fit any more: the last day that suits is over, or the session it should be earlier than has
    /// begun.
    pub fn is_over(&self, now: Instant, zone: &ZoneTable) -> bool {
        self.latest.is_some_and(|latest| zone.civil(now).date > latest)
            || self.earlier_than.is_some_and(|theirs| theirs <= now)
    }
}

/// What decides between people who all want the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The therapist's own word: higher goes first.
    pub priority: i64,
    /// When they began to wait.
    pub since: Instant,
    /// Their last session, if they had one.
    pub last_session: Option<Instant>,
    /// Their next session, if they have one.
    pub next_session: Option<Instant>,
}

/// The longest gap that counts, in weeks: beyond it waiting decides.
const LONGEST_GAP: i64 = 12;

impl Standing {
    /// For how many weeks they would be without a session if they were not offered this time.
    pub fn gap_weeks(&self, starts_at: Instant) -> i64 {
        const WEEK: i64 = 7 * 24 * 3600;
        let from = self.last_session.unwrap_or(self.since);
        let until = match self.next_session {
            Some(next) => next.seconds(),
            None => starts_at.seconds() + 4 * WEEK,
        };
        ((until - from.seconds()) / WEEK).clamp(0, LONGEST_GAP)
    }
}

/// The order in which people are offered a time: the therapist's word, then whoever would be without a session the
/// longest, then whoever has waited the longest. Nobody is told it.
pub fn in_order<K: Copy + Ord>(people: &[(K, Standing)], starts_at: Instant) -> Vec<K> {
    let mut people = people.to_vec();
    people.sort_by_key(|(key, standing)| {
        (Reverse(standing.priority), Reverse(standing.gap_weeks(starts_at)), standing.since, *key)
    });
    people.into_iter().map(|(key, _)| key).collect()
}

/// What a practice decides about its waitlist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WaitlistRules {
    /// Whether nothing is offered for now.
    pub is_paused: bool,
    /// For how many waking minutes a time is kept for the person it is offered to.
    pub offer_minutes: i64,
    /// So many minutes before the start, freed time is still offered.
    pub notice_minutes: i64,
    /// So many weeks after somebody joined, or said that they still wait, they are asked whether they do.
    pub ask_weeks: i64,
}

impl Default for WaitlistRules {
    fn default() -> Self {
        WaitlistRules { is_paused: false, offer_minutes: OFFER_MINUTES, notice_minutes: 3 * 60, ask_weeks: ASK_WEEKS }
    }
}

impl WaitlistRules {
    /// Everything wrong with it, at once.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = Vec::new();
        if !(SHORTEST_OFFER..=24 * 60).contains(&self.offer_minutes) {
            let message = "Keep an offered time for between half an hour and 24 hours.";
            problems.push(UserError::on("offerMinutes", ErrorCode::Invalid, message));
        }
        if !(BEFORE_START + SHORTEST_OFFER..=7 * 24 * 60).contains(&self.notice_minutes) {
            let message = "Choose between an hour and a half and a week.";
            problems.push(UserError::on("noticeMinutes", ErrorCode::Invalid, message));
        }
        if !(1..=52).contains(&self.ask_weeks) {
            problems.push(UserError::on("askWeeks", ErrorCode::Invalid, "Ask after between one week and a year."));
        }
        problems
    }
}

/// For how many minutes a time is kept for the person it is offered to, unless the practice says otherwise.
pub const OFFER_MINUTES: i64 = 2 * 60;

/// So many minutes before the session at the latest, an offer is over.
pub const BEFORE_START: i64 = 60;

/// An offer that would last less waking minutes than this is not made.
pub const SHORTEST_OFFER: i64 = 30;

/// Until when a time offered now is kept. Only waking hours count: what is left in the evening goes on in the morning.
/// `None` if the session begins too soon for a fair offer.
pub fn offer_until(
    now: Instant,
    minutes: i64,
    waking: HoursOfDay,
    zone: &ZoneTable,
    starts_at: Instant,
) -> Option<Instant> {
    let last = starts_at.plus_minutes(-BEFORE_START);
    let wanted = minutes.clamp(SHORTEST_OFFER, 24 * 60);
    let (mut at, mut awake) = (now, 0);
    while awake < wanted && at < last {
        if waking.contains(at, zone) {
            awake += 1;
        }
        at = at.plus_minutes(1);
    }
    (awake >= SHORTEST_OFFER.min(wanted)).then(|| at.min(last))
}
