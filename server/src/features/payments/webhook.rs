//! The inbox of what the payment provider tells: proven, stored, answered; the work is done from a job.

use super::{cards, refund, settle, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::integrations::stripe::Event;
use crate::integrations::stripe::signature::Unproven;
use crate::jobs::{self, Job, JobError};
use crate::keys;
use shared::ids::PaymentId;
use shared::time::Instant;
use std::sync::Arc;
use uuid::Uuid;

/// The most bytes of a webhook.
pub const MOST_BYTES: usize = 256 * 1024;

/// Something a provider told us.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct InboxEvent {
    /// Our id for it.
    pub id: Uuid,
    /// The provider's id; the same event, told twice, has the same.
    pub event_id: String,
    /// What happened.
    pub kind: String,
    /// To what.
    pub object_id: String,
    /// The payment that belongs to.
    pub intent_id: Option<String>,
    /// What it said, sealed; forgotten some time after.
    pub body: Option<Vec<u8>>,
    /// The SHA-256 of what it said.
    pub body_hash: Vec<u8>,
    /// When it came.
    pub received_at: Instant,
    /// When its work was done; at once for what is not for us.
    pub processed_at: Option<Instant>,
    /// Why it was not for us, or what went wrong.
    pub error: Option<String>,
}

/// What to answer a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is stored: 200.
    Taken,
    /// It is not the provider's: 400, and nothing is stored.
    NotProven(Unproven),
    /// It is, and cannot be read: 400.
    Unreadable,
    /// This practice takes no cards: 404.
    NobodyHere,
}

/// Takes a webhook: `signature` is its header, `body` what came over the wire, byte for byte. It is answered well only once
/// it is stored durably; anything else makes the provider tell it again.
pub async fn receive(app: &Arc<App>, signature: &str, body: &[u8]) -> Result<Answer> {
    let Some(cards) = &app.cards else { return Ok(Answer::NobodyHere) };
    if let Err(why) = cards.webhook.check(signature, body, app.clock.now()) {
        return Ok(Answer::NotProven(why));
    }
    let Ok(event) = serde_json::from_slice::<Event>(body) else { return Ok(Answer::Unreadable) };
    take(app, event, Some(body)).await?;
    Ok(Answer::Taken)
}

/// Stores an event with the job that does its work. The first of its name counts.
pub(super) async fn take(app: &Arc<App>, event: Event, body: Option<&[u8]>) -> Result<()> {
    let is_live = cards(app).is_ok_and(|cards| cards.stripe.is_live());
    let stranger = match &event {
        event if event.livemode != is_live => Some("it is of another mode than the account"),
        event if event.account.is_some() => Some("it is of another account"),
        _ => None,
    };
    let (id, now) = (app.clock.new_id(), app.clock.now());
    let row = InboxEvent {
        id,
        object_id: event.data.object.id,
        intent_id: event.data.object.payment_intent,
        body: body.map(|body| app.keys.seal(&format!("webhook_events/body/{id}"), body)).transpose()?,
        body_hash: body.map(keys::hash).unwrap_or_default(),
        received_at: now,
        processed_at: stranger.map(|_| now),
        error: stranger.map(str::to_owned),
        event_id: event.id,
        kind: event.kind,
    };
    let shared_app = app.clone();
    let known = app
        .db
        .write(move |tx| {
            let (app, row) = (shared_app.clone(), row.clone());
            Box::pin(async move {
                if store::insert_event(tx, &row).await? == 0 {
                    let known = store::event_by_name(tx, &row.event_id).await?;
                    return Ok(known.map(|known| (known, row)));
                }
                if row.processed_at.is_none() {
                    jobs::enqueue(tx, &app.clock, row.received_at, &Job::HandleWebhook { event: row.id }).await?;
                }
                Ok(None)
            })
        })
        .await?;
    if let Some(why) = stranger {
        tracing::error!(event = %id, why, "a webhook is not for us");
    }
    if let Some((known, again)) = known
        && !known.body_hash.is_empty()
        && !again.body_hash.is_empty()
        && known.body_hash != again.body_hash
    {
        tracing::error!(event = %known.id, "a webhook came again with other content; the first counts");
    }
    Ok(())
}

/// Does the work of an event: reads what it is about again, whatever it said.
pub async fn handle(app: &Arc<App>, id: Uuid) -> std::result::Result<(), JobError> {
    let event = store::event(&mut app.db.read().await?, id).await.map_err(Error::from)?;
    let Some(event) = event.filter(|event| event.processed_at.is_none()) else { return Ok(()) };
    let outcome = work(app, &event).await;
    let error = match outcome {
        Ok(()) => None,
        Err(JobError::GiveUp(why)) => Some(why),
        Err(later) => return Err(later),
    };
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            let error = error.clone();
            Box::pin(async move { Ok(store::set_processed(tx, id, now, error).await?) })
        })
        .await?;
    Ok(())
}

async fn work(app: &Arc<App>, event: &InboxEvent) -> std::result::Result<(), JobError> {
    if event.kind.starts_with("checkout.session.") {
        return checkout_session(app, &event.object_id).await;
    }
    let is_about_refunds = ["refund.", "charge.refund"].iter().any(|start| event.kind.starts_with(start));
    match &event.intent_id {
        Some(intent) if is_about_refunds => refund::look_again(app, intent).await,
        _ => {
            if event.kind.starts_with("charge.dispute.") {
                tracing::error!(event = %event.id, "a client disputes a payment with their bank");
            }
            Ok(())
        }
    }
}

/// A payment page changed. It is known by its id, or, when the answer that told us its id was lost, by our own number in it.
async fn checkout_session(app: &Arc<App>, checkout: &str) -> std::result::Result<(), JobError> {
    let known = store::by_checkout(&mut app.db.read().await?, checkout).await.map_err(Error::from)?;
    let session = cards(app)?.stripe.checkout(checkout).await?;
    let payment = match known {
        Some(payment) => Some(payment),
        None => {
            let reference = session.client_reference_id.as_deref();
            let id = reference.and_then(|reference| reference.parse::<PaymentId>().ok());
            let found = match id {
                Some(id) => super::get(&mut app.db.read().await?, id).await?,
                None => None,
            };
            // A payment that has its page has no second one.
            found.filter(|payment| payment.checkout_id.is_none())
        }
    };
    match payment {
        Some(payment) => settle::apply(app, &payment, &session).await,
        None => Err(JobError::GiveUp("no payment of ours has this page".to_owned())),
    }
}
