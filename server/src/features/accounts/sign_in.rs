//! Signing in by mail: asking for a link and code, and using one.

use super::links;
use super::logins::{self, Begun, Place};
use super::second_factor::{self, SecondFactorState};
use super::store::links as rows;
use super::tokens::Tokens;
use super::{User, Viewer, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::jobs::{self, Job};
use crate::keys::Secret;
use crate::limits::RouteClass;
use crate::limits::mailbox::{self, MailKind};
use serde::{Deserialize, Serialize};
use shared::actor::Role;
use shared::contact::{EmailAddress, email_problem};
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::net::IpAddr;
use std::sync::Arc;

/// Asks for a sign-in mail.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct RequestSignInInput {
    /// The address you are known by.
    pub email: String,
}

/// A sign-in mail is on its way, if the address is known. Nobody is told whether it is.
#[derive(Debug, Clone)]
pub struct RequestedSignIn {
    /// Stays in the browser that asked; link and code work only together with it.
    pub browser: Secret,
    /// Until when link and code work.
    pub expires_at: Instant,
}

/// Signs in with what a mail brought: the token at the end of its link, or its code.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct CompleteSignInInput {
    /// The part of the mailed link after the `#`.
    pub link_token: Option<String>,
    /// The six digits, instead of the link.
    pub code: Option<String>,
    /// What `requestSignIn` answered with.
    pub browser_token: String,
}

/// Somebody has signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// Their new login.
    pub viewer: Viewer,
    /// What to show from now on.
    pub tokens: Tokens,
    /// What is still to be done before anything opens.
    pub second_factor: SecondFactorState,
}

/// After so many wrong codes a link is void.
const MOST_ATTEMPTS: i64 = 5;

/// Stores a link for an address and has it mailed. Known and unknown addresses take the same path: the mail job looks
/// who it is for.
pub async fn request(app: &Arc<App>, input: RequestSignInInput, address: IpAddr) -> Result<RequestedSignIn> {
    app.limits.spend(RouteClass::SignIn, address)?;
    Error::unless_fine(email_problem("email", &input.email).into_iter().collect())?;
    let email = EmailAddress::parse(&input.email).ok_or_else(|| Error::internal("an address that was fine is not"))?;
    let canonical = email.canonical();
    let browser = Secret::random()?;
    let now = app.clock.now();
    let expires_at = now.plus_minutes(i64::from(app.config.sign_in_minutes));
    let id = app.clock.new_id();
    let link = rows::NewLink {
        id,
        email_canonical: canonical,
        link_hash: links::secret(&app.keys, id).hash(),
        code_hash: links::code_hash(&browser, &links::code(&app.keys, id)),
        browser_hash: browser.hash(),
        created_at: now,
        expires_at,
        used_at: None,
    };
    let inner = app.clone();
    app.db
        .write(move |tx| {
            let (app, mut link) = (inner.clone(), link.clone());
            Box::pin(async move {
                let most = app.config.rate_mailbox;
                if mailbox::spend(tx, &app.keys, most, MailKind::SignIn, &link.email_canonical, now).await? {
                    rows::void_of(tx, &link.email_canonical, now).await?;
                    jobs::enqueue(tx, &app.clock, now, &Job::MailSignIn { link_id: id }).await?;
                } else {
                    // A mailbox that has had enough mails gets no more, and whoever asks cannot tell.
                    link.used_at = Some(now);
                }
                Ok(rows::insert(tx, link).await?)
            })
        })
        .await?;
    Ok(RequestedSignIn { browser, expires_at })
}

#[derive(Debug, Clone)]
enum Proof {
    Link(Vec<u8>),
    Code(Vec<u8>),
}

enum Outcome {
    SignedIn(Box<(User, Begun, SecondFactorState)>),
    OtherBrowser,
    Refused,
}

