//! The same request, sent again, gets the same answer.

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::keys::{self, Keys};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::ids::UserId;
use shared::problem::ErrorCode;
use shared::time::Instant;
use sqlx::types::Json;

/// What tells one input from another.
pub fn fingerprint(input: &impl Serialize) -> Result<Vec<u8>> {
    Ok(keys::hash(&serde_json::to_vec(input)?))
}

/// The answer this key got before; a refusal if it came with another input. A key that is new is taken: whoever sends it
/// at the same moment waits for this transaction, and then finds its answer.
pub async fn begin<T: DeserializeOwned + Send + Unpin + 'static>(
    tx: &mut Tx,
    scope: &str,
    key: Option<&str>,
    fingerprint: &[u8],
    now: Instant,
) -> Result<Option<T>> {
    let Some(key) = key else { return Ok(None) };
    let found: Option<(Vec<u8>, Json<serde_json::Value>)> = tx
        .query("select fingerprint, answer from idempotency_keys where scope = $1 and key = $2")
        .bind(scope.to_owned())
        .bind(key.to_owned())
        .optional()
        .await?;
    match found {
        None => {
            tx.query("insert into idempotency_keys (scope, key, fingerprint, answer, created_at) values ($1, $2, $3, $4, $5)")
                .bind(scope.to_owned())
                .bind(key.to_owned())
                .bind(fingerprint.to_vec())
                .bind(Json(serde_json::Value::Null))
                .bind(now)
                .later()
                .await?;
            Ok(None)
        }
        Some((known, answer)) if known == fingerprint => Ok(Some(serde_json::from_value(answer.0)?)),
        Some(_) => Err(Error::refused(
            "idempotencyKey",
            ErrorCode::IdempotencyMismatch,
            "This key was used with a different input. Use a new one.",
        )),
    }
}

/// Remembers the answer to this key, in the transaction that gives it.
pub async fn remember(tx: &mut Tx, scope: &str, key: Option<&str>, answer: &impl Serialize) -> Result<()> {
    let Some(key) = key else { return Ok(()) };
    tx.query("update idempotency_keys set answer = $3 where scope = $1 and key = $2")
        .bind(scope.to_owned())
        .bind(key.to_owned())
        .bind(Json(serde_json::to_value(answer)?))
        .later()
        .await?;
    Ok(())
}

/// Lets whoever else writes for the same people wait until this write is done: what is counted of them together is counted
/// one after the other, whatever else each of the writes takes.
pub async fn take_turn(tx: &mut Tx, scope: &str, now: Instant) -> Result<()> {
    tx.query(
        "insert into idempotency_keys (scope, key, fingerprint, answer, created_at) values ($1, 'turn', $2, $3, $4)
         on conflict (scope, key) do update set created_at = excluded.created_at",
    )
    .bind(scope.to_owned())
    .bind(Vec::<u8>::new())
    .bind(Json(serde_json::Value::Null))
    .bind(now)
    .later()
    .await?;
    Ok(())
}

/// A request of somebody that counts once, however often it is sent.
#[derive(Debug, Clone)]
pub struct Once {
    scope: String,
    key: Option<String>,
    fingerprint: Vec<u8>,
}

impl Once {
    /// The deed somebody asks for with this input. Without a key it counts every time.
    pub fn new(keys: &Keys, deed: &str, by: UserId, key: Option<&str>, input: &impl Serialize) -> Result<Self> {
        let scope = keys.pseudonym(deed, &by.to_string());
        Ok(Once { scope, key: key.map(str::to_owned), fingerprint: fingerprint(input)? })
    }

    /// What was answered before, in the write that would do it again.
    pub async fn begin<T: DeserializeOwned + Send + Unpin + 'static>(
        &self,
        tx: &mut Tx,
        now: Instant,
    ) -> Result<Option<T>> {
        begin(tx, &self.scope, self.key.as_deref(), &self.fingerprint, now).await
    }

    /// Remembers the answer, in the write that gives it.
    pub async fn remember(&self, tx: &mut Tx, answer: &impl Serialize) -> Result<()> {
        remember(tx, &self.scope, self.key.as_deref(), answer).await
    }
}

/// Forgets keys older than `before`.
pub async fn forget(tx: &mut Tx, before: Instant) -> Result<u64> {
    Ok(tx.query("delete from idempotency_keys where created_at < $1").bind(before).run().await?)
}
