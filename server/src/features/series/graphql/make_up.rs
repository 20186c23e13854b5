//! Times that are offered in place of a session, in the API.

use crate::features::bookings::Booking;
use crate::features::bookings::graphql::PracticeBooking;
use crate::features::clients::{self, Client};
use crate::features::series::make_up::answering::{self, DeclineMakeUpInput, TakeMakeUpInput};
use crate::features::series::make_up::{self, MakeUpState, MakeUpTime, Shown};
use crate::graphql::{answer, app, viewer};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::actor::Role;
use shared::ids::{BookingId, MakeUpId};
use shared::problem::UserError;
use shared::time::Instant;

/// Times offered in place of a session, as whoever may choose one sees them.
pub struct MakeUp(pub Shown);

/// Times that are offered in place of a session the practice called off.
#[Object]
impl MakeUp {
    /// Which.
    async fn id(&self) -> MakeUpId {
        self.0.offer.id
    }
    /// Where it stands.
    async fn state(&self) -> MakeUpState {
        self.0.offer.state
    }
    /// The times, earliest first.
    async fn times(&self) -> &[MakeUpTime] {
        &self.0.times
    }
    /// Whether one can be taken now.
    async fn is_open(&self, ctx: &Context<'_>) -> bool {
        self.0.offer.is_open(app(ctx).clock.now())
    }
    /// Until when they are kept.
    async fn until(&self) -> Instant {
        self.0.offer.until
    }
    /// The session that was called off.
    async fn booking(&self) -> Booking {
        self.0.booking.clone()
    }
}

/// One of the times that are offered.
#[Object]
impl MakeUpTime {
    /// When the session would begin.
    async fn starts_at(&self) -> Instant {
        self.starts_at
    }
    /// When it would end.
    async fn ends_at(&self) -> Instant {
        self.ends_at
    }
}

/// Times you offered in place of a session, and what became of that.
pub struct OfferedMakeUp(pub Shown);

/// Times a therapist offered in place of a session, and what became of that.
#[Object]
impl OfferedMakeUp {
    /// The times and where it stands.
    async fn make_up(&self) -> MakeUp {
        MakeUp(self.0.clone())
    }
    /// The session that was called off, with whoever it was for.
    async fn session(&self) -> PracticeBooking {
        PracticeBooking(self.0.booking.clone())
    }
    /// The session it became.
    async fn taken_id(&self) -> Option<BookingId> {
        self.0.offer.taken_id
    }
}

/// What became of taking a time.
#[derive(SimpleObject)]
pub struct TakeMakeUpPayload {
    /// The session it became.
    booking_id: Option<BookingId>,
    /// Why it did not.
    user_errors: Vec<UserError>,
}

/// What became of saying that none suits.
#[derive(SimpleObject)]
pub struct DeclineMakeUpPayload {
    /// Whether the times are given back.
    declined: bool,
    /// Why they are not.
    user_errors: Vec<UserError>,
}

/// Questions about offered times.
#[derive(Default)]
pub struct MakeUpQuery;

#[Object]
impl MakeUpQuery {
    /// The times a mailed link is for. Looking changes nothing.
    async fn make_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret of the link.")] token: String,
    ) -> Result<Option<MakeUp>> {
        Ok(make_up::by_token(app(ctx), &token).await?.map(MakeUp))
    }
}

/// Answers to offered times.
#[derive(Default)]
pub struct MakeUpMutation;

#[Object]
impl MakeUpMutation {
    /// Takes one of the times offered in place of a session: by the link of the mail, or when signed in.
    async fn take_make_up(&self, ctx: &Context<'_>, input: TakeMakeUpInput) -> Result<TakeMakeUpPayload> {
        let client = own(ctx, input.token.is_some()).await?;
        let (booking_id, user_errors) = answer(answering::take(app(ctx), input, client.as_ref()).await)?;
        Ok(TakeMakeUpPayload { booking_id, user_errors })
    }

    /// Says that none of the offered times suits; they are free for others again.
    async fn decline_make_up(&self, ctx: &Context<'_>, input: DeclineMakeUpInput) -> Result<DeclineMakeUpPayload> {
        let client = own(ctx, input.token.is_some()).await?;
        let (done, user_errors) = answer(answering::decline(app(ctx), input, client.as_ref()).await)?;
        Ok(DeclineMakeUpPayload { declined: done.is_some(), user_errors })
    }
}

/// The client who is signed in; nobody where a link speaks for them.
async fn own(ctx: &Context<'_>, has_link: bool) -> Result<Option<Client>> {
    if has_link {
        return Ok(None);
    }
    let viewer = viewer(ctx)?;
    if viewer.role != Role::Client {
        return Err(crate::error::Error::Forbidden.into());
    }
    Ok(Some(clients::of_viewer(app(ctx), viewer.user_id).await?.ok_or(crate::error::Error::Forbidden)?))
}
