//! The page somebody asked for who has to sign in first. The browser keeps it, so that no address and no form of signing
//! in names it, and the link in a mail leads there too.

use super::login::{cookie, set};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use shared::actor::Role;

const WANTED: &str = "__Host-wanted";

/// As long as a mail to sign in works at most.
const SECONDS: i64 = 15 * 60;

/// Addresses of ours are shorter.
const MOST_BYTES: usize = 512;

/// Sends a browser to a page of signing in, and lets it remember what it asked for.
pub(super) fn after(page: &str, asked: &Parts) -> Response {
    let mut answer = Redirect::to(page).into_response();
    let path = asked.uri.path_and_query().map_or("", |path| path.as_str());
    // What was just done then is not done again.
    let path = if path.contains("done=") { asked.uri.path() } else { path };
    let remembers = asked.method.is_safe() && is_plain(path);
    let cookie = if remembers { set(WANTED, path, SECONDS).ok() } else { None };
    answer.headers_mut().append(header::SET_COOKIE, cookie.unwrap_or_else(forget));
    answer
}

/// Where somebody goes who has signed in: to what they asked for, if it is of their portal, otherwise to its first page.
pub(super) fn or_home(headers: &HeaderMap, role: Role) -> &str {
    let home = home(role);
    let within = |path: &&str| {
        let rest = path.strip_prefix(home);
        is_plain(path) && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    cookie(headers, WANTED).filter(within).unwrap_or(home)
}

/// The first page of somebody's portal.
pub(super) fn home(role: Role) -> &'static str {
    if role.is_staff() { "/admin" } else { "/portal" }
}

/// Forgets it.
pub(super) fn forget() -> HeaderValue {
    HeaderValue::from_static("__Host-wanted=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// Whether an address has only what neither a cookie nor a browser takes for something else.
fn is_plain(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~?=&%+:".contains(&byte);
    path.len() <= MOST_BYTES && path.bytes().all(plain) && !path.contains("//")
}
