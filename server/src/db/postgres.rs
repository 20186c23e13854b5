//! PostgreSQL: any number of processes, transactions retried when two meet, events carried by `NOTIFY`.

use super::{Conn, Link, Tx};
use crate::error::{Error, Result};
use crate::events::{Bus, Event};
use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::{Executor, PgPool, Postgres};
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::time::timeout;

/// After so long without an event the connection is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(20);

/// How long it may take to answer that.
const ANSWER: Duration = Duration::from_secs(5);

/// The channel events travel on.
const CHANNEL: &str = "anteroom";

/// After so many meetings a transaction goes one at a time with the others that met as often. Left to chance, sixteen that
/// want one row deadlock again and again, each found out after a second.
const MEETINGS_BEFORE_QUEUEING: usize = 3;

/// The advisory lock those take turns with.
const TURN: i64 = 0x616e_7465_726f_6f6d;

pub(super) fn is_supported(version: &str) -> bool {
    version.split('.').next().and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major >= 14)
}

pub(super) async fn open(url: &str) -> Result<PgPool> {
    Ok(PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(5)).connect(url).await?)
}

/// Runs `work` in a transaction and in a task of its own, again if PostgreSQL says that two transactions met.
///
/// Whoever looks for a row and then inserts it may find at the insert that another transaction was first; that one is
/// committed by then, and the second run sees it. What collides with the same constraint again is no meeting but a fault.
pub(super) async fn write<T, F>(pool: PgPool, bus: Bus, work: F) -> Result<T>
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
{
    let task = tokio::spawn(async move {
        let mut pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(2))
            .with_max_delay(Duration::from_millis(200))
            .with_jitter()
            .with_max_times(14)
            .build();
        let mut collided: Vec<String> = Vec::new();
        for meetings in 0.. {
            let outcome = attempt(&pool, &bus, meetings >= MEETINGS_BEFORE_QUEUEING, &work).await;
            let Err(Error::Internal(error)) = &outcome else { return outcome };
            match meeting(error.as_ref()) {
                Some(Meeting::Order) => {}
                Some(Meeting::Key(constraint)) if !collided.contains(&constraint) => collided.push(constraint),
                Some(Meeting::Key(_)) | None => return outcome,
            }
            match pauses.next() {
                Some(pause) => tokio::time::sleep(pause).await,
                None => break,
            }
        }
        Err(Error::Unavailable("database: too many writers at once".into()))
    });
    task.await.unwrap_or_else(|_| Err(Error::internal("a write panicked")))
}

async fn attempt<T, F>(pool: &PgPool, bus: &Bus, in_turn: bool, work: &F) -> Result<T>
where
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>>,
{
    let mut conn = pool.acquire().await?;
    conn.execute("begin").await?;
    if in_turn && let Err(error) = wait_for_turn(&mut conn).await {
        conn.execute("rollback").await?;
        return Err(error);
    }
    let mut tx = Tx { conn: Conn(Link::Postgres(conn)), announced: Vec::new() };
    let outcome = AssertUnwindSafe(work(&mut tx)).catch_unwind().await;
    let outcome = outcome.unwrap_or_else(|_| Err(Error::internal("a write panicked")));
    let events = std::mem::take(&mut tx.announced);
    let conn = connection(&mut tx);
    let outcome = match outcome {
        Ok(value) => commit(conn, bus, &events).await.map(|()| value),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(value) => {
            for event in events {
                bus.publish(event);
            }
            Ok(value)
        }
        Err(error) => {
            conn.execute("rollback").await?;
            Err(error)
        }
    }
}

async fn commit(conn: &mut PoolConnection<Postgres>, bus: &Bus, events: &[Event]) -> Result<()> {
    for event in events {
        notify(conn, &serde_json::to_string(&bus.carry(event))?).await?;
    }
    conn.execute("commit").await?;
    Ok(())
}

fn connection(tx: &mut Tx) -> &mut PoolConnection<Postgres> {
    match &mut tx.conn.0 {
        Link::Postgres(conn) => conn,
        Link::Sqlite(_) => unreachable!("this transaction was begun on PostgreSQL"),
    }
}

#[expect(clippy::disallowed_methods, reason = "delivery of events belongs to the engine")]
async fn notify(conn: &mut PoolConnection<Postgres>, payload: &str) -> Result<()> {
    sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(payload).execute(&mut **conn).await?;
    Ok(())
}

/// Until everyone who came before has committed or given up; whoever begins afresh does not wait.
#[expect(clippy::disallowed_methods, reason = "the order of transactions belongs to the engine")]
async fn wait_for_turn(conn: &mut PoolConnection<Postgres>) -> Result<()> {
    sqlx::query("select pg_advisory_xact_lock($1)").bind(TURN).execute(&mut **conn).await?;
    Ok(())
}

/// How two transactions met.
enum Meeting {
    /// 40001 serialization_failure, 40P01 deadlock_detected: one of them has to come after the other.
    Order,
    /// 23505 unique_violation: both inserted a row with the same key. Names the constraint.
    Key(String),
}

fn meeting(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Option<Meeting> {
    let Some(sqlx::Error::Database(inner)) = error.downcast_ref::<sqlx::Error>() else { return None };
    match inner.code()?.as_ref() {
        "40001" | "40P01" => Some(Meeting::Order),
        "23505" => Some(Meeting::Key(inner.constraint().unwrap_or_default().to_owned())),
        _ => None,
    }
}

/// Publishes here what was committed anywhere.
pub(super) async fn relay(pool: PgPool, bus: Bus) {
    while !pool.is_closed() {
        if let Err(error) = relay_until_lost(&pool, &bus).await {
            tracing::warn!(%error, "live events are interrupted; connecting again");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

async fn relay_until_lost(pool: &PgPool, bus: &Bus) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    bus.publish(Event::Missed);
    loop {
        let Ok(heard) = timeout(SILENCE, listener.try_recv()).await else {
            // A connection that was cut off without a word is silent for ever: it must answer something.
            timeout(ANSWER, listener.listen(CHANNEL)).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
            continue;
        };
        match heard? {
            Some(notice) => match serde_json::from_str(notice.payload()) {
                Ok(carried) => bus.receive(carried),
                Err(_) => bus.publish(Event::Missed),
            },
            None => bus.publish(Event::Missed),
        }
    }
}
