//! The SQL of what can be booked, with the rooms it takes place in.

use super::super::SessionType;
use super::super::rooms::Room;
use crate::db::{Conn, Tx};
use shared::ids::{RoomId, SessionTypeId};

pub(in super::super) async fn session_types(conn: &mut Conn) -> sqlx::Result<Vec<SessionType>> {
    conn.query(
        "select id, slug, name, summary, description, gate, modality, minutes, buffer_before, buffer_after, grid_minutes,
                notice_minutes, horizon_days, per_day, price_amount, price_currency, prepay, deposit_amount, visible, was_public,
                retired_at, rooms, waits_for
         from session_types order by position, name",
    )
    .all()
    .await
}

pub(in super::super) async fn insert_session_type(
    tx: &mut Tx,
    session_type: &SessionType,
    position: i64,
) -> sqlx::Result<()> {
    tx.query(
        "insert into session_types (id, slug, name, summary, description, gate, modality, minutes, buffer_before,
             buffer_after, grid_minutes, notice_minutes, horizon_days, per_day, price_amount, price_currency, prepay,
             deposit_amount, visible, was_public, retired_at, position, rooms, waits_for)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                 $24)",
    )
    .bind(session_type.id)
    .bind(session_type.slug.clone())
    .bind(session_type.name.clone())
    .bind(session_type.summary.clone())
    .bind(session_type.description.clone())
    .bind(session_type.gate)
    .bind(session_type.modality)
    .bind(session_type.minutes)
    .bind(session_type.buffer_before)
    .bind(session_type.buffer_after)
    .bind(session_type.grid_minutes)
    .bind(session_type.notice_minutes)
    .bind(session_type.horizon_days)
    .bind(session_type.per_day)
    .bind(session_type.price_amount)
    .bind(session_type.price_currency)
    .bind(session_type.prepay)
    .bind(session_type.deposit_amount)
    .bind(session_type.visible)
    .bind(session_type.was_public)
    .bind(session_type.retired_at)
    .bind(position)
    .bind(session_type.rooms.clone())
    .bind(session_type.waits_for.clone())
    .run()
    .await?;
    Ok(())
}

pub(in super::super) async fn update_session_type(tx: &mut Tx, it: &SessionType) -> sqlx::Result<()> {
    tx.query(
        "update session_types set name = $2, summary = $3, description = $4, modality = $5, minutes = $6, buffer_before = $7,
             buffer_after = $8, grid_minutes = $9, notice_minutes = $10, horizon_days = $11, per_day = $12, price_amount = $13,
             price_currency = $14, prepay = $15, deposit_amount = $16, visible = $17, slug = $18, gate = $19, was_public = $20,
             retired_at = $21, rooms = $22, waits_for = $23
         where id = $1",
    )
    .bind(it.id)
    .bind(it.name.clone())
    .bind(it.summary.clone())
    .bind(it.description.clone())
    .bind(it.modality)
    .bind(it.minutes)
    .bind(it.buffer_before)
    .bind(it.buffer_after)
    .bind(it.grid_minutes)
    .bind(it.notice_minutes)
    .bind(it.horizon_days)
    .bind(it.per_day)
    .bind(it.price_amount)
    .bind(it.price_currency)
    .bind(it.prepay)
    .bind(it.deposit_amount)
    .bind(it.visible)
    .bind(it.slug.clone())
    .bind(it.gate)
    .bind(it.was_public)
    .bind(it.retired_at)
    .bind(it.rooms.clone())
    .bind(it.waits_for.clone())
    .run()
    .await?;
    Ok(())
}

pub(in super::super) async fn insert_room(tx: &mut Tx, id: RoomId, name: &str, position: i64) -> sqlx::Result<()> {
    tx.query("insert into rooms (id, name, position) values ($1, $2, $3)")
        .bind(id)
        .bind(name.to_owned())
        .bind(position)
        .run()
        .await?;
    Ok(())
}

pub(in super::super) async fn next_position(conn: &mut Conn) -> sqlx::Result<i64> {
    conn.query("select coalesce(max(position), -1) + 1 from session_types").value().await
}

pub(in super::super) async fn set_position(tx: &mut Tx, id: SessionTypeId, position: i64) -> sqlx::Result<()> {
    tx.query("update session_types set position = $2 where id = $1").bind(id).bind(position).run().await?;
    Ok(())
}

pub(in super::super) async fn rooms(conn: &mut Conn) -> sqlx::Result<Vec<Room>> {
    conn.query("select id, name, retired_at from rooms order by position, name, id").all().await
}

pub(in super::super) async fn next_room_position(conn: &mut Conn) -> sqlx::Result<i64> {
    conn.query("select coalesce(max(position), -1) + 1 from rooms").value().await
}

pub(in super::super) async fn set_room_position(tx: &mut Tx, id: RoomId, position: i64) -> sqlx::Result<()> {
    tx.query("update rooms set position = $2 where id = $1").bind(id).bind(position).run().await?;
    Ok(())
}

pub(in super::super) async fn update_room(tx: &mut Tx, room: &Room) -> sqlx::Result<()> {
    tx.query("update rooms set name = $2, retired_at = $3 where id = $1")
        .bind(room.id)
        .bind(room.name.clone())
        .bind(room.retired_at)
        .run()
        .await?;
    Ok(())
}
