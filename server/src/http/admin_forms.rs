//! The forms of the practice's portal.

use super::fault::Fault;
use super::form::{one_of, problems};
use super::pages::admin::{Refused, client_page, hours_page};
use super::pages::gate::{StaffVisit, see_other};
use crate::error::Error;
use crate::features::bookings::time_off::{self, AddTimeOffInput};
use crate::features::clients::decide::{self, DecideDiscoveryInput};
use crate::features::practice::hours::{self, OpenStretchInput, SetDateInput, SetWeeklyHoursInput, WeeklyHoursInput};
use app::admin::decision::{self, Decision};
use app::admin::editor::Row;
use app::admin::time_off::{TypedDate, TypedTimeOff};
use app::ui::form::{Problem, read};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::{ClientId, TimeOffId};
use shared::stage::DiscoveryDecision;
use shared::time::{Date, LocalTime, Weekday};

const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// A decision as it comes from the form.
#[derive(Deserialize)]
pub(super) struct DecisionForm {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    letter: String,
}

/// Takes a decision about a client.
pub(super) async fn decide(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<DecisionForm>,
) -> Result<Response, Fault> {
    let client_id: ClientId = id.parse().map_err(|_| Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let letter = form.letter.replace("\r\n", "\n");
    let Some(chosen) = decision::read(&form.decision) else {
        let message = "Choose what happens next.".to_owned();
        let problems = vec![Problem { field: Some("decision-work-together".into()), message }];
        let refused = Decision { letter, problems, ..Decision::default() };
        return client_page(visit, client_id, Refused { decision: Some(refused), ..Refused::default() }, None).await;
    };
    // The template stands in the form whatever is chosen; only a refusal sends it.
    let sent = (chosen == DiscoveryDecision::NotTheRightFit).then(|| letter.clone());
    let input = DecideDiscoveryInput { client_id, decision: chosen, letter: sent };
    match decide::decide(&visit.http.app, &therapist, input).await {
        Ok(_) => Ok(see_other(&format!("/admin/clients/{client_id}?done={}", form.decision))),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["letter"]));
            let refused = Decision { chosen: Some(chosen), letter, problems, ..Decision::default() };
            client_page(visit, client_id, Refused { decision: Some(refused), ..Refused::default() }, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the button of the hours form asks for.
enum Wish {
    Save,
    Add(Weekday),
    Remove(usize),
    Check,
}

/// The stretches of the form in their order, and which button was pressed.
fn read_hours(body: &str) -> (Vec<Row>, Wish) {
    let (mut rows, mut wish): (Vec<Row>, Wish) = (Vec::new(), Wish::Save);
    let weekday = read::<Weekday>;
    for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
        match (name.as_ref(), rows.last_mut()) {
            ("day", _) => rows.extend(weekday(&value).map(Row::empty)),
            ("from", Some(row)) => row.from = value.into_owned(),
            ("until", Some(row)) => row.until = value.into_owned(),
            ("only", Some(row)) => row.only = value.into_owned(),
            ("add", _) => wish = weekday(&value).map_or(Wish::Check, Wish::Add),
            ("remove", _) => wish = value.parse().map_or(Wish::Check, Wish::Remove),
            ("do", _) if value == "check" => wish = Wish::Check,
            _ => {}
        }
    }
    (rows, wish)
}

/// Saves the weekly hours, or shows them again with a line more or less.
pub(super) async fn hours(staff: StaffVisit, body: String) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let (mut rows, wish) = read_hours(&body);
    match wish {
        Wish::Save => {}
        Wish::Add(weekday) => rows.push(Row::empty(weekday)),
        Wish::Remove(index) if index < rows.len() => drop(rows.remove(index)),
        Wish::Remove(_) | Wish::Check => {}
    }
    if !matches!(wish, Wish::Save) {
        return hours_page(visit, StatusCode::OK, |page| page.draft = Some(rows)).await;
    }
    rows.sort_by_key(|row| row.weekday as usize);
    let mut wrong = Vec::new();
    let mut stretches = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        match row.hours() {
            Ok(hours) => stretches.push(WeeklyHoursInput {
                weekday: hours.weekday,
                from: hours.from,
                until: hours.until,
                session_type_id: hours.session_type_id,
                modality: hours.modality,
            }),
            Err(message) => {
                let message = format!("{}: {message}", row.weekday.words());
                wrong.push(Problem { field: Some(format!("hours-{index}")), message });
            }
        }
    }
    if wrong.is_empty() {
        let input = SetWeeklyHoursInput { hours: stretches };
        match hours::set_weekly_hours(&visit.http.app, therapist.id, input).await {
            Ok(_) => return Ok(see_other("/admin/hours?done=saved")),
            Err(Error::Refused(refused)) => wrong = problems(&refused, |_| None),
            Err(error) => return Err(error.into()),
        }
    }
    hours_page(visit, REFUSED, |page| {
        page.draft = Some(rows);
        page.problems = wrong;
    })
    .await
}

