//! The client's first page: where they are, what comes next, their sessions.

use super::booking::{Clocks, OwnBooking, OwnBookings, TherapistName, appointment, earlier};
use super::intake::{OpenIntake, before_session};
use super::offer::{Offers, offered};
use super::series::{self, OwnSeries};
use super::stages::stages;
use crate::api::amount::Amount;
use crate::api::make_up::MakeUp;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{self, Zone};
use crate::ui::art;
use crate::ui::pieces::{self, Notice, given, paragraphs};
use crate::ui::times;
use crate::ui::undo::{Undo, undo};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::stage::Stage;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// The zone of the practice.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct HomeVariables {
    /// Its IANA name.
    pub zone: String,
}

/// What the client's first page asks.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "HomeVariables")]
#[serde(rename_all = "camelCase")]
pub struct HomeQuery {
    /// The practice.
    pub practice: HomePractice,
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: HomeViewer,
}

/// The practice, as its client needs it.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
#[serde(rename_all = "camelCase")]
pub struct HomePractice {
    /// Its clock.
    pub now: Instant,
    /// The address for questions.
    pub contact_email: String,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct HomeViewer {
    /// The person.
    pub user: Option<HomeUser>,
    /// Their care.
    pub client: Option<Care>,
    /// What is kept for them on the waitlist.
    pub waiting: Option<Offers>,
}

/// The person who is signed in.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "User")]
pub struct HomeUser {
    /// What to call them.
    pub name: String,
}

/// The client's care.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "OwnCare")]
#[serde(rename_all = "camelCase")]
pub struct Care {
    /// Where they are, and what comes next.
    pub relationship: Relationship,
    /// Their therapist.
    pub therapist: Option<TherapistName>,
    /// Their sessions, latest first: those ahead, and some of those behind.
    #[arguments(first: 60)]
    pub bookings: OwnBookings,
    /// What is open, by currency; below zero it is credit.
    pub balance: Vec<Amount>,
    /// What is needed of them, while there is anything for them to do.
    pub intake: Option<OpenIntake>,
    /// Their standing places.
    pub series: Vec<OwnSeries>,
    /// Times that are offered in place of sessions that were called off.
    pub make_ups: Vec<MakeUp>,
}

/// Where the client is, and what comes next.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "OwnRelationship")]
#[serde(rename_all = "camelCase")]
pub struct Relationship {
    /// Where the relationship is.
    pub stage: Shared<Stage>,
    /// Where things stand.
    pub now: String,
    /// What comes next.
    pub next: String,
    /// Whether paid sessions can be booked.
    pub can_book_sessions: bool,
    /// Whether a discovery call can be booked.
    pub can_book_discovery: bool,
    /// The letter the therapist left.
    pub letter: Option<String>,
    /// How they got here, earliest first.
    pub history: Vec<Step>,
}

/// One step of the client's way.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "OwnStageMove")]
pub struct Step {
    /// When.
    pub at: Instant,
    /// What happened.
    pub words: String,
}

/// The page's data.
#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct Home {
    /// What was answered.
    pub answer: HomeQuery,
    /// The zones of the client's sessions, as far as they are not the practice's.
    pub zones: Vec<ZoneTable>,
    /// What was just done.
    pub notice: Option<Notice>,
    /// The offer to take it back.
    pub undo: Option<Undo>,
}

