//! Forms for signing in and out. They work without scripts: each posts and is answered with the next page to look at.
//!
//! Nothing anybody typed is ever part of an address; a refusal is one of the short words of [`Refused`].

mod invitation;
mod pages;
mod posted;
mod set_up;

use super::Http;
use super::login::{self, Identified};
use super::pages::recovery_codes;
use crate::features::accounts::logins::{self, Place};
use crate::features::accounts::second_factor::enrol::{self, ConfirmSecondFactorInput};
use crate::features::accounts::second_factor::{self, CompleteSecondFactorInput, SecondFactorState};
use crate::features::accounts::sign_in::{self, CompleteSignInInput, RequestSignInInput, SignedIn};
use crate::features::accounts::{Viewer, refresh};
use crate::graphql::signed_in;
use app::sign_in::Refused;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};
use pages::{Next, account, page, refused};
use posted::{Posted, fault, see_other, with_cookies};
use serde::Deserialize;
use shared::ids::LoginId;

/// No form here is longer.
const MOST_BYTES: usize = 16 * 1024;

/// The routes of every form here. They identify their callers and set their cookies themselves, so that no layer around
/// them may.
pub fn routes() -> Router<Http> {
    Router::new()
        .route("/sign-in", post(request))
        .route("/sign-in/code", post(code))
        .route("/sign-in/link", post(link))
        .route("/sign-in/second-factor", post(show_second_factor))
        .route("/sign-in/recovery", post(recovery))
        .route("/sign-in/set-up", post(confirm_second_factor))
        .route("/sign-out", post(sign_out))
        .route("/account/logins/{id}/end", post(end_login))
        .route("/account/logins/end-others", post(end_other_logins))
        .route("/invitation", get(invitation::page).post(invitation::open))
        .route("/invitation/accept", post(invitation::accept))
        .route("/set-up", get(set_up::form).post(set_up::set_up))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

#[derive(Deserialize)]
struct RequestForm {
    #[serde(default)]
    email: String,
    next: Option<String>,
}

#[derive(Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
    next: Option<String>,
}

#[derive(Deserialize)]
struct LinkForm {
    #[serde(default)]
    token: String,
    next: Option<String>,
}

#[derive(Deserialize)]
struct ConfirmForm {
    #[serde(default)]
    code: String,
    current_code: Option<String>,
    recovery_code: Option<String>,
}

#[derive(Deserialize)]
struct Nothing {}

async fn request(State(http): State<Http>, posted: Posted<RequestForm>) -> Response {
    let next = Next::read(posted.form.next.as_deref());
    let kept = posted.identified.set_cookies;
    let outcome = sign_in::request(&http.app, RequestSignInInput { email: posted.form.email }, posted.address).await;
    match outcome.and_then(|asked| login::set_browser_cookie(&asked.browser)) {
        Ok(browser) => with_cookies(see_other(&page("/sign-in/code", None, next)), kept.into_iter().chain([browser])),
        Err(error) => match refused(&error, false) {
            Some(problem) => with_cookies(see_other(&page("/sign-in", Some(problem), next)), kept),
            None => with_cookies(fault(error), kept),
        },
    }
}

async fn code(State(http): State<Http>, posted: Posted<CodeForm>) -> Response {
    let (code, next) = (Some(posted.form.code.clone()), posted.form.next.clone());
    complete(&http, posted, "/sign-in/code", None, code, next).await
}

async fn link(State(http): State<Http>, posted: Posted<LinkForm>) -> Response {
    let (token, next) = (Some(posted.form.token.clone()), posted.form.next.clone());
    complete(&http, posted, "/sign-in/link", token, None, next).await
}

async fn complete<T>(
    http: &Http,
    posted: Posted<T>,
    back: &str,
    link_token: Option<String>,
    code: Option<String>,
    next: Option<String>,
) -> Response {
    let next = Next::read(next.as_deref());
    let browser_token = login::browser_token(&posted.headers).unwrap_or_default().to_owned();
    if code.is_some() && browser_token.is_empty() {
        return with_cookies(see_other(&page(back, Some(Refused::Browser), next)), posted.identified.set_cookies);
    }
    let place = place(http, &posted);
    match sign_in::complete(&http.app, CompleteSignInInput { link_token, code, browser_token }, place).await {
        Ok(signed_in) => welcome(http, signed_in, next),
        Err(error) => match refused(&error, false) {
            Some(problem) => with_cookies(see_other(&page(back, Some(problem), next)), posted.identified.set_cookies),
            None => with_cookies(fault(error), posted.identified.set_cookies),
        },
    }
}

/// Where somebody signs in from. The login their cookies are of ends with it, even one that has just run out.
fn place<T>(http: &Http, posted: &Posted<T>) -> Place {
    let by_viewer = posted.identified.viewer.map(|viewer| viewer.login_id);
    let login =
        by_viewer.or_else(|| login::refresh_cookie(&posted.headers).and_then(|t| refresh::login_of(&http.app, t)));
    Place { device: login::device(&posted.headers), login }
}

