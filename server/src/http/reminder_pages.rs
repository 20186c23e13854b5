//! The pages about reminders: what a client chooses, what the practice decides, and the button of a reminder.

use super::Http;
use super::fault::Fault;
use super::form::problems;
use super::pages::gate::{ClientVisit, StaffVisit, see_other};
use super::pages::portal::private_head;
use super::pages::{answer, api, booked, frame};
use super::visit::Visit;
use crate::error::Error;
use crate::features::bookings;
use crate::features::bookings::confirm::{self, ConfirmBookingInput};
use crate::features::clients::own_client;
use crate::features::reminders::{self, SetReminderRulesInput};
use app::admin::reminders::{self as desk, ReminderDeskQuery};
use app::api::zone::{ZoneQuery, ZoneVariables};
use app::portal::reminders::{self as own, RemindersQuery};
use app::public::book::booked::{ByManageToken, ManagedQuery};
use app::public::book::confirm as confirm_page;
use app::public::book::manage::Typed;
use app::shell::{Head, Surface};
use app::ui::form::Problem;
use app::ui::pieces::Notice;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::ids::{BookingId, SessionTypeId};
use shared::reminder::{Channel, HoursOfDay, ReminderPreferencesInput, TypeLeads};

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/portal/reminders", get(preferences).post(set_preferences))
        .route("/portal/bookings/{id}/confirm", post(confirm_own))
        .route("/manage/{token}/confirm", get(ask_to_confirm).post(confirm_by_link))
        .route("/admin/reminders", get(rules).post(set_rules))
}

/// What was just done, as the address says.
#[derive(Deserialize)]
pub(super) struct Done {
    pub(super) done: Option<String>,
}

/// The status of a page with problems on it, or without.
pub(super) fn status_of(problems: &[Problem]) -> StatusCode {
    if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The pairs of a form, in their order: boxes of one group share a name.
pub(super) fn pairs(body: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

/// The first value of a name; empty if there is none.
pub(super) fn value<'f>(pairs: &'f [(String, String)], name: &str) -> &'f str {
    pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// Every value of a name.
pub(super) fn values(pairs: &[(String, String)], name: &str) -> Vec<String> {
    pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
}

async fn preferences(ClientVisit(visit): ClientVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let notice = match done.done.as_deref() {
        Some("saved") => Some("Saved. What is coming has been planned anew."),
        Some("confirmed") => Some("Thank you. We know that you will come."),
        _ => None,
    };
    preferences_page(&visit, notice.map(|words| Notice(words.into())), Vec::new()).await
}

async fn preferences_page(visit: &Visit, notice: Option<Notice>, problems: Vec<Problem>) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let door = api(visit);
    let asked = door.ask(RemindersQuery::build(ZoneVariables { name: frame.practice.time_zone.clone() })).await?;
    let theirs = asked.viewer.client.as_ref().and_then(|care| care.bookings.nodes.first());
    let zone = match theirs.map(|booking| booking.guest_time_zone.clone()) {
        Some(name) => door.ask(ZoneQuery::build(ZoneVariables { name })).await?.time_zone,
        None => None,
    };
    let head = private_head("Reminders", "/portal/reminders");
    let status = status_of(&problems);
    let draw = || own::page(asked, zone.as_ref(), notice, problems);
    Ok(answer(visit, status, &frame, &head, Surface::Portal("/portal/reminders"), None, draw))
}

async fn set_preferences(ClientVisit(visit): ClientVisit, body: String) -> Result<Response, Fault> {
    let app = &visit.http.app;
    let client = own_client(app, visit.viewer()?).await?;
    let form = pairs(&body);
    let way = value(&form, "way");
    let (lead_minutes, mut wrong) = match read_leads(&values(&form, "lead")) {
        Ok(leads) => (leads, Vec::new()),
        Err(problem) => (Vec::new(), vec![problem]),
    };
    let safe_hours = match read_hours(&form, "safe-from", "safe-until") {
        Ok(hours) => hours,
        Err(problem) => {
            wrong.push(problem);
            None
        }
    };
    let usual = crate::features::practice::catalogue(app).await?.practice.settings.reminders.lead_minutes.clone();
    let said = ReminderPreferencesInput {
        channels: match way {
            "email" => vec![Channel::Email],
            "sms" => vec![Channel::Sms],
            _ => Vec::new(),
        },
        // Chosen as the practice does it, it stays as the practice does it.
        lead_minutes: (lead_minutes != usual).then_some(lead_minutes),
        safe_hours,
        portal_only: way == "portal",
        follow_up: value(&form, "follow-up") == "yes",
    };
    if wrong.is_empty() {
        match reminders::set_preferences(app, client.id, said).await {
            Ok(()) => {
                // A job does the same; the page that follows shows the plan already.
                bookings::reminders::plan_anew(app, Some(client.id)).await?;
                return Ok(see_other("/portal/reminders?done=saved"));
            }
            Err(Error::Refused(refused)) => wrong = problems(&refused, |_| None),
            Err(error) => return Err(error.into()),
        }
    }
    preferences_page(&visit, None, wrong).await
}

