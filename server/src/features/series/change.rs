//! Changing a standing place: this session, this and the following ones, or all to come.

use super::create::{price_problem, tell};
use super::keep::{self, Settled, Told};
use super::single::{self, MoveOccurrenceInput, locked, of_therapist};
use super::{Conflict, Series, no_such_date, store, zone_of};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::bookings::Booking;
use crate::features::bookings::standing;
use crate::features::bookings::steps::Doer;
use crate::features::practice::{self, Catalogue, Therapist};
use async_graphql::MaybeUndefined;
use serde::{Deserialize, Serialize};
use shared::booking::CancelledBy;
use shared::ids::SeriesId;
use shared::money::Currency;
use shared::practice::Modality;
use shared::problem::{ErrorCode, UserError};
use shared::series::{
    Cadence, Change, Edited, ExceptionKind, PLACE_DAYS, Scope, SeriesRule, SeriesState, TakenBy, change_all,
    change_following, is_occurrence, occurrences, successor,
};
use shared::session_type::minutes_problem;
use shared::time::{Date, Instant, LocalTime, TimeRange, Weekday};
use shared::words;
use shared::zone::ZoneTable;
use std::sync::Arc;

/// Asks for a place to be changed. What is left out stays.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct ChangeSeriesInput {
    /// Which place.
    pub series_id: SeriesId,
    /// How far the change reaches.
    pub scope: Scope,
    /// The session the change begins with, by the day it is called by. Not needed for all.
    pub date: Option<Date>,
    /// Another rhythm.
    pub cadence: Option<Cadence>,
    /// Another day of the week.
    pub weekday: Option<Weekday>,
    /// Another time of the practice's clock.
    pub time: Option<LocalTime>,
    /// Another length, in minutes.
    pub minutes: Option<i32>,
    /// Another way.
    pub modality: Option<Modality>,
    /// A price of its own, in minor units; null takes it back.
    #[serde(default, skip_serializing_if = "MaybeUndefined::is_undefined")]
    pub price_amount: MaybeUndefined<i32>,
    /// What that price is counted in; left out, as the session type's.
    pub price_currency: Option<Currency>,
    /// Another last day; null lets it go on.
    #[serde(default, skip_serializing_if = "MaybeUndefined::is_undefined")]
    pub ends_on: MaybeUndefined<Date>,
    /// For this session only: the day it moves to; left out, the same day.
    pub to_date: Option<Date>,
}

impl ChangeSeriesInput {
    fn change(&self) -> Change {
        Change {
            cadence: self.cadence,
            weekday: self.weekday,
            time: self.time,
            ends_on: match self.ends_on {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(end) => Some(Some(end)),
            },
        }
    }

