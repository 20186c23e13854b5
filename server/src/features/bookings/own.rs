//! Time that whoever asks gives back when they take another: what is kept for them, or the session they move. To them, and
//! to nobody else, it is free.

use super::store::{self, OwnRow};
use crate::app::App;
use crate::error::Result;
use crate::keys::Secret;
use shared::ids::{BookingId, TherapistId};
use shared::slots::Timetable;
use std::sync::Arc;

/// What somebody would give back.
#[derive(Debug, Clone, Default)]
pub struct Own(Vec<OwnRow>);

impl Own {
    /// What a secret keeps and what a session fills; a secret that keeps nothing any more gives nothing back.
    pub(super) async fn of(app: &App, kept: Option<&str>, booking: Option<BookingId>) -> Result<Self> {
        let kept = kept.and_then(Secret::read).map(|secret| secret.hash());
        if kept.is_none() && booking.is_none() {
            return Ok(Own::default());
        }
        Ok(Own(store::own(&mut app.db.read().await?, kept, booking).await?))
    }

    /// A therapist's timetable as whoever gives this back sees it.
    pub(super) fn seen_in(&self, timetable: Arc<Timetable>, therapist: TherapistId) -> Arc<Timetable> {
        self.0.iter().fold(timetable, |timetable, row| {
            let blocked = row.blocked();
            let timetable =
                if row.therapist_id == therapist { Arc::new(timetable.without_session(blocked)) } else { timetable };
            match row.room_id {
                Some(room) => Arc::new(timetable.with_room_free(room, blocked)),
                None => timetable,
            }
        })
    }
}
