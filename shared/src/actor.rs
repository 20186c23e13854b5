//! Who acts.

use serde::{Deserialize, Serialize};

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Role {
    /// Books, pays, writes and reads for themselves.
    Client,
    /// Sees clients.
    Therapist,
    /// Runs calendar, money and contact; never sees notes or messages.
    Assistant,
    /// Runs the practice, and may also see clients.
    Owner,
}

impl Role {
    /// Whether this role works in the practice, and so needs a second factor to sign in.
    pub fn is_staff(self) -> bool {
        !matches!(self, Role::Client)
    }
}
