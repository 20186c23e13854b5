//! What a session came to: it took place, or the client did not come.

use super::steps::{self, ByWhom, Doer, StepKind};
use super::store;
use super::{Booking, place};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::clients;
use crate::features::money::fees::{self, FeeKind, FeeState};
use crate::features::money::ledger::{self, Posting};
use crate::features::money::policy;
use crate::features::practice::{self, Therapist};
use crate::jobs::{self, Job};
use shared::booking::BookingStatus;
use shared::ids::{BookingId, ClientId};
use shared::ledger::{EntryKind, charge, uncharge};
use shared::price::PriceSource;
use shared::problem::ErrorCode;
use shared::stage::{Mover, Stage};
use std::sync::Arc;

/// How many sessions are completed in one write.
const BATCH: i64 = 50;

/// Completes every session that is over and that nobody has said anything about.
pub async fn complete_past(app: &Arc<App>) -> Result<()> {
    loop {
        let shared_app = app.clone();
        let done = app
            .db
            .write(move |tx| {
                let app = shared_app.clone();
                Box::pin(async move {
                    let over = store::to_complete(tx, app.clock.now(), BATCH).await?;
                    for id in &over {
                        settle(tx, &app, *id, BookingStatus::Confirmed, BookingStatus::Completed, Doer::SYSTEM).await?;
                    }
                    Ok(over.len())
                })
            })
            .await?;
        if (done as i64) < BATCH {
            return Ok(());
        }
    }
}

/// Says that a session took place; also takes back that it was missed, as long as no fee was charged for that.
pub async fn complete(app: &Arc<App>, id: BookingId, therapist: &Therapist) -> Result<Booking> {
    decide(app, id, therapist, BookingStatus::Completed).await
}

/// Says that the client did not come. The fee the rules name is proposed, not charged.
pub async fn mark_no_show(app: &Arc<App>, id: BookingId, therapist: &Therapist) -> Result<Booking> {
    decide(app, id, therapist, BookingStatus::NoShow).await
}

async fn decide(app: &Arc<App>, id: BookingId, therapist: &Therapist, to: BookingStatus) -> Result<Booking> {
    let (shared_app, therapist_id, actor) = (app.clone(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let now = app.clock.now();
                let booking = store::booking(tx, id).await?.filter(|booking| booking.therapist_id == therapist_id);
                let booking = booking.ok_or_else(|| super::no_such_booking("bookingId"))?;
                if booking.status == to {
                    return Ok(());
                }
                let (fits, words) = match to {
                    BookingStatus::NoShow => {
                        let after = practice::in_write(tx).await?.settings.no_show_minutes;
                        let words = format!(
                            "A session can be marked as missed from {after} minutes after its start, unless it was called off."
                        );
                        (booking.status.can_be_missed(booking.starts_at, after, now), words)
                    }
                    _ => {
                        let words = "A session can be marked as done once it has begun, unless it was called off.";
                        (booking.status.can_complete(booking.starts_at, now), words.to_owned())
                    }
                };
                if !fits {
                    return Err(Error::refused("bookingId", ErrorCode::AlreadyDone, words));
                }
                settle(tx, &app, id, booking.status, to, Doer::practice(actor)).await?;
                let deed = if to == BookingStatus::NoShow { "mark no-show" } else { "complete booking" };
                audit::record(tx, now, Some(actor), deed, Some(id.0)).await
            })
        })
        .await?;
    store::booking(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

/// Moves a session to what it came to, and posts what that means in the ledger.
async fn settle(
    tx: &mut Tx,
    app: &App,
    id: BookingId,
    from: BookingStatus,
    to: BookingStatus,
    doer: Doer,
) -> Result<()> {
    if store::set_status(tx, id, from, to).await? == 0 {
        return Ok(());
    }
    let booking = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    let actor = (doer.by_whom == ByWhom::Practice).then_some(doer.actor).flatten();
    if let Some(client_id) = booking.client_id {
        let posting = |entries| Posting::of(client_id, EntryKind::Charge, entries).about(id).by(actor);
        match to {
            BookingStatus::Completed => {
                if fees::of_booking(tx, id).await?.is_some_and(|fee| fee.state == FeeState::Charged) {
                    let message = "A fee has been charged for missing it. Let that go first.";
                    return Err(Error::refused("bookingId", ErrorCode::AlreadyDone, message));
                }
                fees::withdraw(tx, id).await?;
                call_is_over(tx, app, client_id, &booking, true, doer).await?;
                ledger::post(tx, &app.clock, posting(charge(booking.agreed_price()))).await?;
            }
            BookingStatus::NoShow => {
                call_is_over(tx, app, client_id, &booking, false, doer).await?;
                if from == BookingStatus::Completed {
                    let rest = ledger::still_charged(tx, id, booking.agreed_price()).await?;
                    if rest.amount > 0 {
                        ledger::post(tx, &app.clock, posting(uncharge(rest))).await?;
                    }
                }
                // A unit of a package is gone with a session that was missed; there is no fee beside it.
                if booking.price_source != PriceSource::Package && booking.policy_id.is_some() {
                    let rules = policy::of_booking(tx, booking.policy_id).await?;
                    let fee = rules.no_show_fee(&booking.agreed());
                    fees::propose(tx, app, client_id, id, FeeKind::NoShow, fee).await?;
                }
            }
            _ => {}
        }
    }
    let step = if to == BookingStatus::NoShow { StepKind::NoShow } else { StepKind::Completed };
    steps::note(tx, &app.clock, id, step, doer, None, None).await?;
    jobs::enqueue(tx, &app.clock, app.clock.now(), &Job::SettleBooking { booking_id: id }).await?;
    place::announce(tx, &booking);
    Ok(())
}

/// Once the last of somebody's discovery calls is over, missed or not, a decision is awaited.
pub(super) async fn call_is_over(
    tx: &mut Tx,
    app: &App,
    client: ClientId,
    call: &Booking,
    took_place: bool,
    doer: Doer,
) -> Result<()> {
    if call.policy_id.is_some() {
        return Ok(());
    }
    let at = call.ends_at.min(app.clock.now());
    match took_place {
        true => clients::note_discovery(tx, client, at).await?,
        false => clients::unnote_discovery(tx, client, at).await?,
    }
    let Some(client) = clients::get(tx, client).await? else { return Ok(()) };
    if client.stage != Stage::DiscoveryBooked || store::confirmed_of_client(tx, client.id).await? > 0 {
        return Ok(());
    }
    let by = if doer.by_whom == ByWhom::Practice { Mover::Therapist } else { Mover::System };
    clients::discovery_over(tx, &app.clock, &client, by, doer.actor).await
}
