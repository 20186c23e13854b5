//! The client's sessions that are over, page by page.

use super::booking::{Clocks, OwnBookings, earlier};
use crate::api::page_info::PageInfo;
use crate::api::schema::schema;
use crate::api::zone::{Zone, table};
use crate::ui::art;
use crate::ui::pieces;
use leptos::prelude::*;
use shared::time::Instant;
use shared::zone::ZoneTable;
use std::collections::BTreeSet;

/// Which page is asked for.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct EarlierVariables {
    /// The zone of the practice.
    pub zone: String,
    /// After which session it begins.
    pub after: Option<String>,
}

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "EarlierVariables")]
pub struct EarlierQuery {
    /// The clock of the practice.
    pub practice: EarlierPractice,
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: EarlierViewer,
}

/// The clock of the practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct EarlierPractice {
    /// Now.
    pub now: Instant,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "EarlierVariables")]
pub struct EarlierViewer {
    /// Their care.
    pub client: Option<EarlierCare>,
}

/// The client's sessions.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare", variables = "EarlierVariables")]
pub struct EarlierCare {
    /// Latest first.
    #[arguments(first: 50, after: $after)]
    pub bookings: OwnBookings,
}

impl EarlierQuery {
    /// The zones its sessions are read in, each once.
    pub fn zones(&self) -> Vec<String> {
        let bookings = self.viewer.client.iter().flat_map(|care| care.bookings.zones());
        bookings.collect::<BTreeSet<&str>>().into_iter().map(str::to_owned).collect()
    }
}

/// Draws the page. `zones` are those the client read times in.
pub fn page(answer: EarlierQuery, zones: &[ZoneTable], is_first: bool) -> AnyView {
    let (now, practice) = (answer.practice.now, table(answer.time_zone.as_ref()));
    let (nodes, info) = answer.viewer.client.map(|care| (care.bookings.nodes, care.bookings.page_info)).unzip();
    let behind = nodes.into_iter().flatten().filter(|booking| !booking.is_ahead(now));
    let rows: Vec<_> = behind.map(|booking| earlier(&booking, &Clocks::of(&booking, &practice, zones), now)).collect();
    let list = match rows.is_empty() {
        true => view! {
            <div class="empty">
                {art::small_door()}
                <div class="stack"><h3>"Nothing here yet"</h3><p>"Sessions that are over are listed here."</p></div>
            </div>
        }
        .into_any(),
        false => view! { <ul class="rows">{rows}</ul> }.into_any(),
    };
    let more = info.and_then(PageInfo::next).map(|after| format!("/portal/earlier?after={after}"));
    let pager = pieces::pager((!is_first).then(|| "/portal/earlier".to_owned()), more);
    view! {
        <div class="opening">
            <p class="soft"><a href="/portal">"Your appointments"</a></p>
            <h1>"Earlier sessions"</h1>
        </div>
        <div class="stack">{list} {pager}</div>
    }
    .into_any()
}
