//! Being away, in two steps: who is affected and what could stand in, then all of it at once.

mod query;

pub use query::*;

use crate::api::make_up::MakeUpState;
use crate::api::zone::table;
use crate::ui::fields::{Field, field, hidden};
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::holidays::HolidaySet;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct TypedAbsence {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// When it begins on the first day.
    pub from_time: String,
    /// When it ends on the last day.
    pub to_time: String,
    /// A word for herself.
    pub note: String,
    /// What was chosen for each session, by the names of the fields.
    pub chosen: Vec<(String, String)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Everything the page is drawn from.
pub struct AbsencePage {
    /// What was answered.
    pub answer: AbsenceQuery,
    /// The plan, once days are chosen.
    pub plan: Option<Plan>,
    /// What was typed.
    pub typed: TypedAbsence,
    /// Makes the form's request one of its own.
    pub key: String,
    /// What was just done.
    pub notice: Option<Notice>,
}

/// Draws the page.
pub fn page(page: AbsencePage) -> AnyView {
    let AbsencePage { answer, plan, typed, key, notice } = page;
    let zone = table(answer.time_zone.as_ref());
    let Some(desk) = answer.viewer.therapist else {
        return view! { <div class="desk-head"><h1>"Time away"</h1></div><p>"This account sees no clients, so it keeps no hours."</p> }
            .into_any();
    };
    let step = plan.as_ref().map(|plan| second_step(plan, &zone, &typed, key));
    let sets: Vec<HolidaySet> = desk.holiday_sets.iter().map(|set| set.0).collect();
    view! {
        <div class="desk-head">
            <div><p class="soft">{words::city(&zone.name)}" time"</p><h1>"Time away"</h1></div>
            <a class="button quiet small" href="/admin/hours">"Your hours"</a>
        </div>
        <div class="desk-cols">
            <div class="stack">{first_step(&typed, plan.is_some())} {step}</div>
            <aside>{offered(&desk.make_ups, &zone)} {holidays(&desk.holidays_ahead, &sets)}</aside>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn first_step(typed: &TypedAbsence, is_planned: bool) -> impl IntoView + use<> {
    let problems = typed.problems.clone();
    let problems = problems.as_slice();
    let input = |id, label, kind, value: &str, is_required| {
        field(Field { id, label, kind, value: value.to_owned(), is_required, hint: None }, problems)
    };
    let lead = (!is_planned).then(|| {
        view! {
            <p class="soft">"Choose the days. You see who is affected and which free times could stand in. Nothing is sent, and nothing changes, until you say so."</p>
        }
    });
    let button = if is_planned { "Look again" } else { "See who is affected" };
    view! {
        <section class="stack">
            {lead}
            <form class="form" method="get" action="/admin/absence">
                {error_summary(problems)}
                <div class="pair">
                    {input("from", "First day", "date", &typed.from, true)}
                    {input("to", "Last day", "date", &typed.to, true)}
                </div>
                <div class="pair">
                    {input("from-time", "From (optional)", "time", &typed.from_time, false)}
                    {input("to-time", "Until (optional)", "time", &typed.to_time, false)}
                </div>
                <p><button class="button quiet">{button}</button></p>
            </form>
        </section>
    }
}

fn second_step(plan: &Plan, zone: &ZoneTable, typed: &TypedAbsence, key: String) -> impl IntoView + use<> {
    let (count, days) = (plan.affected.len(), plan.places.len());
    let heading = match count {
        0 => "Nobody has a session then".to_owned(),
        1 => "One session falls into it".to_owned(),
        count => format!("{count} sessions fall into it"),
    };
    let sessions: Vec<_> = plan.affected.iter().map(|affected| choice(affected, zone, typed)).collect();
    let places = (days > 0).then(|| {
        let item = |day: &AffectedDay| {
            let words = format!("{}, {}", day.series.client_name, words::moment(day.starts_at, zone));
            view! { <li>{words}</li> }
        };
        let items: Vec<_> = plan.places.iter().map(item).collect();
        view! {
            <div class="stack">
                <h3>"Standing places further ahead"</h3>
                <p class="soft">"These days are kept and not in the calendar yet. They are left out, and their people are told."</p>
                <ul class="rows bare">{items}</ul>
            </div>
        }
    });
    let promise = match count + days {
        0 => "Nobody needs to be told.",
        _ => "Everybody it concerns is told once. What is cancelled costs them nothing.",
    };
    let note = Field {
        id: "note",
        label: "A word for yourself (optional)",
        kind: "text",
        value: typed.note.clone(),
        is_required: false,
        hint: None,
    };
    view! {
        <section class="stack" id="plan">
            <h2>{heading}</h2>
            <p class="soft">"Nothing has been sent yet."</p>
            <form class="stack" method="post" action="/admin/absence">
                {hidden("from", typed.from.clone())}
                {hidden("to", typed.to.clone())}
                {hidden("from-time", typed.from_time.clone())}
                {hidden("to-time", typed.to_time.clone())}
                {hidden("key", key)}
                {sessions}
                {places}
                {field(note, &[])}
                <p class="hint">{promise}</p>
                <p><button class="button">"Take this time off"</button></p>
            </form>
        </section>
    }
}

fn choice(affected: &Affected, zone: &ZoneTable, typed: &TypedAbsence) -> impl IntoView + use<> {
    let booking = &affected.session.booking;
    let name = format!("make-up-{}", booking.id);
    let chosen = typed.chosen.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value).to_owned();
    let offered = affected.proposals.iter().map(|free| free.starts_at.to_string());
    // What is not offered any more is not chosen in silence.
    let is_gone = !chosen.is_empty() && chosen != "offer" && !offered.clone().any(|it| it == chosen);
    let gone = is_gone.then(|| view! { <p class="error">"The time you chose is taken now. Please choose again."</p> });
    let when = words::moment(booking.starts_at, zone);
    let options: Vec<_> = affected
        .proposals
        .iter()
        .map(|free| {
            let words = format!("Move to {}", words::moment(free.starts_at, zone));
            let (name, value) = (name.clone(), free.starts_at.to_string());
            let checked = value == chosen;
            view! {
                <label class="tick">
                    <input type="radio" name=name value=value checked=checked />
                    <span>{words}</span>
                </label>
            }
        })
        .collect();
    let offer = affected.can_offer.then(|| {
        let kept = affected.proposals.iter().map(|free| hidden_of(&format!("offer-{}", booking.id), free.starts_at));
        view! {
            {kept.collect::<Vec<_>>()}
            <label class="tick">
                <input type="radio" name=name.clone() value="offer" checked=chosen == "offer" />
                <span>"Cancel it, and offer these times to choose from"</span>
            </label>
        }
    });
    let none = options.is_empty().then(|| view! { <p class="soft small">"No free time is near."</p> });
    view! {
        <fieldset class="field">
            <legend>{affected.session.guest_name.clone()}", "{when}</legend>
            {hidden("booking", booking.id.to_string())}
            {gone}
            <label class="tick">
                <input type="radio" name=name value="" required checked=chosen.is_empty() />
                <span>"Cancel it, free of charge"</span>
            </label>
            {options}
            {offer}
            {none}
        </fieldset>
    }
}

fn hidden_of(name: &str, at: Instant) -> impl IntoView + use<> {
    view! { <input type="hidden" name=name.to_owned() value=at.to_string() /> }
}

/// What became of times that were only offered.
fn offered(offers: &[OfferedMakeUp], zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    let row = |offered: &OfferedMakeUp| {
        let offer = &offered.make_up;
        let (class, state) = match offer.state {
            MakeUpState::Open => ("badge pending", "Waiting for an answer"),
            MakeUpState::Taken => ("badge confirmed", "Taken"),
            MakeUpState::Declined => ("badge done", "None suited"),
            MakeUpState::Expired => ("badge late", "No answer"),
        };
        let instead = words::short_moment(offer.booking.starts_at, zone);
        let times: Vec<String> = offer.times.iter().map(|time| words::short_moment(time.starts_at, zone)).collect();
        let until = (offer.state == MakeUpState::Open)
            .then(|| format!(" Kept until {}.", words::short_moment(offer.until, zone)));
        view! {
            <li class="row">
                <span>
                    {offered.session.guest_name.clone()}", instead of "{instead}<br />
                    <span class="soft small">{times.join(", ")}"."{until}</span>
                </span>
                <span class=class>{state}</span>
            </li>
        }
    };
    let rows: Vec<_> = offers.iter().map(row).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="stack">
                <h2>"Times you offered"</h2>
                <ul class="rows bare">{rows}</ul>
            </section>
        }
    })
}

