//! Plans the reminders of a session anew, in the write that books, moves or calls it off.

use super::store;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::practice::{self, zones};
use crate::jobs::{self, Job};
use shared::ids::{BookingId, ClientId, ReminderId, SessionTypeId};
use shared::reminder::{Channel, Contact, Planned, Upcoming, follow_up_at, plan};
use shared::time::Instant;
use uuid::Uuid;

/// A session, as far as its reminders must know it.
#[derive(Debug, Clone)]
pub struct Session {
    /// Which.
    pub booking_id: BookingId,
    /// Whose, once that is proven.
    pub client_id: Option<ClientId>,
    /// What it is.
    pub session_type_id: SessionTypeId,
    /// When it begins.
    pub starts_at: Instant,
    /// When whoever comes was told this time.
    pub known_since: Instant,
    /// Until when calling off is free.
    pub free_until: Option<Instant>,
    /// The zone whoever comes reads times in.
    pub time_zone: String,
    /// Whether it will take place, as far as anybody knows.
    pub is_on: bool,
    /// Whether it has just come to be, so that nothing is planned for it yet.
    pub is_new: bool,
}

/// Forgets what was planned for a session and plans what is right now.
pub async fn replan(tx: &mut Tx, app: &App, session: &Session) -> Result<()> {
    let now = app.clock.now();
    if !session.is_new {
        store::delete_planned(tx, session.booking_id).await?;
        jobs::queue::cancel(tx, "REMIND", session.booking_id.0, now).await?;
    }
    if !session.is_on || session.starts_at <= now {
        return Ok(());
    }
    let mut batch = tx.batch();
    let practice = practice::ask(&mut batch);
    // Whoever is nobody yet is looked for too, so that a session takes the same work whether its address is known or not.
    let wishes = store::ask_preferences(&mut batch, session.client_id.unwrap_or(ClientId(Uuid::nil())));
    let mut answers = batch.ask().await?;
    let practice = answers.take(practice)?.pop().ok_or(Error::NotFound)?;
    let wishes = answers.take(wishes)?.pop().map(|row| row.preferences.0).unwrap_or_default();
    let rules = &practice.settings.reminders;
    if let (Some(client_id), Some(weeks), true) = (session.client_id, rules.follow_up_weeks, wishes.follow_up) {
        jobs::enqueue(tx, &app.clock, follow_up_at(session.starts_at, weeks), &Job::FollowUp { client_id }).await?;
    }
    if !wishes.wants(Channel::Email) {
        return Ok(());
    }
    let zone = match zones::table(&session.time_zone, now) {
        Some(zone) => zone,
        None => zones::find("timeZone", &practice.time_zone, now)?,
    };
    let contact = Contact { quiet: rules.quiet, safe: wishes.safe_hours, zone: &zone };
    let leads = rules.leads(session.session_type_id, wishes.lead_minutes.as_deref());
    let upcoming =
        Upcoming { starts_at: session.starts_at, known_since: session.known_since, free_until: session.free_until };
    let left = match session.is_new {
        true => Vec::new(),
        false => store::left(tx, session.booking_id, session.starts_at).await?,
    };
    let planned = plan(upcoming, leads, &contact, now).into_iter().filter(|planned| !left.contains(&planned.lead));
    let planned: Vec<_> = planned.map(|planned| (ReminderId(app.clock.new_id()), planned)).collect();
    store::insert(tx, session, Channel::Email, &planned).await?;
    let job = |(id, planned): &(ReminderId, Planned)| {
        (planned.at, Job::Remind { booking_id: session.booking_id, reminder_id: *id })
    };
    jobs::enqueue_all(tx, &app.clock, planned.iter().map(job).collect()).await
}
