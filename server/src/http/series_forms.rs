//! The forms that make and change a standing place.

use super::fault::Fault;
use super::form::problems;
use super::pages::gate::{StaffVisit, see_other};
use super::pages::series::{list_page, place_page};
use super::visit::Visit;
use crate::error::Error;
use crate::features::series::change::{self, ChangeSeriesInput};
use crate::features::series::create::{self, CreateSeriesInput};
use crate::features::series::single;
use app::admin::place::{TypedChange, TypedMove, read_amount, read_modality, read_scope};
use app::admin::series::{FreeSlot, TypedSeries, client_id, read_cadence, read_weekday};
use app::ui::form::Problem;
use async_graphql::MaybeUndefined;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::SeriesId;
use shared::series::Scope;
use shared::time::{Date, LocalTime};

/// A new place as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct CreateForm {
    client: String,
    session_type: String,
    cadence: String,
    starts_on: String,
    time: String,
    ends_on: String,
    minutes: String,
    price: String,
    key: String,
}

/// What is wrong with a form before anybody is asked.
#[derive(Default)]
pub(super) struct Wrong(pub(super) Vec<Problem>);

impl Wrong {
    pub(super) fn say(&mut self, field: &str, message: &str) {
        self.0.push(Problem { field: Some(field.into()), message: message.into() });
    }

    /// What a required field holds.
    pub(super) fn read<T>(&mut self, read: Option<T>, field: &str, message: &str) -> Option<T> {
        if read.is_none() {
            self.say(field, message);
        }
        read
    }

    /// What a field holds that may be empty.
    pub(super) fn perhaps<T>(
        &mut self,
        text: &str,
        read: impl Fn(&str) -> Option<T>,
        field: &str,
        message: &str,
    ) -> Option<T> {
        if text.trim().is_empty() {
            return None;
        }
        self.read(read(text.trim()), field, message)
    }
}

pub(super) const A_DAY: &str = "Choose a day.";
const A_TIME: &str = "Write a time like 09:30.";
const AN_AMOUNT: &str = "Write an amount like 75 or 75.50.";
const A_LENGTH: &str = "Write how many minutes it lasts.";

/// The ids of the fields of both large forms, by the names of their inputs.
fn field_id(name: &str) -> Option<&'static str> {
    match name {
        "clientId" => Some("client"),
        "sessionTypeId" => Some("session-type"),
        "cadence" => Some("cadence"),
        "weekday" => Some("weekday"),
        "startsOn" => Some("starts-on"),
        "endsOn" => Some("ends-on"),
        "time" => Some("time"),
        "minutes" => Some("minutes"),
        "modality" => Some("modality"),
        "priceAmount" => Some("price"),
        "date" => Some("date"),
        _ => None,
    }
}

/// Makes a standing place.
pub(super) async fn create(staff: StaffVisit, Form(form): Form<CreateForm>) -> Result<Response, Fault> {
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let app = &visit.http.app;
    let mut wrong = Wrong::default();
    let client = wrong.read(client_id(&form.client), "client", "Choose a client.");
    let session_type = wrong.read(form.session_type.parse().ok(), "session-type", "Choose a session.");
    let cadence = wrong.read(read_cadence(&form.cadence), "cadence", "Choose how often.");
    let starts_on = wrong.read(form.starts_on.parse().ok(), "starts-on", A_DAY);
    let time = wrong.read(form.time.parse().ok(), "time", A_TIME);
    let ends_on = wrong.perhaps(&form.ends_on, |text| text.parse().ok(), "ends-on", A_DAY);
    let minutes = wrong.perhaps(&form.minutes, |text| text.parse().ok(), "minutes", A_LENGTH);
    let price_amount = wrong.perhaps(&form.price, read_amount, "price", AN_AMOUNT);
    let mut alternatives = Vec::new();
    if let (Some(client_id), Some(session_type_id), Some(cadence), Some(starts_on), Some(time), true) =
        (client, session_type, cadence, starts_on, time, wrong.0.is_empty())
    {
        let input = CreateSeriesInput {
            client_id,
            session_type_id,
            cadence,
            starts_on,
            weekday: None,
            time,
            ends_on,
            minutes,
            modality: None,
            price_amount,
            price_currency: None,
            idempotency_key: Some(form.key.clone()).filter(|key| !key.is_empty()),
        };
        match create::create(app, &therapist, input.clone()).await {
            Ok((_, settled)) if settled.conflicts.is_empty() => return Ok(see_other("/admin/series?done=created")),
            Ok(_) => return Ok(see_other("/admin/series?done=conflicts")),
            Err(Error::Overlap) => {
                let free = create::alternatives(app, &therapist, &input).await?;
                alternatives = free.iter().map(|slot| slot.starts_at).collect();
                wrong.say("time", "Something is in the way of the first session at that time.");
            }
            Err(Error::Refused(refused)) => wrong.0 = problems(&refused, field_id),
            Err(error) => return Err(error.into()),
        }
    }
    let typed = TypedSeries {
        client: form.client,
        session_type: form.session_type,
        cadence: form.cadence,
        starts_on: form.starts_on,
        time: form.time,
        ends_on: form.ends_on,
        minutes: form.minutes,
        price: form.price,
        alternatives,
        problems: wrong.0,
    };
    list_page(visit, typed, "", None).await
}

