//! Does deferred work: keeps claiming what is due, for as long as the process lives.

mod ending;
mod lane;
mod recurring;

use crate::app::App;
use crate::error::Result;
use crate::jobs::Lane;
use crate::jobs::queue;
use crate::pulse::HEARTBEAT;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How fast work is done.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How many jobs of one lane are under way at a time.
    pub places: usize,
    /// How long one job may take. Less than its lease, or somebody else would begin it meanwhile.
    pub longest_job: Duration,
    /// How long jobs under way may take once the process is told to end. What is cut off is done after the next start.
    pub last_jobs: Duration,
    /// How long it is from one sign of life to the next.
    pub beat: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            places: 8,
            longest_job: Duration::from_secs(240),
            last_jobs: Duration::from_secs(10),
            beat: Duration::from_secs(10),
        }
    }
}

/// Works until told to stop; jobs under way may come to their end then, but not for ever.
pub async fn run(app: Arc<App>, stop: CancellationToken) {
    run_at(Pace::default(), app, stop).await;
}

/// Works at a pace until told to stop.
///
/// Everything is in one task: signs of life end when the work does. Each job has a task of its own, so that a slow one
/// holds up neither.
pub async fn run_at(pace: Pace, app: Arc<App>, stop: CancellationToken) {
    let lanes = async {
        tokio::join!(
            lane::work(Lane::Mail, pace, &app, &stop),
            lane::work(Lane::Here, pace, &app, &stop),
            lane::work(Lane::Cards, pace, &app, &stop)
        );
    };
    tokio::select! {
        () = lanes => {}
        never = beat(&app, pace.beat) => match never {},
        never = recurring::keep_taking_turns(&app) => match never {},
    }
}

/// Runs every job that is due, again and again until none is; for tests and the demo's clock.
pub async fn run_all_due(app: &Arc<App>) -> Result<()> {
    let pace = Pace::default();
    loop {
        recurring::take_turns(app).await?;
        let mut running = JoinSet::new();
        for lane in Lane::ALL {
            lane::begin(lane, pace.places, pace, app, &mut running, &CancellationToken::new()).await?;
        }
        if running.is_empty() {
            return Ok(());
        }
        lane::end(&mut running).await;
    }
}

/// Shows again and again that the worker lives, and how much there is to do.
async fn beat(app: &Arc<App>, every: Duration) -> Infallible {
    loop {
        let now = app.clock.now();
        let beaten = app.db.write(move |tx| Box::pin(async move { Ok(queue::beat(tx, HEARTBEAT, now).await?) })).await;
        match beaten {
            Ok(()) => app.pulse.beat(now),
            Err(error) => tracing::error!(%error, "the worker could not show that it lives"),
        }
        match backlog(app).await {
            Ok(backlog) => {
                metrics::gauge!("anteroom_jobs_queued").set(backlog.queued as f64);
                metrics::gauge!("anteroom_jobs_dead").set(backlog.dead as f64);
            }
            Err(error) => tracing::error!(%error, "the worker could not count its jobs"),
        }
        tokio::time::sleep(every).await;
    }
}

async fn backlog(app: &App) -> Result<queue::Backlog> {
    Ok(queue::backlog(&mut app.db.read().await?, app.clock.now()).await?)
}
