//! Who waits for the therapist's time, and how freed time is offered.

use crate::api::schema::schema;
use crate::api::waiting::{self, Wish};
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::art;
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice};
use crate::ui::wish::{self, tick};
use leptos::prelude::*;
use shared::ids::ClientId;
use shared::reminder::lead_words;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct WaitlistDeskQuery {
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: WaitlistDeskViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct WaitlistDeskViewer {
    /// Her waitlist.
    pub waitlist: Option<WaitlistDesk>,
}

/// A therapist's waitlist.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct WaitlistDesk {
    /// Who waits.
    pub waiting: Vec<WaitingClient>,
    /// How freed time is offered.
    pub rules: WaitlistRules,
}

/// Somebody who waits.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct WaitingClient {
    /// Who.
    pub client_id: ClientId,
    /// What to call them.
    pub name: String,
    /// What they wait for.
    pub wish: Wish,
    /// Whether they go before others.
    pub goes_first: bool,
    /// Whether nothing is offered to them for now.
    pub is_paused: bool,
    /// Their last session.
    pub last_session: Option<Instant>,
    /// Their next session.
    pub next_session: Option<Instant>,
    /// The time that is kept for them.
    pub offer: Option<KeptTime>,
}

/// A time that is kept for somebody.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "WaitlistOffer")]
pub struct KeptTime {
    /// When the session would begin.
    pub starts_at: Instant,
    /// Until when it is kept.
    pub until: Instant,
}

/// How freed time is offered.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct WaitlistRules {
    /// Whether nothing is offered for now.
    pub is_paused: bool,
    /// For how long a time is kept.
    pub offer_minutes: i32,
    /// How near freed time is still offered.
    pub notice_minutes: i32,
    /// After how many weeks somebody is asked whether they still wait.
    pub ask_weeks: i32,
}

/// Draws the page.
pub fn page(answer: WaitlistDeskQuery, notice: Option<Notice>, problems: Vec<Problem>) -> AnyView {
    let zone = table(answer.time_zone.as_ref());
    let Some(desk) = answer.viewer.waitlist else {
        return view! { <p>"The waitlist is for those who see clients."</p> }.into_any();
    };
    let rows: Vec<_> = desk.waiting.iter().map(|waiting| row(waiting, &zone)).collect();
    let list = match rows.is_empty() {
        true => view! {
            <div class="empty">
                {art::small_door()}
                <div class="stack">
                    <h2>"Nobody is waiting"</h2>
                    <p>"Clients say in their portal what would suit them. When such time becomes free, it is kept for one of them while they decide."</p>
                </div>
            </div>
        }
        .into_any(),
        false => view! { <ul class="rows bare">{rows}</ul> }.into_any(),
    };
    let paused = desk.rules.is_paused.then(|| {
        view! { <p class="notice">"Offers are paused: freed time goes straight back to the calendar."</p> }
    });
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/more">"More"</a></p><h1>"Waitlist"</h1></div>
        </div>
        <div class="stack">
            {paused}
            {list}
            <p class="soft small">{words::city(&zone.name)}" time. Nobody who waits is told where they stand."</p>
            {rules(&desk.rules, &problems)}
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn row(waiting: &WaitingClient, zone: &ZoneTable) -> impl IntoView + use<> {
    let wish = &waiting.wish;
    let name = wish.session_type.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    let what = match wish.earlier_than {
        Some(theirs) => format!("{name}, earlier than {}", words::short_moment(theirs, zone)),
        None => name,
    };
    let session =
        |label: &str, at: Option<Instant>| at.map(|at| format!("{label} {}", words::short_day(zone.civil(at).date)));
    let sessions: Vec<String> = [session("Last session", waiting.last_session), session("next", waiting.next_session)]
        .into_iter()
        .flatten()
        .collect();
    let asked = match wish.asked_until {
        Some(_) => " Was asked whether they still wait.",
        None => "",
    };
    let since = format!("Since {}. {}{asked}", words::day(zone.civil(wish.since).date), sessions.join(", "));
    let state = match &waiting.offer {
        Some(offer) => {
            let kept = format!(
                "{} is kept until {}",
                words::short_moment(offer.starts_at, zone),
                words::short_moment(offer.until, zone)
            );
            view! { <span class="badge new long">{kept}</span> }.into_any()
        }
        None if waiting.is_paused => view! { <span class="badge done">"Paused"</span> }.into_any(),
        None if waiting.goes_first => view! { <span class="badge confirmed">"Goes first"</span> }.into_any(),
        None => view! { <span class="badge pending">"Waiting"</span> }.into_any(),
    };
    let change = |label: &'static str, goes_first: bool, is_paused: bool| {
        let value = |on: bool| if on { "yes" } else { "" };
        let aria = format!("{label}: {}", waiting.name);
        view! {
            <form method="post" action=format!("/admin/waitlist/{}", wish.id)>
                <input type="hidden" name="first" value=value(goes_first) />
                <input type="hidden" name="paused" value=value(is_paused) />
                <button class="link" aria-label=aria>{label}</button>
            </form>
        }
    };
    let (first, paused) = (waiting.goes_first, waiting.is_paused);
    view! {
        <li class="row">
            <div>
                <a class="who" href=format!("/admin/clients/{}", waiting.client_id)>{waiting.name.clone()}</a>
                <br />
                {what}". "{wish::words(&waiting::days(&wish.weekdays), &waiting::parts(&wish.bands))}"."
                <br />
                <span class="soft small">{since}</span>
            </div>
            {state}
            <div class="cluster">
                {change(if first { "No longer first" } else { "Let go first" }, !first, paused)}
                {change(if paused { "Resume" } else { "Pause" }, first, !paused)}
            </div>
        </li>
    }
}

