//! One module per vendor: its client, and how its errors become ours.

pub mod smtp;
pub mod stripe;

/// A vendor did not do what was asked.
///
/// It is logged and stored, so it says what happened in our words: what a vendor answers may name people.
#[derive(Debug, thiserror::Error)]
#[error("{vendor}: {message}")]
pub struct VendorError {
    /// Who.
    pub vendor: &'static str,
    /// What happened.
    pub message: String,
    /// What helps.
    pub remedy: Remedy,
}

/// What helps when a vendor did not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Waiting, however long: the vendor is out of reach, or will not have us or anything of ours now.
    Wait,
    /// A few more tries: it may have been done already, and nobody knows.
    TryAgain,
    /// Nothing: this very thing was refused for good.
    GiveUp,
}
