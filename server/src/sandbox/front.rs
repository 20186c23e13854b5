//! The page of the sandbox: who to be, the mail, the clock.

use super::mailbox::Mailbox;
use super::pages::state;
use crate::http::Http;
use crate::http::fault::Fault;
use crate::http::pages::{self, fault_page};
use crate::http::visit::Visit;
use axum::Router;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

/// The route of the page.
pub fn routes(http: Http, mailbox: Mailbox) -> Router {
    Router::new().route("/sandbox", get(page)).with_state((http, mailbox))
}

#[derive(Deserialize)]
struct Shown {
    mail: Option<String>,
    r#as: Option<String>,
}

async fn page(
    State((http, mailbox)): State<(Http, Mailbox)>,
    Query(shown): Query<Shown>,
    request: Request,
) -> Response {
    let (mut parts, _) = request.into_parts();
    let visit = match <Visit as FromRequestParts<Http>>::from_request_parts(&mut parts, &http).await {
        Ok(visit) => visit,
        Err(fault) => return fault.into_response(),
    };
    let drawn = async {
        let state = state(&visit.http.app, &mailbox).await?;
        let open = shown.mail.and_then(|id| mailbox.get(&id));
        pages::sandbox(&visit, state, open.as_deref(), shown.r#as.as_deref()).await
    };
    match drawn.await {
        Ok(response) => response,
        Err(Fault(error)) => fault_page(&visit, &error).await,
    }
}
