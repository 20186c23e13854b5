//! The first owner of a fresh installation: made on the command line, or with a one-time link from the console.

use super::logins::{self, Place};
use super::second_factor::SecondFactorState;
use super::sign_in::SignedIn;
use super::store::{self, links as rows};
use super::{User, user_by_address};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::keys::Secret;
use shared::actor::Role;
use shared::contact::{EmailAddress, email_problem, name_problem};
use shared::ids::UserId;
use shared::problem::{ErrorCode, UserError};
use std::sync::Arc;

/// Who is to own the practice.
#[derive(Debug, Clone)]
pub struct NewOwner {
    name: String,
    address: EmailAddress,
}

impl NewOwner {
    /// Reads what was typed into `name` and `email`, or says what is wrong with either.
    pub fn read(name: &str, email: &str) -> std::result::Result<Self, Vec<UserError>> {
        let problems: Vec<_> =
            [name_problem("name", name), email_problem("email", email)].into_iter().flatten().collect();
        match EmailAddress::parse(email) {
            Some(address) if problems.is_empty() => Ok(NewOwner { name: name.trim().to_owned(), address }),
            _ => Err(problems),
        }
    }
}

/// An owner made with a one-time link, not signed in before this is committed.
#[derive(Debug, Clone)]
pub struct Made {
    /// The owner.
    pub owner: User,
    begun: logins::Begun,
}

impl Made {
    /// The owner's login; setting up the second factor comes next.
    pub fn sign_in(self, app: &App) -> Result<SignedIn> {
        let tokens = self.begun.tokens(app)?;
        let second_factor = SecondFactorState::ToSetUp;
        Ok(SignedIn { user: self.owner, tokens, viewer: self.begun.viewer, second_factor })
    }
}

/// A set-up link works for a day; a restart prints a new one.
const LINK_HOURS: i64 = 24;

/// Whether nobody owns the practice yet.
pub async fn is_open(app: &App) -> Result<bool> {
    Ok(store::count_owners(&mut app.db.read().await?).await? == 0)
}

/// A one-time link to make the first owner with, to be printed on the console; nothing when there is an owner.
pub async fn issue_link(app: &Arc<App>) -> Result<Option<String>> {
    let secret = Secret::random()?;
    let (hash, now) = (secret.hash(), app.clock.now());
    let is_open = app
        .db
        .write(move |tx| {
            let hash = hash.clone();
            Box::pin(async move {
                let is_open = store::count_owners(tx).await? == 0;
                if is_open {
                    rows::insert_setup(tx, hash, now).await?;
                }
                Ok(is_open)
            })
        })
        .await?;
    Ok(is_open.then(|| app.config.link(&format!("/set-up#{}", secret.text()))))
}

/// Uses a one-time link inside a write. However many try at once, one owner is made; nobody, if the link was used
/// before, is too old, or was never one.
pub async fn use_link(tx: &mut Tx, app: &App, token: &str, new: &NewOwner, place: &Place) -> Result<Option<Made>> {
    let Some(secret) = Secret::read(token.trim()) else { return Ok(None) };
    let now = app.clock.now();
    rows::lock_setups(tx).await?;
    if !rows::take_setup(tx, secret.hash(), now.plus_minutes(-LINK_HOURS * 60), now).await? {
        return Ok(None);
    }
    if store::count_owners(tx).await? > 0 {
        return Ok(None);
    }
    let owner = make_owner(tx, app, new).await?;
    if let Some(earlier) = place.login {
        logins::end_now(tx, earlier, "signed in anew", now).await?;
    }
    let begun = logins::begin(tx, app, &owner, &place.device, false).await?;
    Ok(Some(Made { owner, begun }))
}

/// Makes an owner inside a write. Set-up links that were printed are void from then on.
pub async fn make_owner(tx: &mut Tx, app: &App, new: &NewOwner) -> Result<User> {
    let now = app.clock.now();
    rows::lock_setups(tx).await?;
    rows::void_setups(tx, now).await?;
    if user_by_address(tx, &new.address.canonical()).await?.is_some() {
        let message = "Somebody has this address already. Please use another one.";
        return Err(Error::refused("email", ErrorCode::AlreadyDone, message));
    }
    let owner = User {
        id: UserId(app.clock.new_id()),
        email: new.address.as_str().to_owned(),
        name: new.name.clone(),
        phone: String::new(),
        time_zone: "UTC".into(),
        role: Role::Owner,
        email_proven_at: None,
        disabled_at: None,
    };
    super::add_user(tx, &owner, now).await?;
    audit::record(tx, now, None, "owner made", Some(owner.id.0)).await?;
    Ok(owner)
}
