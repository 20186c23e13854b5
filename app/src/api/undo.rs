//! What was last done to a session, as more than one page asks for it.

use super::schema::{Shared, schema};
use crate::ui::undo::Undo;
use shared::booking::{ByWhom, StepKind};
use shared::time::Instant;

/// The last change of a session that nobody has been told of.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "UndoableChange")]
pub struct LastChange {
    /// What was done.
    pub step: Shared<StepKind>,
    /// On whose side.
    pub by_whom: Shared<ByWhom>,
    /// Until when it can be taken back.
    pub until: Instant,
    /// When the session would begin again.
    pub starts_at: Instant,
}

impl LastChange {
    /// The offer to whoever is on one side, if it was they who made the change.
    pub fn offer(
        &self,
        side: ByWhom,
        action: String,
        clock: impl Fn(Instant) -> String,
        moment: impl Fn(Instant) -> String,
    ) -> Option<Undo> {
        if self.by_whom.0 != side {
            return None;
        }
        let until = clock(self.until);
        let (words, label) = match self.step.0 {
            StepKind::Moved => {
                let to = moment(self.starts_at);
                (
                    format!("The wrong time? Until {until} you can move it back to {to}, as if nothing had happened."),
                    "Move it back",
                )
            }
            _ => {
                let words =
                    format!("Changed your mind? Until {until} you can bring it back, as if nothing had happened.");
                (words, "Bring it back")
            }
        };
        Some(Undo { action, words, label: label.to_owned() })
    }
}
