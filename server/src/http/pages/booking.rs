//! Choosing a time, and saying who comes. Every state has an address, and needs no scripts.

use super::booked::own_at;
use super::offered::{Offered, place_of};
use super::paid;
use super::{answer, api, frame, gone};
use crate::error::Error;
use crate::features::bookings::Seeker;
use crate::features::practice::{self, zones};
use crate::http::Http;
use crate::http::booking_cookies::{self, Kept};
use crate::http::fault::Fault;
use crate::http::form::once;
use crate::http::visit::Visit;
use app::public::book::details::{self, Chosen, Said, Typed};
use app::public::book::list;
use app::public::book::page;
use app::public::book::place::Place;
use app::public::book::query::ListQuery;
use app::public::book::top::{self, Step, inside_a_sentence};
use app::seo;
use app::shell::{Alive, Head, Surface};
use app::ui::hold::{self, Hold, Lost};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use cynic::QueryBuilder;
use shared::ids::SessionTypeId;
use shared::practice::Gate;
use shared::time::Instant;
use std::sync::LazyLock;

pub(super) fn routes() -> Router<Http> {
    Router::new().route("/book", get(all)).route("/book/{slug}", get(pick)).route("/book/{slug}/details", get(say_who))
}

async fn all(visit: Visit, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response, Fault> {
    let rows = api(&visit).ask(ListQuery::build(())).await?.session_types;
    let query = place_of(&pairs).with.map(|therapist| format!("?with={therapist}")).unwrap_or_default();
    let mut open = rows.iter().filter(|row| row.gate.0 == Gate::Discovery);
    if let (Some(only), None) = (open.next(), open.next()) {
        return Ok(Redirect::to(&format!("/book/{}{query}", only.slug)).into_response());
    }
    let frame = frame(&visit).await?;
    let head = seo::head(&frame, "Book", "Choose what you would like to book.", &[("Book", "/book")]);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Focus, None, || list::page(rows, &query)))
}

/// Every place whose clocks we know, as the options of a list. A browser ends them by itself.
pub(super) static PLACES: LazyLock<String> =
    LazyLock::new(|| zones::places().map(|place| format!("<option>{}", place.replace('&', "&amp;"))).collect());

async fn pick(
    visit: Visit,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Some(page) = gone::retired(&visit, &slug).await? {
        return Ok(page);
    }
    let place = place_of(&pairs);
    let mut offered = Offered::read(&visit, &headers, slug, place.zone.as_deref()).await?;
    offered.look_for(place.with);
    if let Some(slot) = place.slot
        && let Some(own) = own_at(&visit, &headers, offered.session_type.id, slot, None).await?
    {
        return Ok(own);
    }
    let frame = frame(&visit).await?;
    let row = &offered.session_type;
    let path = format!("/book/{}", row.slug);
    let title = format!("Book a {}", inside_a_sentence(&row.name));
    let description = format!("{} Choose a time; you need no account.", row.summary);
    let mut head = seo::head(&frame, &title, &description, &[(row.name.as_str(), path.as_str())]);
    if row.gate.0 == Gate::Clients {
        head.private = true;
        if !is_open(&visit, row.id).await? {
            return Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Focus, None, || list::not_open(row)));
        }
        offered.only_with(visit.own_therapist().await?);
    }
    let chosen = place.zone.as_deref().and_then(zones::named);
    let new_zone = chosen.filter(|zone| booking_cookies::zone(&headers) != Some(zone)).map(booking_cookies::set_zone);
    let new_hours = place.hours.filter(|hours| booking_cookies::hours(&headers) != *hours);
    offered.zones.hours = place.hours.unwrap_or(offered.zones.hours);
    let kept = booking_cookies::kept(&headers, offered.practice.now);
    let picker = offered.picker(&visit, place, kept.as_ref()).await?;
    let data = serde_json::to_string(&picker).map_err(Error::from)?;
    let alive = Alive { bundle: "public", name: page::ALIVE, data };
    let draw = || page::page(offered.top_of_picker(), picker, &PLACES);
    let mut response = answer(&visit, StatusCode::OK, &frame, &head, Surface::Focus, Some(&alive), draw);
    for cookie in new_zone.into_iter().chain(new_hours.map(booking_cookies::set_hours)) {
        response.headers_mut().append(header::SET_COOKIE, cookie?);
    }
    Ok(response)
}

