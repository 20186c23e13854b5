//! Looking for what was not told: webhooks get lost, and money that came must not wait for them.

use super::{bills, cards, store, webhook};
use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::{self, Job, JobError};
use std::sync::Arc;

/// How far back events are looked through, in minutes: as long as the provider keeps telling.
const BACK_MINUTES: i64 = 3 * 24 * 60;

/// How many pages of events are read at a time.
const MOST_PAGES: usize = 20;

/// How long a page may be over before somebody looks what became of it, in minutes.
const GRACE_MINUTES: i64 = 5;

/// How long what a webhook said is kept, in minutes.
const KEEP_BODIES_MINUTES: i64 = 30 * 24 * 60;

/// Comes round every ten minutes: writes the invoices of what took place, and has somebody look for what was not told, in a
/// job of its own, because the provider may be slow.
pub async fn come_round(app: &Arc<App>) -> Result<()> {
    bills::issue_due(app).await?;
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let now = app.clock.now();
                store::forget_bodies(tx, now.plus_minutes(-KEEP_BODIES_MINUTES)).await?;
                match app.takes_cards() {
                    true => jobs::enqueue(tx, &app.clock, now, &Job::Reconcile).await,
                    false => Ok(()),
                }
            })
        })
        .await
}

/// Takes every event that was not told, and looks at payments that should have been made.
pub async fn reconcile(app: &Arc<App>) -> std::result::Result<(), JobError> {
    look_at_overdue(app).await?;
    let since = app.clock.now().plus_minutes(-BACK_MINUTES);
    let mut before: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let (events, has_more) = cards(app)?.stripe.events_since(since, before.as_deref()).await?;
        before = events.last().map(|event| event.id.clone());
        for event in events.into_iter().rev() {
            let known = store::event_by_name(&mut app.db.read().await?, &event.id).await.map_err(Error::from)?;
            if known.is_none() && is_for_us(&event.kind) {
                webhook::take(app, event, None).await?;
            }
        }
        if !has_more {
            break;
        }
    }
    Ok(())
}

fn is_for_us(kind: &str) -> bool {
    ["checkout.session.", "refund.", "charge.refund"].iter().any(|start| kind.starts_with(start))
}

/// The end of a page has a job of its own; this finds those it was lost for.
async fn look_at_overdue(app: &Arc<App>) -> Result<()> {
    let before = app.clock.now().plus_minutes(-GRACE_MINUTES);
    let overdue = store::overdue_checkouts(&mut app.db.read().await?, before).await?;
    for payment in overdue {
        let shared_app = app.clone();
        app.db
            .write(move |tx| {
                let app = shared_app.clone();
                Box::pin(async move {
                    let job = Job::ExpireCheckout { payment_id: payment.id };
                    jobs::enqueue(tx, &app.clock, app.clock.now(), &job).await
                })
            })
            .await?;
    }
    Ok(())
}
