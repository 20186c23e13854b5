//! Standing places: who has which, what found no room, and a new one.

mod query;

pub use query::*;

use crate::api::zone::table;
use crate::ui::art;
use crate::ui::fields::{Field, Select, field, hidden, select};
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice};
use leptos::prelude::*;
use shared::ids::ClientId;
use shared::practice::{Gate, Modality};
use shared::series::Cadence;
use shared::time::{Instant, Weekday};
use shared::words;
use shared::zone::ZoneTable;

/// What was typed into the form for a new place, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct TypedSeries {
    /// Whose.
    pub client: String,
    /// What it is.
    pub session_type: String,
    /// How often.
    pub cadence: String,
    /// The first day.
    pub starts_on: String,
    /// The time.
    pub time: String,
    /// The last day.
    pub ends_on: String,
    /// The length, in minutes.
    pub minutes: String,
    /// The price, as people write it.
    pub price: String,
    /// Free times near the one that is taken.
    pub alternatives: Vec<Instant>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Everything the page is drawn from.
pub struct SeriesPage {
    /// What was answered.
    pub answer: SeriesQuery,
    /// What was typed.
    pub typed: TypedSeries,
    /// What clients were searched for.
    pub search: String,
    /// The client who is chosen, where they are not among those that were found.
    pub chosen: Option<Person>,
    /// Makes the form's request one of its own.
    pub key: String,
    /// What was just done.
    pub notice: Option<Notice>,
}

/// The rhythms, with what they are called in a form.
pub const CADENCES: [(Cadence, &str, &str); 9] = [
    (Cadence::Weekly, "WEEKLY", "Every week"),
    (Cadence::EveryTwoWeeks, "EVERY_TWO_WEEKS", "Every second week"),
    (Cadence::EveryThreeWeeks, "EVERY_THREE_WEEKS", "Every third week"),
    (Cadence::EveryFourWeeks, "EVERY_FOUR_WEEKS", "Every fourth week"),
    (Cadence::MonthlyFirst, "MONTHLY_FIRST", "Monthly, on the first such weekday"),
    (Cadence::MonthlySecond, "MONTHLY_SECOND", "Monthly, on the second"),
    (Cadence::MonthlyThird, "MONTHLY_THIRD", "Monthly, on the third"),
    (Cadence::MonthlyFourth, "MONTHLY_FOURTH", "Monthly, on the fourth"),
    (Cadence::MonthlyLast, "MONTHLY_LAST", "Monthly, on the last"),
];

/// A rhythm from a form.
pub fn read_cadence(code: &str) -> Option<Cadence> {
    CADENCES.into_iter().find(|(_, it, _)| *it == code).map(|(cadence, ..)| cadence)
}

/// A weekday from a form.
pub fn read_weekday(code: &str) -> Option<Weekday> {
    Weekday::ALL.into_iter().find(|weekday| weekday.words() == code)
}

/// The rhythms as choices.
pub fn cadence_options() -> Vec<(String, String)> {
    CADENCES.into_iter().map(|(_, code, words)| (code.to_owned(), words.to_owned())).collect()
}

