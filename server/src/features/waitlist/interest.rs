//! Asking those who have waited for long whether they still do. Who says nothing is taken off the list, and can come back.

use super::{WaitingWish, WishState, offering, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::clients::Client;
use crate::features::practice::{self, zones};
use crate::features::reminders;
use crate::jobs::{self, Job};
use crate::keys::{Keys, Secret};
use serde::{Deserialize, Serialize};
use shared::ids::{ClientId, WishId};
use shared::problem::ErrorCode;
use shared::reminder::{Contact, HoursOfDay};
use shared::time::Instant;
use shared::waitlist::{ANSWER_DAYS, BACK_DAYS, Interest, half_within_days, interest};
use std::sync::Arc;

const DAY: i64 = 24 * 60;

/// Says whether you still wait: by the link of the mail that asked, or by the wish's id when signed in.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct AnswerStillWaitingInput {
    /// The secret at the end of the mailed link.
    pub token: Option<String>,
    /// Which, when signed in.
    pub wish_id: Option<WishId>,
    /// Whether you do.
    pub still_waiting: bool,
}

/// What can be said honestly about how long somebody will wait. Nobody is told a rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::SimpleObject)]
pub struct WaitOutlook {
    /// For which wish.
    pub wish_id: WishId,
    /// How many others wait for times that could suit both.
    pub others: i32,
    /// Half of those who waited for the same in the past year were offered a time within so many days; absent when too few
    /// waited to say, or half of them were offered none.
    pub half_within_days: Option<i32>,
}

/// The secret of the link that answers. Only its hash is stored.
pub fn secret(keys: &Keys, id: WishId) -> Secret {
    keys.link_secret("still-waiting", id.0)
}

/// Asks whoever has waited for long, and takes those off the list who did not answer.
pub async fn come_round(app: &Arc<App>) -> Result<()> {
    let catalogue = practice::catalogue(app).await?;
    let weeks = catalogue.practice.settings.waitlist.ask_weeks;
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let (app, catalogue) = (shared_app.clone(), catalogue.clone());
            Box::pin(async move {
                let now = app.clock.now();
                let (said, asked) = (now.plus_minutes(-weeks * 7 * DAY), now.plus_minutes(-ANSWER_DAYS * DAY));
                let wishes = store::perhaps_silent(tx, said, asked, now).await?;
                // What cannot come true any more is no question.
                for wish in offering::still_waiting(tx, &catalogue, wishes, now).await? {
                    match interest(wish.said_at(), wish.asked_at, weeks, now) {
                        Interest::Due => ask(tx, &app, &wish).await?,
                        Interest::Silent => lapse(tx, &wish, now).await?,
                        Interest::Fresh | Interest::Asked { .. } => {}
                    }
                }
                Ok(())
            })
        })
        .await
}

/// Puts wishes back on the list whose time was taken and then not paid for: nobody said that they wait no more.
pub async fn take_up_unpaid(app: &Arc<App>) -> Result<()> {
    if store::not_paid_for(&mut app.db.read().await?).await?.is_empty() {
        return Ok(());
    }
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let now = app.clock.now();
                for (offer, wish, client_id, therapist_id) in store::not_paid_for(tx).await? {
                    store::reopen(tx, offer, wish, now).await?;
                    tx.announce(Event::ClientChanged { client_id, therapist_id });
                }
                Ok(())
            })
        })
        .await
}

async fn ask(tx: &mut Tx, app: &App, wish: &WaitingWish) -> Result<()> {
    let now = app.clock.now();
    store::set_asked(tx, wish.id, secret(&app.keys, wish.id).hash(), now).await?;
    let said = reminders::preferences_in(tx, wish.client_id).await?;
    if !said.portal_only {
        let home = &practice::in_write(tx).await?.time_zone;
        let zone = match zones::table(&wish.time_zone, now) {
            Some(zone) => zone,
            None => zones::find("timeZone", home, now)?,
        };
        let contact = Contact { quiet: Some(HoursOfDay::NIGHT), safe: said.safe_hours, zone: &zone };
        let at = contact.at_or_after(now).unwrap_or(now);
        jobs::enqueue(tx, &app.clock, at, &Job::AskStillWaiting { wish_id: wish.id }).await?;
    }
    tx.announce(Event::ClientChanged { client_id: wish.client_id, therapist_id: wish.therapist_id });
    Ok(())
}

