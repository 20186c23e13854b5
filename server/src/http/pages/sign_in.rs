//! The pages of signing in. Their forms are answered elsewhere and lead back here with `?problem=…`.

use super::fault::bare_frame;
use super::{answer, frame};
use crate::error::Error;
use crate::features::accounts::second_factor::{SecondFactorState, enrol};
use crate::features::accounts::{self, Viewer};
use crate::features::practice::zones;
use crate::http::Http;
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use crate::http::wanted;
use app::shell::{Drawing, Frame, Head, Surface};
use app::sign_in::second_factor::{self, Enrolment};
use app::sign_in::set_up::{self, NewPractice};
use app::sign_in::{self, Refused};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/sign-in", get(email))
        .route("/sign-in/code", get(code))
        .route("/sign-in/link", get(link))
        .route("/sign-in/second-factor", get(show))
        .route("/sign-in/recovery", get(recovery))
        .route("/sign-in/set-up", get(second_factor_set_up))
}

/// What the address says: one of our words for a problem.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    problem: Option<String>,
}

impl Asked {
    fn refused(self) -> Option<Refused> {
        self.problem.as_deref().map(Refused::read)
    }
}

async fn draw(visit: &Visit, title: &str, draw: impl FnOnce() -> Drawing) -> Result<Response, Fault> {
    Ok(in_frame(visit, StatusCode::OK, &frame(visit).await?, title, draw))
}

async fn email(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    if let Ok(viewer) = visit.viewer() {
        return Ok(Redirect::to(wanted::home(viewer.role)).into_response());
    }
    let refused = asked.refused();
    draw(&visit, "Sign in", || sign_in::email(refused)).await
}

async fn code(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (refused, minutes) = (asked.refused(), visit.http.app.config.sign_in_minutes);
    draw(&visit, "Your code", || sign_in::code(refused, minutes)).await
}

async fn link(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let refused = asked.refused();
    draw(&visit, "Sign in", || sign_in::link(refused)).await
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    if let Some(elsewhere) = unless_to_show(&visit).await? {
        return Ok(elsewhere);
    }
    let refused = asked.refused();
    draw(&visit, "One more step", || second_factor::show(refused)).await
}

async fn recovery(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    if let Some(elsewhere) = unless_to_show(&visit).await? {
        return Ok(elsewhere);
    }
    let refused = asked.refused();
    draw(&visit, "Recovery code", || second_factor::recovery(refused)).await
}

/// Where somebody belongs who has no second factor to show.
async fn unless_to_show(visit: &Visit) -> Result<Option<Response>, Error> {
    let viewer = half_signed_in(visit)?;
    let path = match accounts::second_factor::of(&visit.http.app, viewer).await?.state {
        SecondFactorState::ToShow => return Ok(None),
        SecondFactorState::ToSetUp => "/sign-in/set-up",
        SecondFactorState::Shown => "/admin",
        SecondFactorState::NotNeeded => "/portal",
    };
    Ok(Some(Redirect::to(path).into_response()))
}

async fn second_factor_set_up(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (viewer, app) = (half_signed_in(&visit)?, &visit.http.app);
    let begun = enrol::start(app, viewer).await?;
    let replaces = accounts::second_factor::of(app, viewer).await?.confirmed_at.is_some();
    let enrolment = Enrolment { secret: begun.secret, url: begun.url, qr_svg: begun.qr_svg, replaces };
    let refused = asked.refused();
    draw(&visit, "Protect your account", || second_factor::set_up(enrolment, refused)).await
}

/// The recovery codes, shown once: the answer to the form that confirms an authenticator. Whatever else cannot be read
/// just then, they are shown.
pub async fn recovery_codes(visit: &Visit, codes: Vec<String>) -> Response {
    let frame = match frame(visit).await {
        Ok(frame) => frame,
        Err(Fault(_)) => bare_frame(visit),
    };
    in_frame(visit, StatusCode::OK, &frame, "Recovery codes", || second_factor::recovery_codes(codes))
}

/// The form that begins a practice. There is nothing to put around it yet.
pub fn set_up_practice(visit: &Visit, status: StatusCode, typed: NewPractice) -> Response {
    in_frame(visit, status, &bare_frame(visit), "Open your practice", || set_up::begin(typed, zones::names()))
}

/// The page in place of that form once its link has done its work.
pub fn nothing_to_set_up(visit: &Visit) -> Response {
    in_frame(visit, StatusCode::GONE, &bare_frame(visit), "Nothing to set up here", set_up::gone)
}

/// A page beside the open door, drawn as for nobody; the frame is a bare one where the practice cannot be read.
pub async fn in_door(visit: &Visit, status: StatusCode, title: &str, draw: impl FnOnce() -> Drawing) -> Response {
    let frame = match frame(visit).await {
        Ok(frame) => frame,
        Err(Fault(_)) => bare_frame(visit),
    };
    in_frame(visit, status, &frame, title, draw)
}

fn in_frame(visit: &Visit, status: StatusCode, frame: &Frame, title: &str, draw: impl FnOnce() -> Drawing) -> Response {
    let head = Head { title: title.into(), private: true, ..Head::default() };
    answer(visit, status, frame, &head, Surface::Focus, None, draw)
}

/// Whoever is signed in, with or without their second factor.
fn half_signed_in(visit: &Visit) -> Result<Viewer, Error> {
    visit.caller.viewer.ok_or(Error::SignInRequired)
}
