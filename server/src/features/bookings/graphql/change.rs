//! Changes to the calendar.

use super::desk::{PracticeBooking, WeeklyHours};
use crate::error::Error;
use crate::features::bookings::book_session::{self, BookSessionInput};
use crate::features::bookings::cancel::{self, CancelBookingInput};
use crate::features::bookings::confirm::{self, ConfirmBookingInput};
use crate::features::bookings::create::{self, CreateBookingInput};
use crate::features::bookings::hold::{self, Hold, HoldSlotInput};
use crate::features::bookings::reschedule::{self, RescheduleBookingInput};
use crate::features::bookings::time_off::{self, AddTimeOffInput, TimeOff};
use crate::features::bookings::undo::{self, TakeChangeBackInput};
use crate::features::bookings::{self, Booking, Seeker, Slot, availability, book_discovery, contact, outcome, slot};
use crate::features::clients::graphql::Contact;
use crate::features::practice::hours::{self, SetWeeklyHoursInput};
use crate::graphql::{answer, app, caller, signed_in, therapist, viewer};
use crate::limits::visitor_key;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use shared::booking::BookDiscoveryInput;
use shared::contact::ChangeContactInput;
use shared::ids::{BookingId, SessionTypeId, TherapistId, TimeOffId};
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

/// What became of a change of contact.
#[derive(SimpleObject)]
pub struct ChangeContactPayload {
    /// How you are called and reached now.
    contact: Option<Contact>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
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

/// Whether somebody said that they will come.
#[derive(SimpleObject)]
pub struct ConfirmBookingPayload {
    /// The session.
    booking: Option<Booking>,
    /// Why it was not noted.
    user_errors: Vec<UserError>,
}

/// A session called off, or why it was not.
#[derive(SimpleObject)]
pub struct CancelBookingPayload {
    /// The session.
    booking: Option<Booking>,
    /// Why it was not called off.
    user_errors: Vec<UserError>,
}

/// A change taken back, or why it was not.
#[derive(SimpleObject)]
pub struct TakeChangeBackPayload {
    /// The session as it was before.
    booking: Option<Booking>,
    /// Why nothing was taken back.
    user_errors: Vec<UserError>,
}

/// A paid session booked, or why it was not.
#[derive(SimpleObject)]
pub struct BookSessionPayload {
    /// The session; waiting for payment where something is to be paid first.
    booking: Option<Booking>,
    /// Why it was not booked.
    user_errors: Vec<UserError>,
    /// The nearest free starts, when the one asked for is gone.
    alternatives: Vec<Slot>,
}

/// A session put in the calendar, or why it was not.
#[derive(SimpleObject)]
pub struct CreateBookingPayload {
    /// The session.
    booking: Option<PracticeBooking>,
    /// Why it was not put there.
    user_errors: Vec<UserError>,
    /// The nearest free starts, when something is in the way.
    alternatives: Vec<Slot>,
}

/// A session moved, or why it was not.
#[derive(SimpleObject)]
pub struct RescheduleBookingPayload {
    /// The session at its new time.
    booking: Option<Booking>,
    /// Why it was not moved.
    user_errors: Vec<UserError>,
    /// The nearest free starts, when the one asked for cannot be had.
    alternatives: Vec<Slot>,
}

/// Names a session of yours.
#[derive(InputObject)]
pub struct BookingOutcomeInput {
    /// Which.
    booking_id: BookingId,
}

/// What became of a session, or why nothing changed.
#[derive(SimpleObject)]
pub struct BookingOutcomePayload {
    /// The session.
    booking: Option<PracticeBooking>,
    /// Why nothing changed.
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
        let seeker = seeker(ctx).await?;
        let outcome = hold::hold(app(ctx), input, &seeker, visitor(ctx)).await;
        let (outcome, alternatives) = with_alternatives(ctx, outcome, &seeker, session_type, wanted, starts_at).await?;
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
        let anyone = Seeker::Anyone;
        let (outcome, alternatives) = with_alternatives(ctx, outcome, &anyone, session_type, wanted, starts_at).await?;
        let (booked, user_errors) = answer(outcome)?;
        let manage_token = booked.as_ref().map(|booked| booked.manage.text());
        Ok(BookDiscoveryPayload {
            booking: booked.map(|booked| booked.booking),
            manage_token,
            user_errors,
            alternatives,
        })
    }

