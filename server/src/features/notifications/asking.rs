//! Tells people of times that are kept for them, and of what becomes of requests.

use super::deliver::{Letter, deliver, mailbox};
use super::messages;
use super::outward::{Link, When};
use super::{Outcome, accounts, practice, wants_mail};
use crate::app::App;
use crate::features::clients;
use crate::features::requests::{self, Request, moves};
use crate::features::series::make_up;
use crate::features::waitlist;
use crate::jobs::JobError;
use shared::ids::{MakeUpId, OfferId, RequestId, WishId};
use shared::request::RequestStatus;
use std::sync::Arc;

/// Tells somebody on the waitlist of a time, if it is still kept for them.
pub async fn tell_offer(app: &Arc<App>, id: OfferId) -> Outcome {
    let now = app.clock.now();
    let found = waitlist::offer(&mut app.db.read().await?, id, now).await?;
    let Some((offer, wish)) = found.filter(|(offer, _)| offer.is_open(now)) else { return Ok(()) };
    let catalogue = practice::catalogue(app).await?;
    let home = &catalogue.practice.time_zone;
    let when = When::moment(offer.starts_at, offer.ends_at, &wish.time_zone, home, now)?;
    let until = When::moment(offer.until, offer.until, &wish.time_zone, home, now)?;
    let outward = messages::offer(app, when, until, wish.instead_of_starts_at.is_some());
    deliver(app, Letter::new(mailbox(&wish.email)?, format!("offer.{id}.0"), outward)).await
}

/// Asks somebody on the waitlist whether they still wait, unless they have said so or are not on it any more.
pub async fn ask_still_waiting(app: &Arc<App>, id: WishId) -> Outcome {
    let now = app.clock.now();
    let Some(wish) = waitlist::wish(&mut app.db.read().await?, id, now).await? else { return Ok(()) };
    let (Some(asked_at), Some(until)) = (wish.asked_at, wish.asked_until()) else { return Ok(()) };
    let catalogue = practice::catalogue(app).await?;
    let home = &catalogue.practice.time_zone;
    let until = When::moment(until, until, &wish.time_zone, home, now)?;
    let outward = messages::still_waiting(Link::still_waiting(app, id), until);
    let key = format!("still-waiting.{id}.{}", asked_at.micros());
    deliver(app, Letter::new(mailbox(&wish.email)?, key, outward)).await
}

/// Tells a client of times that are offered in place of a session, if they are still kept.
pub async fn tell_make_up(app: &Arc<App>, id: MakeUpId) -> Outcome {
    let now = app.clock.now();
    let Some(shown) = make_up::one(app, id).await?.filter(|shown| shown.offer.is_open(now)) else { return Ok(()) };
    let Some(client) = clients::get(&mut app.db.read().await?, shown.offer.client_id).await? else { return Ok(()) };
    if !wants_mail(app, Some(client.id)).await? {
        return Ok(());
    }
    let user = accounts::user(app, client.user_id).await?;
    let catalogue = practice::catalogue(app).await?;
    let home = &catalogue.practice.time_zone;
    let moment = |from, to| When::moment(from, to, &user.time_zone, home, now);
    let times = shown.times.iter().map(|time| moment(time.starts_at, time.ends_at)).collect::<Result<Vec<_>, _>>()?;
    let until = moment(shown.offer.until, shown.offer.until)?;
    let was = moment(shown.booking.starts_at, shown.booking.ends_at)?;
    let outward = messages::make_up(was, times, Link::make_up(app, id), until);
    deliver(app, Letter::new(mailbox(&user.email)?, format!("make-up.{id}.0"), outward)).await
}

/// Tells whoever must know where a request stands, once for each place it stands at.
pub async fn tell_request(app: &Arc<App>, id: RequestId) -> Outcome {
    let Some(request) = requests::read(app, id).await? else { return Ok(()) };
    let status = request.status;
    if request.told == Some(moves::told(status)) {
        return Ok(());
    }
    match status {
        RequestStatus::Pending if request.told.is_none() => received(app, &request).await?,
        RequestStatus::Matched => matched(app, &request).await?,
        RequestStatus::Cancelled => closed(app, &request).await?,
        RequestStatus::Pending | RequestStatus::Accepted => answered(app, &request).await?,
        // The booking tells both sides itself.
        RequestStatus::Confirmed | RequestStatus::Completed => {}
    }
    app.db.write(move |tx| Box::pin(async move { moves::note_told(tx, id, status).await })).await?;
    Ok(())
}

async fn received(app: &Arc<App>, request: &Request) -> Outcome {
    let catalogue = practice::catalogue(app).await?;
    let settings = &catalogue.practice.settings;
    let to = mailbox(&settings.contact_email)
        .map_err(|_| JobError::GiveUp("the practice has no address for messages in its settings".to_owned()))?;
    let key = |kind: &str| format!("{kind}.{}.0", request.id);
    deliver(app, Letter::new(to, key("request"), messages::request_waits(app))).await?;
    // The practice knows. Thanks that cannot be delivered are no reason to say it again.
    if wants_mail(app, request.client_id).await? && super::may_be_thanked(app, &request.email).await? {
        let thanks = Letter::new(mailbox(&request.email)?, key("request-received"), messages::request_received());
        if let Err(error) = deliver(app, thanks).await {
            tracing::info!(request = %request.id, %error, "somebody who asked could not be thanked");
        }
    }
    Ok(())
}

async fn matched(app: &Arc<App>, request: &Request) -> Outcome {
    let (Some(therapist), Some(starts_at)) = (request.therapist_id, request.starts_at) else { return Ok(()) };
    let catalogue = practice::catalogue(app).await?;
    let gone = || JobError::GiveUp("the therapist of this request is not there any more".to_owned());
    let therapist = catalogue.therapist(therapist).ok_or_else(gone)?;
    let user = accounts::user(app, therapist.user_id).await?;
    let minutes = catalogue.session_type(request.session_type_id).map_or(0, |session_type| session_type.minutes);
    let home = &catalogue.practice.time_zone;
    let ends_at = starts_at.plus_minutes(minutes);
    let when = When::moment(starts_at, ends_at, &user.time_zone, home, app.clock.now())?;
    let key = format!("request-matched.{}.{}", request.id, request.changed_at.micros());
    deliver(app, Letter::new(mailbox(&user.email)?, key, messages::request_matched(app, when))).await
}

/// The therapist said yes or no. Where she works alone she is the one who knows.
async fn answered(app: &Arc<App>, request: &Request) -> Outcome {
    let catalogue = practice::catalogue(app).await?;
    if catalogue.therapists.len() < 2 {
        return Ok(());
    }
    let to = mailbox(&catalogue.practice.settings.contact_email)
        .map_err(|_| JobError::GiveUp("the practice has no address for messages in its settings".to_owned()))?;
    let key = format!("request-answered.{}.{}", request.id, request.changed_at.micros());
    deliver(app, Letter::new(to, key, messages::request_waits(app))).await
}

async fn closed(app: &Arc<App>, request: &Request) -> Outcome {
    if !wants_mail(app, request.client_id).await? {
        return Ok(());
    }
    let outward = messages::request_closed(app);
    let key = format!("request-closed.{}.0", request.id);
    deliver(app, Letter::new(mailbox(&request.email)?, key, outward)).await
}
