//! Answers to requests that no page and no resolver answers: one sentence, in the form the asker reads.

use super::fault::{self, Undrawn};
use super::{Http, assets};
use crate::error::Error;
use axum::extract::{Request, State};
#[cfg(feature = "pages")]
use axum::http::HeaderName;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::any::Any;
use std::sync::Arc;

/// A request that is refused before anything is done for it, in one sentence. `code` is what a program sees.
#[derive(Debug, Clone)]
pub struct Told {
    status: StatusCode,
    code: &'static str,
    words: String,
}

/// An answer of one sentence.
pub fn told(status: StatusCode, code: &'static str, words: impl Into<String>) -> Told {
    Told { status, code, words: words.into() }
}

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        let mut response = (self.status, format!("{}\n", self.words)).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Why a request is not served.
#[derive(Debug)]
pub enum Unserved {
    /// It is not a request we read.
    Told(Told),
    /// Something went wrong.
    Failed(Error),
}

impl From<Told> for Unserved {
    fn from(told: Told) -> Self {
        Unserved::Told(told)
    }
}

impl From<Error> for Unserved {
    fn from(error: Error) -> Self {
        Unserved::Failed(error)
    }
}

impl IntoResponse for Unserved {
    fn into_response(self) -> Response {
        match self {
            Unserved::Told(told) => told.into_response(),
            Unserved::Failed(error) => failed(error),
        }
    }
}

/// The answer to something that went wrong outside of pages.
pub fn failed(error: Error) -> Response {
    let status = match error {
        Error::SignInRequired => StatusCode::UNAUTHORIZED,
        Error::Forbidden => StatusCode::FORBIDDEN,
        _ => fault::status(&error),
    };
    if status.is_server_error() {
        tracing::error!(%error, "a request failed");
    }
    let mut response = told(status, error.code(), error.outside_words()).into_response();
    if let Some(value) = fault::retry_after(&error) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response.extensions_mut().insert(Undrawn(Arc::new(error)));
    response
}

/// The answer when a handler panicked: nothing of our insides.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    failed(Error::internal("a handler panicked"))
}

/// What is asked for at an address without a route: a file at the root of the built ones, or nothing.
pub async fn plain_file_or_nothing(State(http): State<Http>, request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let found = match reads {
        true => assets::plain_file(&http.assets, request.uri().path(), request.headers()).await,
        false => None,
    };
    found.unwrap_or_else(|| failed(Error::NotFound))
}

/// Who reads an answer.
pub(super) enum Reader {
    /// A program that speaks GraphQL.
    Graphql,
    /// Some other program.
    Program,
    /// A person, who asked for this.
    Person(Box<Request<()>>),
}

impl Reader {
    /// Who asks.
    pub(super) fn of(request: &Request) -> Self {
        if request.uri().path() == "/graphql" {
            Reader::Graphql
        } else if reads_pages(request.headers()) {
            let mut asked = Request::new(());
            *asked.method_mut() = request.method().clone();
            *asked.uri_mut() = request.uri().clone();
            *asked.headers_mut() = request.headers().clone();
            *asked.extensions_mut() = request.extensions().clone();
            Reader::Person(Box::new(asked))
        } else {
            Reader::Program
        }
    }

    /// Says faults to the API as GraphQL says them, and draws a page of those that people come across.
    pub(super) async fn in_their_words(self, http: &Http, response: Response) -> Response {
        match self {
            Reader::Graphql => as_graphql(response),
            Reader::Program => response,
            Reader::Person(asked) => Box::pin(with_page(http, *asked, response)).await,
        }
    }
}

fn as_graphql(response: Response) -> Response {
    let Some(Told { code, words, .. }) = response.extensions().get::<Told>().cloned() else { return response };
    let body = json!({ "errors": [{ "message": words, "extensions": { "code": code } }] });
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, body.to_string().into())
}

fn reads_pages(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|kinds| kinds.contains("text/html"))
}

/// Draws a page where people would otherwise read a bare sentence, or nothing.
#[cfg(feature = "pages")]
async fn with_page(http: &Http, asker: Request<()>, response: Response) -> Response {
    use super::pages::{fault_page, status_page, too_often_page};
    let status = response.status();
    let is_refusal = status.is_client_error() || status.is_server_error();
    if !is_refusal || is_for_machines(asker.uri().path()) || is_page(response.headers()) {
        return response;
    }
    let visit = super::visit::Visit::of_nobody(http, &asker.into_parts().0);
    let page = match response.extensions().get::<Undrawn>().cloned() {
        Some(Undrawn(error)) => match *error {
            Error::RateLimited { retry_after_seconds: ..=60 } => Some(too_often_page(&visit, &error).await),
            _ => Some(fault_page(&visit, &error).await),
        },
        None => status_page(&visit, status).await,
    };
    let Some(mut page) = page else { return response };
    for (name, value) in response.headers() {
        // What a handler said beside its words still holds: above all, the cookies of a login that was renewed.
        if *name == header::SET_COOKIE || !is_about_the_body(name) && !page.headers().contains_key(name) {
            page.headers_mut().append(name, value.clone());
        }
    }
    page
}

/// Answers that programs read, whatever they say they accept.
#[cfg(feature = "pages")]
fn is_for_machines(path: &str) -> bool {
    matches!(path, "/health" | "/ready") || path.starts_with("/webhooks/") || path.starts_with("/assets/")
}

#[cfg(feature = "pages")]
fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

#[cfg(feature = "pages")]
fn is_about_the_body(name: &HeaderName) -> bool {
    matches!(*name, header::CONTENT_TYPE | header::CONTENT_LENGTH | header::CONTENT_ENCODING | header::CACHE_CONTROL)
}

#[cfg(not(feature = "pages"))]
async fn with_page(_: &Http, _: Request<()>, response: Response) -> Response {
    response
}
