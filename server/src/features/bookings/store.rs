//! The SQL of bookings and occupied time.

use super::{Audience, Booking};
use crate::db::{Conn, Tx};
use shared::booking::CancelledBy;
use shared::ids::{BookingId, ClientId, OccupancyId, SessionTypeId, TherapistId};
use shared::slots::{Occupied, OccupiedKind};
use shared::time::{Instant, TimeRange};

macro_rules! booking_columns { ($rest:literal) => {
    concat!(
        "select id, reference, client_id, therapist_id, session_type_id, status, starts_at, ends_at, local_date, local_time,
                time_zone, modality, price_amount, price_currency, guest_name, guest_email, guest_phone, guest_time_zone,
                calendar_sequence, told_sequence, therapist_told_sequence, cancelled_at, cancelled_by, cancel_reason, created_at
         from bookings ", $rest)
} }

/// A stretch of occupied time, as the slot engine reads it.
#[derive(sqlx::FromRow)]
pub(super) struct OccupiedRow {
    kind: String,
    session_type_id: Option<SessionTypeId>,
    starts_at: Instant,
    ends_at: Instant,
    session_starts_at: Instant,
    session_ends_at: Instant,
}

impl From<OccupiedRow> for Occupied {
    fn from(row: OccupiedRow) -> Self {
        Occupied {
            range: TimeRange { starts_at: row.starts_at, ends_at: row.ends_at },
            session: TimeRange { starts_at: row.session_starts_at, ends_at: row.session_ends_at },
            kind: match row.kind.as_str() {
                "BOOKING" => OccupiedKind::Booking,
                "HOLD" => OccupiedKind::Hold,
                "SERIES" => OccupiedKind::Series,
                _ => OccupiedKind::TimeOff,
            },
            session_type_id: row.session_type_id,
        }
    }
}

/// Which row of occupied time, and whose.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(super) struct OccupancyKey {
    pub(super) id: OccupancyId,
    pub(super) therapist_id: TherapistId,
}

/// A stretch of time off.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct TimeOffRow {
    pub(super) id: OccupancyId,
    pub(super) starts_at: Instant,
    pub(super) ends_at: Instant,
    pub(super) note: Option<String>,
}

/// A stretch of time about to be taken.
#[derive(Debug, Clone)]
pub(super) struct NewOccupancy {
    pub(super) id: OccupancyId,
    pub(super) kind: OccupiedKind,
    pub(super) therapist_id: TherapistId,
    pub(super) client_id: Option<ClientId>,
    pub(super) booking_id: Option<BookingId>,
    pub(super) session_type_id: Option<SessionTypeId>,
    pub(super) blocked: TimeRange,
    pub(super) session: TimeRange,
    /// For a hold: the hash of its secret, whose it is, until when.
    pub(super) hold: Option<(Vec<u8>, String, Instant)>,
    pub(super) note: Option<String>,
}

pub(super) async fn booking(conn: &mut Conn, id: BookingId) -> sqlx::Result<Option<Booking>> {
    conn.query(booking_columns!("where id = $1")).bind(id).optional().await
}

pub(super) async fn by_reference(conn: &mut Conn, reference: &str) -> sqlx::Result<Option<Booking>> {
    conn.query(booking_columns!("where reference = $1")).bind(reference.to_owned()).optional().await
}

pub(super) async fn by_manage_hash(conn: &mut Conn, hash: Vec<u8>) -> sqlx::Result<Option<Booking>> {
    conn.query(booking_columns!("where manage_hash = $1")).bind(hash).optional().await
}

