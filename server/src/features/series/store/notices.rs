//! The SQL of clock changes and public holidays.

use crate::db::{Conn, Tx};
use shared::ids::{SeriesId, TherapistId};
use shared::time::{Date, Instant, LocalTime};

/// A clock change somebody is told of.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in super::super) struct NoticeRow {
    pub(in super::super) series_id: SeriesId,
    pub(in super::super) audience: String,
    pub(in super::super) starts_at: Instant,
    pub(in super::super) time_is: LocalTime,
    pub(in super::super) time_was: LocalTime,
    pub(in super::super) told_at: Option<Instant>,
}

pub(in super::super) async fn notice(conn: &mut Conn, id: uuid::Uuid) -> sqlx::Result<Option<NoticeRow>> {
    conn.query("select series_id, audience, starts_at, time_is, time_was, told_at from clock_notices where id = $1")
        .bind(id)
        .optional()
        .await
}

/// Notes that somebody is to be told; whether it was new.
pub(in super::super) async fn insert_notice(
    tx: &mut Tx,
    id: uuid::Uuid,
    series: SeriesId,
    audience: &str,
    notice: &shared::series::ClockNotice,
    now: Instant,
) -> sqlx::Result<bool> {
    let touched = tx
        .query(
            "insert into clock_notices (id, series_id, changes_at, audience, starts_at, time_is, time_was, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (series_id, changes_at, audience) do nothing",
        )
        .bind(id)
        .bind(series)
        .bind(notice.changes_at)
        .bind(audience.to_owned())
        .bind(notice.first.starts_at)
        .bind(notice.is.time)
        .bind(notice.was.time)
        .bind(now)
        .run()
        .await?;
    Ok(touched == 1)
}

pub(in super::super) async fn set_notice_told(tx: &mut Tx, id: uuid::Uuid, now: Instant) -> sqlx::Result<()> {
    tx.query("update clock_notices set told_at = $2 where id = $1").bind(id).bind(now).run().await?;
    Ok(())
}

pub(in super::super) async fn holidays_kept(
    conn: &mut Conn,
    therapist: TherapistId,
    from: Date,
) -> sqlx::Result<Vec<Date>> {
    let rows: Vec<(Date,)> = conn
        .query("select date from holidays_kept where therapist_id = $1 and date >= $2 order by date")
        .bind(therapist)
        .bind(from)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(date,)| date).collect())
}

pub(in super::super) async fn keep_holiday(
    tx: &mut Tx,
    therapist: TherapistId,
    date: Date,
    now: Instant,
) -> sqlx::Result<()> {
    tx.query("insert into holidays_kept (therapist_id, date, created_at) values ($1, $2, $3) on conflict do nothing")
        .bind(therapist)
        .bind(date)
        .bind(now)
        .run()
        .await?;
    Ok(())
}
