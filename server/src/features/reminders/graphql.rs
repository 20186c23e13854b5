//! Reminders, as the client, the therapist and the practice see them.

use super::{DeskReminder, Reminder, ReminderState, SetReminderRulesInput};
use crate::audit;
use crate::features::{accounts, clients, practice};
use crate::graphql::{answer, app, therapist, viewer};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::ids::BookingId;
use shared::problem::UserError;
use shared::reminder::{Channel, HoursOfDay, ReminderPreferencesInput, ReminderRules, SUBJECT, TypeLeads, lead_words};
use shared::time::Instant;
use shared::words;

/// What a client has said about being written to.
pub struct OwnReminders {
    client: clients::Client,
    said: ReminderPreferencesInput,
}

impl OwnReminders {
    /// What this client has said.
    pub async fn of(ctx: &Context<'_>, client: clients::Client) -> Result<Self> {
        let said = super::preferences(app(ctx), client.id).await?;
        Ok(OwnReminders { client, said })
    }
}

/// How you are reminded, and what your lock screen shows of it.
#[Object]
impl OwnReminders {
    /// How reminders come; none when none come.
    async fn channels(&self) -> &[Channel] {
        &self.said.channels
    }
    /// Minutes before the start, as you chose them; absent when it is as the practice does it.
    async fn lead_minutes(&self) -> Option<&[i64]> {
        self.said.lead_minutes.as_deref()
    }
    /// Minutes before the start, as the practice does it.
    async fn usual_lead_minutes(&self, ctx: &Context<'_>) -> Result<Vec<i64>> {
        Ok(practice::catalogue(app(ctx)).await?.practice.settings.reminders.lead_minutes.clone())
    }
    /// The only hours in which mail may arrive; absent when any may that are not quiet.
    async fn safe_hours(&self) -> Option<HoursOfDay> {
        self.said.safe_hours
    }
    /// Hours in which nobody is written to.
    async fn quiet_hours(&self, ctx: &Context<'_>) -> Result<Option<HoursOfDay>> {
        Ok(practice::catalogue(app(ctx)).await?.practice.settings.reminders.quiet)
    }
    /// Whether nothing about appointments is mailed at all.
    async fn portal_only(&self) -> bool {
        self.said.portal_only
    }
    /// Whether you may be asked once if you would like to come again.
    async fn follow_up(&self) -> bool {
        self.said.follow_up
    }
    /// After how many weeks that would be; absent when the practice asks nobody.
    async fn follow_up_weeks(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
        Ok(practice::catalogue(app(ctx)).await?.practice.settings.reminders.follow_up_weeks)
    }
    /// What the lock screen of your phone would show of a reminder.
    async fn preview(&self, ctx: &Context<'_>) -> Result<LockScreen> {
        let app = app(ctx);
        let ahead = super::ahead_of_client(app, self.client.id).await?;
        let user = accounts::user(app, self.client.user_id).await?;
        let catalogue = practice::catalogue(app).await?;
        let now = app.clock.now();
        let at = ahead.first().map_or_else(|| now.plus_minutes(2 * 24 * 60), |next| next.starts_at);
        let zone = match practice::zones::table(&user.time_zone, now) {
            Some(zone) => zone,
            None => practice::zones::find("timeZone", &catalogue.practice.time_zone, now)?,
        };
        let sender = app.config.mail_from.0.split('<').next().unwrap_or_default().trim().to_owned();
        let civil = zone.civil(at);
        let weekday = &words::weekday(civil.date)[..3];
        let month = words::month(u8::from(civil.date.0.month()));
        let line = format!("{SUBJECT} {weekday} {} {month}, {}", civil.date.0.day(), civil.time);
        Ok(LockScreen { sender, line })
    }
    /// The reminders of your sessions ahead, by session and then by time; those that left too.
    async fn ahead(&self, ctx: &Context<'_>) -> Result<Vec<Reminder>> {
        Ok(super::ahead_of_client(app(ctx), self.client.id).await?)
    }
}

/// What a lock screen shows of a mail: nothing else of it can be seen there.
#[derive(SimpleObject)]
pub struct LockScreen {
    /// Who it is from.
    sender: String,
    /// The one line.
    line: String,
}

/// One reminder of one session.
#[Object]
impl Reminder {
    /// Of which session.
    async fn booking_id(&self) -> BookingId {
        self.booking_id
    }
    /// When the session begins.
    async fn starts_at(&self) -> Instant {
        self.starts_at
    }
    /// How it goes.
    async fn channel(&self) -> Channel {
        self.channel
    }
    /// How long before the start, in words.
    async fn lead(&self) -> String {
        lead_words(self.lead_minutes)
    }
    /// When it goes; when it went, once it did.
    async fn at(&self) -> Instant {
        self.settled_at.unwrap_or(self.due_at)
    }
    /// What has become of it.
    async fn state(&self) -> ReminderState {
        self.state
    }
}

