//! Every way a relationship can move: from where, by whom, and what both sides are told.

use super::{DiscoveryDecision, News, Stage, Standing};
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// Who moves a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum Mover {
    /// The person whose care it is, by booking, cancelling or accepting.
    Client,
    /// The therapist.
    Therapist,
    /// The practice's own rules, when something they wait for has happened.
    System,
}

/// One way to move on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum Move {
    /// A discovery call is booked.
    BookDiscovery,
    /// The only discovery call is called off.
    CallOffDiscovery,
    /// The discovery call is over.
    CompleteDiscovery,
    /// The therapist decided to work together.
    WorkTogether,
    /// The therapist named other help.
    ReferOut,
    /// The therapist has no place now.
    PutOff,
    /// The therapist opens the question again.
    TakeBack,
    /// The therapist lets somebody who was referred out book a call again.
    AllowCall,
    /// An invitation was accepted.
    Invite,
    /// Something is needed before the first session.
    BeginIntake,
    /// Everything is there, or the therapist begins without it.
    Begin,
    /// A break is agreed.
    Pause,
    /// The break is over.
    Resume,
    /// The work is finished.
    End,
    /// The work may begin again.
    Reopen,
}

/// Why a relationship does not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// This does not lead on from where it is.
    NotFromHere(Stage),
    /// This is somebody else's to do.
    NotYours,
    /// The break was too long to come back without a call.
    TooLongAway,
    /// The client knows of the decision, and paid sessions are open to them.
    ToldAlready,
}

/// What is said of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoveWords {
    /// To the client.
    pub client: &'static str,
    /// To the therapist.
    pub therapist: &'static str,
    /// On the therapist's button, where she has one.
    pub button: &'static str,
}

impl Move {
    /// Every move, in the order a relationship usually takes them.
    pub const ALL: [Move; 15] = [
        Move::BookDiscovery,
        Move::CallOffDiscovery,
        Move::CompleteDiscovery,
        Move::WorkTogether,
        Move::ReferOut,
        Move::PutOff,
        Move::TakeBack,
        Move::AllowCall,
        Move::Invite,
        Move::BeginIntake,
        Move::Begin,
        Move::Pause,
        Move::Resume,
        Move::End,
        Move::Reopen,
    ];

    /// Where it leads.
    pub fn to(self) -> Stage {
        match self {
            Move::BookDiscovery => Stage::DiscoveryBooked,
            Move::CallOffDiscovery | Move::AllowCall => Stage::Inquiry,
            Move::CompleteDiscovery | Move::TakeBack => Stage::DiscoveryDone,
            Move::WorkTogether | Move::Invite | Move::Reopen => Stage::Invited,
            Move::ReferOut => Stage::ReferredOut,
            Move::PutOff => Stage::NotNow,
            Move::BeginIntake => Stage::IntakePending,
            Move::Begin | Move::Resume => Stage::Active,
            Move::Pause => Stage::Paused,
            Move::End => Stage::Ended,
        }
    }

