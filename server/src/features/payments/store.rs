//! The SQL of payments.

mod bills;
mod inbox;
mod refunds;

pub(super) use bills::*;
pub(super) use inbox::*;
pub(super) use refunds::*;

use super::{ListedPayment, Payment};
use crate::db::{Conn, Tx};
use shared::ids::{BookingId, ClientId, PaymentId, PurchaseId, TherapistId};
use shared::payment::{PaymentFilter, PaymentMethod};
use shared::time::Instant;

macro_rules! payment_columns { ($rest:literal) => {
    concat!(
        "select p.id, p.client_id, p.therapist_id, p.booking_id, p.purchase_id, p.method, p.status, p.amount, p.currency,
                p.refunded_amount, p.reference, p.checkout_id, p.checkout_url, p.pay_until, p.intent_id, p.problem, p.note,
                p.recorded_by, p.received_at, p.created_at
         from payments p ", $rest)
} }

pub(super) async fn payment(conn: &mut Conn, id: PaymentId) -> sqlx::Result<Option<Payment>> {
    conn.query(payment_columns!("where p.id = $1")).bind(id).optional().await
}

pub(super) async fn by_checkout(conn: &mut Conn, checkout: &str) -> sqlx::Result<Option<Payment>> {
    conn.query(payment_columns!("where p.checkout_id = $1")).bind(checkout.to_owned()).optional().await
}

pub(super) async fn by_intent(conn: &mut Conn, intent: &str) -> sqlx::Result<Option<Payment>> {
    conn.query(payment_columns!("where p.intent_id = $1")).bind(intent.to_owned()).optional().await
}

pub(super) async fn of_booking(conn: &mut Conn, booking: BookingId) -> sqlx::Result<Vec<Payment>> {
    conn.query(payment_columns!("where p.booking_id = $1 order by p.created_at, p.id")).bind(booking).all().await
}

pub(super) async fn of_purchase(conn: &mut Conn, purchase: PurchaseId) -> sqlx::Result<Vec<Payment>> {
    conn.query(payment_columns!("where p.purchase_id = $1 order by p.created_at, p.id")).bind(purchase).all().await
}

/// Payments by card that should have been made by now.
pub(super) async fn overdue_checkouts(conn: &mut Conn, before: Instant) -> sqlx::Result<Vec<Payment>> {
    conn.query(payment_columns!(
        "where p.status = 'OPEN' and p.method = 'CARD' and p.pay_until < $1 order by p.pay_until limit 200"
    ))
    .bind(before)
    .all()
    .await
}

macro_rules! listed_columns { ($rest:literal) => {
    concat!(
        "select p.id, p.client_id, p.therapist_id, p.booking_id, p.purchase_id, p.method, p.status, p.amount, p.currency,
                p.refunded_amount, p.reference, p.checkout_id, p.checkout_url, p.pay_until, p.intent_id, p.problem, p.note,
                p.recorded_by, p.received_at, p.created_at, u.name as client_name, b.starts_at as session_at,
                k.name as package_name, i.number as receipt
         from payments p join clients c on c.id = p.client_id join users u on u.id = c.user_id
         left join bookings b on b.id = p.booking_id
         left join package_purchases q on q.id = p.purchase_id left join packages k on k.id = q.package_id
         left join invoices i on i.payment_id = p.id and i.kind = 'RECEIPT' ", $rest)
} }

pub(super) async fn of_client(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<ListedPayment>> {
    conn.query(listed_columns!("where p.client_id = $1 order by p.created_at desc, p.id desc limit 200"))
        .bind(client)
        .all()
        .await
}

pub(super) async fn listed(conn: &mut Conn, id: PaymentId) -> sqlx::Result<Option<ListedPayment>> {
    conn.query(listed_columns!("where p.id = $1")).bind(id).optional().await
}

/// A therapist's payments, newest first; `after` is the id the last page ended with.
pub(super) async fn of_therapist(
    conn: &mut Conn,
    therapist: TherapistId,
    filter: Option<PaymentFilter>,
    after: Option<PaymentId>,
    limit: i64,
) -> sqlx::Result<Vec<ListedPayment>> {
    let filter = filter.map(|filter| match filter {
        PaymentFilter::Paid => "PAID",
        PaymentFilter::Pending => "OPEN",
        PaymentFilter::Refunded => "REFUNDED",
        PaymentFilter::Unclear => "UNCLEAR",
    });
    conn.query(listed_columns!(
        "where p.therapist_id = $1
           and (cast($2 as text) is null or p.status = $2 or ($2 = 'REFUNDED' and p.refunded_amount > 0))
           and (cast($3 as uuid) is null or (p.created_at, p.id) < (select q.created_at, q.id from payments q where q.id = $3))
         order by p.created_at desc, p.id desc limit $4"
    ))
    .bind(therapist)
    .bind(filter.map(str::to_owned))
    .bind(after)
    .bind(limit)
    .all()
    .await
}

pub(super) async fn insert(tx: &mut Tx, payment: &Payment) -> sqlx::Result<u64> {
    tx.query(
        "insert into payments (id, client_id, therapist_id, booking_id, purchase_id, method, status, amount, currency,
             reference, pay_until, note, recorded_by, received_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         on conflict do nothing",
    )
    .bind(payment.id)
    .bind(payment.client_id)
    .bind(payment.therapist_id)
    .bind(payment.booking_id)
    .bind(payment.purchase_id)
    .bind(payment.method)
    .bind(payment.status)
    .bind(payment.amount)
    .bind(payment.currency)
    .bind(payment.reference.clone())
    .bind(payment.pay_until)
    .bind(payment.note.clone())
    .bind(payment.recorded_by)
    .bind(payment.received_at)
    .bind(payment.created_at)
    .run()
    .await
}

pub(super) async fn set_checkout(tx: &mut Tx, id: PaymentId, checkout: &str, url: Option<String>) -> sqlx::Result<u64> {
    tx.query(
        "update payments set checkout_id = $2, checkout_url = coalesce($3, checkout_url)
         where id = $1 and (checkout_id is null or checkout_id = $2)",
    )
    .bind(id)
    .bind(checkout.to_owned())
    .bind(url)
    .run()
    .await
}

/// Notes that the money is there, unless that is noted already. One of many who try does it.
pub(super) async fn set_paid(tx: &mut Tx, id: PaymentId, intent: Option<String>, at: Instant) -> sqlx::Result<u64> {
    tx.query(
        "update payments set status = 'PAID', intent_id = coalesce($2, intent_id), received_at = $3, problem = null
         where id = $1 and status in ('OPEN', 'EXPIRED')",
    )
    .bind(id)
    .bind(intent)
    .bind(at)
    .run()
    .await
}

/// Notes how a transfer that was announced came in.
pub(super) async fn set_received(
    tx: &mut Tx,
    id: PaymentId,
    method: PaymentMethod,
    amount: i64,
    by: shared::ids::UserId,
    at: Instant,
) -> sqlx::Result<u64> {
    tx.query(
        "update payments set status = 'PAID', method = $2, amount = $3, recorded_by = $4, received_at = $5
         where id = $1 and status in ('OPEN', 'EXPIRED') and method <> 'CARD'",
    )
    .bind(id)
    .bind(method)
    .bind(amount)
    .bind(by)
    .bind(at)
    .run()
    .await
}

pub(super) async fn set_note(tx: &mut Tx, id: PaymentId, note: Vec<u8>) -> sqlx::Result<()> {
    tx.query("update payments set note = $2 where id = $1").bind(id).bind(note).run().await?;
    Ok(())
}

pub(super) async fn set_expired(tx: &mut Tx, id: PaymentId) -> sqlx::Result<u64> {
    tx.query("update payments set status = 'EXPIRED' where id = $1 and status = 'OPEN'").bind(id).run().await
}

pub(super) async fn set_unclear(tx: &mut Tx, id: PaymentId, problem: &str) -> sqlx::Result<u64> {
    tx.query("update payments set status = 'UNCLEAR', problem = $2 where id = $1 and status in ('OPEN', 'EXPIRED')")
        .bind(id)
        .bind(problem.to_owned())
        .run()
        .await
}

/// Lets whoever else moves money of this booking wait until this write is done.
pub(super) async fn lock_of_booking(tx: &mut Tx, booking: BookingId) -> sqlx::Result<()> {
    tx.query("update payments set refunded_amount = refunded_amount where booking_id = $1").bind(booking).run().await?;
    Ok(())
}
