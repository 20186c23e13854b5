//! One bill, to read and to print.

use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, table};
use leptos::prelude::*;
use shared::payment::InvoiceKind;
use shared::time::Instant;
use shared::words;

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
            <div class="no-print opening">
                <p class="soft small">"To keep it on paper or as a file, print this page."</p>
                <p><a href="/portal/bills">"All bills"</a></p>
            </div>
        </article>
    }
    .into_any()
}
