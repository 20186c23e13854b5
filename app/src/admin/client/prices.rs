//! Prices agreed with a client, their price list and their packages, with the forms that change them.

use super::account::{Agreement, Drawn, Package, Purchase};
use crate::ui::fields::{Field, Select, field, hidden, select};
use crate::ui::form::{TextArea, code, error_summary, problem_of, text_area};
use leptos::prelude::*;
use shared::ids::ClientId;
use shared::ledger::Unit;
use shared::money::Currency;
use shared::practice::Gate;
use shared::price::PriceClass;
use shared::words;

/// The price lists, with what they are called.
const CLASSES: [(PriceClass, &str); 2] =
    [(PriceClass::Domestic, "At home"), (PriceClass::International, "From abroad")];

/// Draws prices and packages.
pub fn prices(drawn: Drawn<'_>) -> impl IntoView + use<> {
    let account = drawn.account;
    let agreed: Vec<_> = account.agreements.iter().map(|it| agreement(drawn.client, it)).collect();
    let agreed = match agreed.is_empty() {
        true => view! { <p class="soft">"They pay by the list."</p> }.into_any(),
        false => view! { <ul class="rows bare">{agreed}</ul> }.into_any(),
    };
    let packages: Vec<_> = account.packages.iter().map(|it| purchase(it, &drawn)).collect();
    let packages = match packages.is_empty() {
        true => view! { <p class="soft">"They have no package."</p> }.into_any(),
        false => view! { <ul class="rows bare">{packages}</ul> }.into_any(),
    };
    view! {
        <section class="stack" id="prices">
            <h2>"Prices"</h2>
            {agreed}
            {earlier(&account.past_agreements)}
            {agree(&drawn)}
            {class(drawn.client, account.price_class.0)}
        </section>
        <section class="stack" id="packages">
            <h2>"Packages"</h2>
            {packages}
            {sell(&drawn)}
        </section>
    }
}

/// What was agreed before, folded.
fn earlier(past: &[Agreement]) -> Option<impl IntoView + use<>> {
    if past.is_empty() {
        return None;
    }
    let row = |it: &Agreement| {
        let until = it.ends_on.map(|last| format!(" to {}", words::full_day(last)));
        view! {
            <li>
                {it.agreed.words()}" · "{what(it)}<br />
                <span class="soft small">{words::full_day(it.starts_on)}{until}</span>
                {noted(it)}
            </li>
        }
    };
    Some(view! {
        <details class="more">
            <summary>"Earlier prices"</summary>
            <ul class="rows bare">{past.iter().map(row).collect::<Vec<_>>()}</ul>
        </details>
    })
}

/// What was noted about a price.
fn noted(it: &Agreement) -> Option<impl IntoView + use<>> {
    let note = it.note.clone()?;
    Some(view! { <br /><span class="soft small">"“"{note}"”"</span> })
}

/// What a price is for.
fn what(it: &Agreement) -> String {
    it.session_type.as_ref().map_or_else(|| "Every session".to_owned(), |it| it.name.clone())
}

fn agreement(client: ClientId, it: &Agreement) -> impl IntoView + use<> {
    let what = what(it);
    let price = it.agreed.words();
    let from = words::full_day(it.starts_on);
    let until = it.ends_on.map(|last| format!(", until {}", words::full_day(last)));
    let review = it.review_on.map(|day| {
        view! { <br /><span class="soft small">"To talk about again on "{words::full_day(day)}</span> }
    });
    let label = format!("End the price of {price} for {}", what.to_lowercase());
    let end = it.ends_on.is_none().then(|| {
        view! {
            <form method="post" action=format!("/admin/clients/{client}/prices/{}/end", it.id)>
                <button class="link" aria-label=label>"End it"</button>
            </form>
        }
    });
    view! {
        <li class="row">
            <span>
                <b>{price}</b>" · "{what}<br />
                <span class="soft small">"From "{from}{until}</span>
                {review}
                {noted(it)}
            </span>
            {end}
        </li>
    }
}

fn agree(drawn: &Drawn<'_>) -> impl IntoView + use<> {
    let typed = drawn.typed.clone();
    let problems = typed.price_problems.as_slice();
    let mut what = vec![(String::new(), "Every session".to_owned())];
    let paid = drawn.types.iter().filter(|it| it.gate.0 == Gate::Clients);
    what.extend(paid.clone().map(|it| (it.id.to_string(), format!("{} ({})", it.name, it.price.words()))));
    let usual = paid.clone().next().map_or(Currency::Gbp, |it| it.price.currency.0);
    let currency = match typed.currency.is_empty() {
        true => Unit::Of(usual).code().to_owned(),
        false => typed.currency,
    };
    let currencies = Currency::ALL.into_iter().map(|it| Unit::Of(it).code().to_owned());
    let currencies: Vec<(String, String)> = currencies.map(|code| (code.clone(), code)).collect();
    let input = |id, label, kind, value, is_required, hint| {
        field(Field { id, label, kind, value, is_required, hint }, problems)
    };
    let action = format!("/admin/clients/{}/prices", drawn.client);
    let note = TextArea {
        id: "price-note",
        label: "A note about it (optional)",
        hint: Some("What you have said to each other. Only you see it."),
        rows: 2,
        longest: 500,
        is_required: false,
        value: typed.note,
    };
    view! {
        <details class="more" open=!problems.is_empty()>
            <summary>"Agree a price"</summary>
            <form class="form" method="post" action=action>
                {error_summary(problems)}
                {select(
                    Select { id: "price-type", label: "For what", hint: None, options: what, value: typed.session_type },
                    problems,
                )}
                <div class="pair">
                    {input("price-amount", "Price of one session", "text", typed.amount, true, None)}
                    {select(
                        Select { id: "price-currency", label: "Currency", hint: None, options: currencies, value: currency },
                        problems,
                    )}
                </div>
                <div class="pair">
                    {input("price-starts-on", "From which day on", "date", typed.starts_on, false, Some("Empty: from today."))}
                    {input("price-review-on", "Talk about it again", "date", typed.review_on, false, Some("On that day it stands on your first page."))}
                </div>
                {text_area(note, problems)}
                <p class="hint">"Only the two of you see the price. Sessions booked before keep their price."</p>
                <p><button class="button quiet">"Agree this price"</button></p>
            </form>
        </details>
    }
}

