//! The pages of the waitlist: waiting, taking or leaving an offer, and the therapist's view of who waits.

use super::Http;
use super::fault::Fault;
use super::form::problems;
use super::pages::gate::{ClientVisit, StaffVisit, see_other};
use super::pages::portal::private_head;
use super::pages::{answer, api, frame};
use super::reminder_pages::{Done, pairs, status_of, value, values};
use super::visit::Visit;
use crate::error::Error;
use crate::features::clients::own_client;
use crate::features::waitlist::answering;
use crate::features::waitlist::interest::{self, AnswerStillWaitingInput};
use crate::features::waitlist::wishing::{self, ChangeWishInput, JoinWaitlistInput, SetWaitlistRulesInput};
use app::admin::waitlist::{self as desk, WaitlistDeskQuery};
use app::api::zone::{ZoneQuery, ZoneVariables};
use app::portal::waitlist::{self as own, Typed, WaitlistQuery};
use app::public::still_waiting::{self, ByAnswerToken, StillWaitingQuery};
use app::shell::{Head, Surface};
use app::ui::form::{Problem, code, read};
use app::ui::pieces::Notice;
use app::ui::wish::{PARTS, Ticked};
use axum::Router;
use axum::extract::{Form, Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::ids::{OfferId, WishId};
use shared::money::Money;
use shared::time::{Date, Weekday};
use shared::waitlist::HourBand;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/portal/waitlist", get(waiting).post(join))
        .route("/portal/waitlist/{wish}/leave", post(leave))
        .route("/portal/waitlist/{wish}/still", post(still))
        .route("/waiting/{token}", get(asked).post(answer_asked))
        .route("/portal/waitlist/offers/{id}/accept", post(accept))
        .route("/portal/waitlist/offers/{id}/decline", post(decline))
        .route("/admin/waitlist", get(who_waits).post(set_rules))
        .route("/admin/waitlist/{wish}", post(change))
}

/// The days of a form.
pub(super) fn weekdays(codes: &[String]) -> Vec<Weekday> {
    Weekday::ALL.into_iter().filter(|weekday| codes.contains(&code(weekday))).collect()
}

/// The parts of the day of a form.
pub(super) fn bands(codes: &[String]) -> Vec<HourBand> {
    let chosen = PARTS.iter().filter(|(code, ..)| codes.iter().any(|chosen| chosen == code));
    chosen
        .filter_map(|(_, _, from, until)| Some(HourBand { from: from.parse().ok()?, until: until.parse().ok()? }))
        .collect()
}

async fn waiting(ClientVisit(visit): ClientVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let words = match done.done.as_deref() {
        Some("joined") => Some("You are on the list. When a time that suits becomes free, you hear of it."),
        Some("left") => Some("You are not waiting for that any more."),
        Some("accepted") => Some("It is yours. You find it in your appointments."),
        Some("declined") => Some("It goes to somebody else. You stay on the list."),
        Some("still") => Some("Good. You stay on the list."),
        Some("withdrawn") => Some("Your request is taken back."),
        _ => None,
    };
    waiting_page(&visit, words.map(|words| Notice(words.into())), Typed::default()).await
}

async fn waiting_page(visit: &Visit, notice: Option<Notice>, typed: Typed) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let door = api(visit);
    let asked = door.ask(WaitlistQuery::build(ZoneVariables { name: frame.practice.time_zone.clone() })).await?;
    let theirs = asked.viewer.client.as_ref().and_then(|care| care.bookings.nodes.first());
    let zone = match theirs.map(|booking| booking.guest_time_zone.clone()) {
        Some(name) => door.ask(ZoneQuery::build(ZoneVariables { name })).await?.time_zone,
        None => None,
    };
    let head = private_head("Waiting for a time", "/portal/waitlist");
    let status = status_of(&typed.problems);
    let draw = || own::page(asked, zone.as_ref(), notice, typed);
    Ok(answer(visit, status, &frame, &head, app::shell::Surface::Portal("/portal/waitlist"), None, draw))
}

