//! What the practice does with its sessions, from plain forms.

use super::fault::Fault;
use super::form::{one_of, problems};
use super::pages::admin_bookings::booking_page;
use super::pages::gate::{StaffVisit, see_other};
use crate::error::Error;
use crate::features::bookings::cancel::{self, CancelBookingInput};
use crate::features::bookings::reschedule::{self, RescheduleBookingInput};
use crate::features::bookings::undo::{self, TakeChangeBackInput};
use crate::features::bookings::{availability, book_discovery, outcome};
use crate::features::money::fees;
use crate::features::practice::{self, zones};
use app::admin::booking::Typed;
use app::ui::form::Problem;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::{BookingId, FeeId};
use shared::time::{Date, Instant, LocalTime};

fn read<T: std::str::FromStr>(id: &str) -> Result<T, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

fn back(id: BookingId, done: &str) -> Response {
    see_other(&format!("/admin/bookings/{id}?done={done}"))
}

/// Where an answer leads: on with a word of what was done, or back to the page with what is in the way.
async fn settle<T>(
    staff: &StaffVisit,
    id: BookingId,
    done: &str,
    result: Result<T, Error>,
    typed: Typed,
) -> Result<Response, Fault> {
    match result {
        Ok(_) => Ok(back(id, done)),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, one_of(&["reason"]));
            booking_page(&staff.visit, id, Typed { problems, ..typed }, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Says that it took place.
pub(super) async fn complete(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let (id, therapist) = (read::<BookingId>(&id)?, staff.therapist().await?);
    let result = outcome::complete(&staff.visit.http.app, id, &therapist).await;
    settle(&staff, id, "complete", result, Typed::default()).await
}

/// Says that they did not come.
pub(super) async fn no_show(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let (id, therapist) = (read::<BookingId>(&id)?, staff.therapist().await?);
    let result = outcome::mark_no_show(&staff.visit.http.app, id, &therapist).await;
    settle(&staff, id, "no-show", result, Typed::default()).await
}

/// Adds a call to the record of whoever it is.
pub(super) async fn recognize(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let (id, therapist) = (read::<BookingId>(&id)?, staff.therapist().await?);
    let result = book_discovery::recognize(&staff.visit.http.app, id, &therapist).await;
    settle(&staff, id, "recognized", result, Typed::default()).await
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct MoveForm {
    move_date: String,
    move_time: String,
    nearest: String,
    over: String,
}

/// Moves it.
pub(super) async fn shift(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<MoveForm>,
) -> Result<Response, Fault> {
    let id = read::<BookingId>(&id)?;
    let visit = &staff.visit;
    let app = &visit.http.app;
    let mut typed = Typed { date: form.move_date, time: form.move_time, over: form.over.clone(), ..Typed::default() };
    let catalogue = practice::catalogue(app).await?;
    let zone = zones::find("startsAt", &catalogue.practice.time_zone, app.clock.now())?;
    let chosen = form.nearest.parse::<Instant>().ok();
    let typed_start = match (typed.date.parse::<Date>(), typed.time.parse::<LocalTime>()) {
        (Ok(date), Ok(time)) => Some(zone.resolve(date, time).at),
        _ => None,
    };
    let Some(starts_at) = chosen.or(typed_start) else {
        let message = "Choose the day and the time it moves to.".to_owned();
        typed.problems = vec![Problem { field: Some("move-time".into()), message }];
        return booking_page(visit, id, typed, None).await;
    };
    let input = RescheduleBookingInput {
        manage_token: None,
        booking_id: Some(id),
        starts_at,
        hold_token: None,
        override_reason: Some(form.over).filter(|reason| !reason.trim().is_empty()),
        idempotency_key: None,
    };
    let viewer = Some(staff.viewer);
    let about = reschedule::about(app, &input, viewer).await?;
    match reschedule::reschedule(app, input, viewer).await {
        Ok(_) => return Ok(back(id, "moved")),
        Err(Error::Overlap) => {
            let message = "Something else is at that time.".to_owned();
            typed.problems = vec![Problem { field: Some("move-time".into()), message }];
            typed.is_in_the_way = true;
            if let Some(id) = about {
                let nearest = availability::nearest_for_moving(app, id, starts_at).await?;
                typed.nearest = nearest.into_iter().map(|slot| slot.starts_at).collect();
            }
        }
        Err(Error::Refused(refused)) => {
            typed.problems = problems(&refused, |field| match field {
                "overrideReason" => Some("over"),
                _ => Some("move-time"),
            });
        }
        Err(error) => return Err(error.into()),
    }
    booking_page(visit, id, typed, None).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct CancelForm {
    reason: String,
}

/// Calls it off.
pub(super) async fn cancel(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<CancelForm>,
) -> Result<Response, Fault> {
    let id = read::<BookingId>(&id)?;
    let input = CancelBookingInput { manage_token: None, booking_id: Some(id), reason: Some(form.reason.clone()) };
    let result = cancel::cancel(&staff.visit.http.app, input, Some(staff.viewer)).await;
    settle(&staff, id, "cancelled", result, Typed { reason: form.reason, ..Typed::default() }).await
}

/// Takes back what was last done to it.
pub(super) async fn undo(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = read::<BookingId>(&id)?;
    let input = TakeChangeBackInput { manage_token: None, booking_id: Some(id) };
    let result = undo::take_back(&staff.visit.http.app, input, Some(staff.viewer)).await;
    settle(&staff, id, "back", result, Typed::default()).await
}

/// Charges the fee the rules name.
pub(super) async fn charge(staff: StaffVisit, Path((id, fee)): Path<(String, String)>) -> Result<Response, Fault> {
    let (id, fee, therapist) = (read::<BookingId>(&id)?, read::<FeeId>(&fee)?, staff.therapist().await?);
    let result = fees::charge_fee(&staff.visit.http.app, &therapist, fee).await;
    settle(&staff, id, "charged", result, Typed::default()).await
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct WaiveForm {
    waive: String,
}

/// Lets the fee go.
pub(super) async fn waive(
    staff: StaffVisit,
    Path((id, fee)): Path<(String, String)>,
    Form(form): Form<WaiveForm>,
) -> Result<Response, Fault> {
    let (id, fee, therapist) = (read::<BookingId>(&id)?, read::<FeeId>(&fee)?, staff.therapist().await?);
    match fees::waive_fee(&staff.visit.http.app, &therapist, fee, &form.waive).await {
        Ok(_) => Ok(back(id, "waived")),
        Err(Error::Refused(refused)) => {
            let problems = problems(&refused, |field| (field == "reason").then_some("waive"));
            booking_page(&staff.visit, id, Typed { waive: form.waive, problems, ..Typed::default() }, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The most sessions one press of a button is for.
const MOST: usize = 100;

/// Does the same with several sessions. Each is done or not by itself; what could not be done is counted.
pub(super) async fn several(staff: StaffVisit, body: String) -> Result<Response, Fault> {
    let (therapist, app) = (staff.therapist().await?, &staff.visit.http.app);
    let (mut chosen, mut deed, mut to) = (Vec::new(), String::new(), String::new());
    for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
        match name.as_ref() {
            "booking" => chosen.extend(value.parse::<BookingId>()),
            "do" => deed = value.into_owned(),
            "back" => to = value.into_owned(),
            _ => {}
        }
    }
    chosen.truncate(MOST);
    let to = if to.starts_with("/admin/bookings?") { to } else { "/admin/bookings?days=ahead".to_owned() };
    if chosen.is_empty() {
        return Ok(see_other(&format!("{to}&done=none")));
    }
    let (mut count, mut failed) = (0, 0);
    for id in chosen {
        let input = CancelBookingInput { manage_token: None, booking_id: Some(id), reason: None };
        let result = match deed.as_str() {
            "complete" => outcome::complete(app, id, &therapist).await.map(|_| ()),
            "no-show" => outcome::mark_no_show(app, id, &therapist).await.map(|_| ()),
            "cancel" => cancel::cancel(app, input, Some(staff.viewer)).await.map(|_| ()),
            _ => return Err(Error::NotFound.into()),
        };
        match result {
            Ok(()) => count += 1,
            Err(Error::Refused(_)) => failed += 1,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(see_other(&format!("{to}&done={deed}&count={count}&failed={failed}")))
}
