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
use super::wanted;
use crate::features::accounts::logins::{self, Place};
use crate::features::accounts::second_factor::enrol::{self, ConfirmSecondFactorInput};
use crate::features::accounts::second_factor::{self, CompleteSecondFactorInput, SecondFactorState};
use crate::features::accounts::sign_in::{self, CompleteSignInInput, RequestSignInInput, SignedIn};
use crate::features::accounts::{Viewer, refresh};
use crate::graphql::signed_in;
use app::sign_in::Refused;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};
use pages::{account, page, refused};
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
}

#[derive(Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
struct LinkForm {
    #[serde(default)]
    token: String,
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
    let kept = posted.identified.set_cookies;
    let outcome = sign_in::request(&http.app, RequestSignInInput { email: posted.form.email }, posted.address).await;
    match outcome.and_then(|asked| login::set_browser_cookie(&asked.browser)) {
        Ok(browser) => with_cookies(see_other("/sign-in/code"), kept.into_iter().chain([browser])),
        Err(error) => match refused(&error, false) {
            Some(problem) => with_cookies(see_other(&page("/sign-in", problem)), kept),
            None => with_cookies(fault(error), kept),
        },
    }
}

async fn code(State(http): State<Http>, posted: Posted<CodeForm>) -> Response {
    let code = Some(posted.form.code.clone());
    complete(&http, posted, "/sign-in/code", None, code).await
}

async fn link(State(http): State<Http>, posted: Posted<LinkForm>) -> Response {
    let token = Some(posted.form.token.clone());
    complete(&http, posted, "/sign-in/link", token, None).await
}

async fn complete<T>(
    http: &Http,
    posted: Posted<T>,
    back: &str,
    link_token: Option<String>,
    code: Option<String>,
) -> Response {
    let browser_token = login::browser_token(&posted.headers).unwrap_or_default().to_owned();
    if code.is_some() && browser_token.is_empty() {
        return with_cookies(see_other(&page(back, Refused::Browser)), posted.identified.set_cookies);
    }
    let place = place(http, &posted);
    match sign_in::complete(&http.app, CompleteSignInInput { link_token, code, browser_token }, place).await {
        Ok(signed_in) => welcome(http, &posted.headers, signed_in),
        Err(error) => match refused(&error, false) {
            Some(problem) => with_cookies(see_other(&page(back, problem)), posted.identified.set_cookies),
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
fn welcome(http: &Http, headers: &HeaderMap, signed_in: SignedIn) -> Response {
    let (path, wanted) = match signed_in.second_factor {
        SecondFactorState::ToSetUp => ("/sign-in/set-up", None),
        SecondFactorState::ToShow => ("/sign-in/second-factor", None),
        SecondFactorState::NotNeeded | SecondFactorState::Shown => {
            (wanted::or_home(headers, signed_in.viewer.role), Some(wanted::forget()))
        }
    };
    match login::set_login_cookies(&signed_in.tokens, http.app.clock.now()) {
        Ok(cookies) => {
            let cookies = cookies.into_iter().chain([login::clear_browser_cookie()]).chain(wanted);
            with_cookies(see_other(path), cookies)
        }
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
    let Some(viewer) = posted.identified.viewer else { return sign_in_first(posted.identified) };
    let device = login::device(&posted.headers);
    match second_factor::complete(&http.app, viewer, input, device).await {
        Ok(signed_in) => welcome(http, &posted.headers, signed_in),
        Err(error) => match refused(&error, true) {
            Some(Refused::FactorEnded) => {
                let path = page("/sign-in", Refused::FactorEnded);
                with_cookies(see_other(&path), login::clear_login_cookies())
            }
            Some(problem) => {
                let path = page(back, problem);
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
            Ok(cookies) => {
                // The page of the codes leads on to the first page of the portal.
                let cookies = cookies.into_iter().chain([wanted::forget()]);
                with_cookies(recovery_codes(&visit, confirmed.recovery_codes).await, cookies)
            }
            Err(error) => fault(error),
        },
        Err(error) => match refused(&error, true) {
            Some(problem) => {
                let path = page("/sign-in/set-up", problem);
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
    let cookies = login::clear_login_cookies().into_iter().chain([wanted::forget()]);
    let mut answer = with_cookies(see_other("/"), cookies);
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
    let list = account(viewer.role);
    let path = match outcome {
        Ok(()) => list.to_owned(),
        Err(error) => match refused(&error, false) {
            Some(problem) => page(list, problem),
            None => return with_cookies(fault(error), identified.set_cookies),
        },
    };
    with_cookies(see_other(&path), identified.set_cookies)
}
