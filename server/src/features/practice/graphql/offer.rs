//! What the practice sells, as those who work there see and change it.

use super::SessionType;
use crate::features::practice::session_types::{
    self, ArrangeSessionTypesInput, RestoreSessionTypeInput, RetireSessionTypeInput,
};
use crate::features::practice::{self, Catalogue, catalogue};
use crate::graphql::{answer, app, therapist};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::ids::{RoomId, SessionTypeId};
use shared::intake::Missing;
use shared::money::Money;
use shared::practice::Prepay;
use shared::problem::UserError;
use shared::session_type::SaveSessionTypeInput;
use shared::time::Instant;
use std::sync::Arc;

/// Something the practice sells or once did, with every rule about it.
pub struct OfferedType {
    catalogue: Arc<Catalogue>,
    index: usize,
}

impl OfferedType {
    /// Everything the practice sells or once did, in the order of the pages.
    pub(super) fn all(catalogue: &Arc<Catalogue>) -> Vec<Self> {
        (0..catalogue.session_types.len()).map(|index| OfferedType { catalogue: catalogue.clone(), index }).collect()
    }

    fn row(&self) -> &practice::SessionType {
        &self.catalogue.session_types[self.index]
    }
}

/// Something the practice sells or once did, with every rule about it.
#[Object]
impl OfferedType {
    /// What whoever can book it sees of it.
    async fn session_type(&self) -> SessionType {
        SessionType { catalogue: self.catalogue.clone(), index: self.index }
    }
    /// The rooms that suit it in person; where none is named, any does.
    async fn room_ids(&self) -> &[RoomId] {
        &self.row().rooms
    }
    /// What a client does before the first session that asks for it, in the order to do it. A first call waits for nothing.
    async fn waits_for(&self) -> &[Missing] {
        &self.row().waits_for
    }
    /// Minutes kept free before it.
    async fn buffer_before(&self) -> i64 {
        self.row().buffer_before
    }
    /// Minutes kept free after it.
    async fn buffer_after(&self) -> i64 {
        self.row().buffer_after
    }
    /// How many a day one therapist has of it at most; absent when there is no limit.
    async fn per_day(&self) -> Option<i64> {
        self.row().per_day
    }
    /// What is paid before it is confirmed.
    async fn prepay(&self) -> Prepay {
        self.row().prepay
    }
    /// The deposit, where one is paid.
    async fn deposit(&self) -> Money {
        Money { amount: self.row().deposit_amount, currency: self.row().price_currency }
    }
    /// Whether the public pages show it while it is offered.
    async fn visible(&self) -> bool {
        self.row().visible
    }
    /// Whether they ever did: from then on its address and who may book it stay.
    async fn was_public(&self) -> bool {
        self.row().was_public
    }
    /// Since when it is not offered any more.
    async fn retired_at(&self) -> Option<Instant> {
        self.row().retired_at
    }
}

/// A session type as it is now, or why it was not changed.
#[derive(SimpleObject)]
pub struct SessionTypePayload {
    /// The session type.
    offered_type: Option<OfferedType>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// The order of the session types, or why it was not changed.
#[derive(SimpleObject)]
pub struct ArrangeSessionTypesPayload {
    /// Everything the practice sells or once did, in its order.
    offer: Option<Vec<OfferedType>>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// Changes to what the practice sells.
#[derive(Default)]
pub struct OfferMutation;

#[Object]
impl OfferMutation {
    /// Adds a session type, or changes one. What was booked, held or agreed for standing places before keeps its length,
    /// its price and the time around it. Therapists only.
    async fn save_session_type(&self, ctx: &Context<'_>, input: SaveSessionTypeInput) -> Result<SessionTypePayload> {
        let by = therapist(ctx).await?.user_id;
        payload(ctx, session_types::save(app(ctx), by, input).await).await
    }

    /// Takes a session type out of booking and off the public pages; what was booked stays. Therapists only.
    async fn retire_session_type(
        &self,
        ctx: &Context<'_>,
        input: RetireSessionTypeInput,
    ) -> Result<SessionTypePayload> {
        let by = therapist(ctx).await?.user_id;
        payload(ctx, session_types::retire(app(ctx), by, input).await).await
    }

    /// Brings a retired session type back, as it was. Therapists only.
    async fn restore_session_type(
        &self,
        ctx: &Context<'_>,
        input: RestoreSessionTypeInput,
    ) -> Result<SessionTypePayload> {
        let by = therapist(ctx).await?.user_id;
        payload(ctx, session_types::restore(app(ctx), by, input.session_type_id).await).await
    }

    /// Puts the session types in the order in which pages show them. Therapists only.
    async fn arrange_session_types(
        &self,
        ctx: &Context<'_>,
        input: ArrangeSessionTypesInput,
    ) -> Result<ArrangeSessionTypesPayload> {
        let by = therapist(ctx).await?.user_id;
        let (done, user_errors) = answer(session_types::arrange(app(ctx), by, input).await)?;
        let offer = match done {
            Some(()) => Some(OfferedType::all(&catalogue(app(ctx)).await?)),
            None => None,
        };
        Ok(ArrangeSessionTypesPayload { offer, user_errors })
    }
}

async fn payload(ctx: &Context<'_>, outcome: crate::error::Result<SessionTypeId>) -> Result<SessionTypePayload> {
    let (id, user_errors) = answer(outcome)?;
    let all = OfferedType::all(&catalogue(app(ctx)).await?);
    let offered_type = all.into_iter().find(|it| Some(it.row().id) == id);
    Ok(SessionTypePayload { offered_type, user_errors })
}
