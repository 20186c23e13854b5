//! The practice's payments: what came, what is awaited, what is overdue, what waits for a decision, what went back.

use super::fees::{self, FeeWaiting};
use super::unpaid;
use crate::api::amount::Amount;
use crate::api::page_info::PageInfo;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, table};
use crate::ui::art;
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::booking::BookingStatus;
use shared::ids::{BookingId, ClientId, PaymentId, PurchaseId};
use shared::payment::{PaymentFilter, PaymentMethod, PaymentStatus, RefundCause, RefundStatus};
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// Which payments are asked for.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct PaymentsVariables {
    /// The zone of the practice.
    pub zone: String,
    /// Only these.
    pub filter: Option<Shared<PaymentFilter>>,
    /// Only those after this cursor.
    pub after: Option<String>,
}

/// What the list of payments asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "PaymentsVariables")]
pub struct PaymentsQuery {
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: PaymentsViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "PaymentsVariables")]
pub struct PaymentsViewer {
    /// Her desk.
    pub therapist: Option<PaymentsDesk>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "PaymentsVariables")]
pub struct PaymentsDesk {
    /// Payments, newest first.
    #[arguments(filter: $filter, after: $after, first: 50)]
    pub payments: Payments,
    /// Sessions that were not paid, oldest first.
    pub overdue: Vec<Overdue>,
    /// Fees she has not decided about, oldest first.
    pub fees_waiting: Vec<FeeWaiting>,
    /// Packages that were not paid, oldest first.
    pub owed_packages: Vec<UnpaidPackage>,
    /// Refunds, newest first.
    pub refunds: Vec<RefundRow>,
}

/// A page of payments.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PaymentConnection")]
pub struct Payments {
    /// The payments.
    pub nodes: Vec<PaymentRow>,
    /// Where the page ends.
    pub page_info: PageInfo,
}

/// A payment with whoever makes it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticePayment")]
pub struct PaymentRow {
    /// The payment.
    pub payment: PaymentFacts,
    /// Whose.
    pub client_id: ClientId,
    /// Whose, by name.
    pub client_name: String,
}

/// A payment.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Payment")]
pub struct PaymentFacts {
    /// Which.
    pub id: PaymentId,
    /// For which session.
    pub booking_id: Option<BookingId>,
    /// How it comes.
    pub method: Shared<PaymentMethod>,
    /// Where it stands.
    pub status: Shared<PaymentStatus>,
    /// How much.
    pub amount: Amount,
    /// How much went back or is about to.
    pub refunded: Amount,
    /// The number people can say of it.
    pub reference: String,
    /// When the session begins it is for.
    pub session_at: Option<Instant>,
    /// What the package is called it is for.
    pub package_name: Option<String>,
    /// When it came.
    pub received_at: Option<Instant>,
    /// When it was asked for.
    pub created_at: Instant,
}

/// A session that was not paid.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwedSession")]
pub struct Overdue {
    /// Which session.
    pub booking_id: BookingId,
    /// The number people can say.
    pub reference: String,
    /// Whose.
    pub client_id: ClientId,
    /// Whose, by name.
    pub client_name: String,
    /// What became of the session.
    pub status: Shared<BookingStatus>,
    /// When it began.
    pub starts_at: Instant,
    /// How much is open.
    pub amount: Amount,
    /// Whether a transfer is said to be on its way.
    pub is_announced: bool,
}

/// A package that was not paid.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwedPackage")]
pub struct UnpaidPackage {
    /// Which.
    pub purchase_id: PurchaseId,
    /// What it is called.
    pub name: String,
    /// What stands on a transfer.
    pub reference: String,
    /// Whose.
    pub client_id: ClientId,
    /// Whose, by name.
    pub client_name: String,
    /// When it was sold.
    pub bought_at: Instant,
    /// How much is open.
    pub amount: Amount,
    /// Whether a transfer is said to be on its way.
    pub is_announced: bool,
}

/// Money that goes back.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Refund")]
pub struct RefundRow {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: Amount,
    /// Where it stands.
    pub status: Shared<RefundStatus>,
    /// Why.
    pub cause: Shared<RefundCause>,
    /// Why, in words.
    pub reason: Option<String>,
    /// Why it did not go through.
    pub problem: Option<String>,
    /// Whose, by name.
    pub client_name: String,
    /// Who decided it.
    pub asked_by: Option<String>,
    /// When it was decided.
    pub created_at: Instant,
}

