//! What the practice decides about reminders, and what each client has said about being written to.

use super::store;
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::practice;
use crate::jobs::{self, Job};
use serde::{Deserialize, Serialize};
use shared::ids::{ClientId, UserId};
use shared::reminder::{Channel, HoursOfDay, ReminderPreferencesInput, ReminderRules, TypeLeads};
use shared::time::Instant;
use std::sync::Arc;

/// What the practice decides about reminders.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct SetReminderRulesInput {
    /// Minutes before the start; at most five.
    pub lead_minutes: Vec<i64>,
    /// Session types with lead times of their own.
    pub by_session_type: Vec<TypeLeads>,
    /// Hours in which nobody is written to, on the client's clock; left out, there are none.
    pub quiet: Option<HoursOfDay>,
    /// After so many weeks without a session, those who agreed are asked once; left out, nobody is.
    pub follow_up_weeks: Option<i64>,
}

/// What a client has said, or what holds for somebody who has said nothing.
pub async fn preferences(app: &App, client: ClientId) -> Result<ReminderPreferencesInput> {
    preferences_in(&mut app.db.read().await?, client).await
}

/// What a client has said, read inside a write.
pub async fn preferences_in(conn: &mut Conn, client: ClientId) -> Result<ReminderPreferencesInput> {
    Ok(store::preferences(conn, client).await?.map(|row| row.preferences.0).unwrap_or_default())
}

/// Whether anything about appointments may be mailed to this person at all.
pub async fn wants_mail(conn: &mut Conn, client: Option<ClientId>) -> Result<bool> {
    match client {
        Some(client) => Ok(!preferences_in(conn, client).await?.portal_only),
        None => Ok(true),
    }
}

/// Keeps what a client has said. Their sessions are planned anew by a job, because sessions are not known here.
pub async fn set_preferences(app: &Arc<App>, client_id: ClientId, said: ReminderPreferencesInput) -> Result<()> {
    Error::unless_fine(said.problems())?;
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let (app, mut said) = (shared_app.clone(), said.clone());
            Box::pin(async move {
                let now = app.clock.now();
                said.channels.sort();
                said.channels.dedup();
                store::save_preferences(tx, client_id, &said, now).await?;
                jobs::enqueue(tx, &app.clock, now, &Job::PlanReminders { client_id: Some(client_id) }).await?;
                if said.follow_up {
                    jobs::enqueue(tx, &app.clock, now, &Job::FollowUp { client_id }).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Changes the practice's rules. What is planned is planned anew by a job.
pub async fn set_rules(app: &Arc<App>, actor: UserId, input: SetReminderRulesInput) -> Result<()> {
    let mut rules = ReminderRules {
        lead_minutes: input.lead_minutes,
        by_session_type: input.by_session_type,
        quiet: input.quiet,
        follow_up_weeks: input.follow_up_weeks,
    };
    for leads in rules.by_session_type.iter_mut().map(|of| &mut of.lead_minutes).chain([&mut rules.lead_minutes]) {
        leads.sort_by(|one, other| other.cmp(one));
        leads.dedup();
    }
    Error::unless_fine(rules.problems())?;
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let (app, rules) = (shared_app.clone(), rules.clone());
            Box::pin(async move {
                let now = app.clock.now();
                practice::change_settings(tx, |settings| settings.reminders = rules).await?;
                audit::record(tx, now, Some(actor), "set reminder rules", None).await?;
                jobs::enqueue(tx, &app.clock, now, &Job::PlanReminders { client_id: None }).await
            })
        })
        .await
}

/// Whether somebody agreed to be asked if they would like to come again, and has not been since their last session.
pub async fn may_follow_up(conn: &mut Conn, client: ClientId, last_session: Instant) -> Result<bool> {
    let Some(row) = store::preferences(conn, client).await? else { return Ok(false) };
    let agreed = row.preferences.0.follow_up && row.preferences.0.wants(Channel::Email);
    Ok(agreed && row.followed_up_at.is_none_or(|at| at <= last_session))
}

/// Notes that somebody has been asked.
pub async fn note_followed_up(tx: &mut Tx, client: ClientId, now: Instant) -> Result<()> {
    Ok(store::set_followed_up(tx, client, now).await?)
}
