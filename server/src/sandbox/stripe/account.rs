//! What the account holds: Checkout sessions, payments, refunds, and what happened to them.

use super::answers;
use crate::clock::Clock;
use serde_json::Value;
use std::collections::HashMap;

/// A session can be paid for at least so many seconds, and at most for a day.
const SHORTEST: i64 = 30 * 60;
const LONGEST: i64 = 24 * 3600;

/// How many seconds a request may have been on its way.
const ON_ITS_WAY: i64 = 30;

/// One Checkout session.
#[derive(Debug, Clone)]
pub struct Session {
    /// `cs_test_…`.
    pub id: String,
    /// `open`, `complete` or `expired`.
    pub status: &'static str,
    /// `paid` or `unpaid`.
    pub payment_status: &'static str,
    /// In minor units.
    pub amount: i64,
    /// In lower case.
    pub currency: String,
    /// The number whoever made it calls it by.
    pub reference: String,
    /// What it says it is for.
    pub item: String,
    /// Where whoever has paid is sent.
    pub success_url: String,
    /// Where whoever goes back is sent.
    pub cancel_url: String,
    /// The payment, once somebody went through the page.
    pub intent: Option<String>,
    /// Whether real money would move.
    pub livemode: bool,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// Until when it can be paid.
    pub expires_at: i64,
}

/// One payment.
#[derive(Debug, Clone)]
pub(super) struct Intent {
    pub(super) id: String,
    pub(super) amount: i64,
    pub(super) received: i64,
    pub(super) currency: String,
    pub(super) status: &'static str,
}

/// Money that went back.
#[derive(Debug, Clone)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) intent: String,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) status: &'static str,
    pub(super) reference: Option<String>,
    pub(super) created: i64,
}

/// What became of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// It paid.
    Paid,
    /// The bank said no; another try is possible.
    Declined,
    /// It is no number of the test cards.
    Unknown,
    /// The session can be paid no more.
    TooLate,
}

/// Why the API does not do what it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) param: &'static str,
    pub(super) message: String,
}

fn refusal(code: &'static str, param: &'static str, message: impl Into<String>) -> Refusal {
    Refusal { status: 400, code, param, message: message.into() }
}

pub(super) fn missing(param: &'static str) -> Refusal {
    Refusal { status: 404, code: "resource_missing", param, message: "No such object.".into() }
}

/// An answer that is given again to the same idempotency key.
#[derive(Debug, Clone)]
pub(super) struct Remembered {
    pub(super) asked: Vec<(String, String)>,
    pub(super) status: u16,
    pub(super) answer: Value,
}

/// The whole account.
pub(super) struct Account {
    clock: Clock,
    sessions: Vec<Session>,
    intents: HashMap<String, Intent>,
    refunds: Vec<Refund>,
    /// What happened, oldest first.
    events: Vec<Value>,
    /// What happened and has not been told.
    news: Vec<Value>,
    pub(super) remembered: HashMap<String, Remembered>,
}

/// What a session is made from.
pub(super) struct NewSession {
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) reference: String,
    pub(super) item: String,
    pub(super) success_url: String,
    pub(super) cancel_url: String,
    pub(super) expires_at: i64,
}

impl Account {
    pub(super) fn new(clock: Clock) -> Self {
        Account {
            clock,
            sessions: Vec::new(),
            intents: HashMap::new(),
            refunds: Vec::new(),
            events: Vec::new(),
            news: Vec::new(),
            remembered: HashMap::new(),
        }
    }

    pub(super) fn now(&self) -> i64 {
        self.clock.now().seconds()
    }

    pub(super) fn session(&self, id: &str) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    pub(super) fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    pub(super) fn intent(&self, id: &str) -> Option<&Intent> {
        self.intents.get(id)
    }

    pub(super) fn refund_of_id(&self, id: &str) -> Option<&Refund> {
        self.refunds.iter().find(|refund| refund.id == id)
    }

    pub(super) fn refunds_of(&self, intent: &str) -> impl Iterator<Item = &Refund> {
        self.refunds.iter().rev().filter(move |refund| refund.intent == intent)
    }

    pub(super) fn events(&self) -> impl Iterator<Item = &Value> {
        self.events.iter().rev()
    }

    pub(super) fn balance(&self) -> i64 {
        let came: i64 = self.intents.values().map(|intent| intent.received).sum();
        let went: i64 =
            self.refunds.iter().filter(|refund| refund.status != "failed").map(|refund| refund.amount).sum();
        came - went
    }

    pub(super) fn refund_count(&self) -> usize {
        self.refunds.len()
    }

