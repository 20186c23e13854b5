//! Invitations: the way in for somebody a therapist has decided to work with without a call booked here.

pub mod accept;

use super::store;
use crate::app::App;
use crate::audit;
use crate::clock::Clock;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::practice::{self, Therapist};
use crate::features::{accounts, clients};
use crate::jobs::{self, Job};
use crate::keys::{Keys, Secret};
use serde::{Deserialize, Serialize};
use shared::actor::Role;
use shared::contact::{EmailAddress, email_problem, name_problem};
use shared::ids::{InvitationId, TherapistId, UserId};
use shared::price::PriceClass;
use shared::problem::ErrorCode;
use shared::time::Instant;

/// How many days the link of an invitation works.
pub const DAYS: i64 = 7;

/// An invitation.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Invitation {
    /// Which.
    pub id: InvitationId,
    /// Who they will see.
    pub therapist_id: TherapistId,
    /// What to call them.
    pub name: String,
    /// Where it was mailed, as it was typed.
    pub email: String,
    /// Which price list they will pay by.
    pub price_class: PriceClass,
    /// Counts the links that were made for it.
    pub generation: i64,
    /// How often it was mailed.
    pub mailed: i64,
    /// When it was made.
    pub created_at: Instant,
    /// Until when the link works.
    pub expires_at: Instant,
    /// When it was accepted.
    pub used_at: Option<Instant>,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
}

/// Invites somebody.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct InviteClientInput {
    /// What to call them.
    pub name: String,
    /// Where to mail the invitation.
    pub email: String,
    /// Which price list they pay by; `DOMESTIC` if none is named.
    pub price_class: Option<PriceClass>,
    /// Whom they will see; you, if nobody is named. Only the owner names somebody else.
    pub therapist_id: Option<TherapistId>,
}

/// An invitation, ready to be mailed.
#[derive(Debug, Clone)]
pub struct InvitationMail {
    /// Where it goes.
    pub to: String,
    /// The link. Its token is behind the `#`, which no server and no log ever sees.
    pub link: String,
    /// Counts the mails of this invitation.
    pub sequence: i64,
}

impl Invitation {
    /// Whether its link works.
    pub fn is_live(&self, now: Instant) -> bool {
        self.used_at.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }
}

/// Invites somebody. An address with an invitation that is still open gets no second one: the answer is the first.
pub async fn invite(app: &App, therapist: &Therapist, role: Role, input: InviteClientInput) -> Result<InvitationId> {
    let problems = [name_problem("name", &input.name), email_problem("email", &input.email)];
    Error::unless_fine(problems.into_iter().flatten().collect())?;
    let address =
        EmailAddress::parse(&input.email).ok_or_else(|| Error::internal("an address that was fine is not"))?;
    let therapist_id = host(app, therapist, role, input.therapist_id).await?;
    let guest = Guest {
        name: input.name.trim().to_owned(),
        address,
        price_class: input.price_class.unwrap_or(PriceClass::Domestic),
    };
    let (clock, keys, actor) = (app.clock.clone(), app.keys.clone(), therapist.user_id);
    app.db
        .write(move |tx| {
            let (clock, keys, guest) = (clock.clone(), keys.clone(), guest.clone());
            Box::pin(async move {
                let (id, is_new) = invite_now(tx, &clock, &keys, therapist_id, guest, actor).await?;
                if is_new {
                    jobs::enqueue(tx, &clock, clock.now(), &Job::MailInvitation { invitation_id: id }).await?;
                }
                Ok(id)
            })
        })
        .await
}

/// Somebody to invite.
#[derive(Debug, Clone)]
pub struct Guest {
    /// What to call them.
    pub name: String,
    /// Where to mail the invitation.
    pub address: EmailAddress,
    /// Which price list they will pay by.
    pub price_class: PriceClass,
}

/// Invites somebody inside a write, and says whether the invitation is a new one. Nothing is mailed by this.
pub async fn invite_now(
    tx: &mut Tx,
    clock: &Clock,
    keys: &Keys,
    host: TherapistId,
    guest: Guest,
    actor: UserId,
) -> Result<(InvitationId, bool)> {
    let (now, canonical) = (clock.now(), guest.address.canonical());
    refuse_known(tx, &guest.address).await?;
    if let Some(open) = store::invitations::open_of(tx, &canonical).await? {
        if open.is_live(now) {
            return Ok((same_host(&open, host)?, false));
        }
        store::invitations::revoke(tx, open.id, now).await?;
    }
    let invitation = Invitation {
        id: InvitationId(clock.new_id()),
        therapist_id: host,
        name: guest.name,
        email: guest.address.as_str().to_owned(),
        price_class: guest.price_class,
        generation: 0,
        mailed: 1,
        created_at: now,
        expires_at: now.plus_minutes(DAYS * 24 * 60),
        used_at: None,
        revoked_at: None,
    };
    let hash = secret(keys, invitation.id, 0).hash();
    store::invitations::insert(tx, &invitation, &canonical, hash, actor).await?;
    audit::record(tx, now, Some(actor), "invite client", Some(invitation.id.0)).await?;
    Ok((invitation.id, true))
}

