//! Whether the process is alive, and whether it can do its work.

use super::Http;
use crate::error::Result;
use crate::jobs::queue;
use crate::worker::{HEARTBEAT, HEARTBEAT_SECONDS};
use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use serde::Serialize;

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
    /// Whether deferred work is being done.
    worker: bool,
    /// Whether this process is about to end.
    stopping: bool,
}

async fn ready(State(http): State<Http>) -> (StatusCode, Json<Readiness>) {
    let looked = look(&http).await;
    if let Err(error) = &looked {
        tracing::warn!(%error, "not ready");
    }
    let (schema, worker) = *looked.as_ref().unwrap_or(&(false, false));
    let (database, stopping) = (looked.is_ok(), http.stop.is_cancelled());
    let ready = schema && worker && !stopping;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, database, schema, worker, stopping }))
}

async fn look(http: &Http) -> Result<(bool, bool)> {
    let app = &http.app;
    let schema = app.db.migration_state().await?.is_current();
    if !schema {
        return Ok((false, false));
    }
    let beat = queue::last_beat(&mut app.db.read().await?, HEARTBEAT).await?;
    let now = app.clock.now();
    Ok((schema, beat.is_some_and(|beat| now < beat.plus_seconds(HEARTBEAT_SECONDS))))
}
