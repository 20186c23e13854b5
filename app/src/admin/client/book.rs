//! The form that puts a session in the calendar for a client.

use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use crate::ui::fields::{Field, Select, field, hidden, select};
use crate::ui::form::{Problem, code, error_summary};
use crate::ui::pieces::given;
use leptos::prelude::*;
use shared::ids::{ClientId, RoomId, SessionTypeId};
use shared::practice::{Gate, Modality};
use shared::stage::Standing;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// Something that can be booked.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct BookType {
    /// Which.
    pub id: SessionTypeId,
    /// Its name.
    pub name: String,
    /// Its length.
    pub minutes: i32,
    /// How it takes place.
    pub modality: Shared<Modality>,
    /// Who may book it.
    pub gate: Shared<Gate>,
    /// What it costs by the list.
    pub price: Amount,
}

/// A room of the practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// What it is called.
    pub name: String,
    /// Since when nothing new takes place in it.
    pub retired_at: Option<Instant>,
}

/// What was typed into the form, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedBooking {
    /// What.
    pub session_type: String,
    /// How long, where it differs.
    pub minutes: String,
    /// How it takes place, where it differs.
    pub how: String,
    /// In which room.
    pub room: String,
    /// The day.
    pub date: String,
    /// The time.
    pub time: String,
    /// Why it may overlap.
    pub over: String,
    /// What tells this sending of the form from another.
    pub key: String,
    /// Whether something is in the way, so that an overlap is asked about.
    pub is_in_the_way: bool,
    /// The nearest free times.
    pub nearest: Vec<Instant>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the form; nothing where no session is open at this stage.
pub fn form(
    client: ClientId,
    name: &str,
    standing: Standing,
    (types, rooms): (&[BookType], &[Room]),
    typed: TypedBooking,
    zone: &ZoneTable,
) -> Option<impl IntoView + use<>> {
    let is_open = |it: &&BookType| match it.gate.0 {
        Gate::Clients => standing.stage.is_together(),
        Gate::Discovery => standing.opens().discovery,
    };
    let options: Vec<(String, String)> = types.iter().filter(is_open).map(|it| (it.id.to_string(), said(it))).collect();
    if options.is_empty() {
        return None;
    }
    let problems = typed.problems.clone();
    let problems = problems.as_slice();
    let is_refused = !problems.is_empty();
    let today = zone.civil(standing.now).date;
    let nearest = nearest(&typed.nearest, zone);
    let over = typed.is_in_the_way.then(|| {
        let hint = Some("Only if you mean it. The reason is kept with the session.");
        let label = "Or let them overlap, because";
        field(
            Field { id: "book-over", label, kind: "text", value: typed.over.clone(), is_required: false, hint },
            problems,
        )
    });
    let what = Select { id: "book-type", label: "What", hint: None, options, value: typed.session_type };
    let mut ways = vec![(String::new(), "As it usually does".to_owned())];
    ways.extend(Modality::ALL.map(|it| (code(it), it.words().to_owned())));
    let how = Select { id: "book-how", label: "How it takes place", hint: None, options: ways, value: typed.how };
    let usual = Some("Empty for the usual length. The price stays.");
    let length = Field {
        id: "book-minutes",
        label: "Minutes",
        kind: "number",
        value: typed.minutes,
        is_required: false,
        hint: usual,
    };
    let differs = view! { <div class="pair">{field(length, problems)} {select(how, problems)}</div> };
    // Where there is one room, or none is kept for sessions, there is nothing to choose.
    let room = (rooms.len() > 1).then(|| {
        let mut options = vec![(String::new(), "One that is free".to_owned())];
        options.extend(rooms.iter().map(|room| (room.id.to_string(), room.name.clone())));
        let hint = Some("Only for a session in the room.");
        select(Select { id: "book-room", label: "Room", hint, options, value: typed.room }, problems)
    });
    let input =
        |id, label, kind, value| field(Field { id, label, kind, value, is_required: false, hint: None }, problems);
    let title = format!("Book a session for {}", given(name));
    Some(view! {
        <details class="more" id="book" open=is_refused>
            <summary>{title}</summary>
            <form class="form" method="post" action=format!("/admin/clients/{client}/book")>
                {error_summary(problems)} {hidden("key", typed.key)}
                {select(what, problems)} {differs} {room}
                <div class="pair">
                    {input("book-date", "Day", "date", if typed.date.is_empty() { today.to_string() } else { typed.date })}
                    {input("book-time", "Time", "time", typed.time)}
                </div>
                {nearest} {over}
                <p class="hint">
                    {words::city(&zone.name)}" time. Notice, hours and limits do not bind you; what is in the way does. They are told once, after the usual few minutes."
                </p>
                <p><button class="button">"Put it in the calendar"</button></p>
            </form>
        </details>
    })
}

/// Free times as buttons that book them with one press.
fn nearest(starts: &[Instant], zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    if starts.is_empty() {
        return None;
    }
    let buttons: Vec<_> = starts
        .iter()
        .map(|start| {
            let words = words::short_moment(*start, zone);
            view! { <button class="button quiet small" name="nearest" value=start.to_string()>{words}</button> }
        })
        .collect();
    Some(view! { <p class="label">"The nearest free times"</p><div class="cluster">{buttons}</div> })
}

fn said(it: &BookType) -> String {
    let how = match it.modality.0 {
        Modality::Online => "by video",
        Modality::Phone => "by phone",
        Modality::InPerson => "in the room",
    };
    format!("{}, {} minutes, {how}", it.name, it.minutes)
}
