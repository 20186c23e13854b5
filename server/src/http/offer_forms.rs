//! The forms of session types: what they are, whether they are offered, in which order they stand.

use super::fault::Fault;
use super::form::{once, problems};
use super::offer_pages::{Typed, session_type, type_page};
use super::pages::gate::{StaffVisit, see_other};
use super::series_forms::Wrong;
use crate::error::{Error, Result as Outcome};
use crate::features::practice::session_types::{self, ArrangeSessionTypesInput, RetireSessionTypeInput};
use crate::features::practice::{self, Catalogue};
use app::admin::offer::TypedType;
use app::ui::form::{Problem, read};
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::{RoomId, SessionTypeId};
use shared::intake::Missing;
use shared::money::Currency;
use shared::payment::read_amount;
use shared::practice::{Gate, Modality, Prepay};
use shared::session_type::{SaveSessionTypeInput, read_hours};
use std::collections::BTreeMap;

pub(super) const A_NUMBER: &str = "Write a whole number.";
pub(super) const AN_AMOUNT: &str = "Write an amount like 95 or 95.50.";
const A_CHOICE: &str = "Choose one of these.";

/// A session type as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct TypeForm {
    name: String,
    slug: String,
    summary: String,
    description: String,
    gate: String,
    modality: String,
    minutes: String,
    buffer_before: String,
    buffer_after: String,
    grid: String,
    notice: String,
    horizon: String,
    per_day: String,
    price: String,
    currency: String,
    prepay: String,
    deposit: String,
    visible: String,
    closes: String,
    key: String,
    /// Whether the form had a box for every room.
    rooms: String,
    /// Whether the form had a box for everything a session may wait for.
    waits: String,
    /// The boxes that are ticked: `room-` and its id, `waits-` and what for.
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

/// The fields of an input and the ids of the fields they are typed in, in the order of the form.
const FIELDS: [(&str, &str); 19] = [
    ("name", "name"),
    ("slug", "slug"),
    ("summary", "summary"),
    ("description", "description"),
    ("gate", "gate"),
    ("modality", "modality"),
    ("roomIds", "rooms"),
    ("minutes", "minutes"),
    ("bufferBefore", "buffer-before"),
    ("bufferAfter", "buffer-after"),
    ("gridMinutes", "grid"),
    ("noticeMinutes", "notice"),
    ("horizonDays", "horizon"),
    ("perDay", "per-day"),
    ("priceAmount", "price"),
    ("priceCurrency", "currency"),
    ("prepay", "prepay"),
    ("depositAmount", "deposit"),
    ("closesToNewPeople", "closes"),
];

/// The id of the field an input's field is typed in.
fn field_id(name: &str) -> Option<&'static str> {
    FIELDS.iter().find(|(known, _)| *known == name).map(|(_, id)| *id)
}

impl TypeForm {
    /// The rooms that are ticked.
    fn rooms(&self) -> Vec<RoomId> {
        self.others.keys().filter_map(|name| name.strip_prefix("room-")?.parse().ok()).collect()
    }

    /// What is ticked of what its first session waits for.
    fn waits_for(&self) -> Vec<Missing> {
        self.others.keys().filter_map(|name| read(name.strip_prefix("waits-")?)).collect()
    }

    /// What the form asks for, with what cannot be read of it. A field that cannot be read holds something harmless, so
    /// that the rest is looked at too.
    fn input(&self, id: Option<SessionTypeId>) -> (SaveSessionTypeInput, Vec<Problem>) {
        let mut wrong = Wrong::default();
        let mut number = |typed: &str, field: &str, harmless: i64| {
            wrong.read(typed.trim().parse().ok(), field, A_NUMBER).unwrap_or(harmless)
        };
        let minutes = number(&self.minutes, "minutes", 50);
        let buffer_before = number(&self.buffer_before, "buffer-before", 0);
        let buffer_after = number(&self.buffer_after, "buffer-after", 0);
        let grid_minutes = number(&self.grid, "grid", 30);
        let notice = wrong.read(read_hours(&self.notice), "notice", "Write hours like 24, or 0.5 for half an hour.");
        let mut number = |typed: &str, field: &str, harmless: i64| {
            wrong.read(typed.trim().parse().ok(), field, A_NUMBER).unwrap_or(harmless)
        };
        let horizon_days = number(&self.horizon, "horizon", 400);
        let per_day = wrong.perhaps(&self.per_day, |typed| typed.parse().ok(), "per-day", A_NUMBER);
        let price_amount = wrong.read(read_amount(&self.price), "price", AN_AMOUNT);
        let prepay = wrong.read(read::<Prepay>(&self.prepay), "prepay", A_CHOICE).unwrap_or(Prepay::Nothing);
        let deposit_amount = wrong.perhaps(&self.deposit, read_amount, "deposit", AN_AMOUNT);
        let is_read = price_amount.is_some() && (deposit_amount.is_some() || self.deposit.trim().is_empty());
        let input = SaveSessionTypeInput {
            session_type_id: id,
            name: self.name.clone(),
            slug: Some(self.slug.trim().to_owned()),
            summary: self.summary.clone(),
            description: paragraphs(&self.description),
            gate: wrong.read(read::<Gate>(&self.gate), "gate", A_CHOICE).unwrap_or(Gate::Clients),
            modality: wrong.read(read::<Modality>(&self.modality), "modality", A_CHOICE).unwrap_or(Modality::Online),
            room_ids: (self.rooms == "asked").then(|| self.rooms()),
            waits_for: (self.waits == "asked").then(|| self.waits_for()),
            minutes,
            buffer_before,
            buffer_after,
            grid_minutes,
            notice_minutes: notice.unwrap_or(0),
            horizon_days,
            per_day,
            price_amount: price_amount.unwrap_or(0),
            price_currency: wrong.read(read::<Currency>(&self.currency), "currency", A_CHOICE).unwrap_or(Currency::Eur),
            // Whether a deposit fits is only to be said of one that can be read.
            prepay: if is_read { prepay } else { Prepay::Nothing },
            deposit_amount: deposit_amount.unwrap_or(0),
            visible: self.visible == "yes",
            closes_to_new_people: (self.closes == "yes").then_some(true),
            idempotency_key: Some(self.key.clone()).filter(|key| !key.is_empty()),
        };
        (input, wrong.0)
    }

