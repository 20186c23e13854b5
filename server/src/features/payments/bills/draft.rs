//! A bill before it has its number: what it is about, in words that name no treatment.

use super::super::store::{self, Due};
use super::super::subject::Subject;
use super::{Content, ContentLine, Invoice};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::bookings::{self, Booking};
use crate::features::money::fees::{self, FeeKind};
use crate::features::money::purchases::{self, Purchase};
use crate::features::practice::Catalogue;
use shared::ids::{BookingId, ClientId, InvoiceId, MovementId, PaymentId, PurchaseId, RefundId};
use shared::ledger::EntryKind;
use shared::money::Money;
use shared::payment::InvoiceKind;
use shared::time::Instant;
use shared::words;
use sqlx::types::Json;

/// What a bill is about.
pub(super) struct About {
    /// What it is for, in neutral words.
    words: String,
    /// The number of the booking or the package.
    reference: Option<String>,
    booking_id: Option<BookingId>,
    purchase_id: Option<PurchaseId>,
}

impl About {
    pub(super) fn session(booking: &Booking) -> Self {
        About {
            words: format!("Appointment, {}", words::full_day(booking.local_date)),
            reference: Some(booking.reference.clone()),
            booking_id: Some(booking.id),
            purchase_id: None,
        }
    }

    fn fee(booking: &Booking, kind: FeeKind) -> Self {
        About { words: format!("{}, {}", kind.words(), words::full_day(booking.local_date)), ..About::session(booking) }
    }

    fn package(purchase: &Purchase) -> Self {
        About {
            words: format!("Package of {} appointments", purchase.units),
            reference: Some(purchase.reference()),
            booking_id: None,
            purchase_id: Some(purchase.id),
        }
    }

    /// What is paid or given back; without a subject it is credit.
    pub(super) fn subject(subject: Option<&Subject>) -> Self {
        match subject {
            Some(Subject::Session(booking)) => About::session(booking),
            Some(Subject::Package(purchase)) => About::package(purchase),
            None => {
                About { words: "Payment on account".to_owned(), reference: None, booking_id: None, purchase_id: None }
            }
        }
    }

    /// The same as an invoice that is taken back.
    pub(super) fn invoice(invoice: &Invoice) -> Self {
        let content = &invoice.content.0;
        About {
            words: content.lines.first().map(|line| line.words.clone()).unwrap_or_default(),
            reference: content.reference.clone(),
            booking_id: invoice.booking_id,
            purchase_id: invoice.purchase_id,
        }
    }

    /// What was charged.
    pub(super) async fn due(tx: &mut Tx, due: &Due) -> Result<Self> {
        if let Some(id) = due.booking_id {
            let booking = bookings::get(tx, id).await?.ok_or(Error::NotFound)?;
            let fee = if due.kind == EntryKind::Fee { fees::of_booking(tx, id).await? } else { None };
            return Ok(fee.map_or_else(|| About::session(&booking), |fee| About::fee(&booking, fee.kind)));
        }
        let id = due.purchase_id.ok_or(Error::NotFound)?;
        Ok(About::package(&purchases::bought(tx, id).await?.ok_or(Error::NotFound)?))
    }
}

/// A bill before it has its number.
pub(super) struct Draft {
    pub(super) kind: InvoiceKind,
    pub(super) client_id: ClientId,
    pub(super) total: Money,
    pub(super) about: About,
    pub(super) payment_id: Option<PaymentId>,
    pub(super) refund_id: Option<RefundId>,
    pub(super) movement_id: Option<MovementId>,
    pub(super) settled: Option<String>,
    pub(super) at: Instant,
}

impl Draft {
    /// A bill that is written now and says nothing of how it is settled.
    pub(super) fn new(app: &App, kind: InvoiceKind, client_id: ClientId, total: Money, about: About) -> Self {
        Draft {
            kind,
            client_id,
            total,
            about,
            payment_id: None,
            refund_id: None,
            movement_id: None,
            settled: None,
            at: app.clock.now(),
        }
    }
}

/// Gives a bill its number and stores it.
pub(super) async fn write(tx: &mut Tx, app: &App, catalogue: &Catalogue, draft: Draft) -> Result<InvoiceId> {
    let mut from = vec![catalogue.practice.name.clone()];
    from.extend(catalogue.practice.settings.address.iter().cloned());
    let content = Content {
        from,
        to: store::name_of_client(tx, draft.client_id).await?,
        lines: vec![ContentLine { words: draft.about.words, amount: draft.total.amount }],
        settled: draft.settled,
        reference: draft.about.reference,
    };
    let nth = store::next_number(tx, draft.kind).await?;
    let invoice = Invoice {
        id: InvoiceId(app.clock.new_id()),
        kind: draft.kind,
        number: draft.kind.number(nth),
        client_id: draft.client_id,
        booking_id: draft.about.booking_id,
        purchase_id: draft.about.purchase_id,
        payment_id: draft.payment_id,
        refund_id: draft.refund_id,
        movement_id: draft.movement_id,
        amount: draft.total.amount,
        currency: draft.total.currency,
        content: Json(content),
        issued_at: draft.at,
    };
    store::insert_invoice(tx, &invoice, nth).await?;
    Ok(invoice.id)
}
