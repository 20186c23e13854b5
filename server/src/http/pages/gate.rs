//! Who may open which portal. Everyone else is sent to where they belong.

use crate::error::Error;
use crate::features::accounts::Viewer;
use crate::features::practice::{self, Therapist};
use crate::http::Http;
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use crate::http::wanted;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

/// A visit of a client to their portal.
pub(crate) struct ClientVisit(pub(crate) Visit);

/// A visit of somebody of the practice to its portal.
pub(crate) struct StaffVisit {
    /// The visit.
    pub(crate) visit: Visit,
    /// Who it is.
    pub(crate) viewer: Viewer,
}

impl StaffVisit {
    /// The therapist who visits; somebody without a calendar may look but has nothing to change.
    pub(crate) async fn therapist(&self) -> Result<Therapist, Fault> {
        let therapist = practice::therapist_of_user(&self.visit.http.app, self.viewer.user_id).await?;
        Ok(therapist.ok_or(Error::Forbidden)?)
    }
}

impl FromRequestParts<Http> for ClientVisit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Response> {
        let visit = visit(parts, http).await?;
        match visit.caller.viewer {
            Some(viewer) if viewer.role.is_staff() => Err(see_other("/admin")),
            Some(_) => Ok(ClientVisit(visit)),
            None => Err(wanted::after("/sign-in", parts)),
        }
    }
}

impl FromRequestParts<Http> for StaffVisit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, http: &Http) -> Result<Self, Response> {
        let visit = visit(parts, http).await?;
        match visit.caller.viewer {
            Some(viewer) if !viewer.role.is_staff() => Err(see_other("/portal")),
            Some(viewer) if !viewer.second_factor => Err(wanted::after("/sign-in/second-factor", parts)),
            Some(viewer) => Ok(StaffVisit { visit, viewer }),
            None => Err(wanted::after("/sign-in", parts)),
        }
    }
}

async fn visit(parts: &mut Parts, http: &Http) -> Result<Visit, Response> {
    <Visit as FromRequestParts<Http>>::from_request_parts(parts, http).await.map_err(IntoResponse::into_response)
}

/// Sends a browser on with a GET.
pub(crate) fn see_other(to: &str) -> Response {
    Redirect::to(to).into_response()
}
