//! Reminds people of their sessions, and asks those who agreed whether they would like to come again.

use super::deliver::{Letter, deliver, mailbox};
use super::messages;
use super::outward::{Link, When};
use super::{Outcome, bookings, clients, practice};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::events::Event;
use crate::features::accounts;
use crate::features::bookings::Booking;
use crate::features::practice::zones;
use crate::features::reminders::{self, Reminder, sending};
use crate::jobs::{self, Job};
use shared::booking::BookingStatus;
use shared::ids::{ClientId, ReminderId};
use shared::reminder::{Contact, Due, Planned, due, follow_up_at};
use shared::time::Instant;
use std::sync::Arc;

/// Sends one reminder, with what else that person has on that day. What is true is read in the write that takes it.
pub async fn remind(app: &Arc<App>, id: ReminderId) -> Outcome {
    let shared_app = app.clone();
    let taken = app.db.write(move |tx| {
        let app = shared_app.clone();
        Box::pin(async move { take(tx, &app, id).await })
    });
    let sessions = taken.await?;
    let Some(first) = sessions.first() else { return Ok(()) };
    let now = app.clock.now();
    let when = When::of_all(&sessions, &first.guest_time_zone, now)?;
    let confirm = sessions.iter().filter(|session| session.client_confirmed_at.is_none());
    let confirm = confirm.map(|session| Link::confirm(app, session.id)).collect();
    let manage = sessions.iter().map(|session| Link::manage(app, session.id)).collect();
    let free_until = match bookings::reminders::free_until(app, first).await?.filter(|end| now < *end) {
        Some(end) => Some(When::moment(end, end, &first.guest_time_zone, &first.time_zone, now)?),
        None => None,
    };
    let outward = messages::reminder(app, when, confirm, manage, free_until);
    deliver(app, Letter::new(mailbox(&first.guest_email)?, format!("remind.{id}.0"), outward)).await?;
    app.db
        .write(move |tx| {
            let sessions = sessions.clone();
            Box::pin(async move {
                sending::arrived(tx, id, now).await?;
                for session in sessions {
                    let (booking_id, therapist_id) = (session.id, session.therapist_id);
                    tx.announce(Event::BookingChanged { booking_id, therapist_id, client_id: session.client_id });
                }
                Ok(())
            })
        })
        .await?;
    Ok(())
}

/// The sessions a reminder is about, each taken so that no other mail names it; none if there is nothing to send.
async fn take(tx: &mut Tx, app: &App, id: ReminderId) -> Result<Vec<Booking>> {
    let now = app.clock.now();
    let Some(reminder) = sending::open(tx, id).await? else { return Ok(Vec::new()) };
    let Some(first) = wanted(tx, &reminder).await? else {
        sending::skip(tx, id, now).await?;
        return Ok(Vec::new());
    };
    let catalogue = practice::catalogue(app).await?;
    let zone = match zones::table(&first.guest_time_zone, now) {
        Some(zone) => zone,
        None => zones::find("timeZone", &first.time_zone, now)?,
    };
    let wishes = match reminder.client_id {
        Some(client) => reminders::preferences_in(tx, client).await?,
        None => Default::default(),
    };
    let contact = Contact { quiet: catalogue.practice.settings.reminders.quiet, safe: wishes.safe_hours, zone: &zone };
    let planned = Planned { at: reminder.due_at, lead: reminder.lead_minutes };
    match due(planned, reminder.starts_at, &contact, now) {
        Due::Send => {}
        Due::Wait(until) => {
            sending::put_off(tx, app, &reminder, until).await?;
            return Ok(Vec::new());
        }
        Due::TooLate => {
            sending::skip(tx, id, now).await?;
            return Ok(Vec::new());
        }
    }
    let mut sessions = Vec::new();
    for other in sending::same_day(tx, &reminder, &zone).await? {
        if let Some(session) = wanted(tx, &other).await?
            && sending::take(tx, other.id, id).await?
        {
            sessions.push(session);
        }
    }
    Ok(sessions)
}

/// The session of a reminder, if it is still to take place at that time and its client still wants to be reminded. Whoever
/// has stopped working together comes to the sessions that were left in the calendar.
async fn wanted(tx: &mut Tx, reminder: &Reminder) -> Result<Option<Booking>> {
    let Some(booking) = bookings::get(tx, reminder.booking_id).await? else { return Ok(None) };
    if booking.status != BookingStatus::Confirmed || booking.starts_at != reminder.starts_at {
        return Ok(None);
    }
    let Some(client_id) = booking.client_id else { return Ok(Some(booking)) };
    let wants = reminders::preferences_in(tx, client_id).await?.wants(reminder.channel);
    Ok(wants.then_some(booking))
}

/// Asks somebody once, some weeks after their last session, if none is ahead and they agreed to it.
pub async fn follow_up(app: &Arc<App>, client_id: ClientId) -> Outcome {
    let catalogue = practice::catalogue(app).await?;
    let settings = &catalogue.practice.settings;
    let Some(weeks) = settings.reminders.follow_up_weeks else { return Ok(()) };
    let Some(client) = clients::get(&mut app.db.read().await?, client_id).await? else { return Ok(()) };
    let together = client.stage.is_together();
    let sessions = bookings::list::of_client(app, client_id, bookings::list::MOST, None).await?.bookings;
    let stands = |session: &&Booking| matches!(session.status, BookingStatus::Confirmed | BookingStatus::Completed);
    let Some(last) = sessions.iter().find(stands).map(|session| session.starts_at) else { return Ok(()) };
    if !together {
        return Ok(());
    }
    let now = app.clock.now();
    if now < follow_up_at(last, weeks) {
        return Ok(again(app, client_id, follow_up_at(last, weeks)).await?);
    }
    let user = accounts::user(app, client.user_id).await?;
    let zone = match zones::table(&user.time_zone, now) {
        Some(zone) => zone,
        None => zones::find("timeZone", &catalogue.practice.time_zone, now)?,
    };
    let safe = reminders::preferences(app, client_id).await?.safe_hours;
    let contact = Contact { quiet: settings.reminders.quiet, safe, zone: &zone };
    if let Some(at) = contact.at_or_after(now).filter(|at| *at > now) {
        return Ok(again(app, client_id, at).await?);
    }
    if !reminders::may_follow_up(&mut app.db.read().await?, client_id, last).await? {
        return Ok(());
    }
    let letter = Letter::new(
        mailbox(&user.email)?,
        format!("follow-up.{client_id}.{}", last.micros()),
        messages::follow_up(app),
    );
    deliver(app, letter).await?;
    app.db.write(move |tx| Box::pin(async move { reminders::note_followed_up(tx, client_id, now).await })).await?;
    Ok(())
}

/// Looks again then.
async fn again(app: &Arc<App>, client_id: ClientId, at: Instant) -> Result<()> {
    let clock = app.clock.clone();
    app.db
        .write(move |tx| {
            let clock = clock.clone();
            Box::pin(async move { jobs::enqueue(tx, &clock, at, &Job::FollowUp { client_id }).await })
        })
        .await
}
