//! The page behind the link in a mail: it shows the booking, and a button calls it off.

use super::booked::{BookedSession, fact};
use crate::ui::art;
use crate::ui::booked::{how, reference_words};
use crate::ui::form::{Problem, TextArea, error_summary, text_area};
use crate::ui::pieces::dial;
use crate::ui::zones::Zones;
use leptos::prelude::*;
use shared::booking::BookingStatus;

/// Draws the page. Looking at it changes nothing: mail scanners look too.
pub fn page(booking: BookedSession, zones: &Zones, token: &str, reason: String, problems: &[Problem]) -> AnyView {
    let status = booking.status.0;
    let badge = match status {
        BookingStatus::PendingPayment => "badge pending",
        BookingStatus::Confirmed => "badge confirmed",
        BookingStatus::Completed => "badge done",
        BookingStatus::NoShow => "badge late",
        BookingStatus::Cancelled | BookingStatus::Expired => "badge cancelled",
    };
    let cancelled = status == BookingStatus::Cancelled;
    let heading = if cancelled { "This booking is cancelled" } else { "Your booking" };
    let session = booking.session_type.as_ref().map(|row| row.name.clone()).unwrap_or_default();
    let session = format!("{session}, {}", how(booking.modality.0).to_lowercase());
    let therapist = booking.therapist.as_ref().map(|row| fact("With", row.name.clone().into_any()));
    let again = booking.session_type.as_ref().map_or("/book".to_owned(), |row| format!("/book/{}", row.slug));
    let form = if booking.can_cancel {
        cancel_form(token, reason, problems)
    } else {
        let words = if cancelled {
            "Nobody will be waiting, and nothing is owed."
        } else {
            "It can no longer be cancelled here."
        };
        view! { <p class="soft">{words}</p><p><a class="button" href=again.clone()>"Choose another time"</a></p> }
            .into_any()
    };
    let aside = booking.can_cancel.then(|| {
        view! {
            <h2>"Another time?"</h2>
            <p>
                "If today is not the day, another time is as good. "<a href=again>"Choose another time"</a>
                ", then cancel this one. You need not give a reason."
            </p>
        }
    });
    let reference = view! { <span class="reference">{reference_words(&booking.reference)}</span> };
    view! {
        <div class="wrap">
            <div class="opening">
                <h1>{heading}</h1>
                <p class="when-big">
                    <time datetime=booking.starts_at.to_string()>
                        {zones.stretch(booking.starts_at, booking.ends_at)}
                    </time>
                </p>
                <p class="soft">{zones.beneath(booking.starts_at)}</p>
            </div>
            <div class="aside">
                <div class="stack">
                    {error_summary(problems)}
                    <dl class="facts">
                        {fact("Status", view! { <span class=badge>{status.words()}</span> }.into_any())}
                        {fact("Session", session.into_any())} {therapist}
                        {fact("Reference", reference.into_any())}
                    </dl>
                    {form}
                </div>
                <aside class="stack">
                    {aside}
                    <p class="soft">
                        "Have you been here before? "<a href="/sign-in">"Sign in"</a>" to see all your sessions."
                    </p>
                </aside>
            </div>
        </div>
    }
    .into_any()
}

fn cancel_form(token: &str, reason: String, problems: &[Problem]) -> AnyView {
    let reason = TextArea {
        id: "reason",
        label: "A word to us (optional)",
        hint: Some("Only if you would like to."),
        rows: 2,
        longest: 500,
        is_required: false,
        value: reason,
    };
    view! {
        <form class="form" method="post" action=format!("/manage/{token}/cancel")>
            {text_area(reason, problems)}
            <p><button class="button danger">"Cancel the call"</button></p>
            <p class="soft">"You can cancel at no cost up to the start."</p>
        </form>
    }
    .into_any()
}

/// The page for a link that leads to no booking.
pub fn unknown(phone: String, email: String) -> AnyView {
    let call = (!phone.is_empty()).then(|| view! { "call "<a href=dial(&phone)>{phone.clone()}</a>" or " });
    let mail = if email.is_empty() {
        view! { <a href="/contact">"write a line"</a> }.into_any()
    } else {
        view! { "write to "<a href=format!("mailto:{email}")>{email.clone()}</a> }.into_any()
    };
    view! {
        <div class="wrap">
            <div class="threshold">
                <div class="say">
                    <h1>"We cannot find this booking"</h1>
                    <p class="lead">
                        "The link may be too old, or may have lost a letter on the way. Nothing you did went wrong."
                    </p>
                    <p>"If you expected a booking here, "{call}{mail}", and we will find it together."</p>
                    <p class="cluster">
                        <a class="button" href="/book">"See free times"</a>
                        <a href="/sign-in">"Sign in"</a>
                    </p>
                </div>
                {art::closed_door()}
            </div>
        </div>
    }
    .into_any()
}
