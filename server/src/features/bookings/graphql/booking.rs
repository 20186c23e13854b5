//! One session, as anyone with its reference or link sees it.

use crate::features::bookings::steps::{ByWhom, StepKind};
use crate::features::bookings::undo::{self, Undoable};
use crate::features::bookings::{Booking, cancel, reschedule};
use crate::features::practice;
use crate::features::practice::graphql::{SessionType, Therapist};
use crate::features::practice::rooms;
use crate::graphql::app;
use crate::graphql::in_order::FieldByField;
use async_graphql::{Context, Object, Result};
use shared::booking::BookingStatus;
use shared::ids::BookingId;
use shared::money::Money;
use shared::policy::{CancelOutcome, PolicyStep, RescheduleRefusal};
use shared::practice::Modality;
use shared::time::Instant;
use shared::zone::ZoneName;

/// A change that nobody has been told of yet.
#[Object(name = "UndoableChange")]
impl Undoable {
    /// What was done: `MOVED` or `CANCELLED`.
    async fn step(&self) -> StepKind {
        self.step
    }
    /// On whose side; the same side can take it back.
    async fn by_whom(&self) -> ByWhom {
        self.by_whom
    }
    /// Until when it can be taken back. Then both sides are told.
    async fn until(&self) -> Instant {
        self.until
    }
    /// When the session would begin again.
    #[graphql(name = "startsAt")]
    async fn begins_again_at(&self) -> Instant {
        self.starts_at()
    }
}

/// One session in the calendar. Who it is for is not part of it.
#[Object]
impl Booking {
    /// Which. Needed to change it when signed in; it opens nothing by itself.
    async fn id(&self) -> BookingId {
        self.id
    }
    /// The number people can say on the phone.
    async fn reference(&self) -> &str {
        &self.reference
    }
    /// Where it stands.
    async fn status(&self) -> BookingStatus {
        self.status
    }
    /// When it begins.
    async fn starts_at(&self) -> Instant {
        self.starts_at
    }
    /// When it ends.
    async fn ends_at(&self) -> Instant {
        self.ends_at
    }
    /// The zone of the practice, an IANA name.
    async fn time_zone(&self) -> ZoneName {
        ZoneName::from(self.time_zone.as_str())
    }
    /// The zone the person who booked reads times in, an IANA name.
    async fn guest_time_zone(&self) -> ZoneName {
        ZoneName::from(self.guest_time_zone.as_str())
    }
    /// How it takes place.
    async fn modality(&self) -> Modality {
        self.modality
    }
    /// The name of the room it takes place in, where the practice keeps a list of rooms.
    async fn room_name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(id) = self.room_id else { return Ok(None) };
        let rooms = Box::pin(rooms::all(app(ctx))).await?;
        Ok(rooms.into_iter().find(|room| room.id == id).map(|room| room.name))
    }
    /// The price when it was booked.
    async fn price(&self) -> Money {
        self.agreed_price()
    }
    /// What was booked.
    async fn session_type(&self, ctx: &Context<'_>) -> Result<Option<FieldByField<SessionType>>> {
        let catalogue = practice::catalogue(app(ctx)).await?;
        Ok(SessionType::find(&catalogue, self.session_type_id).map(FieldByField))
    }
    /// With whom.
    async fn therapist(&self, ctx: &Context<'_>) -> Result<Option<FieldByField<Therapist>>> {
        Ok(Therapist::find(&practice::catalogue(app(ctx)).await?, self.therapist_id).map(FieldByField))
    }
    /// When whoever comes said so, after a reminder or on their own.
    async fn client_confirmed_at(&self) -> Option<Instant> {
        self.client_confirmed_at
    }
    /// When it was called off, if it was.
    async fn cancelled_at(&self) -> Option<Instant> {
        self.cancelled_at
    }
    /// What had to be paid before it was confirmed.
    async fn due_now(&self) -> Money {
        self.prepayment()
    }
    /// Until when it waits for that; absent when it does not wait.
    async fn pay_until(&self) -> Option<Instant> {
        self.pay_until
    }
    /// What calling it off costs until when, by the rules it was made under; empty when it is always free.
    async fn policy_steps(&self, ctx: &Context<'_>) -> Result<Vec<PolicyStep>> {
        Ok(Box::pin(cancel::policy_steps(app(ctx), self)).await?)
    }
    /// What calling it off now would mean for the client, computed by what does it.
    async fn if_cancelled_now(&self, ctx: &Context<'_>) -> Result<CancelOutcome> {
        Ok(Box::pin(cancel::if_cancelled_now(app(ctx), self)).await?)
    }
    /// Whether the client can still move it to another time.
    async fn can_move(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(Box::pin(reschedule::can_move_now(app(ctx), self)).await?.0)
    }
    /// Why the client cannot move it, when it is only the rules that stand in the way.
    async fn move_refusal(&self, ctx: &Context<'_>) -> Result<Option<RescheduleRefusal>> {
        Ok(Box::pin(reschedule::can_move_now(app(ctx), self)).await?.1)
    }
    /// Its last change, while whoever made it can take it back with `takeChangeBack`.
    async fn undoable(&self, ctx: &Context<'_>) -> Result<Option<Undoable>> {
        Ok(Box::pin(undo::open(app(ctx), self)).await?)
    }
    /// Whether it was called off when that was not free any more.
    async fn is_late(&self) -> bool {
        self.is_late
    }
    /// Whether that was on the house.
    async fn is_waived(&self) -> bool {
        self.is_waived
    }
    /// Whether it can still be called off by whoever holds its link or is signed in.
    async fn can_cancel(&self, ctx: &Context<'_>) -> bool {
        self.status.can_cancel(self.starts_at, app(ctx).clock.now())
    }
}
