//! Prices, rules, fees and statements in the API.

mod purchases;
mod statement;
mod terms;

pub use purchases::PurchaseMutation;
pub use terms::{TermsMutation, TermsOfDesk};

use super::agreements::{self, AgreePriceInput, Agreement};
use super::fees::{self, Fee, FeeKind, FeeState};
use super::packages::Package;
use super::policy::{self, Policy};
use super::prices::{self, ClassPrice};
use crate::features::clients;
use crate::features::practice;
use crate::features::practice::graphql::SessionType;
use crate::graphql::{answer, app, therapist, viewer};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use shared::ids::{AgreementId, BookingId, ClientId, FeeId, PackageId, PolicyId, SessionTypeId};
use shared::money::{Currency, Money};
use shared::policy::CancellationPolicy;
use shared::price::PriceClass;
use shared::problem::UserError;
use shared::time::{Date, Instant};

/// A fee for calling off late or not coming.
#[Object]
impl Fee {
    /// Which.
    async fn id(&self) -> FeeId {
        self.id
    }
    /// Because of which session.
    async fn booking_id(&self) -> BookingId {
        self.booking_id
    }
    /// Why there is one.
    async fn kind(&self) -> FeeKind {
        self.kind
    }
    /// How much.
    async fn amount(&self) -> Money {
        self.money()
    }
    /// What became of it.
    async fn state(&self) -> FeeState {
        self.state
    }
    /// Why it was let go.
    async fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
    /// When it came up.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// One version of the rules for calling off.
#[Object]
impl Policy {
    /// Which.
    async fn id(&self) -> PolicyId {
        self.id
    }
    /// Counts from 1.
    async fn version(&self) -> i64 {
        self.version
    }
    /// What they say.
    async fn rules(&self) -> &CancellationPolicy {
        &self.rules
    }
    /// When they were published.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// The price of a session type for one class of clients.
#[Object]
impl ClassPrice {
    /// Which session type.
    async fn session_type_id(&self) -> SessionTypeId {
        self.session_type_id
    }
    /// Which class.
    async fn price_class(&self) -> PriceClass {
        self.price_class
    }
    /// The price.
    async fn price(&self) -> Money {
        Money { amount: self.amount, currency: self.currency }
    }
}

/// A price agreed with one client.
#[Object]
impl Agreement {
    /// Which.
    async fn id(&self) -> AgreementId {
        self.id
    }
    /// For one session type; absent when for all.
    async fn session_type_id(&self) -> Option<SessionTypeId> {
        self.session_type_id
    }
    /// That session type.
    async fn session_type(&self, ctx: &Context<'_>) -> Result<Option<SessionType>> {
        let Some(id) = self.session_type_id else { return Ok(None) };
        Ok(SessionType::find(&practice::catalogue(app(ctx)).await?, id))
    }
    /// The price.
    async fn agreed(&self) -> Money {
        self.price()
    }
    /// From which day on.
    async fn starts_on(&self) -> Date {
        self.starts_on
    }
    /// The last day it counts, if it ends.
    async fn ends_on(&self) -> Option<Date> {
        self.ends_on
    }
    /// When the two will talk about it again.
    async fn review_on(&self) -> Option<Date> {
        self.review_on
    }
    /// What you noted about it, for yourself.
    async fn note(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(agreements::note(app(ctx), self).await?)
    }
}

/// A package of sessions.
#[Object]
impl Package {
    /// Which.
    async fn id(&self) -> PackageId {
        self.id
    }
    /// What its units are for.
    async fn session_type_id(&self) -> SessionTypeId {
        self.session_type_id
    }
    /// What it is called.
    async fn name(&self) -> &str {
        &self.name
    }
    /// How many sessions.
    async fn units(&self) -> i64 {
        self.units
    }
    /// For how many days after it was bought.
    async fn valid_days(&self) -> i64 {
        self.valid_days
    }
    /// What it costs.
    async fn cost(&self) -> Money {
        self.price()
    }
    /// Whether it is on sale.
    async fn is_on_sale(&self) -> bool {
        self.visible
    }
}

/// Charges a proposed fee.
#[derive(InputObject)]
pub struct ChargeFeeInput {
    /// Which.
    fee_id: FeeId,
}

/// Lets a proposed fee go.
#[derive(InputObject)]
pub struct WaiveFeeInput {
    /// Which.
    fee_id: FeeId,
    /// Why, for your own records; at most 200 characters.
    reason: String,
}

/// What became of a fee, or why nothing changed.
#[derive(SimpleObject)]
pub struct FeePayload {
    /// The fee.
    fee: Option<Fee>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// Publishes new rules for calling off.
#[derive(InputObject)]
pub struct PublishPolicyInput {
    /// What they say.
    rules: CancellationPolicy,
}

/// The rules published, or why they were not.
#[derive(SimpleObject)]
pub struct PublishPolicyPayload {
    /// The rules in force from now on.
    policy: Option<Policy>,
    /// Why they were not published.
    user_errors: Vec<UserError>,
}

/// Sets what a session type costs a class of clients.
#[derive(InputObject)]
pub struct SetClassPriceInput {
    /// Which session type.
    session_type_id: SessionTypeId,
    /// Which class.
    price_class: PriceClass,
    /// In minor units; left out, the list price counts again.
    amount: Option<i64>,
    /// What it is counted in; left out, the currency of the list price.
    currency: Option<Currency>,
}

/// The prices that differ from the list, or why nothing changed.
#[derive(SimpleObject)]
pub struct SetClassPricePayload {
    /// Every price that differs from the list.
    class_prices: Option<Vec<ClassPrice>>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// A price agreed, or why it was not.
#[derive(SimpleObject)]
pub struct AgreePricePayload {
    /// The agreement.
    agreement: Option<Agreement>,
    /// Why it was not made.
    user_errors: Vec<UserError>,
}

/// Ends an agreement.
#[derive(InputObject)]
pub struct EndAgreementInput {
    /// With whom it was made.
    client_id: ClientId,
    /// Which.
    agreement_id: AgreementId,
}

/// Whether an agreement was ended.
#[derive(SimpleObject)]
pub struct EndAgreementPayload {
    /// Why it was not.
    user_errors: Vec<UserError>,
}

/// Changes to prices, rules and fees.
#[derive(Default)]
pub struct MoneyMutation;

#[Object]
impl MoneyMutation {
    /// Charges a fee the rules named: the client owes it from now on. Therapists only, about their own sessions.
    async fn charge_fee(&self, ctx: &Context<'_>, input: ChargeFeeInput) -> Result<FeePayload> {
        let therapist = therapist(ctx).await?;
        let (fee, user_errors) = answer(fees::charge_fee(app(ctx), &therapist, input.fee_id).await)?;
        Ok(FeePayload { fee, user_errors })
    }

