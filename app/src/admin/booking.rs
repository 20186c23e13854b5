//! One session, as the practice sees it: what it is, what became of it, and what can be done.

mod beside;

pub use beside::BookingReminder;

use self::beside::{reminders, waits};
use super::bill;
use super::desk::{DeskBooking, UNPROVEN};
use crate::api::amount::Amount;
use crate::api::bill::BillRow;
use crate::api::schema::{Shared, schema};
use crate::api::undo::LastChange;
use crate::api::zone::{Zone, table};
use crate::ui::form::{Problem, TextArea, error_summary, problem_of, text_area};
use crate::ui::pieces::{self, Notice, badge, dial, notice};
use crate::ui::undo::undo;
use leptos::prelude::*;
use shared::booking::{BookingSource, ByWhom, StepKind};
use shared::contact::{LONGEST_REASON, LONGEST_REMARK};
use shared::ids::{BookingId, FeeId};
use shared::intake::Missing;
use shared::money::Money;
use shared::policy::{FeeKind, FeeState};
use shared::price::PriceSource;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// Which session.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct BookingVariables {
    /// The zone of the practice.
    pub zone: String,
    /// Its id.
    pub id: BookingId,
}

/// What the page asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "BookingVariables")]
pub struct BookingQuery {
    /// The practice.
    pub practice: super::bookings::BookingsPractice,
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: BookingViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "BookingVariables")]
pub struct BookingViewer {
    /// Her desk.
    pub therapist: Option<BookingDesk>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "BookingVariables")]
pub struct BookingDesk {
    /// The session.
    #[arguments(id: $id)]
    pub booking: Option<OneBooking>,
    /// The bills about it, newest first.
    #[arguments(id: $id)]
    pub invoices_of_booking: Vec<BillRow>,
}

/// A session with everything about it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticeBooking")]
pub struct OneBooking {
    /// The session, as lists show it.
    #[cynic(spread)]
    pub row: DeskBooking,
    /// Its number, price and rules.
    #[cynic(rename = "booking", alias)]
    pub terms: Terms,
    /// Where mail goes.
    pub guest_email: String,
    /// The number to call.
    pub guest_phone: String,
    /// How it came about.
    pub source: Shared<BookingSource>,
    /// Where its price comes from.
    pub price_source: Shared<PriceSource>,
    /// When the client said that they will come.
    pub client_confirmed_at: Option<Instant>,
    /// Whether it can be marked as missed.
    pub can_be_missed: bool,
    /// Whether it can be marked as done.
    pub can_complete: bool,
    /// The fee the rules name.
    pub fee: Option<Fee>,
    /// What is open for it.
    pub open: Vec<Amount>,
    /// What became of it.
    pub steps: Vec<Step>,
    /// The room it takes place in.
    pub room: Option<RoomName>,
    /// What it waits for.
    pub waits_for: Vec<Shared<Missing>>,
    /// Its reminders, earliest first.
    pub reminders: Vec<BookingReminder>,
}

/// What a room is called.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Room")]
pub struct RoomName {
    /// Its name.
    pub name: String,
}

/// Number, price and rules of a session.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Booking")]
pub struct Terms {
    /// The number people can say on the phone.
    pub reference: String,
    /// What it costs.
    pub price: Amount,
    /// What was last done to it, while that can be taken back.
    pub undoable: Option<LastChange>,
    /// Whether it was called off late.
    pub is_late: bool,
    /// Whether that was on the house.
    pub is_waived: bool,
    /// Whether it can still be called off.
    pub can_cancel: bool,
}

/// A fee.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Fee {
    /// Which.
    pub id: FeeId,
    /// Why.
    pub kind: Shared<FeeKind>,
    /// How much.
    pub amount: Amount,
    /// What became of it.
    pub state: Shared<FeeState>,
    /// Why it was let go.
    pub reason: Option<String>,
}

