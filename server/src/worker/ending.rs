//! How a job ends, and when it is tried again.

use super::lane::MOST_ATTEMPTS;
use crate::app::App;
use crate::jobs::JobError;
use crate::jobs::queue::{self, Claimed, Try};
use futures_util::FutureExt;
use shared::time::Instant;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

type Outcome = Result<(), JobError>;

/// What becomes of a job.
#[derive(Debug, Clone)]
enum Ending {
    Done,
    /// It is tried again, and this try counts or does not.
    Later(Instant, Try, String),
    Dead(String),
}

/// The outcome of work that may panic, take too long or be cut off. What a panic says is not kept: it may name people.
pub(super) async fn settle(work: impl Future<Output = Outcome>, longest: Duration, cut: &CancellationToken) -> Outcome {
    tokio::select! {
        outcome = AssertUnwindSafe(work).catch_unwind() => {
            outcome.unwrap_or_else(|_| Err(JobError::Retry("it panicked".to_owned())))
        }
        () = tokio::time::sleep(longest) => Err(JobError::Retry("it took too long".to_owned())),
        () = cut.cancelled() => Err(JobError::Wait("the server ended before it was done".to_owned())),
    }
}

/// Stores what became of a job, unless its lease has passed to somebody else.
pub(super) async fn record(app: &Arc<App>, claimed: &Claimed, lease: Uuid, outcome: Outcome) {
    let (id, attempts, kind, now) = (claimed.id, claimed.attempts, claimed.kind.clone(), app.clock.now());
    let ending = match outcome {
        Ok(()) => Ending::Done,
        Err(JobError::Wait(why)) => Ending::Later(next_look(now, claimed.due_at, id), Try::InVain, why),
        Err(JobError::Retry(why)) if attempts < MOST_ATTEMPTS => {
            Ending::Later(next_try(now, attempts, id), Try::Counts, why)
        }
        Err(JobError::Retry(why) | JobError::GiveUp(why)) => Ending::Dead(why),
    };
    let outcome = match &ending {
        Ending::Done => "done",
        Ending::Later(_, Try::InVain, _) => "wait",
        Ending::Later(_, Try::Counts, _) => "retry",
        Ending::Dead(_) => "dead",
    };
    metrics::counter!("anteroom_jobs_total", "kind" => kind.clone(), "outcome" => outcome).increment(1);
    if let Ending::Later(.., why) | Ending::Dead(why) = &ending {
        tracing::warn!(job = %id, kind, attempts, outcome, error = %why, "a job did not do its work");
    }
    let recorded = app
        .db
        .write(move |tx| {
            let ending = ending.clone();
            Box::pin(async move {
                match ending {
                    Ending::Done => queue::finish(tx, id, lease, now).await?,
                    Ending::Later(at, this, why) => queue::put_back(tx, id, lease, now, at, &why, this).await?,
                    Ending::Dead(why) => queue::bury(tx, id, lease, now, &why).await?,
                }
                Ok(())
            })
        })
        .await;
    if let Err(error) = recorded {
        tracing::error!(job = %id, kind, %error, "what became of a job could not be recorded; its lease will run out");
    }
}

/// Twice as long after every failure, from 20 seconds to 6 hours.
fn next_try(now: Instant, attempts: i64, id: Uuid) -> Instant {
    let pause = 10_i64.saturating_mul(1 << attempts.clamp(1, 12)).min(6 * 3600);
    now.plus_seconds(pause + spread(pause, id))
}

/// Half as long as it has waited already, from 20 seconds to 15 minutes with the spread: what it waits for is used soon
/// after it is back, and nobody knocks all day at a door that is shut.
fn next_look(now: Instant, due_at: Instant, id: Uuid) -> Instant {
    let pause = ((now.seconds() - due_at.seconds()) / 2).clamp(20, 12 * 60);
    now.plus_seconds(pause + spread(pause, id))
}

/// Up to a fifth of a pause, so that what failed together does not come back together.
fn spread(pause: i64, id: Uuid) -> i64 {
    i64::from(id.as_bytes()[15]) * pause / 5 / 255
}

#[cfg(test)]
mod tests {
    use super::{JobError, settle};
    use std::time::Duration;
    use tokio_util::sync::CancellationToken;

    #[tokio::test]
    async fn a_panic_is_a_try_that_counts_and_is_not_repeated() {
        let cut = CancellationToken::new();
        let outcome = settle(async { panic!("what Ben said") }, Duration::MAX, &cut).await;
        assert!(matches!(&outcome, Err(JobError::Retry(why)) if why == "it panicked"), "{outcome:?}");
    }
}
