//! The waitlist, as those who wait and the therapist see it. Nobody is told a rank.

mod desk;

pub use desk::{Rules, WaitlistDesk};

use super::interest::{self, AnswerStillWaitingInput, WaitOutlook};
use super::wishing::{self, ChangeWishInput, JoinWaitlistInput, SetWaitlistRulesInput};
use super::{Offer, WaitingWish, WishState, answering};
use crate::features::clients::{Client, own_client};
use crate::features::practice;
use crate::features::practice::graphql::{SessionType, Therapist};
use crate::graphql::{answer, app, therapist, viewer};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use shared::ids::{BookingId, OfferId, WishId};
use shared::money::Money;
use shared::practice::Modality;
use shared::problem::UserError;
use shared::time::{Date, Instant, Weekday};
use shared::waitlist::HourBand;

/// What somebody waits for.
pub struct WaitlistWish(pub WaitingWish);

/// What somebody waits for. What is left open suits them.
#[Object]
impl WaitlistWish {
    /// Which.
    async fn id(&self) -> WishId {
        self.0.id
    }
    /// What they would like.
    async fn session_type(&self, ctx: &Context<'_>) -> Result<Option<SessionType>> {
        Ok(SessionType::find(&practice::catalogue(app(ctx)).await?, self.0.session_type_id))
    }
    /// How it takes place, if that matters.
    async fn modality(&self) -> Option<Modality> {
        self.0.wish.modality
    }
    /// The days that suit; none means any.
    async fn weekdays(&self) -> &[Weekday] {
        &self.0.wish.weekdays
    }
    /// The parts of the day that suit; none means any.
    async fn bands(&self) -> Vec<HourBand> {
        self.0.wish.bands.clone()
    }
    /// The first day that suits.
    async fn earliest(&self) -> Option<Date> {
        self.0.wish.earliest
    }
    /// The last day that suits.
    async fn latest(&self) -> Option<Date> {
        self.0.wish.latest
    }
    /// The session that would move, if it is about an earlier time.
    async fn instead_of(&self) -> Option<BookingId> {
        self.0.instead_of
    }
    /// When that session begins.
    async fn earlier_than(&self) -> Option<Instant> {
        self.0.instead_of_starts_at
    }
    /// Since when they wait.
    async fn since(&self) -> Instant {
        self.0.since
    }
    /// Where it stands.
    async fn state(&self) -> WishState {
        self.0.state
    }
    /// Until when an answer is awaited, when they were asked whether they still wait.
    async fn asked_until(&self) -> Option<Instant> {
        self.0.asked_until()
    }
    /// Whether it was taken off the list because nobody answered, and can be taken up again.
    async fn can_come_back(&self, ctx: &Context<'_>) -> bool {
        interest::can_come_back(&self.0, app(ctx).clock.now())
    }
}

/// A time that is kept for somebody.
#[Object(name = "WaitlistOffer")]
impl Offer {
    /// Which.
    async fn id(&self) -> OfferId {
        self.id
    }
    /// For which wish.
    async fn wish_id(&self) -> WishId {
        self.wish_id
    }
    /// When the session would begin.
    async fn starts_at(&self) -> Instant {
        self.starts_at
    }
    /// When it would end.
    async fn ends_at(&self) -> Instant {
        self.ends_at
    }
    /// With whom.
    async fn therapist(&self, ctx: &Context<'_>) -> Result<Option<Therapist>> {
        Ok(Therapist::find(&practice::catalogue(app(ctx)).await?, self.therapist_id))
    }
    /// Until when it is kept.
    async fn until(&self) -> Instant {
        self.until
    }
    /// What the session would cost; absent where one that is booked moves there, with its price.
    async fn price(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        Ok(answering::cost(app(ctx), self).await?.map(|cost| cost.price))
    }
    /// What of it would be paid before it is confirmed; absent where its price is.
    async fn due_now(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        Ok(answering::cost(app(ctx), self).await?.map(|cost| cost.due_now))
    }
}

/// What a client waits for and what is kept for them.
pub struct OwnWaitlist(pub Client);

