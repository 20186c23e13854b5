//! The SQL of bills, and of what is owed.

use super::super::bills::{Content, Invoice};
use super::super::owed::{OwedPackageRow, OwedRow};
use crate::db::{Conn, Tx};
use shared::ids::{BookingId, ClientId, PaymentId, PurchaseId, TherapistId};
use shared::payment::InvoiceKind;
use sqlx::types::Json;

macro_rules! invoice_columns { ($rest:literal) => {
    concat!(
        "select id, kind, number, client_id, booking_id, purchase_id, payment_id, refund_id, amount, currency, content,
                issued_at
         from invoices ", $rest)
} }

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
        "insert into invoices (id, kind, nth, number, client_id, booking_id, purchase_id, payment_id, refund_id, amount,
             currency, content, issued_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
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

/// What was charged for one booking in one currency.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in super::super) struct Charged {
    pub(in super::super) booking_id: BookingId,
    pub(in super::super) unit: String,
    pub(in super::super) amount: i64,
}

/// Sessions and fees that were charged and have no invoice yet.
pub(in super::super) async fn unbilled(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<Charged>> {
    conn.query(
        "select e.booking_id, e.unit, cast(sum(e.amount) as bigint) as amount from ledger_entries e
         where e.account = 'CLIENT' and e.kind in ('CHARGE', 'FEE') and e.booking_id is not null
           and not exists (select 1 from invoices i where i.booking_id = e.booking_id and i.kind = 'INVOICE')
         group by e.booking_id, e.unit having sum(e.amount) > 0 order by min(e.at) limit $1",
    )
    .bind(limit)
    .all()
    .await
}

/// Packages that were sold and have no invoice yet.
pub(in super::super) async fn unbilled_packages(conn: &mut Conn, limit: i64) -> sqlx::Result<Vec<(PurchaseId,)>> {
    conn.query(
        "select p.id from package_purchases p
         where p.price_amount > 0
           and not exists (select 1 from invoices i where i.purchase_id = p.id and i.kind = 'INVOICE')
         order by p.bought_at, p.id limit $1",
    )
    .bind(limit)
    .all()
    .await
}

/// Whether a booking has its invoice.
pub(in super::super) async fn is_billed(conn: &mut Conn, booking: BookingId) -> sqlx::Result<bool> {
    let found: i64 = conn
        .query("select count(*) from invoices where booking_id = $1 and kind = 'INVOICE'")
        .bind(booking)
        .value()
        .await?;
    Ok(found > 0)
}

/// Whether a package has its invoice.
pub(in super::super) async fn is_package_billed(conn: &mut Conn, purchase: PurchaseId) -> sqlx::Result<bool> {
    let found: i64 = conn
        .query("select count(*) from invoices where purchase_id = $1 and kind = 'INVOICE'")
        .bind(purchase)
        .value()
        .await?;
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
