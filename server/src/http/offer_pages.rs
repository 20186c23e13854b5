//! The pages of session types: the list, one of them, a new one.

use super::Http;
use super::fault::Fault;
use super::form::once;
use super::offer_forms;
use super::pages::gate::StaffVisit;
use super::pages::portal::private_head;
use super::pages::{answer, api, frame};
use super::reminder_pages::{Done, status_of};
use super::terms_forms;
use super::visit::Visit;
use crate::error::Error;
use app::admin::offer::{self, OfferQuery, TypePage, TypedPackage, TypedPrices, TypedType};
use app::shell::Surface;
use app::ui::form::Problem;
use app::ui::pieces::Notice;
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use cynic::QueryBuilder;
use shared::ids::SessionTypeId;

const LIST: &str = "/admin/session-types";

pub(super) fn routes() -> Router<Http> {
    Router::new()
        .route(LIST, get(list))
        .route("/admin/session-types/new", get(new).post(offer_forms::add))
        .route("/admin/session-types/{id}", get(one).post(offer_forms::change))
        .route("/admin/session-types/{id}/retire", post(offer_forms::retire))
        .route("/admin/session-types/{id}/restore", post(offer_forms::restore))
        .route("/admin/session-types/{id}/up", post(offer_forms::up))
        .route("/admin/session-types/{id}/down", post(offer_forms::down))
        .route("/admin/session-types/{id}/prices", post(terms_forms::prices))
        .route("/admin/session-types/{id}/packages", post(terms_forms::package))
        .route("/admin/packages/{id}/retire", post(terms_forms::retire_package))
        .route("/admin/packages/{id}/restore", post(terms_forms::restore_package))
}

fn words(done: Option<&str>) -> Option<Notice> {
    let words = match done? {
        "added" => "It is added. Pages show it from now on.",
        "saved" => "Saved. What can be booked follows it from now on.",
        "retired" => "It is not offered any more. What was booked stays.",
        "restored" => "It is offered again.",
        "arranged" => "The order is changed.",
        "prices" => "The prices are saved. Sessions booked before keep theirs.",
        "package" => "The package is on sale.",
        "package-retired" => "The package is off sale. Whoever bought it keeps it.",
        _ => return None,
    };
    Some(Notice(words.into()))
}

async fn list(StaffVisit { visit, .. }: StaffVisit, Query(done): Query<Done>) -> Result<Response, Fault> {
    let frame = frame(&visit).await?;
    let asked = api(&visit).ask(OfferQuery::build(())).await?;
    let notice = words(done.done.as_deref());
    let head = private_head("Session types", LIST);
    let draw = || offer::page(&asked, notice);
    Ok(answer(&visit, StatusCode::OK, &frame, &head, Surface::Admin(LIST), None, draw))
}

async fn new(StaffVisit { visit, .. }: StaffVisit) -> Result<Response, Fault> {
    type_page(&visit, None, Typed::default(), None).await
}

async fn one(
    StaffVisit { visit, .. }: StaffVisit,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Fault> {
    type_page(&visit, Some(session_type(&id)?), Typed::default(), done.done.as_deref()).await
}

/// The session type an address names.
pub(super) fn session_type(id: &str) -> Result<SessionTypeId, Fault> {
    Ok(id.parse().map_err(|_| Error::NotFound)?)
}

/// What was typed on the page of a session type and refused.
#[derive(Default)]
pub(super) struct Typed {
    /// Into the form of the type itself.
    pub(super) form: Option<TypedType>,
    /// Into the form of its prices by class.
    pub(super) prices: Option<TypedPrices>,
    /// Into the form of a package.
    pub(super) package: Option<TypedPackage>,
    /// Why it is still offered.
    pub(super) kept: Vec<Problem>,
}

impl Typed {
    fn status(&self) -> StatusCode {
        let forms = [
            self.form.as_ref().map(|typed| typed.problems.as_slice()),
            self.prices.as_ref().map(|typed| typed.problems.as_slice()),
            self.package.as_ref().map(|typed| typed.problems.as_slice()),
            Some(self.kept.as_slice()),
        ];
        status_of(forms.into_iter().flatten().find(|problems| !problems.is_empty()).unwrap_or_default())
    }
}

/// The page of one session type, or of a new one.
pub(super) async fn type_page(
    visit: &Visit,
    id: Option<SessionTypeId>,
    typed: Typed,
    done: Option<&str>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let asked = api(visit).ask(OfferQuery::build(())).await?;
    let one = match id {
        Some(id) => Some(asked.one(id).cloned().ok_or(Error::NotFound)?),
        None => None,
    };
    let status = typed.status();
    let key = once()?;
    let class_prices = asked.viewer.therapist.as_ref().map(|desk| desk.class_prices.as_slice()).unwrap_or_default();
    let prices = one.as_ref().map(|it| TypedPrices::of(it, class_prices)).unwrap_or_default();
    let package = one.as_ref().map(|it| TypedPackage::new(it, key.clone())).unwrap_or_default();
    let usual = one.as_ref().map_or_else(|| TypedType::new(asked.offer(), key), TypedType::of);
    let page = TypePage {
        typed: typed.form.unwrap_or(usual),
        prices: typed.prices.unwrap_or(prices),
        package: typed.package.unwrap_or(package),
        kept: typed.kept,
        notice: words(done),
        answer: asked,
        one,
    };
    let title = page.one.as_ref().map_or("A new session type", |it| it.session_type.name.as_str()).to_owned();
    let head = private_head(&title, LIST);
    let draw = || offer::type_page(page);
    Ok(answer(visit, status, &frame, &head, Surface::Admin(LIST), None, draw))
}
