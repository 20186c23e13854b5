//! Letting go of what is still open for a session or a package.

use super::subject::{Asker, Subject};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::money::fees;
use crate::features::money::ledger::{self, Posting};
use crate::features::practice::{self, Therapist};
use crate::idempotency;
use crate::jobs::{self, Job};
use shared::ledger::{EntryKind, waive};
use shared::money::Money;
use shared::payment::{PaidFor, PaymentMethod, PaymentStatus, WaiveOwedInput};
use std::sync::Arc;

/// Lets go of everything that is open for a session or a package, decided by the therapist: the client owes nothing for it
/// any more. Answers with how much that was, by currency. The same key lets go once.
pub async fn waive_owed(app: &Arc<App>, therapist: &Therapist, input: WaiveOwedInput) -> Result<Vec<Money>> {
    Error::unless_fine(input.problems())?;
    let what = PaidFor::one_of(input.booking_id, input.purchase_id).map_err(|problem| Error::Refused(vec![problem]))?;
    let fingerprint = idempotency::fingerprint(&input)?;
    let (shared_app, therapist_id, actor) = (app.clone(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let (app, input, fingerprint) = (shared_app.clone(), input.clone(), fingerprint.clone());
            Box::pin(async move {
                let (scope, key) = (format!("waiveOwed/{actor}"), input.idempotency_key.as_deref());
                let now = app.clock.now();
                if let Some(known) = idempotency::begin::<Vec<Money>>(tx, &scope, key, &fingerprint, now).await? {
                    return Ok(known);
                }
                // Two who let go at once would let go of it twice.
                practice::lock_therapist(tx, therapist_id).await?;
                let subject = Subject::find(tx, Asker::Therapist(therapist_id), what).await?;
                let reason = input.reason.trim().to_owned();
                let open: Vec<_> = ledger::open_for(tx, what).await?.into_iter().filter(|it| it.amount > 0).collect();
                if open.is_empty() {
                    return Err(subject.nothing_to_pay());
                }
                let client_id = subject.client_id().ok_or(Error::NotFound)?;
                for money in &open {
                    let posting = Posting {
                        booking_id: subject.booking_id(),
                        purchase_id: subject.purchase_id(),
                        note: Some(reason.clone()),
                        ..Posting::of(client_id, EntryKind::Waiver, waive(*money)).by(Some(actor))
                    };
                    ledger::post(tx, &app.clock, posting).await?;
                }
                if let Some(booking) = subject.booking_id() {
                    fees::let_go_charged(tx, booking, &reason, actor, now).await?;
                    tx.announce(Event::BookingChanged {
                        booking_id: booking,
                        therapist_id,
                        client_id: Some(client_id),
                    });
                }
                // Nobody shall pay on a page that is still open for it.
                for payment in subject.payments(tx).await? {
                    if payment.method == PaymentMethod::Card && payment.status == PaymentStatus::Open {
                        let job = Job::ExpireCheckout { payment_id: payment.id };
                        jobs::enqueue(tx, &app.clock, now, &job).await?;
                    }
                }
                audit::record(tx, now, Some(actor), "waive owed", Some(client_id.0)).await?;
                tx.announce(Event::MoneyChanged { client_id, therapist_id });
                idempotency::remember(tx, &scope, key, &open).await?;
                Ok(open)
            })
        })
        .await
}
