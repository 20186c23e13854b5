//! A request that could not be answered as it should.

use crate::error::Error;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Why a page could not be drawn.
#[derive(Debug)]
pub struct Fault(pub Error);

/// The fault an answer stands for. Where pages are drawn, a page takes its place.
#[derive(Debug, Clone)]
pub struct Undrawn(pub Arc<Error>);

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault(error)
    }
}

/// What the status line says about an error.
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::SignInRequired | Error::Forbidden => StatusCode::SEE_OTHER,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Refused(_) | Error::Overlap => StatusCode::UNPROCESSABLE_ENTITY,
        Error::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// When to come back, where that helps.
pub fn retry_after(error: &Error) -> Option<HeaderValue> {
    match error {
        Error::RateLimited { retry_after_seconds } => Some(HeaderValue::from(*retry_after_seconds)),
        Error::Unavailable(_) => Some(HeaderValue::from(30)),
        _ => None,
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let status = status(&self.0);
        if status.is_server_error() {
            tracing::error!(error = %self.0, "a page could not be drawn");
        }
        if status == StatusCode::SEE_OTHER {
            return Redirect::to("/sign-in").into_response();
        }
        let mut response = (status, self.0.outside_words()).into_response();
        if let Some(value) = retry_after(&self.0) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response.extensions_mut().insert(Undrawn(Arc::new(self.0)));
        response
    }
}
