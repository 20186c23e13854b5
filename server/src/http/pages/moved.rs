//! Moving the session of a mailed link: the times to choose from, the last look, and the move itself.

use super::booked::{manage_page, zones_of};
use super::booking::PLACES;
use super::gate::see_other;
use super::offered::{Offered, place_of};
use super::{answer, api, frame};
use crate::error::Error;
use crate::features::bookings::reschedule::{self, RescheduleBookingInput};
use crate::features::bookings::{availability, manage};
use crate::http::Http;
use crate::http::fault::Fault;
use crate::http::form::once;
use crate::http::visit::Visit;
use app::public::book::booked::{ByManageToken, ManagedQuery};
use app::public::book::manage::Typed;
use app::public::book::page;
use app::public::book::picker::Moves;
use app::public::book::place::Place;
use app::public::book::top::{self, Step};
use app::shell::{Head, Surface};
use app::ui::form::Problem;
use app::ui::moving::{self, Moving};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::ids::BookingId;
use shared::practice::Gate;
use shared::time::Instant;

/// No form of these is longer.
const MOST_BYTES: usize = 16 * 1024;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/manage/{token}/move", get(pick).post(choose))
        .route("/manage/{token}/move/check", get(check))
        .route("/manage/{token}/move/confirm", post(shift))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Chosen {
    slot: String,
    tz: Option<String>,
    key: String,
}

/// The session of a link while it can be moved, and what its picker needs.
struct Shifting {
    token: String,
    id: BookingId,
    name: String,
    starts_at: Instant,
    minutes: i64,
    offered: Offered,
}

impl Shifting {
    async fn read(visit: &Visit, headers: &HeaderMap, token: &str, zone: Option<&str>) -> Result<Option<Self>, Fault> {
        let asked = ByManageToken { token: token.to_owned() };
        let managed = api(visit).ask(ManagedQuery::build(asked)).await?.managed_booking;
        let Some(managed) = managed.filter(|managed| managed.can_move) else { return Ok(None) };
        let Some(row) = manage::booking_of(&visit.http.app, token).await? else { return Ok(None) };
        let named = managed.row.session_type.clone().ok_or(Error::NotFound)?;
        // What was booked is read in the zone whoever booked reads times in, unless they choose another here.
        let own = zones_of(visit, headers, &managed.row)?.zone.name;
        let mut offered = Offered::by_link(visit, headers, token, zone.or(Some(&own))).await?;
        offered.only_with(Some(row.therapist_id));
        offered.action = Some(base(token));
        offered.moves = Some(Moves::Link(token.to_owned()));
        let minutes = (row.ends_at.seconds() - row.starts_at.seconds()) / 60;
        Ok(Some(Shifting {
            token: token.to_owned(),
            id: row.id,
            name: named.name,
            starts_at: row.starts_at,
            minutes,
            offered,
        }))
    }
}

/// Where the pages of a move are.
fn base(token: &str) -> String {
    format!("/manage/{token}/move")
}

/// The page of the link itself, which says why it cannot be moved.
fn back(token: &str) -> Response {
    see_other(&format!("/manage/{token}"))
}

async fn pick(
    visit: Visit,
    headers: HeaderMap,
    Path(token): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let place = place_of(&pairs);
    let Some(shifting) = Shifting::read(&visit, &headers, &token, place.zone.as_deref()).await? else {
        return Ok(back(&token));
    };
    let frame = frame(&visit).await?;
    let offered = &shifting.offered;
    let picker = offered.picker(&visit, place, None).await?;
    let head = Head { title: "Move your booking".into(), private: true, ..Head::default() };
    let heading = format!("Move it from {}", offered.zones.moment(shifting.starts_at));
    let draw = || {
        let meta = top::meta(&offered.session_type, top::names(&offered.therapists), None);
        page::page(top::top(Step::Time, Gate::Clients, heading, meta), picker, &PLACES)
    };
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Focus, None, draw))
}

/// Goes on to the last look with the time that was chosen.
async fn choose(Path(token): Path<String>, Form(form): Form<Chosen>) -> Response {
    let Ok(slot) = form.slot.parse::<Instant>() else { return see_other(&base(&token)) };
    let place = Place { slot: Some(slot), zone: form.tz, ..Place::default() };
    see_other(&format!("{}/check{}", base(&token), place.href()))
}

async fn check(
    visit: Visit,
    headers: HeaderMap,
    Path(token): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Fault> {
    let Some(shifting) = Shifting::read(&visit, &headers, &token, chosen.tz.as_deref()).await? else {
        return Ok(back(&token));
    };
    let Ok(to) = chosen.slot.parse::<Instant>() else { return Ok(see_other(&base(&token))) };
    // It is there already, as for whoever goes back after moving it.
    if to == shifting.starts_at {
        return Ok(back(&token));
    }
    last_look(&visit, StatusCode::OK, &shifting, to, once()?, Vec::new()).await
}

async fn shift(
    visit: Visit,
    headers: HeaderMap,
    Path(token): Path<String>,
    Form(form): Form<Chosen>,
) -> Result<Response, Fault> {
    let Ok(to) = form.slot.parse::<Instant>() else { return Ok(see_other(&base(&token))) };
    let input = RescheduleBookingInput {
        manage_token: Some(token.clone()),
        booking_id: None,
        starts_at: to,
        hold_token: None,
        override_reason: None,
        idempotency_key: Some(form.key.clone()).filter(|key| !key.is_empty()),
    };
    let problems = match reschedule::reschedule(&visit.http.app, input, None).await {
        Ok(_) => return Ok(see_other(&format!("/manage/{token}?done=moved"))),
        Err(Error::Overlap) => {
            vec![Problem { field: None, message: "Somebody has just taken that time. Nothing has changed.".into() }]
        }
        Err(Error::Refused(refused)) => {
            refused.into_iter().map(|one| Problem { field: None, message: one.message }).collect()
        }
        Err(error) => return Err(error.into()),
    };
    match Shifting::read(&visit, &headers, &token, form.tz.as_deref()).await? {
        Some(shifting) => last_look(&visit, StatusCode::CONFLICT, &shifting, to, form.key, problems).await,
        None => manage_page(&visit, &headers, &token, None, Typed { problems, ..Typed::default() }).await,
    }
}

/// The last look before a session is moved.
async fn last_look(
    visit: &Visit,
    status: StatusCode,
    shifting: &Shifting,
    to: Instant,
    key: String,
    problems: Vec<Problem>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let nearest = if problems.is_empty() {
        Vec::new()
    } else {
        availability::nearest_for_moving(&visit.http.app, shifting.id, to).await.unwrap_or_default()
    };
    let moving = Moving {
        base: base(&shifting.token),
        name: shifting.name.clone(),
        from: shifting.starts_at,
        to,
        minutes: shifting.minutes,
        zones: shifting.offered.zones.clone(),
        key,
        problems,
        nearest: nearest.into_iter().map(|slot| slot.starts_at).collect(),
    };
    let head = Head { title: "Move your booking".into(), private: true, ..Head::default() };
    let draw = || moving::moving(moving);
    Ok(answer(visit, status, &frame, &head, Surface::Focus, None, draw))
}
