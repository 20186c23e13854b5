//! The practice's sessions: a list that can be narrowed down.

use super::desk::DeskBooking;
use crate::api::page_info::PageInfo;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, table};
use crate::ui::art;
use crate::ui::form::{code, encoded};
use crate::ui::pieces::{self, Notice, badge, notice};
use leptos::prelude::*;
use shared::booking::{BookingSource, BookingStatus};
use shared::ids::{BookingId, ClientId};
use shared::practice::Modality;
use shared::time::{Date, Instant};
use shared::words;
use shared::zone::ZoneTable;

/// Which sessions are wanted.
#[derive(cynic::InputObject, Debug, Clone, Default)]
pub struct BookingFilter {
    /// Only these statuses.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<Shared<BookingStatus>>>,
    /// Only those that came about like this.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub source: Option<Shared<BookingSource>>,
    /// Only those that take place like this.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub modality: Option<Shared<Modality>>,
    /// Only those whose name, address or reference has this in it.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Only those that begin at or after this.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// Only those that begin before this.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// Only those that took place, were missed or called off late, and are not paid for.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub is_overdue: Option<bool>,
    /// Only the sessions of this client.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// Latest first.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub is_latest_first: Option<bool>,
}

/// What the list asks with.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct BookingsVariables {
    /// The zone of the practice.
    pub zone: String,
    /// Which are wanted.
    pub filter: BookingFilter,
    /// Only those after this cursor.
    pub after: Option<String>,
}

/// What the list asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "BookingsVariables")]
pub struct BookingsQuery {
    /// The practice.
    pub practice: BookingsPractice,
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: BookingsViewer,
}

/// The practice's clock.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct BookingsPractice {
    /// What it shows.
    pub now: Instant,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "BookingsVariables")]
pub struct BookingsViewer {
    /// Her desk.
    pub therapist: Option<BookingsDesk>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "BookingsVariables")]
pub struct BookingsDesk {
    /// Her sessions.
    #[arguments(filter: $filter, after: $after, first: 50)]
    pub booking_list: Bookings,
}

/// A page of sessions.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "BookingConnection")]
pub struct Bookings {
    /// The sessions.
    pub nodes: Vec<DeskBooking>,
    /// Those of them that wait for documents or the intake form.
    pub held_up: Vec<BookingId>,
    /// Where the page ends.
    pub page_info: PageInfo,
}

/// A stretch of days that people ask for by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// Today.
    Today,
    /// Tomorrow.
    Tomorrow,
    /// This week, from Monday.
    ThisWeek,
    /// This month.
    ThisMonth,
    /// Next month.
    NextMonth,
    /// Last month.
    LastMonth,
    /// From now on.
    Ahead,
    /// Until now, latest first.
    Past,
    /// Every day there is, latest first.
    Any,
}

impl Days {
    /// Every preset, with its name in addresses and on the page.
    pub const ALL: [(Days, &'static str, &'static str); 9] = [
        (Days::Ahead, "ahead", "From today on"),
        (Days::Today, "today", "Today"),
        (Days::Tomorrow, "tomorrow", "Tomorrow"),
        (Days::ThisWeek, "week", "This week"),
        (Days::ThisMonth, "month", "This month"),
        (Days::NextMonth, "next-month", "Next month"),
        (Days::LastMonth, "last-month", "Last month"),
        (Days::Past, "past", "Before today"),
        (Days::Any, "any", "Any day"),
    ];

    /// The preset of an address; from today on where it names none.
    pub fn read(code: &str) -> Self {
        Days::ALL.into_iter().find(|(_, it, _)| *it == code).map_or(Days::Ahead, |(days, ..)| days)
    }

