//! The SQL of prices, rules and the ledger.

mod ledger;
mod packages;

pub(super) use ledger::*;
pub(super) use packages::*;

use super::agreements::{Agreement, DueReview};
use super::fees::{Fee, FeeState};
use super::policy::Policy;
use super::prices::ClassPrice;
use crate::db::{Conn, Tx};
use shared::ids::{AgreementId, BookingId, ClientId, FeeId, PolicyId, SessionTypeId, TherapistId, UserId};
use shared::price::PriceClass;
use shared::time::{Date, Instant};

pub(super) async fn newest_policy(conn: &mut Conn) -> sqlx::Result<Option<Policy>> {
    conn.query("select id, version, rules, created_at from policies order by version desc limit 1").optional().await
}

pub(super) async fn policies(conn: &mut Conn) -> sqlx::Result<Vec<Policy>> {
    conn.query("select id, version, rules, created_at from policies order by version desc").all().await
}

pub(super) async fn policy_of_version(conn: &mut Conn, version: i64) -> sqlx::Result<Option<Policy>> {
    conn.query("select id, version, rules, created_at from policies where version = $1").bind(version).optional().await
}

pub(super) async fn policy(conn: &mut Conn, id: PolicyId) -> sqlx::Result<Option<Policy>> {
    conn.query("select id, version, rules, created_at from policies where id = $1").bind(id).optional().await
}

pub(super) async fn insert_policy(tx: &mut Tx, policy: &Policy) -> sqlx::Result<()> {
    tx.query("insert into policies (id, version, rules, created_at) values ($1, $2, $3, $4)")
        .bind(policy.id)
        .bind(policy.version)
        .bind(policy.rules.clone())
        .bind(policy.created_at)
        .run()
        .await?;
    Ok(())
}

pub(super) async fn class_price(
    conn: &mut Conn,
    session_type: SessionTypeId,
    class: PriceClass,
) -> sqlx::Result<Option<ClassPrice>> {
    conn.query(
        "select session_type_id, price_class, amount, currency from class_prices
         where session_type_id = $1 and price_class = $2",
    )
    .bind(session_type)
    .bind(class)
    .optional()
    .await
}

pub(super) async fn class_prices(conn: &mut Conn) -> sqlx::Result<Vec<ClassPrice>> {
    conn.query(
        "select session_type_id, price_class, amount, currency from class_prices order by session_type_id, price_class",
    )
    .all()
    .await
}

