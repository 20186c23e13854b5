//! One session of a client: what it is, what calling it off costs until when, and what can be done.

use super::booking::{Clocks, OwnBooking};
use crate::api::amount::Amount;
use crate::api::schema::{Shared, schema};
use crate::api::terms::{Outcome, Step};
use crate::api::undo::LastChange;
use crate::api::zone::{Zone, table};
use crate::ui::form::{Problem, error_summary};
use crate::ui::pieces::{self, Notice, badge};
use crate::ui::terms;
use crate::ui::undo::{Undo, undo};
use leptos::prelude::*;
use shared::booking::{BookingStatus, ByWhom, reference_words};
use shared::ids::BookingId;
use shared::money::Money;
use shared::policy::{PolicyStep, RescheduleRefusal};
use shared::practice::Modality;
use shared::time::Instant;
use shared::words;

/// Which session.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct SessionVariables {
    /// The zone of the practice.
    pub zone: String,
    /// Its id.
    pub id: BookingId,
}

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "SessionVariables")]
pub struct SessionQuery {
    /// The practice.
    pub practice: SessionPractice,
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: SessionViewer,
}

/// The practice, as its client needs it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Practice")]
pub struct SessionPractice {
    /// Its clock.
    pub now: Instant,
    /// The address for questions.
    pub contact_email: String,
    /// Where it is, in lines.
    pub address: Vec<String>,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "SessionVariables")]
pub struct SessionViewer {
    /// Their care.
    pub client: Option<SessionCare>,
}

/// The client's care.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "OwnCare", variables = "SessionVariables")]
pub struct SessionCare {
    /// The session.
    #[arguments(id: $id)]
    pub booking: Option<OwnSession>,
    /// What they paid for it and have not had back.
    #[arguments(bookingId: $id)]
    pub paid_for: Vec<Amount>,
}

/// A session with its terms.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Booking")]
pub struct OwnSession {
    /// The session, as lists show it.
    #[cynic(spread)]
    pub row: OwnBooking,
    /// The room it takes place in.
    pub room_name: Option<String>,
    /// What it costs.
    pub price: Amount,
    /// What is paid before it is confirmed.
    pub due_now: Amount,
    /// What calling it off costs until when.
    pub policy_steps: Vec<Step>,
    /// What calling it off now would mean.
    pub if_cancelled_now: Outcome,
    /// Whether it can be moved.
    pub can_move: bool,
    /// Why it cannot, when only the rules stand in the way.
    pub move_refusal: Option<Shared<RescheduleRefusal>>,
    /// What was last done to it, while that can be taken back.
    pub undoable: Option<LastChange>,
    /// Whether it was called off late.
    pub is_late: bool,
    /// Whether that was on the house.
    pub is_waived: bool,
}

impl SessionQuery {
    /// The clocks the session is shown in, given the table of the client's zone.
    pub fn clocks(&self, own: Option<&Zone>) -> Clocks {
        let practice = table(self.time_zone.as_ref());
        Clocks { own: own.map_or_else(|| practice.clone(), |zone| zone.table.clone()), practice }
    }
}

/// What calling off now means, in a sentence.
pub fn if_cancelled(session: &OwnSession) -> String {
    let Outcome { fee, is_late, is_waived } = session.if_cancelled_now;
    terms::if_cancelled(fee.money(), session.price.money(), is_late, is_waived)
}

/// The offer to take back what the client has just done to it.
pub fn taking_back(session: &OwnSession, clocks: &Clocks) -> Option<Undo> {
    let action = format!("/portal/bookings/{}/undo", session.row.id);
    let (clock, moment) = (|at| words::time(at, &clocks.own), |at| words::moment(at, &clocks.own));
    session.undoable.as_ref()?.offer(ByWhom::Client, action, clock, moment)
}

/// The timeline of calling off, the present step marked.
pub fn timeline(session: &OwnSession, clocks: &Clocks, now: Instant) -> Option<AnyView> {
    let steps: Vec<PolicyStep> = session.policy_steps.iter().map(PolicyStep::from).collect();
    terms::timeline(&steps, session.price.money(), now, |at| words::short_moment(at, &clocks.own))
}

