//! The SQL of users and logins.

pub(super) mod links;
pub(super) mod second_factor;

use super::logins::Login;
use super::{LoginState, User};
use crate::db::{Conn, Query, Tx};
use shared::actor::Role;
use shared::ids::{LoginId, UserId};
use shared::time::Instant;

pub(super) async fn user(conn: &mut Conn, id: UserId) -> sqlx::Result<Option<User>> {
    conn.query("select id, email, name, phone, time_zone, role, email_proven_at, disabled_at from users where id = $1")
        .bind(id)
        .optional()
        .await
}

pub(super) async fn user_by_address(conn: &mut Conn, canonical: &str) -> sqlx::Result<Option<User>> {
    conn.query(
        "select id, email, name, phone, time_zone, role, email_proven_at, disabled_at from users where email_canonical = $1",
    )
    .bind(canonical.to_owned())
    .optional()
    .await
}

pub(super) async fn insert_user(tx: &mut Tx, user: &User, now: Instant) -> sqlx::Result<()> {
    bound(
        tx.query(
            "insert into users (id, email, email_canonical, name, phone, time_zone, role, email_proven_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        ),
        user,
        now,
    )
    .run()
    .await?;
    Ok(())
}

/// Adds a user, unless somebody has the address.
pub(super) async fn insert_user_unless_known(tx: &mut Tx, user: &User, now: Instant) -> sqlx::Result<()> {
    bound(
        tx.query(
            "insert into users (id, email, email_canonical, name, phone, time_zone, role, email_proven_at, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict (email_canonical) do nothing",
        ),
        user,
        now,
    )
    .later()
    .await
}

fn bound<'c>(query: Query<'c>, user: &User, now: Instant) -> Query<'c> {
    query
        .bind(user.id)
        .bind(user.email.clone())
        .bind(user.email.to_ascii_lowercase())
        .bind(user.name.clone())
        .bind(user.phone.clone())
        .bind(user.time_zone.clone())
        .bind(user.role)
        .bind(user.email_proven_at)
        .bind(now)
}

pub(super) async fn set_contact(tx: &mut Tx, id: UserId, name: &str, phone: &str, time_zone: &str) -> sqlx::Result<()> {
    tx.query("update users set name = $2, phone = $3, time_zone = $4 where id = $1")
        .bind(id)
        .bind(name.to_owned())
        .bind(phone.to_owned())
        .bind(time_zone.to_owned())
        .run()
        .await?;
    Ok(())
}

pub(super) async fn set_email_proven(tx: &mut Tx, id: UserId, now: Instant) -> sqlx::Result<()> {
    tx.query("update users set email_proven_at = $2 where id = $1").bind(id).bind(now).run().await?;
    Ok(())
}

pub(super) async fn set_disabled(tx: &mut Tx, id: UserId, now: Instant) -> sqlx::Result<u64> {
    tx.query("update users set disabled_at = coalesce(disabled_at, $2) where id = $1").bind(id).bind(now).run().await
}

pub(super) async fn set_role(tx: &mut Tx, id: UserId, role: Role) -> sqlx::Result<u64> {
    tx.query("update users set role = $2 where id = $1").bind(id).bind(role).run().await
}

pub(super) async fn count_owners(conn: &mut Conn) -> sqlx::Result<i64> {
    conn.query("select count(*) from users where role = $1").bind(Role::Owner).value().await
}

pub(super) async fn login_state(conn: &mut Conn, id: LoginId) -> sqlx::Result<Option<LoginState>> {
    conn.query(
        "select l.user_id, u.role, l.second_factor, l.expires_at, l.ended_at, u.disabled_at
         from logins l join users u on u.id = l.user_id where l.id = $1",
    )
    .bind(id)
    .optional()
    .await
}

pub(super) async fn insert_login(tx: &mut Tx, user: UserId, second_factor: bool, login: &Login) -> sqlx::Result<()> {
    tx.query(
        "insert into logins (id, user_id, rotated_at, second_factor, device, created_at, seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $3, $3, $6)",
    )
    .bind(login.id)
    .bind(user)
    .bind(login.created_at)
    .bind(second_factor)
    .bind(login.device.clone())
    .bind(login.expires_at)
    .run()
    .await?;
    Ok(())
}

/// A user's logins that stand, the last seen first.
pub(super) async fn logins_of(conn: &mut Conn, user: UserId, now: Instant) -> sqlx::Result<Vec<Login>> {
    conn.query(
        "select id, device, created_at, seen_at, expires_at from logins
         where user_id = $1 and ended_at is null and expires_at > $2 order by seen_at desc, id limit 100",
    )
    .bind(user)
    .bind(now)
    .all()
    .await
}

/// Ends one login, if it stands and is this user's; whoever's it is, when no user is named.
pub(super) async fn end_login(
    tx: &mut Tx,
    id: LoginId,
    user: Option<UserId>,
    because: &str,
    now: Instant,
) -> sqlx::Result<u64> {
    tx.query(
        "update logins set ended_at = $3, ended_because = $4
         where id = $1 and (cast($2 as uuid) is null or user_id = $2) and ended_at is null",
    )
    .bind(id)
    .bind(user)
    .bind(now)
    .bind(because.to_owned())
    .run()
    .await
}

/// Ends every login of this user that stands, but one.
pub(super) async fn end_logins_of(
    tx: &mut Tx,
    user: UserId,
    except: Option<LoginId>,
    because: &str,
    now: Instant,
) -> sqlx::Result<u64> {
    tx.query(
        "update logins set ended_at = $3, ended_because = $4
         where user_id = $1 and (cast($2 as uuid) is null or id <> $2) and ended_at is null",
    )
    .bind(user)
    .bind(except)
    .bind(now)
    .bind(because.to_owned())
    .run()
    .await
}

/// Which refresh token of a login is the current one, and whose it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Generation {
    pub(super) user_id: UserId,
    pub(super) generation: i64,
    pub(super) rotated_at: Instant,
    pub(super) expires_at: Instant,
    pub(super) ended_at: Option<Instant>,
    pub(super) disabled_at: Option<Instant>,
}

/// Moves a login on from this generation to the next; of many who ask at once, one does.
pub(super) async fn rotate(tx: &mut Tx, id: LoginId, generation: i64, now: Instant) -> sqlx::Result<bool> {
    let touched = tx
        .query(
            "update logins set generation = generation + 1, rotated_at = $3, seen_at = $3
             where id = $1 and generation = $2 and ended_at is null and expires_at > $3
               and exists (select 1 from users u where u.id = logins.user_id and u.disabled_at is null)",
        )
        .bind(id)
        .bind(generation)
        .bind(now)
        .run()
        .await?;
    Ok(touched == 1)
}

pub(super) async fn generation(conn: &mut Conn, id: LoginId) -> sqlx::Result<Option<Generation>> {
    conn.query(
        "select l.user_id, l.generation, l.rotated_at, l.expires_at, l.ended_at, u.disabled_at
         from logins l join users u on u.id = l.user_id where l.id = $1",
    )
    .bind(id)
    .optional()
    .await
}

pub(super) async fn delete_ended_logins(tx: &mut Tx, before: Instant) -> sqlx::Result<u64> {
    tx.query("delete from logins where ended_at < $1 or expires_at < $1").bind(before).run().await
}
