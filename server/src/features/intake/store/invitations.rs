//! The SQL of invitations.

use crate::db::{Conn, Tx};
use crate::features::intake::invitations::Invitation;
use shared::ids::{ClientId, InvitationId, TherapistId, UserId};
use shared::time::Instant;

pub(crate) async fn invitation(conn: &mut Conn, id: InvitationId) -> sqlx::Result<Option<Invitation>> {
    conn.query(
        "select id, therapist_id, name, email, price_class, generation, mailed, created_at, expires_at, used_at, revoked_at
         from invitations where id = $1",
    )
    .bind(id)
    .optional()
    .await
}

pub(crate) async fn by_hash(conn: &mut Conn, hash: Vec<u8>) -> sqlx::Result<Option<Invitation>> {
    conn.query(
        "select id, therapist_id, name, email, price_class, generation, mailed, created_at, expires_at, used_at, revoked_at
         from invitations where link_hash = $1",
    )
    .bind(hash)
    .optional()
    .await
}

/// The invitation of this address that is neither accepted nor taken back; its link may have run out.
pub(crate) async fn open_of(conn: &mut Conn, canonical: &str) -> sqlx::Result<Option<Invitation>> {
    conn.query(
        "select id, therapist_id, name, email, price_class, generation, mailed, created_at, expires_at, used_at, revoked_at
         from invitations where email_canonical = $1 and used_at is null and revoked_at is null",
    )
    .bind(canonical.to_owned())
    .optional()
    .await
}

/// A therapist's invitations whose links work, newest first.
pub(crate) async fn live(conn: &mut Conn, therapist: TherapistId, now: Instant) -> sqlx::Result<Vec<Invitation>> {
    conn.query(
        "select id, therapist_id, name, email, price_class, generation, mailed, created_at, expires_at, used_at, revoked_at
         from invitations where therapist_id = $1 and used_at is null and revoked_at is null and expires_at > $2
         order by created_at desc, id desc limit 500",
    )
    .bind(therapist)
    .bind(now)
    .all()
    .await
}

pub(crate) async fn insert(
    tx: &mut Tx,
    invitation: &Invitation,
    canonical: &str,
    hash: Vec<u8>,
    by: UserId,
) -> sqlx::Result<()> {
    tx.query(
        "insert into invitations
             (id, therapist_id, name, email, email_canonical, price_class, link_hash, invited_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(invitation.id)
    .bind(invitation.therapist_id)
    .bind(invitation.name.clone())
    .bind(invitation.email.clone())
    .bind(canonical.to_owned())
    .bind(invitation.price_class)
    .bind(hash)
    .bind(by)
    .bind(invitation.created_at)
    .bind(invitation.expires_at)
    .run()
    .await?;
    Ok(())
}

pub(crate) async fn renew(
    tx: &mut Tx,
    id: InvitationId,
    generation: i64,
    hash: Vec<u8>,
    expires_at: Instant,
) -> sqlx::Result<()> {
    tx.query(
        "update invitations set generation = $2, link_hash = $3, expires_at = $4, mailed = mailed + 1
         where id = $1 and used_at is null and revoked_at is null",
    )
    .bind(id)
    .bind(generation)
    .bind(hash)
    .bind(expires_at)
    .run()
    .await?;
    Ok(())
}

pub(crate) async fn revoke(tx: &mut Tx, id: InvitationId, now: Instant) -> sqlx::Result<()> {
    tx.query("update invitations set revoked_at = $2 where id = $1 and used_at is null and revoked_at is null")
        .bind(id)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// Uses a link, if it works: of many who try at once, one gets the invitation.
pub(crate) async fn take(tx: &mut Tx, hash: Vec<u8>, now: Instant) -> sqlx::Result<Option<Invitation>> {
    tx.query(
        "update invitations set used_at = $2
         where link_hash = $1 and used_at is null and revoked_at is null and expires_at > $2
         returning id, therapist_id, name, email, price_class, generation, mailed, created_at, expires_at, used_at, revoked_at",
    )
    .bind(hash)
    .bind(now)
    .optional()
    .await
}

pub(crate) async fn note_client(tx: &mut Tx, id: InvitationId, client: ClientId) -> sqlx::Result<()> {
    tx.query("update invitations set client_id = $2 where id = $1").bind(id).bind(client).run().await?;
    Ok(())
}

pub(crate) async fn delete_expired(tx: &mut Tx, before: Instant) -> sqlx::Result<u64> {
    tx.query("delete from invitations where expires_at < $1 and used_at is null").bind(before).run().await
}
