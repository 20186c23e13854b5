//! What stands beside a session: what it waits for, its reminders.

use crate::api::schema::{Shared, schema};
use crate::api::waiting::ReminderState;
use crate::ui::pieces;
use leptos::prelude::*;
use shared::intake::Missing;
use shared::reminder::Channel;
use shared::time::Instant;
use shared::zone::ZoneTable;

/// One reminder of the session.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Reminder")]
pub struct BookingReminder {
    /// How it goes.
    pub channel: Shared<Channel>,
    /// How long before the start, in words.
    pub lead: String,
    /// When it goes, or went.
    pub at: Instant,
    /// What has become of it.
    pub state: ReminderState,
}

/// What the session waits for; nothing where it waits for nothing.
pub fn waits(missing: &[Shared<Missing>]) -> Option<impl IntoView + use<>> {
    if missing.is_empty() {
        return None;
    }
    let names: Vec<_> = missing.iter().map(|missing| view! { <li>{missing.0.name()}</li> }).collect();
    Some(view! {
        <div class="notice">
            <p><b>"Waits for documents."</b>" The session stays in the calendar. Still missing before it:"</p>
            <ul class="ahead">{names}</ul>
        </div>
    })
}

/// Its reminders: those that left, those to come, those that were left out.
pub fn reminders(reminders: &[BookingReminder], zone: &ZoneTable) -> impl IntoView + use<> {
    let row = |it: &BookingReminder| {
        let (class, state) = match it.state {
            ReminderState::Planned => ("badge pending", "Planned"),
            ReminderState::Sending => ("badge pending", "On its way"),
            ReminderState::Sent => ("badge done", "Sent"),
            ReminderState::Skipped => ("badge cancelled", "Left out"),
        };
        let how = match it.channel.0 {
            Channel::Email => "By mail",
            Channel::Sms => "By text message",
        };
        view! {
            <li class="row">
                <span>
                    {pieces::moment(it.at, zone)}<br />
                    <span class="soft small">{how}", "{it.lead.clone()}" before"</span>
                </span>
                <span class=class>{state}</span>
            </li>
        }
    };
    let list = match reminders.is_empty() {
        true => view! { <p class="soft small">"None is planned."</p> }.into_any(),
        false => view! { <ol class="rows bare">{reminders.iter().map(row).collect::<Vec<_>>()}</ol> }.into_any(),
    };
    view! { <section><h2>"Reminders"</h2>{list}</section> }
}