/// Draws the page.
pub fn page(
    answer: &SessionQuery,
    session: &OwnSession,
    clocks: &Clocks,
    problems: &[Problem],
    done: Option<Notice>,
) -> AnyView {
    let now = answer.practice.now;
    let row = &session.row;
    let civil = clocks.own.civil(row.starts_at);
    let until = clocks.own.civil(row.ends_at).time;
    let aside = clocks.aside(row.starts_at).unwrap_or_else(|| format!("{} time.", words::city(&clocks.own.name)));
    let aside = view! { <p class="soft">{aside}</p> };
    let price = session.price.money();
    let paid = paid(answer, price).map(|words| view! { " " <span class="soft">{words}</span> });
    let is_ahead = row.is_ahead(now);
    let costs =
        (is_ahead && row.status.0 == BookingStatus::Confirmed).then(|| timeline(session, clocks, now)).flatten();
    let expired = (row.status.0 == BookingStatus::Expired).then(|| {
        view! {
            <p>"It was not paid for in time, so it was not booked and nothing was paid. The time is free again."</p>
            <p><a class="button quiet" href="/portal/book">"Look for a time"</a></p>
        }
    });
    let file = (is_ahead && row.status.0 == BookingStatus::Confirmed).then(|| {
        view! { <p><a href=format!("/bookings/{}/appointment.ics", row.reference)>"Add it to your calendar"</a></p> }
    });
    let late = (session.is_late && !session.is_waived && row.status.0 == BookingStatus::Cancelled)
        .then(|| view! { <p>"It was cancelled late. If a fee is charged, you find it under your bills."</p> });
    view! {
        <div class="opening">
            <p class="soft"><a href="/portal">"Your appointments"</a></p>
            <h1>{row.name()}</h1>
            <p class="when-big">
                <time datetime=row.starts_at.to_string()>
                    {words::far_day(civil.date, clocks.own.civil(now).date)}","<br />{civil.time.to_string()}" to "{until.to_string()}
                </time>
            </p>
            {aside}
            {badge(row.status.0, row.ends_at, now)}
        </div>
        <div class="stack">
            {error_summary(problems)}
            {undo(taking_back(session, clocks))}
            {payment(session, clocks)}
            <dl class="facts">
                <div><dt>"How"</dt><dd>{row.details()}</dd></div>
                {is_ahead.then(|| place(answer, session)).flatten()}
                <div><dt>"Price"</dt><dd>{price.to_string()}{paid}</dd></div>
                <div><dt>"Reference"</dt><dd class="reference">{reference_words(&row.reference)}</dd></div>
            </dl>
            {expired}
            {is_ahead.then(|| actions(answer, session))}
            {file}
            {costs}
            {late}
        </div>
        {pieces::notice(done)}
    }
    .into_any()
}

/// What was paid of the price; nothing where nothing was.
pub fn paid_of(answer: &SessionQuery, price: Money) -> Option<Money> {
    let mut all = answer.viewer.client.iter().flat_map(|care| &care.paid_for).map(|paid| paid.money());
    all.find(|paid| paid.currency == price.currency && paid.amount > 0)
}

/// The same, in words.
fn paid(answer: &SessionQuery, price: Money) -> Option<String> {
    let paid = paid_of(answer, price)?;
    Some(if paid.amount < price.amount { format!("{paid} of it is paid") } else { "paid".to_owned() })
}

/// Where a session in person takes place, once it is confirmed.
fn place(answer: &SessionQuery, session: &OwnSession) -> Option<impl IntoView + use<>> {
    let is_there = session.row.modality.0 == Modality::InPerson && session.row.status.0 == BookingStatus::Confirmed;
    let lines: Vec<String> = session.room_name.iter().chain(&answer.practice.address).cloned().collect();
    (is_there && !lines.is_empty()).then(|| {
        let lines: Vec<_> = lines.into_iter().map(|line| view! { {line} <br /> }).collect();
        view! { <div><dt>"Where"</dt><dd>{lines}</dd></div> }
    })
}

fn payment(session: &OwnSession, clocks: &Clocks) -> Option<impl IntoView + use<>> {
    let until = session.row.pay_until.filter(|_| session.row.status.0 == BookingStatus::PendingPayment)?;
    let due = session.due_now.money();
    Some(view! {
        <div class="notice">
            <h2>"One step is left"</h2>
            <p>
                "We keep this time for you until "{words::time(until, &clocks.own)}". It is yours once "{due.to_string()}
                " is paid."
            </p>
            <form method="post" action=format!("/portal/bookings/{}/pay", session.row.id)>
                <button class="button">"Pay "{due.to_string()}</button>
            </form>
        </div>
    })
}

fn actions(answer: &SessionQuery, session: &OwnSession) -> impl IntoView + use<> {
    let id = session.row.id;
    let shift = session.can_move.then(|| {
        view! { <a class="button quiet" href=format!("/portal/bookings/{id}/move")>"Move it"</a> }
    });
    let cancel = session.row.can_cancel.then(|| {
        view! { <a class="button danger" href=format!("/portal/bookings/{id}/cancel")>"Cancel it"</a> }
    });
    let email = answer.practice.contact_email.clone();
    let refusal = session.move_refusal.as_ref().map(|refusal| {
        view! { <p class="soft">{refusal.0.words()}" "<a href=format!("mailto:{email}")>{email.clone()}</a></p> }
    });
    view! { <p class="cluster">{shift}{cancel}</p>{refusal} }
}
