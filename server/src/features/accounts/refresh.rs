//! Refresh tokens: each buys the next once, and one that was used before gives a thief away.

use super::tokens::{self, Tokens};
use super::{Viewer, store, viewer_of_login};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::Result;
use crate::events::Event;
use crate::jobs::{self, Job};
use crate::keys::{Keys, Secret};
use shared::ids::{LoginId, UserId};
use std::sync::Arc;

/// How long the token before the current one gets the same answer again: an answer can be lost, and two tabs can ask at
/// the same time.
const RETRY_SECONDS: i64 = 20;

/// A login that goes on.
#[derive(Debug, Clone)]
pub struct Refreshed {
    /// Whose it is.
    pub viewer: Viewer,
    /// What to show from now on.
    pub tokens: Tokens,
}

/// The refresh token of this generation of a login.
pub(super) fn text(keys: &Keys, login: LoginId, generation: i64) -> String {
    format!("{login}.{generation}.{}", keys.refresh_secret(login.0, generation).text())
}

/// Which generation of which login a token is of, if it was made here.
fn read(keys: &Keys, text: &str) -> Option<(LoginId, i64)> {
    let mut parts = text.split('.');
    let (Some(login), Some(generation), Some(secret), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let login: LoginId = login.parse().ok()?;
    let generation: i64 = generation.parse().ok()?;
    Secret::read(secret)?.is(&keys.refresh_secret(login.0, generation)).then_some((login, generation))
}

/// Which login a refresh token is of, current or not.
pub fn login_of(app: &App, refresh: &str) -> Option<LoginId> {
    read(&app.keys, refresh).map(|(login, _)| login)
}

/// Trades a refresh token for the next pair; `None` when it is void.
pub async fn refresh(app: &Arc<App>, refresh: &str) -> Result<Option<Refreshed>> {
    let Some((login, generation)) = read(&app.keys, refresh) else { return Ok(None) };
    let inner = app.clone();
    let next = app
        .db
        .write(move |tx| {
            let app = inner.clone();
            Box::pin(async move { rotate(tx, &app, login, generation).await })
        })
        .await?;
    let Some((generation, login_ends)) = next else { return Ok(None) };
    let Some(viewer) = viewer_of_login(app, login).await? else { return Ok(None) };
    Ok(Some(Refreshed { tokens: tokens::issue(app, &viewer, generation, login_ends)?, viewer }))
}

async fn rotate(
    tx: &mut Tx,
    app: &App,
    login: LoginId,
    generation: i64,
) -> Result<Option<(i64, shared::time::Instant)>> {
    let now = app.clock.now();
    let moved = store::rotate(tx, login, generation, now).await?;
    let Some(state) = store::generation(tx, login).await? else { return Ok(None) };
    if state.ended_at.is_some() || state.disabled_at.is_some() || state.expires_at <= now {
        return Ok(None);
    }
    let is_retry = generation + 1 == state.generation && now <= state.rotated_at.plus_seconds(RETRY_SECONDS);
    if moved || is_retry {
        return Ok(Some((state.generation, state.expires_at)));
    }
    if generation < state.generation {
        end_stolen(tx, app, login, state.user_id).await?;
    }
    Ok(None)
}

/// A token that was used before is in two hands, and nobody can say which are the right ones.
async fn end_stolen(tx: &mut Tx, app: &App, login: LoginId, user: UserId) -> Result<()> {
    let now = app.clock.now();
    store::end_login(tx, login, None, "token reused", now).await?;
    audit::record(tx, now, Some(user), "login ended: token reused", Some(login.0)).await?;
    tx.announce(Event::LoginChanged { login_id: Some(login) });
    jobs::enqueue(tx, &app.clock, now, &Job::WarnOfReuse { user_id: user }).await
}
