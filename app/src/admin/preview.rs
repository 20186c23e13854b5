//! What hours, time off or a day that differs would offer, by the same engine that takes bookings, and what that gains and
//! loses against what is saved.

use super::time_off::{TypedDate, TypedTimeOff};
use leptos::prelude::*;
use shared::ids::SessionTypeId;
use shared::slots::{DateSpan, MAX_DAYS, SessionRules, Timetable, WeeklyHours, offered};
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

/// What is offered, and what time it is: a preview is of these.
#[derive(Clone)]
pub struct Offer {
    /// The rules of every session type.
    pub rules: Vec<SessionRules>,
    /// What the session types are called; those without a name are left out.
    pub names: Vec<(SessionTypeId, String)>,
    /// Now.
    pub now: Instant,
}

impl Offer {
    fn today(&self, timetable: &Timetable) -> Date {
        timetable.zone.civil(self.now).date
    }

    /// The free starts of these days for each session type, against those of what is saved.
    fn against(&self, saved: &Timetable, draft: &Timetable, span: DateSpan) -> Vec<AnyView> {
        let name = |rules: &SessionRules| self.names.iter().find(|(id, _)| *id == rules.session_type_id);
        let named = self.rules.iter().filter_map(|rules| Some((rules, name(rules)?.1.clone())));
        let starts = |timetable, rules| offered(timetable, rules, span, self.now);
        named
            .enumerate()
            .map(|(index, (rules, name))| {
                part(name, &compare(&starts(saved, rules), &starts(draft, rules)), index == 0, &saved.zone)
            })
            .collect()
    }
}

/// Draws what hours would make of the next two weeks.
pub fn of_hours(saved: &Timetable, hours: &[WeeklyHours], offer: &Offer) -> AnyView {
    let today = offer.today(saved);
    let Ok(span) = DateSpan::new(today, today.plus_days(DAYS - 1)) else {
        return view! { <p>"There is nothing to show."</p> }.into_any();
    };
    let draft = Timetable { hours: hours.to_vec(), ..saved.clone() };
    let parts = offer.against(saved, &draft, span);
    view! { <p class="soft small">"Free starts of the next two weeks."</p> {parts} }.into_any()
}

/// Draws what time off would close, and whether sessions are in the way; nothing until its days are typed.
pub fn of_time_off(saved: &Timetable, typed: &TypedTimeOff, offer: &Offer) -> Option<AnyView> {
    let asked = typed.asked()?;
    let words = |words: String| Some(view! { <p class="soft small">{words}</p> }.into_any());
    let range = match asked.range(&saved.zone) {
        Ok(range) => range,
        Err(problem) => return words(problem.message),
    };
    let first = asked.from.max(offer.today(saved));
    let last = asked.to.min(first.plus_days(MAX_DAYS - 1));
    let Ok(span) = DateSpan::new(first, last) else { return words("These days are over.".to_owned()) };
    let met = match saved.sessions_in(range) {
        0 => "No session is booked then.".to_owned(),
        1 => "One session is booked then. Move it or call it off first, or plan an absence, which does it for you."
            .to_owned(),
        more => format!(
            "{more} sessions are booked then. Move them or call them off first, or plan an absence, which does it for you."
        ),
    };
    let whole = if last < asked.to { "Free starts of the first two months." } else { "Free starts of these days." };
    let parts = offer.against(saved, &saved.with_time_off(range), span);
    Some(view! { <p>{met}</p> <p class="soft small">{whole}</p> {parts} }.into_any())
}

/// Draws what a day that differs would offer, and whether sessions lie outside its hours; nothing until it is typed.
pub fn of_date(saved: &Timetable, typed: &TypedDate, offer: &Offer) -> Option<AnyView> {
    let date = typed.meant()?;
    if date.date < offer.today(saved) {
        return Some(view! { <p class="soft small">"This day is over."</p> }.into_any());
    }
    let outside = match saved.sessions_outside(&date) {
        0 => None,
        1 => Some("One session is outside these hours. It stays booked.".to_owned()),
        more => Some(format!("{more} sessions are outside these hours. They stay booked.")),
    };
    let parts = offer.against(saved, &saved.with_date(date.clone()), DateSpan::day(date.date));
    let outside = outside.map(|words| view! { <p>{words}</p> });
    Some(view! { {outside} <p class="soft small">"Free starts of this day."</p> {parts} }.into_any())
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
