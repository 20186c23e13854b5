//! How a request is read and an answer is written, as the GraphQL over HTTP specification has it.

use crate::graphql::{is_misread, name};
use crate::http::answers::{self, Told, told};
use async_graphql::{Request, Response as Outcome, ServerError, Value, Variables};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `application/json`: always 200, for those who do not know better.
    Json,
    /// `application/graphql-response+json`: the status says whether the request was understood.
    GraphqlResponse,
}

impl Form {
    /// Its name, as the answer says it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Form::Json => "application/json; charset=utf-8",
            Form::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// Refuses everything but plain JSON: what a page of another site can send without being asked is never JSON.
pub(super) fn is_json(headers: &HeaderMap) -> Result<(), Told> {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let only = types.next().filter(|_| types.next().is_none()).and_then(|value| value.to_str().ok());
    let plain = headers.get_all(header::CONTENT_ENCODING).iter().all(|encoding| encoding == "identity");
    if plain && only.is_some_and(is_json_type) {
        return Ok(());
    }
    let words = "The API is asked with Content-Type: application/json, not compressed.";
    Err(told(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", words))
}

fn is_json_type(value: &str) -> bool {
    let (kind, parameter) = match value.split_once(';') {
        Some((kind, parameter)) => (kind.trim(), Some(parameter.trim())),
        None => (value.trim(), None),
    };
    let utf8 = |parameter: &str| {
        parameter.split_once('=').is_some_and(|(name, value)| {
            name.eq_ignore_ascii_case("charset") && value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    };
    kind.eq_ignore_ascii_case("application/json") && parameter.is_none_or(utf8)
}

/// The form the asker likes best of those we have.
pub(super) fn form(headers: &HeaderMap) -> Form {
    let mut best = (0.0, Form::Json);
    for range in
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','))
    {
        let mut parts = range.split(';').map(str::trim);
        let form = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "application/graphql-response+json" => Form::GraphqlResponse,
            "application/json" | "application/*" | "*/*" => Form::Json,
            _ => continue,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        if quality > best.0 || (quality == best.0 && form == Form::GraphqlResponse) {
            best = (quality, form);
        }
    }
    best.1
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    query: String,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    /// Nothing of it is used; it must be an object all the same.
    #[serde(rename = "extensions")]
    _extensions: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The operation in a body: one JSON object with a `query`.
pub(super) fn operation(body: &[u8]) -> Result<Request, Told> {
    let refused = |words: String| told(StatusCode::BAD_REQUEST, "BAD_REQUEST", words);
    // A list of operations would be many for the price of one; serde would also read a list as an object.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(refused("The body must be one JSON object with a query.".into()));
    }
    let asked: Asked = serde_json::from_slice(body)
        .map_err(|error| refused(format!("The body must be one JSON object with a query: {error}.")))?;
    if asked.query.contains("\\u0000") || asked.query.contains('\0') || asked.variables.values().any(holds_nul) {
        return Err(refused("A text must not contain the character U+0000.".into()));
    }
    let mut request = Request::new(asked.query).variables(asked.variables);
    request.operation_name = asked.operation_name;
    Ok(request)
}

/// One of the two databases cannot store it.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields.values().any(holds_nul),
        _ => false,
    }
}

/// An answer to a request that did not get as far as having data.
#[derive(Serialize)]
struct NotUnderstood<'o> {
    errors: &'o [ServerError],
}

/// Writes an outcome in the form that was asked for.
pub(super) fn say(mut outcome: Outcome, form: Form) -> Response {
    let understood = !outcome.errors.iter().any(is_misread) || outcome.data != Value::Null;
    let (status, written) = if understood {
        (StatusCode::OK, serde_json::to_vec(&outcome))
    } else {
        let status = if form == Form::Json { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        outcome.errors.iter_mut().for_each(name);
        (status, serde_json::to_vec(&NotUnderstood { errors: &outcome.errors }))
    };
    let mut response = match written {
        Ok(body) => (status, body).into_response(),
        Err(error) => answers::failed(error.into()),
    };
    let headers = response.headers_mut();
    headers.extend(std::mem::take(&mut outcome.http_headers));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.name()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