/// Your place on the waitlist: what you wait for, and what is kept for you now.
#[Object]
impl OwnWaitlist {
    /// What you wait for.
    async fn wishes(&self, ctx: &Context<'_>) -> Result<Vec<WaitlistWish>> {
        Ok(super::of_client(app(ctx), self.0.id).await?.into_iter().map(WaitlistWish).collect())
    }
    /// For how many waking minutes a time is kept for you when there is one.
    async fn offer_minutes(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(practice::catalogue(app(ctx)).await?.practice.settings.waitlist.offer_minutes)
    }
    /// What was taken off the list because you were asked and did not answer, while you can take it up again.
    async fn lapsed(&self, ctx: &Context<'_>) -> Result<Vec<WaitlistWish>> {
        Ok(interest::lapsed_of(app(ctx), self.0.id).await?.into_iter().map(WaitlistWish).collect())
    }
    /// What can be said honestly about how long each may take.
    async fn outlooks(&self, ctx: &Context<'_>) -> Result<Vec<WaitOutlook>> {
        Ok(interest::outlooks(app(ctx), self.0.id).await?)
    }
    /// The times that are kept for you now.
    async fn offers(&self, ctx: &Context<'_>) -> Result<Vec<Offer>> {
        Ok(super::offers_to(app(ctx), self.0.id).await?)
    }
    /// What you may wait for at the stage you are at.
    async fn session_types(&self, ctx: &Context<'_>) -> Result<Vec<SessionType>> {
        let catalogue = practice::catalogue(app(ctx)).await?;
        let stage = self.0.standing(app(ctx).clock.now()).seen_by_client().stage;
        let open = catalogue.offered().filter(|session_type| super::offering::open_for_stage(session_type, stage));
        Ok(open.filter_map(|session_type| SessionType::find(&catalogue, session_type.id)).collect())
    }
}

/// Takes an offer.
#[derive(InputObject)]
pub struct AcceptOfferInput {
    /// Which.
    offer_id: OfferId,
    /// The price that was shown. If it is another one by now, nothing is booked and the time stays kept; left out, whatever
    /// it is counts.
    shown_price: Option<Money>,
}

/// Names an offer.
#[derive(InputObject)]
pub struct AnswerOfferInput {
    /// Which.
    offer_id: OfferId,
}

/// Names a wish.
#[derive(InputObject)]
pub struct LeaveWaitlistInput {
    /// Which.
    wish_id: WishId,
}

/// Whether somebody waits now.
#[derive(SimpleObject)]
pub struct JoinWaitlistPayload {
    /// The wish that was put on the list.
    wish_id: Option<WishId>,
    /// Why it was not.
    user_errors: Vec<UserError>,
}

/// Whether a wish was taken off the list.
#[derive(SimpleObject)]
pub struct LeaveWaitlistPayload {
    /// Whether it is off the list.
    left: bool,
    /// Why it is not.
    user_errors: Vec<UserError>,
}

/// What became of an offer.
#[derive(SimpleObject)]
pub struct AcceptOfferPayload {
    /// The session it became; the one you had, if it moved.
    booking_id: Option<BookingId>,
    /// Why it could not be taken.
    user_errors: Vec<UserError>,
}

/// Whether an offer was left to somebody else.
#[derive(SimpleObject)]
pub struct DeclineOfferPayload {
    /// Whether it is.
    declined: bool,
    /// Why it is not.
    user_errors: Vec<UserError>,
}

/// Whether an answer was taken.
#[derive(SimpleObject)]
pub struct AnswerStillWaitingPayload {
    /// Whether it was.
    answered: bool,
    /// Why it was not.
    user_errors: Vec<UserError>,
}

/// Whether the therapist's word was kept.
#[derive(SimpleObject)]
pub struct ChangeWishPayload {
    /// Whether it was.
    changed: bool,
    /// Why it was not.
    user_errors: Vec<UserError>,
}

