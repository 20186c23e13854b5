//! One session type: everything about it in one form, or the form for a new one.

use super::NO_ROOM;
use super::query::{OfferQuery, OfferRoom, OfferedType};
use super::suiting::suiting;
use super::terms;
use super::typed::{TypedPackage, TypedPrices, TypedType};
use super::waiting::waiting;
use crate::ui::fields::{Field, Select, field, hidden, select};
use crate::ui::form::{Problem, TextArea, code, error_summary, problem_of, text_area};
use crate::ui::pieces::{self, Notice};
use crate::ui::wish::tick;
use leptos::prelude::*;
use shared::money::Currency;
use shared::practice::{Gate, Modality, Prepay};
use shared::session_type::LONGEST_DESCRIPTION;

/// Everything the page of one session type is drawn from.
pub struct TypePage {
    /// Everything the practice sells.
    pub answer: OfferQuery,
    /// Which of it; nothing for a new one.
    pub one: Option<OfferedType>,
    /// What was typed.
    pub typed: TypedType,
    /// What was typed as prices by class.
    pub prices: TypedPrices,
    /// What was typed as a package.
    pub package: TypedPackage,
    /// Why it is still offered.
    pub kept: Vec<Problem>,
    /// What was just done.
    pub notice: Option<Notice>,
}

