//! Changes to the calendar.

use super::desk::WeeklyHours;
use crate::error::Error;
use crate::features::bookings::cancel::{self, CancelBookingInput};
use crate::features::bookings::hold::{self, Hold, HoldSlotInput};
use crate::features::bookings::time_off::{self, AddTimeOffInput, TimeOff};
use crate::features::bookings::{Booking, Slot, book_discovery, slot};
use crate::features::practice;
use crate::features::practice::hours::{self, SetWeeklyHoursInput};
use crate::graphql::{answer, app, caller, signed_in, therapist};
use crate::limits::visitor_key;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use shared::booking::BookDiscoveryInput;
use shared::ids::{SessionTypeId, TherapistId, TimeOffId};
use shared::problem::UserError;
use shared::time::Instant;

/// A slot that is kept for minutes.
#[Object]
impl Hold {
    /// Give it to `bookDiscovery`, or to `releaseHold`.
    async fn token(&self) -> String {
        self.secret.text()
    }
    /// What is kept.
    async fn slot(&self) -> &Slot {
        &self.slot
    }
    /// Until when.
    async fn expires_at(&self) -> Instant {
        self.expires_at
    }
}

/// A slot kept, or why it was not.
#[derive(SimpleObject)]
pub struct HoldSlotPayload {
    /// The slot that is kept.
    hold: Option<Hold>,
    /// Why it is not.
    user_errors: Vec<UserError>,
    /// The nearest free starts, when the one asked for is gone.
    alternatives: Vec<Slot>,
}

/// Gives a kept slot back.
#[derive(InputObject)]
pub struct ReleaseHoldInput {
    /// What `holdSlot` answered with.
    token: String,
}

/// Whether a slot was given back.
#[derive(SimpleObject)]
pub struct ReleaseHoldPayload {
    /// Why it was not.
    user_errors: Vec<UserError>,
}

/// A session booked, or why it was not.
#[derive(SimpleObject)]
pub struct BookDiscoveryPayload {
    /// The session.
    booking: Option<Booking>,
    /// The secret at the end of its manage link.
    manage_token: Option<String>,
    /// Why it was not booked.
    user_errors: Vec<UserError>,
    /// The nearest free starts, when the one asked for is gone.
    alternatives: Vec<Slot>,
}

/// A session called off, or why it was not.
#[derive(SimpleObject)]
pub struct CancelBookingPayload {
    /// The session.
    booking: Option<Booking>,
    /// Why it was not called off.
    user_errors: Vec<UserError>,
}

/// The week after a change, or why nothing changed.
#[derive(SimpleObject)]
pub struct SetWeeklyHoursPayload {
    /// The hours of the week now.
    weekly_hours: Option<Vec<WeeklyHours>>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// Time off added, or why it was not.
#[derive(SimpleObject)]
pub struct AddTimeOffPayload {
    /// The time off.
    time_off: Option<TimeOff>,
    /// Why it was not added.
    user_errors: Vec<UserError>,
}

/// Takes time off back.
#[derive(InputObject)]
pub struct RemoveTimeOffInput {
    /// Which.
    time_off_id: TimeOffId,
}

/// Whether time off was taken back.
#[derive(SimpleObject)]
pub struct RemoveTimeOffPayload {
    /// Why it was not.
    user_errors: Vec<UserError>,
}

/// Changes to the calendar.
#[derive(Default)]
pub struct BookingMutation;

#[Object]
impl BookingMutation {
    /// Keeps a slot for a few minutes while somebody fills in the form.
    async fn hold_slot(&self, ctx: &Context<'_>, input: HoldSlotInput) -> Result<HoldSlotPayload> {
        let (session_type, wanted, starts_at) = (input.session_type_id, input.therapist_id, input.starts_at);
        let outcome = hold::hold(app(ctx), input, visitor(ctx)).await;
        let (outcome, alternatives) = with_alternatives(ctx, outcome, session_type, wanted, starts_at).await?;
        let (hold, user_errors) = answer(outcome)?;
        Ok(HoldSlotPayload { hold, user_errors, alternatives })
    }

