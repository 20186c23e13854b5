//! How a relationship got where it is, and how much of it its client knows.

use super::store;
use crate::app::App;
use crate::error::Result;
use shared::ids::{ClientId, UserId};
use shared::stage::{Move, Mover, Stage};
use shared::time::Instant;

/// One move from stage to stage.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StageMove {
    /// Where it came from; empty for the first.
    pub from_stage: Option<Stage>,
    /// Where it went.
    pub to_stage: Stage,
    /// When.
    pub at: Instant,
    /// Who was signed in and moved it; empty when it was the client by a link, or nobody.
    pub actor_id: Option<UserId>,
    /// What they are called.
    pub actor_name: Option<String>,
    /// Whose relationship it is.
    pub user_id: UserId,
    /// Whether the client knows of it.
    pub news: MoveNews,
}

/// Whether a client knows of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MoveNews {
    /// They made it, it happened by itself, or they were told.
    Known,
    /// They are told when its news leaves.
    Waits,
    /// It was undone before they were told.
    Silence,
}

impl StageMove {
    /// What was made, and on whose side; nothing for the first.
    pub fn made(&self) -> Option<(Move, Mover)> {
        let side = |actor| if actor == self.user_id { Mover::Client } else { Mover::Therapist };
        let signed = self.actor_id.map(side);
        Move::made(self.from_stage?, self.to_stage, signed)
    }

    /// What is said of it to the client.
    pub fn for_client(&self) -> &'static str {
        self.made().map_or_else(|| Move::beginning(self.to_stage), |(step, _)| step.words().client)
    }
}

/// How a relationship got where it is, earliest first.
pub async fn all(app: &App, id: ClientId) -> Result<Vec<StageMove>> {
    Ok(store::moves(&mut app.db.read().await?, id).await?)
}

/// How a relationship got where its client knows it to be.
pub async fn known(app: &App, id: ClientId) -> Result<Vec<StageMove>> {
    let mut moves = all(app, id).await?;
    moves.retain(|step| step.news == MoveNews::Known);
    Ok(moves)
}
