//! What a therapist does with one client, from plain forms: a session, a price, a package.

use super::fault::Fault;
use super::form::problems;
use super::pages::admin::{Refused, client_page};
use super::pages::gate::{StaffVisit, see_other};
use super::series_forms::{A_DAY, Wrong};
use crate::error::Error;
use crate::features::bookings::create::{self, CreateBookingInput};
use crate::features::bookings::{self, Seeker};
use crate::features::clients::price_class::{self, SetPriceClassInput};
use crate::features::clients::{self, Client};
use crate::features::money::agreements::{self, AgreePriceInput};
use crate::features::money::purchases::{self, SellPackageInput, TakePackageBackInput};
use crate::features::practice::{self, Therapist, zones};
use app::admin::client::account::TypedAccount;
use app::admin::client::book::TypedBooking;
use app::ui::form::{Problem, read};
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::{AgreementId, ClientId, PurchaseId, SessionTypeId};
use shared::ledger::Unit;
use shared::money::Currency;
use shared::payment::read_amount;
use shared::practice::Modality;
use shared::time::{Date, Instant, LocalTime};

fn back(client: ClientId, done: &str) -> Response {
    see_other(&format!("/admin/clients/{client}?done={done}"))
}

/// The therapist who visits, and the client of hers that the address names.
async fn own(staff: &StaffVisit, id: &str) -> Result<(Therapist, Client), Fault> {
    let id: ClientId = id.parse().map_err(|_| Error::NotFound)?;
    let therapist = staff.therapist().await?;
    let client = clients::of_therapist(&staff.visit.http.app, id, therapist.id).await?;
    Ok((therapist, client))
}

/// A session, as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct BookForm {
    book_type: String,
    book_minutes: String,
    book_how: String,
    book_room: String,
    book_date: String,
    book_time: String,
    book_over: String,
    nearest: String,
    key: String,
}

/// Puts a session in the calendar.
pub(super) async fn book(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<BookForm>,
) -> Result<Response, Fault> {
    let (therapist, client) = own(&staff, &id).await?;
    let (visit, app) = (&staff.visit, &staff.visit.http.app);
    let mut wrong = Wrong::default();
    let session_type: Option<SessionTypeId> =
        wrong.read(form.book_type.parse().ok(), "book-type", "Choose what it is.");
    let minutes = wrong.perhaps(&form.book_minutes, |text| text.parse().ok(), "book-minutes", "Write a whole number.");
    let modality = wrong.perhaps(&form.book_how, read::<Modality>, "book-how", "Choose how it takes place.");
    let room_id = wrong.perhaps(&form.book_room, |text| text.parse().ok(), "book-room", "Choose a room.");
    let starts_at = match form.nearest.parse::<Instant>() {
        Ok(chosen) => Some(chosen),
        Err(_) => {
            let date: Option<Date> = wrong.read(form.book_date.parse().ok(), "book-date", A_DAY);
            let time: Option<LocalTime> =
                wrong.read(form.book_time.parse().ok(), "book-time", "Write a time like 09:30.");
            let catalogue = practice::catalogue(app).await?;
            let zone = zones::find("startsAt", &catalogue.practice.time_zone, app.clock.now())?;
            date.zip(time).map(|(date, time)| zone.resolve(date, time).at)
        }
    };
    let mut typed = TypedBooking {
        session_type: form.book_type,
        minutes: form.book_minutes,
        how: form.book_how,
        room: form.book_room,
        date: form.book_date,
        time: form.book_time,
        over: form.book_over.clone(),
        ..TypedBooking::default()
    };
    if let (Some(session_type_id), Some(starts_at), true) = (session_type, starts_at, wrong.0.is_empty()) {
        let input = CreateBookingInput {
            client_id: client.id,
            session_type_id,
            starts_at,
            minutes,
            modality,
            room_id,
            override_reason: Some(form.book_over).filter(|reason| !reason.trim().is_empty()),
            idempotency_key: Some(form.key).filter(|key| !key.is_empty()),
        };
        match create::create(app, input, &therapist).await {
            Ok(_) => return Ok(back(client.id, "booked")),
            Err(Error::Overlap) => {
                wrong.say("book-time", "Something else is at that time.");
                typed.is_in_the_way = true;
            }
            Err(Error::Refused(refused)) => wrong.0 = problems(&refused, field_of_booking),
            Err(error) => return Err(error.into()),
        }
        let is_about_time = wrong.0.iter().any(|problem| problem.field.as_deref() == Some("book-time"));
        if is_about_time {
            let wanted = Some(therapist.id);
            let free = bookings::nearest_free(app, &Seeker::Staff, session_type_id, wanted, starts_at).await?;
            typed.nearest = free.into_iter().map(|slot| slot.starts_at).collect();
        }
    }
    typed.problems = wrong.0;
    client_page(visit, client.id, Refused { booking: Some(typed), ..Refused::default() }, None).await
}

