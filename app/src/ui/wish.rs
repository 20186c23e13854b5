//! Fields for the days and times that suit somebody, and the words for what they chose.

use crate::ui::form::code;
use leptos::prelude::*;
use shared::reminder::{HoursOfDay, lead_words};
use shared::time::Weekday;
use shared::waitlist::HourBand;

/// The parts of the day a form offers: code, name, from, until.
pub const PARTS: [(&str, &str, &str, &str); 3] = [
    ("morning", "Mornings, before noon", "06:00", "12:00"),
    ("afternoon", "Afternoons, noon to five", "12:00", "17:00"),
    ("evening", "Evenings, from five", "17:00", "22:00"),
];

/// What somebody has ticked.
#[derive(Debug, Clone, Default)]
pub struct Ticked {
    /// The days, by code.
    pub weekdays: Vec<String>,
    /// The parts of the day, by code.
    pub parts: Vec<String>,
}

/// One box to tick. Boxes of one group share a name.
pub fn tick(name: &'static str, value: String, label: String, is_on: bool) -> impl IntoView {
    view! {
        <label class="tick">
            <input type="checkbox" name=name value=value checked=is_on />
            <span>{label}</span>
        </label>
    }
}

/// The fields for days and parts of the day.
pub fn fields(ticked: &Ticked) -> impl IntoView + use<> {
    let days: Vec<_> = Weekday::ALL
        .into_iter()
        .map(|weekday| {
            let code = code(weekday);
            let is_on = ticked.weekdays.contains(&code);
            tick("weekday", code, format!("{}s", weekday.words()), is_on)
        })
        .collect();
    let parts: Vec<_> = PARTS
        .iter()
        .map(|(code, name, ..)| {
            let is_on = ticked.parts.iter().any(|part| part == code);
            tick("part", (*code).to_owned(), (*name).to_owned(), is_on)
        })
        .collect();
    view! {
        <fieldset class="field">
            <legend>"Days that suit"</legend>
            <p class="hint">"Leave all of them open if any day does."</p>
            <div class="ticks">{days}</div>
        </fieldset>
        <fieldset class="field">
            <legend>"Times that suit"</legend>
            <div class="ticks">{parts}</div>
        </fieldset>
    }
}

/// What suits, in words: “Mondays and Fridays, in the morning”.
pub fn words(weekdays: &[Weekday], bands: &[HourBand]) -> String {
    let days: Vec<String> = weekdays.iter().map(|weekday| format!("{}s", weekday.words())).collect();
    let days = if days.is_empty() { "Any day".to_owned() } else { list(&days) };
    let parts: Vec<String> = bands
        .iter()
        .map(|band| {
            let known = PARTS
                .iter()
                .find(|(_, _, from, until)| band.from.to_string() == *from && band.until.to_string() == *until);
            match known {
                Some((code, ..)) => format!("in the {code}"),
                None => format!("from {} to {}", band.from, band.until),
            }
        })
        .collect();
    if parts.is_empty() { format!("{days}, at any time") } else { format!("{days}, {}", list(&parts)) }
}

/// “one, two and three”.
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The lead times a form offers, in minutes before the start.
pub const LEADS: [i64; 6] = [7 * 24 * 60, 72 * 60, 48 * 60, 24 * 60, 2 * 60, 60];

/// Boxes for lead times.
pub fn lead_ticks(name: &'static str, prefix: &str, chosen: &[i64]) -> Vec<AnyView> {
    let mut offered: Vec<i64> = LEADS.iter().chain(chosen).copied().collect();
    offered.sort_by(|one, other| other.cmp(one));
    offered.dedup();
    offered
        .into_iter()
        .map(|lead| {
            let label = format!("{} before", lead_words(lead));
            tick(name, format!("{prefix}{lead}"), label, chosen.contains(&lead)).into_any()
        })
        .collect()
}

/// A pair of fields for hours from and until; `none` is what stands for no hours at all.
pub fn hours_fields(
    name: (&'static str, &'static str),
    none: &'static str,
    chosen: Option<HoursOfDay>,
) -> impl IntoView {
    let options = move |chosen: Option<u8>| {
        (0..24_u8)
            .map(|hour| {
                let is_on = chosen == Some(hour);
                view! { <option value=hour.to_string() selected=is_on>{format!("{hour:02}:00")}</option> }
            })
            .collect::<Vec<_>>()
    };
    let (from, until) = (chosen.map(|hours| hours.from), chosen.map(|hours| hours.until));
    view! {
        <div class="pair">
            <div class="field">
                <label for=name.0>"From"</label>
                <select id=name.0 name=name.0><option value="">{none}</option>{options(from)}</select>
            </div>
            <div class="field">
                <label for=name.1>"Until"</label>
                <select id=name.1 name=name.1><option value="">{none}</option>{options(until)}</select>
            </div>
        </div>
    }
}
