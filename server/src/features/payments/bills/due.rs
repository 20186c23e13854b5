//! Bills that follow from the ledger: an invoice for what was charged, a credit note for what was taken back.

use super::super::store::{self, Due};
use super::draft::{About, Draft, write};
use crate::app::App;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::clients;
use crate::features::money::ledger::currency_of;
use crate::features::practice::{self, Catalogue};
use crate::jobs::{self, Job};
use shared::ledger::EntryKind;
use shared::money::Money;
use shared::payment::InvoiceKind;
use std::sync::Arc;

/// How many bills of a kind are written in one go.
const AT_ONCE: i64 = 100;

/// Writes the invoice of every session, fee and package that was charged and has none yet, and a credit note for whatever
/// was taken back or let go of one that has. A bill is never changed: what follows has a bill of its own.
pub async fn issue_due(app: &Arc<App>) -> Result<()> {
    let catalogue = practice::catalogue(app).await?;
    let charged = store::uninvoiced(&mut app.db.read().await?, AT_ONCE).await?;
    for due in charged {
        issue(app, &catalogue, due).await?;
    }
    // Asked for afterwards: what was charged and in part let go since the last time has both.
    let taken_back = store::uncredited(&mut app.db.read().await?, AT_ONCE).await?;
    for due in taken_back {
        issue(app, &catalogue, due).await?;
    }
    Ok(())
}

/// Writes the bill of one movement, unless it has been written meanwhile.
async fn issue(app: &Arc<App>, catalogue: &Arc<Catalogue>, due: Due) -> Result<()> {
    let Some(currency) = currency_of(&due.unit) else { return Ok(()) };
    let (shared_app, catalogue) = (app.clone(), catalogue.clone());
    app.db
        .write(move |tx| {
            let (app, catalogue, due) = (shared_app.clone(), catalogue.clone(), due.clone());
            Box::pin(async move {
                if store::has_bill(tx, due.movement_id).await? {
                    return Ok(());
                }
                let corrected = match &due.corrects {
                    Some(number) => Some(store::invoice(tx, number).await?.ok_or(Error::NotFound)?),
                    None => None,
                };
                let (kind, about) = match &corrected {
                    Some(invoice) => (InvoiceKind::CreditNote, About::invoice(invoice)),
                    None => (InvoiceKind::Invoice, About::due(tx, &due).await?),
                };
                let total = Money { amount: due.amount, currency };
                let draft = Draft {
                    movement_id: Some(due.movement_id),
                    settled: corrected.map(|invoice| format!("Takes back from invoice {}", invoice.number)),
                    ..Draft::new(&app, kind, due.client_id, total, about)
                };
                let invoice_id = write(tx, &app, &catalogue, draft).await?;
                // A session is no surprise; a fee that somebody has charged may be.
                if due.kind == EntryKind::Fee {
                    jobs::enqueue(tx, &app.clock, app.clock.now(), &Job::TellBill { invoice_id }).await?;
                }
                if let Some(client) = clients::get(tx, due.client_id).await? {
                    tx.announce(Event::MoneyChanged { client_id: client.id, therapist_id: client.therapist_id });
                }
                Ok(())
            })
        })
        .await
}
