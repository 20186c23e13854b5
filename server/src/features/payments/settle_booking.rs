//! The money of a session that was called off, missed, or whose fee was decided: what the rules do not keep goes back.

use super::refund::{self, Decided};
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::features::bookings;
use crate::features::money::fees::{self, FeeState};
use crate::jobs::{self, Job};
use shared::booking::BookingStatus;
use shared::ids::BookingId;
use shared::payment::{PaymentMethod, PaymentStatus, RefundCause, returned};
use std::sync::Arc;

/// Gives back what was paid for a session by card, less the fee that is charged or that the therapist has not decided about.
/// What was paid in another way stays as credit, for the therapist to give back by hand.
///
/// Done twice it gives back once: everything is counted again, and whoever moves money of the same session waits.
pub async fn settle(app: &Arc<App>, booking_id: BookingId) -> Result<()> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                store::lock_of_booking(tx, booking_id).await?;
                let Some(booking) = bookings::get(tx, booking_id).await? else { return Ok(()) };
                let is_off =
                    matches!(booking.status, BookingStatus::Cancelled | BookingStatus::NoShow | BookingStatus::Expired);
                if !is_off {
                    return Ok(());
                }
                let payments = store::of_booking(tx, booking_id).await?;
                for payment in payments.iter().filter(|it| it.status == PaymentStatus::Open) {
                    if payment.method == PaymentMethod::Card {
                        let job = Job::ExpireCheckout { payment_id: payment.id };
                        jobs::enqueue(tx, &app.clock, app.clock.now(), &job).await?;
                    }
                }
                let fee = fees::of_booking(tx, booking_id).await?.filter(|fee| fee.state != FeeState::Waived);
                let kept = fee.map_or(0, |fee| fee.amount);
                let of_price = payments
                    .iter()
                    .filter(|it| it.status == PaymentStatus::Paid && it.currency == booking.price_currency);
                let (paid, gone) =
                    of_price.clone().fold((0, 0), |(paid, gone), it| (paid + it.amount, gone + it.refunded_amount));
                let mut left = returned(paid, gone, kept);
                for payment in of_price.filter(|it| it.method == PaymentMethod::Card).rev() {
                    let amount = payment.refundable().amount.min(left);
                    let decided = Decided::by_rule(RefundCause::Policy);
                    if refund::set_aside(tx, &app, payment, amount, decided).await?.is_some() {
                        left -= amount;
                    }
                }
                Ok(())
            })
        })
        .await
}