/// One step of a session.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "BookingStep")]
pub struct Step {
    /// What happened.
    pub step: Shared<StepKind>,
    /// On whose side.
    pub by_whom: Shared<ByWhom>,
    /// When.
    pub at: Instant,
    /// When the session was to begin before.
    pub was_at: Option<Instant>,
    /// Why.
    pub note: Option<String>,
}

/// What was typed into the forms of the page, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The day to move to.
    pub date: String,
    /// The time to move to.
    pub time: String,
    /// Why it may overlap.
    pub over: String,
    /// Whether something is in the way, so that an overlap is asked about.
    pub is_in_the_way: bool,
    /// Why a fee is let go.
    pub waive: String,
    /// Why it is called off.
    pub reason: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// Other times, when one could not be had.
    pub nearest: Vec<Instant>,
}

/// Draws the page.
pub fn page(answer: &BookingQuery, one: OneBooking, typed: Typed, done: Option<Notice>) -> AnyView {
    let (zone, now) = (table(answer.time_zone.as_ref()), answer.practice.now);
    let session = &one.row.booking;
    let civil = zone.civil(session.starts_at);
    let until = zone.civil(session.ends_at).time;
    let heading = format!("{}, {} to {until}", words::far_day(civil.date, zone.civil(now).date), civil.time);
    let steps: Vec<_> = one.steps.iter().map(|step| step_line(step, &zone)).collect();
    let can_move = one.row.is_ahead(now);
    let action = format!("/admin/bookings/{}/undo", session.id);
    let (clock, moment) = (|at| words::time(at, &zone), |at| words::moment(at, &zone));
    let taking_back = one.terms.undoable.as_ref().and_then(|it| it.offer(ByWhom::Practice, action, clock, moment));
    let bills = answer.viewer.therapist.as_ref().and_then(|desk| bill::list(&desk.invoices_of_booking, &zone));
    let bills = bills.map(|list| view! { <section><h2>"Bills"</h2>{list}</section> });
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/bookings">"Sessions"</a></p><h1>{heading}</h1></div>
            {badge(session.status.0, session.ends_at, now)}
        </div>
        <div class="desk-cols">
            <div class="stack">
                {error_summary(&typed.problems)}
                {undo(taking_back)}
                {waits(&one.waits_for)}
                {facts(&one, &zone)}
                {one.fee.clone().map(|fee| fee_section(&one, fee, &typed))}
                {outcome(&one)}
                {can_move.then(|| move_form(&one, &zone, &typed))}
                {one.terms.can_cancel.then(|| cancel_form(&one, &typed))}
            </div>
            <aside>
                <section>
                    <h2>"What became of it"</h2>
                    <ol class="rows bare">{steps}</ol>
                </section>
                {reminders(&one.reminders, &zone)}
                {bills}
            </aside>
        </div>
        {notice(done)}
    }
    .into_any()
}