    pub(super) fn take_news(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.news)
    }

    /// Ends sessions whose time is over.
    pub(super) fn pass_time(&mut self) {
        let now = self.now();
        let over: Vec<usize> = (0..self.sessions.len())
            .filter(|&place| self.sessions[place].status == "open" && self.sessions[place].expires_at <= now)
            .collect();
        for place in over {
            self.end(place);
        }
    }

    pub(super) fn create(&mut self, new: NewSession) -> Result<Session, Refusal> {
        let least = match new.currency.as_str() {
            "gbp" => 30,
            "eur" | "usd" => 50,
            "pkr" => 17_500,
            _ => return Err(refusal("parameter_invalid", "line_items[0][price_data][currency]", "Invalid currency.")),
        };
        if new.amount < least {
            let param = "line_items[0][price_data][unit_amount]";
            return Err(refusal("amount_too_small", param, format!("The least amount is {least}.")));
        }
        let now = self.now();
        if !(now + SHORTEST - ON_ITS_WAY..=now + LONGEST + ON_ITS_WAY).contains(&new.expires_at) {
            let message = "The session must end between 30 minutes and 24 hours from now.";
            return Err(refusal("parameter_invalid", "expires_at", message));
        }
        let session = Session {
            id: self.new_id("cs_test"),
            status: "open",
            payment_status: "unpaid",
            amount: new.amount,
            currency: new.currency,
            reference: new.reference,
            item: new.item,
            success_url: new.success_url,
            cancel_url: new.cancel_url,
            intent: None,
            livemode: false,
            created: now,
            expires_at: new.expires_at,
        };
        self.sessions.push(session.clone());
        Ok(session)
    }

    pub(super) fn expire(&mut self, id: &str) -> Result<Session, Refusal> {
        let place = self.place(id).ok_or_else(|| missing("session"))?;
        if self.sessions[place].status != "open" {
            let message = "Only Checkout Sessions with a status in [\"open\"] can be expired.";
            return Err(refusal("resource_invalid_state", "session", message));
        }
        self.end(place);
        Ok(self.sessions[place].clone())
    }

    pub(super) fn pay(&mut self, id: &str, card: &str) -> Option<Card> {
        let place = self.place(id)?;
        if self.sessions[place].status != "open" {
            return Some(Card::TooLate);
        }
        let digits: String = card.chars().filter(char::is_ascii_digit).collect();
        Some(match digits.as_str() {
            "4242424242424242" => {
                self.go_through(place, true);
                Card::Paid
            }
            "4000000000000002" | "4000000000009995" => Card::Declined,
            _ => Card::Unknown,
        })
    }

    pub(super) fn pay_later(&mut self, id: &str) {
        if let Some(place) = self.place(id) {
            self.go_through(place, false);
        }
    }

    pub(super) fn settle_later(&mut self, id: &str, has_come: bool) {
        let Some(place) = self.place(id) else { return };
        let session = &mut self.sessions[place];
        if session.status != "complete" || session.payment_status == "paid" {
            return;
        }
        if let Some(intent) = session.intent.as_ref().and_then(|id| self.intents.get_mut(id)) {
            intent.status = if has_come { "succeeded" } else { "requires_payment_method" };
            intent.received = if has_come { intent.amount } else { 0 };
        }
        session.payment_status = if has_come { "paid" } else { "unpaid" };
        let object = answers::session(session, None);
        let kind = if has_come { "async_payment_succeeded" } else { "async_payment_failed" };
        self.tell(&format!("checkout.session.{kind}"), object);
    }

    pub(super) fn tamper(&mut self, id: &str, change: impl FnOnce(&mut Session)) {
        if let Some(place) = self.place(id) {
            change(&mut self.sessions[place]);
        }
    }

    /// Gives money back: this much, or all that is left.
    pub(super) fn refund(
        &mut self,
        intent: &str,
        amount: Option<i64>,
        reference: Option<String>,
    ) -> Result<Refund, Refusal> {
        let found = self.intents.get(intent).ok_or_else(|| missing("payment_intent"))?;
        let gone: i64 = self.refunds_of(intent).filter(|refund| refund.status != "failed").map(|r| r.amount).sum();
        let left = found.received - gone;
        if left <= 0 {
            return Err(refusal("charge_already_refunded", "", "The charge has already been refunded."));
        }
        let amount = amount.unwrap_or(left);
        if amount < 1 || amount > left {
            return Err(refusal("amount_too_large", "amount", "The amount is greater than what is left."));
        }
        let refund = Refund {
            intent: intent.to_owned(),
            amount,
            currency: found.currency.clone(),
            status: "succeeded",
            reference,
            created: self.now(),
            id: self.new_id("re"),
        };
        self.refunds.push(refund.clone());
        self.tell("refund.created", answers::refund(&refund));
        self.tell("charge.refunded", answers::charge(intent, gone + amount));
        Ok(refund)
    }

    pub(super) fn fail_refund(&mut self, intent: &str) {
        let Some(refund) = self.refunds.iter_mut().rev().find(|refund| refund.intent == intent) else { return };
        refund.status = "failed";
        let object = answers::refund(refund);
        self.tell("refund.failed", object);
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.sessions.iter().position(|session| session.id == id)
    }

    fn end(&mut self, place: usize) {
        self.sessions[place].status = "expired";
        let object = answers::session(&self.sessions[place], None);
        self.tell("checkout.session.expired", object);
    }

    fn go_through(&mut self, place: usize, is_paid: bool) {
        let id = self.new_id("pi");
        let session = &mut self.sessions[place];
        let intent = Intent {
            id: id.clone(),
            amount: session.amount,
            received: if is_paid { session.amount } else { 0 },
            currency: session.currency.clone(),
            status: if is_paid { "succeeded" } else { "processing" },
        };
        session.status = "complete";
        session.payment_status = if is_paid { "paid" } else { "unpaid" };
        session.intent = Some(id.clone());
        let object = answers::session(session, None);
        self.intents.insert(id, intent);
        self.tell("checkout.session.completed", object);
    }

    fn tell(&mut self, kind: &str, object: Value) {
        let event = answers::event(&self.new_id("evt"), kind, self.now(), object);
        self.events.push(event.clone());
        self.news.push(event);
    }

    fn new_id(&self, kind: &str) -> String {
        format!("{kind}_{}", self.clock.new_id().simple())
    }
}
