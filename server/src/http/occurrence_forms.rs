//! The forms of single sessions of a standing place, and of its end.

use super::fault::Fault;
use super::form::problems;
use super::pages::gate::{ClientVisit, StaffVisit, see_other};
use super::pages::series::{own_skip_page, place_page};
use super::series_forms::{A_DAY, Wrong, free_near};
use crate::error::Error;
use crate::features::series::end::{self, EndSeriesInput};
use crate::features::series::single::{self, MoveOccurrenceInput, SkipOccurrenceInput};
use app::admin::place::TypedMove;
use app::admin::series::FreeSlot;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::SeriesId;
use shared::problem::{ErrorCode, UserError};
use shared::time::Date;

/// One session of a place as it comes from its small forms.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct OneForm {
    date: String,
    to_date: String,
    to_time: String,
    back: String,
    again: String,
}

impl OneForm {
    /// What was typed, and what is wrong with it.
    fn typed(&self, refused: &[UserError], alternatives: Vec<FreeSlot>) -> TypedMove {
        TypedMove {
            date: self.date.clone(),
            to_date: self.to_date.clone(),
            to_time: self.to_time.clone(),
            alternatives,
            problems: problems(refused, |_| None),
        }
    }

    fn done(&self, id: SeriesId, what: &str) -> Response {
        match self.back.as_str() {
            "list" => see_other(&format!("/admin/series?done={what}")),
            _ => see_other(&format!("/admin/series/{id}?done={what}")),
        }
    }
}

/// Leaves one session of a place out.
pub(super) async fn skip(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<OneForm>,
) -> Result<Response, Fault> {
    let series_id: SeriesId = id.parse().map_err(|_| Error::NotFound)?;
    let date: Date = form.date.parse().map_err(|_| Error::NotFound)?;
    let visit = &staff.visit;
    match single::skip(&visit.http.app, staff.viewer, SkipOccurrenceInput { series_id, date, reason: None }).await {
        Ok(_) => Ok(form.done(series_id, "skipped")),
        Err(Error::Refused(refused)) => {
            let typed = TypedMove { problems: problems(&refused, |_| None), ..TypedMove::default() };
            place_page(visit, series_id, None, typed, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Moves one session of a place.
pub(super) async fn shift(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<OneForm>,
) -> Result<Response, Fault> {
    let series_id: SeriesId = id.parse().map_err(|_| Error::NotFound)?;
    let date: Date = form.date.parse().map_err(|_| Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let (Ok(to_date), Ok(to_time)) = (form.to_date.parse(), form.to_time.parse()) else {
        let refused = [UserError::general(ErrorCode::Invalid, "Choose a day and a time to move it to.")];
        return place_page(visit, series_id, None, form.typed(&refused, Vec::new()), None).await;
    };
    let input = MoveOccurrenceInput { series_id, date, to_date, to_time };
    match single::shift(&visit.http.app, &therapist, input).await {
        Ok(_) => Ok(form.done(series_id, if form.again == "yes" { "again" } else { "moved" })),
        Err(Error::Refused(refused)) => {
            place_page(visit, series_id, None, form.typed(&refused, Vec::new()), None).await
        }
        Err(Error::Overlap) => {
            let free = free_near(visit, series_id, Some(to_date)).await?;
            let message = "Something is in the way at that time, so nothing was moved.";
            let refused = [UserError::general(ErrorCode::SlotTaken, message)];
            place_page(visit, series_id, None, form.typed(&refused, free), None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The end of a place as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct EndForm {
    last_on: String,
}

/// Ends a standing place.
pub(super) async fn end(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<EndForm>,
) -> Result<Response, Fault> {
    let series_id: SeriesId = id.parse().map_err(|_| Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let mut wrong = Wrong::default();
    let last_on = wrong.perhaps(&form.last_on, |text| text.parse().ok(), "last-on", A_DAY);
    if wrong.0.is_empty() {
        match end::end(&visit.http.app, &therapist, EndSeriesInput { series_id, last_on }).await {
            Ok(_) => return Ok(see_other("/admin/series?done=ended")),
            Err(Error::Refused(refused)) => wrong.0 = problems(&refused, |_| None),
            Err(error) => return Err(error.into()),
        }
    }
    let typed = TypedMove { problems: wrong.0, ..TypedMove::default() };
    place_page(visit, series_id, None, typed, None).await
}

/// Leaves a date of one's own place out that is further ahead than the calendar.
pub(super) async fn skip_own(
    ClientVisit(visit): ClientVisit,
    Path((id, date)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let series_id: SeriesId = id.parse().map_err(|_| Error::NotFound)?;
    let date: Date = date.parse().map_err(|_| Error::NotFound)?;
    let input = SkipOccurrenceInput { series_id, date, reason: None };
    match single::skip(&visit.http.app, visit.viewer()?, input).await {
        Ok(_) => Ok(see_other("/portal?done=skipped")),
        Err(Error::Refused(refused)) => own_skip_page(&visit, series_id, date, problems(&refused, |_| None)).await,
        Err(error) => Err(error.into()),
    }
}