fn read_leads(typed: &[String]) -> Result<Vec<i64>, Problem> {
    let read: Result<Vec<i64>, _> = typed.iter().map(|lead| lead.parse::<i64>()).collect();
    let mut leads = read.map_err(|_| Problem { field: None, message: "Choose times from the list.".into() })?;
    leads.sort_by(|one, other| other.cmp(one));
    leads.dedup();
    Ok(leads)
}

fn read_hours(
    form: &[(String, String)],
    from: &'static str,
    until: &'static str,
) -> Result<Option<HoursOfDay>, Problem> {
    let problem = || Problem { field: Some(until.to_owned()), message: "Choose both hours, or neither.".into() };
    match (value(form, from), value(form, until)) {
        ("", "") => Ok(None),
        (one, other) => {
            let hour = |text: &str| text.parse::<u8>().ok().filter(|hour| *hour < 24).ok_or_else(problem);
            Ok(Some(HoursOfDay { from: hour(one)?, until: hour(other)? }))
        }
    }
}

async fn confirm_own(ClientVisit(visit): ClientVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
    let input = ConfirmBookingInput { manage_token: None, booking_id: Some(id) };
    match confirm::confirm(&visit.http.app, input, Some(visit.viewer()?)).await {
        Ok(_) => Ok(see_other("/portal/reminders?done=confirmed")),
        Err(Error::Refused(refused)) => preferences_page(&visit, None, problems(&refused, |_| None)).await,
        Err(error) => Err(error.into()),
    }
}

async fn ask_to_confirm(visit: Visit, headers: HeaderMap, Path(token): Path<String>) -> Result<Response, Fault> {
    confirmation_page(&visit, &headers, &token, None).await
}

/// The page behind the button of a reminder. It shows, and changes nothing.
async fn confirmation_page(
    visit: &Visit,
    headers: &HeaderMap,
    token: &str,
    problem: Option<String>,
) -> Result<Response, Fault> {
    let booking = api(visit).ask(ManagedQuery::build(ByManageToken { token: token.to_owned() })).await?.managed_booking;
    let Some(booking) = booking.map(|managed| managed.row) else {
        return booked::manage_page(visit, headers, token, None, Typed::default()).await;
    };
    let frame = frame(visit).await?;
    let zones = booked::zones_of(visit, headers, &booking)?;
    let head = Head { title: "Your appointment".into(), private: true, ..Head::default() };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let draw = || confirm_page::page(booking, &zones, token, problem);
    Ok(answer(visit, status, &frame, &head, Surface::Focus, None, draw))
}

async fn confirm_by_link(visit: Visit, headers: HeaderMap, Path(token): Path<String>) -> Result<Response, Fault> {
    let input = ConfirmBookingInput { manage_token: Some(token.clone()), booking_id: None };
    match confirm::confirm(&visit.http.app, input, None).await {
        Ok(_) => Ok(see_other(&format!("/manage/{token}/confirm"))),
        Err(Error::Refused(refused)) => {
            let problem = refused.first().map(|problem| problem.message.clone());
            confirmation_page(&visit, &headers, &token, problem).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn rules(StaffVisit { visit, .. }: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let words = "Saved. What is coming is planned anew.";
    let notice = (done.done.as_deref() == Some("saved")).then(|| Notice(words.into()));
    rules_page(&visit, notice, Vec::new()).await
}

async fn rules_page(visit: &Visit, notice: Option<Notice>, problems: Vec<Problem>) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(ReminderDeskQuery::build(zone)).await?;
    let head = private_head("Reminders", "/admin/reminders");
    let status = status_of(&problems);
    let draw = || desk::page(asked, notice, problems);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/reminders"), None, draw))
}

async fn set_rules(staff: StaffVisit, body: String) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let form = pairs(&body);
    let mut wrong = Vec::new();
    let mut note = |problem: Problem| wrong.push(problem);
    let lead_minutes = read_leads(&values(&form, "lead")).unwrap_or_else(|problem| {
        note(problem);
        Vec::new()
    });
    let quiet = read_hours(&form, "quiet-from", "quiet-until").unwrap_or_else(|problem| {
        note(problem);
        None
    });
    let own: Vec<SessionTypeId> = values(&form, "own").iter().filter_map(|id| id.parse().ok()).collect();
    let chosen = values(&form, "type-lead");
    let of_type = |id: &SessionTypeId| {
        let of = chosen.iter().filter_map(|typed| typed.split_once(':')).filter(|(known, _)| *known == id.to_string());
        read_leads(&of.map(|(_, lead)| lead.to_owned()).collect::<Vec<_>>())
    };
    let by_session_type = own
        .iter()
        .map(|id| TypeLeads { session_type_id: *id, lead_minutes: of_type(id).unwrap_or_default() })
        .collect();
    let follow_up_weeks = value(&form, "follow-up").parse().ok();
    if wrong.is_empty() {
        let input = SetReminderRulesInput { lead_minutes, by_session_type, quiet, follow_up_weeks };
        match reminders::set_rules(&visit.http.app, therapist.user_id, input).await {
            Ok(()) => return Ok(see_other("/admin/reminders?done=saved")),
            Err(Error::Refused(refused)) => {
                wrong = problems(&refused, |field| (field == "quiet").then_some("quiet-from"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    rules_page(visit, None, wrong).await
}
