//! Taking one of the offered times, or none.

use super::{MakeUp, MakeUpState, give_up, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::bookings::steps::Doer;
use crate::features::bookings::{self, kept, made_up, standing};
use crate::features::clients::{self, Client};
use crate::features::practice::{self, Catalogue};
use crate::keys::Secret;
use serde::{Deserialize, Serialize};
use shared::ids::{BookingId, MakeUpId};
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::sync::Arc;

/// Takes one of the times: by the link of the mail, or by the offer's id when signed in.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct TakeMakeUpInput {
    /// The secret at the end of the mailed link.
    pub token: Option<String>,
    /// Which offer, when signed in.
    pub make_up_id: Option<MakeUpId>,
    /// Which of its times.
    pub starts_at: Instant,
}

/// Says that none of the times suits.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct DeclineMakeUpInput {
    /// The secret at the end of the mailed link.
    pub token: Option<String>,
    /// Which offer, when signed in.
    pub make_up_id: Option<MakeUpId>,
}

/// Takes a time. Doing it twice is the same as doing it once.
pub async fn take(app: &Arc<App>, input: TakeMakeUpInput, client: Option<&Client>) -> Result<BookingId> {
    let (field, offer) = reachable(app, input.token.as_deref(), input.make_up_id, client).await?;
    let catalogue = practice::catalogue(app).await?;
    let (shared_app, id, starts_at) = (app.clone(), offer.id, input.starts_at);
    let taken = app
        .db
        .write(move |tx| {
            let (app, catalogue) = (shared_app.clone(), catalogue.clone());
            Box::pin(async move { book(tx, &app, &catalogue, id, starts_at, field).await })
        })
        .await;
    match taken {
        Err(Error::Overlap) => {
            let message = "You have something else at that time. Choose another, or move that first.";
            Err(Error::refused("startsAt", ErrorCode::SlotTaken, message))
        }
        taken => taken,
    }
}

async fn book(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    id: MakeUpId,
    starts_at: Instant,
    field: &str,
) -> Result<BookingId> {
    let now = app.clock.now();
    let offer = store::make_up(tx, id).await?.ok_or(Error::NotFound)?;
    let times = store::make_up_times(tx, &[id]).await?;
    let chosen = times.iter().find(|time| time.starts_at == starts_at);
    let chosen = chosen.ok_or_else(|| {
        Error::refused("startsAt", ErrorCode::NotOffered, "Choose one of the times that are kept for you.")
    })?;
    if let Some(taken) = offer.taken_id {
        let is_it = bookings::get(tx, taken).await?.is_some_and(|booking| booking.starts_at == starts_at);
        return if is_it { Ok(taken) } else { Err(too_late(field)) };
    }
    if !offer.is_open(now) || store::settle_make_up(tx, id, MakeUpState::Taken, now).await? == 0 {
        return Err(too_late(field));
    }
    practice::lock_therapist(tx, offer.therapist_id).await?;
    kept::use_up(tx, chosen.occupancy_id, offer.therapist_id).await?;
    for other in times.iter().filter(|time| time.starts_at != starts_at) {
        kept::give_back(tx, app, other.occupancy_id, offer.therapist_id).await?;
    }
    let client = clients::get(tx, offer.client_id).await?.ok_or(Error::NotFound)?;
    let gone = bookings::get(tx, offer.booking_id).await?.ok_or(Error::NotFound)?;
    if gone.policy_id.is_some() && !client.stage.is_together() {
        return Err(Error::refused(field, ErrorCode::StageLocked, client.why_closed(now)));
    }
    let doer = Doer::client(Some(client.user_id));
    let booking = made_up::put_instead(tx, app, catalogue, &client, &gone, starts_at, doer).await?;
    store::set_make_up_taken(tx, id, booking.id).await?;
    standing::announce(tx, offer.therapist_id, offer.client_id);
    Ok(booking.id)
}

/// Gives every time back. Doing it twice is the same as doing it once.
pub async fn decline(app: &Arc<App>, input: DeclineMakeUpInput, client: Option<&Client>) -> Result<MakeUpId> {
    let (field, offer) = reachable(app, input.token.as_deref(), input.make_up_id, client).await?;
    let (shared_app, id) = (app.clone(), offer.id);
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let offer = store::make_up(tx, id).await?.ok_or(Error::NotFound)?;
                match offer.state {
                    MakeUpState::Open => give_up(tx, &app, &offer, MakeUpState::Declined).await,
                    MakeUpState::Taken => {
                        let message = "You have taken one of these times. You can call it off in your appointments.";
                        Err(Error::refused(field, ErrorCode::AlreadyDone, message))
                    }
                    MakeUpState::Declined | MakeUpState::Expired => Ok(()),
                }
            })
        })
        .await?;
    Ok(id)
}

/// An offer somebody may answer: by the link of its mail, or their own when signed in.
async fn reachable(
    app: &App,
    token: Option<&str>,
    id: Option<MakeUpId>,
    client: Option<&Client>,
) -> Result<(&'static str, MakeUp)> {
    let mut conn = app.db.read().await?;
    let (field, found) = match (token, id) {
        (Some(token), _) => match Secret::read(token) {
            Some(secret) => ("token", store::make_up_by_answer(&mut conn, secret.hash()).await?),
            None => ("token", None),
        },
        (None, Some(id)) => {
            let own = client.ok_or(Error::SignInRequired)?.id;
            ("makeUpId", store::make_up(&mut conn, id).await?.filter(|offer| offer.client_id == own))
        }
        (None, None) => {
            let message = "Say which: by the token of the mailed link, or by the offer's id.";
            return Err(Error::refused("makeUpId", ErrorCode::Required, message));
        }
    };
    let message = "There is no such offer, or the link is too old.";
    Ok((field, found.ok_or_else(|| Error::refused(field, ErrorCode::NotFound, message))?))
}

fn too_late(field: &str) -> Error {
    let message =
        "These times are no longer kept for you. Your therapist sees that; you can also look for another time.";
    Error::refused(field, ErrorCode::AlreadyDone, message)
}
