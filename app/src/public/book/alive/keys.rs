//! The keys of the month, as the date grid of the ARIA practices has them.

use super::super::month::cursor;
use super::super::page;
use super::super::place::{Month, Place};
use super::{Focus, Scene, here, visit, write};
use crate::ui::dom::{self, nearest};
use leptos::prelude::*;
use shared::time::Date;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, NodeList};

/// Every day of the month, in order.
fn days() -> Option<NodeList> {
    dom::element(page::ALIVE)?.query_selector_all(".month .day").ok()
}

/// Moves the focus to a day of the month that is shown.
pub(super) fn focus_day(date: Date) {
    let index = u32::from(date.0.day()) - 1;
    if let Some(day) = days().and_then(|days| days.item(index)).and_then(|day| day.dyn_into::<HtmlElement>().ok()) {
        let _ = day.focus();
    }
}

/// A key was pressed inside the picker.
pub(super) fn press(scene: Scene, event: &KeyboardEvent) {
    let Some(day) = nearest(event, ".month .day") else { return };
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some(days) = days() else { return };
    let index = (0..days.length()).find(|index| days.item(*index).is_some_and(|item| day.is_same_node(Some(&item))));
    let (month, (first, last)) = scene.with_untracked(|picker| (picker.month, picker.months()));
    let at = index.map_or_else(|| scene.with_untracked(cursor), |index| month.first().plus_days(index.into()));
    let weekday = i64::from(at.0.weekday().number_days_from_monday());
    let turned = |months: i32| {
        let months = if event.shift_key() { months * 12 } else { months };
        month.shifted(months).clamp(first, last).day(at.0.day())
    };
    let to = match event.key().as_str() {
        "ArrowLeft" => at.plus_days(-1),
        "ArrowRight" => at.plus_days(1),
        "ArrowUp" => at.plus_days(-7),
        "ArrowDown" => at.plus_days(7),
        "Home" => at.plus_days(-weekday),
        "End" => at.plus_days(6 - weekday),
        "PageUp" => turned(-1),
        "PageDown" => turned(1),
        " " => {
            event.prevent_default();
            if let Some(link) = day.dyn_ref::<HtmlElement>() {
                link.click();
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    go(scene, to.clamp(first.first(), last.last()));
}

fn go(scene: Scene, to: Date) {
    let month = Month::of(to);
    let is_shown = scene.with_untracked(|picker| picker.month == month);
    scene.update(|picker| picker.life.cursor = Some(to));
    if is_shown {
        return focus_day(to);
    }
    let place = Place { month: Some(month), day: None, slot: None, ..scene.with_untracked(here) };
    write(&place, true);
    visit(scene, place, Focus::Day);
}
