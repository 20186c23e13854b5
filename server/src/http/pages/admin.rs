//! The pages of the practice's portal.

use super::gate::StaffVisit;
use super::portal::private_head;
use super::{answer, api, frame};
use crate::error::Error;
use crate::features::practice::zones;
use crate::http::Http;
use crate::http::fault::Fault;
use crate::http::form::once;
use crate::http::visit::Visit;
use crate::http::{admin_forms, admin_intake_forms, client_forms};
use app::admin::client::account::TypedAccount;
use app::admin::client::book::TypedBooking;
use app::admin::client::{self, ClientPage, ClientQuery, ClientVariables, SessionsQuery};
use app::admin::clients::{self, ClientsQuery, ClientsVariables};
use app::admin::decision::{self, Decision};
use app::admin::hours::{self, Hours, HoursQuery};
use app::admin::more;
use app::admin::stage;
use app::admin::today::{self, DayVariables, Today, TodayQuery};
use app::admin::week::{self, Week, WeekQuery};
use app::api::schema::Shared;
use app::api::zone::ZoneVariables;
use app::portal::account::{self, AccountQuery};
use app::shell::{Alive, Frame, Surface};
use app::ui::form::read;
use app::ui::pieces::Notice;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::{Deserialize, Serialize};
use shared::ids::ClientId;
use shared::time::Date;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/admin", get(today))
        .route("/admin/week", get(week))
        .route("/admin/clients", get(clients))
        .route("/admin/clients/{id}", get(client))
        .route("/admin/clients/{id}/decision", post(admin_forms::decide))
        .route("/admin/clients/{id}/stage", post(admin_intake_forms::change_stage))
        .route("/admin/clients/{id}/book", post(client_forms::book))
        .route("/admin/clients/{id}/prices", post(client_forms::agree))
        .route("/admin/clients/{id}/prices/{agreement}/end", post(client_forms::end_agreement))
        .route("/admin/clients/{id}/price-class", post(client_forms::set_price_class))
        .route("/admin/clients/{id}/packages", post(client_forms::sell))
        .route("/admin/clients/{id}/packages/{purchase}/back", post(client_forms::take_back))
        .route("/admin/hours", get(hours).post(admin_forms::hours))
        .route("/admin/hours/time-off", post(admin_forms::add_time_off))
        .route("/admin/hours/time-off/{id}/remove", post(admin_forms::remove_time_off))
        .route("/admin/hours/dates", post(admin_forms::set_date))
        .route("/admin/hours/dates/{date}/remove", post(admin_forms::clear_date))
        .route("/admin/more", get(more))
        .route("/admin/account", get(account))
}

fn alive(name: &'static str, data: &impl Serialize) -> Result<Alive, Fault> {
    Ok(Alive { bundle: "portal", name, data: serde_json::to_string(data).map_err(Error::from)? })
}

/// The practice's day.
pub(super) fn today_of(frame: &Frame) -> Result<Date, Fault> {
    let zone = zones::find("timeZone", &frame.practice.time_zone, frame.practice.now)?;
    Ok(zone.civil(frame.practice.now).date)
}

async fn today(StaffVisit { visit, .. }: StaffVisit) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let variables = DayVariables::around(frame.practice.time_zone.clone(), today_of(&frame)?);
    let asked = api(&visit).ask(TodayQuery::build(variables.clone())).await?;
    let today = Today { variables, answer: asked };
    let alive = alive("today", &today)?;
    let draw = || today::page(today::Alive::new(today));
    let head = private_head("Today", "/admin");
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Admin("/admin"), Some(&alive), draw))
}

#[derive(Deserialize)]
struct WeekChoice {
    from: Option<String>,
}

async fn week(StaffVisit { visit, .. }: StaffVisit, Query(choice): Query<WeekChoice>) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let date = match choice.from.and_then(|from| from.parse::<Date>().ok()) {
        Some(date) => date,
        None => today_of(&frame)?,
    };
    let variables = week::variables(frame.practice.time_zone.clone(), date);
    let asked = api(&visit).ask(WeekQuery::build(variables.clone())).await?;
    let week = Week { variables, answer: asked };
    let alive = alive("week", &week)?;
    let draw = || week::page(week::Alive::new(week));
    let head = private_head("Week", "/admin/week");
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Admin("/admin/week"), Some(&alive), draw))
}

#[derive(Deserialize)]
struct ClientsChoice {
    stage: Option<String>,
    search: Option<String>,
    after: Option<String>,
    invited: Option<String>,
    done: Option<String>,
}

async fn clients(StaffVisit { visit, .. }: StaffVisit, Query(asked): Query<ClientsChoice>) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let stage = asked.stage.as_deref().and_then(read);
    let after = asked.after.filter(|after| after.parse::<ClientId>().is_ok());
    let is_first = after.is_none();
    let zone = frame.practice.time_zone.clone();
    let invited = asked.invited.unwrap_or_default();
    let asked_for = |typed: &str| Some(typed.to_owned()).filter(|typed| !typed.is_empty());
    let choice = clients::Choice { stage, search: asked.search.unwrap_or_default().trim().to_owned() };
    let variables = ClientsVariables {
        zone,
        stage: stage.map(Shared),
        search: asked_for(&choice.search),
        after,
        invited: asked_for(&invited),
    };
    let found = api(&visit).ask(ClientsQuery::build(variables)).await?;
    let words = match asked.done.as_deref() {
        Some("invited") => Some("The invitation is on its way."),
        Some("resent") => Some("It is mailed again, and lasts seven days from now."),
        Some("revoked") => Some("The invitation is taken back. Its link does not work any more."),
        _ => None,
    };
    let notice = words.map(|words| Notice(words.into()));
    let draw = || clients::page(found, &choice, is_first, &invited, notice);
    let head = private_head("Clients", "/admin/clients");
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Admin("/admin/clients"), None, draw))
}

