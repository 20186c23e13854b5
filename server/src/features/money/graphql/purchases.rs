//! Packages that clients have, in the API.

use super::super::ledger;
use super::super::purchases::{self, Purchase, SellPackageInput, TakePackageBackInput};
use crate::features::clients;
use crate::features::practice;
use crate::features::practice::graphql::SessionType;
use crate::graphql::{answer, app, therapist, viewer};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::ids::{PackageId, PurchaseId};
use shared::money::Money;
use shared::payment::PaidFor;
use shared::problem::UserError;
use shared::time::Instant;

/// A package somebody has.
#[Object]
impl Purchase {
    /// Which.
    async fn id(&self) -> PurchaseId {
        self.id
    }
    /// What was bought.
    async fn package_id(&self) -> PackageId {
        self.package_id
    }
    /// What it is called.
    async fn name(&self) -> &str {
        &self.name
    }
    /// What its sessions are.
    async fn session_type(&self, ctx: &Context<'_>) -> Result<Option<SessionType>> {
        Ok(SessionType::find(&practice::catalogue(app(ctx)).await?, self.session_type_id))
    }
    /// How many sessions there were.
    async fn units(&self) -> i64 {
        self.units
    }
    /// How many are left.
    async fn units_left(&self) -> i64 {
        self.units_left
    }
    /// How many were taken back unused.
    async fn units_taken_back(&self) -> i64 {
        self.units_taken_back
    }
    /// What it cost.
    async fn cost(&self) -> Money {
        self.price()
    }
    /// What is still to be paid for it, by currency; below zero it is paid ahead. Nothing where nothing is open.
    async fn open(&self, ctx: &Context<'_>) -> Result<Vec<Money>> {
        Ok(ledger::open(app(ctx), PaidFor::Package(self.id)).await?)
    }
    /// What to write on a transfer for it.
    #[graphql(name = "reference")]
    async fn transfer_reference(&self) -> String {
        self.reference()
    }
    /// When it was bought.
    async fn bought_at(&self) -> Instant {
        self.bought_at
    }
    /// Until when they can be used.
    async fn expires_at(&self) -> Instant {
        self.expires_at
    }
    /// Whether one of its sessions can be booked now.
    async fn is_usable(&self, ctx: &Context<'_>) -> bool {
        self.is_usable_at(app(ctx).clock.now())
    }
}

/// A package sold, or why it was not.
#[derive(SimpleObject)]
pub struct SellPackagePayload {
    /// What the client has now.
    purchase: Option<Purchase>,
    /// Why it was not sold.
    user_errors: Vec<UserError>,
}

/// A package that was taken back.
#[derive(SimpleObject)]
pub struct TakePackageBackPayload {
    /// What is left of it: what was used.
    purchase: Option<Purchase>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// Changes to what clients have bought.
#[derive(Default)]
pub struct PurchaseMutation;

#[Object]
impl PurchaseMutation {
    /// Sells a package to one of your clients: they owe its price and have its sessions. Therapists only.
    async fn sell_package(&self, ctx: &Context<'_>, input: SellPackageInput) -> Result<SellPackagePayload> {
        let therapist = therapist(ctx).await?;
        let client = clients::of_therapist(app(ctx), input.client_id, therapist.id).await?;
        let (purchase, user_errors) = answer(purchases::sell(app(ctx), viewer(ctx)?, &client, input).await)?;
        Ok(SellPackagePayload { purchase, user_errors })
    }

    /// Takes back what is left of a package: its unused sessions are gone, and their share of the price is taken off the
    /// account. Therapists only, from their own clients.
    async fn take_package_back(
        &self,
        ctx: &Context<'_>,
        input: TakePackageBackInput,
    ) -> Result<TakePackageBackPayload> {
        viewer(ctx)?;
        let therapist = therapist(ctx).await?;
        let (purchase, user_errors) = answer(purchases::take_back(app(ctx), &therapist, input).await)?;
        Ok(TakePackageBackPayload { purchase, user_errors })
    }
}
