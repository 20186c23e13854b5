//! A bill, to read and to print: the same for whoever it is made out to as for whoever wrote it.

use leptos::prelude::*;
use shared::booking::reference_words;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What stands on a bill, in words.
pub struct Sheet {
    /// What it is, with its number.
    pub title: String,
    /// Who wrote it, line by line.
    pub from: Vec<String>,
    /// Whom it is made out to.
    pub to: String,
    /// When it was written.
    pub issued_at: Instant,
    /// The number of what it is about.
    pub reference: Option<String>,
    /// What it is for, with how much.
    pub lines: Vec<(String, String)>,
    /// What it comes to.
    pub total: String,
    /// How it was settled, or what it takes back.
    pub settled: Option<String>,
    /// What has come for it since; nothing for what asks for no money.
    pub since: Option<Since>,
}

/// What has come for an invoice: read now, and no part of what was written.
pub struct Since {
    /// What came, went back or was let go, with when and how much.
    pub rows: Vec<(String, Instant, String)>,
    /// What is still open.
    pub open: String,
}

/// Draws the bill, with the ways on below it.
pub fn sheet(sheet: Sheet, zone: &ZoneTable, onward: AnyView) -> AnyView {
    let day = words::full_day(zone.civil(sheet.issued_at).date);
    let since = sheet.since.map(|it| since(it, zone));
    let from: Vec<_> = sheet.from.into_iter().map(|line| view! { {line}<br /> }).collect();
    let lines = sheet.lines.into_iter().map(|(what, amount)| (what.into_any(), amount));
    let lines = amounts(lines.collect(), "Total", sheet.total);
    let reference = sheet
        .reference
        .map(|reference| view! { <div><dt>"Reference"</dt><dd>{reference_words(&reference)}</dd></div> });
    let settled = sheet.settled.map(|settled| view! { <p>{settled}"."</p> });
    view! {
        <article class="stack">
            <div class="opening"><h1>{sheet.title}</h1></div>
            <dl class="facts">
                <div><dt>"From"</dt><dd>{from}</dd></div>
                <div><dt>"For"</dt><dd>{sheet.to}</dd></div>
                <div><dt>"Date"</dt><dd><time datetime=sheet.issued_at.to_string()>{day}</time></dd></div>
                {reference}
            </dl>
            {lines}
            {settled}
            {since}
            <div class="no-print opening">
                <p class="soft small">"To keep it on paper or as a file, print this page."</p>
                {onward}
            </div>
        </article>
    }
    .into_any()
}

/// A table of what there is and how much, with what it comes to.
fn amounts(rows: Vec<(AnyView, String)>, label: &'static str, sum: String) -> impl IntoView {
    let row = |(what, amount)| {
        view! { <tr><th scope="row">{what}</th><td class="num">{amount}</td></tr> }
    };
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    view! {
        <table class="table">
            <thead>
                <tr><th scope="col">"What"</th><th scope="col" class="num">"Amount"</th></tr>
            </thead>
            <tbody>{rows}</tbody>
            <tfoot>
                <tr><th scope="row">{label}</th><td class="num"><b>{sum}</b></td></tr>
            </tfoot>
        </table>
    }
}

fn since(since: Since, zone: &ZoneTable) -> impl IntoView + use<> {
    let row = |(what, at, amount): (String, Instant, String)| {
        let day = words::full_day(zone.civil(at).date);
        (view! { {what}", "<time datetime=at.to_string()>{day}</time> }.into_any(), amount)
    };
    let rows = since.rows.into_iter().map(row).collect();
    view! {
        <section class="stack opening" aria-labelledby="since">
            <h2 id="since">"Payments and credits"</h2>
            {amounts(rows, "Still open today", since.open)}
        </section>
    }
}
