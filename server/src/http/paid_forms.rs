//! Booking and moving paid sessions, from plain forms.

use super::booking_cookies;
use super::booking_forms::{is_about_the_time, lost};
use super::fault::Fault;
use super::form::problems;
use super::pages::gate::{ClientVisit, see_other};
use super::pages::offered::Offered;
use super::pages::paid::{Shifting, moving_page, review_page};
use super::visit::Visit;
use crate::error::Error;
use crate::features::bookings::book_session::{self, BookSessionInput};
use crate::features::bookings::reschedule::{self, RescheduleBookingInput};
use app::portal::book;
use app::public::book::details::{Said, Typed};
use app::public::book::place::Place;
use app::ui::form::{Problem, read};
use axum::Form;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;
use shared::booking::BookingStatus;
use shared::money::Money;
use shared::time::Instant;

/// What the last look shows and what is booked by it.
pub(super) struct Looked {
    /// Its price, in minor units.
    pub(super) price: String,
    /// What the price is counted in.
    pub(super) currency: String,
    /// The version of the rules for calling off.
    pub(super) policy: String,
    /// The key that makes one booking of two presses.
    pub(super) key: String,
}

impl Looked {
    fn price(&self) -> Option<Money> {
        Some(Money { amount: self.price.parse().ok()?, currency: read(&self.currency)? })
    }
}

/// Books a paid session, and goes on to paying where something is to be paid first.
pub(super) async fn book(
    visit: &Visit,
    headers: &HeaderMap,
    offered: &Offered,
    starts_at: Instant,
    looked: Looked,
) -> Result<Response, Fault> {
    let app = &visit.http.app;
    let kept = booking_cookies::kept(headers, app.clock.now()).filter(|kept| kept.starts_at == starts_at);
    let input = BookSessionInput {
        session_type_id: offered.session_type.id,
        therapist_id: None,
        starts_at,
        hold_token: kept.as_ref().map(|kept| kept.token.clone()),
        shown_price: looked.price(),
        shown_policy_version: looked.policy.parse().ok(),
        time_zone: Some(offered.zones.zone.name.as_str().into()),
        idempotency_key: Some(looked.key.clone()).filter(|key| !key.is_empty()),
    };
    let typed = Typed { key: looked.key, ..Typed::default() };
    match book_session::book(app, input, visit.viewer()?).await {
        Ok(booking) => {
            let cookies = AppendHeaders([(header::SET_COOKIE, booking_cookies::forget_kept())]);
            let to = match booking.status {
                BookingStatus::PendingPayment => format!("/portal/bookings/{}", booking.id),
                _ => format!("/portal/bookings/{}?done=booked", booking.id),
            };
            Ok((cookies, see_other(&to)).into_response())
        }
        Err(error) if is_about_the_time(&error) => {
            let conflict = Some(offered.conflict(visit, lost(&error, starts_at), false).await?);
            let said = Said { typed, conflict, problems: Vec::new() };
            review_page(visit, StatusCode::CONFLICT, offered, starts_at, None, said).await
        }
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, place_of);
            let said = Said { typed, conflict: None, problems };
            review_page(visit, StatusCode::UNPROCESSABLE_ENTITY, offered, starts_at, kept, said).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Where the last look shows what is not any more as it was.
fn place_of(field: &str) -> Option<&'static str> {
    match field {
        "shownPrice" => Some(book::PRICE),
        "shownPolicyVersion" => Some(book::RULES),
        _ => None,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ChooseForm {
    slot: String,
    tz: Option<String>,
    key: String,
}

/// Goes on to the last look with the time that was chosen.
pub(super) async fn choose(
    ClientVisit(_): ClientVisit,
    Path(id): Path<String>,
    Form(form): Form<ChooseForm>,
) -> Result<Response, Fault> {
    let Ok(slot) = form.slot.parse::<Instant>() else {
        return Ok(see_other(&format!("/portal/bookings/{id}/move")));
    };
    let place = Place { slot: Some(slot), zone: form.tz, ..Place::default() };
    Ok(see_other(&format!("/portal/bookings/{id}/move/check{}", place.href())))
}

/// Moves a session.
pub(super) async fn shift(
    ClientVisit(visit): ClientVisit,
    headers: HeaderMap,
    Path(id): Path<String>,
    Form(form): Form<ChooseForm>,
) -> Result<Response, Fault> {
    let shifting = Shifting::read(&visit, &headers, &id, form.tz.as_deref()).await?;
    let (Some(shifting), Ok(to)) = (shifting, form.slot.parse::<Instant>()) else {
        return Ok(see_other(&format!("/portal/bookings/{id}")));
    };
    let app = &visit.http.app;
    let kept = booking_cookies::kept(&headers, app.clock.now()).filter(|kept| kept.starts_at == to);
    let input = RescheduleBookingInput {
        manage_token: None,
        booking_id: Some(shifting.id),
        starts_at: to,
        hold_token: kept.map(|kept| kept.token),
        override_reason: None,
        idempotency_key: Some(form.key.clone()).filter(|key| !key.is_empty()),
    };
    let problems = match reschedule::reschedule(app, input, Some(visit.viewer()?)).await {
        Ok(_) => {
            let cookies = AppendHeaders([(header::SET_COOKIE, booking_cookies::forget_kept())]);
            return Ok((cookies, see_other(&format!("/portal/bookings/{}?done=moved", shifting.id))).into_response());
        }
        Err(Error::Overlap) => {
            vec![Problem { field: None, message: "Somebody has just taken that time. Nothing has changed.".into() }]
        }
        Err(Error::Refused(refused)) => {
            refused.into_iter().map(|one| Problem { field: None, message: one.message }).collect()
        }
        Err(error) => return Err(error.into()),
    };
    moving_page(&visit, StatusCode::CONFLICT, &shifting, to, form.key, problems).await
}