fn facts(one: &OneBooking, zone: &ZoneTable) -> impl IntoView + use<> {
    let price = one.terms.price.money();
    let source = match one.price_source.0 {
        PriceSource::Agreement => ", as agreed with them",
        PriceSource::Package => ", one of their package",
        PriceSource::Class => ", from abroad",
        PriceSource::List => "",
    };
    let open: Vec<Money> = one.open.iter().map(|price| price.money()).filter(|money| money.amount > 0).collect();
    let open = (!open.is_empty()).then(|| {
        let words: Vec<String> = open.iter().map(Money::to_string).collect();
        view! { <div><dt>"Not paid yet"</dt><dd>{words.join(", ")}</dd></div> }
    });
    let confirmed = one.client_confirmed_at.map(|at| {
        view! { <div><dt>"They said they will come"</dt><dd>{pieces::moment(at, zone)}</dd></div> }
    });
    let late = one.terms.is_late.then(|| {
        let words = if one.terms.is_waived { "Late, and on the house" } else { "Late" };
        view! { <div><dt>"Cancelled"</dt><dd>{words}</dd></div> }
    });
    let room = one.room.as_ref().map(|room| view! { <div><dt>"Where"</dt><dd>{room.name.clone()}</dd></div> });
    let why = one.row.cancel_reason.clone().map(|why| view! { <div><dt>"Why"</dt><dd>"“"{why}"”"</dd></div> });
    let unproven = one.row.client_id.is_none().then(|| {
        view! {
            <form method="post" action=format!("/admin/bookings/{}/recognize", one.row.booking.id) class="notice">
                <p>"The address belongs to somebody you know, and has not been confirmed for this call. If you have
                    spoken and it is them, add the call to their record."</p>
                <p><button class="button quiet small">"It is them"</button></p>
            </form>
        }
    });
    let status = one.row.client_id.is_none().then(|| view! { <br /><span class="soft small">{UNPROVEN}</span> });
    let phone = (!one.guest_phone.is_empty())
        .then(|| view! { <br /><a href=dial(&one.guest_phone)>{one.guest_phone.clone()}</a> });
    view! {
        <dl class="facts">
            <div>
                <dt>"Who"</dt>
                <dd>
                    {one.row.who()}{status}<br />
                    <a href=format!("mailto:{}", one.guest_email)>{one.guest_email.clone()}</a>{phone}
                </dd>
            </div>
            <div><dt>"What"</dt><dd>{one.row.details()}</dd></div>
            {room}
            <div><dt>"Reference"</dt><dd>{shared::booking::reference_words(&one.terms.reference)}</dd></div>
            <div><dt>"Price"</dt><dd>{price.to_string()}{source}</dd></div>
            {open}
            <div><dt>"How it came about"</dt><dd>{one.source.0.words()}</dd></div>
            {confirmed}
            {late}
            {why}
        </dl>
        {unproven}
    }
}

fn fee_section(one: &OneBooking, fee: Fee, typed: &Typed) -> impl IntoView + use<> {
    let money = fee.amount.money();
    let why = match fee.kind.0 {
        FeeKind::LateCancel => "for cancelling late",
        FeeKind::NoShow => "for not coming",
    };
    let body = match fee.state.0 {
        FeeState::Charged => view! {
            <p>"You have charged "{money.to_string()}" "{why}"."</p>
            {waive_form(one, &fee, typed, "Let it go after all, because")}
        }
        .into_any(),
        FeeState::Waived => {
            let reason = fee.reason.unwrap_or_default();
            view! { <p>"You let "{money.to_string()}" go: “"{reason}"”"</p> }.into_any()
        }
        FeeState::Proposed => {
            let base = format!("/admin/bookings/{}/fee/{}", one.row.booking.id, fee.id);
            view! {
                <p>"The rules they agreed to name "<b>{money.to_string()}</b>" "{why}". Nothing is charged unless you do."</p>
                <form method="post" action=format!("{base}/charge")>
                    <p><button class="button">"Charge "{money.to_string()}</button></p>
                </form>
                {waive_form(one, &fee, typed, "Or let it go, because")}
            }
            .into_any()
        }
    };
    view! { <section class="stack" id="fee"><h2>"The fee"</h2>{body}</section> }
}

fn waive_form(one: &OneBooking, fee: &Fee, typed: &Typed, label: &'static str) -> impl IntoView + use<> {
    let problem = problem_of(&typed.problems, "waive");
    let invalid = problem.is_some().then_some("true");
    let class = if problem.is_some() { "field invalid" } else { "field" };
    view! {
        <form method="post" action=format!("/admin/bookings/{}/fee/{}/waive", one.row.booking.id, fee.id) class="form">
            <div class=class>
                <label for="waive">{label}</label>
                {problem.map(|problem| view! { <p class="error" id="waive-error">{problem}</p> })}
                <input id="waive" name="waive" type="text" maxlength=LONGEST_REMARK value=typed.waive.clone() aria-invalid=invalid />
            </div>
            <p><button class="button quiet">"Let it go"</button></p>
        </form>
    }
}

