//! What a practice offers: session types, modalities, hours.

use serde::{Deserialize, Serialize};

/// How a session takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Modality {
    /// A video call.
    Online,
    /// A phone call.
    Phone,
    /// In the practice.
    InPerson,
}

impl Modality {
    /// Every way, in the order in which pages offer them.
    pub const ALL: [Modality; 3] = [Modality::Online, Modality::Phone, Modality::InPerson];

    /// How it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            Modality::Online => "Video call",
            Modality::Phone => "Phone call",
            Modality::InPerson => "In person",
        }
    }
}

/// What is paid before a session is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Prepay {
    /// Nothing: it is paid after the session.
    Nothing,
    /// A deposit.
    Deposit,
    /// The whole price.
    All,
}

/// Who may book a session type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum Gate {
    /// Anyone, without an account: the free discovery call.
    Discovery,
    /// Clients the therapist has decided to work with.
    Clients,
}
