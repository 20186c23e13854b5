//! SQLite: many readers, one writer that commits in groups.

use super::lite::Lite;
use super::{Conn, Link, Tx};
use crate::error::{Error, Result};
use crate::events::{Bus, Event};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// How many queued closures one transaction takes at most.
const GROUP: usize = 64;

/// How many closures may wait; more make their callers wait.
const QUEUE: usize = 1024;

/// How many statements are read with at once. Each connection is a thread with a page cache of its own.
const READERS: u32 = 6;

/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Older releases can corrupt a WAL file that two connections checkpoint at once.
const OLDEST: (u32, u32, u32) = (3, 51, 3);

pub(super) fn is_supported(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    (part(), part(), part()) >= OLDEST
}

/// Makes the file of a new database for us alone; what SQLite writes beside it has the same rights. A file that is there
/// keeps its own, and one that cannot be made is SQLite's to tell.
fn make_for_us_alone(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let _ = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

pub(super) async fn open(path: &Path, bus: Bus) -> Result<(SqlitePool, Writer)> {
    make_for_us_alone(path);
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("trusted_schema", "off")
        .pragma("journal_size_limit", "67108864")
        // In pages of 4 KiB: the log is folded back every 16 MiB, which flushes twice more.
        .pragma("wal_autocheckpoint", "4000")
        // In KiB, for each connection: the indexes that every list goes through stay in memory.
        .pragma("cache_size", "-8000")
        .pragma("temp_store", "memory")
        .statement_cache_capacity(256);
    let writing = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
    let conn = writing.acquire().await?;
    let readers = SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(READERS)
        // A file is there or it is not: asking each time whether the connection still lives is a way to its thread.
        .test_before_acquire(false)
        .acquire_timeout(BUSY_TIMEOUT)
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    let (sender, receiver) = mpsc::channel(QUEUE);
    let (closed, done) = tokio::sync::watch::channel(false);
    tokio::spawn(write_in_groups(conn, receiver, bus, closed));
    Ok((readers, Writer { sender, done }))
}

/// Hands closures to the one task that writes.
#[derive(Clone)]
pub(super) struct Writer {
    sender: mpsc::Sender<Request>,
    done: tokio::sync::watch::Receiver<bool>,
}

enum Request {
    Work(Box<dyn Work>),
    Close,
}

/// A closure with its result, waiting for the commit to answer.
trait Work: Send {
    /// Runs inside a savepoint; `false` means that it must be rolled back.
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool>;
    /// What it put off could not be done.
    fn refuse(&mut self, error: Error);
    /// Tells the caller, after the commit.
    fn answer(self: Box<Self>, commit: std::result::Result<(), String>);
}

struct Job<T, F> {
    work: F,
    outcome: Option<Result<T>>,
    caller: oneshot::Sender<Result<T>>,
}

impl<T, F> Work for Job<T, F>
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            let outcome = AssertUnwindSafe((self.work)(tx)).catch_unwind().await;
            let outcome = outcome.unwrap_or_else(|_| Err(Error::internal("a write panicked")));
            let fine = outcome.is_ok();
            self.outcome = Some(outcome);
            fine
        })
    }

    fn refuse(&mut self, error: Error) {
        self.outcome = Some(Err(error));
    }

    fn answer(self: Box<Self>, commit: std::result::Result<(), String>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(Error::Unavailable("the write did not run".into())));
        let answer = match commit {
            Ok(()) => outcome,
            Err(why) => outcome.and(Err(Error::Unavailable(format!("database: {why}")))),
        };
        // An error means that the caller went away; the work is done all the same.
        let _ = self.caller.send(answer);
    }
}

impl Writer {
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T>> + Send + Sync + 'static,
    {
        let gone = || Error::Unavailable("the database is closed".into());
        let (caller, answer) = oneshot::channel();
        let job = Box::new(Job { work, outcome: None, caller });
        self.sender.send(Request::Work(job)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Waits until everything queued before is committed and the log is written back.
    pub(super) async fn close(&self) {
        if self.sender.send(Request::Close).await.is_ok() {
            let _ = self.done.clone().wait_for(|done| *done).await;
        }
    }
}

async fn write_in_groups(
    conn: PoolConnection<Sqlite>,
    mut queue: mpsc::Receiver<Request>,
    bus: Bus,
    closed: tokio::sync::watch::Sender<bool>,
) {
    let mut tx = Tx { conn: Conn(Link::Sqlite(Box::new(Lite::new(conn)))), announced: Vec::new() };
    let mut closing = false;
    while !closing {
        let Some(first) = queue.recv().await else { break };
        let mut group = Vec::new();
        let mut next = Some(first);
        while let Some(request) = next.take() {
            match request {
                Request::Work(work) => group.push(work),
                Request::Close => closing = true,
            }
            if group.len() < GROUP && !closing {
                next = queue.try_recv().ok();
            }
        }
        if !group.is_empty() {
            commit_group(&mut tx, group, &bus).await;
        }
    }
    if let Err(error) = lite(&mut tx).execute("pragma wal_checkpoint(truncate)").await {
        tracing::warn!(%error, "the write-ahead log was not folded back; the next start does it");
    }
    // Given back to its pool it would be closed some time later, and the process may end before.
    if let Link::Sqlite(lite) = tx.conn.0
        && let Err(error) = lite.close().await
    {
        tracing::warn!(%error, "the database was not closed well; the next start looks after it");
    }
    let _ = closed.send(true);
}

/// One durable transaction for many closures, each in a savepoint of its own.
async fn commit_group(tx: &mut Tx, mut group: Vec<Box<dyn Work>>, bus: &Bus) {
    let mut events: Vec<Event> = Vec::new();
    let outcome = async {
        lite(tx).execute("begin immediate").await?;
        for work in &mut group {
            lite(tx).open();
            tx.announced.clear();
            let mut fine = work.run(tx).await;
            if fine && let Err(error) = lite(tx).release().await {
                work.refuse(error.into());
                fine = false;
            }
            match fine {
                true => events.append(&mut tx.announced),
                false => lite(tx).roll_back().await?,
            }
        }
        lite(tx).execute("commit").await
    }
    .await;
    let commit = match outcome {
        Ok(()) => Ok(()),
        Err(error) => {
            tracing::error!(%error, "a group of writes was not committed");
            // Fails when the transaction is gone already, which is what we want.
            let _ = lite(tx).execute("rollback").await;
            Err(error.to_string())
        }
    };
    if commit.is_ok() {
        for event in events {
            bus.publish(event);
        }
    }
    for work in group {
        work.answer(commit.clone());
    }
}

fn lite(tx: &mut Tx) -> &mut Lite {
    match &mut tx.conn.0 {
        Link::Sqlite(lite) => lite,
        Link::Postgres(_) => unreachable!("the writer of SQLite holds a SQLite connection"),
    }
}
