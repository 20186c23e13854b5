//! Opening the page on which a session or a package is paid by card.

use super::subject::{Asker, Subject};
use super::{Payment, new_reference, settle, store};
use crate::app::{App, Cards};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::bookings;
use crate::features::clients::{self, Client};
use crate::integrations::stripe::NewCheckout;
use crate::integrations::{Remedy, VendorError};
use crate::jobs::{self, Job};
use shared::booking::BookingStatus;
use shared::ids::PaymentId;
use shared::payment::{CHECKOUT_MINUTES, PaidFor, PaymentMethod, PaymentStatus, StartCheckoutInput};
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::sync::Arc;
use url::Url;

/// A page on which a payment can be made.
#[derive(Debug, Clone)]
pub struct Started {
    /// The payment it is about.
    pub payment: Payment,
    /// Where the page is.
    pub url: String,
}

/// Opens the page, or finds the one that is open. The time of a session that waits for its payment is kept for as long.
///
/// The provider is asked outside of any write, after the payment has been stored: an answer that is lost leaves a payment
/// that the next try, or the job at its end, finds again under the same number.
pub async fn start(app: &Arc<App>, viewer: Viewer, input: StartCheckoutInput) -> Result<Started> {
    let Some(cards) = &app.cards else {
        let message = "Cards are not taken here. Please pay by bank transfer or in cash.";
        return Err(Error::refused_whole(ErrorCode::NotOffered, message));
    };
    let client = clients::of_viewer(app, viewer.user_id).await?.ok_or(Error::Forbidden)?;
    let what = PaidFor::one_of(input.booking_id, input.purchase_id).map_err(|problem| Error::Refused(vec![problem]))?;
    let payment = match awaited(app, &client, what).await? {
        Found::Open(payment) => *payment,
        Found::Over(id) => {
            // What became of the last page is not known yet, and a second one would let somebody pay twice.
            settle::look_again(app, id).await.map_err(|error| Error::Unavailable(error.to_string()))?;
            match awaited(app, &client, what).await? {
                Found::Open(payment) => *payment,
                Found::Over(_) => return Err(Error::Unavailable("a payment is still being looked at".into())),
            }
        }
    };
    let url = match payment.checkout_url.clone() {
        Some(url) => url,
        None => open(app, cards, &payment).await?,
    };
    Ok(Started { payment, url })
}

/// A payment by card.
enum Found {
    /// It can be made.
    Open(Box<Payment>),
    /// Its time is up, and nobody has looked what became of it.
    Over(PaymentId),
}

async fn awaited(app: &Arc<App>, client: &Client, what: PaidFor) -> Result<Found> {
    let (shared_app, id, reference) = (app.clone(), PaymentId(app.clock.new_id()), new_reference()?);
    let client = Arc::new(client.clone());
    app.db
        .write(move |tx| {
            let (app, client, reference) = (shared_app.clone(), client.clone(), reference.clone());
            Box::pin(async move {
                let now = app.clock.now();
                let subject = Subject::find(tx, Asker::Client(client.id), what).await?;
                if let Some(open) = open_page(tx, &subject).await? {
                    let is_over = open.pay_until.is_none_or(|until| until <= now);
                    return Ok(if is_over { Found::Over(open.id) } else { Found::Open(Box::new(open)) });
                }
                let payment = new_payment(tx, &subject, &client, id, reference, now).await?;
                if store::insert(tx, &payment).await? == 0 {
                    // Somebody asked at the same moment, and was first.
                    let first = open_page(tx, &subject).await?;
                    let met = || Error::Unavailable("two payments of one thing met".into());
                    return first.map(|open| Found::Open(Box::new(open))).ok_or_else(met);
                }
                let until = payment.pay_until.unwrap_or(now);
                if let Subject::Session(booking) = &subject
                    && booking.status == BookingStatus::PendingPayment
                {
                    bookings::payment::keep_until(tx, booking.id, until).await?;
                }
                jobs::enqueue(tx, &app.clock, until, &Job::ExpireCheckout { payment_id: id }).await?;
                super::announce(tx, &payment);
                Ok(Found::Open(Box::new(payment)))
            })
        })
        .await
}

