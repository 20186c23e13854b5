//! Freed time is offered to one person at a time, and kept for them while they decide.

use super::{Offer, OfferState, WaitingWish, WishState, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::events::Event;
use crate::features::bookings::freed::{self, Freed};
use crate::features::bookings::kept::{self, Keep};
use crate::features::practice::{self, Catalogue, SessionType, zones};
use crate::features::reminders;
use crate::jobs::{self, Job};
use shared::ids::{OccupancyId, OfferId, RoomId, TherapistId, WishId};
use shared::practice::Gate;
use shared::reminder::{Contact, HoursOfDay};
use shared::stage::Stage;
use shared::time::{Instant, TimeRange};
use shared::waitlist::{Standing, Wish, in_order, offer_until};
use std::sync::Arc;

/// So many times of one freed stretch are offered at most: more is a day to be published, not a gap to be filled.
const MOST_OFFERS: usize = 12;

/// Offers a freed stretch of a therapist's time to whoever waits for it.
pub async fn offer_freed(app: &Arc<App>, therapist_id: TherapistId, range: TimeRange) -> Result<()> {
    offer(app, therapist_id, Freed { range, room: None }).await
}

/// Offers what a free room has made possible, with whomever, to whoever waits for it.
pub async fn offer_room(app: &Arc<App>, room_id: RoomId, range: TimeRange) -> Result<()> {
    for therapist in &practice::catalogue(app).await?.therapists {
        offer(app, therapist.id, Freed { range, room: Some(room_id) }).await?;
    }
    Ok(())
}

async fn offer(app: &Arc<App>, therapist_id: TherapistId, freed: Freed) -> Result<()> {
    for _ in 0..MOST_OFFERS {
        let shared_app = app.clone();
        let made = app.db.write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move { offer_one(tx, &app, therapist_id, freed).await })
        });
        if !made.await? {
            return Ok(());
        }
    }
    Ok(())
}

/// Offers one start of the stretch to one person; `false` if there is nothing left to offer or nobody who wants it.
async fn offer_one(tx: &mut Tx, app: &App, therapist_id: TherapistId, freed: Freed) -> Result<bool> {
    let (now, catalogue) = (app.clock.now(), practice::catalogue(app).await?);
    let rules = &catalogue.practice.settings.waitlist;
    if rules.is_paused || freed.range.ends_at <= now {
        return Ok(false);
    }
    practice::lock_therapist(tx, therapist_id).await?;
    let waiting = store::waiting(tx, therapist_id, now).await?;
    let waiting = still_waiting(tx, &catalogue, waiting, now).await?;
    let offered = store::offered(tx, therapist_id, freed.range).await?;
    for session_type in &catalogue.session_types {
        // Of what is not offered any more, only an earlier time for a session that is booked can be wished for.
        let is_open = |wish: &&WaitingWish| session_type.is_offered() || wish.instead_of.is_some();
        let of_it = waiting.iter().filter(|wish| wish.session_type_id == session_type.id);
        let wanted: Vec<&WaitingWish> = of_it.filter(is_open).collect();
        if wanted.is_empty() {
            continue;
        }
        let notice = rules.notice_minutes;
        for starts_at in freed::starts_in(tx, &catalogue, therapist_id, session_type, freed, notice, now).await? {
            let fitting = wanted.iter().filter(|wish| {
                !was_offered(&offered, wish.id, session_type, starts_at)
                    && wants(wish, session_type, starts_at, &catalogue, now)
            });
            let people: Vec<(WishId, Standing)> = fitting.map(|wish| (wish.id, standing(wish))).collect();
            for id in in_order(&people, starts_at) {
                let Some(wish) = wanted.iter().find(|wish| wish.id == id) else { continue };
                if offer_to(tx, app, &catalogue, wish, session_type, starts_at).await? {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

/// Keeps a start for somebody and tells them, by mail unless all of it waits for them in the portal; `false` if there is too little time for a fair offer, or they are busy.
async fn offer_to(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    wish: &WaitingWish,
    session_type: &SessionType,
    starts_at: Instant,
) -> Result<bool> {
    let now = app.clock.now();
    let settings = &catalogue.practice.settings;
    let zone = match zones::table(&wish.time_zone, now) {
        Some(zone) => zone,
        None => zones::find("timeZone", &catalogue.practice.time_zone, now)?,
    };
    let minutes = settings.waitlist.offer_minutes;
    let Some(until) = offer_until(now, minutes, HoursOfDay::WAKING, &zone, starts_at) else { return Ok(false) };
    let said = reminders::preferences_in(tx, wish.client_id).await?;
    let contact = Contact { quiet: Some(HoursOfDay::NIGHT), safe: said.safe_hours, zone: &zone };
    // Nobody can answer what they do not hear of in time. Who wants no mail knows to look in the portal.
    let tell_at = match said.portal_only {
        true => None,
        false => contact.at_or_after(now).filter(|at| *at < until),
    };
    if tell_at.is_none() && !said.portal_only {
        return Ok(false);
    }
    let session = TimeRange { starts_at, ends_at: starts_at.plus_minutes(session_type.minutes) };
    if kept::is_client_busy(tx, wish.client_id, session, wish.instead_of).await? {
        return Ok(false);
    }
    let id = OfferId(app.clock.new_id());
    let keep = Keep {
        id: OccupancyId(app.clock.new_id()),
        therapist_id: wish.therapist_id,
        starts_at,
        until,
        secret: app.keys.link_secret("offer", id.0).hash(),
        held_by: format!("waitlist:{}", wish.id),
    };
    let occupancy_id = kept::keep(tx, session_type, keep, now).await?;
    let offer = Offer {
        id,
        wish_id: wish.id,
        therapist_id: wish.therapist_id,
        starts_at,
        ends_at: session.ends_at,
        occupancy_id,
        state: OfferState::Open,
        made_at: now,
        until,
        booking_id: None,
    };
    store::insert_offer(tx, &offer).await?;
    if let Some(tell_at) = tell_at {
        jobs::enqueue(tx, &app.clock, tell_at, &Job::TellOffer { offer_id: id }).await?;
    }
    jobs::enqueue(tx, &app.clock, until, &Job::ExpireOffer { offer_id: id }).await?;
    tx.announce(Event::ClientChanged { client_id: wish.client_id, therapist_id: wish.therapist_id });
    Ok(true)
}

/// Gives an offered time back when nobody has answered; it passes on to the next.
pub async fn expire(app: &Arc<App>, id: OfferId) -> Result<()> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let now = app.clock.now();
                match store::offer(tx, id).await? {
                    Some(offer) if offer.state == OfferState::Open && offer.until <= now => {
                        give_up(tx, &app, &offer, OfferState::Expired).await
                    }
                    _ => Ok(()),
                }
            })
        })
        .await
}

