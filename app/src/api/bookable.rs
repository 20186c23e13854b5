//! What can be booked, as more than one surface asks for it.

use super::amount::Amount;
use super::schema::{Shared, schema};
use shared::ids::SessionTypeId;
use shared::practice::{Gate, Modality};

/// A session type, as the booking pages need it.
#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "SessionType")]
pub struct BookSessionType {
    /// Which.
    pub id: SessionTypeId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub summary: String,
    /// How long it is.
    pub minutes: i32,
    /// How far ahead it can be booked.
    pub horizon_days: i32,
    /// Who may book it.
    pub gate: Shared<Gate>,
    /// How it takes place.
    pub modality: Shared<Modality>,
    /// What it costs.
    pub price: Amount,
}