/// What was just done, as the address says.
#[derive(Deserialize)]
struct Done {
    done: Option<String>,
}

async fn client(
    StaffVisit { visit, .. }: StaffVisit,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    let id: ClientId = id.parse().map_err(|_| Error::NotFound)?;
    client_page(&visit, id, Refused::default(), done.done.as_deref()).await
}

/// What was typed on the page of a client and refused.
#[derive(Default)]
pub(crate) struct Refused {
    /// A decision.
    pub(crate) decision: Option<Decision>,
    /// The end of the work.
    pub(crate) stage: Option<stage::Typed>,
    /// A session.
    pub(crate) booking: Option<TypedBooking>,
    /// A price or a package.
    pub(crate) account: Option<TypedAccount>,
}

impl Refused {
    fn is_something(&self) -> bool {
        self.decision.is_some() || self.stage.is_some() || self.booking.is_some() || self.account.is_some()
    }
}

/// The page of a client, with what was refused or the word for what was just done.
pub(crate) async fn client_page(
    visit: &Visit,
    id: ClientId,
    refused: Refused,
    done: Option<&str>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let door = api(visit);
    let variables = ClientVariables { zone: frame.practice.time_zone.clone(), id };
    let asked = door.ask(ClientQuery::build(variables.clone())).await?;
    let zone = client::zone(&asked);
    let desk = asked.viewer.therapist.ok_or(Error::NotFound)?;
    let client = desk.client.ok_or(Error::NotFound)?;
    let sessions = door.ask(SessionsQuery::build(variables)).await?;
    let status = if refused.is_something() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let delay_minutes = visit.http.app.config.outward_delay_minutes;
    let name = client.contact.name.clone();
    let taken = done.and_then(decision::read).map(|taken| decision::done(taken, &name, delay_minutes));
    let moved = match done {
        Some(stage::THOUGHT_OVER) => Some(stage::open_again(&name)),
        _ => done.and_then(stage::read).map(|step| stage::done(step, &name, delay_minutes)),
    };
    let other = done.and_then(client_forms::done).map(str::to_owned);
    let notice = taken.or(moved).or(other).map(Notice);
    let booking = TypedBooking { key: once()?, ..refused.booking.unwrap_or_default() };
    let account = TypedAccount { key: once()?, ..refused.account.unwrap_or_default() };
    let stage = stage::Typed { delay_minutes, ..refused.stage.unwrap_or_default() };
    let decision = match refused.decision {
        Some(refused) => Decision { delay_minutes, ..refused },
        None => Decision { letter: desk.referral_letter, delay_minutes, ..Decision::default() },
    };
    let (theirs, now) = (sessions.viewer.therapist, asked.practice.now);
    let mut rooms = sessions.viewer.practice.map(|practice| practice.rooms).unwrap_or_default();
    rooms.retain(|room| room.retired_at.is_none());
    let bookable = (sessions.session_types, rooms);
    let page = ClientPage { client, theirs, bookable, booking, account, now, zone, decision, stage, notice };
    let head = private_head(&name, "/admin/clients");
    let draw = || client::page(page);
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/clients"), None, draw))
}

async fn hours(StaffVisit { visit, .. }: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let words = match done.done.as_deref() {
        Some("saved") => Some("Your hours are saved. Sessions already booked stay."),
        Some("time-off") => Some("Time off is added."),
        Some("time-off-removed") => Some("Time off is removed."),
        Some("day") => Some("That day has hours of its own now."),
        Some("day-removed") => Some("That day has its usual hours again."),
        _ => None,
    };
    let notice = words.map(|words| Notice(words.into()));
    hours_page(&visit, StatusCode::OK, |hours| hours.notice = notice).await
}

/// The page of the hours; `change` puts in what was typed and what is wrong with it.
pub(crate) async fn hours_page(
    visit: &Visit,
    status: StatusCode,
    change: impl FnOnce(&mut Hours),
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let mut hours = Hours::new(api(visit).ask(HoursQuery::build(zone)).await?);
    change(&mut hours);
    let alive = alive("hours", &hours)?;
    let draw = || hours::page(&hours, hours::Alive::new(&hours));
    let head = private_head("When you work", "/admin/hours");
    Ok(answer(visit, status, &frame, &head, Surface::Admin("/admin/hours"), Some(&alive), draw))
}

async fn more(StaffVisit { visit, .. }: StaffVisit) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let head = private_head("More", "/admin/more");
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Admin("/admin/more"), None, more::page))
}

async fn account(StaffVisit { visit, .. }: StaffVisit) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(&visit).ask(AccountQuery::build(zone)).await?;
    let head = private_head("Your account", "/admin/account");
    let draw = || account::page(asked, None);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Admin("/admin/account"), None, draw))
}
