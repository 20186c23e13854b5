//! How many mails a stranger can cause to a mailbox, counted in the database: by all processes together, restarts or not.

use super::store;
use crate::db::Tx;
use crate::error::Result;
use crate::keys::Keys;
use shared::time::Instant;

/// Mails that a stranger can cause to somebody's mailbox; each kind has its own budget, so that one cannot use up
/// another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// A sign-in link and code.
    SignIn,
    /// Thanks for a message.
    Thanks,
}

impl MailKind {
    fn name(self) -> &'static str {
        match self {
            MailKind::SignIn => "SIGN_IN",
            MailKind::Thanks => "THANKS",
        }
    }
}

/// The minutes in which a mailbox may get `rate_mailbox` mails.
const QUARTER: i64 = 15;

/// Spends one of this mailbox's mails of one kind, if it has had fewer than `most` in the last quarter of an hour. The
/// caller answers the same either way: who has an account is nobody's business.
pub async fn spend(
    tx: &mut Tx,
    keys: &Keys,
    most: u32,
    kind: MailKind,
    canonical_email: &str,
    now: Instant,
) -> Result<bool> {
    let mailbox = keys.pseudonym("mailbox", canonical_email);
    let mut recent = store::recent(tx, kind.name(), &mailbox, now).await?;
    let is_left = recent.spend(most, QUARTER * 60 * 1_000_000, now.micros()).is_ok();
    if is_left {
        store::set_recent(tx, kind.name(), &mailbox, recent, now.plus_minutes(QUARTER)).await?;
    }
    Ok(is_left)
}

/// Forgets mailboxes whose last mails do not count any more.
pub async fn forget_whole(tx: &mut Tx, now: Instant) -> Result<()> {
    Ok(store::forget_whole_budgets(tx, now).await?)
}