/// Draws the page.
pub fn type_page(page: TypePage) -> AnyView {
    let TypePage { answer, one, typed, prices, package, kept, notice } = page;
    let (title, action) = match &one {
        Some(it) => (it.session_type.name.clone(), format!("/admin/session-types/{}", it.session_type.id)),
        None => ("A new session type".to_owned(), "/admin/session-types/new".to_owned()),
    };
    let retired = one.as_ref().filter(|it| it.retired_at.is_some()).map(|_| {
        view! { <p class="notice">"This is not offered any more. What you change here counts once you offer it again."</p> }
    });
    let closed = one.as_ref().filter(|it| it.retired_at.is_none() && answer.lacks_room(it)).map(|_| {
        view! { <p class="notice">{NO_ROOM}" "<a href="#rooms">"Choose another"</a>"."</p> }
    });
    let aside = one.as_ref().map(|it| {
        let packages = answer.viewer.therapist.as_ref().map(|desk| desk.packages.as_slice()).unwrap_or_default();
        let for_clients = it.session_type.gate.0 == Gate::Clients;
        let prices = for_clients.then(|| terms::prices(it, prices));
        let packages = for_clients.then(|| terms::packages(it, packages, package));
        view! { {prices} {packages} {offering(it, &kept)} }
    });
    let save = if one.is_some() { "Save" } else { "Add it" };
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/session-types">"Session types"</a></p><h1>{title}</h1></div>
        </div>
        <div class="desk-cols">
            <form class="form" method="post" action=action>
                {error_summary(&typed.problems)}
                {retired}
                {closed}
                {words(&typed, one.as_ref())}
                {ways(&typed, one.as_ref(), answer.rooms())}
                {times(&typed)}
                {money(&typed)}
                {waiting(&typed, one.as_ref())}
                {listing(&typed)}
                {hidden("key", typed.key.clone())}
                <div class="stack">
                    <p class="soft">"Sessions that are booked or kept keep their length, their price and the time around them."</p>
                    <p><button class="button">{save}</button></p>
                </div>
            </form>
            <aside>{aside}</aside>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn text(id: &'static str, label: &'static str, hint: Option<&'static str>, value: &str, is_required: bool) -> Field {
    Field { id, label, hint, kind: "text", value: value.to_owned(), is_required }
}

fn number(id: &'static str, label: &'static str, hint: Option<&'static str>, value: &str, is_required: bool) -> Field {
    Field { kind: "number", ..text(id, label, hint, value, is_required) }
}

/// What it is called and what is said about it.
fn words(typed: &TypedType, one: Option<&OfferedType>) -> impl IntoView + use<> {
    let problems = &typed.problems;
    let slug = match one.filter(|it| it.was_public) {
        Some(it) => {
            let path = format!("/session-types/{}", it.session_type.slug);
            let problem = problem_of(problems, "slug").map(|problem| view! { <p class="error">{problem}</p> });
            view! {
                <div class="field" id="slug">
                    <p class="label">"Address"</p>
                    {problem}
                    <p><a href=path.clone()>{path.clone()}</a></p>
                    <p class="hint">"It stays, because people may have the link."</p>
                </div>
                {hidden("slug", it.session_type.slug.clone())}
            }
            .into_any()
        }
        None => {
            let hint =
                "Small letters, digits and hyphens. Left empty, it follows from the name. Once public, it stays.";
            field(text("slug", "Address", Some(hint), &typed.slug, false), problems).into_any()
        }
    };
    let description = TextArea {
        id: "description",
        label: "About it",
        hint: Some("An empty line begins a paragraph."),
        rows: 6,
        longest: LONGEST_DESCRIPTION,
        is_required: false,
        value: typed.description.clone(),
    };
    view! {
        {field(text("name", "Name", None, &typed.name, true), problems)}
        {slug}
        {field(text("summary", "In one sentence", None, &typed.summary, false), problems)}
        {text_area(description, problems)}
    }
}

/// Who may book it, and how it takes place.
fn ways(typed: &TypedType, one: Option<&OfferedType>, rooms: &[OfferRoom]) -> impl IntoView + use<> {
    let problems = &typed.problems;
    let gates = vec![
        (code(Gate::Clients), "Clients you have decided to work with".to_owned()),
        (code(Gate::Discovery), "Anyone, without an account: a free first call".to_owned()),
    ];
    let gate = match one.filter(|it| it.was_public) {
        Some(it) => {
            let own = code(it.session_type.gate.0);
            let words = gates.into_iter().find(|(gate, _)| *gate == own).map(|(_, words)| words).unwrap_or_default();
            view! {
                <div class="field" id="gate"><p class="label">"Who may book it"</p><p>{words}"."</p></div>
                {hidden("gate", own)}
            }
            .into_any()
        }
        None => {
            let hint = Some("Once public, this stays.");
            let options =
                Select { id: "gate", label: "Who may book it", hint, options: gates, value: typed.gate.clone() };
            select(options, problems).into_any()
        }
    };
    let options = Modality::ALL.into_iter().map(|it| (code(it), it.words().to_owned())).collect();
    let hint = Some(match rooms.iter().any(|room| room.retired_at.is_none()) {
        true => "In person, it takes the first of your rooms that suits it and is free.",
        false => "You keep no list of rooms, so a session in person needs only you.",
    });
    let how = Select { id: "modality", label: "How it takes place", hint, options, value: typed.modality.clone() };
    view! { {gate} {select(how, problems)} {suiting(rooms, typed)} }
}

/// How long it is, and when it can be booked.
fn times(typed: &TypedType) -> impl IntoView + use<> {
    let problems = &typed.problems;
    let mut grids: Vec<(String, String)> =
        [5, 10, 15, 20, 30, 60].into_iter().map(|it: i64| (it.to_string(), format!("Every {it} minutes"))).collect();
    if !grids.iter().any(|(grid, _)| *grid == typed.grid) && !typed.grid.is_empty() {
        grids.push((typed.grid.clone(), format!("Every {} minutes", typed.grid)));
    }
    let grid = Select {
        id: "grid",
        label: "It can begin",
        hint: Some("Counted from midnight: every 30 minutes is on the hour and half past."),
        options: grids,
        value: typed.grid.clone(),
    };
    let notice = "How many hours before the start: 24, or 0.5 for half an hour.";
    let per_day = "Of this type, for one therapist. Leave it empty for as many as fit.";
    view! {
        <h2>"Time"</h2>
        {field(number("minutes", "Minutes", None, &typed.minutes, true), problems)}
        <div class="pair">
            {field(number("buffer-before", "Kept free before, in minutes", None, &typed.buffer_before, true), problems)}
            {field(number("buffer-after", "Kept free after, in minutes", None, &typed.buffer_after, true), problems)}
        </div>
        {select(grid, problems)}
        {field(text("notice", "Booking closes", Some(notice), &typed.notice, true), problems)}
        {field(number("horizon", "Booking opens", Some("How many days ahead."), &typed.horizon, true), problems)}
        {field(number("per-day", "At most a day", Some(per_day), &typed.per_day, false), problems)}
    }
}

/// The currencies there are, by their codes.
pub(super) fn currencies() -> Vec<(String, String)> {
    Currency::ALL.into_iter().map(|it| (code(it), format!("{} {}", code(it), it.sign().trim()))).collect()
}

/// What it costs, and what is paid first.
fn money(typed: &TypedType) -> impl IntoView + use<> {
    let problems = &typed.problems;
    let currency =
        Select { id: "currency", label: "Currency", hint: None, options: currencies(), value: typed.currency.clone() };
    let options = vec![
        (code(Prepay::Nothing), "Nothing: it is paid afterwards".to_owned()),
        (code(Prepay::Deposit), "A deposit".to_owned()),
        (code(Prepay::All), "The whole price".to_owned()),
    ];
    let prepay = Select {
        id: "prepay",
        label: "Paid before it is confirmed",
        hint: Some("By card. Where you take no cards, it is paid afterwards."),
        options,
        value: typed.prepay.clone(),
    };
    view! {
        <div><h2>"Price"</h2><p class="hint">"As you write it: 95 or 95.50. A first call is free: 0."</p></div>
        <div class="pair">
            {field(text("price", "List price", None, &typed.price, true), problems)} {select(currency, problems)}
        </div>
        {select(prepay, problems)}
        {field(text("deposit", "Deposit", Some("Only where a deposit is paid first."), &typed.deposit, false), problems)}
    }
}

/// Whether the public pages show it.
fn listing(typed: &TypedType) -> impl IntoView + use<> {
    view! {
        <fieldset class="field">
            <legend>"On the public pages"</legend>
            <p class="hint">"One that is not listed has its address all the same: whoever has the link can see it."</p>
            {tick("visible", "yes".into(), "Listed with the others".into(), typed.visible)}
        </fieldset>
        {closing(&typed.problems)}
    }
}

/// What must be said before the last first call goes. Only shown once it was asked for.
fn closing(problems: &[Problem]) -> Option<impl IntoView + use<>> {
    problem_of(problems, "closes").map(|problem| {
        view! {
            <div class="field invalid">
                <p class="error">{problem}</p>
                <label class="tick">
                    <input type="checkbox" id="closes" name="closes" value="yes" />
                    <span>"I mean it: nobody new can begin here by themselves"</span>
                </label>
            </div>
        }
    })
}

/// The button that ends the offer, or begins it again.
fn offering(it: &OfferedType, kept: &[Problem]) -> AnyView {
    let id = it.session_type.id;
    if it.retired_at.is_some() {
        return view! {
            <section class="stack">
                <h2>"Offer it again"</h2>
                <p class="soft">"It comes back as it was, with its address and its place in the list."</p>
                <form method="post" action=format!("/admin/session-types/{id}/restore")>
                    <button class="button quiet small">"Offer it again"</button>
                </form>
            </section>
        }
        .into_any();
    }
    view! {
        <section class="stack" id="stop">
            <h2>"Stop offering it"</h2>
            <p class="soft">
                "It leaves the public pages, and nobody can book it any more. Sessions that are booked and standing places
                stay, and so does their history. You can bring it back."
            </p>
            <form class="stack" method="post" action=format!("/admin/session-types/{id}/retire")>
                {error_summary(kept)}
                {closing(kept)}
                <p><button class="button danger small">"Stop offering it"</button></p>
            </form>
        </section>
    }
    .into_any()
}
