//! Fees that wait for a decision: on the practice's first page, among its payments.

use super::desk::DeskBooking;
use super::payments::empty;
use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use crate::ui::pieces::given;
use leptos::prelude::*;
use serde::Serialize;
use shared::ids::FeeId;
use shared::policy::FeeKind;
use shared::words;
use shared::zone::ZoneTable;

/// A fee that waits for a decision, with the session it is about.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
pub struct FeeWaiting {
    /// The fee.
    pub fee: ProposedFee,
    /// The session.
    pub booking: DeskBooking,
}

/// A fee the rules name.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Fee")]
pub struct ProposedFee {
    /// Which.
    pub id: FeeId,
    /// Why.
    pub kind: Shared<FeeKind>,
    /// How much.
    pub amount: Amount,
}

impl FeeWaiting {
    fn session(&self) -> String {
        format!("/admin/bookings/{}", self.booking.booking.id)
    }

    fn when(&self, zone: &ZoneTable) -> String {
        words::short_moment(self.booking.booking.starts_at, zone)
    }
}

/// How many wait, in a sentence.
pub(super) fn counted(fees: usize) -> String {
    match fees {
        1 => "One fee waits for your decision.".to_owned(),
        _ => format!("{fees} fees wait for your decision."),
    }
}

/// Draws the section of the first page; nothing where no fee waits.
pub(super) fn section(fees: &[FeeWaiting], zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    if fees.is_empty() {
        return None;
    }
    let row = |it: &FeeWaiting| {
        view! {
            <li class="stack">
                <span>
                    {it.booking.who()}", "<a href=it.session()>{it.when(zone)}</a>
                    <br />
                    <span class="soft small">{format!("{}, {}", it.fee.kind.0.words(), it.fee.amount.words())}</span>
                </span>
                {actions(it)}
            </li>
        }
    };
    let rows: Vec<_> = fees.iter().map(row).collect();
    Some(view! {
        <section>
            <h2>"Fees to decide"</h2>
            <p class="soft small">"Nothing is charged unless you do."</p>
            <ul class="rows bare">{rows}</ul>
        </section>
    })
}

/// Draws the list among the payments.
pub(super) fn list(fees: &[FeeWaiting], zone: &ZoneTable) -> AnyView {
    if fees.is_empty() {
        return empty(
            "No fee waits for you",
            "When somebody cancels late or does not come, the fee your rules name appears here. Nothing is charged unless you do.",
        );
    }
    let row = |it: &FeeWaiting| {
        view! {
            <tr>
                <th scope="row">{it.booking.who()}</th>
                <td><a href=it.session()>{it.when(zone)}</a></td>
                <td>{it.fee.kind.0.words()}</td>
                <td class="num">{it.fee.amount.words()}</td>
                <td>{actions(it)}</td>
            </tr>
        }
    };
    let rows: Vec<_> = fees.iter().map(row).collect();
    view! {
        <div class="scroll">
            <table class="table stacks">
                <caption>"Oldest first. "{words::city(&zone.name)}" time."</caption>
                <thead>
                    <tr>
                        <th scope="col">"Client"</th>
                        <th scope="col">"Session"</th>
                        <th scope="col">"Why"</th>
                        <th scope="col" class="num">"Fee"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Charges at once; letting go takes a reason, which the page of the session asks for.
fn actions(it: &FeeWaiting) -> impl IntoView + use<> {
    let name = given(&it.booking.guest_name);
    let charge = format!("{}/fee/{}/charge", it.session(), it.fee.id);
    view! {
        <div class="cluster">
            <form method="post" action=charge>
                <button class="button small">
                    {format!("Charge {}", it.fee.amount.words())}<span class="visually-hidden">{format!(" to {name}")}</span>
                </button>
            </form>
            <a class="button quiet small" href=format!("{}#fee", it.session())>
                "Let it go"<span class="visually-hidden">{format!(" for {name}")}</span>
            </a>
        </div>
    }
}
