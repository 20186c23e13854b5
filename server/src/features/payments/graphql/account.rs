//! A client's account, as their therapist reads it: prices, packages, what was charged and what came.

use super::objects::Bill;
use crate::features::bookings::list::{self, Tally};
use crate::features::clients::Client;
use crate::features::money::agreements::{self, Agreement};
use crate::features::money::ledger::{self, Line};
use crate::features::money::purchases::{self, Purchase};
use crate::features::payments;
use crate::graphql::app;
use async_graphql::{Context, Object, Result};
use shared::money::Money;
use shared::price::PriceClass;

/// A client's account.
pub struct ClientAccount(pub Client);

/// Prices, packages and money of one client. Every reading of it is in the audit trail.
#[Object]
impl ClientAccount {
    /// Which of the practice's price lists they pay by.
    async fn price_class(&self) -> PriceClass {
        self.0.price_class
    }
    /// Prices agreed with them that count now or later, newest first.
    async fn agreements(&self, ctx: &Context<'_>) -> Result<Vec<Agreement>> {
        Ok(agreements::standing(app(ctx), self.0.id).await?)
    }
    /// Prices agreed with them that counted once and do not any more, newest first.
    async fn past_agreements(&self, ctx: &Context<'_>) -> Result<Vec<Agreement>> {
        Ok(agreements::past(app(ctx), self.0.id).await?)
    }
    /// The packages they have bought, newest first.
    async fn packages(&self, ctx: &Context<'_>) -> Result<Vec<Purchase>> {
        Ok(purchases::of_client(app(ctx), self.0.id).await?)
    }
    /// What they owe, by currency; below zero it is their credit. Nothing where nothing is open.
    async fn balance(&self, ctx: &Context<'_>) -> Result<Vec<Money>> {
        Ok(payments::balance(app(ctx), self.0.id).await?)
    }
    /// Their invoices, receipts and credit notes, newest first.
    async fn invoices(&self, ctx: &Context<'_>) -> Result<Vec<Bill>> {
        let found = payments::bills::of_client(app(ctx), self.0.id).await?;
        Ok(found.into_iter().map(Bill).collect())
    }
    /// What was charged and what came, newest first, at most 200.
    async fn statement(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50, desc = "How many at most, up to 200.")] first: i32,
    ) -> Result<Vec<Line>> {
        Ok(ledger::statement(app(ctx), self.0.id, i64::from(first.clamp(1, 200))).await?)
    }
    /// What became of their paid sessions, counted.
    async fn tally(&self, ctx: &Context<'_>) -> Result<Tally> {
        Ok(list::tally(app(ctx), self.0.id).await?)
    }
}

/// What became of a client's paid sessions so far.
#[Object(name = "SessionTally")]
impl Tally {
    /// How many took place.
    async fn completed(&self) -> i64 {
        self.completed
    }
    /// How many the client called off when that was not free any more.
    async fn late_cancels(&self) -> i64 {
        self.late_cancels
    }
    /// To how many the client did not come.
    async fn no_shows(&self) -> i64 {
        self.no_shows
    }
}
