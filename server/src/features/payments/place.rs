//! What becomes of a session once its money is there.

use super::Payment;
use super::refund::{self, Decided};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::features::bookings;
use crate::features::bookings::payment::Paid;
use crate::features::money::ledger;
use crate::features::practice::{self, Catalogue};
use crate::jobs::{self, Job};
use shared::booking::BookingStatus;
use shared::ids::BookingId;
use shared::payment::{PaymentMethod, RefundCause};

/// Confirms the session that waited for this money. One whose time had been given back gets it again if it is still free;
/// if not, what came by card goes back. For one that was called off meanwhile the rules say what does.
///
/// What was paid in another way stays as credit where it confirms nothing, for the therapist to give back by hand.
pub(super) async fn place(tx: &mut Tx, app: &App, catalogue: &Catalogue, payment: &Payment) -> Result<()> {
    let Some(booking_id) = payment.booking_id else { return Ok(()) };
    let is_by_card = payment.method == PaymentMethod::Card;
    if !is_by_card && is_short(tx, payment, booking_id).await? {
        return Ok(());
    }
    if bookings::payment::confirm_paid(tx, app, catalogue, booking_id).await? != Paid::Lost {
        return Ok(());
    }
    let status = bookings::get(tx, booking_id).await?.map(|booking| booking.status);
    if status == Some(BookingStatus::Cancelled) {
        return jobs::enqueue(tx, &app.clock, app.clock.now(), &Job::SettleBooking { booking_id }).await;
    }
    if is_by_card {
        refund::set_aside(tx, app, payment, payment.amount, Decided::by_rule(RefundCause::CameTooLate)).await?;
    }
    Ok(())
}

/// Whether a session that is not confirmed still is not by all that came for it: what is noted by hand may be a part of
/// what is due first.
async fn is_short(tx: &mut Tx, payment: &Payment, booking_id: BookingId) -> Result<bool> {
    // Of two parts noted at once the second sees the first.
    practice::lock_therapist(tx, payment.therapist_id).await?;
    let Some(booking) = bookings::get(tx, booking_id).await? else { return Ok(false) };
    if !matches!(booking.status, BookingStatus::PendingPayment | BookingStatus::Expired) {
        return Ok(false);
    }
    let open = ledger::open_for_booking(tx, booking_id).await?;
    let open = open.into_iter().find(|money| money.currency == booking.price_currency).map_or(0, |money| money.amount);
    Ok(booking.due_now + open > 0)
}
