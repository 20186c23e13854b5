//! The SQL of what mailboxes may still get.

use crate::db::Tx;
use shared::time::Instant;

/// When this budget is whole again. Whoever asks about it at the same moment waits for this transaction.
pub(super) async fn budget(tx: &mut Tx, kind: &'static str, mailbox: &str, now: Instant) -> sqlx::Result<Instant> {
    tx.query(
        "insert into mail_budgets (kind, mailbox, full_at) values ($1, $2, $3)
         on conflict (kind, mailbox) do update set full_at = mail_budgets.full_at returning full_at",
    )
    .bind(kind.to_owned())
    .bind(mailbox.to_owned())
    .bind(now)
    .value()
    .await
}

pub(super) async fn set_budget(tx: &mut Tx, kind: &'static str, mailbox: &str, full_at: Instant) -> sqlx::Result<()> {
    tx.query("update mail_budgets set full_at = $3 where kind = $1 and mailbox = $2")
        .bind(kind.to_owned())
        .bind(mailbox.to_owned())
        .bind(full_at)
        .run()
        .await?;
    Ok(())
}

pub(super) async fn forget_whole_budgets(tx: &mut Tx, now: Instant) -> sqlx::Result<()> {
    tx.query("delete from mail_budgets where full_at <= $1").bind(now).run().await?;
    Ok(())
}