/// Whom somebody is invited to.
async fn host(app: &App, therapist: &Therapist, role: Role, named: Option<TherapistId>) -> Result<TherapistId> {
    match named {
        None => Ok(therapist.id),
        Some(id) if id == therapist.id => Ok(id),
        Some(_) if role != Role::Owner => {
            let message = "Only the owner of the practice invites for somebody else.";
            Err(Error::refused("therapistId", ErrorCode::Invalid, message))
        }
        Some(id) => {
            let unknown = || Error::refused("therapistId", ErrorCode::NotFound, "There is no such therapist.");
            practice::catalogue(app).await?.therapist(id).map(|found| found.id).ok_or_else(unknown)
        }
    }
}

async fn refuse_known(tx: &mut Tx, address: &EmailAddress) -> Result<()> {
    let Some(user) = accounts::user_by_address(tx, &address.canonical()).await? else { return Ok(()) };
    let message = match clients::of_user(tx, user.id).await? {
        _ if user.role.is_staff() => "This address belongs to somebody who works here.".to_owned(),
        Some(client) => format!(
            "{} is known here already: {}. You will find them among the clients.",
            user.name,
            client.stage.for_therapist().now.to_lowercase()
        ),
        None => format!("{} has an account here already.", user.name),
    };
    Err(Error::refused("email", ErrorCode::AlreadyDone, message))
}

fn same_host(open: &Invitation, therapist: TherapistId) -> Result<InvitationId> {
    if open.therapist_id == therapist {
        return Ok(open.id);
    }
    let message = "Somebody else of the practice has invited this address already.";
    Err(Error::refused("email", ErrorCode::AlreadyDone, message))
}

/// Mails an invitation again. It lasts seven days from now; the link stays the same unless it had run out.
pub async fn resend(app: &App, therapist: &Therapist, id: InvitationId) -> Result<InvitationId> {
    let (clock, keys, host, actor) = (app.clock.clone(), app.keys.clone(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let (clock, keys) = (clock.clone(), keys.clone());
            Box::pin(async move {
                let now = clock.now();
                let invitation = own(tx, id, host).await?;
                let generation = invitation.generation + i64::from(!invitation.is_live(now));
                let hash = secret(&keys, id, generation).hash();
                let expires_at = now.plus_minutes(DAYS * 24 * 60);
                store::invitations::renew(tx, id, generation, hash, expires_at).await?;
                audit::record(tx, now, Some(actor), "resend invitation", Some(id.0)).await?;
                jobs::enqueue(tx, &clock, now, &Job::MailInvitation { invitation_id: id }).await?;
                Ok(id)
            })
        })
        .await
}

/// Takes an invitation back: its link does not work any more.
pub async fn revoke(app: &App, therapist: &Therapist, id: InvitationId) -> Result<InvitationId> {
    let (clock, host, actor) = (app.clock.clone(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let clock = clock.clone();
            Box::pin(async move {
                let now = clock.now();
                own(tx, id, host).await?;
                store::invitations::revoke(tx, id, now).await?;
                audit::record(tx, now, Some(actor), "revoke invitation", Some(id.0)).await?;
                Ok(id)
            })
        })
        .await
}

/// An invitation of this therapist that is neither accepted nor taken back.
async fn own(conn: &mut Conn, id: InvitationId, host: TherapistId) -> Result<Invitation> {
    let found = store::invitations::invitation(conn, id).await?.filter(|it| it.therapist_id == host);
    let found = found
        .ok_or_else(|| Error::refused("invitationId", ErrorCode::NotFound, "There is no such invitation of yours."))?;
    if found.used_at.is_some() || found.revoked_at.is_some() {
        let message = "This invitation was accepted or taken back already.";
        return Err(Error::refused("invitationId", ErrorCode::AlreadyDone, message));
    }
    Ok(found)
}

/// One invitation.
pub async fn get(app: &App, id: InvitationId) -> Result<Option<Invitation>> {
    Ok(store::invitations::invitation(&mut app.db.read().await?, id).await?)
}

/// The longest text that is searched for, in characters.
const LONGEST_SEARCH: usize = 80;

/// The invitations of a therapist whose links work, newest first; `search` is part of a name or an address.
pub async fn live(app: &App, therapist: TherapistId, search: &str) -> Result<Vec<Invitation>> {
    let search: String = search.trim().chars().take(LONGEST_SEARCH).collect::<String>().to_lowercase();
    let rows = store::invitations::live(&mut app.db.read().await?, therapist, app.clock.now()).await?;
    let is_found =
        |row: &Invitation| row.name.to_lowercase().contains(&search) || row.email.to_lowercase().contains(&search);
    Ok(rows.into_iter().filter(is_found).collect())
}

/// What to mail for an invitation; nothing when it does not work any more.
pub async fn mail(app: &App, id: InvitationId) -> Result<Option<InvitationMail>> {
    let invitation = get(app, id).await?.filter(|invitation| invitation.is_live(app.clock.now()));
    Ok(invitation.map(|invitation| InvitationMail {
        link: app.config.link(&format!("/invitation#{}", secret(&app.keys, id, invitation.generation).text())),
        to: invitation.email,
        sequence: invitation.mailed,
    }))
}

/// Forgets invitations nobody accepted a month after their links ran out.
pub async fn forget_expired(tx: &mut Tx, now: Instant) -> Result<()> {
    store::invitations::delete_expired(tx, now.plus_minutes(-30 * 24 * 60)).await?;
    Ok(())
}

/// The secret of an invitation's link: 32 bytes that follow from its row. Only the hash is stored.
fn secret(keys: &Keys, id: InvitationId, generation: i64) -> Secret {
    keys.link_secret(&format!("invitation/{generation}"), id.0)
}
