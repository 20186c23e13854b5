//! What became of a booking, step by step.

use super::store;
use crate::app::App;
use crate::clock::Clock;
use crate::db::Tx;
use crate::error::Result;
pub use shared::booking::{ByWhom, StepKind};
use shared::ids::{BookingId, UserId};
use shared::time::Instant;

/// Who does something to a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doer {
    /// On whose side.
    pub by_whom: ByWhom,
    /// Who, if they are signed in.
    pub actor: Option<UserId>,
}

impl Doer {
    /// The client.
    pub fn client(actor: Option<UserId>) -> Self {
        Doer { by_whom: ByWhom::Client, actor }
    }

    /// Somebody of the practice.
    pub fn practice(actor: UserId) -> Self {
        Doer { by_whom: ByWhom::Practice, actor: Some(actor) }
    }

    /// Nobody.
    pub const SYSTEM: Doer = Doer { by_whom: ByWhom::System, actor: None };
}

/// One step of a booking.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Step {
    /// What happened.
    pub step: StepKind,
    /// On whose side.
    pub by_whom: ByWhom,
    /// Who, if they were signed in.
    pub actor_id: Option<UserId>,
    /// When.
    pub at: Instant,
    /// When the session was to begin before it was moved.
    pub was_at: Option<Instant>,
    /// Why, in words for the practice.
    pub note: Option<String>,
}

/// The steps of a booking, in order.
pub async fn of_booking(app: &App, id: BookingId) -> Result<Vec<Step>> {
    Ok(store::steps(&mut app.db.read().await?, id).await?)
}

/// Notes a step inside the write that takes it.
pub(super) async fn note(
    tx: &mut Tx,
    clock: &Clock,
    id: BookingId,
    step: StepKind,
    doer: Doer,
    was_at: Option<Instant>,
    note: Option<&str>,
) -> Result<()> {
    let row = Step {
        step,
        by_whom: doer.by_whom,
        actor_id: doer.actor,
        at: clock.now(),
        was_at,
        note: note.map(str::to_owned),
    };
    Ok(store::insert_step(tx, clock.new_id(), id, &row).await?)
}
