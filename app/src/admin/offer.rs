//! What the practice sells: the list of session types.

mod edit;
mod query;
mod suiting;
mod terms;
mod typed;
mod waiting;

pub use edit::*;
pub use query::*;
pub use typed::*;

use super::series::how;
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::practice::Gate;

/// Draws the list.
pub fn page(answer: &OfferQuery, notice: Option<Notice>) -> AnyView {
    let offer = answer.offer();
    let (offered, retired): (Vec<&OfferedType>, Vec<&OfferedType>) =
        offer.iter().partition(|it| it.retired_at.is_none());
    let last = offered.len().saturating_sub(1);
    let rows: Vec<_> =
        offered.iter().enumerate().map(|(place, it)| row(it, answer.lacks_room(it), place, last)).collect();
    let earlier = (!retired.is_empty()).then(|| {
        let rows: Vec<_> = retired.iter().map(|it| retired_row(it)).collect();
        view! {
            <section class="stack">
                <h2>"Not offered any more"</h2>
                <p class="soft">"Sessions that were booked stay. Nobody can book a new one."</p>
                <ul class="rows">{rows}</ul>
            </section>
        }
    });
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/more">"More"</a></p><h1>"Session types"</h1></div>
            <a class="button small" href="/admin/session-types/new">"Add one"</a>
        </div>
        <div class="stack">
            <p>"What can be booked, in the order in which pages show it. Choose one to change its length, its price or its rules."</p>
            <ul class="rows">{rows}</ul>
            {earlier}
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

/// Said of a session type none of whose rooms is in use.
const NO_ROOM: &str = "Nobody can book it: none of the rooms that suit it is in use.";

/// `50 minutes, by video, £75`.
fn in_short(it: &OfferedType) -> String {
    let row = &it.session_type;
    let price = match row.price.amount {
        0 => "free of charge".to_owned(),
        _ => row.price.words(),
    };
    format!("{}, {price}", how(row.minutes, row.modality.0))
}

fn row(it: &OfferedType, lacks_room: bool, place: usize, last: usize) -> impl IntoView + use<> {
    let row = &it.session_type;
    let (class, badge) = match (it.visible, row.gate.0) {
        (true, Gate::Discovery) => ("badge confirmed", "Public, for anyone"),
        (true, Gate::Clients) => ("badge confirmed", "Public, for clients"),
        (false, Gate::Discovery) => ("badge pending", "Not listed, for anyone with the link"),
        (false, Gate::Clients) => ("badge pending", "Not listed"),
    };
    let step = |direction: &'static str, words: &'static str| {
        let label = format!("{words}: {}", row.name);
        view! {
            <form method="post" action=format!("/admin/session-types/{}/{direction}", row.id)>
                <button class="link" aria-label=label>{words}</button>
            </form>
        }
    };
    let closed = lacks_room.then(|| view! { <br /> <span class="small"><b>{NO_ROOM}</b></span> });
    let up = (place > 0).then(|| step("up", "Up"));
    let down = (place < last).then(|| step("down", "Down"));
    view! {
        <li class="row">
            <div>
                <a href=format!("/admin/session-types/{}", row.id)>{row.name.clone()}</a>
                <br />
                <span class="soft small">{in_short(it)}</span>
                {closed}
            </div>
            <span class=class>{badge}</span>
            <div class="cluster">{up} {down}</div>
        </li>
    }
}

fn retired_row(it: &OfferedType) -> impl IntoView + use<> {
    let row = &it.session_type;
    view! {
        <li class="row">
            <div>
                <a href=format!("/admin/session-types/{}", row.id)>{row.name.clone()}</a>
                <br />
                <span class="soft small">{in_short(it)}</span>
            </div>
            <form method="post" action=format!("/admin/session-types/{}/restore", row.id)>
                <button class="link" aria-label=format!("Offer {} again", row.name)>"Offer it again"</button>
            </form>
        </li>
    }
}