/// Time off as it comes from the form.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[derive(Default)]
pub(super) struct TimeOffForm {
    off_from: String,
    off_to: String,
    off_from_time: String,
    off_to_time: String,
    off_note: String,
    #[serde(rename = "do")]
    wish: String,
}

/// Adds time off, or shows what it would close.
pub(super) async fn add_time_off(staff: StaffVisit, Form(form): Form<TimeOffForm>) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let mut wrong = Vec::new();
    let from = date(&form.off_from, "off-from", &mut wrong);
    let to = date(&form.off_to, "off-to", &mut wrong);
    let from_time = time(&form.off_from_time, "off-from-time", &mut wrong);
    let to_time = time(&form.off_to_time, "off-to-time", &mut wrong);
    let only_looks = form.wish == "check";
    if let (Some(from), Some(to), true) = (from, to, wrong.is_empty() && !only_looks) {
        let input =
            AddTimeOffInput { from, to, from_time, to_time, note: Some(form.off_note.clone()), idempotency_key: None };
        match time_off::add(&visit.http.app, therapist.id, input).await {
            Ok(_) => return Ok(see_other("/admin/hours?done=time-off")),
            Err(Error::Refused(refused)) => {
                wrong = problems(&refused, |field| match field {
                    "from" => Some("off-from"),
                    "to" => Some("off-to"),
                    "fromTime" => Some("off-from-time"),
                    "toTime" => Some("off-to-time"),
                    "note" => Some("off-note"),
                    _ => None,
                });
            }
            Err(error) => return Err(error.into()),
        }
    }
    let typed = TypedTimeOff {
        from: form.off_from,
        to: form.off_to,
        from_time: form.off_from_time,
        to_time: form.off_to_time,
        note: form.off_note,
        problems: wrong,
    };
    hours_page(visit, answered(only_looks), |page| page.off = typed).await
}

/// The status of a form that is shown again.
fn answered(only_looks: bool) -> StatusCode {
    if only_looks { StatusCode::OK } else { REFUSED }
}

/// Takes time off back. What is gone already is gone.
pub(super) async fn remove_time_off(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: TimeOffId = id.parse().map_err(|_| Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    match time_off::remove(&visit.http.app, therapist.id, id).await {
        Ok(()) | Err(Error::Refused(_)) => Ok(see_other("/admin/hours?done=time-off-removed")),
        Err(error) => Err(error.into()),
    }
}

/// A day that differs, as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct DateForm {
    day_date: String,
    day_from: String,
    day_until: String,
    #[serde(rename = "do")]
    wish: String,
}

/// Gives a day hours of its own, or shows what that would change; without times it is closed.
pub(super) async fn set_date(staff: StaffVisit, Form(form): Form<DateForm>) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let mut wrong = Vec::new();
    let day = date(&form.day_date, "day-date", &mut wrong);
    let from = time(&form.day_from, "day-from", &mut wrong);
    let until = time(&form.day_until, "day-until", &mut wrong);
    let hours = match (from, until) {
        (Some(from), Some(until)) => vec![OpenStretchInput { from, until }],
        (None, None) => Vec::new(),
        _ => {
            let message = "Give both times, or neither to close the day.".to_owned();
            wrong.push(Problem { field: Some("day-until".into()), message });
            Vec::new()
        }
    };
    let only_looks = form.wish == "check";
    if let (Some(date), true) = (day, wrong.is_empty() && !only_looks) {
        match hours::set_date(&visit.http.app, therapist.id, SetDateInput { date, hours }).await {
            Ok(_) => return Ok(see_other("/admin/hours?done=day")),
            Err(Error::Refused(refused)) => wrong = problems(&refused, |_| Some("day-until")),
            Err(error) => return Err(error.into()),
        }
    }
    let typed = TypedDate { date: form.day_date, from: form.day_from, until: form.day_until, problems: wrong };
    hours_page(visit, answered(only_looks), |page| page.date = typed).await
}

/// Gives a day its weekly hours back.
pub(super) async fn clear_date(staff: StaffVisit, Path(day): Path<String>) -> Result<Response, Fault> {
    let day: Date = day.parse().map_err(|_| Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    hours::clear_date(&visit.http.app, therapist.id, day).await?;
    Ok(see_other("/admin/hours?done=day-removed"))
}

fn date(typed: &str, field: &str, wrong: &mut Vec<Problem>) -> Option<Date> {
    let read = typed.parse().ok();
    if read.is_none() {
        wrong.push(Problem { field: Some(field.into()), message: "Choose a day.".into() });
    }
    read
}

/// An empty field is no time; anything else must be one.
fn time(typed: &str, field: &str, wrong: &mut Vec<Problem>) -> Option<LocalTime> {
    if typed.is_empty() {
        return None;
    }
    let read = typed.parse().ok();
    if read.is_none() {
        wrong.push(Problem { field: Some(field.into()), message: "Write a time like 09:30.".into() });
    }
    read
}
