//! The person who is signed in, and signing in and out.

pub mod payloads;

use self::payloads::{
    ConfirmSecondFactorPayload, EndLoginInput, EndLoginPayload, RefreshLoginInput, RefreshLoginPayload,
    RequestSignInPayload, SignInPayload, SignOutPayload, StartSecondFactorPayload, Tokens,
};
use self::payloads::{device, place, sign_in_payload};
use super::logins;
use super::second_factor::enrol::{self, ConfirmSecondFactorInput};
use super::second_factor::{self, CompleteSecondFactorInput, SecondFactor};
use super::sign_in::{self, CompleteSignInInput, RequestSignInInput};
use super::{Viewer, refresh};
use crate::app::App;
use crate::error::Error;
use crate::graphql::{answer, app, caller, viewer};
use async_graphql::{Context, Object, Result};
use shared::actor::Role;
use shared::ids::{LoginId, UserId};
use shared::problem::{ErrorCode, UserError};
use shared::time::Instant;

/// A person who can sign in.
pub struct User {
    user: super::User,
    viewer: Viewer,
}

impl User {
    /// The person behind a login.
    pub async fn of(app: &App, viewer: Viewer) -> crate::error::Result<Self> {
        Ok(User { user: super::user(app, viewer.user_id).await?, viewer })
    }

    /// Whether everything of theirs is open in this login.
    fn is_through(&self) -> Result<Viewer> {
        Ok(crate::graphql::signed_in(Some(self.viewer)).ok_or(Error::SignInRequired)?)
    }
}

/// The person who is signed in.
#[Object]
impl User {
    /// Which.
    async fn id(&self) -> UserId {
        self.user.id
    }
    /// What to call you.
    async fn name(&self) -> &str {
        &self.user.name
    }
    /// Where mail goes.
    async fn email(&self) -> &str {
        &self.user.email
    }
    /// Where to call you; empty where nobody has said.
    async fn phone(&self) -> &str {
        &self.user.phone
    }
    /// What you may do.
    async fn role(&self) -> Role {
        self.user.role
    }
    /// Whether a second factor is still awaited before anything else opens.
    async fn awaits_second_factor(&self) -> bool {
        self.viewer.role.is_staff() && !self.viewer.second_factor
    }
    /// Your second factor.
    async fn second_factor(&self, ctx: &Context<'_>) -> Result<SecondFactor> {
        Ok(second_factor::of(app(ctx), self.viewer).await?)
    }
    /// Where you are signed in, the last used first.
    async fn logins(&self, ctx: &Context<'_>) -> Result<Vec<Login>> {
        let viewer = self.is_through()?;
        let own = logins::list(app(ctx), viewer).await?;
        Ok(own.into_iter().map(|login| Login { is_this: login.id == viewer.login_id, login }).collect())
    }
}

/// A signed-in browser or program.
pub struct Login {
    login: logins::Login,
    is_this: bool,
}

/// A signed-in browser or program.
#[Object]
impl Login {
    /// Which.
    async fn id(&self) -> LoginId {
        self.login.id
    }
    /// The browser and system, in words.
    async fn device(&self) -> &str {
        &self.login.device
    }
    /// When it was signed in.
    async fn created_at(&self) -> Instant {
        self.login.created_at
    }
    /// When it was last used, to within minutes.
    async fn seen_at(&self) -> Instant {
        self.login.seen_at
    }
    /// When it ends by itself.
    async fn expires_at(&self) -> Instant {
        self.login.expires_at
    }
    /// Whether it is the one this request came with.
    async fn is_this(&self) -> bool {
        self.is_this
    }
}

