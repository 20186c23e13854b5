//! Who is let in: from which address, for which host, how often.

use super::Http;
use super::answers::{Unserved, told};
use super::serve::Peer;
use super::visit::Address;
use crate::config::Config;
use crate::limits::{RouteClass, client_address};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use std::net::{IpAddr, Ipv4Addr};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

/// Finds where a request comes from and lets it in if it is meant for us and does not come too often.
pub(super) fn let_in(http: &Http, request: &mut Request) -> Result<(), Unserved> {
    let config = &http.app.config;
    let path = request.uri().path();
    let is_probe = matches!(path, "/health" | "/ready");
    if !is_probe && !host_is_ours(config, request.headers()) {
        let words = "This address is not served here.";
        return Err(told(StatusCode::MISDIRECTED_REQUEST, "BAD_REQUEST", words).into());
    }
    let address = address_of(request, config);
    // The GraphQL endpoint spends by itself, because only it can tell a query from a mutation.
    let is_free = is_probe || path == "/graphql" || path.starts_with("/assets/");
    if !is_free {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD) || path.starts_with("/webhooks/");
        http.app.limits.spend(if reads { RouteClass::Read } else { RouteClass::Write }, address)?;
    }
    request.extensions_mut().insert(Address(address));
    Ok(())
}

fn address_of(request: &Request, config: &Config) -> IpAddr {
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    let forwarded: Vec<&str> =
        request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    client_address(peer, &forwarded, &config.trusted_proxies.0)
}

/// Whether a request names us: our own name, an address in digits, or this machine. Another name that leads here may be
/// somebody's trick to read our answers in their page.
fn host_is_ours(config: &Config, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).map(HeaderValue::to_str) else { return true };
    let Ok(host) = host else { return false };
    let Ok(authority) = host.parse::<axum::http::uri::Authority>() else { return false };
    let name = authority.host().trim_end_matches('.').to_ascii_lowercase();
    let digits = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    digits
        || name == "localhost"
        || name.ends_with(".localhost")
        || config.base_url.host_str().is_some_and(|own| own.eq_ignore_ascii_case(&name))
}

/// Compresses text that is made on the spot; files come with compressed twins.
pub fn compression() -> CompressionLayer<impl Predicate> {
    let text = |status: StatusCode, _: axum::http::Version, headers: &HeaderMap, _: &axum::http::Extensions| {
        // A refusal must cost less than what it refuses.
        if status == StatusCode::TOO_MANY_REQUESTS {
            return false;
        }
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.starts_with("text/")
            || matches!(kind, "application/json" | "application/graphql-response+json" | "application/javascript")
            || kind.ends_with("+xml")
    };
    CompressionLayer::new()
        .br(true)
        .gzip(true)
        .quality(CompressionLevel::Precise(4))
        .compress_when(SizeAbove::new(512).and(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    #[test]
    fn only_our_own_names_are_served() {
        let config = Config::load(&Overrides::default(), &[("base_url", "https://practice.example")]);
        let config = config.expect("the settings are fine");
        let ours = |host: &'static str| {
            host_is_ours(&config, &HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]))
        };
        for host in ["practice.example", "PRACTICE.example:443", "practice.example.", "127.0.0.1:3000", "[::1]:3000"] {
            assert!(ours(host), "{host}");
        }
        for host in ["evil.example", "practice.example.evil", "xpractice.example", "", "a@practice.example/", "x y"] {
            assert!(!ours(host), "{host}");
        }
        assert!(host_is_ours(&config, &HeaderMap::new()));
    }
}
