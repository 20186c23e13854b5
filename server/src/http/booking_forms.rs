//! What the forms of the booking pages post to. They work without scripts, by the same rules as the API.

use super::Http;
use super::booking_cookies;
use super::fault::Fault;
use super::form::{one_of, problems};
use super::pages::booked::{manage_page, own_at};
use super::pages::booking::{details_page, taken};
use super::pages::gone;
use super::pages::offered::Offered;
use super::paid_forms::{self, Looked};
use super::visit::Visit;
use crate::error::Error;
use crate::features::bookings::book_discovery;
use crate::features::bookings::cancel::{self, CancelBookingInput};
use crate::features::bookings::hold::{self, HoldSlotInput};
use crate::features::bookings::undo::{self, TakeChangeBackInput};
use crate::graphql::signed_in;
use crate::limits::visitor_key;
use app::public::book::details::{self, Said};
use app::public::book::manage::Typed;
use app::public::book::place::Place;
use app::ui::hold::Lost;
use axum::extract::{DefaultBodyLimit, Form, Path};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use axum::routing::{Router, post};
use serde::Deserialize;
use shared::booking::BookDiscoveryInput;
use shared::practice::Gate;
use shared::problem::ErrorCode;
use shared::time::Instant;

/// No form of these is longer.
const MOST_BYTES: usize = 16 * 1024;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/book/{slug}/hold", post(keep))
        .route("/book/{slug}", post(book))
        .route("/manage/{token}/cancel", post(call_off))
        .route("/manage/{token}/undo", post(take_back))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct TimeForm {
    slot: String,
    tz: Option<String>,
    with: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DetailsForm {
    slot: String,
    tz: Option<String>,
    with: Option<String>,
    name: String,
    email: String,
    phone: String,
    key: String,
    /// What the last look at a paid session showed.
    price: String,
    currency: String,
    policy: String,
    /// People do not see this field; programs fill it in.
    website: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CancelForm {
    reason: String,
}

/// Keeps a time and goes on to the next step. Somebody who keeps other times already goes on without. A script asks for
/// plain text, and hears until when the time is kept.
async fn keep(
    visit: Visit,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Form(form): Form<TimeForm>,
) -> Result<Response, Fault> {
    if let Some(page) = gone::retired(&visit, &slug).await? {
        return Ok(page);
    }
    let mut offered = Offered::read(&visit, &headers, slug, form.tz.as_deref()).await?;
    offered.insist_on(form.with.as_deref());
    let Ok(starts_at) = form.slot.parse() else {
        return Ok(Redirect::to(&offered.picker_at(None)).into_response());
    };
    let app = &visit.http.app;
    let now = app.clock.now();
    let input = HoldSlotInput {
        session_type_id: offered.session_type.id,
        therapist_id: offered.with(),
        starts_at,
        instead_of: booking_cookies::kept(&headers, now).map(|kept| kept.token),
        idempotency_key: None,
    };
    let place = Place { slot: Some(starts_at), zone: offered.tz(), with: offered.with(), ..Place::default() };
    let onward = Redirect::to(&format!("/book/{}/details{}", offered.session_type.slug, place.href()));
    let by_script = headers.get(header::ACCEPT).is_some_and(|kinds| kinds == "text/plain");
    let seeker = visit.seeker().await?;
    match hold::hold(app, input, &seeker, visitor_key(&app.keys, visit.caller.address)).await {
        Ok(hold) => {
            let cookie = AppendHeaders([(header::SET_COOKIE, booking_cookies::keep(&hold, now)?)]);
            Ok(if by_script {
                (cookie, hold.expires_at.to_string()).into_response()
            } else {
                (cookie, onward).into_response()
            })
        }
        Err(Error::Refused(problems)) if by_script => {
            let is_often = problems.iter().any(|one| one.code == ErrorCode::RateLimited);
            Ok(if is_often { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::CONFLICT }.into_response())
        }
        Err(Error::Overlap) if by_script => Ok(StatusCode::CONFLICT.into_response()),
        Err(Error::Refused(problems)) if problems.iter().any(|one| one.code == ErrorCode::RateLimited) => {
            Ok(onward.into_response())
        }
        Err(Error::Refused(problems)) if problems.iter().any(|one| one.is_on("therapistId")) => {
            Ok(Redirect::to(&offered.picker_at(None)).into_response())
        }
        Err(error) if is_about_the_time(&error) => {
            match own_at(&visit, &headers, offered.session_type.id, starts_at, None).await? {
                Some(own) => Ok(own),
                None => taken(&visit, &offered, lost(&error, starts_at)).await,
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// Books. What is wrong is said above the form, and what was typed stays in it.
async fn book(
    visit: Visit,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Form(form): Form<DetailsForm>,
) -> Result<Response, Fault> {
    if let Some(page) = gone::retired(&visit, &slug).await? {
        return Ok(page);
    }
    let mut offered = Offered::read(&visit, &headers, slug, form.tz.as_deref()).await?;
    offered.insist_on(form.with.as_deref());
    let Ok(starts_at) = form.slot.parse() else {
        return Ok(Redirect::to(&offered.picker_at(None)).into_response());
    };
    if let Some(own) = own_at(&visit, &headers, offered.session_type.id, starts_at, Some(&form.email)).await? {
        return Ok(own);
    }
    if offered.session_type.gate.0 == Gate::Clients {
        let DetailsForm { price, currency, policy, key, .. } = form;
        let looked = Looked { price, currency, policy, key };
        return paid_forms::book(&visit, &headers, &offered, starts_at, looked).await;
    }
    let app = &visit.http.app;
    let kept = booking_cookies::kept(&headers, app.clock.now())
        .filter(|kept| kept.starts_at == starts_at && offered.fits(kept));
    let input = BookDiscoveryInput {
        session_type_id: offered.session_type.id,
        therapist_id: offered.with(),
        starts_at,
        name: form.name.clone(),
        email: form.email.clone(),
        phone: form.phone.clone(),
        time_zone: Some(offered.zones.zone.name.as_str().into()),
        hold_token: kept.as_ref().map(|kept| kept.token.clone()),
        idempotency_key: Some(form.key.clone()).filter(|key| !key.is_empty()),
    };
    let typed = details::Typed { name: form.name, email: form.email, phone: form.phone, key: form.key };
    let outcome = if form.website.is_empty() {
        let visitor = visitor_key(&app.keys, visit.caller.address);
        book_discovery::book(app, input, signed_in(visit.caller.viewer), visitor).await
    } else {
        let words = "Something filled in a field that people do not see. Please press the button once more.";
        Err(Error::refused_whole(ErrorCode::Invalid, words))
    };
    match outcome {
        Ok(booked) => {
            let cookies = [booking_cookies::set_booked(&booked.manage)?, booking_cookies::forget_kept()];
            let cookies = AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie)));
            Ok((cookies, Redirect::to(&format!("/bookings/{}", booked.booking.reference))).into_response())
        }
        Err(error) if is_about_the_time(&error) => {
            let conflict = Some(offered.conflict(&visit, lost(&error, starts_at), true).await?);
            let said = Said { typed, conflict, problems: Vec::new() };
            details_page(&visit, StatusCode::CONFLICT, &offered, starts_at, None, said).await
        }
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["name", "email", "phone"]));
            let said = Said { typed, problems, conflict: None };
            details_page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &offered, starts_at, kept, said).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Calls a booking off.
async fn call_off(
    visit: Visit,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(form): Form<CancelForm>,
) -> Result<Response, Fault> {
    // A browser counts the ends of lines as one letter each and sends two.
    let reason = form.reason.replace("\r\n", "\n");
    let input =
        CancelBookingInput { manage_token: Some(token.clone()), booking_id: None, reason: Some(reason.clone()) };
    match cancel::cancel(&visit.http.app, input, None).await {
        Ok(_) => Ok(Redirect::to(&format!("/manage/{token}")).into_response()),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["reason"]));
            manage_page(&visit, &headers, &token, None, Typed { reason, problems }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes back what was last done to a booking.
async fn take_back(visit: Visit, headers: HeaderMap, Path(token): Path<String>) -> Result<Response, Fault> {
    let input = TakeChangeBackInput { manage_token: Some(token.clone()), booking_id: None };
    match undo::take_back(&visit.http.app, input, None).await {
        Ok(_) => Ok(Redirect::to(&format!("/manage/{token}?done=back")).into_response()),
        Err(Error::Refused(refused)) => {
            let typed = Typed { problems: problems(&refused, one_of(&[])), ..Typed::default() };
            manage_page(&visit, &headers, &token, None, typed).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The time that a refusal is about.
pub(super) fn lost(error: &Error, at: Instant) -> Lost {
    let taken = match error {
        Error::Refused(problems) => problems.iter().any(|problem| problem.code == ErrorCode::SlotTaken),
        _ => true,
    };
    Lost { at, taken }
}

/// Whether a refusal means that the time cannot be had.
pub(super) fn is_about_the_time(error: &Error) -> bool {
    match error {
        Error::Overlap => true,
        Error::Refused(problems) => problems.iter().any(|problem| problem.is_on("startsAt")),
        _ => false,
    }
}
