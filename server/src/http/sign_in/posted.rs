//! A form posted from one of our own pages, with who posted it; and answers to one.

use crate::error::Error;
use crate::graphql::Caller;
use crate::http::Http;
use crate::http::answers::{self, told};
use crate::http::login::{self, Identified};
use crate::http::visit::{Address, Nonce, Visit};
use axum::body::Body;
use axum::extract::{Form, FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use std::net::{IpAddr, Ipv4Addr};

/// A form posted from one of our own pages.
pub(super) struct Posted<T> {
    pub(super) form: T,
    pub(super) identified: Identified,
    pub(super) headers: HeaderMap,
    pub(super) address: IpAddr,
    nonce: String,
}

impl<T> Posted<T> {
    /// What a page needs that is drawn as for nobody: a login may just have ended, or be about to begin.
    pub(super) fn visit(&self, http: &Http) -> Visit {
        let caller = Caller { viewer: None, address: self.address };
        let (identified, nonce) = (Identified::default(), self.nonce.clone());
        Visit { http: http.clone(), caller, identified, nonce, kept: None, sends: true }
    }
}

impl<T: DeserializeOwned + Send + 'static> FromRequest<Http> for Posted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, http: &Http) -> Result<Self, Response> {
        let headers = request.headers().clone();
        if !is_from_here(&headers, &http.app.config.origin()) {
            let message = "This form came from another site. Please open the page here and try again.";
            return Err(told(StatusCode::FORBIDDEN, "FORBIDDEN", message).into_response());
        }
        let address = address(&request);
        let nonce = request.extensions().get::<Nonce>().cloned().unwrap_or_default().0;
        let Form(form) = Form::from_request(request, http).await.map_err(IntoResponse::into_response)?;
        // Last, because a login that is renewed here must reach its browser.
        let identified = login::identify(&http.app, &headers).await.map_err(fault)?;
        Ok(Posted { form, identified, headers, address, nonce })
    }
}

/// Whether a browser says that one of our own pages sent this. `Sec-Fetch-Site` comes first: a page that gives no
/// referrer makes `Origin` say `null`. What sends neither is not a browser, and has nobody's cookies.
fn is_from_here(headers: &HeaderMap, origin: &str) -> bool {
    match (headers.get("sec-fetch-site"), headers.get(header::ORIGIN)) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(sender)) => sender == origin,
        (None, None) => true,
    }
}

/// Where a request comes from. Without an address everyone shares one budget.
fn address(request: &Request) -> IpAddr {
    request.extensions().get::<Address>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.0)
}

/// Leads on to another page of ours.
pub(super) fn see_other(path: &str) -> Response {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::SEE_OTHER;
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    answer.headers_mut().insert(header::LOCATION, location);
    private(answer)
}

/// Kept by nobody, and named to nobody as where a visitor came from.
pub(super) fn private(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

pub(super) fn with_cookies(mut answer: Response, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    for cookie in cookies {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

/// What went wrong on our side, or is not open to whoever asked.
pub(super) fn fault(error: Error) -> Response {
    private(answers::failed(error))
}
