//! The page in place of one that could not be drawn.

use super::{answer, frame};
use crate::error::Error;
use crate::features::practice::PracticeSettings;
use crate::http::Http;
use crate::http::fault::{self, Fault, Undrawn};
use crate::http::visit::Visit;
use app::public::problem::{self, Problem};
use app::shell::{Frame, FrameCrisisLine, FramePractice, Head, Surface};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

/// Identifies the visit once for the handler within, and draws a page when it answers with a [`Fault`].
///
/// Cookies of a renewed login are set whatever the handler answers: a browser that never hears of its new tokens would
/// show the old ones again, as a thief would.
pub async fn with_fault_pages(State(http): State<Http>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let visit = match <Visit as FromRequestParts<Http>>::from_request_parts(&mut parts, &http).await {
        Ok(visit) => visit,
        Err(fault) => return fault_page(&Visit::of_nobody(&http, &parts), &fault.0).await,
    };
    parts.extensions.insert(visit.clone());
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(Undrawn(error)) = response.extensions().get::<Undrawn>().cloned() {
        return fault_page(&visit, &error).await;
    }
    let cookies = &visit.identified.set_cookies;
    if !response.headers().get_all(header::SET_COOKIE).iter().any(|set| cookies.contains(set)) {
        for cookie in cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
    }
    response
}

/// The page for what is not there.
pub async fn not_found(visit: Visit) -> Response {
    fault_page(&visit, &Error::NotFound).await
}

/// The page that says what went wrong, with the status and headers that go with it.
pub async fn fault_page(visit: &Visit, error: &Error) -> Response {
    let problem = match error {
        Error::NotFound | Error::SignInRequired | Error::Forbidden => Problem::NotThere,
        Error::Refused(problems) => Problem::Refused(problems.iter().map(|problem| problem.message.clone()).collect()),
        Error::Overlap => Problem::Refused(vec![error.outside_words()]),
        Error::RateLimited { retry_after_seconds } => Problem::TooOften { seconds: *retry_after_seconds },
        Error::Unavailable(_) => Problem::Away,
        Error::Internal(_) => Problem::Broken,
    };
    let frame = match frame(visit).await {
        Ok(frame) => frame,
        Err(Fault(_)) => bare_frame(visit),
    };
    let head = Head { title: problem.title().into(), private: true, ..Head::default() };
    let phone = frame.practice.contact_phone.clone();
    let status = match fault::status(error) {
        StatusCode::SEE_OTHER => StatusCode::NOT_FOUND,
        status => status,
    };
    let draw = || problem::page(&problem, &phone);
    let mut response = answer(visit, status, &frame, &head, Surface::Public(""), None, draw);
    if let Some(value) = fault::retry_after(error) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// What stands around a page when the practice itself cannot be read.
pub(super) fn bare_frame(visit: &Visit) -> Frame {
    let settings = PracticeSettings::default();
    let crisis = settings.crisis.into_iter().map(|line| FrameCrisisLine { label: line.label, phone: line.phone });
    let practice = FramePractice {
        name: "Anteroom".into(),
        tagline: String::new(),
        time_zone: "Etc/UTC".into(),
        now: visit.http.app.clock.now(),
        address: Vec::new(),
        opening_hours: Vec::new(),
        contact_email: String::new(),
        contact_phone: String::new(),
        crisis: crisis.collect(),
        accent_hue: None,
    };
    super::frame_of(visit, practice, None)
}
