//! Money by card, by transfer and in cash: what is awaited, what came, what goes back, and the bills for it.

pub mod bills;
pub mod checkout;
pub mod expire;
pub mod graphql;
pub mod owed;
pub mod past;
mod place;
pub mod reconcile;
pub mod record;
pub mod refund;
pub mod settle;
pub mod settle_booking;
mod store;
mod subject;
pub mod waive;
pub mod webhook;

use crate::app::{App, Cards};
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::money::ledger;
use crate::features::practice::Therapist;
use crate::jobs::JobError;
use crate::keys::{Keys, random_text};
use shared::booking::{REFERENCE_ALPHABET, REFERENCE_LENGTH};
use shared::ids::{BookingId, ClientId, PaymentId, PurchaseId, RefundId, TherapistId, UserId};
use shared::money::{Currency, Money};
use shared::payment::{PaidFor, PaymentFilter, PaymentMethod, PaymentStatus, RefundCause, RefundStatus, refundable};
use shared::time::Instant;

/// Money that is awaited or came.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Payment {
    /// Which.
    pub id: PaymentId,
    /// Whose.
    pub client_id: ClientId,
    /// Whose client.
    pub therapist_id: TherapistId,
    /// For which session; without that and a package it is credit.
    pub booking_id: Option<BookingId>,
    /// For which package.
    pub purchase_id: Option<PurchaseId>,
    /// How it comes.
    pub method: PaymentMethod,
    /// Where it stands.
    pub status: PaymentStatus,
    /// In minor units.
    pub amount: i64,
    /// What it is counted in.
    pub currency: Currency,
    /// How much of it went back or is about to.
    pub refunded_amount: i64,
    /// The number people can say of it.
    pub reference: String,
    /// The provider's page for it.
    pub checkout_id: Option<String>,
    /// Where that page is.
    pub checkout_url: Option<String>,
    /// Until when it can be made there.
    pub pay_until: Option<Instant>,
    /// The provider's number for the money.
    pub intent_id: Option<String>,
    /// Why a person must look.
    pub problem: Option<String>,
    /// What was written about it, sealed.
    pub note: Option<Vec<u8>>,
    /// Who noted it, if it did not come by itself.
    pub recorded_by: Option<UserId>,
    /// When it came.
    pub received_at: Option<Instant>,
    /// When it was first asked for.
    pub created_at: Instant,
}

impl Payment {
    /// How much.
    pub fn money(&self) -> Money {
        Money { amount: self.amount, currency: self.currency }
    }

    /// What it is for; nothing for credit.
    pub fn paid_for(&self) -> Option<PaidFor> {
        PaidFor::one_of(self.booking_id, self.purchase_id).ok()
    }

    /// How much went back or is about to.
    pub fn refunded(&self) -> Money {
        Money { amount: self.refunded_amount, currency: self.currency }
    }

    /// How much can still go back.
    pub fn refundable(&self) -> Money {
        let paid = if self.status == PaymentStatus::Paid { self.amount } else { 0 };
        Money { amount: refundable(paid, self.refunded_amount), currency: self.currency }
    }

    /// What was written about it.
    pub fn note_text(&self, keys: &Keys) -> Result<Option<String>> {
        let Some(sealed) = &self.note else { return Ok(None) };
        let plain = keys.open_sealed(&note_place(self.id), sealed)?;
        String::from_utf8(plain).map(Some).map_err(|_| Error::internal("a note is not text"))
    }
}

/// A payment with what a list shows beside it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ListedPayment {
    /// The payment.
    #[sqlx(flatten)]
    pub payment: Payment,
    /// Whose, by name.
    pub client_name: String,
    /// When the session begins it is for.
    pub session_at: Option<Instant>,
    /// What the package is called it is for.
    pub package_name: Option<String>,
    /// The number of its receipt.
    pub receipt: Option<String>,
}

/// Money that goes back.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Refund {
    /// Which.
    pub id: RefundId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// In minor units.
    pub amount: i64,
    /// What it is counted in.
    pub currency: Currency,
    /// Where it stands.
    pub status: RefundStatus,
    /// Why.
    pub cause: RefundCause,
    /// Why, in words, if somebody decided it.
    pub reason: Option<String>,
    /// Who decided it; empty when the rules did.
    pub asked_by: Option<UserId>,
    /// The provider's number for it.
    pub vendor_id: Option<String>,
    /// Why it did not go through.
    pub problem: Option<String>,
    /// Whether what was paid is owed again.
    pub stays_owed: bool,
    /// What was let go because of it, in minor units.
    pub waived_amount: i64,
    /// When it was decided.
    pub created_at: Instant,
    /// When it was done, or known not to be.
    pub done_at: Option<Instant>,
}

