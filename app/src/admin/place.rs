//! One standing place: its next times, and what can be changed about it.

mod query;
mod typed;

pub use query::*;
pub use typed::*;

use super::series::{PlaceDate, cadence_options, how};
use crate::api::zone::table;
use crate::ui::fields::{Field, Select, field, hidden, select};
use crate::ui::form::error_summary;
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::ids::SeriesId;
use shared::time::{Date, Instant, Weekday};
use shared::words;
use shared::zone::ZoneTable;

/// Everything the page is drawn from.
pub struct PlacePage {
    /// The place.
    pub place: Place,
    /// The practice's clock.
    pub now: Instant,
    /// The zone of the practice.
    pub zone: ZoneTable,
    /// What was typed; what the place is, where nothing was.
    pub typed: Option<TypedChange>,
    /// What was typed to move one session.
    pub moving: TypedMove,
    /// What was just done.
    pub notice: Option<Notice>,
}

/// The zone of an answer.
pub fn zone(answer: &PlaceQuery) -> ZoneTable {
    table(answer.time_zone.as_ref())
}

/// Draws the page.
pub fn page(page: PlacePage) -> AnyView {
    let PlacePage { place, now, zone, typed, moving, notice } = page;
    let what = place.session_type.as_ref().map_or_else(|| "Session".to_owned(), |it| it.name.clone());
    let price =
        place.price.as_ref().map(|price| format!(", {}{}", price.currency.0.sign(), amount_words(price.amount)));
    let end = place.ends_on.map(|end| format!(" Until {}.", words::full_day(end)));
    let clock = place.clock_change.as_ref().map(|change| {
        let words = format!(
            "The clocks change. From {} this is at {} instead of {} on their clock; both of you are told two weeks before.",
            words::day(change.from),
            change.time,
            change.instead_of
        );
        view! { <p class="notice">{words}</p> }
    });
    let typed = typed.unwrap_or_else(|| TypedChange::of(&place));
    view! {
        <div class="desk-head">
            <div>
                <p class="soft"><a href="/admin/series">"Standing places"</a></p>
                <h1>{place.words.clone()}</h1>
                <p>
                    <a href=format!("/admin/clients/{}", place.client_id)>{place.client_name.clone()}</a>
                    ". "{what}", "{how(place.minutes, place.modality.0)}{price}"."{end}
                </p>
            </div>
        </div>
        <div class="desk-cols">
            <div class="stack">
                {clock}
                <section class="stack">
                    <h2>"Next times"</h2>
                    {error_summary(&moving.problems)}
                    {next(&place, &zone, now, &moving)}
                    {left_out(&place)}
                </section>
            </div>
            <aside>
                {change(&place, &zone, typed)}
                {end_form(&place, zone.civil(now).date)}
            </aside>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

/// The days that are left out, each with a way back.
fn left_out(place: &Place) -> Option<impl IntoView + use<>> {
    if place.left_out.is_empty() {
        return None;
    }
    let rows: Vec<_> = place
        .left_out
        .iter()
        .map(|date| {
            let day = words::full_day(*date);
            view! {
                <li class="row">
                    <span>{day.clone()}</span>
                    <form method="post" action=format!("/admin/series/{}/move", place.id)>
                        {hidden("date", date.to_string())}
                        {hidden("to-date", date.to_string())}
                        {hidden("to-time", place.time.to_string())}
                        {hidden("again", "yes".to_owned())}
                        <button class="link" aria-label=format!("Put {day} back")>"Put it back"</button>
                    </form>
                </li>
            }
        })
        .collect();
    Some(view! { <h3>"Left out"</h3><ul class="rows">{rows}</ul> })
}

fn next(place: &Place, zone: &ZoneTable, now: Instant, moving: &TypedMove) -> AnyView {
    if place.upcoming.is_empty() {
        return view! { <p class="soft">"Nothing is to come: the place ends, or every session is left out."</p> }
            .into_any();
    }
    let today = zone.civil(now).date;
    let items: Vec<_> = place.upcoming.iter().map(|date| date_item(place.id, date, zone, today, moving)).collect();
    view! { <ul class="rows">{items}</ul> }.into_any()
}

/// A free time a session can be moved to at once.
fn free_time(id: SeriesId, date: Date, at: Instant, zone: &ZoneTable) -> impl IntoView + use<> {
    let civil = zone.civil(at);
    view! {
        <form method="post" action=format!("/admin/series/{id}/move")>
            {hidden("date", date.to_string())}
            {hidden("to-date", civil.date.to_string())}
            {hidden("to-time", civil.time.to_string())}
            <button class="button quiet small">{words::short_moment(at, zone)}</button>
        </form>
    }
}

fn date_item(
    id: SeriesId,
    date: &PlaceDate,
    zone: &ZoneTable,
    today: Date,
    moving: &TypedMove,
) -> impl IntoView + use<> {
    let is_moving = moving.date == date.date.to_string();
    let when = words::moment(date.starts_at, zone);
    let mut notes = Vec::new();
    if date.is_moved {
        notes.push("moved".to_owned());
    }
    if date.is_shifted_by_clocks {
        notes.push("the clocks jump over the agreed time, so it is later".to_owned());
    }
    if date.is_repeated_by_clocks {
        notes.push("the clocks show this time twice; it is the first".to_owned());
    }
    if date.booking_id.is_none() {
        notes.push("kept, not in the calendar yet".to_owned());
    }
    let note = (!notes.is_empty()).then(|| view! { <br /><span class="soft small">{notes.join("; ")}</span> });
    let civil = zone.civil(date.starts_at);
    let (to_date, to_time) = match is_moving {
        true => (moving.to_date.clone(), moving.to_time.clone()),
        false => (civil.date.to_string(), civil.time.to_string()),
    };
    let free = (is_moving && !moving.alternatives.is_empty()).then(|| {
        let times: Vec<_> = moving.alternatives.iter().map(|it| free_time(id, date.date, it.starts_at, zone)).collect();
        view! { <p>"Free near that time:"</p><div class="cluster">{times}</div> }
    });
    view! {
        <li>
            <div class="row">
                <span><time datetime=date.starts_at.to_string()>{when.clone()}</time>{note}</span>
                <form method="post" action=format!("/admin/series/{id}/skip")>
                    {hidden("date", date.date.to_string())}
                    <button class="link" aria-label=format!("Leave out {when}")>"Leave out"</button>
                </form>
            </div>
            <details open=is_moving>
                <summary aria-label=format!("Move {when}")>"Move"</summary>
                {free}
                <form class="filter" method="post" action=format!("/admin/series/{id}/move")>
                    {hidden("date", date.date.to_string())}
                    <div class="field">
                        <label for=format!("to-date-{}", date.date)>"Day"</label>
                        <input
                            id=format!("to-date-{}", date.date)
                            type="date"
                            name="to-date"
                            min=today.to_string()
                            value=to_date
                            required
                        />
                    </div>
                    <div class="field">
                        <label for=format!("to-time-{}", date.date)>"Time"</label>
                        <input
                            id=format!("to-time-{}", date.date)
                            type="time"
                            name="to-time"
                            value=to_time
                            required
                        />
                    </div>
                    <button class="button quiet small">"Move it"</button>
                </form>
            </details>
        </li>
    }
}

fn change(place: &Place, zone: &ZoneTable, typed: TypedChange) -> impl IntoView + use<> {
    let problems = typed.problems.clone();
    let problems = problems.as_slice();
    let dates: Vec<(String, String)> =
        place.upcoming.iter().map(|date| (date.date.to_string(), words::short_moment(date.starts_at, zone))).collect();
    let reach = |code: &'static str, words: &'static str| {
        let checked = typed.scope == code;
        view! {
            <label class="tick">
                <input type="radio" name="scope" value=code checked=checked required />
                <span>{words}</span>
            </label>
        }
    };
    let free = (!typed.alternatives.is_empty()).then(|| {
        let times: Vec<String> =
            typed.alternatives.iter().map(|free| words::short_moment(free.starts_at, zone)).collect();
        view! { <p class="notice">"Free near that time: "{times.join("; ")}"."</p> }
    });
    let weekdays = Weekday::ALL.into_iter().map(|it| (it.words().to_owned(), it.words().to_owned())).collect();
    let ways = MODALITIES.into_iter().map(|(_, code, words)| (code.to_owned(), words.to_owned())).collect();
    let input = |id, label, kind, value, is_required, hint| {
        field(Field { id, label, kind, value, is_required, hint }, problems)
    };
    view! {
        <section class="stack" id="change">
            <h2>"Change the place"</h2>
            <form class="form" method="post" action=format!("/admin/series/{}", place.id)>
                {error_summary(problems)} {free}
                <fieldset class="field">
                    <legend>"How far it reaches"</legend>
                    {reach("following", "This session and the following ones")}
                    {reach("all", "Every session to come")}
                </fieldset>
                {select(
                    Select {
                        id: "date",
                        label: "Beginning with",
                        hint: Some("Only for this and the following ones."),
                        options: dates,
                        value: typed.date,
                    },
                    problems,
                )}
                {select(
                    Select { id: "cadence", label: "How often", hint: None, options: cadence_options(), value: typed.cadence },
                    problems,
                )}
                <div class="pair">
                    {select(
                        Select { id: "weekday", label: "Day", hint: None, options: weekdays, value: typed.weekday },
                        problems,
                    )}
                    {input("time", "Time", "time", typed.time, true, None)}
                </div>
                <div class="pair">
                    {input("minutes", "Minutes", "number", typed.minutes, true, None)}
                    {select(Select { id: "modality", label: "How", hint: None, options: ways, value: typed.modality }, problems)}
                </div>
                <div class="pair">
                    {input("price", "Own price (optional)", "text", typed.price, false, None)}
                    {input("ends-on", "Last day (optional)", "date", typed.ends_on, false, None)}
                </div>
                <p class="hint">"What you agreed for single days still holds. Both of you are told in one mail."</p>
                <p><button class="button">"Change the place"</button></p>
            </form>
        </section>
    }
}

fn end_form(place: &Place, today: Date) -> impl IntoView + use<> {
    view! {
        <section class="stack" id="end">
            <h2>"End the place"</h2>
            <details class="more">
                <summary>"Choose its last day"</summary>
                <form class="form" method="post" action=format!("/admin/series/{}/end", place.id)>
                    <div class="field">
                        <label for="last-on">"Last day"</label>
                        <p class="hint" id="last-on-hint">
                            "Sessions after it are cancelled, free of charge, and the time is free for others."
                        </p>
                        <input
                            id="last-on"
                            name="last-on"
                            type="date"
                            min=today.to_string()
                            value=today.to_string()
                            required
                            aria-describedby="last-on-hint"
                        />
                    </div>
                    <p><button class="button danger">"End the place"</button></p>
                </form>
            </details>
        </section>
    }
}
