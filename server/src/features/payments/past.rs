//! Money of the past that somebody brings along: whoever it concerns knows, so nobody is told.

use super::settle::account_of;
use super::{Payment, bills, new_reference, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::features::bookings::Booking;
use crate::features::money::ledger::{self, Posting};
use crate::features::practice::Catalogue;
use shared::ids::{MovementId, PaymentId};
use shared::ledger::{EntryKind, charge, receive};
use shared::payment::{PaymentMethod, PaymentStatus};
use shared::time::Instant;

/// A session that took place and was charged then, with its invoice; and, if it was paid, how and when, with its receipt.
pub async fn bring(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    booking: &Booking,
    paid: Option<(PaymentMethod, Instant)>,
) -> Result<()> {
    let Some(client_id) = booking.client_id else { return Ok(()) };
    let price = booking.agreed_price();
    let posting =
        |kind, entries, at| Posting { at: Some(at), ..Posting::of(client_id, kind, entries).about(booking.id) };
    let charged = MovementId(app.clock.new_id());
    let posted = posting(EntryKind::Charge, charge(price), booking.ends_at);
    ledger::post_under(tx, &app.clock, charged, posted).await?;
    bills::invoice(tx, app, catalogue, booking, charged, booking.ends_at).await?;
    let Some((method, at)) = paid else { return Ok(()) };
    let payment = Payment {
        id: PaymentId(app.clock.new_id()),
        client_id,
        therapist_id: booking.therapist_id,
        booking_id: Some(booking.id),
        purchase_id: None,
        method,
        status: PaymentStatus::Paid,
        amount: price.amount,
        currency: price.currency,
        refunded_amount: 0,
        reference: new_reference()?,
        checkout_id: None,
        checkout_url: None,
        pay_until: None,
        intent_id: None,
        problem: None,
        note: None,
        recorded_by: None,
        received_at: Some(at),
        created_at: at,
    };
    store::insert(tx, &payment).await?;
    let entries = receive(account_of(method), price);
    let received = Posting { payment_id: Some(payment.id), ..posting(EntryKind::Payment, entries, at) };
    ledger::post(tx, &app.clock, received).await?;
    bills::receipt(tx, app, catalogue, &payment).await
}
