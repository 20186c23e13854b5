//! The rules for calling off: what they say now, what new ones would mean, and the versions there were.

use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::fields::{Field, field};
use crate::ui::form::{Problem, error_summary, problem_of};
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::ids::SessionTypeId;
use shared::money::Money;
use shared::policy::{Agreed, CancellationPolicy, FeeWindow};
use shared::practice::{Gate, Prepay};
use shared::price;
use shared::time::{Instant, LocalTime, Weekday};
use shared::words;
use shared::zone::ZoneTable;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct PolicyQuery {
    /// The practice's clock.
    pub practice: PolicyClock,
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: PolicyViewer,
}

/// The practice's clock.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct PolicyClock {
    /// What it shows.
    pub now: Instant,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct PolicyViewer {
    /// The practice she works in.
    pub practice: Option<PolicyPractice>,
    /// Her desk.
    pub therapist: Option<PolicyDesk>,
}

/// The practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticeDesk")]
pub struct PolicyPractice {
    /// What it sells.
    pub offer: Vec<PaidType>,
}

/// Something the practice sells.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OfferedType")]
pub struct PaidType {
    /// What whoever can book it sees of it.
    pub session_type: PaidRow,
    /// What is paid first.
    pub prepay: Shared<Prepay>,
    /// The deposit.
    pub deposit: Amount,
    /// Since when it is not offered any more.
    pub retired_at: Option<Instant>,
}

/// What whoever can book it sees of it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct PaidRow {
    /// Which.
    pub id: SessionTypeId,
    /// Its name.
    pub name: String,
    /// Who may book it.
    pub gate: Shared<Gate>,
    /// What it costs.
    pub price: Amount,
}

/// The therapist's rules.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk")]
pub struct PolicyDesk {
    /// The rules in force.
    pub policy_in_force: Rules,
    /// Every version.
    pub policies: Vec<Version>,
}

/// One version of the rules.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Policy")]
pub struct Version {
    /// Counts from 1.
    pub version: i32,
    /// What it says.
    pub rules: Rules,
    /// When it was published.
    pub created_at: Instant,
}

/// What the rules say.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "CancellationPolicy")]
pub struct Rules {
    /// When a fee begins and grows.
    pub windows: Vec<Window>,
    /// What not coming costs, in percent.
    pub no_show_percent: i32,
    /// How many late cancellations a year are free.
    pub free_late_cancels_per_year: i32,
    /// How often a session can be moved.
    pub reschedule_limit: i32,
    /// Until how many hours before.
    pub reschedule_hours: i32,
    /// From how many hours before on a deposit is kept.
    pub deposit_hours: i32,
}

/// When a fee begins.
#[derive(cynic::QueryFragment, Debug, Clone, Copy)]
#[cynic(graphql_type = "FeeWindow")]
pub struct Window {
    /// Hours before the start.
    pub hours_before: i32,
    /// In percent of the price.
    pub fee_percent: i32,
}

impl Rules {
    fn policy(&self) -> CancellationPolicy {
        let count = |value: i32| u32::try_from(value).unwrap_or(0);
        let window =
            |it: &Window| FeeWindow { hours_before: count(it.hours_before), fee_percent: count(it.fee_percent) };
        CancellationPolicy {
            windows: self.windows.iter().map(window).collect(),
            no_show_percent: count(self.no_show_percent),
            free_late_cancels_per_year: count(self.free_late_cancels_per_year),
            reschedule_limit: count(self.reschedule_limit),
            reschedule_hours: count(self.reschedule_hours),
            deposit_hours: count(self.deposit_hours),
        }
    }
}

/// The ids of the fields of each step: how many hours before, and what it costs then.
pub const STEPS: [(&str, &str); 6] = [
    ("hours-1", "fee-1"),
    ("hours-2", "fee-2"),
    ("hours-3", "fee-3"),
    ("hours-4", "fee-4"),
    ("hours-5", "fee-5"),
    ("hours-6", "fee-6"),
];

/// What was typed into the form, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedPolicy {
    /// Hours and percent of each step, in order.
    pub steps: Vec<(String, String)>,
    /// What not coming costs, in percent.
    pub no_show: String,
    /// How many late cancellations a year are free.
    pub free: String,
    /// How often a session can be moved.
    pub moves: String,
    /// Until how many hours before.
    pub move_hours: String,
    /// From how many hours before on a deposit is kept.
    pub deposit_hours: String,
    /// What it means, where it can be read and is asked for.
    pub tried: Option<CancellationPolicy>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl TypedPolicy {
    fn of(policy: &CancellationPolicy) -> Self {
        let step = |it: &FeeWindow| (it.hours_before.to_string(), it.fee_percent.to_string());
        TypedPolicy {
            steps: policy.windows.iter().map(step).collect(),
            no_show: policy.no_show_percent.to_string(),
            free: policy.free_late_cancels_per_year.to_string(),
            moves: policy.reschedule_limit.to_string(),
            move_hours: policy.reschedule_hours.to_string(),
            deposit_hours: policy.deposit_hours.to_string(),
            ..TypedPolicy::default()
        }
    }
}

