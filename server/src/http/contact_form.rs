//! The contact page and its form. It works without scripts.

use super::Http;
use super::fault::Fault;
use super::form::{once, one_of, problems};
use super::pages::{answer, api, frame};
use super::visit::Visit;
use crate::error::Error;
use crate::features::inquiries;
use app::public::contact::{self, ContactQuery};
use app::seo;
use app::shell::Surface;
use app::ui::form::Problem;
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, extract::DefaultBodyLimit};
use cynic::QueryBuilder;
use serde::Deserialize;
use shared::contact::SendContactMessageInput;

/// No message is longer, however its letters are written.
const MOST_BYTES: usize = 32 * 1024;

pub(super) fn routes() -> Router<Http> {
    Router::new().route("/contact", get(form).post(send)).layer(DefaultBodyLimit::max(MOST_BYTES))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Told {
    sent: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ContactForm {
    name: String,
    email: String,
    message: String,
    key: String,
    /// People do not see this field; programs fill it in.
    website: String,
}

async fn form(visit: Visit, Query(told): Query<Told>) -> Result<Response, Fault> {
    let is_sent = told.sent.is_some();
    page(&visit, StatusCode::OK, is_sent, empty(Some(once()?)), &[]).await
}

fn empty(idempotency_key: Option<String>) -> SendContactMessageInput {
    SendContactMessageInput { name: String::new(), email: String::new(), message: String::new(), idempotency_key }
}

async fn send(visit: Visit, Form(typed): Form<ContactForm>) -> Result<Response, Fault> {
    let app = &visit.http.app;
    let thanks = Redirect::to("/contact?sent=1").into_response();
    if !typed.website.is_empty() {
        return Ok(thanks);
    }
    // A browser counts the ends of lines as one letter each and sends two.
    let message = typed.message.replace("\r\n", "\n");
    let idempotency_key = Some(typed.key).filter(|key| !key.is_empty());
    let input = SendContactMessageInput { name: typed.name, email: typed.email, message, idempotency_key };
    match inquiries::send(app, input.clone()).await {
        Ok(()) => Ok(thanks),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["name", "email", "message"]));
            page(&visit, StatusCode::UNPROCESSABLE_ENTITY, false, input, &problems).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    visit: &Visit,
    status: StatusCode,
    is_sent: bool,
    typed: SendContactMessageInput,
    problems: &[Problem],
) -> Result<Response, Fault> {
    let (frame, data) = (frame(visit).await?, api(visit).ask(ContactQuery::build(())).await?);
    let description =
        format!("Write a line, or call. You will have an answer within {}.", data.practice.answers_within);
    let title = match (is_sent, problems.is_empty()) {
        (true, _) => "Thank you",
        (false, true) => "Contact",
        (false, false) => "Please look again: Contact",
    };
    let mut head = seo::head(&frame, title, &description, &[("Contact", "/contact")]);
    head.private = is_sent || !problems.is_empty();
    let draw = || if is_sent { contact::sent(data) } else { contact::page(data, typed, problems) };
    Ok(answer(visit, status, &frame, &head, Surface::Public("/contact"), None, draw))
}
