//! The forms of being away and of public holidays.

use super::fault::Fault;
use super::form::{one_of, problems};
use super::pages::gate::{StaffVisit, see_other};
use super::pages::series::absence_page;
use crate::error::Error;
use crate::features::series::absence::{self, ConfirmAbsenceInput, MakeUpInput};
use crate::features::series::holidays::{self, ChooseHolidaysInput};
use crate::features::series::make_up::OfferMakeUpInput;
use app::admin::absence::TypedAbsence;
use axum::extract::Path;
use axum::response::Response;
use shared::holidays::HolidaySet;
use shared::ids::BookingId;
use shared::time::{Date, Instant};
use std::collections::HashMap;

/// An absence as it comes from its second step: a field for each session, named after it.
#[derive(Default)]
struct AbsenceForm {
    single: HashMap<String, String>,
    bookings: Vec<BookingId>,
    make_ups: Vec<MakeUpInput>,
    /// The sessions in place of which times are to be offered, and the times of each.
    offers: Vec<BookingId>,
    offered: HashMap<BookingId, Vec<Instant>>,
    /// What was chosen, as it was sent.
    chosen: Vec<(String, String)>,
}

impl AbsenceForm {
    fn offers(&self) -> Vec<OfferMakeUpInput> {
        let times = |id: &BookingId| self.offered.get(id).cloned().unwrap_or_default();
        self.offers.iter().map(|id| OfferMakeUpInput { booking_id: *id, starts_at: times(id) }).collect()
    }
}

fn read_absence(body: &str) -> AbsenceForm {
    let mut form = AbsenceForm::default();
    for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
        if let Some(Ok(id)) = name.strip_prefix("offer-").map(str::parse::<BookingId>) {
            form.offered.entry(id).or_default().extend(value.parse::<Instant>().ok());
            continue;
        }
        if name.starts_with("make-up-") {
            form.chosen.push((name.clone().into_owned(), value.clone().into_owned()));
        }
        match name.strip_prefix("make-up-").map(str::parse::<BookingId>) {
            Some(Ok(booking_id)) if value == "offer" => form.offers.push(booking_id),
            Some(Ok(booking_id)) => {
                if let Ok(starts_at) = value.parse::<Instant>() {
                    form.make_ups.push(MakeUpInput { booking_id, starts_at });
                }
            }
            _ if name == "booking" => form.bookings.extend(value.parse::<BookingId>().ok()),
            _ => drop(form.single.insert(name.into_owned(), value.into_owned())),
        }
    }
    form
}

/// Takes time off and does what follows from it.
pub(super) async fn confirm(staff: StaffVisit, body: String) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let form = read_absence(&body);
    let offers = form.offers();
    let AbsenceForm { mut single, bookings, make_ups, chosen, .. } = form;
    let mut take = |name: &str| single.remove(name).unwrap_or_default();
    let (from, to, from_time, to_time) = (take("from"), take("to"), take("from-time"), take("to-time"));
    let (note, key) = (take("note"), take("key"));
    let mut refused = Vec::new();
    if let (Ok(first), Ok(last)) = (from.parse::<Date>(), to.parse::<Date>()) {
        let input = ConfirmAbsenceInput {
            from: first,
            to: last,
            from_time: from_time.parse().ok(),
            to_time: to_time.parse().ok(),
            note: Some(note.clone()).filter(|note| !note.trim().is_empty()),
            booking_ids: bookings,
            make_ups,
            offers: Some(offers).filter(|offers| !offers.is_empty()),
            idempotency_key: Some(key).filter(|key| !key.is_empty()),
        };
        match absence::confirm(&visit.http.app, &therapist, input).await {
            Ok(_) => return Ok(see_other("/admin/absence?done=away")),
            Err(Error::Refused(said)) => refused = problems(&said, one_of(&["from", "to", "note"])),
            Err(error) => return Err(error.into()),
        }
    }
    let typed = TypedAbsence { from, to, from_time, to_time, note, chosen, problems: refused };
    absence_page(visit, typed, None).await
}

/// Chooses whose public holidays are asked about.
pub(super) async fn choose_holidays(staff: StaffVisit, body: String) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let sets = url::form_urlencoded::parse(body.as_bytes())
        .filter(|(name, _)| name == "set")
        .filter_map(|(_, code)| HolidaySet::read(&code))
        .collect();
    holidays::choose(&visit.http.app, &therapist, ChooseHolidaysInput { sets }).await?;
    Ok(see_other("/admin/absence?done=holidays"))
}

/// Says that she works on a public holiday.
pub(super) async fn keep_holiday(staff: StaffVisit, Path(date): Path<String>) -> Result<Response, Fault> {
    let date: Date = date.parse().map_err(|_| Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    match holidays::keep_open(&visit.http.app, &therapist, date).await {
        Ok(()) | Err(Error::Refused(_)) => Ok(see_other("/admin/absence?done=kept")),
        Err(error) => Err(error.into()),
    }
}
