//! What can go wrong, and what the outside sees of it.

use shared::problem::{ErrorCode, UserError};

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input was understood and refused; the caller can mend it. Becomes `userErrors`.
    #[error("refused: {0:?}")]
    Refused(Vec<UserError>),
    /// The database refused two things in one place. A use case turns it into `SLOT_TAKEN` with alternatives.
    #[error("the time is taken")]
    Overlap,
    /// Nobody is signed in.
    #[error("sign in first")]
    SignInRequired,
    /// Signed in, and still not allowed.
    #[error("not allowed")]
    Forbidden,
    /// There is no such thing, or it is not the caller's to see.
    #[error("not found")]
    NotFound,
    /// Too many tries of one kind from one place.
    #[error("too many tries")]
    RateLimited {
        /// When to try again.
        retry_after_seconds: u64,
    },
    /// Something this needs does not answer; trying again later can help.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of ours. Logged once where it is answered, and shown as “something went wrong”.
    #[error("{0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A refusal of one field.
    pub fn refused(field: &str, code: ErrorCode, message: impl Into<String>) -> Self {
        Error::Refused(vec![UserError::on(field, code, message)])
    }

    /// A refusal of the whole input.
    pub fn refused_whole(code: ErrorCode, message: impl Into<String>) -> Self {
        Error::Refused(vec![UserError::general(code, message)])
    }

    /// A fault described in words.
    pub fn internal(what: impl Into<String>) -> Self {
        Error::Internal(what.into().into())
    }

    /// `Ok` if there is nothing wrong with the input.
    pub fn unless_fine(problems: Vec<UserError>) -> Result<()> {
        if problems.is_empty() { Ok(()) } else { Err(Error::Refused(problems)) }
    }

    /// The code a program sees in `extensions.code`.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Refused(_) | Error::Overlap => "REFUSED",
            Error::SignInRequired => "SIGN_IN_REQUIRED",
            Error::Forbidden => "FORBIDDEN",
            Error::NotFound => "NOT_FOUND",
            Error::RateLimited { .. } => "RATE_LIMITED",
            Error::Unavailable(_) => "UNAVAILABLE",
            Error::Internal(_) => "INTERNAL",
        }
    }

    /// The sentence the outside sees; says nothing about our insides.
    pub fn outside_words(&self) -> String {
        match self {
            Error::Refused(problems) => problems.first().map_or_else(String::new, |problem| problem.message.clone()),
            Error::Overlap => "That time has just been taken.".into(),
            Error::SignInRequired => "Please sign in first.".into(),
            Error::Forbidden => "This is not open to you.".into(),
            Error::NotFound => "There is nothing here, or it is not yours to see.".into(),
            Error::RateLimited { retry_after_seconds } => {
                format!("That was a little too often. Please try again in {retry_after_seconds} seconds.")
            }
            Error::Unavailable(_) => "This does not work right now. Please try again in a minute.".into(),
            Error::Internal(_) => "Something went wrong on our side. Please try again.".into(),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if crate::db::is_overlap(&error) {
            return Error::Overlap;
        }
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                Error::Unavailable(format!("database: {error}"))
            }
            sqlx::Error::Database(ref inner) if is_full_or_locked(inner.as_ref()) => {
                Error::Unavailable(format!("database: {error}"))
            }
            other => Error::Internal(Box::new(other)),
        }
    }
}

/// SQLite's BUSY (5), LOCKED (6) and FULL (13), and PostgreSQL's class 53 (no resources) and 57 (going down).
fn is_full_or_locked(error: &dyn sqlx::error::DatabaseError) -> bool {
    error.code().is_some_and(|code| {
        matches!(code.as_ref(), "5" | "6" | "13")
            || (code.len() == 5 && (code.starts_with("53") || code.starts_with("57")))
    })
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Internal(Box::new(error))
    }
}
