//! The pages of the client's portal.

use super::gate::ClientVisit;
use super::{answer, api, frame};
use crate::error::Error;
use crate::http::fault::Fault;
use crate::http::reminder_pages::status_of;
use crate::http::visit::Visit;
use crate::http::{Http, portal_forms};
use app::api::InProcess;
use app::api::zone::{ZoneQuery, ZoneVariables};
use app::portal::account::{self, AccountQuery, Contact};
use app::portal::booking::Clocks;
use app::portal::cancel::{self, Typed};
use app::portal::earlier::{self, EarlierQuery, EarlierVariables};
use app::portal::home::{self, Home, HomeQuery, HomeVariables};
use app::portal::session::{self, OwnSession, SessionQuery, SessionVariables};
use app::shell::{Alive, Frame, Head, Surface};
use app::ui::form::Problem;
use app::ui::pieces::Notice;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::ids::BookingId;
use shared::zone::ZoneTable;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/portal", get(home))
        .route("/portal/bookings/{id}", get(one))
        .route("/portal/bookings/{id}/undo", post(portal_forms::undo))
        .route("/portal/bookings/{id}/cancel", get(ask_to_cancel).post(portal_forms::cancel))
        .route("/portal/earlier", get(behind))
        .route("/portal/account", get(account).post(portal_forms::change_contact))
}

/// The head of a page that only its owner sees.
pub(in crate::http) fn private_head(title: &str, path: &str) -> Head {
    Head { title: title.into(), path: path.into(), private: true, ..Head::default() }
}

/// What was just done, as the address says.
#[derive(Deserialize)]
pub(super) struct Done {
    pub(super) done: Option<String>,
    /// To which session, where the page shows more than one.
    session: Option<BookingId>,
}

async fn home(ClientVisit(visit): ClientVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let door = api(&visit);
    let asked = door.ask(HomeQuery::build(HomeVariables { zone: frame.practice.time_zone.clone() })).await?;
    let zones = tables(&door, asked.foreign_zones(&[])).await?;
    let words = match done.done.as_deref() {
        Some("cancelled") => Some("The session is cancelled."),
        Some("made-up") => Some("It is yours. You find it in your appointments."),
        Some("none-suits") => Some("Thank you for saying so. Your therapist sees it."),
        Some("not-kept") => Some("That time cannot be taken any more. Please look at the others, or choose a new one."),
        Some("saved") => Some("Your answers are saved. You can go on whenever you like."),
        Some("sent") => Some("Thank you. Your form has been sent."),
        Some("skipped") => Some("That date is left out. Your regular time stays yours."),
        _ => None,
    };
    let notice = words.map(|words| Notice(words.into()));
    let undo = match done.session {
        Some(id) => {
            let (_, session, clocks) = own_session(&visit, &frame, id).await?;
            session::taking_back(&session, &clocks)
        }
        None => None,
    };
    let home = Home { answer: asked, zones, notice, undo };
    let alive = Alive { bundle: "portal", name: "home", data: serde_json::to_string(&home).map_err(Error::from)? };
    let head = private_head("Your appointments", "/portal");
    let draw = || home::page(home);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Portal("/portal"), Some(&alive), draw))
}

/// The tables of zones, as far as there are such.
async fn tables(door: &InProcess, names: Vec<String>) -> Result<Vec<ZoneTable>, Fault> {
    let mut found = Vec::new();
    for name in names {
        let asked = door.ask(ZoneQuery::build(ZoneVariables { name })).await?;
        found.extend(asked.time_zone.map(|zone| zone.table));
    }
    Ok(found)
}

async fn ask_to_cancel(ClientVisit(visit): ClientVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
    cancel_page(&visit, id, Typed::default()).await
}

/// The page that asks whether a session should be called off, with what was typed into it.
pub(crate) async fn cancel_page(visit: &Visit, id: BookingId, typed: Typed) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let (asked, session, clocks) = own_session(visit, &frame, id).await?;
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let head = private_head("Cancel a session", "/portal");
    let paid = session::paid_of(&asked, session.price.money());
    let draw = || cancel::page(&session, &clocks, asked.practice.now, paid, typed);
    Ok(answer(visit, status, &frame, &head, Surface::Portal("/portal"), None, draw))
}

/// A session of the client who visits, and the clocks it is shown in.
pub(crate) async fn own_session(
    visit: &Visit,
    frame: &Frame,
    id: BookingId,
) -> Result<(SessionQuery, OwnSession, Clocks), Fault> {
    let door = api(visit);
    let variables = SessionVariables { zone: frame.practice.time_zone.clone(), id };
    let mut asked = door.ask(SessionQuery::build(variables)).await?;
    let session = asked.viewer.client.as_mut().and_then(|care| care.booking.take()).ok_or(Error::NotFound)?;
    let own = door.ask(ZoneQuery::build(ZoneVariables { name: session.row.guest_time_zone.clone() })).await?;
    let clocks = asked.clocks(own.time_zone.as_ref());
    Ok((asked, session, clocks))
}

async fn one(
    ClientVisit(visit): ClientVisit,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
    let words = match done.done.as_deref() {
        Some("booked") => Some("It is booked. You get an email in a few minutes."),
        Some("moved") => Some("It is moved. You get an email in a few minutes."),
        Some("back") => Some("It is as it was."),
        _ => None,
    };
    session_page(&visit, id, &[], words.map(|words| Notice(words.into()))).await
}

/// The page of one session, with what stands in the way of something.
pub(crate) async fn session_page(
    visit: &Visit,
    id: BookingId,
    problems: &[Problem],
    done: Option<Notice>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let (asked, session, clocks) = own_session(visit, &frame, id).await?;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let head = private_head("Your session", "/portal");
    let draw = || session::page(&asked, &session, &clocks, problems, done);
    Ok(answer(visit, status, &frame, &head, Surface::Portal("/portal"), None, draw))
}

/// After which session a page begins.
#[derive(Deserialize)]
struct From {
    after: Option<String>,
}

async fn behind(ClientVisit(visit): ClientVisit, Query(from): Query<From>) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let door = api(&visit);
    let is_first = from.after.is_none();
    let variables = EarlierVariables { zone: frame.practice.time_zone.clone(), after: from.after };
    let asked = door.ask(EarlierQuery::build(variables)).await?;
    let zones = tables(&door, asked.zones()).await?;
    let head = private_head("Earlier sessions", "/portal/earlier");
    let draw = || earlier::page(asked, &zones, is_first);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Portal("/portal"), None, draw))
}

async fn account(ClientVisit(visit): ClientVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let notice = done.done.is_some_and(|done| done == "saved").then(|| Notice("Saved.".into()));
    account_page(&visit, Contact { notice, ..Contact::default() }).await
}

pub(in crate::http) async fn account_page(visit: &Visit, contact: Contact) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(AccountQuery::build(zone)).await?;
    let head = private_head("Your account", "/portal/account");
    let status = status_of(&contact.problems);
    let draw = || account::page(asked, Some(contact));
    Ok(answer(visit, status, &frame, &head, Surface::Portal("/portal/account"), None, draw))
}