    /// Gives a kept slot back, so that somebody else can have it.
    async fn release_hold(&self, ctx: &Context<'_>, input: ReleaseHoldInput) -> Result<ReleaseHoldPayload> {
        if let Some(secret) = crate::keys::Secret::read(&input.token) {
            hold::release(app(ctx), &secret).await?;
        }
        Ok(ReleaseHoldPayload { user_errors: Vec::new() })
    }

    /// Books a free discovery call. Anyone may, without an account.
    async fn book_discovery(&self, ctx: &Context<'_>, input: BookDiscoveryInput) -> Result<BookDiscoveryPayload> {
        let (session_type, wanted, starts_at) = (input.session_type_id, input.therapist_id, input.starts_at);
        let (visitor, viewer) = (visitor(ctx), signed_in(caller(ctx).viewer));
        let outcome = book_discovery::book(app(ctx), input, viewer, visitor).await;
        let (outcome, alternatives) = with_alternatives(ctx, outcome, session_type, wanted, starts_at).await?;
        let (booked, user_errors) = answer(outcome)?;
        let manage_token = booked.as_ref().map(|booked| booked.manage.text());
        Ok(BookDiscoveryPayload {
            booking: booked.map(|booked| booked.booking),
            manage_token,
            user_errors,
            alternatives,
        })
    }

    /// Calls a session off: with the secret of its link, or your own when signed in.
    async fn cancel_booking(&self, ctx: &Context<'_>, input: CancelBookingInput) -> Result<CancelBookingPayload> {
        let (booking, user_errors) = answer(cancel::cancel(app(ctx), input, signed_in(caller(ctx).viewer)).await)?;
        Ok(CancelBookingPayload { booking, user_errors })
    }

    /// Replaces your weekly hours. Sessions already booked stay. Therapists only.
    async fn set_weekly_hours(&self, ctx: &Context<'_>, input: SetWeeklyHoursInput) -> Result<SetWeeklyHoursPayload> {
        let therapist = therapist(ctx).await?;
        let (rows, user_errors) = answer(hours::set_weekly_hours(app(ctx), therapist.id, input).await)?;
        let weekly_hours = rows.map(|rows| rows.into_iter().map(WeeklyHours).collect());
        Ok(SetWeeklyHoursPayload { weekly_hours, user_errors })
    }

    /// Takes time off: nothing can be booked then. Therapists only.
    async fn add_time_off(&self, ctx: &Context<'_>, input: AddTimeOffInput) -> Result<AddTimeOffPayload> {
        let therapist = therapist(ctx).await?;
        let (time_off, user_errors) = answer(time_off::add(app(ctx), therapist.id, input).await)?;
        Ok(AddTimeOffPayload { time_off, user_errors })
    }

    /// Takes time off back. Therapists only.
    async fn remove_time_off(&self, ctx: &Context<'_>, input: RemoveTimeOffInput) -> Result<RemoveTimeOffPayload> {
        let therapist = therapist(ctx).await?;
        let (_, user_errors) = answer(time_off::remove(app(ctx), therapist.id, input.time_off_id).await)?;
        Ok(RemoveTimeOffPayload { user_errors })
    }
}

/// Whose holds and bookings are counted together with those of whoever asks.
fn visitor(ctx: &Context<'_>) -> String {
    visitor_key(&app(ctx).keys, caller(ctx).address)
}

/// A start that is gone becomes a refusal with the nearest free ones.
async fn with_alternatives<T>(
    ctx: &Context<'_>,
    outcome: crate::error::Result<T>,
    session_type: SessionTypeId,
    wanted: Option<TherapistId>,
    starts_at: Instant,
) -> Result<(crate::error::Result<T>, Vec<Slot>)> {
    let outcome = match outcome {
        Err(Error::Overlap) => Err(Error::Refused(vec![slot::slot_taken()])),
        other => other,
    };
    let about_start =
        matches!(&outcome, Err(Error::Refused(problems)) if problems.iter().any(|problem| problem.is_on("startsAt")));
    if !about_start {
        return Ok((outcome, Vec::new()));
    }
    let catalogue = practice::catalogue(app(ctx)).await?;
    let alternatives = match catalogue.session_type(session_type) {
        Some(session_type) => slot::alternatives(app(ctx), session_type, wanted, starts_at).await?,
        None => Vec::new(),
    };
    Ok((outcome, alternatives))
}
