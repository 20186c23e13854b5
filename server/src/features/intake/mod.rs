//! What is needed before a first session: invitations, documents that are accepted, a form that is filled in.

pub mod answers;
pub mod defaults;
pub mod documents;
pub mod form;
pub mod graphql;
pub mod invitations;
pub mod needs;
mod store;

use crate::app::App;
use crate::clock::Clock;
use crate::db::Tx;
use crate::error::Result;
use crate::events::Event;
use crate::features::clients::{self, Client};
use shared::ids::{ClientId, UserId};
use shared::intake::{Occasion, next_move};
use shared::stage::Mover;
use std::sync::Arc;

/// Moves a relationship on by itself, if something has happened that leads on: into the intake while something is
/// missing, and to work together once nothing is. Call it with [`Occasion::Booked`] once a paid session is booked.
pub async fn settle(tx: &mut Tx, clock: &Clock, client: ClientId, occasion: Occasion) -> Result<()> {
    // The stage says whether anything can follow; only then is it worth looking what is missing.
    let Some(client) = clients::get(tx, client).await? else { return Ok(()) };
    let can_follow = [true, false].into_iter().any(|open| next_move(client.stage, open, occasion).is_some());
    if !can_follow {
        return Ok(());
    }
    let is_missing = needs::of_client(tx, client.id).await?.is_some_and(|needs| !needs.open().is_empty());
    if let Some(step) = next_move(client.stage, is_missing, occasion) {
        clients::make(tx, clock, &client, step, Mover::System, None).await?;
    }
    Ok(())
}

/// Asks somebody who has just signed in for what is missing.
pub async fn begin(app: &Arc<App>, user: UserId) -> Result<()> {
    let inner = app.clone();
    app.db
        .write(move |tx| {
            let app = inner.clone();
            Box::pin(async move {
                match clients::of_user(tx, user).await? {
                    Some(client) => settle(tx, &app.clock, client.id, Occasion::SignedIn).await,
                    None => Ok(()),
                }
            })
        })
        .await
}

/// Says that something of a client's changed, to whoever looks at it.
fn announce(tx: &mut Tx, client: &Client) {
    tx.announce(Event::ClientChanged { client_id: client.id, therapist_id: client.therapist_id });
}