    fn code(self) -> &'static str {
        Days::ALL.into_iter().find(|(days, ..)| *days == self).map_or("", |(_, code, _)| code)
    }

    /// Whether the latest comes first: where days are over, it is the last ones that matter.
    pub fn is_latest_first(self) -> bool {
        matches!(self, Days::Past | Days::Any)
    }

    /// The first day and the day after the last; nothing where there is no end.
    pub fn range(self, today: Date) -> (Option<Date>, Option<Date>) {
        let first_of = |date: Date| date.plus_days(1 - i64::from(date.0.day()));
        let month = first_of(today);
        let next = first_of(month.plus_days(31));
        let monday = today.plus_days(-(today.weekday() as i64));
        match self {
            Days::Today => (Some(today), Some(today.plus_days(1))),
            Days::Tomorrow => (Some(today.plus_days(1)), Some(today.plus_days(2))),
            Days::ThisWeek => (Some(monday), Some(monday.plus_days(7))),
            Days::ThisMonth => (Some(month), Some(next)),
            Days::NextMonth => (Some(next), Some(first_of(next.plus_days(31)))),
            Days::LastMonth => (Some(first_of(month.plus_days(-1))), Some(month)),
            Days::Ahead => (Some(today), None),
            Days::Past => (None, Some(today)),
            Days::Any => (None, None),
        }
    }
}

/// What the list is narrowed to, as it stands in the address.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Which days.
    pub days: Days,
    /// Which status.
    pub status: Option<BookingStatus>,
    /// How it came about.
    pub source: Option<BookingSource>,
    /// How it takes place.
    pub modality: Option<Modality>,
    /// Only what is not paid for.
    pub overdue: bool,
    /// Only the sessions of one client.
    pub client: Option<ClientId>,
    /// What is looked for.
    pub search: String,
}

impl Choice {
    /// The same for everybody.
    fn of_everybody(&self) -> Choice {
        Choice { client: None, ..self.clone() }
    }

    /// The address of the list with this choice.
    pub fn href(&self) -> String {
        let mut pairs = vec![("days", self.days.code().to_owned())];
        pairs.extend(self.status.map(|status| ("status", code(status))));
        pairs.extend(self.source.map(|source| ("source", code(source))));
        pairs.extend(self.modality.map(|modality| ("modality", code(modality))));
        pairs.extend(self.overdue.then(|| ("overdue", "yes".to_owned())));
        pairs.extend(self.client.map(|client| ("client", client.to_string())));
        pairs.extend((!self.search.is_empty()).then(|| ("search", encoded(&self.search))));
        let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("/admin/bookings?{}", pairs.join("&"))
    }
}

/// Draws the list.
pub fn page(answer: BookingsQuery, choice: &Choice, is_first: bool, done: Option<Notice>) -> AnyView {
    let (zone, now) = (table(answer.time_zone.as_ref()), answer.practice.now);
    let page = answer.viewer.therapist.map(|desk| desk.booking_list);
    let (nodes, held_up, info) = page.map(|page| (page.nodes, page.held_up, Some(page.page_info))).unwrap_or_default();
    let list =
        if nodes.is_empty() { nothing().into_any() } else { rows(&nodes, &held_up, now, &zone, choice).into_any() };
    let more = info.and_then(PageInfo::next).map(|after| format!("{}&after={after}", choice.href()));
    let pager = pieces::pager((!is_first).then(|| choice.href()), more);
    view! {
        <div class="desk-head"><h1>"Sessions"</h1></div>
        <div class="stack">{filter(choice)} {list} {pager}</div>
        {notice(done)}
    }
    .into_any()
}

