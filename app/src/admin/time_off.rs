//! Time off, and single days that differ from the week.

use super::desk::DeskTimeOff;
use crate::ui::form::{Problem, error_summary, problem_of};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::slots::DateOverride;
use shared::words;
use shared::zone::ZoneTable;

/// What was typed into the form for time off, and what is wrong with it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TypedTimeOff {
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
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// What was typed into the form for a day that differs, and what is wrong with it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TypedDate {
    /// The day.
    pub date: String,
    /// When it opens.
    pub from: String,
    /// When it closes.
    pub until: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

struct Field {
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    value: String,
    required: bool,
}

fn field(field: Field, problems: &[Problem]) -> impl IntoView + use<> {
    let problem = problem_of(problems, field.id);
    let class = if problem.is_some() { "field invalid" } else { "field" };
    let error_id = format!("{}-error", field.id);
    let described = problem.is_some().then(|| error_id.clone());
    let invalid = problem.is_some().then_some("true");
    view! {
        <div class=class>
            <label for=field.id>{field.label}</label>
            {problem.map(|problem| view! { <p class="error" id=error_id>{problem}</p> })}
            <input
                id=field.id
                name=field.id
                type=field.kind
                value=field.value
                required=field.required
                aria-describedby=described
                aria-invalid=invalid
            />
        </div>
    }
}

/// Draws the time off there is, and the form to add some.
pub fn time_off(time_off: &[DeskTimeOff], zone: &ZoneTable, typed: TypedTimeOff) -> impl IntoView + use<> {
    let rows: Vec<_> = time_off.iter().map(|off| off_row(off, zone)).collect();
    let list = match rows.is_empty() {
        true => view! { <p class="soft">"None is planned."</p> }.into_any(),
        false => view! { <ul class="rows bare">{rows}</ul> }.into_any(),
    };
    let problems = &typed.problems;
    let input = |id, label, kind, value, required| field(Field { id, label, kind, value, required }, problems);
    view! {
        <section class="stack" id="time-off">
            <h2>"Time off"</h2>
            {list}
            <p><a href="/admin/absence">"Plan an absence or a holiday"</a></p>
            <form class="form" method="post" action="/admin/hours/time-off">
                {error_summary(problems)}
                <div class="pair">
                    {input("off-from", "First day", "date", typed.from, true)}
                    {input("off-to", "Last day", "date", typed.to, true)}
                </div>
                <div class="pair">
                    {input("off-from-time", "From (optional)", "time", typed.from_time, false)}
                    {input("off-to-time", "Until (optional)", "time", typed.to_time, false)}
                </div>
                {input("off-note", "A word for yourself (optional)", "text", typed.note, false)}
                <p><button class="button quiet">"Add time off"</button></p>
            </form>
        </section>
    }
}

fn off_row(off: &DeskTimeOff, zone: &ZoneTable) -> impl IntoView + use<> {
    let range = range_words(off, zone);
    let note = off.note.clone().map(|note| view! { <br /><span class="soft small">{note}</span> });
    view! {
        <li class="row">
            <span>{range.clone()}{note}</span>
            <form method="post" action=format!("/admin/hours/time-off/{}/remove", off.id)>
                <button class="link" aria-label=format!("Remove {range}")>"Remove"</button>
            </form>
        </li>
    }
}

/// Whole days by their dates, anything else with its times.
fn range_words(off: &DeskTimeOff, zone: &ZoneTable) -> String {
    let (from, until) = (zone.civil(off.starts_at), zone.civil(off.ends_at));
    if from.time.minutes() == 0 && until.time.minutes() == 0 {
        let last = until.date.plus_days(-1);
        return match from.date == last {
            true => words::short_day(from.date),
            false => format!("{} to {}", words::short_day(from.date), words::short_day(last)),
        };
    }
    match from.date == until.date {
        true => format!("{}, {} to {}", words::short_day(from.date), from.time, until.time),
        false => {
            format!(
                "{}, {} to {}, {}",
                words::short_day(from.date),
                from.time,
                words::short_day(until.date),
                until.time
            )
        }
    }
}

/// Draws the days that differ from the week, and the form to add one.
pub fn dates(overrides: &[DateOverride], typed: TypedDate) -> impl IntoView + use<> {
    let rows: Vec<_> = overrides.iter().map(date_row).collect();
    let list = (!rows.is_empty()).then(|| view! { <ul class="rows bare">{rows}</ul> });
    let problems = &typed.problems;
    let input = |id, label, kind, value, required| field(Field { id, label, kind, value, required }, problems);
    view! {
        <section class="stack" id="dates">
            <h2>"Days that differ"</h2>
            <p class="soft small">"One date with hours of its own. Leave the times empty to close it."</p>
            {list}
            <form class="form" method="post" action="/admin/hours/dates">
                {error_summary(problems)}
                {input("day-date", "Day", "date", typed.date, true)}
                <div class="pair">
                    {input("day-from", "From", "time", typed.from, false)}
                    {input("day-until", "Until", "time", typed.until, false)}
                </div>
                <p><button class="button quiet">"Set this day"</button></p>
            </form>
        </section>
    }
}

fn date_row(date: &DateOverride) -> impl IntoView + use<> {
    let hours = match date.hours.is_empty() {
        true => "Closed".to_owned(),
        false => date.hours.iter().map(|it| format!("{} to {}", it.from, it.until)).collect::<Vec<_>>().join(", "),
    };
    let day = words::full_day(date.date);
    view! {
        <li class="row">
            <span>{day.clone()}<br /><span class="soft small">{hours}</span></span>
            <form method="post" action=format!("/admin/hours/dates/{}/remove", date.date)>
                <button class="link" aria-label=format!("Give {day} its usual hours")>"Remove"</button>
            </form>
        </li>
    }
}
