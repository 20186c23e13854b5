//! The SQL of relationships.

use super::history::{MoveNews, StageMove};
use super::{Client, ClientRow};
use crate::db::{Conn, Tx, containing};
use shared::ids::{ClientId, TherapistId, UserId};
use shared::price::PriceClass;
use shared::stage::Stage;
use shared::time::Instant;
use uuid::Uuid;

pub(super) async fn client(conn: &mut Conn, id: ClientId) -> sqlx::Result<Option<Client>> {
    conn.query(
        "select id, user_id, therapist_id, stage, stage_since, discovery_completed_at, price_class, sealed_key, letter,
                untold_from, news_at, return_until
         from clients where id = $1",
    )
    .bind(id)
    .optional()
    .await
}

pub(super) async fn of_user(conn: &mut Conn, user_id: UserId) -> sqlx::Result<Option<Client>> {
    conn.query(
        "select id, user_id, therapist_id, stage, stage_since, discovery_completed_at, price_class, sealed_key, letter,
                untold_from, news_at, return_until
         from clients where user_id = $1",
    )
    .bind(user_id)
    .optional()
    .await
}

/// When the discovery call begins that somebody has in the calendar, while it is neither done nor missed.
pub(super) async fn call_ahead(conn: &mut Conn, id: ClientId) -> sqlx::Result<Option<Instant>> {
    let call: Option<(Instant,)> = conn
        .query(
            "select starts_at from bookings where client_id = $1 and status = 'CONFIRMED' and policy_id is null
             order by starts_at limit 1",
        )
        .bind(id)
        .optional()
        .await?;
    Ok(call.map(|(begins,)| begins))
}

pub(super) async fn list(
    conn: &mut Conn,
    therapist: TherapistId,
    stage: Option<Stage>,
    search: Option<&str>,
    after: Option<ClientId>,
    limit: i64,
) -> sqlx::Result<Vec<ClientRow>> {
    conn.query(
        "select c.id, u.name, c.stage, c.stage_since
         from clients c join users u on u.id = c.user_id
         where c.therapist_id = $1
           and (cast($2 as text) is null or c.stage = $2)
           and (cast($5 as text) is null or lower(u.name) like $5 escape '!' or lower(u.email) like $5 escape '!')
           and (cast($3 as uuid) is null or (u.name, c.id) > (select u2.name, c2.id from clients c2 join users u2 on u2.id = c2.user_id where c2.id = $3))
         order by u.name, c.id limit $4",
    )
    .bind(therapist)
    .bind(stage)
    .bind(after)
    .bind(limit)
    .bind(containing(search))
    .all()
    .await
}

pub(super) async fn stages(conn: &mut Conn, ids: &[ClientId]) -> sqlx::Result<Vec<(ClientId, Stage)>> {
    conn.query("select id, stage from clients where id in ($list)").bind_list(ids.iter().copied()).all().await
}

