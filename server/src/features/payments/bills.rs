//! Invoices, receipts and credit notes: numbered without gaps, written once, in words that name no treatment.

mod draft;
mod due;

pub use due::issue_due;

use self::draft::{About, Draft, write};
use super::subject::Subject;
use super::{Payment, Refund, store};
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::features::bookings::Booking;
use crate::features::clients;
use crate::features::practice::{Catalogue, Therapist};
use serde::{Deserialize, Serialize};
use shared::ids::{BookingId, ClientId, InvoiceId, MovementId, PaymentId, PurchaseId, RefundId, TherapistId};
use shared::money::{Currency, Money};
use shared::payment::InvoiceKind;
use shared::time::Instant;
use sqlx::types::Json;

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
    /// The movement of the ledger an invoice charges, or a credit note takes back.
    pub movement_id: Option<MovementId>,
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
    /// How it was paid or given back, or which invoice it takes back; empty for what is still to be paid.
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

/// One bill.
pub async fn get(conn: &mut Conn, id: InvoiceId) -> Result<Option<Invoice>> {
    Ok(store::invoice_by_id(conn, id).await?)
}

/// Writes the receipt of a payment.
pub(super) async fn receipt(tx: &mut Tx, app: &App, catalogue: &Catalogue, payment: &Payment) -> Result<()> {
    let subject = Subject::of_payment(tx, payment).await?;
    let draft = Draft {
        payment_id: Some(payment.id),
        settled: Some(format!("Paid: {}", payment.method.words().to_lowercase())),
        at: payment.received_at.unwrap_or_else(|| app.clock.now()),
        ..Draft::new(app, InvoiceKind::Receipt, payment.client_id, payment.money(), About::subject(subject.as_ref()))
    };
    write(tx, app, catalogue, draft).await?;
    Ok(())
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
        refund_id: Some(refund.id),
        settled: Some(format!("Given back: {}", payment.method.words().to_lowercase())),
        ..Draft::new(app, InvoiceKind::CreditNote, payment.client_id, refund.money(), About::subject(subject.as_ref()))
    };
    write(tx, app, catalogue, draft).await?;
    Ok(())
}

/// Writes the invoice of a session that was charged with a movement.
pub(super) async fn invoice(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    booking: &Booking,
    charged: MovementId,
    at: Instant,
) -> Result<()> {
    let Some(client_id) = booking.client_id else { return Ok(()) };
    let about = About::session(booking);
    let draft = Draft {
        movement_id: Some(charged),
        at,
        ..Draft::new(app, InvoiceKind::Invoice, client_id, booking.agreed_price(), about)
    };
    write(tx, app, catalogue, draft).await?;
    Ok(())
}
