//! The grid of a week: which hours are drawn, and where in them everything stands.

use super::desk::{DeskBooking, DeskTimeOff};
use leptos::prelude::*;
use shared::ids::BookingId;
use shared::slots::Timetable;
use shared::time::{Date, Instant, LocalTime};
use shared::words;
use shared::zone::ZoneTable;

/// One day of the grid.
pub struct Column<'a> {
    /// Which.
    pub date: Date,
    /// Whether it is today.
    pub is_today: bool,
    /// Its sessions, earliest first.
    pub bookings: Vec<&'a DeskBooking>,
    /// Time off of any day.
    pub time_off: &'a [DeskTimeOff],
    /// The hours of every day.
    pub timetable: &'a Timetable,
    /// The zone of the practice.
    pub zone: &'a ZoneTable,
    /// What has arrived since the page was opened.
    pub fresh: &'a [BookingId],
}

/// A stretch of one day, in minutes after midnight.
type Stretch = (u16, u16);

/// The hours of a day.
const DAY: Stretch = (0, 24 * 60);

/// The heights the style has a class for, in hours.
const HEIGHTS: [u16; 9] = [8, 9, 10, 11, 12, 13, 14, 16, 24];

impl Column<'_> {
    /// The part of a stretch of time that lies on this day.
    fn clip(&self, starts_at: Instant, ends_at: Instant) -> Option<Stretch> {
        let (from, until) = (self.zone.civil(starts_at), self.zone.civil(ends_at));
        if from.date > self.date || until.date < self.date {
            return None;
        }
        let from = if from.date < self.date { DAY.0 } else { from.time.minutes() };
        let until = if until.date > self.date { DAY.1 } else { until.time.minutes() };
        (from < until).then_some((from, until))
    }

    fn open(&self) -> Vec<Stretch> {
        let own: Vec<_> = self.timetable.overrides.iter().filter(|it| it.date == self.date).collect();
        let mut open: Vec<Stretch> = match own.is_empty() {
            false => own.iter().flat_map(|it| &it.hours).map(|it| (it.from.minutes(), it.until.minutes())).collect(),
            true => {
                let hours = self.timetable.hours.iter().filter(|hours| hours.weekday == self.date.weekday());
                hours.map(|hours| (hours.from.minutes(), hours.until.minutes())).collect()
            }
        };
        open.sort_unstable();
        open
    }

    /// What lies between the open stretches of the hours that are drawn.
    fn closed(&self, drawn: Stretch) -> Vec<Stretch> {
        let mut closed = Vec::new();
        let mut at = drawn.0;
        for (from, until) in self.open() {
            if from > at {
                closed.push((at, from.min(drawn.1)));
            }
            at = at.max(until);
        }
        if at < drawn.1 {
            closed.push((at, drawn.1));
        }
        closed
    }

    fn sessions(&self) -> impl Iterator<Item = (Stretch, &DeskBooking)> {
        self.bookings
            .iter()
            .filter_map(|booking| Some((self.clip(booking.booking.starts_at, booking.booking.ends_at)?, *booking)))
    }

    fn draw(&self, drawn: Stretch) -> AnyView {
        let mut items: Vec<(Stretch, AnyView)> = Vec::new();
        for stretch in self.closed(drawn) {
            let class = format!("closed {}", place(stretch, drawn));
            items.push((stretch, view! { <li class=class aria-hidden="true"></li> }.into_any()));
        }
        for off in self.time_off {
            let Some(stretch) = self.clip(off.starts_at, off.ends_at) else { continue };
            let Some(seen) = within(stretch, drawn) else { continue };
            let until = if stretch.1 == DAY.1 { "the end of the day".to_owned() } else { clock(stretch.1) };
            let title = format!("{}, from {} until {until}", off.words(), clock(stretch.0));
            items.push((
                stretch,
                view! {
                    <li class=place(seen, drawn)>
                        <a class="event off" href="/admin/hours#time-off" aria-label=title>
                            <b>{off.words()}</b>
                            {(stretch.0 > drawn.0).then(|| clock(stretch.0))}
                        </a>
                    </li>
                }
                .into_any(),
            ));
        }
        for (stretch, booking) in self.sessions() {
            items.push((stretch, self.event(stretch, drawn, booking)));
        }
        items.sort_by_key(|item| item.0);
        let items: Vec<AnyView> = items.into_iter().map(|item| item.1).collect();
        let weekday = &words::weekday(self.date)[..3];
        let number = self.date.0.day();
        let class = self.is_today.then_some("today");
        view! {
            <section class=class>
                <h2 aria-label=words::day(self.date)>{weekday}" "<b>{number}</b></h2>
                <ol>{items}</ol>
            </section>
        }
        .into_any()
    }

    fn event(&self, stretch: Stretch, drawn: Stretch, booking: &DeskBooking) -> AnyView {
        let mut class = "event".to_owned();
        if booking.is_call() {
            class.push_str(" free-call");
        }
        if self.fresh.contains(&booking.booking.id) {
            class.push_str(" fresh");
        }
        let label = format!("{}, {}, {}", booking.guest_name, clock(stretch.0), booking.details());
        let inside = view! {
            <b>{booking.guest_name.clone()}</b>
            {clock(stretch.0)}
        };
        let event = match booking.client_id {
            Some(id) => {
                view! { <a class=class href=format!("/admin/clients/{id}") aria-label=label>{inside}</a> }.into_any()
            }
            None => view! { <span class=class title=super::desk::UNPROVEN>{inside}</span> }.into_any(),
        };
        view! { <li class=place(stretch, drawn)>{event}</li> }.into_any()
    }
}

