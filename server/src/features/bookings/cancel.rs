//! Calling a session off.

use super::book_discovery::tell;
use super::{Booking, is_open_to, manage, no_such_booking, slot, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::{clients, practice};
use serde::{Deserialize, Serialize};
use shared::actor::Role;
use shared::booking::CancelledBy;
use shared::contact::text_problem;
use shared::ids::BookingId;
use shared::problem::{ErrorCode, UserError};
use shared::stage::Stage;
use std::sync::Arc;

/// Asks for a session to be called off: by its manage link, or by its id when signed in.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct CancelBookingInput {
    /// The secret at the end of the manage link.
    pub manage_token: Option<String>,
    /// Which, when signed in.
    pub booking_id: Option<BookingId>,
    /// Why, if you would like to say; at most 500 characters.
    pub reason: Option<String>,
}

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// Calls a session off. Doing it twice is the same as doing it once.
pub async fn cancel(app: &Arc<App>, input: CancelBookingInput, viewer: Option<Viewer>) -> Result<Booking> {
    let reason = input.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    let problem = reason.as_deref().and_then(|reason| text_problem("reason", reason, LONGEST_REASON));
    Error::unless_fine(problem.into_iter().collect())?;
    let (booking, by) = match (&input.manage_token, input.booking_id) {
        (Some(token), _) => {
            let booking = manage::booking_of(app, token).await?.ok_or_else(|| no_such_booking("manageToken"))?;
            (booking, CancelledBy::Client)
        }
        (None, Some(id)) => own(app, id, viewer.ok_or(Error::SignInRequired)?).await?,
        (None, None) => {
            let message = "Say which booking: by the token of its link, or by its id.";
            return Err(Error::Refused(vec![UserError::on("bookingId", ErrorCode::Required, message)]));
        }
    };
    let (shared_app, id) = (app.clone(), booking.id);
    let actor = viewer.map(|viewer| viewer.user_id);
    app.db
        .write(move |tx| {
            let (app, reason) = (shared_app.clone(), reason.clone());
            Box::pin(async move {
                let now = app.clock.now();
                let before = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
                if before.cancelled_at.is_some() {
                    return Ok(());
                }
                if !before.status.can_cancel(before.starts_at, now) {
                    let message = "This session has begun or is over, so it cannot be called off here.";
                    return Err(Error::refused_whole(ErrorCode::AlreadyDone, message));
                }
                if store::cancel(tx, id, by, reason, now).await? == 0 {
                    return Ok(());
                }
                if let Some(row) = store::occupancy_of_booking(tx, id).await? {
                    slot::free(tx, row.id, row.therapist_id).await?;
                }
                step_back(tx, &app, &before, actor).await?;
                if by == CancelledBy::Practice {
                    audit::record(tx, now, actor, "cancel booking", Some(id.0)).await?;
                }
                let after = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
                tell(tx, &app, &after).await
            })
        })
        .await?;
    store::booking(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

async fn own(app: &App, id: BookingId, viewer: Viewer) -> Result<(Booking, CancelledBy)> {
    let mut conn = app.db.read().await?;
    let booking = store::booking(&mut conn, id).await?.ok_or_else(|| no_such_booking("bookingId"))?;
    let client = clients::of_user(&mut conn, viewer.user_id).await?.map(|client| client.id);
    drop(conn);
    if viewer.role.is_staff() && !viewer.second_factor {
        return Err(Error::SignInRequired);
    }
    let therapist = practice::therapist_of_user(app, viewer.user_id).await?.map(|therapist| therapist.id);
    if !is_open_to(&booking, viewer.role, client, therapist) {
        return Err(no_such_booking("bookingId"));
    }
    let by = if viewer.role == Role::Client { CancelledBy::Client } else { CancelledBy::Practice };
    Ok((booking, by))
}

/// Without its discovery call, a relationship is an inquiry again.
async fn step_back(tx: &mut Tx, app: &App, booking: &Booking, actor: Option<shared::ids::UserId>) -> Result<()> {
    let Some(client_id) = booking.client_id else { return Ok(()) };
    let Some(client) = clients::get(tx, client_id).await? else { return Ok(()) };
    if client.stage == Stage::DiscoveryBooked && store::confirmed_of_client(tx, client_id).await? == 0 {
        clients::move_on(tx, &app.clock, &client, Stage::Inquiry, actor).await?;
    }
    Ok(())
}
