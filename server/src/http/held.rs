//! The cookie of the time that is kept for a browser.

use super::login::cookie;
use axum::http::HeaderMap;

/// Its name.
pub(super) const HOLD: &str = "__Host-hold";

/// The secret it carries, which alone proves that the time is kept for whoever sent it.
pub(super) fn secret(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, HOLD)?.split('~').next()
}
