//! Work that comes round again, of which each turn is taken by one process.

use crate::app::App;
use crate::error::Result;
use crate::features::{accounts, bookings, intake, payments, requests, series, waitlist};
use crate::idempotency;
use crate::jobs::queue;
use crate::limits::mailbox;
use shared::time::Instant;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// Recurring work, and how many minutes lie between two runs. Its names are in the table of turns.
const RECURRING: &[(Work, &str, i64)] = &[
    (Work::Forget, "forget what is over", 60),
    (Work::Complete, "complete sessions that are over", 5),
    (Work::Reconcile, "look for payments nobody told of", 10),
    (Work::KeepPlaces, "keep standing places ahead", 24 * 60),
    (Work::AskWaiting, "ask who still waits", 24 * 60),
    (Work::LookAtClocks, "look at clock changes", 24 * 60),
    (Work::FollowZones, "follow the rules of the zone", 24 * 60),
];

/// What comes round again.
#[derive(Debug, Clone, Copy)]
enum Work {
    /// Forgetting what nobody needs any more.
    Forget,
    /// Completing sessions that are over, and what follows for requests and for wishes that came to nothing.
    Complete,
    /// Writing invoices that are due, and looking for payments nobody told of.
    Reconcile,
    /// Keeping standing places ahead.
    KeepPlaces,
    /// Asking those who have waited for long whether they still do.
    AskWaiting,
    /// Noting the clock changes that move them.
    LookAtClocks,
    /// Moving sessions whose zone has new rules.
    FollowZones,
}

/// How long it is from one look to the next.
const LOOK: Duration = Duration::from_secs(60);

/// Takes turns for as long as the worker lives.
pub(super) async fn keep_taking_turns(app: &Arc<App>) -> Infallible {
    loop {
        if let Err(error) = take_turns(app).await {
            tracing::error!(%error, "recurring work was not done; its turn comes again");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Takes every turn that has come.
pub(super) async fn take_turns(app: &Arc<App>) -> Result<()> {
    let now = app.clock.now();
    for (work, name, minutes) in RECURRING {
        if !take_turn(app, name, *minutes, now).await? {
            continue;
        }
        match work {
            Work::Forget => forget(app, now).await?,
            Work::Reconcile => payments::reconcile::come_round(app).await?,
            Work::KeepPlaces => drop(series::nightly::keep_all_ahead(app).await?),
            Work::AskWaiting => waitlist::interest::come_round(app).await?,
            Work::LookAtClocks => series::clocks::look_ahead(app).await?,
            Work::FollowZones => drop(bookings::zone_rules::follow(app).await?),
            Work::Complete => {
                bookings::outcome::complete_past(app).await?;
                requests::moves::settle(app).await?;
                waitlist::interest::take_up_unpaid(app).await?;
            }
        }
    }
    Ok(())
}

/// Whether this process does it this time. One that goes away in the middle leaves the work to the next turn.
async fn take_turn(app: &Arc<App>, name: &'static str, minutes: i64, now: Instant) -> Result<bool> {
    app.db
        .write(move |tx| Box::pin(async move { Ok(queue::take_turn(tx, name, now, now.plus_minutes(minutes)).await?) }))
        .await
}

async fn forget(app: &Arc<App>, now: Instant) -> Result<()> {
    app.db
        .write(move |tx| {
            Box::pin(async move {
                queue::forget_finished(tx, now.plus_minutes(-7 * 24 * 60)).await?;
                mailbox::forget_whole(tx, now).await?;
                idempotency::forget(tx, now.plus_minutes(-2 * 24 * 60)).await?;
                intake::invitations::forget_expired(tx, now).await?;
                accounts::forget_expired(tx, now).await
            })
        })
        .await?;
    app.limits.forget_idle();
    Ok(())
}
