//! `POST /graphql`: GraphQL over HTTP, and nothing else over it.

mod speak;

use super::answers::{self, Told, Unserved, told};
use super::held;
use super::login::{self, device};
use super::remembered::{Alike, MOST_QUESTION};
use super::visit::Address;
use super::{Http, MOST_BODY, origin};
use crate::error::{Error, Result};
use crate::graphql::guard::Admitted;
use crate::graphql::{Caller, KeptHere, fit_for_outside};
use crate::limits::RouteClass;
use async_graphql::parser::types::OperationType;
use async_graphql::{Request as Operation, Response as Outcome};
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{Router, post};
use futures_util::{FutureExt, StreamExt};
use speak::Form;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use tracing::Instrument;

/// The API. Any other method is answered 405.
pub fn routes() -> Router<Http> {
    Router::new().route("/graphql", post(answer).fallback(only_post))
}

async fn only_post() -> Response {
    let words = "The API is asked by POST, with JSON.";
    let mut response = told(StatusCode::METHOD_NOT_ALLOWED, "BAD_REQUEST", words).into_response();
    response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
    response
}

async fn answer(
    State(http): State<Http>,
    Extension(Address(address)): Extension<Address>,
    request: Request,
) -> Response {
    try_answer(&http, address, request).await.unwrap_or_else(IntoResponse::into_response)
}

/// The answer, or the answer to what cannot be served.
async fn try_answer(http: &Http, address: IpAddr, request: Request) -> std::result::Result<Response, Unserved> {
    let limits = &http.app.limits;
    limits.spend(RouteClass::Read, address)?;
    let (parts, body) = request.into_parts();
    speak::is_json(&parts.headers)?;
    let form = speak::form(&parts.headers);
    let body = read(&parts.headers, body).await?;
    let kept = held::secret(&parts.headers).map(str::to_owned);
    // Whoever says nothing about themselves and keeps no time is answered like everyone else.
    let is_anyone = !login::says_who(&parts.headers) && kept.is_none();
    let question = is_anyone.then(|| question(&body, form)).flatten();
    if let Some(question) = &question
        && let Some(response) = http.remembered.of_question(http.app.clock.now(), question).await
    {
        return Ok(response);
    }
    let asked = Asked { address, headers: parts.headers, body, form, question, kept };
    Box::pin(answer_anew(http, asked)).await
}

/// A request of which nothing is known yet but what it says itself.
struct Asked {
    address: IpAddr,
    headers: HeaderMap,
    body: Bytes,
    form: Form,
    /// What tells it from others, if its answer may be alike for everyone.
    question: Option<Bytes>,
    /// The secret of the time its browser keeps.
    kept: Option<String>,
}

/// The answer to what is not remembered.
async fn answer_anew(http: &Http, asked: Asked) -> std::result::Result<Response, Unserved> {
    let Asked { address, headers, body, form, question, kept } = asked;
    let operation = speak::operation(&body)?.data(device(&headers)).data(KeptHere(kept));
    let identified = login::identify(&http.app, &headers).await?;
    if identified.by_cookie && !origin::allowed(&http.app.config, &headers, true) {
        return Err(origin::refused().into());
    }
    let caller = Caller { viewer: identified.viewer, address };
    // From here on the answer must carry the cookies of a login that was renewed, whatever becomes of the request.
    let mut response = match admit(http, operation, caller) {
        Ok(Ok((admitted, operation))) => {
            let question = question.filter(|_| admitted.kind == OperationType::Query);
            let key = question.and_then(|it| http.remembered.key_of_fields(http.app.clock.now(), &admitted.roots, &it));
            let work = answered(http, admitted, operation, caller, form);
            match key {
                Some(key) => http.remembered.get(key, "", work).await,
                None => work.await,
            }
        }
        Ok(Err(refused)) => speak::say(refused, form),
        Err(error) => answers::failed(error),
    };
    for cookie in identified.set_cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// What tells one question from another.
fn question(body: &Bytes, form: Form) -> Option<Bytes> {
    let whole = || Bytes::from([form.name().as_bytes(), body].concat());
    (body.len() <= MOST_QUESTION).then(whole)
}

/// Checks the document: what would run, or the answer that says why nothing does.
fn admit(
    http: &Http,
    mut operation: Operation,
    caller: Caller,
) -> Result<std::result::Result<(Admitted, Operation), Outcome>> {
    if let Some(viewer) = caller.viewer {
        http.app.limits.spend_account(viewer.user_id)?;
    }
    Ok(match http.documents.admit(&mut operation) {
        Ok(admitted) => Ok((admitted, operation)),
        Err(refusal) => Err(Outcome::from_errors(vec![refusal.into()])),
    })
}

/// Runs an operation and writes its answer.
async fn answered(http: &Http, admitted: Admitted, operation: Operation, caller: Caller, form: Form) -> Response {
    match run(http, admitted, operation, caller).await {
        Ok(outcome) => {
            let is_alike = outcome.errors.is_empty();
            let mut response = speak::say(outcome, form);
            if is_alike {
                response.extensions_mut().insert(Alike);
            }
            response
        }
        Err(error) => answers::failed(error),
    }
}

/// Runs an operation. A change runs to its end even if whoever asked for it hangs up.
async fn run(http: &Http, admitted: Admitted, operation: Operation, caller: Caller) -> Result<Outcome> {
    let schema = http.schema.answering(caller.viewer).clone();
    let work = async move { schema.execute(operation.data(caller)).await };
    let outcome = match admitted.kind {
        OperationType::Query => AssertUnwindSafe(work).catch_unwind().await.map_err(|_| panicked()),
        OperationType::Mutation => {
            // Each change counts, however many come in one document.
            for _ in &admitted.roots {
                http.app.limits.spend(RouteClass::Write, caller.address)?;
            }
            http.tasks.spawn(work.in_current_span()).await.map_err(|_| panicked())
        }
        OperationType::Subscription => {
            let words = "Subscriptions are listened to at /graphql/ws.";
            Ok(Outcome::from_errors(vec![async_graphql::ServerError::new(words, None)]))
        }
    };
    outcome.map(|mut outcome| {
        fit_for_outside(&mut outcome.errors);
        outcome
    })
}

fn panicked() -> Error {
    Error::internal("a resolver panicked")
}

/// The whole body, as long as it is not too long, whatever it says about its length.
async fn read(headers: &HeaderMap, body: Body) -> std::result::Result<Bytes, Told> {
    let too_long = || {
        let words = "The request is longer than 64 KiB.";
        told(StatusCode::PAYLOAD_TOO_LARGE, "BAD_REQUEST", words)
    };
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > MOST_BODY) {
        return Err(too_long());
    }
    let mut read = Vec::with_capacity(said.unwrap_or(1024));
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let broken = |_| told(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The request could not be read.");
        let chunk = chunk.map_err(broken)?;
        if read.len() + chunk.len() > MOST_BODY {
            return Err(too_long());
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.into())
}
