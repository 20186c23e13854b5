//! The SQL of documents, their versions and who accepted them.

use crate::db::{Conn, Tx};
use crate::features::clients::Client;
use crate::features::intake::documents::{Acceptance, Draft, Version};
use shared::ids::{ClientId, DocumentVersionId, UserId};
use shared::intake::{DocumentKind, Known, Needed};
use shared::time::Instant;
use uuid::Uuid;

/// The newest version of each kind.
pub(crate) async fn newest(conn: &mut Conn) -> sqlx::Result<Vec<Version>> {
    conn.query(
        "select id, kind, version, title, body, hash, is_material, published_at from document_versions v
         where version = (select max(o.version) from document_versions o where o.kind = v.kind) order by kind",
    )
    .all()
    .await
}

pub(crate) async fn newest_of(conn: &mut Conn, kind: DocumentKind) -> sqlx::Result<Option<Version>> {
    conn.query(
        "select id, kind, version, title, body, hash, is_material, published_at from document_versions
         where kind = $1 order by version desc limit 1",
    )
    .bind(kind)
    .optional()
    .await
}

pub(crate) async fn version(conn: &mut Conn, id: DocumentVersionId) -> sqlx::Result<Option<Version>> {
    conn.query(
        "select id, kind, version, title, body, hash, is_material, published_at from document_versions where id = $1",
    )
    .bind(id)
    .optional()
    .await
}

/// What must be accepted, and since which version that counts.
pub(crate) async fn needed(conn: &mut Conn) -> sqlx::Result<Vec<Needed>> {
    let rows: Vec<(DocumentKind, i64)> = conn
        .query("select kind, max(version) from document_versions where is_material group by kind order by kind")
        .all()
        .await?;
    Ok(rows.into_iter().map(|(kind, since_version)| Needed { kind, since_version }).collect())
}

/// The newest version of each kind that each of these clients accepted.
pub(crate) async fn known(conn: &mut Conn, clients: &[ClientId]) -> sqlx::Result<Vec<(ClientId, Known)>> {
    let rows: Vec<(ClientId, DocumentKind, i64)> = conn
        .query(
            "select a.client_id, v.kind, max(v.version) from acceptances a join document_versions v on v.id = a.version_id
             where a.client_id in ($list) group by a.client_id, v.kind",
        )
        .bind_list(clients.iter().copied())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(client, kind, version)| (client, Known { kind, version })).collect())
}

pub(crate) async fn accepted(conn: &mut Conn, client: ClientId) -> sqlx::Result<Vec<Acceptance>> {
    conn.query(
        "select a.version_id, v.kind, v.version, v.title, a.hash, a.network, a.accepted_at
         from acceptances a join document_versions v on v.id = a.version_id
         where a.client_id = $1 order by a.accepted_at desc, v.kind",
    )
    .bind(client)
    .all()
    .await
}

pub(crate) async fn insert_version(tx: &mut Tx, version: &Version, by: Option<UserId>) -> sqlx::Result<()> {
    tx.query(
        "insert into document_versions (id, kind, version, title, body, hash, is_material, published_by, published_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(version.id)
    .bind(version.kind)
    .bind(version.version)
    .bind(version.title.clone())
    .bind(version.body.clone())
    .bind(version.hash.clone())
    .bind(version.is_material)
    .bind(by)
    .bind(version.published_at)
    .run()
    .await?;
    Ok(())
}

/// Keeps an acceptance; whether it is the first of this version.
pub(crate) async fn insert_acceptance(
    tx: &mut Tx,
    id: Uuid,
    client: &Client,
    version: &Version,
    network: &str,
    now: Instant,
) -> sqlx::Result<bool> {
    let inserted = tx
        .query(
            "insert into acceptances (id, client_id, version_id, user_id, hash, network, accepted_at)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (client_id, version_id) do nothing",
        )
        .bind(id)
        .bind(client.id)
        .bind(version.id)
        .bind(client.user_id)
        .bind(version.hash.clone())
        .bind(network.to_owned())
        .bind(now)
        .run()
        .await?;
    Ok(inserted == 1)
}

pub(crate) async fn drafts(conn: &mut Conn) -> sqlx::Result<Vec<Draft>> {
    conn.query("select kind, title, body from document_drafts").all().await
}

pub(crate) async fn save_draft(tx: &mut Tx, draft: &Draft, by: UserId, now: Instant) -> sqlx::Result<()> {
    tx.query(
        "insert into document_drafts (kind, title, body, saved_by, saved_at) values ($1, $2, $3, $4, $5)
         on conflict (kind) do update set
             title = excluded.title, body = excluded.body, saved_by = excluded.saved_by, saved_at = excluded.saved_at",
    )
    .bind(draft.kind)
    .bind(draft.title.clone())
    .bind(draft.body.clone())
    .bind(by)
    .bind(now)
    .run()
    .await?;
    Ok(())
}

pub(crate) async fn delete_draft(tx: &mut Tx, kind: DocumentKind) -> sqlx::Result<()> {
    tx.query("delete from document_drafts where kind = $1").bind(kind).run().await?;
    Ok(())
}
