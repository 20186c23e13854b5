//! What a client sees of their money.

use super::objects::{Bill, OwedPackageFacts, OwedSession, OwnPayment};
use crate::features::clients::Client;
use crate::features::money::purchases::{self, Purchase};
use crate::features::{payments, practice};
use crate::graphql::app;
use async_graphql::{Context, Object, Result};
use shared::ids::BookingId;
use shared::money::Money;

/// What a signed-in client has to do with money.
pub struct OwnMoney(pub Client);

/// Your payments and bills.
#[Object]
impl OwnMoney {
    /// Your payments, newest first.
    async fn payments(&self, ctx: &Context<'_>) -> Result<Vec<OwnPayment>> {
        let found = payments::of_client(app(ctx), self.0.id).await?;
        Ok(found.into_iter().map(OwnPayment).collect())
    }
    /// The packages you have bought, newest first.
    async fn packages(&self, ctx: &Context<'_>) -> Result<Vec<Purchase>> {
        Ok(purchases::of_client(app(ctx), self.0.id).await?)
    }
    /// Your invoices, receipts and credit notes, newest first.
    async fn invoices(&self, ctx: &Context<'_>) -> Result<Vec<Bill>> {
        let found = payments::bills::of_client(app(ctx), self.0.id).await?;
        Ok(found.into_iter().map(Bill).collect())
    }
    /// One of your bills.
    async fn invoice(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of the invoice or receipt.")] number: String,
    ) -> Result<Option<Bill>> {
        let found = payments::bills::by_number(app(ctx), &number).await?;
        Ok(found.filter(|bill| bill.client_id == self.0.id).map(Bill))
    }
    /// What you owe, by currency; below zero it is your credit. Nothing where nothing is open.
    async fn balance(&self, ctx: &Context<'_>) -> Result<Vec<Money>> {
        Ok(payments::balance(app(ctx), self.0.id).await?)
    }
    /// What came from you for one of your sessions and has not gone back, by currency. Nothing where it is not yours.
    async fn paid_for(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] booking_id: BookingId,
    ) -> Result<Vec<Money>> {
        Ok(payments::paid_for(app(ctx), self.0.id, booking_id).await?)
    }
    /// Your sessions that are to be paid: those that wait for it first, then the oldest.
    async fn owed(&self, ctx: &Context<'_>) -> Result<Vec<OwedSession>> {
        let found = payments::owed::of_client(app(ctx), self.0.id).await?;
        Ok(found.into_iter().map(OwedSession).collect())
    }
    /// Your packages that are to be paid, oldest first.
    async fn owed_packages(&self, ctx: &Context<'_>) -> Result<Vec<OwedPackageFacts>> {
        let found = payments::owed::packages_of_client(app(ctx), self.0.id).await?;
        Ok(found.into_iter().map(OwedPackageFacts::from).collect())
    }
    /// Whether cards are taken.
    async fn takes_cards(&self, ctx: &Context<'_>) -> bool {
        app(ctx).takes_cards()
    }
    /// Where a bank transfer goes, line by line; nothing where the practice takes none.
    async fn bank_details(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        Ok(practice::catalogue(app(ctx)).await?.practice.settings.bank_details.clone())
    }
}
