//! The SQL of times that are offered in place of a session.

use super::super::make_up::{MakeUp, MakeUpState, MakeUpTime};
use crate::db::{Conn, Tx};
use shared::ids::{BookingId, ClientId, MakeUpId, TherapistId};
use shared::time::Instant;

macro_rules! make_ups {
    ($rest:literal) => {
        concat!(
            "select id, booking_id, client_id, therapist_id, state, made_at, until, taken_id from make_up_offers ",
            $rest
        )
    };
}

pub(in super::super) async fn make_up(conn: &mut Conn, id: MakeUpId) -> sqlx::Result<Option<MakeUp>> {
    conn.query(make_ups!("where id = $1")).bind(id).optional().await
}

pub(in super::super) async fn make_up_by_answer(conn: &mut Conn, hash: Vec<u8>) -> sqlx::Result<Option<MakeUp>> {
    conn.query(make_ups!("where answer_hash = $1")).bind(hash).optional().await
}

pub(in super::super) async fn open_make_ups(
    conn: &mut Conn,
    client: ClientId,
    now: Instant,
) -> sqlx::Result<Vec<MakeUp>> {
    conn.query(make_ups!("where client_id = $1 and state = 'OPEN' and until > $2 order by until, id"))
        .bind(client)
        .bind(now)
        .all()
        .await
}

pub(in super::super) async fn make_ups_of(
    conn: &mut Conn,
    therapist: TherapistId,
    after: Instant,
) -> sqlx::Result<Vec<MakeUp>> {
    conn.query(make_ups!("where therapist_id = $1 and made_at > $2 order by made_at desc, id limit 100"))
        .bind(therapist)
        .bind(after)
        .all()
        .await
}

pub(in super::super) async fn insert_make_up(tx: &mut Tx, offer: &MakeUp, answer_hash: Vec<u8>) -> sqlx::Result<()> {
    tx.query(
        "insert into make_up_offers (id, booking_id, client_id, therapist_id, state, answer_hash, made_at, until)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(offer.id)
    .bind(offer.booking_id)
    .bind(offer.client_id)
    .bind(offer.therapist_id)
    .bind(offer.state)
    .bind(answer_hash)
    .bind(offer.made_at)
    .bind(offer.until)
    .run()
    .await?;
    Ok(())
}

/// Settles an offer that is open; of two answers one counts.
pub(in super::super) async fn settle_make_up(
    tx: &mut Tx,
    id: MakeUpId,
    state: MakeUpState,
    now: Instant,
) -> sqlx::Result<u64> {
    tx.query("update make_up_offers set state = $2, answered_at = $3 where id = $1 and state = 'OPEN'")
        .bind(id)
        .bind(state)
        .bind(now)
        .run()
        .await
}

pub(in super::super) async fn set_make_up_taken(tx: &mut Tx, id: MakeUpId, booking: BookingId) -> sqlx::Result<()> {
    tx.query("update make_up_offers set taken_id = $2 where id = $1").bind(id).bind(booking).run().await?;
    Ok(())
}

pub(in super::super) async fn insert_make_up_time(tx: &mut Tx, time: MakeUpTime) -> sqlx::Result<()> {
    tx.query("insert into make_up_times (offer_id, starts_at, ends_at, occupancy_id) values ($1, $2, $3, $4)")
        .bind(time.offer_id)
        .bind(time.starts_at)
        .bind(time.ends_at)
        .bind(time.occupancy_id)
        .run()
        .await?;
    Ok(())
}

/// The times of several offers, in order.
pub(in super::super) async fn make_up_times(conn: &mut Conn, ids: &[MakeUpId]) -> sqlx::Result<Vec<MakeUpTime>> {
    conn.query(
        "select offer_id, starts_at, ends_at, occupancy_id from make_up_times where offer_id in ($list) order by starts_at",
    )
    .bind_list(ids.iter().copied())
    .all()
    .await
}
