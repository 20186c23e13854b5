//! What a practice decides about reminders, and what each client says about them.

use super::{Channel, HoursOfDay, LEAD_MINUTES, leads_problem};
use crate::ids::SessionTypeId;
use crate::problem::{ErrorCode, UserError};
use serde::{Deserialize, Serialize};

/// What a practice decides about reminders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ReminderRules {
    /// Minutes before the start.
    pub lead_minutes: Vec<i64>,
    /// Session types with lead times of their own.
    pub by_session_type: Vec<TypeLeads>,
    /// Hours in which nobody is written to.
    pub quiet: Option<HoursOfDay>,
    /// After so many weeks without a session, those who agreed are asked once; never if absent.
    pub follow_up_weeks: Option<i64>,
}

/// The lead times of one session type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::SimpleObject, async_graphql::InputObject))]
#[cfg_attr(feature = "server", graphql(input_name = "TypeLeadsInput"))]
pub struct TypeLeads {
    /// Which.
    pub session_type_id: SessionTypeId,
    /// Minutes before the start; none means that nobody is reminded of it.
    pub lead_minutes: Vec<i64>,
}

impl Default for ReminderRules {
    fn default() -> Self {
        ReminderRules {
            lead_minutes: LEAD_MINUTES.to_vec(),
            by_session_type: Vec::new(),
            quiet: Some(HoursOfDay::NIGHT),
            follow_up_weeks: Some(6),
        }
    }
}

impl ReminderRules {
    /// The lead times of a session: the client's own, else those of its type, else the practice's.
    pub fn leads<'a>(&'a self, session_type: SessionTypeId, own: Option<&'a [i64]>) -> &'a [i64] {
        let of_type = || self.by_session_type.iter().find(|of| of.session_type_id == session_type);
        own.or_else(|| of_type().map(|of| of.lead_minutes.as_slice())).unwrap_or(&self.lead_minutes)
    }

    /// Everything wrong with it, at once.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = Vec::new();
        problems.extend(leads_problem("leadMinutes", &self.lead_minutes));
        problems.extend(self.by_session_type.iter().find_map(|of| leads_problem("bySessionType", &of.lead_minutes)));
        problems.extend(self.quiet.and_then(|quiet| quiet.problem("quiet")));
        if self.quiet.is_some_and(|quiet| quiet.from == quiet.until) {
            let message = "Leave some hours of the day in which people can be written to.";
            problems.push(UserError::on("quiet", ErrorCode::Invalid, message));
        }
        if self.follow_up_weeks.is_some_and(|weeks| !(1..=52).contains(&weeks)) {
            problems.push(UserError::on("followUpWeeks", ErrorCode::Invalid, "Choose 1 to 52 weeks."));
        }
        problems
    }
}

/// What somebody has said about being written to; what is left open is as the practice does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct ReminderPreferencesInput {
    /// How reminders come; none means that none come.
    pub channels: Vec<Channel>,
    /// Minutes before the start; left out, as the practice does it.
    pub lead_minutes: Option<Vec<i64>>,
    /// The only hours in which mail may arrive, on your clock; left out, any that are not the night's.
    pub safe_hours: Option<HoursOfDay>,
    /// Whether nothing about appointments is mailed at all: everything waits in the portal.
    pub portal_only: bool,
    /// Whether you may be asked once, some weeks after a last session, if you would like to come again.
    pub follow_up: bool,
}

impl Default for ReminderPreferencesInput {
    fn default() -> Self {
        ReminderPreferencesInput {
            channels: vec![Channel::Email],
            lead_minutes: None,
            safe_hours: None,
            portal_only: false,
            follow_up: false,
        }
    }
}

impl ReminderPreferencesInput {
    /// Everything wrong with it, at once.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = Vec::new();
        problems.extend(self.channels.iter().find_map(|channel| channel.problem()));
        problems.extend(self.lead_minutes.as_deref().and_then(|leads| leads_problem("leadMinutes", leads)));
        problems.extend(self.safe_hours.and_then(|hours| hours.problem("safeHours")));
        problems
    }

    /// Whether they want to be reminded on this channel.
    pub fn wants(&self, channel: Channel) -> bool {
        !self.portal_only && self.channels.contains(&channel)
    }
}

/// The first words of a reminder, on the line a lock screen shows; the time follows.
pub const SUBJECT: &str = "A reminder of your appointment on";