    /// Lets a fee go, with a reason for your own records. Therapists only, about their own sessions.
    async fn waive_fee(&self, ctx: &Context<'_>, input: WaiveFeeInput) -> Result<FeePayload> {
        let therapist = therapist(ctx).await?;
        let (fee, user_errors) = answer(fees::waive_fee(app(ctx), &therapist, input.fee_id, &input.reason).await)?;
        Ok(FeePayload { fee, user_errors })
    }

    /// Publishes new rules for calling off; sessions booked before keep theirs. Therapists only.
    async fn publish_policy(&self, ctx: &Context<'_>, input: PublishPolicyInput) -> Result<PublishPolicyPayload> {
        therapist(ctx).await?;
        let (policy, user_errors) = answer(policy::publish(app(ctx), viewer(ctx)?, input.rules).await)?;
        Ok(PublishPolicyPayload { policy, user_errors })
    }

    /// Sets what a session type costs a class of clients. Therapists only.
    async fn set_class_price(&self, ctx: &Context<'_>, input: SetClassPriceInput) -> Result<SetClassPricePayload> {
        therapist(ctx).await?;
        let catalogue = practice::catalogue(app(ctx)).await?;
        let own = catalogue.session_type(input.session_type_id).map(|session_type| session_type.price_currency);
        let currency = input.currency.or(own).unwrap_or(Currency::Gbp);
        let price = input.amount.map(|amount| Money { amount, currency });
        let outcome =
            prices::set_class_price(app(ctx), viewer(ctx)?, input.session_type_id, input.price_class, price).await;
        let (done, user_errors) = answer(outcome)?;
        let class_prices = match done {
            Some(()) => Some(prices::class_prices(app(ctx)).await?),
            None => None,
        };
        Ok(SetClassPricePayload { class_prices, user_errors })
    }

    /// Agrees a price with one of your clients; sessions booked before keep theirs. Therapists only.
    async fn agree_price(&self, ctx: &Context<'_>, input: AgreePriceInput) -> Result<AgreePricePayload> {
        let therapist = therapist(ctx).await?;
        let client = clients::of_therapist(app(ctx), input.client_id, therapist.id).await?;
        let (agreement, user_errors) = answer(agreements::agree(app(ctx), viewer(ctx)?, &client, input).await)?;
        Ok(AgreePricePayload { agreement, user_errors })
    }

    /// Ends an agreement with one of your clients. Therapists only.
    async fn end_agreement(&self, ctx: &Context<'_>, input: EndAgreementInput) -> Result<EndAgreementPayload> {
        let therapist = therapist(ctx).await?;
        let client = clients::of_therapist(app(ctx), input.client_id, therapist.id).await?;
        let (_, user_errors) = answer(agreements::end(app(ctx), viewer(ctx)?, &client, input.agreement_id).await)?;
        Ok(EndAgreementPayload { user_errors })
    }
}
