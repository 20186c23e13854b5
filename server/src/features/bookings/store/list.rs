//! The SQL that looks bookings up by what they are.

use super::super::Booking;
use super::super::list::{BookingFilter, Tally};
use crate::db::{Conn, containing};
use shared::booking::{BookingStatus, read_reference};
use shared::ids::{BookingId, ClientId, SessionTypeId, TherapistId};
use shared::time::Instant;

macro_rules! listed { ($order:literal, $beyond:literal) => {
    booking_columns!(
        "where therapist_id = $1
           and (cast($2 as text) is null or source = $2)
           and (cast($3 as text) is null or modality = $3)
           and (cast($4 as uuid) is null or client_id = $4)
           and (cast($5 as text) is null or lower(guest_name) like $5 escape '!' or lower(guest_email) like $5 escape '!'
                or lower(reference) like $11 escape '!')
           and starts_at >= $6 and starts_at < $7
           and ($8 = 0 or (status in ('COMPLETED', 'NO_SHOW', 'CANCELLED') and coalesce((
                   select sum(e.amount) from ledger_entries e where e.booking_id = bookings.id and e.account = 'CLIENT'
               ), 0) > 0))
           and (cast($9 as uuid) is null or (starts_at, id) ",
        $beyond,
        " (select b2.starts_at, b2.id from bookings b2 where b2.id = $9))
           and status in ($list)
         order by starts_at ",
        $order,
        ", id ",
        $order,
        " limit $10"
    )
} }

pub(in super::super) async fn list(
    conn: &mut Conn,
    therapist: TherapistId,
    filter: &BookingFilter,
    limit: i64,
    after: Option<BookingId>,
) -> sqlx::Result<Vec<Booking>> {
    let sql = match filter.is_latest_first {
        Some(true) => listed!("desc", "<"),
        _ => listed!("asc", ">"),
    };
    let chosen = filter.statuses.as_deref().filter(|statuses| !statuses.is_empty()).unwrap_or(&BookingStatus::ALL);
    // A reference is read out with a dash or a blank.
    let search = filter.search.as_deref().map(str::trim);
    let reference = search.map(|typed| read_reference(typed).unwrap_or_else(|| typed.replace('-', "")));
    conn.query(sql)
        .bind(therapist)
        .bind(filter.source)
        .bind(filter.modality)
        .bind(filter.client_id)
        .bind(containing(filter.search.as_deref()))
        .bind(filter.from.unwrap_or(Instant::EARLIEST))
        .bind(filter.until.unwrap_or(Instant::LATEST))
        .bind(i64::from(filter.is_overdue == Some(true)))
        .bind(after)
        .bind(limit)
        .bind(containing(reference.as_deref()))
        .bind_list(chosen.iter().map(|status| code(*status)))
        .all()
        .await
}

pub(in super::super) async fn of_client(
    conn: &mut Conn,
    client: ClientId,
    limit: i64,
    after: Option<BookingId>,
) -> sqlx::Result<Vec<Booking>> {
    conn.query(booking_columns!(
        "where client_id = $1
           and (cast($2 as uuid) is null or (starts_at, id) < (select b2.starts_at, b2.id from bookings b2 where b2.id = $2))
         order by starts_at desc, id desc limit $3"
    ))
    .bind(client)
    .bind(after)
    .bind(limit)
    .all()
    .await
}

/// Sessions with a fee that waits for a decision.
pub(in super::super) async fn with_fees_waiting(conn: &mut Conn, therapist: TherapistId) -> sqlx::Result<Vec<Booking>> {
    conn.query(booking_columns!(
        "where therapist_id = $1 and id in (select booking_id from fees where state = 'PROPOSED') order by starts_at"
    ))
    .bind(therapist)
    .all()
    .await
}

fn code(status: BookingStatus) -> &'static str {
    match status {
        BookingStatus::PendingPayment => "PENDING_PAYMENT",
        BookingStatus::Confirmed => "CONFIRMED",
        BookingStatus::Completed => "COMPLETED",
        BookingStatus::NoShow => "NO_SHOW",
        BookingStatus::Cancelled => "CANCELLED",
        BookingStatus::Expired => "EXPIRED",
    }
}

/// Whether a client has a session of a type ahead.
pub(in super::super) async fn has_ahead(
    conn: &mut Conn,
    client: ClientId,
    session_type: SessionTypeId,
    now: Instant,
) -> sqlx::Result<bool> {
    let count: i64 = conn
        .query(
            "select count(*) from bookings
             where client_id = $1 and session_type_id = $2 and starts_at > $3 and status in ('CONFIRMED', 'PENDING_PAYMENT')",
        )
        .bind(client)
        .bind(session_type)
        .bind(now)
        .value()
        .await?;
    Ok(count > 0)
}

/// What became of a client's paid sessions, counted.
pub(in super::super) async fn tally(conn: &mut Conn, client: ClientId) -> sqlx::Result<Tally> {
    conn.query(
        "select coalesce(sum(case when status = 'COMPLETED' then 1 else 0 end), 0) as completed,
                coalesce(sum(case when status = 'CANCELLED' and is_late and cancelled_by = 'CLIENT' then 1 else 0 end), 0)
                    as late_cancels,
                coalesce(sum(case when status = 'NO_SHOW' then 1 else 0 end), 0) as no_shows
         from bookings where client_id = $1 and policy_id is not null",
    )
    .bind(client)
    .one()
    .await
}
