//! Days whose hours differ from the weekly ones.

use crate::features::practice::hours::{self, ClearDateInput, OverrideRow, SetDateInput};
use crate::graphql::{answer, app, therapist};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::problem::UserError;
use shared::slots::OpenHours;
use shared::time::{Date, LocalTime};

/// A day with hours of its own.
pub struct OpenDay(pub OverrideRow);

/// A day with hours of its own.
#[Object]
impl OpenDay {
    /// Which.
    async fn date(&self) -> Date {
        self.0.date
    }
    /// When it is open; empty when it is closed.
    async fn hours(&self) -> Vec<OpenStretch> {
        self.0.hours.iter().copied().map(OpenStretch).collect()
    }
}

/// An open stretch of one day.
pub struct OpenStretch(OpenHours);

/// An open stretch of one day.
#[Object]
impl OpenStretch {
    /// When it opens.
    async fn from(&self) -> LocalTime {
        self.0.from
    }
    /// When it closes.
    async fn until(&self) -> LocalTime {
        self.0.until
    }
}

/// A day that got hours of its own, or why it did not.
#[derive(SimpleObject)]
pub struct SetDatePayload {
    /// The day with its hours.
    day: Option<OpenDay>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// Whether a day got its weekly hours back.
#[derive(SimpleObject)]
pub struct ClearDatePayload {
    /// Which day.
    date: Option<Date>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// Changes to single days.
#[derive(Default)]
pub struct PracticeMutation;

#[Object]
impl PracticeMutation {
    /// Gives one day hours of its own instead of its weekly ones. Sessions already booked stay. Therapists only.
    async fn set_date(&self, ctx: &Context<'_>, input: SetDateInput) -> Result<SetDatePayload> {
        let therapist = therapist(ctx).await?;
        let (day, user_errors) = answer(hours::set_date(app(ctx), therapist.id, input).await)?;
        Ok(SetDatePayload { day: day.map(OpenDay), user_errors })
    }

    /// Gives one day its weekly hours back; one that has none of its own stays as it is. Therapists only.
    async fn clear_date(&self, ctx: &Context<'_>, input: ClearDateInput) -> Result<ClearDatePayload> {
        let therapist = therapist(ctx).await?;
        let cleared = hours::clear_date(app(ctx), therapist.id, input.date).await.map(|()| input.date);
        let (date, user_errors) = answer(cleared)?;
        Ok(ClearDatePayload { date, user_errors })
    }
}
