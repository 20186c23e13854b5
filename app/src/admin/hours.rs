//! When the therapist works: the editor of her week, with what it would offer beside it.

use super::desk::DeskTimeOff;
use super::editor::{Choice, Row, Rows, editor};
use super::preview::{self, Offer};
use super::time_off::{TypedDate, TypedTimeOff, dates, time_off};
use super::today::TodayPractice;
use crate::api::schema::Rules;
use crate::api::schema::schema;
use crate::api::zone::{Zone, ZoneVariablesFields};
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::ids::SessionTypeId;
use shared::slots::Timetable;
use shared::time::Instant;
use shared::words;

/// What the page asks.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
#[serde(rename_all = "camelCase")]
pub struct HoursQuery {
    /// The practice.
    pub practice: TodayPractice,
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: HoursViewer,
}

/// What can be booked, by name.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct TypeName {
    /// Which.
    pub id: SessionTypeId,
    /// Its name.
    pub name: String,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct HoursViewer {
    /// The practice she works in.
    pub practice: Option<HoursPractice>,
    /// Her desk.
    pub therapist: Option<HoursDesk>,
}

/// The practice.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "PracticeDesk")]
pub struct HoursPractice {
    /// What it sells or once did.
    pub offer: Vec<HoursType>,
}

/// Something hours can be for.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "OfferedType")]
#[serde(rename_all = "camelCase")]
pub struct HoursType {
    /// What it is.
    pub session_type: TypeName,
    /// Since when it is not offered any more.
    pub retired_at: Option<Instant>,
}

/// The therapist's hours.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk")]
#[serde(rename_all = "camelCase")]
pub struct HoursDesk {
    /// Everything the slot engine reads.
    pub timetable: Timetable,
    /// The rules of every session type.
    pub session_rules: Rules,
    /// Her time off that is not over.
    pub time_off: Vec<DeskTimeOff>,
}

/// The page's data.
#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct Hours {
    /// What was answered.
    pub answer: HoursQuery,
    /// Hours that were typed and not yet saved.
    pub draft: Option<Vec<Row>>,
    /// What is wrong with them.
    pub problems: Vec<Problem>,
    /// What was typed into the form for time off.
    pub off: TypedTimeOff,
    /// What was typed into the form for a day that differs.
    pub date: TypedDate,
    /// What was just done.
    pub notice: Option<Notice>,
}

impl Hours {
    /// The page as it is when it is opened.
    pub fn new(answer: HoursQuery) -> Self {
        Hours {
            answer,
            draft: None,
            problems: Vec::new(),
            off: TypedTimeOff::default(),
            date: TypedDate::default(),
            notice: None,
        }
    }

    /// What hours can be for: what is offered, and what hours there are name already.
    fn types(&self, rows: &[Row]) -> Vec<TypeName> {
        let offer = self.answer.viewer.practice.as_ref().map(|practice| practice.offer.as_slice()).unwrap_or_default();
        let is_named = |it: &HoursType| rows.iter().any(|row| row.only.contains(&it.session_type.id.to_string()));
        let open = offer.iter().filter(|it| it.retired_at.is_none() || is_named(it));
        open.map(|it| it.session_type.clone()).collect()
    }

    fn rows(&self, desk: &HoursDesk) -> Vec<Row> {
        let saved = || desk.timetable.hours.iter().map(Row::from).collect();
        let mut rows: Vec<Row> = self.draft.clone().unwrap_or_else(saved);
        rows.sort_by_key(|row| row.weekday as usize);
        rows
    }
}

/// What the page shows beyond its data.
#[derive(Clone, Copy)]
pub struct Alive {
    /// The hours as they are saved and what fills them.
    pub timetable: RwSignal<Option<Timetable>>,
    /// Whether scripts run, so that the preview needs no button.
    pub awake: RwSignal<bool>,
}

impl Alive {
    /// The page as it is when it is opened.
    pub fn new(hours: &Hours) -> Self {
        let timetable = hours.answer.viewer.therapist.as_ref().map(|desk| desk.timetable.clone());
        Alive { timetable: RwSignal::new(timetable), awake: RwSignal::new(false) }
    }
}

/// Draws the page.
pub fn page(hours: &Hours, alive: Alive) -> AnyView {
    let Some(desk) = &hours.answer.viewer.therapist else {
        return view! {
            <div class="desk-head"><h1>"When you work"</h1></div>
            <p>"This account sees no clients, so it keeps no hours."</p>
        }
        .into_any();
    };
    let zone = &desk.timetable.zone;
    let now = hours.answer.practice.now;
    let today = zone.civil(now).date;
    let rows = hours.rows(desk);
    let types = hours.types(&rows);
    let (rows, choices) = (Rows::new(rows), choices(&types));
    let names = types.iter().map(|it| (it.id, it.name.clone())).collect::<Vec<_>>();
    let offer = Offer { rules: desk.session_rules.0.clone(), names, now };
    let (off, date) = (RwSignal::new(hours.off.clone()), RwSignal::new(hours.date.clone()));
    let of_off = {
        let offer = offer.clone();
        move || {
            let draw = |saved: &Option<Timetable>| off.with(|off| preview::of_time_off(saved.as_ref()?, off, &offer));
            alive.timetable.with(draw)
        }
    };
    let of_date = {
        let offer = offer.clone();
        move || {
            let draw = |saved: &Option<Timetable>| date.with(|date| preview::of_date(saved.as_ref()?, date, &offer));
            alive.timetable.with(draw)
        }
    };
    let seen = move || {
        let hours = rows.hours();
        alive.timetable.with(|saved| saved.as_ref().map(|saved| preview::of_hours(saved, &hours, &offer)))
    };
    let unsaved = hours.draft.is_some().then(|| {
        view! {
            <p class="notice">"These hours are not saved yet. Beside them you see what they would change."</p>
        }
    });
    let upcoming: Vec<_> = desk.timetable.overrides.iter().filter(|it| it.date >= today).cloned().collect();
    view! {
        <div class="desk-head">
            <div><p class="soft">{words::city(&zone.name)}" time"</p><h1>"When you work"</h1></div>
        </div>
        <div class="desk-cols">
            <form id="hours" method="post" action="/admin/hours" class="stack saved-below">
                // First, so that Enter in a field saves.
                <p class="save-bar"><button class="button" name="do" value="save">"Save"</button></p>
                {error_summary(&hours.problems)}
                {unsaved}
                {editor(rows, choices)}
                {move || (!alive.awake.get()).then(|| view! {
                    <p><button class="button quiet" name="do" value="check">"See what this would change"</button></p>
                })}
            </form>
            <aside>
                <section aria-live="polite"><h2>"What clients will see"</h2>{seen}</section>
                {time_off(&desk.time_off, zone, off, alive.awake, of_off.into_any())}
                {dates(&upcoming, date, alive.awake, of_date.into_any())}
            </aside>
        </div>
        {pieces::notice(hours.notice.clone())}
    }
    .into_any()
}

/// What a stretch of hours can be for.
fn choices(session_types: &[TypeName]) -> Vec<Choice> {
    let every = Choice { code: String::new(), words: "Every session".to_owned() };
    let types = session_types.iter().map(|it| Choice { code: it.id.to_string(), words: format!("Only {}", it.name) });
    let ways = [("ONLINE", "Only by video"), ("PHONE", "Only by phone"), ("IN_PERSON", "Only in the room")];
    let ways = ways.into_iter().map(|(code, words)| Choice { code: code.to_owned(), words: words.to_owned() });
    std::iter::once(every).chain(types).chain(ways).collect()
}
