//! Money that comes by bank transfer or in cash: a client says it is on its way, the practice notes that it came.

use super::subject::{Asker, Subject, no_such};
use super::{Payment, new_reference, note_place, place, settle, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::clients;
use crate::features::practice::{self, Therapist, zones};
use crate::idempotency;
use shared::ids::{PaymentId, UserId};
use shared::payment::{AnnounceTransferInput, PaidFor, PaymentMethod, PaymentStatus, RecordPaymentInput};
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::sync::Arc;

/// Notes money that came. A transfer the client announced becomes the payment it was announced as.
pub async fn record(app: &Arc<App>, therapist: &Therapist, input: RecordPaymentInput) -> Result<Payment> {
    Error::unless_fine(input.problems())?;
    let received_at = received_at(app, &input).await?;
    let catalogue = practice::catalogue(app).await?;
    let fingerprint = idempotency::fingerprint(&input)?;
    let (id, reference) = (PaymentId(app.clock.new_id()), new_reference()?);
    let (shared_app, therapist_id, actor) = (app.clone(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let (app, catalogue, input) = (shared_app.clone(), catalogue.clone(), input.clone());
            let (fingerprint, reference) = (fingerprint.clone(), reference.clone());
            Box::pin(async move {
                let scope = format!("recordPayment/{actor}");
                let (key, now) = (input.idempotency_key.as_deref(), app.clock.now());
                if let Some(known) = idempotency::begin::<PaymentId>(tx, &scope, key, &fingerprint, now).await? {
                    return store::payment(tx, known).await?.ok_or(Error::NotFound);
                }
                let client = clients::get(tx, input.client_id).await?;
                if client.is_none_or(|client| client.therapist_id != therapist_id) {
                    return Err(Error::refused("clientId", ErrorCode::NotFound, "There is no such client."));
                }
                if let Ok(what) = PaidFor::one_of(input.booking_id, input.purchase_id) {
                    let subject = Subject::find(tx, Asker::Therapist(therapist_id), what).await?;
                    if subject.client_id() != Some(input.client_id) {
                        return Err(no_such(what));
                    }
                }
                let id = match input.payment_id {
                    Some(known) => announced(tx, known, &input, actor, received_at).await?,
                    None => {
                        let note = input.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
                        let note = note.map(|note| app.keys.seal(&note_place(id), note.as_bytes())).transpose()?;
                        let payment = Payment {
                            id,
                            client_id: input.client_id,
                            therapist_id,
                            booking_id: input.booking_id,
                            purchase_id: input.purchase_id,
                            method: input.method,
                            status: PaymentStatus::Paid,
                            amount: input.amount,
                            currency: input.currency,
                            refunded_amount: 0,
                            reference,
                            checkout_id: None,
                            checkout_url: None,
                            pay_until: None,
                            intent_id: None,
                            problem: None,
                            note,
                            recorded_by: Some(actor),
                            received_at: Some(received_at),
                            created_at: now,
                        };
                        if store::insert(tx, &payment).await? == 0 {
                            return Err(Error::Unavailable("two payments have one reference".into()));
                        }
                        id
                    }
                };
                let payment = store::payment(tx, id).await?.ok_or(Error::NotFound)?;
                settle::receive_money(tx, &app, &catalogue, &payment).await?;
                place::place(tx, &app, &catalogue, &payment).await?;
                audit::record(tx, now, Some(actor), "record payment", Some(payment.client_id.0)).await?;
                idempotency::remember(tx, &scope, key, &id).await?;
                store::payment(tx, id).await?.ok_or(Error::NotFound)
            })
        })
        .await
}

/// The transfer a client said is on its way, now that it is there.
async fn announced(
    tx: &mut Tx,
    id: PaymentId,
    input: &RecordPaymentInput,
    actor: UserId,
    at: Instant,
) -> Result<PaymentId> {
    let payment = store::payment(tx, id).await?;
    let is_it = |it: &Payment| it.client_id == input.client_id && it.currency == input.currency;
    if !payment.as_ref().is_some_and(is_it) {
        return Err(Error::refused("paymentId", ErrorCode::NotFound, "There is no such payment of this client."));
    }
    if store::set_received(tx, id, input.method, input.amount, actor, at).await? == 0 {
        return Err(Error::refused("paymentId", ErrorCode::AlreadyDone, "This payment is noted already."));
    }
    Ok(id)
}

/// Noon of the day it came, or now for today. Not ahead of time.
async fn received_at(app: &App, input: &RecordPaymentInput) -> Result<Instant> {
    let now = app.clock.now();
    let Some(day) = input.received_on else { return Ok(now) };
    let catalogue = practice::catalogue(app).await?;
    let zone = zones::find("receivedOn", &catalogue.practice.time_zone, now)?;
    let today = zone.civil(now).date;
    if day == today {
        return Ok(now);
    }
    if day > today || day.days_until(today) > 366 {
        let message = "Choose a day of the last year, not ahead of today.";
        return Err(Error::refused("receivedOn", ErrorCode::Invalid, message));
    }
    Ok(now.plus_minutes(-day.days_until(today) * 24 * 60))
}

/// Says that a transfer for a session or a package is on its way. Said twice, it is the same one, with the newer words.
pub async fn announce_transfer(app: &Arc<App>, viewer: Viewer, input: AnnounceTransferInput) -> Result<Payment> {
    Error::unless_fine(input.problems())?;
    let what = PaidFor::one_of(input.booking_id, input.purchase_id).map_err(|problem| Error::Refused(vec![problem]))?;
    let client = Arc::new(clients::of_viewer(app, viewer.user_id).await?.ok_or(Error::Forbidden)?);
    let (shared_app, id, reference) = (app.clone(), PaymentId(app.clock.new_id()), new_reference()?);
    app.db
        .write(move |tx| {
            let (app, client, input) = (shared_app.clone(), client.clone(), input.clone());
            let reference = reference.clone();
            Box::pin(async move {
                let now = app.clock.now();
                let subject = Subject::find(tx, Asker::Client(client.id), what).await?;
                let proof = input.proof.as_deref().map(str::trim).filter(|proof| !proof.is_empty());
                let is_awaited =
                    |it: &Payment| it.method == PaymentMethod::Transfer && it.status == PaymentStatus::Open;
                if let Some(known) = subject.payments(tx).await?.into_iter().find(is_awaited) {
                    if let Some(proof) = proof {
                        let sealed = app.keys.seal(&note_place(known.id), proof.as_bytes())?;
                        store::set_note(tx, known.id, sealed).await?;
                        super::announce(tx, &known);
                    }
                    return store::payment(tx, known.id).await?.ok_or(Error::NotFound);
                }
                let money = subject.to_pay(tx).await?;
                if money.amount <= 0 {
                    return Err(subject.nothing_to_pay());
                }
                let payment = Payment {
                    id,
                    client_id: client.id,
                    therapist_id: subject.therapist_id(&client),
                    booking_id: subject.booking_id(),
                    purchase_id: subject.purchase_id(),
                    method: PaymentMethod::Transfer,
                    status: PaymentStatus::Open,
                    amount: money.amount,
                    currency: money.currency,
                    refunded_amount: 0,
                    reference,
                    checkout_id: None,
                    checkout_url: None,
                    pay_until: None,
                    intent_id: None,
                    problem: None,
                    note: proof.map(|proof| app.keys.seal(&note_place(id), proof.as_bytes())).transpose()?,
                    recorded_by: None,
                    received_at: None,
                    created_at: now,
                };
                if store::insert(tx, &payment).await? == 0 {
                    return Err(Error::Unavailable("two payments have one reference".into()));
                }
                super::announce(tx, &payment);
                Ok(payment)
            })
        })
        .await
}
