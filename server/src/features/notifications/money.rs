//! What clients are told about their money. Somebody waits for it, so it goes at once.

use super::Outcome;
use super::deliver::{Letter, deliver, mailbox};
use super::messages;
use super::wants_mail;
use crate::app::App;
use crate::features::{accounts, clients, payments};
use crate::jobs::JobError;
use shared::ids::{ClientId, InvoiceId, PaymentId, RefundId};
use shared::payment::{PaymentStatus, RefundCause, RefundStatus};
use std::sync::Arc;

/// Tells the client that a payment has arrived.
pub async fn tell_receipt(app: &Arc<App>, id: PaymentId) -> Outcome {
    let payment = payments::get(&mut app.db.read().await?, id).await?;
    let Some(payment) = payment.filter(|payment| payment.status == PaymentStatus::Paid) else { return Ok(()) };
    if !wants_mail(app, Some(payment.client_id)).await? {
        return Ok(());
    }
    let outward = messages::receipt(app);
    let to = mailbox(&address(app, payment.client_id).await?)?;
    deliver(app, Letter::new(to, format!("receipt.{id}.0"), outward)).await
}

/// Tells the client that money has gone back, and why if nobody asked for it.
pub async fn tell_refund(app: &Arc<App>, id: RefundId) -> Outcome {
    let found = payments::refund_with_payment(&mut app.db.read().await?, id).await?;
    let Some((refund, payment)) = found.filter(|(refund, _)| refund.status == RefundStatus::Succeeded) else {
        return Ok(());
    };
    if !wants_mail(app, Some(payment.client_id)).await? {
        return Ok(());
    }
    let outward = match refund.cause {
        RefundCause::CameTooLate => messages::came_too_late(app),
        RefundCause::Policy | RefundCause::Practice | RefundCause::Elsewhere => messages::refunded(app),
    };
    let to = mailbox(&address(app, payment.client_id).await?)?;
    deliver(app, Letter::new(to, format!("refund.{id}.0"), outward)).await
}

/// Tells the client that there is something new in their bills, unless they want nothing by mail.
pub async fn tell_bill(app: &Arc<App>, id: InvoiceId) -> Outcome {
    let Some(bill) = payments::bills::get(&mut app.db.read().await?, id).await? else { return Ok(()) };
    if !wants_mail(app, Some(bill.client_id)).await? {
        return Ok(());
    }
    let outward = messages::new_bill(app);
    let to = mailbox(&address(app, bill.client_id).await?)?;
    deliver(app, Letter::new(to, format!("bill.{id}.0"), outward)).await
}

async fn address(app: &App, id: ClientId) -> Result<String, JobError> {
    let gone = || JobError::GiveUp("the client is not there any more".to_owned());
    let client = clients::get(&mut app.db.read().await?, id).await?.ok_or_else(gone)?;
    Ok(accounts::user(app, client.user_id).await?.email)
}
