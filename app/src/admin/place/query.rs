//! What the page of one standing place asks.

use crate::admin::series::{ClockLine, PlaceDate, TypeLabel};
use crate::admin::today::TodayPractice;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, ZoneVariablesFields};
use shared::ids::{ClientId, SeriesId};
use shared::money::Currency;
use shared::practice::Modality;
use shared::series::Cadence;
use shared::time::{Date, LocalTime, Weekday};

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct PlaceQuery {
    /// The practice.
    pub practice: TodayPractice,
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: PlaceViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct PlaceViewer {
    /// Her desk.
    pub therapist: Option<PlaceDesk>,
}

/// The therapist's places.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk")]
pub struct PlaceDesk {
    /// All of them.
    pub series: Vec<Place>,
}

/// A standing place.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Series")]
pub struct Place {
    /// Which.
    pub id: SeriesId,
    /// Whose.
    pub client_id: ClientId,
    /// What its client is called.
    pub client_name: String,
    /// How often.
    pub cadence: Shared<Cadence>,
    /// The day of the week.
    pub weekday: Shared<Weekday>,
    /// The time.
    pub time: LocalTime,
    /// The rhythm and the time.
    pub words: String,
    /// No session is earlier.
    pub starts_on: Date,
    /// The last day there may be a session.
    pub ends_on: Option<Date>,
    /// How long a session is.
    pub minutes: i32,
    /// How it takes place.
    pub modality: Shared<Modality>,
    /// A price of its own.
    pub price: Option<PlacePrice>,
    /// What it is.
    pub session_type: Option<TypeLabel>,
    /// Its next times.
    #[arguments(first: 12)]
    pub upcoming: Vec<PlaceDate>,
    /// The days that are left out.
    pub left_out: Vec<Date>,
    /// A clock change that is near.
    pub clock_change: Option<ClockLine>,
}

/// A price of its own.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Money")]
pub struct PlacePrice {
    /// In minor units.
    pub amount: i32,
    /// What it is counted in.
    pub currency: Shared<Currency>,
}
