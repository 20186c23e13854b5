//! Pages, rendered on the server from the same queries the browser asks.

pub(super) mod admin;
pub(super) mod admin_bookings;
pub(super) mod admin_intake;
mod alike;
pub(super) mod booked;
pub(super) mod booking;
mod content;
mod fault;
pub(super) mod gate;
pub(super) mod gone;
pub(super) mod intake;
pub(super) mod money;
mod moved;
pub(super) mod offered;
pub(super) mod paid;
pub(super) mod portal;
mod sandbox;
mod seo;
pub(super) mod series;
mod sign_in;

pub use fault::{TooOften, fault_page, not_found, status_page, too_often_page, with_fault_pages};
pub use sandbox::{checkout, sandbox};
pub use sign_in::{in_door, nothing_to_set_up, recovery_codes, set_up_practice};

use super::Http;
use super::fault::Fault;
use super::remembered::Alike;
use super::visit::Visit;
use crate::error::Error;
use crate::graphql::KeptHere;
use app::api::{ApiError, InProcess};
use app::shell::{self, Alive, Drawing, Frame, FramePractice, FrameQuery, FrameUser, Head, Surface};
use async_graphql::{Request, Variables};
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Response};
use cynic::QueryBuilder;

/// Every page. A fault of any of them is answered with a page too.
pub fn routes(http: &Http) -> Router<Http> {
    Router::new()
        .merge(admin::routes())
        .merge(admin_bookings::routes())
        .merge(admin_intake::routes())
        .merge(booked::routes())
        .merge(moved::routes())
        .merge(booking::routes())
        .merge(content::routes())
        .merge(super::booking_forms::routes())
        .merge(super::contact_form::routes())
        .merge(paid::routes())
        .merge(intake::routes())
        .merge(money::routes())
        .merge(super::house_pages::routes())
        .merge(super::offer_pages::routes())
        .merge(super::policy_pages::routes())
        .merge(super::profile_pages::routes())
        .merge(super::make_up_pages::routes())
        .merge(super::reminder_pages::routes())
        .merge(super::request_pages::routes())
        .merge(super::waitlist_pages::routes())
        .merge(portal::routes())
        .merge(seo::routes())
        .merge(series::routes())
        .merge(sign_in::routes())
        .route_layer(from_fn_with_state(http.clone(), with_fault_pages))
        .route_layer(from_fn_with_state(http.clone(), alike::remembered))
}

impl From<ApiError> for Fault {
    fn from(error: ApiError) -> Self {
        Fault(match error {
            ApiError::SignInRequired => Error::SignInRequired,
            ApiError::Busy => Error::RateLimited { retry_after_seconds: 30 },
            ApiError::Offline => Error::Unavailable("the API gave no answer".into()),
            ApiError::Fault(message) => Error::internal(message),
        })
    }
}

/// Asks the API in process, as whoever asked for the page.
pub(crate) fn api(visit: &Visit) -> InProcess {
    let (schema, caller) = (visit.http.schema.answering(visit.caller.viewer).clone(), visit.caller);
    let kept = KeptHere(visit.kept.clone());
    InProcess(Box::new(move |request| {
        let (schema, kept) = (schema.clone(), kept.clone());
        Box::pin(async move {
            let query = request["query"].as_str().unwrap_or_default().to_owned();
            let variables = Variables::from_json(request["variables"].clone());
            let mut response = schema.execute(Request::new(query).variables(variables).data(caller).data(kept)).await;
            crate::graphql::fit_for_outside(&mut response.errors);
            serde_json::to_value(&response).unwrap_or_default()
        })
    }))
}

/// What every page of this answer has in common.
pub(crate) async fn frame(visit: &Visit) -> Result<Frame, Fault> {
    let answer = api(visit).ask(FrameQuery::build(())).await?;
    Ok(frame_of(visit, answer.practice, answer.viewer.user))
}

fn frame_of(visit: &Visit, practice: FramePractice, user: Option<FrameUser>) -> Frame {
    Frame {
        practice,
        user,
        origin: visit.http.app.config.origin(),
        nonce: visit.nonce.clone(),
        assets: visit.http.assets.base().to_owned(),
        demo: visit.http.app.mode == crate::app::Mode::Demo,
    }
}

/// Answers with a page. `draw` runs where Leptos can make what a view needs.
pub(crate) fn answer(
    visit: &Visit,
    status: StatusCode,
    frame: &Frame,
    head: &Head,
    surface: Surface,
    alive: Option<&Alive>,
    draw: impl FnOnce() -> Drawing,
) -> Response {
    let refuses = visit.sends && status == StatusCode::UNPROCESSABLE_ENTITY;
    let html = shell::document(frame, head, surface, refuses, alive, draw);
    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    let private = head.private || frame.user.is_some();
    let caching = if private { "no-store, private" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if !private {
        response.extensions_mut().insert(Alike);
    }
    let headers = response.headers_mut();
    for cookie in &visit.identified.set_cookies {
        headers.append(header::SET_COOKIE, cookie.clone());
    }
    response
}
