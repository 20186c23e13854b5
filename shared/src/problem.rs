//! What is wrong with an input, in words for the person who typed it.

use serde::{Deserialize, Serialize};

/// Why something was refused, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum ErrorCode {
    /// A field that must be filled is empty.
    Required,
    /// A field holds something that cannot be read as what it should be.
    Invalid,
    /// A text is longer than allowed.
    TooLong,
    /// There is no such thing, or it is not yours to see.
    NotFound,
    /// The time was free a moment ago and is not any more.
    SlotTaken,
    /// The time was never offered for this session type.
    NotOffered,
    /// More days were asked for than one request may have.
    RangeTooLong,
    /// The relationship has not reached the stage this needs.
    StageLocked,
    /// It has already been done, or undone, or is over.
    AlreadyDone,
    /// It costs something else than what was shown. Nothing was done; show the new price and ask again.
    PriceChanged,
    /// Calling off costs something else than what was shown. Nothing was done; show the new rules and ask again.
    PolicyChanged,
    /// A link or code that is wrong, used or too old.
    LinkInvalid,
    /// The same idempotency key came with a different input.
    IdempotencyMismatch,
    /// Too many tries; wait a little.
    RateLimited,
    /// A second factor is needed to go on.
    SecondFactorRequired,
}

/// One problem with one input: what, where and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject))]
pub struct UserError {
    /// Why, for programs.
    pub code: ErrorCode,
    /// The path of the field inside the input; absent when it is about the whole.
    pub field: Option<Vec<String>>,
    /// What to do about it, in plain words.
    pub message: String,
}

impl UserError {
    /// A problem with one field, named by its path with dots: `guest.email`.
    pub fn on(field: &str, code: ErrorCode, message: impl Into<String>) -> Self {
        let field = Some(field.split('.').map(str::to_owned).collect());
        UserError { code, field, message: message.into() }
    }

    /// A problem with the whole input.
    pub fn general(code: ErrorCode, message: impl Into<String>) -> Self {
        UserError { code, field: None, message: message.into() }
    }

    /// Whether this problem is about the field with this dotted path.
    pub fn is_on(&self, field: &str) -> bool {
        self.field.as_ref().is_some_and(|path| path.join(".") == field)
    }
}
