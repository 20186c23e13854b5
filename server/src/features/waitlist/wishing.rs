//! Joining and leaving the waitlist, and the therapist's word about who waits.

use super::offering::{give_up, open_for_stage};
use super::store::{self, NewWish};
use super::{OfferState, WaitingWish, WishState};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::bookings;
use crate::features::clients::Client;
use crate::features::practice::{self, Therapist};
use serde::{Deserialize, Serialize};
use shared::booking::BookingStatus;
use shared::ids::{BookingId, SessionTypeId, UserId, WishId};
use shared::practice::Modality;
use shared::problem::ErrorCode;
use shared::time::{Date, Weekday};
use shared::waitlist::{HourBand, WaitlistRules, Wish};
use std::sync::Arc;

/// Asks to be offered time that becomes free. What is left out suits.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct JoinWaitlistInput {
    /// What you would like; left out, the same as the session you would like earlier.
    pub session_type_id: Option<SessionTypeId>,
    /// The session you have and would like earlier. It moves when you take an offer.
    pub instead_of: Option<BookingId>,
    /// How it takes place, if that matters.
    pub modality: Option<Modality>,
    /// The days that suit, on your calendar.
    pub weekdays: Option<Vec<Weekday>>,
    /// The parts of the day that suit, on your clock.
    pub bands: Option<Vec<HourBand>>,
    /// The first day that suits.
    pub earliest: Option<Date>,
    /// The last day that suits.
    pub latest: Option<Date>,
}

/// The therapist's word about somebody who waits.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct ChangeWishInput {
    /// Which.
    pub wish_id: WishId,
    /// Whether it goes before others.
    pub goes_first: bool,
    /// Whether nothing is offered for now.
    pub is_paused: bool,
}

/// What the practice decides about its waitlist.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct SetWaitlistRulesInput {
    /// Whether nothing is offered for now.
    pub is_paused: bool,
    /// For how many waking minutes a time is kept for the person it is offered to.
    pub offer_minutes: i64,
    /// So many minutes before the start, freed time is still offered.
    pub notice_minutes: i64,
    /// So many weeks after somebody joined, or said that they still wait, they are asked whether they do; left out, as it is.
    pub ask_weeks: Option<i64>,
}

/// So many wishes one person has at most.
const MOST_WISHES: usize = 5;

/// Puts a wish on the list.
pub async fn join(app: &Arc<App>, client: &Client, input: JoinWaitlistInput) -> Result<WishId> {
    let catalogue = practice::catalogue(app).await?;
    let now = app.clock.now();
    let instead_of = match input.instead_of {
        None => None,
        Some(id) => {
            let booking = bookings::get(&mut app.db.read().await?, id).await?;
            let own = booking.filter(|booking| booking.client_id == Some(client.id));
            let own = own.ok_or_else(|| {
                Error::refused("insteadOf", ErrorCode::NotFound, "There is no such session of yours.")
            })?;
            if own.status != BookingStatus::Confirmed || own.starts_at <= now {
                let message = "This session is over or cancelled, so there is nothing to have earlier.";
                return Err(Error::refused("insteadOf", ErrorCode::AlreadyDone, message));
            }
            Some(own)
        }
    };
    let wanted = instead_of.as_ref().map(|own| own.session_type_id).or(input.session_type_id);
    let session_type = wanted.and_then(|id| catalogue.session_type(id));
    let session_type = session_type.filter(|it| it.is_offered() || instead_of.is_some()).ok_or_else(|| {
        Error::refused("sessionTypeId", ErrorCode::Required, "Choose what you would like to be offered.")
    })?;
    if instead_of.is_none() && !open_for_stage(session_type, client.stage) {
        return Err(Error::refused("sessionTypeId", ErrorCode::StageLocked, client.why_closed(app.clock.now())));
    }
    let wish = Wish {
        modality: input.modality,
        weekdays: input.weekdays.unwrap_or_default(),
        bands: input.bands.unwrap_or_default(),
        earliest: input.earliest,
        latest: input.latest,
        earlier_than: None,
    };
    Error::unless_fine(wish.problems())?;
    let new = (
        instead_of.as_ref().map_or(client.therapist_id, |own| own.therapist_id),
        session_type.id,
        instead_of.map(|own| own.id),
    );
    let (shared_app, client_id, id) = (app.clone(), client.id, WishId(app.clock.new_id()));
    app.db
        .write(move |tx| {
            let (app, wish) = (shared_app.clone(), wish.clone());
            Box::pin(async move {
                let now = app.clock.now();
                let (therapist_id, session_type_id, instead_of) = new;
                let already = store::of_client(tx, client_id, now).await?;
                if already.len() >= MOST_WISHES {
                    let message = "You are waiting for several times already. Take one back first.";
                    return Err(Error::refused_whole(ErrorCode::RateLimited, message));
                }
                let same = |other: &&WaitingWish| {
                    other.session_type_id == session_type_id && other.instead_of == instead_of && other.wish.0 == wish
                };
                // Asked twice is asked once.
                if let Some(known) = already.iter().find(same) {
                    return Ok(known.id);
                }
                let row = NewWish { id, client_id, therapist_id, session_type_id, wish, instead_of, since: now };
                store::insert_wish(tx, row).await?;
                tx.announce(Event::ClientChanged { client_id, therapist_id });
                Ok(id)
            })
        })
        .await
}

