//! The SQL of bookings.

macro_rules! booking_columns { ($($rest:tt)*) => {
    concat!(
        "select id, reference, client_id, therapist_id, session_type_id, status, source, starts_at, ends_at, local_date,
                local_time, time_zone, modality, price_amount, price_currency, price_source, due_now, pay_until, purchase_id,
                policy_id, series_id, series_date, room_id, reschedules, guest_name, guest_email, guest_phone, guest_time_zone,
                calendar_sequence, told_sequence, therapist_told_sequence, cancelled_at, cancelled_by, cancel_reason, is_late,
                is_waived, client_confirmed_at, created_at
         from bookings ", $($rest)*)
} }

mod list;
mod occupancy;
mod standing;
mod steps;
mod undo;

pub(super) use list::*;
pub(super) use occupancy::*;
pub(super) use standing::*;
pub(super) use steps::*;
pub(super) use undo::*;

use super::place::Past;
use super::{Audience, Booking};
use crate::db::{Conn, Tx};
use crate::features::accounts::User;
use shared::booking::{BookingStatus, CancelledBy};
use shared::ids::{BookingId, ClientId, RoomId, TherapistId};
use shared::time::{Date, Instant, LocalTime};

pub(super) async fn booking(conn: &mut Conn, id: BookingId) -> sqlx::Result<Option<Booking>> {
    conn.query(booking_columns!("where id = $1")).bind(id).optional().await
}

pub(super) async fn some(conn: &mut Conn, ids: &[BookingId]) -> sqlx::Result<Vec<Booking>> {
    conn.query(booking_columns!("where id in ($list)")).bind_list(ids.iter().copied()).all().await
}

pub(super) async fn by_reference(conn: &mut Conn, reference: &str) -> sqlx::Result<Option<Booking>> {
    conn.query(booking_columns!("where reference = $1")).bind(reference.to_owned()).optional().await
}

pub(super) async fn by_manage_hash(conn: &mut Conn, hash: Vec<u8>) -> sqlx::Result<Option<Booking>> {
    conn.query(booking_columns!("where manage_hash = $1")).bind(hash).optional().await
}

pub(super) async fn of_therapist(
    conn: &mut Conn,
    therapist: TherapistId,
    from: Instant,
    until: Instant,
) -> sqlx::Result<Vec<Booking>> {
    conn.query(booking_columns!("where therapist_id = $1 and starts_at >= $2 and starts_at < $3 order by starts_at"))
        .bind(therapist)
        .bind(from)
        .bind(until)
        .all()
        .await
}

pub(super) async fn unattached(conn: &mut Conn, canonical: &str) -> sqlx::Result<Vec<BookingId>> {
    let rows: Vec<(BookingId,)> = conn
        .query("select id from bookings where guest_email_canonical = $1 and client_id is null order by starts_at")
        .bind(canonical.to_owned())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn confirmed_of_client(conn: &mut Conn, client: ClientId) -> sqlx::Result<i64> {
    conn.query("select count(*) from bookings where client_id = $1 and status = 'CONFIRMED'").bind(client).value().await
}

pub(super) async fn of_client_at(conn: &mut Conn, client: ClientId, at: Instant) -> sqlx::Result<Option<BookingId>> {
    let row: Option<(BookingId,)> = conn
        .query(
            "select id from bookings
             where client_id = $1 and starts_at = $2 and status in ('CONFIRMED', 'PENDING_PAYMENT') limit 1",
        )
        .bind(client)
        .bind(at)
        .optional()
        .await?;
    Ok(row.map(|(id,)| id))
}

/// What a booking row holds that nobody reads with it.
pub(super) struct NewBooking {
    /// The one form of the guest's address.
    pub(super) canonical: String,
    /// The hash of the manage link's secret.
    pub(super) manage_hash: Vec<u8>,
    /// Whose guest bookings are counted together.
    pub(super) booked_by: Option<String>,
}

/// Discovery calls ahead that one visitor has booked.
pub(super) async fn ahead_of_visitor(conn: &mut Conn, visitor: &str, now: Instant, most: i64) -> sqlx::Result<i64> {
    conn.query(
        "select count(*) from (
             select 1 from bookings where booked_by = $1 and starts_at > $2 and status = 'CONFIRMED' limit $3
         ) as ahead",
    )
    .bind(visitor.to_owned())
    .bind(now)
    .bind(most)
    .value()
    .await
}

/// Sessions ahead that a client has booked themselves; standing places are left out.
pub(super) async fn ahead_of_client(conn: &mut Conn, client: ClientId, now: Instant) -> sqlx::Result<i64> {
    conn.query(
        "select count(*) from bookings
         where client_id = $1 and starts_at > $2 and status in ('CONFIRMED', 'PENDING_PAYMENT') and series_id is null",
    )
    .bind(client)
    .bind(now)
    .value()
    .await
}

/// Late cancellations of a client that were on the house since a moment.
pub(super) async fn waived_since(conn: &mut Conn, client: ClientId, since: Instant) -> sqlx::Result<i64> {
    conn.query("select count(*) from bookings where client_id = $1 and is_waived and cancelled_at > $2")
        .bind(client)
        .bind(since)
        .value()
        .await
}

pub(super) async fn insert(tx: &mut Tx, booking: &Booking, new: NewBooking) -> sqlx::Result<()> {
    tx.query(
        "insert into bookings (id, reference, client_id, therapist_id, session_type_id, status, source, starts_at, ends_at,
             local_date, local_time, time_zone, modality, price_amount, price_currency, price_source, due_now, pay_until,
             purchase_id, policy_id, series_id, series_date, room_id, guest_name, guest_email, guest_email_canonical,
             guest_phone, guest_time_zone, manage_hash, created_at, booked_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
             $24, $25, $26, $27, $28, $29, $30, $31)",
    )
    .bind(booking.id)
    .bind(booking.reference.clone())
    .bind(booking.client_id)
    .bind(booking.therapist_id)
    .bind(booking.session_type_id)
    .bind(booking.status)
    .bind(booking.source)
    .bind(booking.starts_at)
    .bind(booking.ends_at)
    .bind(booking.local_date)
    .bind(booking.local_time)
    .bind(booking.time_zone.clone())
    .bind(booking.modality)
    .bind(booking.price_amount)
    .bind(booking.price_currency)
    .bind(booking.price_source)
    .bind(booking.due_now)
    .bind(booking.pay_until)
    .bind(booking.purchase_id)
    .bind(booking.policy_id)
    .bind(booking.series_id)
    .bind(booking.series_date)
    .bind(booking.room_id)
    .bind(booking.guest_name.clone())
    .bind(booking.guest_email.clone())
    .bind(new.canonical)
    .bind(booking.guest_phone.clone())
    .bind(booking.guest_time_zone.clone())
    .bind(new.manage_hash)
    .bind(booking.created_at)
    .bind(new.booked_by)
    .later()
    .await
}

