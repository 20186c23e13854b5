//! What the provider says of a payment becomes ours: whatever was told, in whatever order and however often, the payment
//! itself is read again and compared with our own row.

use super::{Payment, bills, cards, place, refund, store};
use crate::app::{App, Cards};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::bookings;
use crate::features::money::ledger::{self, Posting};
use crate::features::practice::{self, Catalogue};
use crate::integrations::stripe::{Checkout, CheckoutStatus, PaymentStatus as Provider, code_of};
use crate::jobs::{self, Job, JobError};
use shared::ids::PaymentId;
use shared::ledger::{Account, EntryKind, receive};
use shared::payment::PaymentMethod;
use std::sync::Arc;

/// What a payment page says about the payment.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    /// Nothing has happened that counts.
    Nothing,
    /// The money is there, under this number.
    Paid(String),
    /// It was not made, and cannot be any more.
    Over,
    /// It is not the payment we asked for.
    Unclear(&'static str),
}

/// Reads a payment again, and does what follows.
pub async fn look_again(app: &Arc<App>, id: PaymentId) -> std::result::Result<(), JobError> {
    let Some(payment) = super::get(&mut app.db.read().await?, id).await? else { return Ok(()) };
    let Some(checkout_id) = &payment.checkout_id else { return Ok(()) };
    let session = cards(app)?.stripe.checkout(checkout_id).await?;
    apply(app, &payment, &session).await
}

/// Does what follows from a payment page as it is now.
pub(super) async fn apply(app: &Arc<App>, payment: &Payment, session: &Checkout) -> std::result::Result<(), JobError> {
    let verdict = verdict(cards(app)?, payment, session).await?;
    if verdict == Verdict::Nothing {
        return Ok(());
    }
    if let Verdict::Unclear(why) = verdict {
        tracing::error!(payment = %payment.id, why, "a payment is not the one that was asked for");
    }
    let catalogue = practice::catalogue(app).await?;
    let intent = match &verdict {
        Verdict::Paid(intent) => Some(intent.clone()),
        _ => None,
    };
    let (shared_app, payment, checkout) = (app.clone(), payment.clone(), session.id.clone());
    app.db
        .write(move |tx| {
            let (app, catalogue, verdict) = (shared_app.clone(), catalogue.clone(), verdict.clone());
            let (payment, checkout) = (payment.clone(), checkout.clone());
            Box::pin(async move {
                match verdict {
                    Verdict::Nothing => Ok(()),
                    Verdict::Paid(intent) => {
                        store::set_checkout(tx, payment.id, &checkout, None).await?;
                        paid(tx, &app, &catalogue, &payment, intent).await
                    }
                    Verdict::Over => over(tx, &app, &payment).await,
                    Verdict::Unclear(why) => {
                        if store::set_unclear(tx, payment.id, why).await? > 0 {
                            super::announce(tx, &payment);
                        }
                        Ok(())
                    }
                }
            })
        })
        .await?;
    // A refund may have been told of before the payment was known: now it has a place.
    match intent {
        Some(intent) => refund::look_again(app, &intent).await,
        None => Ok(()),
    }
}

async fn verdict(cards: &Cards, payment: &Payment, session: &Checkout) -> std::result::Result<Verdict, JobError> {
    if let Some(why) = difference(cards, payment, session) {
        return Ok(Verdict::Unclear(why));
    }
    match (session.status, session.payment_status) {
        (CheckoutStatus::Expired, Provider::Unpaid) => return Ok(Verdict::Over),
        (CheckoutStatus::Complete, _) => {}
        _ => return Ok(Verdict::Nothing),
    }
    let Some(intent_id) = &session.payment_intent else { return Ok(Verdict::Nothing) };
    let intent = cards.stripe.intent(intent_id).await?;
    let is_paid = session.payment_status == Provider::Paid && intent.status == "succeeded";
    Ok(match intent.status.as_str() {
        _ if intent.livemode != cards.stripe.is_live() => Verdict::Unclear("it is of another mode than the account"),
        _ if is_paid && (intent.amount_received, intent.currency.as_str()) != asked(payment) => {
            Verdict::Unclear("another amount came than was asked for")
        }
        _ if is_paid => Verdict::Paid(intent.id),
        "requires_payment_method" | "canceled" => Verdict::Over,
        // It takes days, and may still come to nothing.
        _ => Verdict::Nothing,
    })
}

fn asked(payment: &Payment) -> (i64, &'static str) {
    (payment.amount, code_of(payment.currency))
}

/// What a page differs in from the one we asked for, in words for the practice.
fn difference(cards: &Cards, payment: &Payment, session: &Checkout) -> Option<&'static str> {
    if session.client_reference_id.as_deref() != Some(payment.id.to_string().as_str()) {
        return Some("it is the page of another payment");
    }
    if session.livemode != cards.stripe.is_live() {
        return Some("it is of another mode than the account");
    }
    if session.amount_total.zip(session.currency.as_deref()) != Some(asked(payment)) {
        return Some("its page asks for another amount");
    }
    None
}

/// The money is there: once, however many say so.
async fn paid(tx: &mut Tx, app: &Arc<App>, catalogue: &Catalogue, payment: &Payment, intent: String) -> Result<()> {
    if store::set_paid(tx, payment.id, Some(intent), app.clock.now()).await? == 0 {
        return Ok(());
    }
    let payment = store::payment(tx, payment.id).await?.ok_or(Error::NotFound)?;
    receive_money(tx, app, catalogue, &payment).await?;
    place::place(tx, app, catalogue, &payment).await
}

/// Notes money in the ledger, writes its receipt and has it sent.
pub(super) async fn receive_money(tx: &mut Tx, app: &App, catalogue: &Catalogue, payment: &Payment) -> Result<()> {
    let posting = Posting {
        booking_id: payment.booking_id,
        purchase_id: payment.purchase_id,
        payment_id: Some(payment.id),
        actor: payment.recorded_by,
        ..Posting::of(payment.client_id, EntryKind::Payment, receive(account_of(payment.method), payment.money()))
    };
    ledger::post(tx, &app.clock, posting).await?;
    bills::receipt(tx, app, catalogue, payment).await?;
    let now = app.clock.now();
    jobs::enqueue(tx, &app.clock, now, &Job::TellReceipt { payment_id: payment.id }).await?;
    super::announce(tx, payment);
    Ok(())
}

/// Where money of a method is kept in the ledger.
pub(super) fn account_of(method: PaymentMethod) -> Account {
    match method {
        PaymentMethod::Card => Account::Card,
        PaymentMethod::Transfer => Account::Bank,
        PaymentMethod::Cash => Account::Cash,
    }
}

/// It was not made: the time it was for is free again.
async fn over(tx: &mut Tx, app: &Arc<App>, payment: &Payment) -> Result<()> {
    if store::set_expired(tx, payment.id).await? == 0 {
        return Ok(());
    }
    super::announce(tx, payment);
    if let Some(booking) = payment.booking_id {
        bookings::payment::expire_unpaid(tx, app, booking).await?;
    }
    Ok(())
}
