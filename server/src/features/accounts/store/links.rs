//! The SQL of mailed links, their codes, and the link of a fresh installation.

use crate::db::{Conn, Tx};
use shared::time::Instant;
use uuid::Uuid;

/// A mailed link about to be stored. Only hashes are.
#[derive(Debug, Clone)]
pub(crate) struct NewLink {
    pub(crate) id: Uuid,
    pub(crate) email_canonical: String,
    pub(crate) link_hash: Vec<u8>,
    pub(crate) code_hash: Vec<u8>,
    pub(crate) browser_hash: Vec<u8>,
    pub(crate) created_at: Instant,
    pub(crate) expires_at: Instant,
    /// Set when it is void from the start.
    pub(crate) used_at: Option<Instant>,
}

/// A link that can still be used, as far as its mail needs to know.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct LiveLink {
    pub(crate) email_canonical: String,
    pub(crate) expires_at: Instant,
}

/// What became of a typed code.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct TriedCode {
    pub(crate) email_canonical: String,
    pub(crate) code_hash: Vec<u8>,
}

/// How much later than now a link may have been made: two servers' clocks differ a little. A clock that was set back
/// further does not bring an old link to life.
const CLOCKS_DIFFER_SECONDS: i64 = 30;

pub(crate) async fn insert(tx: &mut Tx, link: NewLink) -> sqlx::Result<()> {
    tx.query(
        "insert into sign_in_links (id, email_canonical, link_hash, code_hash, browser_hash, created_at, expires_at, used_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(link.id)
    .bind(link.email_canonical)
    .bind(link.link_hash)
    .bind(link.code_hash)
    .bind(link.browser_hash)
    .bind(link.created_at)
    .bind(link.expires_at)
    .bind(link.used_at)
    .run()
    .await?;
    Ok(())
}

/// Makes every link of this address void that was not used.
pub(crate) async fn void_of(tx: &mut Tx, canonical: &str, now: Instant) -> sqlx::Result<()> {
    tx.query("update sign_in_links set used_at = $2 where email_canonical = $1 and used_at is null")
        .bind(canonical.to_owned())
        .bind(now)
        .run()
        .await?;
    Ok(())
}

pub(crate) async fn live(conn: &mut Conn, id: Uuid, now: Instant) -> sqlx::Result<Option<LiveLink>> {
    conn.query(
        "select email_canonical, expires_at from sign_in_links where id = $1 and used_at is null and expires_at > $2",
    )
    .bind(id)
    .bind(now)
    .optional()
    .await
}

/// Uses a link in the browser that asked for it. Of many who try at once, one gets the address.
pub(crate) async fn take_by_link(
    tx: &mut Tx,
    link_hash: Vec<u8>,
    browser_hash: Vec<u8>,
    now: Instant,
) -> sqlx::Result<Option<String>> {
    let taken: Option<(String,)> = tx
        .query(
            "update sign_in_links set used_at = $3
             where link_hash = $1 and browser_hash = $2 and used_at is null and expires_at > $3 and created_at <= $4
             returning email_canonical",
        )
        .bind(link_hash)
        .bind(browser_hash)
        .bind(now)
        .bind(now.plus_seconds(CLOCKS_DIFFER_SECONDS))
        .optional()
        .await?;
    Ok(taken.map(|(canonical,)| canonical))
}

/// Whether a link could be used, had it been opened in the browser that asked for it.
pub(crate) async fn lives_elsewhere(tx: &mut Tx, link_hash: Vec<u8>, now: Instant) -> sqlx::Result<bool> {
    let count: i64 = tx
        .query(
            "select count(*) from sign_in_links
             where link_hash = $1 and used_at is null and expires_at > $2 and created_at <= $3",
        )
        .bind(link_hash)
        .bind(now)
        .bind(now.plus_seconds(CLOCKS_DIFFER_SECONDS))
        .value()
        .await?;
    Ok(count > 0)
}

/// Tries a code in the browser that asked for it: the right one uses the link, a wrong one is counted, and so many wrong
/// ones make it void.
pub(crate) async fn take_by_code(
    tx: &mut Tx,
    code_hash: Vec<u8>,
    browser_hash: Vec<u8>,
    most_attempts: i64,
    now: Instant,
) -> sqlx::Result<Option<TriedCode>> {
    tx.query(
        "update sign_in_links set
             attempts = attempts + 1,
             used_at = case when code_hash = $1 or attempts + 1 >= $3 then $4 else used_at end
         where browser_hash = $2 and used_at is null and attempts < $3 and expires_at > $4 and created_at <= $5
         returning email_canonical, code_hash",
    )
    .bind(code_hash)
    .bind(browser_hash)
    .bind(most_attempts)
    .bind(now)
    .bind(now.plus_seconds(CLOCKS_DIFFER_SECONDS))
    .optional()
    .await
}

pub(crate) async fn delete_expired(tx: &mut Tx, now: Instant) -> sqlx::Result<u64> {
    tx.query("delete from sign_in_links where expires_at < $1").bind(now).run().await
}

pub(crate) async fn insert_setup(tx: &mut Tx, link_hash: Vec<u8>, now: Instant) -> sqlx::Result<()> {
    tx.query("insert into setup_links (link_hash, created_at) values ($1, $2)").bind(link_hash).bind(now).run().await?;
    Ok(())
}

/// Whoever makes the first owner waits here for the one before. It is one row, the same for all: two who wrote their own
/// link first and then the other's would wait for each other.
pub(crate) async fn lock_setups(tx: &mut Tx) -> sqlx::Result<()> {
    tx.query(
        "update setup_links set created_at = created_at
         where link_hash = (select link_hash from setup_links order by link_hash limit 1)",
    )
    .run()
    .await?;
    Ok(())
}

/// Uses a set-up link, if it stands: of many who try at once, one is first.
pub(crate) async fn take_setup(
    tx: &mut Tx,
    link_hash: Vec<u8>,
    made_after: Instant,
    now: Instant,
) -> sqlx::Result<bool> {
    let touched = tx
        .query("update setup_links set used_at = $3 where link_hash = $1 and used_at is null and created_at > $2")
        .bind(link_hash)
        .bind(made_after)
        .bind(now)
        .run()
        .await?;
    Ok(touched == 1)
}

pub(crate) async fn void_setups(tx: &mut Tx, now: Instant) -> sqlx::Result<()> {
    tx.query("update setup_links set used_at = $1 where used_at is null").bind(now).run().await?;
    Ok(())
}
