//! Moving a session: one operation that keeps its number, its price, its payment and its rules.

use super::book_discovery::tell;
use super::cancel::reachable;
use super::place;
use super::steps::{self, ByWhom, Doer, StepKind};
use super::store::{self, Moved};
use super::undo::{self, Was};
use super::{Booking, slot};
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::money::policy;
use crate::features::practice::{self, Catalogue, SessionType, zones};
use crate::idempotency;
use serde::{Deserialize, Serialize};
use shared::booking::{CancelledBy, key_problem};
use shared::contact::{LONGEST_REMARK, text_problem};
use shared::ids::BookingId;
use shared::policy::RescheduleRefusal;
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::sync::Arc;

/// Asks for a session to be moved: by its manage link, or by its id when signed in.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct RescheduleBookingInput {
    /// The secret at the end of the manage link.
    pub manage_token: Option<String>,
    /// Which, when signed in.
    pub booking_id: Option<BookingId>,
    /// The new start. Clients choose one that `availability` offers; the practice may choose any.
    pub starts_at: Instant,
    /// The secret a `holdSlot` answered with, if the new start was held before.
    pub hold_token: Option<String>,
    /// The practice only: why it may overlap with what is in the way. It is kept.
    pub override_reason: Option<String>,
    /// Chosen by the caller; the same key with the same input moves it once, however often it is sent.
    pub idempotency_key: Option<String>,
}

