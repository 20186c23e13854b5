//! Letting somebody in who has proven their mailbox by a link that another feature mailed.

use super::logins::{self, Place};
use super::second_factor::SecondFactorState;
use super::sign_in::{self, SignedIn};
use super::{User, store};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use shared::actor::Role;

/// A client who was let in; not signed in before this is committed.
#[derive(Debug, Clone)]
pub struct Welcomed {
    user: User,
    begun: logins::Begun,
}

impl Welcomed {
    /// The login that has begun.
    pub fn sign_in(self, app: &App) -> Result<SignedIn> {
        let tokens = self.begun.tokens(app)?;
        let second_factor = SecondFactorState::NotNeeded;
        Ok(SignedIn { user: self.user, tokens, viewer: self.begun.viewer, second_factor })
    }
}

/// How somebody wants to be called and reached.
#[derive(Debug, Clone)]
pub struct Contact {
    /// What to call them.
    pub name: String,
    /// Where to call them.
    pub phone: String,
    /// The zone they read times in.
    pub time_zone: String,
}

/// Keeps how a user wants to be called and reached.
pub async fn set_contact(tx: &mut Tx, user: &User, contact: &Contact) -> Result<User> {
    store::set_contact(tx, user.id, &contact.name, &contact.phone, &contact.time_zone).await?;
    let Contact { name, phone, time_zone } = contact.clone();
    Ok(User { name, phone, time_zone, ..user.clone() })
}

/// Signs a client in inside the write that used their link. Their mailbox is proven by it. Staff, and whoever was shut
/// out, do not come in this way.
pub async fn welcome(tx: &mut Tx, app: &App, user: User, place: &Place) -> Result<Welcomed> {
    if user.role != Role::Client || user.disabled_at.is_some() {
        return Err(Error::Forbidden);
    }
    let now = app.clock.now();
    store::set_email_proven(tx, user.id, now).await?;
    if let Some(earlier) = place.login {
        logins::end_now(tx, earlier, "signed in anew", now).await?;
    }
    let begun = logins::begin(tx, app, &user, &place.device, false).await?;
    sign_in::arrive(tx, app, &user).await?;
    Ok(Welcomed { user, begun })
}
