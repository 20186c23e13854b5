//! What everyone who works in the practice sees of it.

use super::offer::OfferedType;
use super::{Practice, SessionType};
use crate::features::practice::Catalogue;
use crate::features::practice::rooms::{self, Room};
use crate::graphql::app;
use async_graphql::{Context, Object, Result};
use std::sync::Arc;

/// What everyone who works in the practice sees of it, whether they have a calendar or not.
pub struct PracticeDesk(pub Arc<Catalogue>);

/// What everyone who works in the practice sees of it, whether they have a calendar or not.
#[Object]
impl PracticeDesk {
    /// How the public pages show it.
    async fn profile(&self) -> Practice {
        Practice(self.0.clone())
    }
    /// Everything that can be booked, also what the public pages do not list.
    async fn session_types(&self) -> Vec<SessionType> {
        self.0.offered().filter_map(|session_type| SessionType::find(&self.0, session_type.id)).collect()
    }
    /// Everything the practice sells or once did, with every rule about it, in the order of the pages.
    async fn offer(&self) -> Vec<OfferedType> {
        OfferedType::all(&self.0)
    }
    /// The rooms of the practice, those that are retired too, in the order in which they are filled.
    async fn rooms(&self, ctx: &Context<'_>) -> Result<Vec<Room>> {
        Ok(rooms::all(app(ctx)).await?)
    }
    /// How many sessions one therapist has on a day at most, of every type together; absent when there is no limit.
    async fn sessions_per_day(&self) -> Option<u32> {
        self.0.practice.settings.sessions_per_day
    }
    /// How many sessions come in a row at most; absent when there is no limit.
    async fn consecutive_sessions(&self) -> Option<u32> {
        self.0.practice.settings.consecutive_sessions
    }
    /// Minutes of break after that many.
    async fn break_minutes(&self) -> u32 {
        self.0.practice.settings.break_minutes
    }
    /// How many sessions a client may have ahead at most, standing places left out; absent when there is no limit.
    async fn bookings_ahead(&self) -> Option<u32> {
        self.0.practice.settings.bookings_ahead
    }
    /// How many weeks ahead the sessions of standing places are in the calendar.
    async fn series_weeks_ahead(&self) -> i64 {
        self.0.practice.settings.series_weeks_ahead
    }
    /// For how many minutes a time is kept that is to be paid for first.
    async fn payment_minutes(&self) -> u32 {
        self.0.practice.settings.payment_minutes
    }
    /// From so many minutes after its start a session can be marked as missed.
    async fn no_show_minutes(&self) -> i64 {
        self.0.practice.settings.no_show_minutes
    }
    /// So many minutes after a first call its therapist is asked for a decision.
    async fn prompt_minutes(&self) -> i64 {
        self.0.practice.settings.prompt_minutes
    }
    /// After a break of at most so many months clients come back without another call.
    async fn return_months(&self) -> i64 {
        self.0.practice.settings.return_months
    }
    /// Where a bank transfer goes, line by line; empty where none is taken.
    async fn bank_details(&self) -> &[String] {
        &self.0.practice.settings.bank_details
    }
}
