//! The SQL of the waitlist.

use super::{Offer, OfferState, WaitingWish, WishState};
use crate::db::{Conn, Tx};
use shared::ids::{BookingId, ClientId, OfferId, TherapistId, WishId};
use shared::time::{Instant, TimeRange};
use shared::waitlist::Wish;
use sqlx::types::Json;

/// The wishes, each with what decides between it and others; `$1` is now.
macro_rules! wishes { ($rest:literal) => {
    concat!(
        "select w.id, w.client_id, w.therapist_id, w.session_type_id, w.wish, w.instead_of, w.priority, w.state, w.since,
                w.confirmed_at, w.asked_at, w.lapsed_at, u.name, u.email, u.time_zone, c.stage,
                (select b.starts_at from bookings b where b.id = w.instead_of and b.status = 'CONFIRMED') as instead_of_starts_at,
                (select max(b.starts_at) from bookings b
                 where b.client_id = w.client_id and b.status in ('CONFIRMED', 'COMPLETED') and b.starts_at <= $1) as last_session,
                (select min(b.starts_at) from bookings b
                 where b.client_id = w.client_id and b.status = 'CONFIRMED' and b.starts_at > $1) as next_session
         from waitlist_wishes w join clients c on c.id = w.client_id join users u on u.id = c.user_id ", $rest)
} }

macro_rules! offers { ($rest:literal) => {
    concat!(
        "select o.id, o.wish_id, o.therapist_id, o.starts_at, o.ends_at, o.occupancy_id, o.state, o.made_at, o.until,
                o.booking_id
         from waitlist_offers o ", $rest)
} }

pub(super) async fn wish(conn: &mut Conn, id: WishId, now: Instant) -> sqlx::Result<Option<WaitingWish>> {
    conn.query(wishes!("where w.id = $2")).bind(now).bind(id).optional().await
}

pub(super) async fn of_client(conn: &mut Conn, client: ClientId, now: Instant) -> sqlx::Result<Vec<WaitingWish>> {
    conn.query(wishes!("where w.client_id = $2 and w.state in ('WAITING', 'PAUSED') order by w.since, w.id"))
        .bind(now)
        .bind(client)
        .all()
        .await
}

pub(super) async fn of_therapist(
    conn: &mut Conn,
    therapist: TherapistId,
    now: Instant,
) -> sqlx::Result<Vec<WaitingWish>> {
    conn.query(wishes!(
        "where w.therapist_id = $2 and w.state in ('WAITING', 'PAUSED') order by w.since, w.id limit 200"
    ))
    .bind(now)
    .bind(therapist)
    .all()
    .await
}

/// Those who can be offered something now: nothing is kept for them yet.
pub(super) async fn waiting(conn: &mut Conn, therapist: TherapistId, now: Instant) -> sqlx::Result<Vec<WaitingWish>> {
    conn.query(wishes!(
        "where w.therapist_id = $2 and w.state = 'WAITING'
           and not exists (select 1 from waitlist_offers o where o.wish_id = w.id and o.state = 'OPEN')
         order by w.since, w.id limit 500"
    ))
    .bind(now)
    .bind(therapist)
    .all()
    .await
}

/// Those who may have to be asked whether they still wait, or have not answered: what they last said, or the question, is
/// older than that. Nobody is asked while a time is kept for them.
pub(super) async fn perhaps_silent(
    conn: &mut Conn,
    said_before: Instant,
    asked_before: Instant,
    now: Instant,
) -> sqlx::Result<Vec<WaitingWish>> {
    conn.query(wishes!(
        "where w.state = 'WAITING'
           and ((w.asked_at is null and coalesce(w.confirmed_at, w.since) <= $2) or w.asked_at <= $3)
           and not exists (select 1 from waitlist_offers o where o.wish_id = w.id and o.state = 'OPEN')
         order by w.since, w.id limit 500"
    ))
    .bind(now)
    .bind(said_before)
    .bind(asked_before)
    .all()
    .await
}

pub(super) async fn set_asked(tx: &mut Tx, id: WishId, answer_hash: Vec<u8>, now: Instant) -> sqlx::Result<()> {
    tx.query("update waitlist_wishes set asked_at = $3, answer_hash = $2 where id = $1")
        .bind(id)
        .bind(answer_hash)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

pub(super) async fn set_confirmed(tx: &mut Tx, id: WishId, now: Instant) -> sqlx::Result<u64> {
    tx.query(
        "update waitlist_wishes set confirmed_at = $2, asked_at = null where id = $1 and state in ('WAITING', 'PAUSED')",
    )
    .bind(id)
    .bind(now)
    .run()
    .await
}

pub(super) async fn set_lapsed(tx: &mut Tx, id: WishId, now: Instant) -> sqlx::Result<u64> {
    tx.query(
        "update waitlist_wishes set state = 'OVER', ended_at = $2, lapsed_at = $2
         where id = $1 and state in ('WAITING', 'PAUSED')",
    )
    .bind(id)
    .bind(now)
    .run()
    .await
}

/// Takes up again what had lapsed.
pub(super) async fn take_up(tx: &mut Tx, id: WishId, now: Instant) -> sqlx::Result<u64> {
    tx.query(
        "update waitlist_wishes set state = 'WAITING', confirmed_at = $2, asked_at = null, lapsed_at = null, ended_at = null
         where id = $1 and state = 'OVER' and lapsed_at is not null",
    )
    .bind(id)
    .bind(now)
    .run()
    .await
}

pub(super) async fn wish_by_answer(conn: &mut Conn, hash: Vec<u8>, now: Instant) -> sqlx::Result<Option<WaitingWish>> {
    conn.query(wishes!("where w.answer_hash = $2")).bind(now).bind(hash).optional().await
}

pub(super) async fn lapsed_of(
    conn: &mut Conn,
    client: ClientId,
    after: Instant,
    now: Instant,
) -> sqlx::Result<Vec<WaitingWish>> {
    conn.query(wishes!(
        "where w.client_id = $2 and w.state = 'OVER' and w.lapsed_at > $3 order by w.lapsed_at desc, w.id"
    ))
    .bind(now)
    .bind(client)
    .bind(after)
    .all()
    .await
}

/// How somebody waits or waited for the same as a client.
#[derive(sqlx::FromRow)]
pub(super) struct Wait {
    pub(super) client_id: ClientId,
    pub(super) therapist_id: TherapistId,
    pub(super) session_type_id: shared::ids::SessionTypeId,
    pub(super) wish: Json<Wish>,
    pub(super) state: WishState,
    pub(super) since: Instant,
    pub(super) first_offer_at: Option<Instant>,
}

/// Who waits, or began to wait after a moment, for what a client waits for.
pub(super) async fn waits_beside(conn: &mut Conn, client: ClientId, after: Instant) -> sqlx::Result<Vec<Wait>> {
    conn.query(
        "select w.client_id, w.therapist_id, w.session_type_id, w.wish, w.state, w.since,
                (select min(o.made_at) from waitlist_offers o where o.wish_id = w.id) as first_offer_at
         from waitlist_wishes w
         where (w.since > $2 or w.state = 'WAITING') and exists (
             select 1 from waitlist_wishes own
             where own.client_id = $1 and own.state in ('WAITING', 'PAUSED')
               and own.therapist_id = w.therapist_id and own.session_type_id = w.session_type_id
         )",
    )
    .bind(client)
    .bind(after)
    .all()
    .await
}

/// A wish about to be kept.
pub(super) struct NewWish {
    pub(super) id: WishId,
    pub(super) client_id: ClientId,
    pub(super) therapist_id: TherapistId,
    pub(super) session_type_id: shared::ids::SessionTypeId,
    pub(super) wish: Wish,
    pub(super) instead_of: Option<BookingId>,
    pub(super) since: Instant,
}

pub(super) async fn insert_wish(tx: &mut Tx, new: NewWish) -> sqlx::Result<()> {
    tx.query(
        "insert into waitlist_wishes (id, client_id, therapist_id, session_type_id, wish, instead_of, state, since)
         values ($1, $2, $3, $4, $5, $6, 'WAITING', $7)",
    )
    .bind(new.id)
    .bind(new.client_id)
    .bind(new.therapist_id)
    .bind(new.session_type_id)
    .bind(Json(new.wish))
    .bind(new.instead_of)
    .bind(new.since)
    .run()
    .await?;
    Ok(())
}

/// Ends a wish that stands; answers how many that were.
pub(super) async fn end_wish(tx: &mut Tx, id: WishId, state: WishState, now: Instant) -> sqlx::Result<u64> {
    tx.query("update waitlist_wishes set state = $2, ended_at = $3 where id = $1 and state in ('WAITING', 'PAUSED')")
        .bind(id)
        .bind(state)
        .bind(now)
        .run()
        .await
}

/// Offers whose time was taken and then not paid for: which, whose wish, whose it is and with whom.
pub(super) async fn not_paid_for(conn: &mut Conn) -> sqlx::Result<Vec<(OfferId, WishId, ClientId, TherapistId)>> {
    conn.query(
        "select o.id, w.id, w.client_id, o.therapist_id
         from bookings b
         join waitlist_offers o on o.booking_id = b.id
         join waitlist_wishes w on w.id = o.wish_id
         where b.status = 'EXPIRED' and o.state = 'ACCEPTED' and w.state = 'DONE'",
    )
    .all()
    .await
}

/// Puts a wish back on the list whose time was not paid for.
pub(super) async fn reopen(tx: &mut Tx, offer: OfferId, wish: WishId, now: Instant) -> sqlx::Result<u64> {
    tx.query("update waitlist_offers set state = 'EXPIRED', answered_at = $2 where id = $1 and state = 'ACCEPTED'")
        .bind(offer)
        .bind(now)
        .run()
        .await?;
    tx.query("update waitlist_wishes set state = 'WAITING', ended_at = null where id = $1 and state = 'DONE'")
        .bind(wish)
        .run()
        .await
}

pub(super) async fn change_wish(tx: &mut Tx, id: WishId, priority: i64, state: WishState) -> sqlx::Result<u64> {
    tx.query("update waitlist_wishes set priority = $2, state = $3 where id = $1 and state in ('WAITING', 'PAUSED')")
        .bind(id)
        .bind(priority)
        .bind(state)
        .run()
        .await
}

pub(super) async fn offer(conn: &mut Conn, id: OfferId) -> sqlx::Result<Option<Offer>> {
    conn.query(offers!("where o.id = $1")).bind(id).optional().await
}

pub(super) async fn open_offer_for(conn: &mut Conn, wish: WishId) -> sqlx::Result<Option<Offer>> {
    conn.query(offers!("where o.wish_id = $1 and o.state = 'OPEN'")).bind(wish).optional().await
}

pub(super) async fn open_offers_to(conn: &mut Conn, client: ClientId, now: Instant) -> sqlx::Result<Vec<Offer>> {
    conn.query(offers!(
        "join waitlist_wishes w on w.id = o.wish_id
         where w.client_id = $1 and o.state = 'OPEN' and o.until > $2 order by o.until"
    ))
    .bind(client)
    .bind(now)
    .all()
    .await
}

pub(super) async fn open_offers_of(conn: &mut Conn, therapist: TherapistId, now: Instant) -> sqlx::Result<Vec<Offer>> {
    conn.query(offers!("where o.therapist_id = $1 and o.state = 'OPEN' and o.until > $2 order by o.until"))
        .bind(therapist)
        .bind(now)
        .all()
        .await
}

/// Who was offered which start of this stretch before: nobody is asked twice.
pub(super) async fn offered(
    conn: &mut Conn,
    therapist: TherapistId,
    range: TimeRange,
) -> sqlx::Result<Vec<(WishId, Instant)>> {
    conn.query(
        "select wish_id, starts_at from waitlist_offers where therapist_id = $1 and starts_at < $3 and ends_at > $2",
    )
    .bind(therapist)
    .bind(range.starts_at)
    .bind(range.ends_at)
    .all()
    .await
}

pub(super) async fn insert_offer(tx: &mut Tx, offer: &Offer) -> sqlx::Result<()> {
    tx.query(
        "insert into waitlist_offers (id, wish_id, therapist_id, starts_at, ends_at, occupancy_id, state, made_at, until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(offer.id)
    .bind(offer.wish_id)
    .bind(offer.therapist_id)
    .bind(offer.starts_at)
    .bind(offer.ends_at)
    .bind(offer.occupancy_id)
    .bind(offer.state)
    .bind(offer.made_at)
    .bind(offer.until)
    .run()
    .await?;
    Ok(())
}

/// Settles an offer that is open; of two answers one counts.
pub(super) async fn settle_offer(tx: &mut Tx, id: OfferId, state: OfferState, now: Instant) -> sqlx::Result<u64> {
    tx.query("update waitlist_offers set state = $2, answered_at = $3 where id = $1 and state = 'OPEN'")
        .bind(id)
        .bind(state)
        .bind(now)
        .run()
        .await
}

pub(super) async fn set_booking(tx: &mut Tx, id: OfferId, booking: BookingId) -> sqlx::Result<()> {
    tx.query("update waitlist_offers set booking_id = $2 where id = $1").bind(id).bind(booking).run().await?;
    Ok(())
}
