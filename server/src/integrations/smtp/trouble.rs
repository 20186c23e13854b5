//! What went wrong with a mail server, in words that name nobody.

use crate::integrations::{Remedy, VendorError};
use lettre::transport::smtp::Error;
use std::error::Error as _;
use tokio::time::error::Elapsed;

/// How far a conversation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Connection,
    Login,
    Sender,
    Recipient,
    Message,
    /// The message is on its way; only the answer is missing.
    Receipt,
}

/// Where a conversation broke off, and why. The server's own words are left out: they repeat addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trouble {
    step: Step,
    cause: Cause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// The server said no, with this code.
    Refused(u16),
    Silence,
    Tls,
    Network(std::io::ErrorKind),
    Unclear,
}

impl Trouble {
    pub(super) fn unless_fine<T>(outcome: Result<Result<T, Error>, Elapsed>, step: Step) -> Result<T, Self> {
        match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(Trouble { step, cause: cause(&error) }),
            Err(Elapsed { .. }) => Err(Trouble { step, cause: Cause::Silence }),
        }
    }

    fn remedy(self) -> Remedy {
        match (self.step, self.cause) {
            (Step::Recipient | Step::Message | Step::Receipt, Cause::Refused(code))
                if code >= 500 && !is_about_us(code) =>
            {
                Remedy::GiveUp
            }
            (Step::Receipt, Cause::Refused(_)) => Remedy::Wait,
            (Step::Receipt, _) => Remedy::TryAgain,
            _ => Remedy::Wait,
        }
    }
}

impl From<Trouble> for VendorError {
    fn from(trouble: Trouble) -> Self {
        let step = match trouble.step {
            Step::Connection => "the connection",
            Step::Login => "the login",
            Step::Sender => "the sender",
            Step::Recipient => "the recipient",
            Step::Message | Step::Receipt => "the message",
        };
        let message = match trouble.cause {
            Cause::Refused(code) => format!("{step} was refused ({code})"),
            Cause::Silence => format!("{step} was not answered in time"),
            Cause::Tls => format!("{step} could not be secured (TLS)"),
            Cause::Network(kind) => format!("{step} failed ({kind})"),
            Cause::Unclear => format!("{step} failed"),
        };
        VendorError { vendor: "mail server", message, remedy: trouble.remedy() }
    }
}

/// Whether the server refuses us rather than this mail: a password that changed must not cost the mail that waits.
fn is_about_us(code: u16) -> bool {
    matches!(code, 530 | 534 | 535 | 538)
}

fn cause(error: &Error) -> Cause {
    if let Some(code) = error.status() {
        return Cause::Refused(code.into());
    }
    if error.is_tls() {
        return Cause::Tls;
    }
    let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    // Kinds without a number of the system, like that of a name nobody has, say nothing.
    match io.filter(|io| io.raw_os_error().is_some()) {
        Some(io) => Cause::Network(io.kind()),
        None => Cause::Unclear,
    }
}
