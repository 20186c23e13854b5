//! One text of SQL, two engines.
//!
//! `DATABASE_URL` chooses the engine; nothing above this module knows which one it is. Reads take a [`Conn`], writes are
//! closures given to [`Db::write`] that take a [`Tx`].

mod lite;
mod migrate;
mod postgres;
mod query;
mod search;
mod sqlite;

pub use migrate::{MigrationState, SchemaTooNew};
pub use query::{Answers, Batch, Bind, Query, Record, Rows, Statement};
pub use search::containing;

use crate::error::{Error, Result};
use crate::events::{Bus, Event};
use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres, SqlitePool};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The database of a practice.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
}

#[derive(Clone)]
enum Engine {
    Sqlite { readers: SqlitePool, writer: sqlite::Writer, path: Arc<Path> },
    Postgres { pool: PgPool, bus: Bus },
}

/// An open connection to read with.
pub struct Conn(Link);

enum Link {
    Sqlite(Box<lite::Lite>),
    Postgres(PoolConnection<Postgres>),
}

/// An open transaction. Commits when the closure given to [`Db::write`] returns `Ok`, and rolls back otherwise.
pub struct Tx {
    conn: Conn,
    announced: Vec<Event>,
}

impl std::ops::Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Tx {
    /// Tells everyone who listens, once this is committed.
    pub fn announce(&mut self, event: Event) {
        if !self.announced.contains(&event) {
            self.announced.push(event);
        }
    }
}

impl Conn {
    /// Begins one statement. `$1`, `$2` … are filled by [`Query::bind`].
    pub fn query(&mut self, sql: &'static str) -> Query<'_> {
        Query::new(&mut self.0, sql)
    }

    /// Begins several statements that are asked together.
    pub fn batch(&mut self) -> Batch<'_> {
        Batch::new(&mut self.0)
    }
}

/// Which database answers, for `doctor` and `/ready`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineVersion {
    /// `SQLite` or `PostgreSQL`.
    pub name: &'static str,
    /// As the engine says it.
    pub version: String,
    /// Whether it is one this release is safe on.
    pub supported: bool,
}

impl Db {
    /// Opens the database at `url` (`sqlite://path` or `postgres://...`). Makes an empty SQLite file if there is none.
    ///
    /// Events committed here, or by other processes on the same PostgreSQL, reach `bus`.
    pub async fn open(url: &str, bus: Bus) -> Result<Self> {
        let engine = if let Some(path) = file_of(url)? {
            let (readers, writer) = sqlite::open(path, bus).await?;
            Engine::Sqlite { readers, writer, path: path.into() }
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pool = postgres::open(url).await?;
            Engine::Postgres { pool, bus }
        } else {
            return Err(Error::internal("DATABASE_URL must begin with sqlite:// or postgres://"));
        };
        Ok(Db { engine })
    }

    /// Hears the events of other processes. Needed once per server process; does nothing on SQLite, which has one.
    pub fn listen_to_other_processes(&self) {
        if let Engine::Postgres { pool, bus } = &self.engine {
            tokio::spawn(postgres::relay(pool.clone(), bus.clone()));
        }
    }

    /// A connection to read with.
    pub async fn read(&self) -> Result<Conn> {
        // What waits for a connection is 4 KB, and whatever reads would have it inside: it is kept aside.
        Ok(Conn(match &self.engine {
            Engine::Sqlite { readers, .. } => {
                Link::Sqlite(Box::new(lite::Lite::new(Box::pin(readers.acquire()).await?)))
            }
            Engine::Postgres { pool, .. } => Link::Postgres(Box::pin(pool.acquire()).await?),
        }))
    }

    /// Runs `work` in a transaction that is committed, durably, before this returns `Ok`.
    ///
    /// The work runs in a task of its own: a caller that goes away does not leave half of it behind. It may run more
    /// than once (PostgreSQL asks for that when two transactions meet), so it must do nothing but talk to the database.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
    {
        let work = counted_for_the_asker(work);
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.write(work).await,
            Engine::Postgres { pool, bus } => postgres::write(pool.clone(), bus.clone(), work).await,
        }
    }

    /// Which engine answers and in which version.
    pub async fn version(&self) -> Result<EngineVersion> {
        let mut conn = self.read().await?;
        Ok(match &self.engine {
            Engine::Sqlite { .. } => {
                let version: String = conn.query("select sqlite_version()").value().await?;
                let supported = sqlite::is_supported(&version);
                EngineVersion { name: "SQLite", version, supported }
            }
            Engine::Postgres { .. } => {
                let version: String = conn.query("select current_setting('server_version')").value().await?;
                let supported = postgres::is_supported(&version);
                EngineVersion { name: "PostgreSQL", version, supported }
            }
        })
    }

    /// Finishes what is queued, writes the log back into the file (SQLite) and closes every connection.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { readers, writer, .. } => {
                // While anybody reads, the log cannot be folded back.
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres { pool, .. } => pool.close().await,
        }
    }
}

/// The file of the database at `url`, if it is in one. What stands after a `?` is nothing to us: a file is always made if
/// there is none, and always written.
pub fn file_of(url: &str) -> Result<Option<&Path>> {
    let Some(rest) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) else { return Ok(None) };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if path.is_empty() || path == ":memory:" || query.split('&').any(|option| option == "mode=memory") {
        return Err(Error::internal(
            "DATABASE_URL must name a file, like sqlite://practice.sqlite: a practice in memory is gone with its process",
        ));
    }
    Ok(Some(Path::new(path)))
}

/// Whether the database refused this because two live stretches of somebody's time would overlap.
pub fn is_overlap(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(inner) = error else { return false };
    // 23P01 is PostgreSQL's exclusion_violation; the trigger on SQLite raises the word itself.
    inner.code().is_some_and(|code| code == "23P01") || inner.message() == "overlap"
}

tokio::task_local! {
    static STATEMENTS: Arc<AtomicU32>;
}

/// Runs `work` and counts the statements it reads and writes with, so that a test can hold a list to one, and what knows
/// somebody to what does not.
pub async fn counting_statements<T>(work: impl Future<Output = T>) -> (T, u32) {
    let count = Arc::new(AtomicU32::new(0));
    let answer = STATEMENTS.scope(count.clone(), work).await;
    (answer, count.load(Ordering::Relaxed))
}

/// The work of a write, counted for whoever asked although it runs in a task of its own.
fn counted_for_the_asker<T, F>(
    work: F,
) -> impl for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
{
    let count = STATEMENTS.try_with(Arc::clone).ok();
    move |tx| match &count {
        Some(count) => Box::pin(STATEMENTS.scope(count.clone(), work(tx))),
        None => work(tx),
    }
}

fn counted() {
    // Outside of a counted task nobody asks.
    let _ = STATEMENTS.try_with(|count| count.fetch_add(1, Ordering::Relaxed));
}
