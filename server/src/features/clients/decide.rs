//! After the discovery call: work together, not the right fit, or later.

use super::{Client, leave_letter, move_on, note_untold, store};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::features::practice::{self, Therapist, zones};
use crate::jobs::{self, Job};
use serde::{Deserialize, Serialize};
use shared::contact::{LONGEST_LETTER, text_problem};
use shared::ids::ClientId;
use shared::problem::{ErrorCode, UserError};
use shared::stage::{DiscoveryDecision, Stage, Undecidable};
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

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
    let outward_at = app.outward_at();
    let (therapist_id, actor) = (therapist.id, therapist.user_id);
    let zone_name = &practice::catalogue(app).await?.practice.time_zone;
    let zone = zones::find("clientId", zone_name, app.clock.now())?;
    app.db
        .write(move |tx| {
            let (clock, db_keys, input, zone) = (clock.clone(), db_keys.clone(), input.clone(), zone.clone());
            Box::pin(async move {
                let client = store::client(tx, input.client_id).await?;
                let client = client.filter(|client| client.therapist_id == therapist_id).ok_or(Error::NotFound)?;
                let now = clock.now();
                let call = store::call_ahead(tx, client.id).await?;
                let to = client.stage.decide(input.decision, call, now).map_err(|why| refusal(why, &zone))?;
                store::set_discovery_completed(tx, client.id, now).await?;
                if let (Stage::ReferredOut, Some(letter)) = (to, input.letter.as_deref()) {
                    leave_letter(tx, &db_keys, &client, letter).await?;
                }
                audit::record(tx, now, Some(actor), "decide discovery", Some(client.id.0)).await?;
                if to != client.stage {
                    note_untold(tx, &client, now, outward_at).await?;
                    move_on(tx, &clock, &client, to, Some(actor)).await?;
                    let news = vec![Job::TellDecision { client_id: client.id }];
                    jobs::enqueue_no_sooner(tx, &clock, outward_at, news).await?;
                }
                Ok(client.id)
            })
        })
        .await
}

/// When a decision about somebody opens: once their call has begun. Nothing where there is no call to wait for.
pub async fn opens_at(app: &App, client: &Client) -> Result<Option<Instant>> {
    let call = store::call_ahead(&mut app.db.read().await?, client.id).await?;
    Ok(match client.stage.decide(DiscoveryDecision::Later, call, app.clock.now()) {
        Err(Undecidable::CallAhead(begins)) => Some(begins),
        _ => None,
    })
}

/// Whether a decision about somebody can be taken now.
pub async fn is_open(app: &App, client: &Client) -> Result<bool> {
    let call = store::call_ahead(&mut app.db.read().await?, client.id).await?;
    Ok(client.stage.decide(DiscoveryDecision::Later, call, app.clock.now()).is_ok())
}

fn refusal(why: Undecidable, zone: &ZoneTable) -> Error {
    match why {
        Undecidable::NotAtThisStage(stage) => {
            let message = format!("There is nothing to decide here: {}.", stage.for_therapist().now);
            Error::refused("clientId", ErrorCode::AlreadyDone, message)
        }
        Undecidable::CallAhead(begins) => {
            let message = format!(
                "The call has not begun. You can decide from {} on. If you have spoken already, send an invitation instead.",
                words::moment(begins, zone)
            );
            Error::refused("clientId", ErrorCode::StageLocked, message)
        }
    }
}
