//! Where machines of others tell us things. They have no login: a signature over the raw body proves them.

use super::Http;
use super::fault;
use crate::error::Error;
use crate::features::payments::webhook::{self, Answer, MOST_BYTES};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

/// The routes of webhooks.
pub(super) fn routes() -> Router<Http> {
    Router::new().route("/webhooks/stripe", post(stripe)).layer(DefaultBodyLimit::max(MOST_BYTES))
}

/// What is refused is counted and not logged: anybody can send such things, as fast as they like.
async fn stripe(State(http): State<Http>, headers: HeaderMap, body: Bytes) -> Response {
    let mut signatures = headers.get_all("stripe-signature").iter();
    let signature = match (signatures.next().map(|value| value.to_str()), signatures.next()) {
        (Some(Ok(signature)), None) => signature,
        _ => "",
    };
    let (status, outcome) = match webhook::receive(&http.app, signature, &body).await {
        Ok(Answer::Taken) => (StatusCode::OK, "taken"),
        Ok(Answer::NotProven(_)) => (StatusCode::BAD_REQUEST, "not proven"),
        Ok(Answer::Unreadable) => (StatusCode::BAD_REQUEST, "unreadable"),
        Ok(Answer::NobodyHere) => (StatusCode::NOT_FOUND, "nobody here"),
        Err(error) => return not_stored(&error),
    };
    metrics::counter!("anteroom_webhooks_total", "vendor" => "stripe", "outcome" => outcome).increment(1);
    status.into_response()
}

/// It is told again until it is stored.
fn not_stored(error: &Error) -> Response {
    tracing::error!(%error, "a webhook could not be stored");
    metrics::counter!("anteroom_webhooks_total", "vendor" => "stripe", "outcome" => "not stored").increment(1);
    let status = fault::status(error);
    let status = if status.is_server_error() { status } else { StatusCode::INTERNAL_SERVER_ERROR };
    status.into_response()
}
