//! When a therapist works: weekly hours and dates that differ.

use super::{catalogue, store};
use crate::app::App;
use crate::db::{Answers, Batch, Conn, Rows, Tx};
use crate::error::{Error, Result};
use crate::events::Event;
use serde::{Deserialize, Serialize};
use shared::ids::{SessionTypeId, TherapistId, WeeklyHoursId};
use shared::practice::Modality;
use shared::problem::{ErrorCode, UserError};
use shared::slots::{DateOverride, OpenHours, WeeklyHours};
use shared::time::{Date, LocalTime, Weekday};
use sqlx::types::Json;

/// A row of a therapist's weekly hours.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WeeklyHoursRow {
    /// Which.
    pub id: WeeklyHoursId,
    /// The day of the week.
    pub weekday: Weekday,
    /// When it opens.
    pub starts: LocalTime,
    /// When it closes.
    pub ends: LocalTime,
    /// The one session type it is for, if it is not for all.
    pub session_type_id: Option<SessionTypeId>,
    /// The one modality it is for, if it is not for all.
    pub modality: Option<Modality>,
}

/// A date with hours of its own.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct OverrideRow {
    /// Which day.
    pub date: Date,
    /// When it is open; empty means closed.
    pub hours: Json<Vec<OpenHours>>,
}

/// Replaces a therapist's weekly hours.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
pub struct SetWeeklyHoursInput {
    /// Every stretch of the week; what is left out is closed.
    pub hours: Vec<WeeklyHoursInput>,
}

/// One open stretch of the week.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, async_graphql::InputObject)]
pub struct WeeklyHoursInput {
    /// The day of the week.
    pub weekday: Weekday,
    /// When it opens.
    pub from: LocalTime,
    /// When it closes, 24:00 at the latest.
    pub until: LocalTime,
    /// The one session type it is for; left out, every type.
    pub session_type_id: Option<SessionTypeId>,
    /// The one modality it is for; left out, every modality.
    pub modality: Option<Modality>,
}

/// Gives one day hours of its own.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
pub struct SetDateInput {
    /// Which day of the practice's calendar.
    pub date: Date,
    /// When it is open; empty closes it.
    pub hours: Vec<OpenStretchInput>,
}

/// One open stretch of a day.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, async_graphql::InputObject)]
pub struct OpenStretchInput {
    /// When it opens.
    pub from: LocalTime,
    /// When it closes, 24:00 at the latest.
    pub until: LocalTime,
}

/// Gives one day its weekly hours back.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, async_graphql::InputObject)]
pub struct ClearDateInput {
    /// Which day.
    pub date: Date,
}

/// More stretches than this a day are a mistake.
const MOST_STRETCHES_A_DAY: usize = 10;

impl SetDateInput {
    /// Everything wrong with it.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = Vec::new();
        if self.hours.len() > MOST_STRETCHES_A_DAY {
            problems.push(UserError::on("hours", ErrorCode::TooLong, "A day has at most 10 stretches."));
        }
        for (index, stretch) in self.hours.iter().enumerate() {
            if stretch.from >= stretch.until {
                let field = format!("hours.{index}.until");
                problems.push(UserError::on(&field, ErrorCode::Invalid, "The end must be after the beginning."));
            }
        }
        problems
    }
}

/// More stretches than this a week are a mistake.
const MOST_STRETCHES: usize = 70;

impl SetWeeklyHoursInput {
    /// Everything wrong with it.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = Vec::new();
        if self.hours.len() > MOST_STRETCHES {
            problems.push(UserError::on("hours", ErrorCode::TooLong, "A week has at most 70 stretches."));
        }
        for (index, stretch) in self.hours.iter().enumerate() {
            if stretch.from >= stretch.until {
                let field = format!("hours.{index}.until");
                problems.push(UserError::on(&field, ErrorCode::Invalid, "The end must be after the beginning."));
            }
        }
        problems
    }
}

/// A therapist's weekly hours.
pub async fn weekly_hours(app: &App, therapist: TherapistId) -> Result<Vec<WeeklyHoursRow>> {
    Ok(store::weekly_hours(&mut app.db.read().await?, therapist).await?)
}

/// The weekly hours and overrides as the slot engine reads them, from a day on.
pub async fn for_engine(
    conn: &mut Conn,
    therapist: TherapistId,
    from: Date,
) -> Result<(Vec<WeeklyHours>, Vec<DateOverride>)> {
    let mut batch = conn.batch();
    let asked = ask_for_engine(&mut batch, therapist, from);
    asked.read(&mut batch.ask().await?)
}

