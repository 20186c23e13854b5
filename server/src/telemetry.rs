//! Measurements, for Prometheus to read on a listener of their own.

use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;

/// The upper bounds of the classes that durations are counted in, in seconds.
const DURATIONS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// How often what was measured is folded together.
const UPKEEP: Duration = Duration::from_secs(5);

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to record. Without it everything that is measured is thrown away.
fn recorder() -> Option<&'static PrometheusHandle> {
    let install = || {
        let built = PrometheusBuilder::new().set_buckets(&DURATIONS).and_then(|builder| builder.install_recorder());
        match built {
            Ok(handle) => {
                describe();
                Some(handle)
            }
            Err(error) => {
                tracing::error!(%error, "nothing can be measured");
                None
            }
        }
    };
    RECORDER.get_or_init(install).as_ref()
}

fn describe() {
    metrics::describe_counter!("anteroom_http_requests_total", "Requests answered");
    metrics::describe_histogram!("anteroom_http_request_seconds", "How long answers took");
    metrics::describe_counter!("anteroom_jobs_total", "Jobs run");
    metrics::describe_gauge!("anteroom_jobs_queued", "Jobs that wait");
    metrics::describe_gauge!("anteroom_jobs_dead", "Jobs that were given up");
    metrics::describe_gauge!("anteroom_sockets_open", "Open WebSockets");
    metrics::describe_counter!("anteroom_sockets_closed_total", "WebSockets closed by us, by code");
}

/// `GET /metrics`. Needs a Tokio runtime.
pub fn routes() -> Router {
    if let Some(handle) = recorder() {
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP).await;
                handle.run_upkeep();
            }
        });
    }
    Router::new().route("/metrics", get(async || recorder().map(PrometheusHandle::render).unwrap_or_default()))
}
