//! What was charged and not paid: marked as paid when it came, or let go.

use super::payments::{Overdue, UnpaidPackage, empty};
use crate::ui::form::{Problem, TextField, error_summary, text_field};
use leptos::prelude::*;
use shared::booking::{BookingStatus, reference_words};
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// How much is not paid, in a sentence.
pub(super) fn counted(sessions: usize, packages: usize) -> String {
    let count = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(one.to_owned()),
        _ => Some(format!("{count} {many}")),
    };
    let parts = [count(sessions, "one session", "sessions"), count(packages, "one package", "packages")];
    let what = parts.into_iter().flatten().collect::<Vec<_>>().join(" and ");
    let verb = if sessions + packages == 1 { "is" } else { "are" };
    let mut letters = what.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter();
    format!("{}{} {verb} not paid yet.", first.collect::<String>(), letters.as_str())
}

/// One of them, as a row shows it.
struct Row {
    at: Instant,
    client: String,
    client_id: String,
    what: String,
    about: String,
    reference: String,
    amount: String,
    is_announced: bool,
}

/// Draws the list.
pub(super) fn list(sessions: &[Overdue], packages: &[UnpaidPackage], zone: &ZoneTable) -> AnyView {
    if sessions.is_empty() && packages.is_empty() {
        return empty("Nothing is overdue", "Sessions that took place and packages that were not paid appear here.");
    }
    let sessions = sessions.iter().map(|owed| session(owed, zone));
    let mut all: Vec<_> = sessions.chain(packages.iter().map(package)).collect();
    all.sort_by_key(|row| row.at);
    let rows: Vec<_> = all.into_iter().map(row).collect();
    view! {
        <div class="scroll">
            <table class="table stacks">
                <caption>"Oldest first. "{words::city(&zone.name)}" time."</caption>
                <thead>
                    <tr>
                        <th scope="col">"Client"</th>
                        <th scope="col">"For"</th>
                        <th scope="col">"Reference"</th>
                        <th scope="col" class="num">"Open"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn session(owed: &Overdue, zone: &ZoneTable) -> Row {
    let about = match owed.status.0 {
        BookingStatus::Cancelled => ", cancelled late",
        BookingStatus::NoShow => ", missed",
        _ => "",
    };
    Row {
        at: owed.starts_at,
        client: owed.client_name.clone(),
        client_id: owed.client_id.to_string(),
        what: format!("{}{about}", words::short_moment(owed.starts_at, zone)),
        about: format!("booking={}", owed.booking_id),
        reference: owed.reference.clone(),
        amount: owed.amount.words(),
        is_announced: owed.is_announced,
    }
}

fn package(owed: &UnpaidPackage) -> Row {
    Row {
        at: owed.bought_at,
        client: owed.client_name.clone(),
        client_id: owed.client_id.to_string(),
        what: owed.name.clone(),
        about: format!("package={}", owed.purchase_id),
        reference: owed.reference.clone(),
        amount: owed.amount.words(),
        is_announced: owed.is_announced,
    }
}

fn row(row: Row) -> impl IntoView {
    let (class, words) = match row.is_announced {
        true => ("badge pending", "Transfer announced"),
        false => ("badge late", "Not paid"),
    };
    let paid = format!("Note the payment of {}, {}", row.client, row.what);
    let let_go = format!("Let go of what {} owes, {}", row.client, row.what);
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/clients/{}", row.client_id)>{row.client}</a></th>
            <td>{row.what}</td>
            <td>{reference_words(&row.reference)}</td>
            <td class="num">{row.amount}</td>
            <td><span class=class>{words}</span></td>
            <td>
                <span class="cluster">
                    <a href=format!("/admin/payments/record?{}", row.about) aria-label=paid>"Mark as paid"</a>
                    <a href=format!("/admin/payments/let-go?{}", row.about) aria-label=let_go>"Let it go"</a>
                </span>
            </td>
        </tr>
    }
}

/// What is let go, with what was typed and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct LetGo {
    /// What the form posts: `booking:…` or `package:…`.
    pub about: String,
    /// How that is called.
    pub label: String,
    /// Why.
    pub reason: String,
    /// What tells this sending of the form from another.
    pub key: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the page on which something is let go.
pub fn let_go(data: LetGo) -> AnyView {
    let reason = TextField {
        id: "reason",
        label: "Why, for the records of the practice",
        hint: None,
        kind: "text",
        autocomplete: "off",
        value: data.reason,
    };
    view! {
        <div class="desk-head"><h1>"Let it go"</h1></div>
        <div class="stack">
            <p><b>{data.label}</b></p>
            <p class="soft">"They owe nothing for it any more. It stays on their account as let go."</p>
            <form class="form" method="post" action="/admin/payments/let-go">
                {error_summary(&data.problems)}
                <input type="hidden" name="about" value=data.about />
                <input type="hidden" name="key" value=data.key />
                {text_field(reason, &data.problems)}
                <p class="cluster">
                    <button class="button">"Let it go"</button>
                    <a class="button quiet" href="/admin/payments?show=overdue">"Back"</a>
                </p>
            </form>
        </div>
    }
    .into_any()
}
