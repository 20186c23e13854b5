//! What clients still have to do, and what their sessions wait for.

use super::store;
use crate::app::App;
use crate::db::Conn;
use crate::error::Result;
use crate::features::clients;
use shared::ids::ClientId;
use shared::intake::{Known, Needs, missing};
use std::collections::HashMap;

/// What each of these clients has to do, and what their sessions wait for. Takes as many statements for many as for one.
pub async fn of(conn: &mut Conn, clients: &[ClientId]) -> Result<HashMap<ClientId, Needs>> {
    if clients.is_empty() {
        return Ok(HashMap::new());
    }
    let needed = store::documents::needed(conn).await?;
    let known = store::documents::known(conn, clients).await?;
    let awaits_form = store::form::awaiting(conn, clients).await?;
    let booked = store::asked::by_sessions(conn, clients).await?;
    let began_without = clients::began_by_hand(conn, clients).await?;
    let stages = clients::stages(conn, clients).await?;
    let could_book = match stages.iter().all(|(id, _)| booked.iter().any(|row| row.client_id == *id)) {
        true => Vec::new(),
        false => store::asked::by_offer(conn).await?,
    };
    let needs = |(id, stage)| {
        let known: Vec<Known> = known.iter().filter(|(whose, _)| *whose == id).map(|(_, known)| *known).collect();
        let own: Vec<_> = booked.iter().filter(|row| row.client_id == id).map(|row| row.asked()).collect();
        let needs = Needs {
            stage,
            began_without: began_without.contains(&id),
            missing: missing(&needed, &known, awaits_form.contains(&id)),
            asked: if own.is_empty() { could_book.clone() } else { own },
        };
        (id, needs)
    };
    Ok(stages.into_iter().map(needs).collect())
}

/// The same for one of them; nothing where there is no such client.
pub async fn of_client(conn: &mut Conn, client: ClientId) -> Result<Option<Needs>> {
    Ok(of(conn, &[client]).await?.remove(&client))
}

/// The same, for whoever holds no connection.
pub async fn read_of(app: &App, client: ClientId) -> Result<Option<Needs>> {
    of_client(&mut app.db.read().await?, client).await
}
