//! Reminders at the practice: what is going out, and the rules.

use crate::api::schema::schema;
use crate::api::waiting::{Hours, ReminderState};
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::art;
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice};
use crate::ui::wish::{hours_fields, lead_ticks, tick};
use leptos::prelude::*;
use shared::ids::{BookingId, SessionTypeId};
use shared::reminder::before_words;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct ReminderDeskQuery {
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: ReminderDeskViewer,
}

/// The practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticeDesk")]
pub struct RemindedPractice {
    /// What can be booked, also what the public pages do not list.
    pub session_types: Vec<RemindedType>,
}

/// Something that can be booked.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "SessionType")]
pub struct RemindedType {
    /// Which.
    pub id: SessionTypeId,
    /// Its name.
    pub name: String,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct ReminderDeskViewer {
    /// The practice she works in.
    pub practice: Option<RemindedPractice>,
    /// Her reminders.
    pub reminder_desk: Option<ReminderDesk>,
}

/// A therapist's reminders.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct ReminderDesk {
    /// Just gone and to come.
    pub reminders: Vec<DeskReminder>,
    /// When people are reminded.
    pub rules: ReminderRules,
}

/// A reminder of somebody's session.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct DeskReminder {
    /// Of which session.
    pub booking_id: BookingId,
    /// Whose.
    pub guest_name: String,
    /// When the session begins.
    pub starts_at: Instant,
    /// How long before, in words.
    pub lead: String,
    /// When it goes or went.
    pub at: Instant,
    /// What has become of it.
    pub state: ReminderState,
    /// When the client said that they will come.
    pub confirmed_at: Option<Instant>,
}

/// When people are reminded.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct ReminderRules {
    /// Minutes before the start.
    pub lead_minutes: Vec<i32>,
    /// Session types with times of their own.
    pub by_session_type: Vec<TypeLeads>,
    /// Hours in which nobody is written to.
    pub quiet: Option<Hours>,
    /// After so many weeks those who agreed are asked.
    pub follow_up_weeks: Option<i32>,
}

/// The times of one session type.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct TypeLeads {
    /// Which.
    pub session_type_id: SessionTypeId,
    /// Minutes before the start.
    pub lead_minutes: Vec<i32>,
}

/// Draws the page.
pub fn page(answer: ReminderDeskQuery, notice: Option<Notice>, problems: Vec<Problem>) -> AnyView {
    let zone = table(answer.time_zone.as_ref());
    let types = answer.viewer.practice.map(|practice| practice.session_types).unwrap_or_default();
    let Some(desk) = answer.viewer.reminder_desk else {
        return view! { <p>"Reminders are for those who see clients."</p> }.into_any();
    };
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/more">"More"</a></p><h1>"Reminders"</h1></div>
        </div>
        <div class="stack">
            {going_out(&desk.reminders, &zone)}
            {rules(&desk.rules, &types, &problems)}
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn going_out(reminders: &[DeskReminder], zone: &ZoneTable) -> AnyView {
    if reminders.is_empty() {
        return view! {
            <div class="empty">
                {art::small_door()}
                <div class="stack">
                    <h2>"Nothing is going out"</h2>
                    <p>"When sessions are booked, the reminders of them stand here."</p>
                </div>
            </div>
        }
        .into_any();
    }
    let rows: Vec<_> = reminders.iter().map(|reminder| row(reminder, zone)).collect();
    view! {
        <div class="scroll">
            <table class="table stacks">
                <caption>"The last two days and what comes next. "{words::city(&zone.name)}" time."</caption>
                <thead>
                    <tr>
                        <th scope="col">"Who"</th>
                        <th scope="col">"Session"</th>
                        <th scope="col">"Reminder"</th>
                        <th scope="col">"Answer"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(reminder: &DeskReminder, zone: &ZoneTable) -> impl IntoView + use<> {
    let at = words::short_moment(reminder.at, zone);
    let (class, state) = match reminder.state {
        ReminderState::Planned => {
            let before = before_words(reminder.at, reminder.starts_at, &reminder.lead);
            ("badge pending", format!("{at}{before}"))
        }
        ReminderState::Sending => ("badge pending", format!("On its way since {at}")),
        ReminderState::Sent => ("badge done", format!("Sent {at}")),
        ReminderState::Skipped => ("badge cancelled", "Left out".to_owned()),
    };
    let answer = match reminder.confirmed_at {
        Some(_) => view! { <span class="badge confirmed">"Will come"</span> }.into_any(),
        None => view! { <span class="soft">"None yet"</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{reminder.guest_name.clone()}</th>
            <td><time datetime=reminder.starts_at.to_string()>{words::short_moment(reminder.starts_at, zone)}</time></td>
            <td><span class=class>{state}</span></td>
            <td>{answer}</td>
        </tr>
    }
}

fn rules(rules: &ReminderRules, types: &[RemindedType], problems: &[Problem]) -> impl IntoView + use<> {
    let minutes = |leads: &[i32]| leads.iter().map(|lead| i64::from(*lead)).collect::<Vec<i64>>();
    let usual = minutes(&rules.lead_minutes);
    let own: Vec<_> = types
        .iter()
        .map(|session_type| {
            let known = rules.by_session_type.iter().find(|of| of.session_type_id == session_type.id);
            let chosen = known.map_or_else(|| usual.clone(), |of| minutes(&of.lead_minutes));
            let id = session_type.id.to_string();
            view! {
                <fieldset class="field">
                    <legend>{session_type.name.clone()}</legend>
                    {tick("own", id.clone(), "Has times of its own:".to_owned(), known.is_some())}
                    <div class="ticks">{lead_ticks("type-lead", &format!("{id}:"), &chosen)}</div>
                </fieldset>
            }
        })
        .collect();
    let weeks: Vec<_> = [4, 6, 8, 12, 26]
        .into_iter()
        .map(|weeks| {
            let is_on = rules.follow_up_weeks == Some(weeks);
            view! { <option value=weeks.to_string() selected=is_on>{format!("After {weeks} weeks")}</option> }
        })
        .collect();
    let is_open = !rules.by_session_type.is_empty();
    view! {
        <section class="stack" id="rules">
            <h2>"When people are reminded"</h2>
            <p>"Clients can choose other times for themselves. Every mail is neutral: a time, and nothing about what it is for."</p>
            <form class="form" method="post" action="/admin/reminders">
                {error_summary(problems)}
                <fieldset class="field">
                    <legend>"Before a session"</legend>
                    <p class="hint">"The one at the length of your free window comes three hours before it closes."</p>
                    <div class="ticks">{lead_ticks("lead", "", &usual)}</div>
                </fieldset>
                <fieldset class="field">
                    <legend>"Never at these hours"</legend>
                    <p class="hint">"On the client's own clock. What would fall into them comes the evening before."</p>
                    {hours_fields(("quiet-from", "quiet-until"), "No such hours", rules.quiet.map(Hours::read))}
                </fieldset>
                <details class="more" open=is_open>
                    <summary>"Other times for single session types"</summary>
                    <div class="stack">{own}</div>
                </details>
                <div class="field">
                    <label for="follow-up">"Ask those who agreed to it, once, if they would like to come again"</label>
                    <select id="follow-up" name="follow-up"><option value="">"Never"</option>{weeks}</select>
                </div>
                <p><button class="button">"Save"</button></p>
            </form>
        </section>
    }
}
