//! Beginning a new practice with the one-time link from the console.

use super::posted::{Posted, fault, with_cookies};
use super::{place, welcome};
use crate::error::Error;
use crate::features::accounts::setup;
use crate::features::practice::begin::{self, NewPractice};
use crate::http::Http;
use crate::http::form::{one_of, problems};
use crate::http::pages;
use crate::http::visit::Visit;
use app::sign_in::set_up as drawn;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

#[derive(Deserialize, Clone)]
pub(super) struct SetUpForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    practice: String,
    #[serde(default)]
    time_zone: String,
}

/// The form that begins the practice; gone once there is an owner.
pub(super) async fn form(visit: Visit) -> Response {
    match setup::is_open(&visit.http.app).await {
        Ok(true) => pages::set_up_practice(&visit, StatusCode::OK, drawn::NewPractice::default()),
        Ok(false) => pages::nothing_to_set_up(&visit),
        Err(error) => fault(error),
    }
}

/// Makes the first owner, begins the practice and leads on to the second factor.
pub(super) async fn set_up(State(http): State<Http>, posted: Posted<SetUpForm>) -> Response {
    let (place, visit) = (place(&http, &posted), posted.visit(&http));
    let SetUpForm { token, name, email, practice, time_zone } = posted.form.clone();
    let new = NewPractice { name, email, practice, time_zone };
    match begin::set_up(&http.app, token, new, place).await {
        Ok(Some(signed_in)) => welcome(&http, &HeaderMap::new(), signed_in),
        Ok(None) => with_cookies(pages::nothing_to_set_up(&visit), posted.identified.set_cookies),
        Err(Error::Refused(refused)) => {
            let SetUpForm { token, name, email, practice, time_zone } = posted.form;
            let problems = problems(&refused, |field| match field {
                "timeZone" => Some("time_zone"),
                field => one_of(&["name", "email", "practice"])(field),
            });
            let typed = drawn::NewPractice { token, name, email, practice, time_zone, problems };
            pages::set_up_practice(&visit, StatusCode::UNPROCESSABLE_ENTITY, typed)
        }
        Err(error) => fault(error),
    }
}
