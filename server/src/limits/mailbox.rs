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

/// The time in which a mailbox may get `rate_mailbox` mails.
const QUARTER_MICROS: i64 = 15 * 60 * 1_000_000;

/// Spends one of this mailbox's mails of one kind, if there is one left; one comes back with each part of the quarter of
/// an hour. The caller answers the same either way: who has an account is nobody's business.
pub async fn spend(
    tx: &mut Tx,
    keys: &Keys,
    most: u32,
    kind: MailKind,
    canonical_email: &str,
    now: Instant,
) -> Result<bool> {
    let mailbox = keys.pseudonym("mailbox", canonical_email);
    let full_at = store::budget(tx, kind.name(), &mailbox, now).await?;
    match after_one_more(full_at.max(now), most, now) {
        Some(full_at) => {
            store::set_budget(tx, kind.name(), &mailbox, full_at).await?;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// When a budget of `most` is whole again after one more is spent; nothing if there is none left. `full_at` is when it
/// would have been.
fn after_one_more(full_at: Instant, most: u32, now: Instant) -> Option<Instant> {
    let full_at = full_at.micros() + QUARTER_MICROS / i64::from(most.max(1));
    if full_at > now.micros() + QUARTER_MICROS {
        return None;
    }
    Instant::from_micros(full_at)
}

/// Forgets budgets that are whole again.
pub async fn forget_whole(tx: &mut Tx, now: Instant) -> Result<()> {
    Ok(store::forget_whole_budgets(tx, now).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_in_a_quarter_of_an_hour_then_one_every_five_minutes() {
        let begin = Instant::from_seconds(1_893_456_000).expect("an instant");
        let mut full_at = begin;
        let mut spent = Vec::new();
        for minute in 0..30 {
            let now = begin.plus_minutes(minute);
            for _ in 0..4 {
                if let Some(later) = after_one_more(full_at.max(now), 3, now) {
                    full_at = later;
                    spent.push(minute);
                }
            }
        }
        assert_eq!(spent, [0, 0, 0, 5, 10, 15, 20, 25]);
    }
}
