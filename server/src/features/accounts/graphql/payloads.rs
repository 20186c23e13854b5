//! What signing in and out answers with.

use super::{Login, User};
use crate::features::accounts::logins::{Device, Place};
use crate::features::accounts::second_factor::SecondFactorState;
use crate::features::accounts::second_factor::enrol::Enrolment;
use crate::features::accounts::sign_in::SignedIn;
use crate::features::accounts::tokens;
use crate::graphql::{answer, caller};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use shared::ids::LoginId;
use shared::problem::UserError;
use shared::time::Instant;

/// What a program shows with its requests. Browsers have cookies instead.
pub struct Tokens(pub(super) tokens::Tokens);

/// What a program shows with its requests. Browsers have cookies instead.
#[Object]
impl Tokens {
    /// For the header `Authorization: Bearer …`; works for minutes.
    async fn access_token(&self) -> &str {
        &self.0.access
    }
    /// When the access token runs out.
    async fn access_expires_at(&self) -> Instant {
        self.0.access_expires_at
    }
    /// For `refreshLogin`, once.
    async fn refresh_token(&self) -> &str {
        &self.0.refresh
    }
    /// When the login ends, however often it is refreshed.
    async fn refresh_expires_at(&self) -> Instant {
        self.0.refresh_expires_at
    }
}

/// A sign-in mail that was asked for. Whether the address is known is not said.
#[derive(SimpleObject)]
pub struct RequestSignInPayload {
    /// Goes with the link or code to `completeSignIn`; without it neither works.
    pub(super) browser_token: Option<String>,
    /// Until when link and code work.
    pub(super) expires_at: Option<Instant>,
    /// Why nothing was asked for.
    pub(super) user_errors: Vec<UserError>,
}

/// Somebody signed in, or why not.
#[derive(SimpleObject, Default)]
pub struct SignInPayload {
    /// Who.
    pub(super) user: Option<User>,
    /// What to show with requests from now on.
    pub(super) tokens: Option<Tokens>,
    /// What is still to be done before anything opens.
    pub(super) second_factor: Option<SecondFactorState>,
    /// Why nobody is signed in.
    pub(super) user_errors: Vec<UserError>,
}

impl From<SignedIn> for SignInPayload {
    fn from(signed_in: SignedIn) -> Self {
        SignInPayload {
            user: Some(User { user: signed_in.user, viewer: signed_in.viewer }),
            tokens: Some(Tokens(signed_in.tokens)),
            second_factor: Some(signed_in.second_factor),
            user_errors: Vec::new(),
        }
    }
}

/// What a new authenticator needs to know, or why none can be set up.
#[derive(SimpleObject)]
pub struct StartSecondFactorPayload {
    /// What the authenticator needs to know.
    pub(super) enrolment: Option<Enrolment>,
    /// Why none can be set up.
    pub(super) user_errors: Vec<UserError>,
}

/// An authenticator set up, or why not.
#[derive(SimpleObject)]
pub struct ConfirmSecondFactorPayload {
    /// To keep on paper; each works once. They are not shown again.
    pub(super) recovery_codes: Option<Vec<String>>,
    /// The login that begins with it; all others have ended.
    pub(super) tokens: Option<Tokens>,
    /// Why it was not set up.
    pub(super) user_errors: Vec<UserError>,
}

/// Buys the next pair of tokens.
#[derive(InputObject)]
pub struct RefreshLoginInput {
    /// The newest refresh token.
    pub(super) refresh_token: String,
}

/// The next pair of tokens, or why there is none.
#[derive(SimpleObject)]
pub struct RefreshLoginPayload {
    /// What to show with requests from now on.
    pub(super) tokens: Option<Tokens>,
    /// Why there are none.
    pub(super) user_errors: Vec<UserError>,
}

/// You are signed out.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// Whether this login has ended.
    pub(super) signed_out: bool,
    /// Why not.
    pub(super) user_errors: Vec<UserError>,
}

/// Ends one of your logins.
#[derive(InputObject)]
pub struct EndLoginInput {
    /// Which.
    pub(super) login_id: LoginId,
}

/// Where you are still signed in.
#[derive(SimpleObject)]
pub struct EndLoginPayload {
    /// Your logins that are left.
    pub(super) logins: Option<Vec<Login>>,
    /// Why nothing ended.
    pub(super) user_errors: Vec<UserError>,
}

/// A login that has begun, or why none has.
pub(crate) fn sign_in_payload(outcome: crate::error::Result<SignedIn>) -> Result<SignInPayload> {
    let (signed_in, user_errors) = answer(outcome)?;
    Ok(signed_in.map_or_else(|| SignInPayload { user_errors, ..Default::default() }, SignInPayload::from))
}

/// What the request was sent with, if the edge said so.
pub(crate) fn device(ctx: &Context<'_>) -> Device {
    ctx.data_opt::<Device>().cloned().unwrap_or_else(|| Device::of_user_agent(""))
}

/// Where somebody signs in from. The login their request came with ends with it.
pub(crate) fn place(ctx: &Context<'_>) -> Place {
    Place { device: device(ctx), login: caller(ctx).viewer.map(|viewer| viewer.login_id) }
}
