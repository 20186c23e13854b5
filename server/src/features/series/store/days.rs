//! The SQL of single days of standing places.

use super::super::Conflict;
use super::super::absence::AffectedPlace;
use crate::db::{Conn, Tx};
use shared::booking::CancelledBy;
use shared::ids::{OccupancyId, SeriesId, TherapistId};
use shared::series::{Exception, ExceptionKind, TakenBy};
use shared::time::{Date, Instant, LocalTime, TimeRange};
use shared::zone::CivilTime;

#[derive(sqlx::FromRow)]
struct ExceptionRow {
    date: Date,
    kind: String,
    to_date: Option<Date>,
    to_time: Option<LocalTime>,
}

impl From<ExceptionRow> for Exception {
    fn from(row: ExceptionRow) -> Self {
        let kind = match (row.kind.as_str(), row.to_date, row.to_time) {
            ("MOVED", Some(date), Some(time)) => ExceptionKind::Moved { to: CivilTime { date, time } },
            _ => ExceptionKind::Skipped,
        };
        Exception { date: row.date, kind }
    }
}

pub(in super::super) async fn exceptions(conn: &mut Conn, id: SeriesId) -> sqlx::Result<Vec<Exception>> {
    let rows: Vec<ExceptionRow> = conn
        .query("select date, kind, to_date, to_time from series_exceptions where series_id = $1 order by date")
        .bind(id)
        .all()
        .await?;
    Ok(rows.into_iter().map(Exception::from).collect())
}

pub(in super::super) async fn put_exception(
    tx: &mut Tx,
    id: SeriesId,
    exception: Exception,
    by: CancelledBy,
    now: Instant,
) -> sqlx::Result<()> {
    let (kind, to) = match exception.kind {
        ExceptionKind::Skipped => ("SKIPPED", None),
        ExceptionKind::Moved { to } => ("MOVED", Some(to)),
    };
    tx.query(
        "insert into series_exceptions (series_id, date, kind, to_date, to_time, by_whom, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (series_id, date) do update set kind = excluded.kind, to_date = excluded.to_date,
             to_time = excluded.to_time, by_whom = excluded.by_whom, created_at = excluded.created_at",
    )
    .bind(id)
    .bind(exception.date)
    .bind(kind.to_owned())
    .bind(to.map(|to| to.date))
    .bind(to.map(|to| to.time))
    .bind(by)
    .bind(now)
    .run()
    .await?;
    Ok(())
}

pub(in super::super) async fn delete_exceptions(tx: &mut Tx, id: SeriesId) -> sqlx::Result<()> {
    tx.query("delete from series_exceptions where series_id = $1").bind(id).run().await?;
    Ok(())
}

pub(in super::super) async fn conflicts(conn: &mut Conn, id: SeriesId) -> sqlx::Result<Vec<Conflict>> {
    conn.query(
        "select series_id, date, starts_at, taken_by, created_at from series_conflicts where series_id = $1 order by date",
    )
    .bind(id)
    .all()
    .await
}

/// The dates that found no room, of several places in one statement.
pub(in super::super) async fn conflicts_of(conn: &mut Conn, ids: &[SeriesId]) -> sqlx::Result<Vec<(SeriesId, Date)>> {
    conn.query("select series_id, date from series_conflicts where series_id in ($list)")
        .bind_list(ids.iter().copied())
        .all()
        .await
}

pub(in super::super) async fn conflicts_of_therapist(
    conn: &mut Conn,
    therapist: TherapistId,
    now: Instant,
) -> sqlx::Result<Vec<Conflict>> {
    conn.query(
        "select c.series_id, c.date, c.starts_at, c.taken_by, c.created_at
         from series_conflicts c join series s on s.id = c.series_id
         where s.therapist_id = $1 and c.starts_at > $2 order by c.starts_at, c.series_id limit 100",
    )
    .bind(therapist)
    .bind(now)
    .all()
    .await
}

