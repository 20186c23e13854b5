//! The SQL of the witness: something sealed with the master key, to know the key by.

use crate::db::{Conn, Tx};

pub(super) async fn witness(conn: &mut Conn) -> sqlx::Result<Option<Vec<u8>>> {
    let witness: Option<(Vec<u8>,)> = conn.query("select sealed from key_witness where id = 1").optional().await?;
    Ok(witness.map(|(sealed,)| sealed))
}

pub(super) async fn keep_witness(tx: &mut Tx, sealed: Vec<u8>) -> sqlx::Result<()> {
    tx.query(
        "insert into key_witness (id, sealed) values (1, $1) on conflict (id) do update set sealed = excluded.sealed",
    )
    .bind(sealed)
    .run()
    .await?;
    Ok(())
}
