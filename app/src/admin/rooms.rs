//! The rooms of the practice.

use crate::api::schema::schema;
use crate::ui::art;
use crate::ui::fields::{Field, field, hidden};
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::ids::RoomId;
use shared::time::Instant;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct RoomsQuery {
    /// Whoever is signed in.
    pub viewer: RoomsViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct RoomsViewer {
    /// The practice they work in.
    pub practice: Option<RoomsPractice>,
}

/// The practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticeDesk")]
pub struct RoomsPractice {
    /// Its rooms.
    pub rooms: Vec<Room>,
}

/// A room.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// What it is called.
    pub name: String,
    /// Since when it is out of use.
    pub retired_at: Option<Instant>,
}

/// What was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedRoom {
    /// Which room it is about; nothing for a new one.
    pub id: Option<RoomId>,
    /// The name.
    pub name: String,
    /// Lets the form count once.
    pub key: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the page.
pub fn page(answer: &RoomsQuery, typed: TypedRoom, notice: Option<Notice>) -> AnyView {
    let rooms = answer.viewer.practice.as_ref().map(|practice| practice.rooms.as_slice()).unwrap_or_default();
    let (used, retired): (Vec<&Room>, Vec<&Room>) = rooms.iter().partition(|room| room.retired_at.is_none());
    let list = match used.is_empty() {
        true => nothing().into_any(),
        false => {
            let last = used.len() - 1;
            let rows: Vec<_> = used.iter().enumerate().map(|(place, room)| row(room, (place, last), &typed)).collect();
            view! { <ul class="rows">{rows}</ul> }.into_any()
        }
    };
    let earlier = (!retired.is_empty()).then(|| {
        let rows: Vec<_> = retired.iter().map(|room| retired_row(room)).collect();
        view! { <section class="stack"><h2>"Out of use"</h2><ul class="rows">{rows}</ul></section> }
    });
    let (problems, name) = match typed.id {
        None => (typed.problems, typed.name),
        Some(_) => (Vec::new(), String::new()),
    };
    let new = Field { id: "name", label: "Name", hint: None, kind: "text", value: name, is_required: true };
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/more">"More"</a></p><h1>"Rooms"</h1></div>
        </div>
        <div class="desk-cols">
            <div class="stack">
                <p>"A session in person takes the first room of this list that suits it and is free, so that two never meet in one. Which rooms suit it stands with each "<a href="/admin/session-types">"session type"</a>"."</p>
                {list}
                {earlier}
            </div>
            <aside>
                <section class="stack">
                    <h2>"Add a room"</h2>
                    <form class="form" method="post" action="/admin/rooms">
                        {error_summary(&problems)}
                        {field(new, &problems)}
                        {hidden("key", typed.key)}
                        <p><button class="button">"Add it"</button></p>
                    </form>
                </section>
            </aside>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn nothing() -> impl IntoView {
    view! {
        <div class="empty">
            {art::small_door()}
            <div class="stack">
                <h2>"No list of rooms"</h2>
                <p>"Sessions in person need only you then. With rooms in the list, each of them keeps one."</p>
            </div>
        </div>
    }
}

fn row(room: &Room, (place, last): (usize, usize), typed: &TypedRoom) -> impl IntoView + use<> {
    let step = |direction: &'static str, words: &'static str| {
        let label = format!("{words}: {}", room.name);
        view! {
            <form method="post" action=format!("/admin/rooms/{}/{direction}", room.id)>
                <button class="link" aria-label=label>{words}</button>
            </form>
        }
    };
    let up = (place > 0).then(|| step("up", "Up"));
    let down = (place < last).then(|| step("down", "Down"));
    let is_this = typed.id == Some(room.id);
    let problems = if is_this { typed.problems.clone() } else { Vec::new() };
    let value = if is_this { typed.name.clone() } else { room.name.clone() };
    let field_id = format!("room-{}", room.id);
    let wrong = problems.first().map(|problem| view! { <p class="error" role="alert">{problem.message.clone()}</p> });
    view! {
        <li>
            <div class="row">
                <span>{room.name.clone()}</span>
                <div class="cluster">
                    {up} {down}
                    <form method="post" action=format!("/admin/rooms/{}/retire", room.id)>
                        <button class="link" aria-label=format!("Take {} out of use", room.name)>"Take out of use"</button>
                    </form>
                </div>
            </div>
            <details open=is_this>
                <summary aria-label=format!("Rename {}", room.name)>"Rename"</summary>
                <form class="filter" method="post" action=format!("/admin/rooms/{}", room.id)>
                    <div class="field">
                        <label for=field_id.clone()>"New name"</label>
                        {wrong}
                        <input id=field_id name="name" value=value required />
                    </div>
                    <button class="button quiet small">"Rename it"</button>
                </form>
            </details>
        </li>
    }
}

fn retired_row(room: &Room) -> impl IntoView + use<> {
    view! {
        <li class="row">
            <span>{room.name.clone()}<br /><span class="soft small">"Sessions that are booked in it stay there."</span></span>
            <form method="post" action=format!("/admin/rooms/{}/restore", room.id)>
                <button class="link" aria-label=format!("Use {} again", room.name)>"Use it again"</button>
            </form>
        </li>
    }
}
