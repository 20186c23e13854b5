//! The SQL of the intake form and its answers.

use crate::db::{Conn, Tx};
use crate::features::intake::answers::Stored;
use crate::features::intake::form::FormVersion;
use shared::ids::{ClientId, IntakeFormId, UserId};
use shared::time::Instant;

pub(crate) async fn newest(conn: &mut Conn) -> sqlx::Result<Option<FormVersion>> {
    conn.query("select id, version, fields, saved_at from intake_forms order by version desc limit 1").optional().await
}

pub(crate) async fn form(conn: &mut Conn, id: IntakeFormId) -> sqlx::Result<Option<FormVersion>> {
    conn.query("select id, version, fields, saved_at from intake_forms where id = $1").bind(id).optional().await
}

pub(crate) async fn insert(tx: &mut Tx, form: &FormVersion, by: Option<UserId>) -> sqlx::Result<()> {
    tx.query("insert into intake_forms (id, version, fields, saved_by, saved_at) values ($1, $2, $3, $4, $5)")
        .bind(form.id)
        .bind(form.version)
        .bind(form.fields.clone())
        .bind(by)
        .bind(form.saved_at)
        .run()
        .await?;
    Ok(())
}

/// Those of these clients of whom the practice awaits its form.
pub(crate) async fn awaiting(conn: &mut Conn, clients: &[ClientId]) -> sqlx::Result<Vec<ClientId>> {
    let rows: Vec<(ClientId,)> = conn
        .query(
            "select c.id from clients c where c.id in ($list) and exists (select 1 from intake_forms)
               and not exists (select 1 from intake_answers a where a.client_id = c.id and a.sent_at is not null)",
        )
        .bind_list(clients.iter().copied())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(client,)| client).collect())
}

pub(crate) async fn answers(conn: &mut Conn, client: ClientId) -> sqlx::Result<Option<Stored>> {
    conn.query("select form_id, answers, saved_at, sent_at from intake_answers where client_id = $1")
        .bind(client)
        .optional()
        .await
}

/// Keeps answers that have not been sent yet; whether there were none that had.
pub(crate) async fn save_answers(
    tx: &mut Tx,
    client: ClientId,
    form: IntakeFormId,
    sealed: Vec<u8>,
    sent_at: Option<Instant>,
    now: Instant,
) -> sqlx::Result<bool> {
    let touched = tx
        .query(
            "insert into intake_answers (client_id, form_id, answers, saved_at, sent_at) values ($1, $2, $3, $4, $5)
             on conflict (client_id) do update set
                 form_id = excluded.form_id, answers = excluded.answers,
                 saved_at = excluded.saved_at, sent_at = excluded.sent_at
             where intake_answers.sent_at is null",
        )
        .bind(client)
        .bind(form)
        .bind(sealed)
        .bind(now)
        .bind(sent_at)
        .run()
        .await?;
    Ok(touched == 1)
}
