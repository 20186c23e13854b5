//! Fees the rules name. Nothing is charged by itself: the therapist charges a fee or lets it go.

use super::ledger::{self, Posting};
use super::store;
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::practice::Therapist;
use crate::jobs::{self, Job};
use shared::contact::{LONGEST_REMARK, text_problem};
use shared::ids::{BookingId, ClientId, FeeId, TherapistId, UserId};
use shared::ledger::{EntryKind, charge, waive};
use shared::money::{Currency, Money};
pub use shared::policy::{FeeKind, FeeState};
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::sync::Arc;

/// A fee.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Fee {
    /// Which.
    pub id: FeeId,
    /// Because of which booking.
    pub booking_id: BookingId,
    /// Whose.
    pub client_id: ClientId,
    /// Why.
    pub kind: FeeKind,
    /// In minor units.
    pub amount: i64,
    /// What it is counted in.
    pub currency: Currency,
    /// What became of it.
    pub state: FeeState,
    /// Why it was let go.
    pub reason: Option<String>,
    /// When it came up.
    pub created_at: Instant,
}

impl Fee {
    /// How much.
    pub fn money(&self) -> Money {
        Money { amount: self.amount, currency: self.currency }
    }
}

/// Proposes a fee inside a write; a fee of nothing is none. A booking has one fee at most.
pub async fn propose(
    tx: &mut Tx,
    app: &App,
    client_id: ClientId,
    booking_id: BookingId,
    kind: FeeKind,
    money: Money,
) -> Result<()> {
    if money.amount <= 0 {
        return Ok(());
    }
    let fee = Fee {
        id: FeeId(app.clock.new_id()),
        booking_id,
        client_id,
        kind,
        amount: money.amount,
        currency: money.currency,
        state: FeeState::Proposed,
        reason: None,
        created_at: app.clock.now(),
    };
    Ok(store::insert_fee(tx, &fee).await?)
}

/// Takes a proposed fee back inside a write: it came of a mistake.
pub async fn withdraw(tx: &mut Tx, booking: BookingId) -> Result<()> {
    Ok(store::delete_proposed_fee(tx, booking).await?)
}

/// Notes inside a write that a fee which was charged has been let go; what was open of it is posted by whoever does that.
pub async fn let_go_charged(tx: &mut Tx, booking: BookingId, reason: &str, by: UserId, now: Instant) -> Result<()> {
    if let Some(fee) = store::fee_of_booking(tx, booking).await?
        && fee.state == FeeState::Charged
    {
        store::decide_fee(tx, fee.id, FeeState::Waived, Some(reason.to_owned()), by, now).await?;
    }
    Ok(())
}

/// The fee of a booking, if there is one.
pub async fn of_booking(conn: &mut Conn, booking: BookingId) -> Result<Option<Fee>> {
    Ok(store::fee_of_booking(conn, booking).await?)
}

/// The fee of a booking, for showing.
pub async fn shown(app: &App, booking: BookingId) -> Result<Option<Fee>> {
    of_booking(&mut app.db.read().await?, booking).await
}

/// Fees a therapist has not decided about, oldest first.
pub async fn waiting(app: &App, therapist: TherapistId) -> Result<Vec<Fee>> {
    Ok(store::fees_waiting(&mut app.db.read().await?, therapist).await?)
}

/// Charges a proposed fee: the client owes it from now on.
pub async fn charge_fee(app: &Arc<App>, therapist: &Therapist, id: FeeId) -> Result<Fee> {
    decide(app, therapist, id, FeeState::Charged, None).await
}

/// Lets a fee go, proposed or charged; what had been paid for it goes back.
pub async fn waive_fee(app: &Arc<App>, therapist: &Therapist, id: FeeId, reason: &str) -> Result<Fee> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        let message = "Say in a few words why, for your own records.";
        return Err(Error::refused("reason", ErrorCode::Required, message));
    }
    Error::unless_fine(text_problem("reason", &reason, LONGEST_REMARK).into_iter().collect())?;
    decide(app, therapist, id, FeeState::Waived, Some(reason)).await
}

async fn decide(
    app: &Arc<App>,
    therapist: &Therapist,
    id: FeeId,
    state: FeeState,
    reason: Option<String>,
) -> Result<Fee> {
    let (shared_app, therapist_id, actor) = (app.clone(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let (app, reason) = (shared_app.clone(), reason.clone());
            Box::pin(async move {
                let now = app.clock.now();
                let gone = || Error::refused("feeId", ErrorCode::NotFound, "There is no such fee.");
                let fee = store::fee_of_therapist(tx, id, therapist_id).await?.ok_or_else(gone)?;
                if fee.state == state {
                    return Ok(fee);
                }
                if store::decide_fee(tx, id, state, reason.clone(), actor, now).await? == 0 {
                    let message = "This has been decided already.";
                    return Err(Error::refused("feeId", ErrorCode::AlreadyDone, message));
                }
                let posting = match (fee.state, state) {
                    (FeeState::Proposed, FeeState::Charged) => {
                        Some(Posting::of(fee.client_id, EntryKind::Fee, charge(fee.money())))
                    }
                    (FeeState::Charged, FeeState::Waived) => {
                        // What was let go of it already, with a refund, is not let go twice.
                        let gone = ledger::waived_for_booking(tx, fee.booking_id, fee.currency).await?;
                        let rest = Money { amount: (fee.amount - gone).max(0), ..fee.money() };
                        Some(Posting::of(fee.client_id, EntryKind::Waiver, waive(rest)))
                    }
                    _ => None,
                };
                if let Some(posting) = posting {
                    ledger::post(tx, &app.clock, posting.about(fee.booking_id).by(Some(actor))).await?;
                }
                let deed = if state == FeeState::Charged { "charge fee" } else { "waive fee" };
                audit::record(tx, now, Some(actor), deed, Some(fee.booking_id.0)).await?;
                jobs::enqueue(tx, &app.clock, now, &Job::SettleBooking { booking_id: fee.booking_id }).await?;
                let (booking_id, client_id) = (fee.booking_id, Some(fee.client_id));
                tx.announce(Event::BookingChanged { booking_id, therapist_id, client_id });
                Ok(Fee { state, reason, ..fee })
            })
        })
        .await
}
