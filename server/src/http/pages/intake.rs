//! The pages of the client's portal about documents and the intake form.

use super::gate::ClientVisit;
use super::portal::{Done, private_head};
use super::{answer, api, frame};
use crate::error::Error;
use crate::http::Http;
use crate::http::fault::Fault;
use crate::http::intake_forms as forms;
use crate::http::visit::Visit;
use app::api::zone::ZoneVariables;
use app::portal::documents::{self, DocumentsQuery};
use app::portal::intake::{self, IntakeCare, IntakeQuery, Typed};
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
use shared::intake::DocumentKind;

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/portal/documents", get(list))
        .route("/portal/documents/{kind}", get(document))
        .route("/portal/documents/{kind}/accept", post(forms::accept))
        .route("/portal/intake", get(form).post(forms::intake))
}

/// The entry of the navigation these pages belong to.
const HERE: Surface = Surface::Portal("/portal");

async fn list(ClientVisit(visit): ClientVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(&visit).ask(DocumentsQuery::build(zone)).await?;
    let notice = (done.done.as_deref() == Some("accepted")).then(|| Notice("Thank you. It is accepted.".into()));
    let head = private_head("Your documents", "/portal/documents");
    Ok(answer(&visit, StatusCode::OK, &frame, &head, HERE, None, || documents::page(&asked, notice)))
}

async fn document(ClientVisit(visit): ClientVisit, Path(slug): Path<String>) -> Result<Response, Fault> {
    let kind = DocumentKind::by_slug(&slug).ok_or(Error::NotFound)?;
    document_page(&visit, kind, Vec::new()).await
}

/// The page of a document, with why it was not accepted.
pub(crate) async fn document_page(
    visit: &Visit,
    kind: DocumentKind,
    problems: Vec<Problem>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(DocumentsQuery::build(zone)).await?;
    let found = asked.documents().iter().find(|document| document.kind.0 == kind).ok_or(Error::NotFound)?;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let head = private_head(&found.title, "/portal/documents");
    let draw = || documents::document(found, &asked.zone(), &problems);
    Ok(answer(visit, status, &frame, &head, HERE, None, draw))
}

#[derive(Deserialize)]
struct PartChoice {
    part: Option<usize>,
}

async fn form(ClientVisit(visit): ClientVisit, Query(choice): Query<PartChoice>) -> Result<Response, Fault> {
    let part = choice.part.unwrap_or(1).saturating_sub(1);
    intake_page(&visit, part, Typed::default(), None).await
}

/// The intake of whoever visits.
pub(crate) async fn intake_of(visit: &Visit) -> Result<IntakeCare, Fault> {
    Ok(api(visit).ask(IntakeQuery::build(())).await?.viewer.client.ok_or(Error::NotFound)?)
}

/// A page of the form, with what was typed into it; pages count from 0.
pub(crate) async fn intake_page(
    visit: &Visit,
    part: usize,
    typed: Typed,
    notice: Option<Notice>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let care = intake_of(visit).await?;
    let intake = care.intake.ok_or(Error::NotFound)?;
    let therapist = care.therapist.map(|therapist| therapist.name);
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let head = private_head("Before we begin", "/portal/intake");
    let draw = || intake::page(&intake, therapist.as_deref(), part, typed, notice);
    Ok(answer(visit, status, &frame, &head, HERE, None, draw))
}
