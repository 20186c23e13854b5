//! Where machines of others tell us things. They have no login: a signature over the raw body proves them.

use super::Http;
use super::fault;
use super::observe::Flooding;
use crate::error::Error;
use crate::features::payments::webhook::{self, Answer, MOST_BYTES};
use crate::integrations::stripe::signature::Unproven;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use std::sync::atomic::{AtomicU64, Ordering};

/// The routes of webhooks.
pub(super) fn routes() -> Router<Http> {
    Router::new().route("/webhooks/stripe", post(stripe)).layer(DefaultBodyLimit::max(MOST_BYTES))
}

/// What is refused is counted, and of many only some are logged: anybody can send such things, as fast as they like.
async fn stripe(State(http): State<Http>, headers: HeaderMap, body: Bytes) -> Response {
    let mut signatures = headers.get_all("stripe-signature").iter();
    let signature = match (signatures.next().map(|value| value.to_str()), signatures.next()) {
        (Some(Ok(signature)), None) => signature,
        _ => "",
    };
    let (status, outcome) = match webhook::receive(&http.app, signature, &body).await {
        Ok(Answer::Taken) => (StatusCode::OK, "taken"),
        Ok(Answer::NotProven(why)) => return not_proven(why),
        Ok(Answer::Unreadable) => (StatusCode::BAD_REQUEST, "unreadable"),
        Ok(Answer::NobodyHere) => (StatusCode::NOT_FOUND, "nobody here"),
        Err(error) => return not_stored(&error),
    };
    metrics::counter!("anteroom_webhooks_total", "vendor" => "stripe", "outcome" => outcome).increment(1);
    status.into_response()
}

/// Every refusal looks the same, whatever was wrong. The first is logged, and then one for every doubling.
fn not_proven(why: Unproven) -> Response {
    static SO_FAR: AtomicU64 = AtomicU64::new(0);
    let so_far = SO_FAR.fetch_add(1, Ordering::Relaxed) + 1;
    if so_far.is_power_of_two() {
        tracing::warn!(so_far, %why, "a webhook is not proven");
    }
    metrics::counter!("anteroom_webhooks_total", "vendor" => "stripe", "outcome" => "not proven").increment(1);
    let mut refused = StatusCode::BAD_REQUEST.into_response();
    refused.extensions_mut().insert(Flooding);
    refused
}

/// It is told again until it is stored.
fn not_stored(error: &Error) -> Response {
    tracing::error!(%error, "a webhook could not be stored");
    metrics::counter!("anteroom_webhooks_total", "vendor" => "stripe", "outcome" => "not stored").increment(1);
    let status = fault::status(error);
    let status = if status.is_server_error() { status } else { StatusCode::INTERNAL_SERVER_ERROR };
    status.into_response()
}
