//! What the page of being away asks.

use crate::admin::desk::DeskBooking;
use crate::admin::series::FreeSlot;
use crate::admin::today::TodayPractice;
use crate::api::make_up::MakeUp;
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, ZoneVariablesFields};
use shared::holidays::HolidaySet;
use shared::ids::SeriesId;
use shared::time::{Date, Instant, LocalTime};

/// What the page asks before days are chosen.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct AbsenceQuery {
    /// The practice.
    pub practice: TodayPractice,
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: AbsenceViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct AbsenceViewer {
    /// Her desk.
    pub therapist: Option<AbsenceDesk>,
}

/// The therapist's holidays.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk")]
pub struct AbsenceDesk {
    /// Those she has not said anything about.
    pub holidays_ahead: Vec<HolidayLine>,
    /// Whose are looked at.
    pub holiday_sets: Vec<Shared<HolidaySet>>,
    /// Times she offered lately, and what became of that.
    pub make_ups: Vec<OfferedMakeUp>,
}

/// Times she offered in place of a session.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct OfferedMakeUp {
    /// The times, and where it stands.
    pub make_up: MakeUp,
    /// The session that was called off.
    pub session: DeskBooking,
}

/// A public holiday ahead.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "HolidayAhead")]
pub struct HolidayLine {
    /// The day.
    pub date: Date,
    /// What it is called.
    pub name: String,
}

/// Which days are asked about.
#[derive(cynic::InputObject, Debug, Clone)]
#[cynic(graphql_type = "PlanAbsenceInput")]
pub struct Days {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// When it begins on the first day.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub from_time: Option<LocalTime>,
    /// When it ends on the last day.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub to_time: Option<LocalTime>,
}

/// Which days are asked about.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct PlanVariables {
    /// The days.
    pub input: Days,
}

/// Asks what being away would mean.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "PlanVariables")]
pub struct PlanQuery {
    /// Whoever is signed in.
    pub viewer: PlanViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "PlanVariables")]
pub struct PlanViewer {
    /// Her desk.
    pub therapist: Option<PlanDesk>,
}

/// The therapist's plan.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "PlanVariables")]
pub struct PlanDesk {
    /// What being away would mean.
    #[arguments(input: $input)]
    pub absence_plan: PlanAnswer,
}

/// What being away would mean, or why that cannot be said.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "AbsencePlanAnswer")]
pub struct PlanAnswer {
    /// The plan.
    pub plan: Option<Plan>,
    /// Why there is none.
    pub user_errors: Vec<PlanProblem>,
}

/// Why there is no plan.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "UserError")]
pub struct PlanProblem {
    /// The field it is about.
    pub field: Option<Vec<String>>,
    /// What to do about it.
    pub message: String,
}

/// What being away would mean.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "AbsencePlan")]
pub struct Plan {
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// The sessions that fall into it.
    pub affected: Vec<Affected>,
    /// The days of standing places that do.
    pub places: Vec<AffectedDay>,
}

/// A session that falls into it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "AffectedSession")]
pub struct Affected {
    /// The session.
    pub session: DeskBooking,
    /// Times that could stand in for it.
    pub proposals: Vec<FreeSlot>,
    /// Whether they can be offered.
    pub can_offer: bool,
}

/// A day of a standing place that falls into it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "AffectedDay")]
pub struct AffectedDay {
    /// When it would begin.
    pub starts_at: Instant,
    /// The place.
    pub series: AffectedPlace,
}

/// A standing place.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Series")]
pub struct AffectedPlace {
    /// Which.
    pub id: SeriesId,
    /// What its client is called.
    pub client_name: String,
}
