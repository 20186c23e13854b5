//! Booking and moving paid sessions: what there is, the last look, the picker of a session that moves.

use super::booking::PLACES;
use super::gate::{ClientVisit, see_other};
use super::offered::{Offered, place_of};
use super::portal::{own_session, private_head};
use super::{answer, api, frame};
use crate::error::Error;
use crate::features::bookings::availability;
use crate::http::booking_cookies::{self, Kept};
use crate::http::fault::Fault;
use crate::http::form::once;
use crate::http::visit::Visit;
use crate::http::{Http, paid_forms};
use app::portal::book::{self, BookableQuery, Review, ReviewQuery, ReviewVariables};
use app::public::book::details::Said;
use app::public::book::page;
use app::public::book::picker::Moves;
use app::public::book::top::{self, Step};
use app::shell::{Alive, Head, Surface};
use app::ui::form::Problem;
use app::ui::hold::{self, Hold};
use app::ui::moving::{self, Moving};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::ids::BookingId;
use shared::policy::PolicyStep;
use shared::practice::Gate;
use shared::time::Instant;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/portal/book", get(list))
        .route("/portal/bookings/{id}/move", get(pick).post(paid_forms::choose))
        .route("/portal/bookings/{id}/move/check", get(check))
        .route("/portal/bookings/{id}/move/confirm", post(paid_forms::shift))
}

async fn list(ClientVisit(visit): ClientVisit) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let asked = api(&visit).ask(BookableQuery::build(())).await?;
    let head = private_head("Book a session", "/portal/book");
    let draw = || book::page(asked.viewer.client);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Portal("/portal/book"), None, draw))
}

/// The last look before a paid session is booked.
pub(in crate::http) async fn review_page(
    visit: &Visit,
    status: StatusCode,
    offered: &Offered,
    starts_at: Instant,
    kept: Option<Kept>,
    said: Said,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let asked = api(visit).ask(ReviewQuery::build(ReviewVariables::of(offered.session_type.id, starts_at))).await?;
    let care = asked.viewer.client.ok_or(Error::SignInRequired)?;
    let is_it = |slug: &str| slug == offered.session_type.slug;
    let bookable = care.bookable.into_iter().find(|one| one.session_type.as_ref().is_some_and(|it| is_it(&it.slug)));
    let Some(bookable) = bookable else { return Ok(see_other(&offered.picker_at(None))) };
    let hold = kept.map(|kept| {
        let clock = offered.zones.clock(kept.until);
        Hold { now: offered.practice.now, until: kept.until, clock }
    });
    let data = hold.as_ref().map(serde_json::to_string).transpose().map_err(Error::from)?;
    let alive = data.map(|data| Alive { bundle: "public", name: hold::ALIVE, data });
    let head = Head { title: "A last look".into(), private: true, ..Head::default() };
    let key = if said.typed.key.is_empty() { once()? } else { said.typed.key };
    let draw = || {
        let review = Review {
            top: top::top(Step::Details, Gate::Clients, "A last look".to_owned(), Vec::new()),
            starts_at,
            ends_at: starts_at.plus_minutes(offered.session_type.minutes.into()),
            zones: offered.zones.clone(),
            tz: offered.tz(),
            bookable,
            therapist: care.therapist.map(|therapist| therapist.name),
            policy_version: care.policy_ahead.version,
            steps: care.policy_ahead.steps.iter().map(PolicyStep::from).collect(),
            kept: hold,
            key,
            problems: said.problems,
            conflict: said.conflict,
        };
        book::review(&offered.session_type, review)
    };
    Ok(answer(visit, status, &frame, &head, Surface::Focus, alive.as_ref(), draw))
}

/// A session that moves, and what its picker needs.
pub(in crate::http) struct Shifting {
    pub(in crate::http) id: BookingId,
    pub(in crate::http) name: String,
    pub(in crate::http) starts_at: Instant,
    pub(in crate::http) minutes: i64,
    pub(in crate::http) offered: Offered,
}