pub(in super::super) async fn put_conflict(
    tx: &mut Tx,
    id: SeriesId,
    date: Date,
    starts_at: Instant,
    taken_by: TakenBy,
    now: Instant,
) -> sqlx::Result<()> {
    tx.query(
        "insert into series_conflicts (series_id, date, starts_at, taken_by, created_at) values ($1, $2, $3, $4, $5)
         on conflict (series_id, date) do update set starts_at = excluded.starts_at, taken_by = excluded.taken_by",
    )
    .bind(id)
    .bind(date)
    .bind(starts_at)
    .bind(taken_by)
    .bind(now)
    .run()
    .await?;
    Ok(())
}

pub(in super::super) async fn delete_conflict(tx: &mut Tx, id: SeriesId, date: Date) -> sqlx::Result<()> {
    tx.query("delete from series_conflicts where series_id = $1 and date = $2").bind(id).bind(date).run().await?;
    Ok(())
}

/// Time that is kept for a day of a place beyond the sessions in the calendar.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(in super::super) struct PlaceRow {
    pub(in super::super) occupancy_id: OccupancyId,
    pub(in super::super) date: Date,
    pub(in super::super) session_starts_at: Instant,
    pub(in super::super) ends_at: Instant,
}

pub(in super::super) async fn places(conn: &mut Conn, id: SeriesId) -> sqlx::Result<Vec<PlaceRow>> {
    conn.query(
        "select p.occupancy_id, p.date, o.session_starts_at, o.ends_at
         from series_places p join occupancy o on o.id = p.occupancy_id
         where p.series_id = $1 order by p.date",
    )
    .bind(id)
    .all()
    .await
}

#[derive(sqlx::FromRow)]
struct OwnedPlace {
    series_id: SeriesId,
    #[sqlx(flatten)]
    row: PlaceRow,
}

/// The time that is kept for several places, in one statement.
pub(in super::super) async fn places_of(conn: &mut Conn, ids: &[SeriesId]) -> sqlx::Result<Vec<(SeriesId, PlaceRow)>> {
    let rows: Vec<OwnedPlace> = conn
        .query(
            "select p.series_id, p.occupancy_id, p.date, o.session_starts_at, o.ends_at
             from series_places p join occupancy o on o.id = p.occupancy_id
             where p.series_id in ($list) order by p.date",
        )
        .bind_list(ids.iter().copied())
        .all()
        .await?;
    Ok(rows.into_iter().map(|owned| (owned.series_id, owned.row)).collect())
}

pub(in super::super) async fn insert_place(
    tx: &mut Tx,
    id: SeriesId,
    date: Date,
    occupancy: OccupancyId,
) -> sqlx::Result<()> {
    tx.query("insert into series_places (occupancy_id, series_id, date) values ($1, $2, $3)")
        .bind(occupancy)
        .bind(id)
        .bind(date)
        .run()
        .await?;
    Ok(())
}

/// Days of a therapist's standing places that fall into a stretch and are further ahead than the calendar.
pub(in super::super) async fn places_between(
    conn: &mut Conn,
    therapist: TherapistId,
    range: TimeRange,
) -> sqlx::Result<Vec<AffectedPlace>> {
    conn.query(
        "select p.series_id, s.client_id, p.date, o.session_starts_at as starts_at
         from series_places p join occupancy o on o.id = p.occupancy_id join series s on s.id = p.series_id
         where o.therapist_id = $1 and o.starts_at < $3 and o.ends_at > $2 order by o.starts_at",
    )
    .bind(therapist)
    .bind(range.starts_at)
    .bind(range.ends_at)
    .all()
    .await
}

#[derive(sqlx::FromRow)]
struct OwnedException {
    series_id: SeriesId,
    #[sqlx(flatten)]
    row: ExceptionRow,
}

/// The exceptions of several places in one statement.
pub(in super::super) async fn exceptions_of(
    conn: &mut Conn,
    ids: &[SeriesId],
) -> sqlx::Result<Vec<(SeriesId, Exception)>> {
    let rows: Vec<OwnedException> = conn
        .query("select series_id, date, kind, to_date, to_time from series_exceptions where series_id in ($list) order by date")
        .bind_list(ids.iter().copied())
        .all()
        .await?;
    Ok(rows.into_iter().map(|owned| (owned.series_id, owned.row.into())).collect())
}
