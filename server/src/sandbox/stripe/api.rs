//! The API: form fields in, JSON out, the same answer to the same key.

use super::account::{Account, NewSession, Refusal, Remembered, missing};
use super::{Fault, KEY, Stripe, answers, lock};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use url::Url;

type Fields = Vec<(String, String)>;
type Answer = Result<Value, Refusal>;

pub(super) fn routes(stripe: Stripe) -> Router {
    Router::new()
        .route("/v1/checkout/sessions", post(create))
        .route("/v1/checkout/sessions/{id}", get(retrieve))
        .route("/v1/checkout/sessions/{id}/expire", post(expire))
        .route("/v1/payment_intents/{id}", get(intent))
        .route("/v1/refunds", post(refund).get(refunds))
        .route("/v1/refunds/{id}", get(one_refund))
        .route("/v1/events", get(events))
        .fallback(|| async { refused(&missing("path")) })
        .layer(from_fn_with_state(stripe.clone(), at_the_door))
        .with_state(stripe)
}

/// Knows the key, and has its bad days.
async fn at_the_door(State(stripe): State<Stripe>, request: Request, next: Next) -> Response {
    if stripe.down.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let known = format!("Bearer {KEY}");
    if request.headers().get(header::AUTHORIZATION).is_none_or(|shown| shown.as_bytes() != known.as_bytes()) {
        let message = "Invalid API Key provided.".to_owned();
        return refused(&Refusal { status: 401, code: "", param: "", message });
    }
    let fault = lock(&stripe.faults).pop_front();
    match fault {
        None => next.run(request).await,
        Some(Fault::Broken) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Fault::TooMany) => StatusCode::TOO_MANY_REQUESTS.into_response(),
        Some(Fault::DoneThenDropped) => {
            next.run(request).await;
            let half: [Result<Bytes, std::io::Error>; 2] =
                [Ok(Bytes::from_static(b"{")), Err(std::io::ErrorKind::ConnectionReset.into())];
            Response::new(Body::from_stream(futures_util::stream::iter(half)))
        }
    }
}

async fn create(State(stripe): State<Stripe>, headers: HeaderMap, body: Bytes) -> Response {
    once(&stripe, "checkout", &headers, &body, |account, fields| {
        let text = |name: &'static str| field(fields, name).map(str::to_owned).ok_or_else(|| required(name));
        let number = |name: &'static str| text(name)?.parse::<i64>().map_err(|_| required(name));
        if text("mode")? != "payment" {
            return Err(required("mode"));
        }
        let made = account.create(NewSession {
            amount: number("line_items[0][price_data][unit_amount]")? * number("line_items[0][quantity]")?,
            currency: text("line_items[0][price_data][currency]")?,
            reference: text("client_reference_id")?,
            item: text("line_items[0][price_data][product_data][name]")?,
            success_url: text("success_url")?,
            cancel_url: text("cancel_url")?,
            expires_at: number("expires_at")?,
        })?;
        Ok(answers::session(&made, page_of(&made.id, &made.success_url)))
    })
}

async fn retrieve(State(stripe): State<Stripe>, Path(id): Path<String>) -> Response {
    answered(stripe.with(|account| {
        let session = account.session(&id).ok_or_else(|| missing("session"))?;
        let url = if session.status == "open" { page_of(&session.id, &session.success_url) } else { None };
        Ok(answers::session(session, url))
    }))
}

async fn expire(State(stripe): State<Stripe>, Path(id): Path<String>) -> Response {
    answered(stripe.with(|account| Ok(answers::session(&account.expire(&id)?, None))))
}

async fn intent(State(stripe): State<Stripe>, Path(id): Path<String>) -> Response {
    answered(stripe.with(|account| Ok(answers::intent(account.intent(&id).ok_or_else(|| missing("intent"))?))))
}

