//! The pages of the practice's sessions: the list, and one of them.

use super::admin::today_of;
use super::gate::StaffVisit;
use super::portal::private_head;
use super::{answer, api, frame};
use crate::error::Error;
use crate::features::practice::zones;
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use crate::http::{Http, admin_bookings_forms as forms};
use app::admin::booking::{self, BookingQuery, BookingVariables, Typed};
use app::admin::bookings::{self, BookingFilter, BookingsQuery, BookingsVariables, Choice, Days};
use app::api::schema::Shared;
use app::shell::{Frame, Surface};
use app::ui::form::read;
use app::ui::pieces::Notice;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::ids::BookingId;
use shared::time::{Date, Instant, LocalTime};

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/admin/bookings", get(list).post(forms::several))
        .route("/admin/bookings/{id}", get(one))
        .route("/admin/bookings/{id}/complete", post(forms::complete))
        .route("/admin/bookings/{id}/no-show", post(forms::no_show))
        .route("/admin/bookings/{id}/recognize", post(forms::recognize))
        .route("/admin/bookings/{id}/move", post(forms::shift))
        .route("/admin/bookings/{id}/cancel", post(forms::cancel))
        .route("/admin/bookings/{id}/undo", post(forms::undo))
        .route("/admin/bookings/{id}/fee/{fee}/charge", post(forms::charge))
        .route("/admin/bookings/{id}/fee/{fee}/waive", post(forms::waive))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    days: String,
    status: String,
    source: String,
    modality: String,
    overdue: String,
    client: String,
    search: String,
    after: Option<String>,
    done: Option<String>,
    count: Option<u32>,
    failed: Option<u32>,
}

async fn list(StaffVisit { visit, .. }: StaffVisit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let overdue = asked.overdue == "yes";
    // What is ahead is not owed yet: where nothing else was chosen, every day is meant.
    let days = match Days::read(&asked.days) {
        Days::Ahead if overdue => Days::Any,
        days => days,
    };
    let choice = Choice {
        days,
        client: asked.client.parse().ok(),
        status: read(&asked.status),
        source: read(&asked.source),
        modality: read(&asked.modality),
        overdue,
        search: asked.search.trim().to_owned(),
    };
    let (from, until) = choice.days.range(today_of(&frame)?);
    let filter = BookingFilter {
        statuses: choice.status.map(|status| vec![Shared(status)]),
        source: choice.source.map(Shared),
        modality: choice.modality.map(Shared),
        search: Some(choice.search.clone()).filter(|search| !search.is_empty()),
        from: from.map(|date| midnight(&frame, date)).transpose()?,
        until: until.map(|date| midnight(&frame, date)).transpose()?,
        is_overdue: choice.overdue.then_some(true),
        client_id: choice.client,
        is_latest_first: choice.days.is_latest_first().then_some(true),
    };
    let is_first = asked.after.is_none();
    let variables = BookingsVariables { zone: frame.practice.time_zone.clone(), filter, after: asked.after };
    let found = api(&visit).ask(BookingsQuery::build(variables)).await?;
    let done = several_words(asked.done.as_deref(), asked.count.unwrap_or(0), asked.failed.unwrap_or(0));
    let head = private_head("Sessions", "/admin/bookings");
    let draw = || bookings::page(found, &choice, is_first, done);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Admin("/admin/bookings"), None, draw))
}

fn midnight(frame: &Frame, date: Date) -> Result<Instant, Error> {
    let zone = zones::find("timeZone", &frame.practice.time_zone, frame.practice.now)?;
    Ok(zone.resolve(date, LocalTime::MIDNIGHT).at)
}

fn several_words(done: Option<&str>, count: u32, failed: u32) -> Option<Notice> {
    let what = match done? {
        "complete" => "marked as done",
        "no-show" => "marked as missed",
        "cancel" => "cancelled",
        "none" => return Some(Notice("Choose at least one session first.".into())),
        _ => return None,
    };
    let sessions = if count == 1 { "One session is".to_owned() } else { format!("{count} sessions are") };
    let rest = match failed {
        0 => String::new(),
        1 => format!(" One could not be: {}.", why(done, "it has", "it is")),
        failed => format!(" {failed} could not be: {}.", why(done, "they have", "they are")),
    };
    Some(Notice(format!("{sessions} {what}.{rest}")))
}

/// Why something cannot be done to sessions.
fn why(done: Option<&str>, have: &str, are: &str) -> String {
    match done {
        Some("cancel") => format!("{have} begun, or {are} over or cancelled already"),
        _ => format!("{have} not begun, or {are} settled already"),
    }
}

#[derive(Deserialize)]
struct Done {
    done: Option<String>,
}

async fn one(
    StaffVisit { visit, .. }: StaffVisit,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
    let words = match done.done.as_deref() {
        Some("complete") => Some("Marked as done."),
        Some("no-show") => Some("Marked as missed. Look at the fee."),
        Some("recognized") => Some("The call is in their record now."),
        Some("moved") => Some("Moved. Both of you are told in a few minutes."),
        Some("cancelled") => Some("Cancelled. They are told in a few minutes."),
        Some("back") => Some("It is as it was. Nobody is told."),
        Some("charged") => Some("The fee is charged."),
        Some("waived") => Some("You let the fee go."),
        Some("created") => Some("It is in the calendar. They are told in a few minutes."),
        _ => None,
    };
    booking_page(&visit, id, Typed::default(), words.map(|words| Notice(words.into()))).await
}

/// The page of one session, with what was typed into its forms.
pub(in crate::http) async fn booking_page(
    visit: &Visit,
    id: BookingId,
    typed: Typed,
    done: Option<Notice>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let variables = BookingVariables { zone: frame.practice.time_zone.clone(), id };
    let mut found = api(visit).ask(BookingQuery::build(variables)).await?;
    let booking = found.viewer.therapist.as_mut().and_then(|desk| desk.booking.take()).ok_or(Error::NotFound)?;
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let head = private_head("Session", "/admin/bookings");
    let draw = || booking::page(&found, booking, typed, done);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/bookings"), None, draw))
}
