//! Payments, refunds and bills: where they stand, and the rules that decide what is owed and what goes back.

use crate::contact::text_problem;
use crate::ids::{BookingId, ClientId, PaymentId, PurchaseId};
use crate::money::{Currency, Money};
use crate::problem::{ErrorCode, UserError};
use crate::time::Date;
use serde::{Deserialize, Serialize};

/// How long a page for paying by card can be used at least, in minutes. The provider takes no less than 30, counted by its
/// own clock.
pub const CHECKOUT_MINUTES: i64 = 32;

/// How money comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum PaymentMethod {
    /// By card, on the payment provider's own page.
    Card,
    /// By bank transfer.
    Transfer,
    /// In cash.
    Cash,
}

impl PaymentMethod {
    /// How it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            PaymentMethod::Card => "Card",
            PaymentMethod::Transfer => "Bank transfer",
            PaymentMethod::Cash => "Cash",
        }
    }
}

/// Where a payment stands. What went back of it is said beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum PaymentStatus {
    /// It is awaited.
    Open,
    /// The money is there.
    Paid,
    /// It was not made in time, and is awaited no more.
    Expired,
    /// What the provider says and what was asked for differ: a person must look.
    Unclear,
}

impl PaymentStatus {
    /// How it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            PaymentStatus::Open => "Waiting",
            PaymentStatus::Paid => "Paid",
            PaymentStatus::Expired => "Not made",
            PaymentStatus::Unclear => "Needs a look",
        }
    }

    /// Whether the money came and all of it went back; amounts in minor units.
    pub fn is_given_back(self, amount: i64, refunded: i64) -> bool {
        self == PaymentStatus::Paid && refunded >= amount
    }
}

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// The money has gone back.
    Succeeded,
    /// It did not go back; the amount can be refunded again.
    Failed,
}

impl RefundStatus {
    /// How it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            RefundStatus::Pending => "On its way",
            RefundStatus::Succeeded => "Gone back",
            RefundStatus::Failed => "Did not go through",
        }
    }
}

/// Why money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum RefundCause {
    /// The session was called off, and the rules say so.
    Policy,
    /// It came when the time had been given to somebody else.
    CameTooLate,
    /// Somebody of the practice decided it.
    Practice,
    /// Somebody made it on the payment provider's own pages.
    Elsewhere,
}

impl RefundCause {
    /// How it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            RefundCause::Policy => "Called off",
            RefundCause::CameTooLate => "Paid after the time was given back",
            RefundCause::Practice => "Decided by the practice",
            RefundCause::Elsewhere => "Made with the payment provider",
        }
    }
}

/// What a bill is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum InvoiceKind {
    /// What is owed for something that took place.
    Invoice,
    /// What was paid.
    Receipt,
    /// What went back.
    CreditNote,
}

impl InvoiceKind {
    /// What it says at the top.
    pub fn words(self) -> &'static str {
        match self {
            InvoiceKind::Invoice => "Invoice",
            InvoiceKind::Receipt => "Receipt",
            InvoiceKind::CreditNote => "Credit note",
        }
    }

    /// The number of the nth of its kind: `R-00007`.
    pub fn number(self, nth: i64) -> String {
        let letter = match self {
            InvoiceKind::Invoice => 'I',
            InvoiceKind::Receipt => 'R',
            InvoiceKind::CreditNote => 'C',
        };
        format!("{letter}-{nth:05}")
    }
}

/// Which payments a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum))]
pub enum PaymentFilter {
    /// Those whose money is there.
    Paid,
    /// Those that are awaited.
    Pending,
    /// Those of which something went back, or is on its way.
    Refunded,
    /// Those a person must look at.
    Unclear,
}

/// What somebody pays for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaidFor {
    /// A session.
    Session(BookingId),
    /// A package of sessions.
    Package(PurchaseId),
}

impl PaidFor {
    /// What an input names: a session or a package, and not both.
    pub fn one_of(booking: Option<BookingId>, purchase: Option<PurchaseId>) -> Result<Self, UserError> {
        match (booking, purchase) {
            (Some(booking), None) => Ok(PaidFor::Session(booking)),
            (None, Some(purchase)) => Ok(PaidFor::Package(purchase)),
            (None, None) => {
                let message = "Say which session or which package it is for.";
                Err(UserError::on("bookingId", ErrorCode::Required, message))
            }
            (Some(_), Some(_)) => {
                let message = "It is for a session or for a package: name one of them.";
                Err(UserError::on("purchaseId", ErrorCode::Invalid, message))
            }
        }
    }
}

