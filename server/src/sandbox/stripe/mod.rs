//! Stripe's side of a payment, on loopback: its API, its Checkout page, its webhooks.

pub mod account;
mod answers;
mod api;
#[cfg(feature = "pages")]
pub mod checkout;
mod webhooks;

pub use account::{Card, Session};
pub use webhooks::{Telling, Webhook};

use crate::clock::Clock;
use account::Account;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use webhooks::Outbox;

/// The key of the sandbox's only account.
pub const KEY: &str = "sk_test_sandbox";

/// The secret of its only webhook.
pub const WEBHOOK_SECRET: &str = "whsec_sandbox";

/// Something the API does on a bad day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 500, and nothing is done.
    Broken,
    /// 429, and nothing is done.
    TooMany,
    /// Does what it was asked and breaks off in the middle of saying so.
    DoneThenDropped,
}

/// The sandbox's Stripe. Clones are the same one.
#[derive(Clone)]
pub struct Stripe {
    /// What `stripe_api` must be to reach it.
    pub url: String,
    clock: Clock,
    account: Arc<Mutex<Account>>,
    outbox: Arc<Mutex<Outbox>>,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    down: Arc<AtomicBool>,
}

impl std::fmt::Debug for Stripe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stripe({})", self.url)
    }
}

impl Stripe {
    /// Answers on a port of its own until told to stop.
    pub(super) async fn start(listener: TcpListener, clock: Clock, stop: CancellationToken) -> std::io::Result<Self> {
        let stripe = Stripe {
            url: format!("http://{}", listener.local_addr()?),
            account: Arc::new(Mutex::new(Account::new(clock.clone()))),
            clock,
            outbox: Arc::default(),
            faults: Arc::default(),
            down: Arc::default(),
        };
        let (routes, ended) = (api::routes(stripe.clone()), stop.clone().cancelled_owned());
        tokio::spawn(async move {
            // It answers for as long as the demo or the test lasts; nobody waits for its end.
            let _ = axum::serve(listener, routes).with_graceful_shutdown(ended).await;
        });
        tokio::spawn(webhooks::keep_delivering(stripe.clone(), stop));
        Ok(stripe)
    }

    /// The next call of the API meets this fault. Faults are met in the order they were added.
    pub fn next_call(&self, fault: Fault) {
        lock(&self.faults).push_back(fault);
    }

    /// Takes the API down, or up again: while it is down it answers 503.
    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// A Checkout session as it is now.
    pub fn session(&self, id: &str) -> Option<Session> {
        self.with(|account| account.session(id).cloned())
    }

    /// Every Checkout session, in the order they were made.
    pub fn sessions(&self) -> Vec<Session> {
        self.with(|account| account.sessions().to_vec())
    }

    /// Types a card number into the page of a session. `None` if there is no such session.
    pub fn pay(&self, id: &str, card: &str) -> Option<Card> {
        self.with(|account| account.pay(id, card))
    }

    /// Somebody goes through the page with a way to pay that takes days.
    pub fn pay_later(&self, id: &str) {
        self.with(|account| account.pay_later(id));
    }

    /// The money of such a payment comes, or does not.
    pub fn settle_later(&self, id: &str, has_come: bool) {
        self.with(|account| account.settle_later(id, has_come));
    }

    /// Changes a session behind everyone's back, as nobody should be able to.
    pub fn tamper(&self, id: &str, change: impl FnOnce(&mut Session)) {
        self.with(|account| account.tamper(id, change));
    }

    /// Somebody gives money back on Stripe's own pages. Whether there was as much.
    pub fn refund_there(&self, intent: &str, amount: i64) -> bool {
        self.with(|account| account.refund(intent, Some(amount), None).is_ok())
    }

    /// The bank sends the money of the newest refund of a payment back.
    pub fn fail_refund(&self, intent: &str) {
        self.with(|account| account.fail_refund(intent));
    }

    /// All money that came, less all that went back, in minor units of every currency together.
    pub fn balance(&self) -> i64 {
        self.with(|account| account.balance())
    }

    /// How many refunds were made.
    pub fn refund_count(&self) -> usize {
        self.with(|account| account.refund_count())
    }

    /// Works on the account, after time has done its own; what happened is told.
    fn with<T>(&self, work: impl FnOnce(&mut Account) -> T) -> T {
        let mut account = lock(&self.account);
        account.pass_time();
        let outcome = work(&mut account);
        let news = account.take_news();
        if !news.is_empty() {
            lock(&self.outbox).add(news, self.clock.now());
        }
        outcome
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
