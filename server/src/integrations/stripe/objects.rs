//! What Stripe tells of, as far as we look at it.
//!
//! Fields that are not read here may come, go and change; a word that is not known becomes `Other`.

use serde::Deserialize;
use shared::money::Currency;
use std::collections::BTreeMap;

/// A Checkout session: one page on which one payment can be made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Checkout {
    /// `cs_…`.
    pub id: String,
    /// Where it is paid; absent once it is over.
    pub url: Option<String>,
    /// Whether it can be paid.
    pub status: CheckoutStatus,
    /// Whether it has been.
    pub payment_status: PaymentStatus,
    /// How much it is about, in minor units.
    pub amount_total: Option<i64>,
    /// What that is counted in, in lower case.
    pub currency: Option<String>,
    /// Our own number for it.
    pub client_reference_id: Option<String>,
    /// The payment, `pi_…`, once there is one.
    pub payment_intent: Option<String>,
    /// Whether the money is real.
    pub livemode: bool,
    /// Until when it can be paid, in seconds since 1970.
    pub expires_at: i64,
}

/// Whether a Checkout session can be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckoutStatus {
    /// It can.
    Open,
    /// Somebody has been through it. That says nothing about the money.
    Complete,
    /// It was not, and cannot be any more.
    Expired,
    /// A word of a later release of theirs.
    #[serde(other)]
    Other,
}

/// Whether a Checkout session has been paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// The money is there.
    Paid,
    /// It is not, or not yet.
    Unpaid,
    /// A word that promises no money.
    #[serde(other)]
    Other,
}

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Intent {
    /// `pi_…`.
    pub id: String,
    /// `succeeded` once the money is there.
    pub status: String,
    /// How much came, in minor units.
    pub amount_received: i64,
    /// What that is counted in, in lower case.
    pub currency: String,
    /// Whether the money is real.
    pub livemode: bool,
}

/// Money that went back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refund {
    /// `re_…`.
    pub id: String,
    /// How far it has come.
    pub status: RefundStatus,
    /// How much, in minor units.
    pub amount: i64,
    /// What that is counted in, in lower case.
    pub currency: String,
    /// Of which payment.
    pub payment_intent: Option<String>,
    /// What we noted with it.
    pub metadata: Option<BTreeMap<String, String>>,
}

impl Refund {
    /// Our own number for it; absent when somebody made it on Stripe's own pages.
    pub fn reference(&self) -> Option<&str> {
        self.metadata.as_ref()?.get("reference").map(String::as_str)
    }
}

/// How far a refund has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundStatus {
    /// On its way.
    Pending,
    /// Done.
    Succeeded,
    /// It came back: the card takes no money any more.
    Failed,
    /// Called off on Stripe's pages.
    Canceled,
    /// Somebody there must do something first, or a word of a later release.
    #[serde(other)]
    Other,
}

/// Something happened. What it says of the object is not believed: the object is read again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Event {
    /// `evt_…`; the same event, told twice, has the same.
    pub id: String,
    /// What happened, like `checkout.session.completed`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When, in seconds since 1970.
    pub created: i64,
    /// Whether the money is real.
    pub livemode: bool,
    /// The account it happened in, if not ours alone.
    #[serde(default)]
    pub account: Option<String>,
    /// To what.
    pub data: EventData,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EventData {
    /// The object as it was then.
    pub object: EventObject,
}

/// As much of an event's object as it takes to read it again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EventObject {
    /// Which; empty for the few that have none.
    #[serde(default)]
    pub id: String,
    /// `checkout.session`, `refund`, `charge` and so on.
    #[serde(default)]
    pub object: String,
    /// The payment it belongs to.
    #[serde(default)]
    pub payment_intent: Option<String>,
}

/// One page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) has_more: bool,
}

/// How Stripe writes a currency.
pub fn code_of(currency: Currency) -> &'static str {
    match currency {
        Currency::Gbp => "gbp",
        Currency::Eur => "eur",
        Currency::Usd => "usd",
        Currency::Pkr => "pkr",
    }
}
