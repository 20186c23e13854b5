//! Who is who: users, their logins, and what a request may therefore do.

pub mod graphql;
pub mod links;
pub mod logins;
pub mod persona;
pub mod refresh;
pub mod second_factor;
pub mod setup;
pub mod sign_in;
mod store;
pub mod tokens;
pub mod welcome;

use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::memory::Memory;
use shared::actor::Role;
use shared::ids::{LoginId, UserId};
use shared::time::Instant;

/// A person who can sign in.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct User {
    /// Which.
    pub id: UserId,
    /// Where mail goes, as it was typed.
    pub email: String,
    /// What to call them.
    pub name: String,
    /// Where to call them.
    pub phone: String,
    /// The zone they read times in.
    pub time_zone: String,
    /// What they may do.
    pub role: Role,
    /// When they last proved that the mailbox is theirs.
    pub email_proven_at: Option<Instant>,
    /// Set when they may not sign in any more.
    pub disabled_at: Option<Instant>,
}

/// A signed-in person, as far as a request needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub user_id: UserId,
    /// In which browser.
    pub login_id: LoginId,
    /// What they may do.
    pub role: Role,
    /// Whether a second factor was shown in this login.
    pub second_factor: bool,
}

/// A login and its user, as far as every request needs to know.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LoginState {
    user_id: UserId,
    role: Role,
    second_factor: bool,
    expires_at: Instant,
    ended_at: Option<Instant>,
    disabled_at: Option<Instant>,
}

/// Logins, remembered until one ends or the rights of somebody change.
#[derive(Default)]
pub struct LoginCache(Memory<LoginId, Option<LoginState>>);

impl LoginCache {
    /// Drops what an event made untrue.
    pub fn forget(&self, event: &Event) {
        match event {
            Event::LoginChanged { login_id: Some(login) } => self.0.forget(login),
            Event::LoginChanged { login_id: None } | Event::Missed => self.0.forget_all(),
            _ => {}
        }
    }
}

/// Who this login belongs to, if it still stands.
pub async fn viewer_of_login(app: &App, login_id: LoginId) -> Result<Option<Viewer>> {
    let state = app
        .logins
        .0
        .get(&login_id, || async { Ok(store::login_state(&mut app.db.read().await?, login_id).await?) })
        .await?;
    let Some(state) = state.as_ref() else { return Ok(None) };
    let stands = state.ended_at.is_none() && state.disabled_at.is_none() && app.clock.now() < state.expires_at;
    Ok(stands.then_some(Viewer {
        user_id: state.user_id,
        login_id,
        role: state.role,
        second_factor: state.second_factor,
    }))
}

/// One user.
pub async fn user(app: &App, id: UserId) -> Result<User> {
    store::user(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

/// One user, looked up inside a write.
pub async fn user_in(tx: &mut Tx, id: UserId) -> Result<User> {
    store::user(tx, id).await?.ok_or(Error::NotFound)
}

/// Who has this canonical address, looked up inside a write.
pub async fn user_by_address(tx: &mut Tx, canonical: &str) -> Result<Option<User>> {
    Ok(store::user_by_address(tx, canonical).await?)
}

/// Adds a user. The address must be free: look with [`user_by_address`] in the same write first.
pub async fn add_user(tx: &mut Tx, user: &User, now: Instant) -> Result<()> {
    Ok(store::insert_user(tx, user, now).await?)
}

/// Adds a user, unless somebody has the address.
pub async fn add_unless_known(tx: &mut Tx, user: &User, now: Instant) -> Result<()> {
    Ok(store::insert_user_unless_known(tx, user, now).await?)
}

/// Forgets sign-in links and logins that have run out.
pub async fn forget_expired(tx: &mut Tx, now: Instant) -> Result<()> {
    store::links::delete_expired(tx, now).await?;
    store::delete_ended_logins(tx, now.plus_minutes(-30 * 24 * 60)).await?;
    Ok(())
}
