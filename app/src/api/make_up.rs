//! Times that are offered in place of a session, as more than one page asks for them.

use super::schema::schema;
use serde::Serialize;
use shared::ids::MakeUpId;
use shared::time::Instant;

/// Where an offer stands.
#[derive(cynic::Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum MakeUpState {
    /// The times are kept until it is answered.
    Open,
    /// One of them was taken.
    Taken,
    /// None of them suited.
    Declined,
    /// Nobody answered in time.
    Expired,
}

/// Times that are offered in place of a session.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "MakeUp")]
#[serde(rename_all = "camelCase")]
pub struct MakeUp {
    /// Which.
    pub id: MakeUpId,
    /// Where it stands.
    pub state: MakeUpState,
    /// Whether one can be taken now.
    pub is_open: bool,
    /// The times.
    pub times: Vec<MakeUpTime>,
    /// Until when they are kept.
    pub until: Instant,
    /// The session that was called off.
    pub booking: GoneSession,
}

/// One of the times.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[serde(rename_all = "camelCase")]
pub struct MakeUpTime {
    /// When the session would begin.
    pub starts_at: Instant,
}

/// The session that was called off.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "Booking")]
#[serde(rename_all = "camelCase")]
pub struct GoneSession {
    /// When it would have begun.
    pub starts_at: Instant,
    /// The zone its client reads times in.
    pub guest_time_zone: String,
}