async fn open_page(tx: &mut Tx, subject: &Subject) -> Result<Option<Payment>> {
    let all = subject.payments(tx).await?;
    Ok(all.into_iter().find(|it| it.method == PaymentMethod::Card && it.status == PaymentStatus::Open))
}

async fn new_payment(
    tx: &mut Tx,
    subject: &Subject,
    client: &Client,
    id: PaymentId,
    reference: String,
    now: Instant,
) -> Result<Payment> {
    let money = subject.to_pay(tx).await?;
    if money.amount <= 0 {
        return Err(subject.nothing_to_pay());
    }
    let kept_until = match subject {
        Subject::Session(booking) => booking.pay_until,
        Subject::Package(_) => None,
    };
    Ok(Payment {
        id,
        client_id: client.id,
        therapist_id: subject.therapist_id(client),
        booking_id: subject.booking_id(),
        purchase_id: subject.purchase_id(),
        method: PaymentMethod::Card,
        status: PaymentStatus::Open,
        amount: money.amount,
        currency: money.currency,
        refunded_amount: 0,
        reference,
        checkout_id: None,
        checkout_url: None,
        // The time is kept as long as the page can be used, and the page as long as the time is kept.
        pay_until: Some(kept_until.unwrap_or(now).max(now.plus_minutes(CHECKOUT_MINUTES))),
        intent_id: None,
        problem: None,
        note: None,
        recorded_by: None,
        received_at: None,
        created_at: now,
    })
}

/// Asks the provider for the page. Asked again under the same number, it is the same page.
async fn open(app: &Arc<App>, cards: &Cards, payment: &Payment) -> Result<String> {
    let back = match payment.paid_for() {
        Some(PaidFor::Session(booking)) => format!("/portal/bookings/{booking}/paid"),
        Some(PaidFor::Package(purchase)) => format!("/portal/packages/{purchase}/paid"),
        None => return Err(Error::internal("a payment by card is for something")),
    };
    let new = NewCheckout {
        reference: payment.id.to_string(),
        money: payment.money(),
        expires_at: payment.pay_until.unwrap_or(payment.created_at),
        success_url: app.config.link(&back),
        cancel_url: app.config.link("/portal/bills?done=not-paid"),
    };
    let made = match cards.stripe.create_checkout(&new).await {
        Ok(made) => made,
        Err(error) => return Err(not_opened(app, payment.id, error).await?),
    };
    let url = made.url.filter(|url| is_theirs(app, url));
    let url = url.ok_or_else(|| Error::internal("the payment page has an address we do not know"))?;
    let (id, checkout, kept) = (payment.id, made.id, url.clone());
    app.db
        .write(move |tx| {
            let (checkout, kept) = (checkout.clone(), kept.clone());
            Box::pin(async move { Ok(store::set_checkout(tx, id, &checkout, Some(kept)).await?) })
        })
        .await?;
    Ok(url)
}

/// What to say when there is no page. One that was refused for good is not asked for again.
async fn not_opened(app: &App, id: PaymentId, error: VendorError) -> Result<Error> {
    tracing::warn!(payment = %id, %error, "a payment page could not be opened");
    if error.remedy != Remedy::GiveUp {
        return Ok(Error::Unavailable(error.to_string()));
    }
    app.db.write(move |tx| Box::pin(async move { Ok(store::set_expired(tx, id).await?) })).await?;
    let message = "This cannot be paid by card. Please pay by bank transfer, or ask your therapist.";
    Ok(Error::refused_whole(ErrorCode::NotOffered, message))
}

/// Whether an address is one to send a client to: the provider's, or in the demo one of our own.
fn is_theirs(app: &App, url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let is_real = app.config.stripe_api.scheme() == "https";
    match is_real {
        true => url.scheme() == "https" && url.host_str() == Some("checkout.stripe.com"),
        false => url.origin() == app.config.base_url.origin(),
    }
}
