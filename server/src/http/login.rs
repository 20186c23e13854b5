//! Who sent a request: a bearer token or the cookies of a browser.

use crate::app::App;
use crate::error::{Error, Result};
use crate::features::accounts::logins::Device;
use crate::features::accounts::tokens::{self, Tokens};
use crate::features::accounts::{Viewer, refresh};
use crate::keys::Secret;
use axum::http::{HeaderMap, HeaderValue, header};
use shared::time::Instant;
use std::sync::Arc;

/// Who a request comes from, and what its answer must set.
#[derive(Debug, Clone, Default)]
pub struct Identified {
    /// Who is signed in, if anyone is.
    pub viewer: Option<Viewer>,
    /// Whether that was said by cookies, which a browser sends by itself: the origin must be checked then.
    pub by_cookie: bool,
    /// `Set-Cookie` headers of the answer, when tokens were rotated or are void.
    pub set_cookies: Vec<HeaderValue>,
}

impl Identified {
    /// Takes one request off the account's budget. A login that was just renewed costs nothing: its browser must hear of it.
    pub fn spend(&self, app: &App) -> Result<()> {
        match self.viewer {
            Some(viewer) if self.set_cookies.is_empty() => app.limits.spend_account(viewer.user_id),
            _ => Ok(()),
        }
    }
}

const ACCESS: &str = "__Host-access";
const REFRESH: &str = "__Host-refresh";
const BROWSER: &str = "__Host-browser";

/// How long a browser remembers that it asked for a sign-in mail; no link works longer.
const BROWSER_MINUTES: i64 = 15;

/// Reads who sent these headers. An access token that has run out is renewed when a refresh cookie came along.
///
/// A bearer token that is not good is refused, whatever cookies there are: a program that sends one means it.
pub async fn identify(app: &Arc<App>, headers: &HeaderMap) -> Result<Identified> {
    if let Some(token) = headers.get(header::AUTHORIZATION).and_then(bearer) {
        let viewer = tokens::viewer_of_access(app, token).await?.ok_or(Error::SignInRequired)?;
        return Ok(Identified { viewer: Some(viewer), ..Identified::default() });
    }
    if let Some(access) = cookie(headers, ACCESS)
        && let Some(viewer) = tokens::viewer_of_access(app, access).await?
    {
        return Ok(Identified { viewer: Some(viewer), by_cookie: true, set_cookies: Vec::new() });
    }
    let Some(current) = refresh_cookie(headers) else {
        let is_stray = cookie(headers, ACCESS).is_some();
        let set_cookies = if is_stray { clear_login_cookies().to_vec() } else { Vec::new() };
        return Ok(Identified { set_cookies, ..Identified::default() });
    };
    match refresh::refresh(app, current).await? {
        Some(refreshed) => Ok(Identified {
            viewer: Some(refreshed.viewer),
            by_cookie: true,
            set_cookies: set_login_cookies(&refreshed.tokens, app.clock.now())?.to_vec(),
        }),
        None => Ok(Identified { set_cookies: clear_login_cookies().to_vec(), ..Identified::default() }),
    }
}

/// The cookies of a login.
pub fn set_login_cookies(tokens: &Tokens, now: Instant) -> Result<[HeaderValue; 2]> {
    Ok([
        set(ACCESS, &tokens.access, tokens.access_expires_at.seconds() - now.seconds())?,
        set(REFRESH, &tokens.refresh, tokens.refresh_expires_at.seconds() - now.seconds())?,
    ])
}

/// Forgets the cookies of a login.
pub fn clear_login_cookies() -> [HeaderValue; 2] {
    [
        HeaderValue::from_static("__Host-access=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"),
        HeaderValue::from_static("__Host-refresh=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"),
    ]
}

/// Remembers that this browser asked for a sign-in mail.
pub fn set_browser_cookie(browser: &Secret) -> Result<HeaderValue> {
    set(BROWSER, &browser.text(), BROWSER_MINUTES * 60)
}

/// Forgets that this browser asked for a sign-in mail.
pub fn clear_browser_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-browser=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// What this browser was given when it asked for a sign-in mail.
pub fn browser_token(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, BROWSER)
}

/// The refresh token this browser has, whether or not it is still good.
pub fn refresh_cookie(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, REFRESH)
}

/// Whether a request says who sent it, rightly or not.
pub(super) fn says_who(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
        || [ACCESS, REFRESH].into_iter().any(|name| cookie(headers, name).is_some())
}

/// What sent a request, in words.
pub fn device(headers: &HeaderMap) -> Device {
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Device::of_user_agent(user_agent.unwrap_or_default())
}

/// A cookie only this site gets back, and no script sees.
pub(super) fn set(name: &str, value: &str, seconds: i64) -> Result<HeaderValue> {
    let text = format!("{name}={value}; Max-Age={}; Path=/; Secure; HttpOnly; SameSite=Lax", seconds.max(0));
    HeaderValue::from_str(&text).map_err(|error| Error::internal(error.to_string()))
}

/// The token of a bearer; other schemes are between a proxy and a browser and none of our business.
fn bearer(authorization: &HeaderValue) -> Option<&str> {
    let (scheme, token) = authorization.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A cookie that was sent along.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name && !value.is_empty()).then_some(value)
    })
}