    fn problems(&self) -> Vec<UserError> {
        let wrong = |field: &str, message: &str| Some(UserError::on(field, ErrorCode::Invalid, message));
        let about_all = self.cadence.is_some()
            || self.weekday.is_some()
            || self.minutes.is_some()
            || self.modality.is_some()
            || !self.price_amount.is_undefined()
            || !self.ends_on.is_undefined();
        let scope = match self.scope {
            Scope::This if about_all => wrong(
                "scope",
                "One session can have another day and time. Rhythm, length, price, way and end belong to the place: change this and the following ones, or all.",
            ),
            Scope::This if self.time.is_none() && self.to_date.is_none() => {
                wrong("time", "Say when this session takes place.")
            }
            Scope::This | Scope::ThisAndFollowing if self.date.is_none() => wrong("date", "Say from which session on."),
            Scope::ThisAndFollowing | Scope::All if self.to_date.is_some() => {
                wrong("toDate", "Only a single session moves to a day. For the place, choose another day of the week.")
            }
            _ => None,
        };
        let amount = self.price_amount.as_opt_ref().flatten().copied();
        let midnight = self.time.is_some_and(|time| time.minutes() >= 24 * 60);
        let time = midnight.then(|| UserError::on("time", ErrorCode::Invalid, "A session begins before midnight."));
        [scope, time, minutes_problem(self.minutes.map(i64::from)), price_problem(amount)]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// Changes a place. Sessions keep their number, their price and their payment where the new rule has one for them; what
/// was agreed for single days still holds.
pub async fn change(app: &Arc<App>, therapist: &Therapist, input: ChangeSeriesInput) -> Result<(Series, Settled)> {
    Error::unless_fine(input.problems())?;
    if let (Scope::This, Some(date)) = (input.scope, input.date) {
        return this_one(app, therapist, &input, date).await.map(|series| (series, Settled::default()));
    }
    let catalogue = practice::catalogue(app).await?;
    let (shared_app, actor, therapist_id, input) = (app.clone(), therapist.user_id, therapist.id, Arc::new(input));
    app.db
        .write(move |tx| {
            let (app, catalogue, input) = (shared_app.clone(), catalogue.clone(), input.clone());
            Box::pin(async move {
                let old = of_therapist(locked(tx, input.series_id).await?, therapist_id)?;
                if old.state == SeriesState::Ended {
                    return Err(Error::refused("seriesId", ErrorCode::AlreadyDone, "This standing place has ended."));
                }
                apply(tx, &app, &catalogue, old, &input, Doer::practice(actor)).await
            })
        })
        .await
}

async fn this_one(app: &Arc<App>, therapist: &Therapist, input: &ChangeSeriesInput, date: Date) -> Result<Series> {
    let series = store::series(&mut app.db.read().await?, input.series_id).await?;
    let time = input.time.or(series.map(|series| series.local_time));
    let to_time = time.ok_or_else(super::no_such_series)?;
    let wish =
        MoveOccurrenceInput { series_id: input.series_id, date, to_date: input.to_date.unwrap_or(date), to_time };
    single::shift(app, therapist, wish).await
}

async fn apply(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    old: Series,
    input: &ChangeSeriesInput,
    doer: Doer,
) -> Result<(Series, Settled)> {
    let (now, zone) = (app.clock.now(), zone_of(app, catalogue)?);
    let today = zone.civil(now).date;
    let (rule, exceptions) = (old.rule(), store::exceptions(tx, old.id).await?);
    let first = match (input.scope, input.date) {
        (Scope::ThisAndFollowing, Some(date)) => {
            if date < today || !is_occurrence(&rule, &exceptions, date) {
                return Err(no_such_date());
            }
            date
        }
        _ => {
            let ahead = occurrences(&rule, &exceptions, &zone, today, today.plus_days(PLACE_DAYS));
            let next = ahead.iter().find(|session| session.starts_at > now).map(|session| session.date);
            // A place that is over keeps its rhythm if it goes on.
            let if_it_went_on = || SeriesRule { ends_on: None, ..rule }.on_or_after(today);
            next.or_else(if_it_went_on).unwrap_or(today)
        }
    };
    let edited = match input.scope {
        Scope::ThisAndFollowing => change_following(&rule, &exceptions, first, input.change(), today),
        Scope::This | Scope::All => change_all(&rule, &exceptions, first, input.change(), today),
    };
    Error::unless_fine(edited.rule.problems())?;
    let new = renewed(app, catalogue, &old, &edited, input)?;
    let sessions = standing::of_series(tx, old.id, first).await?;
    for place in store::places(tx, old.id).await?.iter().filter(|place| place.date >= first) {
        standing::give_back(tx, app, place.occupancy_id, old.therapist_id).await?;
    }
    save(tx, app, &old, &new, &edited).await?;
    let lost = carry(tx, app, catalogue, (&old, &new), &edited, &sessions, doer).await?;
    let mut settled = keep::settle(tx, app, catalogue, &new, doer, Told::Soon).await?;
    settled.called_off += lost;
    first_is_free(&zone, &old, &new, &edited, &settled, now)?;
    audit::record(tx, now, doer.actor, "change series", Some(new.client_id.0)).await?;
    tell(tx, app, &new).await?;
    Ok((new, settled))
}

/// Refuses another time whose first session somebody else has: it would begin with an apology, and where they have that
/// time for good, go on with one. What she has closed herself she knows of, and is only told.
fn first_is_free(
    zone: &ZoneTable,
    old: &Series,
    new: &Series,
    edited: &Edited,
    settled: &Settled,
    now: Instant,
) -> Result<()> {
    let time = |series: &Series| (series.cadence, series.weekday, series.local_time);
    if time(old) == time(new) {
        return Ok(());
    }
    let today = zone.civil(now).date;
    let ahead = occurrences(&new.rule(), &edited.exceptions, zone, today, today.plus_days(PLACE_DAYS));
    let first = ahead.iter().find(|session| session.starts_at > now);
    let is_others =
        |conflict: &&Conflict| matches!(conflict.taken_by, TakenBy::Booking | TakenBy::Hold | TakenBy::Series);
    let taken = settled.conflicts.iter().filter(is_others);
    match first.filter(|first| taken.clone().any(|conflict| conflict.date == first.date)) {
        None => Ok(()),
        Some(first) => {
            let when = words::moment(first.starts_at, zone);
            let message = format!(
                "On {when} somebody else has that time, so nothing is changed. Choose another day or time, or begin with a later session."
            );
            Err(Error::refused("time", ErrorCode::SlotTaken, message))
        }
    }
}

/// The place as it will be: the same row, or a new one that follows it.
fn renewed(
    app: &App,
    catalogue: &Catalogue,
    old: &Series,
    edited: &Edited,
    input: &ChangeSeriesInput,
) -> Result<Series> {
    let listed = old.session_type(catalogue)?.price_currency;
    let (price_amount, price_currency) = match input.price_amount {
        MaybeUndefined::Undefined => (old.price_amount, old.price_currency),
        MaybeUndefined::Null => (None, None),
        MaybeUndefined::Value(amount) => (Some(i64::from(amount)), Some(input.price_currency.unwrap_or(listed))),
    };
    let changed = Series {
        minutes: input.minutes.map_or(old.minutes, i64::from),
        modality: input.modality.unwrap_or(old.modality),
        price_amount,
        price_currency,
        ..old.clone().with_rule(edited.rule)
    };
    Ok(match edited.before {
        None => Series { sequence: old.sequence + 1, ..changed },
        Some(_) => Series {
            id: SeriesId(app.clock.new_id()),
            follows_id: Some(old.id),
            sequence: 0,
            told_sequence: None,
            created_at: app.clock.now(),
            ..changed
        },
    })
}

async fn save(tx: &mut Tx, app: &App, old: &Series, new: &Series, edited: &Edited) -> Result<()> {
    let now = app.clock.now();
    store::delete_exceptions(tx, old.id).await?;
    match &edited.before {
        None => store::update(tx, new).await?,
        Some((rule, exceptions)) => {
            // Its client is told of the place that follows it.
            store::update(tx, &old.clone().with_rule(*rule)).await?;
            store::insert(tx, new).await?;
            for exception in exceptions {
                store::put_exception(tx, old.id, *exception, CancelledBy::Practice, now).await?;
            }
        }
    }
    for exception in &edited.exceptions {
        store::put_exception(tx, new.id, *exception, CancelledBy::Practice, now).await?;
    }
    Ok(())
}

/// Takes the sessions in the calendar along: each goes where its week's session is now. How many were lost.
///
/// One that its client moved themselves, or that was moved by agreement, stays where it is. One whose new time is taken is
/// called off; settling then finds its day without a session, and names it as a conflict.
async fn carry(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    (old, new): (&Series, &Series),
    edited: &Edited,
    sessions: &[Booking],
    doer: Doer,
) -> Result<usize> {
    let (now, zone) = (app.clock.now(), zone_of(app, catalogue)?);
    let (was, is) = (old.rule(), edited.rule);
    let session_type = new.session_type(catalogue)?;
    let named = occurrences(&is, &edited.exceptions, &zone, is.starts_on, is.starts_on.plus_days(PLACE_DAYS));
    for session in sessions {
        standing::rename(tx, session.id, None).await?;
    }
    let mut moving = Vec::new();
    let mut lost = 0;
    for session in sessions {
        let Some(date) = session.series_date else { continue };
        let stands = session.status.can_move(session.starts_at, now);
        let target = successor(&was, &is, date).unwrap_or(date);
        let is_named = named.iter().find(|occurrence| occurrence.date == target);
        let is_agreed = edited
            .exceptions
            .iter()
            .any(|exception| exception.date == target && matches!(exception.kind, ExceptionKind::Moved { .. }));
        match is_named {
            // A day that was called off, or took place, stays that for the session that stands for it now.
            Some(_) if !stands => standing::rename(tx, session.id, Some((new.id, target))).await?,
            Some(occurrence) => {
                standing::rename(tx, session.id, Some((new.id, target))).await?;
                let at_rule = zone.resolve(date, was.time).at == session.starts_at;
                let starts_at = if at_rule && !is_agreed { occurrence.starts_at } else { session.starts_at };
                let minutes = (session.ends_at.seconds() - session.starts_at.seconds()) / 60;
                let same = starts_at == session.starts_at && minutes == new.minutes && session.modality == new.modality;
                if !same {
                    standing::lift(tx, app, session).await?;
                    moving.push((session, starts_at));
                }
            }
            None if stands => {
                standing::call_off(tx, app, session, doer).await?;
                lost += 1;
            }
            None => {}
        }
    }
    for (session, starts_at) in moving {
        let blocked: TimeRange = standing::blocked(&session_type, starts_at);
        let busy = standing::busy(tx, new.therapist_id, new.client_id, blocked, now).await?;
        let has_room = standing::has_room(tx, &session_type, blocked, now).await?;
        if busy.is_empty() && has_room && starts_at > now {
            standing::set_down(tx, app, catalogue, session, &session_type, starts_at, doer).await?;
        } else {
            standing::rename(tx, session.id, None).await?;
            standing::call_off(tx, app, session, doer).await?;
            lost += 1;
        }
    }
    Ok(lost)
}