async fn join(ClientVisit(visit): ClientVisit, body: String) -> Result<Response, Fault> {
    let app = &visit.http.app;
    let client = own_client(app, visit.viewer()?).await?;
    let form = pairs(&body);
    let ticked = Ticked { weekdays: values(&form, "weekday"), parts: values(&form, "part") };
    let (earliest, latest) = (value(&form, "earliest").to_owned(), value(&form, "latest").to_owned());
    let mut wrong = Vec::new();
    let mut day = |typed: &str, field: &str| {
        let read: Option<Date> = typed.parse().ok();
        if read.is_none() && !typed.is_empty() {
            wrong.push(Problem { field: Some(field.into()), message: "Choose a day.".into() });
        }
        read
    };
    let what = value(&form, "what").to_owned();
    let input = JoinWaitlistInput {
        session_type_id: what.strip_prefix("new:").and_then(|id| id.parse().ok()),
        instead_of: what.strip_prefix("earlier:").and_then(|id| id.parse().ok()),
        modality: None,
        weekdays: Some(weekdays(&ticked.weekdays)),
        bands: Some(bands(&ticked.parts)),
        earliest: day(&earliest, "earliest"),
        latest: day(&latest, "latest"),
    };
    if wrong.is_empty() {
        match wishing::join(app, &client, input).await {
            Ok(_) => return Ok(see_other("/portal/waitlist?done=joined")),
            Err(Error::Refused(refused)) => {
                wrong = problems(&refused, |field| match field {
                    "sessionTypeId" | "insteadOf" => Some("what"),
                    "earliest" => Some("earliest"),
                    "latest" => Some("latest"),
                    _ => None,
                });
            }
            Err(error) => return Err(error.into()),
        }
    }
    waiting_page(&visit, None, Typed { what, ticked, earliest, latest, problems: wrong }).await
}

