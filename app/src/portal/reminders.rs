//! How a client is reminded: what is coming, what they choose, and what their lock screen would show.

use crate::api::schema::{Shared, schema};
use crate::api::waiting::{Hours, ReminderState};
use crate::api::zone::{Zone, ZoneVariablesFields, table};
use crate::ui::art;
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice};
use crate::ui::wish::{hours_fields, lead_ticks, tick};
use leptos::prelude::*;
use shared::booking::BookingStatus;
use shared::ids::BookingId;
use shared::reminder::{Channel, before_words, lead_words};
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ZoneVariables")]
pub struct RemindersQuery {
    /// The clock of the practice.
    pub practice: RemindersPractice,
    /// The zone of the practice.
    #[arguments(name: $name)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: RemindersViewer,
}

/// The clock of the practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct RemindersPractice {
    /// Now.
    pub now: Instant,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct RemindersViewer {
    /// How they are reminded.
    pub reminders: Option<Reminders>,
    /// Their care.
    pub client: Option<RemindersCare>,
}

/// The client's sessions.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare")]
pub struct RemindersCare {
    /// Latest first.
    #[arguments(first: 100)]
    pub bookings: RemindedBookings,
}

/// A page of the client's sessions.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnBookingConnection")]
pub struct RemindedBookings {
    /// Latest first.
    pub nodes: Vec<RemindedBooking>,
}

/// A session, as far as its reminders need it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Booking")]
pub struct RemindedBooking {
    /// Which.
    pub id: BookingId,
    /// Where it stands.
    pub status: Shared<BookingStatus>,
    /// When it begins.
    pub starts_at: Instant,
    /// The zone the client reads times in.
    pub guest_time_zone: String,
    /// When the client said that they will come.
    pub client_confirmed_at: Option<Instant>,
}

/// How somebody is reminded.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnReminders")]
pub struct Reminders {
    /// How reminders come.
    pub channels: Vec<Shared<Channel>>,
    /// Minutes before the start, as they chose them.
    pub lead_minutes: Option<Vec<i32>>,
    /// Minutes before the start, as the practice does it.
    pub usual_lead_minutes: Vec<i32>,
    /// The only hours in which mail may arrive.
    pub safe_hours: Option<Hours>,
    /// Hours in which nobody is written to.
    pub quiet_hours: Option<Hours>,
    /// Whether nothing about appointments is mailed at all.
    pub portal_only: bool,
    /// Whether they may be asked once.
    pub follow_up: bool,
    /// After how many weeks.
    pub follow_up_weeks: Option<i32>,
    /// What a lock screen shows.
    pub preview: LockScreen,
    /// The reminders of sessions ahead.
    pub ahead: Vec<PlannedReminder>,
}

/// What a lock screen shows.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct LockScreen {
    /// Who it is from.
    pub sender: String,
    /// The one line.
    pub line: String,
}

/// One reminder.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Reminder")]
pub struct PlannedReminder {
    /// Of which session.
    pub booking_id: BookingId,
    /// How long before, in words.
    pub lead: String,
    /// When it goes or went.
    pub at: Instant,
    /// What has become of it.
    pub state: ReminderState,
}

/// Draws the page. `own` is the zone of the client.
pub fn page(answer: RemindersQuery, own: Option<&Zone>, notice: Option<Notice>, problems: Vec<Problem>) -> AnyView {
    let zone = own.map_or_else(|| table(answer.time_zone.as_ref()), |own| own.table.clone());
    let Some(reminders) = answer.viewer.reminders else {
        return view! { <p>"Reminders are for clients of the practice."</p> }.into_any();
    };
    let mut ahead: Vec<RemindedBooking> = answer.viewer.client.map(|care| care.bookings.nodes).unwrap_or_default();
    ahead.retain(|booking| booking.status.0 == BookingStatus::Confirmed && answer.practice.now < booking.starts_at);
    ahead.sort_by_key(|booking| booking.starts_at);
    let coming = coming(&ahead, &reminders, &zone);
    view! {
        <div class="opening">
            <h1>"Reminders"</h1>
            <p class="lead">"So that nothing is forgotten, and nobody else learns of it."</p>
        </div>
        {coming}
        {choices(&reminders, &problems)}
        {preview(&reminders.preview)}
        {pieces::notice(notice)}
    }
    .into_any()
}

fn coming(ahead: &[RemindedBooking], reminders: &Reminders, zone: &ZoneTable) -> impl IntoView + use<> {
    let rows: Vec<_> = ahead.iter().map(|booking| session(booking, reminders, zone)).collect();
    let list = match rows.is_empty() {
        true => view! {
            <div class="empty">
                {art::small_door()}
                <div class="stack">
                    <h3>"Nothing to be reminded of"</h3>
                    <p>"When a session is booked, its reminders stand here."</p>
                </div>
            </div>
        }
        .into_any(),
        false => view! { <ul class="rows bare">{rows}</ul> }.into_any(),
    };
    view! { <section class="stack opening"><h2>"Coming up"</h2>{list}</section> }
}

