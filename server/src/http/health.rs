//! Whether the process is alive, and whether it can do its work.

use super::Http;
use crate::app::App;
use crate::error::Result;
use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde::Serialize;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// The probes.
pub fn routes() -> Router<Http> {
    Router::new().route("/health", get(async || "ok")).route("/ready", get(ready))
}

/// What `/ready` says; nothing that helps a stranger.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Readiness {
    ready: bool,
    /// Whether the database answers.
    database: bool,
    /// Whether its schema is the one of this release.
    schema: bool,
    /// Whether this process does deferred work.
    worker: bool,
    /// Whether this process is about to end.
    stopping: bool,
}

/// How long an answer is repeated. Anyone may ask as often as they like; the database hears of it this often.
const REPEATED: Duration = Duration::from_secs(1);

/// What was last found out, and when.
#[derive(Debug, Default)]
pub struct LastLook(Mutex<Option<(Instant, Look)>>);

#[derive(Debug, Clone, Copy, Default)]
struct Look {
    database: bool,
    schema: bool,
    worker: bool,
}

async fn ready(State(http): State<Http>) -> (StatusCode, Json<Readiness>) {
    let Look { database, schema, worker } = looked(&http).await;
    let stopping = http.stop.is_cancelled();
    let ready = schema && worker && !stopping;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, database, schema, worker, stopping }))
}

/// What holds now, or held a moment ago. Those who ask at the same moment wait for one look.
async fn looked(http: &Http) -> Look {
    let mut last = http.last_look.0.lock().await;
    if let Some((at, look)) = *last
        && at.elapsed() < REPEATED
    {
        return look;
    }
    let look = look(&http.app).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "not ready");
        Look::default()
    });
    *last = Some((Instant::now(), look));
    look
}

async fn look(app: &App) -> Result<Look> {
    let schema = app.db.migration_state().await?.is_current();
    if !schema {
        return Ok(Look { database: true, ..Look::default() });
    }
    Ok(Look { database: true, schema, worker: app.pulse.is_felt(app.clock.now()) })
}
