//! The SQL of refunds.

use super::super::{ListedRefund, Refund};
use crate::db::{Conn, Tx};
use shared::ids::{PaymentId, RefundId, TherapistId};
use shared::time::Instant;

macro_rules! refund_columns { ($rest:literal) => {
    concat!(
        "select r.id, r.payment_id, r.amount, r.currency, r.status, r.cause, r.reason, r.asked_by, r.vendor_id, r.problem,
                r.stays_owed, r.waived_amount, r.created_at, r.done_at
         from refunds r ", $rest)
} }

pub(in super::super) async fn refund(conn: &mut Conn, id: RefundId) -> sqlx::Result<Option<Refund>> {
    conn.query(refund_columns!("where r.id = $1")).bind(id).optional().await
}

pub(in super::super) async fn refund_by_vendor(conn: &mut Conn, vendor_id: &str) -> sqlx::Result<Option<Refund>> {
    conn.query(refund_columns!("where r.vendor_id = $1")).bind(vendor_id.to_owned()).optional().await
}

pub(in super::super) async fn refunds_of(conn: &mut Conn, payment: PaymentId) -> sqlx::Result<Vec<Refund>> {
    conn.query(refund_columns!("where r.payment_id = $1 order by r.created_at desc, r.id desc"))
        .bind(payment)
        .all()
        .await
}

pub(in super::super) async fn refunds_of_therapist(
    conn: &mut Conn,
    therapist: TherapistId,
) -> sqlx::Result<Vec<ListedRefund>> {
    conn.query(
        "select r.id, r.payment_id, r.amount, r.currency, r.status, r.cause, r.reason, r.asked_by, r.vendor_id, r.problem,
                r.stays_owed, r.waived_amount, r.created_at, r.done_at, u.name as client_name, asker.name as asked_by_name
         from refunds r join payments p on p.id = r.payment_id
         join clients c on c.id = p.client_id join users u on u.id = c.user_id
         left join users asker on asker.id = r.asked_by
         where p.therapist_id = $1 order by r.created_at desc, r.id desc limit 200",
    )
    .bind(therapist)
    .all()
    .await
}

/// Sets an amount of a payment aside to go back, if there is as much. However many try at once, never more than came.
pub(in super::super) async fn reserve(tx: &mut Tx, payment: PaymentId, amount: i64) -> sqlx::Result<u64> {
    tx.query(
        "update payments set refunded_amount = refunded_amount + $2
         where id = $1 and status = 'PAID' and refunded_amount + $2 <= amount",
    )
    .bind(payment)
    .bind(amount)
    .run()
    .await
}

/// Takes back what was set aside.
pub(in super::super) async fn unreserve(tx: &mut Tx, payment: PaymentId, amount: i64) -> sqlx::Result<()> {
    tx.query("update payments set refunded_amount = refunded_amount - $2 where id = $1")
        .bind(payment)
        .bind(amount)
        .run()
        .await?;
    Ok(())
}

pub(in super::super) async fn insert_refund(tx: &mut Tx, refund: &Refund) -> sqlx::Result<()> {
    tx.query(
        "insert into refunds (id, payment_id, amount, currency, status, cause, reason, asked_by, vendor_id,
             stays_owed, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(refund.id)
    .bind(refund.payment_id)
    .bind(refund.amount)
    .bind(refund.currency)
    .bind(refund.status)
    .bind(refund.cause)
    .bind(refund.reason.clone())
    .bind(refund.asked_by)
    .bind(refund.vendor_id.clone())
    .bind(refund.stays_owed)
    .bind(refund.created_at)
    .run()
    .await?;
    Ok(())
}

pub(in super::super) async fn set_vendor_id(tx: &mut Tx, id: RefundId, vendor_id: &str) -> sqlx::Result<()> {
    tx.query("update refunds set vendor_id = $2 where id = $1 and vendor_id is null")
        .bind(id)
        .bind(vendor_id.to_owned())
        .run()
        .await?;
    Ok(())
}

pub(in super::super) async fn set_succeeded(tx: &mut Tx, id: RefundId, at: Instant) -> sqlx::Result<u64> {
    tx.query(
        "update refunds set status = 'SUCCEEDED', done_at = $2, problem = null where id = $1 and status = 'PENDING'",
    )
    .bind(id)
    .bind(at)
    .run()
    .await
}

/// Notes what was let go because of a refund; nothing once it has come back.
pub(in super::super) async fn set_waived(tx: &mut Tx, id: RefundId, amount: i64) -> sqlx::Result<()> {
    tx.query("update refunds set waived_amount = $2 where id = $1").bind(id).bind(amount).run().await?;
    Ok(())
}

/// Notes that a refund did not go through, whether that is known at once or after it seemed done.
pub(in super::super) async fn set_failed(
    tx: &mut Tx,
    id: RefundId,
    from: &'static str,
    problem: &str,
    at: Instant,
) -> sqlx::Result<u64> {
    tx.query("update refunds set status = 'FAILED', problem = $3, done_at = $4 where id = $1 and status = $2")
        .bind(id)
        .bind(from.to_owned())
        .bind(problem.to_owned())
        .bind(at)
        .run()
        .await
}