    /// Says how you want to be called and reached, also about the sessions that are coming. Clients only, about themselves.
    async fn change_contact(&self, ctx: &Context<'_>, input: ChangeContactInput) -> Result<ChangeContactPayload> {
        let viewer = viewer(ctx)?;
        let (done, user_errors) = answer(contact::change(app(ctx), viewer, input).await)?;
        let contact = match done {
            Some(()) => Some(Contact::of(app(ctx), viewer.user_id).await?),
            None => None,
        };
        Ok(ChangeContactPayload { contact, user_errors })
    }

    /// Books a paid session. Signed-in clients whose therapist has decided to work with them. Where something is to be paid
    /// first, the time is kept and `startCheckout` comes next.
    async fn book_session(&self, ctx: &Context<'_>, input: BookSessionInput) -> Result<BookSessionPayload> {
        let viewer = viewer(ctx)?;
        let (session_type, wanted, starts_at) = (input.session_type_id, input.therapist_id, input.starts_at);
        let outcome = book_session::book(app(ctx), input, viewer).await;
        let seeker = seeker(ctx).await?;
        let (outcome, alternatives) = with_alternatives(ctx, outcome, &seeker, session_type, wanted, starts_at).await?;
        let (booking, user_errors) = answer(outcome)?;
        Ok(BookSessionPayload { booking, user_errors, alternatives })
    }

    /// Puts a session in the calendar for one of your clients, exempt from notice, horizon, hours and caps. Therapists only.
    async fn create_booking(&self, ctx: &Context<'_>, input: CreateBookingInput) -> Result<CreateBookingPayload> {
        let therapist = therapist(ctx).await?;
        let (session_type, starts_at) = (input.session_type_id, input.starts_at);
        let outcome = create::create(app(ctx), input, &therapist).await;
        let wanted = Some(therapist.id);
        let (outcome, alternatives) =
            with_alternatives(ctx, outcome, &Seeker::Staff, session_type, wanted, starts_at).await?;
        let (booking, user_errors) = answer(outcome)?;
        Ok(CreateBookingPayload { booking: booking.map(PracticeBooking), user_errors, alternatives })
    }

    /// Moves a session to another time; its number, price, payment and rules stay. With the secret of its link, or your own
    /// when signed in.
    async fn reschedule_booking(
        &self,
        ctx: &Context<'_>,
        input: RescheduleBookingInput,
    ) -> Result<RescheduleBookingPayload> {
        let viewer = signed_in(caller(ctx).viewer);
        let starts_at = input.starts_at;
        let about = reschedule::about(app(ctx), &input, viewer).await?;
        let outcome = reschedule::reschedule(app(ctx), input, viewer).await;
        let (outcome, is_about_start) = told_taken(outcome);
        let alternatives = match about.filter(|_| is_about_start) {
            Some(id) => availability::nearest_for_moving(app(ctx), id, starts_at).await?,
            None => Vec::new(),
        };
        let (booking, user_errors) = answer(outcome)?;
        Ok(RescheduleBookingPayload { booking, user_errors, alternatives })
    }

    /// Says that a session took place. Therapists only, about their own.
    async fn complete_booking(&self, ctx: &Context<'_>, input: BookingOutcomeInput) -> Result<BookingOutcomePayload> {
        let therapist = therapist(ctx).await?;
        let (booking, user_errors) = answer(outcome::complete(app(ctx), input.booking_id, &therapist).await)?;
        Ok(BookingOutcomePayload { booking: booking.map(PracticeBooking), user_errors })
    }