/// Moves a session. Both sides are told once.
pub async fn reschedule(app: &Arc<App>, input: RescheduleBookingInput, viewer: Option<Viewer>) -> Result<Booking> {
    let key = input.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
    let reason = input.override_reason.as_deref().and_then(|it| text_problem("overrideReason", it, LONGEST_REMARK));
    Error::unless_fine([key, reason].into_iter().flatten().collect())?;
    let (booking, by) = reachable(app, input.manage_token.as_deref(), input.booking_id, viewer).await?;
    let by_practice = by == CancelledBy::Practice;
    if input.override_reason.is_some() && !by_practice {
        return Err(Error::refused(
            "overrideReason",
            ErrorCode::Invalid,
            "Only the practice can let sessions overlap.",
        ));
    }
    let catalogue = practice::catalogue(app).await?;
    let fingerprint = idempotency::fingerprint(&RescheduleBookingInput { hold_token: None, ..input.clone() })?;
    let scope = app.keys.pseudonym("rescheduleBooking", &booking.id.to_string());
    let actor = viewer.map(|viewer| viewer.user_id);
    let (shared_app, input, id) = (app.clone(), Arc::new(input), booking.id);
    app.db
        .write(move |tx| {
            let (app, catalogue, input) = (shared_app.clone(), catalogue.clone(), input.clone());
            let (fingerprint, scope) = (fingerprint.clone(), scope.clone());
            Box::pin(async move {
                let (now, key) = (app.clock.now(), input.idempotency_key.as_deref());
                if idempotency::begin::<BookingId>(tx, &scope, key, &fingerprint, now).await?.is_some() {
                    return Ok(());
                }
                slot::consume_hold(tx, input.hold_token.as_deref()).await?;
                let to = Wish { starts_at: input.starts_at, override_reason: input.override_reason.clone() };
                let doer = Doer { by_whom: ByWhom::from(by), actor };
                shift(tx, &app, &catalogue, id, to, doer).await?;
                idempotency::remember(tx, &scope, key, &id).await
            })
        })
        .await?;
    store::booking(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

/// What is to be moved, for naming other times; nothing if it is not theirs to move.
pub async fn about(app: &App, input: &RescheduleBookingInput, viewer: Option<Viewer>) -> Result<Option<BookingId>> {
    match reachable(app, input.manage_token.as_deref(), input.booking_id, viewer).await {
        Ok((booking, _)) => Ok(Some(booking.id)),
        Err(Error::Refused(_) | Error::SignInRequired) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where a session is to go.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The new start.
    pub starts_at: Instant,
    /// Why it may overlap with what is in the way; the practice only.
    pub override_reason: Option<String>,
}

/// Moves a session inside a write. The client's rules and the offer are looked at unless the practice moves it.
pub async fn shift(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    id: BookingId,
    to: Wish,
    doer: Doer,
) -> Result<Booking> {
    let now = app.clock.now();
    let first = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    slot::lock(tx, &[first.therapist_id]).await?;
    // Read again: whoever held the lock may have changed it.
    let before = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    if before.starts_at == to.starts_at {
        return Ok(before);
    }
    let by_client = doer.by_whom == ByWhom::Client;
    if !before.status.can_move(before.starts_at, now) {
        let message = "This session has begun, is over or was called off, so it cannot be moved.";
        return Err(Error::refused_whole(ErrorCode::AlreadyDone, message));
    }
    if by_client {
        may_move(tx, &before, now)
            .await?
            .map_err(|refusal| Error::refused("bookingId", ErrorCode::NotOffered, refusal.words()))?;
    }
    let session_type = as_booked(catalogue, &before)?;
    let was = Was::of(tx, &before).await?;
    if let Some(row) = store::occupancy_of_booking(tx, id).await? {
        slot::free(tx, app, row.id, row.therapist_id).await?;
    }
    if by_client {
        let candidates = [before.therapist_id];
        slot::admit(tx, catalogue, &session_type, &candidates, to.starts_at, now).await?;
    }
    let (session, blocked) = slot::ranges(&session_type, to.starts_at);
    slot::clear_holds(tx, before.therapist_id, blocked, now).await?;
    let room_id = place::room(tx, &session_type, None, blocked, now).await?;
    let local = zones::find("startsAt", &catalogue.practice.time_zone, now)?.civil(to.starts_at);
    let moved = Moved {
        starts_at: to.starts_at,
        ends_at: session.ends_at,
        local_date: local.date,
        local_time: local.time,
        room_id,
        counts: by_client,
    };
    if store::set_time(tx, id, moved).await? == 0 {
        return Err(Error::Unavailable("the booking was changed at the same time".into()));
    }
    let after = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    place::occupy(tx, app, &after, blocked, to.override_reason.clone()).await?;
    steps::note(tx, &app.clock, id, StepKind::Moved, doer, Some(before.starts_at), to.override_reason.as_deref())
        .await?;
    if doer.by_whom == ByWhom::Practice {
        let deed = if to.override_reason.is_some() { "move booking over another" } else { "move booking" };
        audit::record(tx, now, doer.actor, deed, Some(id.0)).await?;
    }
    if doer.by_whom != ByWhom::System {
        undo::remember(tx, app, id, StepKind::Moved, doer.by_whom, was).await?;
    }
    tell(tx, app, &after).await?;
    Ok(after)
}

/// Whether the rules let a client move this session now, or why not.
pub async fn may_move(
    conn: &mut Conn,
    booking: &Booking,
    now: Instant,
) -> Result<std::result::Result<(), RescheduleRefusal>> {
    let rules = policy::of_booking(conn, booking.policy_id).await?;
    let moved = u32::try_from(booking.reschedules).unwrap_or(u32::MAX);
    // A free call is moved like it is called off: up to its start.
    if booking.policy_id.is_none() {
        let limit = if moved >= rules.reschedule_limit { Err(RescheduleRefusal::MovedTooOften) } else { Ok(()) };
        return Ok(limit);
    }
    Ok(rules.can_reschedule(booking.starts_at, moved, now))
}

/// Whether the client can move a session now; the reason, where only the rules stand in the way.
pub async fn can_move_now(app: &App, booking: &Booking) -> Result<(bool, Option<RescheduleRefusal>)> {
    let now = app.clock.now();
    if !booking.status.can_move(booking.starts_at, now) {
        return Ok((false, None));
    }
    let refusal = may_move(&mut app.db.read().await?, booking, now).await?.err();
    Ok((refusal.is_none(), refusal))
}

/// The session type with the length this booking has: a series or an agreement may have its own.
pub(super) fn as_booked(catalogue: &Catalogue, booking: &Booking) -> Result<SessionType> {
    let session_type = catalogue.session_type(booking.session_type_id);
    let session_type =
        session_type.ok_or_else(|| Error::internal("the session type of a booking is not there any more"))?;
    let minutes = (booking.ends_at.seconds() - booking.starts_at.seconds()) / 60;
    Ok(SessionType { minutes, modality: booking.modality, ..session_type.clone() })
}