/// Signing in and out.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Asks for a mail with a sign-in link and a code of six digits.
    async fn request_sign_in(&self, ctx: &Context<'_>, input: RequestSignInInput) -> Result<RequestSignInPayload> {
        let (asked, user_errors) = answer(sign_in::request(app(ctx), input, caller(ctx).address).await)?;
        let expires_at = asked.as_ref().map(|asked| asked.expires_at);
        Ok(RequestSignInPayload { browser_token: asked.map(|asked| asked.browser.text()), expires_at, user_errors })
    }

    /// Signs in with the link or code of a mail. The login this request came with ends.
    async fn complete_sign_in(&self, ctx: &Context<'_>, input: CompleteSignInInput) -> Result<SignInPayload> {
        sign_in_payload(sign_in::complete(app(ctx), input, place(ctx)).await)
    }

    /// Shows your second factor: a code of your authenticator, or a recovery code. The answer holds new tokens.
    async fn complete_second_factor(
        &self,
        ctx: &Context<'_>,
        input: CompleteSecondFactorInput,
    ) -> Result<SignInPayload> {
        let viewer = caller(ctx).viewer.ok_or(Error::SignInRequired)?;
        sign_in_payload(second_factor::complete(app(ctx), viewer, input, device(ctx)).await)
    }

    /// Begins to set up an authenticator. Nothing changes until it is confirmed.
    async fn start_second_factor(&self, ctx: &Context<'_>) -> Result<StartSecondFactorPayload> {
        let viewer = caller(ctx).viewer.ok_or(Error::SignInRequired)?;
        let (enrolment, user_errors) = answer(enrol::start(app(ctx), viewer).await)?;
        Ok(StartSecondFactorPayload { enrolment, user_errors })
    }

    /// Confirms the authenticator by a code it shows. All other logins end; the answer holds new tokens.
    async fn confirm_second_factor(
        &self,
        ctx: &Context<'_>,
        input: ConfirmSecondFactorInput,
    ) -> Result<ConfirmSecondFactorPayload> {
        let viewer = caller(ctx).viewer.ok_or(Error::SignInRequired)?;
        let (confirmed, user_errors) = answer(enrol::confirm(app(ctx), viewer, input, device(ctx)).await)?;
        let (recovery_codes, signed_in) = confirmed.map(|done| (done.recovery_codes, done.signed_in)).unzip();
        let tokens = signed_in.map(|signed_in| Tokens(signed_in.tokens));
        Ok(ConfirmSecondFactorPayload { recovery_codes, tokens, user_errors })
    }

    /// Trades a refresh token for the next pair. One that was used before ends the login.
    async fn refresh_login(&self, ctx: &Context<'_>, input: RefreshLoginInput) -> Result<RefreshLoginPayload> {
        let refreshed = refresh::refresh(app(ctx), &input.refresh_token).await?;
        let user_errors = match refreshed {
            Some(_) => Vec::new(),
            None => vec![UserError::on("refreshToken", ErrorCode::LinkInvalid, "Please sign in again.")],
        };
        Ok(RefreshLoginPayload { tokens: refreshed.map(|refreshed| Tokens(refreshed.tokens)), user_errors })
    }

    /// Ends the login this request came with.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        let viewer = caller(ctx).viewer.ok_or(Error::SignInRequired)?;
        logins::sign_out(app(ctx), viewer.login_id).await?;
        Ok(SignOutPayload { signed_out: true, user_errors: Vec::new() })
    }

    /// Ends one of your logins.
    async fn end_login(&self, ctx: &Context<'_>, input: EndLoginInput) -> Result<EndLoginPayload> {
        let viewer = viewer(ctx)?;
        let (_, user_errors) = answer(logins::end(app(ctx), viewer, input.login_id).await)?;
        left(ctx, viewer, user_errors).await
    }

    /// Ends all of your logins but this one.
    async fn end_other_logins(&self, ctx: &Context<'_>) -> Result<EndLoginPayload> {
        let viewer = viewer(ctx)?;
        logins::end_others(app(ctx), viewer).await?;
        left(ctx, viewer, Vec::new()).await
    }
}

async fn left(ctx: &Context<'_>, viewer: Viewer, user_errors: Vec<UserError>) -> Result<EndLoginPayload> {
    let left = logins::list(app(ctx), viewer).await?;
    let logins = left.into_iter().map(|login| Login { is_this: login.id == viewer.login_id, login }).collect();
    Ok(EndLoginPayload { logins: Some(logins), user_errors })
}
