//! Every movement of money and package units, in entries that sum to zero.

use super::store;
use crate::app::App;
use crate::clock::Clock;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use shared::ids::{BookingId, ClientId, MovementId, PaymentId, PurchaseId, UserId};
use shared::ledger::{Account, Entry, EntryKind, Unit, is_balanced};
use shared::money::{Currency, Money};
use shared::payment::PaidFor;
use shared::time::Instant;

/// A movement about to be stored.
#[derive(Debug, Clone)]
pub struct Posting {
    /// Whose account.
    pub client_id: ClientId,
    /// What it is.
    pub kind: EntryKind,
    /// Its entries; none for a movement of nothing.
    pub entries: Vec<Entry>,
    /// The booking it is about.
    pub booking_id: Option<BookingId>,
    /// The package it is about.
    pub purchase_id: Option<PurchaseId>,
    /// The payment it is about.
    pub payment_id: Option<PaymentId>,
    /// Who did it; absent when the system did.
    pub actor: Option<UserId>,
    /// Why, in words for the practice.
    pub note: Option<String>,
    /// When; absent for now.
    pub at: Option<Instant>,
}

impl Posting {
    /// A movement of a client's account, about nothing in particular.
    pub fn of(client_id: ClientId, kind: EntryKind, entries: Vec<Entry>) -> Self {
        Posting {
            client_id,
            kind,
            entries,
            booking_id: None,
            purchase_id: None,
            payment_id: None,
            actor: None,
            note: None,
            at: None,
        }
    }

    /// The same movement, about a booking.
    pub fn about(self, booking: BookingId) -> Self {
        Posting { booking_id: Some(booking), ..self }
    }

    /// The same movement, done by somebody.
    pub fn by(self, actor: Option<UserId>) -> Self {
        Posting { actor, ..self }
    }
}

/// One line of a statement: what a movement did to what the client owes.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Line {
    /// Which movement.
    pub movement_id: MovementId,
    /// What it was.
    pub kind: EntryKind,
    /// What it added to what is owed, in minor units; money that came in is below zero.
    pub amount: i64,
    /// The ISO code of its currency.
    pub unit: String,
    /// The booking it is about.
    pub booking_id: Option<BookingId>,
    /// When that session begins.
    pub session_at: Option<Instant>,
    /// When.
    pub at: Instant,
}

impl Line {
    /// What it added to what is owed; nothing for what is not counted in money.
    pub fn money(&self) -> Option<Money> {
        Some(Money { amount: self.amount, currency: currency_of(&self.unit)? })
    }

    /// Whether it asks for money.
    fn is_charge(&self) -> bool {
        self.amount > 0 && matches!(self.kind, EntryKind::Charge | EntryKind::Fee | EntryKind::PackageSale)
    }

    /// Whether it takes back what was charged, or lets go of it.
    fn takes_back(&self) -> bool {
        self.amount < 0 && matches!(self.kind, EntryKind::Charge | EntryKind::Waiver | EntryKind::PackageEnd)
    }
}

/// A sum in one unit.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Sum {
    pub(super) unit: String,
    pub(super) amount: i64,
}

/// Stores a movement. One that does not sum to zero is a fault of ours and stores nothing.
pub async fn post(tx: &mut Tx, clock: &Clock, posting: Posting) -> Result<()> {
    post_under(tx, clock, MovementId(clock.new_id()), posting).await
}

/// Stores a movement under an id that is known beforehand, for whoever writes its bill at once.
pub async fn post_under(tx: &mut Tx, clock: &Clock, movement: MovementId, posting: Posting) -> Result<()> {
    if !is_balanced(&posting.entries) {
        return Err(Error::internal("a movement does not sum to zero"));
    }
    let at = posting.at.unwrap_or_else(|| clock.now());
    for (position, entry) in (0..).zip(&posting.entries) {
        store::insert_entry(tx, movement, position, &posting, entry, at).await?;
    }
    Ok(())
}

/// What a client owes, by currency; below zero it is their credit. Nothing where nothing is open.
pub async fn balance(conn: &mut Conn, client: ClientId) -> Result<Vec<Money>> {
    Ok(money(store::owed_by_client(conn, client).await?))
}

/// What is open for one booking, by currency: what it was charged less what was paid for it.
pub async fn open_for_booking(conn: &mut Conn, booking: BookingId) -> Result<Vec<Money>> {
    Ok(money(store::owed_for_booking(conn, booking).await?))
}

/// What is open for one package, by currency.
pub async fn open_for_purchase(conn: &mut Conn, purchase: PurchaseId) -> Result<Vec<Money>> {
    Ok(money(store::owed_for_purchase(conn, purchase).await?))
}

/// What is open for a session or a package, by currency.
pub async fn open_for(conn: &mut Conn, what: PaidFor) -> Result<Vec<Money>> {
    match what {
        PaidFor::Session(booking) => open_for_booking(conn, booking).await,
        PaidFor::Package(purchase) => open_for_purchase(conn, purchase).await,
    }
}

