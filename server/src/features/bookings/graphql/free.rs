//! What is free, and why something is not.

use crate::features::bookings::Slot;
use crate::features::bookings::availability::{Availability, FreeDay};
use crate::features::practice;
use crate::features::practice::graphql::Therapist;
use crate::graphql::app;
use crate::graphql::in_order::{FieldByField, InOrder};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use shared::problem::UserError;
use shared::slots::Reason;
use shared::time::{Date, Instant};
use shared::zone::ZoneName;

/// A start that can be booked.
#[Object]
impl Slot {
    /// When the session begins.
    async fn starts_at(&self) -> Instant {
        self.starts_at
    }
    /// When it ends.
    async fn ends_at(&self) -> Instant {
        self.ends_at
    }
    /// With whom.
    async fn therapist(&self, ctx: &Context<'_>) -> Result<Option<FieldByField<Therapist>>> {
        Ok(Therapist::find(&practice::catalogue(app(ctx)).await?, self.therapist_id).map(FieldByField))
    }
}

/// One day with something free.
#[Object]
impl FreeDay {
    /// Which, on the calendar of the zone asked for.
    async fn date(&self) -> Date {
        self.date
    }
    /// What is free, in order.
    async fn slots(&self) -> InOrder<&Slot> {
        self.slots.iter().collect()
    }
}

/// What is free on the days asked for, or why that cannot be answered.
#[derive(SimpleObject)]
pub struct AvailabilityAnswer {
    /// Days with something free, in order.
    pub(super) days: InOrder<FreeDay>,
    /// The first free start from now on, whatever days were asked for.
    pub(super) next_available: Option<Slot>,
    /// The zone the days are counted in.
    pub(super) time_zone: Option<ZoneName>,
    /// What is wrong with the question.
    pub(super) user_errors: Vec<UserError>,
}

impl AvailabilityAnswer {
    pub(super) fn of(found: Option<Availability>, user_errors: Vec<UserError>) -> Self {
        match found {
            Some(Availability { days, next_available, time_zone }) => AvailabilityAnswer {
                days: InOrder(days),
                next_available,
                time_zone: Some(ZoneName(time_zone)),
                user_errors,
            },
            None => {
                AvailabilityAnswer { days: InOrder(Vec::new()), next_available: None, time_zone: None, user_errors }
            }
        }
    }
}

/// Why a start is offered or not.
#[derive(SimpleObject)]
pub struct StartExplanation {
    /// Whether it can be booked.
    pub(super) offered: bool,
    /// Every reason against it.
    pub(super) reasons: Vec<StartReason>,
    /// What is wrong with the question.
    pub(super) user_errors: Vec<UserError>,
}

/// One reason why a start is not offered.
#[derive(SimpleObject)]
pub struct StartReason {
    /// Why, for programs.
    pub(super) code: StartReasonCode,
    /// Why, in a sentence. Only the therapist herself is told what fills her time.
    pub(super) message: String,
}

/// Why a start is not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum StartReasonCode {
    /// It is over.
    Past,
    /// It is sooner than the notice allows.
    TooSoon,
    /// It is further ahead than bookings are taken.
    BeyondHorizon,
    /// The clocks jump over it.
    SkippedByClockChange,
    /// The clocks show it twice, and this is the second time.
    RepeatedByClockChange,
    /// Sessions do not start at that time.
    OffGrid,
    /// The session would not fit inside the open hours.
    OutsideHours,
    /// The time is not free.
    NotFree,
    /// No room of the practice is free.
    NoRoom,
    /// The day has as many sessions as it may.
    DayFull,
    /// There would be too many sessions in a row.
    TooManyInARow,
}

impl From<&Reason> for StartReasonCode {
    fn from(reason: &Reason) -> Self {
        match reason {
            Reason::Past => StartReasonCode::Past,
            Reason::TooSoon { .. } => StartReasonCode::TooSoon,
            Reason::BeyondHorizon { .. } => StartReasonCode::BeyondHorizon,
            Reason::SkippedByClockChange => StartReasonCode::SkippedByClockChange,
            Reason::RepeatedByClockChange => StartReasonCode::RepeatedByClockChange,
            Reason::OffGrid { .. } => StartReasonCode::OffGrid,
            Reason::OutsideHours => StartReasonCode::OutsideHours,
            Reason::TimeOff { .. } | Reason::Taken { .. } => StartReasonCode::NotFree,
            Reason::NoRoom => StartReasonCode::NoRoom,
            Reason::DayFull { .. } | Reason::TypeFullThatDay { .. } => StartReasonCode::DayFull,
            Reason::TooManyInARow { .. } => StartReasonCode::TooManyInARow,
        }
    }
}

impl StartReasonCode {
    /// The code for somebody who is not the therapist.
    pub(super) fn for_others(self) -> Self {
        match self {
            StartReasonCode::NoRoom | StartReasonCode::DayFull | StartReasonCode::TooManyInARow => {
                StartReasonCode::NotFree
            }
            code => code,
        }
    }

    /// The sentence for somebody who is not the therapist.
    pub(super) fn words(self) -> &'static str {
        match self {
            StartReasonCode::Past => "This time is over.",
            StartReasonCode::TooSoon => "This is too soon to be booked.",
            StartReasonCode::BeyondHorizon => "This is further ahead than bookings are taken.",
            StartReasonCode::SkippedByClockChange => "The clocks go forward over this time, so it does not exist.",
            StartReasonCode::RepeatedByClockChange => "The clocks show this time twice; only the first is offered.",
            StartReasonCode::OffGrid => "Sessions do not start at this time.",
            StartReasonCode::OutsideHours => "This is outside the hours of the practice.",
            StartReasonCode::NotFree
            | StartReasonCode::NoRoom
            | StartReasonCode::DayFull
            | StartReasonCode::TooManyInARow => "This time is not free.",
        }
    }
}
