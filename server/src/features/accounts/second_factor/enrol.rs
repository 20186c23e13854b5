//! Setting up an authenticator, or changing to another one.

use super::{CompleteSecondFactorInput, SecondFactorState, Tried, rows};
use super::{check, matching_step, place_of_seed, recovery_hash, refused, user_in};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::logins::{self, Begun, Device};
use crate::features::accounts::sign_in::SignedIn;
use crate::features::accounts::{User, Viewer, user};
use crate::keys::{self, Keys};
use qrcode::QrCode;
use qrcode::render::svg;
use serde::{Deserialize, Serialize};
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::sync::Arc;

/// What an authenticator needs to know.
#[derive(Debug, Clone, async_graphql::SimpleObject)]
pub struct Enrolment {
    /// To type into an authenticator, in base 32.
    pub secret: String,
    /// To open in an authenticator on this device.
    pub url: String,
    /// To scan with an authenticator: an SVG picture.
    pub qr_svg: String,
}

/// Confirms a new authenticator by a code it shows.
#[derive(Debug, Clone, Default, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmSecondFactorInput {
    /// The six digits the new authenticator shows now.
    pub code: String,
    /// When there is one already: the six digits it shows now.
    pub current_code: Option<String>,
    /// When there is one already and it is lost: a recovery code.
    pub recovery_code: Option<String>,
}

/// An authenticator is in use from now on.
#[derive(Debug, Clone)]
pub struct Confirmed {
    /// To keep on paper; each works once. They are not shown again.
    pub recovery_codes: Vec<String>,
    /// The login that begins with it. All others have ended.
    pub signed_in: SignedIn,
}

const RECOVERY_CODES: usize = 10;

/// Without letters and digits that are taken for each other.
const RECOVERY_ALPHABET: &[u8] = b"ABCDEFGHJKMNPQRSTVWXYZ23456789";

enum Outcome {
    Confirmed(Box<(User, Begun)>),
    NewCodeWrong,
    Refused(Tried),
}

/// Begins to set up an authenticator, or another one. Nothing changes until it is confirmed.
pub async fn start(app: &App, viewer: Viewer) -> Result<Enrolment> {
    let before = may_enrol(&mut app.db.read().await?, viewer).await?;
    let person = user(app, viewer.user_id).await?;
    let secret = base32(&seed(&app.keys, viewer, before));
    let issuer = app.config.base_url.host_str().unwrap_or("Anteroom").to_owned();
    let mut url = url::Url::parse("otpauth://totp/").map_err(|error| Error::internal(error.to_string()))?;
    url.set_path(&format!("{issuer}:{}", person.email));
    url.query_pairs_mut()
        .append_pair("secret", &secret)
        .append_pair("issuer", &issuer)
        .append_pair("algorithm", "SHA1")
        .append_pair("digits", "6")
        .append_pair("period", "30");
    let url = url.to_string();
    let code = QrCode::new(url.as_bytes()).map_err(|error| Error::internal(error.to_string()))?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    // The declaration in front is for files; inside a page it is an error.
    let qr_svg = drawn.find("<svg").map_or(drawn.clone(), |begin| drawn[begin..].to_owned());
    Ok(Enrolment { secret, url, qr_svg })
}

/// Confirms an authenticator by a code it shows. Replacing one takes the old one, or a recovery code, as well: whoever
/// has the mailbox or an open browser alone cannot.
pub async fn confirm(
    app: &Arc<App>,
    viewer: Viewer,
    input: ConfirmSecondFactorInput,
    device: Device,
) -> Result<Confirmed> {
    let mut recovery_codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let parts = [(); 3].map(|()| keys::random_text(RECOVERY_ALPHABET, 4));
        let parts: Vec<String> = parts.into_iter().collect::<Result<_>>()?;
        recovery_codes.push(parts.join("-"));
    }
    let hashes: Vec<_> = recovery_codes.iter().map(|code| recovery_hash(&app.keys, viewer.user_id, code)).collect();
    let inner = app.clone();
    let outcome = app
        .db
        .write(move |tx| {
            let (app, input, hashes, device) = (inner.clone(), input.clone(), hashes.clone(), device.clone());
            Box::pin(async move { replace(tx, &app, viewer, input, hashes, device).await })
        })
        .await?;
    match outcome {
        Outcome::Confirmed(confirmed) => {
            let (user, begun) = *confirmed;
            let second_factor = SecondFactorState::Shown;
            let signed_in = SignedIn { user, tokens: begun.tokens(app)?, viewer: begun.viewer, second_factor };
            Ok(Confirmed { recovery_codes, signed_in })
        }
        Outcome::NewCodeWrong => Err(refused(Tried::Wrong, "code")),
        Outcome::Refused(tried) => Err(refused(tried, "currentCode")),
    }
}

