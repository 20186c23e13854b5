//! What a session costs somebody.

use serde::{Deserialize, Serialize};

/// Which of a practice's two price lists a client pays by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum PriceClass {
    /// At home, in the practice's own currency.
    Domestic,
    /// From abroad.
    International,
}