/// What became of a change of the rules.
#[derive(SimpleObject)]
pub struct SetWaitlistRulesPayload {
    /// What holds now.
    rules: Option<Rules>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Questions about the waitlist.
#[derive(Default)]
pub struct WaitlistQuery;

#[Object]
impl WaitlistQuery {
    /// What the mailed question “are you still waiting?” is about. Looking changes nothing.
    async fn asked_wish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret of the link.")] token: String,
    ) -> Result<Option<WaitlistWish>> {
        Ok(interest::asked_by(app(ctx), &token).await?.map(WaitlistWish))
    }
}

/// Changes to the waitlist.
#[derive(Default)]
pub struct WaitlistMutation;

#[Object]
impl WaitlistMutation {
    /// Asks to be offered time that becomes free. Signed-in clients only.
    async fn join_waitlist(&self, ctx: &Context<'_>, input: JoinWaitlistInput) -> Result<JoinWaitlistPayload> {
        let client = own_client(app(ctx), viewer(ctx)?).await?;
        let (wish_id, user_errors) = answer(wishing::join(app(ctx), &client, input).await)?;
        Ok(JoinWaitlistPayload { wish_id, user_errors })
    }

    /// Takes a wish of yours off the list, and gives back what is kept for it.
    async fn leave_waitlist(&self, ctx: &Context<'_>, input: LeaveWaitlistInput) -> Result<LeaveWaitlistPayload> {
        let client = own_client(app(ctx), viewer(ctx)?).await?;
        let (left, user_errors) = answer(wishing::leave(app(ctx), &client, input.wish_id).await)?;
        Ok(LeaveWaitlistPayload { left: left.is_some(), user_errors })
    }

    /// Says whether you still wait, by the link of the mail that asked or when signed in. A yes that comes late takes it up
    /// again.
    async fn answer_still_waiting(
        &self,
        ctx: &Context<'_>,
        input: AnswerStillWaitingInput,
    ) -> Result<AnswerStillWaitingPayload> {
        let client = match &input.token {
            Some(_) => None,
            None => Some(own_client(app(ctx), viewer(ctx)?).await?),
        };
        let (done, user_errors) = answer(interest::answer(app(ctx), input, client.as_ref()).await)?;
        Ok(AnswerStillWaitingPayload { answered: done.is_some(), user_errors })
    }

    /// Takes a time that is kept for you. The session you would like earlier moves there in the same step.
    async fn accept_offer(&self, ctx: &Context<'_>, input: AcceptOfferInput) -> Result<AcceptOfferPayload> {
        let client = own_client(app(ctx), viewer(ctx)?).await?;
        let (booking_id, user_errors) =
            answer(answering::accept(app(ctx), &client, input.offer_id, input.shown_price).await)?;
        Ok(AcceptOfferPayload { booking_id, user_errors })
    }

    /// Leaves a time that is kept for you to somebody else. You stay on the list.
    async fn decline_offer(&self, ctx: &Context<'_>, input: AnswerOfferInput) -> Result<DeclineOfferPayload> {
        let client = own_client(app(ctx), viewer(ctx)?).await?;
        let (declined, user_errors) = answer(answering::decline(app(ctx), &client, input.offer_id).await)?;
        Ok(DeclineOfferPayload { declined: declined.is_some(), user_errors })
    }

    /// Lets one of your clients go first, or pauses what is offered to them. Therapists only.
    async fn change_wish(&self, ctx: &Context<'_>, input: ChangeWishInput) -> Result<ChangeWishPayload> {
        let therapist = therapist(ctx).await?;
        let (changed, user_errors) = answer(wishing::change(app(ctx), &therapist, input).await)?;
        Ok(ChangeWishPayload { changed: changed.is_some(), user_errors })
    }

    /// Says how freed time is offered at this practice. Therapists only.
    async fn set_waitlist_rules(
        &self,
        ctx: &Context<'_>,
        input: SetWaitlistRulesInput,
    ) -> Result<SetWaitlistRulesPayload> {
        let therapist = therapist(ctx).await?;
        let (done, user_errors) = answer(wishing::set_rules(app(ctx), therapist.user_id, input).await)?;
        let rules = match done {
            Some(()) => Some(desk::rules(ctx).await?),
            None => None,
        };
        Ok(SetWaitlistRulesPayload { rules, user_errors })
    }
}
