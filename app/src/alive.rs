//! Brings the pages of the portals to life in the browser: they are drawn again when something changes.

use crate::admin::today::{DayVariables, TodayQuery};
use crate::admin::week::WeekQuery;
use crate::admin::{desk::DeskBooking, hours, today, week};
use crate::api::schema::schema;
use crate::api::zone::{ZoneQuery, ZoneVariables};
use crate::api::{self, ApiError};
use crate::live;
use crate::portal::home::{self, Home, HomeQuery, HomeVariables};
use crate::ui::dom;
use cynic::{QueryBuilder, SubscriptionBuilder};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use shared::ids::{BookingId, ClientId};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Says when a booking changed.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Subscription")]
#[expect(dead_code, reason = "news is only that there is news")]
struct BookingNews {
    booking_changed: BookingChange,
}

#[derive(cynic::QueryFragment)]
#[expect(dead_code, reason = "news is only that there is news")]
struct BookingChange {
    booking_id: BookingId,
}

/// Says when a relationship has moved on.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Subscription")]
#[expect(dead_code, reason = "news is only that there is news")]
struct RelationshipNews {
    relationship_changed: RelationshipChange,
}

#[derive(cynic::QueryFragment)]
#[expect(dead_code, reason = "news is only that there is news")]
struct RelationshipChange {
    client_id: ClientId,
}

/// How often the marker of now moves.
const TICK: Duration = Duration::from_secs(20);

/// Finds the part of the page that comes to life, and the data it was drawn from.
pub fn bring_to_life() {
    let Some(root) = document().get_element_by_id("alive").and_then(|it| it.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    match root.get_attribute("data-name").as_deref() {
        Some("home") => with_data(|data| wake_home(root, data)),
        Some("today") => with_data(|data| wake_today(root, data)),
        Some("week") => with_data(|data| wake_week(root, data)),
        Some("hours") => with_data(|data| wake_hours(root, data)),
        _ => {}
    }
}

/// Reads the data. A page whose data cannot be read stays as the server drew it, which works too.
fn with_data<T: DeserializeOwned>(wake: impl FnOnce(T)) {
    let text = document().get_element_by_id("alive-data").and_then(|it| it.text_content()).unwrap_or_default();
    match serde_json::from_str(&text) {
        Ok(data) => wake(data),
        Err(error) => leptos::logging::warn!("the page's data cannot be read: {error}"),
    }
}

/// Puts a view on the elements the server drew.
fn mount(root: HtmlElement, draw: impl FnOnce() -> AnyView + 'static) {
    leptos::mount::hydrate_from(root, draw).forget();
}

/// Calls `load` whenever something of the viewer's changed. Whoever is no longer signed in is led to where one signs in.
fn on_news<F, L>(load: L)
where
    F: Future<Output = Result<(), ApiError>> + 'static,
    L: Fn() -> F + 'static,
{
    let operations = [live::operation(BookingNews::build(())), live::operation(RelationshipNews::build(()))];
    live::listen(operations, move || {
        let loading = load();
        async move {
            let outcome = loading.await;
            if outcome == Err(ApiError::SignInRequired) {
                _ = window().location().reload();
                return Ok(());
            }
            outcome
        }
    });
}

/// The sessions a page has shown, so that those it has not can be told apart.
#[derive(Clone)]
struct Known(Rc<RefCell<Vec<BookingId>>>);

impl Known {
    fn of(bookings: &[DeskBooking]) -> Self {
        Known(Rc::new(RefCell::new(bookings.iter().map(|booking| booking.booking.id).collect())))
    }

    /// Those not seen before; from now on they have been.
    fn learn(&self, bookings: &[DeskBooking]) -> Vec<BookingId> {
        let mut known = self.0.borrow_mut();
        let ids = bookings.iter().map(|booking| booking.booking.id);
        let new: Vec<BookingId> = ids.filter(|id| !known.contains(id)).collect();
        known.extend(&new);
        new
    }
}

fn wake_home(root: HtmlElement, data: Home) {
    let zone = data.answer.time_zone.as_ref().map(|zone| zone.table.name.clone()).unwrap_or_default();
    mount(root, move || {
        let home = RwSignal::new(data);
        on_news(move || {
            let zone = zone.clone();
            async move {
                let answer = api::ask(HomeQuery::build(HomeVariables { zone })).await?;
                let kept = |home: &Home| (home.zones.clone(), home.notice.clone(), home.undo.clone());
                let (mut zones, notice, undo) = home.with_untracked(kept);
                for name in answer.foreign_zones(&zones) {
                    let found = api::ask(ZoneQuery::build(ZoneVariables { name })).await?;
                    zones.extend(found.time_zone.map(|zone| zone.table));
                }
                home.set(Home { answer, zones, notice, undo });
                Ok(())
            }
        });
        home::alive(home)
    });
}

fn wake_today(root: HtmlElement, data: today::Today) {
    let known = Known::of(data.answer.bookings());
    let loaded = Rc::new(Cell::new(js_sys::Date::now()));
    mount(root, move || {
        let alive = today::Alive::new(data);
        let ticks = loaded.clone();
        set_interval(
            move || {
                let seconds = (js_sys::Date::now() - ticks.get()) / 1000.0;
                let read = alive.today.with_untracked(|today| today.answer.practice.now);
                alive.now.set(read.plus_seconds(seconds as i64));
            },
            TICK,
        );
        on_news(move || load_today(alive, known.clone(), loaded.clone()));
        today::page(alive)
    });
}

async fn load_today(alive: today::Alive, known: Known, loaded: Rc<Cell<f64>>) -> Result<(), ApiError> {
    let mut variables = alive.today.with_untracked(|today| today.variables.clone());
    let mut answer = api::ask(TodayQuery::build(variables.clone())).await?;
    let now = DayVariables::around(variables.zone.clone(), answer.today());
    if now != variables {
        variables = now;
        answer = api::ask(TodayQuery::build(variables.clone())).await?;
    }
    let new = known.learn(answer.bookings());
    loaded.set(js_sys::Date::now());
    alive.now.set(answer.practice.now);
    alive.fresh.update(|fresh| fresh.extend(new));
    alive.today.set(today::Today { variables, answer });
    Ok(())
}

fn wake_week(root: HtmlElement, data: week::Week) {
    let known = Known::of(data.answer.bookings());
    mount(root, move || {
        let alive = week::Alive::new(data);
        on_news(move || {
            let known = known.clone();
            async move {
                let variables = alive.week.with_untracked(|week| week.variables.clone());
                let answer = api::ask(WeekQuery::build(variables.clone())).await?;
                let new = known.learn(answer.bookings());
                alive.fresh.update(|fresh| fresh.extend(new));
                alive.week.set(week::Week { variables, answer });
                Ok(())
            }
        });
        week::page(alive)
    });
}

fn wake_hours(root: HtmlElement, data: hours::Hours) {
    let zone = data.answer.time_zone.as_ref().map(|zone| zone.table.name.clone()).unwrap_or_default();
    mount(root, move || {
        let alive = hours::Alive::new(&data);
        on_news(move || {
            let name = zone.clone();
            async move {
                let answer = api::ask(hours::HoursQuery::build(ZoneVariables { name })).await?;
                alive.timetable.set(answer.viewer.therapist.map(|desk| desk.timetable));
                Ok(())
            }
        });
        Effect::new(move || {
            alive.awake.set(true);
            if let Some(form) = dom::element("hours") {
                dom::ask_before_leaving(&form);
            }
        });
        hours::page(&data, alive)
    });
}
