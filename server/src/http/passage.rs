//! What every request goes through on the way to its handler, and its answer on the way back.

use super::answers::{self, Reader, Unserved};
use super::observe::Observed;
use super::{Http, admit, headers, origin};
use crate::error::Error;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tracing::Instrument;

/// One layer for all of it: each layer of the router costs every request a copy of those below.
pub(super) async fn pass(State(http): State<Http>, request: Request, next: Next) -> Response {
    let observed = Observed::begin(&http, &request);
    let mut response = guarded(&http, request, next).instrument(observed.span()).await;
    observed.end(&mut response);
    response
}

/// The answer with its headers, in the words of whoever reads it.
async fn guarded(http: &Http, mut request: Request, next: Next) -> Response {
    let nonce = match headers::nonce() {
        Ok(nonce) => nonce,
        Err(error) => return answers::failed(error),
    };
    let is_secret = headers::is_secret(request.uri().path());
    request.extensions_mut().insert(nonce.clone());
    let reader = Reader::of(&request);
    let answer = AssertUnwindSafe(in_time(http, request, next)).catch_unwind().await;
    let answer = answer.unwrap_or_else(answers::panicked);
    let mut response = reader.in_their_words(http, answer).await;
    headers::complete(&http.app.config, response.headers_mut(), &nonce, is_secret);
    response
}

/// Gives up on what takes too long.
async fn in_time(http: &Http, request: Request, next: Next) -> Response {
    let most = Duration::from_secs(http.app.config.request_seconds.into());
    match tokio::time::timeout(most, answered(http, request, next)).await {
        Ok(Ok(response)) => response,
        Ok(Err(unserved)) => unserved.into_response(),
        Err(_) => answers::failed(Error::Unavailable("a request took too long".into())),
    }
}

/// The answer of the handler to what is let in.
async fn answered(http: &Http, mut request: Request, next: Next) -> Result<Response, Unserved> {
    admit::let_in(http, &mut request)?;
    origin::protect(&http.app.config, &request)?;
    Ok(next.run(request).await)
}