fn options<T: Copy + PartialEq + serde::Serialize>(
    all: &[(T, &'static str)],
    chosen: Option<T>,
) -> Vec<impl IntoView + use<T>> {
    let option = |(value, words): &(T, &'static str)| {
        let selected = chosen == Some(*value);
        view! { <option value=code(*value) selected=selected>{*words}</option> }
    };
    all.iter().map(option).collect()
}

fn filter(choice: &Choice) -> impl IntoView + use<> {
    let days = Days::ALL.map(|(days, code, words)| {
        let selected = choice.days == days;
        view! { <option value=code selected=selected>{words}</option> }
    });
    let statuses = BookingStatus::ALL.map(|status| (status, status.words()));
    let sources = BookingSource::ALL.map(|source| (source, source.words()));
    let modalities = Modality::ALL.map(|it| (it, it.words()));
    let one = choice.client.map(|client| {
        view! {
            <input type="hidden" name="client" value=client.to_string() />
            <p class="soft">
                "Only the sessions of "<a href=format!("/admin/clients/{client}")>"one client"</a>". "
                <a href=choice.of_everybody().href()>"Everybody’s"</a>
            </p>
        }
    });
    view! {
        <form class="filter" method="get" action="/admin/bookings">
            <div class="field">
                <label for="days">"When"</label>
                <select id="days" name="days">{days.into_iter().collect::<Vec<_>>()}</select>
            </div>
            <div class="field">
                <label for="status">"Status"</label>
                <select id="status" name="status">
                    <option value="">"Any"</option>
                    {options(&statuses, choice.status)}
                </select>
            </div>
            <div class="field">
                <label for="modality">"How"</label>
                <select id="modality" name="modality">
                    <option value="">"Any"</option>
                    {options(&modalities, choice.modality)}
                </select>
            </div>
            <div class="field">
                <label for="source">"How it came about"</label>
                <select id="source" name="source">
                    <option value="">"Any"</option>
                    {options(&sources, choice.source)}
                </select>
            </div>
            <div class="field">
                <label for="search">"Name, email or reference"</label>
                <input id="search" name="search" type="search" value=choice.search.clone() autocomplete="off" />
            </div>
            <label class="tick">
                <input type="checkbox" name="overdue" value="yes" checked=choice.overdue />
                <span>"Not paid yet"</span>
            </label>
            <button class="button quiet small">"Show"</button>
            {one}
        </form>
    }
}

fn nothing() -> impl IntoView {
    view! {
        <div class="empty">
            {art::small_door()}
            <div class="stack"><h3>"No sessions here"</h3><p>"Choose other days, or leave out a condition."</p></div>
        </div>
    }
}

fn rows(
    bookings: &[DeskBooking],
    held_up: &[BookingId],
    now: Instant,
    zone: &ZoneTable,
    choice: &Choice,
) -> impl IntoView + use<> {
    let row = |booking: &DeskBooking| {
        let session = &booking.booking;
        let when = pieces::listed(session.starts_at, now, zone);
        let held = held_up
            .contains(&session.id)
            .then(|| view! { <br /><span class="badge pending">"Waits for documents"</span> });
        let name = format!("Choose {}, {}", booking.guest_name, words::listed(session.starts_at, now, zone));
        // What was called off or never paid for cannot be worked on.
        let is_there = !matches!(session.status.0, BookingStatus::Cancelled | BookingStatus::Expired);
        let pick = is_there.then(|| {
            view! {
                <label class="pick">
                    <input type="checkbox" name="booking" value=session.id.to_string() aria-label=name />
                </label>
            }
        });
        view! {
            <tr>
                <td>{pick}</td>
                <th scope="row"><a href=format!("/admin/bookings/{}", session.id)>{when}</a></th>
                <td>{booking.who()}</td>
                <td>{booking.details()}</td>
                <td>{badge(session.status.0, session.ends_at, now)}{held}</td>
            </tr>
        }
    };
    view! {
        <form method="post" action="/admin/bookings" class="stack">
            <input type="hidden" name="back" value=choice.href() />
            <div class="scroll">
                <table class="table stacks">
                    <caption>{words::city(&zone.name)}" time."</caption>
                    <thead>
                        <tr>
                            <th scope="col"><span class="visually-hidden">"Choose"</span></th>
                            <th scope="col">"When"</th>
                            <th scope="col">"Who"</th>
                            <th scope="col">"What"</th>
                            <th scope="col">"Status"</th>
                        </tr>
                    </thead>
                    <tbody>{bookings.iter().map(row).collect::<Vec<_>>()}</tbody>
                </table>
            </div>
            <fieldset class="field">
                <legend>"Do this with those you chose"</legend>
                <div class="cluster">
                    <button class="button quiet small" name="do" value="complete">"Mark as done"</button>
                    <button class="button quiet small" name="do" value="no-show">"Mark as missed"</button>
                </div>
                <details class="more">
                    <summary>"Cancel them"</summary>
                    <p>"Each of them is told, after the usual few minutes. It never costs them anything."</p>
                    <button class="button danger small" name="do" value="cancel">"Cancel those I chose"</button>
                </details>
            </fieldset>
        </form>
    }
}
