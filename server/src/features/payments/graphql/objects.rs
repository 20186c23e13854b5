//! Payments, refunds and bills, as the client sees them and as the practice does.

use crate::features::money::ledger::{self, Line};
use crate::features::money::purchases::reference_of;
use crate::features::payments::bills::{self, ContentLine, Invoice};
use crate::features::payments::owed::{Owed, OwedPackage};
use crate::features::payments::{ListedPayment, ListedRefund, Refund};
use crate::graphql::app;
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::booking::BookingStatus;
use shared::ids::{BookingId, ClientId, PaymentId, PurchaseId, RefundId};
use shared::money::Money;
use shared::payment::{InvoiceKind, PaidFor, PaymentMethod, PaymentStatus, RefundCause, RefundStatus};
use shared::time::Instant;

/// A payment, as its client sees it.
pub struct OwnPayment(pub ListedPayment);

/// Money that is awaited or came.
#[Object(name = "Payment")]
impl OwnPayment {
    /// Which.
    async fn id(&self) -> PaymentId {
        self.0.payment.id
    }
    /// How it comes.
    async fn method(&self) -> PaymentMethod {
        self.0.payment.method
    }
    /// Where it stands.
    async fn status(&self) -> PaymentStatus {
        self.0.payment.status
    }
    /// How much.
    async fn amount(&self) -> Money {
        self.0.payment.money()
    }
    /// How much of it went back or is about to.
    async fn refunded(&self) -> Money {
        self.0.payment.refunded()
    }
    /// The number people can say of it.
    async fn reference(&self) -> &str {
        &self.0.payment.reference
    }
    /// For which session; absent for credit.
    async fn booking_id(&self) -> Option<BookingId> {
        self.0.payment.booking_id
    }
    /// When that session begins.
    async fn session_at(&self) -> Option<Instant> {
        self.0.session_at
    }
    /// For which package.
    async fn purchase_id(&self) -> Option<PurchaseId> {
        self.0.payment.purchase_id
    }
    /// What that package is called.
    async fn package_name(&self) -> Option<&str> {
        self.0.package_name.as_deref()
    }
    /// Until when its page can be used, for a payment by card.
    async fn pay_until(&self) -> Option<Instant> {
        self.0.payment.pay_until
    }
    /// When it came.
    async fn received_at(&self) -> Option<Instant> {
        self.0.payment.received_at
    }
    /// When it was first asked for.
    async fn created_at(&self) -> Instant {
        self.0.payment.created_at
    }
    /// The number of its receipt, once it came.
    async fn receipt(&self) -> Option<&str> {
        self.0.receipt.as_deref()
    }
}

/// A payment, as the practice sees it.
pub struct PracticePayment {
    pub(super) listed: ListedPayment,
    /// Read where one payment is looked at; a list has none.
    pub(super) refunds: Vec<Refund>,
}

/// A payment with whoever makes it.
#[Object]
impl PracticePayment {
    /// The payment.
    async fn payment(&self) -> OwnPayment {
        OwnPayment(self.listed.clone())
    }
    /// Whose.
    async fn client_id(&self) -> ClientId {
        self.listed.payment.client_id
    }
    /// Whose, by name.
    async fn client_name(&self) -> &str {
        &self.listed.client_name
    }
    /// How much can still go back.
    async fn refundable(&self) -> Money {
        self.listed.payment.refundable()
    }
    /// Why a person must look at it.
    async fn problem(&self) -> Option<&str> {
        self.listed.payment.problem.as_deref()
    }
    /// What the client or the practice wrote about it.
    async fn note(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.listed.payment.note_text(&app(ctx).keys)?)
    }
    /// Its receipt, and the credit notes of what went back of it, newest first.
    async fn invoices(&self, ctx: &Context<'_>) -> Result<Vec<Bill>> {
        let found = bills::of_payment(app(ctx), self.listed.payment.id).await?;
        Ok(found.into_iter().map(Bill).collect())
    }
    /// Its refunds, newest first. Only where one payment is asked for.
    async fn refunds(&self) -> Vec<RefundRecord> {
        let one = |refund: &Refund| ListedRefund {
            refund: refund.clone(),
            client_name: self.listed.client_name.clone(),
            asked_by_name: None,
        };
        self.refunds.iter().map(|refund| RefundRecord(one(refund))).collect()
    }
}

/// Money that goes back.
pub struct RefundRecord(pub ListedRefund);

/// Money that goes back.
#[Object(name = "Refund")]
impl RefundRecord {
    /// Which.
    async fn id(&self) -> RefundId {
        self.0.refund.id
    }
    /// Of which payment.
    async fn payment_id(&self) -> PaymentId {
        self.0.refund.payment_id
    }
    /// How much.
    async fn amount(&self) -> Money {
        self.0.refund.money()
    }
    /// Where it stands.
    async fn status(&self) -> RefundStatus {
        self.0.refund.status
    }
    /// Why.
    async fn cause(&self) -> RefundCause {
        self.0.refund.cause
    }
    /// Why, in the words of whoever decided it.
    async fn reason(&self) -> Option<&str> {
        self.0.refund.reason.as_deref()
    }
    /// Why it did not go through.
    async fn problem(&self) -> Option<&str> {
        self.0.refund.problem.as_deref()
    }
    /// Whose money, by name.
    async fn client_name(&self) -> &str {
        &self.0.client_name
    }
    /// Who decided it, by name; absent when the rules did.
    async fn asked_by(&self) -> Option<&str> {
        self.0.asked_by_name.as_deref()
    }
    /// When it was decided.
    async fn created_at(&self) -> Instant {
        self.0.refund.created_at
    }
    /// When it was done, or known not to be.
    async fn done_at(&self) -> Option<Instant> {
        self.0.refund.done_at
    }
}