/// What the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Every payment.
    All,
    /// Payments of one kind.
    Only(PaymentFilter),
    /// Sessions that were not paid.
    Overdue,
    /// Fees that wait for a decision.
    Fees,
    /// Refunds, one by one.
    Refunds,
}

impl Shown {
    /// Reads the word of an address.
    pub fn read(word: &str) -> Self {
        Shown::ALL.into_iter().find(|shown| shown.word() == word).unwrap_or(Shown::All)
    }

    const ALL: [Shown; 7] = [
        Shown::All,
        Shown::Overdue,
        Shown::Fees,
        Shown::Only(PaymentFilter::Pending),
        Shown::Only(PaymentFilter::Paid),
        Shown::Refunds,
        Shown::Only(PaymentFilter::Unclear),
    ];

    fn word(self) -> &'static str {
        match self {
            Shown::All => "",
            Shown::Overdue => "overdue",
            Shown::Fees => "fees",
            Shown::Refunds => "refunded",
            Shown::Only(PaymentFilter::Pending) => "pending",
            Shown::Only(PaymentFilter::Paid) => "paid",
            Shown::Only(PaymentFilter::Refunded) => "with-refunds",
            Shown::Only(PaymentFilter::Unclear) => "unclear",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Shown::All => "All payments",
            Shown::Overdue => "Overdue",
            Shown::Fees => "Fees to decide",
            Shown::Refunds => "Refunds",
            Shown::Only(PaymentFilter::Pending) => "Waiting",
            Shown::Only(PaymentFilter::Paid) => "Paid",
            Shown::Only(PaymentFilter::Refunded) => "With refunds",
            Shown::Only(PaymentFilter::Unclear) => "Needs a look",
        }
    }

    /// What is asked of the API for it.
    pub fn filter(self) -> Option<PaymentFilter> {
        match self {
            Shown::Only(filter) => Some(filter),
            Shown::All | Shown::Overdue | Shown::Fees | Shown::Refunds => None,
        }
    }
}

