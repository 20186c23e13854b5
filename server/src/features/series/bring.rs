//! A standing place that was agreed elsewhere, perhaps long ago: whoever it concerns knows of it.

use super::keep::{self, Told};
use super::{Series, store, zone_of};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::features::bookings::standing;
use crate::features::bookings::steps::Doer;
use crate::features::practice::Catalogue;
use shared::booking::CancelledBy;
use shared::series::{Exception, ExceptionKind, PLACE_DAYS, occurrences};
use shared::slots::OccupiedKind;
use shared::time::TimeRange;

/// Notes a place, so that sessions can be called by it.
pub async fn note(tx: &mut Tx, series: &Series) -> Result<()> {
    Ok(store::insert(tx, series).await?)
}

/// Keeps a place that was noted. Days on which the therapist has time off were left out when that was planned.
pub async fn keep(tx: &mut Tx, app: &App, catalogue: &Catalogue, series: &Series) -> Result<()> {
    let (now, zone) = (app.clock.now(), zone_of(app, catalogue)?);
    let (session_type, today) = (series.session_type(catalogue)?, zone.civil(now).date);
    let within = TimeRange { starts_at: now, ends_at: now.plus_minutes((PLACE_DAYS + 2) * 24 * 60) };
    let busy = standing::busy(tx, series.therapist_id, series.client_id, within, now).await?;
    for session in occurrences(&series.rule(), &[], &zone, today, today.plus_days(PLACE_DAYS)) {
        let blocked = standing::blocked(&session_type, session.starts_at);
        let away = busy.iter().any(|it| it.kind == OccupiedKind::TimeOff && it.range.overlaps(&blocked));
        if away {
            let skipped = Exception { date: session.date, kind: ExceptionKind::Skipped };
            store::put_exception(tx, series.id, skipped, CancelledBy::Practice, now).await?;
        }
    }
    keep::settle(tx, app, catalogue, series, Doer::SYSTEM, Told::Known).await?;
    Ok(())
}
