//! The pages of the house: its rooms, and the limits of its calendar.

use super::Http;
use super::fault::Fault;
use super::form::{once, one_of, problems};
use super::offer_forms::known;
use super::pages::gate::{StaffVisit, see_other};
use super::pages::portal::private_head;
use super::pages::{answer, api, frame};
use super::reminder_pages::{Done, status_of};
use super::series_forms::Wrong;
use super::visit::Visit;
use crate::error::Error;
use crate::features::practice::rooms::{self, ArrangeRoomsInput, SaveRoomInput};
use crate::features::practice::rules;
use app::admin::limits::{self, LimitsQuery, TypedLimits};
use app::admin::rooms::{self as drawn, RoomsQuery, TypedRoom};
use app::shell::Surface;
use app::ui::pieces::Notice;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::ids::RoomId;
use shared::rules::SetCalendarRulesInput;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/admin/rooms", get(list).post(add))
        .route("/admin/rooms/{id}", post(rename))
        .route("/admin/rooms/{id}/retire", post(retire))
        .route("/admin/rooms/{id}/restore", post(restore))
        .route("/admin/rooms/{id}/up", post(up))
        .route("/admin/rooms/{id}/down", post(down))
        .route("/admin/limits", get(limits).post(set_limits))
}

async fn list(StaffVisit { visit, .. }: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let words = match done.done.as_deref() {
        Some("added") => Some("The room is added."),
        Some("renamed") => Some("The room has its new name."),
        Some("retired") => Some("The room is out of use. Sessions that are booked in it stay there."),
        Some("restored") => Some("The room is in use again."),
        Some("arranged") => Some("The order is changed."),
        _ => None,
    };
    rooms_page(&visit, TypedRoom::default(), words.map(|words| Notice(words.into()))).await
}

async fn rooms_page(visit: &Visit, typed: TypedRoom, notice: Option<Notice>) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let asked = api(visit).ask(RoomsQuery::build(())).await?;
    let (status, typed) = (status_of(&typed.problems), TypedRoom { key: once()?, ..typed });
    let head = private_head("Rooms", "/admin/rooms");
    let draw = || drawn::page(&asked, typed, notice);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/rooms"), None, draw))
}

/// A room as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(default)]
struct RoomForm {
    name: String,
    key: String,
}

async fn add(staff: StaffVisit, Form(form): Form<RoomForm>) -> Result<Response, Fault> {
    save(staff, None, form).await
}

async fn rename(staff: StaffVisit, Path(id): Path<String>, Form(form): Form<RoomForm>) -> Result<Response, Fault> {
    save(staff, Some(room(&id)?), form).await
}

fn room(id: &str) -> Result<RoomId, Fault> {
    Ok(id.parse().map_err(|_| Error::NotFound)?)
}

async fn save(staff: StaffVisit, id: Option<RoomId>, form: RoomForm) -> Result<Response, Fault> {
    let (by, visit) = (staff.therapist().await?.user_id, &staff.visit);
    let idempotency_key = Some(form.key).filter(|key| !key.is_empty());
    let input = SaveRoomInput { room_id: id, name: form.name.clone(), idempotency_key };
    match rooms::save(&visit.http.app, by, input).await {
        Ok(_) => {
            let done = if id.is_some() { "renamed" } else { "added" };
            Ok(see_other(&format!("/admin/rooms?done={done}")))
        }
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["name"]));
            rooms_page(visit, TypedRoom { id, name: form.name, problems, ..TypedRoom::default() }, None).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn retire(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let by = staff.therapist().await?.user_id;
    rooms::retire(&staff.visit.http.app, by, room(&id)?).await?;
    Ok(see_other("/admin/rooms?done=retired"))
}

async fn restore(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let by = staff.therapist().await?.user_id;
    rooms::restore(&staff.visit.http.app, by, room(&id)?).await?;
    Ok(see_other("/admin/rooms?done=restored"))
}

async fn up(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    step(staff, &id, |place| place.checked_sub(1)).await
}

async fn down(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    step(staff, &id, |place| Some(place + 1)).await
}