pub(super) async fn upsert_class_price(tx: &mut Tx, row: &ClassPrice) -> sqlx::Result<()> {
    tx.query(
        "insert into class_prices (session_type_id, price_class, amount, currency) values ($1, $2, $3, $4)
         on conflict (session_type_id, price_class) do update set amount = excluded.amount, currency = excluded.currency",
    )
    .bind(row.session_type_id)
    .bind(row.price_class)
    .bind(row.amount)
    .bind(row.currency)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn delete_class_price(tx: &mut Tx, id: SessionTypeId, class: PriceClass) -> sqlx::Result<()> {
    tx.query("delete from class_prices where session_type_id = $1 and price_class = $2")
        .bind(id)
        .bind(class)
        .run()
        .await?;
    Ok(())
}

/// One for the very session type comes before one for all; of several, the newest.
pub(super) async fn agreement_on(
    conn: &mut Conn,
    client: ClientId,
    session_type: SessionTypeId,
    on: Date,
) -> sqlx::Result<Option<Agreement>> {
    conn.query(
        "select id, client_id, session_type_id, amount, currency, starts_on, ends_on, review_on, note, created_at
         from agreements
         where client_id = $1 and (session_type_id is null or session_type_id = $2)
           and starts_on <= $3 and (ends_on is null or ends_on >= $3)
         order by case when session_type_id is null then 1 else 0 end, starts_on desc, created_at desc limit 1",
    )
    .bind(client)
    .bind(session_type)
    .bind(on)
    .optional()
    .await
}

pub(super) async fn agreements(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<Agreement>> {
    conn.query(
        "select id, client_id, session_type_id, amount, currency, starts_on, ends_on, review_on, note, created_at
         from agreements where client_id = $1 order by starts_on desc, created_at desc",
    )
    .bind(client)
    .all()
    .await
}

pub(super) async fn agreements_to_review(
    conn: &mut Conn,
    therapist: TherapistId,
    today: Date,
) -> sqlx::Result<Vec<DueReview>> {
    conn.query(
        "select u.name as client_name, a.id, a.client_id, a.session_type_id, a.amount, a.currency, a.starts_on, a.ends_on,
                a.review_on, a.note, a.created_at
         from agreements a join clients c on c.id = a.client_id join users u on u.id = c.user_id
         where c.therapist_id = $1 and a.review_on <= $2 and (a.ends_on is null or a.ends_on >= $2)
         order by a.review_on, u.name, a.id limit 100",
    )
    .bind(therapist)
    .bind(today)
    .all()
    .await
}

pub(super) async fn insert_agreement(tx: &mut Tx, row: &Agreement, by: Option<UserId>) -> sqlx::Result<()> {
    tx.query(
        "insert into agreements (id, client_id, session_type_id, amount, currency, starts_on, ends_on, review_on, note,
             made_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.id)
    .bind(row.client_id)
    .bind(row.session_type_id)
    .bind(row.amount)
    .bind(row.currency)
    .bind(row.starts_on)
    .bind(row.ends_on)
    .bind(row.review_on)
    .bind(row.note.clone())
    .bind(by)
    .bind(row.created_at)
    .run()
    .await?;
    Ok(())
}

/// Ends what was agreed for the same, the day before the new one begins.
pub(super) async fn end_agreements(
    tx: &mut Tx,
    client: ClientId,
    session_type: Option<SessionTypeId>,
    starts_on: Date,
) -> sqlx::Result<()> {
    tx.query(
        "update agreements set ends_on = $3
         where client_id = $1 and (ends_on is null or ends_on > $3)
           and (session_type_id = $2 or (session_type_id is null and cast($2 as uuid) is null))",
    )
    .bind(client)
    .bind(session_type)
    .bind(starts_on.plus_days(-1))
    .run()
    .await?;
    Ok(())
}

pub(super) async fn end_agreement(tx: &mut Tx, id: AgreementId, client: ClientId, last: Date) -> sqlx::Result<u64> {
    tx.query(
        "update agreements set ends_on = $3 where id = $1 and client_id = $2 and (ends_on is null or ends_on > $3)",
    )
    .bind(id)
    .bind(client)
    .bind(last)
    .run()
    .await
}

pub(super) async fn insert_fee(tx: &mut Tx, fee: &Fee) -> sqlx::Result<()> {
    tx.query(
        "insert into fees (id, booking_id, client_id, kind, amount, currency, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (booking_id) do nothing",
    )
    .bind(fee.id)
    .bind(fee.booking_id)
    .bind(fee.client_id)
    .bind(fee.kind)
    .bind(fee.amount)
    .bind(fee.currency)
    .bind(fee.state)
    .bind(fee.created_at)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn delete_proposed_fee(tx: &mut Tx, booking: BookingId) -> sqlx::Result<()> {
    tx.query("delete from fees where booking_id = $1 and state = 'PROPOSED'").bind(booking).run().await?;
    Ok(())
}

pub(super) async fn fee_of_booking(conn: &mut Conn, booking: BookingId) -> sqlx::Result<Option<Fee>> {
    conn.query(
        "select id, booking_id, client_id, kind, amount, currency, state, reason, created_at from fees where booking_id = $1",
    )
    .bind(booking)
    .optional()
    .await
}

pub(super) async fn fee_of_therapist(conn: &mut Conn, id: FeeId, therapist: TherapistId) -> sqlx::Result<Option<Fee>> {
    conn.query(
        "select f.id, f.booking_id, f.client_id, f.kind, f.amount, f.currency, f.state, f.reason, f.created_at
         from fees f join bookings b on b.id = f.booking_id where f.id = $1 and b.therapist_id = $2",
    )
    .bind(id)
    .bind(therapist)
    .optional()
    .await
}

pub(super) async fn fees_waiting(conn: &mut Conn, therapist: TherapistId) -> sqlx::Result<Vec<Fee>> {
    conn.query(
        "select f.id, f.booking_id, f.client_id, f.kind, f.amount, f.currency, f.state, f.reason, f.created_at
         from fees f join bookings b on b.id = f.booking_id
         where f.state = 'PROPOSED' and b.therapist_id = $1 order by f.created_at limit 100",
    )
    .bind(therapist)
    .all()
    .await
}

pub(super) async fn decide_fee(
    tx: &mut Tx,
    id: FeeId,
    state: FeeState,
    reason: Option<String>,
    by: UserId,
    now: Instant,
) -> sqlx::Result<u64> {
    tx.query(
        "update fees set state = $2, reason = $3, decided_by = $4, decided_at = $5
         where id = $1 and (state = 'PROPOSED' or (state = 'CHARGED' and $2 = 'WAIVED'))",
    )
    .bind(id)
    .bind(state)
    .bind(reason)
    .bind(by)
    .bind(now)
    .run()
    .await
}
