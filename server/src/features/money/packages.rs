//! Packages of sessions that are on sale, or were.

use super::store;
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::practice;
use crate::idempotency;
use shared::ids::{PackageId, SessionTypeId, UserId};
use shared::money::{Currency, Money};
use shared::package::OfferPackageInput;
use shared::practice::Gate;
use shared::problem::ErrorCode;
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
