//! A week as a grid.

use super::desk::{DeskBooking, DeskTimeOff};
use super::today::DayVariablesFields;
use super::today::{DayVariables, TodayPractice};
use super::week_grid::{Column, grid};
use crate::api::schema::schema;
use crate::api::zone::{Zone, table};
use crate::ui::art;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::ids::BookingId;
use shared::slots::Timetable;
use shared::time::{Date, Instant};
use shared::words;

/// What the week page asks.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "DayVariables")]
#[serde(rename_all = "camelCase")]
pub struct WeekQuery {
    /// The practice.
    pub practice: TodayPractice,
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: WeekViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "DayVariables")]
pub struct WeekViewer {
    /// Her desk.
    pub therapist: Option<WeekDesk>,
}

/// The therapist's week.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "DayVariables")]
#[serde(rename_all = "camelCase")]
pub struct WeekDesk {
    /// Her sessions.
    #[arguments(from: $from, to: $to)]
    pub bookings: Vec<DeskBooking>,
    /// Her time off that is not over.
    pub time_off: Vec<DeskTimeOff>,
    /// Her hours.
    pub timetable: Timetable,
}

/// The page's data.
#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct Week {
    /// What was asked.
    pub variables: DayVariables,
    /// What was answered.
    pub answer: WeekQuery,
}

impl WeekQuery {
    /// Her sessions; none for somebody who has no calendar.
    pub fn bookings(&self) -> &[DeskBooking] {
        self.viewer.therapist.as_ref().map(|desk| desk.bookings.as_slice()).unwrap_or_default()
    }
}

/// The Monday of a day's week.
pub fn monday(date: Date) -> Date {
    date.plus_days(-(date.weekday() as i64))
}

/// What the page asks for the week of a day.
pub fn variables(zone: String, date: Date) -> DayVariables {
    let from = monday(date);
    DayVariables { zone, from, to: from.plus_days(6) }
}

/// What the page shows beyond its data.
#[derive(Clone, Copy)]
pub struct Alive {
    /// The data.
    pub week: RwSignal<Week>,
    /// Sessions that have arrived since the page was opened.
    pub fresh: RwSignal<Vec<BookingId>>,
}

impl Alive {
    /// The page as it is when it is opened.
    pub fn new(week: Week) -> Self {
        Alive { week: RwSignal::new(week), fresh: RwSignal::new(Vec::new()) }
    }
}

/// Draws the page; when something changes, it is drawn again in place.
pub fn page(alive: Alive) -> AnyView {
    (move || alive.week.with(|week| alive.fresh.with(|fresh| draw(week, fresh)))).into_any()
}

fn draw(week: &Week, fresh: &[BookingId]) -> AnyView {
    let zone = table(week.answer.time_zone.as_ref());
    let today = zone.civil(week.answer.practice.now).date;
    let (from, to) = (week.variables.from, week.variables.to);
    let turn = |date: Date, label: &'static str, icon: AnyView| {
        view! { <a class="turn" href=format!("/admin/week?from={date}") aria-label=label>{icon}</a> }
    };
    let body = match &week.answer.viewer.therapist {
        None => view! { <p>"This account sees no clients, so it has no week to show."</p> }.into_any(),
        Some(desk) => {
            let columns = (0..7).map(|ahead| column(desk, from.plus_days(ahead), &zone, fresh, today)).collect();
            let label = format!("Week of {}", words::day(from));
            view! { {grid(label, columns)} {key()} }.into_any()
        }
    };
    view! {
        <div class="desk-head">
            <div>
                <p class="soft">{words::city(&zone.name)}" time"</p>
                <h1>{span_words(from, to)}</h1>
            </div>
            <p class="cluster">
                {turn(from.plus_days(-7), "Week before", art::icon_prev().into_any())}
                <a class="button quiet small" href="/admin/week">"This week"</a>
                {turn(from.plus_days(7), "Week after", art::icon_next().into_any())}
            </p>
        </div>
        {body}
    }
    .into_any()
}

/// `30 November to 6 December`.
fn span_words(from: Date, to: Date) -> String {
    let day = |date: Date| format!("{} {}", date.0.day(), words::month(u8::from(date.0.month())));
    match from.0.month() == to.0.month() {
        true => format!("{} to {}", from.0.day(), day(to)),
        false => format!("{} to {}", day(from), day(to)),
    }
}

fn column<'a>(
    desk: &'a WeekDesk,
    date: Date,
    zone: &'a shared::zone::ZoneTable,
    fresh: &'a [BookingId],
    today: Date,
) -> Column<'a> {
    let mut bookings: Vec<&DeskBooking> =
        desk.bookings.iter().filter(|it| it.stands() && zone.civil(it.booking.starts_at).date == date).collect();
    bookings.sort_by_key(|booking| booking.booking.starts_at);
    Column {
        date,
        is_today: date == today,
        bookings,
        time_off: &desk.time_off,
        timetable: &desk.timetable,
        zone,
        fresh,
    }
}

fn key() -> impl IntoView {
    view! {
        <p class="key">
            <span>"Filled: session"</span>
            <span>"Outlined: free call"</span>
            <span>"Grey: time off"</span>
            <span>"Hatched: closed"</span>
        </p>
    }
}

/// What can be waited for on the week page, for the practice's clock.
pub fn now(week: &Week) -> Instant {
    week.answer.practice.now
}
