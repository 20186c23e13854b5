//! The link in a mail that lets its holder see one booking and call it off.

use super::{Booking, store};
use crate::app::App;
use crate::error::Result;
use crate::keys::{Keys, Secret};
use shared::ids::BookingId;

/// The secret of a booking's manage link. Only its hash is stored.
pub fn secret(keys: &Keys, id: BookingId) -> Secret {
    keys.link_secret("manage", id.0)
}

/// The booking a manage link is for, if there is one.
pub async fn booking_of(app: &App, token: &str) -> Result<Option<Booking>> {
    let Some(secret) = Secret::read(token) else { return Ok(None) };
    Ok(store::by_manage_hash(&mut app.db.read().await?, secret.hash()).await?)
}
