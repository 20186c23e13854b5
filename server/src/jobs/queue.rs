//! The SQL of the queue: claim with a lease, finish, try again later, give up.

use super::{Job, JobError};
use crate::db::{Conn, Tx};
use shared::time::Instant;
use sqlx::types::Json;
use uuid::Uuid;

/// A job this process holds the lease of.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Claimed {
    /// Which.
    pub id: Uuid,
    /// Its kind, one of those that were asked for.
    pub kind: String,
    /// What to do, as it is stored: one that cannot be read must not keep the others from being claimed.
    job: String,
    /// How often it has been tried, this time included. What was tried in vain is left out.
    pub attempts: i64,
    /// When it was first due.
    pub due_at: Instant,
}

impl Claimed {
    /// What to do. What cannot be read is broken, and no later try will mend it.
    pub fn read(&self) -> Result<Job, JobError> {
        serde_json::from_str(&self.job).map_err(|_| JobError::GiveUp("what is stored of it cannot be read".to_owned()))
    }
}

/// A job as an operator sees it: what it is about is left out.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    /// Which.
    pub id: Uuid,
    /// Its kind; perhaps one that another release knows.
    pub kind: String,
    /// Its state.
    pub state: String,
    /// How often it has been tried. What was tried in vain is left out.
    pub attempts: i64,
    /// When it is tried next, if it waits.
    pub run_at: Instant,
    /// Why it did not do its work, the last time.
    pub last_error: Option<String>,
}

/// How much there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Backlog {
    /// Jobs that wait for their time, or for another try.
    pub queued: i64,
    /// Those of them that should have been done an hour ago.
    pub late: i64,
    /// Jobs that were given up.
    pub dead: i64,
}

/// Whether a try that is put back counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// After enough of them a person must look.
    Counts,
    /// The job could not do anything about it.
    InVain,
}

/// How many there are in one state.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StateCount {
    /// `QUEUED`, `RUNNING`, `DONE`, `DEAD` or `CANCELLED`.
    pub state: String,
    /// How many.
    pub count: i64,
}

/// A job that is about to be stored.
pub(super) struct NewJob {
    pub(super) id: Uuid,
    pub(super) job: Job,
    pub(super) dedupe_key: Option<String>,
    pub(super) subject: Uuid,
    pub(super) run_at: Instant,
}

pub(super) async fn insert(tx: &mut Tx, new: Vec<NewJob>, now: Instant) -> sqlx::Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let query = tx.query(
        "insert into jobs (id, job, kind, dedupe_key, subject, state, due_at, run_at, created_at) values $rows
         on conflict do nothing",
    );
    let mut query = query.rows(new.len(), 9);
    for new in new {
        query = query
            .bind(new.id)
            .bind(Json(new.job.clone()))
            .bind(new.job.kind().to_owned())
            .bind(new.dedupe_key)
            .bind(new.subject)
            .bind("QUEUED".to_owned())
            .bind(new.run_at)
            .bind(new.run_at)
            .bind(now);
    }
    query.later().await
}

/// Takes up to `limit` jobs of these `kinds` that are due, or whose holder has gone, under `lease`.
///
/// The state is compared again in the outer statement, so that of two processes that found the same row only one has it.
pub async fn claim(
    tx: &mut Tx,
    kinds: impl Iterator<Item = &'static str>,
    lease: Uuid,
    now: Instant,
    lease_until: Instant,
    limit: i64,
) -> sqlx::Result<Vec<Claimed>> {
    tx.query(
        "update jobs set state = 'RUNNING', lease = $1, lease_until = $2, attempts = attempts + 1
         where id in (
             select id from jobs
             where kind in ($list)
               and ((state = 'QUEUED' and run_at <= $3) or (state = 'RUNNING' and lease_until < $3))
             order by run_at limit $4
         ) and ((state = 'QUEUED' and run_at <= $3) or (state = 'RUNNING' and lease_until < $3))
         returning id, kind, cast(job as text) as job, attempts, due_at",
    )
    .bind(lease)
    .bind(lease_until)
    .bind(now)
    .bind(limit)
    .bind_list(kinds)
    .all()
    .await
}

/// Puts off what waits under some keys and has not been tried yet.
pub(super) async fn postpone(tx: &mut Tx, until: Instant, keys: Vec<String>) -> sqlx::Result<()> {
    tx.query(
        "update jobs set run_at = $1, due_at = $1
         where state = 'QUEUED' and attempts = 0 and run_at < $1 and dedupe_key in ($list)",
    )
    .bind(until)
    .bind_list(keys)
    .later()
    .await
}

/// Calls off what waits of one kind about one thing. What runs already must look for itself.
pub async fn cancel(tx: &mut Tx, kind: &'static str, subject: Uuid, now: Instant) -> sqlx::Result<()> {
    tx.query(
        "update jobs set state = 'CANCELLED', finished_at = $3 where subject = $1 and kind = $2 and state = 'QUEUED'",
    )
    .bind(subject)
    .bind(kind.to_owned())
    .bind(now)
    .run()
    .await?;
    Ok(())
}

