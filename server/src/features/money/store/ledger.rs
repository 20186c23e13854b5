//! The SQL of the ledger.

use super::super::ledger::{Line, Posting, Sum};
use crate::db::{Conn, Tx};
use shared::ids::{BookingId, ClientId, MovementId, PurchaseId};
use shared::ledger::{Account, Entry};
use shared::time::Instant;

pub(in super::super) async fn insert_entry(
    tx: &mut Tx,
    movement: MovementId,
    position: i64,
    posting: &Posting,
    entry: &Entry,
    at: Instant,
) -> sqlx::Result<()> {
    tx.query(
        "insert into ledger_entries (movement_id, position, kind, account, client_id, booking_id, purchase_id, payment_id,
             amount, unit, note, actor_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(movement)
    .bind(position)
    .bind(posting.kind)
    .bind(entry.account)
    .bind(posting.client_id)
    .bind(posting.booking_id)
    .bind(posting.purchase_id)
    .bind(posting.payment_id)
    .bind(entry.amount)
    .bind(entry.unit.code().to_owned())
    .bind(posting.note.clone())
    .bind(posting.actor)
    .bind(at)
    .run()
    .await?;
    Ok(())
}

pub(in super::super) async fn owed_by_client(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<Sum>> {
    conn.query(
        "select unit, cast(sum(amount) as bigint) as amount from ledger_entries
         where client_id = $1 and account = 'CLIENT' group by unit order by unit",
    )
    .bind(client)
    .all()
    .await
}

pub(in super::super) async fn owed_for_booking(conn: &mut Conn, booking: BookingId) -> sqlx::Result<Vec<Sum>> {
    conn.query(
        "select unit, cast(sum(amount) as bigint) as amount from ledger_entries
         where booking_id = $1 and account = 'CLIENT' group by unit order by unit",
    )
    .bind(booking)
    .all()
    .await
}

pub(in super::super) async fn owed_for_purchase(conn: &mut Conn, purchase: PurchaseId) -> sqlx::Result<Vec<Sum>> {
    conn.query(
        "select unit, cast(sum(amount) as bigint) as amount from ledger_entries
         where purchase_id = $1 and account = 'CLIENT' group by unit order by unit",
    )
    .bind(purchase)
    .all()
    .await
}

pub(in super::super) async fn in_account(
    conn: &mut Conn,
    booking: BookingId,
    account: Account,
) -> sqlx::Result<Vec<Sum>> {
    conn.query(
        "select unit, cast(sum(amount) as bigint) as amount from ledger_entries
         where booking_id = $1 and account = $2 group by unit order by unit",
    )
    .bind(booking)
    .bind(account)
    .all()
    .await
}

pub(in super::super) async fn paid_for(
    conn: &mut Conn,
    client: ClientId,
    booking: BookingId,
) -> sqlx::Result<Vec<Sum>> {
    conn.query(
        "select unit, cast(sum(amount) as bigint) as amount from ledger_entries
         where booking_id = $1 and client_id = $2 and account in ('CARD', 'BANK', 'CASH') group by unit order by unit",
    )
    .bind(booking)
    .bind(client)
    .all()
    .await
}

/// What was charged for a session by mistake and taken back is left out, as is what was charged before that.
pub(in super::super) async fn lines(conn: &mut Conn, client: ClientId, limit: i64) -> sqlx::Result<Vec<Line>> {
    conn.query(
        "select e.movement_id, e.kind, e.amount, e.unit, e.booking_id, b.starts_at as session_at, e.at
         from ledger_entries e left join bookings b on b.id = e.booking_id
         where e.client_id = $1 and e.account = 'CLIENT'
           and (e.kind <> 'CHARGE' or e.booking_id is null or (e.amount > 0 and not exists (
               select 1 from ledger_entries l
               where l.booking_id = e.booking_id and l.account = 'CLIENT' and l.kind = 'CHARGE'
                 and (l.at, l.movement_id) > (e.at, e.movement_id))))
         order by e.at desc, e.movement_id desc limit $2",
    )
    .bind(client)
    .bind(limit)
    .all()
    .await
}

pub(in super::super) async fn lines_of_booking(conn: &mut Conn, booking: BookingId) -> sqlx::Result<Vec<Line>> {
    conn.query(
        "select e.movement_id, e.kind, e.amount, e.unit, e.booking_id, b.starts_at as session_at, e.at
         from ledger_entries e join bookings b on b.id = e.booking_id
         where e.booking_id = $1 and e.account = 'CLIENT' order by e.at, e.movement_id",
    )
    .bind(booking)
    .all()
    .await
}

pub(in super::super) async fn lines_of_purchase(conn: &mut Conn, purchase: PurchaseId) -> sqlx::Result<Vec<Line>> {
    conn.query(
        "select e.movement_id, e.kind, e.amount, e.unit, e.booking_id, cast(null as timestamptz) as session_at, e.at
         from ledger_entries e where e.purchase_id = $1 and e.account = 'CLIENT' order by e.at, e.movement_id",
    )
    .bind(purchase)
    .all()
    .await
}

/// How many movements do not sum to zero in one of their units.
pub(in super::super) async fn unbalanced(conn: &mut Conn) -> sqlx::Result<i64> {
    conn.query(
        "select count(*) from (
             select movement_id from ledger_entries group by movement_id, unit having sum(amount) <> 0
         ) as broken",
    )
    .value()
    .await
}