impl Refund {
    /// How much.
    pub fn money(&self) -> Money {
        Money { amount: self.amount, currency: self.currency }
    }
}

/// A refund with the names a list shows beside it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ListedRefund {
    /// The refund.
    #[sqlx(flatten)]
    pub refund: Refund,
    /// Whose money, by name.
    pub client_name: String,
    /// Who decided it, by name.
    pub asked_by_name: Option<String>,
}

/// One payment.
pub async fn get(conn: &mut Conn, id: PaymentId) -> Result<Option<Payment>> {
    Ok(store::payment(conn, id).await?)
}

/// A client's payments, newest first.
pub async fn of_client(app: &App, client: ClientId) -> Result<Vec<ListedPayment>> {
    Ok(store::of_client(&mut app.db.read().await?, client).await?)
}

/// A therapist's payments, newest first; `after` is the id the last page ended with.
pub async fn of_therapist(
    app: &App,
    therapist: TherapistId,
    filter: Option<PaymentFilter>,
    after: Option<PaymentId>,
    limit: i64,
) -> Result<Vec<ListedPayment>> {
    Ok(store::of_therapist(&mut app.db.read().await?, therapist, filter, after, limit).await?)
}

/// One payment of a therapist's clients, with its refunds, newest first.
pub async fn one_of_therapist(
    app: &App,
    therapist: TherapistId,
    id: PaymentId,
) -> Result<Option<(ListedPayment, Vec<Refund>)>> {
    let mut conn = app.db.read().await?;
    let found = store::listed(&mut conn, id).await?.filter(|found| found.payment.therapist_id == therapist);
    let Some(found) = found else { return Ok(None) };
    Ok(Some((found, store::refunds_of(&mut conn, id).await?)))
}

/// One payment of a therapist's clients, for her to read: the reading is noted in the audit trail.
pub async fn read_by_staff(
    app: &App,
    therapist: &Therapist,
    id: PaymentId,
) -> Result<Option<(ListedPayment, Vec<Refund>)>> {
    let Some(found) = one_of_therapist(app, therapist.id, id).await? else { return Ok(None) };
    let (now, actor, client) = (app.clock.now(), therapist.user_id, found.0.payment.client_id);
    app.db
        .write(move |tx| {
            Box::pin(async move { audit::record(tx, now, Some(actor), "read payment", Some(client.0)).await })
        })
        .await?;
    Ok(Some(found))
}

/// A therapist's refunds, newest first.
pub async fn refunds_of_therapist(app: &App, therapist: TherapistId) -> Result<Vec<ListedRefund>> {
    Ok(store::refunds_of_therapist(&mut app.db.read().await?, therapist).await?)
}

/// One refund, and the payment it is of.
pub async fn refund_with_payment(conn: &mut Conn, id: RefundId) -> Result<Option<(Refund, Payment)>> {
    let Some(refund) = store::refund(conn, id).await? else { return Ok(None) };
    Ok(store::payment(conn, refund.payment_id).await?.map(|payment| (refund, payment)))
}

/// What a client owes, by currency; below zero it is their credit.
pub async fn balance(app: &App, client: ClientId) -> Result<Vec<Money>> {
    ledger::balance(&mut app.db.read().await?, client).await
}

/// What came from a client for one session and has not gone back, by currency.
pub async fn paid_for(app: &App, client: ClientId, booking: BookingId) -> Result<Vec<Money>> {
    ledger::paid_for(&mut app.db.read().await?, client, booking).await
}

/// The Stripe account; without one a job waits until there is one again.
fn cards(app: &App) -> std::result::Result<&Cards, JobError> {
    app.cards.as_ref().ok_or_else(|| JobError::Wait("no payment provider is set up".to_owned()))
}

/// A reference people can write on a transfer.
fn new_reference() -> Result<String> {
    random_text(REFERENCE_ALPHABET, REFERENCE_LENGTH)
}

/// Tells whoever looks at this client's money.
fn announce(tx: &mut Tx, payment: &Payment) {
    let (client_id, therapist_id) = (payment.client_id, payment.therapist_id);
    tx.announce(Event::MoneyChanged { client_id, therapist_id });
    if let Some(booking_id) = payment.booking_id {
        tx.announce(Event::BookingChanged { booking_id, therapist_id, client_id: Some(client_id) });
    }
}

fn note_place(id: PaymentId) -> String {
    format!("payments/note/{id}")
}