impl Shifting {
    /// The session of the client who visits; nothing where it cannot be moved.
    pub(in crate::http) async fn read(
        visit: &Visit,
        headers: &HeaderMap,
        id: &str,
        zone: Option<&str>,
    ) -> Result<Option<Self>, Fault> {
        let id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
        let frame = frame(visit).await?;
        let (_, session, _) = own_session(visit, &frame, id).await?;
        let slug = session.row.session_type.as_ref().map(|it| it.slug.clone()).ok_or(Error::NotFound)?;
        if !session.can_move {
            return Ok(None);
        }
        let mut offered = Offered::read(visit, headers, slug, zone).await?;
        offered.only_with(visit.own_therapist().await?);
        offered.action = Some(format!("/portal/bookings/{id}/move"));
        offered.moves = Some(Moves::Own(id));
        let row = session.row;
        let minutes = (row.ends_at.seconds() - row.starts_at.seconds()) / 60;
        Ok(Some(Shifting { id, name: row.name(), starts_at: row.starts_at, minutes, offered }))
    }

    /// Where its pages are.
    pub(in crate::http) fn base(&self) -> String {
        format!("/portal/bookings/{}/move", self.id)
    }
}

async fn pick(
    ClientVisit(visit): ClientVisit,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let place = place_of(&pairs);
    let Some(shifting) = Shifting::read(&visit, &headers, &id, place.zone.as_deref()).await? else {
        return Ok(see_other(&format!("/portal/bookings/{id}")));
    };
    let frame = frame(&visit).await?;
    let offered = &shifting.offered;
    let kept = booking_cookies::kept(&headers, offered.practice.now);
    let picker = offered.picker(&visit, place, kept.as_ref()).await?;
    let data = serde_json::to_string(&picker).map_err(Error::from)?;
    let alive = Alive { bundle: "public", name: page::ALIVE, data };
    let head = private_head("Move a session", "/portal");
    let heading = format!("Move it from {}", offered.zones.moment(shifting.starts_at));
    let draw = || {
        let meta = top::meta(&offered.session_type, top::names(&offered.therapists), None);
        page::page(top::top(Step::Time, Gate::Clients, heading, meta), picker, &PLACES)
    };
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Focus, Some(&alive), draw))
}

#[derive(Deserialize)]
struct Asked {
    slot: String,
    tz: Option<String>,
}

async fn check(
    ClientVisit(visit): ClientVisit,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let Some(shifting) = Shifting::read(&visit, &headers, &id, asked.tz.as_deref()).await? else {
        return Ok(see_other(&format!("/portal/bookings/{id}")));
    };
    let Ok(to) = asked.slot.parse::<Instant>() else { return Ok(see_other(&shifting.base())) };
    // It is there already, as for whoever goes back after moving it.
    if to == shifting.starts_at {
        return Ok(see_other(&format!("/portal/bookings/{id}")));
    }
    moving_page(&visit, StatusCode::OK, &shifting, to, once()?, Vec::new()).await
}

/// The last look before a session is moved.
pub(in crate::http) async fn moving_page(
    visit: &Visit,
    status: StatusCode,
    shifting: &Shifting,
    to: Instant,
    key: String,
    problems: Vec<Problem>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let offered = &shifting.offered;
    let nearest = if problems.is_empty() {
        Vec::new()
    } else {
        let found = availability::nearest_for_moving(&visit.http.app, shifting.id, to).await;
        found.unwrap_or_default().into_iter().map(|slot| slot.starts_at).collect()
    };
    let head = private_head("Move a session", "/portal");
    let moving = Moving {
        base: shifting.base(),
        name: shifting.name.clone(),
        from: shifting.starts_at,
        to,
        minutes: shifting.minutes,
        zones: offered.zones.clone(),
        key,
        problems,
        nearest,
    };
    let draw = || moving::moving(moving);
    Ok(answer(visit, status, &frame, &head, Surface::Focus, None, draw))
}
