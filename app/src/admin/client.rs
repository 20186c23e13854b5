//! One client: contact, how things got here, sessions, and the decision.

pub mod account;
pub mod book;
pub mod prices;

use self::account::{ClientAccount, Drawn, Package, TypedAccount};
use self::book::{BookType, Room, TypedBooking};
use super::clients::stage_badge;
use super::decision::{self, Decision, decision};
use super::desk::DeskBooking;
use super::record::{ClientIntake, intake};
use super::stage::{self, actions};
use crate::api::schema::{Shared, schema};
use crate::api::zone::{Zone, table};
use crate::ui::pieces::{self, Notice, badge, dial, paragraphs};
use leptos::prelude::*;
use shared::ids::ClientId;
use shared::stage::{Move, Mover, Refusal, Stage, Standing};
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// Which client is asked for.
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct ClientVariables {
    /// The zone of the practice.
    pub zone: String,
    /// The client.
    pub id: ClientId,
}

/// What the page of a client asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ClientVariables")]
pub struct ClientQuery {
    /// The practice.
    pub practice: super::today::TodayPractice,
    /// The zone of the practice.
    #[arguments(name: $zone)]
    pub time_zone: Option<Zone>,
    /// Whoever is signed in.
    pub viewer: ClientViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "ClientVariables")]
pub struct ClientViewer {
    /// Her desk.
    pub therapist: Option<ClientDesk>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "ClientVariables")]
pub struct ClientDesk {
    /// What a letter with referrals begins as.
    pub referral_letter: String,
    /// The client.
    #[arguments(id: $id)]
    pub client: Option<ClientRecord>,
}

/// The sessions of a client; asked for once the client is known to be there.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ClientVariables")]
pub struct SessionsQuery {
    /// What can be booked.
    pub session_types: Vec<BookType>,
    /// Whoever is signed in.
    pub viewer: SessionsViewer,
}

/// Whoever is signed in.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer", variables = "ClientVariables")]
pub struct SessionsViewer {
    /// The practice, with its rooms.
    pub practice: Option<RoomsDesk>,
    /// Her desk.
    pub therapist: Option<SessionsDesk>,
}

/// The rooms of the practice.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "PracticeDesk")]
pub struct RoomsDesk {
    /// In its order.
    pub rooms: Vec<Room>,
}

/// The therapist's desk.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "TherapistDesk", variables = "ClientVariables")]
pub struct SessionsDesk {
    /// The client's sessions, latest first.
    #[arguments(id: $id, first: 20)]
    pub bookings_of_client: ClientSessions,
    /// What the client accepted and answered.
    #[arguments(id: $id)]
    pub intake_of_client: ClientIntake,
    /// The client's account.
    #[arguments(id: $id)]
    pub account_of_client: ClientAccount,
    /// The packages on sale.
    pub packages: Vec<Package>,
}

/// The latest sessions of a client.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "BookingConnection")]
pub struct ClientSessions {
    /// Latest first.
    pub nodes: Vec<DeskBooking>,
}

/// A client of the therapist.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Client")]
pub struct ClientRecord {
    /// Which.
    pub id: ClientId,
    /// Where the relationship is.
    pub stage: Shared<Stage>,
    /// Since when.
    pub stage_since: Instant,
    /// Until when they come back from a break without a call.
    pub returns_until: Option<Instant>,
    /// Where things stand.
    pub now: String,
    /// What comes next.
    pub next: String,
    /// Whether a decision can be taken.
    pub can_decide: bool,
    /// From when on it can be, while the call has not begun.
    pub decides_from: Option<Instant>,
    /// Until when the decision can be taken back as if nothing had happened.
    pub decision_waits_until: Option<Instant>,
    /// What can be done with a button.
    pub moves: Vec<Shared<Move>>,
    /// How to reach them.
    pub contact: Contact,
    /// How the relationship got here.
    pub history: Vec<StageMove>,
    /// The letter with referrals.
    pub letter: Option<String>,
}

