//! News of many sessions at once: one mail, however many there are.

use super::deliver::{Letter, deliver, mailbox};
use super::messages;
use super::outward::When;
use super::{Outcome, tell_client, tell_therapist, wants_mail};
use crate::app::App;
use crate::error::Error;
use crate::features::bookings::{self, Audience, Booking, standing};
use crate::features::practice::{self, Catalogue};
use crate::features::series::{self, Series, clocks};
use crate::features::{accounts, clients};
use crate::jobs::{JobError, queue};
use shared::booking::BookingStatus;
use shared::ids::{ClientId, TherapistId};
use shared::series::SeriesState;
use shared::time::Instant;
use std::sync::Arc;
use uuid::Uuid;

/// The most times one mail lists of a kind; the portal has them all.
const MOST_LISTED: usize = 12;

/// What is new about a client's sessions, by what became of them.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// In the calendar.
    pub(super) made: Vec<When>,
    /// At another time.
    pub(super) moved: Vec<When>,
    /// Called off.
    pub(super) called_off: Vec<When>,
    /// Regular times as they are now.
    pub(super) regular: Vec<When>,
    /// Whether a regular time has come to its end.
    pub(super) has_ended: bool,
    /// Whether there is more than is listed.
    pub(super) is_cut: bool,
}

impl Changes {
    /// Whether there is nothing to say.
    fn is_empty(&self) -> bool {
        self.made.is_empty()
            && self.moved.is_empty()
            && self.called_off.is_empty()
            && self.regular.is_empty()
            && !self.has_ended
    }

    fn cut(&mut self) {
        for list in [&mut self.made, &mut self.moved, &mut self.called_off] {
            self.is_cut |= list.len() > MOST_LISTED;
            list.truncate(MOST_LISTED);
        }
    }
}

