//! Public holidays: the practice chooses whose, and each therapist is asked what to do with each.

use super::{store, zone_of};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::features::bookings::time_off;
use crate::features::practice::{self, Therapist, hours};
use serde::{Deserialize, Serialize};
use shared::holidays::{Holiday, HolidaySet};
use shared::problem::ErrorCode;
use shared::time::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How far ahead holidays are asked about, in days.
const AHEAD_DAYS: i64 = 366;

/// Chooses whose public holidays the practice looks at.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
pub struct ChooseHolidaysInput {
    /// The sets; none turns the questions off. Nothing closes by itself.
    pub sets: Vec<HolidaySet>,
}

/// Says that a therapist works on a public holiday.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, async_graphql::InputObject)]
pub struct KeepHolidayOpenInput {
    /// The day.
    pub date: Date,
}

/// The holidays ahead a therapist has not said anything about: on days she works, neither taken off nor kept open.
pub async fn ahead(app: &App, therapist: &Therapist) -> Result<Vec<Holiday>> {
    let catalogue = practice::catalogue(app).await?;
    let zone = zone_of(app, &catalogue)?;
    let today = zone.civil(app.clock.now()).date;
    let sets = &catalogue.practice.settings.holiday_sets;
    let mut found: Vec<Holiday> = sets.iter().flat_map(|set| set.between(today, today.plus_days(AHEAD_DAYS))).collect();
    if found.is_empty() {
        return Ok(found);
    }
    let mut conn = app.db.read().await?;
    let kept: BTreeSet<Date> = store::holidays_kept(&mut conn, therapist.id, today).await?.into_iter().collect();
    let (week, overrides) = hours::for_engine(&mut conn, therapist.id, today).await?;
    drop(conn);
    let off = time_off::upcoming(app, therapist.id).await?;
    found.retain(|holiday| {
        let noon = zone.resolve(holiday.date, shared::time::LocalTime::from_minutes(720).unwrap_or_else(midday)).at;
        let works = match overrides.iter().find(|it| it.date == holiday.date) {
            Some(own) => !own.hours.is_empty(),
            None => week.iter().any(|it| it.weekday == holiday.date.weekday()),
        };
        let away = off.iter().any(|off| off.range.starts_at <= noon && noon < off.range.ends_at);
        works && !away && !kept.contains(&holiday.date)
    });
    found.sort();
    found.dedup_by_key(|holiday| holiday.date);
    Ok(found)
}

fn midday() -> shared::time::LocalTime {
    unreachable!("midday is a time")
}

/// Chooses whose public holidays are asked about.
pub async fn choose(app: &Arc<App>, therapist: &Therapist, input: ChooseHolidaysInput) -> Result<Vec<HolidaySet>> {
    let sets: Vec<HolidaySet> = input.sets.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let (now, actor, kept) = (app.clock.now(), therapist.user_id, sets.clone());
    app.db
        .write(move |tx| {
            let sets = kept.clone();
            Box::pin(async move {
                let mut practice = practice::read(tx).await?.ok_or(Error::NotFound)?;
                practice.settings.0.holiday_sets = sets;
                practice::save(tx, &practice).await?;
                audit::record(tx, now, Some(actor), "choose holidays", None).await
            })
        })
        .await?;
    Ok(sets)
}

/// Says that she works on a public holiday, so that she is not asked again.
pub async fn keep_open(app: &Arc<App>, therapist: &Therapist, date: Date) -> Result<()> {
    let catalogue = practice::catalogue(app).await?;
    let now = app.clock.now();
    let today = zone_of(app, &catalogue)?.civil(now).date;
    if date < today || date > today.plus_days(AHEAD_DAYS) {
        return Err(Error::refused("date", ErrorCode::Invalid, "Choose a holiday in the year ahead."));
    }
    let therapist_id = therapist.id;
    app.db.write(move |tx| Box::pin(async move { Ok(store::keep_holiday(tx, therapist_id, date, now).await?) })).await
}
