//! The door in the browser.

use super::ApiError;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestCredentials, RequestInit, Response};

/// Posts a body of a kind, and answers with the status and what came back, which is of the kind `accept`.
pub(super) async fn post(path: &str, kind: &str, accept: &str, body: &str) -> Result<(u16, String), ApiError> {
    let offline = |_: JsValue| ApiError::Offline;
    let headers = Headers::new().map_err(offline)?;
    headers.set("content-type", kind).map_err(offline)?;
    headers.set("accept", accept).map_err(offline)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_body(&JsValue::from_str(body));
    let request = Request::new_with_str_and_init(path, &init).map_err(offline)?;
    let window = web_sys::window().ok_or(ApiError::Offline)?;
    let response = JsFuture::from(window.fetch_with_request(&request)).await.map_err(offline)?;
    let response: Response = response.dyn_into().map_err(offline)?;
    if response.status() == 429 {
        return Err(ApiError::Busy);
    }
    let text = JsFuture::from(response.text().map_err(offline)?).await.map_err(offline)?;
    text.as_string().map(|text| (response.status(), text)).ok_or(ApiError::Offline)
}
