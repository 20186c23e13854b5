//! The editor of weekly hours: a plain form that also answers at once when scripts run.

use crate::ui::form::code;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::ids::SessionTypeId;
use shared::practice::Modality;
use shared::slots::WeeklyHours;
use shared::time::{LocalTime, Weekday};

/// One stretch of the week, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The day of the week.
    pub weekday: Weekday,
    /// When it opens.
    pub from: String,
    /// When it closes.
    pub until: String,
    /// What it is for: empty for everything, a session type, a modality, or both with a space between.
    pub only: String,
}

/// Something a stretch can be for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As it stands in the form.
    pub code: String,
    /// In words.
    pub words: String,
}

const MODALITIES: [(Modality, &str); 3] =
    [(Modality::Online, "ONLINE"), (Modality::Phone, "PHONE"), (Modality::InPerson, "IN_PERSON")];

impl From<&WeeklyHours> for Row {
    fn from(hours: &WeeklyHours) -> Self {
        let session_type = hours.session_type_id.map(|id| id.to_string());
        let modality = hours.modality.and_then(|wanted| MODALITIES.into_iter().find(|(it, _)| *it == wanted));
        let modality = modality.map(|(_, code)| code.to_owned());
        let only = [session_type, modality].into_iter().flatten().collect::<Vec<_>>().join(" ");
        // A field for a time knows no 24:00; midnight at the end of a day is written as 00:00.
        let until = if hours.until.minutes() == 24 * 60 { "00:00".to_owned() } else { hours.until.to_string() };
        Row { weekday: hours.weekday, from: hours.from.to_string(), until, only }
    }
}

impl Row {
    /// A new stretch of a day.
    pub fn empty(weekday: Weekday) -> Self {
        Row { weekday, from: String::new(), until: String::new(), only: String::new() }
    }

    /// When it closes; 00:00 is the end of the day.
    fn end(&self) -> Option<LocalTime> {
        match self.until.parse::<LocalTime>().ok()? {
            midnight if midnight.minutes() == 0 => LocalTime::from_minutes(24 * 60),
            time => Some(time),
        }
    }

    /// The hours it means, or what is wrong with it.
    pub fn hours(&self) -> Result<WeeklyHours, &'static str> {
        let (Ok(from), Some(until)) = (self.from.parse::<LocalTime>(), self.end()) else {
            return Err("Say from when until when, or remove this line.");
        };
        if from >= until {
            return Err("The end must be after the beginning.");
        }
        let (mut session_type_id, mut modality) = (None, None);
        for word in self.only.split_whitespace() {
            match MODALITIES.into_iter().find(|(_, code)| *code == word) {
                Some((found, _)) => modality = Some(found),
                None => {
                    let id: SessionTypeId = word.parse().map_err(|_| "There is no such session.")?;
                    session_type_id = Some(id);
                }
            }
        }
        Ok(WeeklyHours { weekday: self.weekday, from, until, session_type_id, modality })
    }
}

/// One stretch that is being edited.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Line {
    key: usize,
    weekday: Weekday,
    row: RwSignal<Row>,
}

/// The stretches that are being edited.
#[derive(Clone, Copy)]
pub struct Rows {
    lines: RwSignal<Vec<Line>>,
    next: RwSignal<usize>,
}

impl Rows {
    /// Begins with these, in the order of the week.
    pub fn new(rows: Vec<Row>) -> Self {
        let count = rows.len();
        let line = |(key, row): (usize, Row)| Line { key, weekday: row.weekday, row: RwSignal::new(row) };
        let lines = rows.into_iter().enumerate().map(line).collect();
        Rows { lines: RwSignal::new(lines), next: RwSignal::new(count) }
    }

    /// What is typed, as far as it can be read.
    pub fn hours(self) -> Vec<WeeklyHours> {
        self.lines.with(|lines| lines.iter().filter_map(|line| line.row.with(Row::hours).ok()).collect())
    }

    fn of(self, weekday: Weekday) -> Vec<Line> {
        self.lines.with(|lines| lines.iter().filter(|line| line.weekday == weekday).copied().collect())
    }

