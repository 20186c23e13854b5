//! Packages of sessions: sold as a whole, used unit by unit, valid for a while.

use super::ledger::{self, Posting};
use super::store;
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::accounts::Viewer;
use crate::features::clients::Client;
use crate::features::practice;
use crate::idempotency;
use serde::Serialize;
use shared::booking::key_problem;
use shared::ids::{BookingId, ClientId, PackageId, PurchaseId, SessionTypeId, UserId};
use shared::ledger::{EntryKind, add_units, charge, return_unit, use_unit};
use shared::money::{Currency, Money};
use shared::package::OfferPackageInput;
use shared::practice::Gate;
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::sync::Arc;

/// A package a practice sells.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Package {
    /// Which.
    pub id: PackageId,
    /// What its units are for.
    pub session_type_id: SessionTypeId,
    /// What it is called.
    pub name: String,
    /// How many sessions.
    pub units: i64,
    /// For how many days after it was bought.
    pub valid_days: i64,
    /// In minor units.
    pub price_amount: i64,
    /// What it is counted in.
    pub price_currency: Currency,
    /// Whether it is on sale.
    pub visible: bool,
}

impl Package {
    /// What it costs.
    pub fn price(&self) -> Money {
        Money { amount: self.price_amount, currency: self.price_currency }
    }
}

/// A package somebody has.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Purchase {
    /// Which.
    pub id: PurchaseId,
    /// Whose.
    pub client_id: ClientId,
    /// What was bought.
    pub package_id: PackageId,
    /// What it is called.
    pub name: String,
    /// What its units are for.
    pub session_type_id: SessionTypeId,
    /// How many there were.
    pub units: i64,
    /// How many are left.
    pub units_left: i64,
    /// When it was bought.
    pub bought_at: Instant,
    /// Until when units can be used.
    pub expires_at: Instant,
}

impl Purchase {
    /// Whether it can pay for a session that begins at this moment.
    pub fn is_usable_at(&self, at: Instant) -> bool {
        self.units_left > 0 && at < self.expires_at
    }
}

/// The packages on sale, and those that were.
pub async fn all(conn: &mut Conn) -> Result<Vec<Package>> {
    Ok(store::packages(conn).await?)
}

/// The packages on sale, and those that were, for showing.
pub async fn listed(app: &App) -> Result<Vec<Package>> {
    all(&mut app.db.read().await?).await
}

/// The packages on sale now, in the order of the practice.
pub async fn on_sale(app: &App) -> Result<Vec<Package>> {
    let all = store::packages(&mut app.db.read().await?).await?;
    Ok(all.into_iter().filter(|package| package.visible).collect())
}

/// What a client has bought, newest first.
pub async fn of_client(app: &App, client: ClientId) -> Result<Vec<Purchase>> {
    Ok(store::purchases(&mut app.db.read().await?, client).await?)
}

/// The package of a client that pays for a session: the one that runs out first.
pub(super) async fn with_unit(
    conn: &mut Conn,
    client: ClientId,
    session_type: SessionTypeId,
    at: Instant,
) -> Result<Option<Purchase>> {
    Ok(store::purchase_with_unit(conn, client, session_type, at).await?)
}

/// Puts a package on sale.
pub async fn add(tx: &mut Tx, package: &Package, position: i64) -> Result<()> {
    store::insert_package(tx, package, position).await?;
    tx.announce(Event::PracticeChanged);
    Ok(())
}

/// Puts a new package on sale, at the end of the list.
pub async fn offer(app: &Arc<App>, by: UserId, input: OfferPackageInput) -> Result<PackageId> {
    Error::unless_fine(input.problems())?;
    let fingerprint = idempotency::fingerprint(&input)?;
    let scope = app.keys.pseudonym("offerPackage", &by.to_string());
    let catalogue = practice::catalogue(app).await?;
    let no_such = || Error::refused("sessionTypeId", ErrorCode::NotFound, "There is no such session type.");
    let session_type = catalogue.session_type(input.session_type_id).ok_or_else(no_such)?;
    if !session_type.is_offered() || session_type.gate == Gate::Discovery {
        let message = "Packages are of sessions that clients can book. Choose one of those.";
        return Err(Error::refused("sessionTypeId", ErrorCode::NotOffered, message));
    }
    let (shared_app, input) = (app.clone(), Arc::new(input));
    app.db
        .write(move |tx| {
            let (app, input) = (shared_app.clone(), input.clone());
            let (scope, fingerprint) = (scope.clone(), fingerprint.clone());
            Box::pin(async move {
                let (now, key) = (app.clock.now(), input.idempotency_key.as_deref());
                if let Some(earlier) = idempotency::begin(tx, &scope, key, &fingerprint, now).await? {
                    return Ok(earlier);
                }
                let package = Package {
                    id: PackageId(app.clock.new_id()),
                    session_type_id: input.session_type_id,
                    name: input.name.trim().to_owned(),
                    units: input.units,
                    valid_days: input.valid_days,
                    price_amount: input.price_amount,
                    price_currency: input.price_currency,
                    visible: true,
                };
                let position = store::next_position(tx).await?;
                add(tx, &package, position).await?;
                audit::record(tx, now, Some(by), "offer package", Some(package.id.0)).await?;
                idempotency::remember(tx, &scope, key, &package.id).await?;
                Ok(package.id)
            })
        })
        .await
}

