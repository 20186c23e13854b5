//! The page in place of one that could not be drawn.

use super::{answer, frame};
use crate::error::Error;
use crate::features::practice::{self, Catalogue, PracticeSettings};
use crate::http::Http;
use crate::http::fault::{self, Fault, Undrawn};
use crate::http::visit::Visit;
use app::public::problem::{self, Problem};
use app::shell::{Frame, FrameCrisisLine, FramePractice, Head, Surface};
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use std::sync::{Arc, Mutex, PoisonError};

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
    let status = match fault::status(error) {
        StatusCode::SEE_OTHER => StatusCode::NOT_FOUND,
        status => status,
    };
    let mut response = problem_page(visit, status, &problem_of(error)).await;
    if let Some(value) = fault::retry_after(error) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// The page in place of a bare answer with this status; nothing for those that no browser comes across.
pub async fn status_page(visit: &Visit, status: StatusCode) -> Option<Response> {
    let problem = match status {
        StatusCode::FORBIDDEN => Problem::FromElsewhere,
        StatusCode::NOT_FOUND => Problem::NotThere,
        StatusCode::METHOD_NOT_ALLOWED => Problem::NotAPage,
        StatusCode::REQUEST_TIMEOUT => Problem::TooLate,
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLong,
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY => {
            Problem::Refused(Vec::new())
        }
        StatusCode::SERVICE_UNAVAILABLE => Problem::Away,
        status if status.is_server_error() => Problem::Broken,
        _ => return None,
    };
    Some(problem_page(visit, status, &problem).await)
}

/// The page for whoever asks too often, as it was last drawn, for those who ask and for those who send: it must cost less
/// than what was refused.
#[derive(Default)]
pub struct TooOften([Mutex<Option<Drawn>>; 2]);

/// A page, and what it was drawn from.
type Drawn = (Arc<Catalogue>, Bytes);

/// The page for whoever asks too often.
pub async fn too_often_page(visit: &Visit, error: &Error) -> Response {
    let drawn = &visit.http.too_often.0[usize::from(visit.sends)];
    let Ok(catalogue) = practice::catalogue(&visit.http.app).await else { return fault_page(visit, error).await };
    let known = drawn.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let page = match known {
        Some((of, page)) if Arc::ptr_eq(&of, &catalogue) => page,
        _ => {
            let response = fault_page(visit, error).await;
            let Ok(page) = to_bytes(response.into_body(), usize::MAX).await else {
                return fault::status(error).into_response();
            };
            *drawn.lock().unwrap_or_else(PoisonError::into_inner) = Some((catalogue, page.clone()));
            page
        }
    };
    let mut response = (fault::status(error), Html(page)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, private"));
    headers.extend(fault::retry_after(error).map(|value| (header::RETRY_AFTER, value)));
    response
}

fn problem_of(error: &Error) -> Problem {
    match error {
        Error::NotFound | Error::SignInRequired | Error::Forbidden => Problem::NotThere,
        Error::Refused(problems) => Problem::Refused(problems.iter().map(|problem| problem.message.clone()).collect()),
        Error::Overlap => Problem::Refused(vec![error.outside_words()]),
        Error::RateLimited { retry_after_seconds } => Problem::TooOften { seconds: *retry_after_seconds },
        Error::Unavailable(_) => Problem::Away,
        Error::Internal(_) => Problem::Broken,
    }
}

async fn problem_page(visit: &Visit, status: StatusCode, problem: &Problem) -> Response {
    let frame = match frame(visit).await {
        Ok(frame) => frame,
        Err(Fault(_)) => bare_frame(visit),
    };
    let head = Head { title: problem.title().into(), private: true, ..Head::default() };
    let phone = frame.practice.contact_phone.clone();
    answer(visit, status, &frame, &head, Surface::Public(""), None, || problem::page(problem, visit.sends, &phone))
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
