//! The SQL of standing places.

mod days;
mod make_ups;
mod notices;

pub(super) use days::*;
pub(super) use make_ups::*;
pub(super) use notices::*;

use super::Series;
use crate::db::{Conn, Tx};
use shared::ids::{ClientId, SeriesId, TherapistId};

macro_rules! series_columns { ($rest:literal) => {
    concat!(
        "select id, client_id, therapist_id, session_type_id, cadence, weekday, local_time, starts_on, ends_on, minutes,
                modality, price_amount, price_currency, state, follows_id, sequence, told_sequence, created_at
         from series ", $rest)
} }

pub(super) async fn series(conn: &mut Conn, id: SeriesId) -> sqlx::Result<Option<Series>> {
    conn.query(series_columns!("where id = $1")).bind(id).optional().await
}

pub(super) async fn by_ids(conn: &mut Conn, ids: &[SeriesId]) -> sqlx::Result<Vec<Series>> {
    conn.query(series_columns!("where id in ($list)")).bind_list(ids.iter().copied()).all().await
}

pub(super) async fn of_client(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<Series>> {
    conn.query(series_columns!("where client_id = $1 and state = 'ACTIVE' order by starts_on, id"))
        .bind(client)
        .all()
        .await
}

pub(super) async fn of_therapist(conn: &mut Conn, therapist: TherapistId) -> sqlx::Result<Vec<Series>> {
    conn.query(series_columns!("where therapist_id = $1 and state = 'ACTIVE' order by starts_on, id"))
        .bind(therapist)
        .all()
        .await
}

pub(super) async fn active(conn: &mut Conn) -> sqlx::Result<Vec<SeriesId>> {
    let rows: Vec<(SeriesId,)> =
        conn.query("select id from series where state = 'ACTIVE' order by created_at, id").all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A client's places of which they have not been told the latest, those that have ended too.
pub(super) async fn untold(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<Series>> {
    conn.query(series_columns!(
        "where client_id = $1 and (told_sequence is null or told_sequence < sequence) order by starts_on, id"
    ))
    .bind(client)
    .all()
    .await
}

pub(super) async fn insert(tx: &mut Tx, series: &Series) -> sqlx::Result<()> {
    tx.query(
        "insert into series (id, client_id, therapist_id, session_type_id, cadence, weekday, local_time, starts_on, ends_on,
             minutes, modality, price_amount, price_currency, state, follows_id, sequence, told_sequence, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(series.id)
    .bind(series.client_id)
    .bind(series.therapist_id)
    .bind(series.session_type_id)
    .bind(series.cadence)
    .bind(series.weekday)
    .bind(series.local_time)
    .bind(series.starts_on)
    .bind(series.ends_on)
    .bind(series.minutes)
    .bind(series.modality)
    .bind(series.price_amount)
    .bind(series.price_currency)
    .bind(series.state)
    .bind(series.follows_id)
    .bind(series.sequence)
    .bind(series.told_sequence)
    .bind(series.created_at)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn update(tx: &mut Tx, series: &Series) -> sqlx::Result<()> {
    tx.query(
        "update series set cadence = $2, weekday = $3, local_time = $4, starts_on = $5, ends_on = $6, minutes = $7,
             modality = $8, price_amount = $9, price_currency = $10, state = $11, sequence = $12
         where id = $1",
    )
    .bind(series.id)
    .bind(series.cadence)
    .bind(series.weekday)
    .bind(series.local_time)
    .bind(series.starts_on)
    .bind(series.ends_on)
    .bind(series.minutes)
    .bind(series.modality)
    .bind(series.price_amount)
    .bind(series.price_currency)
    .bind(series.state)
    .bind(series.sequence)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn set_told(tx: &mut Tx, id: SeriesId, sequence: i64) -> sqlx::Result<()> {
    tx.query("update series set told_sequence = $2 where id = $1").bind(id).bind(sequence).run().await?;
    Ok(())
}

/// Who the client of a place is, as lists and clocks need them.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Person {
    pub(super) client_id: ClientId,
    pub(super) name: String,
    pub(super) time_zone: String,
}

pub(super) async fn people(conn: &mut Conn, clients: &[ClientId]) -> sqlx::Result<Vec<Person>> {
    conn.query(
        "select c.id as client_id, u.name, u.time_zone from clients c join users u on u.id = c.user_id where c.id in ($list)",
    )
    .bind_list(clients.iter().copied())
    .all()
    .await
}