/// Draws the page.
pub fn page(asked: PaymentsQuery, shown: Shown, is_first: bool, notice: Option<Notice>) -> AnyView {
    let zone = table(asked.time_zone.as_ref());
    let Some(desk) = asked.viewer.therapist else {
        return view! { <div class="desk-head"><h1>"Payments"</h1></div> }.into_any();
    };
    let (sessions, packages) = (desk.overdue.len(), desk.owed_packages.len());
    let list = match shown {
        Shown::Overdue => unpaid::list(&desk.overdue, &desk.owed_packages, &zone),
        Shown::Fees => fees::list(&desk.fees_waiting, &zone),
        Shown::Refunds => refund_list(&desk.refunds, &zone),
        Shown::All | Shown::Only(_) => payment_list(&desk.payments, shown, is_first, &zone),
    };
    let hint = (sessions + packages > 0 && shown != Shown::Overdue).then(|| {
        let words = unpaid::counted(sessions, packages);
        view! { <p>{words}" "<a href="/admin/payments?show=overdue">"See what is overdue"</a></p> }
    });
    let decide = (!desk.fees_waiting.is_empty() && shown != Shown::Fees).then(|| {
        let words = fees::counted(desk.fees_waiting.len());
        view! { <p>{words}" "<a href="/admin/payments?show=fees">"See the fees to decide"</a></p> }
    });
    view! {
        <div class="desk-head">
            <h1>"Payments"</h1>
            <a class="button quiet" href="/admin/payments/record">"Note a payment"</a>
        </div>
        <div class="stack">{filter(shown)} {hint} {decide} {list}</div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn filter(current: Shown) -> impl IntoView {
    let options: Vec<_> = Shown::ALL
        .into_iter()
        .map(|shown| view! { <option value=shown.word() selected=shown == current>{shown.label()}</option> })
        .collect();
    view! {
        <form class="filter" method="get" action="/admin/payments">
            <div class="field">
                <label for="show">"Show"</label>
                <select id="show" name="show">{options}</select>
            </div>
            <button class="button quiet small">"Show"</button>
        </form>
    }
}

pub(super) fn empty(title: &'static str, words: &'static str) -> AnyView {
    view! { <div class="empty">{art::small_door()} <div class="stack"><h3>{title}</h3><p>{words}</p></div></div> }
        .into_any()
}

/// Where a payment stands, as a badge.
pub fn payment_badge(payment: &PaymentFacts) -> impl IntoView + use<> {
    let status = payment.status.0;
    let is_back = status.is_given_back(payment.amount.amount.into(), payment.refunded.amount.into());
    let class = match status {
        PaymentStatus::Paid if is_back => "badge done",
        PaymentStatus::Paid => "badge confirmed",
        PaymentStatus::Open => "badge pending",
        PaymentStatus::Expired => "badge done",
        PaymentStatus::Unclear => "badge late",
    };
    view! { <span class=class>{if is_back { "Given back" } else { status.words() }}</span> }
}

/// Where a refund stands, as a badge.
pub fn refund_badge(status: RefundStatus) -> impl IntoView {
    let class = match status {
        RefundStatus::Succeeded => "badge done",
        RefundStatus::Pending => "badge pending",
        RefundStatus::Failed => "badge failed",
    };
    view! { <span class=class>{status.words()}</span> }
}

fn payment_list(payments: &Payments, shown: Shown, is_first: bool, zone: &ZoneTable) -> AnyView {
    if payments.nodes.is_empty() {
        return match shown {
            Shown::All => empty(
                "No payments yet",
                "What clients pay by card appears here by itself. Transfers and cash you note yourself.",
            ),
            _ => empty("None of these", "Choose “All payments” to see everything."),
        };
    }
    let rows: Vec<_> = payments.nodes.iter().map(|row| payment_row(row, zone)).collect();
    let href = format!("/admin/payments?show={}", shown.word());
    let more = payments.page_info.clone().next().map(|after| format!("{href}&after={after}"));
    let pager = pieces::pager((!is_first).then_some(href), more);
    view! {
        <div class="scroll">
            <table class="table stacks">
                <caption>"Newest first. "{words::city(&zone.name)}" time."</caption>
                <thead>
                    <tr>
                        <th scope="col">"Client"</th>
                        <th scope="col">"For"</th>
                        <th scope="col">"How"</th>
                        <th scope="col">"When"</th>
                        <th scope="col" class="num">"Amount"</th>
                        <th scope="col">"Status"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {pager}
    }
    .into_any()
}

fn payment_row(row: &PaymentRow, zone: &ZoneTable) -> impl IntoView + use<> {
    let payment = &row.payment;
    let session = payment.session_at.map(|at| words::dated(at, zone));
    let session = session.or_else(|| payment.package_name.clone()).unwrap_or_else(|| "Credit".to_owned());
    let at = payment.received_at.unwrap_or(payment.created_at);
    let is_part = payment.refunded.amount > 0 && payment.refunded.amount < payment.amount.amount;
    let back = is_part.then(|| view! { <br /><span class="soft small">{payment.refunded.words()}" given back"</span> });
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/payments/{}", payment.id)>{row.client_name.clone()}</a></th>
            <td data-label="For">{session}</td>
            <td data-label="How">{payment.method.0.words()}</td>
            <td data-label="When">{pieces::dated(at, zone)}</td>
            <td class="num">{payment.amount.words()}{back}</td>
            <td>{payment_badge(payment)}</td>
        </tr>
    }
}

fn refund_list(refunds: &[RefundRow], zone: &ZoneTable) -> AnyView {
    if refunds.is_empty() {
        return empty("Nothing has gone back", "Refunds appear here, with who decided them and why.");
    }
    let rows: Vec<_> = refunds.iter().map(|refund| refund_row(refund, zone)).collect();
    view! {
        <div class="scroll">
            <table class="table stacks">
                <caption>"Newest first. "{words::city(&zone.name)}" time."</caption>
                <thead>
                    <tr>
                        <th scope="col">"Client"</th>
                        <th scope="col">"When"</th>
                        <th scope="col" class="num">"Amount"</th>
                        <th scope="col">"Why"</th>
                        <th scope="col">"Status"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn refund_row(refund: &RefundRow, zone: &ZoneTable) -> impl IntoView + use<> {
    let by = refund.asked_by.clone().map(|name| format!(" ({name})"));
    let reason = refund.reason.clone().map(|reason| view! { <br /><span class="soft small">{reason}</span> });
    let problem = refund.problem.clone().map(|problem| view! { <br /><span class="soft small">{problem}</span> });
    view! {
        <tr>
            <th scope="row"><a href=format!("/admin/payments/{}", refund.payment_id)>{refund.client_name.clone()}</a></th>
            <td>{pieces::dated(refund.created_at, zone)}</td>
            <td class="num">{refund.amount.words()}</td>
            <td>{refund.cause.0.words()}{by}{reason}</td>
            <td>{refund_badge(refund.status.0)}{problem}</td>
        </tr>
    }
}
