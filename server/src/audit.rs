//! Who did or saw what, in a trail where each row carries the hash of the one before.

mod lists;

pub use lists::{ListNotes, note_list, write_notes};

use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::keys;
use shared::ids::UserId;
use shared::time::Instant;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at: Instant,
    actor_id: Option<UserId>,
    deed: String,
    subject_id: Option<Uuid>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
}

/// Adds a row. Writers take turns at the head of the trail, so that each row follows from the one before.
pub async fn record(tx: &mut Tx, at: Instant, actor: Option<UserId>, deed: &str, subject: Option<Uuid>) -> Result<()> {
    tx.query("insert into audit_head (id, seq, hash) values (1, 0, $1) on conflict (id) do nothing")
        .bind(vec![0_u8; 32])
        .run()
        .await?;
    let (seq, previous_hash): (i64, Vec<u8>) =
        tx.query("update audit_head set seq = seq + 1 where id = 1 returning seq, hash").one().await?;
    let mut row =
        Row { seq, at, actor_id: actor, deed: deed.to_owned(), subject_id: subject, previous_hash, hash: Vec::new() };
    row.hash = hash_of(&row);
    tx.query(
        "insert into audit_trail (seq, at, actor_id, deed, subject_id, previous_hash, hash) values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(row.seq)
    .bind(row.at)
    .bind(row.actor_id)
    .bind(row.deed)
    .bind(row.subject_id)
    .bind(row.previous_hash)
    .bind(row.hash.clone())
    .run()
    .await?;
    tx.query("update audit_head set hash = $1 where id = 1").bind(row.hash).run().await?;
    Ok(())
}

/// The first row that does not follow from the one before, if there is one; also the first that is missing at the end.
pub async fn first_broken(conn: &mut Conn) -> Result<Option<i64>> {
    let mut previous = vec![0; 32];
    let mut after = 0;
    loop {
        let rows: Vec<Row> = conn
            .query("select seq, at, actor_id, deed, subject_id, previous_hash, hash from audit_trail where seq > $1 order by seq limit 500")
            .bind(after)
            .all()
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        for row in rows {
            if row.previous_hash != previous || row.hash != hash_of(&row) {
                return Ok(Some(row.seq));
            }
            previous = row.hash;
        }
    }
    let head: Option<(i64, Vec<u8>)> = conn.query("select seq, hash from audit_head where id = 1").optional().await?;
    Ok(head.filter(|(seq, hash)| *seq != after || *hash != previous).map(|_| after + 1))
}

fn hash_of(row: &Row) -> Vec<u8> {
    let actor = row.actor_id.map(|id| id.to_string()).unwrap_or_default();
    let subject = row.subject_id.map(|id| id.to_string()).unwrap_or_default();
    let mut text = row.previous_hash.clone();
    text.extend(format!("{}\n{}\n{actor}\n{}\n{subject}", row.seq, row.at.micros(), row.deed).into_bytes());
    keys::hash(&text)
}
