//! What a sign-in mail brings: derived from the row's id when the mail is written, so that no secret is stored.

use super::User;
use super::store::{self, links as rows};
use crate::app::App;
use crate::error::Result;
use crate::keys::{self, Keys, Secret};
use shared::time::Instant;
use std::sync::Arc;
use uuid::Uuid;

const PURPOSE: &str = "sign-in";

/// A sign-in mail, ready to be put into words.
#[derive(Debug, Clone)]
pub struct SignInMail {
    /// Who it is for.
    pub to: User,
    /// The link. Its token is behind the `#`, which no server and no log ever sees.
    pub link: String,
    /// The six digits.
    pub code: String,
    /// Until when both work.
    pub expires_at: Instant,
}

/// What to mail for a link; nothing when it is used, void or too old, or nobody who may sign in has the address.
pub async fn sign_in_mail(app: &Arc<App>, link_id: Uuid) -> Result<Option<SignInMail>> {
    let mut conn = app.db.read().await?;
    let Some(row) = rows::live(&mut conn, link_id, app.clock.now()).await? else { return Ok(None) };
    let user = store::user_by_address(&mut conn, &row.email_canonical).await?;
    Ok(user.filter(|user| user.disabled_at.is_none()).map(|to| SignInMail {
        to,
        link: app.config.link(&format!("/sign-in/link#{}", secret(&app.keys, link_id).text())),
        code: code(&app.keys, link_id),
        expires_at: row.expires_at,
    }))
}

pub(super) fn secret(keys: &Keys, id: Uuid) -> Secret {
    keys.link_secret(PURPOSE, id)
}

pub(super) fn code(keys: &Keys, id: Uuid) -> String {
    keys.code(PURPOSE, id)
}

/// Six digits alone are soon guessed from their hash; together with the browser's secret, which is not stored, never.
pub(super) fn code_hash(browser: &Secret, code: &str) -> Vec<u8> {
    keys::hash(&[browser.bytes().as_slice(), code.as_bytes()].concat())
}

/// The digits of a code, however they were typed: `123 456`.
pub(super) fn read_code(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(16).collect()
}
