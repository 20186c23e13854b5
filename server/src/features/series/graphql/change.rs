//! Changes to standing places.

use super::place::Series;
use crate::error::Error;
use crate::features::bookings::Slot;
use crate::features::bookings::standing::slot_taken;
use crate::features::series::change::{self, ChangeSeriesInput};
use crate::features::series::create::{self, CreateSeriesInput};
use crate::features::series::end::{self, EndSeriesInput};
use crate::features::series::single::{self, MoveOccurrenceInput, SkipOccurrenceInput};
use crate::features::series::{self, view};
use crate::graphql::{answer, app, therapist, viewer};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::ids::SeriesId;
use shared::problem::UserError;
use shared::time::Date;

/// A standing place made, or why it was not.
#[derive(SimpleObject)]
pub struct CreateSeriesPayload {
    /// The place.
    series: Option<Series>,
    /// The days whose session found no room. They wait among `seriesConflicts`.
    conflicts: Vec<Date>,
    /// Why it was not made.
    user_errors: Vec<UserError>,
    /// The nearest free starts, when the first session's is taken.
    alternatives: Vec<Slot>,
}

/// A standing place changed, or why it was not.
#[derive(SimpleObject)]
pub struct ChangeSeriesPayload {
    /// The place as it is now; a new one, when it changed from one session on.
    series: Option<Series>,
    /// The days whose session found no room. They wait among `seriesConflicts`.
    conflicts: Vec<Date>,
    /// How many sessions were called off because the place has none for them any more.
    called_off: i32,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
    /// The nearest free starts, when the one asked for is taken.
    alternatives: Vec<Slot>,
}

/// A session left out, or why it was not.
#[derive(SimpleObject)]
pub struct SkipOccurrencePayload {
    /// The place.
    series: Option<Series>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// A session moved, or why it was not.
#[derive(SimpleObject)]
pub struct MoveOccurrencePayload {
    /// The place.
    series: Option<Series>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
    /// The nearest free starts, when the one asked for is taken.
    alternatives: Vec<Slot>,
}

/// A standing place ended, or why it was not.
#[derive(SimpleObject)]
pub struct EndSeriesPayload {
    /// The place.
    series: Option<Series>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// Changes to standing places.
#[derive(Default)]
pub struct SeriesMutation;

#[Object]
impl SeriesMutation {
    /// Makes a standing place for one of your clients: its sessions are in the calendar for the next weeks, its time is kept
    /// beyond them. Both sides are told once. Therapists only.
    async fn create_series(&self, ctx: &Context<'_>, input: CreateSeriesInput) -> Result<CreateSeriesPayload> {
        let therapist = therapist(ctx).await?;
        let wish = input.clone();
        match create::create(app(ctx), &therapist, input).await {
            Err(Error::Overlap) => {
                let alternatives = create::alternatives(app(ctx), &therapist, &wish).await?;
                let user_errors = vec![slot_taken()];
                Ok(CreateSeriesPayload { series: None, conflicts: Vec::new(), user_errors, alternatives })
            }
            outcome => {
                let (made, user_errors) = answer(outcome)?;
                let (made, settled) = made.unzip();
                let conflicts = settled.map(|settled| settled.conflicts).unwrap_or_default();
                let series = shown(ctx, made).await?;
                let conflicts = conflicts.iter().map(|conflict| conflict.date).collect();
                Ok(CreateSeriesPayload { series, conflicts, user_errors, alternatives: Vec::new() })
            }
        }
    }

    /// Changes a standing place: this session, this and the following ones, or all to come. What was agreed for single days
    /// still holds. Therapists only.
    async fn change_series(&self, ctx: &Context<'_>, input: ChangeSeriesInput) -> Result<ChangeSeriesPayload> {
        let therapist = therapist(ctx).await?;
        let (id, date) = (input.series_id, input.date);
        let outcome = change::change(app(ctx), &therapist, input).await;
        let (outcome, alternatives) = with_alternatives(ctx, outcome, id, date).await?;
        let (changed, user_errors) = answer(outcome)?;
        let (changed, settled) = changed.unzip();
        let settled = settled.unwrap_or_default();
        Ok(ChangeSeriesPayload {
            series: shown(ctx, changed).await?,
            conflicts: settled.conflicts.iter().map(|conflict| conflict.date).collect(),
            called_off: i32::try_from(settled.called_off).unwrap_or(i32::MAX),
            user_errors,
            alternatives,
        })
    }

    /// Leaves one session of a standing place out: your own, or as its therapist. For a client it means what calling the
    /// session off means.
    async fn skip_occurrence(&self, ctx: &Context<'_>, input: SkipOccurrenceInput) -> Result<SkipOccurrencePayload> {
        let viewer = viewer(ctx)?;
        let (series, user_errors) = answer(single::skip(app(ctx), viewer, input).await)?;
        Ok(SkipOccurrencePayload { series: shown(ctx, series).await?, user_errors })
    }

    /// Gives one session of a standing place another time. It keeps its number, its price and its payment. Therapists only.
    async fn move_occurrence(&self, ctx: &Context<'_>, input: MoveOccurrenceInput) -> Result<MoveOccurrencePayload> {
        let therapist = therapist(ctx).await?;
        let (id, date) = (input.series_id, Some(input.date));
        let outcome = single::shift(app(ctx), &therapist, input).await;
        let (outcome, alternatives) = with_alternatives(ctx, outcome, id, date).await?;
        let (series, user_errors) = answer(outcome)?;
        Ok(MoveOccurrencePayload { series: shown(ctx, series).await?, user_errors, alternatives })
    }

    /// Ends a standing place after a day; sessions after it are called off, free of charge. Therapists only.
    async fn end_series(&self, ctx: &Context<'_>, input: EndSeriesInput) -> Result<EndSeriesPayload> {
        let therapist = therapist(ctx).await?;
        let (series, user_errors) = answer(end::end(app(ctx), &therapist, input).await)?;
        Ok(EndSeriesPayload { series: shown(ctx, series).await?, user_errors })
    }
}

async fn shown(ctx: &Context<'_>, series: Option<series::Series>) -> crate::error::Result<Option<Series>> {
    let shown = view::shown(app(ctx), series.into_iter().collect()).await?;
    Ok(shown.into_iter().next().map(Series))
}

/// A start that is taken becomes a refusal with the nearest free ones.
async fn with_alternatives<T>(
    ctx: &Context<'_>,
    outcome: crate::error::Result<T>,
    id: SeriesId,
    date: Option<Date>,
) -> crate::error::Result<(crate::error::Result<T>, Vec<Slot>)> {
    if !matches!(outcome, Err(Error::Overlap)) {
        return Ok((outcome, Vec::new()));
    }
    let alternatives = single::alternatives_on(app(ctx), id, date).await?;
    Ok((Err(Error::Refused(vec![slot_taken()])), alternatives))
}