/// Draws the page.
pub fn page(page: SeriesPage) -> AnyView {
    let SeriesPage { answer, typed, search, chosen, key, notice } = page;
    let zone = table(answer.time_zone.as_ref());
    let types = answer.viewer.practice.map(|practice| practice.session_types).unwrap_or_default();
    let Some(desk) = answer.viewer.therapist else {
        return view! { <div class="desk-head"><h1>"Standing places"</h1></div><p>"This account sees no clients, so it keeps no places."</p> }
            .into_any();
    };
    let list = match desk.series.is_empty() {
        true => nobody().into_any(),
        false => places(&desk.series, &zone).into_any(),
    };
    let (mut found, has_more) = desk.people();
    found.extend(chosen);
    let people = People { found, has_more, search };
    let conflicts = (!desk.series_conflicts.is_empty()).then(|| conflicts(&desk.series_conflicts, &zone));
    view! {
        <div class="desk-head">
            <div><p class="soft">{words::city(&zone.name)}" time"</p><h1>"Standing places"</h1></div>
            <a class="button quiet small" href="/admin/absence">"Plan time away"</a>
        </div>
        <div class="desk-cols">
            <div class="stack">{conflicts} {list}</div>
            <aside>{new_place(&people, &types, &zone, typed, key)}</aside>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn nobody() -> impl IntoView {
    view! {
        <div class="empty">
            {art::small_door()}
            <div class="stack">
                <h2>"No standing places yet"</h2>
                <p>"A standing place keeps a client’s regular time for them: the next weeks are in the calendar, and nobody else can book it beyond."</p>
            </div>
        </div>
    }
}

fn places(places: &[PlaceLine], zone: &ZoneTable) -> impl IntoView + use<> {
    let row = |place: &PlaceLine| {
        let next = place.upcoming.first().map(|next| pieces::moment(next.starts_at, zone));
        let what = place.session_type.as_ref().map_or_else(|| "Session".to_owned(), |it| it.name.clone());
        let end =
            place.ends_on.map(|end| view! { <br /><span class="soft small">"until "{words::full_day(end)}</span> });
        let clock = place.clock_change.as_ref().map(|change| {
            let words =
                format!("The clocks change: from {} at {} their time", words::short_day(change.from), change.time);
            view! { <br /><span class="soft small">{words}</span> }
        });
        view! {
            <tr>
                <th scope="row"><a href=format!("/admin/series/{}", place.id)>{place.client_name.clone()}</a></th>
                <td>{place.words.clone()}{end}{clock}</td>
                <td>{what}<br /><span class="soft small">{how(place.minutes, place.modality.0)}</span></td>
                <td>{next}</td>
            </tr>
        }
    };
    view! {
        <section class="stack">
            <div class="scroll">
                <table class="table stacks">
                    <caption>"By weekday and time. Choose a name to change, move or end a place."</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Who"</th><th scope="col">"When"</th><th scope="col">"What"</th>
                            <th scope="col">"Next"</th>
                        </tr>
                    </thead>
                    <tbody>{places.iter().map(row).collect::<Vec<_>>()}</tbody>
                </table>
            </div>
        </section>
    }
}

/// `50 minutes, by video`.
pub fn how(minutes: i32, modality: Modality) -> String {
    let how = match modality {
        Modality::Online => "by video",
        Modality::Phone => "by phone",
        Modality::InPerson => "in the room",
    };
    format!("{minutes} minutes, {how}")
}

fn conflicts(conflicts: &[ConflictLine], zone: &ZoneTable) -> impl IntoView + use<> {
    let heading = match conflicts.len() {
        1 => "One session found no room".to_owned(),
        count => format!("{count} sessions found no room"),
    };
    let items: Vec<_> = conflicts.iter().map(|conflict| conflict_item(conflict, zone)).collect();
    view! {
        <section class="stack" id="conflicts">
            <h2>{heading}</h2>
            <p class="soft">"Nothing is left out without you. Give each another time with one tap, or leave it out."</p>
            <ul class="rows">{items}</ul>
        </section>
    }
}

fn conflict_item(conflict: &ConflictLine, zone: &ZoneTable) -> impl IntoView + use<> {
    let (id, date) = (conflict.series.id, conflict.date);
    let name = conflict.series.client_name.clone();
    let when = words::moment(conflict.starts_at, zone);
    let taps: Vec<_> = conflict
        .alternatives
        .iter()
        .map(|free| {
            let civil = zone.civil(free.starts_at);
            let words = words::short_moment(free.starts_at, zone);
            let label = format!("Move {name} from {when} to {words}");
            view! {
                <form method="post" action=format!("/admin/series/{id}/move")>
                    {hidden("back", "list".to_owned())}
                    {hidden("date", date.to_string())}
                    {hidden("to-date", civil.date.to_string())}
                    {hidden("to-time", civil.time.to_string())}
                    <button class="button quiet small" aria-label=label>{words}</button>
                </form>
            }
        })
        .collect();
    view! {
        <li class="stack">
            <div class="row">
                <span>
                    <a href=format!("/admin/series/{id}")>{name.clone()}</a>", "
                    <time datetime=conflict.starts_at.to_string()>{when.clone()}</time>
                    <br />
                    <span class="soft small">{conflict.taken_by.0.words()}</span>
                </span>
                <form method="post" action=format!("/admin/series/{id}/skip")>
                    {hidden("back", "list".to_owned())}
                    {hidden("date", date.to_string())}
                    <button class="link" aria-label=format!("Leave out {name}, {when}")>"Leave it out"</button>
                </form>
            </div>
            <div class="cluster">{taps}</div>
        </li>
    }
}

/// Whom a place can be kept for.
struct People {
    found: Vec<Person>,
    has_more: bool,
    search: String,
}

/// Looks for somebody a place can be kept for.
fn find(people: &People) -> impl IntoView + use<> {
    let more =
        people.has_more.then(|| view! { <p class="hint">"There are more clients than the list below shows."</p> });
    let all = (!people.search.is_empty()).then(|| view! { <a href="/admin/series#new-place">"Show everyone"</a> });
    let none = (people.found.is_empty()).then(|| {
        view! { <p class="soft">"Nobody you work with has “"{people.search.clone()}"” in their name or email."</p> }
    });
    view! {
        <form class="filter" method="get" action="/admin/series#new-place">
            <div class="field">
                <label for="search">"Find a client by name or email"</label>
                <input id="search" name="search" type="search" value=people.search.clone() autocomplete="off" />
            </div>
            <button class="button quiet small">"Find"</button>
            {all}
        </form>
        {more}
        {none}
    }
}

fn new_place(
    people: &People,
    types: &[TypeLine],
    zone: &ZoneTable,
    typed: TypedSeries,
    key: String,
) -> impl IntoView + use<> {
    let options: Vec<(String, String)> = people.found.iter().map(|it| (it.id.to_string(), it.name.clone())).collect();
    let types = types.iter().filter(|it| it.gate.0 == Gate::Clients);
    let types = types.map(|it| (it.id.to_string(), format!("{} ({} minutes)", it.name, it.minutes))).collect();
    let problems = typed.problems.clone();
    let problems = problems.as_slice();
    let free = (!typed.alternatives.is_empty()).then(|| {
        let times: Vec<String> = typed.alternatives.iter().map(|at| words::short_moment(*at, zone)).collect();
        view! { <p class="notice">"Free near that time: "{times.join("; ")}"."</p> }
    });
    if options.is_empty() && !people.search.is_empty() {
        return view! { <section class="stack" id="new-place"><h2>"A new place"</h2>{find(people)}</section> }
            .into_any();
    }
    if options.is_empty() {
        return view! {
            <section class="stack" id="new-place">
                <h2>"A new place"</h2>
                <p class="soft">"A standing place needs a client you work with. Once a decision to work together is taken, they can be chosen here."</p>
            </section>
        }
        .into_any();
    }
    let input = |id, label, kind, value, is_required, hint| {
        field(Field { id, label, kind, value, is_required, hint }, problems)
    };
    view! {
        <section class="stack" id="new-place">
            <h2>"A new place"</h2>
            {find(people)}
            <form class="form" method="post" action="/admin/series">
                {error_summary(problems)} {free} {hidden("key", key)}
                {select(Select { id: "client", label: "Client", hint: None, options, value: typed.client }, problems)}
                {select(
                    Select { id: "session-type", label: "Session", hint: None, options: types, value: typed.session_type },
                    problems,
                )}
                {select(
                    Select { id: "cadence", label: "How often", hint: None, options: cadence_options(), value: typed.cadence },
                    problems,
                )}
                <div class="pair">
                    {input("starts-on", "First session", "date", typed.starts_on, true, None)}
                    {input("time", "Time", "time", typed.time, true, None)}
                </div>
                {input("ends-on", "Last day (optional)", "date", typed.ends_on, false, None)}
                <div class="pair">
                    {input("minutes", "Minutes (optional)", "number", typed.minutes, false, None)}
                    {input("price", "Own price (optional)", "text", typed.price, false, None)}
                </div>
                <p class="hint">"The first session decides the weekday. Both of you are told in one mail."</p>
                <p><button class="button">"Keep this place"</button></p>
            </form>
        </section>
    }
    .into_any()
}

/// The clients somebody can have a place with.
pub fn client_id(typed: &str) -> Option<ClientId> {
    typed.parse().ok()
}
