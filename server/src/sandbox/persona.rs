//! Switching to another person of the demo.

use crate::app::App;
use crate::features::accounts;
use crate::features::accounts::persona;
use crate::http::fault::Fault;
use crate::http::login;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Form, Router};
use serde::Deserialize;
use shared::ids::UserId;
use std::sync::Arc;

/// The route that signs in as somebody.
pub fn routes(app: Arc<App>) -> Router {
    Router::new().route("/sandbox/persona", post(become_somebody)).with_state(app)
}

#[derive(Deserialize)]
struct PersonaForm {
    user_id: UserId,
}

async fn become_somebody(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<PersonaForm>,
) -> Result<Response, Fault> {
    let tokens = persona::sign_in_as(&app, form.user_id, login::device(&headers)).await?;
    let user = accounts::user(&app, form.user_id).await?;
    let home = if user.role.is_staff() { "/admin" } else { "/portal" };
    let mut response = Redirect::to(home).into_response();
    for cookie in login::set_login_cookies(&tokens, app.clock.now())? {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
