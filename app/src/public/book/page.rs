//! The page somebody chooses a time on.

use super::picker::Picker;
use super::{month, times, zone};
use crate::ui::markup::{Markup, el};
use leptos::prelude::*;

/// The id of the part that comes to life.
pub const ALIVE: &str = "picker";

/// The whole page: what stands above, the picker, and every place whose clocks we know, as the options of a list.
pub fn page(top: AnyView, picker: Picker, places: &'static str) -> AnyView {
    let scene = RwSignal::new(picker);
    view! {
        <div class="wrap">
            {top} <div id=ALIVE>{panes(scene)}</div> <datalist id=zone::PLACES inner_html=places></datalist>
        </div>
    }
    .into_any()
}

/// The picker. What it draws follows from `scene`, here as in the browser.
pub fn panes(scene: RwSignal<Picker>) -> impl IntoView {
    move || scene.with(draw)
}

fn draw(picker: &Picker) -> Markup {
    let said = el("p").class("visually-hidden").attr("role", "status").text(picker.life.said.clone());
    let when = el("div").class("when").children(month::pane(picker)).child(zone::pane(picker));
    let action = picker.offer.action.clone();
    let form = el("form").class("times").attr("method", "post").attr("action", action).children(times::pane(picker));
    el("div").child(said).child(el("div").class("booking").child(when).child(form))
}
