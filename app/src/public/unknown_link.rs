//! The page for the link of a mail that leads nowhere.

use crate::ui::art;
use leptos::prelude::*;

/// Draws the page: what could not be found, and where to look instead.
pub fn page(heading: &'static str, way_on: &'static str, words: &'static str) -> AnyView {
    view! {
        <div class="wrap">
            <div class="threshold">
                <div class="say">
                    <h1>{heading}</h1>
                    <p class="lead">"The link may be too old, or may have lost a letter on the way. Nothing you did went wrong."</p>
                    <p class="cluster"><a class="button" href=way_on>{words}</a></p>
                </div>
                {art::closed_door()}
            </div>
        </div>
    }
    .into_any()
}
