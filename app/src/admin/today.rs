//! The practice's first page: the day, what waits for a decision, the days that follow.

use super::desk::{DeskBooking, DeskTimeOff, UNPROVEN};
use super::fees::{self, FeeWaiting};
use super::timeline::Day;
use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, table};
use crate::ui::art;
use crate::ui::pieces::given;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::booking::BookingStatus;
use shared::ids::{BookingId, ClientId};
use shared::stage::Stage;
use shared::time::{Date, Instant};
use shared::words;
use shared::zone::ZoneTable;

/// Which days are asked for.
#[derive(cynic::QueryVariables, Deserialize, Debug, Clone, PartialEq, Eq)]
pub struct DayVariables {
    /// The zone of the practice.
    pub zone: String,
    /// The first day.
    pub from: Date,
    /// The last.
    pub to: Date,
}

impl DayVariables {
    /// What the page asks on a day: the weeks before, for calls that wait for a decision, and the week after.
    pub fn around(zone: String, today: Date) -> Self {
        DayVariables { zone, from: today.plus_days(-30), to: today.plus_days(7) }
    }
}

/// What the practice's first page asks.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "DayVariables")]
#[serde(rename_all = "camelCase")]
pub struct TodayQuery {
    /// The practice.
    pub practice: TodayPractice,
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: TodayViewer,
}

/// The practice's clock.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct TodayPractice {
    /// What it shows.
    pub now: Instant,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "DayVariables")]
pub struct TodayViewer {
    /// The person; nobody, once she is signed out while the page is open.
    pub user: Option<TodayUser>,
    /// Her desk.
    pub therapist: Option<TodayDesk>,
}

/// The person.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "User")]
pub struct TodayUser {
    /// What she is called.
    pub name: String,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "DayVariables")]
#[serde(rename_all = "camelCase")]
pub struct TodayDesk {
    /// Her sessions.
    #[arguments(from: $from, to: $to)]
    pub bookings: Vec<DeskBooking>,
    /// Her time off that is not over.
    pub time_off: Vec<DeskTimeOff>,
    /// Fees she has not decided about, oldest first.
    pub fees_waiting: Vec<FeeWaiting>,
    /// Prices whose day to talk about them again has come.
    pub prices_to_review: Vec<PriceToReview>,
    /// Clients whose call is done.
    #[cynic(alias, rename = "clients")]
    #[arguments(stage: DISCOVERY_DONE, first: 50)]
    #[serde(rename = "call_done")]
    pub call_done: Waiting,
    /// Clients whose call is booked, or over and not marked as done.
    #[cynic(alias, rename = "clients")]
    #[arguments(stage: DISCOVERY_BOOKED, first: 50)]
    #[serde(rename = "call_booked")]
    pub call_booked: Waiting,
}

/// A price whose day to talk about it again has come.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[serde(rename_all = "camelCase")]
pub struct PriceToReview {
    /// With whom it was agreed.
    pub client_id: ClientId,
    /// What they are called.
    pub client_name: String,
    /// The price.
    pub agreement: PriceReviewed,
}

/// A price, as the list of those to look at again shows it.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Agreement")]
#[serde(rename_all = "camelCase")]
pub struct PriceReviewed {
    /// How much.
    pub agreed: Amount,
    /// The day to talk about it again.
    pub review_on: Option<Date>,
}

/// Clients of one stage.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "ClientConnection")]
pub struct Waiting {
    /// The clients.
    pub nodes: Vec<WaitingClient>,
}

/// A client who may wait for a decision.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "ClientRow")]
#[serde(rename_all = "camelCase")]
pub struct WaitingClient {
    /// Which.
    pub id: ClientId,
    /// What to call them.
    pub name: String,
    /// Where the relationship is.
    pub stage: Shared<Stage>,
    /// Since when.
    pub stage_since: Instant,
}

/// The page's data.
#[derive(Serialize, Deserialize, Debug, Clone)]
pub struct Today {
    /// What was asked.
    pub variables: DayVariables,
    /// What was answered.
    pub answer: TodayQuery,
}

impl TodayQuery {
    /// The practice's day.
    pub fn today(&self) -> Date {
        table(self.time_zone.as_ref()).civil(self.practice.now).date
    }

