//! The SQL of reminders.

use super::{DeskReminder, Reminder, Session};
use crate::db::{Batch, Conn, Rows, Tx};
use shared::ids::{BookingId, ClientId, ReminderId, TherapistId};
use shared::reminder::{Channel, Planned, ReminderPreferencesInput};
use shared::time::Instant;
use sqlx::types::Json;

macro_rules! reminder_columns {
    ($rest:literal) => {
        concat!(
            "select id, booking_id, client_id, channel, lead_minutes, starts_at, due_at, state, carrier_id, settled_at
         from reminders ",
            $rest
        )
    };
}

/// What a client has said, and when they were last asked.
#[derive(sqlx::FromRow)]
pub(super) struct PreferencesRow {
    pub(super) preferences: Json<ReminderPreferencesInput>,
    pub(super) followed_up_at: Option<Instant>,
}

const PREFERENCES: &str = "select preferences, followed_up_at from reminder_preferences where client_id = $1";

pub(super) async fn preferences(conn: &mut Conn, client: ClientId) -> sqlx::Result<Option<PreferencesRow>> {
    conn.query(PREFERENCES).bind(client).optional().await
}

/// The same, among other things that are asked.
pub(super) fn ask_preferences(batch: &mut Batch<'_>, client: ClientId) -> Rows<PreferencesRow> {
    batch.all(PREFERENCES, |it| it.bind(client))
}

pub(super) async fn save_preferences(
    tx: &mut Tx,
    client: ClientId,
    said: &ReminderPreferencesInput,
    now: Instant,
) -> sqlx::Result<()> {
    tx.query(
        "insert into reminder_preferences (client_id, preferences, changed_at) values ($1, $2, $3)
         on conflict (client_id) do update set preferences = excluded.preferences, changed_at = excluded.changed_at",
    )
    .bind(client)
    .bind(Json(said.clone()))
    .bind(now)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn set_followed_up(tx: &mut Tx, client: ClientId, now: Instant) -> sqlx::Result<()> {
    tx.query("update reminder_preferences set followed_up_at = $2 where client_id = $1")
        .bind(client)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

pub(super) async fn insert(
    tx: &mut Tx,
    session: &Session,
    channel: Channel,
    planned: &[(ReminderId, Planned)],
) -> sqlx::Result<()> {
    if planned.is_empty() {
        return Ok(());
    }
    let query = tx.query(
        "insert into reminders (id, booking_id, client_id, channel, lead_minutes, starts_at, due_at, state) values $rows",
    );
    let mut query = query.rows(planned.len(), 8);
    for (id, planned) in planned {
        query = query
            .bind(*id)
            .bind(session.booking_id)
            .bind(session.client_id)
            .bind(channel)
            .bind(planned.lead)
            .bind(session.starts_at)
            .bind(planned.at)
            .bind("PLANNED".to_owned());
    }
    query.later().await
}

pub(super) async fn delete_planned(tx: &mut Tx, booking: BookingId) -> sqlx::Result<()> {
    tx.query("delete from reminders where booking_id = $1 and state = 'PLANNED'").bind(booking).run().await?;
    Ok(())
}

/// The lead times of a session's reminders that have left for this start.
pub(super) async fn left(conn: &mut Conn, booking: BookingId, starts_at: Instant) -> sqlx::Result<Vec<i64>> {
    let rows: Vec<(i64,)> = conn
        .query(
            "select lead_minutes from reminders where booking_id = $1 and starts_at = $2 and state in ('SENDING', 'SENT')",
        )
        .bind(booking)
        .bind(starts_at)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(lead,)| lead).collect())
}

pub(super) async fn reminder(conn: &mut Conn, id: ReminderId) -> sqlx::Result<Option<Reminder>> {
    conn.query(reminder_columns!("where id = $1")).bind(id).optional().await
}

pub(super) async fn of_booking(conn: &mut Conn, booking: BookingId) -> sqlx::Result<Vec<Reminder>> {
    conn.query(reminder_columns!("where booking_id = $1 order by due_at, id")).bind(booking).all().await
}

pub(super) async fn ahead_of_client(conn: &mut Conn, client: ClientId, now: Instant) -> sqlx::Result<Vec<Reminder>> {
    conn.query(reminder_columns!(
        "where client_id = $1 and starts_at > $2 and state <> 'SKIPPED' order by starts_at, due_at, id limit 60"
    ))
    .bind(client)
    .bind(now)
    .all()
    .await
}

pub(super) async fn of_therapist(
    conn: &mut Conn,
    therapist: TherapistId,
    from: Instant,
    limit: i64,
) -> sqlx::Result<Vec<DeskReminder>> {
    conn.query(
        "select r.booking_id, b.guest_name, r.starts_at, r.lead_minutes, coalesce(r.settled_at, r.due_at) as due_at, r.state,
                b.client_confirmed_at as confirmed_at
         from reminders r join bookings b on b.id = r.booking_id
         where b.therapist_id = $1 and r.due_at >= $2 order by r.due_at, r.id limit $3",
    )
    .bind(therapist)
    .bind(from)
    .bind(limit)
    .all()
    .await
}

/// The reminders of one client that are not settled.
pub(super) async fn open_of_client(
    conn: &mut Conn,
    client: ClientId,
    channel: Channel,
    lead_minutes: i64,
) -> sqlx::Result<Vec<Reminder>> {
    conn.query(reminder_columns!(
        "where client_id = $1 and channel = $2 and lead_minutes = $3 and state in ('PLANNED', 'SENDING')
         order by starts_at, id"
    ))
    .bind(client)
    .bind(channel)
    .bind(lead_minutes)
    .all()
    .await
}

pub(super) async fn take(tx: &mut Tx, id: ReminderId, carrier: ReminderId) -> sqlx::Result<u64> {
    tx.query(
        "update reminders set state = 'SENDING', carrier_id = $2
         where id = $1 and (state = 'PLANNED' or (state = 'SENDING' and carrier_id = $2))",
    )
    .bind(id)
    .bind(carrier)
    .run()
    .await
}

pub(super) async fn skip(tx: &mut Tx, id: ReminderId, now: Instant) -> sqlx::Result<()> {
    tx.query(
        "update reminders set state = 'SKIPPED', settled_at = $2 where id = $1 and state in ('PLANNED', 'SENDING')",
    )
    .bind(id)
    .bind(now)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn put_off(tx: &mut Tx, id: ReminderId, until: Instant) -> sqlx::Result<()> {
    tx.query("update reminders set state = 'PLANNED', carrier_id = null, due_at = $2 where id = $1")
        .bind(id)
        .bind(until)
        .run()
        .await?;
    Ok(())
}

pub(super) async fn set_sent(tx: &mut Tx, carrier: ReminderId, now: Instant) -> sqlx::Result<()> {
    tx.query("update reminders set state = 'SENT', settled_at = $2 where carrier_id = $1 and state = 'SENDING'")
        .bind(carrier)
        .bind(now)
        .run()
        .await?;
    Ok(())
}