/// Takes a package off sale, or puts it on sale again. What was bought stays.
pub async fn set_on_sale(app: &Arc<App>, by: UserId, id: PackageId, is_on_sale: bool) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if store::set_on_sale(tx, id, is_on_sale).await? == 0 {
                    return Err(Error::refused("packageId", ErrorCode::NotFound, "There is no such package."));
                }
                tx.announce(Event::PracticeChanged);
                let deed = if is_on_sale { "offer package again" } else { "retire package" };
                audit::record(tx, now, Some(by), deed, Some(id.0)).await
            })
        })
        .await
}

/// Sells a package to a client.
#[derive(Debug, Clone, Serialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct SellPackageInput {
    /// To whom.
    pub client_id: ClientId,
    /// What.
    pub package_id: PackageId,
    /// Chosen by the caller; the same key with the same input sells once, however often it is sent.
    pub idempotency_key: Option<String>,
}

/// Sells a package to a client: they owe its price and have its units.
pub async fn sell(app: &Arc<App>, by: Viewer, client: &Client, input: SellPackageInput) -> Result<Purchase> {
    let key_problem = input.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
    Error::unless_fine(key_problem.into_iter().collect())?;
    let fingerprint = idempotency::fingerprint(&input)?;
    let scope = app.keys.pseudonym("sellPackage", &by.user_id.to_string());
    let (shared_app, client_id, id) = (app.clone(), client.id, input.package_id);
    let catalogue = practice::catalogue(app).await?;
    app.db
        .write(move |tx| {
            let (app, catalogue, key) = (shared_app.clone(), catalogue.clone(), input.idempotency_key.clone());
            let (fingerprint, scope) = (fingerprint.clone(), scope.clone());
            Box::pin(async move {
                let (now, key) = (app.clock.now(), key.as_deref());
                if let Some(earlier) = idempotency::begin::<PurchaseId>(tx, &scope, key, &fingerprint, now).await? {
                    let known = store::purchases(tx, client_id).await?.into_iter().find(|known| known.id == earlier);
                    return known.ok_or(Error::NotFound);
                }
                let is_offered = |id| catalogue.session_type(id).is_some_and(|it| it.is_offered());
                let package = store::packages(tx).await?.into_iter().find(|package| package.id == id);
                let package = package.filter(|package| package.visible && is_offered(package.session_type_id));
                let no_such = || Error::refused("packageId", ErrorCode::NotFound, "This package is not on sale.");
                let package = package.ok_or_else(no_such)?;
                let purchase = place(tx, &app, client_id, &package, now).await?;
                audit::record(tx, now, Some(by.user_id), "sell package", Some(client_id.0)).await?;
                idempotency::remember(tx, &scope, key, &purchase.id).await?;
                Ok(purchase)
            })
        })
        .await
}

/// Sells a package inside a write.
pub async fn place(tx: &mut Tx, app: &App, client: ClientId, package: &Package, at: Instant) -> Result<Purchase> {
    let purchase = Purchase {
        id: PurchaseId(app.clock.new_id()),
        client_id: client,
        package_id: package.id,
        name: package.name.clone(),
        session_type_id: package.session_type_id,
        units: package.units,
        units_left: package.units,
        bought_at: at,
        expires_at: at.plus_minutes(package.valid_days * 24 * 60),
    };
    store::insert_purchase(tx, &purchase, package.price()).await?;
    let posting =
        |kind, entries| Posting { purchase_id: Some(purchase.id), at: Some(at), ..Posting::of(client, kind, entries) };
    ledger::post(tx, &app.clock, posting(EntryKind::PackageSale, charge(package.price()))).await?;
    ledger::post(tx, &app.clock, posting(EntryKind::PackageSale, add_units(package.units))).await?;
    Ok(purchase)
}

/// Uses a unit for a booking. A unit somebody else of the same client has just used is not there any more.
pub async fn take_unit(tx: &mut Tx, app: &App, client: ClientId, id: PurchaseId, booking: BookingId) -> Result<bool> {
    if store::take_unit(tx, id).await? == 0 {
        return Ok(false);
    }
    let posting = Posting {
        booking_id: Some(booking),
        purchase_id: Some(id),
        ..Posting::of(client, EntryKind::PackageUse, use_unit())
    };
    ledger::post(tx, &app.clock, posting).await?;
    Ok(true)
}

/// Gives a unit back that a booking had used.
pub async fn give_unit_back(
    tx: &mut Tx,
    app: &App,
    client: ClientId,
    id: PurchaseId,
    booking: BookingId,
) -> Result<()> {
    store::give_unit_back(tx, id).await?;
    let posting = Posting {
        booking_id: Some(booking),
        purchase_id: Some(id),
        ..Posting::of(client, EntryKind::PackageReturn, return_unit())
    };
    ledger::post(tx, &app.clock, posting).await
}