async fn say_who(
    visit: Visit,
    headers: HeaderMap,
    Path(slug): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Some(page) = gone::retired(&visit, &slug).await? {
        return Ok(page);
    }
    let place = place_of(&pairs);
    let mut offered = Offered::read(&visit, &headers, slug, place.zone.as_deref()).await?;
    offered.look_for(place.with);
    let now = offered.practice.now;
    let Some(starts_at) = place.slot.filter(|slot| *slot > now) else {
        return Ok(Redirect::to(&offered.picker_at(None)).into_response());
    };
    let kept = booking_cookies::kept(&headers, now).filter(|kept| kept.starts_at == starts_at && offered.fits(kept));
    if kept.is_none() {
        let on_that_day = Place { slot: Some(starts_at), ..Place::default() };
        if offered.picker(&visit, on_that_day, None).await?.slot.is_none() {
            if let Some(own) = own_at(&visit, &headers, offered.session_type.id, starts_at, None).await? {
                return Ok(own);
            }
            let lost = offered.why_lost(&visit, starts_at).await?;
            return taken(&visit, &offered, lost).await;
        }
    }
    if offered.session_type.gate.0 == Gate::Clients {
        return paid::review_page(&visit, StatusCode::OK, &offered, starts_at, kept, Said::default()).await;
    }
    let key = once()?;
    let said = Said { typed: Typed { key, ..Typed::default() }, ..Said::default() };
    details_page(&visit, StatusCode::OK, &offered, starts_at, kept, said).await
}

/// Whether a session type is open to whoever visits.
async fn is_open(visit: &Visit, id: SessionTypeId) -> Result<bool, Fault> {
    let catalogue = practice::catalogue(&visit.http.app).await?;
    match visit.seeker().await? {
        Seeker::Staff => Ok(false),
        seeker => Ok(seeker.opened(&catalogue, id, visit.http.app.clock.now()).is_ok()),
    }
}

/// The page in place of the next step, when a time could not be kept.
pub(in crate::http) async fn taken(visit: &Visit, offered: &Offered, lost: Lost) -> Result<Response, Fault> {
    let (frame, conflict) = (frame(visit).await?, offered.conflict(visit, lost, false).await?);
    let head = Head { title: "This time cannot be had".into(), private: true, ..Head::default() };
    let carried = [("tz", offered.tz()), ("with", offered.with().map(|with| with.to_string()))];
    let draw = || {
        let top = offered.top(Step::Time, None, None);
        details::taken(top, &offered.session_type.slug, &conflict, &offered.zones, carried)
    };
    Ok(answer(visit, StatusCode::CONFLICT, &frame, &head, Surface::Focus, None, draw))
}

/// The form that asks who comes.
pub(in crate::http) async fn details_page(
    visit: &Visit,
    status: StatusCode,
    offered: &Offered,
    starts_at: Instant,
    kept: Option<Kept>,
    mut said: Said,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    if let (true, Some(user)) = (said.typed.name.is_empty() && said.problems.is_empty(), &frame.user) {
        said.typed.name.clone_from(&user.name);
    }
    let with = kept.as_ref().map(|kept| kept.therapist_id).or(offered.with());
    let of_hold = with.and_then(|with| offered.therapists.iter().find(|row| row.id == with));
    let therapist = of_hold.map(|row| row.name.clone()).or_else(|| top::names(&offered.therapists));
    let chosen = Chosen {
        starts_at,
        ends_at: starts_at.plus_minutes(offered.session_type.minutes.into()),
        therapist,
        zones: offered.zones.clone(),
        tz: offered.tz(),
        with: offered.with(),
    };
    let hold = kept.map(|kept| {
        let clock = offered.zones.clock(kept.until);
        Hold { now: offered.practice.now, until: kept.until, clock }
    });
    let data = hold.as_ref().map(serde_json::to_string).transpose().map_err(Error::from)?;
    let alive = data.map(|data| Alive { bundle: "public", name: hold::ALIVE, data });
    let title = if said.problems.is_empty() { "Your details" } else { "Please look again: Your details" };
    let head = Head { title: title.into(), private: true, ..Head::default() };
    let draw = || {
        let top = offered.top(Step::Details, said.conflict.is_none().then_some(starts_at), with);
        details::page(top, &offered.session_type, &chosen, hold.as_ref(), said)
    };
    Ok(answer(visit, status, &frame, &head, Surface::Focus, alive.as_ref(), draw))
}
