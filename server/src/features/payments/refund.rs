//! Giving money back: set aside first, so that never more goes back than came; then sent; then noted.

use super::settle::account_of;
use super::{Payment, Refund, bills, cards, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::money::ledger::{self, Posting};
use crate::features::practice::{self, Catalogue, Therapist};
use crate::idempotency;
use crate::integrations::Remedy;
use crate::integrations::stripe::{self, NewRefund, code_of};
use crate::jobs::{self, Job, JobError};
use shared::ids::{RefundId, UserId};
use shared::ledger::{Entry, EntryKind, give_back, receive, unwaive, waive};
use shared::money::Money;
use shared::payment::{PaymentMethod, RefundCause, RefundPaymentInput, RefundStatus, opened_by_refund};
use shared::problem::ErrorCode;
use std::sync::Arc;

/// Gives back some or all of a payment, decided by the therapist. The same key gives the same refund.
pub async fn refund_payment(app: &Arc<App>, therapist: &Therapist, input: RefundPaymentInput) -> Result<Refund> {
    Error::unless_fine(input.problems())?;
    let catalogue = practice::catalogue(app).await?;
    let fingerprint = idempotency::fingerprint(&input)?;
    let (shared_app, therapist_id, actor) = (app.clone(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let (app, catalogue, input) = (shared_app.clone(), catalogue.clone(), input.clone());
            let fingerprint = fingerprint.clone();
            Box::pin(async move {
                let scope = format!("refundPayment/{actor}");
                let (key, now) = (input.idempotency_key.as_deref(), app.clock.now());
                if let Some(known) = idempotency::begin::<RefundId>(tx, &scope, key, &fingerprint, now).await? {
                    return store::refund(tx, known).await?.ok_or(Error::NotFound);
                }
                let payment = store::payment(tx, input.payment_id).await?;
                let payment = payment.filter(|payment| payment.therapist_id == therapist_id);
                let no_such = || Error::refused("paymentId", ErrorCode::NotFound, "There is no such payment.");
                let payment = payment.ok_or_else(no_such)?;
                let amount = input.amount.unwrap_or(payment.refundable().amount);
                let decided = Decided {
                    cause: RefundCause::Practice,
                    reason: Some(input.reason.trim().to_owned()),
                    asked_by: Some(actor),
                    stays_owed: input.stays_owed.unwrap_or(false),
                };
                let made = set_aside(tx, &app, &payment, amount, decided).await?;
                let id = made.ok_or_else(|| too_much(&payment))?;
                if payment.method != PaymentMethod::Card {
                    // It was handed over, or sent from the practice's own bank.
                    succeed(tx, &app, &catalogue, id).await?;
                }
                idempotency::remember(tx, &scope, key, &id).await?;
                store::refund(tx, id).await?.ok_or(Error::NotFound)
            })
        })
        .await
}

fn too_much(payment: &Payment) -> Error {
    match payment.refundable() {
        left if left.is_free() => {
            let message = "There is nothing left of this payment that could go back.";
            Error::refused("paymentId", ErrorCode::AlreadyDone, message)
        }
        left => Error::refused("amount", ErrorCode::Invalid, format!("At most {left} of it can go back.")),
    }
}

/// Why money goes back, and who says so.
pub(super) struct Decided {
    cause: RefundCause,
    reason: Option<String>,
    asked_by: Option<UserId>,
    stays_owed: bool,
}

impl Decided {
    /// Nobody decided it: the rules say so.
    pub(super) fn by_rule(cause: RefundCause) -> Self {
        Decided { cause, reason: None, asked_by: None, stays_owed: true }
    }
}

/// Sets an amount aside to go back, and has it sent if it came by card. `None` if there is not as much.
pub(super) async fn set_aside(
    tx: &mut Tx,
    app: &App,
    payment: &Payment,
    amount: i64,
    decided: Decided,
) -> Result<Option<RefundId>> {
    if amount <= 0 || store::reserve(tx, payment.id, amount).await? == 0 {
        return Ok(None);
    }
    let (id, now) = (RefundId(app.clock.new_id()), app.clock.now());
    let refund = Refund {
        id,
        payment_id: payment.id,
        amount,
        currency: payment.currency,
        status: RefundStatus::Pending,
        cause: decided.cause,
        reason: decided.reason,
        asked_by: decided.asked_by,
        vendor_id: None,
        problem: None,
        stays_owed: decided.stays_owed,
        waived_amount: 0,
        created_at: now,
        done_at: None,
    };
    store::insert_refund(tx, &refund).await?;
    audit::record(tx, now, decided.asked_by, "refund payment", Some(payment.id.0)).await?;
    if payment.method == PaymentMethod::Card {
        jobs::enqueue(tx, &app.clock, now, &Job::SendRefund { refund_id: id }).await?;
    }
    super::announce(tx, payment);
    Ok(Some(id))
}

/// Has the provider give back what was set aside. Asked again under the same number, it does so once.
pub async fn send(app: &Arc<App>, id: RefundId) -> std::result::Result<(), JobError> {
    let found = super::refund_with_payment(&mut app.db.read().await?, id).await?;
    let Some((refund, payment)) = found.filter(|(refund, _)| refund.status == RefundStatus::Pending) else {
        return Ok(());
    };
    let intent = payment.intent_id.ok_or_else(|| JobError::GiveUp("the payment has no number".to_owned()))?;
    let new = NewRefund { reference: id.to_string(), intent, amount: refund.amount };
    match cards(app)?.stripe.refund(&new).await {
        Ok(theirs) => Ok(note(app, id, theirs).await?),
        Err(error) if error.remedy == Remedy::GiveUp => {
            tracing::error!(refund = %id, %error, "a refund was refused for good");
            failed(app, id, "PENDING", error.message).await?;
            // Perhaps somebody gave it back on the provider's own pages, for which there was no room until now.
            look_again(app, &new.intent).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Notes how far a refund has come with the provider, whoever asked for it.
pub(super) async fn note(app: &Arc<App>, id: RefundId, theirs: stripe::Refund) -> Result<()> {
    match theirs.status {
        stripe::RefundStatus::Failed | stripe::RefundStatus::Canceled => {
            let why = "the money came back from the card";
            failed(app, id, "PENDING", why.to_owned()).await?;
            failed(app, id, "SUCCEEDED", why.to_owned()).await
        }
        stripe::RefundStatus::Pending | stripe::RefundStatus::Other => {
            let vendor_id = theirs.id;
            app.db
                .write(move |tx| {
                    let vendor_id = vendor_id.clone();
                    Box::pin(async move { Ok(store::set_vendor_id(tx, id, &vendor_id).await?) })
                })
                .await
        }
        stripe::RefundStatus::Succeeded => {
            let catalogue = practice::catalogue(app).await?;
            let (shared_app, vendor_id) = (app.clone(), theirs.id);
            app.db
                .write(move |tx| {
                    let (app, catalogue, vendor_id) = (shared_app.clone(), catalogue.clone(), vendor_id.clone());
                    Box::pin(async move {
                        store::set_vendor_id(tx, id, &vendor_id).await?;
                        succeed(tx, &app, &catalogue, id).await
                    })
                })
                .await
        }
    }
}

/// The money has gone back: in the ledger, on a credit note, in a mail. Once. What would be open again because of it is let
/// go with it, unless it stays owed.
pub(super) async fn succeed(tx: &mut Tx, app: &App, catalogue: &Catalogue, id: RefundId) -> Result<()> {
    let now = app.clock.now();
    if store::set_succeeded(tx, id, now).await? == 0 {
        return Ok(());
    }
    let (refund, payment) = super::refund_with_payment(tx, id).await?.ok_or(Error::NotFound)?;
    let entries = give_back(account_of(payment.method), refund.money());
    ledger::post(tx, &app.clock, posting(EntryKind::Refund, &refund, &payment, entries)).await?;
    if !refund.stays_owed
        && let Some(what) = payment.paid_for()
    {
        let open = ledger::open_for(tx, what).await?;
        let open = open.into_iter().find(|money| money.currency == refund.currency).map_or(0, |money| money.amount);
        let opened = Money { amount: opened_by_refund(open, refund.amount), ..refund.money() };
        ledger::post(tx, &app.clock, posting(EntryKind::Waiver, &refund, &payment, waive(opened))).await?;
        store::set_waived(tx, id, opened.amount).await?;
    }
    bills::credit_note(tx, app, catalogue, &refund, &payment).await?;
    jobs::enqueue(tx, &app.clock, now, &Job::TellRefund { refund_id: id }).await?;
    super::announce(tx, &payment);
    Ok(())
}

/// It did not go through, at once or after it seemed done: what was set aside can be refunded again.
async fn failed(app: &Arc<App>, id: RefundId, from: &'static str, problem: String) -> Result<()> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let (app, problem) = (shared_app.clone(), problem.clone());
            Box::pin(async move {
                if store::set_failed(tx, id, from, &problem, app.clock.now()).await? == 0 {
                    return Ok(());
                }
                let (refund, payment) = super::refund_with_payment(tx, id).await?.ok_or(Error::NotFound)?;
                store::unreserve(tx, payment.id, refund.amount).await?;
                if from == "SUCCEEDED" {
                    let entries = receive(account_of(payment.method), refund.money());
                    ledger::post(tx, &app.clock, posting(EntryKind::Refund, &refund, &payment, entries)).await?;
                    let waived = Money { amount: refund.waived_amount, ..refund.money() };
                    let entries = unwaive(waived);
                    ledger::post(tx, &app.clock, posting(EntryKind::Waiver, &refund, &payment, entries)).await?;
                    store::set_waived(tx, id, 0).await?;
                }
                super::announce(tx, &payment);
                Ok(())
            })
        })
        .await
}

fn posting(kind: EntryKind, refund: &Refund, payment: &Payment, entries: Vec<Entry>) -> Posting {
    Posting {
        booking_id: payment.booking_id,
        purchase_id: payment.purchase_id,
        payment_id: Some(payment.id),
        actor: refund.asked_by,
        ..Posting::of(payment.client_id, kind, entries)
    }
}

/// Reads every refund of a payment again: ours, and those somebody made on the provider's own pages.
pub async fn look_again(app: &Arc<App>, intent: &str) -> std::result::Result<(), JobError> {
    let Some(payment) = store::by_intent(&mut app.db.read().await?, intent).await.map_err(Error::from)? else {
        return Ok(());
    };
    for theirs in cards(app)?.stripe.refunds_of(intent).await? {
        let ours = match theirs.reference().and_then(|reference| reference.parse::<RefundId>().ok()) {
            Some(id) => store::refund(&mut app.db.read().await?, id).await.map_err(Error::from)?,
            None => store::refund_by_vendor(&mut app.db.read().await?, &theirs.id).await.map_err(Error::from)?,
        };
        let ours = ours.filter(|ours| ours.payment_id == payment.id);
        let id = match ours {
            Some(ours) => ours.id,
            None if theirs.currency != code_of(payment.currency) || never_went(&theirs) => continue,
            None => match made_elsewhere(app, &payment, &theirs).await? {
                Some(id) => id,
                None => {
                    tracing::error!(payment = %payment.id, "more went back than was noted to have come");
                    continue;
                }
            },
        };
        note(app, id, theirs).await?;
    }
    Ok(())
}

/// Whether a refund came to nothing, so that there is nothing to note of one we never heard of.
fn never_went(theirs: &stripe::Refund) -> bool {
    matches!(theirs.status, stripe::RefundStatus::Failed | stripe::RefundStatus::Canceled)
}

/// Notes a refund that somebody made on the provider's own pages.
async fn made_elsewhere(app: &Arc<App>, payment: &Payment, theirs: &stripe::Refund) -> Result<Option<RefundId>> {
    let (shared_app, payment, amount, vendor_id) = (app.clone(), payment.clone(), theirs.amount, theirs.id.clone());
    app.db
        .write(move |tx| {
            let (app, payment, vendor_id) = (shared_app.clone(), payment.clone(), vendor_id.clone());
            Box::pin(async move {
                if let Some(known) = store::refund_by_vendor(tx, &vendor_id).await? {
                    return Ok(Some(known.id));
                }
                if store::reserve(tx, payment.id, amount).await? == 0 {
                    return Ok(None);
                }
                let (id, now) = (RefundId(app.clock.new_id()), app.clock.now());
                let refund = Refund {
                    id,
                    payment_id: payment.id,
                    amount,
                    currency: payment.currency,
                    status: RefundStatus::Pending,
                    cause: RefundCause::Elsewhere,
                    reason: None,
                    asked_by: None,
                    vendor_id: Some(vendor_id),
                    problem: None,
                    stays_owed: false,
                    waived_amount: 0,
                    created_at: now,
                    done_at: None,
                };
                store::insert_refund(tx, &refund).await?;
                audit::record(tx, now, None, "refund payment", Some(payment.id.0)).await?;
                Ok(Some(id))
            })
        })
        .await
}
