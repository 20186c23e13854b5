//! Waiting for a time: what is kept for the client now, what they wait for, and what they have asked for.

use super::asked::{Asked, asked};
use super::offer::{self, Offer};
use crate::api::schema::{Shared, schema};
use crate::api::waiting::{self, WaitedType, Wish};
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::art;
use crate::ui::form::{Problem, TextField, error_summary, problem_of};
use crate::ui::pieces::{self, Notice};
use crate::ui::wish::{self, Ticked};
use leptos::prelude::*;
use shared::booking::BookingStatus;
use shared::ids::{BookingId, WishId};
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct WaitlistQuery {
    /// The clock of the practice.
    pub practice: WaitlistPractice,
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: WaitlistViewer,
}

/// The clock of the practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct WaitlistPractice {
    /// Now.
    pub now: Instant,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct WaitlistViewer {
    /// What they wait for.
    pub waiting: Option<Waiting>,
    /// What they have asked for.
    pub asked: Option<Vec<Asked>>,
    /// How they are written to.
    pub reminders: Option<Written>,
    /// Their care.
    pub client: Option<WaitlistCare>,
}

/// How somebody is written to.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnReminders")]
pub struct Written {
    /// Whether nothing about appointments is mailed.
    pub portal_only: bool,
}

/// What a client waits for.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnWaitlist")]
pub struct Waiting {
    /// What they wait for.
    pub wishes: Vec<Wish>,
    /// What they may take up again.
    pub lapsed: Vec<Wish>,
    /// What can be said about how long each may take.
    pub outlooks: Vec<Outlook>,
    /// What is kept for them.
    pub offers: Vec<Offer>,
    /// For how many minutes of the day a time is kept.
    pub offer_minutes: i32,
    /// What they may wait for.
    pub session_types: Vec<WaitedType>,
}

/// What can be said about how long somebody may wait.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "WaitOutlook")]
pub struct Outlook {
    /// For which wish.
    pub wish_id: WishId,
    /// How many others wait for similar times.
    pub others: i32,
    /// Half of those who waited were offered a time within so many days.
    pub half_within_days: Option<i32>,
}

impl Outlook {
    /// In a sentence or two.
    fn words(&self) -> String {
        let others = match self.others {
            0 => "Nobody else waits for times like these.".to_owned(),
            1 => "One other person waits for times like these.".to_owned(),
            others => format!("{others} others wait for times like these."),
        };
        let usually = match self.half_within_days {
            None => String::new(),
            Some(1) => " Half of those who waited in the past year were offered a time within a day.".to_owned(),
            Some(days) => format!(" Half of those who waited in the past year were offered a time within {days} days."),
        };
        format!("{others}{usually}")
    }
}

/// The client's sessions.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare")]
pub struct WaitlistCare {
    /// Latest first.
    #[arguments(first: 100)]
    pub bookings: HeldBookings,
}

/// A page of the client's sessions.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnBookingConnection")]
pub struct HeldBookings {
    /// Latest first.
    pub nodes: Vec<HeldBooking>,
}

/// A session that could be earlier.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Booking")]
pub struct HeldBooking {
    /// Which.
    pub id: BookingId,
    /// Where it stands.
    pub status: Shared<BookingStatus>,
    /// When it begins.
    pub starts_at: Instant,
    /// The zone the client reads times in.
    pub guest_time_zone: String,
    /// What was booked.
    pub session_type: Option<WaitedType>,
}

/// What was typed into the form, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// What is waited for.
    pub what: String,
    /// The days and times.
    pub ticked: Ticked,
    /// The first day.
    pub earliest: String,
    /// The last day.
    pub latest: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the page. `own` is the zone of the client.