/// What calling off leaves on a booking.
pub(super) struct Cancelled {
    pub(super) by: CancelledBy,
    pub(super) reason: Option<String>,
    pub(super) is_late: bool,
    pub(super) is_waived: bool,
}

pub(super) async fn cancel(tx: &mut Tx, id: BookingId, cancelled: Cancelled, now: Instant) -> sqlx::Result<u64> {
    tx.query(
        "update bookings set status = 'CANCELLED', cancelled_at = $2, cancelled_by = $3, cancel_reason = $4,
             is_late = $5, is_waived = $6, pay_until = null, calendar_sequence = calendar_sequence + 1
         where id = $1 and status in ('CONFIRMED', 'PENDING_PAYMENT')",
    )
    .bind(id)
    .bind(now)
    .bind(cancelled.by)
    .bind(cancelled.reason)
    .bind(cancelled.is_late)
    .bind(cancelled.is_waived)
    .run()
    .await
}

/// Where a session moves to.
pub(super) struct Moved {
    pub(super) starts_at: Instant,
    pub(super) ends_at: Instant,
    pub(super) local_date: Date,
    pub(super) local_time: LocalTime,
    pub(super) room_id: Option<RoomId>,
    /// Whether it counts towards how often a client may move it.
    pub(super) counts: bool,
}

pub(super) async fn set_time(tx: &mut Tx, id: BookingId, to: Moved) -> sqlx::Result<u64> {
    tx.query(
        "update bookings set starts_at = $2, ends_at = $3, local_date = $4, local_time = $5, room_id = $6,
             reschedules = reschedules + $7, calendar_sequence = calendar_sequence + 1, client_confirmed_at = null
         where id = $1 and status = 'CONFIRMED'",
    )
    .bind(id)
    .bind(to.starts_at)
    .bind(to.ends_at)
    .bind(to.local_date)
    .bind(to.local_time)
    .bind(to.room_id)
    .bind(i64::from(to.counts))
    .run()
    .await
}

/// Changes how a client is called and reached in what is not over and says what was true before: what somebody typed for
/// one booking stays theirs. Answers with the bookings it changed and their therapists.
pub(super) async fn set_guest(
    tx: &mut Tx,
    client: ClientId,
    before: &User,
    after: &User,
    now: Instant,
) -> sqlx::Result<Vec<(BookingId, TherapistId)>> {
    tx.query(
        "update bookings set guest_name = $4, guest_phone = $5
         where client_id = $1 and guest_name = $2 and guest_phone = $3 and ends_at > $6
         returning id, therapist_id",
    )
    .bind(client)
    .bind(before.name.clone())
    .bind(before.phone.clone())
    .bind(after.name.clone())
    .bind(after.phone.clone())
    .bind(now)
    .all()
    .await
}

