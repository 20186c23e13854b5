//! Accepting an invitation with plain forms: open it, confirm how to be reached, come in.

use super::posted::{Posted, fault, private, with_cookies};
use super::{place, welcome};
use crate::error::Error;
use crate::features::intake::invitations::accept::{self, AcceptInvitationInput};
use crate::features::practice;
use crate::features::practice::zones;
use crate::http::Http;
use crate::http::form::{one_of, problems};
use crate::http::pages;
use crate::http::visit::Visit;
use app::sign_in::invitation::{self as drawn, Confirmed};
use app::ui::form::Problem;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct OpenForm {
    #[serde(default)]
    token: String,
    /// Where scripts are off, the secret is copied by hand.
    #[serde(default)]
    typed: String,
}

#[derive(Deserialize, Clone)]
pub(super) struct AcceptForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    time_zone: String,
}

/// The page of the link. It looks the same for every link, and does nothing.
pub(super) async fn page(visit: Visit) -> Response {
    private(pages::in_door(&visit, StatusCode::OK, "You are invited", drawn::open).await)
}

/// Shows what the invitation says. Nothing is used up.
pub(super) async fn open(State(http): State<Http>, posted: Posted<OpenForm>) -> Response {
    let typed = posted.form.typed.trim().rsplit('#').next().unwrap_or_default().to_owned();
    let token = if posted.form.token.trim().is_empty() { typed } else { posted.form.token.trim().to_owned() };
    let visit = posted.visit(&http);
    show(&visit, &posted, Confirmed { token, ..Confirmed::default() }, StatusCode::OK).await
}

/// Accepts it and signs in.
pub(super) async fn accept(State(http): State<Http>, posted: Posted<AcceptForm>) -> Response {
    let (place, visit) = (place(&http, &posted), posted.visit(&http));
    let AcceptForm { token, name, phone, time_zone } = posted.form.clone();
    let input = AcceptInvitationInput { token, name, phone, time_zone: time_zone.as_str().into() };
    match accept::accept(&http.app, input.clone(), place, posted.address).await {
        Ok(signed_in) => welcome(&http, &HeaderMap::new(), signed_in),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, |field| match field {
                "timeZone" => Some("time_zone"),
                field => one_of(&["name", "phone"])(field),
            });
            let AcceptInvitationInput { token, name, phone, .. } = input;
            let typed = Confirmed { token, name, phone, time_zone, problems, ..Confirmed::default() };
            show(&visit, &posted, typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => with_cookies(fault(error), posted.identified.set_cookies),
    }
}

/// The form to confirm, around what was typed; or the page that says that the link does not work.
async fn show<T>(visit: &Visit, posted: &Posted<T>, typed: Confirmed, status: StatusCode) -> Response {
    let app = &visit.http.app;
    let found = match accept::of_link(app, &typed.token, posted.address).await {
        Ok(found) => found,
        Err(error) => return with_cookies(fault(error), posted.identified.set_cookies.clone()),
    };
    let Some(invitation) = found else {
        let gone = pages::in_door(visit, StatusCode::GONE, "This invitation has done its work", drawn::gone).await;
        return with_cookies(private(gone), posted.identified.set_cookies.clone());
    };
    let therapist = match practice::catalogue(app).await {
        Ok(catalogue) => catalogue.therapist(invitation.therapist_id).map(|it| it.name.clone()).unwrap_or_default(),
        Err(error) => return with_cookies(fault(error), posted.identified.set_cookies.clone()),
    };
    let is_first = typed.problems.is_empty();
    let name = if is_first { invitation.name } else { typed.name };
    // A problem with the token itself is said by the page of a link that does not work.
    let problems: Vec<Problem> = typed.problems;
    let confirmed = Confirmed { email: invitation.email, therapist, name, problems, ..typed };
    let page = pages::in_door(visit, status, "Welcome", || drawn::confirm(confirmed, zones::names())).await;
    with_cookies(private(page), posted.identified.set_cookies.clone())
}
