//! Before a session is called off: what it is, and a way back.

use super::booking::{Clocks, OwnBooking};
use crate::api::schema::schema;
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::form::{Problem, TextArea, error_summary, text_area};
use leptos::prelude::*;
use shared::words;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct CancelQuery {
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: CancelViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct CancelViewer {
    /// Their care.
    pub client: Option<CancelCare>,
}

/// The client's sessions.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare")]
pub struct CancelCare {
    /// Latest first.
    pub bookings: Vec<OwnBooking>,
}

/// What was typed and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Why the session is called off.
    pub reason: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl CancelQuery {
    /// The clocks a session is shown in, given the table of the client's zone.
    pub fn clocks(&self, own: Option<&Zone>) -> Clocks {
        let practice = table(self.time_zone.as_ref());
        Clocks { own: own.map_or_else(|| practice.clone(), |zone| zone.table.clone()), practice }
    }
}

/// Draws the page.
pub fn page(booking: &OwnBooking, clocks: &Clocks, typed: Typed) -> AnyView {
    let civil = clocks.own.civil(booking.starts_at);
    let until = clocks.own.civil(booking.ends_at).time;
    let aside = clocks.aside(booking.starts_at);
    let body = match booking.can_cancel {
        true => form(booking, typed).into_any(),
        false => view! {
            {error_summary(&typed.problems)}
            <p>"This session has begun, is over or is cancelled already, so there is nothing to cancel here."</p>
            <p><a href="/portal">"Back to your appointments"</a></p>
        }
        .into_any(),
    };
    view! {
        <div class="opening"><h1>"Cancel this session?"</h1></div>
        <div class="stack">
            <dl class="facts">
                <div><dt>"What"</dt><dd>{booking.name()}<br />{booking.details()}</dd></div>
                <div>
                    <dt>"When"</dt>
                    <dd>
                        <b>
                            <time datetime=booking.starts_at.to_string()>
                                {format!("{}, {} to {until}", words::full_day(civil.date), civil.time)}
                            </time>
                        </b>
                        {aside.map(|aside| view! { <br />{aside} })}
                    </dd>
                </div>
                <div><dt>"Reference"</dt><dd>{booking.reference.clone()}</dd></div>
            </dl>
            {body}
        </div>
    }
    .into_any()
}

fn form(booking: &OwnBooking, typed: Typed) -> impl IntoView + use<> {
    let reason = TextArea {
        id: "reason",
        label: "Why, if you would like to say",
        hint: Some("You need not give a reason."),
        rows: 3,
        longest: 500,
        is_required: false,
        value: typed.reason,
    };
    view! {
        <form class="form" method="post" action=format!("/portal/bookings/{}/cancel", booking.id)>
            {error_summary(&typed.problems)}
            {text_area(reason, &typed.problems)}
            <p class="cluster">
                <button class="button danger">"Cancel the session"</button>
                <a class="button" href="/portal">"Keep it"</a>
            </p>
        </form>
    }
}