    /// Says that the client did not come; the fee the rules name is proposed to you, not charged. Therapists only, about
    /// their own.
    async fn mark_no_show(&self, ctx: &Context<'_>, input: BookingOutcomeInput) -> Result<BookingOutcomePayload> {
        let therapist = therapist(ctx).await?;
        let (booking, user_errors) = answer(outcome::mark_no_show(app(ctx), input.booking_id, &therapist).await)?;
        Ok(BookingOutcomePayload { booking: booking.map(PracticeBooking), user_errors })
    }

    /// Makes a call the call of the client whose address it was booked with: you have spoken, and it is them. Therapists
    /// only, about their own.
    async fn recognize_booking(&self, ctx: &Context<'_>, input: BookingOutcomeInput) -> Result<BookingOutcomePayload> {
        let therapist = therapist(ctx).await?;
        let (booking, user_errors) = answer(book_discovery::recognize(app(ctx), input.booking_id, &therapist).await)?;
        Ok(BookingOutcomePayload { booking: booking.map(PracticeBooking), user_errors })
    }

    /// Says that you will come: with the secret of the link in a reminder, or by your own session when signed in. Following
    /// the link does not.
    async fn confirm_booking(&self, ctx: &Context<'_>, input: ConfirmBookingInput) -> Result<ConfirmBookingPayload> {
        let (booking, user_errors) = answer(confirm::confirm(app(ctx), input, signed_in(caller(ctx).viewer)).await)?;
        Ok(ConfirmBookingPayload { booking, user_errors })
    }

    /// Calls a session off: with the secret of its link, or your own when signed in.
    async fn cancel_booking(&self, ctx: &Context<'_>, input: CancelBookingInput) -> Result<CancelBookingPayload> {
        let (booking, user_errors) = answer(cancel::cancel(app(ctx), input, signed_in(caller(ctx).viewer)).await)?;
        Ok(CancelBookingPayload { booking, user_errors })
    }

    /// Takes the last change of a session back within minutes, before anybody is told: what was called off takes place,
    /// what was moved is where it was. With the secret of its link, or your own when signed in; only whoever's side did it.
    async fn take_change_back(&self, ctx: &Context<'_>, input: TakeChangeBackInput) -> Result<TakeChangeBackPayload> {
        let (booking, user_errors) = answer(undo::take_back(app(ctx), input, signed_in(caller(ctx).viewer)).await)?;
        Ok(TakeChangeBackPayload { booking, user_errors })
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

/// Who looks for a time.
pub(super) async fn seeker(ctx: &Context<'_>) -> crate::error::Result<Seeker> {
    Seeker::of(app(ctx), signed_in(caller(ctx).viewer)).await
}

/// A start that is gone becomes a refusal with the nearest free ones.
async fn with_alternatives<T>(
    ctx: &Context<'_>,
    outcome: crate::error::Result<T>,
    seeker: &Seeker,
    session_type: SessionTypeId,
    wanted: Option<TherapistId>,
    starts_at: Instant,
) -> Result<(crate::error::Result<T>, Vec<Slot>)> {
    let (outcome, is_about_start) = told_taken(outcome);
    if !is_about_start {
        return Ok((outcome, Vec::new()));
    }
    let alternatives = bookings::nearest_free(app(ctx), seeker, session_type, wanted, starts_at).await?;
    Ok((outcome, alternatives))
}

/// An overlap as the refusal it is to whoever asked, and whether the start is what was refused.
fn told_taken<T>(outcome: crate::error::Result<T>) -> (crate::error::Result<T>, bool) {
    let outcome = match outcome {
        Err(Error::Overlap) => Err(Error::Refused(vec![slot::slot_taken()])),
        other => other,
    };
    let is_about_start =
        matches!(&outcome, Err(Error::Refused(problems)) if problems.iter().any(|problem| problem.is_on("startsAt")));
    (outcome, is_about_start)
}
