//! The SQL of the contact form.

use super::ContactMessage;
use crate::db::{Conn, Tx};
use shared::ids::ContactMessageId;

pub(super) async fn insert(tx: &mut Tx, message: &ContactMessage) -> sqlx::Result<()> {
    tx.query("insert into contact_messages (id, name, email, body, created_at) values ($1, $2, $3, $4, $5)")
        .bind(message.id)
        .bind(message.name.clone())
        .bind(message.email.clone())
        .bind(message.body.clone())
        .bind(message.created_at)
        .run()
        .await?;
    Ok(())
}

pub(super) async fn message(conn: &mut Conn, id: ContactMessageId) -> sqlx::Result<Option<ContactMessage>> {
    conn.query("select id, name, email, body, created_at from contact_messages where id = $1").bind(id).optional().await
}