/// Marks it done, unless the lease has passed to somebody else.
pub async fn finish(tx: &mut Tx, id: Uuid, lease: Uuid, now: Instant) -> sqlx::Result<()> {
    tx.query("update jobs set state = 'DONE', finished_at = $3, last_error = null where id = $1 and lease = $2 and state = 'RUNNING'")
        .bind(id)
        .bind(lease)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// Puts it back for another try. Where the same has been asked for anew meanwhile, that one takes over.
pub async fn put_back(
    tx: &mut Tx,
    id: Uuid,
    lease: Uuid,
    now: Instant,
    run_at: Instant,
    why: &str,
    this: Try,
) -> sqlx::Result<()> {
    tx.query(
        "update jobs set
             state = case when exists (select 1 from jobs o where o.dedupe_key = jobs.dedupe_key and o.state = 'QUEUED')
                     then 'CANCELLED' else 'QUEUED' end,
             finished_at = case when exists (select 1 from jobs o where o.dedupe_key = jobs.dedupe_key and o.state = 'QUEUED')
                     then $5 else null end,
             run_at = $3, last_error = $4, attempts = attempts - $6
         where id = $1 and lease = $2 and state = 'RUNNING'",
    )
    .bind(id)
    .bind(lease)
    .bind(run_at)
    .bind(why.to_owned())
    .bind(now)
    .bind(i64::from(this == Try::InVain))
    .run()
    .await?;
    Ok(())
}

/// Leaves it for a person to look at.
pub async fn bury(tx: &mut Tx, id: Uuid, lease: Uuid, now: Instant, why: &str) -> sqlx::Result<()> {
    tx.query(
        "update jobs set state = 'DEAD', finished_at = $3, last_error = $4 where id = $1 and lease = $2 and state = 'RUNNING'",
    )
    .bind(id)
    .bind(lease)
    .bind(now)
    .bind(why.to_owned())
    .run()
    .await?;
    Ok(())
}

/// Which of these things a job of one kind is about that waits or runs.
pub async fn subjects_of_live(conn: &mut Conn, kind: &'static str, subjects: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = conn
        .query("select subject from jobs where kind = $1 and state in ('QUEUED', 'RUNNING') and subject in ($list)")
        .bind(kind.to_owned())
        .bind_list(subjects.iter().copied())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(subject,)| subject).collect())
}

/// When the next job of these kinds is due.
pub async fn next_due(conn: &mut Conn, kinds: impl Iterator<Item = &'static str>) -> sqlx::Result<Option<Instant>> {
    let next: Option<(Instant,)> = conn
        .query("select run_at from jobs where state = 'QUEUED' and kind in ($list) order by run_at limit 1")
        .bind_list(kinds)
        .optional()
        .await?;
    Ok(next.map(|(at,)| at))
}

/// How many jobs there are in each state.
pub async fn counts(conn: &mut Conn) -> sqlx::Result<Vec<StateCount>> {
    conn.query("select state, count(*) as count from jobs group by state").all().await
}

/// How much there is to do. A dead job is not forgotten before somebody has looked at it.
pub async fn backlog(conn: &mut Conn, now: Instant) -> sqlx::Result<Backlog> {
    conn.query(
        "select count(*) filter (where state = 'QUEUED') as queued,
                count(*) filter (where state = 'QUEUED' and due_at < $1) as late,
                count(*) filter (where state = 'DEAD') as dead
         from jobs where state in ('QUEUED', 'DEAD')",
    )
    .bind(now.plus_minutes(-60))
    .one()
    .await
}

/// Jobs in these states, in the order of their states, then of their time.
pub async fn list(conn: &mut Conn, states: &[&'static str], limit: i64) -> sqlx::Result<Vec<Listed>> {
    conn.query(
        "select id, kind, state, attempts, run_at, last_error from jobs
         where state in ($list) order by state, run_at, id limit $1",
    )
    .bind(limit)
    .bind_list(states.iter().copied())
    .all()
    .await
}

/// Every job that was given up.
pub async fn dead(conn: &mut Conn) -> sqlx::Result<Vec<Uuid>> {
    let ids: Vec<(Uuid,)> = conn.query("select id from jobs where state = 'DEAD' order by run_at, id").all().await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Begins a dead job anew, and answers how many that were. Where the same has been asked for meanwhile, that one takes over.
pub async fn begin_again(tx: &mut Tx, id: Uuid, now: Instant) -> sqlx::Result<u64> {
    tx.query(
        "update jobs set
             state = case when exists (select 1 from jobs o where o.dedupe_key = jobs.dedupe_key and o.state = 'QUEUED')
                     then 'CANCELLED' else 'QUEUED' end,
             finished_at = case when exists (select 1 from jobs o where o.dedupe_key = jobs.dedupe_key and o.state = 'QUEUED')
                     then $2 else null end,
             due_at = $2, run_at = $2, attempts = 0
         where id = $1 and state = 'DEAD'",
    )
    .bind(id)
    .bind(now)
    .run()
    .await
}

/// Forgets jobs that were finished before `before`.
pub async fn forget_finished(tx: &mut Tx, before: Instant) -> sqlx::Result<u64> {
    tx.query("delete from jobs where state in ('DONE', 'CANCELLED') and finished_at < $1").bind(before).run().await
}

/// Notes that the worker is alive.
pub async fn beat(tx: &mut Tx, name: &str, now: Instant) -> sqlx::Result<()> {
    tx.query("insert into heartbeats (name, at) values ($1, $2) on conflict (name) do update set at = excluded.at")
        .bind(name.to_owned())
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// When the worker was last alive.
pub async fn last_beat(conn: &mut Conn, name: &str) -> sqlx::Result<Option<Instant>> {
    let beat: Option<(Instant,)> =
        conn.query("select at from heartbeats where name = $1").bind(name.to_owned()).optional().await?;
    Ok(beat.map(|(at,)| at))
}

/// Takes the turn of a piece of recurring work, if it is due and nobody else has.
pub async fn take_turn(tx: &mut Tx, name: &str, now: Instant, next_at: Instant) -> sqlx::Result<bool> {
    let touched = tx
        .query(
            "insert into recurring_runs (name, next_at) values ($1, $2)
             on conflict (name) do update set next_at = excluded.next_at where recurring_runs.next_at <= $3",
        )
        .bind(name.to_owned())
        .bind(next_at)
        .bind(now)
        .run()
        .await?;
    Ok(touched == 1)
}