pub fn page(answer: WaitlistQuery, own: Option<&Zone>, notice: Option<Notice>, typed: Typed) -> AnyView {
    let zone = own.map_or_else(|| table(answer.time_zone.as_ref()), |own| own.table.clone());
    let now = answer.practice.now;
    let Some(waiting) = answer.viewer.waiting else {
        return view! { <p>"The waitlist is for clients of the practice."</p> }.into_any();
    };
    let mut ahead: Vec<HeldBooking> = answer.viewer.client.map(|care| care.bookings.nodes).unwrap_or_default();
    ahead.retain(|booking| booking.status.0 == BookingStatus::Confirmed && now < booking.starts_at);
    ahead.sort_by_key(|booking| booking.starts_at);
    let offers: Vec<_> = waiting.offers.iter().map(|it| offer_card(it, &waiting, &zone)).collect();
    let wishes: Vec<_> = waiting.wishes.iter().map(|wish| wish_row(wish, &waiting.outlooks, &zone)).collect();
    let questions: Vec<_> = waiting.wishes.iter().filter_map(|wish| question(wish, &zone)).collect();
    let lapsed = lapsed(&waiting.lapsed, &zone);
    let list = match wishes.is_empty() {
        true => view! {
            <div class="empty">
                {art::small_door()}
                <div class="stack">
                    <h3>"You are not waiting for anything"</h3>
                    <p>"Say below what would suit you. When such a time becomes free, it is kept for you while you decide."</p>
                </div>
            </div>
        }
        .into_any(),
        false => view! { <ul class="rows bare">{wishes}</ul> }.into_any(),
    };
    let portal_only = answer.viewer.reminders.is_some_and(|written| written.portal_only);
    let hear = how_you_hear(waiting.offer_minutes, portal_only);
    let change = portal_only.then(|| view! { " "<a href="/portal/reminders">"Change how you are written to"</a> });
    let asked = asked(answer.viewer.asked.unwrap_or_default(), &waiting.session_types, &zone);
    view! {
        <div class="opening">
            <h1>"Waiting for a time"</h1>
            <p class="lead">"Times become free now and then. They are kept for one person at a time, and nobody hurries you."</p>
            <p>{hear}{change}</p>
        </div>
        {error_summary(&typed.problems)}
        {offers} {questions}
        <section class="stack opening"><h2>"What you wait for"</h2>{list} {lapsed}</section>
        {form(&waiting, &ahead, &zone, typed)}
        {asked}
        {pieces::notice(notice)}
    }
    .into_any()
}

fn offer_card(offer: &Offer, waiting: &Waiting, zone: &ZoneTable) -> impl IntoView + use<> {
    let wish = waiting.wishes.iter().find(|wish| wish.id == offer.wish_id);
    let name = wish.and_then(|wish| wish.session_type.as_ref()).map(|it| it.name.clone()).unwrap_or_default();
    offer::card(offer, name, wish.and_then(|wish| wish.earlier_than), zone)
}

/// How somebody hears of a time that is kept for them, and for how long it is.
fn how_you_hear(minutes: i32, portal_only: bool) -> String {
    let long = match (minutes / 60, minutes % 60) {
        (1, 0) => "an hour".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        _ => format!("{minutes} minutes"),
    };
    match portal_only {
        true => format!(
            "You asked us to send nothing by mail, so we do not write when a time is kept for you. It waits here and on your first page, for {long}, and the night does not count; look in when it suits you."
        ),
        false => format!(
            "When a time that suits is kept for you, you get a mail. It is yours for {long}, and the night does not count."
        ),
    }
}

/// What is waited for, in a few words.
fn what(wish: &Wish, zone: &ZoneTable) -> String {
    let name = wish.session_type.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    match wish.earlier_than {
        Some(theirs) => format!("{name}, earlier than {}", words::moment(theirs, zone)),
        None => name,
    }
}

/// Asks whether they still wait, once they were asked by mail too.
fn question(wish: &Wish, zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    let until = words::full_day(zone.civil(wish.asked_until?).date);
    let (id, what) = (wish.id, what(wish, zone));
    Some(view! {
        <section class="notice" aria-labelledby=format!("asked-{id}")>
            <h2 id=format!("asked-{id}")>"Are you still waiting?"</h2>
            <p>{what}". If we do not hear from you, we take it off the list on "{until}"."</p>
            <form class="cluster" method="post" action=format!("/portal/waitlist/{id}/still")>
                <button class="button" name="answer" value="yes">"Yes, I am still waiting"</button>
                <button class="button quiet" name="answer" value="no">"Not any more"</button>
            </form>
        </section>
    })
}

