//! The SQL of requests.

use super::Request;
use crate::db::{Conn, Tx};
use shared::ids::{BookingId, ClientId, RequestId, TherapistId};
use shared::request::RequestStatus;
use shared::time::Instant;

macro_rules! requests { ($rest:literal) => {
    concat!(
        "select id, client_id, session_type_id, wanted_therapist_id,
                coalesce((select u.name from clients c join users u on u.id = c.user_id where c.id = client_id), name) as name,
                email,
                coalesce((select u.phone from clients c join users u on u.id = c.user_id where c.id = client_id), phone) as phone,
                time_zone, weekdays, bands, note,
                status, therapist_id, starts_at, booking_id, told, created_at, changed_at
         from booking_requests ", $rest)
} }

pub(super) async fn request(conn: &mut Conn, id: RequestId) -> sqlx::Result<Option<Request>> {
    conn.query(requests!("where id = $1")).bind(id).optional().await
}

pub(super) async fn of_client(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<Request>> {
    conn.query(requests!("where client_id = $1 order by created_at desc, id limit 20")).bind(client).all().await
}

pub(super) async fn recent(conn: &mut Conn, since: Instant) -> sqlx::Result<Vec<Request>> {
    conn.query(requests!(
        "where status in ('PENDING', 'MATCHED', 'ACCEPTED') or changed_at >= $1 order by created_at, id limit 100"
    ))
    .bind(since)
    .all()
    .await
}

/// The requests in the calendar whose sessions are over, or were called off up to a moment: after it that can be undone.
pub(super) async fn confirmed(conn: &mut Conn, settled: Instant, limit: i64) -> sqlx::Result<Vec<Request>> {
    conn.query(requests!(
        "where status = 'CONFIRMED' and booking_id in
             (select id from bookings where status in ('COMPLETED', 'NO_SHOW', 'CANCELLED', 'EXPIRED')
                and (cancelled_at is null or cancelled_at <= $1))
         order by changed_at limit $2"
    ))
    .bind(settled)
    .bind(limit)
    .all()
    .await
}

/// How many requests of this address, or from this place, nobody has answered.
pub(super) async fn open_of(conn: &mut Conn, canonical: &str, visitor: &str) -> sqlx::Result<i64> {
    conn.query(
        "select count(*) from booking_requests
         where (email_canonical = $1 or asked_by = $2) and status in ('PENDING', 'MATCHED', 'ACCEPTED')",
    )
    .bind(canonical.to_owned())
    .bind(visitor.to_owned())
    .value()
    .await
}

pub(super) async fn insert(tx: &mut Tx, row: &Request, canonical: &str, visitor: &str) -> sqlx::Result<()> {
    tx.query(
        "insert into booking_requests (id, client_id, session_type_id, wanted_therapist_id, name, email, email_canonical,
             phone, time_zone, weekdays, bands, note, asked_by, status, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(row.id)
    .bind(row.client_id)
    .bind(row.session_type_id)
    .bind(row.wanted_therapist_id)
    .bind(row.name.clone())
    .bind(row.email.clone())
    .bind(canonical.to_owned())
    .bind(row.phone.clone())
    .bind(row.time_zone.clone())
    .bind(row.weekdays.clone())
    .bind(row.bands.clone())
    .bind(row.note.clone())
    .bind(visitor.to_owned())
    .bind(row.status)
    .bind(row.created_at)
    .bind(row.changed_at)
    .run()
    .await?;
    Ok(())
}

/// Moves a request on if it is still where the caller saw it; answers how many that were.
pub(super) async fn move_on(
    tx: &mut Tx,
    id: RequestId,
    from: RequestStatus,
    to: RequestStatus,
    now: Instant,
) -> sqlx::Result<u64> {
    tx.query("update booking_requests set status = $3, changed_at = $4 where id = $1 and status = $2")
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(now)
        .run()
        .await
}

pub(super) async fn set_proposal(
    tx: &mut Tx,
    id: RequestId,
    therapist: Option<TherapistId>,
    starts_at: Option<Instant>,
) -> sqlx::Result<()> {
    tx.query("update booking_requests set therapist_id = $2, starts_at = $3 where id = $1")
        .bind(id)
        .bind(therapist)
        .bind(starts_at)
        .run()
        .await?;
    Ok(())
}

pub(super) async fn set_booking(tx: &mut Tx, id: RequestId, booking: BookingId) -> sqlx::Result<()> {
    tx.query("update booking_requests set booking_id = $2 where id = $1").bind(id).bind(booking).run().await?;
    Ok(())
}

pub(super) async fn set_told(tx: &mut Tx, id: RequestId, told: String) -> sqlx::Result<()> {
    tx.query("update booking_requests set told = $2 where id = $1").bind(id).bind(told).run().await?;
    Ok(())
}
