//! What a client pays, what they have bought, and what stands on their account.

use super::super::bill;
use super::book::BookType;
use crate::api::amount::Amount;
use crate::api::bill::BillRow;
use crate::api::schema::{Shared, schema};
use crate::ui::form::Problem;
use crate::ui::pieces;
use leptos::prelude::*;
use shared::ids::{AgreementId, BookingId, ClientId, PackageId, PurchaseId};
use shared::ledger::EntryKind;
use shared::price::PriceClass;
use shared::time::{Date, Instant};
use shared::words;
use shared::zone::ZoneTable;

/// A client's account.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct ClientAccount {
    /// Which price list they pay by.
    pub price_class: Shared<PriceClass>,
    /// Prices agreed with them.
    pub agreements: Vec<Agreement>,
    /// Prices that were agreed with them once.
    pub past_agreements: Vec<Agreement>,
    /// The packages they have bought.
    pub packages: Vec<Purchase>,
    /// What they owe, by currency.
    pub balance: Vec<Amount>,
    /// What was charged and what came.
    #[arguments(first: 40)]
    pub statement: Vec<StatementLine>,
    /// Their bills, newest first.
    pub invoices: Vec<BillRow>,
    /// What became of their sessions, counted.
    pub tally: SessionTally,
}

/// A price agreed with a client.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Agreement {
    /// Which.
    pub id: AgreementId,
    /// For which session; absent when for all.
    pub session_type: Option<Named>,
    /// The price.
    pub agreed: Amount,
    /// From which day on.
    pub starts_on: Date,
    /// The last day it counts, if it ends.
    pub ends_on: Option<Date>,
    /// When the two will talk about it again.
    pub review_on: Option<Date>,
    /// What the therapist noted about it.
    pub note: Option<String>,
}

/// The name of a session.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct Named {
    /// Its name.
    pub name: String,
}

/// A package somebody has.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Purchase {
    /// Which.
    pub id: PurchaseId,
    /// What it is called.
    pub name: String,
    /// How many sessions there were.
    pub units: i32,
    /// How many are left.
    pub units_left: i32,
    /// How many were taken back unused.
    pub units_taken_back: i32,
    /// What is still to be paid for it.
    pub open: Vec<Amount>,
    /// When it was bought.
    pub bought_at: Instant,
    /// Until when they can be used.
    pub expires_at: Instant,
    /// Whether one of them can be booked now.
    pub is_usable: bool,
}

/// One line of the statement.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct StatementLine {
    /// What it was.
    pub kind: Shared<EntryKind>,
    /// What it added to what is owed.
    pub amount: Option<Amount>,
    /// The session it is about.
    pub booking_id: Option<BookingId>,
    /// When that begins.
    pub session_at: Option<Instant>,
    /// When it was noted.
    pub at: Instant,
}

/// Sessions, counted by what became of them.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct SessionTally {
    /// Took place.
    pub completed: i32,
    /// Called off late by the client.
    pub late_cancels: i32,
    /// The client did not come.
    pub no_shows: i32,
}

/// A package on sale.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Package {
    /// Which.
    pub id: PackageId,
    /// What it is called.
    pub name: String,
    /// How many sessions.
    pub units: i32,
    /// For how many days.
    pub valid_days: i32,
    /// What it costs.
    pub cost: Amount,
}

/// What was typed into the forms of prices and packages, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedAccount {
    /// For which session a price is agreed.
    pub session_type: String,
    /// The price.
    pub amount: String,
    /// What it is counted in.
    pub currency: String,
    /// From which day on.
    pub starts_on: String,
    /// When to talk about it again.
    pub review_on: String,
    /// What was said about it.
    pub note: String,
    /// What is wrong with the price.
    pub price_problems: Vec<Problem>,
    /// The package that was chosen.
    pub package: String,
    /// What tells this sale from another.
    pub key: String,
    /// What is wrong with the sale.
    pub package_problems: Vec<Problem>,
    /// The package that is taken back.
    pub back: Option<PurchaseId>,
    /// Why.
    pub back_reason: String,
    /// What is wrong with taking it back.
    pub back_problems: Vec<Problem>,
}

/// Everything the sections are drawn from.
pub struct Drawn<'a> {
    /// Whose.
    pub client: ClientId,
    /// The account.
    pub account: &'a ClientAccount,
    /// The packages on sale.
    pub on_sale: &'a [Package],
    /// What can be booked.
    pub types: &'a [BookType],
    /// What was typed.
    pub typed: TypedAccount,
    /// The zone of the practice.
    pub zone: &'a ZoneTable,
}

/// Draws what stands on the account: what is open, counted sessions, charges and payments, bills.
pub fn money(client: ClientId, account: &ClientAccount, zone: &ZoneTable) -> impl IntoView + use<> {
    let tally = &account.tally;
    let rows: Vec<_> = account.statement.iter().map(|line| statement_row(line, zone)).collect();
    let statement = match rows.is_empty() {
        true => view! { <p class="soft">"Nothing has been charged yet."</p> }.into_any(),
        false => view! {
            <div class="scroll">
                <table class="table stacks">
                    <caption>"Newest first. Money that came in stands with a minus."</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Noted"</th>
                            <th scope="col">"What"</th>
                            <th scope="col" class="num">"Amount"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any(),
    };
    let bills = match bill::list(&account.invoices, zone) {
        Some(list) => list.into_any(),
        None => view! { <p class="soft">"No invoice or receipt has been written yet."</p> }.into_any(),
    };
    view! {
        <section class="stack" id="account">
            <h2>"Account"</h2>
            <dl class="facts">
                <div><dt>"Open"</dt><dd>{standing(&account.balance)}</dd></div>
                <div><dt>"Paid sessions so far"</dt><dd>{tally.completed}</dd></div>
                <div><dt>"Cancelled late"</dt><dd>{tally.late_cancels}</dd></div>
                <div><dt>"Missed"</dt><dd>{tally.no_shows}</dd></div>
            </dl>
            {statement}
            <p><a href=format!("/admin/payments/record?client={client}")>"Note a payment of theirs"</a></p>
            <h3>"Bills"</h3>
            {bills}
        </section>
    }
}

/// What is open, or paid ahead, in words.
fn standing(balance: &[Amount]) -> String {
    let part = |it: &Amount| match it.amount {
        ..0 => format!("{} paid ahead", Amount { amount: -it.amount, ..*it }.words()),
        _ => it.words(),
    };
    match balance.is_empty() {
        true => "Nothing".to_owned(),
        false => balance.iter().map(part).collect::<Vec<_>>().join(", "),
    }
}

fn statement_row(line: &StatementLine, zone: &ZoneTable) -> impl IntoView + use<> {
    let session = line.booking_id.zip(line.session_at).map(|(id, at)| {
        view! { <br /><a class="small" href=format!("/admin/bookings/{id}")>{words::dated(at, zone)}</a> }
    });
    view! {
        <tr>
            <th scope="row">{pieces::dated(line.at, zone)}</th>
            <td>{line.kind.0.words()}{session}</td>
            <td class="num">{line.amount.map(Amount::words)}</td>
        </tr>
    }
}