impl HomeQuery {
    /// The zones its sessions are read in that are neither the practice's nor already known.
    pub fn foreign_zones(&self, known: &[ZoneTable]) -> Vec<String> {
        let practice = self.time_zone.as_ref().map(|zone| zone.table.name.as_str());
        let care = self.viewer.client.iter();
        let bookings = care.clone().flat_map(|care| care.bookings.zones());
        let places = care.flat_map(|care| &care.series).map(|place| place.client_time_zone.as_str());
        let mut names: Vec<String> = bookings
            .chain(places)
            .filter(|name| Some(*name) != practice && !known.iter().any(|zone| zone.name == *name))
            .map(str::to_owned)
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

impl Home {
    /// Whether a time is kept for them now.
    fn has_offer(&self) -> bool {
        self.answer.viewer.waiting.as_ref().is_some_and(|waiting| !waiting.offers.is_empty())
    }

    fn clocks(&self, booking: Option<&OwnBooking>) -> Clocks {
        let practice = zone::table(self.answer.time_zone.as_ref());
        match booking {
            Some(booking) => Clocks::of(booking, &practice, &self.zones),
            None => Clocks { own: practice.clone(), practice },
        }
    }

    fn clocks_of(&self, place: &OwnSeries) -> Clocks {
        let practice = zone::table(self.answer.time_zone.as_ref());
        let own = self.zones.iter().find(|zone| zone.name == place.client_time_zone);
        Clocks { own: own.unwrap_or(&practice).clone(), practice }
    }
}

/// How many sessions that are over the first page shows; the others have a page of their own.
const MOST_BEHIND: usize = 8;

/// Draws the page.
pub fn page(home: Home) -> AnyView {
    alive(RwSignal::new(home))
}

/// Draws the page; when `home` changes, it is drawn again in place.
pub fn alive(home: RwSignal<Home>) -> AnyView {
    (move || home.with(draw)).into_any()
}

fn draw(home: &Home) -> AnyView {
    let now = home.answer.practice.now;
    let name = home.answer.viewer.user.as_ref().map(|user| given(&user.name)).unwrap_or_default();
    let care = home.answer.viewer.client.as_ref();
    let bookings = care.map(|care| care.bookings.nodes.as_slice()).unwrap_or_default();
    let mut ahead: Vec<&OwnBooking> = bookings.iter().filter(|booking| booking.is_ahead(now)).collect();
    ahead.sort_by_key(|booking| booking.starts_at);
    let behind: Vec<&OwnBooking> = bookings.iter().filter(|booking| !booking.is_ahead(now)).collect();
    let reading = home.clocks(ahead.first().or(behind.first()).copied()).own;
    let greeting = match reading.civil(now).time.minutes() / 60 {
        5..12 => "Good morning",
        12..18 => "Good afternoon",
        _ => "Good evening",
    };
    let where_you_are = care.map(|care| where_you_are(home, care, &ahead));
    let letter = care.and_then(letter);
    let coming = match ahead.is_empty() {
        true => nothing_booked(care).into_any(),
        false => {
            let items: Vec<_> =
                ahead.iter().map(|booking| appointment(booking, &home.clocks(Some(booking)), now)).collect();
            view! { <ul class="rows bare">{items}</ul> }.into_any()
        }
    };
    let contact = home.answer.practice.contact_email.as_str();
    let places: Vec<_> = care
        .iter()
        .flat_map(|care| &care.series)
        .map(|place| series::card(place, &home.clocks_of(place), contact))
        .collect();
    let has_more = behind.len() > MOST_BEHIND || care.is_some_and(|care| care.bookings.page_info.has_next_page);
    let behind = (!behind.is_empty()).then(|| {
        let shown = behind.iter().take(MOST_BEHIND);
        let items: Vec<_> = shown.map(|booking| earlier(booking, &home.clocks(Some(booking)), now)).collect();
        let all = has_more.then(|| view! { <p><a href="/portal/earlier">"All earlier sessions"</a></p> });
        view! { <section class="stack opening"><h2>"Over or cancelled"</h2><ul class="rows">{items}</ul>{all}</section> }
    });
    let make_ups: Vec<_> = care.iter().flat_map(|care| &care.make_ups).map(|offer| other_times(offer, home)).collect();
    let papers = care.and_then(|care| care.intake.as_ref()).map(|_| {
        view! {
            <p class="soft opening">
                <span><a href="/portal/documents">"Your documents"</a>" and "<a href="/portal/intake">"your intake form"</a></span>
            </p>
        }
    });
    let owed: Vec<String> =
        care.iter().flat_map(|care| &care.balance).filter(|it| it.amount > 0).map(|it| it.words()).collect();
    let open = (!owed.is_empty()).then(|| {
        view! { <p class="opening">{owed.join(" and ")}" is still to be paid. "<a href="/portal/bills">"See your bills"</a></p> }
    });
    let way = care.and_then(|care| way(&care.relationship.history, &reading));
    // What is kept for an hour or two comes before everything else.
    let offers = home.answer.viewer.waiting.as_ref().map(|waiting| offered(waiting, &reading));
    view! {
        <div class="opening"><h1>{greeting}", "{name}</h1></div>
        {undo(home.undo.clone())}
        {offers}
        {where_you_are}
        {make_ups}
        {open}
        {letter}
        {places}
        <section class="stack opening"><h2>"Coming up"</h2>{coming}</section>
        {behind}
        {papers}
        {way}
        {pieces::notice(home.notice.clone())}
    }
    .into_any()
}

/// How they got here, folded.
fn way(steps: &[Step], zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    if steps.is_empty() {
        return None;
    }
    let items: Vec<_> = steps
        .iter()
        .map(|step| {
            let on = words::full_day(zone.civil(step.at).date);
            view! { <li>{step.words.clone()}<br /><time class="soft small" datetime=step.at.to_string()>{on}</time></li> }
        })
        .collect();
    Some(view! {
        <details class="more opening"><summary>"How you got here"</summary><ol class="rows bare">{items}</ol></details>
    })
}

/// Times that are kept in place of a session that was called off.
fn other_times(offer: &MakeUp, home: &Home) -> impl IntoView + use<> {
    let practice = zone::table(home.answer.time_zone.as_ref());
    let own = home.zones.iter().find(|zone| zone.name == offer.booking.guest_time_zone);
    let zone = own.unwrap_or(&practice);
    let starts: Vec<Instant> = offer.times.iter().map(|time| time.starts_at).collect();
    let (was, until) = (words::moment(offer.booking.starts_at, zone), words::moment(offer.until, zone));
    view! {
        <section class="notice" aria-labelledby=format!("times-{}", offer.id)>
            <h2 id=format!("times-{}", offer.id)>"Choose another time"</h2>
            <p>"Your session on "{was}" had to be cancelled. These times are kept for you until "{until}"."</p>
            {times::choose(format!("/portal/make-ups/{}", offer.id), &starts, zone)}
        </section>
    }
}

fn where_you_are(home: &Home, care: &Care, ahead: &[&OwnBooking]) -> impl IntoView + use<> {
    let relationship = &care.relationship;
    let when = |booking: &OwnBooking| words::moment(booking.starts_at, &home.clocks(Some(booking)).own);
    let stage = relationship.stage.0;
    let call = match stage {
        Stage::DiscoveryBooked => ahead.first().map(|booking| when(booking)),
        _ => Some("Over".to_owned()),
    };
    let next = ahead.first().map(|booking| when(booking));
    view! {
        <section class="stack">
            <h2>"Where you are"</h2>
            {stages(stage, call, next)}
            <p class="lead">{relationship.now.clone()}</p>
            <p>{relationship.next.clone()}</p>
            {before_session(care.intake.as_ref())}
            {next_step(care, home.has_offer())}
        </section>
    }
}

/// The one thing to do next, where there is one; while a time is kept for them, that is.
fn next_step(care: &Care, has_offer: bool) -> Option<AnyView> {
    let relationship = &care.relationship;
    let class = if has_offer { "button quiet" } else { "button" };
    if relationship.can_book_discovery {
        return Some(view! { <p><a class=class href="/book">"Book a free call"</a></p> }.into_any());
    }
    if !relationship.can_book_sessions {
        return None;
    }
    Some(view! { <p><a class=class href="/portal/book">"Book a session"</a></p> }.into_any())
}

fn letter(care: &Care) -> Option<impl IntoView + use<>> {
    let letter = care.relationship.letter.as_deref()?;
    let from = care.therapist.as_ref().map_or_else(|| "your therapist".to_owned(), |therapist| given(&therapist.name));
    Some(view! {
        <section class="stack opening" id="letter">
            <h2>"A letter from "{from}</h2>
            <div class="prose serif">{paragraphs(letter)}</div>
        </section>
    })
}

fn nothing_booked(care: Option<&Care>) -> impl IntoView + use<> {
    let stage = care.map_or(Stage::Inquiry, |care| care.relationship.stage.0);
    let words = match stage {
        Stage::Inquiry | Stage::NotNow => "When you have booked a call, you will find it here.",
        Stage::ReferredOut | Stage::Ended => "There is nothing you need to do here.",
        _ => "When a session is arranged, you will find it here.",
    };
    view! {
        <div class="empty">
            {art::small_door()}
            <div class="stack"><h3>"Nothing is booked"</h3><p>{words}</p></div>
        </div>
    }
}