fn field_of_booking(field: &str) -> Option<&'static str> {
    match field {
        "sessionTypeId" => Some("book-type"),
        "startsAt" => Some("book-time"),
        "minutes" => Some("book-minutes"),
        "roomId" => Some("book-room"),
        "overrideReason" => Some("book-over"),
        _ => None,
    }
}

/// A price, as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct PriceForm {
    price_type: String,
    price_amount: String,
    price_currency: String,
    price_starts_on: String,
    price_review_on: String,
    price_note: String,
}

/// Agrees a price.
pub(super) async fn agree(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<PriceForm>,
) -> Result<Response, Fault> {
    let (_, client) = own(&staff, &id).await?;
    let mut wrong = Wrong::default();
    let amount = wrong.read(read_amount(&form.price_amount), "price-amount", "Type an amount like 60 or 60.50.");
    let currency = Currency::ALL.into_iter().find(|it| Unit::Of(*it).code() == form.price_currency);
    let currency = wrong.read(currency, "price-currency", "Choose a currency.");
    let day = |text: &str| text.parse::<Date>().ok();
    let starts_on = wrong.perhaps(&form.price_starts_on, day, "price-starts-on", A_DAY);
    let review_on = wrong.perhaps(&form.price_review_on, day, "price-review-on", A_DAY);
    let session_type_id =
        wrong.perhaps(&form.price_type, |text| text.parse().ok(), "price-type", "Choose what it is for.");
    if let (Some(amount), Some(currency), true) = (amount, currency, wrong.0.is_empty()) {
        let note = Some(form.price_note.replace("\r\n", "\n")).filter(|note| !note.trim().is_empty());
        let input =
            AgreePriceInput { client_id: client.id, session_type_id, amount, currency, starts_on, review_on, note };
        match agreements::agree(&staff.visit.http.app, staff.viewer, &client, input).await {
            Ok(_) => return Ok(back(client.id, "agreed")),
            Err(Error::Refused(refused)) => {
                wrong.0 = problems(&refused, |field| match field {
                    "amount" => Some("price-amount"),
                    "sessionTypeId" => Some("price-type"),
                    "startsOn" => Some("price-starts-on"),
                    "reviewOn" => Some("price-review-on"),
                    "note" => Some("price-note"),
                    _ => None,
                });
            }
            Err(error) => return Err(error.into()),
        }
    }
    let typed = TypedAccount {
        session_type: form.price_type,
        amount: form.price_amount,
        currency: form.price_currency,
        starts_on: form.price_starts_on,
        review_on: form.price_review_on,
        note: form.price_note,
        price_problems: wrong.0,
        ..TypedAccount::default()
    };
    client_page(&staff.visit, client.id, Refused { account: Some(typed), ..Refused::default() }, None).await
}

