//! Access tokens: who asks, for minutes, without a look at the database for anything but whether the login still stands.

use super::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use shared::ids::{LoginId, UserId};
use shared::time::Instant;

/// What a signed-in browser or program shows with every request.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Opens the practice for minutes.
    pub access: String,
    /// When the access token runs out.
    pub access_expires_at: Instant,
    /// Buys the next pair of tokens, once.
    pub refresh: String,
    /// When the login ends, however often it is refreshed.
    pub refresh_expires_at: Instant,
}

/// Who access tokens are for; anything signed for another purpose is not one.
const AUDIENCE: &str = "anteroom:access";

/// The media type of an access token (RFC 9068).
const TYPE: &str = "at+jwt";

/// How many seconds two servers' clocks may differ.
const LEEWAY_SECONDS: i64 = 30;

/// The longest an access token can work, whatever the settings say.
const LONGEST_MINUTES: i64 = 15;

/// What an access token says. Times are whole seconds; nothing else is read as one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    sid: LoginId,
    iat: u32,
    nbf: u32,
    exp: u32,
}

/// The tokens of a login in its current generation.
pub(super) fn issue(app: &App, viewer: &Viewer, generation: i64, login_ends: Instant) -> Result<Tokens> {
    let now = app.clock.now();
    let access_expires_at = now.plus_minutes(i64::from(app.config.access_minutes)).min(login_ends);
    let seconds = |at: Instant| u32::try_from(at.seconds()).map_err(|_| Error::internal("the clock is out of range"));
    let claims = Claims {
        iss: app.config.origin(),
        aud: AUDIENCE.into(),
        sub: viewer.user_id,
        sid: viewer.login_id,
        iat: seconds(now)?,
        nbf: seconds(now)?,
        exp: seconds(access_expires_at)?,
    };
    let access = jsonwebtoken::encode(&header(), &claims, &EncodingKey::from_secret(&app.keys.access))
        .map_err(|error| Error::Internal(Box::new(error)))?;
    let refresh = super::refresh::text(&app.keys, viewer.login_id, generation);
    Ok(Tokens { access, access_expires_at, refresh, refresh_expires_at: login_ends })
}

/// Whoever an access token speaks for, if it is one of ours, of now, and its login still stands.
pub async fn viewer_of_access(app: &App, text: &str) -> Result<Option<Viewer>> {
    let Some(claims) = read(app, text) else { return Ok(None) };
    let viewer = super::viewer_of_login(app, claims.sid).await?;
    Ok(viewer.filter(|viewer| viewer.user_id == claims.sub))
}

fn header() -> Header {
    Header { typ: Some(TYPE.into()), ..Header::new(Algorithm::HS256) }
}

/// The library checks signature, algorithm, issuer and audience. Times are checked here: it knows only the machine's
/// clock, and reads fractions as times.
fn read(app: &App, text: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    validation.set_issuer(&[app.config.origin()]);
    validation.set_audience(&[AUDIENCE]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let token = jsonwebtoken::decode::<Claims>(text, &DecodingKey::from_secret(&app.keys.access), &validation).ok()?;
    let Claims { iat, nbf, exp, .. } = token.claims;
    let (iat, nbf, exp, now) = (i64::from(iat), i64::from(nbf), i64::from(exp), app.clock.now().seconds());
    let begun = iat <= now + LEEWAY_SECONDS && nbf <= now + LEEWAY_SECONDS;
    let is_short = exp - iat <= LONGEST_MINUTES * 60;
    (token.header == header() && begun && now < exp && is_short).then_some(token.claims)
}
