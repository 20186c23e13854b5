//! The door in the browser.

use super::ApiError;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestCredentials, RequestInit, Response};

/// Posts a request and answers the body, whatever its status: faults are told inside.
pub(super) async fn post(body: &str) -> Result<String, ApiError> {
    let offline = |_: JsValue| ApiError::Offline;
    let headers = Headers::new().map_err(offline)?;
    headers.set("content-type", "application/json").map_err(offline)?;
    headers.set("accept", "application/graphql-response+json").map_err(offline)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_body(&JsValue::from_str(body));
    let request = Request::new_with_str_and_init("/graphql", &init).map_err(offline)?;
    let window = web_sys::window().ok_or(ApiError::Offline)?;
    let response = JsFuture::from(window.fetch_with_request(&request)).await.map_err(offline)?;
    let response: Response = response.dyn_into().map_err(offline)?;
    if response.status() == 429 {
        return Err(ApiError::Busy);
    }
    let text = JsFuture::from(response.text().map_err(offline)?).await.map_err(offline)?;
    text.as_string().ok_or(ApiError::Offline)
}
