//! The SQL of what became of bookings.

use super::super::steps::Step;
use crate::db::{Conn, Tx};
use shared::ids::BookingId;
use uuid::Uuid;

pub(in super::super) async fn insert_step(tx: &mut Tx, id: Uuid, booking: BookingId, step: &Step) -> sqlx::Result<()> {
    tx.query(
        "insert into booking_steps (id, booking_id, step, by_whom, actor_id, at, was_at, note)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(booking)
    .bind(step.step)
    .bind(step.by_whom)
    .bind(step.actor_id)
    .bind(step.at)
    .bind(step.was_at)
    .bind(step.note.clone())
    .later()
    .await
}

pub(in super::super) async fn steps(conn: &mut Conn, booking: BookingId) -> sqlx::Result<Vec<Step>> {
    conn.query(
        "select step, by_whom, actor_id, at, was_at, note from booking_steps where booking_id = $1 order by at, id",
    )
    .bind(booking)
    .all()
    .await
}
