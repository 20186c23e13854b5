//! What a therapist sees of her clients' money.

use super::account::ClientAccount;
use super::objects::{Bill, OwedPackageFacts, OwedSession, PracticePayment, RefundRecord};
use crate::audit;
use crate::features::clients;
use crate::features::money::packages::{self, Package};
use crate::features::payments::{self, bills};
use crate::features::practice::Therapist;
use crate::graphql::in_order::InOrder;
use crate::graphql::{PageInfo, app, read_cursor};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::ids::{BookingId, ClientId, PaymentId};
use shared::payment::PaymentFilter;

/// What a signed-in therapist has to do with money.
pub struct DeskMoney(pub Therapist);

/// Payments of her clients, newest first.
#[derive(SimpleObject)]
pub struct PaymentConnection {
    /// The payments of this page.
    nodes: InOrder<PracticePayment>,
    /// Whether there are more.
    page_info: PageInfo,
}

/// Payments, refunds and what is overdue, of her own clients.
#[Object]
impl DeskMoney {
    /// Payments, newest first, at most 100 a page.
    async fn payments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; left out, all.")] filter: Option<PaymentFilter>,
        #[graphql(default = 50, desc = "How many at most, up to 100.")] first: i32,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<PaymentConnection> {
        let first = i64::from(first.clamp(1, 100));
        let after = read_cursor(after)?;
        let mut found = payments::of_therapist(app(ctx), self.0.id, filter, after, first + 1).await?;
        let has_next_page = found.len() as i64 > first;
        found.truncate(usize::try_from(first).unwrap_or(100));
        audit::note_list(app(ctx), self.0.user_id, "payments", found.len())?;
        let end_cursor = found.last().map(|listed| listed.payment.id.to_string());
        let nodes = found.into_iter().map(|listed| PracticePayment { listed, refunds: Vec::new() }).collect();
        Ok(PaymentConnection { nodes, page_info: PageInfo { has_next_page, end_cursor } })
    }
    /// One payment, with its refunds; the reading is noted.
    async fn payment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: PaymentId,
    ) -> Result<Option<PracticePayment>> {
        let found = payments::read_by_staff(app(ctx), &self.0, id).await?;
        Ok(found.map(|(listed, refunds)| PracticePayment { listed, refunds }))
    }
    /// The account of one of her clients; the reading is noted.
    async fn account_of_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: ClientId,
    ) -> Result<ClientAccount> {
        Ok(ClientAccount(clients::read_by_staff(app(ctx), id, &self.0).await?))
    }
    /// The packages on sale.
    async fn packages(&self, ctx: &Context<'_>) -> Result<Vec<Package>> {
        Ok(packages::on_sale(app(ctx)).await?)
    }
    /// Sessions that took place, or cost a fee, and were not paid, oldest first.
    async fn overdue(&self, ctx: &Context<'_>) -> Result<Vec<OwedSession>> {
        let found = payments::owed::overdue(app(ctx), self.0.id).await?;
        audit::note_list(app(ctx), self.0.user_id, "overdue sessions", found.len())?;
        Ok(found.into_iter().map(OwedSession).collect())
    }
    /// Packages that were sold and are not paid, oldest first.
    async fn owed_packages(&self, ctx: &Context<'_>) -> Result<Vec<OwedPackageFacts>> {
        let found = payments::owed::packages_of_therapist(app(ctx), self.0.id).await?;
        audit::note_list(app(ctx), self.0.user_id, "unpaid packages", found.len())?;
        Ok(found.into_iter().map(OwedPackageFacts::from).collect())
    }
    /// Invoices, receipts and credit notes about one of her sessions, newest first.
    async fn invoices_of_booking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: BookingId,
    ) -> Result<Vec<Bill>> {
        let found = bills::of_booking(app(ctx), self.0.id, id).await?;
        audit::note_list(app(ctx), self.0.user_id, "bills", found.len())?;
        Ok(found.into_iter().map(Bill).collect())
    }
    /// One bill of her clients; the reading is noted.
    async fn invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of the invoice or receipt.")] number: String,
    ) -> Result<Option<Bill>> {
        Ok(bills::read_by_staff(app(ctx), &self.0, &number).await?.map(Bill))
    }
    /// Refunds, newest first.
    async fn refunds(&self, ctx: &Context<'_>) -> Result<Vec<RefundRecord>> {
        let found = payments::refunds_of_therapist(app(ctx), self.0.id).await?;
        audit::note_list(app(ctx), self.0.user_id, "refunds", found.len())?;
        Ok(found.into_iter().map(RefundRecord).collect())
    }
}
