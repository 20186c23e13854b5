//! The packages a client has: what is left, and until when.

use crate::api::amount::Amount;
use crate::api::schema::schema;
use leptos::prelude::*;
use shared::ids::PurchaseId;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// A package.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Purchase")]
pub struct OwnPackage {
    /// Which.
    pub id: PurchaseId,
    /// What it is called.
    pub name: String,
    /// What its sessions are.
    pub session_type: Option<PackagedSession>,
    /// How many there were.
    pub units: i32,
    /// How many are left.
    pub units_left: i32,
    /// How many were taken back unused.
    pub units_taken_back: i32,
    /// What is still to be paid for it.
    pub open: Vec<Amount>,
    /// Until when they can be used.
    pub expires_at: Instant,
    /// Whether one of them can be booked now.
    pub is_usable: bool,
}

/// What the sessions of a package are.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct PackagedSession {
    /// Its name.
    pub name: String,
}

/// Draws them, those that can be used first; nothing where there are none. `are_used` says whether what is booked now
/// takes one of them: a price agreed with the client comes first.
pub fn packages(packages: &[OwnPackage], are_used: bool, zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    if packages.is_empty() {
        return None;
    }
    let (usable, over): (Vec<_>, Vec<_>) = packages.iter().partition(|package| package.is_usable);
    let hint = (!usable.is_empty()).then(|| {
        let words = match are_used {
            true => "The next session you book uses one of these, and costs nothing more.",
            false => "What you agreed with your therapist holds for the next session you book, so it uses none of these. Write to the practice if you would rather use them.",
        };
        view! { <p class="soft">{words}</p> }
    });
    let rows: Vec<_> = usable.into_iter().chain(over).map(|package| row(package, zone)).collect();
    Some(view! {
        <section class="stack opening" aria-labelledby="packages">
            <h2 id="packages">"Your packages"</h2>
            <ul class="rows">{rows}</ul>
            {hint}
        </section>
    })
}

fn row(package: &OwnPackage, zone: &ZoneTable) -> impl IntoView + use<> {
    let until = words::full_day(zone.civil(package.expires_at).date);
    let what = package.session_type.as_ref().map(|it| format!(" · {}", it.name));
    let (class, left, when) = match (package.is_usable, package.units_left) {
        _ if package.units_taken_back > 0 => {
            ("badge done", format!("{} taken back", package.units_taken_back), format!("It ended on {until}"))
        }
        (true, left) => ("badge confirmed", format!("{left} of {} left", package.units), format!("Until {until}")),
        (false, 0) => ("badge done", "Used up".to_owned(), format!("It counted until {until}")),
        (false, left) => ("badge done", format!("{left} unused"), format!("It ended on {until}")),
    };
    view! {
        <li class="row">
            <span><b>{package.name.clone()}</b>{what}<br /><span class="soft small">{when}</span></span>
            <span class=class>{left}</span>
        </li>
    }
}
