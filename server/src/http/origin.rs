//! Keeps other sites from acting through a visitor's browser.

use super::answers::{Told, told};
use crate::config::Config;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};

/// Called by machines that prove who they are with a signature; they have no origin.
const MACHINES: &str = "/webhooks/";

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses changes that another site asks for.
pub(super) fn protect(config: &Config, request: &Request) -> Result<(), Told> {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    let path = request.uri().path();
    if is_safe || path.starts_with(MACHINES) {
        return Ok(());
    }
    // A form is posted by a browser, with cookies or without; only the API is called by programs that are no browsers.
    let by_browser = path != "/graphql" || request.headers().contains_key(header::COOKIE);
    if allowed(config, request.headers(), by_browser) { Ok(()) } else { Err(refused()) }
}

/// The answer to another site.
pub fn refused() -> Told {
    told(StatusCode::FORBIDDEN, "FORBIDDEN", "This was sent from another site.")
}

/// Whether a request comes from one of our own pages, or from no page at all where that can be.
pub fn allowed(config: &Config, headers: &HeaderMap, by_browser: bool) -> bool {
    if headers.get_all(SEC_FETCH_SITE).iter().count() > 1 || headers.get_all(header::ORIGIN).iter().count() > 1 {
        return false;
    }
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return site == "same-origin" || site == "none";
    }
    match headers.get(header::ORIGIN) {
        Some(origin) => origin.to_str().is_ok_and(|origin| is_own(config, headers, origin)),
        None => !by_browser,
    }
}

/// Whether an origin is ours: the address people see, or the one this request was sent to.
pub fn is_own(config: &Config, headers: &HeaderMap, origin: &str) -> bool {
    if origin == config.origin() {
        return true;
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let sent_to = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    matches!((host, sent_to), (Some(host), Some(sent_to)) if !host.is_empty() && host == sent_to)
}
