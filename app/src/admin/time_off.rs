//! Time off, and single days that differ from the week.

use super::desk::DeskTimeOff;
use crate::ui::form::{Problem, error_summary, problem_of};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::slots::{DateOverride, OpenHours};
use shared::time::LocalTime;
use shared::time_off::Asked;
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

impl TypedTimeOff {
    /// What it asks for, as far as it can be read.
    pub fn asked(&self) -> Option<Asked> {
        let time = |typed: &str| if typed.is_empty() { Some(None) } else { typed.parse::<LocalTime>().ok().map(Some) };
        Some(Asked {
            from: self.from.parse().ok()?,
            to: self.to.parse().ok()?,
            from_time: time(&self.from_time)?,
            to_time: time(&self.to_time)?,
        })
    }
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

impl TypedDate {
    /// The hours it means, as far as it can be read; without times the day is closed.
    pub fn meant(&self) -> Option<DateOverride> {
        let date = self.date.parse().ok()?;
        if self.from.is_empty() && self.until.is_empty() {
            return Some(DateOverride { date, hours: Vec::new() });
        }
        let open = OpenHours { from: self.from.parse().ok()?, until: self.until.parse().ok()? };
        (open.from < open.until).then(|| DateOverride { date, hours: vec![open] })
    }
}

struct Field {
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    value: String,
    required: bool,
}

/// A field whose text is kept in `typed` as it is typed, in the place that `kept` says.
fn field<T: Send + Sync + 'static>(
    field: Field,
    problems: &[Problem],
    typed: RwSignal<T>,
    kept: fn(&mut T) -> &mut String,
) -> impl IntoView + use<T> {
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
                on:input=move |event| typed.update(|typed| *kept(typed) = event_target_value(&event))
            />
        </div>
    }
}

/// The button that shows what a form would change, where nothing shows it by itself.
fn check(awake: RwSignal<bool>, words: &'static str) -> impl IntoView {
    move || {
        let button = view! { " "<button class="button quiet" name="do" value="check">{words}</button> };
        (!awake.get()).then_some(button)
    }
}

/// Draws the time off there is, and the form to add some, with what that would close: `seen`.
pub fn time_off(
    time_off: &[DeskTimeOff],
    zone: &ZoneTable,
    typed: RwSignal<TypedTimeOff>,
    awake: RwSignal<bool>,
    seen: AnyView,
) -> impl IntoView + use<> {
    let rows: Vec<_> = time_off.iter().map(|off| off_row(off, zone)).collect();
    let list = match rows.is_empty() {
        true => view! { <p class="soft">"None is planned."</p> }.into_any(),
        false => view! { <ul class="rows bare">{rows}</ul> }.into_any(),
    };
    let start = typed.get_untracked();
    let problems = &start.problems;
    let input = |id, label, kind, value, required, kept: fn(&mut TypedTimeOff) -> &mut String| {
        field(Field { id, label, kind, value, required }, problems, typed, kept)
    };
    view! {
        <section class="stack" id="time-off">
            <h2>"Time off"</h2>
            {list}
            <p><a href="/admin/absence">"Plan time away or a holiday"</a></p>
            <form class="form" method="post" action="/admin/hours/time-off">
                {error_summary(problems)}
                <div class="pair">
                    {input("off-from", "First day", "date", start.from.clone(), true, |it| &mut it.from)}
                    {input("off-to", "Last day", "date", start.to.clone(), true, |it| &mut it.to)}
                </div>
                <div class="pair">
                    {input("off-from-time", "From (optional)", "time", start.from_time.clone(), false, |it| &mut it.from_time)}
                    {input("off-to-time", "Until (optional)", "time", start.to_time.clone(), false, |it| &mut it.to_time)}
                </div>
                {input("off-note", "A word for yourself (optional)", "text", start.note.clone(), false, |it| &mut it.note)}
                <div class="stack" aria-live="polite">{seen}</div>
                <p><button class="button quiet">"Add time off"</button>{check(awake, "See what it would close")}</p>
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

/// Draws the days that differ from the week, and the form to add one, with what that would change: `seen`.
pub fn dates(
    overrides: &[DateOverride],
    typed: RwSignal<TypedDate>,
    awake: RwSignal<bool>,
    seen: AnyView,
) -> impl IntoView + use<> {
    let rows: Vec<_> = overrides.iter().map(date_row).collect();
    let list = (!rows.is_empty()).then(|| view! { <ul class="rows bare">{rows}</ul> });
    let start = typed.get_untracked();
    let problems = &start.problems;
    let input = |id, label, kind, value, required, kept: fn(&mut TypedDate) -> &mut String| {
        field(Field { id, label, kind, value, required }, problems, typed, kept)
    };
    view! {
        <section class="stack" id="dates">
            <h2>"Days that differ"</h2>
            <p class="soft small">"One date with hours of its own. Leave the times empty to close it."</p>
            {list}
            <form class="form" method="post" action="/admin/hours/dates">
                {error_summary(problems)}
                {input("day-date", "Day", "date", start.date.clone(), true, |it| &mut it.date)}
                <div class="pair">
                    {input("day-from", "From", "time", start.from.clone(), false, |it| &mut it.from)}
                    {input("day-until", "Until", "time", start.until.clone(), false, |it| &mut it.until)}
                </div>
                <div class="stack" aria-live="polite">{seen}</div>
                <p><button class="button quiet">"Set this day"</button>{check(awake, "See what that day would offer")}</p>
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