fn class(client: ClientId, current: PriceClass) -> impl IntoView + use<> {
    let options = CLASSES.into_iter().map(|(class, words)| (code(class), words.to_owned())).collect();
    let list = Select { id: "price-class", label: "Which price list", hint: None, options, value: code(current) };
    view! {
        <form class="filter" method="post" action=format!("/admin/clients/{client}/price-class")>
            {select(list, &[])}
            <button class="button quiet small">"Use this list"</button>
        </form>
    }
}

fn purchase(it: &Purchase, drawn: &Drawn<'_>) -> impl IntoView + use<> {
    let until = words::full_day(drawn.zone.civil(it.expires_at).date);
    let bought = words::full_day(drawn.zone.civil(it.bought_at).date);
    let (class, words) = match (it.is_usable, it.units_left) {
        _ if it.units_taken_back > 0 => ("badge done", format!("{} taken back", it.units_taken_back)),
        (true, left) => ("badge confirmed", format!("{left} of {} left", it.units)),
        (false, 0) => ("badge done", "Used up".to_owned()),
        (false, left) => ("badge done", format!("Over, {left} unused")),
    };
    let open = it.open.iter().find(|open| open.amount > 0).map(|open| {
        view! { <span class="badge late">{open.words()}" not paid"</span> }
    });
    let back = (it.units_left > 0).then(|| take_back(it, drawn));
    view! {
        <li class="stack">
            <div class="row">
                <span>
                    <b>{it.name.clone()}</b><br />
                    <span class="soft small">"Bought on "{bought}", can be used until "{until}</span>
                </span>
                <span class="cluster">{open}<span class=class>{words}</span></span>
            </div>
            {back}
        </li>
    }
}

fn take_back(it: &Purchase, drawn: &Drawn<'_>) -> impl IntoView + use<> {
    let typed = &drawn.typed;
    let is_it = typed.back == Some(it.id);
    let problems = if is_it { typed.back_problems.as_slice() } else { &[] };
    let id = format!("back-{}", it.id);
    let problem = problem_of(problems, &id);
    let (class, invalid) = match problem.is_some() {
        true => ("field invalid", Some("true")),
        false => ("field", None),
    };
    let value = if is_it { typed.back_reason.clone() } else { String::new() };
    let many =
        if it.units_left == 1 { "session that is".to_owned() } else { format!("{} sessions that are", it.units_left) };
    let hint = format!(
        "The {many} left cannot be booked any more, and their share of the price is taken off the account. What was \
         paid for it stands there as credit: give it back on the page of that payment."
    );
    view! {
        <details class="more" open=!problems.is_empty()>
            <summary>"Take it back"</summary>
            <form class="form" method="post" action=format!("/admin/clients/{}/packages/{}/back", drawn.client, it.id)>
                {error_summary(problems)}
                <p class="hint">{hint}</p>
                <div class=class>
                    <label for=id.clone()>"Why, for the records of the practice"</label>
                    {problem.map(|problem| view! { <p class="error" id=format!("{id}-error")>{problem}</p> })}
                    <input
                        id=id.clone()
                        name="reason"
                        type="text"
                        maxlength="500"
                        autocomplete="off"
                        required=true
                        value=value
                        aria-invalid=invalid
                    />
                </div>
                <p><button class="button quiet">"Take it back"</button></p>
            </form>
        </details>
    }
}

fn sell(drawn: &Drawn<'_>) -> Option<impl IntoView + use<>> {
    if drawn.on_sale.is_empty() {
        return None;
    }
    let typed = drawn.typed.clone();
    let problems = typed.package_problems.as_slice();
    let said = |it: &Package| {
        let words = format!("{}: {} sessions, {}, for {} days", it.name, it.units, it.cost.words(), it.valid_days);
        (it.id.to_string(), words)
    };
    let package = Select {
        id: "package",
        label: "Package",
        hint: Some("They owe its price from now on, and see what is left on their bills."),
        options: drawn.on_sale.iter().map(said).collect(),
        value: typed.package,
    };
    let action = format!("/admin/clients/{}/packages", drawn.client);
    let agreed = (!drawn.account.agreements.is_empty()).then(|| {
        view! {
            <p class="notice">
                "A price is agreed with them, and it comes before a package: sessions at that price use none of it. End what is agreed first, if they are to use it."
            </p>
        }
    });
    Some(view! {
        <details class="more" open=!problems.is_empty()>
            <summary>"Sell a package"</summary>
            <form class="form" method="post" action=action>
                {error_summary(problems)} {hidden("key", typed.key)} {select(package, problems)} {agreed}
                <p><button class="button quiet">"Sell it"</button></p>
            </form>
        </details>
    })
}
