//! Calling a session off.

use super::book_discovery::tell;
use super::steps::{self, ByWhom, Doer, StepKind};
use super::store::Cancelled;
use super::undo::{self, Was};
use super::{Booking, is_open_to, manage, no_such_booking, place, slot, store};
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::money::fees::{self, FeeKind};
use crate::features::money::{policy, purchases};
use crate::features::{clients, practice};
use crate::jobs::{self, Job};
use serde::{Deserialize, Serialize};
use shared::actor::Role;
use shared::booking::{BookingStatus, CancelledBy};
use shared::contact::{LONGEST_REASON, text_problem};
use shared::ids::{BookingId, UserId};
use shared::policy::{CancelOutcome, Canceller, PolicyStep};
use shared::price::PriceSource;
use shared::problem::{ErrorCode, UserError};
use shared::stage::{Mover, Stage};
use shared::time::Instant;
use std::sync::Arc;

/// Asks for a session to be called off: by its manage link, or by its id when signed in.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct CancelBookingInput {
    /// The secret at the end of the manage link.
    pub manage_token: Option<String>,
    /// Which, when signed in.
    pub booking_id: Option<BookingId>,
    /// Why, if you would like to say; at most 500 characters.
    pub reason: Option<String>,
}

/// Calls a session off. Doing it twice is the same as doing it once.
pub async fn cancel(app: &Arc<App>, input: CancelBookingInput, viewer: Option<Viewer>) -> Result<Booking> {
    let reason = input.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    let problem = reason.as_deref().and_then(|reason| text_problem("reason", reason, LONGEST_REASON));
    Error::unless_fine(problem.into_iter().collect())?;
    let (booking, by) = reachable(app, input.manage_token.as_deref(), input.booking_id, viewer).await?;
    let (shared_app, id) = (app.clone(), booking.id);
    let actor = viewer.map(|viewer| viewer.user_id);
    app.db
        .write(move |tx| {
            let (app, reason) = (shared_app.clone(), reason.clone());
            Box::pin(async move {
                let doer = Doer { by_whom: ByWhom::from(by), actor };
                call_off(tx, &app, id, by, reason, doer).await.map(|_| ())
            })
        })
        .await?;
    store::booking(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

/// Calls a session off inside a write, and answers whether it was not yet. The fee the rules name is proposed to the
/// therapist; a unit of a package goes back unless it is too late for that.
pub async fn call_off(
    tx: &mut Tx,
    app: &App,
    id: BookingId,
    by: CancelledBy,
    reason: Option<String>,
    doer: Doer,
) -> Result<bool> {
    let Some(TakenOut { before, after, undone }) = take_out(tx, app, id, by, reason, doer).await? else {
        return Ok(false);
    };
    match before.status {
        // Nobody has been told of it: it was never confirmed.
        BookingStatus::PendingPayment => place::announce(tx, &after),
        _ => {
            undo::remember(tx, app, id, StepKind::Cancelled, doer.by_whom, undone).await?;
            tell(tx, app, &after).await?;
        }
    }
    Ok(true)
}

/// A session that was called off.
pub(super) struct TakenOut {
    /// What it was.
    pub(super) before: Booking,
    /// What it is.
    pub(super) after: Booking,
    /// What it takes to bring it back.
    pub(super) undone: Was,
}

/// Calls a session off without telling anybody: whoever changes many sessions tells of them as a whole. Answers nothing if
/// it had been called off before.
pub(super) async fn take_out(
    tx: &mut Tx,
    app: &App,
    id: BookingId,
    by: CancelledBy,
    reason: Option<String>,
    doer: Doer,
) -> Result<Option<TakenOut>> {
    let now = app.clock.now();
    let first = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    slot::lock(tx, &[first.therapist_id]).await?;
    // Read again: whoever held the lock may have changed it.
    let before = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    if before.cancelled_at.is_some() {
        return Ok(None);
    }
    if !before.status.can_cancel(before.starts_at, now) {
        let message = "This session has begun or is over, so it cannot be called off here.";
        return Err(Error::refused_whole(ErrorCode::AlreadyDone, message));
    }
    let outcome = outcome_of(tx, &before, now, by).await?;
    let cancelled = Cancelled { by, reason, is_late: outcome.is_late, is_waived: outcome.is_waived };
    if store::cancel(tx, id, cancelled, now).await? == 0 {
        return Ok(None);
    }
    let mut undone = Was::of(tx, &before).await?;
    if let Some(row) = store::occupancy_of_booking(tx, id).await? {
        slot::free(tx, app, row.id, row.therapist_id).await?;
    }
    if let Some(client) = before.client_id {
        let keeps_unit = outcome.is_late && !outcome.is_waived;
        match before.purchase_id.filter(|_| before.price_source == PriceSource::Package) {
            Some(purchase) if !keeps_unit => {
                purchases::give_unit_back(tx, app, client, purchase, id).await?;
                undone.unit_returned = true;
            }
            Some(_) => {}
            None => fees::propose(tx, app, client, id, FeeKind::LateCancel, outcome.fee).await?,
        }
        // Money that has gone back cannot be asked for again: it waits as long as this can be taken back.
        let at = if before.status == BookingStatus::Confirmed { app.outward_at() } else { now };
        jobs::enqueue_no_sooner(tx, &app.clock, at, vec![Job::SettleBooking { booking_id: id }]).await?;
    }
    undone.stage = step_back(tx, app, &before, doer.actor).await?;
    steps::note(tx, &app.clock, id, StepKind::Cancelled, doer, None, None).await?;
    if by == CancelledBy::Practice {
        audit::record(tx, now, doer.actor, "cancel booking", Some(id.0)).await?;
    }
    let after = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    Ok(Some(TakenOut { before, after, undone }))
}

/// What calling a session off means at a moment: what the page shows and the write does.
pub async fn outcome_of(conn: &mut Conn, booking: &Booking, now: Instant, by: CancelledBy) -> Result<CancelOutcome> {
    let rules = policy::of_booking(conn, booking.policy_id).await?;
    let since = now.plus_minutes(-365 * 24 * 60);
    let waived = match booking.client_id {
        Some(client) => store::waived_since(conn, client, since).await?,
        None => 0,
    };
    // What was never confirmed, and what is free, costs nothing however late it is.
    let is_free = booking.policy_id.is_none() || booking.status == BookingStatus::PendingPayment;
    let who = if is_free || by == CancelledBy::Practice { Canceller::Practice } else { Canceller::Client };
    let waived = u32::try_from(waived).unwrap_or(u32::MAX);
    Ok(rules.outcome(&booking.agreed(), booking.starts_at, now, who, waived))
}

/// What it would mean for the client to call a session off now.
pub async fn if_cancelled_now(app: &App, booking: &Booking) -> Result<CancelOutcome> {
    outcome_of(&mut app.db.read().await?, booking, app.clock.now(), CancelledBy::Client).await
}

/// What calling a session off costs until when; nothing when it is always free.
pub async fn policy_steps(app: &App, booking: &Booking) -> Result<Vec<PolicyStep>> {
    if booking.policy_id.is_none() {
        return Ok(Vec::new());
    }
    Ok(policy::of_booking(&mut app.db.read().await?, booking.policy_id)
        .await?
        .steps(&booking.agreed(), booking.starts_at))
}

/// A booking somebody may change, and on whose side they are: by its manage link, or their own when signed in.
pub(super) async fn reachable(
    app: &App,
    manage_token: Option<&str>,
    id: Option<BookingId>,
    viewer: Option<Viewer>,
) -> Result<(Booking, CancelledBy)> {
    match (manage_token, id) {
        (Some(token), _) => {
            let booking = manage::booking_of(app, token).await?.ok_or_else(|| no_such_booking("manageToken"))?;
            Ok((booking, CancelledBy::Client))
        }
        (None, Some(id)) => own(app, id, viewer.ok_or(Error::SignInRequired)?).await,
        (None, None) => {
            let message = "Say which booking: by the token of its link, or by its id.";
            Err(Error::Refused(vec![UserError::on("bookingId", ErrorCode::Required, message)]))
        }
    }
}

async fn own(app: &App, id: BookingId, viewer: Viewer) -> Result<(Booking, CancelledBy)> {
    let mut conn = app.db.read().await?;
    let booking = store::booking(&mut conn, id).await?.ok_or_else(|| no_such_booking("bookingId"))?;
    let client = clients::of_user(&mut conn, viewer.user_id).await?.map(|client| client.id);
    drop(conn);
    if viewer.role.is_staff() && !viewer.second_factor {
        return Err(Error::SignInRequired);
    }
    let therapist = practice::therapist_of_user(app, viewer.user_id).await?.map(|therapist| therapist.id);
    if !is_open_to(&booking, viewer.role, client, therapist) {
        return Err(no_such_booking("bookingId"));
    }
    let by = if viewer.role == Role::Client { CancelledBy::Client } else { CancelledBy::Practice };
    Ok((booking, by))
}

/// Without its discovery call, a relationship is an inquiry again. Answers where it stands now.
async fn step_back(tx: &mut Tx, app: &App, booking: &Booking, actor: Option<UserId>) -> Result<Option<Stage>> {
    let Some(client_id) = booking.client_id else { return Ok(None) };
    let Some(client) = clients::get(tx, client_id).await? else { return Ok(None) };
    if client.stage == Stage::DiscoveryBooked && store::confirmed_of_client(tx, client_id).await? == 0 {
        // They had one call, and do without another.
        if client.discovery_completed_at.is_some_and(|at| at >= client.stage_since) {
            clients::discovery_over(tx, &app.clock, &client, Mover::System, None).await?;
            return Ok(Some(Stage::DiscoveryDone));
        }
        clients::move_on(tx, &app.clock, &client, Stage::Inquiry, actor).await?;
        return Ok(Some(Stage::Inquiry));
    }
    Ok(Some(client.stage))
}
