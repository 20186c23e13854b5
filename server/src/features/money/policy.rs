//! The rules for calling off, in versions: a booking keeps the one it was made under.

use super::store;
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use shared::ids::PolicyId;
use shared::policy::CancellationPolicy;
use shared::problem::{ErrorCode, UserError};
use shared::time::Instant;
use sqlx::types::Json;
use std::sync::Arc;

/// One version of the rules.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Policy {
    /// Which.
    pub id: PolicyId,
    /// Counts from 1.
    pub version: i64,
    /// What they say.
    pub rules: Json<CancellationPolicy>,
    /// When it was published.
    pub created_at: Instant,
}

/// The rules that new bookings are made under. The first booking of a practice that has not published any makes the
/// built-in ones its first version.
pub async fn in_force(tx: &mut Tx, app: &App) -> Result<Policy> {
    match store::newest_policy(tx).await? {
        Some(policy) => Ok(policy),
        None => add_version(tx, app, CancellationPolicy::default()).await,
    }
}

/// The rules in force, as somebody is shown them.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Their version; 0 while the built-in ones are in force.
    pub version: i64,
    /// What they say.
    pub rules: CancellationPolicy,
}

/// The rules in force, for showing; the built-in ones while none were published.
pub async fn shown(app: &App) -> Result<Shown> {
    let newest = store::newest_policy(&mut app.db.read().await?).await?;
    Ok(newest.map(|policy| Shown { version: policy.version, rules: policy.rules.0 }).unwrap_or_default())
}

/// Why something is not booked under rules that are not those its client was shown; nothing where none were shown. A
/// version that says the same as the one shown is as good.
pub async fn changed(tx: &mut Tx, shown: Option<i64>) -> Result<Option<UserError>> {
    let Some(version) = shown else { return Ok(None) };
    let said = match version {
        0 => Some(CancellationPolicy::default()),
        version => store::policy_of_version(tx, version).await?.map(|policy| policy.rules.0),
    };
    let in_force = store::newest_policy(tx).await?.map(|policy| policy.rules.0).unwrap_or_default();
    let message =
        "What cancelling costs has changed since you looked. Nothing is booked yet: book it if it still suits you.";
    Ok((said != Some(in_force)).then(|| UserError::on("shownPolicyVersion", ErrorCode::PolicyChanged, message)))
}

/// Every version, the newest first.
pub async fn versions(app: &App) -> Result<Vec<Policy>> {
    Ok(store::policies(&mut app.db.read().await?).await?)
}

/// The rules a booking was made under; the built-in ones where it was made under none.
pub async fn of_booking(conn: &mut Conn, id: Option<PolicyId>) -> Result<CancellationPolicy> {
    let Some(id) = id else { return Ok(CancellationPolicy::default()) };
    let policy = store::policy(conn, id).await?;
    Ok(policy.ok_or_else(|| Error::internal("the rules of a booking are not there any more"))?.rules.0)
}

/// Publishes new rules. Bookings made before keep theirs.
pub async fn publish(app: &Arc<App>, by: Viewer, rules: CancellationPolicy) -> Result<Policy> {
    Error::unless_fine(rules.problems())?;
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let (app, rules) = (shared_app.clone(), rules.clone());
            Box::pin(async move {
                let newest = store::newest_policy(tx).await?;
                if let Some(same) = newest.filter(|policy| policy.rules.0 == rules) {
                    return Ok(same);
                }
                let policy = add_version(tx, &app, rules).await?;
                audit::record(tx, app.clock.now(), Some(by.user_id), "publish policy", Some(policy.id.0)).await?;
                Ok(policy)
            })
        })
        .await
}

/// Adds a version inside a write.
pub async fn add_version(tx: &mut Tx, app: &App, rules: CancellationPolicy) -> Result<Policy> {
    let version = store::newest_policy(tx).await?.map_or(1, |policy| policy.version + 1);
    let now = app.clock.now();
    let policy = Policy { id: PolicyId(app.clock.new_id()), version, rules: Json(rules), created_at: now };
    store::insert_policy(tx, &policy).await?;
    Ok(policy)
}
