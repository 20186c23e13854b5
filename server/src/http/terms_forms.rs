//! The forms of what a session type costs beside its list price: by class, and in packages.

use super::fault::Fault;
use super::form::{once, problems};
use super::offer_forms::{A_NUMBER, AN_AMOUNT, known};
use super::offer_pages::{Typed, session_type, type_page};
use super::pages::gate::{StaffVisit, see_other};
use super::series_forms::Wrong;
use crate::error::Error;
use crate::features::money::{packages, prices};
use app::admin::offer::{TypedPackage, TypedPrices};
use app::ui::form::read;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use shared::ids::{PackageId, SessionTypeId};
use shared::money::{Currency, Money};
use shared::package::OfferPackageInput;
use shared::payment::read_amount;
use shared::price::PriceClass;
use shared::problem::UserError;
use shared::session_type::price_problem;

/// Prices by class as they come from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct PricesForm {
    domestic: String,
    domestic_currency: String,
    international: String,
    international_currency: String,
}

/// Sets the prices by class, or takes them back.
pub(super) async fn prices(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<PricesForm>,
) -> Result<Response, Fault> {
    let (visit, id) = (&staff.visit, session_type(&id)?);
    staff.therapist().await?;
    let mut wrong = Wrong::default();
    let mut price = |amount: &str, currency: &str, field: &'static str| {
        let amount = wrong.perhaps(amount, read_amount, field, AN_AMOUNT);
        if let Some(problem) = amount.and_then(|amount| price_problem(field, amount)) {
            wrong.say(field, &problem.message);
        }
        amount.map(|amount| Money { amount, currency: read(currency).unwrap_or(Currency::Eur) })
    };
    let asked = [
        (PriceClass::Domestic, price(&form.domestic, &form.domestic_currency, "domestic")),
        (PriceClass::International, price(&form.international, &form.international_currency, "international")),
    ];
    if wrong.0.is_empty() {
        for (class, price) in asked {
            known(prices::set_class_price(&visit.http.app, staff.viewer, id, class, price).await)?;
        }
        return Ok(see_other(&format!("/admin/session-types/{id}?done=prices")));
    }
    let prices = TypedPrices {
        domestic: (form.domestic, form.domestic_currency),
        international: (form.international, form.international_currency),
        problems: wrong.0,
    };
    type_page(visit, Some(id), Typed { prices: Some(prices), ..Typed::default() }, None).await
}

/// A package as it comes from the form.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct PackageForm {
    package_name: String,
    package_units: String,
    package_days: String,
    package_price: String,
    package_currency: String,
    key: String,
}

/// The id of the field a package's field is typed in.
fn package_field(name: &str) -> Option<&'static str> {
    Some(match name {
        "name" => "package-name",
        "units" => "package-units",
        "validDays" => "package-days",
        "priceAmount" => "package-price",
        _ => return None,
    })
}

/// Puts a package on sale.
pub(super) async fn package(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(form): Form<PackageForm>,
) -> Result<Response, Fault> {
    let (by, visit, id) = (staff.therapist().await?.user_id, &staff.visit, session_type(&id)?);
    let mut wrong = Wrong::default();
    let units = wrong.read(form.package_units.trim().parse().ok(), "package-units", A_NUMBER);
    let valid_days = wrong.read(form.package_days.trim().parse().ok(), "package-days", A_NUMBER);
    let price = wrong.read(read_amount(&form.package_price), "package-price", AN_AMOUNT);
    let input = OfferPackageInput {
        session_type_id: id,
        name: form.package_name.clone(),
        units: units.unwrap_or(1),
        valid_days: valid_days.unwrap_or(1),
        price_amount: price.unwrap_or(0),
        price_currency: read(&form.package_currency).unwrap_or(Currency::Eur),
        idempotency_key: Some(form.key.clone()).filter(|key| !key.is_empty()),
    };
    let refused: Vec<UserError> = match wrong.0.is_empty() {
        true => match packages::offer(&visit.http.app, by, input).await {
            Ok(_) => return Ok(see_other(&format!("/admin/session-types/{id}?done=package#packages"))),
            Err(Error::Refused(refused)) => refused,
            Err(error) => return Err(error.into()),
        },
        false => input.problems(),
    };
    wrong.0.extend(problems(&refused, package_field));
    let package = TypedPackage {
        name: form.package_name,
        units: form.package_units,
        days: form.package_days,
        price: form.package_price,
        currency: form.package_currency,
        key: once()?,
        problems: wrong.0,
    };
    type_page(visit, Some(id), Typed { package: Some(package), ..Typed::default() }, None).await
}

/// Of which session type a package is, so that the answer is its page.
#[derive(Deserialize)]
pub(super) struct OfType {
    r#type: SessionTypeId,
}

/// Takes a package off sale.
pub(super) async fn retire_package(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(of): Form<OfType>,
) -> Result<Response, Fault> {
    set_on_sale(staff, &id, of, false).await
}

/// Puts a package on sale again.
pub(super) async fn restore_package(
    staff: StaffVisit,
    Path(id): Path<String>,
    Form(of): Form<OfType>,
) -> Result<Response, Fault> {
    set_on_sale(staff, &id, of, true).await
}

async fn set_on_sale(staff: StaffVisit, id: &str, of: OfType, is_on_sale: bool) -> Result<Response, Fault> {
    let id: PackageId = id.parse().map_err(|_| Error::NotFound)?;
    let by = staff.therapist().await?.user_id;
    known(packages::set_on_sale(&staff.visit.http.app, by, id, is_on_sale).await)?;
    let done = if is_on_sale { "package" } else { "package-retired" };
    Ok(see_other(&format!("/admin/session-types/{}?done={done}#packages", of.r#type)))
}
