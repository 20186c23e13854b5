//! Taking an offered time, or leaving it to the next.

use super::offering::{give_up, open_for_stage};
use super::{Offer, OfferState, WaitingWish, WishState, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::bookings::kept::{self, Cost, Deal};
use crate::features::bookings::reschedule::{self, Wish as Move};
use crate::features::bookings::steps::Doer;
use crate::features::clients::{self, Client};
use crate::features::practice::{self, Catalogue};
use shared::booking::BookingSource;
use shared::ids::{BookingId, ClientId, OfferId};
use shared::money::Money;
use shared::practice::Gate;
use shared::problem::ErrorCode;
use shared::stage::Stage;
use shared::time::Instant;
use std::sync::Arc;

/// What taking an offered time costs; nothing where a session moves there, with its price.
pub async fn cost(app: &App, offer: &Offer) -> Result<Option<Cost>> {
    let (catalogue, now) = (practice::catalogue(app).await?, app.clock.now());
    let mut conn = app.db.read().await?;
    let Some(wish) = super::wish(&mut conn, offer.wish_id, now).await? else { return Ok(None) };
    let Some(session_type) = catalogue.session_type(wish.session_type_id) else { return Ok(None) };
    let Some(client) = clients::get(&mut conn, wish.client_id).await? else { return Ok(None) };
    match moves(&wish, now) {
        Some(_) => Ok(None),
        None => kept::cost(&mut conn, app, &catalogue, &client, session_type, offer.starts_at).await.map(Some),
    }
}

/// The session that would move, unless it has begun.
fn moves(wish: &WaitingWish, now: Instant) -> Option<BookingId> {
    wish.instead_of.filter(|_| wish.instead_of_starts_at.is_some_and(|theirs| now < theirs))
}

/// Takes an offered time. Where it replaces a session, that session moves: one write, the new time in and the old one out.
/// A price that is not the one that was shown any more is refused, and the time stays kept.
pub async fn accept(app: &Arc<App>, client: &Client, id: OfferId, shown_price: Option<Money>) -> Result<BookingId> {
    let catalogue = practice::catalogue(app).await?;
    let (shared_app, client_id) = (app.clone(), client.id);
    let taken = app
        .db
        .write(move |tx| {
            let (app, catalogue) = (shared_app.clone(), catalogue.clone());
            Box::pin(async move { take(tx, &app, &catalogue, client_id, id, shown_price).await })
        })
        .await;
    match taken {
        Err(Error::Overlap) => {
            let message = "You have something else at that time. Move that first, or leave this time to somebody else.";
            Err(Error::refused("offerId", ErrorCode::SlotTaken, message))
        }
        taken => taken,
    }
}

async fn take(
    tx: &mut Tx,
    app: &Arc<App>,
    catalogue: &Catalogue,
    client_id: ClientId,
    id: OfferId,
    shown_price: Option<Money>,
) -> Result<BookingId> {
    let now = app.clock.now();
    let (offer, wish) = own(tx, app, client_id, id).await?;
    if !offer.is_open(now) || store::settle_offer(tx, id, OfferState::Accepted, now).await? == 0 {
        return Err(too_late());
    }
    practice::lock_therapist(tx, offer.therapist_id).await?;
    kept::use_up(tx, offer.occupancy_id, offer.therapist_id).await?;
    let client = clients::get(tx, client_id).await?.ok_or(Error::NotFound)?;
    let session_type = catalogue
        .session_type(wish.session_type_id)
        .ok_or_else(|| Error::internal("what somebody waits for is not offered any more"))?;
    let booking = match moves(&wish, now) {
        Some(theirs) => {
            let to = Move { starts_at: offer.starts_at, override_reason: None };
            reschedule::shift(tx, app, catalogue, theirs, to, Doer::SYSTEM).await?
        }
        None => {
            if !open_for_stage(session_type, client.stage) {
                return Err(Error::refused("offerId", ErrorCode::StageLocked, client.why_closed(app.clock.now())));
            }
            let deal = Deal {
                therapist_id: offer.therapist_id,
                starts_at: offer.starts_at,
                source: BookingSource::Waitlist,
                doer: Doer::client(Some(client.user_id)),
                asks_payment: true,
                shown_price,
            };
            let booking = kept::book_for(tx, app, catalogue, &client, session_type, deal).await?;
            if session_type.gate == Gate::Discovery {
                clients::move_on(tx, &app.clock, &client, Stage::DiscoveryBooked, Some(client.user_id)).await?;
            }
            booking
        }
    };
    store::set_booking(tx, id, booking.id).await?;
    store::end_wish(tx, wish.id, WishState::Done, now).await?;
    tx.announce(Event::ClientChanged { client_id, therapist_id: offer.therapist_id });
    Ok(booking.id)
}

/// Leaves an offered time to the next. The wish stays on the list; declining twice is the same as declining once.
pub async fn decline(app: &Arc<App>, client: &Client, id: OfferId) -> Result<()> {
    let (shared_app, client_id) = (app.clone(), client.id);
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let (offer, _) = own(tx, &app, client_id, id).await?;
                match offer.state {
                    OfferState::Open => give_up(tx, &app, &offer, OfferState::Declined).await?,
                    OfferState::Accepted => {
                        let message = "You have taken this time. You can call the session off in your appointments.";
                        return Err(Error::refused("offerId", ErrorCode::AlreadyDone, message));
                    }
                    OfferState::Declined | OfferState::Expired | OfferState::Withdrawn => {}
                }
                tx.announce(Event::ClientChanged { client_id, therapist_id: offer.therapist_id });
                Ok(())
            })
        })
        .await
}

async fn own(tx: &mut Tx, app: &App, client: ClientId, id: OfferId) -> Result<(Offer, WaitingWish)> {
    let found = super::offer(tx, id, app.clock.now()).await?.filter(|(_, wish)| wish.client_id == client);
    found.ok_or_else(|| Error::refused("offerId", ErrorCode::NotFound, "There is no such offer for you."))
}

fn too_late() -> Error {
    let message = "This time is no longer kept for you. You are still on the list, and may be offered another.";
    Error::refused("offerId", ErrorCode::AlreadyDone, message)
}
