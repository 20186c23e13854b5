//! One payment of the practice, and giving it back.

use super::bill;
use super::payments::{PaymentFacts, RefundRow, payment_badge, refund_badge};
use crate::api::amount::Amount;
use crate::api::bill::BillRow;
use crate::api::schema::schema;
use crate::api::zone::{Zone, table};
use crate::ui::form::{Problem, TextField, error_summary, problem_of, text_field};
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::ids::{ClientId, PaymentId};
use shared::payment::{PaymentMethod, PaymentStatus, typed_amount};
use shared::words;

/// Which payment is asked for.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct PaymentVariables {
    /// The zone of the practice.
    pub zone: String,
    /// The payment.
    pub id: PaymentId,
}

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "PaymentVariables")]
pub struct PaymentQuery {
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: PaymentViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "PaymentVariables")]
pub struct PaymentViewer {
    /// Her desk.
    pub therapist: Option<PaymentDesk>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "PaymentVariables")]
pub struct PaymentDesk {
    /// The payment.
    #[arguments(id: $id)]
    pub payment: Option<PaymentRecord>,
}

/// A payment with everything known of it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticePayment")]
pub struct PaymentRecord {
    /// The payment.
    pub payment: PaymentFacts,
    /// Whose.
    pub client_id: ClientId,
    /// Whose, by name.
    pub client_name: String,
    /// How much can still go back.
    pub refundable: Amount,
    /// Why a person must look.
    pub problem: Option<String>,
    /// What was written about it.
    pub note: Option<String>,
    /// Its refunds, newest first.
    pub refunds: Vec<RefundRow>,
    /// Its receipt, and the credit notes of what went back of it.
    pub invoices: Vec<BillRow>,
}

/// What was typed into the form for a refund, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedRefund {
    /// How much.
    pub amount: String,
    /// Why.
    pub reason: String,
    /// Whether what it was for is to be paid again.
    pub stays_owed: bool,
    /// What tells this sending of the form from another.
    pub key: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the page.
pub fn page(record: PaymentRecord, zone: Option<&Zone>, typed: TypedRefund, notice: Option<Notice>) -> AnyView {
    let zone = table(zone);
    let bills = bill::list(&record.invoices, &zone);
    let bills = bills.map(|list| view! { <section class="stack"><h2>"Bills"</h2>{list}</section> });
    let payment = &record.payment;
    let at = payment.received_at.unwrap_or(payment.created_at);
    let session = payment.session_at.map(|at| words::moment(at, &zone));
    let subject = session.or_else(|| payment.package_name.clone()).unwrap_or_else(|| "None: it is credit".to_owned());
    let fact =
        |name: &'static str, text: Option<String>| text.map(|text| view! { <div><dt>{name}</dt><dd>{text}</dd></div> });
    let problem = record.problem.clone().map(|problem| {
        view! {
            <div class="notice conflict">
                <h2>"This needs a look"</h2>
                <p>"The payment provider says: "{problem}". Nothing was confirmed because of it. Look it up there, and give it back if need be."</p>
            </div>
        }
    });
    let waits = payment.status.0 == PaymentStatus::Open && payment.method.0 != PaymentMethod::Card;
    let mark = waits.then(|| {
        view! { <p><a class="button" href=format!("/admin/payments/record?payment={}", payment.id)>"Mark as paid"</a></p> }
    });
    let refunds = refunds(&record, &zone);
    let form = (record.refundable.amount > 0).then(|| form(&record, typed));
    view! {
        <div class="desk-head"><h1>{format!("{} from {}", payment.amount.words(), record.client_name)}</h1></div>
        <div class="stack">
            <p>{payment_badge(payment)}</p>
            {problem}
            <dl class="facts">
                <div>
                    <dt>"Client"</dt>
                    <dd><a href=format!("/admin/clients/{}", record.client_id)>{record.client_name.clone()}</a></dd>
                </div>
                {fact("For", Some(subject))}
                {fact("How", Some(payment.method.0.words().to_owned()))}
                {fact("When", Some(words::moment(at, &zone)))}
                {fact("Number", Some(payment.reference.clone()))}
                {fact("Note", record.note.clone())}
            </dl>
            {mark}
            {refunds}
            {bills}
            {form}
            <p><a href="/admin/payments">"All payments"</a></p>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn refunds(record: &PaymentRecord, zone: &shared::zone::ZoneTable) -> Option<impl IntoView + use<>> {
    if record.refunds.is_empty() {
        return None;
    }
    let rows: Vec<_> = record
        .refunds
        .iter()
        .map(|refund| {
            let why = refund.reason.clone().unwrap_or_else(|| refund.cause.0.words().to_owned());
            let problem = refund.problem.clone().map(|problem| view! { <br /><span class="soft small">{problem}</span> });
            view! {
                <li class="row">
                    <span>{refund.amount.words()}", "{words::short_moment(refund.created_at, zone)}": "{why}{problem}</span>
                    {refund_badge(refund.status.0)}
                </li>
            }
        })
        .collect();
    Some(view! { <section class="stack"><h2>"Given back"</h2><ul class="rows">{rows}</ul></section> })
}

fn form(record: &PaymentRecord, typed: TypedRefund) -> impl IntoView + use<> {
    let most = record.refundable;
    let by_hand = record.payment.method.0 != PaymentMethod::Card;
    let words = match by_hand {
        true => "Send or hand over the money first; this notes that it was done and tells the client.",
        false => "It goes back to the card it came from. The client is told when it is done.",
    };
    let value = if typed.amount.is_empty() { typed_amount(i64::from(most.amount)) } else { typed.amount };
    let amount_problem = problem_of(&typed.problems, "amount");
    let amount_class = if amount_problem.is_some() { "field short invalid" } else { "field short" };
    let invalid = amount_problem.is_some().then_some("true");
    let label = format!("Amount in {}", most.currency.0.sign().trim());
    let is_for_something = record.payment.session_at.is_some() || record.payment.package_name.is_some();
    let stays_owed = is_for_something.then(|| {
        view! {
            <label class="tick">
                <input type="checkbox" name="owed" value="yes" checked=typed.stays_owed />
                <span>"They are to pay it again, for example because this payment was noted by mistake"</span>
            </label>
        }
    });
    let reason = TextField {
        id: "reason",
        label: "Why, for the records of the practice",
        hint: None,
        kind: "text",
        autocomplete: "off",
        value: typed.reason,
    };
    view! {
        <section class="stack" aria-labelledby="give-back">
            <h2 id="give-back">"Give money back"</h2>
            <p class="soft">{words}</p>
            <form class="form" method="post" action=format!("/admin/payments/{}/refund", record.payment.id)>
                {error_summary(&typed.problems)}
                <input type="hidden" name="key" value=typed.key />
                <div class=amount_class>
                    <label for="amount">{label}</label>
                    <p class="hint" id="amount-hint">{format!("At most {}.", most.words())}</p>
                    {amount_problem.map(|problem| view! { <p class="error" id="amount-error">{problem}</p> })}
                    <input
                        id="amount"
                        name="amount"
                        type="text"
                        inputmode="decimal"
                        autocomplete="off"
                        required=true
                        value=value
                        aria-invalid=invalid
                        aria-describedby="amount-hint"
                    />
                </div>
                {text_field(reason, &typed.problems)}
                {stays_owed}
                <p><button class="button danger">"Give it back"</button></p>
            </form>
        </section>
    }
}
