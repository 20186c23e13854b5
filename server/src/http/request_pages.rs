//! The pages of requests: asking without an account or with one, and the practice's answers.

use super::Http;
use super::fault::Fault;
use super::form::{one_of, problems};
use super::pages::gate::{ClientVisit, StaffVisit, see_other};
use super::pages::offered::place_of;
use super::pages::portal::private_head;
use super::pages::{answer, api, frame, gone};
use super::reminder_pages::{Done, pairs, status_of, value, values};
use super::visit::Visit;
use super::waitlist_pages::{bands, weekdays};
use crate::error::Error;
use crate::features::clients::own_client;
use crate::features::practice::zones;
use crate::features::requests::ask;
use crate::features::requests::moves::{self, AssignBookingInput};
use crate::graphql::signed_in;
use crate::limits::visitor_key;
use app::admin::requests::{self as desk, RequestsQuery};
use app::api::zone::ZoneVariables;
use app::public::ask::{self as ask_page, AskQuery, AskVariables, Typed};
use app::shell::{Head, Surface};
use app::ui::form::Problem;
use app::ui::pieces::Notice;
use app::ui::wish::Ticked;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use shared::actor::Role;
use shared::ids::{RequestId, TherapistId};
use shared::request::RequestBookingInput;
use shared::time::{Date, Instant, LocalTime};

/// No form of these is longer.
const MOST_BYTES: usize = 16 * 1024;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/book/{slug}/ask", get(form).post(send))
        .route("/portal/requests/{id}/withdraw", post(withdraw))
        .route("/admin/requests", get(list))
        .route("/admin/requests/{id}/assign", post(assign))
        .route("/admin/requests/{id}/{move}", post(make))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

async fn form(
    visit: Visit,
    Path(slug): Path<String>,
    Query(done): Query<Done>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Some(page) = gone::retired(&visit, &slug).await? {
        return Ok(page);
    }
    let key = visit.http.app.clock.new_id().to_string();
    page(&visit, slug, done.done.is_some(), Typed { key, with: place_of(&pairs).with, ..Typed::default() }).await
}

async fn page(visit: &Visit, slug: String, is_sent: bool, typed: Typed) -> Result<Response, Fault> {
    let (frame, asked) = (frame(visit).await?, api(visit).ask(AskQuery::build(AskVariables { slug })).await?);
    let session_type = asked.session_type.ok_or(Error::NotFound)?;
    let (practice, user) = (asked.practice, asked.viewer.user);
    let title = if is_sent { "Thank you for asking" } else { "Ask for a time" };
    let head = Head { title: title.into(), private: true, ..Head::default() };
    let status = status_of(&typed.problems);
    let is_client = user.as_ref().is_some_and(|user| user.role.0 == Role::Client);
    let draw = || match is_sent {
        true => ask_page::sent(&practice, is_client),
        false => ask_page::page(&session_type, &practice, user.as_ref(), typed),
    };
    Ok(answer(visit, status, &frame, &head, Surface::Focus, None, draw))
}

async fn send(visit: Visit, Path(slug): Path<String>, body: String) -> Result<Response, Fault> {
    let app = &visit.http.app;
    let form = pairs(&body);
    let text = |name: &str| value(&form, name).to_owned();
    let thanks = format!("/book/{slug}/ask?done=sent");
    if !value(&form, "website").is_empty() {
        return Ok(see_other(&thanks));
    }
    let asked = api(&visit).ask(AskQuery::build(AskVariables { slug: slug.clone() })).await?;
    let session_type = asked.session_type.ok_or(Error::NotFound)?;
    let ticked = Ticked { weekdays: values(&form, "weekday"), parts: values(&form, "part") };
    let note = text("note").replace("\r\n", "\n");
    let with = text("with").parse().ok();
    let input = RequestBookingInput {
        session_type_id: session_type.id,
        therapist_id: with,
        name: Some(text("name")),
        email: Some(text("email")),
        phone: Some(text("phone")),
        time_zone: None,
        weekdays: Some(weekdays(&ticked.weekdays)),
        bands: Some(bands(&ticked.parts)),
        note: Some(note.clone()),
        idempotency_key: Some(text("key")).filter(|key| !key.is_empty()),
    };
    let visitor = visitor_key(&app.keys, visit.caller.address);
    match ask::request(app, input, signed_in(visit.caller.viewer), visitor).await {
        Ok(_) => Ok(see_other(&thanks)),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["name", "email", "phone", "note"]));
            let typed = Typed {
                with,
                name: text("name"),
                email: text("email"),
                phone: text("phone"),
                ticked,
                note,
                key: text("key"),
                problems,
            };
            page(&visit, slug, false, typed).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn withdraw(ClientVisit(visit): ClientVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: RequestId = id.parse().map_err(|_| Error::NotFound)?;
    let client = own_client(&visit.http.app, visit.viewer()?).await?;
    match moves::withdraw(&visit.http.app, &client, id).await {
        // What cannot be taken back any more stands on the page as it is.
        Ok(_) | Err(Error::Refused(_)) => Ok(see_other("/portal/waitlist?done=withdrawn")),
        Err(error) => Err(error.into()),
    }
}