async fn replace(
    tx: &mut Tx,
    app: &App,
    viewer: Viewer,
    input: ConfirmSecondFactorInput,
    hashes: Vec<Vec<u8>>,
    device: Device,
) -> Result<Outcome> {
    let now = app.clock.now();
    let before = may_enrol(tx, viewer).await?;
    let seed = seed(&app.keys, viewer, before);
    let Some(step) = matching_step(seed, &input.code, &app.clock) else {
        return Ok(Outcome::NewCodeWrong);
    };
    if before.is_some() {
        let proof = CompleteSecondFactorInput { code: input.current_code, recovery_code: input.recovery_code };
        if proof.code.is_none() && proof.recovery_code.is_none() {
            let message = "Please also type a code of the authenticator you use now, or a recovery code.";
            return Err(Error::refused("currentCode", ErrorCode::Required, message));
        }
        let tried = check(tx, app, viewer, &proof).await?;
        if tried != Tried::Right {
            return Ok(Outcome::Refused(tried));
        }
    }
    let sealed = app.keys.seal(&place_of_seed(viewer.user_id), &seed)?;
    if !rows::set_factor(tx, viewer.user_id, before, sealed, step, now).await? {
        let message = "Your second factor was changed somewhere else just now.";
        return Err(Error::refused_whole(ErrorCode::AlreadyDone, message));
    }
    rows::replace_recovery_codes(tx, viewer.user_id, &hashes).await?;
    audit::record(tx, now, Some(viewer.user_id), "second factor set up", Some(viewer.user_id.0)).await?;
    logins::end_all(tx, viewer.user_id, None, "second factor set up", now).await?;
    let user = user_in(tx, viewer.user_id).await?;
    let begun = logins::begin(tx, app, &user, &device, true).await?;
    Ok(Outcome::Confirmed(Box::new((user, begun))))
}

/// Since when there is an authenticator; refuses whoever may not set up another.
async fn may_enrol(conn: &mut crate::db::Conn, viewer: Viewer) -> Result<Option<Instant>> {
    if !viewer.role.is_staff() {
        return Err(Error::Forbidden);
    }
    let before = rows::factor(conn, viewer.user_id).await?.totp_confirmed_at;
    if before.is_some() && !viewer.second_factor {
        let message = "Please show your second factor first.";
        return Err(Error::refused_whole(ErrorCode::SecondFactorRequired, message));
    }
    Ok(before)
}

/// The seed this login is offered: the same until it is confirmed, so that nothing unconfirmed is stored, and another
/// one after that.
fn seed(keys: &Keys, viewer: Viewer, before: Option<Instant>) -> [u8; 20] {
    let purpose = format!("second-factor/{}", before.map_or(0, Instant::micros));
    let secret = keys.link_secret(&purpose, viewer.login_id.0);
    let mut seed = [0; 20];
    seed.copy_from_slice(&secret.bytes()[..20]);
    seed
}

/// RFC 4648 without padding, as authenticators read it. 20 bytes are 32 characters exactly.
fn base32(bytes: &[u8; 20]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::with_capacity(32);
    for five in bytes.chunks_exact(5) {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        text.extend((0..8).rev().map(|place| char::from(ALPHABET[(bits >> (place * 5) & 31) as usize])));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_the_standard() {
        assert_eq!(base32(b"foobarfoobarfoobar12"), "MZXW6YTBOJTG633CMFZGM33PMJQXEMJS");
    }
}
