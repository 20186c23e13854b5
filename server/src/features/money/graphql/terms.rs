//! The practice's terms as its therapists see and change them: prices by class, packages, versions of the rules.

use super::super::agreements::{self, Agreement, DueReview};
use super::super::packages::{self, Package};
use super::super::policy::{self, Policy};
use super::super::prices::{self, ClassPrice};
use crate::audit;
use crate::features::practice::Therapist;
use crate::graphql::{answer, app, therapist};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use shared::ids::{ClientId, PackageId};
use shared::package::OfferPackageInput;
use shared::policy::CancellationPolicy;
use shared::problem::UserError;

/// The terms of the practice, for a therapist.
pub struct TermsOfDesk(pub Therapist);

/// A price agreed with a client whose day to talk about it again has come.
#[derive(SimpleObject)]
pub struct PriceToReview {
    /// With whom it was agreed.
    client_id: ClientId,
    /// What they are called.
    client_name: String,
    /// The price.
    agreement: Agreement,
}

/// The terms of the practice, for a therapist.
#[Object]
impl TermsOfDesk {
    /// Every price that differs from the list.
    async fn class_prices(&self, ctx: &Context<'_>) -> Result<Vec<ClassPrice>> {
        Ok(prices::class_prices(app(ctx)).await?)
    }
    /// The packages on sale, and those that were.
    async fn packages(&self, ctx: &Context<'_>) -> Result<Vec<Package>> {
        Ok(packages::listed(app(ctx)).await?)
    }
    /// Prices agreed with your clients whose day to talk about them again has come, the longest ago first. Agree a price
    /// anew, or the same with another day, and it leaves this list.
    async fn prices_to_review(&self, ctx: &Context<'_>) -> Result<Vec<PriceToReview>> {
        let due = agreements::to_review(app(ctx), self.0.id).await?;
        audit::note_list(app(ctx), self.0.user_id, "prices to review", due.len())?;
        let review = |it: DueReview| PriceToReview {
            client_id: it.agreement.client_id,
            client_name: it.client_name,
            agreement: it.agreement,
        };
        Ok(due.into_iter().map(review).collect())
    }
    /// The rules for calling off that new bookings are made under; the built-in ones while none were published.
    async fn policy_in_force(&self, ctx: &Context<'_>) -> Result<CancellationPolicy> {
        Ok(policy::shown(app(ctx)).await?.rules)
    }
    /// Every version of the rules, the newest first; none before the first booking or change.
    async fn policies(&self, ctx: &Context<'_>) -> Result<Vec<Policy>> {
        Ok(policy::versions(app(ctx)).await?)
    }
}

/// Names a package.
#[derive(InputObject)]
pub struct PackageInput {
    /// Which.
    package_id: PackageId,
}

/// The packages as they are now, or why nothing changed.
#[derive(SimpleObject)]
pub struct PackagesPayload {
    /// The packages on sale, and those that were.
    packages: Option<Vec<Package>>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// Changes to what is sold as a package.
#[derive(Default)]
pub struct TermsMutation;

#[Object]
impl TermsMutation {
    /// Puts a package on sale. Therapists only.
    async fn offer_package(&self, ctx: &Context<'_>, input: OfferPackageInput) -> Result<PackagesPayload> {
        let by = therapist(ctx).await?.user_id;
        payload(ctx, packages::offer(app(ctx), by, input).await.map(drop)).await
    }

    /// Takes a package off sale; who bought it keeps it. Therapists only.
    async fn retire_package(&self, ctx: &Context<'_>, input: PackageInput) -> Result<PackagesPayload> {
        let by = therapist(ctx).await?.user_id;
        payload(ctx, packages::set_on_sale(app(ctx), by, input.package_id, false).await).await
    }

    /// Puts a package on sale again. Therapists only.
    async fn restore_package(&self, ctx: &Context<'_>, input: PackageInput) -> Result<PackagesPayload> {
        let by = therapist(ctx).await?.user_id;
        payload(ctx, packages::set_on_sale(app(ctx), by, input.package_id, true).await).await
    }
}

async fn payload(ctx: &Context<'_>, outcome: crate::error::Result<()>) -> Result<PackagesPayload> {
    let (done, user_errors) = answer(outcome)?;
    let packages = match done {
        Some(()) => Some(packages::listed(app(ctx)).await?),
        None => None,
    };
    Ok(PackagesPayload { packages, user_errors })
}
