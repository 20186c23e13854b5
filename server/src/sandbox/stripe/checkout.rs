//! The Checkout page: a card number that pays, or one that is declined.

use super::{Card, Stripe};
use crate::error::Error;
use crate::http::Http;
use crate::http::fault::Fault;
use crate::http::pages::{self, fault_page};
use crate::http::visit::Visit;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use serde::Deserialize;

/// The route of the page.
pub fn routes(http: Http, stripe: Stripe) -> Router {
    Router::new().route("/sandbox/stripe/checkout/{id}", get(show).post(pay)).with_state((http, stripe))
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    card_number: String,
}

async fn show(State(sides): State<(Http, Stripe)>, Path(id): Path<String>, request: Request) -> Response {
    drawn(sides, &id, request, String::new(), None).await
}

async fn pay(State(sides): State<(Http, Stripe)>, Path(id): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let again = Request::from_parts(parts.clone(), Body::empty());
    let typed = match Form::<Typed>::from_request(Request::from_parts(parts, body), &()).await {
        Ok(Form(typed)) => typed,
        Err(refused) => return refused.into_response(),
    };
    let problem = match sides.1.pay(&id, &typed.card_number) {
        Some(Card::Paid) => {
            let session = sides.1.session(&id);
            return Redirect::to(&session.map(|session| session.success_url).unwrap_or_default()).into_response();
        }
        Some(Card::Declined) => Some("This card was declined. Please try another one."),
        Some(Card::Unknown) => Some("This is no test card. Type 4242 4242 4242 4242."),
        Some(Card::TooLate) | None => None,
    };
    drawn(sides, &id, again, typed.card_number, problem).await
}

async fn drawn(
    (http, stripe): (Http, Stripe),
    id: &str,
    request: Request,
    card: String,
    problem: Option<&'static str>,
) -> Response {
    let (mut parts, _) = request.into_parts();
    let visit = match <Visit as FromRequestParts<Http>>::from_request_parts(&mut parts, &http).await {
        Ok(visit) => visit,
        Err(fault) => return fault.into_response(),
    };
    let page = async {
        let session = stripe.session(id).ok_or(Error::NotFound)?;
        pages::checkout(&visit, &session, card, problem).await
    };
    match page.await {
        Ok(response) => response,
        Err(Fault(error)) => fault_page(&visit, &error).await,
    }
}