async fn list(StaffVisit { visit, .. }: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let words = match done.done.as_deref() {
        Some("assign") => Some("Proposed. The therapist is asked."),
        Some("accept") => Some("Accepted. One more step puts it in the calendar."),
        Some("decline") => Some("Declined. Somebody else can be found."),
        Some("confirm") => Some("It is in the calendar, and whoever asked is told."),
        Some("close") => Some("Closed. Whoever asked is told kindly."),
        _ => None,
    };
    list_page(&visit, words.map(|words| Notice(words.into())), None).await
}

async fn list_page(
    visit: &Visit,
    notice: Option<Notice>,
    wrong: Option<(RequestId, Vec<Problem>)>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(RequestsQuery::build(zone)).await?;
    let head = private_head("Requests", "/admin/requests");
    let status = status_of(wrong.as_ref().map_or(&[][..], |(_, problems)| problems.as_slice()));
    let draw = || desk::page(asked, notice, wrong);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/requests"), None, draw))
}

async fn assign(staff: StaffVisit, Path(id): Path<String>, body: String) -> Result<Response, Fault> {
    let request_id: RequestId = id.parse().map_err(|_| Error::NotFound)?;
    let visit = &staff.visit;
    let form = pairs(&body);
    let wrong = match proposal(visit, request_id, &form).await? {
        Ok((therapist_id, starts_at)) => {
            let input = AssignBookingInput { request_id, therapist_id, starts_at };
            match moves::assign(&visit.http.app, staff.viewer, input).await {
                Ok(_) => {
                    // Whoever proposes herself has said yes.
                    let her = staff.therapist().await.ok().filter(|her| her.id == therapist_id);
                    let Some(her) = her else { return Ok(see_other("/admin/requests?done=assign")) };
                    moves::accept(&visit.http.app, &her, request_id).await?;
                    return Ok(see_other("/admin/requests?done=accept"));
                }
                Err(Error::Refused(refused)) => problems(&refused, |_| None),
                Err(error) => return Err(error.into()),
            }
        }
        Err(problem) => vec![problem],
    };
    list_page(visit, None, Some((request_id, wrong))).await
}

/// The therapist and the start of the form: one of the suggestions, or what was typed on the practice's clock.
async fn proposal(
    visit: &Visit,
    id: RequestId,
    form: &[(String, String)],
) -> Result<Result<(TherapistId, Instant), Problem>, Fault> {
    let read = |slot: &str| {
        let (therapist, at) = slot.split_once(' ')?;
        Some((therapist.parse::<TherapistId>().ok()?, at.parse::<Instant>().ok()?))
    };
    if let Some(found) = read(value(form, "slot")) {
        return Ok(Ok(found));
    }
    let problem = |name: &str, message: &str| Problem { field: Some(format!("{name}-{id}")), message: message.into() };
    let Ok(therapist) = value(form, "therapist").parse::<TherapistId>() else {
        return Ok(Err(problem("therapist", "Choose who would see them.")));
    };
    let Ok(date) = value(form, "date").parse::<Date>() else {
        return Ok(Err(problem("date", "Choose a day, or one of the free times.")));
    };
    let Ok(time) = value(form, "time").parse::<LocalTime>() else {
        return Ok(Err(problem("time", "Write a time like 09:30.")));
    };
    let frame = frame(visit).await?;
    let zone = zones::find("startsAt", &frame.practice.time_zone, frame.practice.now)?;
    Ok(Ok((therapist, zone.resolve(date, time).at)))
}

async fn make(staff: StaffVisit, Path((id, made)): Path<(String, String)>) -> Result<Response, Fault> {
    let id: RequestId = id.parse().map_err(|_| Error::NotFound)?;
    let app = &staff.visit.http.app;
    let outcome = match made.as_str() {
        "accept" => moves::accept(app, &staff.therapist().await?, id).await.map(drop),
        "decline" => moves::decline(app, &staff.therapist().await?, id).await.map(drop),
        "confirm" => moves::confirm(app, staff.viewer, id).await.map(drop),
        "close" => moves::close(app, staff.viewer, id).await.map(drop),
        _ => Err(Error::NotFound),
    };
    match outcome {
        Ok(()) => Ok(see_other(&format!("/admin/requests?done={made}"))),
        Err(Error::Refused(refused)) => {
            let wrong = problems(&refused, |_| None);
            list_page(&staff.visit, None, Some((id, wrong))).await
        }
        Err(error) => Err(error.into()),
    }
}
