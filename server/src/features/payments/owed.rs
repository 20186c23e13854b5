//! What is owed: by the ledger for what was charged, by the agreed price for what is still to come.

use super::store;
use crate::app::App;
use crate::db::Conn;
use crate::error::Result;
use crate::features::bookings::Booking;
use crate::features::money::ledger::{self, currency_of};
use crate::features::money::purchases::Purchase;
use shared::booking::BookingStatus;
use shared::ids::{BookingId, ClientId, PurchaseId, TherapistId};
use shared::money::Money;
use shared::time::{Date, Instant};

/// A session that is to be paid: one that was charged and not paid, or one that waits for its payment.
#[derive(Debug, Clone)]
pub struct Owed {
    /// Which session.
    pub booking_id: BookingId,
    /// The number people can say on the phone.
    pub reference: String,
    /// Whose.
    pub client_id: ClientId,
    /// Whose, by name.
    pub client_name: String,
    /// What became of the session.
    pub status: BookingStatus,
    /// When it began.
    pub starts_at: Instant,
    /// When it ended.
    pub ends_at: Instant,
    /// The day on the practice's calendar.
    pub local_date: Date,
    /// What is open.
    pub money: Money,
    /// Until when its time is kept, for one that waits for its payment.
    pub pay_until: Option<Instant>,
    /// Whether the client has said that a transfer is on its way.
    pub is_announced: bool,
}

/// A package that is not paid.
#[derive(Debug, Clone)]
pub struct OwedPackage {
    /// Which.
    pub purchase_id: PurchaseId,
    /// What it is called.
    pub name: String,
    /// Whose.
    pub client_id: ClientId,
    /// Whose, by name.
    pub client_name: String,
    /// When it was sold.
    pub bought_at: Instant,
    /// What is open.
    pub money: Money,
    /// Whether the client has said that a transfer is on its way.
    pub is_announced: bool,
}

/// A row of [`OwedPackage`].
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct OwedPackageRow {
    purchase_id: PurchaseId,
    name: String,
    client_id: ClientId,
    client_name: String,
    bought_at: Instant,
    unit: String,
    amount: i64,
    announced: i64,
}

/// A row of [`Owed`].
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct OwedRow {
    booking_id: BookingId,
    reference: String,
    client_id: ClientId,
    client_name: String,
    status: BookingStatus,
    starts_at: Instant,
    ends_at: Instant,
    local_date: Date,
    unit: String,
    amount: i64,
    pay_until: Option<Instant>,
    announced: i64,
}

/// What a client is to pay, session by session: what waits for its payment first, then what is owed, oldest first.
pub async fn of_client(app: &App, client: ClientId) -> Result<Vec<Owed>> {
    let mut conn = app.db.read().await?;
    let mut rows = store::waiting_of_client(&mut conn, client).await?;
    rows.extend(store::owed_by_client(&mut conn, client).await?);
    Ok(read(rows))
}

/// A client's packages that are not paid, oldest first.
pub async fn packages_of_client(app: &App, client: ClientId) -> Result<Vec<OwedPackage>> {
    Ok(read_packages(store::owed_packages_of_client(&mut app.db.read().await?, client).await?))
}

/// Packages of a therapist's clients that are not paid, oldest first.
pub async fn packages_of_therapist(app: &App, therapist: TherapistId) -> Result<Vec<OwedPackage>> {
    Ok(read_packages(store::owed_packages_of_therapist(&mut app.db.read().await?, therapist).await?))
}

/// Sessions of a therapist that took place, or cost a fee, and were not paid, oldest first.
pub async fn overdue(app: &App, therapist: TherapistId) -> Result<Vec<Owed>> {
    Ok(read(store::overdue_of_therapist(&mut app.db.read().await?, therapist).await?))
}

/// What there is to pay for a session now. Before its payment has confirmed it, that is what must be paid for that; before
/// it has taken place, what is left of its price; after that, what the ledger says.
pub async fn for_booking(conn: &mut Conn, booking: &Booking) -> Result<Money> {
    let open = ledger::open_for_booking(conn, booking.id).await?;
    let price = booking.agreed_price();
    let open = open.into_iter().find(|money| money.currency == price.currency).map_or(0, |money| money.amount);
    let amount = match booking.status {
        BookingStatus::PendingPayment => booking.due_now + open,
        BookingStatus::Confirmed => price.amount + open,
        BookingStatus::Completed | BookingStatus::NoShow | BookingStatus::Cancelled | BookingStatus::Expired => open,
    };
    Ok(Money { amount: amount.max(0), ..price })
}

/// What there is to pay for a package now.
pub async fn for_purchase(conn: &mut Conn, purchase: &Purchase) -> Result<Money> {
    let open = ledger::open_for_purchase(conn, purchase.id).await?;
    let amount = open.into_iter().find(|money| money.currency == purchase.price_currency).map_or(0, |it| it.amount);
    Ok(Money { amount: amount.max(0), ..purchase.price() })
}

fn read_packages(rows: Vec<OwedPackageRow>) -> Vec<OwedPackage> {
    let one = |row: OwedPackageRow| {
        Some(OwedPackage {
            money: Money { amount: row.amount, currency: currency_of(&row.unit)? },
            purchase_id: row.purchase_id,
            name: row.name,
            client_id: row.client_id,
            client_name: row.client_name,
            bought_at: row.bought_at,
            is_announced: row.announced > 0,
        })
    };
    rows.into_iter().filter_map(one).collect()
}

fn read(rows: Vec<OwedRow>) -> Vec<Owed> {
    let one = |row: OwedRow| {
        Some(Owed {
            money: Money { amount: row.amount, currency: currency_of(&row.unit)? },
            booking_id: row.booking_id,
            reference: row.reference,
            client_id: row.client_id,
            client_name: row.client_name,
            status: row.status,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            local_date: row.local_date,
            pay_until: row.pay_until,
            is_announced: row.announced > 0,
        })
    };
    rows.into_iter().filter_map(one).collect()
}
