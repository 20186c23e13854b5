//! The SQL of what providers tell us.

use super::super::webhook::InboxEvent;
use crate::db::{Conn, Tx};
use shared::time::Instant;
use uuid::Uuid;

/// Stores an event unless it is there already.
pub(in super::super) async fn insert_event(tx: &mut Tx, event: &InboxEvent) -> sqlx::Result<u64> {
    tx.query(
        "insert into webhook_events (id, vendor, event_id, kind, object_id, intent_id, body, body_hash, received_at,
             processed_at, error)
         values ($1, 'stripe', $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (vendor, event_id) do nothing",
    )
    .bind(event.id)
    .bind(event.event_id.clone())
    .bind(event.kind.clone())
    .bind(event.object_id.clone())
    .bind(event.intent_id.clone())
    .bind(event.body.clone())
    .bind(event.body_hash.clone())
    .bind(event.received_at)
    .bind(event.processed_at)
    .bind(event.error.clone())
    .run()
    .await
}

macro_rules! event_columns {
    ($rest:literal) => {
        concat!(
            "select id, event_id, kind, object_id, intent_id, body, body_hash, received_at, processed_at, error
         from webhook_events ",
            $rest
        )
    };
}

pub(in super::super) async fn event(conn: &mut Conn, id: Uuid) -> sqlx::Result<Option<InboxEvent>> {
    conn.query(event_columns!("where id = $1")).bind(id).optional().await
}

pub(in super::super) async fn event_by_name(conn: &mut Conn, event_id: &str) -> sqlx::Result<Option<InboxEvent>> {
    conn.query(event_columns!("where vendor = 'stripe' and event_id = $1")).bind(event_id.to_owned()).optional().await
}

pub(in super::super) async fn set_processed(
    tx: &mut Tx,
    id: Uuid,
    at: Instant,
    error: Option<String>,
) -> sqlx::Result<()> {
    tx.query("update webhook_events set processed_at = $2, error = $3 where id = $1")
        .bind(id)
        .bind(at)
        .bind(error)
        .run()
        .await?;
    Ok(())
}

/// Forgets what old events said; that they came stays known.
pub(in super::super) async fn forget_bodies(tx: &mut Tx, before: Instant) -> sqlx::Result<u64> {
    tx.query("update webhook_events set body = null where received_at < $1 and processed_at is not null and body is not null")
        .bind(before)
        .run()
        .await
}