/// How to reach a person.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Contact {
    /// What to call them.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// Where to call them.
    pub phone: String,
    /// The zone they read times in.
    pub time_zone: String,
}

/// One move from stage to stage.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct StageMove {
    /// Where it went.
    pub to: Shared<Stage>,
    /// When.
    pub at: Instant,
    /// What happened.
    pub words: Option<String>,
    /// On whose side.
    pub by: Shared<Mover>,
    /// Who made it, by name.
    pub actor: Option<String>,
}

impl StageMove {
    /// Who made it, at the end of a line.
    fn who(&self) -> String {
        match (&self.actor, self.by.0) {
            (Some(name), _) => format!("by {name}"),
            (None, Mover::Client) => "by the client".to_owned(),
            (None, Mover::Therapist) => "by the practice".to_owned(),
            (None, Mover::System) => "by itself".to_owned(),
        }
    }
}

/// Everything the page is drawn from.
pub struct ClientPage {
    /// The client.
    pub client: ClientRecord,
    /// What belongs to them: sessions, intake, account.
    pub theirs: Option<SessionsDesk>,
    /// What can be booked, and where.
    pub bookable: (Vec<BookType>, Vec<Room>),
    /// What was typed into the form for a session.
    pub booking: TypedBooking,
    /// What was typed into the forms of prices and packages.
    pub account: TypedAccount,
    /// The practice's clock.
    pub now: Instant,
    /// The zone of the practice.
    pub zone: ZoneTable,
    /// What was typed, and what is wrong with it.
    pub decision: Decision,
    /// What was typed at the end of the work, and what is wrong with it.
    pub stage: stage::Typed,
    /// What was just done.
    pub notice: Option<Notice>,
}

/// The zone of an answer.
pub fn zone(answer: &ClientQuery) -> ZoneTable {
    table(answer.time_zone.as_ref())
}

/// Draws the page.
pub fn page(page: ClientPage) -> AnyView {
    let ClientPage { client, theirs, bookable, booking, account, now, zone, decision: typed, stage: ending, notice } =
        page;
    let (types, rooms) = bookable;
    let name = client.contact.name.clone();
    let since = words::full_day(zone.civil(client.stage_since).date);
    let choice = client.can_decide.then(|| decision(client.id, &name, typed).into_any());
    let not_yet = client.decides_from.map(|from| decision::not_yet(&name, from, &zone));
    let letter = client.letter.as_deref().map(|letter| {
        view! { <section class="stack"><h2>"The letter you left"</h2><div class="prose serif">{paragraphs(letter)}</div></section> }
    });
    let mut moves: Vec<Move> = client.moves.iter().map(|step| step.0).collect();
    // While nobody knows of it, the offer to take it back stands on top.
    moves.retain(|step| *step != Move::TakeBack || client.decision_waits_until.is_none());
    let standing = Standing {
        stage: client.stage.0,
        since: client.stage_since,
        returns_until: client.returns_until,
        now,
        news: None,
    };
    let next = match standing.break_ends() {
        Some(until) if now <= until => {
            format!("May come back without a discovery call until {}.", words::full_day(zone.civil(until).date))
        }
        Some(_) => Refusal::TooLongAway.words(),
        None => client.next.clone(),
    };
    // Each part stands for itself: a view of all of them, moved as one, is too much for the stack of a thread.
    let book = book::form(client.id, &name, standing, (&types, &rooms), booking, &zone).map(IntoAny::into_any);
    let place = standing.stage.opens_paid_sessions().then(|| {
        view! { <p><a href=format!("/admin/series?client={}#new-place", client.id)>"Keep a standing place for them"</a></p> }
    });
    let back = stage::take_back(client.id, &name, client.stage.0, client.decision_waits_until, &zone);
    let bookings = theirs.as_ref().map(|theirs| theirs.bookings_of_client.nodes.as_slice()).unwrap_or_default();
    let all = (!bookings.is_empty()).then(|| {
        view! { <p><a href=format!("/admin/bookings?days=any&client={}", client.id)>"All their sessions, to filter"</a></p> }
    });
    let filled = theirs.as_ref().and_then(|theirs| intake(&theirs.intake_of_client, &zone)).map(IntoAny::into_any);
    let money = theirs.as_ref().map(|theirs| {
        let drawn = Drawn {
            client: client.id,
            account: &theirs.account_of_client,
            on_sale: &theirs.packages,
            types: &types,
            typed: account,
            zone: &zone,
        };
        let money = account::money(client.id, &theirs.account_of_client, &zone).into_any();
        [prices::prices(drawn).into_any(), money]
    });
    view! {
        <div class="desk-head">
            <div><p class="soft"><a href="/admin/clients">"Clients"</a></p><h1>{name}</h1></div>
            {stage_badge(client.stage.0, client.now.clone())}
        </div>
        <div class="desk-cols">
            <div class="stack">
                {back} {choice} {not_yet}
                <section class="stack"><h2>"Sessions"</h2>{sessions(bookings, now, &zone)}{all}{book}{place}</section>
                {letter}
                {filled}
                {money}
                {actions(client.id, &client.contact.name, &moves, ending).into_any()}
            </div>
            <aside>
                <section><h2>"Contact"</h2>{contact(client.contact, &zone)}</section>
                <section>
                    <h2>"How things got here"</h2>
                    <p class="soft small">"Since "{since}". "{next}</p>
                    <ol class="rows bare">{client.history.iter().rev().map(|it| moved(it, &zone)).collect::<Vec<_>>()}</ol>
                </section>
            </aside>
        </div>
        {pieces::notice(notice)}
    }
    .into_any()
}