/// What becomes open by giving money back, of which nothing more shall be owed: `open` is what is open after it. What was
/// open before stays so, and what goes back of money that was paid ahead opens nothing.
pub fn opened_by_refund(open: i64, given_back: i64) -> i64 {
    open.max(0) - (open - given_back).max(0)
}

/// How much of a payment can still go back.
pub fn refundable(paid: i64, refunded: i64) -> i64 {
    (paid - refunded).max(0)
}

/// How much goes back when a session is called off: what was paid for it, less what went back already and what is kept by
/// the rules.
pub fn returned(paid: i64, refunded: i64, kept: i64) -> i64 {
    refundable(paid, refunded).saturating_sub(kept.max(0)).max(0)
}

/// The longest reason for a refund, note or proof, in characters.
pub const LONGEST_NOTE: usize = 500;

/// More than this is a slip of the finger: ten million in minor units of a million.
const LARGEST: i64 = 1_000_000_000;

/// Asks for the page on which a session or a package can be paid by card. It names one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct StartCheckoutInput {
    /// For which session of yours.
    pub booking_id: Option<BookingId>,
    /// For which package of yours.
    pub purchase_id: Option<PurchaseId>,
}

/// Says that a bank transfer for a session or a package is on its way. It names one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct AnnounceTransferInput {
    /// For which session of yours.
    pub booking_id: Option<BookingId>,
    /// For which package of yours.
    pub purchase_id: Option<PurchaseId>,
    /// What your bank says about it, if you would like to add that; at most 500 characters.
    pub proof: Option<String>,
}

impl AnnounceTransferInput {
    /// Everything wrong with it.
    pub fn problems(&self) -> Vec<UserError> {
        text_problem("proof", self.proof.as_deref().unwrap_or_default(), LONGEST_NOTE).into_iter().collect()
    }
}

/// Gives money back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct RefundPaymentInput {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// How much, in minor units; left out, all that is left of it.
    pub amount: Option<i64>,
    /// Why; it stays in the records of the practice. At most 500 characters.
    pub reason: String,
    /// Whether what it was for is to be paid again, as after a payment that was noted by mistake. Left out, that is let go.
    pub stays_owed: Option<bool>,
    /// Chosen by the caller; the same key with the same input gives the same refund, however often it is sent.
    pub idempotency_key: Option<String>,
}

impl RefundPaymentInput {
    /// Everything wrong with it. Whether there is as much is another question.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = reason_problems(&self.reason);
        if self.amount.is_some_and(|amount| !(1..=LARGEST).contains(&amount)) {
            problems.push(UserError::on("amount", ErrorCode::Invalid, "Type an amount above zero."));
        }
        problems.extend(key_problem(self.idempotency_key.as_deref()));
        problems
    }
}

/// Lets go of what is still open for a session or a package. It names one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct WaiveOwedInput {
    /// For which session.
    pub booking_id: Option<BookingId>,
    /// For which package.
    pub purchase_id: Option<PurchaseId>,
    /// Why; it stays in the records of the practice. At most 500 characters.
    pub reason: String,
    /// Chosen by the caller; the same key with the same input lets go once, however often it is sent.
    pub idempotency_key: Option<String>,
}

impl WaiveOwedInput {
    /// Everything wrong with it.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems: Vec<_> = PaidFor::one_of(self.booking_id, self.purchase_id).err().into_iter().collect();
        problems.extend(reason_problems(&self.reason));
        problems.extend(key_problem(self.idempotency_key.as_deref()));
        problems
    }
}

/// Notes money that came by bank transfer or in cash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct RecordPaymentInput {
    /// Whose.
    pub client_id: ClientId,
    /// For which session; without that and a package it is credit.
    pub booking_id: Option<BookingId>,
    /// For which package.
    pub purchase_id: Option<PurchaseId>,
    /// The payment a client said is on its way, if it is that one.
    pub payment_id: Option<PaymentId>,
    /// By bank transfer or in cash.
    pub method: PaymentMethod,
    /// How much, in minor units.
    pub amount: i64,
    /// What it is counted in.
    pub currency: Currency,
    /// The day it came; left out, today.
    pub received_on: Option<Date>,
    /// What the bank statement says, or a word for yourself; at most 500 characters.
    pub note: Option<String>,
    /// Chosen by the caller; the same key with the same input gives the same payment, however often it is sent.
    pub idempotency_key: Option<String>,
}

