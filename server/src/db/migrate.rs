//! Brings the schema up to date: one portable set, plus what only one engine can say.

use super::{Db, Engine};
use crate::error::{Error, Result};
use sqlx::SqlStr;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

macro_rules! migrations { ($($version:literal $name:literal $file:literal),* $(,)?) => {
    vec![$(($version, $name, include_str!(concat!("../../../migrations/", $file)))),*]
} }

/// The schema is from a newer release than this binary.
#[derive(Debug, thiserror::Error)]
#[error(
    "the database was made by a newer release (migration {0}); run that release, or restore a backup made before it"
)]
pub struct SchemaTooNew(pub i64);

/// What is applied and what is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationState {
    /// The newest migration in the database; 0 if there is none.
    pub applied: i64,
    /// The newest migration in this binary.
    pub newest: i64,
}

impl MigrationState {
    /// Whether nothing is left to apply.
    pub fn is_current(&self) -> bool {
        self.applied == self.newest
    }
}

impl Db {
    /// Applies what is missing. Each migration is one transaction, so that being killed in the middle leaves either all
    /// or nothing of it.
    pub async fn migrate(&self) -> Result<MigrationState> {
        let migrator = self.migrator();
        let outcome = match &self.engine {
            // SQLite's writer owns the only connection that may write; migrations run before it has work, on their own.
            Engine::Sqlite { path, .. } => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).foreign_keys(true);
                let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
                let outcome = migrator.run(&pool).await;
                pool.close().await;
                outcome
            }
            Engine::Postgres { pool, .. } => migrator.run(pool).await,
        };
        match outcome {
            Ok(()) => self.migration_state().await,
            Err(MigrateError::VersionMissing(version)) => Err(Error::Internal(Box::new(SchemaTooNew(version)))),
            Err(error) => Err(Error::Internal(Box::new(error))),
        }
    }

    /// What is applied and what is not.
    pub async fn migration_state(&self) -> Result<MigrationState> {
        let newest = self.migrator().iter().map(|migration| migration.version).max().unwrap_or(0);
        let mut conn = self.read().await?;
        let known: i64 = match &self.engine {
            Engine::Sqlite { .. } => {
                conn.query("select count(*) from sqlite_master where name = '_sqlx_migrations'").value().await?
            }
            Engine::Postgres { .. } => {
                conn.query("select count(*) from pg_tables where tablename = '_sqlx_migrations'").value().await?
            }
        };
        let applied = match known {
            0 => 0,
            _ => conn.query("select coalesce(max(version), 0) from _sqlx_migrations where success").value().await?,
        };
        Ok(MigrationState { applied, newest })
    }

    fn migrator(&self) -> Migrator {
        let guard = match &self.engine {
            Engine::Sqlite { .. } => migrations![3 "overlap guard" "sqlite/0003_overlap_guard.sql"],
            Engine::Postgres { .. } => migrations![3 "overlap guard" "postgres/0003_overlap_guard.sql"],
        };
        let mut all = migrations![
            1 "people and practice" "0001_people_and_practice.sql",
            2 "calendar" "0002_calendar.sql",
            4 "jobs and trail" "0004_jobs_and_trail.sql",
            5 "money" "0005_money.sql",
            6 "payments" "0006_payments.sql",
            7 "intake" "0007_intake.sql",
            8 "series" "0008_series.sql",
            9 "reminders" "0009_reminders.sql",
            10 "waitlist" "0010_waitlist.sql",
            11 "requests" "0011_requests.sql",
            12 "offer" "0012_offer.sql",
            16 "still waiting" "0016_still_waiting.sql",
            17 "make-ups" "0017_make_ups.sql",
            18 "paid packages" "0018_paid_packages.sql",
            19 "rooms that suit" "0019_rooms_that_suit.sql",
            20 "taking back" "0020_taking_back.sql",
            21 "time to come" "0021_time_to_come.sql",
            22 "what sessions wait for" "0022_what_sessions_wait_for.sql",
            23 "bills of movements" "0023_bills_of_movements.sql",
            24 "news that waits" "0024_news_that_waits.sql",
            25 "mails in windows" "0025_mails_in_windows.sql",
            26 "breaks" "0026_breaks.sql",
        ];
        all.extend(guard);
        all.sort_by_key(|(version, ..)| *version);
        let migration = |(version, name, sql): (i64, &'static str, &'static str)| {
            Migration::new(version, name.into(), MigrationType::Simple, SqlStr::from_static(sql), false)
        };
        Migrator::with_migrations(all.into_iter().map(migration).collect())
    }
}
