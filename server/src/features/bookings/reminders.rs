//! Keeps the reminders of sessions in step with the calendar.

use super::{Booking, store};
use crate::app::App;
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::features::money::policy;
use crate::features::reminders::{self, Session};
use shared::booking::BookingStatus;
use shared::ids::{BookingId, ClientId};
use shared::time::Instant;
use std::sync::Arc;

/// So many sessions are planned anew in one write.
const AT_ONCE: usize = 50;

/// Plans the reminders of a session anew, in the write that changed it. `known_since` is when its client was told this
/// time.
pub(super) async fn replan(tx: &mut Tx, app: &App, booking: &Booking, known_since: Instant) -> Result<()> {
    let session = session_of(tx, booking, known_since).await?;
    reminders::replan(tx, app, &session).await
}

/// Plans the reminders of a session that has just been put in the calendar.
pub(super) async fn plan_first(tx: &mut Tx, app: &App, booking: &Booking) -> Result<()> {
    let session = session_of(tx, booking, booking.created_at).await?;
    reminders::replan(tx, app, &Session { is_new: true, ..session }).await
}

async fn session_of(tx: &mut Tx, booking: &Booking, known_since: Instant) -> Result<Session> {
    Ok(Session {
        booking_id: booking.id,
        client_id: booking.client_id,
        session_type_id: booking.session_type_id,
        starts_at: booking.starts_at,
        known_since,
        free_until: free_until_in(tx, booking).await?,
        time_zone: booking.guest_time_zone.clone(),
        is_on: booking.status == BookingStatus::Confirmed,
        is_new: false,
    })
}

/// Plans the reminders of every session ahead anew: of one client, or of everybody.
pub async fn plan_anew(app: &Arc<App>, client: Option<ClientId>) -> Result<()> {
    let ahead = store::confirmed_ahead(&mut app.db.read().await?, client, app.clock.now()).await?;
    for some in ahead.chunks(AT_ONCE) {
        let (shared_app, some) = (app.clone(), some.to_vec());
        app.db
            .write(move |tx| {
                let (app, some) = (shared_app.clone(), some.clone());
                Box::pin(async move {
                    for id in some {
                        plan_one(tx, &app, id).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
    Ok(())
}

async fn plan_one(tx: &mut Tx, app: &App, id: BookingId) -> Result<()> {
    match store::booking(tx, id).await? {
        Some(booking) => replan(tx, app, &booking, booking.created_at).await,
        None => Ok(()),
    }
}

/// Until when calling a session off is free; nothing when it always is.
pub async fn free_until(app: &App, booking: &Booking) -> Result<Option<Instant>> {
    free_until_in(&mut app.db.read().await?, booking).await
}

async fn free_until_in(conn: &mut Conn, booking: &Booking) -> Result<Option<Instant>> {
    if booking.policy_id.is_none() {
        return Ok(None);
    }
    Ok(policy::of_booking(conn, booking.policy_id).await?.free_until(&booking.agreed(), booking.starts_at))
}