impl RecordPaymentInput {
    /// How much.
    pub fn money(&self) -> Money {
        Money { amount: self.amount, currency: self.currency }
    }

    /// Everything wrong with it.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = Vec::new();
        if self.method == PaymentMethod::Card {
            let message = "Payments by card come from the payment provider by themselves.";
            problems.push(UserError::on("method", ErrorCode::Invalid, message));
        }
        if self.booking_id.is_some() {
            problems.extend(PaidFor::one_of(self.booking_id, self.purchase_id).err());
        }
        if !(1..=LARGEST).contains(&self.amount) {
            problems.push(UserError::on("amount", ErrorCode::Invalid, "Type an amount above zero."));
        }
        problems.extend(text_problem("note", self.note.as_deref().unwrap_or_default(), LONGEST_NOTE));
        problems.extend(key_problem(self.idempotency_key.as_deref()));
        problems
    }
}

/// What is wrong with a reason that the practice keeps.
pub fn reason_problems(reason: &str) -> Vec<UserError> {
    if reason.trim().is_empty() {
        return vec![UserError::on("reason", ErrorCode::Required, "Say why, for the records of the practice.")];
    }
    text_problem("reason", reason, LONGEST_NOTE).into_iter().collect()
}

fn key_problem(key: Option<&str>) -> Option<UserError> {
    key.and_then(|key| crate::booking::key_problem("idempotencyKey", key))
}

/// An amount as somebody types it, in minor units: `75`, `75.5`, `75.50`, `75,50`, `1,250.00`.
pub fn read_amount(typed: &str) -> Option<i64> {
    let plain: String = typed.trim().chars().filter(|c| !matches!(c, ' ' | '£' | '€' | '$')).collect();
    // A comma or point with one or two digits behind it parts the minor units; any other parts thousands.
    let (whole, minor) = match plain.rfind(['.', ',']) {
        Some(place) if (1..=2).contains(&(plain.len() - place - 1)) => (&plain[..place], &plain[place + 1..]),
        Some(place) if place + 1 == plain.len() => return None,
        _ => (plain.as_str(), ""),
    };
    let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let is_number = |text: &str| !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(&whole) || !(minor.is_empty() || is_number(minor)) {
        return None;
    }
    let minor: i64 = format!("{minor:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(minor)
}

/// An amount as it stands in a field: `75.00`.
pub fn typed_amount(amount: i64) -> String {
    format!("{}.{:02}", amount / 100, (amount % 100).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_back_is_what_was_paid_less_what_is_kept() {
        for (paid, refunded, kept, expected) in [
            (7500, 0, 0, 7500),
            (7500, 0, 3750, 3750),
            (7500, 3750, 3750, 0),
            (2500, 0, 7500, 0),
            (7500, 7500, 0, 0),
            (0, 0, 0, 0),
            (7500, 0, -1, 7500),
        ] {
            assert_eq!(returned(paid, refunded, kept), expected, "{paid} paid, {refunded} back, {kept} kept");
        }
    }

    #[test]
    fn a_refund_opens_only_what_was_paid() {
        for (open, given_back, expected) in
            [(7500, 7500, 7500), (0, 7500, 0), (-2500, 5000, 0), (2500, 5000, 2500), (9000, 2000, 2000)]
        {
            assert_eq!(opened_by_refund(open, given_back), expected, "{open} open after {given_back} went back");
        }
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (typed, amount) in [
            ("75", 7500),
            ("75.5", 7550),
            ("75.50", 7550),
            ("75,50", 7550),
            (" £ 1,250.00 ", 125_000),
            ("1.250,00", 125_000),
            ("1,250", 125_000),
            ("0.01", 1),
        ] {
            assert_eq!(read_amount(typed), Some(amount), "{typed}");
            assert_eq!(read_amount(&typed_amount(amount)), Some(amount));
        }
        for typed in ["", "-75", "seventy", "7e3", "75.", ".5", "9999999999999999", "75.5.5.x"] {
            assert_eq!(read_amount(typed), None, "{typed}");
        }
    }

    #[test]
    fn bills_are_numbered_by_kind() {
        assert_eq!(InvoiceKind::Receipt.number(7), "R-00007");
        assert_eq!(InvoiceKind::Invoice.number(123_456), "I-123456");
    }
}