/// Ends an agreement.
pub(super) async fn end_agreement(
    staff: StaffVisit,
    Path((id, agreement)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (_, client) = own(&staff, &id).await?;
    let agreement: AgreementId = agreement.parse().map_err(|_| Error::NotFound)?;
    match agreements::end(&staff.visit.http.app, staff.viewer, &client, agreement).await {
        // What has ended already is as it should be.
        Ok(()) | Err(Error::Refused(_)) => Ok(back(client.id, "price-ended")),
        Err(error) => Err(error.into()),
    }
}

/// A price list, as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct ClassForm {
    price_class: String,
}

/// Says which price list a client pays by.
pub(super) async fn set_price_class(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<ClassForm>,
) -> Result<Response, Fault> {
    let (therapist, client) = own(&staff, &id).await?;
    let price_class = read(&form.price_class).ok_or(Error::NotFound)?;
    let input = SetPriceClassInput { client_id: client.id, price_class };
    price_class::set(&staff.visit.http.app, &therapist, input).await?;
    Ok(back(client.id, "price-list"))
}

/// A sale, as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct SellForm {
    package: String,
    key: String,
}

/// Sells a package.
pub(super) async fn sell(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<SellForm>,
) -> Result<Response, Fault> {
    let (_, client) = own(&staff, &id).await?;
    let mut wrong = Wrong::default();
    let package = wrong.read(form.package.parse().ok(), "package", "Choose a package.");
    if let Some(package_id) = package {
        let idempotency_key = Some(form.key).filter(|key| !key.is_empty());
        let input = SellPackageInput { client_id: client.id, package_id, idempotency_key };
        match purchases::sell(&staff.visit.http.app, staff.viewer, &client, input).await {
            Ok(_) => return Ok(back(client.id, "sold")),
            Err(Error::Refused(refused)) => wrong.0 = problems(&refused, about_package),
            Err(error) => return Err(error.into()),
        }
    }
    let typed = TypedAccount { package: form.package, package_problems: wrong.0, ..TypedAccount::default() };
    client_page(&staff.visit, client.id, Refused { account: Some(typed), ..Refused::default() }, None).await
}

/// Why a package is taken back, as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct BackForm {
    reason: String,
}

/// Takes back what is left of a package.
pub(super) async fn take_back(
    staff: StaffVisit,
    Path((id, purchase)): Path<(String, String)>,
    Form(form): Form<BackForm>,
) -> Result<Response, Fault> {
    let (therapist, client) = own(&staff, &id).await?;
    let purchase_id: PurchaseId = purchase.parse().map_err(|_| Error::NotFound)?;
    let input = TakePackageBackInput { purchase_id, reason: form.reason.clone() };
    let wrong = match purchases::take_back(&staff.visit.http.app, &therapist, input).await {
        Ok(_) => return Ok(back(client.id, "taken-back")),
        Err(Error::Refused(refused)) => refused,
        Err(error) => return Err(error.into()),
    };
    let field = Some(format!("back-{purchase_id}"));
    let back_problems = wrong.into_iter().map(|it| Problem { field: field.clone(), message: it.message }).collect();
    let typed =
        TypedAccount { back: Some(purchase_id), back_reason: form.reason, back_problems, ..TypedAccount::default() };
    client_page(&staff.visit, client.id, Refused { account: Some(typed), ..Refused::default() }, None).await
}

fn about_package(field: &str) -> Option<&'static str> {
    (field == "packageId").then_some("package")
}

/// What is said of something just done, as the address says it.
pub(super) fn done(word: &str) -> Option<&'static str> {
    match word {
        "booked" => Some("It is in the calendar. They are told in a few minutes."),
        "agreed" => Some("The price is agreed. It counts for sessions booked from now on."),
        "price-ended" => Some("That price has ended. Sessions booked before keep it."),
        "price-list" => Some("The price list is noted. It counts for sessions booked from now on."),
        "sold" => Some("The package is theirs. Its price is on their bills."),
        "taken-back" => Some("It is taken back. What was paid for it stands on their account as credit."),
        _ => None,
    }
}