fn weeks(chosen: i32) -> Vec<impl IntoView + use<>> {
    let mut offered = vec![2, 4, 8, 12, 26, chosen];
    offered.sort_unstable();
    offered.dedup();
    let option = |weeks: i32| {
        let is_on = weeks == chosen;
        let words = if weeks == 1 { "a week".to_owned() } else { format!("{weeks} weeks") };
        view! { <option value=weeks.to_string() selected=is_on>{words}</option> }
    };
    offered.into_iter().map(option).collect()
}

fn rules(rules: &WaitlistRules, problems: &[Problem]) -> impl IntoView + use<> {
    let options = |chosen: i32, offered: &[i32]| {
        let mut offered = offered.to_vec();
        offered.push(chosen);
        offered.sort_unstable();
        offered.dedup();
        offered
            .into_iter()
            .map(|minutes| {
                let is_on = minutes == chosen;
                view! { <option value=minutes.to_string() selected=is_on>{lead_words(i64::from(minutes))}</option> }
            })
            .collect::<Vec<_>>()
    };
    view! {
        <section class="stack" id="rules">
            <h2>"How freed time is offered"</h2>
            <form class="form" method="post" action="/admin/waitlist">
                {error_summary(problems)}
                <div class="field">
                    <label for="offer">"A time is kept for"</label>
                    <p class="hint">"Only hours between 08:00 and 21:00 on their clock count."</p>
                    <select id="offer" name="offer">{options(rules.offer_minutes, &[30, 60, 120, 240, 480])}</select>
                </div>
                <div class="field">
                    <label for="notice">"It is offered until so long before the session"</label>
                    <select id="notice" name="notice">{options(rules.notice_minutes, &[120, 180, 360, 720, 1440])}</select>
                </div>
                <div class="field">
                    <label for="ask">"Whoever waits is asked whether they still do after"</label>
                    <p class="hint">"And again so long after they said yes. Without an answer within two weeks they are taken off the list; they can come back."</p>
                    <select id="ask" name="ask">{weeks(rules.ask_weeks)}</select>
                </div>
                {tick("paused", "yes".to_owned(), "Offer nothing for now".to_owned(), rules.is_paused)}
                <p><button class="button">"Save"</button></p>
            </form>
        </section>
    }
}
