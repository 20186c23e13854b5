//! The picker in the browser: clicks and keys change what is shown without a new page, and news arrives.

mod keep;
mod keys;
mod news;

use super::page;
use super::picker::{Load, Picker, Question};
use super::place::{Month, Place};
use super::query::{MOVING_TIMES, MovingTimesQuery, TIMES, TimesQuery};
use crate::api::{self, ApiError, Written};
use crate::ui::dom::{self, nearest, on};
use crate::ui::hold::{self, Hold};
use keep::Keeper;
use leptos::mount::hydrate_from;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use shared::time::Instant;
use shared::words;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent, MouseEvent};

/// The picker that is shown.
type Scene = RwSignal<Picker>;

/// Where the focus goes when something else is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Focus {
    Stay,
    Day,
    Times,
}

/// Brings the picker to life, from the data it was drawn from.
pub fn picker(data: &str) {
    let (Some(root), Ok(picker)) = (dom::element(page::ALIVE), serde_json::from_str::<Picker>(data)) else { return };
    let draw = {
        let root = root.clone();
        move || {
            let scene = RwSignal::new(picker);
            // Once what the server drew has been taken over.
            spawn_local(async move { wake(scene, &root) });
            page::panes(scene)
        }
    };
    hydrate_from(root, draw).forget();
}

/// Lets the minutes of a hold run down.
pub fn hold(data: &str) {
    let (Some(root), Ok(hold)) = (dom::element(hold::ALIVE), serde_json::from_str::<Hold>(data)) else { return };
    let draw = move || {
        let left = RwSignal::new(hold.minutes_left(0));
        let (ends, began) = (hold.clone(), js_sys::Date::now());
        let count = move || left.set(ends.minutes_left(((js_sys::Date::now() - began) / 1000.0) as i64));
        set_interval(count, Duration::from_secs(5));
        hold::line(&hold, left)
    };
    hydrate_from(root, draw).forget();
}

/// The time that was chosen before scripts ran.
fn chosen(root: &HtmlElement) -> Option<Instant> {
    let radio = root.query_selector("input[name=slot]:checked").ok()??;
    radio.dyn_into::<HtmlInputElement>().ok()?.value().parse().ok()
}

fn wake(scene: Scene, root: &HtmlElement) {
    let chosen = chosen(root);
    let keeper = Keeper::new(scene);
    // A shared link shows a time; only choosing keeps it.
    let by_hand = chosen.filter(|chosen| scene.with_untracked(|picker| picker.slot != Some(*chosen)));
    scene.update(|picker| {
        picker.life.alive = true;
        picker.slot = chosen.or(picker.slot);
    });
    if by_hand.is_some() {
        write(&scene.with_untracked(here), false);
        keeper.keep_soon();
    }
    on(root, "click", move |event: MouseEvent| click(scene, &event));
    on(root, "keydown", move |event: KeyboardEvent| keys::press(scene, &event));
    let on_change = keeper.clone();
    on(root, "change", move |event: Event| change(scene, &on_change, &event));
    on(root, "submit", move |event: Event| submit(scene, &keeper, &event));
    if let Some(window) = web_sys::window() {
        let address = window.location();
        let again = address.clone();
        on(&window, "popstate", move |_: Event| {
            visit(scene, read(&address.search().unwrap_or_default()), Focus::Stay);
        });
        // A page that a browser kept is of before whatever was done since.
        on(&window, "pageshow", move |event: Event| {
            if js_sys::Reflect::get(&event, &"persisted".into()).is_ok_and(|was_kept| was_kept.is_truthy()) {
                let _ = again.reload();
            }
        });
    }
    news::watch(scene);
}

/// What a link or an address says.
fn read(query: &str) -> Place {
    let decoded = js_sys::decode_uri_component(query).map(String::from).unwrap_or_default();
    Place::read(decoded.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('=')))
}

/// Writes the address; with `push` the one before stays a step back.
fn write(place: &Place, push: bool) {
    let Some(history) = web_sys::window().and_then(|window| window.history().ok()) else { return };
    let href = place.href();
    // A browser refuses when the address changes too often; what is shown is right all the same.
    let _ = match push {
        true => history.push_state_with_url(&JsValue::NULL, "", Some(&href)),
        false => history.replace_state_with_url(&JsValue::NULL, "", Some(&href)),
    };
}

fn click(scene: Scene, event: &MouseEvent) {
    if nearest(event, "[data-retry]").is_some() {
        return again(scene);
    }
    let with_key = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    let href = nearest(event, "a").and_then(|link| link.get_attribute("href"));
    let Some(href) = href.filter(|href| href.starts_with('?') && !with_key && event.button() == 0) else { return };
    event.prevent_default();
    let mut place = read(&href);
    if let Some(hours) = place.hours.take() {
        news::remember("__Host-hours", hours.word());
        return scene.update(|picker| picker.hours = hours);
    }
    let focus = if place.day.is_some() { Focus::Times } else { Focus::Stay };
    write(&place, true);
    visit(scene, place, focus);
}

