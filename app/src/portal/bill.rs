//! One bill, to read and to print.

use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, table};
use leptos::prelude::*;
use shared::ledger::EntryKind;
use shared::payment::InvoiceKind;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// Which bill is asked for.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct BillVariables {
    /// The zone of the practice.
    pub zone: String,
    /// Its number.
    pub number: String,
}

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "BillVariables")]
pub struct BillQuery {
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: BillViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "BillVariables")]
pub struct BillViewer {
    /// Their care.
    pub client: Option<BillCare>,
}

/// The client's bills.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare", variables = "BillVariables")]
pub struct BillCare {
    /// The bill.
    #[arguments(number: $number)]
    pub invoice: Option<Bill>,
}

/// A bill.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Invoice")]
pub struct Bill {
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: Shared<InvoiceKind>,
    /// When it was written.
    pub issued_at: Instant,
    /// What it comes to.
    pub total: Amount,
    /// Who wrote it.
    pub from: Vec<String>,
    /// Whom it is made out to.
    pub to: String,
    /// What it is for.
    pub lines: Vec<BillLine>,
    /// How it was settled.
    pub settled: Option<String>,
    /// The number of the booking.
    pub reference: Option<String>,
    /// What came for it since.
    pub settlements: Vec<Settlement>,
    /// What is still open of it.
    pub open: Vec<Amount>,
}

/// Something that came, went back or was let go.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "StatementLine")]
pub struct Settlement {
    /// What it was.
    pub kind: Shared<EntryKind>,
    /// What it did to what is owed.
    pub amount: Option<Amount>,
    /// When.
    pub at: Instant,
}

/// One line of a bill.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "InvoiceLine")]
pub struct BillLine {
    /// What it is for.
    pub words: String,
    /// How much.
    pub amount: Amount,
}

/// Draws the bill.
pub fn page(bill: Bill, zone: Option<&Zone>) -> AnyView {
    let zone = table(zone);
    let title = format!("{} {}", bill.kind.0.words(), bill.number);
    let day = words::full_day(zone.civil(bill.issued_at).date);
    let since = (bill.kind.0 == InvoiceKind::Invoice).then(|| since(&bill, &zone));
    let from: Vec<_> = bill.from.iter().map(|line| view! { {line.clone()}<br /> }).collect();
    let rows: Vec<_> = bill
        .lines
        .iter()
        .map(|line| {
            view! {
                <tr>
                    <th scope="row">{line.words.clone()}</th>
                    <td class="num">{line.amount.words()}</td>
                </tr>
            }
        })
        .collect();
    let reference = bill.reference.map(|reference| view! { <div><dt>"Reference"</dt><dd>{reference}</dd></div> });
    let settled = bill.settled.map(|settled| view! { <p>{settled}"."</p> });
    view! {
        <article class="stack">
            <div class="opening"><h1>{title}</h1></div>
            <dl class="facts">
                <div><dt>"From"</dt><dd>{from}</dd></div>
                <div><dt>"For"</dt><dd>{bill.to}</dd></div>
                <div><dt>"Date"</dt><dd><time datetime=bill.issued_at.to_string()>{day}</time></dd></div>
                {reference}
            </dl>
            <table class="table">
                <thead>
                    <tr><th scope="col">"What"</th><th scope="col" class="num">"Amount"</th></tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr><th scope="row">"Total"</th><td class="num"><b>{bill.total.words()}</b></td></tr>
                </tfoot>
            </table>
            {settled}
            {since}
            <div class="no-print opening">
                <p class="soft small">"To keep it on paper or as a file, print this page."</p>
                <p><a href="/portal/bills">"All bills"</a></p>
            </div>
        </article>
    }
    .into_any()
}

/// What has come for an invoice, and what is still open of it: read now, and no part of what was written.
fn since(bill: &Bill, zone: &ZoneTable) -> impl IntoView + use<> {
    let rows: Vec<_> = bill
        .settlements
        .iter()
        .map(|it| {
            let day = words::full_day(zone.civil(it.at).date);
            view! {
                <tr>
                    <th scope="row">{it.kind.0.words()}", "<time datetime=it.at.to_string()>{day}</time></th>
                    <td class="num">{it.amount.map(Amount::words)}</td>
                </tr>
            }
        })
        .collect();
    let open: Vec<String> = bill.open.iter().filter(|it| it.amount > 0).map(|it| it.words()).collect();
    let open = match open.is_empty() {
        true => "Nothing".to_owned(),
        false => open.join(", "),
    };
    view! {
        <section class="stack opening" aria-labelledby="since">
            <h2 id="since">"Payments and credits"</h2>
            <table class="table">
                <thead>
                    <tr><th scope="col">"What"</th><th scope="col" class="num">"Amount"</th></tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr><th scope="row">"Still open today"</th><td class="num"><b>{open}</b></td></tr>
                </tfoot>
            </table>
        </section>
    }
}
