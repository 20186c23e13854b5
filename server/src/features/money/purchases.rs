//! Packages that clients have: sold, used unit by unit, taken back.

use super::ledger::{self, Posting};
use super::packages::Package;
use super::store;
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::accounts::Viewer;
use crate::features::clients::{self, Client};
use crate::features::practice::{self, Therapist};
use crate::idempotency;
use serde::Serialize;
use shared::booking::{REFERENCE_ALPHABET, REFERENCE_LENGTH, key_problem};
use shared::ids::{BookingId, ClientId, PackageId, PurchaseId, SessionTypeId};
use shared::ledger::{EntryKind, add_units, charge, remove_units, return_unit, uncharge, use_unit};
use shared::money::{Currency, Money};
use shared::payment::reason_problems;
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::sync::Arc;

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
    /// How many were taken back unused.
    pub units_taken_back: i64,
    /// What it cost, in minor units.
    pub price_amount: i64,
    /// What that is counted in.
    pub price_currency: Currency,
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

    /// What it cost.
    pub fn price(&self) -> Money {
        Money { amount: self.price_amount, currency: self.price_currency }
    }

    /// What to write on a transfer for it.
    pub fn reference(&self) -> String {
        reference_of(self.id)
    }
}

/// What to write on a transfer for a package: eight characters that follow from its id.
pub fn reference_of(id: PurchaseId) -> String {
    let letters = REFERENCE_ALPHABET.len() as u128;
    let mut rest = id.0.as_u128();
    let letter = |_| {
        let letter = REFERENCE_ALPHABET[(rest % letters) as usize];
        rest /= letters;
        char::from(letter)
    };
    (0..REFERENCE_LENGTH).map(letter).collect()
}

/// What a client has bought, newest first.
pub async fn of_client(app: &App, client: ClientId) -> Result<Vec<Purchase>> {
    Ok(store::purchases(&mut app.db.read().await?, client).await?)
}

/// One package somebody has bought.
pub async fn bought(conn: &mut Conn, id: PurchaseId) -> Result<Option<Purchase>> {
    Ok(store::purchase(conn, id).await?)
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
        units_taken_back: 0,
        price_amount: package.price_amount,
        price_currency: package.price_currency,
        bought_at: at,
        expires_at: at.plus_minutes(package.valid_days * 24 * 60),
    };
    store::insert_purchase(tx, &purchase).await?;
    let posting =
        |kind, entries| Posting { purchase_id: Some(purchase.id), at: Some(at), ..Posting::of(client, kind, entries) };
    ledger::post(tx, &app.clock, posting(EntryKind::PackageSale, charge(package.price()))).await?;
    ledger::post(tx, &app.clock, posting(EntryKind::PackageSale, add_units(package.units))).await?;
    announce(tx, client).await?;
    Ok(purchase)
}

/// Tells whoever looks at this client's money.
async fn announce(tx: &mut Tx, client: ClientId) -> Result<()> {
    if let Some(client) = clients::get(tx, client).await? {
        tx.announce(Event::MoneyChanged { client_id: client.id, therapist_id: client.therapist_id });
    }
    Ok(())
}

/// Takes a package back from a client.
#[derive(Debug, Clone, Serialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct TakePackageBackInput {
    /// Which.
    pub purchase_id: PurchaseId,
    /// Why; it stays in the records of the practice. At most 500 characters.
    pub reason: String,
}

/// Takes back what is left of a package: its unused sessions are gone, and their share of the price is taken off the
/// account. What was paid for them is credit then, to be given back or kept for what comes. What was used stays charged.
pub async fn take_back(app: &Arc<App>, therapist: &Therapist, input: TakePackageBackInput) -> Result<Purchase> {
    Error::unless_fine(reason_problems(&input.reason))?;
    let (shared_app, therapist_id, actor) = (app.clone(), therapist.id, therapist.user_id);
    let id = input.purchase_id;
    app.db
        .write(move |tx| {
            let (app, reason) = (shared_app.clone(), input.reason.trim().to_owned());
            Box::pin(async move {
                let now = app.clock.now();
                let no_such = || Error::refused("purchaseId", ErrorCode::NotFound, "There is no such package.");
                let purchase = store::purchase(tx, id).await?.ok_or_else(no_such)?;
                let client = clients::get(tx, purchase.client_id).await?;
                if client.is_none_or(|client| client.therapist_id != therapist_id) {
                    return Err(no_such());
                }
                let left = purchase.units_left;
                if store::take_units_back(tx, id, left, now).await? == 0 {
                    let message = "None of its sessions is left to take back.";
                    return Err(Error::refused("purchaseId", ErrorCode::AlreadyDone, message));
                }
                let share = Money { amount: purchase.price_amount * left / purchase.units, ..purchase.price() };
                let posting = |entries| Posting {
                    purchase_id: Some(id),
                    note: Some(reason.clone()),
                    ..Posting::of(purchase.client_id, EntryKind::PackageEnd, entries).by(Some(actor))
                };
                ledger::post(tx, &app.clock, posting(uncharge(share))).await?;
                ledger::post(tx, &app.clock, posting(remove_units(left))).await?;
                audit::record(tx, now, Some(actor), "take package back", Some(purchase.client_id.0)).await?;
                announce(tx, purchase.client_id).await?;
                store::purchase(tx, id).await?.ok_or(Error::NotFound)
            })
        })
        .await
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
