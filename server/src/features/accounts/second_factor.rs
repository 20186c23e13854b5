//! The second factor of people who work in the practice: an authenticator's code, or a recovery code.

pub mod enrol;

use super::logins::{self, Device};
use super::sign_in::SignedIn;
use super::store::{self, second_factor as rows};
use super::{User, Viewer};
use crate::app::App;
use crate::audit;
use crate::clock::Clock;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::keys::{self, Keys};
use serde::{Deserialize, Serialize};
use shared::ids::UserId;
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::sync::Arc;

/// Where a login stands with its second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, async_graphql::Enum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SecondFactorState {
    /// Clients need none.
    NotNeeded,
    /// There is none yet; nothing opens before it is set up.
    ToSetUp,
    /// Nothing opens before it is shown.
    ToShow,
    /// It was shown in this login.
    Shown,
}

/// Shows the second factor.
#[derive(Debug, Clone, Default, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct CompleteSecondFactorInput {
    /// The six digits the authenticator shows now.
    pub code: Option<String>,
    /// One of the recovery codes, instead.
    pub recovery_code: Option<String>,
}

/// Your second factor.
#[derive(Debug, Clone, async_graphql::SimpleObject)]
pub struct SecondFactor {
    /// Where this login stands with it.
    pub state: SecondFactorState,
    /// Since when the authenticator is in use.
    pub confirmed_at: Option<Instant>,
    /// How many recovery codes are left.
    pub recovery_codes_left: i64,
}

/// After so many wrong codes a login ends.
const MOST_TRIES: i64 = 5;

/// After so many wrong codes in all logins of a day, no more are looked at: whoever has the mailbox could go on for ever.
const MOST_TRIES_A_DAY: i64 = 20;

/// How long one code of an authenticator is shown.
const STEP_SECONDS: i64 = 30;

/// What came of a try inside the write; wrong ones must stay counted, so they are not errors there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tried {
    Right,
    Wrong,
    Ended,
    TooOften,
}

/// Where a login stands with its second factor.
pub(super) async fn state_of(conn: &mut Conn, viewer: &Viewer) -> Result<SecondFactorState> {
    if !viewer.role.is_staff() {
        return Ok(SecondFactorState::NotNeeded);
    }
    if viewer.second_factor {
        return Ok(SecondFactorState::Shown);
    }
    let is_set_up = rows::factor(conn, viewer.user_id).await?.totp_confirmed_at.is_some();
    Ok(if is_set_up { SecondFactorState::ToShow } else { SecondFactorState::ToSetUp })
}

/// Your second factor, as you see it.
pub async fn of(app: &App, viewer: Viewer) -> Result<SecondFactor> {
    let mut conn = app.db.read().await?;
    Ok(SecondFactor {
        state: state_of(&mut conn, &viewer).await?,
        confirmed_at: rows::factor(&mut conn, viewer.user_id).await?.totp_confirmed_at,
        recovery_codes_left: rows::recovery_codes_left(&mut conn, viewer.user_id).await?,
    })
}

/// Shows the second factor: the login that waited for it ends, and one to which everything is open begins.
pub async fn complete(
    app: &Arc<App>,
    viewer: Viewer,
    input: CompleteSecondFactorInput,
    device: Device,
) -> Result<SignedIn> {
    let field = if input.code.is_some() { "code" } else { "recoveryCode" };
    if input.code.is_none() && input.recovery_code.is_none() {
        return Err(Error::refused(
            "code",
            ErrorCode::Required,
            "Please type the six digits your authenticator shows.",
        ));
    }
    let inner = app.clone();
    let (tried, signed_in) = app
        .db
        .write(move |tx| {
            let (app, input, device) = (inner.clone(), input.clone(), device.clone());
            Box::pin(async move {
                if state_of(tx, &viewer).await? != SecondFactorState::ToShow {
                    let message = "There is no second factor to show in this login.";
                    return Err(Error::refused_whole(ErrorCode::AlreadyDone, message));
                }
                let tried = check(tx, &app, viewer, &input).await?;
                if tried != Tried::Right {
                    return Ok((tried, None));
                }
                let user = user_in(tx, viewer.user_id).await?;
                logins::end_now(tx, viewer.login_id, "second factor shown", app.clock.now()).await?;
                let begun = logins::begin(tx, &app, &user, &device, true).await?;
                Ok((tried, Some((user, begun))))
            })
        })
        .await?;
    let (user, begun) = signed_in.ok_or_else(|| refused(tried, field))?;
    let second_factor = SecondFactorState::Shown;
    Ok(SignedIn { user, tokens: begun.tokens(app)?, viewer: begun.viewer, second_factor })
}

