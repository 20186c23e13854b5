//! Invoices, receipts and credit notes: numbered without gaps, written once, in words that name no treatment.

use super::subject::Subject;
use super::{Payment, Refund, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::Result;
use crate::features::bookings::{self, Booking};
use crate::features::clients;
use crate::features::money::ledger::currency_of;
use crate::features::money::purchases;
use crate::features::practice::{self, Catalogue, Therapist};
use serde::{Deserialize, Serialize};
use shared::ids::{BookingId, ClientId, InvoiceId, PaymentId, PurchaseId, RefundId, TherapistId};
use shared::money::{Currency, Money};
use shared::payment::InvoiceKind;
use shared::time::Instant;
use shared::words;
use sqlx::types::Json;
use std::sync::Arc;

/// How many invoices are written in one go.
const AT_ONCE: i64 = 100;

/// A bill. Whatever changes later, it stays as it was written.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Invoice {
    /// Which.
    pub id: InvoiceId,
    /// What it is.
    pub kind: InvoiceKind,
    /// Its number, without gaps among those of its kind.
    pub number: String,
    /// Whose.
    pub client_id: ClientId,
    /// The session it is about.
    pub booking_id: Option<BookingId>,
    /// The package it is about.
    pub purchase_id: Option<PurchaseId>,
    /// The payment it is about.
    pub payment_id: Option<PaymentId>,
    /// The refund it is about.
    pub refund_id: Option<RefundId>,
    /// What it comes to, in minor units.
    pub amount: i64,
    /// What that is counted in.
    pub currency: Currency,
    /// What stands on it.
    pub content: Json<Content>,
    /// When it was written.
    pub issued_at: Instant,
}

impl Invoice {
    /// What it comes to.
    pub fn total(&self) -> Money {
        Money { amount: self.amount, currency: self.currency }
    }
}

/// What stands on a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Who wrote it: the practice, its address, line by line.
    pub from: Vec<String>,
    /// Whom it is made out to.
    pub to: String,
    /// What it is for, in neutral words.
    pub lines: Vec<ContentLine>,
    /// How it was paid or given back; empty for what is still to be paid.
    pub settled: Option<String>,
    /// The number of the booking, for whoever asks.
    pub reference: Option<String>,
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentLine {
    /// What it is for.
    pub words: String,
    /// How much, in minor units.
    pub amount: i64,
}

/// A client's bills, newest first.
pub async fn of_client(app: &App, client: ClientId) -> Result<Vec<Invoice>> {
    Ok(store::invoices_of_client(&mut app.db.read().await?, client).await?)
}

/// Bills about a session of a therapist, newest first.
pub async fn of_booking(app: &App, therapist: TherapistId, booking: BookingId) -> Result<Vec<Invoice>> {
    Ok(store::invoices_of_booking(&mut app.db.read().await?, therapist, booking).await?)
}

/// The receipt of a payment and the credit notes of what went back of it, newest first.
pub async fn of_payment(app: &App, payment: PaymentId) -> Result<Vec<Invoice>> {
    Ok(store::invoices_of_payment(&mut app.db.read().await?, payment).await?)
}

/// One bill of a therapist's clients, for her to read: the reading is noted in the audit trail.
pub async fn read_by_staff(app: &App, therapist: &Therapist, number: &str) -> Result<Option<Invoice>> {
    let mut conn = app.db.read().await?;
    let Some(bill) = store::invoice(&mut conn, number).await? else { return Ok(None) };
    let client = clients::get(&mut conn, bill.client_id).await?;
    drop(conn);
    if client.is_none_or(|client| client.therapist_id != therapist.id) {
        return Ok(None);
    }
    let (now, actor, client) = (app.clock.now(), therapist.user_id, bill.client_id);
    app.db
        .write(move |tx| {
            Box::pin(async move { audit::record(tx, now, Some(actor), "read bill", Some(client.0)).await })
        })
        .await?;
    Ok(Some(bill))
}

/// One bill by its number.
pub async fn by_number(app: &App, number: &str) -> Result<Option<Invoice>> {
    Ok(store::invoice(&mut app.db.read().await?, number).await?)
}

/// Writes the receipt of a payment.
pub(super) async fn receipt(tx: &mut Tx, app: &App, catalogue: &Catalogue, payment: &Payment) -> Result<()> {
    let subject = Subject::of_payment(tx, payment).await?;
    let draft = Draft {
        kind: InvoiceKind::Receipt,
        client_id: payment.client_id,
        total: payment.money(),
        subject: subject.as_ref(),
        payment_id: Some(payment.id),
        refund_id: None,
        settled: Some(format!("Paid: {}", payment.method.words().to_lowercase())),
        at: payment.received_at.unwrap_or_else(|| app.clock.now()),
    };
    write(tx, app, catalogue, draft).await
}

