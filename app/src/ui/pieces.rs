//! Small pieces that pages are made of.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::booking::BookingStatus;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What a page tells about something just done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice(pub String);

/// Draws a notice, if there is one.
pub fn notice(notice: Option<Notice>) -> Option<impl IntoView + use<>> {
    notice.map(|Notice(words)| view! { <div class="toast" role="status"><span>{words}</span></div> })
}

/// Leads back to where a list begins and on to what comes after this page, where there is either.
pub fn pager(first: Option<String>, more: Option<String>) -> Option<impl IntoView + use<>> {
    if first.is_none() && more.is_none() {
        return None;
    }
    let first = first.map(|href| view! { <a href=href>"From the beginning"</a> });
    let more = more.map(|href| view! { <a href=href>"More"</a> });
    Some(view! { <nav class="pager" aria-label="Pages"><span>{first}</span>{more}</nav> })
}

/// The status of a booking: words with a shape.
pub fn badge(status: BookingStatus, ends_at: Instant, now: Instant) -> impl IntoView + use<> {
    let (class, words) = match status {
        BookingStatus::PendingPayment => ("badge pending", status.words()),
        BookingStatus::Confirmed if ends_at <= now => ("badge done", "Over"),
        BookingStatus::Confirmed => ("badge confirmed", status.words()),
        BookingStatus::Completed => ("badge done", status.words()),
        BookingStatus::NoShow => ("badge late", status.words()),
        BookingStatus::Cancelled | BookingStatus::Expired => ("badge cancelled", status.words()),
    };
    view! { <span class=class>{words}</span> }
}

/// A moment as an element, with its day: `Thu 3 Dec, 10:00`.
pub fn moment(at: Instant, zone: &ZoneTable) -> impl IntoView + use<> {
    view! { <time datetime=at.to_string()>{words::short_moment(at, zone)}</time> }
}

/// A moment that is kept, as an element: `Thu 3 Dec 2026, 10:00`.
pub fn dated(at: Instant, zone: &ZoneTable) -> impl IntoView + use<> {
    view! { <time datetime=at.to_string()>{words::dated(at, zone)}</time> }
}

/// A moment of a list that goes far, as an element: with its year where that is not the one it is now.
pub fn listed(at: Instant, now: Instant, zone: &ZoneTable) -> impl IntoView + use<> {
    view! { <time datetime=at.to_string()>{words::listed(at, now, zone)}</time> }
}

/// The first word of a name.
pub fn given(name: &str) -> String {
    name.split_whitespace().next().unwrap_or(name).to_owned()
}

/// What a phone dials.
pub fn dial(phone: &str) -> String {
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{digits}")
}

/// Text as paragraphs; an empty line separates them.
pub fn paragraphs(text: &str) -> impl IntoView + use<> {
    text.split("\n\n")
        .filter(|text| !text.trim().is_empty())
        .map(|text| view! { <p class="text">{text.trim().to_owned()}</p> })
        .collect::<Vec<_>>()
}

/// Text as paragraphs, of which one that begins with `# ` is a heading.
pub fn prose(text: &str) -> impl IntoView + use<> {
    let one = |text: &str| match text.strip_prefix("# ") {
        Some(heading) => view! { <h2>{heading.to_owned()}</h2> }.into_any(),
        None => view! { <p class="text">{text.to_owned()}</p> }.into_any(),
    };
    text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(one).collect::<Vec<_>>()
}