async fn refund(State(stripe): State<Stripe>, headers: HeaderMap, body: Bytes) -> Response {
    once(&stripe, "refund", &headers, &body, |account, fields| {
        let intent = field(fields, "payment_intent").ok_or_else(|| required("payment_intent"))?;
        let amount = match field(fields, "amount") {
            Some(amount) => Some(amount.parse().map_err(|_| required("amount"))?),
            None => None,
        };
        let reference = field(fields, "metadata[reference]").map(str::to_owned);
        Ok(answers::refund(&account.refund(intent, amount, reference)?))
    })
}

async fn refunds(State(stripe): State<Stripe>, Query(asked): Query<HashMap<String, String>>) -> Response {
    answered(stripe.with(|account| {
        let intent = asked.get("payment_intent").ok_or_else(|| required("payment_intent"))?;
        let data = account.refunds_of(intent).map(answers::refund).collect();
        Ok(answers::list("/v1/refunds", data, false))
    }))
}

async fn one_refund(State(stripe): State<Stripe>, Path(id): Path<String>) -> Response {
    answered(stripe.with(|account| Ok(answers::refund(account.refund_of_id(&id).ok_or_else(|| missing("refund"))?))))
}

async fn events(State(stripe): State<Stripe>, Query(asked): Query<HashMap<String, String>>) -> Response {
    answered(stripe.with(|account| {
        let number = |name: &str| asked.get(name).and_then(|text| text.parse::<i64>().ok());
        let since = number("created[gte]").unwrap_or(0);
        let limit = usize::try_from(number("limit").unwrap_or(10).clamp(1, 100)).unwrap_or(10);
        let after = asked.get("starting_after");
        let mut found: Vec<Value> = account
            .events()
            .skip_while(|event| after.is_some_and(|id| event["id"] != **id))
            .skip(usize::from(after.is_some()))
            .filter(|event| event["created"].as_i64().is_some_and(|created| created >= since))
            .take(limit + 1)
            .cloned()
            .collect();
        let has_more = found.len() > limit;
        found.truncate(limit);
        Ok(answers::list("/v1/events", found, has_more))
    }))
}

/// Does something once for each idempotency key, and answers the same to the same key.
fn once(
    stripe: &Stripe,
    what: &str,
    headers: &HeaderMap,
    body: &[u8],
    work: impl FnOnce(&mut Account, &Fields) -> Answer,
) -> Response {
    let is_form = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/x-www-form-urlencoded");
    if !is_form {
        return refused(&required("body"));
    }
    let asked: Fields = url::form_urlencoded::parse(body).into_owned().collect();
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(|key| format!("{what}/{key}"));
    stripe.with(|account| {
        if let Some(known) = key.as_ref().and_then(|key| account.remembered.get(key)) {
            if known.asked != asked {
                let message = "Keys for idempotent requests can only be used with the same parameters.".to_owned();
                return refused(&Refusal { status: 400, code: "idempotency_key_in_use", param: "", message });
            }
            return said(known.status, &known.answer);
        }
        let (status, answer) = match work(account, &asked) {
            Ok(answer) => (200, answer),
            Err(refusal) => (refusal.status, error_of(&refusal)),
        };
        let response = said(status, &answer);
        if let Some(key) = key {
            account.remembered.insert(key, Remembered { asked, status, answer });
        }
        response
    })
}

/// The address of a session's page: in the sandbox it stands beside the practice's own pages.
fn page_of(id: &str, success_url: &str) -> Option<String> {
    let origin = Url::parse(success_url).ok()?.origin().ascii_serialization();
    Some(format!("{origin}/sandbox/stripe/checkout/{id}"))
}

fn field<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn required(param: &'static str) -> Refusal {
    Refusal { status: 400, code: "parameter_missing", param, message: "Missing or invalid.".into() }
}

fn answered(answer: Answer) -> Response {
    match answer {
        Ok(answer) => said(200, &answer),
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> Response {
    said(refusal.status, &error_of(refusal))
}

fn error_of(refusal: &Refusal) -> Value {
    let kind = if refusal.code == "idempotency_key_in_use" { "idempotency_error" } else { "invalid_request_error" };
    json!({ "error": { "type": kind, "code": refusal.code, "param": refusal.param, "message": refusal.message } })
}

fn said(status: u16, answer: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}