/// Those of these clients with whom a therapist last began to work without waiting for what was missing.
pub(super) async fn began_by_hand(conn: &mut Conn, ids: &[ClientId]) -> sqlx::Result<Vec<ClientId>> {
    let rows: Vec<(ClientId,)> = conn
        .query(
            "select m.client_id from stage_moves m
             where m.client_id in ($list) and m.from_stage = 'INTAKE_PENDING' and m.to_stage = 'ACTIVE'
               and m.actor_id is not null
               and not exists (select 1 from stage_moves later
                               where later.client_id = m.client_id and later.from_stage = 'INTAKE_PENDING'
                                 and later.to_stage = 'ACTIVE' and later.at > m.at)",
        )
        .bind_list(ids.iter().copied())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn moves(conn: &mut Conn, id: ClientId) -> sqlx::Result<Vec<StageMove>> {
    conn.query(
        "select m.from_stage, m.to_stage, m.at, m.actor_id, a.name as actor_name,
                c.user_id, m.news
         from stage_moves m join clients c on c.id = m.client_id left join users a on a.id = m.actor_id
         where m.client_id = $1 order by m.at, m.id",
    )
    .bind(id)
    .all()
    .await
}

/// Whether a session was booked that is not free, since the relationship is where it is.
pub(super) async fn has_booked_since(conn: &mut Conn, id: ClientId, since: Instant) -> sqlx::Result<bool> {
    let count: i64 = conn
        .query(
            "select count(*) from bookings where client_id = $1 and policy_id is not null and created_at >= $2
               and status in ('CONFIRMED', 'PENDING_PAYMENT')",
        )
        .bind(id)
        .bind(since)
        .value()
        .await?;
    Ok(count > 0)
}

pub(super) async fn insert(tx: &mut Tx, client: &Client) -> sqlx::Result<()> {
    tx.query(
        "insert into clients (id, user_id, therapist_id, stage, stage_since, sealed_key, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(client.id)
    .bind(client.user_id)
    .bind(client.therapist_id)
    .bind(client.stage)
    .bind(client.stage_since)
    .bind(client.sealed_key.clone())
    .bind(client.stage_since)
    .run()
    .await?;
    Ok(())
}

/// Inserts it if its user is there.
pub(super) async fn insert_if_user(tx: &mut Tx, client: &Client) -> sqlx::Result<()> {
    tx.query(
        "insert into clients (id, user_id, therapist_id, stage, stage_since, sealed_key, created_at)
         select $1, u.id, $3, $4, $5, $6, $7 from users u where u.id = $2",
    )
    .bind(client.id)
    .bind(client.user_id)
    .bind(client.therapist_id)
    .bind(client.stage)
    .bind(client.stage_since)
    .bind(client.sealed_key.clone())
    .bind(client.stage_since)
    .later()
    .await
}

/// Notes where a relationship begins, if it does.
pub(super) async fn insert_first_move_if_client(tx: &mut Tx, move_id: Uuid, client: &Client) -> sqlx::Result<()> {
    tx.query(
        "insert into stage_moves (id, client_id, to_stage, at)
         select $1, c.id, $3, $4 from clients c where c.id = $2",
    )
    .bind(move_id)
    .bind(client.id)
    .bind(client.stage)
    .bind(client.stage_since)
    .later()
    .await
}

pub(super) async fn set_stage(
    tx: &mut Tx,
    id: ClientId,
    from: Stage,
    to: Stage,
    now: Instant,
    return_until: Option<Instant>,
) -> sqlx::Result<u64> {
    tx.query("update clients set stage = $3, stage_since = $4, return_until = $5 where id = $1 and stage = $2")
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(now)
        .bind(return_until)
        .run()
        .await
}

pub(super) async fn set_therapist(tx: &mut Tx, id: ClientId, therapist: TherapistId) -> sqlx::Result<()> {
    tx.query("update clients set therapist_id = $2 where id = $1").bind(id).bind(therapist).run().await?;
    Ok(())
}

pub(super) async fn clear_discovery_completed(tx: &mut Tx, id: ClientId, at: Instant) -> sqlx::Result<()> {
    tx.query("update clients set discovery_completed_at = null where id = $1 and discovery_completed_at = $2")
        .bind(id)
        .bind(at)
        .run()
        .await?;
    Ok(())
}

pub(super) async fn set_discovery_completed(tx: &mut Tx, id: ClientId, now: Instant) -> sqlx::Result<()> {
    tx.query("update clients set discovery_completed_at = coalesce(discovery_completed_at, $2) where id = $1")
        .bind(id)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

pub(super) async fn set_price_class(tx: &mut Tx, id: ClientId, class: PriceClass) -> sqlx::Result<()> {
    tx.query("update clients set price_class = $2 where id = $1").bind(id).bind(class).run().await?;
    Ok(())
}

pub(super) async fn note_untold(tx: &mut Tx, id: ClientId, stage: Stage, leaves_at: Instant) -> sqlx::Result<()> {
    tx.query("update clients set untold_from = $2, news_at = $3 where id = $1")
        .bind(id)
        .bind(stage)
        .bind(leaves_at)
        .run()
        .await?;
    Ok(())
}

/// Notes what became of the moves up to one that waited to be told. Where another has followed meanwhile, its news goes on
/// waiting.
pub(super) async fn settle_news(tx: &mut Tx, client: &Client, news: MoveNews) -> sqlx::Result<()> {
    tx.query(
        "update clients
         set untold_from = case when coalesce(news_at, $2) = $2 then null else $3 end,
             news_at = case when coalesce(news_at, $2) = $2 then null else news_at end
         where id = $1 and untold_from is not null",
    )
    .bind(client.id)
    .bind(client.news_at.unwrap_or(Instant::EARLIEST))
    .bind(client.stage)
    .run()
    .await?;
    tx.query(
        "update stage_moves set news = $3
         where client_id = $1 and news = 'WAITS'
           and (at <= $2 or exists (select 1 from clients c where c.id = $1 and c.untold_from is null))",
    )
    .bind(client.id)
    .bind(client.stage_since)
    .bind(news)
    .run()
    .await?;
    Ok(())
}

pub(super) async fn clear_letter(tx: &mut Tx, id: ClientId) -> sqlx::Result<()> {
    tx.query("update clients set letter = null where id = $1").bind(id).run().await?;
    Ok(())
}

pub(super) async fn set_letter(tx: &mut Tx, id: ClientId, sealed: Vec<u8>) -> sqlx::Result<()> {
    tx.query("update clients set letter = $2 where id = $1").bind(id).bind(sealed).run().await?;
    Ok(())
}

pub(super) async fn insert_move(
    tx: &mut Tx,
    move_id: Uuid,
    client: ClientId,
    from: Option<Stage>,
    to: Stage,
    actor: Option<UserId>,
    now: Instant,
) -> sqlx::Result<()> {
    // While news waits, what follows is not known to the client either.
    tx.query(
        "insert into stage_moves (id, client_id, from_stage, to_stage, actor_id, at, news)
         select $1, c.id, $3, $4, $5, $6, case when c.untold_from is null then 'KNOWN' else 'WAITS' end
         from clients c where c.id = $2",
    )
    .bind(move_id)
    .bind(client)
    .bind(from)
    .bind(to)
    .bind(actor)
    .bind(now)
    .run()
    .await?;
    Ok(())
}