    /// Adds a line and answers its key.
    fn add(self, weekday: Weekday) -> usize {
        let key = self.next.get_untracked();
        self.next.set(key + 1);
        self.lines.update(|lines| lines.push(Line { key, weekday, row: RwSignal::new(Row::empty(weekday)) }));
        key
    }

    fn remove(self, key: usize) {
        self.lines.update(|lines| lines.retain(|line| line.key != key));
    }
}

/// Moves the focus, once the change is drawn, to where the work goes on.
#[cfg(feature = "hydrate")]
fn focus_soon(id: String) {
    request_animation_frame(move || {
        if let Some(element) = crate::ui::dom::element(&id) {
            let _ = element.focus();
        }
    });
}

#[cfg(not(feature = "hydrate"))]
fn focus_soon(_id: String) {}

/// Draws the week.
pub fn editor(rows: Rows, choices: Vec<Choice>) -> impl IntoView {
    let days: Vec<_> = Weekday::ALL.into_iter().map(|weekday| day(rows, weekday, choices.clone())).collect();
    view! { <ol class="hours-editor rows bare">{days}</ol> }
}

fn day(rows: Rows, weekday: Weekday, choices: Vec<Choice>) -> impl IntoView {
    let name = weekday.words();
    let closed = move || rows.of(weekday).is_empty().then(|| view! { <span class="soft">"Closed"</span> });
    let add = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        focus_soon(format!("hours-{}", rows.add(weekday)));
    };
    view! {
        <li>
            <b>{name}</b>
            <div class="spans">
                {closed}
                <For
                    each=move || rows.of(weekday)
                    key=|line| line.key
                    children=move |line| span(rows, line, choices.clone())
                />
                <button
                    class="link"
                    id=format!("add-{}", code(weekday))
                    name="add"
                    value=code(weekday)
                    aria-label=format!("Add hours on {name}")
                    on:click=add
                >
                    "Add hours"
                </button>
            </div>
        </li>
    }
}

fn span(rows: Rows, line: Line, choices: Vec<Choice>) -> impl IntoView {
    let (key, weekday, row) = (line.key, line.weekday, line.row);
    let start = row.get_untracked();
    let problem = move || {
        row.with(Row::hours).err().map(|words| view! { <p class="error" id=format!("hours-{key}-error")>{words}</p> })
    };
    let class = move || if row.with(Row::hours).is_err() { "field invalid" } else { "field" };
    let invalid = move || row.with(Row::hours).is_err().then_some("true");
    let described = move || row.with(Row::hours).is_err().then(|| format!("hours-{key}-error"));
    let day = weekday.words();
    let remove = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        rows.remove(key);
        focus_soon(format!("add-{}", code(weekday)));
    };
    let mut choices = choices;
    if !choices.iter().any(|choice| choice.code == start.only) {
        choices.push(Choice { code: start.only.clone(), words: "As set elsewhere".to_owned() });
    }
    let options: Vec<_> = choices
        .into_iter()
        .map(|choice| {
            let selected = choice.code == start.only;
            view! { <option value=choice.code selected=selected>{choice.words}</option> }
        })
        .collect();
    view! {
        <div class=class>
            {problem}
            <div class="span">
                <input type="hidden" name="day" value=code(weekday) />
                <input
                    class="input"
                    type="time"
                    name="from"
                    id=format!("hours-{key}")
                    value=start.from
                    step="300"
                    aria-label=format!("{day}, from")
                    aria-invalid=invalid
                    aria-describedby=described
                    on:input=move |event| row.update(|row| row.from = event_target_value(&event))
                />
                <span>"until"</span>
                <input
                    class="input"
                    type="time"
                    name="until"
                    value=start.until
                    step="300"
                    aria-label=format!("{day}, until")
                    aria-invalid=invalid
                    aria-describedby=described
                    on:input=move |event| row.update(|row| row.until = event_target_value(&event))
                />
                <select
                    class="input"
                    name="only"
                    aria-label=format!("{day}, for")
                    on:change=move |event| row.update(|row| row.only = event_target_value(&event))
                >
                    {options}
                </select>
                <button class="link" name="remove" value=key aria-label=format!("Remove these hours on {day}") on:click=remove>
                    "Remove"
                </button>
            </div>
        </div>
    }
}
