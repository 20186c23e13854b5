//! A session in place of one the practice called off: its length, its price and its way stay as they were.

use super::Booking;
use super::place::{self, Guest, NewSession};
use super::reschedule::as_booked;
use super::steps::Doer;
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::features::accounts;
use crate::features::clients::Client;
use crate::features::money::prices::Quote;
use crate::features::practice::Catalogue;
use shared::booking::BookingSource;
use shared::price::Price;
use shared::time::Instant;

/// Puts a session in the calendar in place of one that was called off. What had to be paid before it was confirmed has to
/// be again: what was paid for the other one goes back.
pub async fn put_instead(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    client: &Client,
    gone: &Booking,
    starts_at: Instant,
    doer: Doer,
) -> Result<Booking> {
    let now = app.clock.now();
    let user = accounts::user_in(tx, client.user_id).await?;
    let asks = gone.due_now > 0 && app.takes_cards();
    let minutes = i64::from(catalogue.practice.settings.payment_minutes);
    let new = NewSession {
        room: None,
        session_type: as_booked(catalogue, gone)?,
        therapist_id: gone.therapist_id,
        client_id: Some(client.id),
        guest: Guest::from(&user),
        starts_at,
        source: BookingSource::Practice,
        quote: Quote {
            price: Price { money: gone.agreed_price(), source: gone.price_source },
            purchase_id: gone.purchase_id,
        },
        prepayment: asks.then(|| (gone.due_now, now.plus_minutes(minutes))),
        series: None,
        doer,
        override_reason: None,
        booked_by: None,
        tells: true,
    };
    place::put(tx, app, &catalogue.practice, new).await
}