    fn typed(self, problems: Vec<Problem>, key: String) -> TypedType {
        let (rooms, waits_for) = (self.rooms(), self.waits_for());
        TypedType {
            rooms,
            waits_for,
            name: self.name,
            slug: self.slug,
            summary: self.summary,
            description: self.description,
            gate: self.gate,
            modality: self.modality,
            minutes: self.minutes,
            buffer_before: self.buffer_before,
            buffer_after: self.buffer_after,
            grid: self.grid,
            notice: self.notice,
            horizon: self.horizon,
            per_day: self.per_day,
            price: self.price,
            currency: self.currency,
            prepay: self.prepay,
            deposit: self.deposit,
            visible: self.visible == "yes",
            key,
            problems,
        }
    }
}

/// Paragraphs as somebody types them: an empty line parts them.
fn paragraphs(typed: &str) -> Vec<String> {
    let typed = typed.replace("\r\n", "\n");
    typed.split("\n\n").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

/// Adds a session type.
pub(super) async fn add(staff: StaffVisit, Form(form): Form<TypeForm>) -> Result<Response, Fault> {
    save(staff, None, form).await
}

/// Changes a session type.
pub(super) async fn change(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<TypeForm>,
) -> Result<Response, Fault> {
    save(staff, Some(session_type(&id)?), form).await
}

async fn save(staff: StaffVisit, id: Option<SessionTypeId>, form: TypeForm) -> Result<Response, Fault> {
    let (by, visit) = (staff.therapist().await?.user_id, &staff.visit);
    let (input, mut wrong) = form.input(id);
    let refused = match wrong.is_empty() {
        true => match session_types::save(&visit.http.app, by, input).await {
            Ok(saved) => {
                let done = if id.is_some() { "saved" } else { "added" };
                return Ok(see_other(&format!("/admin/session-types/{saved}?done={done}")));
            }
            Err(Error::Refused(refused)) => refused,
            Err(error) => return Err(error.into()),
        },
        false => input.problems(),
    };
    wrong.extend(problems(&refused, field_id));
    // In the order in which they are read, whoever found them.
    wrong.sort_by_key(|it| FIELDS.iter().position(|(_, id)| it.field.as_deref() == Some(*id)));
    let form = Some(form.typed(wrong, once()?));
    type_page(visit, id, Typed { form, ..Typed::default() }, None).await
}

/// What is said before a session type goes.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RetireForm {
    closes: String,
}

/// Stops offering a session type.
pub(super) async fn retire(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<RetireForm>,
) -> Result<Response, Fault> {
    let (by, visit, id) = (staff.therapist().await?.user_id, &staff.visit, session_type(&id)?);
    let closes_to_new_people = (form.closes == "yes").then_some(true);
    let input = RetireSessionTypeInput { session_type_id: id, closes_to_new_people };
    match session_types::retire(&visit.http.app, by, input).await {
        Ok(_) => Ok(see_other("/admin/session-types?done=retired")),
        Err(Error::Refused(refused)) => {
            let kept = problems(&refused, field_id);
            type_page(visit, Some(id), Typed { kept, ..Typed::default() }, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Offers a session type again.
pub(super) async fn restore(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    let (by, id) = (staff.therapist().await?.user_id, session_type(&id)?);
    known(session_types::restore(&staff.visit.http.app, by, id).await)?;
    Ok(see_other("/admin/session-types?done=restored"))
}

/// Moves a session type up in the list.
pub(super) async fn up(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    step(staff, &id, |place| place.checked_sub(1)).await
}

/// Moves a session type down in the list.
pub(super) async fn down(staff: StaffVisit, Path(id): Path<String>) -> Result<Response, Fault> {
    step(staff, &id, |place| Some(place + 1)).await
}

async fn step(staff: StaffVisit, id: &str, to: impl Fn(usize) -> Option<usize>) -> Result<Response, Fault> {
    let (by, id) = (staff.therapist().await?.user_id, session_type(id)?);
    let app = &staff.visit.http.app;
    let catalogue = practice::catalogue(app).await?;
    let mut session_type_ids = offered(&catalogue);
    let place = session_type_ids.iter().position(|other| *other == id).ok_or(Error::NotFound)?;
    if let Some(other) = to(place).filter(|other| *other < session_type_ids.len()) {
        session_type_ids.swap(place, other);
        known(session_types::arrange(app, by, ArrangeSessionTypesInput { session_type_ids }).await)?;
    }
    Ok(see_other("/admin/session-types?done=arranged"))
}

fn offered(catalogue: &Catalogue) -> Vec<SessionTypeId> {
    catalogue.offered().map(|session_type| session_type.id).collect()
}

/// What a button did; one that is about nothing we know is a page that is not there.
pub(super) fn known<T>(outcome: Outcome<T>) -> Outcome<T> {
    outcome.map_err(|error| if matches!(error, Error::Refused(_)) { Error::NotFound } else { error })
}