/// Draws the page.
pub fn page(answer: &PolicyQuery, typed: Option<TypedPolicy>, notice: Option<Notice>) -> AnyView {
    let Some(desk) = &answer.viewer.therapist else {
        return view! { <p>"The rules for cancelling are for those who see clients."</p> }.into_any();
    };
    let zone = table(answer.time_zone.as_ref());
    let in_force = desk.policy_in_force.policy();
    let tried = typed.as_ref().and_then(|typed| typed.tried.clone());
    let offer = answer.viewer.practice.as_ref().map(|practice| practice.offer.as_slice()).unwrap_or_default();
    let preview = preview(tried.as_ref().unwrap_or(&in_force), tried.is_some(), offer, answer.practice.now, &zone);
    let typed = typed.unwrap_or_else(|| TypedPolicy::of(&in_force));
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/more">"More"</a></p><h1>"Cancelling and moving"</h1></div>
        </div>
        <div class="desk-cols">
            {form(&typed)}
            <aside>{preview} {paid_first(offer)} {history(&desk.policies, &zone)}</aside>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn form(typed: &TypedPolicy) -> impl IntoView + use<> {
    let problems = &typed.problems;
    let number = |id, label, hint, value: &String| {
        field(Field { id, label, hint, kind: "number", value: value.clone(), is_required: true }, problems)
    };
    let shown = (typed.steps.len() + 1).clamp(3, STEPS.len());
    let steps: Vec<_> = STEPS
        .iter()
        .take(shown)
        .enumerate()
        .map(|(index, (hours_id, fee_id))| {
            let (hours, fee) = typed.steps.get(index).cloned().unwrap_or_default();
            let label = |what: &str| format!("{what}, step {}", index + 1);
            view! {
                <div class="pair">
                    <label>
                        <span class="small">"Hours before"</span>
                        <input class="input" id=*hours_id name=*hours_id inputmode="numeric" value=hours aria-label=label("Hours before")/>
                    </label>
                    <label>
                        <span class="small">"Percent of the price"</span>
                        <input class="input" id=*fee_id name=*fee_id inputmode="numeric" value=fee aria-label=label("Percent of the price")/>
                    </label>
                </div>
            }
        })
        .collect();
    let wrong = problem_of(problems, "hours-1").map(|problem| view! { <p class="error">{problem}</p> });
    let class = if wrong.is_some() { "field invalid" } else { "field" };
    let deposit =
        "Whoever cancels later than that, or does not come, gets no deposit back. 0: it goes back like any payment.";
    let free = "For each client, in twelve months. The first is often forgotten, not meant.";
    view! {
        <form class="form" method="post" action="/admin/policy">
            {error_summary(problems)}
            <fieldset class=class>
                <legend>"What cancelling costs"</legend>
                <p class="hint">
                    "Before the first step it is free. Each step is nearer to the session and costs at least as much. Leave a
                    line empty to drop it."
                </p>
                {wrong}
                {steps}
            </fieldset>
            {number("no-show", "Not coming costs, in percent of the price", None, &typed.no_show)}
            {number("deposit-hours", "A deposit is kept, hours before the start", Some(deposit), &typed.deposit_hours)}
            {number("free", "Late cancellations on the house", Some(free), &typed.free)}
            {number("moves", "How often one session can be moved", None, &typed.moves)}
            {number("move-hours", "Moving closes, hours before the start", None, &typed.move_hours)}
            <p class="soft">
                "Sessions that are booked keep the rules they were booked under. New ones follow these from the moment you
                publish them. A fee is always proposed to you; nothing is charged by itself."
            </p>
            <p class="cluster">
                <button class="button" name="do" value="publish">"Publish"</button>
                <button class="button quiet" name="do" value="check">"See what this would mean"</button>
            </p>
        </form>
    }
}

/// An example session: the next Thursday at 10:00 that is a week away or more.
fn example(now: Instant, zone: &ZoneTable) -> Instant {
    let today = zone.civil(now).date;
    let day = (7..14).map(|days| today.plus_days(days)).find(|day| day.weekday() == Weekday::Thursday).unwrap_or(today);
    zone.resolve(day, LocalTime::from_minutes(600).unwrap_or_else(|| unreachable!("ten o'clock is a time"))).at
}

/// What the rules mean for an example, by the same rule that decides it later.
fn preview(
    policy: &CancellationPolicy,
    is_tried: bool,
    offer: &[PaidType],
    now: Instant,
    zone: &ZoneTable,
) -> impl IntoView + use<> {
    let mut sold = offer.iter().filter(|it| it.retired_at.is_none() && it.session_type.gate.0 == Gate::Clients);
    // What is said about deposits is shown on a session that has one.
    let with_deposit = sold.clone().find(|it| policy.deposit_hours > 0 && it.prepay.0 == Prepay::Deposit);
    let paid = with_deposit.or_else(|| sold.next());
    let price = paid
        .map_or(Money { amount: 10_000, currency: shared::money::Currency::Eur }, |it| it.session_type.price.money());
    let name = paid.map_or_else(|| "A session".to_owned(), |it| it.session_type.name.clone());
    let starts_at = example(now, zone);
    let agreed = paid.map_or(Agreed::NOTHING, |it| {
        let paid_first = price::due_now(price, it.prepay.0, it.deposit.money().amount);
        Agreed::new(price, paid_first)
    });
    let steps = policy.steps(&agreed, starts_at);
    let last = steps.len().saturating_sub(1);
    let lines: Vec<_> = steps
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let until = match index == last {
                true => "until it begins".to_owned(),
                false => format!("until {}", words::short_moment(step.until, zone)),
            };
            view! { <li><b>{step.words(price)}</b>" "{until}</li> }
        })
        .collect();
    let missed = policy.no_show_fee(&agreed);
    let missed = if missed.is_free() { "nothing".to_owned() } else { missed.to_string() };
    let heading = if is_tried { "What this would mean" } else { "What this means" };
    view! {
        <section class="stack" id="preview" aria-live="polite">
            <h2>{heading}</h2>
            <p>{name}", "{price.to_string()}", on "{words::moment(starts_at, zone)}". Cancelling costs:"</p>
            <ol class="rows bare">{lines}</ol>
            <p>"Not coming costs "{missed}"."</p>
            {is_tried.then(|| view! { <p class="soft">"Nothing is published yet."</p> })}
        </section>
    }
}