/// Tells both sides what became of a client's sessions and regular times since they were last told, each in one mail.
/// `job` is what asked for it.
pub async fn tell_sessions(app: &Arc<App>, client_id: ClientId, job: Uuid) -> Outcome {
    let mut conn = app.db.read().await?;
    let Some(client) = clients::get(&mut conn, client_id).await? else { return Ok(()) };
    let ahead = standing::ahead_of(&mut conn, client_id, app.clock.now()).await?;
    drop(conn);
    let places = series::untold(app, client_id).await?;
    let catalogue = practice::catalogue(app).await?;
    let person = accounts::user(app, client.user_id).await?;
    let therapist = catalogue.therapist(client.therapist_id);
    let therapist = therapist.ok_or_else(|| JobError::GiveUp("the therapist is not there any more".to_owned()))?;
    let her = accounts::user(app, therapist.user_id).await?;

    for (audience, user) in [(Audience::Client, &person), (Audience::Therapist, &her)] {
        let news: Vec<&Booking> = ahead.iter().filter(|booking| is_news(booking, audience)).collect();
        let news = without_own_news(app, news, audience).await?;
        if places.is_empty() && news.len() == 1 {
            match audience {
                Audience::Client => tell_client(app, news[0].id).await?,
                Audience::Therapist => tell_therapist(app, news[0].id).await?,
            }
            continue;
        }
        // Whoever wants nothing by mail is told by the portal.
        let is_mailed = audience == Audience::Therapist || wants_mail(app, Some(client_id)).await?;
        let mut changes = changes(app, &catalogue, &news, &places, audience, &user.time_zone)?;
        if is_mailed && !changes.is_empty() {
            changes.cut();
            let outward = match audience {
                Audience::Client => messages::sessions_changed(app, changes),
                Audience::Therapist => messages::sessions_changed_in_calendar(app, changes),
            };
            let kind = if audience == Audience::Client { "sessions" } else { "places" };
            deliver(app, Letter::new(mailbox(&user.email)?, format!("{kind}.{job}.0"), outward)).await?;
        }
        note(app, &news, audience).await?;
    }
    let told = Arc::new(places);
    app.db
        .write(move |tx| {
            let told = told.clone();
            Box::pin(async move {
                for place in told.iter() {
                    series::mark_told(tx, place).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(())
}

/// Without the sessions of which news of its own is on its way: a session that was called off or moved by itself is told
/// of with its calendar file, and once.
async fn without_own_news<'b>(
    app: &App,
    mut news: Vec<&'b Booking>,
    audience: Audience,
) -> Result<Vec<&'b Booking>, JobError> {
    let kind = match audience {
        Audience::Client => "TELL_CLIENT",
        Audience::Therapist => "TELL_THERAPIST",
    };
    let ids: Vec<Uuid> = news.iter().map(|booking| booking.id.0).collect();
    let own = queue::subjects_of_live(&mut app.db.read().await?, kind, &ids).await.map_err(Error::from)?;
    news.retain(|booking| !own.contains(&booking.id.0));
    Ok(news)
}

fn is_news(booking: &Booking, audience: Audience) -> bool {
    let told = match audience {
        Audience::Client => booking.told_sequence,
        Audience::Therapist => booking.therapist_told_sequence,
    };
    let counts = matches!(booking.status, BookingStatus::Confirmed | BookingStatus::Cancelled);
    counts && told.is_none_or(|told| told < booking.calendar_sequence)
}

fn changes(
    app: &App,
    catalogue: &Catalogue,
    news: &[&Booking],
    places: &[Series],
    audience: Audience,
    zone: &str,
) -> Result<Changes, JobError> {
    let now = app.clock.now();
    let mut changes = Changes::default();
    for booking in news {
        let told = match audience {
            Audience::Client => booking.told_sequence,
            Audience::Therapist => booking.therapist_told_sequence,
        };
        let when = When::of(booking, zone, now)?;
        match (booking.status, told) {
            // They never knew of it, and need not.
            (BookingStatus::Cancelled, None) => {}
            (BookingStatus::Cancelled, Some(_)) => changes.called_off.push(when),
            (_, None) => changes.made.push(when),
            (_, Some(_)) => changes.moved.push(when),
        }
    }
    for place in places {
        match place.state {
            SeriesState::Active => changes.regular.push(When::regular(place, &catalogue.practice.time_zone)),
            // Nobody was told that it was there.
            SeriesState::Ended => changes.has_ended |= place.told_sequence.is_some(),
        }
    }
    Ok(changes)
}

async fn note(app: &Arc<App>, news: &[&Booking], audience: Audience) -> Outcome {
    let told: Vec<_> = news.iter().map(|booking| (booking.id, booking.calendar_sequence)).collect();
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let (app, told) = (shared_app.clone(), told.clone());
            Box::pin(async move {
                for (id, sequence) in told {
                    bookings::mark_told(tx, &app.clock, id, audience, sequence).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(())
}

/// Warns a therapist of sessions that found no room, if there still are any. `job` is what asked for it.
pub async fn tell_conflicts(app: &Arc<App>, therapist_id: TherapistId, job: Uuid) -> Outcome {
    if series::conflicts(app, therapist_id).await?.is_empty() {
        return Ok(());
    }
    let catalogue = practice::catalogue(app).await?;
    let Some(therapist) = catalogue.therapist(therapist_id) else { return Ok(()) };
    let user = accounts::user(app, therapist.user_id).await?;
    deliver(app, Letter::new(mailbox(&user.email)?, format!("conflicts.{job}.0"), messages::no_room(app))).await
}

/// Tells somebody that the clocks put a regular time at another hour for one of the two.
pub async fn tell_clock_change(app: &Arc<App>, notice_id: Uuid) -> Outcome {
    let mut conn = app.db.read().await?;
    let Some(notice) = clocks::to_tell(&mut conn, notice_id).await? else { return Ok(()) };
    let client = clients::get(&mut conn, notice.series.client_id).await?;
    drop(conn);
    let now: Instant = app.clock.now();
    if notice.is_told || notice.starts_at <= now || notice.series.state == SeriesState::Ended {
        return Ok(());
    }
    let catalogue = practice::catalogue(app).await?;
    let user_id = match notice.audience {
        Audience::Client => client.map(|client| client.user_id),
        Audience::Therapist => catalogue.therapist(notice.series.therapist_id).map(|therapist| therapist.user_id),
    };
    let Some(user_id) = user_id else { return Ok(()) };
    if notice.audience == Audience::Client && !wants_mail(app, Some(notice.series.client_id)).await? {
        return Ok(clocks::mark_told(app, notice_id).await?);
    }
    let user = accounts::user(app, user_id).await?;
    let practice_zone = &catalogue.practice.time_zone;
    let when = When::after_clock_change(&notice, &user.time_zone, practice_zone, now)?;
    let outward = match notice.audience {
        Audience::Client => messages::clocks_change(app, when),
        Audience::Therapist => messages::clocks_change_for_practice(app, when),
    };
    deliver(app, Letter::new(mailbox(&user.email)?, format!("clocks.{notice_id}.0"), outward)).await?;
    Ok(clocks::mark_told(app, notice_id).await?)
}
