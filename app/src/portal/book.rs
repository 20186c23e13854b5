//! Booking a paid session: what there is, and the last look before it is booked.

use crate::api::amount::Amount;
use crate::api::bookable::BookSessionType;
use crate::api::schema::{Shared, schema};
use crate::api::terms::Step;
use crate::ui::art;
use crate::ui::booked::how;
use crate::ui::form::{Problem, code, error_summary};
use crate::ui::hold::{self, Conflict, Hold};
use crate::ui::zones::Zones;
use leptos::prelude::*;
use shared::ids::SessionTypeId;
use shared::money::Money;
use shared::policy::PolicyStep;
use shared::price::PriceSource;
use shared::time::Instant;
use shared::words;

/// When a session would begin.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct ReviewVariables {
    /// The start.
    pub starts_at: Instant,
    /// The same, where it could be left out.
    pub at: Option<Instant>,
    /// What would be booked.
    pub id: Option<SessionTypeId>,
}

impl ReviewVariables {
    /// A session of this type that begins then.
    pub fn of(session_type: SessionTypeId, starts_at: Instant) -> Self {
        ReviewVariables { starts_at, at: Some(starts_at), id: Some(session_type) }
    }
}

/// What the last look asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ReviewVariables")]
pub struct ReviewQuery {
    /// Whoever is signed in.
    pub viewer: ReviewViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "ReviewVariables")]
pub struct ReviewViewer {
    /// Their care.
    pub client: Option<ReviewCare>,
}

/// The client's care.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare", variables = "ReviewVariables")]
pub struct ReviewCare {
    /// Their therapist.
    pub therapist: Option<super::booking::TherapistName>,
    /// What they can book, with what it costs then.
    #[arguments(startsAt: $at)]
    pub bookable: Vec<Bookable>,
    /// What calling off would cost.
    #[arguments(startsAt: $starts_at, sessionTypeId: $id)]
    pub policy_ahead: PolicyAhead,
}

/// The rules for calling off that a session booked now is made under.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct PolicyAhead {
    /// Which version they are.
    pub version: i32,
    /// What calling off costs until when.
    pub steps: Vec<Step>,
}

/// What the list asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct BookableQuery {
    /// Whoever is signed in.
    pub viewer: BookableViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct BookableViewer {
    /// Their care.
    pub client: Option<BookableCare>,
}

/// The client's care.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare")]
pub struct BookableCare {
    /// What they can book.
    pub bookable: Vec<Bookable>,
    /// Where things stand.
    pub relationship: BookableRelationship,
}

/// Where things stand between a client and their therapist.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnRelationship")]
pub struct BookableRelationship {
    /// In a sentence.
    pub now: String,
    /// What comes next, in a sentence.
    pub next: String,
    /// Whether a discovery call can be booked.
    pub can_book_discovery: bool,
}

/// Something a client can book, with what it costs them.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Bookable {
    /// What it is.
    pub session_type: Option<BookableType>,
    /// What it costs.
    pub price: Amount,
    /// Where that price comes from.
    pub price_source: Shared<PriceSource>,
    /// What is paid before it is confirmed.
    pub due_now: Amount,
}

/// What can be booked.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct BookableType {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub summary: String,
    /// How long it is.
    pub minutes: i32,
}

/// What a session costs somebody, in words.
pub fn price_words(bookable: &Bookable) -> String {
    let price = bookable.price.money();
    match bookable.price_source.0 {
        PriceSource::Agreement => format!("{price}, as agreed"),
        PriceSource::Package => "One of your package".to_owned(),
        PriceSource::Class | PriceSource::List => price.to_string(),
    }
}

/// When it is paid, in words.
pub fn when_paid(bookable: &Bookable) -> String {
    let (price, due) = (bookable.price.money(), bookable.due_now.money());
    match () {
        () if bookable.price_source.0 == PriceSource::Package => "Nothing is left to pay.".to_owned(),
        () if due.amount == 0 => "You pay after the session.".to_owned(),
        () if due == price => "You pay by card now.".to_owned(),
        () => format!("A deposit of {due} now, the rest after the session."),
    }
}

/// Draws what there is to book.
pub fn page(care: Option<BookableCare>) -> AnyView {
    let (bookable, standing) = care.map(|care| (care.bookable, care.relationship)).unzip();
    let bookable = bookable.unwrap_or_default();
    let row = |bookable: &Bookable| {
        let kind = bookable.session_type.clone()?;
        Some(view! {
            <li>
                <h3><a href=format!("/book/{}", kind.slug)>{kind.name}</a></h3>
                <span class="length">{kind.minutes}" minutes"</span>
                <span class="price">{price_words(bookable)}</span>
                <p>{kind.summary}" "{when_paid(bookable)}</p>
            </li>
        })
    };
    let lead = (!bookable.is_empty()).then(|| view! { <p class="lead">"Choose what suits you, then a time."</p> });
    let list = if bookable.is_empty() {
        let call = standing
            .as_ref()
            .filter(|it| it.can_book_discovery)
            .map(|_| view! { <p><a class="button quiet" href="/book">"Book a free call"</a></p> });
        let words = standing.map(|BookableRelationship { now, next, .. }| [now, next].join(" "));
        view! {
            <div class="empty">
                {art::small_door()}
                <div class="stack">
                    <h3>"There is nothing to book just now"</h3>
                    <p>{words}</p>
                    {call}
                </div>
            </div>
        }
        .into_any()
    } else {
        view! { <ul class="prices">{bookable.iter().map(row).collect::<Vec<_>>()}</ul> }.into_any()
    };
    view! {
        <div class="opening">
            <h1>"Book a session"</h1>
            {lead}
        </div>
        {list}
    }
    .into_any()
}

