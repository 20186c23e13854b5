//! A time that is kept for one person: keeping it, giving it back, and giving it to them.

use super::book_session::begin_care;
use super::place::{self, Guest, NewSession};
use super::steps::Doer;
use super::store::{self, NewOccupancy};
use super::{Booking, Slot, slot, timetable};
use crate::app::App;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::accounts::{self, User};
use crate::features::clients::{self, Client};
use crate::features::money::prices::{self, Quote};
use crate::features::practice::{Catalogue, SessionType, zones};
use shared::actor::Role;
use shared::booking::BookingSource;
use shared::ids::{BookingId, ClientId, OccupancyId, TherapistId, UserId};
use shared::money::Money;
use shared::practice::Gate;
use shared::price::{self, PriceSource};
use shared::slots::{DateSpan, OccupiedKind, offered};
use shared::stage::Stage;
use shared::time::{Instant, TimeRange};
use shared::waitlist::Wish;
use shared::zone::ZoneTable;
use std::sync::Arc;

/// A slot to keep for one person.
#[derive(Debug, Clone)]
pub struct Keep {
    /// The row that keeps it.
    pub id: OccupancyId,
    /// With whom.
    pub therapist_id: TherapistId,
    /// When the session begins.
    pub starts_at: Instant,
    /// Until when it is kept.
    pub until: Instant,
    /// The hash of a secret nobody has: the slot is theirs by name.
    pub secret: Vec<u8>,
    /// For whom or what.
    pub held_by: String,
}

/// Keeps a slot, inside a write that has found it free.
pub async fn keep(tx: &mut Tx, session_type: &SessionType, keep: Keep, now: Instant) -> Result<OccupancyId> {
    let (session, blocked) = slot::ranges(session_type, keep.starts_at);
    slot::clear_holds(tx, keep.therapist_id, blocked, now).await?;
    let row = NewOccupancy {
        id: keep.id,
        kind: OccupiedKind::Hold,
        therapist_id: keep.therapist_id,
        client_id: None,
        room_id: place::room(tx, session_type, None, blocked, now).await?,
        booking_id: None,
        session_type_id: Some(session_type.id),
        blocked,
        session,
        hold: Some((keep.secret, keep.held_by, keep.until)),
        note: None,
        override_reason: None,
    };
    slot::take(tx, row, now).await?;
    Ok(keep.id)
}

/// Gives a kept slot back to everybody.
pub async fn give_back(tx: &mut Tx, app: &App, id: OccupancyId, therapist_id: TherapistId) -> Result<()> {
    slot::free(tx, app, id, therapist_id).await
}

/// Takes a kept slot away so that its session can stand in its place, in the same write.
pub async fn use_up(tx: &mut Tx, id: OccupancyId, therapist_id: TherapistId) -> Result<()> {
    slot::use_up(tx, id, therapist_id).await
}

/// Whether somebody has another session in a stretch of time, `except` one that would move.
pub async fn is_client_busy(
    tx: &mut Tx,
    client: ClientId,
    range: TimeRange,
    except: Option<BookingId>,
) -> Result<bool> {
    Ok(store::client_occupied(tx, client, range, except).await? > 0)
}

/// Who books a session that is not chosen from the calendar.
#[derive(Debug, Clone, Copy)]
pub struct Deal {
    /// With whom.
    pub therapist_id: TherapistId,
    /// When it begins.
    pub starts_at: Instant,
    /// How it came about.
    pub source: BookingSource,
    /// Who does it.
    pub doer: Doer,
    /// Whether what the session type asks for beforehand must be paid first.
    pub asks_payment: bool,
    /// The price that was shown. If it is another one by now, nothing is booked.
    pub shown_price: Option<Money>,
}

/// What a session costs a client that is not chosen from the calendar, and what of it is paid first.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// All of it.
    pub price: Money,
    /// What is paid before it is confirmed.
    pub due_now: Money,
}

/// What a session costs a client, said before they take it.
pub async fn cost(
    conn: &mut Conn,
    app: &App,
    catalogue: &Catalogue,
    client: &Client,
    session_type: &SessionType,
    starts_at: Instant,
) -> Result<Cost> {
    let quote = quote(conn, app, catalogue, client, session_type, starts_at).await?;
    let due_now = if app.takes_cards() { due(&quote, session_type) } else { 0 };
    Ok(Cost { price: quote.price.money, due_now: Money { amount: due_now, ..quote.price.money } })
}

async fn quote(
    conn: &mut Conn,
    app: &App,
    catalogue: &Catalogue,
    client: &Client,
    session_type: &SessionType,
    starts_at: Instant,
) -> Result<Quote> {
    if session_type.gate == Gate::Discovery {
        return Ok(Quote::list(session_type));
    }
    let day = zones::find("startsAt", &catalogue.practice.time_zone, app.clock.now())?.civil(starts_at).date;
    prices::quote(conn, client, session_type, day, starts_at).await
}

