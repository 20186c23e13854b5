//! The pages of the practice's portal about invitations, documents and the intake form.

use super::gate::StaffVisit;
use super::portal::{Done, private_head};
use super::{answer, api, frame};
use crate::error::Error;
use crate::http::Http;
use crate::http::admin_intake_forms as forms;
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use app::admin::documents::{self, DocumentsQuery};
use app::admin::intake_form::{self, Draft, FormQuery};
use app::admin::invitations;
use app::api::zone::ZoneVariables;
use app::shell::Surface;
use app::ui::pieces::Notice;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use shared::intake::{DocumentKind, Field};

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route("/admin/clients/invite", get(invite).post(forms::invite))
        .route("/admin/invitations/{id}/resend", post(forms::resend))
        .route("/admin/invitations/{id}/revoke", post(forms::revoke))
        .route("/admin/documents", get(list))
        .route("/admin/documents/{kind}", get(document).post(forms::document))
        .route("/admin/intake", get(form).post(forms::intake_form))
}

/// The entry of the navigation these pages belong to.
const HERE: Surface = Surface::Admin("/admin/clients");

async fn invite(staff: StaffVisit) -> Result<Response, Fault> {
    staff.therapist().await?;
    invite_page(&staff.visit, StatusCode::OK, invitations::Typed::default()).await
}

/// The page that invites somebody, with what was typed into it.
pub(crate) async fn invite_page(
    visit: &Visit,
    status: StatusCode,
    typed: invitations::Typed,
) -> Result<Response, Fault> {
    let (frame, head) = (frame(visit).await?, private_head("Invite somebody", "/admin/clients/invite"));
    Ok(answer(visit, status, &frame, &head, HERE, None, || invitations::invite(typed)))
}

async fn list(staff: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    staff.therapist().await?;
    let visit = &staff.visit;
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(DocumentsQuery::build(zone)).await?;
    let notice = (done.done.as_deref() == Some("published")).then(|| Notice("The document is published.".into()));
    let head = private_head("Documents", "/admin/documents");
    Ok(answer(visit, StatusCode::OK, &frame, &head, HERE, None, || documents::page(&asked, notice)))
}

async fn document(staff: StaffVisit, Path(slug): Path<String>, Query(done): Query<Done>) -> Result<Response, Fault> {
    staff.therapist().await?;
    let kind = DocumentKind::by_slug(&slug).ok_or(Error::NotFound)?;
    let words = "The draft is kept. Nobody sees it before you publish it.";
    let notice = (done.done.as_deref() == Some("draft")).then(|| Notice(words.into()));
    document_page(&staff.visit, StatusCode::OK, kind, None, notice).await
}

/// The page of a document, with what was typed into it.
pub(crate) async fn document_page(
    visit: &Visit,
    status: StatusCode,
    kind: DocumentKind,
    typed: Option<documents::Typed>,
    notice: Option<Notice>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = ZoneVariables { name: frame.practice.time_zone.clone() };
    let asked = api(visit).ask(DocumentsQuery::build(zone)).await?;
    let document = asked.documents().iter().find(|it| it.kind.0 == kind).ok_or(Error::NotFound)?;
    let head = private_head(&document.title, "/admin/documents");
    let draw = || documents::edit(document, &asked.zone(), typed, notice);
    Ok(answer(visit, status, &frame, &head, HERE, None, draw))
}

async fn form(staff: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    staff.therapist().await?;
    let notice = (done.done.as_deref() == Some("saved")).then(|| Notice("The form is saved.".into()));
    form_page(&staff.visit, StatusCode::OK, None, notice).await
}

/// The page of the intake form, as it is saved or as it is being written.
pub(crate) async fn form_page(
    visit: &Visit,
    status: StatusCode,
    draft: Option<Draft>,
    notice: Option<Notice>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let form = api(visit).ask(FormQuery::build(())).await?.viewer.therapist.ok_or(Error::NotFound)?.intake_form;
    let version = form.version;
    let saved = || Draft { fields: form.fields.into_iter().map(Field::from).collect(), ..Draft::default() };
    let draft = draft.unwrap_or_else(saved);
    let head = private_head("Intake form", "/admin/intake");
    Ok(answer(visit, status, &frame, &head, HERE, None, || intake_form::page(&draft, version, notice)))
}
