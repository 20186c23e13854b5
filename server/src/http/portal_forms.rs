//! The forms of the client's portal.

use super::fault::Fault;
use super::form::{one_of, problems};
use super::pages::gate::{ClientVisit, see_other};
use super::pages::portal::{account_page, cancel_page, session_page};
use crate::error::Error;
use crate::features::bookings::cancel::{self, CancelBookingInput};
use crate::features::bookings::contact;
use crate::features::bookings::undo::{self, TakeChangeBackInput};
use app::portal::account::Contact;
use app::portal::cancel::Typed;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use shared::contact::ChangeContactInput;
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

/// How a client wants to be called and reached.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ContactForm {
    name: String,
    phone: String,
}

/// Changes how a client is called and reached.
pub(super) async fn change_contact(
    ClientVisit(visit): ClientVisit,
    Form(ContactForm { name, phone }): Form<ContactForm>,
) -> Result<Response, Fault> {
    let input = ChangeContactInput { name: name.clone(), phone: phone.clone() };
    match contact::change(&visit.http.app, visit.viewer()?, input).await {
        Ok(()) => Ok(see_other("/portal/account?done=saved")),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["name", "phone"]));
            account_page(&visit, Contact { notice: None, typed: Some((name, phone)), problems }).await
        }
        Err(error) => Err(error.into()),
    }
}
