//! One statement: bind, then ask for all rows, one, perhaps one, or none.

use super::lite::Waiting;
use super::{Link, lite};
use futures_util::TryStreamExt;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Decode, Either, Encode, Executor, FromRow, Postgres, Sqlite, Type};
use std::borrow::Cow;

/// A value either engine can store.
pub trait Bind:
    for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send
{
}
impl<T> Bind for T where
    T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send
{
}

/// A row of either engine; `#[derive(sqlx::FromRow)]` is all it takes.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A single value of either engine.
pub trait Single:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> + Send + Unpin
{
}
impl<T> Single for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> + Send + Unpin
{
}

enum Args {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

/// The text of one statement and what fills its placeholders.
pub struct Statement {
    sql: Cow<'static, str>,
    args: Args,
    /// What is to run before it, on the same way to the database.
    before: Waiting,
    bound: usize,
    problem: Option<BoxDynError>,
}

impl Statement {
    fn sqlite(sql: &'static str, mut before: Waiting) -> Self {
        let args = Args::Sqlite(std::mem::take(&mut before.args));
        Statement { sql: Cow::Borrowed(sql), args, before, bound: 0, problem: None }
    }

    fn postgres(sql: &'static str) -> Self {
        let args = Args::Postgres(PgArguments::default());
        Statement { sql: Cow::Borrowed(sql), args, before: Waiting::default(), bound: 0, problem: None }
    }

    /// Fills the next placeholder.
    pub fn bind(mut self, value: impl Bind) -> Self {
        let added = match &mut self.args {
            Args::Sqlite(args) => args.add(value),
            Args::Postgres(args) => args.add(value),
        };
        self.bound += 1;
        self.problem = self.problem.or(added.err());
        self
    }

    /// Fills `$list` with one placeholder a value, numbered on from what is bound so far: `where id in ($list)`.
    pub fn bind_list<T: Bind>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        let first = self.bound + 1;
        for value in values {
            self = self.bind(value);
        }
        let places: Vec<String> = (first..=self.bound).map(|n| format!("${n}")).collect();
        let list = if places.is_empty() { "null".into() } else { places.join(", ") };
        self.sql = Cow::Owned(self.sql.replace("$list", &list));
        self
    }

    /// Fills `$rows` with so many rows of so many placeholders, to be bound in their order: `values $rows`.
    pub fn rows(mut self, count: usize, columns: usize) -> Self {
        let place = |row: usize, column: usize| format!("${}", self.bound + row * columns + column + 1);
        let row = |row: usize| (0..columns).map(|column| place(row, column)).collect::<Vec<_>>().join(", ");
        let rows: Vec<_> = (0..count).map(|number| format!("({})", row(number))).collect();
        self.sql = Cow::Owned(self.sql.replace("$rows", &rows.join(", ")));
        self
    }

    /// The whole of it for SQLite, with what runs before.
    fn whole(self) -> sqlx::Result<Waiting> {
        match (self.problem, self.args) {
            (Some(problem), _) => Err(sqlx::Error::Encode(problem)),
            (None, Args::Sqlite(args)) => Ok(self.before.and(&self.sql, args, self.bound)),
            (None, Args::Postgres(_)) => unreachable!("arguments are made for the engine of their connection"),
        }
    }

    fn for_postgres(self) -> sqlx::Result<(AssertSqlSafe<Cow<'static, str>>, PgArguments)> {
        match (self.problem, self.args) {
            (Some(problem), _) => Err(sqlx::Error::Encode(problem)),
            // Safe: the text is a literal of a store, and `bind_list` and `rows` add nothing but numbered placeholders.
            (None, Args::Postgres(args)) => Ok((AssertSqlSafe(self.sql), args)),
            (None, Args::Sqlite(_)) => unreachable!("arguments are made for the engine of their connection"),
        }
    }
}

/// One statement on its connection.
pub struct Query<'c> {
    link: &'c mut Link,
    statement: Statement,
}

impl<'c> Query<'c> {
    pub(super) fn new(link: &'c mut Link, sql: &'static str) -> Self {
        let statement = match link {
            Link::Sqlite(lite) => Statement::sqlite(sql, lite.take()),
            Link::Postgres(_) => Statement::postgres(sql),
        };
        Query { link, statement }
    }