/// Settles an open offer without a session: the time is free again, and so for the next who waits.
pub(super) async fn give_up(tx: &mut Tx, app: &App, offer: &Offer, state: OfferState) -> Result<()> {
    if store::settle_offer(tx, offer.id, state, app.clock.now()).await? == 1 {
        kept::give_back(tx, app, offer.occupancy_id, offer.therapist_id).await?;
    }
    Ok(())
}

/// The wishes that can still come true; the others end here.
pub(super) async fn still_waiting(
    tx: &mut Tx,
    catalogue: &Catalogue,
    wishes: Vec<WaitingWish>,
    now: Instant,
) -> Result<Vec<WaitingWish>> {
    let mut still = Vec::new();
    for wish in wishes {
        let zone = zones::table(&wish.time_zone, now).or_else(|| zones::table(&catalogue.practice.time_zone, now));
        let lost = wish.instead_of.is_some() && wish.instead_of_starts_at.is_none_or(|theirs| theirs <= now);
        if lost || zone.is_some_and(|zone| wish.wish.is_over(now, &zone)) {
            store::end_wish(tx, wish.id, WishState::Over, now).await?;
        } else {
            still.push(wish);
        }
    }
    Ok(still)
}

fn wants(
    wish: &WaitingWish,
    session_type: &SessionType,
    starts_at: Instant,
    catalogue: &Catalogue,
    now: Instant,
) -> bool {
    let zone = zones::table(&wish.time_zone, now).or_else(|| zones::table(&catalogue.practice.time_zone, now));
    let said = Wish { earlier_than: wish.instead_of_starts_at, ..wish.wish.0.clone() };
    let is_open = wish.instead_of.is_some() || open_for_stage(session_type, wish.stage);
    is_open && zone.is_some_and(|zone| said.fits(starts_at, session_type.modality, &zone))
}

/// Whether they were offered this time before, or one that overlaps it: what was left is not asked again half an hour
/// to the side.
fn was_offered(offered: &[(WishId, Instant)], wish: WishId, session_type: &SessionType, starts_at: Instant) -> bool {
    let apart = session_type.minutes * 60;
    let near = |at: Instant| (at.seconds() - starts_at.seconds()).abs() < apart;
    offered.iter().any(|(known, at)| *known == wish && near(*at))
}

fn standing(wish: &WaitingWish) -> Standing {
    Standing {
        priority: wish.priority,
        since: wish.since,
        last_session: wish.last_session,
        next_session: wish.next_session,
    }
}

/// Whether somebody at this stage may be offered this session type at all.
pub(super) fn open_for_stage(session_type: &SessionType, stage: Stage) -> bool {
    match session_type.gate {
        Gate::Discovery => stage.opens_discovery(),
        Gate::Clients => stage.opens_paid_sessions(),
    }
}
