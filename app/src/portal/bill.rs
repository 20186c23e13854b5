//! One bill, to read and to print.

use crate::api::bill::{Bill, BillVariablesFields};
use crate::api::schema::schema;
use crate::api::zone::{Zone, table};
use crate::ui::bill::sheet;
use leptos::prelude::*;

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

/// Draws the bill.
pub fn page(bill: Bill, zone: Option<&Zone>) -> AnyView {
    let onward = view! { <p><a href="/portal/bills">"All bills"</a></p> };
    sheet(bill.into(), &table(zone), onward.into_any())
}
