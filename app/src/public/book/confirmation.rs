//! The page of a booking: there for as long as the booking is.

use super::booked::BookedSession;
use super::top::inside_a_sentence;
use crate::ui::art;
use crate::ui::pieces::dial;
use crate::ui::zones::Zones;
use leptos::prelude::*;
use shared::booking::reference_words;
use shared::practice::Modality;
use shared::words;

/// Where a booking can be taken along to.
#[derive(Clone)]
pub struct CalendarLinks {
    /// The file.
    pub file: String,
    /// Google Calendar.
    pub google: String,
    /// Outlook.
    pub outlook: String,
}

/// Whoever made the booking, in the browser they made it with.
#[derive(Clone)]
pub struct Booker {
    /// What they said we should call them.
    pub name: String,
    /// Where mail goes, as they typed it.
    pub email: String,
    /// The number to call, as they typed it.
    pub phone: String,
    /// The link to change it.
    pub manage: String,
}

/// How to reach the practice; what it does not have is empty.
#[derive(Clone)]
pub struct Contact {
    /// The number.
    pub phone: String,
    /// The address for mail.
    pub email: String,
}

/// Draws the page. Only `booker` is told more than when and with whom.
pub fn page(
    booking: BookedSession,
    zones: &Zones,
    calendars: CalendarLinks,
    booker: Option<Booker>,
    contact: &Contact,
) -> AnyView {
    let cancelled = !booking.status.0.takes_time();
    let therapist = booking.therapist.as_ref().map(|therapist| therapist.name.clone()).unwrap_or_default();
    let (given, _) = therapist.split_once(' ').unwrap_or((&therapist, ""));
    let what = booking.session_type.as_ref().map_or("appointment".to_owned(), |row| inside_a_sentence(&row.name));
    let (heading, lead) = match (&booker, cancelled) {
        (_, true) => {
            ("This booking is cancelled".to_owned(), "Nobody will be waiting, and nothing is owed.".to_owned())
        }
        (Some(booker), _) => {
            (format!("You have a time, {}", booker.name), format!("{given} is looking forward to talking with you."))
        }
        (None, _) => ("This time is booked".to_owned(), format!("A {what} with {therapist}.")),
    };
    let civil = zones.zone.civil(booking.starts_at);
    let (from, until) = (zones.clock(booking.starts_at), zones.clock(booking.ends_at));
    let saying = view! {
        <h1>{heading}</h1>
        <p class="lead">{lead}</p>
        <p class="when-big">
            <time datetime=booking.starts_at.to_string()>
                {words::day(civil.date)}","<br />{from}" to "{until}
            </time>
        </p>
        <p class="soft">{zones.beneath(booking.starts_at)}</p>
        <p>"Reference "<span class="reference">{reference_words(&booking.reference)}</span></p>
    };
    let art = if cancelled { art::closed_door().into_any() } else { art::open_door().into_any() };
    let below = if cancelled { again(&booking) } else { next(&booking, given, calendars, booker, contact) };
    view! {
        <div class="wrap confirmed">
            <div class="threshold"><div class="say">{saying}</div>{art}</div>
            {below}
        </div>
    }
    .into_any()
}

fn next(
    booking: &BookedSession,
    given: &str,
    calendars: CalendarLinks,
    booker: Option<Booker>,
    contact: &Contact,
) -> AnyView {
    let at_the_time = match booking.modality.0 {
        Modality::Online => {
            format!(
                "Before the call {given} sends you the way in, to the address you gave. There is nothing to install."
            )
        }
        Modality::Phone => {
            let number = booker.as_ref().map_or("the number you gave", |booker| &booker.phone);
            format!("At the time, {given} calls {number}. It may show as withheld.")
        }
        Modality::InPerson => "At the time, come to the practice. The address is at the foot of this page.".to_owned(),
    };
    let place = match booking.modality.0 {
        Modality::InPerson => "There is nothing to prepare.",
        Modality::Online | Modality::Phone => {
            "Find a place where nobody can hear you. A parked car is fine. There is nothing to prepare."
        }
    };
    let mail = match &booker {
        Some(Booker { email, .. }) => {
            format!("In a few minutes a mail to {email} brings this booking and a link to change or cancel it.")
        }
        None => "In a few minutes a mail brings this booking and a link to change or cancel it.".to_owned(),
    };
    let ahead = [mail, at_the_time, place.to_owned()];
    let ahead = ahead.into_iter().map(|words| view! { <li>{words}</li> }).collect::<Vec<_>>();
    // Whoever sees a slip of the finger in what they typed has no other way to mend it.
    let slip = booker.is_some().then(|| {
        view! { <p class="soft">"A wrong letter or digit? Tell us, and we put it right."</p> }
    });
    let manage = booker.map(|booker| view! { <li><a href=booker.manage>"Change or cancel"</a></li> });
    view! {
        <div class="aside">
            <section class="stack opening">
                <h2>"What happens next"</h2>
                <ol class="ahead">{ahead}</ol>
                {slip}
                {reach(contact)}
            </section>
            <aside class="opening">
                <h2>"Keep it at hand"</h2>
                <ul class="rows">
                    <li><a href=calendars.file>"Add to calendar (.ics)"</a></li>
                    <li><a href=calendars.google rel="noreferrer">"Google Calendar"</a></li>
                    <li><a href=calendars.outlook rel="noreferrer">"Outlook"</a></li>
                    {manage}
                </ul>
            </aside>
        </div>
    }
    .into_any()
}

/// How to reach a person about it.
fn reach(contact: &Contact) -> AnyView {
    let Contact { phone, email } = contact.clone();
    let call = (!phone.is_empty()).then(|| view! { "Call "<a href=dial(&phone)>{phone.clone()}</a>", or " });
    let write = if call.is_some() { "write" } else { "Write" };
    let mail = match email.is_empty() {
        true => view! { <a href="/contact">{write}" a line"</a> }.into_any(),
        false => view! { {write}" to "<a href=format!("mailto:{email}")>{email.clone()}</a> }.into_any(),
    };
    view! { <p>"Something to ask, or not sure any more? "{call}{mail}"."</p> }.into_any()
}

fn again(booking: &BookedSession) -> AnyView {
    let href = booking.session_type.as_ref().map_or("/book".to_owned(), |row| format!("/book/{}", row.slug));
    view! {
        <p class="cluster">
            <a class="button" href=href>"Choose another time"</a>
            <a href="/contact">"Write a line"</a>
        </p>
    }
    .into_any()
}