async fn lapse(tx: &mut Tx, wish: &WaitingWish, now: Instant) -> Result<()> {
    // Whoever is told of nothing by mail may not have seen the question yet.
    if reminders::preferences_in(tx, wish.client_id).await?.portal_only {
        return Ok(());
    }
    store::set_lapsed(tx, wish.id, now).await?;
    tx.announce(Event::ClientChanged { client_id: wish.client_id, therapist_id: wish.therapist_id });
    Ok(())
}

/// The wish a mailed question is about, if its link is one of ours.
pub async fn asked_by(app: &App, token: &str) -> Result<Option<WaitingWish>> {
    let Some(secret) = Secret::read(token) else { return Ok(None) };
    Ok(store::wish_by_answer(&mut app.db.read().await?, secret.hash(), app.clock.now()).await?)
}

/// Takes an answer. A yes that comes late takes the wish up again; answering twice is the same as answering once.
pub async fn answer(app: &Arc<App>, input: AnswerStillWaitingInput, client: Option<&Client>) -> Result<WishId> {
    let (field, found) = match (&input.token, input.wish_id) {
        (Some(token), _) => ("token", asked_by(app, token).await?),
        (None, Some(id)) => {
            let own = client.ok_or(Error::SignInRequired)?.id;
            let wish = store::wish(&mut app.db.read().await?, id, app.clock.now()).await?;
            ("wishId", wish.filter(|wish| wish.client_id == own))
        }
        (None, None) => {
            let message = "Say which: by the token of the mailed link, or by the wish's id.";
            return Err(Error::refused("wishId", ErrorCode::Required, message));
        }
    };
    let message = "There is no such question, or the link is too old.";
    let wish = found.ok_or_else(|| Error::refused(field, ErrorCode::NotFound, message))?;
    let (id, still_waiting, shared_app) = (wish.id, input.still_waiting, app.clone());
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let now = app.clock.now();
                let wish = store::wish(tx, id, now).await?.ok_or(Error::NotFound)?;
                match (still_waiting, wish.state) {
                    (true, WishState::Waiting | WishState::Paused) => drop(store::set_confirmed(tx, id, now).await?),
                    (true, WishState::Over) if can_come_back(&wish, now) => drop(store::take_up(tx, id, now).await?),
                    (true, _) => {
                        let message =
                            "This has come true or was taken back. You can wait for another time in your portal.";
                        return Err(Error::refused(field, ErrorCode::AlreadyDone, message));
                    }
                    (false, _) => super::wishing::take_off(tx, &app, &wish).await?,
                }
                tx.announce(Event::ClientChanged { client_id: wish.client_id, therapist_id: wish.therapist_id });
                Ok(())
            })
        })
        .await?;
    Ok(id)
}

/// Whether a wish that lapsed can be taken up with one press.
pub fn can_come_back(wish: &WaitingWish, now: Instant) -> bool {
    wish.lapsed_at.is_some_and(|at| now < at.plus_minutes(BACK_DAYS * DAY))
}

/// What lapsed because its question was not answered, while it can be taken up again.
pub async fn lapsed_of(app: &App, client: ClientId) -> Result<Vec<WaitingWish>> {
    let now = app.clock.now();
    Ok(store::lapsed_of(&mut app.db.read().await?, client, now.plus_minutes(-BACK_DAYS * DAY), now).await?)
}

/// What can be said about each wish of a client: from how many wait for similar times, and how long it took others.
pub async fn outlooks(app: &App, client: ClientId) -> Result<Vec<WaitOutlook>> {
    let now = app.clock.now();
    let mut conn = app.db.read().await?;
    let own = store::of_client(&mut conn, client, now).await?;
    let mut outlooks = Vec::new();
    if own.is_empty() {
        return Ok(outlooks);
    }
    let year_ago = now.plus_minutes(-365 * DAY);
    let waits = store::waits_beside(&mut conn, client, year_ago).await?;
    for wish in own {
        let same = |wait: &&store::Wait| {
            wait.therapist_id == wish.therapist_id && wait.session_type_id == wish.session_type_id
        };
        let others = waits.iter().filter(same).filter(|wait| {
            wait.client_id != client && wait.state == WishState::Waiting && wait.wish.is_similar(&wish.wish)
        });
        let took = |wait: &store::Wait| wait.first_offer_at.map(|at| (at.seconds() - wait.since.seconds()) / 86_400);
        let past: Vec<Option<i64>> = waits.iter().filter(same).filter(|wait| wait.since > year_ago).map(took).collect();
        outlooks.push(WaitOutlook {
            wish_id: wish.id,
            others: i32::try_from(others.count()).unwrap_or(i32::MAX),
            half_within_days: half_within_days(&past).and_then(|days| i32::try_from(days).ok()),
        });
    }
    Ok(outlooks)
}
