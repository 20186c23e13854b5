//! What each stage opens.

use super::Stage;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// After a break of at most so many months a client comes back without another discovery call, unless the practice says
/// otherwise.
pub const RETURN_MONTHS: i64 = 12;

/// A month, as far as breaks are counted, in minutes: a twelfth of 366 days.
const MONTH: i64 = 366 * 24 * 60 / 12;

/// Until when somebody comes back without a call whose break begins now.
pub fn returns_until(now: Instant, months: i64) -> Instant {
    now.plus_minutes(months * MONTH)
}

/// News of a relationship that its client has not been told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    /// Where they believe it to be.
    pub believed: Stage,
    /// When they are told.
    pub leaves_at: Instant,
}

/// Where a relationship stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its stage.
    pub stage: Stage,
    /// Since when.
    pub since: Instant,
    /// Until when they come back from a break without a call, as it was when the break began.
    pub returns_until: Option<Instant>,
    /// The moment.
    pub now: Instant,
    /// What its client has not been told.
    pub news: Option<News>,
}

/// How far messages are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum Messages {
    /// There is only the contact form.
    Closed,
    /// Times and places, nothing that is better said in a session.
    Logistics,
    /// Open.
    Open,
    /// What was written can be read.
    ReadOnly,
}

/// What somebody may have of the practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opens {
    /// A free discovery call.
    pub discovery: bool,
    /// Paid sessions.
    pub sessions: bool,
    /// Documents to accept and the intake form.
    pub intake: bool,
    /// What was agreed about fees.
    pub prices: bool,
    /// What the therapist left for them.
    pub content: bool,
    /// Messages.
    pub messages: Messages,
}

impl Standing {
    /// What this stage opens.
    pub fn opens(&self) -> Opens {
        let stage = self.stage;
        let returns = stage == Stage::Paused && !self.is_long_away();
        let sessions = stage.opens_paid_sessions() || returns;
        Opens {
            discovery: stage.opens_discovery() || (stage == Stage::Paused && !returns),
            sessions,
            intake: stage.is_together(),
            prices: sessions,
            content: matches!(stage, Stage::Active | Stage::Paused | Stage::Ended),
            messages: match stage {
                Stage::Inquiry | Stage::NotNow => Messages::Closed,
                Stage::DiscoveryBooked | Stage::DiscoveryDone | Stage::Invited | Stage::IntakePending => {
                    Messages::Logistics
                }
                Stage::Active | Stage::Paused => Messages::Open,
                Stage::Ended | Stage::ReferredOut => Messages::ReadOnly,
            },
        }
    }

    /// The relationship as its client sees it. What opens is there at once; what closes only when they are told of it, because
    /// until then it may be taken back.
    pub fn seen_by_client(&self) -> Standing {
        match self.news {
            Some(news) if self.now < news.leaves_at && self.stage.closes() => {
                Standing { stage: news.believed, news: None, ..*self }
            }
            _ => *self,
        }
    }

    /// Until when somebody on a break comes back without a call.
    pub fn break_ends(&self) -> Option<Instant> {
        let until = self.returns_until.unwrap_or_else(|| returns_until(self.since, RETURN_MONTHS));
        (self.stage == Stage::Paused).then_some(until)
    }

    /// Whether a break has lasted too long to come back without a call.
    pub(super) fn is_long_away(&self) -> bool {
        self.break_ends().is_some_and(|until| until < self.now)
    }
}
