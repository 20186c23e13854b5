//! Queries about the calendar.

use super::change::seeker;
use super::free::{AvailabilityAnswer, StartExplanation, StartReason, StartReasonCode};
use crate::features::bookings::availability::{self, AvailabilityInput, ExplainStartInput, ManagedAvailabilityInput};
use crate::features::bookings::{self, Booking, manage};
use crate::graphql::{answer, app, caller, kept_here, signed_in, therapist};
use async_graphql::{Context, Object, Result};
use shared::slots::{Reason, Verdict};

/// Queries about the calendar.
#[derive(Default)]
pub struct BookingQuery;

#[Object]
impl BookingQuery {
    /// What is free on up to 62 days, for whoever asks: paid sessions only to clients at a stage that opens them.
    async fn availability(&self, ctx: &Context<'_>, mut input: AvailabilityInput) -> Result<AvailabilityAnswer> {
        let seeker = seeker(ctx).await?;
        input.instead_of = input.instead_of.or_else(|| kept_here(ctx));
        let (found, user_errors) = answer(availability::availability(app(ctx), &input, &seeker).await)?;
        Ok(AvailabilityAnswer::of(found, user_errors))
    }

    /// Whether a start is offered, and if not, why.
    async fn explain_start(&self, ctx: &Context<'_>, input: ExplainStartInput) -> Result<StartExplanation> {
        let seeker = seeker(ctx).await?;
        let (found, user_errors) = answer(availability::explain(app(ctx), &input, &seeker).await)?;
        let Some((verdict, zone)) = found else {
            return Ok(StartExplanation { offered: false, reasons: Vec::new(), user_errors });
        };
        let hers = signed_in(caller(ctx).viewer).is_some()
            && therapist(ctx).await.is_ok_and(|therapist| therapist.id == input.therapist_id);
        let reason = |reason: &Reason| {
            let code = StartReasonCode::from(reason);
            match hers {
                true => StartReason { code, message: reason.words(&zone) },
                // How full her day is, is hers to know.
                false => StartReason { code: code.for_others(), message: code.words().to_owned() },
            }
        };
        let offered = verdict == Verdict::Offered;
        let mut reasons: Vec<StartReason> = verdict.reasons().iter().map(reason).collect();
        reasons.dedup_by_key(|reason| reason.code);
        Ok(StartExplanation { offered, reasons, user_errors })
    }

    /// The session with this reference. Shows when and with whom, never who it is for. A paid session shows itself only to
    /// its client and to the practice.
    async fn booking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number of the booking, as people say it.")] reference: String,
    ) -> Result<Option<Booking>> {
        Ok(bookings::by_reference_for(app(ctx), &reference, signed_in(caller(ctx).viewer)).await?)
    }

    /// The session a manage link is for.
    async fn managed_booking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret at the end of the manage link.")] manage_token: String,
    ) -> Result<Option<Booking>> {
        Ok(manage::booking_of(app(ctx), &manage_token).await?)
    }

    /// What is free on up to 62 days for moving a session, while the rules let it be moved: with the secret of its link, or
    /// your own when signed in.
    async fn managed_availability(
        &self,
        ctx: &Context<'_>,
        mut input: ManagedAvailabilityInput,
    ) -> Result<AvailabilityAnswer> {
        input.instead_of = input.instead_of.or_else(|| kept_here(ctx));
        let found = availability::for_moving(app(ctx), &input, signed_in(caller(ctx).viewer)).await;
        let (found, user_errors) = answer(found)?;
        Ok(AvailabilityAnswer::of(found, user_errors))
    }
}