/// The id of what says the price.
pub const PRICE: &str = "price";

/// The id of what says what calling off costs.
pub const RULES: &str = "cancelling";

/// Everything the last look is drawn from.
pub struct Review {
    /// What stands above.
    pub top: AnyView,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The zones it is read in.
    pub zones: Zones,
    /// The zone that was chosen, for the form.
    pub tz: Option<String>,
    /// What it costs this client.
    pub bookable: Bookable,
    /// With whom.
    pub therapist: Option<String>,
    /// The version of the rules for calling off.
    pub policy_version: i32,
    /// What calling it off will cost until when.
    pub steps: Vec<PolicyStep>,
    /// Until when the time is kept.
    pub kept: Option<Hold>,
    /// The key that makes one booking of two presses.
    pub key: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// That somebody else was quicker.
    pub conflict: Option<Conflict>,
}

/// Draws the last look before a session is booked.
pub fn review(session_type: &BookSessionType, review: Review) -> AnyView {
    let price = review.bookable.price.money();
    let due = review.bookable.due_now.money();
    let button = if due.amount > 0 { format!("Book and pay {due}") } else { "Book the session".to_owned() };
    let hidden = |name: &'static str, value: String| view! { <input type="hidden" name=name value=value /> };
    let kept = review.kept.map(|kept| {
        let left = RwSignal::new(kept.minutes_left(0));
        view! { <div id=hold::ALIVE>{hold::line(&kept, left)}</div> }
    });
    let therapist = review.therapist.map(|name| view! { <div><dt>"With"</dt><dd>{name}</dd></div> });
    let lost = review.conflict.as_ref().map(|conflict| {
        let slug = session_type.slug.clone();
        lost_notice(conflict, &review.zones, &slug)
    });
    let body = review.conflict.is_none().then(|| {
        view! {
            <form method="post" action=format!("/book/{}", session_type.slug) class="stack">
                {hidden("slot", review.starts_at.to_string())}
                {review.tz.map(|tz| hidden("tz", tz))}
                {hidden("key", review.key)}
                {hidden("price", price.amount.to_string())}
                {hidden("currency", code(price.currency))}
                {(!price.is_free()).then(|| hidden("policy", review.policy_version.to_string()))}
                <p><button class="button large">{button}</button></p>
                <p class="soft small">{when_paid(&review.bookable)}</p>
            </form>
        }
    });
    view! {
        <div class="wrap">
            {review.top}
            <div class="stack">
                {error_summary(&review.problems)}
                {lost}
                <dl class="facts">
                    <div>
                        <dt>"When"</dt>
                        <dd>
                            <a class="change" href=format!("/book/{}", session_type.slug)>
                                "Change"<span class="visually-hidden">" the time"</span>
                            </a>
                            <b>{review.zones.stretch(review.starts_at, review.ends_at)}</b><br />
                            {review.zones.beneath(review.starts_at)}
                        </dd>
                    </div>
                    <div><dt>"What"</dt><dd>{session_type.name.clone()}", "{session_type.minutes}" minutes"</dd></div>
                    <div><dt>"How"</dt><dd>{how(session_type.modality.0)}</dd></div>
                    {therapist}
                    <div id=PRICE><dt>"Price"</dt><dd>{price_words(&review.bookable)}</dd></div>
                </dl>
                {kept}
                {body}
                {rules(&review.steps, price, &review.zones)}
            </div>
        </div>
    }
    .into_any()
}

fn lost_notice(conflict: &Conflict, zones: &Zones, slug: &str) -> impl IntoView + use<> {
    let pill = |start: &Instant| {
        let civil = zones.zone.civil(*start);
        view! {
            <button class="slot" name="slot" value=start.to_string()>
                <span>{zones.clock(*start)}</span><small>{words::short_day(civil.date)}</small>
            </button>
        }
    };
    let pills: Vec<_> = conflict.nearest.iter().map(pill).collect();
    let heading = conflict.lost.words(zones);
    let words = match conflict.nearest.is_empty() {
        false => "These are the nearest free times:",
        true => "There is nothing else free just now.",
    };
    view! {
        <form class="notice conflict" role="alert" method="post" action=format!("/book/{slug}/hold")>
            <h2>{heading}</h2>
            <p>{words}</p>
            <div class="pills">{pills}</div>
            <p><a href=conflict.all.clone()>"See all times"</a></p>
        </form>
    }
}

/// What calling off will cost, before it is agreed to.
pub fn rules(steps: &[PolicyStep], price: Money, zones: &Zones) -> Option<impl IntoView + use<>> {
    if price.is_free() {
        return None;
    }
    let last = steps.len().saturating_sub(1);
    let line = |(index, step): (usize, &PolicyStep)| {
        let cost = step.words(price);
        let until =
            if index == last { "until it begins".to_owned() } else { format!("until {}", zones.moment(step.until)) };
        view! { <li><b>{cost}</b>" "{until}</li> }
    };
    Some(view! {
        <section class="stack" id=RULES>
            <h2>"What cancelling costs"</h2>
            <ol class="rows bare">{steps.iter().enumerate().map(line).collect::<Vec<_>>()}</ol>
            <p class="soft">"By booking you agree to this. You can always cancel; nothing is charged without your therapist deciding so."</p>
        </section>
    })
}
