//! Noting money that came by bank transfer or in cash.

use crate::ui::form::{Problem, error_summary, problem_of};
use leptos::prelude::*;
use shared::payment::PaymentMethod;

/// Whose payment can be noted.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What the form posts.
    pub value: String,
    /// How it is called.
    pub label: String,
}

/// The form with what was typed into it, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct RecordPayment {
    /// What it can be for: sessions that are open, and clients.
    pub choices: Vec<Choice>,
    /// What it is for.
    pub about: String,
    /// `CASH` or `TRANSFER`.
    pub cash: bool,
    /// How much.
    pub amount: String,
    /// In what.
    pub currency: String,
    /// The day it came.
    pub day: String,
    /// A word.
    pub note: String,
    /// What tells this sending of the form from another.
    pub key: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the page.
pub fn page(data: RecordPayment) -> AnyView {
    view! {
        <div class="desk-head"><h1>"Note a payment"</h1></div>
        <div class="stack">
            <p class="soft">"For money that came by bank transfer or in cash. Payments by card come by themselves."</p>
            {form(data)}
        </div>
    }
    .into_any()
}

fn form(data: RecordPayment) -> impl IntoView + use<> {
    let options: Vec<_> = data
        .choices
        .iter()
        .map(|choice| {
            let selected = choice.value == data.about;
            view! { <option value=choice.value.clone() selected=selected>{choice.label.clone()}</option> }
        })
        .collect();
    let currencies: Vec<_> = shared::money::Currency::ALL
        .into_iter()
        .map(|currency| {
            let code = shared::ledger::Unit::Of(currency).code();
            view! { <option value=code selected=code == data.currency>{code}</option> }
        })
        .collect();
    let method = |value: &'static str, label: PaymentMethod, checked: bool| {
        view! {
            <label class="tick">
                <input type="radio" name="method" value=value checked=checked />
                <span>{label.words()}</span>
            </label>
        }
    };
    let input = |id: &'static str, label: &'static str, kind: &'static str, value: String, required: bool| {
        field(id, label, kind, value, required, &data.problems)
    };
    let about_problem = problem_of(&data.problems, "about");
    let about_class = if about_problem.is_some() { "field invalid" } else { "field" };
    view! {
        <form class="form" method="post" action="/admin/payments/record">
            {error_summary(&data.problems)}
            <input type="hidden" name="key" value=data.key.clone() />
            <div class=about_class>
                <label for="about">"For what"</label>
                {about_problem.map(|problem| view! { <p class="error" id="about-error">{problem}</p> })}
                <select id="about" name="about">{options}</select>
            </div>
            <fieldset class="field">
                <legend>"How it came"</legend>
                {method("TRANSFER", PaymentMethod::Transfer, !data.cash)}
                {method("CASH", PaymentMethod::Cash, data.cash)}
            </fieldset>
            <div class="pair">
                {input("amount", "Amount", "text", data.amount.clone(), true)}
                <div class="field">
                    <label for="currency">"Currency"</label>
                    <select id="currency" name="currency">{currencies}</select>
                </div>
            </div>
            {input("day", "The day it came", "date", data.day.clone(), true)}
            {input("note", "What the statement says, or a word for yourself (optional)", "text", data.note.clone(), false)}
            <p class="cluster">
                <button class="button">"Note it"</button>
                <a class="button quiet" href="/admin/payments">"Back"</a>
            </p>
        </form>
    }
}

fn field(
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    value: String,
    required: bool,
    problems: &[Problem],
) -> impl IntoView + use<> {
    let problem = problem_of(problems, id);
    let class = if problem.is_some() { "field invalid" } else { "field" };
    let error_id = format!("{id}-error");
    let described = problem.is_some().then(|| error_id.clone());
    let invalid = problem.is_some().then_some("true");
    view! {
        <div class=class>
            <label for=id>{label}</label>
            {problem.map(|problem| view! { <p class="error" id=error_id>{problem}</p> })}
            <input
                id=id
                name=id
                type=kind
                value=value
                required=required
                autocomplete="off"
                aria-describedby=described
                aria-invalid=invalid
            />
        </div>
    }
}