    /// Fills the next placeholder.
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.statement = self.statement.bind(value);
        self
    }

    /// Fills `$list` with one placeholder a value, numbered on from what is bound so far: `where id in ($list)`.
    pub fn bind_list<T: Bind>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.statement = self.statement.bind_list(values);
        self
    }

    /// Fills `$rows` with so many rows of so many placeholders, to be bound in their order: `values $rows`.
    pub fn rows(mut self, count: usize, columns: usize) -> Self {
        self.statement = self.statement.rows(count, columns);
        self
    }

    /// Every row.
    pub async fn all<T: Record>(self) -> sqlx::Result<Vec<T>> {
        super::counted();
        match self.link {
            Link::Sqlite(lite) => {
                let (conn, sql, args) = lite.run(self.statement.whole()?);
                sqlx::query_as_with(sql, args).fetch_all(conn).await
            }
            Link::Postgres(conn) => {
                let (sql, args) = self.statement.for_postgres()?;
                sqlx::query_as_with(sql, args).fetch_all(&mut **conn).await
            }
        }
    }

    /// The first row, if there is one.
    pub async fn optional<T: Record>(self) -> sqlx::Result<Option<T>> {
        super::counted();
        match self.link {
            Link::Sqlite(lite) => {
                let (conn, sql, args) = lite.run(self.statement.whole()?);
                sqlx::query_as_with(sql, args).fetch_optional(conn).await
            }
            Link::Postgres(conn) => {
                let (sql, args) = self.statement.for_postgres()?;
                sqlx::query_as_with(sql, args).fetch_optional(&mut **conn).await
            }
        }
    }

    /// The one row there must be.
    pub async fn one<T: Record>(self) -> sqlx::Result<T> {
        self.optional().await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// The one value of the one row there must be.
    pub async fn value<T: Single>(self) -> sqlx::Result<T>
    where
        (T,): Record,
    {
        Ok(self.one::<(T,)>().await?.0)
    }

    /// Runs it and answers how many rows it touched.
    pub async fn run(self) -> sqlx::Result<u64> {
        super::counted();
        match self.link {
            Link::Sqlite(lite) => lite.finish(self.statement.whole()?).await,
            Link::Postgres(conn) => {
                let (sql, args) = self.statement.for_postgres()?;
                Ok(sqlx::query_with(sql, args).execute(&mut **conn).await?.rows_affected())
            }
        }
    }

    /// Runs it before the next statement, or before the write ends: for what nobody waits to hear of. What goes wrong with
    /// it goes wrong there, so it must be nothing the code around it looks at. On SQLite it saves the way to the thread
    /// of the database and back; on PostgreSQL it runs at once.
    pub async fn later(self) -> sqlx::Result<()> {
        match self.link {
            Link::Sqlite(lite) => {
                super::counted();
                let whole = self.statement.whole()?;
                lite.put_off(whole);
                Ok(())
            }
            Link::Postgres(_) => self.run().await.map(|_| ()),
        }
    }
}

/// Several statements that are asked together: on SQLite they go to the thread of the database at once.
pub struct Batch<'c> {
    link: &'c mut Link,
    /// What SQLite is asked.
    waiting: Waiting,
    /// How many statements of it were put off before, and are not asked for rows.
    skipped: usize,
    /// What PostgreSQL is asked.
    parts: Vec<Statement>,
    count: usize,
    problem: Option<sqlx::Error>,
}

/// The rows one statement of a batch will have.
pub struct Rows<T> {
    part: usize,
    of: std::marker::PhantomData<fn() -> T>,
}

/// What the statements of a batch answered.
pub enum Answers {
    /// SQLite's rows, by statement.
    #[doc(hidden)]
    Sqlite(Vec<Vec<SqliteRow>>),
    /// PostgreSQL's rows, by statement.
    #[doc(hidden)]
    Postgres(Vec<Vec<PgRow>>),
}

impl<'c> Batch<'c> {
    pub(super) fn new(link: &'c mut Link) -> Self {
        let waiting = match link {
            Link::Sqlite(lite) => lite.take(),
            Link::Postgres(_) => Waiting::default(),
        };
        let skipped = waiting.statements();
        Batch { link, waiting, skipped, parts: Vec::new(), count: 0, problem: None }
    }

    /// Adds a statement; `fill` binds its placeholders, numbered from `$1`.
    pub fn all<T: Record>(&mut self, sql: &'static str, fill: impl FnOnce(Statement) -> Statement) -> Rows<T> {
        super::counted();
        match self.link {
            Link::Sqlite(_) => {
                let statement = fill(Statement::sqlite(sql, std::mem::take(&mut self.waiting)));
                match statement.whole() {
                    Ok(whole) => self.waiting = whole,
                    Err(problem) => self.problem = Some(problem),
                }
            }
            Link::Postgres(_) => self.parts.push(fill(Statement::postgres(sql))),
        }
        self.count += 1;
        Rows { part: self.count - 1, of: std::marker::PhantomData }
    }

    /// Asks all of them, in their order.
    pub async fn ask(self) -> sqlx::Result<Answers> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        match self.link {
            Link::Sqlite(lite) => {
                let mut answers: Vec<Vec<SqliteRow>> = (0..self.count).map(|_| Vec::new()).collect();
                let (conn, sql, args) = lite.run(self.waiting);
                let mut steps = conn.fetch_many(sqlx::query_with(sql, args));
                let mut statement = 0_usize;
                while let Some(step) = steps.try_next().await? {
                    match step {
                        Either::Left(_) => statement += 1,
                        Either::Right(row) => {
                            let part = statement.checked_sub(self.skipped).and_then(|part| answers.get_mut(part));
                            part.ok_or_else(lite::unexpected_row)?.push(row);
                        }
                    }
                }
                Ok(Answers::Sqlite(answers))
            }
            Link::Postgres(conn) => {
                let mut answers = Vec::with_capacity(self.count);
                for part in self.parts {
                    let (sql, args) = part.for_postgres()?;
                    answers.push(sqlx::query_with(sql, args).fetch_all(&mut **conn).await?);
                }
                Ok(Answers::Postgres(answers))
            }
        }
    }
}

impl Answers {
    /// The rows of one statement.
    pub fn take<T: Record>(&mut self, rows: Rows<T>) -> sqlx::Result<Vec<T>> {
        match self {
            Answers::Sqlite(all) => all[rows.part].drain(..).map(|row| T::from_row(&row)).collect(),
            Answers::Postgres(all) => all[rows.part].drain(..).map(|row| T::from_row(&row)).collect(),
        }
    }
}
