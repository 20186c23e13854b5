//! One day as a line of time: sessions, gaps, time off, and where now is.

use super::desk::{DeskBooking, DeskTimeOff, UNPROVEN};
use crate::ui::pieces::badge;
use leptos::prelude::*;
use shared::ids::BookingId;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// Gaps shorter than this are a breath, not a gap.
const SHORTEST_GAP_MINUTES: i64 = 30;

/// One line of the day.
#[derive(Debug, Clone)]
enum Line<'a> {
    Session(&'a DeskBooking),
    Gap { from: Instant, minutes: i64 },
    Off(&'a DeskTimeOff),
}

impl Line<'_> {
    fn at(&self) -> Instant {
        match self {
            Line::Session(booking) => booking.booking.starts_at,
            Line::Gap { from, .. } => *from,
            Line::Off(off) => off.starts_at,
        }
    }

    /// What else begins at the same moment stands after a gap and before a session.
    fn order(&self) -> (Instant, u8) {
        let order = match self {
            Line::Gap { .. } => 0,
            Line::Off(_) => 1,
            Line::Session(_) => 2,
        };
        (self.at(), order)
    }
}

/// What a day is drawn from.
pub struct Day<'a> {
    /// Its sessions, those called off too, earliest first.
    pub bookings: Vec<&'a DeskBooking>,
    /// The time off that touches it.
    pub time_off: Vec<&'a DeskTimeOff>,
    /// The zone of the practice.
    pub zone: &'a ZoneTable,
    /// The practice's clock.
    pub now: Instant,
    /// What has arrived since the page was opened.
    pub fresh: &'a [BookingId],
}

impl Day<'_> {
    fn lines(&self) -> Vec<Line<'_>> {
        let mut lines: Vec<Line> = self.bookings.iter().map(|booking| Line::Session(booking)).collect();
        lines.extend(self.time_off.iter().map(|off| Line::Off(off)));
        let mut busy: Vec<(Instant, Instant)> = self
            .bookings
            .iter()
            .filter(|booking| booking.stands())
            .map(|booking| (booking.booking.starts_at, booking.booking.ends_at))
            .chain(self.time_off.iter().map(|off| (off.starts_at, off.ends_at)))
            .collect();
        busy.sort();
        let mut free_from = None;
        for (starts_at, ends_at) in busy {
            if let Some(from) = free_from {
                let minutes = (starts_at.seconds() - Instant::seconds(from)) / 60;
                if minutes >= SHORTEST_GAP_MINUTES {
                    lines.push(Line::Gap { from, minutes });
                }
            }
            free_from = Some(free_from.map_or(ends_at, |from: Instant| from.max(ends_at)));
        }
        lines.sort_by_key(Line::order);
        lines
    }

    /// Draws the day.
    pub fn draw(&self) -> AnyView {
        let lines = self.lines();
        let next = lines.iter().position(|line| line.at() > self.now).unwrap_or(lines.len());
        let mut items: Vec<AnyView> = lines.iter().map(|line| self.line(line)).collect();
        let now = words::time(self.now, self.zone);
        items.insert(
            next,
            view! { <li class="now" aria-label="Now"><time datetime=self.now.to_string()>{now}</time></li> }.into_any(),
        );
        view! { <ol class="timeline">{items}</ol> }.into_any()
    }

    fn line(&self, line: &Line<'_>) -> AnyView {
        let at = line.at();
        let time = view! { <time datetime=at.to_string()>{words::time(at, self.zone)}</time> };
        match line {
            Line::Gap { minutes, .. } => {
                view! { <li class="gap">{time}<span>{free_words(*minutes)}</span></li> }.into_any()
            }
            Line::Off(off) => {
                let until = words::short_moment(off.ends_at, self.zone);
                view! { <li class="gap">{time}<span>{off.words()}", until "{until}</span></li> }.into_any()
            }
            Line::Session(booking) => {
                let class = match booking {
                    it if self.fresh.contains(&it.booking.id) => "fresh",
                    it if it.booking.ends_at <= self.now => "past",
                    _ => "",
                };
                let mark = match booking.is_new(self.now) {
                    true => view! { <span class="badge new">"New"</span> }.into_any(),
                    false => badge(booking.booking.status.0, booking.booking.ends_at, self.now).into_any(),
                };
                let session = format!("/admin/bookings/{}", booking.booking.id);
                view! {
                    <li class=class>
                        <a class="at" href=session aria-label=format!("{}, the session", words::time(at, self.zone))>{time}</a>
                        <div>
                            {booking.who()} <small>{session_words(booking, self.now)}</small>
                            {booking.to_call(self.now)}
                        </div>
                        {mark}
                    </li>
                }
                .into_any()
            }
        }
    }
}

/// What a session is, how new it is, and whether its address is confirmed.
pub fn session_words(booking: &DeskBooking, now: Instant) -> String {
    let unproven = booking.client_id.is_none().then(|| UNPROVEN.to_owned());
    [Some(booking.details()), booking.made(now), unproven].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `Free for 40 minutes`, `Free for an hour`, `Free for 2 hours and 10 minutes`.
pub fn free_words(minutes: i64) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let hours = match hours {
        0 => String::new(),
        1 => "an hour".to_owned(),
        hours => format!("{hours} hours"),
    };
    match (hours.as_str(), rest) {
        ("", rest) => format!("Free for {rest} minutes"),
        (hours, 0) => format!("Free for {hours}"),
        (hours, rest) => format!("Free for {hours} and {rest} minutes"),
    }
}
