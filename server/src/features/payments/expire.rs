//! The end of a payment page: it is ended with the provider first, and only then is the time given back.

use super::{Payment, cards, settle, store};
use crate::app::App;
use crate::error::Result;
use crate::features::bookings;
use crate::integrations::stripe::CheckoutStatus;
use crate::integrations::{Remedy, VendorError};
use crate::jobs::{self, Job, JobError};
use shared::ids::{BookingId, PaymentId};
use shared::payment::{PaymentMethod, PaymentStatus};
use std::sync::Arc;

/// How long it is until a payment that takes days is looked at again, in minutes.
const LOOK_AGAIN_MINUTES: i64 = 12 * 60;

/// Ends the page of a payment, whenever that is asked for, and does what follows from what it has become.
pub async fn expire_checkout(app: &Arc<App>, id: PaymentId) -> std::result::Result<(), JobError> {
    let Some(payment) = super::get(&mut app.db.read().await?, id).await? else { return Ok(()) };
    if payment.method != PaymentMethod::Card {
        return Ok(());
    }
    match (payment.status, &payment.checkout_id) {
        (PaymentStatus::Paid, _) => Ok(()),
        (PaymentStatus::Expired, _) if payment.pay_until.is_some_and(|until| until > app.clock.now()) => Ok(()),
        (PaymentStatus::Expired, _) => match payment.booking_id {
            Some(booking) => free_unless_paying(app, booking).await,
            None => Ok(()),
        },
        // Nobody was ever shown its page.
        (PaymentStatus::Open, None) => Ok(give_up(app, id).await?),
        (PaymentStatus::Unclear, _) => Ok(free(app, payment.booking_id).await?),
        (PaymentStatus::Open, Some(checkout_id)) => {
            let session = match cards(app)?.stripe.expire_checkout(checkout_id).await {
                Ok(session) => session,
                Err(error) => return out_of_reach(app, &payment, error).await,
            };
            settle::apply(app, &payment, &session).await?;
            if session.status == CheckoutStatus::Complete {
                still_under_way(app, id, payment.booking_id).await?;
            }
            Ok(())
        }
    }
}

/// The time of a session was kept until now for its payment. It is given back, unless somebody is on the page that was
/// opened for it: then the end of that page decides.
pub async fn expire_booking(app: &Arc<App>, id: BookingId) -> std::result::Result<(), JobError> {
    match open_page(app, id).await? {
        Some(payment) if payment.pay_until.is_some_and(|until| until > app.clock.now()) => Ok(()),
        Some(payment) => expire_checkout(app, payment.id).await,
        None => Ok(bookings::payment::expire(app, id).await?),
    }
}

/// The page of one payment is over; another may have been opened since.
async fn free_unless_paying(app: &Arc<App>, id: BookingId) -> std::result::Result<(), JobError> {
    match open_page(app, id).await? {
        Some(_) => Ok(()),
        None => Ok(bookings::payment::expire(app, id).await?),
    }
}

async fn open_page(app: &App, booking: BookingId) -> Result<Option<Payment>> {
    let payments = store::of_booking(&mut app.db.read().await?, booking).await?;
    Ok(payments.into_iter().find(|it| it.status == PaymentStatus::Open && it.method == PaymentMethod::Card))
}

/// The page ends by itself as well: once its time is up nobody can pay there, and the time for the session need not wait
/// until the provider is back. What became of the payment is looked at then. A page the provider does not know, because
/// the account is another one, is over.
async fn out_of_reach(app: &Arc<App>, payment: &Payment, error: VendorError) -> std::result::Result<(), JobError> {
    let is_over = payment.pay_until.is_none_or(|until| until <= app.clock.now());
    match error.remedy {
        Remedy::GiveUp if is_over => return Ok(give_up(app, payment.id).await?),
        _ if is_over => free(app, payment.booking_id).await?,
        _ => {}
    }
    Err(error.into())
}

/// Gives the time of a session back that nobody has paid for.
async fn free(app: &Arc<App>, booking: Option<BookingId>) -> Result<()> {
    let Some(booking) = booking else { return Ok(()) };
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move { bookings::payment::expire_unpaid(tx, &app, booking).await.map(|_| ()) })
        })
        .await
}

async fn give_up(app: &Arc<App>, id: PaymentId) -> Result<()> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let Some(payment) = store::payment(tx, id).await? else { return Ok(()) };
                if store::set_expired(tx, id).await? > 0 {
                    super::announce(tx, &payment);
                    if let Some(booking) = payment.booking_id {
                        bookings::payment::expire_unpaid(tx, &app, booking).await?;
                    }
                }
                Ok(())
            })
        })
        .await
}

/// Somebody paid in a way that takes days. A time is not kept that long.
async fn still_under_way(app: &Arc<App>, id: PaymentId, booking: Option<BookingId>) -> Result<()> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let is_open = store::payment(tx, id).await?.is_some_and(|it| it.status == PaymentStatus::Open);
                if !is_open {
                    return Ok(());
                }
                if let Some(booking) = booking {
                    bookings::payment::expire_unpaid(tx, &app, booking).await?;
                }
                let at = app.clock.now().plus_minutes(LOOK_AGAIN_MINUTES);
                jobs::enqueue(tx, &app.clock, at, &Job::ExpireCheckout { payment_id: id }).await
            })
        })
        .await
}