/// What is open for a session or a package, for showing.
pub async fn open(app: &App, what: PaidFor) -> Result<Vec<Money>> {
    open_for(&mut app.db.read().await?, what).await
}

/// A client's statement, newest first. A session that ended by itself and was missed after all was charged and taken back:
/// the ledger keeps both, the statement neither.
pub async fn statement(app: &App, client: ClientId, limit: i64) -> Result<Vec<Line>> {
    Ok(store::lines(&mut app.db.read().await?, client, limit).await?)
}

/// What came for one charge of a session or a package, went back, was let go or taken back, oldest first: everything but
/// charges. A session that was missed after all is charged anew: then what was paid is paid for that, and of the charge
/// before it only its taking back is told. Without a charge it is the last.
pub async fn settlements(app: &App, what: PaidFor, charge: Option<MovementId>) -> Result<Vec<Line>> {
    let lines = lines_about(app, what).await?;
    let own = charge.and_then(|id| lines.iter().position(|line| line.is_charge() && line.movement_id == id));
    let next = own.and_then(|own| after(&lines, own));
    let settles = |place: usize, line: &Line| match (own, next) {
        (Some(own), Some(next)) => own < place && place < next && line.takes_back(),
        _ => !line.is_charge() && (line.kind != EntryKind::Charge || own.is_none_or(|own| own < place)),
    };
    Ok(lines.into_iter().enumerate().filter(|(place, line)| settles(*place, line)).map(|(_, line)| line).collect())
}

/// What is still open of one charge of a session or a package, by currency: nothing once another has taken its place.
pub async fn open_of(app: &App, what: PaidFor, charge: Option<MovementId>) -> Result<Vec<Money>> {
    let lines = lines_about(app, what).await?;
    let own = charge.and_then(|id| lines.iter().position(|line| line.is_charge() && line.movement_id == id));
    match own.and_then(|own| after(&lines, own)) {
        Some(_) => Ok(Vec::new()),
        None => open(app, what).await,
    }
}

/// The place of the next charge after one.
fn after(lines: &[Line], own: usize) -> Option<usize> {
    (own + 1..lines.len()).find(|place| lines[*place].is_charge())
}

async fn lines_about(app: &App, what: PaidFor) -> Result<Vec<Line>> {
    let mut conn = app.db.read().await?;
    Ok(match what {
        PaidFor::Session(booking) => store::lines_of_booking(&mut conn, booking).await?,
        PaidFor::Package(purchase) => store::lines_of_purchase(&mut conn, purchase).await?,
    })
}

/// What was let go of one booking in one currency, in minor units.
pub async fn waived_for_booking(conn: &mut Conn, booking: BookingId, currency: Currency) -> Result<i64> {
    let sums = received(conn, booking, Account::Waived).await?;
    Ok(sums.into_iter().find(|sum| sum.currency == currency).map_or(0, |sum| sum.amount))
}

/// How much of a price still stands on the account of a booking's client: what was let go of it does not.
pub async fn still_charged(conn: &mut Conn, booking: BookingId, price: Money) -> Result<Money> {
    let income = received(conn, booking, Account::Income).await?;
    // What a client owes has left the account of what the practice earns.
    let charged = income.into_iter().find(|sum| sum.currency == price.currency).map_or(0, |sum| -sum.amount);
    let let_go = waived_for_booking(conn, booking, price.currency).await?;
    Ok(Money { amount: (charged - let_go).clamp(0, price.amount.max(0)), ..price })
}

/// What every unit of the ledger sums to, for `doctor` and the tests: nothing but zeros.
pub async fn is_sound(conn: &mut Conn) -> Result<bool> {
    Ok(store::unbalanced(conn).await? == 0)
}

/// Everything received into one account and not given back, by currency.
pub async fn received(conn: &mut Conn, booking: BookingId, account: Account) -> Result<Vec<Money>> {
    Ok(money(store::in_account(conn, booking, account).await?))
}

/// What came from a client for one booking, in whatever way, and has not gone back, by currency.
pub async fn paid_for(conn: &mut Conn, client: ClientId, booking: BookingId) -> Result<Vec<Money>> {
    Ok(money(store::paid_for(conn, client, booking).await?))
}

fn money(sums: Vec<Sum>) -> Vec<Money> {
    let money = |sum: Sum| Some(Money { amount: sum.amount, currency: currency_of(&sum.unit)? });
    sums.into_iter().filter(|sum| sum.amount != 0).filter_map(money).collect()
}

/// The currency a unit of the ledger stands for.
pub fn currency_of(unit: &str) -> Option<Currency> {
    Currency::ALL.into_iter().find(|currency| Unit::Of(*currency).code() == unit)
}