/// What was taken off the list because nobody answered.
fn lapsed(wishes: &[Wish], zone: &ZoneTable) -> Option<impl IntoView + use<>> {
    let row = |wish: &Wish| {
        let what = what(wish, zone);
        let label = format!("Put me back on the list for {what}");
        view! {
            <li class="row">
                <div><b>{what}</b><br /><span class="soft small">"We had not heard from you, so we took this off the list."</span></div>
                <form method="post" action=format!("/portal/waitlist/{}/still", wish.id)>
                    <button class="link" name="answer" value="yes" aria-label=label>"Put me back"</button>
                </form>
            </li>
        }
    };
    let rows: Vec<_> = wishes.iter().map(row).collect();
    (!rows.is_empty()).then(|| view! { <ul class="rows bare">{rows}</ul> })
}

fn wish_row(wish: &Wish, outlooks: &[Outlook], zone: &ZoneTable) -> impl IntoView + use<> {
    let what = what(wish, zone);
    let outlook = outlooks.iter().find(|outlook| outlook.wish_id == wish.id).map(Outlook::words);
    let outlook = outlook.map(|words| view! { <br /><span class="soft small">{words}</span> });
    let between = match (wish.earliest, wish.latest) {
        (Some(from), Some(to)) => format!(". {} to {}", words::day(from), words::day(to)),
        (Some(from), None) => format!(". From {}", words::day(from)),
        (None, Some(to)) => format!(". Until {}", words::day(to)),
        (None, None) => String::new(),
    };
    let suits = format!("{}{between}.", wish::words(&waiting::days(&wish.weekdays), &waiting::parts(&wish.bands)));
    let label = format!("Stop waiting for {what}");
    view! {
        <li class="row">
            <div>
                <b>{what}</b>
                <br />
                {suits}
                <br />
                <span class="soft small">"Since "{words::day(zone.civil(wish.since).date)}</span>
                {outlook}
            </div>
            <form method="post" action=format!("/portal/waitlist/{}/leave", wish.id)>
                <button class="link" aria-label=label>"Stop waiting"</button>
            </form>
        </li>
    }
}

fn form(waiting: &Waiting, ahead: &[HeldBooking], zone: &ZoneTable, typed: Typed) -> AnyView {
    if waiting.session_types.is_empty() && ahead.is_empty() {
        return view! {
            <section class="stack opening">
                <h2>"Waiting opens later"</h2>
                <p>"There is nothing to wait for at the moment. Your appointments say what comes next."</p>
            </section>
        }
        .into_any();
    }
    let option = |value: String, label: String| {
        let is_on = value == typed.what;
        view! { <option value=value selected=is_on>{label}</option> }
    };
    let mut options: Vec<_> = ahead
        .iter()
        .map(|booking| {
            let name = booking.session_type.as_ref().map_or("Session", |it| it.name.as_str());
            let label = format!("{name}, earlier than {}", words::short_moment(booking.starts_at, zone));
            option(format!("earlier:{}", booking.id), label)
        })
        .collect();
    options.extend(waiting.session_types.iter().map(|it| option(format!("new:{}", it.id), it.name.clone())));
    let day = |id: &'static str, label: &'static str, value: String| {
        let problem = problem_of(&typed.problems, id);
        let class = if problem.is_some() { "field invalid" } else { "field" };
        let field = TextField { id, label, hint: None, kind: "date", autocomplete: "off", value };
        view! {
            <div class=class>
                <label for=field.id>{field.label}</label>
                {problem.map(|problem| view! { <p class="error">{problem}</p> })}
                <input id=field.id name=field.id type=field.kind value=field.value />
            </div>
        }
    };
    view! {
        <section class="stack opening" id="wait">
            <h2>"Wait for a time"</h2>
            <form class="form" method="post" action="/portal/waitlist">
                <div class="field">
                    <label for="what">"What would you like?"</label>
                    <select id="what" name="what">{options}</select>
                </div>
                {wish::fields(&typed.ticked)}
                <div class="pair">
                    {day("earliest", "First day, if it matters", typed.earliest.clone())}
                    {day("latest", "Last day, if it matters", typed.latest.clone())}
                </div>
                <p><button class="button">"Put me on the list"</button></p>
            </form>
        </section>
    }
    .into_any()
}