fn moved(step: &StageMove, zone: &ZoneTable) -> impl IntoView + use<> {
    let words = step.words.clone().unwrap_or_else(|| step.to.0.for_therapist().now.to_owned());
    view! { <li>{words}<br /><span class="soft small">{pieces::dated(step.at, zone)}", "{step.who()}</span></li> }
}

fn contact(contact: Contact, zone: &ZoneTable) -> impl IntoView + use<> {
    let elsewhere = (contact.time_zone != zone.name)
        .then(|| view! { <div><dt>"Reads times in"</dt><dd>{words::city(&contact.time_zone)}</dd></div> });
    let phone = (!contact.phone.is_empty()).then(|| {
        view! { <div><dt>"Phone"</dt><dd><a href=dial(&contact.phone)>{contact.phone.clone()}</a></dd></div> }
    });
    view! {
        <dl class="facts">
            <div><dt>"Email"</dt><dd><a href=format!("mailto:{}", contact.email)>{contact.email.clone()}</a></dd></div>
            {phone}
            {elsewhere}
        </dl>
    }
}

/// What somebody said when they called a session off.
fn why(booking: &DeskBooking) -> Option<impl IntoView + use<>> {
    let words = booking.cancel_reason.clone()?;
    Some(view! { <br /><span class="soft small">"“"{words}"”"</span> })
}

fn sessions(bookings: &[DeskBooking], now: Instant, zone: &ZoneTable) -> AnyView {
    if bookings.is_empty() {
        return view! { <p class="soft">"No sessions yet."</p> }.into_any();
    }
    let row = |booking: &DeskBooking| {
        let session = &booking.booking;
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/admin/bookings/{}", session.id)>{pieces::listed(session.starts_at, now, zone)}</a>
                </th>
                <td>{booking.details()}{why(booking)}</td>
                <td>{badge(session.status.0, session.ends_at, now)}</td>
            </tr>
        }
    };
    view! {
        <div class="scroll">
            <table class="table stacks">
                <caption>"Latest first. "{words::city(&zone.name)}" time."</caption>
                <thead>
                    <tr><th scope="col">"When"</th><th scope="col">"What"</th><th scope="col">"Status"</th></tr>
                </thead>
                <tbody>{bookings.iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
