//! Before a session is called off: what it is, and a way back.

use super::booking::{Clocks, OwnBooking};
use super::session::{OwnSession, if_cancelled, timeline};
use crate::ui::form::{Problem, TextArea, error_summary, text_area};
use leptos::prelude::*;
use shared::booking::reference_words;
use shared::contact::LONGEST_REASON;
use shared::money::Money;
use shared::time::Instant;
use shared::words;

/// What was typed and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Why the session is called off.
    pub reason: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Draws the page. `paid` is what has come from the client for the session.
pub fn page(session: &OwnSession, clocks: &Clocks, now: Instant, paid: Option<Money>, typed: Typed) -> AnyView {
    let booking = &session.row;
    let means = booking.can_cancel.then(|| {
        let costs = session.if_cancelled_now.fee.amount > 0;
        let class = if costs { "notice conflict" } else { "notice" };
        let back = paid.map(|paid| match costs {
            true => format!(" You have paid {paid}: what is not charged goes back to you."),
            false => format!(" The {paid} you have paid goes back to you."),
        });
        view! { <p class=class>{if_cancelled(session)}{back}</p> }
    });
    let costs = booking.can_cancel.then(|| timeline(session, clocks, now)).flatten();
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
                <div><dt>"Reference"</dt><dd class="reference">{reference_words(&booking.reference)}</dd></div>
            </dl>
            {means}
            {body}
            {costs}
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
        longest: LONGEST_REASON,
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
