//! An appointment for other calendars: neutral words, UTC times, one stable id.

use super::outward::Link;
use crate::app::App;
use crate::features::bookings::Booking;
use icalendar::{Calendar, Component, Event, Property};
use lettre::message::Mailbox;
use shared::booking::BookingStatus;
use shared::time::Instant;
use url::Url;

/// What every calendar shows.
const SUMMARY: &str = "Appointment";

/// What a calendar is asked to do.
#[derive(Debug, Clone)]
pub enum Method<'a> {
    /// Keep a copy: for a file somebody downloads. Names nobody.
    Publish,
    /// Add it, or change it, in the calendar of `to`.
    Request {
        /// Whose calendar.
        to: &'a str,
        /// Where they can change it.
        manage: Option<&'a Link>,
    },
    /// Take it out of the calendar of `to`.
    Cancel {
        /// Whose calendar.
        to: &'a str,
    },
}

impl Method<'_> {
    /// Its name in a calendar file and in the type of its part of a mail.
    pub fn name(&self) -> &'static str {
        match self {
            Method::Publish => "PUBLISH",
            Method::Request { .. } => "REQUEST",
            Method::Cancel { .. } => "CANCEL",
        }
    }
}

/// The calendar file of a booking.
pub fn ics(booking: &Booking, app: &App, method: &Method<'_>) -> String {
    let called_off = booking.status == BookingStatus::Cancelled;
    let mut event = Event::new();
    event
        .add_property("UID", uid(booking, app))
        .add_property("SEQUENCE", booking.calendar_sequence.to_string())
        .add_property("DTSTAMP", utc(app.clock.now()))
        .add_property("DTSTART", utc(booking.starts_at))
        .add_property("DTEND", utc(booking.ends_at))
        .add_property("SUMMARY", SUMMARY)
        .add_property("CLASS", "PRIVATE")
        .add_property("STATUS", if called_off { "CANCELLED" } else { "CONFIRMED" });
    if let Ok(sender) = app.config.mail_from.0.parse::<Mailbox>() {
        event.add_property("ORGANIZER", format!("mailto:{}", sender.email));
    }
    match method {
        Method::Publish => {}
        Method::Request { to, manage } => {
            event.append_property(attendee(to));
            if let Some(manage) = manage {
                event.add_property("DESCRIPTION", format!("See or change it: {}", manage.as_str()));
            }
        }
        Method::Cancel { to } => {
            event.append_property(attendee(to));
        }
    }
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Anteroom//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", method.name()))
        .push(event);
    calendar.to_string()
}

/// A link that opens Google Calendar with the appointment filled in.
pub fn google_link(booking: &Booking) -> String {
    let dates = format!("{}/{}", utc(booking.starts_at), utc(booking.ends_at));
    let fields = [("action", "TEMPLATE"), ("text", SUMMARY), ("dates", &dates)];
    link("https://calendar.google.com/calendar/render", &fields)
}

/// A link that opens Outlook with the appointment filled in.
pub fn outlook_link(booking: &Booking) -> String {
    let (from, until) = (booking.starts_at.to_string(), booking.ends_at.to_string());
    let fields = [
        ("path", "/calendar/action/compose"),
        ("rru", "addevent"),
        ("subject", SUMMARY),
        ("startdt", &from),
        ("enddt", &until),
    ];
    link("https://outlook.live.com/calendar/0/deeplink/compose", &fields)
}

/// The same for as long as the booking exists, whatever becomes of it.
fn uid(booking: &Booking, app: &App) -> String {
    format!("{}@{}", booking.id, super::host(app))
}

/// Somebody who has said yes by booking: their calendar need not ask them.
fn attendee(address: &str) -> Property {
    Property::new("ATTENDEE", format!("mailto:{address}")).add_parameter("PARTSTAT", "ACCEPTED").done()
}

fn link(base: &str, fields: &[(&str, &str)]) -> String {
    let mut url = Url::parse(base).expect("a literal of ours is a URL");
    url.query_pairs_mut().extend_pairs(fields);
    url.into()
}

/// `20301208T100000Z`.
fn utc(at: Instant) -> String {
    let (year, month, day) = at.to_offset_date_time().date().to_calendar_date();
    let (hour, minute, second) = at.to_offset_date_time().time().as_hms();
    format!("{year:04}{:02}{day:02}T{hour:02}{minute:02}{second:02}Z", u8::from(month))
}
