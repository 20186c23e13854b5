//! Where a relationship is, and what each stage opens.

mod moves;
mod opens;

pub use moves::{Move, MoveWords, Mover, Refusal};
pub use opens::{Messages, News, Opens, RETURN_MONTHS, Standing, returns_until};

use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// Where the relationship between a person and the practice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Stage {
    /// Wrote or asked, nothing booked yet.
    Inquiry,
    /// A free discovery call is in the calendar.
    DiscoveryBooked,
    /// The call is over; the therapist has not decided yet.
    DiscoveryDone,
    /// The therapist would like to work together; paid sessions are open.
    Invited,
    /// Account, consents or intake form are still missing.
    IntakePending,
    /// Working together.
    Active,
    /// A break was agreed.
    Paused,
    /// The work is finished.
    Ended,
    /// Not the right fit; other help was named.
    ReferredOut,
    /// Not now, perhaps later.
    NotNow,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Stage; 10] = [
        Stage::Inquiry,
        Stage::DiscoveryBooked,
        Stage::DiscoveryDone,
        Stage::Invited,
        Stage::IntakePending,
        Stage::Active,
        Stage::Paused,
        Stage::Ended,
        Stage::ReferredOut,
        Stage::NotNow,
    ];

    /// Whether paid sessions can be booked: only once the therapist has decided to work together.
    pub fn opens_paid_sessions(self) -> bool {
        matches!(self, Stage::Invited | Stage::IntakePending | Stage::Active)
    }

    /// Whether it takes something away that was there, or was hoped for: its client sees it when they are told.
    pub fn closes(self) -> bool {
        matches!(self, Stage::Paused | Stage::Ended | Stage::ReferredOut | Stage::NotNow)
    }

    /// Whether the two are together at all, a break included: sessions and what belongs to them are not closed.
    pub fn is_together(self) -> bool {
        self.opens_paid_sessions() || self == Stage::Paused
    }

    /// Whether another discovery call may be booked.
    pub fn opens_discovery(self) -> bool {
        matches!(self, Stage::Inquiry | Stage::NotNow)
    }

    /// The stage after the therapist's decision, or the reason there is nothing to decide. `call` is when the call in the
    /// calendar begins, while it is neither done nor missed.
    ///
    /// A decision may be taken before the call is marked done, as she has just put the phone down, but not before it has
    /// begun.
    pub fn decide(
        self,
        decision: DiscoveryDecision,
        call: Option<Instant>,
        now: Instant,
    ) -> Result<Stage, Undecidable> {
        if let (Stage::DiscoveryBooked, Some(begins)) = (self, call)
            && now < begins
        {
            return Err(Undecidable::CallAhead(begins));
        }
        match self {
            Stage::DiscoveryBooked | Stage::DiscoveryDone | Stage::NotNow => Ok(match decision {
                DiscoveryDecision::WorkTogether => Stage::Invited,
                DiscoveryDecision::NotTheRightFit => Stage::ReferredOut,
                DiscoveryDecision::Later => Stage::NotNow,
            }),
            _ => Err(Undecidable::NotAtThisStage(self)),
        }
    }

    /// What the client is told about where things stand.
    pub fn for_client(self) -> StageWords {
        let (now, next) = match self {
            Stage::Inquiry => {
                ("You have been in touch.", "The next step is a free discovery call, to see whether this fits.")
            }
            Stage::DiscoveryBooked => (
                "Your discovery call is booked.",
                "After the call we decide together how to go on. There is nothing to prepare.",
            ),
            Stage::DiscoveryDone => (
                "Your discovery call is over.",
                "Your therapist will be in touch with what comes next, usually within a few days.",
            ),
            Stage::Invited => (
                "You and your therapist have decided to work together.",
                "Your first session is next. Book it here, or write, and we find a time that suits you.",
            ),
            Stage::IntakePending => (
                "A few things are needed before your first session.",
                "Please read and complete what is waiting for you here.",
            ),
            Stage::Active => ("You are working together.", "Your next sessions are listed here."),
            Stage::Paused => (
                "You are taking a break.",
                "You can come back without another discovery call: book a session when you are ready, or write.",
            ),
            Stage::Ended => (
                "Your work together has ended.",
                "Your sessions and bills stay here. You can always write to come back.",
            ),
            Stage::ReferredOut => (
                "Your therapist has suggested other help.",
                "The letter that is here for you names people who may suit you better.",
            ),
            Stage::NotNow => (
                "There is no place right now.",
                "Your therapist will write when that changes. You may also book another call later.",
            ),
        };
        StageWords { now, next }
    }

    /// What the therapist is told about where things stand.
    pub fn for_therapist(self) -> StageWords {
        let (now, next) = match self {
            Stage::Inquiry => ("Has been in touch", "Waiting for a discovery call to be booked."),
            Stage::DiscoveryBooked => ("Discovery call booked", "Decide after the call."),
            Stage::DiscoveryDone => ("Decision awaited", "The call is over. Decide when you are ready."),
            Stage::Invited => ("Invited", "Paid sessions are open; the first one has not been booked."),
            Stage::IntakePending => ("Intake under way", "Documents or the intake form are missing."),
            Stage::Active => ("Working together", "Nothing to do."),
            Stage::Paused => ("On a break", "May come back without a discovery call."),
            Stage::Ended => ("Ended", "Nothing to do."),
            Stage::ReferredOut => ("Referred out", "Nothing to do."),
            Stage::NotNow => ("Later", "Write when there is a place."),
        };
        StageWords { now, next }
    }
}

/// A sentence for where things stand and one for what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageWords {
    /// Where things stand.
    pub now: &'static str,
    /// What comes next.
    pub next: &'static str,
}

/// What the therapist answers after a discovery call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum DiscoveryDecision {
    /// Work together: paid sessions open at once.
    WorkTogether,
    /// Not the right fit: a kind letter with referrals waits in the portal.
    NotTheRightFit,
    /// Not now, perhaps later.
    Later,
}

/// Why a decision cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecidable {
    /// There is nothing to decide at this stage.
    NotAtThisStage(Stage),
    /// The call has not begun; it does at this moment.
    CallAhead(Instant),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch() -> Instant {
        Instant::from_seconds(0).expect("1970")
    }

    #[test]
    fn only_a_decision_opens_paid_sessions() {
        let open: Vec<Stage> = Stage::ALL.into_iter().filter(|stage| stage.opens_paid_sessions()).collect();
        assert_eq!(open, [Stage::Invited, Stage::IntakePending, Stage::Active]);
    }

    #[test]
    fn a_decision_once_taken_to_work_together_is_not_taken_again() {
        let decide = |stage: Stage| stage.decide(DiscoveryDecision::WorkTogether, None, epoch());
        assert_eq!(decide(Stage::DiscoveryDone), Ok(Stage::Invited));
        assert_eq!(decide(Stage::Invited), Err(Undecidable::NotAtThisStage(Stage::Invited)));
    }

    #[test]
    fn a_decision_waits_until_the_call_has_begun() {
        let begins = epoch().plus_minutes(60);
        let decide = |stage: Stage, now| stage.decide(DiscoveryDecision::Later, Some(begins), now);
        assert_eq!(decide(Stage::DiscoveryBooked, begins.plus_minutes(-1)), Err(Undecidable::CallAhead(begins)));
        assert_eq!(decide(Stage::DiscoveryBooked, begins), Ok(Stage::NotNow));
        // Whoever had a call before is decided about again without one.
        assert_eq!(decide(Stage::NotNow, begins.plus_minutes(-1)), Ok(Stage::NotNow));
    }
}
