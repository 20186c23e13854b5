//! The practice of the demo: two therapists, people at every stage, a calendar with a past and a future.

mod calendar;
mod intake;
mod money;
mod people;
mod practice;
mod waiting;

pub use people::CAST;

use crate::app::App;
use crate::error::{Error, Result};
use crate::features;
use std::sync::Arc;

/// Sets the demo practice up around the clock's now. Does nothing if the database holds
/// it already, and refuses one that holds a practice of somebody's own.
pub async fn demo(app: &Arc<App>) -> Result<()> {
    if features::practice::exists(&mut app.db.read().await?).await? {
        let name = &features::practice::catalogue(app).await?.practice.name;
        if name != practice::NAME {
            // Anybody may be anybody in a demo.
            return Err(Error::internal(format!(
                "this database holds {name}, not the demo; give the demo another one"
            )));
        }
        return Ok(());
    }
    let shared_app = app.clone();
    let is_new = app
        .db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                if features::practice::exists(tx).await? {
                    return Ok(false);
                }
                let house = practice::open(tx, &app).await?;
                intake::open(tx, &app, &house).await?;
                calendar::fill(tx, &app, &house).await?;
                Ok(true)
            })
        })
        .await?;
    if is_new {
        money::fill(app).await?;
        waiting::fill(app).await?;
    }
    Ok(())
}
