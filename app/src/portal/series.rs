//! The client's standing place: when it is, the next dates, and leaving one out.

use super::booking::{Clocks, TherapistName};
use crate::api::schema::schema;
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::given;
use leptos::prelude::*;
use serde::Serialize;
use shared::ids::{BookingId, SeriesId};
use shared::time::{Date, Instant, LocalTime};
use shared::words;

/// A standing place of the client.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Series")]
#[serde(rename_all = "camelCase")]
pub struct OwnSeries {
    /// Which.
    pub id: SeriesId,
    /// The rhythm and the time.
    pub words: String,
    /// The zone the client reads times in.
    pub client_time_zone: String,
    /// The last day there may be a session.
    pub ends_on: Option<Date>,
    /// How long a session is.
    pub minutes: i32,
    /// With whom.
    pub therapist: Option<TherapistName>,
    /// Its next times.
    #[arguments(first: 4)]
    pub upcoming: Vec<OwnDate>,
    /// A clock change that is near.
    pub clock_change: Option<OwnClockChange>,
}

/// One time of a standing place.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "SeriesDate")]
#[serde(rename_all = "camelCase")]
pub struct OwnDate {
    /// The day it is called by.
    pub date: Date,
    /// When it begins.
    pub starts_at: Instant,
    /// Whether it is at another time than the place.
    pub is_moved: bool,
    /// The session in the calendar.
    pub booking_id: Option<BookingId>,
}

/// A clock change that is near.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "ClockChange")]
#[serde(rename_all = "camelCase")]
pub struct OwnClockChange {
    /// The first day at the other time.
    pub from: Date,
    /// The time then.
    pub time: LocalTime,
    /// The time it would have been.
    pub instead_of: LocalTime,
}

/// What the page that asks before one is left out asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct SkipQuery {
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: SkipViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct SkipViewer {
    /// Their care.
    pub client: Option<SkipCare>,
}

/// The client's places, with all dates that can be left out.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare")]
pub struct SkipCare {
    /// Their places.
    pub series: Vec<SkipSeries>,
}

/// A standing place, with all dates that can be left out.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Series")]
pub struct SkipSeries {
    /// Which.
    pub id: SeriesId,
    /// The zone the client reads times in.
    pub client_time_zone: String,
    /// Its next times.
    #[arguments(first: 60)]
    pub upcoming: Vec<OwnDate>,
}

/// The clocks of a place.
pub fn clocks(zone: Option<&Zone>, own: Option<&Zone>) -> Clocks {
    let practice = table(zone);
    Clocks { own: own.map_or_else(|| practice.clone(), |zone| zone.table.clone()), practice }
}

/// Draws a place on the client's first page.
pub fn card(place: &OwnSeries, clocks: &Clocks, contact: &str) -> impl IntoView + use<> {
    let therapist = place.therapist.as_ref().map_or_else(|| "your therapist".to_owned(), |it| given(&it.name));
    let aside = place.upcoming.first().and_then(|next| clocks.aside(next.starts_at)).map(|_| {
        let words = format!(
            "The time is that of {}, where the practice is. Your own times stand with the dates.",
            words::city(&clocks.practice.name)
        );
        view! { <p class="soft small">{words}</p> }
    });
    let change = place.clock_change.as_ref().map(|change| {
        let words = format!(
            "The clocks change: from {} your {} appointment is at {} instead of {} your time.",
            words::day(change.from),
            words::weekday(change.from),
            change.time,
            change.instead_of
        );
        view! { <p class="notice">{words}</p> }
    });
    let end = place.ends_on.map(|end| view! { " Until "{words::full_day(end)}"." });
    let dates: Vec<_> = place.upcoming.iter().map(|date| date_item(place.id, date, clocks)).collect();
    let dates = match dates.is_empty() {
        true => view! { <p class="soft">"Nothing is to come."</p> }.into_any(),
        false => view! { <ul class="rows bare">{dates}</ul> }.into_any(),
    };
    let ask = (!contact.is_empty()).then(|| {
        view! {
            <p class="soft small">
                "For another regular time, or to end it, "
                <a href=format!("mailto:{contact}")>"write to "{therapist.clone()}</a>"."
            </p>
        }
    });
    view! {
        <section class="stack opening">
            <h2>"Your regular time"</h2>
            <p class="lead">{place.words.clone()}</p>
            <p class="soft">{place.minutes}" minutes, with "{therapist.clone()}". This time is kept for you."{end}</p>
            {aside}
            {change}
            {dates}
            {ask}
        </section>
    }
}

fn date_item(id: SeriesId, date: &OwnDate, clocks: &Clocks) -> impl IntoView + use<> {
    let when = words::moment(date.starts_at, &clocks.own);
    let skip = match date.booking_id {
        Some(booking) => format!("/portal/bookings/{booking}/cancel"),
        None => format!("/portal/series/{id}/skip/{}", date.date),
    };
    let moved = date.is_moved.then(|| view! { <span class="soft small">" (moved)"</span> });
    let label = format!("Leave out {when}");
    view! {
        <li class="row">
            <span><time datetime=date.starts_at.to_string()>{when}</time>{moved}</span>
            <a href=skip aria-label=label>"Leave this one out"</a>
        </li>
    }
}

/// Draws the page that asks before a date further ahead than the calendar is left out.
pub fn skip_page(id: SeriesId, date: &OwnDate, clocks: &Clocks, problems: Vec<Problem>) -> AnyView {
    let civil = clocks.own.civil(date.starts_at);
    let aside = clocks.aside(date.starts_at);
    view! {
        <div class="opening"><h1>"Leave this one out?"</h1></div>
        <div class="stack">
            <dl class="facts">
                <div>
                    <dt>"When"</dt>
                    <dd>
                        <b>
                            <time datetime=date.starts_at.to_string()>
                                {format!("{}, {}", words::full_day(civil.date), civil.time)}
                            </time>
                        </b>
                        {aside.map(|aside| view! { <br />{aside} })}
                    </dd>
                </div>
                <div><dt>"What it costs"</dt><dd>"Nothing: it is far enough ahead."</dd></div>
            </dl>
            <form class="form" method="post" action=format!("/portal/series/{id}/skip/{}", date.date)>
                {error_summary(&problems)}
                <p>"Your regular time stays yours. Only this date becomes free for somebody else."</p>
                <p class="cluster">
                    <button class="button danger">"Leave it out"</button>
                    <a class="button" href="/portal">"Keep it"</a>
                </p>
            </form>
        </div>
    }
    .into_any()
}
