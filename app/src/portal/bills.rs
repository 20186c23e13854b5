//! What a client owes, how to pay it, and the bills for what was paid.

use super::packages::{OwnPackage, packages};
use crate::api::amount::Amount;
use crate::api::bill::BillRow;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::art;
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::booking::{BookingStatus, reference_words};
use shared::ids::{BookingId, PurchaseId};
use shared::payment::{PaymentMethod, PaymentStatus};
use shared::price::PriceSource;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct BillsQuery {
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: BillsViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct BillsViewer {
    /// Their care.
    pub client: Option<BillsCare>,
}

/// The client's money.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare")]
pub struct BillsCare {
    /// What is open, by currency.
    pub balance: Vec<Amount>,
    /// What can be booked, and where its price comes from.
    pub bookable: Vec<Priced>,
    /// The packages they have bought.
    pub packages: Vec<OwnPackage>,
    /// What is to be paid, session by session.
    pub owed: Vec<OwedLine>,
    /// Packages that are to be paid.
    pub owed_packages: Vec<OwedPackage>,
    /// Payments, newest first.
    pub payments: Vec<PaymentLine>,
    /// Bills, newest first.
    pub invoices: Vec<BillRow>,
    /// Whether cards are taken.
    pub takes_cards: bool,
    /// Where a bank transfer goes.
    pub bank_details: Vec<String>,
}

/// Where the price of something comes from.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Bookable")]
pub struct Priced {
    /// Where from.
    pub price_source: Shared<PriceSource>,
}

/// A session that is to be paid.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwedSession")]
pub struct OwedLine {
    /// Which session.
    pub booking_id: BookingId,
    /// What to write on a transfer.
    pub reference: String,
    /// What became of the session.
    pub status: Shared<BookingStatus>,
    /// When it begins.
    pub starts_at: Instant,
    /// How much.
    pub amount: Amount,
    /// Until when the time is kept for it.
    pub pay_until: Option<Instant>,
    /// Whether a transfer is said to be on its way.
    pub is_announced: bool,
}

/// A package that is to be paid.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct OwedPackage {
    /// Which.
    pub purchase_id: PurchaseId,
    /// What it is called.
    pub name: String,
    /// What to write on a transfer.
    pub reference: String,
    /// When it was sold.
    pub bought_at: Instant,
    /// How much.
    pub amount: Amount,
    /// Whether a transfer is said to be on its way.
    pub is_announced: bool,
}

/// A payment, as the list shows it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Payment")]
pub struct PaymentLine {
    /// How it comes.
    pub method: Shared<PaymentMethod>,
    /// Where it stands.
    pub status: Shared<PaymentStatus>,
    /// How much.
    pub amount: Amount,
    /// How much went back.
    pub refunded: Amount,
    /// When it came.
    pub received_at: Option<Instant>,
    /// When it was asked for.
    pub created_at: Instant,
    /// The number of its receipt.
    pub receipt: Option<String>,
}

/// Draws the page.
pub fn page(asked: BillsQuery, notice: Option<Notice>) -> AnyView {
    let zone = table(asked.time_zone.as_ref());
    let Some(care) = asked.viewer.client else {
        return view! { <div class="opening"><h1>"Bills"</h1></div> }.into_any();
    };
    let sessions = care.owed.iter().map(|owed| session_to_pay(owed, &zone));
    let to_pay: Vec<_> = sessions.chain(care.owed_packages.iter().map(|owed| package_to_pay(owed, &zone))).collect();
    let is_owed = !to_pay.is_empty();
    let to_pay = is_owed.then(|| {
        let rows: Vec<_> = to_pay.into_iter().map(|owed| owed_row(owed, &care, &zone)).collect();
        view! {
            <section class="stack" aria-labelledby="to-pay">
                <h2 id="to-pay">"To pay"</h2>
                <ul class="rows bare">{rows}</ul>
            </section>
        }
    });
    let nothing = care.packages.is_empty() && care.invoices.is_empty() && care.payments.is_empty() && !is_owed;
    let empty = nothing.then(|| {
        view! {
            <div class="empty">
                {art::small_door()}
                <div class="stack"><h3>"No bills yet"</h3><p>"What you pay, and the receipts for it, will be here."</p></div>
            </div>
        }
    });
    view! {
        <div class="opening"><h1>"Bills"</h1><p class="lead">{standing(&care)}</p></div>
        {to_pay}
        {packages(&care.packages, care.bookable.iter().any(|it| it.price_source.0 == PriceSource::Package), &zone)}
        {empty}
        {bills(&care.invoices, &zone)}
        {payments(&care.payments, &zone)}
        {pieces::notice(notice)}
    }
    .into_any()
}