/// Shows the page again with what was refused, or goes on.
async fn done_or_told<T>(visit: &Visit, outcome: Result<T, Error>, done: &str) -> Result<Response, Fault> {
    match outcome {
        Ok(_) => Ok(see_other(&format!("/portal/waitlist?done={done}"))),
        Err(Error::Refused(refused)) => {
            let typed = Typed { problems: problems(&refused, |_| None), ..Typed::default() };
            waiting_page(visit, None, typed).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn leave(ClientVisit(visit): ClientVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: WishId = id.parse().map_err(|_| Error::NotFound)?;
    let client = own_client(&visit.http.app, visit.viewer()?).await?;
    let left = wishing::leave(&visit.http.app, &client, id).await;
    done_or_told(&visit, left, "left").await
}

#[derive(Deserialize)]
struct Answer {
    answer: String,
}

/// What the two buttons say.
fn said(token: Option<String>, wish_id: Option<WishId>, form: &Answer) -> AnswerStillWaitingInput {
    AnswerStillWaitingInput { token, wish_id, still_waiting: form.answer == "yes" }
}

async fn still(
    ClientVisit(visit): ClientVisit,
    Path(id): Path<String>,
    Form(form): Form<Answer>,
) -> Result<Response, Fault> {
    let id: WishId = id.parse().map_err(|_| Error::NotFound)?;
    let client = own_client(&visit.http.app, visit.viewer()?).await?;
    let input = said(None, Some(id), &form);
    let done = if input.still_waiting { "still" } else { "left" };
    done_or_told(&visit, interest::answer(&visit.http.app, input, Some(&client)).await, done).await
}

/// The page of the mailed question. It shows, and changes nothing.
async fn asked(visit: Visit, Path(token): Path<String>, Query(done): Query<Done>) -> Result<Response, Fault> {
    let words = match done.done.as_deref() {
        Some("yes") => Some("Good. You stay on the list."),
        Some("no") => Some("You are off the list. Thank you for saying so."),
        _ => None,
    };
    let asked = api(&visit).ask(StillWaitingQuery::build(ByAnswerToken { token: token.clone() })).await?.asked_wish;
    let frame = frame(&visit).await?;
    let status = if asked.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let head = Head { title: "Are you still waiting?".into(), private: true, ..Head::default() };
    let draw = || match asked {
        Some(asked) => still_waiting::page(asked, &token, words.map(|words| Notice(words.into()))),
        None => still_waiting::unknown(),
    };
    Ok(answer(&visit, status, &frame, &head, Surface::Focus, None, draw))
}

async fn answer_asked(visit: Visit, Path(token): Path<String>, Form(form): Form<Answer>) -> Result<Response, Fault> {
    let input = said(Some(token.clone()), None, &form);
    let done = if input.still_waiting { "yes" } else { "no" };
    match interest::answer(&visit.http.app, input, None).await {
        Ok(_) => Ok(see_other(&format!("/waiting/{token}?done={done}"))),
        // The page itself says what has become of it.
        Err(Error::Refused(_)) => Ok(see_other(&format!("/waiting/{token}"))),
        Err(error) => Err(error.into()),
    }
}

/// The price an offer was shown with, as its form posts it; empty where a session moves.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    price: String,
    currency: String,
}

impl Shown {
    fn money(&self) -> Option<Money> {
        Some(Money { amount: self.price.parse().ok()?, currency: read(&self.currency)? })
    }
}

async fn accept(
    ClientVisit(visit): ClientVisit,
    Path(id): Path<String>,
    Form(shown): Form<Shown>,
) -> Result<Response, Fault> {
    let id: OfferId = id.parse().map_err(|_| Error::NotFound)?;
    let client = own_client(&visit.http.app, visit.viewer()?).await?;
    let taken = answering::accept(&visit.http.app, &client, id, shown.money()).await;
    done_or_told(&visit, taken, "accepted").await
}

async fn decline(ClientVisit(visit): ClientVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: OfferId = id.parse().map_err(|_| Error::NotFound)?;
    let client = own_client(&visit.http.app, visit.viewer()?).await?;
    let declined = answering::decline(&visit.http.app, &client, id).await;
    done_or_told(&visit, declined, "declined").await
}

async fn who_waits(StaffVisit { visit, .. }: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let notice = (done.done.as_deref() == Some("saved")).then(|| Notice("Saved.".into()));
    desk_page(&visit, notice, Vec::new()).await
}

async fn desk_page(visit: &Visit, notice: Option<Notice>, problems: Vec<Problem>) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(WaitlistDeskQuery::build(zone)).await?;
    let head = private_head("Waitlist", "/admin/waitlist");
    let status = status_of(&problems);
    let draw = || desk::page(asked, notice, problems);
    Ok(answer(visit, status, &frame, &head, app::shell::Surface::Admin("/admin/waitlist"), None, draw))
}

async fn set_rules(staff: StaffVisit, body: String) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let form = pairs(&body);
    let input = SetWaitlistRulesInput {
        is_paused: value(&form, "paused") == "yes",
        offer_minutes: value(&form, "offer").parse().unwrap_or(0),
        notice_minutes: value(&form, "notice").parse().unwrap_or(0),
        ask_weeks: value(&form, "ask").parse().ok(),
    };
    match wishing::set_rules(&visit.http.app, therapist.user_id, input).await {
        Ok(()) => Ok(see_other("/admin/waitlist?done=saved")),
        Err(Error::Refused(refused)) => {
            let wrong = problems(&refused, |field| match field {
                "offerMinutes" => Some("offer"),
                "noticeMinutes" => Some("notice"),
                "askWeeks" => Some("ask"),
                _ => None,
            });
            desk_page(visit, None, wrong).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn change(staff: StaffVisit, Path(id): Path<String>, body: String) -> Result<Response, Fault> {
    let wish_id: WishId = id.parse().map_err(|_| Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let form = pairs(&body);
    let input = ChangeWishInput {
        wish_id,
        goes_first: value(&form, "first") == "yes",
        is_paused: value(&form, "paused") == "yes",
    };
    match wishing::change(&visit.http.app, &therapist, input).await {
        Ok(()) => Ok(see_other("/admin/waitlist?done=saved")),
        Err(Error::Refused(refused)) => desk_page(visit, None, problems(&refused, |_| None)).await,
        Err(error) => Err(error.into()),
    }
}
