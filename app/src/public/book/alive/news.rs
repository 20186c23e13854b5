//! What reaches the picker from outside: the browser's zone, the network, and other people's bookings.

use super::super::picker::{Load, Picker};
use super::super::place::Place;
use super::super::query::{CHANGES, ListenFor, TimesQuery};
use super::{Focus, Scene, ask_times, here, visit, write};
use crate::api::{ApiError, Written};
use crate::live;
use crate::ui::dom::{self, on};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::time::Instant;
use wasm_bindgen::JsValue;
use web_sys::Event;

pub(super) fn watch(scene: Scene) {
    follow_browser_zone(scene);
    if let Some(window) = web_sys::window() {
        on(&window, "offline", move |_: Event| {
            scene.update(|picker| picker.life.offline_since = Some(picker.clock(picker.now)));
        });
        on(&window, "online", move |_: Event| {
            scene.update(|picker| picker.life.offline_since = None);
            spawn_local(async move {
                // What fails now is asked again when the line is back.
                let _ = read_again(scene).await;
            });
        });
    }
    let id = scene.with_untracked(|picker| picker.offer.id);
    let changes = live::operation(Written { query: CHANGES, variables: ListenFor { id } });
    live::listen([changes], move || read_again(scene));
}

/// Shows times in the browser's zone, unless the visitor chose one.
fn follow_browser_zone(scene: Scene) {
    let Some(zone) = browser_zone() else { return };
    if scene.with_untracked(|picker| picker.zone_chosen || picker.zone.name == zone) {
        return;
    }
    spawn_local(async move {
        let (asked, question) = scene.with_untracked(|picker| (picker.life.asked, picker.question(&zone)));
        let Ok(answer) = ask_times(question).await else { return };
        if answer.time_zone.is_none() || scene.with_untracked(|picker| picker.life.asked != asked) {
            return;
        }
        scene.update(|picker| {
            picker.take(answer);
            // The first free day on the practice's clocks may be another on theirs, of another month even.
            if picker.day.is_some_and(|day| picker.starts(day).is_empty()) {
                picker.day = None;
                picker.settle();
            }
        });
        remember("__Host-tz", &zone);
        let (moves_on, place) = scene.with_untracked(|picker| {
            let next = picker.next.filter(|_| picker.day.is_none());
            let day = next.map(|next| picker.zone.civil(next).date).or(picker.day);
            (next.is_some(), Place { day, ..here(picker) })
        });
        write(&place, false);
        if moves_on {
            visit(scene, place, Focus::Stay);
        }
    });
}

fn browser_zone() -> Option<String> {
    let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
    js_sys::Reflect::get(&format.resolved_options(), &JsValue::from_str("timeZone")).ok()?.as_string()
}

/// Tells the server, by a cookie, how to draw the next page: in which zone, or with which hours.
pub(super) fn remember(name: &str, value: &str) {
    let cookie = [name, "=", value, "; Max-Age=31536000; Path=/; Secure; SameSite=Lax"].concat();
    if let Some(document) = dom::document() {
        let _ = js_sys::Reflect::set(&document, &JsValue::from_str("cookie"), &JsValue::from_str(&cookie));
    }
}

/// Reads the times again without a word, and shows what went.
pub(super) async fn read_again(scene: Scene) -> Result<(), ApiError> {
    let known = |picker: &Picker| (picker.life.asked, picker.life.load);
    let before = scene.with_untracked(known);
    let question = scene.with_untracked(|picker| picker.question(&picker.zone.name));
    let answer = ask_times(question).await?;
    // Whoever asked meanwhile gets an answer of their own; so does a time that is being kept.
    let is_keeping = scene.with_untracked(|picker| picker.life.keeping);
    if scene.with_untracked(known) == before && before.1 == Load::There && !is_keeping {
        scene.update(|picker| take_news(picker, answer));
    }
    Ok(())
}

fn take_news(picker: &mut Picker, answer: TimesQuery) {
    let shown: Vec<Instant> = picker.day.map(|day| picker.starts(day).to_vec()).unwrap_or_default();
    let (slot, day) = (picker.slot, picker.day);
    picker.take(answer);
    picker.day = day.or(picker.day);
    let free = |start: &Instant| picker.days.iter().any(|day| day.starts.contains(start));
    let new: Vec<Instant> = shown.into_iter().filter(|start| !free(start)).collect();
    let gone = picker.life.gone.iter().copied().filter(|start| !free(start)).chain(new.iter().copied()).collect();
    picker.life.lost = slot.filter(|slot| !free(slot)).or(picker.life.lost.filter(|lost| !free(lost)));
    picker.life.gone = gone;
    if let Some(first) = new.first() {
        picker.life.said = picker.clock(*first) + " was just taken";
    }
}
