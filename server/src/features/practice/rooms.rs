//! The rooms of the practice: a session in person takes one that is free.

use super::{add_room, in_order, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::idempotency::Once;
use crate::jobs::{self, Job};
use serde::{Deserialize, Serialize};
use shared::booking::key_problem;
use shared::ids::{RoomId, UserId};
use shared::problem::{ErrorCode, UserError};
use shared::session_type::line_problem;
use shared::time::Instant;
use std::sync::Arc;

/// A room.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// What it is called in the practice.
    pub name: String,
    /// Since when nothing new takes place in it.
    pub retired_at: Option<Instant>,
}

/// Adds a room, or gives one another name.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct SaveRoomInput {
    /// Which is renamed; left out, a room is added.
    pub room_id: Option<RoomId>,
    /// What it is called in the practice; at most 60 characters.
    pub name: String,
    /// Chosen by the caller; the same key with the same input adds one room, however often it is sent.
    pub idempotency_key: Option<String>,
}

/// Names a room.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct RoomInput {
    /// Which.
    pub room_id: RoomId,
}

/// How far ahead a new room can matter: a little beyond the longest horizon there may be.
const AHEAD_MINUTES: i64 = 402 * 24 * 60;

/// Puts rooms in an order.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct ArrangeRoomsInput {
    /// In the order in which they are filled; those left out come behind, as they were.
    pub room_ids: Vec<RoomId>,
}

/// The longest name, in characters.
const LONGEST_NAME: usize = 60;

impl SaveRoomInput {
    fn problems(&self) -> Vec<UserError> {
        let key = self.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
        let name = line_problem("name", &self.name, LONGEST_NAME, "Give the room a name.");
        [name, key].into_iter().flatten().collect()
    }
}

/// Every room, those that are retired too, in the order in which they are filled.
pub async fn all(app: &App) -> Result<Vec<Room>> {
    Ok(store::rooms(&mut app.db.read().await?).await?)
}

/// Adds a room at the end of the list, or renames one.
pub async fn save(app: &Arc<App>, by: UserId, input: SaveRoomInput) -> Result<RoomId> {
    Error::unless_fine(input.problems())?;
    let once = Once::new(&app.keys, "saveRoom", by, input.idempotency_key.as_deref(), &input)?;
    let (shared_app, input) = (app.clone(), Arc::new(input));
    app.db
        .write(move |tx| {
            let (app, input, once) = (shared_app.clone(), input.clone(), once.clone());
            Box::pin(async move {
                let now = app.clock.now();
                if let Some(earlier) = once.begin(tx, now).await? {
                    return Ok(earlier);
                }
                store::lock_practice(tx).await?;
                let (all, name) = (store::rooms(tx).await?, input.name.trim().to_owned());
                if all.iter().any(|other| Some(other.id) != input.room_id && other.name == name) {
                    let message = "Another room has this name. Choose a different one.";
                    return Err(Error::refused("name", ErrorCode::Invalid, message));
                }
                let id = match input.room_id {
                    Some(id) => {
                        let room = find(&all, id)?;
                        keep(tx, &app, by, &Room { name, ..room }, "rename room").await?
                    }
                    None => {
                        let (id, position) = (RoomId(app.clock.new_id()), store::next_room_position(tx).await?);
                        add_room(tx, id, &name, position).await?;
                        offer(tx, &app, &all, id).await?;
                        audit::record(tx, now, Some(by), "add room", Some(id.0)).await?;
                        id
                    }
                };
                once.remember(tx, &id).await?;
                Ok(id)
            })
        })
        .await
}

/// Takes a room out of use. Sessions that are booked in it stay there.
pub async fn retire(app: &Arc<App>, by: UserId, id: RoomId) -> Result<RoomId> {
    let now = app.clock.now();
    set(app, by, id, "retire room", move |room| Room { retired_at: room.retired_at.or(Some(now)), ..room }).await
}

/// Brings a room back into use.
pub async fn restore(app: &Arc<App>, by: UserId, id: RoomId) -> Result<RoomId> {
    set(app, by, id, "bring room back", |room| Room { retired_at: None, ..room }).await
}

/// Whoever waits for a time is asked, once nobody can undo this any more, whether one suits them that a room makes
/// possible. The only room makes nothing possible: before it, sessions needed none.
async fn offer(tx: &mut Tx, app: &App, all: &[Room], id: RoomId) -> Result<()> {
    if !all.iter().any(|other| other.id != id && other.retired_at.is_none()) {
        return Ok(());
    }
    let now = app.clock.now();
    let later = app.outward_at();
    let job = Job::OfferFreedRoom { room_id: id, starts_at: now, ends_at: now.plus_minutes(AHEAD_MINUTES) };
    jobs::enqueue(tx, &app.clock, later, &job).await
}

/// Puts the rooms in the order in which they are filled.
pub async fn arrange(app: &Arc<App>, by: UserId, input: ArrangeRoomsInput) -> Result<()> {
    let (shared_app, first) = (app.clone(), Arc::new(input.room_ids));
    app.db
        .write(move |tx| {
            let (app, first) = (shared_app.clone(), first.clone());
            Box::pin(async move {
                store::lock_practice(tx).await?;
                let all = store::rooms(tx).await?;
                let ids: Vec<RoomId> = all.iter().map(|room| room.id).collect();
                for (position, id) in (0..).zip(in_order("roomIds", &first, &ids, "There is no such room.")?) {
                    store::set_room_position(tx, id, position).await?;
                }
                tx.announce(Event::PracticeChanged);
                audit::record(tx, app.clock.now(), Some(by), "arrange rooms", None).await
            })
        })
        .await
}

async fn set(
    app: &Arc<App>,
    by: UserId,
    id: RoomId,
    deed: &'static str,
    change: impl Fn(Room) -> Room + Clone + Send + Sync + 'static,
) -> Result<RoomId> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let (app, change) = (shared_app.clone(), change.clone());
            Box::pin(async move {
                store::lock_practice(tx).await?;
                let all = store::rooms(tx).await?;
                let before = find(&all, id)?;
                let after = change(before.clone());
                if before.retired_at.is_some() && after.retired_at.is_none() {
                    offer(tx, &app, &all, id).await?;
                }
                keep(tx, &app, by, &after, deed).await
            })
        })
        .await
}

async fn keep(tx: &mut Tx, app: &App, by: UserId, room: &Room, deed: &str) -> Result<RoomId> {
    store::update_room(tx, room).await?;
    tx.announce(Event::PracticeChanged);
    audit::record(tx, app.clock.now(), Some(by), deed, Some(room.id.0)).await?;
    Ok(room.id)
}

fn find(all: &[Room], id: RoomId) -> Result<Room> {
    let no_such = || Error::refused("roomId", ErrorCode::NotFound, "There is no such room.");
    all.iter().find(|room| room.id == id).cloned().ok_or_else(no_such)
}