/// Where the client stands, in a sentence.
fn standing(care: &BillsCare) -> String {
    let words = |amounts: Vec<String>| amounts.join(" and ");
    let owed: Vec<_> = care.balance.iter().filter(|it| it.amount > 0).map(|it| it.words()).collect();
    let credit: Vec<_> = care.balance.iter().filter(|it| it.amount < 0).map(|it| it.money()).collect();
    let waits = care.owed.iter().any(|owed| owed.status.0 == BookingStatus::PendingPayment);
    let credit: Vec<_> =
        credit.into_iter().map(|it| shared::money::Money { amount: -it.amount, ..it }.to_string()).collect();
    match (owed.is_empty(), credit.is_empty()) {
        (false, _) => format!("{} is open.", words(owed)),
        (true, _) if waits => "A time is kept for you until it is paid.".to_owned(),
        (true, false) => format!("You have paid {} ahead.", words(credit)),
        (true, true) => "Nothing is open.".to_owned(),
    }
}

/// Something to pay, and how it can be.
struct ToPay {
    /// What tells it from the others on the page.
    id: String,
    /// Where its forms go.
    base: String,
    /// What it is.
    about: String,
    /// When it is or was.
    at: Instant,
    /// That moment, in words.
    when: String,
    amount: Amount,
    reference: String,
    pay_until: Option<Instant>,
    is_announced: bool,
}

fn session_to_pay(owed: &OwedLine, zone: &ZoneTable) -> ToPay {
    let about = match owed.status.0 {
        BookingStatus::Cancelled => "Fee for a late cancellation",
        BookingStatus::NoShow => "Fee for a missed appointment",
        _ => "Appointment",
    };
    ToPay {
        id: owed.booking_id.to_string(),
        base: format!("/portal/bookings/{}", owed.booking_id),
        about: about.to_owned(),
        at: owed.starts_at,
        when: words::moment(owed.starts_at, zone),
        amount: owed.amount,
        reference: owed.reference.clone(),
        pay_until: owed.pay_until,
        is_announced: owed.is_announced,
    }
}

fn package_to_pay(owed: &OwedPackage, zone: &ZoneTable) -> ToPay {
    ToPay {
        id: owed.purchase_id.to_string(),
        base: format!("/portal/packages/{}", owed.purchase_id),
        about: owed.name.clone(),
        at: owed.bought_at,
        when: words::full_day(zone.civil(owed.bought_at).date),
        amount: owed.amount,
        reference: owed.reference.clone(),
        pay_until: None,
        is_announced: owed.is_announced,
    }
}

fn owed_row(owed: ToPay, care: &BillsCare, zone: &ZoneTable) -> impl IntoView + use<> {
    let kept = owed.pay_until.map(|until| {
        view! { <p class="soft">"The time is kept for you until "<b>{words::time(until, zone)}</b>"."</p> }
    });
    let announced = owed.is_announced.then(|| {
        view! { <p class="soft">"You told us that a transfer is on its way. We note it here when it arrives."</p> }
    });
    let card = care.takes_cards.then(|| {
        let label = format!("Pay {} by card", owed.amount.words());
        view! {
            <form method="post" action=format!("{}/pay", owed.base)>
                <button class="button">{label}</button>
            </form>
        }
    });
    // A time that is kept for minutes is not paid by a transfer that takes days.
    let transfer = (!care.bank_details.is_empty() && owed.pay_until.is_none()).then(|| transfer(&owed, care));
    view! {
        <li class="stack" id=format!("owed-{}", owed.id)>
            <div class="row">
                <span>{owed.about}", "<time datetime=owed.at.to_string()>{owed.when}</time></span>
                <b>{owed.amount.words()}</b>
            </div>
            {kept}
            {announced}
            {card}
            {transfer}
        </li>
    }
}

