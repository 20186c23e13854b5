//! The page of a booking, its calendar file, and the page behind the link in a mail.

use super::{answer, api, frame};
use crate::error::Error;
use crate::features::bookings::{self, Seeker, manage};
use crate::features::notifications::calendar;
use crate::features::practice::zones;
use crate::http::Http;
use crate::http::booking_cookies;
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use app::public::book::booked::{BookedSession, BookingQuery, ByManageToken, ByReference, ManagedQuery};
use app::public::book::confirmation::{self, Booker, CalendarLinks, Contact};
use app::public::book::manage as manage_page;
use app::shell::{Head, Surface};
use app::ui::pieces::Notice;
use app::ui::zones::Zones;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::booking::{BookingStatus, reference_words};
use shared::ids::SessionTypeId;
use shared::time::Instant;
use shared::zone::ZoneTable;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/bookings/{reference}", get(confirmation))
        .route("/bookings/{reference}/appointment.ics", get(file))
        .route("/manage/{token}", get(managed))
}

pub(in crate::http) fn zones_of(visit: &Visit, headers: &HeaderMap, booking: &BookedSession) -> Result<Zones, Error> {
    let now = visit.http.app.clock.now();
    let table = |name: &str| zones::find("timeZone", name, now).map(|table| ZoneTable::clone(&table));
    let home = table(&booking.time_zone)?;
    let zone = table(&booking.guest_time_zone).unwrap_or_else(|_| home.clone());
    Ok(Zones { zone, home, hours: booking_cookies::hours(headers) })
}

async fn confirmation(visit: Visit, headers: HeaderMap, Path(reference): Path<String>) -> Result<Response, Fault> {
    let app = &visit.http.app;
    let row = bookings::by_reference(app, &reference).await?.ok_or(Error::NotFound)?;
    let asked = ByReference { reference: row.reference.clone() };
    let booking = api(&visit).ask(BookingQuery::build(asked)).await?.booking.ok_or(Error::NotFound)?;
    let zones = zones_of(&visit, &headers, &booking)?;
    let calendars = CalendarLinks {
        file: format!("/bookings/{}/appointment.ics", row.reference),
        google: calendar::google_link(&row),
        outlook: calendar::outlook_link(&row),
    };
    let mut booker = None;
    if let Some(token) = booking_cookies::booked(&headers)
        && manage::booking_of(app, token).await?.is_some_and(|own| own.id == row.id)
    {
        booker = Some(Booker {
            name: row.guest_name.clone(),
            email: row.guest_email.clone(),
            phone: row.guest_phone.clone(),
            manage: format!("/manage/{token}"),
        });
    }
    let frame = frame(&visit).await?;
    let title = format!("Booking {}", reference_words(&row.reference));
    let head = Head { title, private: true, ..Head::default() };
    let practice = &frame.practice;
    let contact = Contact { phone: practice.contact_phone.clone(), email: practice.contact_email.clone() };
    let draw = || confirmation::page(booking, &zones, calendars, booker, &contact);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Focus, None, draw))
}

/// Where somebody goes on who asks for a time that they have booked themselves, as “back” in a browser does: nobody else
/// was quicker. `email` is what they typed; whoever types another is somebody else in the same browser.
pub(in crate::http) async fn own_at(
    visit: &Visit,
    headers: &HeaderMap,
    session_type: SessionTypeId,
    starts_at: Instant,
    email: Option<&str>,
) -> Result<Option<Response>, Fault> {
    let app = &visit.http.app;
    if let Seeker::Client(client) = visit.seeker().await? {
        let own = bookings::own_at(app, client.id, starts_at).await?;
        return Ok(own.map(|own| Redirect::to(&format!("/portal/bookings/{own}")).into_response()));
    }
    let Some(token) = booking_cookies::booked(headers) else { return Ok(None) };
    let own = manage::booking_of(app, token).await?.filter(|own| {
        own.starts_at == starts_at
            && own.session_type_id == session_type
            && own.status == BookingStatus::Confirmed
            && email.is_none_or(|email| own.guest_email.eq_ignore_ascii_case(email.trim()))
    });
    Ok(own.map(|own| Redirect::to(&format!("/bookings/{}", own.reference)).into_response()))
}

/// A free call for anyone who has its reference, a paid session for its client and the practice.
async fn file(visit: Visit, Path(reference): Path<String>) -> Result<Response, Fault> {
    let (app, viewer) = (&visit.http.app, crate::graphql::signed_in(visit.caller.viewer));
    let booking = bookings::by_reference_for(app, &reference, viewer).await?.ok_or(Error::NotFound)?;
    let text = calendar::ics(&booking, app, &calendar::Method::Publish);
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"appointment.ics\""),
        (header::CACHE_CONTROL, "no-store, private"),
    ];
    Ok((headers, text).into_response())
}

#[derive(Deserialize)]
struct Done {
    done: Option<String>,
}

async fn managed(
    visit: Visit,
    headers: HeaderMap,
    Path(token): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Fault> {
    let words = match done.as_deref() {
        Some("moved") => Some("It is moved. A mail with the new time is on its way."),
        Some("back") => Some("It is as it was."),
        _ => None,
    };
    manage_page(&visit, &headers, &token, words.map(|words| Notice(words.into())), manage_page::Typed::default()).await
}

/// The page behind the link in a mail. It shows, and changes nothing.
pub(in crate::http) async fn manage_page(
    visit: &Visit,
    headers: &HeaderMap,
    token: &str,
    notice: Option<Notice>,
    typed: manage_page::Typed,
) -> Result<Response, Fault> {
    let asked = api(visit).ask(ManagedQuery::build(ByManageToken { token: token.to_owned() })).await?;
    let (now, booking) = (asked.practice.now, asked.managed_booking);
    let frame = frame(visit).await?;
    let Some(booking) = booking else {
        let head = Head { title: "We cannot find this booking".into(), private: true, ..Head::default() };
        let (phone, email) = (frame.practice.contact_phone.clone(), frame.practice.contact_email.clone());
        let draw = || manage_page::unknown(phone, email);
        return Ok(answer(visit, StatusCode::NOT_FOUND, &frame, &head, Surface::Focus, None, draw));
    };
    let zones = zones_of(visit, headers, &booking.row)?;
    let head = Head { title: "Your booking".into(), private: true, ..Head::default() };
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let phone = frame.practice.contact_phone.as_str();
    let draw = || manage_page::page(booking, &zones, now, token, phone, notice, typed);
    Ok(answer(visit, status, &frame, &head, Surface::Focus, None, draw))
}