fn holidays(ahead: &[HolidayLine], sets: &[HolidaySet]) -> impl IntoView + use<> {
    let ticks: Vec<_> = HolidaySet::ALL
        .into_iter()
        .map(|set| {
            let checked = sets.contains(&set);
            view! {
                <label class="tick">
                    <input type="checkbox" name="set" value=set.code() checked=checked />
                    <span>{set.words()}</span>
                </label>
            }
        })
        .collect();
    view! {
        <section class="stack" id="holidays">
            <h2>"Public holidays"</h2>
            {questions(ahead, sets.is_empty())}
            <form class="form" method="post" action="/admin/absence/holidays">
                <fieldset class="field"><legend>"Ask me about those of"</legend>{ticks}</fieldset>
                <p><button class="button quiet">"Save"</button></p>
            </form>
        </section>
    }
}

/// The holidays that wait for an answer.
pub fn questions(ahead: &[HolidayLine], is_off: bool) -> AnyView {
    if is_off {
        return view! { <p class="soft">"Choose whose holidays you keep, and you are asked about each. Nothing closes by itself."</p> }
            .into_any();
    }
    if ahead.is_empty() {
        return view! { <p class="soft">"Every holiday in the year ahead is settled."</p> }.into_any();
    }
    let items: Vec<_> = ahead.iter().take(6).map(question).collect();
    view! {
        <p class="soft">"Close a day, and you see who is affected first. Or say that you work."</p>
        <ul class="rows bare">{items}</ul>
    }
    .into_any()
}

fn question(holiday: &HolidayLine) -> impl IntoView + use<> {
    let (date, day) = (holiday.date, words::day(holiday.date));
    view! {
        <li>
            <span>{holiday.name.clone()}<br /><span class="soft small">{day.clone()}</span></span>
            <div class="cluster">
                <a href=format!("/admin/absence?from={date}&to={date}") aria-label=format!("Close {day}")>"Close"</a>
                <form method="post" action=format!("/admin/absence/holidays/{date}/keep")>
                    <button class="link" aria-label=format!("Work on {day}")>"I work"</button>
                </form>
            </div>
        </li>
    }
}
