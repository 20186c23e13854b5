//! The SQL of bills, and of what is owed.

use super::super::bills::{Content, Invoice};
use super::super::owed::{OwedPackageRow, OwedRow};
use crate::db::{Conn, Tx};
use shared::ids::{BookingId, ClientId, InvoiceId, MovementId, PaymentId, PurchaseId, TherapistId};
use shared::ledger::EntryKind;
use shared::payment::InvoiceKind;
use sqlx::types::Json;

macro_rules! invoice_columns {
    ($rest:literal) => {
        concat!(
            "select id, kind, number, client_id, booking_id, purchase_id, payment_id, refund_id, movement_id, amount,
                currency, content, issued_at
         from invoices ",
            $rest
        )
    };
}

pub(in super::super) async fn invoices_of_client(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<Invoice>> {
    conn.query(invoice_columns!("where client_id = $1 order by issued_at desc, number desc limit 500"))
        .bind(client)
        .all()
        .await
}

/// Bills about a session of a therapist, newest first.
pub(in super::super) async fn invoices_of_booking(
    conn: &mut Conn,
    therapist: TherapistId,
    booking: BookingId,
) -> sqlx::Result<Vec<Invoice>> {
    conn.query(invoice_columns!(
        "where booking_id = $2 and client_id in (select c.id from clients c where c.therapist_id = $1)
         order by issued_at desc, number desc"
    ))
    .bind(therapist)
    .bind(booking)
    .all()
    .await
}

/// The receipt of a payment and the credit notes of what went back of it, newest first.
pub(in super::super) async fn invoices_of_payment(conn: &mut Conn, payment: PaymentId) -> sqlx::Result<Vec<Invoice>> {
    conn.query(invoice_columns!(
        "where payment_id = $1 or refund_id in (select r.id from refunds r where r.payment_id = $1)
         order by issued_at desc, number desc"
    ))
    .bind(payment)
    .all()
    .await
}

pub(in super::super) async fn invoice(conn: &mut Conn, number: &str) -> sqlx::Result<Option<Invoice>> {
    conn.query(invoice_columns!("where number = $1")).bind(number.to_owned()).optional().await
}

pub(in super::super) async fn invoice_by_id(conn: &mut Conn, id: InvoiceId) -> sqlx::Result<Option<Invoice>> {
    conn.query(invoice_columns!("where id = $1")).bind(id).optional().await
}

/// The next number of a kind. Whoever asks holds the counter until the write is done; one that is taken back leaves no gap.
pub(in super::super) async fn next_number(tx: &mut Tx, kind: InvoiceKind) -> sqlx::Result<i64> {
    tx.query("insert into invoice_counters (kind, last) values ($1, 0) on conflict (kind) do nothing")
        .bind(kind)
        .run()
        .await?;
    tx.query("update invoice_counters set last = last + 1 where kind = $1 returning last").bind(kind).value().await
}

pub(in super::super) async fn insert_invoice(tx: &mut Tx, invoice: &Invoice, nth: i64) -> sqlx::Result<()> {
    let content: Json<Content> = invoice.content.clone();
    tx.query(
        "insert into invoices (id, kind, nth, number, client_id, booking_id, purchase_id, payment_id, refund_id,
             movement_id, amount, currency, content, issued_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(invoice.id)
    .bind(invoice.kind)
    .bind(nth)
    .bind(invoice.number.clone())
    .bind(invoice.client_id)
    .bind(invoice.booking_id)
    .bind(invoice.purchase_id)
    .bind(invoice.payment_id)
    .bind(invoice.refund_id)
    .bind(invoice.movement_id)
    .bind(invoice.amount)
    .bind(invoice.currency)
    .bind(content)
    .bind(invoice.issued_at)
    .run()
    .await?;
    Ok(())
}

/// The name of a client, as bills are made out to it.
pub(in super::super) async fn name_of_client(conn: &mut Conn, client: ClientId) -> sqlx::Result<String> {
    conn.query("select u.name from clients c join users u on u.id = c.user_id where c.id = $1")
        .bind(client)
        .value()
        .await
}

/// A movement that wants a bill.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in super::super) struct Due {
    pub(in super::super) movement_id: MovementId,
    pub(in super::super) kind: EntryKind,
    pub(in super::super) client_id: ClientId,
    pub(in super::super) booking_id: Option<BookingId>,
    pub(in super::super) purchase_id: Option<PurchaseId>,
    pub(in super::super) unit: String,
    pub(in super::super) amount: i64,
    /// The number of the invoice it takes back.
    pub(in super::super) corrects: Option<String>,
}

/// Sessions, fees and packages that were charged and have no invoice yet, oldest first. What was taken back or let go
/// before it had one needs none. An invoice of an older release names no movement, and stands for all of its subject.
pub(in super::super) async fn uninvoiced(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<Due>> {
    conn.query(
        "select e.movement_id, e.kind, e.client_id, e.booking_id, e.purchase_id, e.unit, e.amount,
                cast(null as text) as corrects
         from ledger_entries e
         where e.account = 'CLIENT' and e.kind in ('CHARGE', 'FEE', 'PACKAGE_SALE') and e.amount > 0
           and not exists (select 1 from invoices i where i.movement_id = e.movement_id)
           and not exists (
               select 1 from invoices i
               where i.kind = 'INVOICE' and i.movement_id is null
                 and (i.booking_id = e.booking_id or i.purchase_id = e.purchase_id))
           and e.amount + coalesce((
               select sum(t.amount) from ledger_entries t
               where t.account = 'CLIENT' and t.kind in ('CHARGE', 'WAIVER', 'PACKAGE_END') and t.amount < 0
                 and t.payment_id is null and t.unit = e.unit
                 and (t.booking_id = e.booking_id or t.purchase_id = e.purchase_id)
                 and (t.at, t.movement_id) > (e.at, e.movement_id)), 0) > 0
         order by e.at, e.movement_id limit $1",
    )
    .bind(limit)
    .all()
    .await
}

/// What was taken back or let go of a charge that has its invoice, and has no credit note yet, oldest first. What is let
/// go together with money that goes back is on the credit note of that.
pub(in super::super) async fn uncredited(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<Due>> {
    conn.query(
        "select t.movement_id, t.kind, t.client_id, t.booking_id, t.purchase_id, t.unit, -t.amount as amount,
                i.number as corrects
         from ledger_entries t
         join ledger_entries c on (c.booking_id = t.booking_id or c.purchase_id = t.purchase_id) and c.unit = t.unit
         join invoices i on i.movement_id = c.movement_id
         where t.account = 'CLIENT' and t.kind in ('CHARGE', 'WAIVER', 'PACKAGE_END') and t.amount < 0
           and t.payment_id is null
           and not exists (select 1 from invoices n where n.movement_id = t.movement_id)
           and c.account = 'CLIENT' and c.kind in ('CHARGE', 'FEE', 'PACKAGE_SALE') and c.amount > 0
           and (c.at, c.movement_id) < (t.at, t.movement_id)
           and not exists (
               select 1 from ledger_entries l
               where l.account = 'CLIENT' and l.kind in ('CHARGE', 'FEE', 'PACKAGE_SALE') and l.amount > 0
                 and l.unit = t.unit and (l.booking_id = t.booking_id or l.purchase_id = t.purchase_id)
                 and (l.at, l.movement_id) > (c.at, c.movement_id) and (l.at, l.movement_id) < (t.at, t.movement_id))
         order by t.at, t.movement_id limit $1",
    )
    .bind(limit)
    .all()
    .await
}

/// Whether a movement has its bill.
pub(in super::super) async fn has_bill(conn: &mut Conn, movement: MovementId) -> sqlx::Result<bool> {
    let found: i64 = conn.query("select count(*) from invoices where movement_id = $1").bind(movement).value().await?;
    Ok(found > 0)
}

macro_rules! owed_packages { ($whose:literal) => {
    concat!(
        "select p.id as purchase_id, p.client_id, u.name as client_name, k.name, p.bought_at, e.unit,
                cast(sum(e.amount) as bigint) as amount,
                (select count(*) from payments y
                 where y.purchase_id = p.id and y.method = 'TRANSFER' and y.status = 'OPEN') as announced
         from ledger_entries e join package_purchases p on p.id = e.purchase_id join packages k on k.id = p.package_id
         join clients c on c.id = p.client_id join users u on u.id = c.user_id
         where e.account = 'CLIENT' and e.unit <> 'UNITS' and ", $whose,
        " group by p.id, p.client_id, u.name, k.name, p.bought_at, e.unit
          having sum(e.amount) > 0 order by p.bought_at, p.id limit 200")
} }

/// Packages of a client that are not paid, oldest first.
pub(in super::super) async fn owed_packages_of_client(
    conn: &mut Conn,
    client: ClientId,
) -> sqlx::Result<Vec<OwedPackageRow>> {
    conn.query(owed_packages!("p.client_id = $1")).bind(client).all().await
}

/// Packages of a therapist's clients that are not paid, oldest first.
pub(in super::super) async fn owed_packages_of_therapist(
    conn: &mut Conn,
    therapist: TherapistId,
) -> sqlx::Result<Vec<OwedPackageRow>> {
    conn.query(owed_packages!("c.therapist_id = $1")).bind(therapist).all().await
}

macro_rules! owed { ($whose:literal) => {
    concat!(
        "select b.id as booking_id, b.reference, b.client_id, b.status, b.starts_at, b.ends_at, b.local_date, u.name as client_name,
                e.unit, cast(sum(e.amount) as bigint) as amount, cast(null as timestamptz) as pay_until,
                (select count(*) from payments p
                 where p.booking_id = b.id and p.method = 'TRANSFER' and p.status = 'OPEN') as announced
         from ledger_entries e join bookings b on b.id = e.booking_id
         join clients c on c.id = b.client_id join users u on u.id = c.user_id
         where e.account = 'CLIENT' and e.unit <> 'UNITS' and ", $whose,
        " group by b.id, b.reference, b.client_id, b.status, b.starts_at, b.ends_at, b.local_date, u.name, e.unit
          having sum(e.amount) > 0 order by b.starts_at limit 200")
} }

/// Sessions of a client that were charged and not paid, oldest first.
pub(in super::super) async fn owed_by_client(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<OwedRow>> {
    conn.query(owed!("b.client_id = $1")).bind(client).all().await
}

/// Sessions of a client that wait for their payment, the one whose time is up next first.
pub(in super::super) async fn waiting_of_client(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<OwedRow>> {
    conn.query(
        "select b.id as booking_id, b.reference, b.client_id, b.status, b.starts_at, b.ends_at, b.local_date,
                u.name as client_name, b.price_currency as unit, b.due_now as amount, b.pay_until,
                cast(0 as bigint) as announced
         from bookings b join clients c on c.id = b.client_id join users u on u.id = c.user_id
         where b.client_id = $1 and b.status = 'PENDING_PAYMENT' and b.due_now > 0 order by b.pay_until limit 20",
    )
    .bind(client)
    .all()
    .await
}

/// Sessions of a therapist that were charged and not paid, oldest first.
pub(in super::super) async fn overdue_of_therapist(
    conn: &mut Conn,
    therapist: TherapistId,
) -> sqlx::Result<Vec<OwedRow>> {
    conn.query(owed!("b.therapist_id = $1")).bind(therapist).all().await
}