    /// From where it leads on.
    pub fn leaves(self) -> &'static [Stage] {
        use Stage::*;
        match self {
            Move::BookDiscovery => &[Inquiry, NotNow, Paused],
            Move::CallOffDiscovery | Move::CompleteDiscovery => &[DiscoveryBooked],
            Move::WorkTogether | Move::ReferOut => &[DiscoveryBooked, DiscoveryDone, NotNow],
            Move::PutOff => &[DiscoveryBooked, DiscoveryDone],
            Move::TakeBack => &[Invited, ReferredOut, NotNow],
            Move::AllowCall => &[ReferredOut],
            Move::Invite => &[Inquiry, DiscoveryBooked, DiscoveryDone, NotNow],
            Move::BeginIntake => &[Invited],
            Move::Begin => &[Invited, IntakePending],
            Move::Pause => &[Active],
            Move::Resume => &[Paused],
            Move::End => &[Invited, IntakePending, Active, Paused],
            Move::Reopen => &[Ended],
        }
    }

    /// Who may make it.
    pub fn by(self) -> &'static [Mover] {
        use Mover::*;
        match self {
            Move::BookDiscovery | Move::CallOffDiscovery | Move::Resume => &[Client, Therapist],
            Move::CompleteDiscovery => &[Therapist, System],
            Move::Invite => &[Client],
            Move::BeginIntake => &[System],
            Move::Begin => &[Therapist, System],
            Move::WorkTogether
            | Move::ReferOut
            | Move::PutOff
            | Move::TakeBack
            | Move::AllowCall
            | Move::Pause
            | Move::End
            | Move::Reopen => &[Therapist],
        }
    }

    /// Whether the therapist makes it with a button of its own; the others follow from what people do.
    pub fn has_button(self) -> bool {
        matches!(
            self,
            Move::TakeBack | Move::AllowCall | Move::Begin | Move::Pause | Move::Resume | Move::End | Move::Reopen
        )
    }

    /// The move that leads from one stage to another, if there is one.
    pub fn between(from: Stage, to: Stage) -> Option<Move> {
        Move::ALL.into_iter().find(|step| step.to() == to && step.leaves().contains(&from))
    }

    /// What was made when a relationship went from one stage to another, and by whom. `signed` is the side of whoever was
    /// signed in; nothing where nobody was: it was the client by a link or by booking, or nobody at all.
    pub fn made(from: Stage, to: Stage, signed: Option<Mover>) -> Option<(Move, Mover)> {
        let sides: &[Mover] = match &signed {
            Some(side) => std::slice::from_ref(side),
            None => &[Mover::System, Mover::Client],
        };
        let between = || Move::ALL.into_iter().filter(|step| step.to() == to && step.leaves().contains(&from));
        let of_side = |side: &Mover| Some((between().find(|step| step.by().contains(side))?, *side));
        let by_nobody_it_names = || Some((between().next()?, signed.unwrap_or(Mover::System)));
        sides.iter().find_map(of_side).or_else(by_nobody_it_names)
    }

    /// The sentence for the client about how it began, where the first thing known of it is this stage.
    pub fn beginning(stage: Stage) -> &'static str {
        match stage {
            Stage::Inquiry => "You got in touch.",
            Stage::DiscoveryBooked => Move::BookDiscovery.words().client,
            Stage::Invited => Move::Invite.words().client,
            other => other.for_client().now,
        }
    }

    /// What is said of it.
    pub fn words(self) -> MoveWords {
        let (client, therapist, button) = match self {
            Move::BookDiscovery => ("Your discovery call was booked.", "A discovery call was booked.", "Book a call"),
            Move::CallOffDiscovery => {
                ("Your discovery call was cancelled.", "The discovery call was cancelled.", "Cancel the call")
            }
            Move::CompleteDiscovery => ("Your discovery call was over.", "The discovery call was over.", "Call over"),
            Move::WorkTogether => ("You decided to work together.", "You decided to work together.", "Work together"),
            Move::ReferOut => ("Your therapist named other help.", "You named other help.", "Not the right fit"),
            Move::PutOff => ("There was no place.", "You put it off to later.", "Later"),
            Move::TakeBack => {
                ("Your therapist is thinking about it again.", "You took your decision back.", "Take the decision back")
            }
            Move::AllowCall => {
                ("You may book a call again.", "You opened a call to them again.", "Let them book a call again")
            }
            Move::Invite => ("You accepted the invitation.", "They accepted your invitation.", "Invite"),
            Move::BeginIntake => (
                "A few things were needed before your first session.",
                "Documents or the intake form were missing.",
                "Begin the intake",
            ),
            Move::Begin => ("You began to work together.", "The work began.", "Begin without what is missing"),
            Move::Pause => ("You began a break.", "A break began.", "Begin a break"),
            Move::Resume => ("Your break was over.", "The break was over.", "End the break"),
            Move::End => ("Your work together ended.", "The work ended.", "End the work"),
            Move::Reopen => ("You may begin again.", "You opened the work again.", "Open it again"),
        };
        MoveWords { client, therapist, button }
    }
}

impl From<DiscoveryDecision> for Move {
    fn from(decision: DiscoveryDecision) -> Self {
        match decision {
            DiscoveryDecision::WorkTogether => Move::WorkTogether,
            DiscoveryDecision::NotTheRightFit => Move::ReferOut,
            DiscoveryDecision::Later => Move::PutOff,
        }
    }
}

impl Standing {
    /// Where a move leads, or why this person cannot make it now.
    pub fn after(&self, step: Move, by: Mover) -> Result<Stage, Refusal> {
        if !step.leaves().contains(&self.stage) {
            return Err(Refusal::NotFromHere(self.stage));
        }
        if !step.by().contains(&by) {
            return Err(Refusal::NotYours);
        }
        let away = self.is_long_away();
        match step {
            // A therapist knows whom she takes back; a client who was away for long has a call first.
            Move::Resume if by == Mover::Client && away => Err(Refusal::TooLongAway),
            Move::BookDiscovery if self.stage == Stage::Paused && !away => Err(Refusal::NotFromHere(self.stage)),
            // Once paid sessions are open and they know it, the work is ended and not taken back.
            Move::TakeBack if self.stage == Stage::Invited && self.decision_waits().is_none() => {
                Err(Refusal::ToldAlready)
            }
            // Only somebody who was asked for what is missing can begin without it.
            Move::Begin if by == Mover::Therapist && self.stage != Stage::IntakePending => {
                Err(Refusal::NotFromHere(self.stage))
            }
            _ => Ok(step.to()),
        }
    }

    /// Until when a decision that the client does not know of can be taken back without a trace.
    pub fn decision_waits(&self) -> Option<Instant> {
        let News { believed, leaves_at } = self.news?;
        let was_undecided = matches!(believed, Stage::DiscoveryBooked | Stage::DiscoveryDone | Stage::NotNow);
        let is_decided = Move::TakeBack.leaves().contains(&self.stage);
        (was_undecided && is_decided && self.now < leaves_at).then_some(leaves_at)
    }

    /// Everything this person can do now.
    pub fn moves(&self, by: Mover) -> Vec<Move> {
        Move::ALL.into_iter().filter(|step| self.after(*step, by).is_ok()).collect()
    }
}

impl Refusal {
    /// What to say about it to the therapist.
    pub fn words(self) -> String {
        match self {
            Refusal::NotFromHere(stage) => format!("This cannot be done from here: {}.", stage.for_therapist().now),
            Refusal::NotYours => "This is not yours to do.".to_owned(),
            Refusal::ToldAlready => "They have been told. End the work instead, if it should not begin.".to_owned(),
            Refusal::TooLongAway => "After so long a break, a call comes first.".to_owned(),
        }
    }
}