/// A change as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct ChangeForm {
    scope: String,
    date: String,
    cadence: String,
    weekday: String,
    time: String,
    minutes: String,
    modality: String,
    price: String,
    ends_on: String,
}

/// Changes a standing place.
pub(super) async fn change(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Result<Response, Fault> {
    let id: SeriesId = id.parse().map_err(|_| Error::NotFound)?;
    let (therapist, visit) = (staff.therapist().await?, &staff.visit);
    let app = &visit.http.app;
    let mut wrong = Wrong::default();
    let scope = wrong.read(read_scope(&form.scope), "scope", "Choose how far the change reaches.");
    let date: Option<Date> = form.date.parse().ok();
    let cadence = wrong.read(read_cadence(&form.cadence), "cadence", "Choose how often.");
    let weekday = wrong.read(read_weekday(&form.weekday), "weekday", "Choose a day of the week.");
    let time = wrong.read(form.time.parse::<LocalTime>().ok(), "time", A_TIME);
    let minutes = wrong.read(form.minutes.trim().parse().ok(), "minutes", A_LENGTH);
    let modality = wrong.read(read_modality(&form.modality), "modality", "Choose how it takes place.");
    let price = wrong.perhaps(&form.price, read_amount, "price", AN_AMOUNT);
    let ends_on = wrong.perhaps(&form.ends_on, |text| text.parse().ok(), "ends-on", A_DAY);
    let mut alternatives = Vec::new();
    if let (Some(scope), true) = (scope, wrong.0.is_empty()) {
        let input = ChangeSeriesInput {
            series_id: id,
            scope,
            date: date.filter(|_| scope != Scope::All),
            cadence,
            weekday,
            time,
            minutes,
            modality,
            price_amount: price.map_or(MaybeUndefined::Null, MaybeUndefined::Value),
            price_currency: None,
            ends_on: ends_on.map_or(MaybeUndefined::Null, MaybeUndefined::Value),
            to_date: None,
        };
        match change::change(app, &therapist, input).await {
            Ok((_, settled)) if settled.conflicts.is_empty() => return Ok(see_other("/admin/series?done=changed")),
            Ok(_) => return Ok(see_other("/admin/series?done=conflicts")),
            Err(Error::Overlap) => {
                alternatives = free_near(visit, id, date).await?;
                wrong.say("time", "Something is in the way at that time.");
            }
            Err(Error::Refused(refused)) => wrong.0 = problems(&refused, field_id),
            Err(error) => return Err(error.into()),
        }
    }
    let typed = TypedChange {
        scope: form.scope,
        date: form.date,
        cadence: form.cadence,
        weekday: form.weekday,
        time: form.time,
        minutes: form.minutes,
        modality: form.modality,
        price: form.price,
        ends_on: form.ends_on,
        alternatives,
        problems: wrong.0,
    };
    place_page(visit, id, Some(typed), TypedMove::default(), None).await
}

/// The free starts near a day of a place.
pub(super) async fn free_near(visit: &Visit, id: SeriesId, date: Option<Date>) -> Result<Vec<FreeSlot>, Fault> {
    let free = single::alternatives_on(&visit.http.app, id, date).await?;
    Ok(free.iter().map(|slot| FreeSlot { starts_at: slot.starts_at }).collect())
}
