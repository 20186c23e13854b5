//! The SQL of taking changes back.

use super::super::undo::{Undoable, Was};
use crate::db::{Conn, Tx};
use shared::ids::{BookingId, RoomId};
use shared::time::{Date, Instant, LocalTime};
use sqlx::types::Json;

pub(in super::super) async fn undoable(conn: &mut Conn, id: BookingId) -> sqlx::Result<Option<Undoable>> {
    conn.query("select step, by_whom, until, was from booking_undos where booking_id = $1").bind(id).optional().await
}

/// Keeps what a booking was before its last change; what nobody can take back any more is forgotten.
pub(in super::super) async fn keep_undo(tx: &mut Tx, id: BookingId, new: &Undoable, now: Instant) -> sqlx::Result<()> {
    tx.query("delete from booking_undos where until <= $1").bind(now).run().await?;
    tx.query(
        "insert into booking_undos (booking_id, step, by_whom, until, was) values ($1, $2, $3, $4, $5)
         on conflict (booking_id) do update
             set step = excluded.step, by_whom = excluded.by_whom, until = excluded.until, was = excluded.was",
    )
    .bind(id)
    .bind(new.step)
    .bind(new.by_whom)
    .bind(new.until)
    .bind(new.was.clone())
    .run()
    .await?;
    Ok(())
}

pub(in super::super) async fn forget_undo(tx: &mut Tx, id: BookingId) -> sqlx::Result<()> {
    tx.query("delete from booking_undos where booking_id = $1").bind(id).run().await?;
    Ok(())
}

/// The row of occupied time of a booking, as it is kept for bringing it back.
#[derive(sqlx::FromRow)]
pub(in super::super) struct Blocked {
    pub(in super::super) starts_at: Instant,
    pub(in super::super) ends_at: Instant,
    pub(in super::super) override_reason: Option<String>,
}

pub(in super::super) async fn blocked_by(conn: &mut Conn, id: BookingId) -> sqlx::Result<Option<Blocked>> {
    conn.query("select starts_at, ends_at, override_reason from occupancy where booking_id = $1")
        .bind(id)
        .optional()
        .await
}

/// A booking as it was, where the calendar says it is again.
pub(in super::super) struct Restored {
    pub(in super::super) was: Json<Was>,
    pub(in super::super) local_date: Date,
    pub(in super::super) local_time: LocalTime,
    pub(in super::super) room_id: Option<RoomId>,
    /// Whether whoever was never told of it has no news of its end either.
    pub(in super::super) is_called_off: bool,
}

/// Brings a booking back, if its last change is still the one that is taken back. Whoever knew it as it was knows it as it
/// is: only calendars that have seen something newer are told.
pub(in super::super) async fn restore(tx: &mut Tx, id: BookingId, to: Restored) -> sqlx::Result<u64> {
    let was = &to.was.0;
    tx.query(
        "update bookings set status = 'CONFIRMED', starts_at = $2, ends_at = $3, local_date = $4, local_time = $5,
             room_id = $6, reschedules = $7, client_confirmed_at = $8, cancelled_at = null, cancelled_by = null,
             cancel_reason = null, is_late = false, is_waived = false, calendar_sequence = calendar_sequence + 1,
             told_sequence = case when told_sequence = $9 then $9 + 2 when $10 then null else told_sequence end,
             therapist_told_sequence = case when therapist_told_sequence = $9 then $9 + 2 when $11 then null
                                            else therapist_told_sequence end
         where id = $1 and calendar_sequence = $9 + 1 and status in ('CONFIRMED', 'CANCELLED')",
    )
    .bind(id)
    .bind(was.starts_at)
    .bind(was.ends_at)
    .bind(to.local_date)
    .bind(to.local_time)
    .bind(to.room_id)
    .bind(was.reschedules)
    .bind(was.client_confirmed_at)
    .bind(was.sequence)
    .bind(to.is_called_off && was.told.is_none())
    .bind(to.is_called_off && was.therapist_told.is_none())
    .run()
    .await
}
