//! Keeping a slot for somebody for minutes.

use super::place;
use super::seeker::Seeker;
use super::slot::{self, Slot};
use super::store::{self, NewOccupancy};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::practice;
use crate::idempotency;
use crate::jobs::{self, Job};
use crate::keys::Secret;
use serde::{Deserialize, Serialize};
use shared::booking::key_problem;
use shared::ids::{OccupancyId, SessionTypeId, TherapistId};
use shared::problem::ErrorCode;
use shared::slots::OccupiedKind;
use shared::time::Instant;
use std::sync::Arc;

/// Asks for a slot to be kept.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct HoldSlotInput {
    /// What will be booked.
    pub session_type_id: SessionTypeId,
    /// With whom; left out, whoever is free.
    pub therapist_id: Option<TherapistId>,
    /// A start that `availability` offered.
    pub starts_at: Instant,
    /// The secret of an earlier hold to give back at the same time, when somebody changes their mind.
    pub instead_of: Option<String>,
    /// Chosen by the caller; the same key with the same input gives the same hold, however often it is sent.
    pub idempotency_key: Option<String>,
}

/// What is remembered of a slot that was kept, for whoever asks again. Its secret follows from its id.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Kept {
    id: OccupancyId,
    therapist_id: TherapistId,
    ends_at: Instant,
    expires_at: Instant,
}

/// A slot that is kept.
#[derive(Debug, Clone)]
pub struct Hold {
    /// Proves that the slot is kept for whoever has it.
    pub secret: Secret,
    /// What is kept.
    pub slot: Slot,
    /// Until when.
    pub expires_at: Instant,
}

/// Keeps a slot. `visitor` is whose holds are counted together.
pub async fn hold(app: &Arc<App>, input: HoldSlotInput, seeker: &Seeker, visitor: String) -> Result<Hold> {
    let problem = input.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
    Error::unless_fine(problem.into_iter().collect())?;
    let catalogue = practice::catalogue(app).await?;
    let session_type = seeker.looking_at(app, &catalogue, input.session_type_id).await?;
    let candidates = seeker.therapists(&catalogue, &session_type, input.therapist_id)?;
    let fingerprint = idempotency::fingerprint(&input)?;
    let scope = app.keys.pseudonym("holdSlot", &visitor);
    let turn = app.keys.pseudonym("visitor", &visitor);
    let starts_at = input.starts_at;
    let earlier = input.instead_of.as_deref().and_then(Secret::read).map(|secret| secret.hash());
    let most = i64::from(app.config.holds_per_visitor);
    let (shared_app, inner_catalogue) = (app.clone(), catalogue.clone());
    let kept = app
        .db
        .write(move |tx| {
            let (app, catalogue, session_type) = (shared_app.clone(), inner_catalogue.clone(), session_type.clone());
            let (candidates, earlier, visitor) = (candidates.clone(), earlier.clone(), visitor.clone());
            let (key, scope, fingerprint) = (input.idempotency_key.clone(), scope.clone(), fingerprint.clone());
            let turn = turn.clone();
            Box::pin(async move {
                let (now, key) = (app.clock.now(), key.as_deref());
                if let Some(kept) = idempotency::begin::<Kept>(tx, &scope, key, &fingerprint, now).await? {
                    return Ok(kept);
                }
                idempotency::take_turn(tx, &turn, now).await?;
                slot::lock(tx, &candidates).await?;
                if let Some(earlier) = earlier {
                    release_by_hash(tx, earlier).await?;
                }
                if store::holds_of(tx, &visitor, now).await? >= most {
                    let message = "You are already keeping other times. Book one of them, or wait a few minutes.";
                    return Err(Error::refused("startsAt", ErrorCode::RateLimited, message));
                }
                let therapist_id = slot::admit(tx, &catalogue, &session_type, &candidates, starts_at, now).await?;
                let (session, blocked) = slot::ranges(&session_type, starts_at);
                slot::clear_holds(tx, therapist_id, blocked, now).await?;
                let expires_at = now.plus_minutes(i64::from(app.config.hold_minutes));
                let id = OccupancyId(app.clock.new_id());
                let row = NewOccupancy {
                    id,
                    kind: OccupiedKind::Hold,
                    therapist_id,
                    client_id: None,
                    room_id: place::room(tx, &session_type, None, blocked, now).await?,
                    booking_id: None,
                    session_type_id: Some(session_type.id),
                    blocked,
                    session,
                    hold: Some((secret(&app, id).hash(), visitor, expires_at)),
                    note: None,
                    override_reason: None,
                };
                slot::take(tx, row, now).await?;
                jobs::enqueue(tx, &app.clock, expires_at, &Job::ReleaseHold { occupancy_id: id }).await?;
                let kept = Kept { id, therapist_id, ends_at: session.ends_at, expires_at };
                idempotency::remember(tx, &scope, key, &kept).await?;
                Ok(kept)
            })
        })
        .await?;
    let slot = Slot { starts_at, ends_at: kept.ends_at, therapist_id: kept.therapist_id };
    Ok(Hold { secret: secret(app, kept.id), slot, expires_at: kept.expires_at })
}

/// What proves that a slot is kept for whoever has it. Only its hash is stored.
fn secret(app: &App, id: OccupancyId) -> Secret {
    app.keys.link_secret("hold", id.0)
}

/// Gives a kept slot back; nothing happens if it is gone already.
pub async fn release(app: &App, secret: &Secret) -> Result<()> {
    let hash = secret.hash();
    app.db
        .write(move |tx| {
            let hash = hash.clone();
            Box::pin(async move { release_by_hash(tx, hash).await })
        })
        .await
}

/// Gives a kept slot back when its time is over.
pub async fn release_expired(app: &Arc<App>, id: OccupancyId) -> Result<()> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                if let Some(row) = store::expired_hold(tx, id, app.clock.now()).await? {
                    slot::free(tx, &app, row.id, row.therapist_id).await?;
                }
                Ok(())
            })
        })
        .await
}

async fn release_by_hash(tx: &mut Tx, hash: Vec<u8>) -> Result<()> {
    match store::hold_by_hash(tx, hash).await? {
        Some(row) => slot::use_up(tx, row.id, row.therapist_id).await,
        None => Ok(()),
    }
}
