//! Bills of the practice: one to read and to print, and the lists that lead there.

use crate::api::bill::{Bill, BillRow, BillVariablesFields};
use crate::api::schema::schema;
use crate::api::zone::{Zone, table};
use crate::ui::bill::sheet;
use leptos::prelude::*;
use shared::words;
use shared::zone::ZoneTable;

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
    /// Her desk.
    pub therapist: Option<BillDesk>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "BillVariables")]
pub struct BillDesk {
    /// The bill.
    #[arguments(number: $number)]
    pub invoice: Option<Bill>,
}

/// Draws the bill.
pub fn page(bill: Bill, zone: Option<&Zone>) -> AnyView {
    let client = format!("/admin/clients/{}", bill.client_id);
    let onward = view! {
        <p class="cluster"><a href=client>{bill.to.clone()}</a><a href="/admin/payments">"All payments"</a></p>
    };
    sheet(bill.into(), &table(zone), onward.into_any())
}

/// Draws a list of bills, newest first; nothing where there is none.
pub(super) fn list(bills: &[BillRow], zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    if bills.is_empty() {
        return None;
    }
    let row = |bill: &BillRow| {
        let day = words::full_day(zone.civil(bill.issued_at).date);
        view! {
            <li class="row">
                <span>
                    <a href=format!("/admin/bills/{}", bill.number)>{bill.kind.0.words()}" "{bill.number.clone()}</a>
                    ", "<time datetime=bill.issued_at.to_string()>{day}</time>
                </span>
                <span class="num">{bill.total.words()}</span>
            </li>
        }
    };
    Some(view! { <ul class="rows">{bills.iter().map(row).collect::<Vec<_>>()}</ul> })
}