/// Sets the cookies of a new login and leads on to what comes next.
fn welcome(http: &Http, signed_in: SignedIn, next: Option<Next>) -> Response {
    let path = match signed_in.second_factor {
        SecondFactorState::ToSetUp => page("/sign-in/set-up", None, next),
        SecondFactorState::ToShow => page("/sign-in/second-factor", None, next),
        SecondFactorState::NotNeeded | SecondFactorState::Shown => Next::path(next, signed_in.viewer.role).to_owned(),
    };
    match login::set_login_cookies(&signed_in.tokens, http.app.clock.now()) {
        Ok(cookies) => with_cookies(see_other(&path), cookies.into_iter().chain([login::clear_browser_cookie()])),
        Err(error) => fault(error),
    }
}

async fn show_second_factor(State(http): State<Http>, posted: Posted<CodeForm>) -> Response {
    let input = CompleteSecondFactorInput { code: Some(posted.form.code.clone()), recovery_code: None };
    second_factor(&http, posted, input, "/sign-in/second-factor").await
}

async fn recovery(State(http): State<Http>, posted: Posted<CodeForm>) -> Response {
    let input = CompleteSecondFactorInput { code: None, recovery_code: Some(posted.form.code.clone()) };
    second_factor(&http, posted, input, "/sign-in/recovery").await
}

async fn second_factor(
    http: &Http,
    posted: Posted<CodeForm>,
    input: CompleteSecondFactorInput,
    back: &str,
) -> Response {
    let next = Next::read(posted.form.next.as_deref());
    let Some(viewer) = posted.identified.viewer else { return sign_in_first(posted.identified) };
    let device = login::device(&posted.headers);
    match second_factor::complete(&http.app, viewer, input, device).await {
        Ok(signed_in) => welcome(http, signed_in, next),
        Err(error) => match refused(&error, true) {
            Some(Refused::FactorEnded) => {
                let path = page("/sign-in", Some(Refused::FactorEnded), next);
                with_cookies(see_other(&path), login::clear_login_cookies())
            }
            Some(problem) => {
                let path = page(back, Some(problem), next);
                with_cookies(see_other(&path), posted.identified.set_cookies)
            }
            None => with_cookies(fault(error), posted.identified.set_cookies),
        },
    }
}

async fn confirm_second_factor(State(http): State<Http>, posted: Posted<ConfirmForm>) -> Response {
    let Some(viewer) = posted.identified.viewer else { return sign_in_first(posted.identified) };
    let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let visit = posted.visit(&http);
    let input = ConfirmSecondFactorInput {
        code: posted.form.code,
        current_code: filled(posted.form.current_code),
        recovery_code: filled(posted.form.recovery_code),
    };
    match enrol::confirm(&http.app, viewer, input, login::device(&posted.headers)).await {
        Ok(confirmed) => match login::set_login_cookies(&confirmed.signed_in.tokens, http.app.clock.now()) {
            Ok(cookies) => with_cookies(recovery_codes(&visit, confirmed.recovery_codes).await, cookies),
            Err(error) => fault(error),
        },
        Err(error) => match refused(&error, true) {
            Some(problem) => {
                let path = page("/sign-in/set-up", Some(problem), None);
                with_cookies(see_other(&path), posted.identified.set_cookies)
            }
            None => with_cookies(fault(error), posted.identified.set_cookies),
        },
    }
}

fn sign_in_first(identified: Identified) -> Response {
    with_cookies(see_other("/sign-in"), identified.set_cookies)
}

async fn sign_out(State(http): State<Http>, posted: Posted<Nothing>) -> Response {
    if let Some(viewer) = posted.identified.viewer
        && let Err(error) = logins::sign_out(&http.app, viewer.login_id).await
    {
        return fault(error);
    }
    signed_out()
}

/// Forgets everything here that was of this login. Cookies are named one by one: clearing “cookies” would also sign
/// people out of whatever else lives under the practice's domain.
fn signed_out() -> Response {
    let mut answer = with_cookies(see_other("/"), login::clear_login_cookies());
    answer
        .headers_mut()
        .insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

async fn end_login(State(http): State<Http>, Path(id): Path<LoginId>, posted: Posted<Nothing>) -> Response {
    let Some(viewer) = signed_in(posted.identified.viewer) else { return sign_in_first(posted.identified) };
    match logins::end(&http.app, viewer, id).await {
        Ok(()) if id == viewer.login_id => signed_out(),
        outcome => after_ending(outcome, viewer, posted.identified),
    }
}

async fn end_other_logins(State(http): State<Http>, posted: Posted<Nothing>) -> Response {
    let Some(viewer) = signed_in(posted.identified.viewer) else { return sign_in_first(posted.identified) };
    let outcome = logins::end_others(&http.app, viewer).await.map(|_| ());
    after_ending(outcome, viewer, posted.identified)
}

fn after_ending(outcome: crate::error::Result<()>, viewer: Viewer, identified: Identified) -> Response {
    let problem = match outcome {
        Ok(()) => None,
        Err(error) => match refused(&error, false) {
            Some(problem) => Some(problem),
            None => return with_cookies(fault(error), identified.set_cookies),
        },
    };
    with_cookies(see_other(&page(account(viewer.role), problem, None)), identified.set_cookies)
}
