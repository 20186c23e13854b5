//! The forms of the client's portal.

use super::fault::Fault;
use super::form::{one_of, problems};
use super::pages::gate::{ClientVisit, see_other};
use super::pages::portal::cancel_page;
use crate::error::Error;
use crate::features::bookings::cancel::{self, CancelBookingInput};
use app::portal::cancel::Typed;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::BookingId;

/// Why a session is called off.
#[derive(Deserialize)]
pub(super) struct CancelForm {
    #[serde(default)]
    reason: String,
}

/// Calls a session off.
pub(super) async fn cancel(
    ClientVisit(visit): ClientVisit,
    Path(id): Path<String>,
    Form(form): Form<CancelForm>,
) -> Result<Response, Fault> {
    let id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
    let input = CancelBookingInput { manage_token: None, booking_id: Some(id), reason: Some(form.reason.clone()) };
    match cancel::cancel(&visit.http.app, input, Some(visit.viewer()?)).await {
        Ok(_) => Ok(see_other("/portal?done=cancelled")),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["reason"]));
            cancel_page(&visit, id, Typed { reason: form.reason, problems }).await
        }
        Err(error) => Err(error.into()),
    }
}
