//! What hours would offer, by the same engine that takes bookings, and what that gains and loses against the saved ones.

use leptos::prelude::*;
use shared::ids::SessionTypeId;
use shared::slots::{DateSpan, SessionRules, Timetable, WeeklyHours, offered};
use shared::time::{Date, Instant};
use shared::words;
use shared::zone::ZoneTable;

/// How many days the preview covers.
const DAYS: i64 = 14;

/// A start, and whether it is only in one of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    Stays,
    Gained,
    Lost,
}

/// The starts of both, in order, each with what becomes of it.
fn compare(saved: &[Instant], draft: &[Instant]) -> Vec<(Instant, Start)> {
    let mut starts: Vec<(Instant, Start)> = draft
        .iter()
        .map(|at| (*at, if saved.binary_search(at).is_ok() { Start::Stays } else { Start::Gained }))
        .chain(saved.iter().filter(|at| draft.binary_search(at).is_err()).map(|at| (*at, Start::Lost)))
        .collect();
    starts.sort_by_key(|start| start.0);
    starts
}

/// Draws the free starts of the next two weeks for each session type.
pub fn preview(
    saved: &Timetable,
    hours: &[WeeklyHours],
    rules: &[SessionRules],
    names: &[(SessionTypeId, String)],
    now: Instant,
) -> AnyView {
    let today = saved.zone.civil(now).date;
    let Ok(span) = DateSpan::new(today, today.plus_days(DAYS - 1)) else {
        return view! { <p>"There is nothing to show."</p> }.into_any();
    };
    let draft = Timetable { hours: hours.to_vec(), ..saved.clone() };
    let parts: Vec<AnyView> = rules
        .iter()
        .filter_map(|rules| Some((rules, names.iter().find(|(id, _)| *id == rules.session_type_id)?.1.clone())))
        .enumerate()
        .map(|(index, (rules, name))| {
            let starts = compare(&offered(saved, rules, span, now), &offered(&draft, rules, span, now));
            part(name, &starts, index == 0, &saved.zone)
        })
        .collect();
    view! { <p class="soft small">"Free starts of the next two weeks."</p> {parts} }.into_any()
}

fn part(name: String, starts: &[(Instant, Start)], open: bool, zone: &ZoneTable) -> AnyView {
    let count = |wanted: Start| starts.iter().filter(|(_, start)| *start == wanted).count();
    let (gained, lost) = (count(Start::Gained), count(Start::Lost));
    let total = match starts.len() - lost {
        0 => "no free starts".to_owned(),
        1 => "one free start".to_owned(),
        total => format!("{total} free starts"),
    };
    let change = match (gained, lost) {
        (0, 0) => None,
        (gained, 0) => Some(format!("{gained} more")),
        (0, lost) => Some(format!("{lost} fewer")),
        (gained, lost) => Some(format!("{gained} new, {lost} gone")),
    };
    let mut days: Vec<(Date, Vec<AnyView>)> = Vec::new();
    for (at, start) in starts {
        let date = zone.civil(*at).date;
        let time = words::time(*at, zone);
        let time = match start {
            Start::Stays => view! { <span>{time}</span>" " }.into_any(),
            Start::Gained => view! { <ins>{time}</ins>" " }.into_any(),
            Start::Lost => view! { <del>{time}</del>" " }.into_any(),
        };
        match days.last_mut() {
            Some((last, times)) if *last == date => times.push(time),
            _ => days.push((date, vec![time])),
        }
    }
    let days: Vec<_> = days
        .into_iter()
        .map(|(date, times)| view! { <li>{words::day(date)}<span class="soft starts">{times}</span></li> })
        .collect();
    view! {
        <details open=open>
            <summary>{name}": "{total}{change.map(|change| view! { ", "<b>{change}</b> })}</summary>
            <ul class="rows bare">{days}</ul>
        </details>
    }
    .into_any()
}