/// Draws the grid.
pub fn grid(label: String, columns: Vec<Column<'_>>) -> impl IntoView + use<> {
    let drawn = hours_drawn(&columns);
    let rule: Vec<_> = (drawn.0 / 60..drawn.1 / 60)
        .map(|hour| view! { <span class=format!("r-{}", (hour * 60 - drawn.0) / 15)>{format!("{hour:02}:00")}</span> })
        .collect();
    let days: Vec<AnyView> = columns.iter().map(|column| column.draw(drawn)).collect();
    view! {
        <div class=format!("week hours-{}", (drawn.1 - drawn.0) / 60) role="group" aria-label=label>
            <p class="rule" aria-hidden="true">{rule}</p>
            {days}
        </div>
    }
}

/// The whole hours that hold everything open and booked, as many as the style can draw.
fn hours_drawn(columns: &[Column<'_>]) -> Stretch {
    let open = columns.iter().flat_map(Column::open);
    let booked = columns.iter().flat_map(|column| column.sessions().map(|session| session.0));
    let (mut from, mut until) = (DAY.1, DAY.0);
    for stretch in open.chain(booked) {
        from = from.min(stretch.0);
        until = until.max(stretch.1);
    }
    if from >= until {
        (from, until) = (9 * 60, 17 * 60);
    }
    let (first, last) = (from / 60, until.div_ceil(60));
    let height = HEIGHTS.into_iter().find(|&height| height >= last - first).unwrap_or(24);
    let first = first.min(24 - height);
    (first * 60, (first + height) * 60)
}

fn within(stretch: Stretch, drawn: Stretch) -> Option<Stretch> {
    let (from, until) = (stretch.0.max(drawn.0), stretch.1.min(drawn.1));
    (from < until).then_some((from, until))
}

/// The classes that put a stretch where it belongs.
fn place(stretch: Stretch, drawn: Stretch) -> String {
    let row = (stretch.0 - drawn.0) / 15;
    let rows = (stretch.1 - drawn.0).div_ceil(15) - row;
    format!("r-{row} s-{rows}")
}

fn clock(minutes: u16) -> String {
    LocalTime::from_minutes(minutes).map(|time| time.to_string()).unwrap_or_default()
}