fn session(booking: &RemindedBooking, reminders: &Reminders, zone: &ZoneTable) -> impl IntoView + use<> {
    let civil = zone.civil(booking.starts_at);
    let lines: Vec<_> = reminders
        .ahead
        .iter()
        .filter(|reminder| reminder.booking_id == booking.id)
        .map(|reminder| {
            let at = words::short_moment(reminder.at, zone);
            let (class, line) = match reminder.state {
                ReminderState::Sent => ("badge done", format!("Sent {at}")),
                ReminderState::Sending => ("badge pending", format!("On its way since {at}")),
                ReminderState::Planned | ReminderState::Skipped => {
                    let before = before_words(reminder.at, booking.starts_at, &reminder.lead);
                    ("badge pending", format!("{at}{before}"))
                }
            };
            view! { <li><span class=class>{line}</span></li> }
        })
        .collect();
    let lines = match lines.is_empty() {
        true => view! { <p class="soft">"No reminder is planned."</p> }.into_any(),
        false => view! { <ul class="bare">{lines}</ul> }.into_any(),
    };
    let label = format!("I will be there on {}", words::moment(booking.starts_at, zone));
    let confirm = match booking.client_confirmed_at {
        Some(_) => view! { <span class="badge confirmed">"You said you will come"</span> }.into_any(),
        None => view! {
            <form method="post" action=format!("/portal/bookings/{}/confirm", booking.id)>
                <button class="button quiet small" aria-label=label>"I will be there"</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <li class="appointment">
            <p class="at">
                <small>{words::day(civil.date)}</small>
                <time datetime=booking.starts_at.to_string()>{civil.time.to_string()}</time>
            </p>
            <div>{lines}</div>
            {confirm}
        </li>
    }
}

fn choices(reminders: &Reminders, problems: &[Problem]) -> impl IntoView + use<> {
    let by_mail = reminders.channels.contains(&Shared(Channel::Email)) && !reminders.portal_only;
    let minutes = |leads: &[i32]| leads.iter().map(|lead| i64::from(*lead)).collect::<Vec<i64>>();
    let usual = minutes(&reminders.usual_lead_minutes);
    let chosen = reminders.lead_minutes.as_deref().map(minutes).unwrap_or_else(|| usual.clone());
    let usual = crate::ui::wish::list(&usual.iter().map(|lead| lead_words(*lead)).collect::<Vec<_>>());
    let quiet = reminders.quiet_hours.map(|quiet| {
        format!(
            "Nothing is sent from {}, whatever you choose: a reminder comes the evening before instead.",
            quiet.read()
        )
    });
    let weeks = reminders.follow_up_weeks.map(|weeks| {
        let label = format!("Ask me once, {weeks} weeks after a last session, whether I would like to come again");
        view! {
            <fieldset class="field">
                <legend>"After a while"</legend>
                {tick("follow-up", "yes".to_owned(), label, reminders.follow_up)}
            </fieldset>
        }
    });
    let way = |value: &'static str, title: &'static str, small: &'static str, is_on: bool, off: bool| {
        view! {
            <label class="choice">
                <input type="radio" name="way" value=value checked=is_on disabled=off />
                <b>{title}</b>
                <small>{small}</small>
            </label>
        }
    };
    view! {
        <section class="stack opening" id="choose">
            <h2>"As it suits you"</h2>
            <form class="form" method="post" action="/portal/reminders">
                {error_summary(problems)}
                <fieldset class="field">
                    <legend>"How"</legend>
                    <div class="choices">
                        {way("email", "By email", "In neutral words: a time, and nothing about what it is for.", by_mail, false)}
                        {way("sms", "By text message", "Not set up at this practice yet.", false, true)}
                        {way("none", "No reminders", "You are still told when a time is booked, moved or cancelled.", !by_mail && !reminders.portal_only, false)}
                        {way("portal", "Nothing by mail at all", "Everything about appointments waits for you here. Sign-in links still come by mail.", reminders.portal_only, false)}
                    </div>
                </fieldset>
                <fieldset class="field">
                    <legend>"When"</legend>
                    <p class="hint">"The practice reminds people "{usual}" before."</p>
                    <div class="ticks">{lead_ticks("lead", "", &chosen)}</div>
                </fieldset>
                <fieldset class="field">
                    <legend>"Only at these hours"</legend>
                    <p class="hint">"If somebody else may see your screen at other times. "{quiet}</p>
                    {hours_fields(("safe-from", "safe-until"), "Any", reminders.safe_hours.map(Hours::read))}
                </fieldset>
                {weeks}
                <p><button class="button">"Save"</button></p>
            </form>
        </section>
    }
}

fn preview(preview: &LockScreen) -> impl IntoView + use<> {
    view! {
        <section class="stack opening">
            <h2>"What your lock screen would show"</h2>
            <figure class="notice lock-screen">
                <p><b>{preview.sender.clone()}</b></p>
                <p>{preview.line.clone()}</p>
            </figure>
            <p class="soft">"No name, no practice, no reason. What it is about is only inside."</p>
        </section>
    }
}
