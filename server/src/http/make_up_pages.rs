//! The pages of offered times: choosing one by the link of the mail, or in the portal.

use super::Http;
use super::fault::Fault;
use super::pages::gate::{ClientVisit, see_other};
use super::pages::{answer, api, frame};
use super::visit::Visit;
use crate::error::Error;
use crate::features::clients::own_client;
use crate::features::practice::zones;
use crate::features::series::make_up::answering::{self, DeclineMakeUpInput, TakeMakeUpInput};
use app::public::make_up::{self, ByMakeUpToken, MakeUpQuery};
use app::shell::{Head, Surface};
use app::ui::form::Problem;
use axum::Router;
use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::ids::MakeUpId;
use shared::time::Instant;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/make-up/{token}", get(look).post(choose))
        .route("/portal/make-ups/{id}", post(choose_in_portal))
}

#[derive(Deserialize)]
struct Chosen {
    slot: String,
}

async fn look(visit: Visit, Path(token): Path<String>) -> Result<Response, Fault> {
    page(&visit, &token, Vec::new()).await
}

async fn page(visit: &Visit, token: &str, problems: Vec<Problem>) -> Result<Response, Fault> {
    let asked = ByMakeUpToken { token: token.to_owned() };
    let offer = api(visit).ask(MakeUpQuery::build(asked)).await?.make_up;
    let frame = frame(visit).await?;
    let head = Head { title: "Choose another time".into(), private: true, ..Head::default() };
    let Some(offer) = offer else {
        return Ok(answer(visit, StatusCode::NOT_FOUND, &frame, &head, Surface::Focus, None, make_up::unknown));
    };
    let now = visit.http.app.clock.now();
    let zone = match zones::table(&offer.booking.guest_time_zone, now) {
        Some(zone) => zone,
        None => zones::find("timeZone", &frame.practice.time_zone, now)?,
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    let draw = || make_up::page(&offer, token, &zone, &problems);
    Ok(answer(visit, status, &frame, &head, Surface::Focus, None, draw))
}

async fn choose(visit: Visit, Path(token): Path<String>, Form(form): Form<Chosen>) -> Result<Response, Fault> {
    let app = &visit.http.app;
    let outcome = match form.slot.parse::<Instant>() {
        Ok(starts_at) => {
            let input = TakeMakeUpInput { token: Some(token.clone()), make_up_id: None, starts_at };
            answering::take(app, input, None).await.map(drop)
        }
        Err(_) => {
            let input = DeclineMakeUpInput { token: Some(token.clone()), make_up_id: None };
            answering::decline(app, input, None).await.map(drop)
        }
    };
    match outcome {
        Ok(()) => Ok(see_other(&format!("/make-up/{token}"))),
        Err(Error::Refused(refused)) => {
            let said = refused.into_iter().map(|one| Problem { field: None, message: one.message }).collect();
            page(&visit, &token, said).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn choose_in_portal(
    ClientVisit(visit): ClientVisit,
    Path(id): Path<String>,
    Form(form): Form<Chosen>,
) -> Result<Response, Fault> {
    let id: MakeUpId = id.parse().map_err(|_| Error::NotFound)?;
    let app = &visit.http.app;
    let client = own_client(app, visit.viewer()?).await?;
    let (outcome, done) = match form.slot.parse::<Instant>() {
        Ok(starts_at) => {
            let input = TakeMakeUpInput { token: None, make_up_id: Some(id), starts_at };
            (answering::take(app, input, Some(&client)).await.map(drop), "made-up")
        }
        Err(_) => {
            let input = DeclineMakeUpInput { token: None, make_up_id: Some(id) };
            (answering::decline(app, input, Some(&client)).await.map(drop), "none-suits")
        }
    };
    match outcome {
        Ok(()) => Ok(see_other(&format!("/portal?done={done}"))),
        // What is kept is listed there, and what is not any more is not.
        Err(Error::Refused(_)) => Ok(see_other("/portal?done=not-kept")),
        Err(error) => Err(error.into()),
    }
}