    /// Her sessions; none for somebody who has no calendar.
    pub fn bookings(&self) -> &[DeskBooking] {
        self.viewer.therapist.as_ref().map(|desk| desk.bookings.as_slice()).unwrap_or_default()
    }
}

/// What the page shows beyond its data.
#[derive(Clone, Copy)]
pub struct Alive {
    /// The data.
    pub today: RwSignal<Today>,
    /// The practice's clock.
    pub now: RwSignal<Instant>,
    /// Sessions that have arrived since the page was opened.
    pub fresh: RwSignal<Vec<BookingId>>,
}

impl Alive {
    /// The page as it is when it is opened.
    pub fn new(today: Today) -> Self {
        let now = RwSignal::new(today.answer.practice.now);
        Alive { today: RwSignal::new(today), now, fresh: RwSignal::new(Vec::new()) }
    }
}

/// Draws the page; when something changes, it is drawn again in place.
pub fn page(alive: Alive) -> AnyView {
    (move || alive.today.with(|today| alive.fresh.with(|fresh| draw(today, alive.now.get(), fresh)))).into_any()
}

fn draw(today: &Today, now: Instant, fresh: &[BookingId]) -> AnyView {
    let zone = table(today.answer.time_zone.as_ref());
    let date = zone.civil(now).date;
    let TodayViewer { user, therapist } = &today.answer.viewer;
    let Some(desk) = therapist else {
        if user.is_none() {
            return view! {
                <div class="desk-head"><h1>"You are signed out"</h1></div>
                <p role="alert">"You were signed out here. "<a href="/admin">"Sign in again"</a>" to see your day."</p>
            }
            .into_any();
        }
        return view! {
            <div class="desk-head"><h1>"No calendar here"</h1></div>
            <p>"This account sees no clients, so it has no day to show."</p>
        }
        .into_any();
    };
    let of_day = |it: &&DeskBooking| zone.civil(it.booking.starts_at).date == date;
    let bookings: Vec<&DeskBooking> = desk.bookings.iter().filter(of_day).collect();
    let whole = zone.day(date);
    let time_off: Vec<&DeskTimeOff> = desk.time_off.iter().filter(|off| off.range().overlaps(&whole)).collect();
    let (heading, arrived) = (heading(&bookings, now, &zone), arrived(desk, fresh, &zone));
    let of_arrived = if arrived.is_empty() { "visually-hidden" } else { "notice" };
    let day = match bookings.is_empty() && time_off.is_empty() {
        true => quiet(desk, now, &zone).into_any(),
        false => Day { bookings, time_off, zone: &zone, now, fresh }.draw(),
    };
    view! {
        <div class="desk-head">
            <div><p class="soft">{words::day(date)}", "{words::city(&zone.name)}" time"</p><h1>{heading}</h1></div>
        </div>
        <p class=of_arrived role="status" aria-live="polite">{arrived}</p>
        <div class="desk-cols">
            <section><h2 class="visually-hidden">"Today"</h2>{day}</section>
            <aside>
                <section><h2>"Decisions awaited"</h2>{waiting(desk, now, &zone)}</section>
                {fees::section(&desk.fees_waiting, &zone)}
                {prices(desk)}
                <section><h2>"The coming week"</h2>{week(desk, date, now, fresh, &zone)}</section>
            </aside>
        </div>
    }
    .into_any()
}

fn heading(bookings: &[&DeskBooking], now: Instant, zone: &ZoneTable) -> String {
    let stands = || bookings.iter().filter(|booking| booking.stands());
    if let Some(current) = stands().find(|it| it.booking.starts_at <= now && now < it.booking.ends_at) {
        let until = words::time(current.booking.ends_at, zone);
        return format!("Now: {}, until {until}", given(&current.guest_name));
    }
    match stands().find(|booking| now < booking.booking.starts_at) {
        Some(next) => format!("Next: {}, at {}", given(&next.guest_name), words::time(next.booking.starts_at, zone)),
        None if stands().next().is_some() => "Nothing more today".to_owned(),
        None => "A day without sessions".to_owned(),
    }
}

fn quiet(desk: &TodayDesk, now: Instant, zone: &ZoneTable) -> impl IntoView + use<> {
    let next = desk.bookings.iter().find(|booking| booking.is_ahead(now));
    let words = match next {
        Some(next) => {
            format!("The next one is {} on {}.", next.guest_name, words::moment(next.booking.starts_at, zone))
        }
        None => "Nothing is booked for the coming week either.".to_owned(),
    };
    view! {
        <div class="empty">
            {art::small_door()} <div class="stack"><h3>"Nothing today"</h3><p>{words}</p></div>
        </div>
    }
}