fn change(scene: Scene, keeper: &Rc<Keeper>, event: &Event) {
    let Some(target) = event.target() else { return };
    if let Some(radio) = target.dyn_ref::<HtmlInputElement>().filter(|input| input.name() == "slot") {
        scene.update(|picker| {
            picker.slot = radio.value().parse().ok();
            picker.life.lost = None;
        });
        write(&scene.with_untracked(here), false);
        keeper.keep_soon();
    } else if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        choose_zone(scene, &select.value());
    }
}

fn submit(scene: Scene, keeper: &Keeper, event: &Event) {
    if scene.with_untracked(|picker| picker.life.offline_since.is_some()) {
        event.prevent_default();
        scene.update(|picker| picker.life.said = "You are offline. Nothing is booked until you are back.".into());
    } else if nearest(event, ".times").is_some() {
        keeper.go_on(event);
    }
}

fn choose_zone(scene: Scene, zone: &str) {
    news::remember("__Host-tz", zone);
    let place = Place { zone: Some(zone.to_owned()), ..scene.with_untracked(here) };
    write(&place, true);
    visit(scene, place, Focus::Stay);
}

/// Where the picker is.
fn here(picker: &Picker) -> Place {
    let Picker { month, day, slot, with, .. } = *picker;
    Place { month: Some(month), day, slot, zone: picker.zone_in_links(), with, hours: None }
}

/// Shows another place, and asks for its times if they are not there.
fn visit(scene: Scene, place: Place, focus: Focus) {
    let mut must_ask = false;
    scene.update(|picker| {
        let (first, last) = picker.months();
        let month = place.day.map(Month::of).or(place.month).unwrap_or(picker.month).clamp(first, last);
        let other_zone = place.zone.as_ref().is_some_and(|zone| *zone != picker.zone.name);
        must_ask = month != picker.month || other_zone || picker.life.load != Load::There;
        if month != picker.month {
            picker.days.clear();
        }
        (picker.month, picker.day, picker.slot) = (month, place.day, place.slot);
        picker.life.lost = None;
        picker.life.gone.clear();
        picker.life.cursor = place.day.or(picker.life.cursor);
        if must_ask {
            picker.life.load = Load::Coming;
            picker.life.asked += 1;
            picker.life.said = "Loading times".into();
        } else {
            picker.settle();
            picker.life.said = count_words(picker);
        }
    });
    refocus(scene, focus);
    if must_ask {
        spawn_local(load(scene, place.zone, focus));
    }
}

fn again(scene: Scene) {
    let place = scene.with_untracked(here);
    visit(scene, place, Focus::Stay);
}

async fn ask_times(question: Question) -> Result<TimesQuery, ApiError> {
    match question {
        Question::Booking(variables) => api::ask_written(Written { query: TIMES, variables }).await,
        Question::Moving(variables) => {
            let times: MovingTimesQuery = api::ask_written(Written { query: MOVING_TIMES, variables }).await?;
            Ok(times.into())
        }
    }
}

async fn load(scene: Scene, zone: Option<String>, focus: Focus) {
    let (asked, question) = scene
        .with_untracked(|picker| (picker.life.asked, picker.question(zone.as_deref().unwrap_or(&picker.zone.name))));
    let answer = ask_times(question).await;
    if scene.with_untracked(|picker| picker.life.asked != asked) {
        return;
    }
    scene.update(|picker| match answer {
        Ok(answer) => {
            picker.life.load = Load::There;
            picker.take(answer);
            picker.life.said = count_words(picker);
        }
        Err(_) => picker.life.load = Load::Failed,
    });
    refocus(scene, focus);
}

/// How many times there are on the day that is shown.
fn count_words(picker: &Picker) -> String {
    let Some(day) = picker.day else { return format!("No free times in {}", picker.month.name()) };
    let count = picker.starts(day).len();
    format!("{count} {} on {}", if count == 1 { "time" } else { "times" }, words::day(day))
}

/// Moves the focus once everything is drawn.
fn refocus(scene: Scene, focus: Focus) {
    if focus == Focus::Stay {
        return;
    }
    spawn_local(async move {
        tick().await;
        match focus {
            Focus::Times => focus_inside(".slots legend, .times .empty a"),
            Focus::Day | Focus::Stay => keys::focus_day(scene.with_untracked(super::month::cursor)),
        }
    });
}

fn focus_inside(selector: &str) {
    if let Some(root) = dom::element(page::ALIVE) {
        dom::focus(&root, selector);
    }
}