/// A reminder of somebody's session, as their therapist sees it.
#[Object]
impl DeskReminder {
    /// Of which session.
    async fn booking_id(&self) -> BookingId {
        self.booking_id
    }
    /// Whose session it is, as they typed it.
    async fn guest_name(&self) -> &str {
        &self.guest_name
    }
    /// When the session begins.
    async fn starts_at(&self) -> Instant {
        self.starts_at
    }
    /// How long before the start, in words.
    async fn lead(&self) -> String {
        lead_words(self.lead_minutes)
    }
    /// When it goes; when it went, once it did.
    async fn at(&self) -> Instant {
        self.due_at
    }
    /// What has become of it.
    async fn state(&self) -> ReminderState {
        self.state
    }
    /// When the client said that they will come.
    async fn confirmed_at(&self) -> Option<Instant> {
        self.confirmed_at
    }
}

/// What the practice decides about reminders.
pub struct Rules(pub ReminderRules);

/// When people are reminded at this practice.
#[Object(name = "ReminderRules")]
impl Rules {
    /// Minutes before the start.
    async fn lead_minutes(&self) -> &[i64] {
        &self.0.lead_minutes
    }
    /// Session types with lead times of their own.
    async fn by_session_type(&self) -> Vec<TypeLeads> {
        self.0.by_session_type.clone()
    }
    /// Hours in which nobody is written to.
    async fn quiet(&self) -> Option<HoursOfDay> {
        self.0.quiet
    }
    /// After so many weeks without a session, those who agreed are asked once.
    async fn follow_up_weeks(&self) -> Option<i64> {
        self.0.follow_up_weeks
    }
}

/// A therapist's reminders.
pub struct ReminderDesk(pub practice::Therapist);

/// Reminders of your sessions, and when people are reminded at this practice.
#[Object]
impl ReminderDesk {
    /// Those that left in the last two days and those to come, earliest first; at most 20.
    async fn reminders(&self, ctx: &Context<'_>) -> Result<Vec<DeskReminder>> {
        let rows = super::of_therapist(app(ctx), self.0.id).await?;
        audit::note_list(app(ctx), self.0.user_id, "reminders", rows.len())?;
        Ok(rows)
    }
    /// When people are reminded.
    async fn rules(&self, ctx: &Context<'_>) -> Result<Rules> {
        rules(ctx).await
    }
}

/// The rules of this practice.
async fn rules(ctx: &Context<'_>) -> Result<Rules> {
    Ok(Rules(practice::catalogue(app(ctx)).await?.practice.settings.reminders.clone()))
}

/// What became of a change of somebody's preferences.
#[derive(SimpleObject)]
pub struct SetReminderPreferencesPayload {
    /// What holds now.
    reminders: Option<OwnReminders>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// What became of a change of the rules.
#[derive(SimpleObject)]
pub struct SetReminderRulesPayload {
    /// What holds now.
    rules: Option<Rules>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Changes to how people are reminded.
#[derive(Default)]
pub struct ReminderMutation;

#[Object]
impl ReminderMutation {
    /// Says how and when you are reminded. Clients only, about themselves.
    async fn set_reminder_preferences(
        &self,
        ctx: &Context<'_>,
        input: ReminderPreferencesInput,
    ) -> Result<SetReminderPreferencesPayload> {
        let client = clients::own_client(app(ctx), viewer(ctx)?).await?;
        let (done, user_errors) = answer(super::set_preferences(app(ctx), client.id, input).await)?;
        let reminders = match done {
            Some(()) => Some(OwnReminders::of(ctx, client).await?),
            None => None,
        };
        Ok(SetReminderPreferencesPayload { reminders, user_errors })
    }

    /// Says when people are reminded at this practice. Therapists only.
    async fn set_reminder_rules(
        &self,
        ctx: &Context<'_>,
        input: SetReminderRulesInput,
    ) -> Result<SetReminderRulesPayload> {
        let therapist = therapist(ctx).await?;
        let (done, user_errors) = answer(super::set_rules(app(ctx), therapist.user_id, input).await)?;
        let rules = match done {
            Some(()) => Some(rules(ctx).await?),
            None => None,
        };
        Ok(SetReminderRulesPayload { rules, user_errors })
    }
}
