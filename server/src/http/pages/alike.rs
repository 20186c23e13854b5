//! Pages that are alike for every visitor, answered from what is remembered.

use super::super::visit::Nonce;
use super::super::{Http, booking_cookies, login};
use crate::http::remembered::MOST_QUESTION;
use axum::body::Bytes;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

/// Answers from what is remembered, where that may be.
pub(super) async fn remembered(State(http): State<Http>, request: Request, next: Next) -> Response {
    let nonce = request.extensions().get::<Nonce>().cloned().unwrap_or_default().0;
    let pattern = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let key = question(&request).zip(pattern);
    let key = key.and_then(|(asked, pattern)| http.remembered.key_of_page(http.app.clock.now(), pattern, asked));
    match key {
        Some(key) => http.remembered.get(key, &nonce, next.run(request)).await,
        None => next.run(request).await,
    }
}

/// What is asked for, by somebody of whom nothing is known but where their clocks are and how they count hours.
fn question(request: &Request) -> Option<Bytes> {
    let headers = request.headers();
    if request.method() != Method::GET || login::says_who(headers) || booking_cookies::says_what(headers) {
        return None;
    }
    let address = request.uri().path_and_query()?.as_str();
    let (zone, hours) = (booking_cookies::zone(headers).unwrap_or_default(), booking_cookies::hours(headers));
    (address.len() <= MOST_QUESTION).then(|| Bytes::from(format!("{address}\n{zone}\n{}", hours.word())))
}