fn transfer(owed: &ToPay, care: &BillsCare) -> impl IntoView + use<> {
    let lines: Vec<_> = care.bank_details.iter().map(|line| view! { {line.clone()}<br /> }).collect();
    let id = format!("proof-{}", owed.id);
    let summary = if care.takes_cards { "Or pay by bank transfer" } else { "Pay by bank transfer" };
    view! {
        <details open=!care.takes_cards>
            <summary>{summary}</summary>
            <div class="stack">
                <dl class="facts">
                    <div><dt>"To"</dt><dd>{lines}</dd></div>
                    <div><dt>"Amount"</dt><dd>{owed.amount.words()}</dd></div>
                    <div><dt>"Reference"</dt><dd><b>{reference_words(&owed.reference)}</b></dd></div>
                </dl>
                <form class="form" method="post" action=format!("{}/transfer", owed.base)>
                    <div class="field">
                        <label for=id.clone()>"What your bank says about it (optional)"</label>
                        <p class="hint">"For example the number of the transfer. It helps us to find it."</p>
                        <input id=id name="proof" type="text" maxlength="500" autocomplete="off" />
                    </div>
                    <p><button class="button quiet">"I have sent it"</button></p>
                </form>
            </div>
        </details>
    }
}

fn bills(bills: &[BillRow], zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    if bills.is_empty() {
        return None;
    }
    let rows: Vec<_> = bills
        .iter()
        .map(|bill| {
            let day = words::full_day(zone.civil(bill.issued_at).date);
            view! {
                <tr>
                    <th scope="row"><a href=format!("/portal/bills/{}", bill.number)>{bill.number.clone()}</a></th>
                    <td>{bill.kind.0.words()}</td>
                    <td><time datetime=bill.issued_at.to_string()>{day}</time></td>
                    <td class="num">{bill.total.words()}</td>
                </tr>
            }
        })
        .collect();
    Some(view! {
        <section class="stack opening" aria-labelledby="bills">
            <h2 id="bills">"Invoices and receipts"</h2>
            <table class="table stacks">
                <thead>
                    <tr>
                        <th scope="col">"Number"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"Written on"</th>
                        <th scope="col" class="num">"Amount"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    })
}

fn payments(payments: &[PaymentLine], zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    let shown: Vec<_> = payments.iter().filter(|it| it.status.0 != PaymentStatus::Expired).collect();
    if shown.is_empty() {
        return None;
    }
    let rows: Vec<_> = shown.into_iter().map(|payment| payment_row(payment, zone)).collect();
    Some(view! {
        <section class="stack opening" aria-labelledby="payments">
            <h2 id="payments">"Payments"</h2>
            <ul class="rows">{rows}</ul>
        </section>
    })
}

fn payment_row(payment: &PaymentLine, zone: &ZoneTable) -> impl IntoView + use<> {
    let at = payment.received_at.unwrap_or(payment.created_at);
    let is_part = payment.refunded.amount > 0 && payment.refunded.amount < payment.amount.amount;
    let back = is_part.then(|| format!(", {} given back", payment.refunded.words()));
    let is_back = payment.status.0.is_given_back(payment.amount.amount.into(), payment.refunded.amount.into());
    let class = match payment.status.0 {
        PaymentStatus::Paid if is_back => "badge done",
        PaymentStatus::Paid => "badge confirmed",
        PaymentStatus::Open => "badge pending",
        PaymentStatus::Expired => "badge done",
        PaymentStatus::Unclear => "badge late",
    };
    // What must be looked at is for the practice; for the client it is not decided yet.
    let words = match payment.status.0 {
        PaymentStatus::Unclear => "Being looked at",
        PaymentStatus::Paid if is_back => "Given back",
        status => status.words(),
    };
    view! {
        <li class="row">
            <span>
                <time datetime=at.to_string()>{words::full_day(zone.civil(at).date)}</time>
                {format!(", {}", payment.method.0.words().to_lowercase())}
                {back}
            </span>
            <span class="cluster"><b>{payment.amount.words()}</b><span class=class>{words}</span></span>
        </li>
    }
}
