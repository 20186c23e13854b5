//! Some times to choose one of, or none.

use leptos::prelude::*;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// A button for each time and one for none, all of one form.
pub fn choose(action: String, times: &[Instant], zone: &ZoneTable) -> impl IntoView + use<> {
    let button = |at: &Instant| {
        view! { <button class="button" name="slot" value=at.to_string()>{words::moment(*at, zone)}</button> }
    };
    let buttons: Vec<_> = times.iter().map(button).collect();
    view! {
        <form class="stack" method="post" action=action>
            <p class="cluster">{buttons}</p>
            <p><button class="button quiet" name="slot" value="none">"None of these suits me"</button></p>
        </form>
    }
}
