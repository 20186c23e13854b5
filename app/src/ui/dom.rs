//! The few things pages do to the document by hand.

use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement};

/// The document.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The element with an id.
pub fn element(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// The element an event is about, or the nearest around it that matches.
pub fn nearest(event: &Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok()?
}

/// Listens for as long as the page is there.
pub fn on<E: FromWasmAbi + 'static>(target: &EventTarget, event: &str, act: impl FnMut(E) + 'static) {
    let act = Closure::<dyn FnMut(E)>::new(act);
    // Fails only for a listener that is no function.
    let _ = target.add_event_listener_with_callback(event, act.as_ref().unchecked_ref());
    act.forget();
}

/// Has the browser ask before somebody leaves who has changed something in a form and not sent it.
pub fn ask_before_leaving(form: &EventTarget) {
    let is_changed = Rc::new(Cell::new(false));
    let note = |to: bool| {
        let is_changed = is_changed.clone();
        move |_: Event| is_changed.set(to)
    };
    on(form, "input", note(true));
    on(form, "submit", note(false));
    let by_button = is_changed.clone();
    on(form, "click", move |event: Event| {
        // Lines are added and taken away by buttons.
        if nearest(&event, "button[type=button]").is_some() {
            by_button.set(true);
        }
    });
    let Some(window) = web_sys::window() else { return };
    on(&window, "beforeunload", move |event: Event| {
        if is_changed.get() {
            event.prevent_default();
        }
    });
}

/// Moves the focus to what matches inside `root`, if anything does.
pub fn focus(root: &Element, selector: &str) {
    if let Ok(Some(found)) = root.query_selector(selector)
        && let Ok(found) = found.dyn_into::<HtmlElement>()
    {
        let _ = found.focus();
    }
}
