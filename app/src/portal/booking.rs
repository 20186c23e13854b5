//! A session, as its client sees it.

use crate::api::page_info::PageInfo;
use crate::api::schema::{Shared, schema};
use crate::ui::pieces::{self, badge};
use leptos::prelude::*;
use serde::Serialize;
use shared::booking::BookingStatus;
use shared::ids::BookingId;
use shared::practice::Modality;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// A session of the client.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Booking")]
#[serde(rename_all = "camelCase")]
pub struct OwnBooking {
    /// Which.
    pub id: BookingId,
    /// The number people can say on the phone.
    pub reference: String,
    /// Where it stands.
    pub status: Shared<BookingStatus>,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The zone the client reads times in.
    pub guest_time_zone: String,
    /// How it takes place.
    pub modality: Shared<Modality>,
    /// What was booked.
    pub session_type: Option<SessionName>,
    /// With whom.
    pub therapist: Option<TherapistName>,
    /// Whether it can still be called off.
    pub can_cancel: bool,
    /// Until when it is kept for them to pay; absent when it does not wait.
    pub pay_until: Option<Instant>,
}

/// A page of the client's sessions.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "OwnBookingConnection")]
#[serde(rename_all = "camelCase")]
pub struct OwnBookings {
    /// Latest first.
    pub nodes: Vec<OwnBooking>,
    /// Where the page ends.
    pub page_info: PageInfo,
}

impl OwnBookings {
    /// The zones they are read in.
    pub fn zones(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|booking| booking.guest_time_zone.as_str())
    }
}

/// What was booked, by name.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct SessionName {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// How long it is.
    pub minutes: i32,
}

/// Who sees the client, by name.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Therapist")]
pub struct TherapistName {
    /// Her name.
    pub name: String,
}

/// The zones times are shown in: the client's, and the practice's beneath where it differs.
#[derive(Debug, Clone)]
pub struct Clocks {
    /// The client's.
    pub own: ZoneTable,
    /// The practice's.
    pub practice: ZoneTable,
}

impl Clocks {
    /// Those a session is shown in, of the practice's and those its clients read.
    pub fn of(booking: &OwnBooking, practice: &ZoneTable, zones: &[ZoneTable]) -> Self {
        let own = zones.iter().find(|zone| zone.name == booking.guest_time_zone);
        Clocks { own: own.unwrap_or(practice).clone(), practice: practice.clone() }
    }

    /// What to say under a time of the client's clock, when the practice's shows another.
    pub fn aside(&self, at: Instant) -> Option<String> {
        if self.own.offset_at(at) == self.practice.offset_at(at) {
            return None;
        }
        let (here, there) = (self.own.civil(at), self.practice.civil(at));
        let day = if here.date == there.date { String::new() } else { format!("{}, ", words::day(there.date)) };
        Some(format!(
            "{} time. {day}{} in {}, where the practice is.",
            words::city(&self.own.name),
            there.time,
            words::city(&self.practice.name)
        ))
    }
}

impl OwnBooking {
    /// What it is called.
    pub fn name(&self) -> String {
        self.session_type.as_ref().map_or_else(|| "Session".to_owned(), |session_type| session_type.name.clone())
    }

    /// How long, with whom, how.
    pub fn details(&self) -> String {
        let minutes = (self.ends_at.seconds() - self.starts_at.seconds()) / 60;
        let with = self.therapist.as_ref().map(|therapist| format!(", with {}", therapist.name)).unwrap_or_default();
        let how = match self.modality.0 {
            Modality::Online => "by video",
            Modality::Phone => "by phone",
            Modality::InPerson => "in the room",
        };
        format!("{minutes} minutes{with}, {how}")
    }

    /// Whether it is still to come.
    pub fn is_ahead(&self, now: Instant) -> bool {
        matches!(self.status.0, BookingStatus::Confirmed | BookingStatus::PendingPayment) && now < self.ends_at
    }
}

/// A session that is still to come.
pub fn appointment(booking: &OwnBooking, clocks: &Clocks, now: Instant) -> impl IntoView + use<> {
    let civil = clocks.own.civil(booking.starts_at);
    let when = words::moment(booking.starts_at, &clocks.own);
    let cancel = booking.can_cancel.then(|| {
        let label = format!("Cancel {}, {when}", booking.name());
        view! { <a href=format!("/portal/bookings/{}/cancel", booking.id) aria-label=label>"Cancel"</a> }
    });
    let label = format!("See it: {}, {when}", booking.name());
    let until = booking.pay_until.filter(|_| booking.status.0 == BookingStatus::PendingPayment);
    let kept = until.map(|until| {
        view! { <p class="soft small">"Kept for you until "{words::time(until, &clocks.own)}", while you pay."</p> }
    });
    let pay = until.map(|_| {
        let label = format!("Pay to keep it: {}, {when}", booking.name());
        view! { <a class="button small" href=format!("/portal/bookings/{}", booking.id) aria-label=label>"Pay to keep it"</a> }
    });
    let links = view! {
        <p class="cluster">
            {pay}
            <a href=format!("/portal/bookings/{}", booking.id) aria-label=label>"See it"</a>
            {cancel}
        </p>
    };
    let aside = clocks.aside(booking.starts_at);
    view! {
        <li class="appointment">
            <p class="at">
                <small>{words::far_day(civil.date, clocks.own.civil(now).date)}</small>
                <time datetime=booking.starts_at.to_string()>{civil.time.to_string()}</time>
            </p>
            <div>
                <h3>{booking.name()}</h3>
                <p class="soft">{booking.details()}</p>
                {aside.map(|aside| view! { <p class="soft small">{aside}</p> })}
                {kept}
            </div>
            {badge(booking.status.0, booking.ends_at, now)}
            {links}
        </li>
    }
}

/// A session that is over or was called off.
pub fn earlier(booking: &OwnBooking, clocks: &Clocks, now: Instant) -> impl IntoView + use<> {
    view! {
        <li class="row">
            <span>
                <a href=format!("/portal/bookings/{}", booking.id)>{booking.name()}</a>
                ", "
                {pieces::listed(booking.starts_at, now, &clocks.own)}
            </span>
            {badge(booking.status.0, booking.ends_at, now)}
        </li>
    }
}
