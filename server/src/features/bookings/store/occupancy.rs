//! The SQL of occupied time.

use super::super::Booking;
use crate::db::{Batch, Conn, Rows, Tx};
use shared::ids::{BookingId, ClientId, OccupancyId, RoomId, SessionTypeId, TherapistId};
use shared::slots::{Occupied, OccupiedKind};
use shared::time::{Instant, TimeRange};

/// A stretch of occupied time, as the slot engine reads it.
#[derive(sqlx::FromRow)]
pub(in super::super) struct OccupiedRow {
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
pub(in super::super) struct OccupancyKey {
    pub(in super::super) id: OccupancyId,
    pub(in super::super) therapist_id: TherapistId,
}

/// A stretch of time off.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in super::super) struct TimeOffRow {
    pub(in super::super) id: OccupancyId,
    pub(in super::super) starts_at: Instant,
    pub(in super::super) ends_at: Instant,
    pub(in super::super) note: Option<String>,
}

/// A stretch of time about to be taken.
#[derive(Debug, Clone)]
pub(in super::super) struct NewOccupancy {
    pub(in super::super) id: OccupancyId,
    pub(in super::super) kind: OccupiedKind,
    pub(in super::super) therapist_id: TherapistId,
    pub(in super::super) client_id: Option<ClientId>,
    pub(in super::super) room_id: Option<RoomId>,
    pub(in super::super) booking_id: Option<BookingId>,
    pub(in super::super) session_type_id: Option<SessionTypeId>,
    pub(in super::super) blocked: TimeRange,
    pub(in super::super) session: TimeRange,
    /// For a hold: the hash of its secret, whose it is, until when.
    pub(in super::super) hold: Option<(Vec<u8>, String, Instant)>,
    pub(in super::super) note: Option<String>,
    /// Why staff let it overlap on purpose; the guard leaves such a row aside.
    pub(in super::super) override_reason: Option<String>,
}

/// Asks what fills a therapist's time, holds that have run out left aside.
pub(in super::super) fn ask_occupied(
    batch: &mut Batch<'_>,
    therapist: TherapistId,
    from: Instant,
    until: Instant,
    now: Instant,
) -> Rows<OccupiedRow> {
    batch.all(
        "select kind, session_type_id, starts_at, ends_at, session_starts_at, session_ends_at from occupancy
         where therapist_id = $1 and ends_at > $2 and starts_at < $3 and (expires_at is null or expires_at > $4)
         order by starts_at",
        |it| it.bind(therapist).bind(from).bind(until).bind(now),
    )
}

/// A stretch for which a room is taken, or a room that is free all along.
#[derive(sqlx::FromRow)]
pub(in super::super) struct RoomRow {
    pub(in super::super) room_id: RoomId,
    starts_at: Option<Instant>,
    ends_at: Option<Instant>,
}

impl RoomRow {
    pub(in super::super) fn taken(&self) -> Option<TimeRange> {
        Some(TimeRange { starts_at: self.starts_at?, ends_at: self.ends_at? })
    }
}

/// Asks for every room in use with what it is taken for, holds that have run out left aside.
pub(in super::super) fn ask_rooms_taken(
    batch: &mut Batch<'_>,
    from: Instant,
    until: Instant,
    now: Instant,
) -> Rows<RoomRow> {
    batch.all(
        "select r.id as room_id, o.starts_at, o.ends_at from rooms r
         left join occupancy o on o.room_id = r.id and o.ends_at > $1 and o.starts_at < $2
             and (o.expires_at is null or o.expires_at > $3)
         where r.retired_at is null
         order by r.id, o.starts_at",
        |it| it.bind(from).bind(until).bind(now),
    )
}

pub(in super::super) async fn insert_occupancy(tx: &mut Tx, row: NewOccupancy, now: Instant) -> sqlx::Result<()> {
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
             session_starts_at, session_ends_at, hold_hash, held_by, expires_at, note, created_at, room_id, override_reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
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
    .bind(row.room_id)
    .bind(row.override_reason)
    .run()
    .await?;
    Ok(())
}

/// Deletes a row of occupied time; answers what it blocked, and in which room.
pub(in super::super) async fn delete_occupancy(
    tx: &mut Tx,
    id: OccupancyId,
) -> sqlx::Result<Option<(TimeRange, Option<RoomId>)>> {
    let row: Option<(Instant, Instant, Option<RoomId>)> = tx
        .query("delete from occupancy where id = $1 returning starts_at, ends_at, room_id")
        .bind(id)
        .optional()
        .await?;
    Ok(row.map(|(starts_at, ends_at, room)| (TimeRange { starts_at, ends_at }, room)))
}

/// How many other sessions a client has in a stretch of time, one of them left aside.
pub(in super::super) async fn client_occupied(
    conn: &mut Conn,
    client: ClientId,
    range: TimeRange,
    except: Option<BookingId>,
) -> sqlx::Result<i64> {
    conn.query(
        "select count(*) from occupancy
         where client_id = $1 and starts_at < $3 and ends_at > $2 and booking_id is not null
           and (cast($4 as uuid) is null or booking_id <> $4)",
    )
    .bind(client)
    .bind(range.starts_at)
    .bind(range.ends_at)
    .bind(except)
    .value()
    .await
}

pub(in super::super) async fn occupancy_of_booking(
    conn: &mut Conn,
    id: BookingId,
) -> sqlx::Result<Option<OccupancyKey>> {
    conn.query("select id, therapist_id from occupancy where booking_id = $1").bind(id).optional().await
}

