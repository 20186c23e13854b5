//! The client says that they will come.

use super::cancel::reachable;
use super::steps::{self, Doer, StepKind};
use super::{Booking, place, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use serde::{Deserialize, Serialize};
use shared::booking::{BookingStatus, CancelledBy};
use shared::ids::BookingId;
use shared::problem::ErrorCode;
use std::sync::Arc;

/// Says that somebody will come: by the manage link of the session, or by its id when signed in.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmBookingInput {
    /// The secret at the end of the manage link.
    pub manage_token: Option<String>,
    /// Which, when signed in.
    pub booking_id: Option<BookingId>,
}

/// Notes that the client will come. Doing it twice is the same as doing it once.
pub async fn confirm(app: &Arc<App>, input: ConfirmBookingInput, viewer: Option<Viewer>) -> Result<Booking> {
    let (booking, by) = reachable(app, input.manage_token.as_deref(), input.booking_id, viewer).await?;
    if by == CancelledBy::Practice {
        let message = "Only whoever comes can say so.";
        return Err(Error::refused("bookingId", ErrorCode::NotFound, message));
    }
    let (shared_app, id) = (app.clone(), booking.id);
    let doer = Doer::client(viewer.map(|viewer| viewer.user_id));
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let now = app.clock.now();
                let booking = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
                if booking.status != BookingStatus::Confirmed || booking.starts_at <= now {
                    let message = "This session was called off, has begun or is over.";
                    return Err(Error::refused_whole(ErrorCode::AlreadyDone, message));
                }
                if store::set_client_confirmed(tx, id, now).await? == 1 {
                    steps::note(tx, &app.clock, id, StepKind::ClientConfirmed, doer, None, None).await?;
                    place::announce(tx, &booking);
                }
                Ok(())
            })
        })
        .await?;
    store::booking(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}
