//! What everyone who works in the practice sees of it.

use super::{Practice, SessionType};
use crate::features::practice::{self, Catalogue, Room};
use crate::graphql::app;
use async_graphql::{Context, Object, Result};
use shared::ids::RoomId;
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
        (0..self.0.session_types.len()).map(|index| SessionType { catalogue: self.0.clone(), index }).collect()
    }
    /// The rooms of the practice, in its order; none where it keeps no list.
    async fn rooms(&self, ctx: &Context<'_>) -> Result<Vec<Room>> {
        Ok(practice::rooms(app(ctx)).await?)
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
}

/// A room of the practice.
#[Object]
impl Room {
    /// Which.
    async fn id(&self) -> RoomId {
        self.id
    }
    /// What it is called.
    async fn name(&self) -> &str {
        &self.name
    }
}
