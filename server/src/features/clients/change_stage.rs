//! What a therapist does with a relationship beside deciding: a break, an end, a new beginning.

use super::{Client, leave_letter, make, note_untold, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::practice::Therapist;
use crate::jobs::{self, Job};
use serde::{Deserialize, Serialize};
use shared::contact::{LONGEST_LETTER, text_problem};
use shared::ids::ClientId;
use shared::problem::{ErrorCode, UserError};
use shared::stage::{Move, Mover, Stage};

/// Moves a relationship on.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct MoveClientInput {
    /// Whose.
    pub client_id: ClientId,
    /// How; one of the client's `moves`.
    #[graphql(name = "move")]
    pub step: Move,
    /// A few kind words, only with `END`; they wait in the portal.
    pub letter: Option<String>,
}

impl MoveClientInput {
    fn letter(&self) -> Option<&str> {
        self.letter.as_deref().map(str::trim).filter(|letter| !letter.is_empty())
    }

    fn problems(&self) -> Vec<UserError> {
        let mut problems: Vec<UserError> =
            self.letter().and_then(|letter| text_problem("letter", letter, LONGEST_LETTER)).into_iter().collect();
        if self.letter().is_some() && self.step != Move::End {
            problems.push(UserError::on("letter", ErrorCode::Invalid, "A letter goes only with the end of the work."));
        }
        if !self.step.has_button() {
            let message = "This follows from what people do, and is not done by hand.";
            problems.push(UserError::on("move", ErrorCode::Invalid, message));
        }
        problems
    }

    /// Whether the client hears of it. To think again about a decision changes nothing for them yet.
    fn is_news(&self) -> bool {
        self.step != Move::TakeBack
    }
}

/// Moves a relationship on. The client is told after the outward delay, unless it is undone by then.
pub async fn move_client(app: &App, therapist: &Therapist, input: MoveClientInput) -> Result<ClientId> {
    Error::unless_fine(input.problems())?;
    let (clock, keys) = (app.clock.clone(), app.keys.clone());
    let outward_at = app.outward_at();
    let (therapist_id, actor) = (therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let (clock, keys, input) = (clock.clone(), keys.clone(), input.clone());
            Box::pin(async move {
                let client = store::client(tx, input.client_id).await?;
                let client = client.filter(|client| client.therapist_id == therapist_id).ok_or_else(|| {
                    Error::refused("clientId", ErrorCode::NotFound, "There is no such client of yours.")
                })?;
                let now = clock.now();
                let is_untold = client.standing(now).decision_waits().is_some();
                if input.step == Move::TakeBack && is_untold {
                    forget_decision(tx, &client).await?;
                }
                if input.is_news() {
                    note_untold(tx, &client, now, outward_at).await?;
                }
                make(tx, &clock, &client, input.step, Mover::Therapist, Some(actor)).await?;
                if let Some(letter) = input.letter() {
                    leave_letter(tx, &keys, &client, letter).await?;
                }
                audit::record(tx, now, Some(actor), "move client", Some(client.id.0)).await?;
                if input.is_news() {
                    let news = vec![Job::TellDecision { client_id: client.id }];
                    jobs::enqueue_no_sooner(tx, &clock, outward_at, news).await?;
                }
                Ok(client.id)
            })
        })
        .await
}

/// Undoes what came with a decision that its client does not know of. What they have done since is not undone for them.
async fn forget_decision(tx: &mut Tx, client: &Client) -> Result<()> {
    if client.stage == Stage::Invited && store::has_booked_since(tx, client.id, client.stage_since).await? {
        let message = "They have booked a session already. Call it off first, or talk with them.";
        return Err(Error::refused("clientId", ErrorCode::StageLocked, message));
    }
    if client.stage == Stage::ReferredOut {
        store::clear_letter(tx, client.id).await?;
    }
    Ok(())
}
