//! The SQL of second factors.

use crate::db::{Conn, Tx};
use shared::ids::{LoginId, UserId};
use shared::time::Instant;

/// What is known of somebody's authenticator.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Factor {
    /// The sealed seed.
    pub(crate) totp_secret: Option<Vec<u8>>,
    /// Since when it is in use; empty while there is none.
    pub(crate) totp_confirmed_at: Option<Instant>,
}

pub(crate) async fn factor(conn: &mut Conn, user: UserId) -> sqlx::Result<Factor> {
    conn.query("select totp_secret, totp_confirmed_at from users where id = $1").bind(user).one().await
}

/// Puts a new authenticator in the place of the one that was there before, if that is still the one.
pub(crate) async fn set_factor(
    tx: &mut Tx,
    user: UserId,
    before: Option<Instant>,
    sealed: Vec<u8>,
    step: i64,
    now: Instant,
) -> sqlx::Result<bool> {
    let touched = tx
        .query(
            "update users set totp_secret = $3, totp_confirmed_at = $4, totp_last_step = $5
             where id = $1 and totp_confirmed_at is not distinct from $2",
        )
        .bind(user)
        .bind(before)
        .bind(sealed)
        .bind(now)
        .bind(step)
        .run()
        .await?;
    Ok(touched == 1)
}

/// Uses up a step: none counts twice, nor one before it.
pub(crate) async fn take_step(tx: &mut Tx, user: UserId, step: i64) -> sqlx::Result<bool> {
    let touched = tx
        .query("update users set totp_last_step = $2 where id = $1 and totp_last_step < $2")
        .bind(user)
        .bind(step)
        .run()
        .await?;
    Ok(touched == 1)
}

/// Counts one more try in this login; `None` when there were too many, or it has ended.
pub(crate) async fn count_try(tx: &mut Tx, login: LoginId, most: i64) -> sqlx::Result<Option<i64>> {
    let tried: Option<(i64,)> = tx
        .query(
            "update logins set second_factor_attempts = second_factor_attempts + 1
             where id = $1 and ended_at is null and second_factor_attempts < $2 returning second_factor_attempts",
        )
        .bind(login)
        .bind(most)
        .optional()
        .await?;
    Ok(tried.map(|(count,)| count))
}

/// The right code makes up for the wrong ones before it.
pub(crate) async fn forget_tries(tx: &mut Tx, login: LoginId) -> sqlx::Result<()> {
    tx.query("update logins set second_factor_attempts = 0 where id = $1").bind(login).run().await?;
    Ok(())
}

/// How many wrong codes were typed in all logins of this user made after `since`.
pub(crate) async fn tries_since(conn: &mut Conn, user: UserId, since: Instant) -> sqlx::Result<i64> {
    conn.query(
        "select cast(coalesce(sum(second_factor_attempts), 0) as bigint) from logins
         where user_id = $1 and created_at > $2",
    )
    .bind(user)
    .bind(since)
    .value()
    .await
}

pub(crate) async fn replace_recovery_codes(tx: &mut Tx, user: UserId, hashes: &[Vec<u8>]) -> sqlx::Result<()> {
    tx.query("delete from recovery_codes where user_id = $1").bind(user).run().await?;
    for hash in hashes {
        tx.query("insert into recovery_codes (user_id, code_hash) values ($1, $2)")
            .bind(user)
            .bind(hash.clone())
            .run()
            .await?;
    }
    Ok(())
}

/// Uses up a recovery code.
pub(crate) async fn take_recovery_code(tx: &mut Tx, user: UserId, hash: Vec<u8>, now: Instant) -> sqlx::Result<bool> {
    let touched = tx
        .query("update recovery_codes set used_at = $3 where user_id = $1 and code_hash = $2 and used_at is null")
        .bind(user)
        .bind(hash)
        .bind(now)
        .run()
        .await?;
    Ok(touched == 1)
}

pub(crate) async fn recovery_codes_left(conn: &mut Conn, user: UserId) -> sqlx::Result<i64> {
    conn.query("select count(*) from recovery_codes where user_id = $1 and used_at is null").bind(user).value().await
}
