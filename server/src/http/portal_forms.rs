//! The forms of the client's portal.

use super::fault::Fault;
use super::form::{one_of, problems};
use super::pages::gate::{ClientVisit, see_other};
use super::pages::portal::{cancel_page, session_page};
use crate::error::Error;
use crate::features::bookings::cancel::{self, CancelBookingInput};
use crate::features::bookings::undo::{self, TakeChangeBackInput};
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
        Ok(_) => Ok(see_other(&format!("/portal?done=cancelled&session={id}"))),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["reason"]));
            cancel_page(&visit, id, Typed { reason: form.reason, problems }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes back what was last done to a session.
pub(super) async fn undo(ClientVisit(visit): ClientVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: BookingId = id.parse().map_err(|_| Error::NotFound)?;
    let input = TakeChangeBackInput { manage_token: None, booking_id: Some(id) };
    match undo::take_back(&visit.http.app, input, Some(visit.viewer()?)).await {
        Ok(_) => Ok(see_other(&format!("/portal/bookings/{id}?done=back"))),
        Err(Error::Refused(refused)) => session_page(&visit, id, &problems(&refused, one_of(&[])), None).await,
        Err(error) => Err(error.into()),
    }
}
