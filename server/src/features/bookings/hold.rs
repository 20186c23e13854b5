//! Keeping a slot for somebody for minutes.

use super::seeker::Seeker;
use super::slot::{self, Slot};
use super::store::{self, NewOccupancy};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::practice;
use crate::jobs::{self, Job};
use crate::keys::Secret;
use serde::{Deserialize, Serialize};
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
    let catalogue = practice::catalogue(app).await?;
    let session_type = seeker.opened(&catalogue, input.session_type_id)?;
    let candidates = seeker.therapists(&catalogue, &session_type, input.therapist_id)?;
    let secret = Secret::random()?;
    let hash = secret.hash();
    let earlier = input.instead_of.as_deref().and_then(Secret::read).map(|secret| secret.hash());
    let most = i64::from(app.config.holds_per_visitor);
    let (shared_app, inner_catalogue) = (app.clone(), catalogue.clone());
    let (slot, expires_at) = app
        .db
        .write(move |tx| {
            let (app, catalogue, session_type) = (shared_app.clone(), inner_catalogue.clone(), session_type.clone());
            let (candidates, hash, earlier, visitor) =
                (candidates.clone(), hash.clone(), earlier.clone(), visitor.clone());
            Box::pin(async move {
                let now = app.clock.now();
                slot::lock(tx, &candidates).await?;
                if let Some(earlier) = earlier {
                    release_by_hash(tx, earlier).await?;
                }
                if store::holds_of(tx, &visitor, now).await? >= most {
                    let message = "You are already keeping other times. Book one of them, or wait a few minutes.";
                    return Err(Error::refused("startsAt", ErrorCode::RateLimited, message));
                }
                let starts_at = input.starts_at;
                let therapist_id = slot::admit(tx, &catalogue, &session_type, &candidates, starts_at, now).await?;
                let (session, blocked) = slot::ranges(&session_type, starts_at);
                store::delete_expired_holds(tx, therapist_id, blocked, now).await?;
                let expires_at = now.plus_minutes(i64::from(app.config.hold_minutes));
                let id = OccupancyId(app.clock.new_id());
                let row = NewOccupancy {
                    id,
                    kind: OccupiedKind::Hold,
                    therapist_id,
                    client_id: None,
                    room_id: None,
                    booking_id: None,
                    session_type_id: Some(session_type.id),
                    blocked,
                    session,
                    hold: Some((hash, visitor, expires_at)),
                    note: None,
                    override_reason: None,
                };
                store::insert_occupancy(tx, row, now).await?;
                jobs::enqueue(tx, &app.clock, expires_at, &Job::ReleaseHold { occupancy_id: id }).await?;
                tx.announce(Event::TimetableChanged { therapist_id });
                Ok((Slot { starts_at, ends_at: session.ends_at, therapist_id }, expires_at))
            })
        })
        .await?;
    Ok(Hold { secret, slot, expires_at })
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
