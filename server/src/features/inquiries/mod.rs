//! Messages from the contact form: stored, then mailed to the practice.

mod store;

use crate::app::App;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::idempotency;
use crate::jobs::{self, Job};
use crate::keys::Keys;
use shared::contact::{EmailAddress, SendContactMessageInput};
use shared::ids::ContactMessageId;
use shared::time::Instant;
use std::sync::Arc;

/// A message from the contact form.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ContactMessage {
    /// Which.
    pub id: ContactMessageId,
    /// Who wrote.
    pub name: String,
    /// Where to answer.
    pub email: String,
    /// What they wrote, encrypted.
    body: Vec<u8>,
    /// When.
    pub created_at: Instant,
}

impl ContactMessage {
    /// What they wrote.
    pub fn text(&self, keys: &Keys) -> Result<String> {
        let plain = keys.open_sealed(&place(self.id), &self.body)?;
        String::from_utf8(plain).map_err(|_| Error::internal("a message is not text"))
    }
}

/// Stores a message and has it mailed to the practice.
pub async fn send(app: &Arc<App>, input: SendContactMessageInput) -> Result<()> {
    Error::unless_fine(input.problems())?;
    let address =
        EmailAddress::parse(&input.email).ok_or_else(|| Error::internal("an address that was fine is not"))?;
    // Somebody else's key is another key.
    let scope = app.keys.pseudonym("sendContactMessage", &address.canonical());
    let fingerprint = idempotency::fingerprint(&input)?;
    let key = input.idempotency_key.clone();
    let id = ContactMessageId(app.clock.new_id());
    let message = ContactMessage {
        id,
        name: input.name.trim().to_owned(),
        email: input.email.trim().to_owned(),
        body: app.keys.seal(&place(id), input.message.trim().as_bytes())?,
        created_at: app.clock.now(),
    };
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let (app, message) = (shared_app.clone(), message.clone());
            let (scope, fingerprint, key) = (scope.clone(), fingerprint.clone(), key.clone());
            Box::pin(async move {
                let (key, now) = (key.as_deref(), message.created_at);
                if idempotency::begin::<ContactMessageId>(tx, &scope, key, &fingerprint, now).await?.is_some() {
                    return Ok(());
                }
                idempotency::remember(tx, &scope, key, &id).await?;
                store::insert(tx, &message).await?;
                jobs::enqueue(tx, &app.clock, message.created_at, &Job::MailContactMessage { message_id: id }).await
            })
        })
        .await
}

/// One message.
pub async fn get(conn: &mut Conn, id: ContactMessageId) -> Result<Option<ContactMessage>> {
    Ok(store::message(conn, id).await?)
}

fn place(id: ContactMessageId) -> String {
    format!("contact_messages/body/{id}")
}
