//! What a session type costs beside its list price: by class, and in packages.

use super::edit::currencies;
use super::query::{OfferedType, PackageRow};
use super::typed::{TypedPackage, TypedPrices};
use crate::ui::fields::{Field, Select, field, hidden, select};
use crate::ui::form::error_summary;
use leptos::prelude::*;

/// The prices by class of one session type.
pub(super) fn prices(it: &OfferedType, typed: TypedPrices) -> impl IntoView + use<> {
    let row = &it.session_type;
    let hint = format!("Left empty, the list price counts: {}.", row.price.money());
    let problems = typed.problems;
    let amount = |id, label, value| field(Field { id, label, value, kind: "text", ..Field::default() }, &problems);
    let currency = |id, label, value| select(Select { id, label, value, hint: None, options: currencies() }, &problems);
    let (home, home_currency) = typed.domestic;
    let (abroad, abroad_currency) = typed.international;
    view! {
        <section class="stack" id="prices">
            <h2>"Prices by class"</h2>
            <p class="soft">{hint}" You choose a client’s class when you invite them."</p>
            <form class="form" method="post" action=format!("/admin/session-types/{}/prices", row.id)>
                {error_summary(&problems)}
                <div class="pair">
                    {amount("domestic", "At home", home)}
                    {currency("domestic-currency", "Currency at home", home_currency)}
                </div>
                <div class="pair">
                    {amount("international", "From abroad", abroad)}
                    {currency("international-currency", "Currency from abroad", abroad_currency)}
                </div>
                <p><button class="button quiet small">"Save prices"</button></p>
            </form>
        </section>
    }
}

/// The packages of one session type.
pub(super) fn packages(it: &OfferedType, packages: &[PackageRow], typed: TypedPackage) -> impl IntoView + use<> {
    let id = it.session_type.id;
    let rows: Vec<_> = packages.iter().filter(|package| package.session_type_id == id).map(package_row).collect();
    let rows = (!rows.is_empty()).then(|| view! { <ul class="rows">{rows}</ul> });
    let is_open = !typed.problems.is_empty();
    let form = it.retired_at.is_none().then(|| {
        view! {
            <details class="more" open=is_open>
                <summary>"Add a package"</summary>
                {package_form(it, typed)}
            </details>
        }
    });
    view! {
        <section class="stack" id="packages">
            <h2>"Packages"</h2>
            <p class="soft">"Several sessions sold as one. Whoever bought a package keeps it when it goes off sale."</p>
            {rows}
            {form}
        </section>
    }
}

fn package_row(package: &PackageRow) -> impl IntoView + use<> {
    let words = format!("{} sessions, {}, for {} days", package.units, package.cost.money(), package.valid_days);
    let (deed, button, badge) = match package.is_on_sale {
        true => ("retire", "Take off sale", None),
        false => ("restore", "Put on sale again", Some(view! { <span class="badge cancelled">"Off sale"</span> })),
    };
    let label = format!("{button}: {}", package.name);
    view! {
        <li class="row">
            <div>
                <p class="cluster"><span>{package.name.clone()}</span>{badge}</p>
                <p class="soft small">{words}</p>
            </div>
            <form method="post" action=format!("/admin/packages/{}/{deed}", package.id)>
                {hidden("type", package.session_type_id.to_string())}
                <button class="link" aria-label=label>{button}</button>
            </form>
        </li>
    }
}

fn package_form(it: &OfferedType, typed: TypedPackage) -> impl IntoView + use<> {
    let problems = typed.problems;
    let one = |id, label, kind, value| {
        field(Field { id, label, kind, value, is_required: true, ..Field::default() }, &problems)
    };
    let currency =
        Select { id: "package-currency", label: "Currency", hint: None, options: currencies(), value: typed.currency };
    view! {
        <form class="form" method="post" action=format!("/admin/session-types/{}/packages", it.session_type.id)>
            {error_summary(&problems)}
            {one("package-name", "Name of the package", "text", typed.name)}
            <div class="pair">
                {one("package-units", "Sessions", "number", typed.units)}
                {one("package-days", "Usable for, in days", "number", typed.days)}
            </div>
            <div class="pair">
                {one("package-price", "Price of all", "text", typed.price)} {select(currency, &problems)}
            </div>
            {hidden("key", typed.key)}
            <p><button class="button quiet small">"Put it on sale"</button></p>
        </form>
    }
}
