//! The rooms and limits of the practice, to change.

use super::PracticeDesk;
use crate::features::practice::rooms::{self, ArrangeRoomsInput, Room, RoomInput, SaveRoomInput};
use crate::features::practice::{catalogue, rules};
use crate::graphql::{answer, app, therapist};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::ids::RoomId;
use shared::problem::UserError;
use shared::rules::SetCalendarRulesInput;
use shared::time::Instant;

/// A room of the practice. A session in person takes the first that suits it and is free.
#[Object]
impl Room {
    /// Which.
    async fn id(&self) -> RoomId {
        self.id
    }
    /// What it is called in the practice.
    async fn name(&self) -> &str {
        &self.name
    }
    /// Since when nothing new takes place in it.
    async fn retired_at(&self) -> Option<Instant> {
        self.retired_at
    }
}

/// The rooms as they are now, or why nothing changed.
#[derive(SimpleObject)]
pub struct RoomsPayload {
    /// Every room, in the order in which they are filled.
    rooms: Option<Vec<Room>>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// The practice with its new limits, or why they did not change.
#[derive(SimpleObject)]
pub struct SetCalendarRulesPayload {
    /// The practice as those who work in it see it.
    practice: Option<PracticeDesk>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// Changes to the rooms and limits of the practice.
#[derive(Default)]
pub struct HouseMutation;

#[Object]
impl HouseMutation {
    /// Adds a room, or gives one another name. Therapists only.
    async fn save_room(&self, ctx: &Context<'_>, input: SaveRoomInput) -> Result<RoomsPayload> {
        let by = therapist(ctx).await?.user_id;
        payload(ctx, rooms::save(app(ctx), by, input).await).await
    }

    /// Takes a room out of use; sessions that are booked in it stay there. Therapists only.
    async fn retire_room(&self, ctx: &Context<'_>, input: RoomInput) -> Result<RoomsPayload> {
        let by = therapist(ctx).await?.user_id;
        payload(ctx, rooms::retire(app(ctx), by, input.room_id).await).await
    }

    /// Brings a room back into use. Therapists only.
    async fn restore_room(&self, ctx: &Context<'_>, input: RoomInput) -> Result<RoomsPayload> {
        let by = therapist(ctx).await?.user_id;
        payload(ctx, rooms::restore(app(ctx), by, input.room_id).await).await
    }

    /// Puts the rooms in the order in which they are filled. Therapists only.
    async fn arrange_rooms(&self, ctx: &Context<'_>, input: ArrangeRoomsInput) -> Result<RoomsPayload> {
        let by = therapist(ctx).await?.user_id;
        payload(ctx, rooms::arrange(app(ctx), by, input).await).await
    }

    /// Changes what the practice allows in its calendar; what is booked stays. Therapists only.
    async fn set_calendar_rules(
        &self,
        ctx: &Context<'_>,
        input: SetCalendarRulesInput,
    ) -> Result<SetCalendarRulesPayload> {
        let by = therapist(ctx).await?.user_id;
        let (done, user_errors) = answer(rules::set(app(ctx), by, input).await)?;
        let practice = match done {
            Some(()) => Some(PracticeDesk(catalogue(app(ctx)).await?)),
            None => None,
        };
        Ok(SetCalendarRulesPayload { practice, user_errors })
    }
}

async fn payload<T>(ctx: &Context<'_>, outcome: crate::error::Result<T>) -> Result<RoomsPayload> {
    let (done, user_errors) = answer(outcome)?;
    let rooms = match done {
        Some(_) => Some(rooms::all(app(ctx)).await?),
        None => None,
    };
    Ok(RoomsPayload { rooms, user_errors })
}