/// Writes the credit note of a refund.
pub(super) async fn credit_note(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    refund: &Refund,
    payment: &Payment,
) -> Result<()> {
    let subject = Subject::of_payment(tx, payment).await?;
    let draft = Draft {
        kind: InvoiceKind::CreditNote,
        client_id: payment.client_id,
        total: refund.money(),
        subject: subject.as_ref(),
        payment_id: None,
        refund_id: Some(refund.id),
        settled: Some(format!("Given back: {}", payment.method.words().to_lowercase())),
        at: app.clock.now(),
    };
    write(tx, app, catalogue, draft).await
}

/// Writes the invoice of a session that was charged.
pub(super) async fn invoice(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    booking: &Booking,
    total: Money,
    at: Instant,
) -> Result<()> {
    let Some(client_id) = booking.client_id else { return Ok(()) };
    if store::is_billed(tx, booking.id).await? {
        return Ok(());
    }
    let subject = Subject::Session(Box::new(booking.clone()));
    write(tx, app, catalogue, Draft::invoice(client_id, total, &subject, at)).await
}

/// Writes the invoice of a package that was sold.
async fn invoice_of_package(tx: &mut Tx, app: &App, catalogue: &Catalogue, id: PurchaseId) -> Result<()> {
    let Some(purchase) = purchases::bought(tx, id).await? else { return Ok(()) };
    if store::is_package_billed(tx, id).await? {
        return Ok(());
    }
    let (client_id, total) = (purchase.client_id, purchase.price());
    let subject = Subject::Package(Box::new(purchase));
    write(tx, app, catalogue, Draft::invoice(client_id, total, &subject, app.clock.now())).await
}

/// Writes the invoices of every session, fee and package that was charged and has none yet.
pub async fn issue_due(app: &Arc<App>) -> Result<()> {
    let catalogue = practice::catalogue(app).await?;
    let due = store::unbilled(&mut app.db.read().await?, AT_ONCE).await?;
    for charged in due {
        let Some(currency) = currency_of(&charged.unit) else { continue };
        let money = Money { amount: charged.amount, currency };
        let (shared_app, catalogue, id) = (app.clone(), catalogue.clone(), charged.booking_id);
        app.db
            .write(move |tx| {
                let (app, catalogue) = (shared_app.clone(), catalogue.clone());
                Box::pin(async move {
                    let Some(booking) = bookings::get(tx, id).await? else { return Ok(()) };
                    invoice(tx, &app, &catalogue, &booking, money, app.clock.now()).await
                })
            })
            .await?;
    }
    let sold = store::unbilled_packages(&mut app.db.read().await?, AT_ONCE).await?;
    for (purchase_id,) in sold {
        let (shared_app, catalogue) = (app.clone(), catalogue.clone());
        app.db
            .write(move |tx| {
                let (app, catalogue) = (shared_app.clone(), catalogue.clone());
                Box::pin(async move { invoice_of_package(tx, &app, &catalogue, purchase_id).await })
            })
            .await?;
    }
    Ok(())
}

/// A bill before it has its number.
struct Draft<'a> {
    kind: InvoiceKind,
    client_id: ClientId,
    total: Money,
    subject: Option<&'a Subject>,
    payment_id: Option<PaymentId>,
    refund_id: Option<RefundId>,
    settled: Option<String>,
    at: Instant,
}

impl<'a> Draft<'a> {
    /// An invoice: nothing of it is paid yet.
    fn invoice(client_id: ClientId, total: Money, subject: &'a Subject, at: Instant) -> Self {
        Draft {
            kind: InvoiceKind::Invoice,
            client_id,
            total,
            subject: Some(subject),
            payment_id: None,
            refund_id: None,
            settled: None,
            at,
        }
    }
}

async fn write(tx: &mut Tx, app: &App, catalogue: &Catalogue, draft: Draft<'_>) -> Result<()> {
    let mut from = vec![catalogue.practice.name.clone()];
    from.extend(catalogue.practice.settings.address.iter().cloned());
    let (words, reference) = match draft.subject {
        Some(Subject::Session(booking)) => {
            (format!("Appointment, {}", words::full_day(booking.local_date)), Some(booking.reference.clone()))
        }
        Some(Subject::Package(purchase)) => {
            (format!("Package of {} appointments", purchase.units), Some(purchase.reference()))
        }
        None => ("Payment on account".to_owned(), None),
    };
    let content = Content {
        from,
        to: store::name_of_client(tx, draft.client_id).await?,
        lines: vec![ContentLine { words, amount: draft.total.amount }],
        settled: draft.settled,
        reference,
    };
    let nth = store::next_number(tx, draft.kind).await?;
    let invoice = Invoice {
        id: InvoiceId(app.clock.new_id()),
        kind: draft.kind,
        number: draft.kind.number(nth),
        client_id: draft.client_id,
        booking_id: draft.subject.and_then(Subject::booking_id),
        purchase_id: draft.subject.and_then(Subject::purchase_id),
        payment_id: draft.payment_id,
        refund_id: draft.refund_id,
        amount: draft.total.amount,
        currency: draft.total.currency,
        content: Json(content),
        issued_at: draft.at,
    };
    Ok(store::insert_invoice(tx, &invoice, nth).await?)
}
