//! Telling of what happened: signed, again and again until it is taken, and as badly as a test asks for.

use super::{Stripe, WEBHOOK_SECRET, lock};
use crate::integrations::stripe::signature;
use serde_json::Value;
use shared::time::Instant;
use std::collections::VecDeque;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Minutes from one try to the next; after the last it is told no more.
const AGAIN_AFTER: &[i64] = &[1, 5, 30, 2 * 60, 5 * 60, 10 * 60, 12 * 60, 12 * 60, 12 * 60, 12 * 60];

/// How long it is from one look to the next.
const LOOK: Duration = Duration::from_millis(100);

/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How the next event is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Twice.
    Twice,
    /// Never; only the list of events has it.
    Never,
    /// So many minutes late.
    Late(i64),
    /// After the one that comes next.
    AfterNext,
    /// Its answer is lost, so that it is told again as if it had been a 500.
    AnswerLost,
}

/// One event on its way: what is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Which event.
    pub event_id: String,
    /// What happened.
    pub kind: String,
    /// The body, byte for byte.
    pub body: String,
    /// The `Stripe-Signature`.
    pub signature: String,
}

#[derive(Debug, Clone)]
struct Waiting {
    event: Value,
    due: Instant,
    tries: usize,
    answer_lost: bool,
}

/// What is on its way, and how it goes.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    endpoint: Option<String>,
    waiting: VecDeque<Waiting>,
    /// What waits for the one after it.
    held: Option<Waiting>,
    script: VecDeque<Telling>,
}

impl Outbox {
    pub(super) fn add(&mut self, news: Vec<Value>, now: Instant) {
        for event in news {
            let mut one = Waiting { event, due: now, tries: 0, answer_lost: false };
            let held = self.held.take();
            match self.script.pop_front() {
                None => self.waiting.push_back(one),
                Some(Telling::Never) => {}
                Some(Telling::Twice) => self.waiting.extend([one.clone(), one]),
                Some(Telling::Late(minutes)) => {
                    one.due = now.plus_minutes(minutes);
                    self.waiting.push_back(one);
                }
                Some(Telling::AnswerLost) => {
                    one.answer_lost = true;
                    self.waiting.push_back(one);
                }
                Some(Telling::AfterNext) => self.held = Some(one),
            }
            self.waiting.extend(held);
        }
    }

    fn take_due(&mut self, now: Instant) -> Option<Waiting> {
        let place = self.waiting.iter().position(|one| one.due <= now)?;
        self.waiting.remove(place)
    }
}

impl Stripe {
    /// Where events are told from now on, like `http://127.0.0.1:3000/webhooks/stripe`. Until it is known they wait.
    pub fn tell_to(&self, endpoint: &str) {
        lock(&self.outbox).endpoint = Some(endpoint.to_owned());
    }

    /// How the next event is told. Said more than once, it is about those after it.
    pub fn tell_next(&self, how: Telling) {
        lock(&self.outbox).script.push_back(how);
    }

    /// Everything that is due, signed now, as it would be posted; it is not told again.
    pub fn take_webhooks(&self) -> Vec<Webhook> {
        self.with(|_| ());
        let (now, mut outbox) = (self.clock.now(), lock(&self.outbox));
        let mut taken = Vec::new();
        while let Some(waiting) = outbox.take_due(now) {
            taken.push(signed(&waiting.event, now));
        }
        taken
    }

    async fn deliver_due(&self, client: &reqwest::Client) {
        // Sessions end by themselves, and that is told too.
        self.with(|_| ());
        let Some(endpoint) = lock(&self.outbox).endpoint.clone() else { return };
        loop {
            let now = self.clock.now();
            let Some(mut one) = lock(&self.outbox).take_due(now) else { return };
            let webhook = signed(&one.event, now);
            let post = client
                .post(&endpoint)
                .header("Content-Type", "application/json; charset=utf-8")
                .header("Stripe-Signature", webhook.signature)
                .body(webhook.body);
            let taken = post.send().await.is_ok_and(|answer| answer.status().is_success());
            if taken && !std::mem::take(&mut one.answer_lost) {
                continue;
            }
            if let Some(minutes) = AGAIN_AFTER.get(one.tries) {
                one.tries += 1;
                one.due = now.plus_minutes(*minutes);
                lock(&self.outbox).waiting.push_back(one);
            }
        }
    }
}

/// Tells what is due, until told to stop.
pub(super) async fn keep_delivering(stripe: Stripe, stop: CancellationToken) {
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_only([])
        .build();
    let Ok(client) = client else { return };
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        stripe.deliver_due(&client).await;
    }
}

fn signed(event: &Value, now: Instant) -> Webhook {
    let body = event.to_string();
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    Webhook {
        event_id: text("id"),
        kind: text("type"),
        signature: signature::sign(WEBHOOK_SECRET, body.as_bytes(), now),
        body,
    }
}
