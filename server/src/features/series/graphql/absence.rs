//! Being away and public holidays in the API.

use super::place::Series;
use crate::features::bookings::Slot;
use crate::features::bookings::graphql::PracticeBooking;
use crate::features::practice::Therapist;
use crate::features::series::absence::{
    self, Absence, AbsencePlan, Affected, AffectedPlace, ConfirmAbsenceInput, PlanAbsenceInput,
};
use crate::features::series::holidays::{self, ChooseHolidaysInput, KeepHolidayOpenInput};
use crate::features::series::view;
use crate::graphql::{answer, app, therapist};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::holidays::{Holiday, HolidaySet};
use shared::ids::TimeOffId;
use shared::problem::UserError;
use shared::time::{Date, Instant};

/// What being away would mean, or why that cannot be said.
#[derive(SimpleObject)]
pub struct AbsencePlanAnswer {
    /// The plan. Nothing is sent and nothing changed.
    plan: Option<Plan>,
    /// Why there is none.
    user_errors: Vec<UserError>,
}

/// What being away would mean.
pub struct Plan(AbsencePlan);

/// What being away would mean.
#[Object(name = "AbsencePlan")]
impl Plan {
    /// When it begins.
    async fn starts_at(&self) -> Instant {
        self.0.range.starts_at
    }
    /// When it ends.
    async fn ends_at(&self) -> Instant {
        self.0.range.ends_at
    }
    /// The sessions that fall into it, earliest first.
    async fn affected(&self) -> Vec<AffectedSession> {
        self.0.affected.iter().cloned().map(AffectedSession).collect()
    }
    /// Days of standing places that fall into it further ahead than the calendar, earliest first: they are left out.
    async fn places(&self, ctx: &Context<'_>) -> Result<Vec<AffectedDay>> {
        let shown = view::by_ids(app(ctx), self.0.places.iter().map(|place| place.series_id)).await?;
        let with_place = |day: &AffectedPlace| {
            let place = shown.iter().find(|place| place.series.id == day.series_id)?.clone();
            Some(AffectedDay { date: day.date, starts_at: day.starts_at, series: Series(place) })
        };
        Ok(self.0.places.iter().filter_map(with_place).collect())
    }
}

/// A session that falls into an absence.
pub struct AffectedSession(Affected);

/// A session that falls into an absence.
#[Object]
impl AffectedSession {
    /// The session, with whoever it is for.
    async fn session(&self) -> PracticeBooking {
        PracticeBooking(self.0.booking.clone())
    }
    /// Times that could stand in for it, nearest first.
    async fn proposals(&self) -> &[Slot] {
        &self.0.proposals
    }
    /// Whether they can be offered, for the client to choose one: that needs a client, and time to answer.
    async fn can_offer(&self) -> bool {
        self.0.can_offer
    }
}

/// A day of a standing place that falls into an absence.
#[derive(SimpleObject)]
pub struct AffectedDay {
    /// The day it is called by.
    date: Date,
    /// When it would begin.
    starts_at: Instant,
    /// The place.
    series: Series,
}

/// What was done.
#[Object]
impl Absence {
    /// The time off.
    async fn time_off_id(&self) -> TimeOffId {
        self.time_off_id
    }
    /// When it begins.
    async fn starts_at(&self) -> Instant {
        self.starts_at
    }
    /// When it ends.
    async fn ends_at(&self) -> Instant {
        self.ends_at
    }
    /// How many sessions were called off, free of charge.
    async fn called_off(&self) -> i32 {
        self.called_off
    }
    /// How many take place at another time.
    async fn moved(&self) -> i32 {
        self.moved
    }
    /// In place of how many of those called off times are offered.
    async fn offered(&self) -> i32 {
        self.offered
    }
    /// How many days of standing places further ahead than the calendar were left out.
    async fn left_out(&self) -> i32 {
        self.left_out
    }
}

/// A public holiday ahead.
#[derive(SimpleObject)]
pub struct HolidayAhead {
    /// The day it is kept.
    date: Date,
    /// What it is called.
    name: String,
}

impl From<Holiday> for HolidayAhead {
    fn from(holiday: Holiday) -> Self {
        HolidayAhead { date: holiday.date, name: holiday.name.to_owned() }
    }
}

/// What was done, or why nothing was.
#[derive(SimpleObject)]
pub struct ConfirmAbsencePayload {
    /// What was done.
    absence: Option<Absence>,
    /// Why nothing was done.
    user_errors: Vec<UserError>,
}

/// Whose public holidays are looked at now, or why nothing changed.
#[derive(SimpleObject)]
pub struct ChooseHolidaysPayload {
    /// The sets.
    holiday_sets: Option<Vec<HolidaySet>>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

/// The holidays that are still to be decided, or why nothing changed.
#[derive(SimpleObject)]
pub struct KeepHolidayOpenPayload {
    /// The holidays ahead about which you have not said anything.
    holidays_ahead: Option<Vec<HolidayAhead>>,
    /// Why nothing changed.
    user_errors: Vec<UserError>,
}

pub(super) async fn planned(
    ctx: &Context<'_>,
    therapist: &Therapist,
    input: &PlanAbsenceInput,
) -> Result<AbsencePlanAnswer> {
    let (plan, user_errors) = answer(absence::plan(app(ctx), therapist, input).await)?;
    Ok(AbsencePlanAnswer { plan: plan.map(Plan), user_errors })
}

/// Being away.
#[derive(Default)]
pub struct AbsenceMutation;

#[Object]
impl AbsenceMutation {
    /// Says what being away would mean: who is affected, and what could stand in. Sends nothing, changes nothing.
    /// Therapists only.
    async fn plan_absence(&self, ctx: &Context<'_>, input: PlanAbsenceInput) -> Result<AbsencePlanAnswer> {
        let therapist = therapist(ctx).await?;
        planned(ctx, &therapist, &input).await
    }

    /// Does all of it at once, or nothing: the time off, the sessions called off free of charge, those that take place at
    /// another time, and one mail to everybody it concerns. Therapists only.
    async fn confirm_absence(&self, ctx: &Context<'_>, input: ConfirmAbsenceInput) -> Result<ConfirmAbsencePayload> {
        let therapist = therapist(ctx).await?;
        let (absence, user_errors) = answer(absence::confirm(app(ctx), &therapist, input).await)?;
        Ok(ConfirmAbsencePayload { absence, user_errors })
    }

    /// Chooses whose public holidays you are asked about. Nothing closes by itself. Therapists only.
    async fn choose_holidays(&self, ctx: &Context<'_>, input: ChooseHolidaysInput) -> Result<ChooseHolidaysPayload> {
        let therapist = therapist(ctx).await?;
        let (holiday_sets, user_errors) = answer(holidays::choose(app(ctx), &therapist, input).await)?;
        Ok(ChooseHolidaysPayload { holiday_sets, user_errors })
    }

    /// Says that you work on a public holiday, so that you are not asked again. Therapists only.
    async fn keep_holiday_open(
        &self,
        ctx: &Context<'_>,
        input: KeepHolidayOpenInput,
    ) -> Result<KeepHolidayOpenPayload> {
        let therapist = therapist(ctx).await?;
        let (kept, user_errors) = answer(holidays::keep_open(app(ctx), &therapist, input.date).await)?;
        let ahead = match kept {
            Some(()) => {
                Some(holidays::ahead(app(ctx), &therapist).await?.into_iter().map(HolidayAhead::from).collect())
            }
            None => None,
        };
        Ok(KeepHolidayOpenPayload { holidays_ahead: ahead, user_errors })
    }
}
