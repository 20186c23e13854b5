//! What the practice sells: added, changed, put in order, retired or brought back.

use super::{SessionType, add_session_type, in_order, save_session_type, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::idempotency::Once;
use serde::{Deserialize, Serialize};
use shared::ids::{SessionTypeId, UserId};
use shared::intake::Missing;
use shared::practice::Gate;
use shared::problem::{ErrorCode, UserError};
use shared::session_type::{SaveSessionTypeInput, slug_of, slug_problem};
use sqlx::types::Json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Takes a session type out of booking.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct RetireSessionTypeInput {
    /// Which.
    pub session_type_id: SessionTypeId,
    /// Says that you know what it means to have no first call that visitors can book.
    pub closes_to_new_people: Option<bool>,
}

/// Brings a retired session type back.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct RestoreSessionTypeInput {
    /// Which.
    pub session_type_id: SessionTypeId,
}

/// Puts session types in an order.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct ArrangeSessionTypesInput {
    /// In the order of the pages; those left out come behind, as they were.
    pub session_type_ids: Vec<SessionTypeId>,
}

/// Adds a session type or changes one. What was booked, held or agreed for standing places before keeps its length, its
/// price and the time around it.
pub async fn save(app: &Arc<App>, by: UserId, input: SaveSessionTypeInput) -> Result<SessionTypeId> {
    let typed = input.problems();
    // A key that is refused is not one to look for.
    let key = input.idempotency_key.as_deref().filter(|_| !typed.iter().any(|problem| problem.is_on("idempotencyKey")));
    let once = Once::new(&app.keys, "saveSessionType", by, key, &input)?;
    let (shared_app, input) = (app.clone(), Arc::new(input));
    app.db
        .write(move |tx| {
            let (app, input, once, mut problems) = (shared_app.clone(), input.clone(), once.clone(), typed.clone());
            Box::pin(async move {
                let now = app.clock.now();
                if let Some(earlier) = once.begin(tx, now).await? {
                    return Ok(earlier);
                }
                store::lock_practice(tx).await?;
                let all = store::session_types(tx).await?;
                let before = match input.session_type_id {
                    Some(id) => Some(find(&all, id)?),
                    None => None,
                };
                let after = read(&app, &input, before);
                problems.extend(against_others(&input, before, &after, &all));
                let rooms = store::rooms(tx).await?;
                if !after.rooms.iter().all(|id| rooms.iter().any(|room| room.id == *id)) {
                    problems.push(UserError::on("roomIds", ErrorCode::NotFound, "There is no such room."));
                }
                Error::unless_fine(problems)?;
                if before.is_some() {
                    save_session_type(tx, &after).await?;
                } else {
                    let position = store::next_position(tx).await?;
                    add_session_type(tx, &after, position).await?;
                }
                let deed = if before.is_some() { "change session type" } else { "add session type" };
                audit::record(tx, now, Some(by), deed, Some(after.id.0)).await?;
                once.remember(tx, &after.id).await?;
                Ok(after.id)
            })
        })
        .await
}

/// Takes a session type out of booking and off the public pages. What was booked stays, and so does its history.
pub async fn retire(app: &Arc<App>, by: UserId, input: RetireSessionTypeInput) -> Result<SessionTypeId> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                store::lock_practice(tx).await?;
                let all = store::session_types(tx).await?;
                let before = find(&all, input.session_type_id)?;
                if !before.is_offered() {
                    return Ok(before.id);
                }
                let after = SessionType { retired_at: Some(app.clock.now()), ..before.clone() };
                let problem = closes(&all, &after, input.closes_to_new_people);
                Error::unless_fine(problem.into_iter().collect())?;
                keep(tx, &app, by, &after, "retire session type").await
            })
        })
        .await
}

/// Brings a retired session type back, as it was.
pub async fn restore(app: &Arc<App>, by: UserId, id: SessionTypeId) -> Result<SessionTypeId> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                store::lock_practice(tx).await?;
                let all = store::session_types(tx).await?;
                let before = find(&all, id)?;
                if before.is_offered() {
                    return Ok(id);
                }
                let after = SessionType { retired_at: None, ..before.clone() };
                keep(tx, &app, by, &after, "bring session type back").await
            })
        })
        .await
}

/// Puts the session types in the order in which pages show them.
pub async fn arrange(app: &Arc<App>, by: UserId, input: ArrangeSessionTypesInput) -> Result<()> {
    let (shared_app, first) = (app.clone(), Arc::new(input.session_type_ids));
    app.db
        .write(move |tx| {
            let (app, first) = (shared_app.clone(), first.clone());
            Box::pin(async move {
                store::lock_practice(tx).await?;
                let all = store::session_types(tx).await?;
                let ids: Vec<SessionTypeId> = all.iter().map(|it| it.id).collect();
                for (position, id) in (0..).zip(in_order("sessionTypeIds", &first, &ids, UNKNOWN)?) {
                    store::set_position(tx, id, position).await?;
                }
                tx.announce(Event::PracticeChanged);
                audit::record(tx, app.clock.now(), Some(by), "arrange session types", None).await
            })
        })
        .await
}

