//! Where somebody comes back to from the payment page. It only says what is known.

use super::booking::{Clocks, OwnBooking};
use super::packages::OwnPackage;
use crate::ui::art;
use leptos::prelude::*;
use shared::booking::{BookingStatus, reference_words};
use shared::words;

/// Draws the page.
pub fn page(booking: &OwnBooking, clocks: &Clocks) -> AnyView {
    let civil = clocks.own.civil(booking.starts_at);
    let when = format!("{}, {}", words::full_day(civil.date), civil.time);
    let aside = clocks.aside(booking.starts_at);
    let (title, lead) = match booking.status.0 {
        BookingStatus::PendingPayment => (
            "We are waiting for your bank",
            "Your payment is not here yet. This takes a moment, and you need not stay: we write to you when it has arrived.",
        ),
        BookingStatus::Expired => (
            "This time has been given back",
            "No payment arrived while it was kept. If you did pay, either the time becomes yours again or all of it goes back to you.",
        ),
        BookingStatus::Cancelled => {
            ("This session is cancelled", "If you paid for it, what the rules say goes back to you by itself.")
        }
        BookingStatus::Confirmed | BookingStatus::Completed | BookingStatus::NoShow => {
            ("Thank you", "It is paid, and the time is yours.")
        }
    };
    let waits = booking.status.0 == BookingStatus::PendingPayment;
    let again = waits.then(|| {
        view! { <a class="button" href=format!("/portal/bookings/{}/paid", booking.id)>"Look again"</a> }
    });
    let facts = view! {
        <dl class="facts">
            <div>
                <dt>"When"</dt>
                <dd>
                    <b><time datetime=booking.starts_at.to_string()>{when}</time></b>
                    {aside.map(|aside| view! { <br />{aside} })}
                </dd>
            </div>
            <div><dt>"Reference"</dt><dd class="reference">{reference_words(&booking.reference)}</dd></div>
        </dl>
    };
    let facts = match waits {
        true => facts.into_any(),
        false => view! { <div class="empty">{art::small_door()} {facts}</div> }.into_any(),
    };
    view! {
        <div class="opening"><h1>{title}</h1><p class="lead">{lead}</p></div>
        {facts}
        <div class="opening">
            <p class="cluster">
                {again}
                <a class="button quiet" href="/portal/bills">"Your bills"</a>
                <a href="/portal">"Your appointments"</a>
            </p>
        </div>
    }
    .into_any()
}

/// Draws the page of somebody who comes back from paying a package.
pub fn of_package(package: &OwnPackage) -> AnyView {
    let waits = package.open.iter().any(|open| open.amount > 0);
    let (title, lead) = match waits {
        true => (
            "We are waiting for your bank",
            "Your payment is not here yet. This takes a moment, and you need not stay: we write to you when it has arrived.",
        ),
        false => ("Thank you", "It is paid. The next session you book uses this package."),
    };
    let again = waits.then(|| {
        view! { <a class="button" href=format!("/portal/packages/{}/paid", package.id)>"Look again"</a> }
    });
    let book = (!waits).then(|| view! { <a class="button" href="/portal/book">"Book a session"</a> });
    let facts = view! {
        <dl class="facts">
            <div><dt>"Package"</dt><dd><b>{package.name.clone()}</b></dd></div>
            <div><dt>"Left"</dt><dd>{format!("{} of {}", package.units_left, package.units)}</dd></div>
        </dl>
    };
    let facts = match waits {
        true => facts.into_any(),
        false => view! { <div class="empty">{art::small_door()} {facts}</div> }.into_any(),
    };
    view! {
        <div class="opening"><h1>{title}</h1><p class="lead">{lead}</p></div>
        {facts}
        <div class="opening">
            <p class="cluster">
                {again}
                {book}
                <a class="button quiet" href="/portal/bills">"Your bills"</a>
            </p>
        </div>
    }
    .into_any()
}
