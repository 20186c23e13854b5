//! What the page of standing places asks.

use crate::admin::clients::Clients;
use crate::admin::today::TodayPractice;
use crate::api::schema::{Shared, schema};
use crate::api::zone::Zone;
use shared::ids::{BookingId, ClientId, SeriesId, SessionTypeId};
use shared::practice::{Gate, Modality};
use shared::series::TakenBy;
use shared::stage::Stage;
use shared::time::{Date, Instant, LocalTime};

/// What the page is asked for.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct SeriesVariables {
    /// The zone of the practice.
    pub zone: String,
    /// What is looked for among the clients a place can be kept for.
    pub search: Option<String>,
}

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "SeriesVariables")]
pub struct SeriesQuery {
    /// The practice.
    pub practice: TodayPractice,
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: SeriesViewer,
}

/// The practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticeDesk")]
pub struct SeriesPractice {
    /// What can be booked, also what the public pages do not list.
    pub session_types: Vec<TypeLine>,
}

/// What can be booked, as a choice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct TypeLine {
    /// Which.
    pub id: SessionTypeId,
    /// Its name.
    pub name: String,
    /// How long it is.
    pub minutes: i32,
    /// Who may book it.
    pub gate: Shared<Gate>,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "SeriesVariables")]
pub struct SeriesViewer {
    /// The practice she works in.
    pub practice: Option<SeriesPractice>,
    /// Her desk.
    pub therapist: Option<SeriesDesk>,
}

/// The therapist's places.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "SeriesVariables")]
pub struct SeriesDesk {
    /// By weekday and time.
    pub series: Vec<PlaceLine>,
    /// What found no room.
    pub series_conflicts: Vec<ConflictLine>,
    /// Clients she would like to work with.
    #[cynic(alias, rename = "clients")]
    #[arguments(stage: INVITED, search: $search, first: 100)]
    pub invited: Clients,
    /// Clients of whom something is missing.
    #[cynic(alias, rename = "clients")]
    #[arguments(stage: INTAKE_PENDING, search: $search, first: 100)]
    pub pending: Clients,
    /// Clients she works with.
    #[cynic(alias, rename = "clients")]
    #[arguments(stage: ACTIVE, search: $search, first: 100)]
    pub active: Clients,
}

impl SeriesDesk {
    /// Whom a place can be kept for, by name, and whether there are more than were asked for.
    pub fn people(&self) -> (Vec<Person>, bool) {
        let parts = [&self.invited, &self.pending, &self.active];
        let all = parts.into_iter().flat_map(|part| &part.nodes);
        let mut people: Vec<Person> = all.map(|it| Person { id: it.id, name: it.name.clone() }).collect();
        people.sort_by_key(|person| person.name.to_lowercase());
        (people, parts.into_iter().any(|part| part.page_info.has_next_page))
    }
}

/// Somebody a place can be kept for.
#[derive(Debug, Clone)]
pub struct Person {
    /// Which client.
    pub id: ClientId,
    /// What they are called.
    pub name: String,
}

/// Which client is chosen before the form is opened.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct ChosenVariables {
    /// The client.
    pub id: ClientId,
}

/// What is asked about the client who is chosen.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ChosenVariables")]
pub struct ChosenQuery {
    /// Whoever is signed in.
    pub viewer: ChosenViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "ChosenVariables")]
pub struct ChosenViewer {
    /// Her desk.
    pub therapist: Option<ChosenDesk>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "ChosenVariables")]
pub struct ChosenDesk {
    /// The client.
    #[arguments(id: $id)]
    pub client: Option<ChosenClient>,
}

/// The client who is chosen.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Client")]
pub struct ChosenClient {
    /// Where the relationship is.
    pub stage: Shared<Stage>,
    /// How to reach them.
    pub contact: ChosenName,
}

/// What a client is called.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Contact")]
pub struct ChosenName {
    /// Their name.
    pub name: String,
}

/// A standing place as the list shows it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Series")]
pub struct PlaceLine {
    /// Which.
    pub id: SeriesId,
    /// What its client is called.
    pub client_name: String,
    /// The rhythm and the time.
    pub words: String,
    /// The last day there may be a session.
    pub ends_on: Option<Date>,
    /// How long a session is.
    pub minutes: i32,
    /// How it takes place.
    pub modality: Shared<Modality>,
    /// What it is.
    pub session_type: Option<TypeLabel>,
    /// The next time.
    #[arguments(first: 1)]
    pub upcoming: Vec<PlaceDate>,
    /// A clock change that is near.
    pub clock_change: Option<ClockLine>,
}

/// What a session is, by name.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct TypeLabel {
    /// Its name.
    pub name: String,
}

/// One time of a place.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SeriesDate")]
pub struct PlaceDate {
    /// The day it is called by.
    pub date: Date,
    /// When it begins.
    pub starts_at: Instant,
    /// Whether it is at another time than the place.
    pub is_moved: bool,
    /// Whether the clocks jump over the agreed time.
    pub is_shifted_by_clocks: bool,
    /// Whether the clocks show the agreed time twice.
    pub is_repeated_by_clocks: bool,
    /// The session in the calendar.
    pub booking_id: Option<BookingId>,
}

/// A clock change that is near.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "ClockChange")]
pub struct ClockLine {
    /// The first day at the other time.
    pub from: Date,
    /// The time then, on the client's clock.
    pub time: LocalTime,
    /// The time it would have been.
    pub instead_of: LocalTime,
}

/// A session that found no room.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SeriesConflict")]
pub struct ConflictLine {
    /// The place.
    pub series: ConflictPlace,
    /// The day it is called by.
    pub date: Date,
    /// When it should begin.
    pub starts_at: Instant,
    /// What is in the way.
    pub taken_by: Shared<TakenBy>,
    /// The nearest free times.
    pub alternatives: Vec<FreeSlot>,
}

/// The place of a session that found no room.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Series")]
pub struct ConflictPlace {
    /// Which.
    pub id: SeriesId,
    /// What its client is called.
    pub client_name: String,
}

/// A free time.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Slot")]
pub struct FreeSlot {
    /// When it begins.
    pub starts_at: Instant,
}
