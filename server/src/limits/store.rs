//! The SQL of what mailboxes may still get.

use super::window::Recent;
use crate::db::Tx;
use shared::time::Instant;
use sqlx::types::Json;

/// When this mailbox was sent mails lately. Whoever asks about it at the same moment waits for this transaction.
pub(super) async fn recent(tx: &mut Tx, kind: &'static str, mailbox: &str, now: Instant) -> sqlx::Result<Recent> {
    let recent: Json<Recent> = tx
        .query(
            "insert into mail_budgets (kind, mailbox, full_at) values ($1, $2, $3)
             on conflict (kind, mailbox) do update set full_at = mail_budgets.full_at returning moments",
        )
        .bind(kind.to_owned())
        .bind(mailbox.to_owned())
        .bind(now)
        .value()
        .await?;
    Ok(recent.0)
}

pub(super) async fn set_recent(
    tx: &mut Tx,
    kind: &'static str,
    mailbox: &str,
    recent: Recent,
    full_at: Instant,
) -> sqlx::Result<()> {
    tx.query("update mail_budgets set moments = $3, full_at = $4 where kind = $1 and mailbox = $2")
        .bind(kind.to_owned())
        .bind(mailbox.to_owned())
        .bind(Json(recent))
        .bind(full_at)
        .run()
        .await?;
    Ok(())
}

pub(super) async fn forget_whole_budgets(tx: &mut Tx, now: Instant) -> sqlx::Result<()> {
    tx.query("delete from mail_budgets where full_at <= $1").bind(now).run().await?;
    Ok(())
}
