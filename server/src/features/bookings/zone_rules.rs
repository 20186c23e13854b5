//! Sessions keep their time of day: when the rules of a zone change, what is booked moves to the instant that has the date
//! and time that were agreed. Standing places see to their own.

use super::reschedule::{self, Wish};
use super::steps::{ByWhom, Doer};
use super::store::{self, AgreedTime};
use crate::app::App;
use crate::error::{Error, Result};
use crate::features::practice::{self, zones};
use shared::ids::BookingId;
use shared::time::Instant;
use std::sync::Arc;

/// Why sessions may overlap that keep the time that was agreed.
const WHY: &str = "The clocks follow new rules; each keeps the time that was agreed.";

/// The daily turn: moves every session whose instant does not show the agreed time any more. Answers how many.
pub async fn follow(app: &Arc<App>) -> Result<usize> {
    let (now, mut moves) = (app.clock.now(), Vec::new());
    let zone = practice::catalogue(app).await?.practice.time_zone.clone();
    for agreed in store::agreed_times(&mut app.db.read().await?, &zone, now).await? {
        moves.extend(due(&agreed, now).map(|to| (agreed.id, agreed.starts_at, to)));
    }
    // Those that move later from the last one on, and earlier from the first, so that none is in the way of the next.
    moves.sort_by_key(|(_, from, to)| if to > from { -from.micros() } else { from.micros() });
    for (id, _, to) in &moves {
        if let Err(error) = shift(app, *id, *to).await {
            tracing::error!(booking = %id, %error, "a session could not follow the new rules of its zone; its turn comes again tomorrow");
        }
    }
    Ok(moves.len())
}

/// The instant a session belongs at, if it is not there. One that begins in an hour the clocks show twice is where it was
/// put.
fn due(agreed: &AgreedTime, now: Instant) -> Option<Instant> {
    let zone = zones::table(&agreed.time_zone, now)?;
    let shown = zone.civil(agreed.starts_at);
    if (shown.date, shown.time) == (agreed.local_date, agreed.local_time) {
        return None;
    }
    Some(zone.resolve(agreed.local_date, agreed.local_time).at).filter(|to| *to != agreed.starts_at && *to > now)
}

async fn shift(app: &Arc<App>, id: BookingId, starts_at: Instant) -> Result<()> {
    match shift_as(app, id, Wish { starts_at, override_reason: None }).await {
        // Both were agreed: neither gives way, and the therapist sees it in her day.
        Err(Error::Overlap) => shift_as(app, id, Wish { starts_at, override_reason: Some(WHY.to_owned()) }).await,
        other => other,
    }
}

async fn shift_as(app: &Arc<App>, id: BookingId, wish: Wish) -> Result<()> {
    let catalogue = practice::catalogue(app).await?;
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let (app, catalogue, wish) = (shared_app.clone(), catalogue.clone(), wish.clone());
            Box::pin(async move {
                let nobody = Doer { by_whom: ByWhom::System, actor: None };
                reschedule::shift(tx, &app, &catalogue, id, wish, nobody).await.map(drop)
            })
        })
        .await
}