fn outcome(one: &OneBooking) -> Option<impl IntoView + use<>> {
    if !one.can_complete && !one.can_be_missed {
        return None;
    }
    let id = one.row.booking.id;
    let done = one.can_complete.then(|| {
        view! {
            <form method="post" action=format!("/admin/bookings/{id}/complete")>
                <button class="button">"It took place"</button>
            </form>
        }
    });
    let missed = one.can_be_missed.then(|| {
        view! {
            <form method="post" action=format!("/admin/bookings/{id}/no-show")>
                <button class="button quiet">"They did not come"</button>
            </form>
        }
    });
    Some(view! {
        <section class="stack">
            <h2>"How did it go?"</h2>
            <div class="cluster">{done}{missed}</div>
            <p class="hint">"A fee for not coming is only proposed; you decide."</p>
        </section>
    })
}

fn move_form(one: &OneBooking, zone: &ZoneTable, typed: &Typed) -> impl IntoView + use<> {
    let problem = problem_of(&typed.problems, "move-time");
    let invalid = problem.is_some().then_some("true");
    let class = if problem.is_some() { "field invalid" } else { "field" };
    let nearest: Vec<_> = typed
        .nearest
        .iter()
        .map(|start| {
            let civil = zone.civil(*start);
            view! {
                <button class="button quiet small" name="nearest" value=start.to_string()>
                    {words::short_day(civil.date)}", "{civil.time.to_string()}
                </button>
            }
        })
        .collect();
    let nearest = (!nearest.is_empty()).then(|| {
        view! { <p class="label">"The nearest free times"</p><div class="cluster">{nearest}</div> }
    });
    let over = typed.is_in_the_way.then(|| {
        view! {
            <div class="field">
                <label for="over">"Or let them overlap, because"</label>
                <p class="hint" id="over-hint">"Only if you mean it. The reason is kept with the session."</p>
                <input id="over" name="over" type="text" maxlength=LONGEST_REMARK value=typed.over.clone() aria-describedby="over-hint" />
            </div>
        }
    });
    view! {
        <section class="stack">
            <h2>"Move it"</h2>
            <form class="form" method="post" action=format!("/admin/bookings/{}/move", one.row.booking.id)>
                <div class="pair">
                    <div class="field">
                        <label for="move-date">"Day"</label>
                        <input id="move-date" name="move-date" type="date" value=typed.date.clone() />
                    </div>
                    <div class=class>
                        <label for="move-time">"Time"</label>
                        {problem.map(|problem| view! { <p class="error" id="move-time-error">{problem}</p> })}
                        <input id="move-time" name="move-time" type="time" value=typed.time.clone() aria-invalid=invalid />
                    </div>
                </div>
                {nearest}
                {over}
                <p class="hint">"Notice and hours do not bind you; what is in the way does. They are told once, after the usual few minutes."</p>
                <p><button class="button quiet">"Move"</button></p>
            </form>
        </section>
    }
}

fn cancel_form(one: &OneBooking, typed: &Typed) -> impl IntoView + use<> {
    let reason = TextArea {
        id: "reason",
        label: "Why, for your own records",
        hint: Some("They are told that it is cancelled, not why."),
        rows: 2,
        longest: LONGEST_REASON,
        is_required: false,
        value: typed.reason.clone(),
    };
    view! {
        <section class="stack">
            <h2>"Cancel it"</h2>
            <form class="form" method="post" action=format!("/admin/bookings/{}/cancel", one.row.booking.id)>
                {text_area(reason, &typed.problems)}
                <p class="hint">"When the practice cancels, it costs them nothing."</p>
                <p><button class="button danger">"Cancel the session"</button></p>
            </form>
        </section>
    }
}

fn step_line(step: &Step, zone: &ZoneTable) -> impl IntoView + use<> {
    let what = step.step.0.words();
    let who = Some(step.by_whom.0.words()).filter(|who| !who.is_empty());
    let was = step.was_at.map(|at| format!("; it was on {}", words::short_moment(at, zone)));
    let note = step.note.clone().map(|note| view! { <br /><span class="soft small">"“"{note}"”"</span> });
    view! {
        <li>{what}{who}{was}<br /><span class="soft small">{pieces::dated(step.at, zone)}</span>{note}</li>
    }
}