/// Time that somebody would give back.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in super::super) struct OwnRow {
    pub(in super::super) therapist_id: TherapistId,
    pub(in super::super) room_id: Option<RoomId>,
    starts_at: Instant,
    ends_at: Instant,
}

impl OwnRow {
    /// What is blocked, buffers included.
    pub(in super::super) fn blocked(&self) -> TimeRange {
        TimeRange { starts_at: self.starts_at, ends_at: self.ends_at }
    }
}

/// What a hold keeps, by the hash of its secret, and what a session fills.
pub(in super::super) async fn own(
    conn: &mut Conn,
    hold: Option<Vec<u8>>,
    booking: Option<BookingId>,
) -> sqlx::Result<Vec<OwnRow>> {
    conn.query(
        "select therapist_id, room_id, starts_at, ends_at from occupancy
         where hold_hash = $1 or booking_id = $2",
    )
    .bind(hold)
    .bind(booking)
    .all()
    .await
}

/// A slot that is kept for somebody.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(in super::super) struct HeldRow {
    pub(in super::super) id: OccupancyId,
    pub(in super::super) therapist_id: TherapistId,
    pub(in super::super) session_type_id: Option<SessionTypeId>,
    pub(in super::super) session_starts_at: Instant,
    pub(in super::super) session_ends_at: Instant,
    pub(in super::super) starts_at: Instant,
    pub(in super::super) ends_at: Instant,
}

pub(in super::super) async fn hold_by_hash(conn: &mut Conn, hash: Vec<u8>) -> sqlx::Result<Option<HeldRow>> {
    conn.query(
        "select id, therapist_id, session_type_id, session_starts_at, session_ends_at, starts_at, ends_at
         from occupancy where hold_hash = $1 and kind = 'HOLD'",
    )
    .bind(hash)
    .optional()
    .await
}

pub(in super::super) async fn expired_hold(
    conn: &mut Conn,
    id: OccupancyId,
    now: Instant,
) -> sqlx::Result<Option<OccupancyKey>> {
    conn.query("select id, therapist_id from occupancy where id = $1 and kind = 'HOLD' and expires_at <= $2")
        .bind(id)
        .bind(now)
        .optional()
        .await
}

pub(in super::super) async fn holds_of(conn: &mut Conn, visitor: &str, now: Instant) -> sqlx::Result<i64> {
    conn.query("select count(*) from occupancy where kind = 'HOLD' and held_by = $1 and expires_at > $2")
        .bind(visitor.to_owned())
        .bind(now)
        .value()
        .await
}

/// Holds that have run out must not stand in the way until their job comes round, neither of a therapist nor of a room.
/// Answers whose they were.
pub(in super::super) async fn delete_expired_holds(
    tx: &mut Tx,
    therapist: TherapistId,
    range: TimeRange,
    now: Instant,
) -> sqlx::Result<Vec<(TherapistId,)>> {
    tx.query(
        "delete from occupancy
         where (therapist_id = $1 or room_id is not null) and kind = 'HOLD' and expires_at <= $2 and starts_at < $4 and ends_at > $3
         returning therapist_id",
    )
    .bind(therapist)
    .bind(now)
    .bind(range.starts_at)
    .bind(range.ends_at)
    .all()
    .await
}

pub(in super::super) async fn time_off(
    conn: &mut Conn,
    therapist: TherapistId,
    from: Instant,
) -> sqlx::Result<Vec<TimeOffRow>> {
    conn.query(
        "select id, starts_at, ends_at, note from occupancy
         where therapist_id = $1 and kind = 'TIME_OFF' and ends_at > $2 order by starts_at",
    )
    .bind(therapist)
    .bind(from)
    .all()
    .await
}

pub(in super::super) async fn time_off_row(conn: &mut Conn, id: OccupancyId) -> sqlx::Result<Option<OccupancyKey>> {
    conn.query("select id, therapist_id from occupancy where id = $1 and kind = 'TIME_OFF'").bind(id).optional().await
}

/// The sessions that block some of this stretch, with the buffers around them.
pub(in super::super) async fn booked_between(
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

/// The rooms in use that are free for a whole stretch, in the practice's own order.
pub(in super::super) async fn free_rooms(conn: &mut Conn, range: TimeRange, now: Instant) -> sqlx::Result<Vec<RoomId>> {
    let free: Vec<(RoomId,)> = conn
        .query(
            "select r.id from rooms r
             where r.retired_at is null and not exists (
                 select 1 from occupancy o
                 where o.room_id = r.id and o.starts_at < $2 and o.ends_at > $1 and (o.expires_at is null or o.expires_at > $3)
             )
             order by r.position, r.name, r.id",
        )
        .bind(range.starts_at)
        .bind(range.ends_at)
        .bind(now)
        .all()
        .await?;
    Ok(free.into_iter().map(|(id,)| id).collect())
}

/// Whether nothing blocks a stretch for this therapist or this client.
pub(in super::super) async fn is_free(
    conn: &mut Conn,
    therapist: TherapistId,
    client: Option<ClientId>,
    range: TimeRange,
    now: Instant,
) -> sqlx::Result<bool> {
    let count: i64 = conn
        .query(
            "select count(*) from occupancy
             where (therapist_id = $1 or client_id = $2) and starts_at < $4 and ends_at > $3
               and override_reason is null and (expires_at is null or expires_at > $5)",
        )
        .bind(therapist)
        .bind(client)
        .bind(range.starts_at)
        .bind(range.ends_at)
        .bind(now)
        .value()
        .await?;
    Ok(count == 0)
}
