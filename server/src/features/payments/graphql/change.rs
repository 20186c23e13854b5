//! Paying, refunding, noting what came.

use super::objects::{OwnPayment, RefundRecord};
use crate::error::Error;
use crate::features::payments::{self, ListedPayment, ListedRefund, Payment, Refund, checkout, record, refund, waive};
use crate::graphql::{answer, app, therapist, viewer};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::actor::Role;
use shared::money::Money;
use shared::payment::{
    AnnounceTransferInput, RecordPaymentInput, RefundPaymentInput, StartCheckoutInput, WaiveOwedInput,
};
use shared::problem::UserError;

/// Where a session can be paid.
#[derive(SimpleObject)]
pub struct StartCheckoutPayload {
    /// The payment that is awaited.
    payment: Option<OwnPayment>,
    /// The page of the payment provider; send the browser there.
    url: Option<String>,
    /// Why there is none.
    user_errors: Vec<UserError>,
}

/// A payment that was noted.
#[derive(SimpleObject)]
pub struct RecordPaymentPayload {
    /// The payment.
    payment: Option<OwnPayment>,
    /// Why nothing was noted.
    user_errors: Vec<UserError>,
}

/// A bank transfer that is on its way.
#[derive(SimpleObject)]
pub struct AnnounceTransferPayload {
    /// The payment that is awaited.
    payment: Option<OwnPayment>,
    /// Why nothing was noted.
    user_errors: Vec<UserError>,
}

/// A refund that was decided.
#[derive(SimpleObject)]
pub struct RefundPaymentPayload {
    /// The refund.
    refund: Option<RefundRecord>,
    /// Why nothing goes back.
    user_errors: Vec<UserError>,
}

/// What was let go.
#[derive(SimpleObject)]
pub struct WaiveOwedPayload {
    /// How much was, by currency.
    waived: Option<Vec<Money>>,
    /// Why nothing was.
    user_errors: Vec<UserError>,
}

/// Changes to what is paid.
#[derive(Default)]
pub struct PaymentMutation;

#[Object]
impl PaymentMutation {
    /// Opens the page on which a session or a package of yours is paid by card, or finds the one that is open. Clients only.
    async fn start_checkout(&self, ctx: &Context<'_>, input: StartCheckoutInput) -> Result<StartCheckoutPayload> {
        let viewer = client(ctx)?;
        let (started, user_errors) = answer(checkout::start(app(ctx), viewer, input).await)?;
        let (payment, url) = started.map(|started| (own(started.payment), started.url)).unzip();
        Ok(StartCheckoutPayload { payment, url, user_errors })
    }

    /// Says that a bank transfer for a session or a package of yours is on its way. Clients only.
    async fn announce_transfer(
        &self,
        ctx: &Context<'_>,
        input: AnnounceTransferInput,
    ) -> Result<AnnounceTransferPayload> {
        let viewer = client(ctx)?;
        let (payment, user_errors) = answer(record::announce_transfer(app(ctx), viewer, input).await)?;
        Ok(AnnounceTransferPayload { payment: payment.map(own), user_errors })
    }

    /// Notes money that came by bank transfer or in cash. Therapists only, of their own clients.
    async fn record_payment(&self, ctx: &Context<'_>, input: RecordPaymentInput) -> Result<RecordPaymentPayload> {
        viewer(ctx)?;
        let therapist = therapist(ctx).await?;
        let (payment, user_errors) = answer(record::record(app(ctx), &therapist, input).await)?;
        Ok(RecordPaymentPayload { payment: payment.map(own), user_errors })
    }

    /// Lets go of what is still open for a session or a package. Therapists only, of their own clients.
    async fn waive_owed(&self, ctx: &Context<'_>, input: WaiveOwedInput) -> Result<WaiveOwedPayload> {
        viewer(ctx)?;
        let therapist = therapist(ctx).await?;
        let (waived, user_errors) = answer(waive::waive_owed(app(ctx), &therapist, input).await)?;
        Ok(WaiveOwedPayload { waived, user_errors })
    }

    /// Gives back some or all of a payment. Therapists only, of their own clients.
    async fn refund_payment(&self, ctx: &Context<'_>, input: RefundPaymentInput) -> Result<RefundPaymentPayload> {
        viewer(ctx)?;
        let therapist = therapist(ctx).await?;
        let (made, user_errors) = answer(refund::refund_payment(app(ctx), &therapist, input).await)?;
        let refund = match made {
            Some(refund) => Some(named(ctx, &therapist, refund).await?),
            None => None,
        };
        Ok(RefundPaymentPayload { refund, user_errors })
    }
}

fn client(ctx: &Context<'_>) -> Result<crate::features::accounts::Viewer> {
    let viewer = viewer(ctx)?;
    if viewer.role != Role::Client {
        return Err(Error::Forbidden.into());
    }
    Ok(viewer)
}

fn own(payment: Payment) -> OwnPayment {
    OwnPayment(ListedPayment {
        payment,
        client_name: String::new(),
        session_at: None,
        package_name: None,
        receipt: None,
    })
}

async fn named(
    ctx: &Context<'_>,
    therapist: &crate::features::practice::Therapist,
    refund: Refund,
) -> Result<RefundRecord> {
    let found = payments::one_of_therapist(app(ctx), therapist.id, refund.payment_id).await?;
    let client_name = found.map(|(listed, _)| listed.client_name).unwrap_or_default();
    Ok(RefundRecord(ListedRefund { refund, client_name, asked_by_name: Some(therapist.name.clone()) }))
}
