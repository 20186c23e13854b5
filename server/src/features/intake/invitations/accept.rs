//! Accepting an invitation: it proves the mailbox, so whoever holds it is signed in.

use super::Invitation;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::logins::Place;
use crate::features::accounts::sign_in::SignedIn;
use crate::features::accounts::welcome::{self, Contact, Welcomed};
use crate::features::accounts::{self, User};
use crate::features::clients;
use crate::features::intake::store;
use crate::features::practice::zones;
use crate::keys::Secret;
use crate::limits::RouteClass;
use serde::{Deserialize, Serialize};
use shared::actor::Role;
use shared::contact::{name_problem, phone_problem};
use shared::ids::UserId;
use shared::problem::{ErrorCode, UserError};
use shared::stage::{Move, Mover, Stage};
use shared::zone::ZoneName;
use std::net::IpAddr;
use std::sync::Arc;

/// Accepts an invitation.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct AcceptInvitationInput {
    /// The part of the mailed link after the `#`.
    pub token: String,
    /// What to call you.
    pub name: String,
    /// Where to call you.
    pub phone: String,
    /// The zone you read times in, an IANA name.
    pub time_zone: ZoneName,
}

impl AcceptInvitationInput {
    fn problems(&self, app: &App) -> Vec<UserError> {
        let zone = zones::find("timeZone", &self.time_zone, app.clock.now()).is_err().then(|| {
            UserError::on("timeZone", ErrorCode::Invalid, "Please choose your time zone, like Europe/London.")
        });
        [name_problem("name", &self.name), phone_problem("phone", &self.phone), zone].into_iter().flatten().collect()
    }
}

/// The invitation a link is for, while it works.
pub async fn of_link(app: &App, token: &str, address: IpAddr) -> Result<Option<Invitation>> {
    app.limits.spend(RouteClass::SignIn, address)?;
    let Some(secret) = Secret::read(token.trim()) else { return Ok(None) };
    let found = store::invitations::by_hash(&mut app.db.read().await?, secret.hash()).await?;
    Ok(found.filter(|invitation| invitation.is_live(app.clock.now())))
}

/// Accepts an invitation and signs in. However many try at once, one does.
pub async fn accept(app: &Arc<App>, input: AcceptInvitationInput, place: Place, address: IpAddr) -> Result<SignedIn> {
    app.limits.spend(RouteClass::SignIn, address)?;
    let secret = Secret::read(input.token.trim()).ok_or_else(used_up)?;
    Error::unless_fine(input.problems(app))?;
    let contact = Contact {
        name: input.name.trim().to_owned(),
        phone: input.phone.trim().to_owned(),
        time_zone: input.time_zone.to_string(),
    };
    let (inner, hash) = (app.clone(), secret.hash());
    let welcomed = app
        .db
        .write(move |tx| {
            let (app, contact, hash, place) = (inner.clone(), contact.clone(), hash.clone(), place.clone());
            Box::pin(async move { take(tx, &app, hash, contact, &place).await })
        })
        .await?;
    welcomed.sign_in(app)
}

async fn take(tx: &mut Tx, app: &App, hash: Vec<u8>, contact: Contact, place: &Place) -> Result<Welcomed> {
    let now = app.clock.now();
    let taken = store::invitations::take(tx, hash, now).await?;
    let invitation = taken.ok_or_else(used_up)?;
    let canonical = invitation.email.to_ascii_lowercase();
    let user = match accounts::user_by_address(tx, &canonical).await? {
        // Somebody may have booked a call since they were invited. The mailbox is theirs, so this is them.
        Some(user) => welcome::set_contact(tx, &user, &contact).await?,
        None => {
            let Contact { name, phone, time_zone } = contact;
            let user = User {
                id: UserId(app.clock.new_id()),
                email: invitation.email.clone(),
                name,
                phone,
                time_zone,
                role: Role::Client,
                email_proven_at: Some(now),
                disabled_at: None,
            };
            accounts::add_user(tx, &user, now).await?;
            user
        }
    };
    let welcomed = welcome::welcome(tx, app, user.clone(), place).await.map_err(|error| match error {
        Error::Forbidden => used_up(),
        other => other,
    })?;
    let client = match clients::of_user(tx, user.id).await? {
        None => {
            let therapist = invitation.therapist_id;
            let client = clients::begin(tx, &app.clock, &app.keys, user.id, therapist, Stage::Invited).await?;
            clients::set_price_class(tx, client.id, invitation.price_class).await?;
            client
        }
        // The decision of one therapist says nothing about the clients of another.
        Some(client) if client.therapist_id == invitation.therapist_id => {
            let is_asked_in = client.standing(now).after(Move::Invite, Mover::Client).is_ok();
            if is_asked_in {
                clients::set_price_class(tx, client.id, invitation.price_class).await?;
                clients::make(tx, &app.clock, &client, Move::Invite, Mover::Client, Some(user.id)).await?;
            }
            client
        }
        Some(client) => client,
    };
    store::invitations::note_client(tx, invitation.id, client.id).await?;
    Ok(welcomed)
}

fn used_up() -> Error {
    let message = "This invitation was used already, was taken back or is too old. Ask for a new one.";
    Error::refused("token", ErrorCode::LinkInvalid, message)
}
