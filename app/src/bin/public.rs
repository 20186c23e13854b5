//! The bundle of the booking pages.

use app::public::book::{alive, page};
use app::ui::{dom, hold};
use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the part of the page to life that waits for it.
#[wasm_bindgen]
pub fn bring_to_life() {
    let name = dom::element("alive").and_then(|part| part.get_attribute("data-name"));
    let data = dom::element("alive-data").and_then(|data| data.text_content());
    let (Some(name), Some(data)) = (name, data) else { return };
    match name.as_str() {
        page::ALIVE => alive::picker(&data),
        hold::ALIVE => alive::hold(&data),
        _ => {}
    }
}

fn main() {}
