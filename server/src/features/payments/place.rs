//! What becomes of a session once its money is there.

use super::Payment;
use super::refund::{self, Decided};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::features::bookings;
use crate::features::bookings::payment::Paid;
use crate::features::practice::Catalogue;
use crate::jobs::{self, Job};
use shared::booking::BookingStatus;
use shared::payment::RefundCause;

/// Confirms the session that waited for this money. One whose time had been given back gets it again if it is still free;
/// if not, the money goes back. For one that was called off meanwhile the rules say what does.
pub(super) async fn place(tx: &mut Tx, app: &App, catalogue: &Catalogue, payment: &Payment) -> Result<()> {
    let Some(booking_id) = payment.booking_id else { return Ok(()) };
    if bookings::payment::confirm_paid(tx, app, catalogue, booking_id).await? != Paid::Lost {
        return Ok(());
    }
    let status = bookings::get(tx, booking_id).await?.map(|booking| booking.status);
    if status == Some(BookingStatus::Cancelled) {
        return jobs::enqueue(tx, &app.clock, app.clock.now(), &Job::SettleBooking { booking_id }).await;
    }
    refund::set_aside(tx, app, payment, payment.amount, Decided::by_rule(RefundCause::CameTooLate)).await?;
    Ok(())
}
