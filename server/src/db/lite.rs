//! A connection to SQLite, and what it is to be told with the next statement.
//!
//! The connection lives on a thread of its own. Every statement is a message there and one back, and two threads to wake;
//! on a small machine that costs more than most statements do. So a write collects what nobody waits for, and sends it
//! with the next statement that somebody does.

use futures_util::TryStreamExt;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Either, Executor, Sqlite, SqliteConnection};

/// Statements that run one after the other in one go, with what fills their placeholders.
#[derive(Default)]
pub(super) struct Waiting {
    sql: String,
    pub(super) args: SqliteArguments,
    bound: usize,
    statements: usize,
    /// Whether the first of them opens the savepoint of a write.
    opens: bool,
}

impl Waiting {
    /// How many there are.
    pub(super) fn statements(&self) -> usize {
        self.statements
    }

    /// One more, whose placeholders count from `$1`; `args` are those of all of them.
    pub(super) fn and(mut self, sql: &str, args: SqliteArguments, bound: usize) -> Self {
        if self.sql.is_empty() {
            self.sql.push_str(sql);
        } else {
            self.sql.push_str(";\n");
            push_shifted(&mut self.sql, sql, self.bound);
        }
        Waiting { args, bound: self.bound + bound, statements: self.statements + 1, ..self }
    }
}

/// Adds a statement with its placeholders numbered on from `by`.
fn push_shifted(to: &mut String, sql: &str, by: usize) {
    let mut rest = sql;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at + 1);
        to.push_str(before);
        let digits = after.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(after.len());
        match after[..digits].parse::<usize>() {
            Ok(number) => to.push_str(&(number + by).to_string()),
            Err(_) => to.push_str(&after[..digits]),
        }
        rest = &after[digits..];
    }
    to.push_str(rest);
}

/// A connection with what it is to be told next.
pub(super) struct Lite {
    conn: PoolConnection<Sqlite>,
    waiting: Waiting,
    /// Whether a statement was begun that has not been run: what waited went with it.
    is_taken: bool,
}

type Told<'c> = (&'c mut SqliteConnection, AssertSqlSafe<String>, SqliteArguments);

impl Lite {
    pub(super) fn new(conn: PoolConnection<Sqlite>) -> Self {
        Lite { conn, waiting: Waiting::default(), is_taken: false }
    }

    /// What waits, for a statement that takes it along.
    pub(super) fn take(&mut self) -> Waiting {
        self.is_taken = true;
        std::mem::take(&mut self.waiting)
    }

    /// Gives back what was taken, with a statement more.
    pub(super) fn put_off(&mut self, waiting: Waiting) {
        self.is_taken = false;
        self.waiting = waiting;
    }

    /// The connection, to run a statement and what it took along on.
    pub(super) fn run(&mut self, whole: Waiting) -> Told<'_> {
        self.is_taken = false;
        // Safe: every text is a literal of a store or of this module, joined with numbered placeholders.
        (&mut self.conn, AssertSqlSafe(whole.sql), whole.args)
    }

    /// Runs a statement and what it took along; answers how many rows the last of them touched.
    pub(super) async fn finish(&mut self, whole: Waiting) -> sqlx::Result<u64> {
        let (conn, sql, args) = self.run(whole);
        let mut steps = conn.fetch_many(sqlx::query_with(sql, args));
        let mut touched = 0;
        while let Some(step) = steps.try_next().await? {
            if let Either::Left(done) = step {
                touched = done.rows_affected();
            }
        }
        Ok(touched)
    }

    /// Opens the savepoint of a write with its first statement.
    pub(super) fn open(&mut self) {
        let first = Waiting::default().and("savepoint work", SqliteArguments::default(), 0);
        self.put_off(Waiting { opens: true, ..first });
    }

    /// Ends a write: what waits is run, and its savepoint is released.
    pub(super) async fn release(&mut self) -> sqlx::Result<()> {
        if self.is_taken {
            return Err(sqlx::Error::Protocol("a statement was begun and not run".into()));
        }
        let mut waiting = std::mem::take(&mut self.waiting);
        if waiting.opens && waiting.statements == 1 {
            return Ok(());
        }
        let args = std::mem::take(&mut waiting.args);
        self.finish(waiting.and("release work", args, 0)).await.map(|_| ())
    }

    /// Ends a write as if it had not been.
    pub(super) async fn roll_back(&mut self) -> sqlx::Result<()> {
        if std::mem::take(&mut self.waiting).opens {
            return Ok(());
        }
        self.is_taken = false;
        self.execute("rollback to work; release work").await
    }

    /// Runs statements without placeholders.
    pub(super) async fn execute(&mut self, sql: &'static str) -> sqlx::Result<()> {
        self.conn.execute(sql).await.map(|_| ())
    }

    pub(super) async fn close(self) -> sqlx::Result<()> {
        self.conn.close().await
    }
}

/// A statement that was put off had an answer.
pub(super) fn unexpected_row() -> sqlx::Error {
    sqlx::Error::Protocol("a statement that was put off answered with a row".into())
}

#[cfg(test)]
mod tests {
    use super::push_shifted;

    #[test]
    fn placeholders_are_numbered_on() {
        let mut sql = "a $1; ".to_owned();
        push_shifted(&mut sql, "b $2, $10 and $1)", 3);
        assert_eq!(sql, "a $1; b $5, $13 and $4)");
    }
}