pub(super) async fn of_client(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<Booking>> {
    conn.query(booking_columns!("where client_id = $1 order by starts_at desc limit 200")).bind(client).all().await
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
pub(super) async fn ahead_of_visitor(conn: &mut Conn, visitor: &str, now: Instant) -> sqlx::Result<i64> {
    conn.query("select count(*) from bookings where booked_by = $1 and starts_at > $2 and status = 'CONFIRMED'")
        .bind(visitor.to_owned())
        .bind(now)
        .value()
        .await
}

pub(super) async fn insert(tx: &mut Tx, booking: &Booking, new: NewBooking) -> sqlx::Result<()> {
    tx.query(
        "insert into bookings (id, reference, client_id, therapist_id, session_type_id, status, starts_at, ends_at,
             local_date, local_time, time_zone, modality, price_amount, price_currency, guest_name, guest_email,
             guest_email_canonical, guest_phone, guest_time_zone, manage_hash, created_at, booked_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
    )
    .bind(booking.id)
    .bind(booking.reference.clone())
    .bind(booking.client_id)
    .bind(booking.therapist_id)
    .bind(booking.session_type_id)
    .bind(booking.status)
    .bind(booking.starts_at)
    .bind(booking.ends_at)
    .bind(booking.local_date)
    .bind(booking.local_time)
    .bind(booking.time_zone.clone())
    .bind(booking.modality)
    .bind(booking.price_amount)
    .bind(booking.price_currency)
    .bind(booking.guest_name.clone())
    .bind(booking.guest_email.clone())
    .bind(new.canonical)
    .bind(booking.guest_phone.clone())
    .bind(booking.guest_time_zone.clone())
    .bind(new.manage_hash)
    .bind(booking.created_at)
    .bind(new.booked_by)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn cancel(
    tx: &mut Tx,
    id: BookingId,
    by: CancelledBy,
    reason: Option<String>,
    now: Instant,
) -> sqlx::Result<u64> {
    tx.query(
        "update bookings set status = 'CANCELLED', cancelled_at = $2, cancelled_by = $3, cancel_reason = $4,
             calendar_sequence = calendar_sequence + 1
         where id = $1 and status = 'CONFIRMED'",
    )
    .bind(id)
    .bind(now)
    .bind(by)
    .bind(reason)
    .run()
    .await
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

/// What fills a therapist's time, holds that have run out left aside.
pub(super) async fn occupied(
    conn: &mut Conn,
    therapist: TherapistId,
    from: Instant,
    until: Instant,
    now: Instant,
) -> sqlx::Result<Vec<OccupiedRow>> {
    conn.query(
        "select kind, session_type_id, starts_at, ends_at, session_starts_at, session_ends_at from occupancy
         where therapist_id = $1 and ends_at > $2 and starts_at < $3 and (expires_at is null or expires_at > $4)
         order by starts_at",
    )
    .bind(therapist)
    .bind(from)
    .bind(until)
    .bind(now)
    .all()
    .await
}

pub(super) async fn insert_occupancy(tx: &mut Tx, row: NewOccupancy, now: Instant) -> sqlx::Result<()> {
    let kind = match row.kind {
        OccupiedKind::Booking => "BOOKING",
        OccupiedKind::Hold => "HOLD",
        OccupiedKind::Series => "SERIES",
        OccupiedKind::TimeOff | OccupiedKind::External => "TIME_OFF",
    };
    let (hash, held_by, expires_at) = match row.hold {
        Some((hash, held_by, expires_at)) => (Some(hash), Some(held_by), Some(expires_at)),
        None => (None, None, None),
    };
    tx.query(
        "insert into occupancy (id, kind, therapist_id, client_id, booking_id, session_type_id, starts_at, ends_at,
             session_starts_at, session_ends_at, hold_hash, held_by, expires_at, note, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(row.id)
    .bind(kind.to_owned())
    .bind(row.therapist_id)
    .bind(row.client_id)
    .bind(row.booking_id)
    .bind(row.session_type_id)
    .bind(row.blocked.starts_at)
    .bind(row.blocked.ends_at)
    .bind(row.session.starts_at)
    .bind(row.session.ends_at)
    .bind(hash)
    .bind(held_by)
    .bind(expires_at)
    .bind(row.note)
    .bind(now)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn delete_occupancy(tx: &mut Tx, id: OccupancyId) -> sqlx::Result<()> {
    tx.query("delete from occupancy where id = $1").bind(id).run().await?;
    Ok(())
}

pub(super) async fn occupancy_of_booking(conn: &mut Conn, id: BookingId) -> sqlx::Result<Option<OccupancyKey>> {
    conn.query("select id, therapist_id from occupancy where booking_id = $1").bind(id).optional().await
}

/// A slot that is kept for somebody.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(super) struct HeldRow {
    pub(super) id: OccupancyId,
    pub(super) therapist_id: TherapistId,
    pub(super) session_type_id: Option<SessionTypeId>,
    pub(super) session_starts_at: Instant,
}

pub(super) async fn hold_by_hash(conn: &mut Conn, hash: Vec<u8>) -> sqlx::Result<Option<HeldRow>> {
    conn.query("select id, therapist_id, session_type_id, session_starts_at from occupancy where hold_hash = $1 and kind = 'HOLD'")
        .bind(hash)
        .optional()
        .await
}

pub(super) async fn expired_hold(conn: &mut Conn, id: OccupancyId, now: Instant) -> sqlx::Result<Option<OccupancyKey>> {
    conn.query("select id, therapist_id from occupancy where id = $1 and kind = 'HOLD' and expires_at <= $2")
        .bind(id)
        .bind(now)
        .optional()
        .await
}

pub(super) async fn holds_of(conn: &mut Conn, visitor: &str, now: Instant) -> sqlx::Result<i64> {
    conn.query("select count(*) from occupancy where kind = 'HOLD' and held_by = $1 and expires_at > $2")
        .bind(visitor.to_owned())
        .bind(now)
        .value()
        .await
}

/// Holds that have run out must not stand in the way until their job comes round.
pub(super) async fn delete_expired_holds(
    tx: &mut Tx,
    therapist: TherapistId,
    range: TimeRange,
    now: Instant,
) -> sqlx::Result<()> {
    tx.query(
        "delete from occupancy where therapist_id = $1 and kind = 'HOLD' and expires_at <= $2 and starts_at < $4 and ends_at > $3",
    )
    .bind(therapist)
    .bind(now)
    .bind(range.starts_at)
    .bind(range.ends_at)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn time_off(conn: &mut Conn, therapist: TherapistId, from: Instant) -> sqlx::Result<Vec<TimeOffRow>> {
    conn.query(
        "select id, starts_at, ends_at, note from occupancy
         where therapist_id = $1 and kind = 'TIME_OFF' and ends_at > $2 order by starts_at",
    )
    .bind(therapist)
    .bind(from)
    .all()
    .await
}

pub(super) async fn time_off_row(conn: &mut Conn, id: OccupancyId) -> sqlx::Result<Option<OccupancyKey>> {
    conn.query("select id, therapist_id from occupancy where id = $1 and kind = 'TIME_OFF'").bind(id).optional().await
}

/// The sessions that block some of this stretch, with the buffers around them.
pub(super) async fn booked_between(
    conn: &mut Conn,
    therapist: TherapistId,
    range: TimeRange,
) -> sqlx::Result<Vec<Booking>> {
    conn.query(booking_columns!(
        "where id in (select booking_id from occupancy where therapist_id = $1 and starts_at < $3 and ends_at > $2)
         order by starts_at"
    ))
    .bind(therapist)
    .bind(range.starts_at)
    .bind(range.ends_at)
    .all()
    .await
}
