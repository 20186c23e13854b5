//! The statement of a client in the API.

use crate::features::money::ledger::Line;
use async_graphql::Object;
use shared::ids::BookingId;
use shared::ledger::EntryKind;
use shared::money::Money;
use shared::time::Instant;

/// One line of a client's statement: a charge, a fee, a payment, and what it did to what they owe.
#[Object(name = "StatementLine")]
impl Line {
    /// What it was.
    async fn kind(&self) -> EntryKind {
        self.kind
    }
    /// What it added to what is owed; money that came in is below zero.
    async fn amount(&self) -> Option<Money> {
        self.money()
    }
    /// The session it is about.
    async fn booking_id(&self) -> Option<BookingId> {
        self.booking_id
    }
    /// When that session begins.
    async fn session_at(&self) -> Option<Instant> {
        self.session_at
    }
    /// When it was noted.
    async fn at(&self) -> Instant {
        self.at
    }
}