/// Takes a wish off the list; what is kept for it is given back. Doing it twice is the same as doing it once.
pub async fn leave(app: &Arc<App>, client: &Client, id: WishId) -> Result<()> {
    let (shared_app, client_id) = (app.clone(), client.id);
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let now = app.clock.now();
                let wish = store::wish(tx, id, now).await?.filter(|wish| wish.client_id == client_id);
                let wish = wish.ok_or_else(no_such_wish)?;
                take_off(tx, &app, &wish).await
            })
        })
        .await
}

/// Takes a wish off the list because whoever had it does not wait any more.
pub(super) async fn take_off(tx: &mut Tx, app: &App, wish: &WaitingWish) -> Result<()> {
    store::end_wish(tx, wish.id, WishState::Left, app.clock.now()).await?;
    if let Some(offer) = store::open_offer_for(tx, wish.id).await? {
        give_up(tx, app, &offer, OfferState::Withdrawn).await?;
    }
    tx.announce(Event::ClientChanged { client_id: wish.client_id, therapist_id: wish.therapist_id });
    Ok(())
}

/// Lets somebody go first, or pauses what is offered to them.
pub async fn change(app: &Arc<App>, therapist: &Therapist, input: ChangeWishInput) -> Result<()> {
    let (shared_app, therapist_id, actor) = (app.clone(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let (app, input) = (shared_app.clone(), input.clone());
            Box::pin(async move {
                let now = app.clock.now();
                let wish = store::wish(tx, input.wish_id, now).await?;
                let wish = wish.filter(|wish| wish.therapist_id == therapist_id).ok_or_else(no_such_wish)?;
                let state = if input.is_paused { WishState::Paused } else { WishState::Waiting };
                if store::change_wish(tx, wish.id, i64::from(input.goes_first), state).await? == 0 {
                    return Err(Error::refused("wishId", ErrorCode::AlreadyDone, "They do not wait any more."));
                }
                audit::record(tx, now, Some(actor), "change waitlist", Some(wish.client_id.0)).await?;
                tx.announce(Event::ClientChanged { client_id: wish.client_id, therapist_id });
                Ok(())
            })
        })
        .await
}

/// Changes how freed time is offered.
pub async fn set_rules(app: &Arc<App>, actor: UserId, input: SetWaitlistRulesInput) -> Result<()> {
    let ask_weeks = practice::catalogue(app).await?.practice.settings.waitlist.ask_weeks;
    let rules = WaitlistRules {
        is_paused: input.is_paused,
        offer_minutes: input.offer_minutes,
        notice_minutes: input.notice_minutes,
        ask_weeks: input.ask_weeks.unwrap_or(ask_weeks),
    };
    Error::unless_fine(rules.problems())?;
    let clock = app.clock.clone();
    app.db
        .write(move |tx| {
            let (clock, rules) = (clock.clone(), rules.clone());
            Box::pin(async move {
                practice::change_settings(tx, |settings| settings.waitlist = rules).await?;
                audit::record(tx, clock.now(), Some(actor), "set waitlist rules", None).await
            })
        })
        .await
}

fn no_such_wish() -> Error {
    Error::refused("wishId", ErrorCode::NotFound, "There is no such wish on the list.")
}
