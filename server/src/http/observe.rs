//! One log line and one measurement a request; never what was asked, by whom or from where.

use super::Http;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::Response;
use std::time::Instant;
use tracing::Span;

/// The header that ties a request to its log lines.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Marks an answer to something anybody can send as fast as they like: it is measured and not logged, whoever marks it
/// logs a sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flooding;

/// A request that is being answered.
pub(super) struct Observed {
    begun: Instant,
    id: String,
    method: &'static str,
    route: String,
    span: Span,
}

impl Observed {
    /// Names a request, from now on.
    pub(super) fn begin(http: &Http, request: &Request) -> Self {
        let id = request_id(request.headers()).unwrap_or_else(|| http.app.clock.new_id().simple().to_string());
        let method = known(request.method());
        let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
        let span = tracing::info_span!("request", id, method, route);
        Observed { begun: Instant::now(), id, method, route, span }
    }

    /// What log lines about it stand in.
    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Logs and measures it, and tells its name.
    pub(super) fn end(self, response: &mut Response) {
        let Observed { begun, id, method, route, span } = self;
        let status = response.status();
        let took = begun.elapsed();
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        span.in_scope(|| {
            let milliseconds = took.as_secs_f64() * 1000.0;
            let is_flooding = response.extensions().get::<Flooding>().is_some();
            if is_flooding || matches!(route.as_str(), "/health" | "/ready") {
                tracing::debug!(status = status.as_u16(), milliseconds, "answered");
            } else {
                tracing::info!(status = status.as_u16(), milliseconds, "answered");
            }
        });
        let label = status.as_str().to_owned();
        metrics::counter!("anteroom_http_requests_total", "method" => method, "route" => route.clone(), "status" => label)
            .increment(1);
        metrics::histogram!("anteroom_http_request_seconds", "route" => route).record(took.as_secs_f64());
    }
}

/// The id a proxy gave, if it can be written into a log as it is.
fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fine = (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    fine.then(|| id.to_owned())
}

/// A stranger must not be able to fill the memory with method names.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
