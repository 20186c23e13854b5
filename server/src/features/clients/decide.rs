//! After the discovery call: work together, not the right fit, or later.

use super::{leave_letter, move_on, note_untold, store};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::features::practice::Therapist;
use crate::jobs::{self, Job};
use serde::{Deserialize, Serialize};
use shared::contact::text_problem;
use shared::ids::ClientId;
use shared::problem::{ErrorCode, UserError};
use shared::stage::{DiscoveryDecision, Stage};

/// The therapist's answer after a discovery call.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
pub struct DecideDiscoveryInput {
    /// About whom.
    pub client_id: ClientId,
    /// What she decided.
    pub decision: DiscoveryDecision,
    /// The letter for somebody who is better helped elsewhere; only with `NOT_THE_RIGHT_FIT`.
    pub letter: Option<String>,
}

/// The longest letter, in characters.
pub(super) const LONGEST_LETTER: usize = 5000;

impl DecideDiscoveryInput {
    /// Everything wrong with it.
    pub fn problems(&self) -> Vec<UserError> {
        let letter = self.letter.as_deref().map(str::trim).unwrap_or_default();
        let mut problems = Vec::new();
        if self.decision == DiscoveryDecision::NotTheRightFit && letter.is_empty() {
            problems.push(UserError::on(
                "letter",
                ErrorCode::Required,
                "Please leave a few kind words and where to turn.",
            ));
        }
        problems.extend(text_problem("letter", letter, LONGEST_LETTER));
        problems
    }
}

/// Takes the decision: the stage moves, the portal opens or the letter waits in it, and the client is told after the
/// outward delay.
pub async fn decide(app: &App, therapist: &Therapist, input: DecideDiscoveryInput) -> Result<ClientId> {
    Error::unless_fine(input.problems())?;
    let (clock, db_keys) = (app.clock.clone(), app.keys.clone());
    let delay = i64::from(app.config.outward_delay_minutes);
    let (therapist_id, actor) = (therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let (clock, db_keys, input) = (clock.clone(), db_keys.clone(), input.clone());
            Box::pin(async move {
                let client = store::client(tx, input.client_id).await?;
                let client = client.filter(|client| client.therapist_id == therapist_id).ok_or(Error::NotFound)?;
                let to = client.stage.decide(input.decision).map_err(|undecidable| {
                    let words = undecidable.0.for_therapist();
                    Error::refused(
                        "clientId",
                        ErrorCode::AlreadyDone,
                        format!("There is nothing to decide here: {}.", words.now),
                    )
                })?;
                let now = clock.now();
                store::set_discovery_completed(tx, client.id, now).await?;
                if let (Stage::ReferredOut, Some(letter)) = (to, input.letter.as_deref()) {
                    leave_letter(tx, &db_keys, &client, letter).await?;
                }
                audit::record(tx, now, Some(actor), "decide discovery", Some(client.id.0)).await?;
                if to != client.stage {
                    move_on(tx, &clock, &client, to, Some(actor)).await?;
                    note_untold(tx, &client).await?;
                    let job = Job::TellDecision { client_id: client.id };
                    jobs::enqueue(tx, &clock, now.plus_minutes(delay), &job).await?;
                }
                Ok(client.id)
            })
        })
        .await
}
