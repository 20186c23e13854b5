//! The bundle of the portals.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Brings the page to life.
#[wasm_bindgen]
pub fn bring_to_life() {
    app::alive::bring_to_life();
}