/// Notes that the client will come, unless they have said so before.
pub(super) async fn set_client_confirmed(tx: &mut Tx, id: BookingId, now: Instant) -> sqlx::Result<u64> {
    tx.query(
        "update bookings set client_confirmed_at = $2
         where id = $1 and status = 'CONFIRMED' and client_confirmed_at is null",
    )
    .bind(id)
    .bind(now)
    .run()
    .await
}

/// The sessions ahead of one client, or of everybody.
pub(super) async fn confirmed_ahead(
    conn: &mut Conn,
    client: Option<ClientId>,
    now: Instant,
) -> sqlx::Result<Vec<BookingId>> {
    let rows: Vec<(BookingId,)> = conn
        .query(
            "select id from bookings
             where status = 'CONFIRMED' and starts_at > $1 and (cast($2 as uuid) is null or client_id = $2)
             order by starts_at, id",
        )
        .bind(now)
        .bind(client)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The date and time that were agreed for a session, and where it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct AgreedTime {
    pub(super) id: BookingId,
    pub(super) starts_at: Instant,
    pub(super) local_date: Date,
    pub(super) local_time: LocalTime,
    pub(super) time_zone: String,
}

/// Those of the sessions ahead that belong to no standing place and were agreed in this zone.
pub(super) async fn agreed_times(conn: &mut Conn, zone: &str, now: Instant) -> sqlx::Result<Vec<AgreedTime>> {
    conn.query(
        "select id, starts_at, local_date, local_time, time_zone from bookings
         where status = 'CONFIRMED' and starts_at > $1 and series_id is null and time_zone = $2",
    )
    .bind(now)
    .bind(zone.to_owned())
    .all()
    .await
}

/// Moves a booking from one status to another, if it still has the first.
pub(super) async fn set_status(
    tx: &mut Tx,
    id: BookingId,
    from: BookingStatus,
    to: BookingStatus,
) -> sqlx::Result<u64> {
    tx.query("update bookings set status = $3, pay_until = null where id = $1 and status = $2")
        .bind(id)
        .bind(from)
        .bind(to)
        .run()
        .await
}

pub(super) async fn keep_until(tx: &mut Tx, id: BookingId, until: Instant) -> sqlx::Result<()> {
    tx.query("update bookings set pay_until = $2 where id = $1 and status = 'PENDING_PAYMENT' and pay_until < $2")
        .bind(id)
        .bind(until)
        .run()
        .await?;
    Ok(())
}

/// What somebody brings along from elsewhere is as it was there.
pub(super) async fn set_past(tx: &mut Tx, id: BookingId, past: &Past) -> sqlx::Result<()> {
    let status = if past.status == BookingStatus::Cancelled { BookingStatus::Confirmed } else { past.status };
    tx.query("update bookings set reference = $2, status = $3, created_at = $4 where id = $1")
        .bind(id)
        .bind(past.reference.clone())
        .bind(status)
        .bind(past.made_at)
        .run()
        .await?;
    tx.query("update booking_steps set at = $2 where booking_id = $1").bind(id).bind(past.made_at).run().await?;
    Ok(())
}

/// Sessions that are over and that nobody has said anything about.
pub(super) async fn to_complete(conn: &mut Conn, now: Instant, limit: i64) -> sqlx::Result<Vec<BookingId>> {
    let rows: Vec<(BookingId,)> = conn
        .query("select id from bookings where status = 'CONFIRMED' and ends_at <= $1 order by ends_at limit $2")
        .bind(now)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn set_told(tx: &mut Tx, id: BookingId, audience: Audience, sequence: i64) -> sqlx::Result<()> {
    let sql = match audience {
        Audience::Client => "update bookings set told_sequence = $2 where id = $1",
        Audience::Therapist => "update bookings set therapist_told_sequence = $2 where id = $1",
    };
    tx.query(sql).bind(id).bind(sequence).run().await?;
    Ok(())
}

pub(super) async fn set_untold(tx: &mut Tx, id: BookingId, audience: Audience, sequence: i64) -> sqlx::Result<()> {
    let sql = match audience {
        Audience::Client => {
            "update bookings set told_sequence = $2 where id = $1 and told_sequence is null and calendar_sequence = $2"
        }
        Audience::Therapist => {
            "update bookings set therapist_told_sequence = $2
             where id = $1 and therapist_told_sequence is null and calendar_sequence = $2"
        }
    };
    tx.query(sql).bind(id).bind(sequence).run().await?;
    Ok(())
}

pub(super) async fn attach(tx: &mut Tx, id: BookingId, client: ClientId) -> sqlx::Result<()> {
    tx.query("update bookings set client_id = $2 where id = $1 and client_id is null")
        .bind(id)
        .bind(client)
        .run()
        .await?;
    tx.query("update occupancy set client_id = $2 where booking_id = $1").bind(id).bind(client).run().await?;
    Ok(())
}
