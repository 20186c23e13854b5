//! The pages of standing places and of being away.

use super::gate::{ClientVisit, StaffVisit};
use super::portal::private_head;
use super::{answer, api, frame};
use crate::error::Error;
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use crate::http::{Http, absence_forms, occurrence_forms, series_forms};
use crate::keys;
use app::admin::absence::{self, AbsencePage, AbsenceQuery, Days, PlanAnswer, PlanQuery, PlanVariables, TypedAbsence};
use app::admin::place::{self, PlacePage, PlaceQuery, TypedChange, TypedMove};
use app::admin::series::{
    self, ChosenQuery, ChosenVariables, Person, SeriesPage, SeriesQuery, SeriesVariables, TypedSeries,
};
use app::api::zone::{ZoneQuery, ZoneVariables};
use app::portal::series::{SkipQuery, clocks, skip_page};
use app::shell::Surface;
use app::ui::form::Problem;
use app::ui::pieces::Notice;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::ids::{ClientId, SeriesId};
use shared::time::{Date, LocalTime};

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/admin/series", get(list).post(series_forms::create))
        .route("/admin/series/{id}", get(one).post(series_forms::change))
        .route("/admin/series/{id}/skip", post(occurrence_forms::skip))
        .route("/admin/series/{id}/move", post(occurrence_forms::shift))
        .route("/admin/series/{id}/end", post(occurrence_forms::end))
        .route("/admin/absence", get(away).post(absence_forms::confirm))
        .route("/admin/absence/holidays", post(absence_forms::choose_holidays))
        .route("/admin/absence/holidays/{date}/keep", post(absence_forms::keep_holiday))
        .route("/portal/series/{id}/skip/{date}", get(ask_to_skip).post(occurrence_forms::skip_own))
}

/// What was just done, as the address says.
#[derive(Deserialize)]
struct Done {
    done: Option<String>,
}

fn notice(done: Option<&str>) -> Option<Notice> {
    let words = match done? {
        "created" => "The place is kept. Both of you are told in a few minutes.",
        "conflicts" => "The place is kept. Some of its sessions found no room; you find them on top.",
        "changed" => "The place is changed. Both of you are told in a few minutes.",
        "moved" => "The session is moved. Both of you are told in a few minutes.",
        "again" => "The session takes place again. Both of you are told in a few minutes.",
        "skipped" => "The session is left out. Both of you are told in a few minutes.",
        "ended" => "The place has ended. Both of you are told in a few minutes.",
        "away" => "It is done: the time is off, and everybody it concerns is told once.",
        "holidays" => "Saved. You are asked about each of these days.",
        "kept" => "You work that day. You are not asked again.",
        _ => return None,
    };
    Some(Notice(words.into()))
}

/// Letters and digits for idempotency keys.
const KEY_ALPHABET: &[u8; 29] = shared::booking::REFERENCE_ALPHABET;

/// What the list is opened with, as the address says.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Opened {
    done: Option<String>,
    /// What clients are looked for.
    search: String,
    /// The client a place is to be kept for.
    client: String,
}

async fn list(StaffVisit { visit, .. }: StaffVisit, Query(opened): Query<Opened>) -> Result<Response, Fault> {
    let typed = TypedSeries { client: opened.client, ..TypedSeries::default() };
    list_page(&visit, typed, opened.search.trim(), notice(opened.done.as_deref())).await
}

/// The list of places, with what was typed into the form for a new one, and what clients are looked for.
pub(crate) async fn list_page(
    visit: &Visit,
    typed: TypedSeries,
    search: &str,
    notice: Option<Notice>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let search = search.to_owned();
    let looked_for = Some(search.clone()).filter(|search| !search.is_empty());
    let variables = SeriesVariables { zone: frame.practice.time_zone.clone(), search: looked_for };
    let asked = api(visit).ask(SeriesQuery::build(variables)).await?;
    let found = asked.viewer.therapist.as_ref().map(|desk| desk.people().0).unwrap_or_default();
    let chosen = match series::client_id(&typed.client) {
        Some(id) if !found.iter().any(|person| person.id == id) => chosen(visit, id).await?,
        _ => None,
    };
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let key = keys::random_text(KEY_ALPHABET, 22)?;
    let head = private_head("Standing places", "/admin/series");
    let draw = || series::page(SeriesPage { answer: asked, typed, search, chosen, key, notice });
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/series"), None, draw))
}

/// The client who is chosen, if a place can be kept for them.
async fn chosen(visit: &Visit, id: ClientId) -> Result<Option<Person>, Fault> {
    let asked = api(visit).ask(ChosenQuery::build(ChosenVariables { id })).await?;
    let client = asked.viewer.therapist.and_then(|desk| desk.client);
    let client = client.filter(|client| client.stage.0.opens_paid_sessions());
    Ok(client.map(|client| Person { id, name: client.contact.name }))
}

async fn one(
    StaffVisit { visit, .. }: StaffVisit,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let id: SeriesId = id.parse().map_err(|_| Error::NotFound)?;
    place_page(&visit, id, None, TypedMove::default(), notice(done.done.as_deref())).await
}

