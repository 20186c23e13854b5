//! The SQL of the practice.

mod offer;

pub(super) use offer::*;

use super::hours::{OverrideRow, WeeklyHoursRow};
use super::{Practice, Question, Therapist};
use crate::db::{Batch, Conn, Rows, Tx};
use shared::ids::TherapistId;
use shared::time::Date;
use uuid::Uuid;

const PRACTICE: &str = "select name, time_zone, settings from practice where id = 1";

pub(super) async fn practice(conn: &mut Conn) -> sqlx::Result<Option<Practice>> {
    conn.query(PRACTICE).optional().await
}

/// The same, among other things that are asked.
pub(super) fn ask_practice(batch: &mut Batch<'_>) -> Rows<Practice> {
    batch.all(PRACTICE, |it| it)
}

pub(super) async fn upsert_practice(tx: &mut Tx, practice: &Practice) -> sqlx::Result<()> {
    tx.query(
        "insert into practice (id, name, time_zone, settings) values (1, $1, $2, $3)
         on conflict (id) do update set name = excluded.name, time_zone = excluded.time_zone, settings = excluded.settings",
    )
    .bind(practice.name.clone())
    .bind(practice.time_zone.clone())
    .bind(practice.settings.clone())
    .run()
    .await?;
    Ok(())
}

/// Whoever else changes what the practice decides waits until this write is done.
pub(super) async fn lock_practice(tx: &mut Tx) -> sqlx::Result<()> {
    tx.query("update practice set name = name where id = 1").run().await?;
    Ok(())
}

pub(super) async fn therapists(conn: &mut Conn) -> sqlx::Result<Vec<Therapist>> {
    conn.query(
        "select id, user_id, slug, name, title, summary, about, takes_new_clients from therapists order by position, name",
    )
    .all()
    .await
}

pub(super) async fn insert_therapist(tx: &mut Tx, therapist: &Therapist, position: i64) -> sqlx::Result<()> {
    tx.query(
        "insert into therapists (id, user_id, slug, name, title, summary, about, takes_new_clients, position)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(therapist.id)
    .bind(therapist.user_id)
    .bind(therapist.slug.clone())
    .bind(therapist.name.clone())
    .bind(therapist.title.clone())
    .bind(therapist.summary.clone())
    .bind(therapist.about.clone())
    .bind(therapist.takes_new_clients)
    .bind(position)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn update_therapist(tx: &mut Tx, therapist: &Therapist) -> sqlx::Result<()> {
    tx.query(
        "update therapists set name = $2, title = $3, summary = $4, about = $5, takes_new_clients = $6 where id = $1",
    )
    .bind(therapist.id)
    .bind(therapist.name.clone())
    .bind(therapist.title.clone())
    .bind(therapist.summary.clone())
    .bind(therapist.about.clone())
    .bind(therapist.takes_new_clients)
    .run()
    .await?;
    Ok(())
}

/// Both engines let a second transaction wait at a row that a first one wrote; only one of them has `for update`.
pub(super) async fn lock_therapist(tx: &mut Tx, id: TherapistId) -> sqlx::Result<()> {
    tx.query("update therapists set position = position where id = $1").bind(id).later().await
}

pub(super) async fn lock_rooms(tx: &mut Tx) -> sqlx::Result<u64> {
    tx.query("update rooms set position = position where retired_at is null").run().await
}

pub(super) async fn questions(conn: &mut Conn) -> sqlx::Result<Vec<Question>> {
    conn.query("select question, answer from questions order by position").all().await
}

pub(super) async fn delete_questions(tx: &mut Tx) -> sqlx::Result<()> {
    tx.query("delete from questions").later().await
}

pub(super) async fn insert_question(tx: &mut Tx, id: Uuid, question: &Question, position: i64) -> sqlx::Result<()> {
    tx.query("insert into questions (id, question, answer, position) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(question.question.clone())
        .bind(question.answer.clone())
        .bind(position)
        .run()
        .await?;
    Ok(())
}

const WEEKLY_HOURS: &str = "select id, weekday, starts, ends, session_type_id, modality from weekly_hours where therapist_id = $1 order by starts, id";
const OVERRIDES: &str = "select date, hours from date_overrides where therapist_id = $1 and date >= $2 order by date";

pub(super) async fn weekly_hours(conn: &mut Conn, therapist: TherapistId) -> sqlx::Result<Vec<WeeklyHoursRow>> {
    conn.query(WEEKLY_HOURS).bind(therapist).all().await
}

/// The same, among other things that are asked.
pub(super) fn ask_weekly_hours(batch: &mut Batch<'_>, therapist: TherapistId) -> Rows<WeeklyHoursRow> {
    batch.all(WEEKLY_HOURS, |it| it.bind(therapist))
}

pub(super) async fn replace_weekly_hours(
    tx: &mut Tx,
    therapist: TherapistId,
    rows: &[WeeklyHoursRow],
) -> sqlx::Result<()> {
    tx.query("delete from weekly_hours where therapist_id = $1").bind(therapist).run().await?;
    for row in rows {
        tx.query(
            "insert into weekly_hours (id, therapist_id, weekday, starts, ends, session_type_id, modality)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(row.id)
        .bind(therapist)
        .bind(row.weekday)
        .bind(row.starts)
        .bind(row.ends)
        .bind(row.session_type_id)
        .bind(row.modality)
        .run()
        .await?;
    }
    Ok(())
}

pub(super) async fn overrides(conn: &mut Conn, therapist: TherapistId, from: Date) -> sqlx::Result<Vec<OverrideRow>> {
    conn.query(OVERRIDES).bind(therapist).bind(from).all().await
}

/// The same, among other things that are asked.
pub(super) fn ask_overrides(batch: &mut Batch<'_>, therapist: TherapistId, from: Date) -> Rows<OverrideRow> {
    batch.all(OVERRIDES, |it| it.bind(therapist).bind(from))
}

pub(super) async fn upsert_override(tx: &mut Tx, therapist: TherapistId, row: &OverrideRow) -> sqlx::Result<()> {
    tx.query(
        "insert into date_overrides (therapist_id, date, hours) values ($1, $2, $3)
         on conflict (therapist_id, date) do update set hours = excluded.hours",
    )
    .bind(therapist)
    .bind(row.date)
    .bind(row.hours.clone())
    .run()
    .await?;
    Ok(())
}

pub(super) async fn delete_override(tx: &mut Tx, therapist: TherapistId, date: Date) -> sqlx::Result<u64> {
    tx.query("delete from date_overrides where therapist_id = $1 and date = $2").bind(therapist).bind(date).run().await
}
