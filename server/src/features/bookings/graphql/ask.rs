//! Queries about the calendar.

use super::free::{AvailabilityAnswer, StartExplanation, StartReason, StartReasonCode};
use crate::features::bookings::availability::{self, Availability, AvailabilityInput, ExplainStartInput};
use crate::features::bookings::{self, Booking, manage};
use crate::graphql::{answer, app, caller, signed_in, therapist};
use async_graphql::{Context, Object, Result};
use shared::slots::{Reason, Verdict};

/// Queries about the calendar.
#[derive(Default)]
pub struct BookingQuery;

#[Object]
impl BookingQuery {
    /// What is free on up to 62 days.
    async fn availability(&self, ctx: &Context<'_>, input: AvailabilityInput) -> Result<AvailabilityAnswer> {
        let (found, user_errors) = answer(availability::availability(app(ctx), &input).await)?;
        Ok(match found {
            Some(Availability { days, next_available, time_zone }) => {
                AvailabilityAnswer { days, next_available, time_zone: Some(time_zone), user_errors }
            }
            None => AvailabilityAnswer { days: Vec::new(), next_available: None, time_zone: None, user_errors },
        })
    }

    /// Whether a start is offered, and if not, why.
    async fn explain_start(&self, ctx: &Context<'_>, input: ExplainStartInput) -> Result<StartExplanation> {
        let (found, user_errors) = answer(availability::explain(app(ctx), &input).await)?;
        let Some((verdict, zone)) = found else {
            return Ok(StartExplanation { offered: false, reasons: Vec::new(), user_errors });
        };
        let hers = signed_in(caller(ctx).viewer).is_some()
            && therapist(ctx).await.is_ok_and(|therapist| therapist.id == input.therapist_id);
        let reason = |reason: &Reason| {
            let code = StartReasonCode::from(reason);
            let message = if hers { reason.words(&zone) } else { code.words().to_owned() };
            StartReason { code, message }
        };
        let offered = verdict == Verdict::Offered;
        Ok(StartExplanation { offered, reasons: verdict.reasons().iter().map(reason).collect(), user_errors })
    }

    /// The session with this reference. Shows when and with whom, never who it is for.
    async fn booking(&self, ctx: &Context<'_>, reference: String) -> Result<Option<Booking>> {
        Ok(bookings::by_reference(app(ctx), &reference).await?)
    }

    /// The session a manage link is for.
    async fn managed_booking(&self, ctx: &Context<'_>, manage_token: String) -> Result<Option<Booking>> {
        Ok(manage::booking_of(app(ctx), &manage_token).await?)
    }
}
