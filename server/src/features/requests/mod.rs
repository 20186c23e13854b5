//! Requests: somebody asks for a session the calendar does not offer, and the practice finds a therapist and a time.

pub mod ask;
pub mod graphql;
pub mod moves;
mod store;

use crate::app::App;
use crate::audit;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::keys::Keys;
use shared::ids::{BookingId, ClientId, RequestId, SessionTypeId, TherapistId};
use shared::request::RequestStatus;
use shared::time::{Instant, Weekday};
use shared::waitlist::{HourBand, Wish};
use sqlx::types::Json;
use std::sync::Arc;

/// Somebody's request for a session.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Request {
    /// Which.
    pub id: RequestId,
    /// Whose; empty for somebody without an account.
    pub client_id: Option<ClientId>,
    /// What is asked for.
    pub session_type_id: SessionTypeId,
    /// With whom, if they said.
    pub wanted_therapist_id: Option<TherapistId>,
    /// What to call them.
    pub name: String,
    /// Where the answer goes.
    pub email: String,
    /// The number to call.
    pub phone: String,
    /// The zone they read times in.
    pub time_zone: String,
    /// The days that suit; none means any.
    pub weekdays: Json<Vec<Weekday>>,
    /// The parts of the day that suit; none means any.
    pub bands: Json<Vec<HourBand>>,
    /// What else there is to know, encrypted.
    note: Option<Vec<u8>>,
    /// Where it stands.
    pub status: RequestStatus,
    /// The therapist the practice proposes.
    pub therapist_id: Option<TherapistId>,
    /// The start the practice proposes.
    pub starts_at: Option<Instant>,
    /// The session it became.
    pub booking_id: Option<BookingId>,
    /// The status people were last told of.
    pub told: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When something last became of it.
    pub changed_at: Instant,
}

impl Request {
    /// What else there is to know.
    pub fn note(&self, keys: &Keys) -> Result<Option<String>> {
        let Some(sealed) = &self.note else { return Ok(None) };
        let plain = keys.open_sealed(&note_place(self.id), sealed)?;
        String::from_utf8(plain).map(Some).map_err(|_| Error::internal("a note is not text"))
    }

    /// What would suit, as the waitlist puts it.
    pub fn wish(&self) -> Wish {
        Wish { weekdays: self.weekdays.0.clone(), bands: self.bands.0.clone(), ..Wish::default() }
    }
}

/// One request.
pub async fn get(conn: &mut Conn, id: RequestId) -> Result<Option<Request>> {
    Ok(store::request(conn, id).await?)
}

/// One request, for somebody who has just changed it.
pub async fn read(app: &App, id: RequestId) -> Result<Option<Request>> {
    get(&mut app.db.read().await?, id).await
}

/// What a client has asked for, latest first.
pub async fn of_client(app: &App, client: ClientId) -> Result<Vec<Request>> {
    Ok(store::of_client(&mut app.db.read().await?, client).await?)
}

/// The requests that are not over, and those that ended in the last two weeks, for somebody of the practice to read: the
/// reading is noted in the audit trail.
pub async fn read_by_staff(app: &Arc<App>, viewer: Viewer) -> Result<Vec<Request>> {
    let since = app.clock.now().plus_minutes(-14 * 24 * 60);
    let found = store::recent(&mut app.db.read().await?, since).await?;
    if !found.is_empty() {
        let (now, actor) = (app.clock.now(), viewer.user_id);
        let noted = app
            .db
            .write(move |tx| Box::pin(async move { audit::record(tx, now, Some(actor), "read requests", None).await }));
        noted.await?;
    }
    Ok(found)
}

fn note_place(id: RequestId) -> String {
    format!("booking_requests/note/{id}")
}

fn no_such_request() -> Error {
    Error::refused("requestId", shared::problem::ErrorCode::NotFound, "There is no such request.")
}