/// Which sessions are paid for first.
fn paid_first(offer: &[PaidType]) -> impl IntoView + use<> {
    let row = |it: &PaidType| {
        let what = match it.prepay.0 {
            Prepay::Nothing => "paid afterwards".to_owned(),
            Prepay::Deposit => format!("{} paid first", it.deposit.words()),
            Prepay::All => "all paid first".to_owned(),
        };
        let row = &it.session_type;
        view! { <li><a href=format!("/admin/session-types/{}#prepay", row.id)>{row.name.clone()}</a>": "{what}</li> }
    };
    let asked = offer.iter().filter(|it| it.retired_at.is_none() && it.session_type.gate.0 == Gate::Clients);
    let rows: Vec<_> = asked.map(row).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="stack">
                <h2>"Deposits"</h2>
                <p class="soft">"What is paid before a session is confirmed belongs to each session type."</p>
                <ul class="rows bare">{rows}</ul>
            </section>
        }
    })
}

/// The rules in a line: `Free until 48 hours before, then 50 %, from 24 hours 100 %; not coming 100 %.`
fn in_short(policy: &CancellationPolicy) -> String {
    let paid = policy.windows.iter().filter(|window| window.fee_percent > 0);
    let mut parts: Vec<String> = Vec::new();
    for window in paid {
        parts.push(match parts.is_empty() {
            true => format!("Free until {} hours before, then {} %", window.hours_before, window.fee_percent),
            false => format!("from {} hours {} %", window.hours_before, window.fee_percent),
        });
    }
    if parts.is_empty() {
        parts.push("Cancelling is always free".to_owned());
    }
    let deposit = match policy.deposit_hours {
        0 => String::new(),
        hours => format!("; a deposit is kept from {hours} hours before"),
    };
    format!("{}; not coming {} %{deposit}.", parts.join(", "), policy.no_show_percent)
}

fn history(versions: &[Version], zone: &ZoneTable) -> impl IntoView + use<> {
    let rows: Vec<_> = versions
        .iter()
        .enumerate()
        .map(|(index, version)| {
            let day = words::full_day(zone.civil(version.created_at).date);
            let badge = (index == 0).then(|| view! { <span class="badge confirmed">"In force"</span> });
            view! {
                <li>
                    <p class="cluster"><span>"Version "{version.version}", "{day}</span>{badge}</p>
                    <p class="soft small">{in_short(&version.rules.policy())}</p>
                </li>
            }
        })
        .collect();
    let body = match rows.is_empty() {
        true => view! { <p class="soft">"None were published: the built-in rules count."</p> }.into_any(),
        false => view! { <ul class="rows bare">{rows}</ul> }.into_any(),
    };
    view! {
        <section class="stack">
            <h2>"Versions"</h2>
            <p class="soft">"A session keeps the version it was booked under."</p>
            {body}
        </section>
    }
}
