//! What every answer tells a browser to be careful about.

use super::visit::Nonce;
use crate::config::Config;
use crate::error::Result;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::Engine as _;

/// Pages whose address is a secret or leads to one: no other site learns it, no search engine is let in, and no proxy
/// writes it down.
pub const SECRET_ADDRESSES: [&str; 7] =
    ["/calendar", "/invitation", "/make-up", "/manage", "/set-up", "/sign-in", "/waiting"];

const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
     microphone=(), payment=(), usb=(), browsing-topics=()";

/// What the scripts of one answer carry.
pub(super) fn nonce() -> Result<Nonce> {
    Ok(Nonce(base64::engine::general_purpose::STANDARD.encode(crate::keys::random::<16>()?)))
}

/// Gives an answer its headers. What a handler has set already stays.
pub(super) fn complete(config: &Config, headers: &mut HeaderMap, nonce: &Nonce, is_secret: bool) {
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.entry(name).or_insert(value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy(config, &nonce.0));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, if is_secret { "no-referrer" } else { "strict-origin-when-cross-origin" });
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(header::CACHE_CONTROL, "no-store");
    if config.base_url.scheme() == "https" {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
}

/// Whether an address is a secret, or leads to one.
pub(super) fn is_secret(path: &str) -> bool {
    let begins = |secret| path.strip_prefix(secret).is_some_and(|rest: &str| rest.is_empty() || rest.starts_with('/'));
    SECRET_ADDRESSES.into_iter().any(begins)
}

fn policy(config: &Config, nonce: &str) -> String {
    let live = live_origin(config);
    // A form that leads to a payment is answered with the way to Stripe's page.
    let pay = if config.stripe_key.is_some() { " https://checkout.stripe.com" } else { "" };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self' {live}; manifest-src 'self'; form-action 'self'{pay}; \
         frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )
}

/// The address of our WebSocket, for browsers that do not count it as `'self'`.
pub fn live_origin(config: &Config) -> String {
    config.origin().replacen("http", "ws", 1)
}