/// A session that is to be paid.
pub struct OwedSession(pub Owed);

/// A session that is to be paid: one that was charged and not paid, or one that waits for its payment.
#[Object]
impl OwedSession {
    /// Which session.
    async fn booking_id(&self) -> BookingId {
        self.0.booking_id
    }
    /// The number people can say on the phone, and write on a transfer.
    async fn reference(&self) -> &str {
        &self.0.reference
    }
    /// Whose.
    async fn client_id(&self) -> ClientId {
        self.0.client_id
    }
    /// Whose, by name.
    async fn client_name(&self) -> &str {
        &self.0.client_name
    }
    /// What became of the session.
    async fn status(&self) -> BookingStatus {
        self.0.status
    }
    /// When it began.
    async fn starts_at(&self) -> Instant {
        self.0.starts_at
    }
    /// What is open.
    async fn amount(&self) -> Money {
        self.0.money
    }
    /// Until when its time is kept, for one that waits for its payment.
    async fn pay_until(&self) -> Option<Instant> {
        self.0.pay_until
    }
    /// Whether the client has said that a transfer is on its way.
    async fn is_announced(&self) -> bool {
        self.0.is_announced
    }
}

/// A package that is to be paid.
#[derive(SimpleObject)]
#[graphql(name = "OwedPackage")]
pub struct OwedPackageFacts {
    /// Which.
    purchase_id: PurchaseId,
    /// What it is called.
    name: String,
    /// What to write on a transfer for it.
    reference: String,
    /// Whose.
    client_id: ClientId,
    /// Whose, by name.
    client_name: String,
    /// When it was sold.
    bought_at: Instant,
    /// What is open.
    amount: Money,
    /// Whether the client has said that a transfer is on its way.
    is_announced: bool,
}

impl From<OwedPackage> for OwedPackageFacts {
    fn from(owed: OwedPackage) -> Self {
        OwedPackageFacts {
            reference: reference_of(owed.purchase_id),
            purchase_id: owed.purchase_id,
            name: owed.name,
            client_id: owed.client_id,
            client_name: owed.client_name,
            bought_at: owed.bought_at,
            amount: owed.money,
            is_announced: owed.is_announced,
        }
    }
}

/// A bill.
pub struct Bill(pub Invoice);

impl Bill {
    /// What an invoice asks money for.
    fn charged(&self) -> Option<PaidFor> {
        let what = PaidFor::one_of(self.0.booking_id, self.0.purchase_id).ok();
        what.filter(|_| self.0.kind == InvoiceKind::Invoice)
    }
}

/// An invoice, receipt or credit note. Whatever changes later, it stays as it was written.
#[Object(name = "Invoice")]
impl Bill {
    /// Its number, without gaps among those of its kind.
    async fn number(&self) -> &str {
        &self.0.number
    }
    /// What it is.
    async fn kind(&self) -> InvoiceKind {
        self.0.kind
    }
    /// Whose.
    async fn client_id(&self) -> ClientId {
        self.0.client_id
    }
    /// When it was written.
    async fn issued_at(&self) -> Instant {
        self.0.issued_at
    }
    /// What it comes to.
    async fn total(&self) -> Money {
        self.0.total()
    }
    /// Who wrote it, line by line.
    async fn from(&self) -> &[String] {
        &self.0.content.from
    }
    /// Whom it is made out to.
    async fn to(&self) -> &str {
        &self.0.content.to
    }
    /// What it is for, in neutral words.
    async fn lines(&self) -> Vec<BillLine> {
        let one = |line: &ContentLine| BillLine {
            words: line.words.clone(),
            amount: Money { amount: line.amount, currency: self.0.currency },
        };
        self.0.content.lines.iter().map(one).collect()
    }
    /// How it was paid or given back, or which invoice it takes back; absent for what was still to be paid.
    async fn settled(&self) -> Option<&str> {
        self.0.content.settled.as_deref()
    }
    /// The number of the booking it is about.
    async fn reference(&self) -> Option<&str> {
        self.0.content.reference.as_deref()
    }
    /// What came for what was charged, went back, was let go or taken back, oldest first. Only an invoice has any; it is
    /// read now and no part of what was written.
    async fn settlements(&self, ctx: &Context<'_>) -> Result<Vec<Line>> {
        match self.charged() {
            Some(what) => Ok(ledger::settlements(app(ctx), what, self.0.movement_id).await?),
            None => Ok(Vec::new()),
        }
    }
    /// What is still open of an invoice now, by currency; nothing where all of it is settled.
    async fn open(&self, ctx: &Context<'_>) -> Result<Vec<Money>> {
        match self.charged() {
            Some(what) => Ok(ledger::open_of(app(ctx), what, self.0.movement_id).await?),
            None => Ok(Vec::new()),
        }
    }
}

/// One line of a bill.
#[derive(SimpleObject)]
#[graphql(name = "InvoiceLine")]
pub struct BillLine {
    /// What it is for.
    words: String,
    /// How much.
    amount: Money,
}