/// The page of one place, with what was typed into its forms.
pub(crate) async fn place_page(
    visit: &Visit,
    id: SeriesId,
    typed: Option<TypedChange>,
    moving: TypedMove,
    notice: Option<Notice>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(PlaceQuery::build(zone)).await?;
    let (zone, now) = (place::zone(&asked), asked.practice.now);
    let places = asked.viewer.therapist.map(|desk| desk.series).unwrap_or_default();
    let place = places.into_iter().find(|place| place.id == id).ok_or(Error::NotFound)?;
    let is_refused = typed.is_some() || !moving.problems.is_empty();
    let status = if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let head = private_head(&place.client_name, "/admin/series");
    let draw = || place::page(PlacePage { place, now, zone, typed, moving, notice });
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/series"), None, draw))
}

/// The days somebody would be away, as the address says.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct Away {
    from: String,
    to: String,
    from_time: String,
    to_time: String,
    done: Option<String>,
}

async fn away(staff: StaffVisit, Query(away): Query<Away>) -> Result<Response, Fault> {
    let typed = TypedAbsence {
        from: away.from,
        to: away.to,
        from_time: away.from_time,
        to_time: away.to_time,
        ..TypedAbsence::default()
    };
    absence_page(&staff.visit, typed, notice(away.done.as_deref())).await
}

/// Both steps of being away: the plan is shown once there are days.
pub(crate) async fn absence_page(
    visit: &Visit,
    mut typed: TypedAbsence,
    notice: Option<Notice>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let door = api(visit);
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = door.ask(AbsenceQuery::build(zone)).await?;
    let mut plan = None;
    if let Some(input) = days(&mut typed) {
        let planned = door.ask(PlanQuery::build(PlanVariables { input })).await?;
        if let Some(PlanAnswer { plan: found, user_errors }) = planned.viewer.therapist.map(|desk| desk.absence_plan) {
            plan = found;
            typed.problems.extend(user_errors.into_iter().map(|problem| {
                let field = problem.field.map(|path| path.join(".")).map(|field| match field.as_str() {
                    "fromTime" => "from-time".to_owned(),
                    "toTime" => "to-time".to_owned(),
                    _ => field,
                });
                Problem { field, message: problem.message }
            }));
        }
    }
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let key = keys::random_text(KEY_ALPHABET, 22)?;
    let head = private_head("Time away", "/admin/absence");
    let draw = || absence::page(AbsencePage { answer: asked, plan, typed, key, notice });
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/hours"), None, draw))
}

/// The days that were typed; none before anything was, or when they cannot be read.
fn days(typed: &mut TypedAbsence) -> Option<Days> {
    if typed.from.is_empty() && typed.to.is_empty() {
        return None;
    }
    let mut wrong = Vec::new();
    let mut say = |is_wrong: bool, field: &str, message: &str| {
        if is_wrong {
            wrong.push(Problem { field: Some(field.into()), message: message.into() });
        }
    };
    let (from, to) = (typed.from.parse::<Date>().ok(), typed.to.parse::<Date>().ok());
    let (from_time, to_time) = (typed.from_time.parse::<LocalTime>().ok(), typed.to_time.parse::<LocalTime>().ok());
    say(from.is_none(), "from", "Choose a day.");
    say(to.is_none(), "to", "Choose a day.");
    say(from_time.is_none() && !typed.from_time.is_empty(), "from-time", "Write a time like 09:30.");
    say(to_time.is_none() && !typed.to_time.is_empty(), "to-time", "Write a time like 09:30.");
    let fine = wrong.is_empty();
    typed.problems.extend(wrong);
    Some(Days { from: from?, to: to?, from_time, to_time }).filter(|_| fine)
}

async fn ask_to_skip(
    ClientVisit(visit): ClientVisit,
    Path((id, date)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let id: SeriesId = id.parse().map_err(|_| Error::NotFound)?;
    let date: Date = date.parse().map_err(|_| Error::NotFound)?;
    own_skip_page(&visit, id, date, Vec::new()).await
}

/// The page that asks a client whether a date should be left out.
pub(crate) async fn own_skip_page(
    visit: &Visit,
    id: SeriesId,
    date: Date,
    problems: Vec<Problem>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let door = api(visit);
    let asked = door.ask(SkipQuery::build(ZoneVariables { name: frame.practice.time_zone.clone() })).await?;
    let places = asked.viewer.client.as_ref().map(|care| care.series.as_slice()).unwrap_or_default();
    let place = places.iter().find(|place| place.id == id).ok_or(Error::NotFound)?;
    let found = place.upcoming.iter().find(|it| it.date == date).cloned().ok_or(Error::NotFound)?;
    let own = door.ask(ZoneQuery::build(ZoneVariables { name: place.client_time_zone.clone() })).await?;
    let clocks = clocks(asked.time_zone.as_ref(), own.time_zone.as_ref());
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let head = private_head("Leave one out", "/portal");
    let draw = || skip_page(id, &found, &clocks, problems);
    Ok(answer(visit, status, &frame, &head, Surface::Portal("/portal"), None, draw))
}
