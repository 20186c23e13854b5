//! What a session costs a client now. The answer is frozen on the booking.

use super::{agreements, purchases, store};
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::accounts::Viewer;
use crate::features::clients::Client;
use crate::features::practice::{self, SessionType};
use shared::ids::{PurchaseId, SessionTypeId};
use shared::money::{Currency, Money};
use shared::price::{Offers, Price, PriceClass, PriceSource, resolve};
use shared::problem::ErrorCode;
use shared::session_type::price_problem;
use shared::time::{Date, Instant};
use std::sync::Arc;

/// A price for a client, and the package that pays for it if one does.
#[derive(Debug, Clone, Copy)]
pub struct Quote {
    /// The price and where it comes from.
    pub price: Price,
    /// The package whose unit pays for it.
    pub purchase_id: Option<PurchaseId>,
}

impl Quote {
    /// The list price, for somebody who is no client yet.
    pub fn list(session_type: &SessionType) -> Self {
        Quote { price: Price { money: session_type.price(), source: PriceSource::List }, purchase_id: None }
    }
}

/// What a session costs this client: agreement, package, class, list. `on` is the day of the session.
pub async fn quote(
    conn: &mut Conn,
    client: &Client,
    session_type: &SessionType,
    on: Date,
    at: Instant,
) -> Result<Quote> {
    let agreement = agreements::in_force(conn, client.id, session_type.id, on).await?;
    let purchase = match agreement {
        Some(_) => None,
        None => purchases::with_unit(conn, client.id, session_type.id, at).await?,
    };
    let class = store::class_price(conn, session_type.id, client.price_class).await?;
    let offers = Offers {
        agreement: agreement.map(|agreement| agreement.price()),
        has_package_unit: purchase.is_some(),
        class: class.map(|row| Money { amount: row.amount, currency: row.currency }),
    };
    let price = resolve(session_type.price(), &offers);
    let purchase_id = purchase.filter(|_| price.source == PriceSource::Package).map(|purchase| purchase.id);
    Ok(Quote { price, purchase_id })
}

/// The price of a session type for one class.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct ClassPrice {
    /// Which session type.
    pub session_type_id: SessionTypeId,
    /// Which class.
    pub price_class: PriceClass,
    /// In minor units.
    pub amount: i64,
    /// What it is counted in.
    pub currency: Currency,
}

/// Every price that differs from the list.
pub async fn class_prices(app: &App) -> Result<Vec<ClassPrice>> {
    Ok(store::class_prices(&mut app.db.read().await?).await?)
}

/// Sets the price of a class, or takes it back so that the list price counts.
pub async fn set_class_price(
    app: &Arc<App>,
    by: Viewer,
    session_type_id: SessionTypeId,
    price_class: PriceClass,
    price: Option<Money>,
) -> Result<()> {
    let catalogue = practice::catalogue(app).await?;
    if catalogue.session_type(session_type_id).is_none() {
        return Err(Error::refused("sessionTypeId", ErrorCode::NotFound, "There is no such session type."));
    }
    Error::unless_fine(price.and_then(|price| price_problem("amount", price.amount)).into_iter().collect())?;
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                set_class_price_in(tx, session_type_id, price_class, price).await?;
                audit::record(tx, now, Some(by.user_id), "set class price", Some(session_type_id.0)).await?;
                tx.announce(Event::PracticeChanged);
                Ok(())
            })
        })
        .await
}

/// Sets the price of a class inside a write.
pub async fn set_class_price_in(
    tx: &mut Tx,
    session_type_id: SessionTypeId,
    price_class: PriceClass,
    price: Option<Money>,
) -> Result<()> {
    match price {
        Some(Money { amount, currency }) => {
            store::upsert_class_price(tx, &ClassPrice { session_type_id, price_class, amount, currency }).await?;
        }
        None => store::delete_class_price(tx, session_type_id, price_class).await?,
    }
    Ok(())
}