async fn user_in(tx: &mut Tx, id: UserId) -> Result<User> {
    store::user(tx, id).await?.ok_or(Error::NotFound)
}

fn refused(tried: Tried, field: &str) -> Error {
    match tried {
        Tried::Wrong | Tried::Right => Error::refused(
            field,
            ErrorCode::LinkInvalid,
            "This code is not right, or it was used before. Please wait for the next one and try that.",
        ),
        Tried::Ended => Error::refused(
            field,
            ErrorCode::RateLimited,
            "That were five wrong codes, so you are signed out. Please sign in again.",
        ),
        Tried::TooOften => Error::refused_whole(
            ErrorCode::RateLimited,
            "There were too many wrong codes today. Please try again tomorrow, or ask the owner of the practice.",
        ),
    }
}

/// Checks a second factor and uses it up. The try is counted before anything is compared, so that many at once are too.
async fn check(tx: &mut Tx, app: &App, viewer: Viewer, proof: &CompleteSecondFactorInput) -> Result<Tried> {
    let now = app.clock.now();
    if rows::tries_since(tx, viewer.user_id, now.plus_minutes(-24 * 60)).await? >= MOST_TRIES_A_DAY {
        return Ok(Tried::TooOften);
    }
    let Some(count) = rows::count_try(tx, viewer.login_id, MOST_TRIES).await? else { return Ok(Tried::Ended) };
    let is_right = match (&proof.code, &proof.recovery_code) {
        (Some(code), _) => take_code(tx, app, viewer.user_id, code).await?,
        (None, Some(code)) => take_recovery_code(tx, &app.keys, viewer.user_id, code, now).await?,
        (None, None) => false,
    };
    if is_right {
        rows::forget_tries(tx, viewer.login_id).await?;
        return Ok(Tried::Right);
    }
    if count < MOST_TRIES {
        return Ok(Tried::Wrong);
    }
    logins::end_now(tx, viewer.login_id, "too many wrong codes", now).await?;
    audit::record(tx, now, Some(viewer.user_id), "login ended: too many wrong codes", Some(viewer.login_id.0)).await?;
    Ok(Tried::Ended)
}

async fn take_code(tx: &mut Tx, app: &App, user: UserId, typed: &str) -> Result<bool> {
    let factor = rows::factor(tx, user).await?;
    let (Some(sealed), Some(_)) = (factor.totp_secret, factor.totp_confirmed_at) else { return Ok(false) };
    let seed = app.keys.open_sealed(&place_of_seed(user), &sealed)?;
    let seed: [u8; 20] = seed.try_into().map_err(|_| Error::internal("a seed does not have 20 bytes"))?;
    match matching_step(seed, typed, &app.clock) {
        Some(step) => Ok(rows::take_step(tx, user, step).await?),
        None => Ok(false),
    }
}

async fn take_recovery_code(tx: &mut Tx, keys: &Keys, user: UserId, typed: &str, now: Instant) -> Result<bool> {
    let is_right = rows::take_recovery_code(tx, user, recovery_hash(keys, user, typed), now).await?;
    if is_right {
        audit::record(tx, now, Some(user), "recovery code used", Some(user.0)).await?;
    }
    Ok(is_right)
}

fn place_of_seed(user: UserId) -> String {
    format!("users/totp_secret/{user}")
}

/// RFC 6238 with what every authenticator knows: SHA-1, six digits, 30 seconds; one step early or late is fine. Where the
/// clock has been pushed, as in the demo, what a real authenticator shows is right too.
fn matching_step(seed: [u8; 20], typed: &str, clock: &Clock) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).take(16).collect();
    let totp = totp_rs::Builder::new()
        .with_secret(seed)
        .with_skew(1)
        .with_step_duration(u64::try_from(STEP_SECONDS).ok()?)
        .build()
        .ok()?;
    let step_at = |at: Instant| totp.check(&digits, u64::try_from(at.seconds()).ok()?);
    let step = step_at(clock.on_other_devices()).or_else(|| step_at(clock.now()))?;
    i64::try_from(step).ok()
}

/// A hash nobody can test guesses against without this practice's key.
fn recovery_hash(keys: &Keys, user: UserId, typed: &str) -> Vec<u8> {
    let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    let key = keys.link_secret("recovery", user.0);
    keys::hash(&[key.bytes().as_slice(), typed.to_ascii_uppercase().as_bytes()].concat())
}