async fn step(staff: StaffVisit, id: &str, to: impl Fn(usize) -> Option<usize>) -> Result<Response, Fault> {
    let (by, id, app) = (staff.therapist().await?.user_id, room(id)?, &staff.visit.http.app);
    let used = rooms::all(app).await?.into_iter().filter(|room| room.retired_at.is_none());
    let mut room_ids: Vec<RoomId> = used.map(|room| room.id).collect();
    let place = room_ids.iter().position(|other| *other == id).ok_or(Error::NotFound)?;
    if let Some(other) = to(place).filter(|other| *other < room_ids.len()) {
        room_ids.swap(place, other);
        known(rooms::arrange(app, by, ArrangeRoomsInput { room_ids }).await)?;
    }
    Ok(see_other("/admin/rooms?done=arranged"))
}

async fn limits(StaffVisit { visit, .. }: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let words = "Saved. What can be booked follows it from now on.";
    let notice = (done.done.as_deref() == Some("saved")).then(|| Notice(words.into()));
    limits_page(&visit, None, notice).await
}

async fn limits_page(visit: &Visit, typed: Option<TypedLimits>, notice: Option<Notice>) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let asked = api(visit).ask(LimitsQuery::build(())).await?;
    let status = status_of(typed.as_ref().map(|typed| typed.problems.as_slice()).unwrap_or_default());
    let head = private_head("Calendar limits", "/admin/limits");
    let draw = || limits::page(&asked, typed, notice);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/limits"), None, draw))
}

/// The limits as they come from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
struct LimitsForm {
    per_day: String,
    in_a_row: String,
    pause: String,
    ahead: String,
    weeks: String,
    payment: String,
    bank: String,
    missed: String,
    prompt: String,
    returns: String,
}

/// The id of the field a limit is typed in.
fn field_id(name: &str) -> Option<&'static str> {
    Some(match name {
        "sessionsPerDay" => "per-day",
        "consecutiveSessions" => "in-a-row",
        "breakMinutes" => "pause",
        "bookingsAhead" => "ahead",
        "seriesWeeksAhead" => "weeks",
        "paymentMinutes" => "payment",
        "bankDetails" => "bank",
        "noShowMinutes" => "missed",
        "promptMinutes" => "prompt",
        "returnMonths" => "returns",
        _ => return None,
    })
}

const A_NUMBER: &str = "Write a whole number.";

async fn set_limits(staff: StaffVisit, Form(form): Form<LimitsForm>) -> Result<Response, Fault> {
    let (by, visit) = (staff.therapist().await?.user_id, &staff.visit);
    let mut wrong = Wrong::default();
    let number = |typed: &str| typed.trim().parse::<i64>().ok();
    // A field that cannot be read holds something harmless, so that the rest is looked at too.
    let input = SetCalendarRulesInput {
        sessions_per_day: wrong.perhaps(&form.per_day, number, "per-day", A_NUMBER),
        consecutive_sessions: wrong.perhaps(&form.in_a_row, number, "in-a-row", A_NUMBER),
        break_minutes: wrong.read(number(&form.pause), "pause", A_NUMBER).unwrap_or(30),
        bookings_ahead: wrong.perhaps(&form.ahead, number, "ahead", A_NUMBER),
        series_weeks_ahead: wrong.read(number(&form.weeks), "weeks", A_NUMBER).unwrap_or(8),
        payment_minutes: wrong.read(number(&form.payment), "payment", A_NUMBER).unwrap_or(60),
        bank_details: form.bank.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect(),
        no_show_minutes: wrong.perhaps(&form.missed, number, "missed", A_NUMBER),
        prompt_minutes: wrong.perhaps(&form.prompt, number, "prompt", A_NUMBER),
        return_months: wrong.perhaps(&form.returns, number, "returns", A_NUMBER),
    };
    let refused = match wrong.0.is_empty() {
        true => match rules::set(&visit.http.app, by, input).await {
            Ok(()) => return Ok(see_other("/admin/limits?done=saved")),
            Err(Error::Refused(refused)) => refused,
            Err(error) => return Err(error.into()),
        },
        false => input.problems(),
    };
    wrong.0.extend(problems(&refused, field_id));
    let typed = TypedLimits {
        per_day: form.per_day,
        in_a_row: form.in_a_row,
        pause: form.pause,
        ahead: form.ahead,
        weeks: form.weeks,
        payment: form.payment,
        bank: form.bank,
        missed: form.missed,
        prompt: form.prompt,
        returns: form.returns,
        problems: wrong.0,
    };
    limits_page(visit, Some(typed), None).await
}
