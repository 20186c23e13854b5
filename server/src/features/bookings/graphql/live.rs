//! Live news about the calendar.

use super::change::seeker;
use crate::events::Event;
use crate::features::{clients, practice};
use crate::graphql::{app, viewer};
use async_graphql::{Context, Result, SimpleObject, Subscription};
use futures_util::Stream;
use shared::ids::{BookingId, SessionTypeId};

/// Something about a booking changed.
#[derive(SimpleObject)]
pub struct BookingChange {
    /// Which; read it again to see what it is now.
    booking_id: BookingId,
}

/// What is free changed.
#[derive(SimpleObject)]
pub struct AvailabilityChange {
    /// For what; read `availability` again to see what is free now.
    session_type_id: SessionTypeId,
}

/// Live news about the calendar.
#[derive(Default)]
pub struct BookingSubscription;

#[Subscription]
impl BookingSubscription {
    /// Says when something became free or taken for a session type that is open to whoever asks.
    async fn availability_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of what is booked.")] session_type_id: SessionTypeId,
    ) -> Result<impl Stream<Item = AvailabilityChange> + use<>> {
        let catalogue = practice::catalogue(app(ctx)).await?;
        seeker(ctx).await?.looking_at(app(ctx), &catalogue, session_type_id).await?;
        let events = app(ctx).bus.listen();
        Ok(futures_util::stream::unfold(events, move |mut events| async move {
            loop {
                match events.next().await? {
                    Event::TimetableChanged { .. } | Event::RoomsChanged | Event::PracticeChanged | Event::Missed => {
                        return Some((AvailabilityChange { session_type_id }, events));
                    }
                    _ => {}
                }
            }
        }))
    }

    /// Says when a booking that is yours to see was made, called off or changed. Signed-in clients and therapists. It
    /// completes when news may have been missed: subscribe and read again.
    async fn booking_changed(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = BookingChange> + use<>> {
        let viewer = viewer(ctx)?;
        let app = app(ctx).clone();
        let own_client = clients::of_viewer(&app, viewer.user_id).await?.map(|client| client.id);
        let own_therapist = practice::therapist_of_user(&app, viewer.user_id).await?.map(|therapist| therapist.id);
        let events = app.bus.listen();
        Ok(futures_util::stream::unfold(events, move |mut events| async move {
            loop {
                match events.next().await? {
                    Event::BookingChanged { booking_id, therapist_id, client_id } => {
                        let of_client = client_id.is_some() && client_id == own_client;
                        let of_therapist = own_therapist == Some(therapist_id);
                        if of_client || of_therapist {
                            return Some((BookingChange { booking_id }, events));
                        }
                    }
                    // Nobody knows what was missed: whoever listens subscribes and reads again.
                    Event::Missed => return None,
                    _ => {}
                }
            }
        }))
    }
}