async fn keep(tx: &mut Tx, app: &App, by: UserId, after: &SessionType, deed: &str) -> Result<SessionTypeId> {
    save_session_type(tx, after).await?;
    audit::record(tx, app.clock.now(), Some(by), deed, Some(after.id.0)).await?;
    Ok(after.id)
}

fn find(all: &[SessionType], id: SessionTypeId) -> Result<&SessionType> {
    all.iter().find(|it| it.id == id).ok_or_else(|| Error::refused("sessionTypeId", ErrorCode::NotFound, UNKNOWN))
}

const UNKNOWN: &str = "There is no such session type.";

/// The row the input asks for.
fn read(app: &App, input: &SaveSessionTypeInput, before: Option<&SessionType>) -> SessionType {
    let typed = input.slug.as_deref().map(str::trim).filter(|slug| !slug.is_empty());
    let slug = match (typed, before) {
        (Some(slug), _) => slug.to_owned(),
        (None, Some(before)) => before.slug.clone(),
        (None, None) => slug_of(&input.name),
    };
    let rooms = match &input.room_ids {
        Some(ids) => ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        None => before.map(|before| before.rooms.0.clone()).unwrap_or_default(),
    };
    let waits_for = match &input.waits_for {
        Some(typed) => typed.iter().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        None => before.map_or_else(|| Missing::ALL.to_vec(), |before| before.waits_for.0.clone()),
    };
    let paragraphs = input.description.iter().map(|paragraph| paragraph.trim().to_owned());
    SessionType {
        id: before.map_or_else(|| SessionTypeId(app.clock.new_id()), |before| before.id),
        slug,
        name: input.name.trim().to_owned(),
        summary: input.summary.trim().to_owned(),
        description: Json(paragraphs.filter(|paragraph| !paragraph.is_empty()).collect()),
        gate: input.gate,
        modality: input.modality,
        rooms: Json(rooms),
        waits_for: Json(waits_for),
        minutes: input.minutes,
        buffer_before: input.buffer_before,
        buffer_after: input.buffer_after,
        grid_minutes: input.grid_minutes,
        notice_minutes: input.notice_minutes,
        horizon_days: input.horizon_days,
        per_day: input.per_day,
        price_amount: input.price_amount,
        price_currency: input.price_currency,
        prepay: input.prepay,
        deposit_amount: input.deposit_amount,
        visible: input.visible,
        was_public: input.visible || before.is_some_and(|before| before.was_public),
        retired_at: before.and_then(|before| before.retired_at),
    }
}

/// What is wrong with it beside what it was and what else there is.
fn against_others(
    input: &SaveSessionTypeInput,
    before: Option<&SessionType>,
    after: &SessionType,
    all: &[SessionType],
) -> Vec<UserError> {
    let mut problems = Vec::new();
    let typed = input.slug.as_deref().is_some_and(|slug| !slug.is_empty());
    if !typed && slug_problem(&after.slug).is_some() && !after.name.is_empty() {
        let message = "No address follows from this name. Write one with small letters, digits and hyphens.";
        problems.push(UserError::on("slug", ErrorCode::Required, message));
    }
    if all.iter().any(|other| other.id != after.id && other.slug == after.slug) {
        let message = "Another session type has this address. Choose a different one.";
        problems.push(UserError::on("slug", ErrorCode::Invalid, message));
    }
    if let Some(before) = before.filter(|before| before.was_public) {
        if before.slug != after.slug {
            let message = format!("Its address stays {}: people may have the link.", before.slug);
            problems.push(UserError::on("slug", ErrorCode::AlreadyDone, message));
        }
        if before.gate != after.gate {
            let message = "Who may book it stays: people may have the link. Add another session type instead.";
            problems.push(UserError::on("gate", ErrorCode::AlreadyDone, message));
        }
    }
    problems.extend(closes(all, after, input.closes_to_new_people));
    problems
}

/// Whether visitors could book a first call and could not any more, unless that is meant.
fn closes(all: &[SessionType], after: &SessionType, is_meant: Option<bool>) -> Option<UserError> {
    let is_open = |it: &SessionType| it.gate == Gate::Discovery && it.is_public();
    let was_open = all.iter().any(is_open);
    let stays_open = is_open(after) || all.iter().any(|it| it.id != after.id && is_open(it));
    (was_open && !stays_open && is_meant != Some(true)).then(|| {
        let message = "This is the only first call visitors can book. Without it nobody new can begin here by themselves; \
                       they can still write to you, and you can invite them. Say that you mean it.";
        UserError::on("closesToNewPeople", ErrorCode::Required, message)
    })
}
