//! What is still missing before a first session, and what follows once nothing is.

use super::DocumentKind;
use crate::stage::{Move, Stage};
use serde::{Deserialize, Serialize};

/// Something that is still missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum Missing {
    /// The document about working together is not accepted.
    Consent,
    /// The document about what is kept is not accepted.
    Privacy,
    /// The document about fees and cancelling is not accepted.
    Fees,
    /// The document about writing to each other is not accepted.
    Communication,
    /// The intake form is not sent.
    IntakeForm,
}

/// What a practice needs of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    /// A document.
    pub kind: DocumentKind,
    /// The oldest version whose acceptance still counts: the newest that changed what people agree to.
    pub since_version: i64,
}

/// What a client has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// A document.
    pub kind: DocumentKind,
    /// The newest version of it they accepted.
    pub version: i64,
}

/// Something that happened to a relationship and may move it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// The client signed in.
    SignedIn,
    /// A paid session was booked.
    Booked,
    /// Something that was missing is there.
    Completed,
}

impl Missing {
    /// Everything a session type can ask for, in the order people do it.
    pub const ALL: [Missing; 5] =
        [Missing::Consent, Missing::Privacy, Missing::Fees, Missing::Communication, Missing::IntakeForm];

    /// What to do about it, for the client.
    pub fn words(self) -> &'static str {
        match self {
            Missing::Consent => "Read and accept how we work together",
            Missing::Privacy => "Read and accept what we keep about you",
            Missing::Fees => "Read and accept fees and cancelling",
            Missing::Communication => "Read and accept how we write to each other",
            Missing::IntakeForm => "Fill in the intake form",
        }
    }

    /// What it is, for the therapist.
    pub fn name(self) -> &'static str {
        match self.document() {
            Some(kind) => kind.words(),
            None => "Intake form",
        }
    }

    /// Where the client does it.
    pub fn path(self) -> String {
        match self.document() {
            Some(kind) => format!("/portal/documents/{}", kind.slug()),
            None => "/portal/intake".to_owned(),
        }
    }

    /// The document it is, if it is one.
    pub fn document(self) -> Option<DocumentKind> {
        match self {
            Missing::Consent => Some(DocumentKind::Consent),
            Missing::Privacy => Some(DocumentKind::Privacy),
            Missing::Fees => Some(DocumentKind::Fees),
            Missing::Communication => Some(DocumentKind::Communication),
            Missing::IntakeForm => None,
        }
    }
}

impl From<DocumentKind> for Missing {
    fn from(kind: DocumentKind) -> Self {
        match kind {
            DocumentKind::Consent => Missing::Consent,
            DocumentKind::Privacy => Missing::Privacy,
            DocumentKind::Fees => Missing::Fees,
            DocumentKind::Communication => Missing::Communication,
        }
    }
}

/// What is missing, in the order people do it. `awaits_form` says that the practice has a form this client has not sent.
pub fn missing(needed: &[Needed], known: &[Known], awaits_form: bool) -> Vec<Missing> {
    let is_accepted =
        |need: &Needed| known.iter().any(|has| has.kind == need.kind && has.version >= need.since_version);
    let mut missing: Vec<Missing> =
        needed.iter().filter(|need| !is_accepted(need)).map(|need| need.kind.into()).collect();
    missing.extend(awaits_form.then_some(Missing::IntakeForm));
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// How a relationship moves on by itself: into the intake while something is missing, and to work together once nothing
/// is and a session is booked.
pub fn next_move(stage: Stage, is_missing: bool, occasion: Occasion) -> Option<Move> {
    match (stage, is_missing, occasion) {
        (Stage::Invited, true, Occasion::SignedIn | Occasion::Booked) => Some(Move::BeginIntake),
        (Stage::Invited, false, Occasion::Booked) | (Stage::IntakePending, false, _) => Some(Move::Begin),
        _ => None,
    }
}

/// Whether whatever is booked waits for what it asks for: before the work has begun it does.
pub fn holds_session(stage: Stage) -> bool {
    matches!(stage, Stage::Invited | Stage::IntakePending)
}

/// What one session type asks of a client who has a session of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What the type asks for.
    pub waits_for: Vec<Missing>,
    /// Whether a session of it took place.
    pub took_place: bool,
    /// Whether one is still to come.
    pub is_ahead: bool,
}

/// What the sessions of a client ask for, and what of it is left to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// Where the relationship is.
    pub stage: Stage,
    /// Whether the therapist began the work without what was missing then.
    pub began_without: bool,
    /// What is not done of everything the practice has published.
    pub missing: Vec<Missing>,
    /// By session type, those of the client's sessions that were not called off. Where there are none, what the client
    /// could book.
    pub asked: Vec<Asked>,
}

impl Needs {
    /// What the client is asked to do, in the order to do it.
    pub fn open(&self) -> Vec<Missing> {
        let is_asked = |missing: &Missing| self.asked.iter().any(|asked| asked.waits_for.contains(missing));
        self.missing.iter().copied().filter(is_asked).collect()
    }

    /// What a session waits for whose type asks for this. It stays in the calendar meanwhile.
    ///
    /// Before the work has begun, that is whatever is missing of it. Afterwards the work goes on as it is: only what no
    /// session that took place has asked for holds one up, so that a session of another kind still waits for what it
    /// alone needs.
    pub fn holding(&self, waits_for: &[Missing]) -> Vec<Missing> {
        let waits = |missing: &Missing| waits_for.contains(missing) && !self.is_settled(*missing);
        self.missing.iter().copied().filter(waits).collect()
    }

    fn is_settled(&self, missing: Missing) -> bool {
        let was_asked = || self.asked.iter().any(|asked| asked.took_place && asked.waits_for.contains(&missing));
        !holds_session(self.stage) && (self.began_without || was_asked())
    }

    /// Whether a session waits: one that is booked, or, before the work has begun, the first.
    pub fn holds_session(&self) -> bool {
        let is_held = |asked: &Asked| asked.is_ahead && !self.holding(&asked.waits_for).is_empty();
        holds_session(self.stage) || self.asked.iter().any(is_held)
    }
}