/// Uses a link or code. However many try at once, one login begins.
pub async fn complete(app: &Arc<App>, input: CompleteSignInInput, place: Place) -> Result<SignedIn> {
    let browser = Secret::read(&input.browser_token);
    let (field, proof) = match (&input.link_token, &input.code) {
        (Some(token), _) => ("linkToken", Secret::read(token).map(|secret| Proof::Link(secret.hash()))),
        (None, Some(code)) => {
            ("code", browser.as_ref().map(|browser| Proof::Code(links::code_hash(browser, &links::read_code(code)))))
        }
        (None, None) => {
            let message = "Please type the six digits from the mail, or follow its link.";
            return Err(Error::refused("code", ErrorCode::Required, message));
        }
    };
    // Without its cookie a browser is like any other: it has a token nobody was given.
    let browser_hash = browser.map_or_else(Vec::new, |browser| browser.hash());
    let Some(proof) = proof else { return Err(refused(field)) };
    let inner = app.clone();
    let outcome = app
        .db
        .write(move |tx| {
            let (app, proof, browser_hash, place) = (inner.clone(), proof.clone(), browser_hash.clone(), place.clone());
            Box::pin(async move { take(tx, &app, proof, browser_hash, place).await })
        })
        .await?;
    match outcome {
        Outcome::SignedIn(signed_in) => {
            let (user, begun, second_factor) = *signed_in;
            Ok(SignedIn { user, tokens: begun.tokens(app)?, viewer: begun.viewer, second_factor })
        }
        Outcome::OtherBrowser => Err(Error::refused(
            "browserToken",
            ErrorCode::LinkInvalid,
            "This link was asked for in another browser. Go back to that one and type the six digits from the mail there.",
        )),
        Outcome::Refused => Err(refused(field)),
    }
}

fn refused(field: &str) -> Error {
    let message = match field {
        "linkToken" => "This link has been used already or is too old. Please ask for a new one.",
        _ => {
            "This code is not right, or it is too old. Please look in the newest mail; after five wrong tries you need a new one."
        }
    };
    Error::refused(field, ErrorCode::LinkInvalid, message)
}

/// A refusal is an outcome, not an error: wrong tries must stay counted.
async fn take(tx: &mut Tx, app: &App, proof: Proof, browser_hash: Vec<u8>, place: Place) -> Result<Outcome> {
    let now = app.clock.now();
    let canonical = match proof {
        Proof::Link(link_hash) => match rows::take_by_link(tx, link_hash.clone(), browser_hash, now).await? {
            Some(canonical) => canonical,
            None if rows::lives_elsewhere(tx, link_hash, now).await? => return Ok(Outcome::OtherBrowser),
            None => return Ok(Outcome::Refused),
        },
        Proof::Code(hash) => match rows::take_by_code(tx, hash.clone(), browser_hash, MOST_ATTEMPTS, now).await? {
            Some(tried) if tried.code_hash == hash => tried.email_canonical,
            _ => return Ok(Outcome::Refused),
        },
    };
    let user = store::user_by_address(tx, &canonical).await?.filter(|user| user.disabled_at.is_none());
    let Some(user) = user else { return Ok(Outcome::Refused) };
    store::set_email_proven(tx, user.id, now).await?;
    if let Some(earlier) = place.login {
        logins::end_now(tx, earlier, "signed in anew", now).await?;
    }
    let begun = logins::begin(tx, app, &user, &place.device, false).await?;
    let second_factor = second_factor::state_of(tx, &begun.viewer).await?;
    if user.role == Role::Client {
        arrive(tx, app, &user).await?;
    }
    Ok(Outcome::SignedIn(Box::new((user, begun, second_factor))))
}

/// What follows when a client comes in: bookings of their address become theirs, and they are asked for what is missing.
pub(super) async fn arrive(tx: &mut Tx, app: &App, user: &User) -> Result<()> {
    let now = app.clock.now();
    jobs::enqueue(tx, &app.clock, now, &Job::AdoptBookings { user_id: user.id }).await?;
    jobs::enqueue(tx, &app.clock, now, &Job::BeginIntake { user_id: user.id }).await
}
