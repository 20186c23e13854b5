//! Ending a standing place.

use super::single::{About, locked, of_therapist, settled};
use super::{Series, zone_of};
use crate::app::App;
use crate::error::{Error, Result};
use crate::features::bookings::steps::Doer;
use crate::features::practice::{self, Therapist};
use serde::{Deserialize, Serialize};
use shared::ids::SeriesId;
use shared::problem::ErrorCode;
use shared::series::SeriesState;
use shared::time::Date;
use std::sync::Arc;

/// Ends a place.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct EndSeriesInput {
    /// Which place.
    pub series_id: SeriesId,
    /// The last day there may be a session; left out, today.
    pub last_on: Option<Date>,
}

/// Ends a place: sessions after its last day are called off by the practice, free of charge, and its time is free again.
pub async fn end(app: &Arc<App>, therapist: &Therapist, input: EndSeriesInput) -> Result<Series> {
    let catalogue = practice::catalogue(app).await?;
    let today = zone_of(app, &catalogue)?.civil(app.clock.now()).date;
    let last = input.last_on.unwrap_or(today);
    if last < today {
        return Err(Error::refused("lastOn", ErrorCode::Invalid, "The last day is today at the earliest."));
    }
    let (shared_app, actor, therapist_id) = (app.clone(), therapist.user_id, therapist.id);
    app.db
        .write(move |tx| {
            let (app, catalogue) = (shared_app.clone(), catalogue.clone());
            Box::pin(async move {
                let mut series = of_therapist(locked(tx, input.series_id).await?, therapist_id)?;
                if series.state == SeriesState::Ended {
                    return Err(Error::refused("seriesId", ErrorCode::AlreadyDone, "This standing place has ended."));
                }
                series.ends_on = Some(last);
                let doer = Doer::practice(actor);
                // A place without a day left is over at once; it leaves the lists today.
                if series.rule().on_or_after(today).is_none() {
                    series.state = SeriesState::Ended;
                }
                settled(tx, &app, &catalogue, series, doer, About::Place, "end series").await
            })
        })
        .await
}
