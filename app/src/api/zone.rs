//! Time zones, as pages ask for them.

use super::schema::schema;
use serde::Serialize;
use shared::zone::ZoneTable;

/// A time zone, as a page needs it.
#[derive(cynic::QueryFragment, Serialize, Debug, Clone)]
#[cynic(graphql_type = "TimeZoneTable")]
pub struct Zone {
    /// When its clocks change and by how much.
    pub table: ZoneTable,
}

/// Which time zone is asked for.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct ZoneVariables {
    /// Its IANA name.
    pub name: String,
}

/// Asks for a time zone.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct ZoneQuery {
    /// The zone, if there is one of that name.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
}

/// A zone's table; UTC where there is none.
pub fn table(zone: Option<&Zone>) -> ZoneTable {
    zone.map_or_else(ZoneTable::utc, |zone| zone.table.clone())
}