/// Hours that are asked for among other things.
pub struct AskedHours {
    hours: Rows<WeeklyHoursRow>,
    overrides: Rows<OverrideRow>,
}

/// Asks for what [`for_engine`] answers, among other things.
pub fn ask_for_engine(batch: &mut Batch<'_>, therapist: TherapistId, from: Date) -> AskedHours {
    AskedHours {
        hours: store::ask_weekly_hours(batch, therapist),
        overrides: store::ask_overrides(batch, therapist, from),
    }
}

impl AskedHours {
    /// What was answered.
    pub fn read(self, answers: &mut Answers) -> Result<(Vec<WeeklyHours>, Vec<DateOverride>)> {
        let hours = answers.take(self.hours)?;
        let overrides = answers.take(self.overrides)?;
        Ok(as_engine_reads(hours, overrides))
    }
}

fn as_engine_reads(hours: Vec<WeeklyHoursRow>, overrides: Vec<OverrideRow>) -> (Vec<WeeklyHours>, Vec<DateOverride>) {
    let hours = hours.into_iter().map(|row| WeeklyHours {
        weekday: row.weekday,
        from: row.starts,
        until: row.ends,
        session_type_id: row.session_type_id,
        modality: row.modality,
    });
    let overrides = overrides.into_iter().map(|row| DateOverride { date: row.date, hours: row.hours.0 });
    (hours.collect(), overrides.collect())
}

/// Replaces a therapist's weekly hours. Bookings already made stay where they are.
pub async fn set_weekly_hours(
    app: &App,
    therapist: TherapistId,
    input: SetWeeklyHoursInput,
) -> Result<Vec<WeeklyHoursRow>> {
    Error::unless_fine(input.problems())?;
    let catalogue = catalogue(app).await?;
    for (index, stretch) in input.hours.iter().enumerate() {
        if stretch.session_type_id.is_some_and(|id| catalogue.session_type(id).is_none()) {
            let field = format!("hours.{index}.sessionTypeId");
            return Err(Error::refused(&field, ErrorCode::NotFound, "There is no such session type."));
        }
    }
    let rows: Vec<WeeklyHoursRow> = input
        .hours
        .iter()
        .map(|stretch| WeeklyHoursRow {
            id: WeeklyHoursId(app.clock.new_id()),
            weekday: stretch.weekday,
            starts: stretch.from,
            ends: stretch.until,
            session_type_id: stretch.session_type_id,
            modality: stretch.modality,
        })
        .collect();
    app.db
        .write(move |tx| {
            let rows = rows.clone();
            Box::pin(async move {
                store::lock_therapist(tx, therapist).await?;
                replace(tx, therapist, &rows).await?;
                Ok(rows)
            })
        })
        .await
}

/// Replaces a therapist's weekly hours inside a write.
pub async fn replace(tx: &mut Tx, therapist: TherapistId, rows: &[WeeklyHoursRow]) -> Result<()> {
    store::replace_weekly_hours(tx, therapist, rows).await?;
    tx.announce(Event::TimetableChanged { therapist_id: therapist });
    Ok(())
}

/// A therapist's days with hours of their own, from a day on.
pub async fn dates(app: &App, therapist: TherapistId, from: Date) -> Result<Vec<OverrideRow>> {
    Ok(store::overrides(&mut app.db.read().await?, therapist, from).await?)
}

/// Gives one date hours of its own; none means closed. Bookings already made stay where they are.
pub async fn set_date(app: &App, therapist: TherapistId, input: SetDateInput) -> Result<OverrideRow> {
    Error::unless_fine(input.problems())?;
    let hours = input.hours.iter().map(|stretch| OpenHours { from: stretch.from, until: stretch.until }).collect();
    let row = OverrideRow { date: input.date, hours: Json(hours) };
    app.db
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move {
                store::lock_therapist(tx, therapist).await?;
                store::upsert_override(tx, therapist, &row).await?;
                tx.announce(Event::TimetableChanged { therapist_id: therapist });
                Ok(row)
            })
        })
        .await
}

/// Gives one date its weekly hours back.
pub async fn clear_date(app: &App, therapist: TherapistId, date: Date) -> Result<()> {
    app.db
        .write(move |tx| {
            Box::pin(async move {
                store::lock_therapist(tx, therapist).await?;
                store::delete_override(tx, therapist, date).await?;
                tx.announce(Event::TimetableChanged { therapist_id: therapist });
                Ok(())
            })
        })
        .await
}
