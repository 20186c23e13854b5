//! One statement: bind, then ask for all rows, one, perhaps one, or none.

use super::Link;
use sqlx::Arguments;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Decode, Encode, FromRow, Postgres, Sqlite, Type};
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

/// One statement and what fills its placeholders.
pub struct Query<'c> {
    link: &'c mut Link,
    sql: Cow<'static, str>,
    args: Args,
    bound: usize,
    problem: Option<BoxDynError>,
}

impl<'c> Query<'c> {
    pub(super) fn new(link: &'c mut Link, sql: &'static str) -> Self {
        let args = match link {
            Link::Sqlite(_) => Args::Sqlite(SqliteArguments::default()),
            Link::Postgres(_) => Args::Postgres(PgArguments::default()),
        };
        Query { link, sql: Cow::Borrowed(sql), args, bound: 0, problem: None }
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

    /// Every row.
    pub async fn all<T: Record>(self) -> sqlx::Result<Vec<T>> {
        let (link, sql, args) = self.ready()?;
        super::counted();
        match (link, args) {
            (Link::Sqlite(conn), Args::Sqlite(args)) => sqlx::query_as_with(sql, args).fetch_all(&mut **conn).await,
            (Link::Postgres(conn), Args::Postgres(args)) => sqlx::query_as_with(sql, args).fetch_all(&mut **conn).await,
            _ => unreachable!("arguments are made for the engine of their connection"),
        }
    }

    /// The first row, if there is one.
    pub async fn optional<T: Record>(self) -> sqlx::Result<Option<T>> {
        let (link, sql, args) = self.ready()?;
        super::counted();
        match (link, args) {
            (Link::Sqlite(conn), Args::Sqlite(args)) => {
                sqlx::query_as_with(sql, args).fetch_optional(&mut **conn).await
            }
            (Link::Postgres(conn), Args::Postgres(args)) => {
                sqlx::query_as_with(sql, args).fetch_optional(&mut **conn).await
            }
            _ => unreachable!("arguments are made for the engine of their connection"),
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
        let (link, sql, args) = self.ready()?;
        super::counted();
        match (link, args) {
            (Link::Sqlite(conn), Args::Sqlite(args)) => {
                Ok(sqlx::query_with(sql, args).execute(&mut **conn).await?.rows_affected())
            }
            (Link::Postgres(conn), Args::Postgres(args)) => {
                Ok(sqlx::query_with(sql, args).execute(&mut **conn).await?.rows_affected())
            }
            _ => unreachable!("arguments are made for the engine of their connection"),
        }
    }

    fn ready(self) -> sqlx::Result<(&'c mut Link, AssertSqlSafe<Cow<'static, str>>, Args)> {
        match self.problem {
            Some(problem) => Err(sqlx::Error::Encode(problem)),
            // Safe: the text is a literal of a store, and `bind_list` and `rows` add nothing but numbered placeholders.
            None => Ok((self.link, AssertSqlSafe(self.sql), self.args)),
        }
    }
}