/// What has arrived while the page was open, which on a phone is drawn far below.
fn arrived(desk: &TodayDesk, fresh: &[BookingId], zone: &ZoneTable) -> String {
    let new = desk.bookings.iter().filter(|booking| fresh.contains(&booking.booking.id));
    let words = new.map(|booking| {
        let when = words::moment(booking.booking.starts_at, zone);
        format!("New: {}, {}, {when}.", booking.guest_name, booking.name())
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Clients whose call is over and who wait for a decision.
fn waiting(desk: &TodayDesk, now: Instant, zone: &ZoneTable) -> AnyView {
    let last_call = |id: ClientId| {
        let calls = desk.bookings.iter().filter(move |it| it.client_id == Some(id) && it.is_call() && it.stands());
        calls.max_by_key(|it| it.booking.ends_at)
    };
    let is_over = |call: &DeskBooking| call.booking.ends_at <= now;
    let over = desk.call_booked.nodes.iter().filter(|client| last_call(client.id).is_some_and(is_over));
    let rows: Vec<_> = desk
        .call_done
        .nodes
        .iter()
        .chain(over)
        .map(|client| {
            let call = last_call(client.id);
            let at = call.map_or(client.stage_since, |call| call.booking.ends_at);
            let was = match call.is_some_and(|call| call.booking.status.0 == BookingStatus::NoShow) {
                true => "They missed the call on",
                false => "The call was on",
            };
            let day = words::short_day(zone.civil(at).date);
            view! {
                <li>
                    <a href=format!("/admin/clients/{}", client.id)>"Decide about "{client.name.clone()}</a>
                    <br />
                    <span class="soft small">{was}" "{day}"."</span>
                </li>
            }
        })
        .collect();
    match rows.is_empty() {
        true => view! { <p class="soft">"No decision is waiting."</p> }.into_any(),
        false => view! { <ul class="rows bare">{rows}</ul> }.into_any(),
    }
}

/// Prices to look at again; nothing while no day for it has come.
fn prices(desk: &TodayDesk) -> Option<impl IntoView + use<>> {
    if desk.prices_to_review.is_empty() {
        return None;
    }
    let rows: Vec<_> = desk
        .prices_to_review
        .iter()
        .map(|it| {
            let since = it.agreement.review_on.map(words::short_day);
            view! {
                <li>
                    <a href=format!("/admin/clients/{}#prices", it.client_id)>{it.client_name.clone()}</a>
                    <br />
                    <span class="soft small">{it.agreement.agreed.words()}", to talk about since "{since}</span>
                </li>
            }
        })
        .collect();
    Some(view! { <section><h2>"Prices to look at again"</h2><ul class="rows bare">{rows}</ul></section> })
}

/// The next seven days, those with sessions.
fn week(desk: &TodayDesk, today: Date, now: Instant, fresh: &[BookingId], zone: &ZoneTable) -> AnyView {
    let day = |date: Date| {
        let sessions: Vec<_> = desk
            .bookings
            .iter()
            .filter(|it| it.stands() && zone.civil(it.booking.starts_at).date == date)
            .map(|booking| {
                let new = (fresh.contains(&booking.booking.id) || booking.is_new(now))
                    .then(|| view! { <span class="badge new beside">"New"</span> });
                let unproven =
                    booking.client_id.is_none().then(|| view! { <small class="soft">" ("{UNPROVEN}")"</small> });
                let call = booking.is_call().then_some(", free call");
                view! {
                    <div>
                        {words::time(booking.booking.starts_at, zone)}" "{booking.who()}{call}{unproven}{new}
                    </div>
                }
            })
            .collect();
        (!sessions.is_empty()).then(|| view! { <div><dt>{words::short_day(date)}</dt><dd>{sessions}</dd></div> })
    };
    let days: Vec<_> = (1..=7).filter_map(|ahead| day(today.plus_days(ahead))).collect();
    match days.is_empty() {
        true => view! { <p class="soft">"Nothing is booked yet."</p> }.into_any(),
        false => view! { <dl class="facts">{days}</dl> }.into_any(),
    }
}