fn due(quote: &Quote, session_type: &SessionType) -> i64 {
    match quote.price.source {
        PriceSource::Package => 0,
        _ => price::due_now(quote.price.money, session_type.prepay, session_type.deposit_amount).amount,
    }
}

/// Puts a session in a client's calendar that both sides have agreed to.
pub async fn book_for(
    tx: &mut Tx,
    app: &Arc<App>,
    catalogue: &Catalogue,
    client: &Client,
    session_type: &SessionType,
    deal: Deal,
) -> Result<Booking> {
    let now = app.clock.now();
    let user = accounts::user_in(tx, client.user_id).await?;
    let quote = quote(tx, app, catalogue, client, session_type, deal.starts_at).await?;
    Error::unless_fine(price::changed(deal.shown_price, quote.price.money).into_iter().collect())?;
    let due = due(&quote, session_type);
    let minutes = i64::from(catalogue.practice.settings.payment_minutes);
    let asks = deal.asks_payment && due > 0 && app.takes_cards();
    let new = NewSession {
        session_type: session_type.clone(),
        therapist_id: deal.therapist_id,
        client_id: Some(client.id),
        guest: Guest::from(&user),
        starts_at: deal.starts_at,
        room: None,
        source: deal.source,
        quote,
        prepayment: asks.then(|| (due, now.plus_minutes(minutes))),
        series: None,
        doer: deal.doer,
        override_reason: None,
        booked_by: None,
        tells: true,
    };
    let booking = place::put(tx, app, &catalogue.practice, new).await?;
    if session_type.gate == Gate::Clients {
        begin_care(tx, app, client).await?;
    }
    Ok(booking)
}

/// Whether nothing is in a therapist's calendar in a stretch of time.
pub async fn is_free(tx: &mut Tx, therapist: TherapistId, range: TimeRange, now: Instant) -> Result<bool> {
    Ok(store::is_free(tx, therapist, None, range, now).await?)
}

/// Somebody without an account, as they said who they are.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What to call them.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// The number to call.
    pub phone: String,
    /// The zone they read times in.
    pub time_zone: String,
}

/// Puts a first call in the calendar for somebody without an account. An address nobody has becomes a client; one that
/// somebody has stays unattached until they sign in.
pub async fn book_for_visitor(
    tx: &mut Tx,
    app: &Arc<App>,
    catalogue: &Catalogue,
    visitor: Visitor,
    session_type: &SessionType,
    deal: Deal,
) -> Result<Booking> {
    let canonical = visitor.email.to_ascii_lowercase();
    let client_id = match accounts::user_by_address(tx, &canonical).await? {
        Some(_) => None,
        None => {
            let user = User {
                id: UserId(app.clock.new_id()),
                email: visitor.email.clone(),
                name: visitor.name.clone(),
                phone: visitor.phone.clone(),
                time_zone: visitor.time_zone.clone(),
                role: Role::Client,
                email_proven_at: None,
                disabled_at: None,
            };
            accounts::add_user(tx, &user, app.clock.now()).await?;
            let stage = Stage::DiscoveryBooked;
            Some(clients::begin(tx, &app.clock, &app.keys, user.id, deal.therapist_id, stage).await?.id)
        }
    };
    let Visitor { name, email, phone, time_zone } = visitor;
    let new = NewSession {
        session_type: session_type.clone(),
        therapist_id: deal.therapist_id,
        client_id,
        guest: Guest { name, email, phone, time_zone },
        starts_at: deal.starts_at,
        room: None,
        source: deal.source,
        quote: Quote::list(session_type),
        prepayment: None,
        series: None,
        doer: deal.doer,
        override_reason: None,
        booked_by: None,
        tells: true,
    };
    place::put(tx, app, &catalogue.practice, new).await
}

/// A few free starts that suit a wish, earliest first.
pub async fn suggestions(
    app: &App,
    session_type: &SessionType,
    therapists: &[TherapistId],
    wish: &Wish,
    zone: &ZoneTable,
    count: usize,
) -> Result<Vec<Slot>> {
    let (rules, now) = (session_type.rules(), app.clock.now());
    let mut found = Vec::new();
    for &therapist_id in therapists {
        let timetable = timetable::remembered(app, therapist_id).await?;
        let today = timetable.zone.civil(now).date;
        let span = DateSpan::new(today, today.plus_days(SUGGESTED_DAYS))
            .map_err(|problem| Error::Refused(vec![problem.into()]))?;
        let starts = offered(&timetable, &rules, span, now);
        let fitting = starts.into_iter().filter(|&at| wish.fits(at, session_type.modality, zone));
        found.extend(fitting.take(count).map(|starts_at| Slot {
            starts_at,
            ends_at: starts_at.plus_minutes(session_type.minutes),
            therapist_id,
        }));
    }
    found.sort_by_key(|slot| slot.starts_at);
    found.truncate(count);
    Ok(found)
}

/// So many days ahead are looked through for suggestions.
const SUGGESTED_DAYS: i64 = 28;
