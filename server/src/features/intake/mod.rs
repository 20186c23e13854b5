//! What is needed before a first session: invitations, documents that are accepted, a form that is filled in.

pub mod answers;
pub mod defaults;
pub mod documents;
pub mod form;
pub mod graphql;
pub mod invitations;
mod store;

use crate::app::App;
use crate::clock::Clock;
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::events::Event;
use crate::features::clients::{self, Client};
use shared::ids::{ClientId, UserId};
use shared::intake::{Known, Missing, Occasion, holds_session, missing as what_is_missing, next_move};
use shared::stage::Mover;
use std::collections::HashSet;
use std::sync::Arc;

/// What a client has not done yet of what the practice needs. Empty for as long as the practice has published nothing.
///
/// A session that is not the first does not wait for it: see [`holding`].
pub async fn missing(conn: &mut Conn, client: ClientId) -> Result<Vec<Missing>> {
    let needed = store::documents::needed(conn).await?;
    let known = store::documents::known(conn, client).await?;
    let awaits_form = store::form::awaits_form(conn, client).await?;
    Ok(what_is_missing(&needed, &known, awaits_form))
}

/// What one client has not done yet.
pub async fn missing_of(app: &App, client: ClientId) -> Result<Vec<Missing>> {
    missing(&mut app.db.read().await?, client).await
}

/// What a client's next paid session waits for. It stays in the calendar meanwhile.
pub async fn holding(conn: &mut Conn, client: &Client) -> Result<Vec<Missing>> {
    match holds_session(client.stage) {
        true => missing(conn, client.id).await,
        false => Ok(Vec::new()),
    }
}

/// Which of these clients' next paid sessions wait for something. Takes as many statements for many as for one.
pub async fn held(conn: &mut Conn, clients: &[ClientId]) -> Result<HashSet<ClientId>> {
    let stages = clients::stages(conn, clients).await?;
    let waiting: Vec<ClientId> =
        stages.into_iter().filter(|(_, stage)| holds_session(*stage)).map(|(client, _)| client).collect();
    let needed = store::documents::needed(conn).await?;
    let known = store::documents::known_of(conn, &waiting).await?;
    let awaits_form = store::form::awaiting(conn, &waiting).await?;
    let is_missing = |client: &ClientId| {
        let known: Vec<Known> = known.iter().filter(|(whose, _)| whose == client).map(|(_, known)| *known).collect();
        !what_is_missing(&needed, &known, awaits_form.contains(client)).is_empty()
    };
    Ok(waiting.into_iter().filter(is_missing).collect())
}

/// Moves a relationship on by itself, if something has happened that leads on: into the intake while something is
/// missing, and to work together once nothing is. Call it with [`Occasion::Booked`] when a paid session was booked.
pub async fn settle(tx: &mut Tx, clock: &Clock, client: ClientId, occasion: Occasion) -> Result<()> {
    // The stage says whether anything can follow; only then is it worth looking what is missing.
    let Some(client) = clients::get(tx, client).await? else { return Ok(()) };
    let can_follow = [true, false].into_iter().any(|open| next_move(client.stage, open, occasion).is_some());
    if !can_follow {
        return Ok(());
    }
    let is_missing = !missing(tx, client.id).await?.is_empty();
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
