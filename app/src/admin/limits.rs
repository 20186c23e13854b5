//! The limits of the calendar: how many sessions, how far ahead, how long a time is kept.

use crate::api::schema::schema;
use crate::ui::fields::{Field, Select, field, select};
use crate::ui::form::{Problem, TextArea, error_summary, text_area};
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::series::WEEKS_AHEAD_RANGE;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct LimitsQuery {
    /// Whoever is signed in.
    pub viewer: LimitsViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct LimitsViewer {
    /// The practice they work in.
    pub practice: Option<Limits>,
}

/// What the practice allows in its calendar.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticeDesk")]
pub struct Limits {
    /// Sessions a day at most.
    pub sessions_per_day: Option<i32>,
    /// Sessions in a row at most.
    pub consecutive_sessions: Option<i32>,
    /// Minutes of break after that many.
    pub break_minutes: i32,
    /// Sessions a client may have ahead.
    pub bookings_ahead: Option<i32>,
    /// Weeks ahead of standing places.
    pub series_weeks_ahead: i32,
    /// Minutes a time is kept for payment.
    pub payment_minutes: i32,
    /// Where a bank transfer goes.
    pub bank_details: Vec<String>,
    /// From so many minutes after its start a session can be marked as missed.
    pub no_show_minutes: i32,
    /// So many minutes after a first call the therapist is asked for a decision.
    pub prompt_minutes: i32,
    /// After a break of at most so many months clients come back without another call.
    pub return_months: i32,
}

/// What was typed into the form, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedLimits {
    /// Sessions a day at most.
    pub per_day: String,
    /// Sessions in a row at most.
    pub in_a_row: String,
    /// Minutes of break after that many.
    pub pause: String,
    /// Sessions a client may have ahead.
    pub ahead: String,
    /// Weeks ahead of standing places.
    pub weeks: String,
    /// Minutes a time is kept for payment.
    pub payment: String,
    /// Where a bank transfer goes, line by line.
    pub bank: String,
    /// From so many minutes after its start a session can be marked as missed.
    pub missed: String,
    /// So many minutes after a first call the therapist is asked for a decision.
    pub prompt: String,
    /// After a break of at most so many months clients come back without another call.
    pub returns: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl TypedLimits {
    fn of(limits: &Limits) -> Self {
        let perhaps = |value: Option<i32>| value.map(|value| value.to_string()).unwrap_or_default();
        TypedLimits {
            per_day: perhaps(limits.sessions_per_day),
            in_a_row: perhaps(limits.consecutive_sessions),
            pause: limits.break_minutes.to_string(),
            ahead: perhaps(limits.bookings_ahead),
            weeks: limits.series_weeks_ahead.to_string(),
            payment: limits.payment_minutes.to_string(),
            bank: limits.bank_details.join("\n"),
            missed: limits.no_show_minutes.to_string(),
            prompt: limits.prompt_minutes.to_string(),
            returns: limits.return_months.to_string(),
            problems: Vec::new(),
        }
    }
}

/// Draws the page.
pub fn page(answer: &LimitsQuery, typed: Option<TypedLimits>, notice: Option<Notice>) -> AnyView {
    let Some(limits) = &answer.viewer.practice else {
        return view! { <p>"The limits of the calendar are for those who work here."</p> }.into_any();
    };
    let typed = typed.unwrap_or_else(|| TypedLimits::of(limits));
    let problems = &typed.problems;
    let number = |id, label, hint, value: &String, is_required| {
        field(Field { id, label, hint, kind: "number", value: value.clone(), is_required }, problems)
    };
    let weeks = Select {
        id: "weeks",
        label: "Standing places are in the calendar for the next",
        hint: Some("Longer shows clients more of their sessions; the rest of the time stays theirs either way."),
        options: WEEKS_AHEAD_RANGE.map(|weeks| (weeks.to_string(), format!("{weeks} weeks"))).collect(),
        value: typed.weeks.clone(),
    };
    let bank = TextArea {
        id: "bank",
        label: "Bank details",
        hint: Some("Line by line, as clients see them with their bills. Leave it empty if you take no transfers."),
        rows: 4,
        longest: 900,
        is_required: false,
        value: typed.bank.clone(),
    };
    let per_day = "For one therapist, all types together. Leave it empty for no limit.";
    let ahead = "Standing places are not counted. Leave it empty for no limit.";
    let returns = "In months from the beginning of the break. Breaks that have begun keep theirs.";
    let payment = "Where a session is to be paid first. Paying takes people a few minutes; 32 is the least.";
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/more">"More"</a></p><h1>"Calendar limits"</h1></div>
        </div>
        <div class="desk-cols">
            <form class="form" method="post" action="/admin/limits">
                {error_summary(problems)}
                {number("per-day", "Sessions a day at most", Some(per_day), &typed.per_day, false)}
                <div class="pair">
                    {number("in-a-row", "Sessions in a row at most", Some("Empty for no limit."), &typed.in_a_row, false)}
                    {number("pause", "Then a break of", Some("In minutes."), &typed.pause, true)}
                </div>
                {number("ahead", "Sessions a client may have ahead", Some(ahead), &typed.ahead, false)}
                {select(weeks, problems)}
                <h2>"Afterwards"</h2>
                {number("missed", "A session can be marked as missed after", Some("In minutes from its start."), &typed.missed, true)}
                {number("prompt", "You are asked for a decision after", Some("In minutes from the end of a first call."), &typed.prompt, true)}
                {number("returns", "After a break clients come back without a call for", Some(returns), &typed.returns, true)}
                <h2>"Payment"</h2>
                {number("payment", "A time is kept for payment, in minutes", Some(payment), &typed.payment, true)}
                {text_area(bank, problems)}
                <p class="soft">"What is booked stays. What can be booked follows at once; standing places follow within a day."</p>
                <p><button class="button">"Save"</button></p>
            </form>
            <aside>
                <section class="stack">
                    <h2>"Also about your time"</h2>
                    <p class="soft">"What can be booked follows from all of these together."</p>
                    <ul class="rows bare">
                        <li><a href="/admin/hours">"When you work"</a></li>
                        <li><a href="/admin/absence#holidays">"Public holidays"</a></li>
                        <li><a href="/admin/session-types">"Limits of a session type"</a></li>
                        <li><a href="/admin/rooms">"Rooms"</a></li>
                    </ul>
                </section>
            </aside>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}
