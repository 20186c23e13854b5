//! The SQL that reads what session types ask of clients.

use crate::db::Conn;
use shared::ids::ClientId;
use shared::intake::{Asked, Missing};
use sqlx::types::Json;

/// What a session type asks of a client who has sessions of it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    /// Of whom.
    pub(crate) client_id: ClientId,
    waits_for: Json<Vec<Missing>>,
    completed: i64,
    ahead: i64,
}

impl Row {
    /// What it asks.
    pub(crate) fn asked(&self) -> Asked {
        Asked { waits_for: self.waits_for.0.clone(), took_place: self.completed > 0, is_ahead: self.ahead > 0 }
    }
}

/// What the types ask for of which these clients have sessions that were not called off; first calls ask for nothing.
pub(crate) async fn by_sessions(conn: &mut Conn, clients: &[ClientId]) -> sqlx::Result<Vec<Row>> {
    conn.query(
        "select b.client_id, t.waits_for, b.completed, b.ahead
         from (select client_id, session_type_id,
                      sum(case when status = 'COMPLETED' then 1 else 0 end) as completed,
                      sum(case when status in ('CONFIRMED', 'PENDING_PAYMENT') then 1 else 0 end) as ahead
               from bookings
               where client_id in ($list) and policy_id is not null and status not in ('CANCELLED', 'EXPIRED')
               group by client_id, session_type_id) b
         join session_types t on t.id = b.session_type_id",
    )
    .bind_list(clients.iter().copied())
    .all()
    .await
}

/// What the types ask for that clients can book.
pub(crate) async fn by_offer(conn: &mut Conn) -> sqlx::Result<Vec<Asked>> {
    let rows: Vec<(Json<Vec<Missing>>,)> = conn
        .query(
            "select waits_for from session_types where gate = 'CLIENTS' and retired_at is null order by position, id",
        )
        .all()
        .await?;
    Ok(rows.into_iter().map(|(it,)| Asked { waits_for: it.0, took_place: false, is_ahead: false }).collect())
}
