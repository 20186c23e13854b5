//! A standing place, as its client and its therapist see it.

use super::absence::{AbsencePlanAnswer, HolidayAhead, planned};
use super::make_up::{MakeUp, OfferedMakeUp};
use crate::audit;
use crate::features::bookings::Slot;
use crate::features::clients::Client;
use crate::features::practice;
use crate::features::practice::graphql::{SessionType, Therapist};
use crate::features::series::absence::PlanAbsenceInput;
use crate::features::series::make_up;
use crate::features::series::view::{self, Next, Shown};
use crate::features::series::{self, Conflict, holidays, single};
use crate::graphql::app;
use async_graphql::{Context, Object, Result};
use shared::holidays::HolidaySet;
use shared::ids::{BookingId, ClientId, SeriesId};
use shared::money::Money;
use shared::practice::Modality;
use shared::series::{Cadence, ClockNotice, SeriesState, TakenBy};
use shared::time::{Date, Instant, LocalTime, Weekday};
use shared::zone::{ResolvedKind, ZoneName};

/// The most dates one question is answered with.
const MOST_DATES: i32 = 104;

/// A standing place: a regular time that is kept for a client.
pub struct Series(pub(super) Shown);

/// A standing place: a regular time that is kept for a client.
#[Object]
impl Series {
    /// Which.
    async fn id(&self) -> SeriesId {
        self.0.series.id
    }
    /// Whose.
    async fn client_id(&self) -> ClientId {
        self.0.series.client_id
    }
    /// What its client is called.
    async fn client_name(&self) -> &str {
        &self.0.client_name
    }
    /// The zone its client reads times in, an IANA name.
    async fn client_time_zone(&self) -> ZoneName {
        ZoneName::from(self.0.client_zone.as_str())
    }
    /// With whom.
    async fn therapist(&self, ctx: &Context<'_>) -> Result<Option<Therapist>> {
        Ok(Therapist::find(&practice::catalogue(app(ctx)).await?, self.0.series.therapist_id))
    }
    /// What it is.
    async fn session_type(&self, ctx: &Context<'_>) -> Result<Option<SessionType>> {
        Ok(SessionType::find(&practice::catalogue(app(ctx)).await?, self.0.series.session_type_id))
    }
    /// How often it comes round.
    async fn cadence(&self) -> Cadence {
        self.0.series.cadence
    }
    /// The day of the week.
    async fn weekday(&self) -> Weekday {
        self.0.series.weekday
    }
    /// The time, on the practice's clock.
    async fn time(&self) -> LocalTime {
        self.0.series.local_time
    }
    /// The rhythm and the time, as people say them.
    async fn words(&self) -> String {
        self.0.series.rule().words()
    }
    /// No session is earlier.
    async fn starts_on(&self) -> Date {
        self.0.series.starts_on
    }
    /// The last day there may be a session; absent while no end is agreed.
    async fn ends_on(&self) -> Option<Date> {
        self.0.series.ends_on
    }
    /// How long a session is, in minutes.
    async fn minutes(&self) -> i32 {
        i32::try_from(self.0.series.minutes).unwrap_or(i32::MAX)
    }
    /// How it takes place.
    async fn modality(&self) -> Modality {
        self.0.series.modality
    }
    /// A price of its own; absent when sessions cost what they would without the place.
    async fn price(&self) -> Option<Money> {
        self.0.series.own_price()
    }
    /// Whether its sessions are kept in the calendar.
    async fn state(&self) -> SeriesState {
        self.0.series.state
    }
    /// Its next times, in order; those called off or left out are not among them.
    async fn upcoming(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 4, desc = "How many at most, up to 104.")] first: i32,
    ) -> Result<Vec<SeriesDate>> {
        let count = usize::try_from(first.clamp(0, MOST_DATES)).unwrap_or(0);
        Ok(self.0.next(app(ctx), count).await?.into_iter().map(SeriesDate).collect())
    }
    /// The days from today on that are left out, in order.
    async fn left_out(&self, ctx: &Context<'_>) -> Result<Vec<Date>> {
        Ok(self.0.left_out(app(ctx)).await?)
    }
    /// The clock change that is near and puts it at another time of its client's clock.
    async fn clock_change(&self, ctx: &Context<'_>) -> Result<Option<ClockChange>> {
        Ok(self.0.clock_change(app(ctx)).await?.map(ClockChange))
    }
}

/// One time of a standing place.
pub struct SeriesDate(Next);

/// One time of a standing place.
#[Object]
impl SeriesDate {
    /// The day it is called by: it stays its name when it is moved.
    async fn date(&self) -> Date {
        self.0.occurrence.date
    }
    /// When it begins.
    async fn starts_at(&self) -> Instant {
        self.0.starts_at
    }
    /// When it ends.
    async fn ends_at(&self) -> Instant {
        self.0.ends_at
    }
    /// Whether it is at another time than the place.
    async fn is_moved(&self) -> bool {
        self.0.occurrence.is_moved || self.0.starts_at != self.0.occurrence.starts_at
    }
    /// Whether the clocks jump over the agreed time that day: it is later by as much.
    async fn is_shifted_by_clocks(&self) -> bool {
        matches!(self.0.occurrence.clock, ResolvedKind::ShiftedOverGap { .. })
    }
    /// Whether the clocks show the agreed time twice that day: it is the first.
    async fn is_repeated_by_clocks(&self) -> bool {
        matches!(self.0.occurrence.clock, ResolvedKind::FirstOfFold)
    }
    /// The session in the calendar; absent while it is too far ahead.
    async fn booking_id(&self) -> Option<BookingId> {
        self.0.booking
    }
}

/// A clock change that puts a standing place at another time of its client's clock.
pub struct ClockChange(ClockNotice);

/// A clock change that puts a standing place at another time of its client's clock.
#[Object]
impl ClockChange {
    /// When the clocks change.
    async fn changes_at(&self) -> Instant {
        self.0.changes_at
    }
    /// The first session at the other time.
    async fn starts_at(&self) -> Instant {
        self.0.first.starts_at
    }
    /// The day of that session, on the client's calendar.
    async fn from(&self) -> Date {
        self.0.is.date
    }
    /// The time it is at, on the client's clock.
    async fn time(&self) -> LocalTime {
        self.0.is.time
    }
    /// The time it would have been at.
    async fn instead_of(&self) -> LocalTime {
        self.0.was.time
    }
}

/// A session of a standing place that found no room.
pub struct SeriesConflict {
    place: Shown,
    conflict: Conflict,
}

/// A session of a standing place that found no room. It is not left out: find it another time, or leave it out yourself.
#[Object]
impl SeriesConflict {
    /// The place.
    async fn series(&self) -> Series {
        Series(self.place.clone())
    }
    /// The day it is called by.
    async fn date(&self) -> Date {
        self.conflict.date
    }
    /// When it should begin.
    async fn starts_at(&self) -> Instant {
        self.conflict.starts_at
    }
    /// What is in the way.
    async fn taken_by(&self) -> TakenBy {
        self.conflict.taken_by
    }
    /// The nearest free times.
    async fn alternatives(&self, ctx: &Context<'_>) -> Result<Vec<Slot>> {
        Ok(single::alternatives(app(ctx), &self.place.series, self.conflict.starts_at).await?)
    }
}

/// The standing places of a signed-in client.
pub struct SeriesOfCare(pub Client);

/// The standing places of a signed-in client.
#[Object]
impl SeriesOfCare {
    /// Your standing places: the regular times that are kept for you.
    async fn series(&self, ctx: &Context<'_>) -> Result<Vec<Series>> {
        let app = app(ctx);
        let all = series::of_client(app, self.0.id).await?;
        let shown = view::shown(app, all).await?;
        Ok(shown.into_iter().map(Series).collect())
    }
    /// Times that are offered to you in place of sessions the practice called off, while they are kept.
    async fn make_ups(&self, ctx: &Context<'_>) -> Result<Vec<MakeUp>> {
        Ok(make_up::open_for(app(ctx), self.0.id).await?.into_iter().map(MakeUp).collect())
    }
}

/// The standing places of a signed-in therapist, and her time away.
pub struct SeriesOfDesk(pub practice::Therapist);

/// The standing places of a signed-in therapist, and her time away.
#[Object]
impl SeriesOfDesk {
    /// The standing places you keep, by weekday and time.
    async fn series(&self, ctx: &Context<'_>) -> Result<Vec<Series>> {
        let app = app(ctx);
        let all = series::of_therapist(app, self.0.id).await?;
        audit::note_list(app, self.0.user_id, "standing places", all.len())?;
        let shown = view::shown(app, all).await?;
        Ok(shown.into_iter().map(Series).collect())
    }
    /// Sessions of your standing places that found no room, the soonest first.
    async fn series_conflicts(&self, ctx: &Context<'_>) -> Result<Vec<SeriesConflict>> {
        let app = app(ctx);
        let conflicts = series::conflicts(app, self.0.id).await?;
        if conflicts.is_empty() {
            return Ok(Vec::new());
        }
        let all = series::of_therapist(app, self.0.id).await?;
        let shown = view::shown(app, all).await?;
        let with_place = |conflict: Conflict| {
            let place = shown.iter().find(|place| place.series.id == conflict.series_id)?.clone();
            Some(SeriesConflict { place, conflict })
        };
        Ok(conflicts.into_iter().filter_map(with_place).collect())
    }
    /// What being away would mean. Changes nothing; the same as `planAbsence`, for pages.
    async fn absence_plan(&self, ctx: &Context<'_>, input: PlanAbsenceInput) -> Result<AbsencePlanAnswer> {
        planned(ctx, &self.0, &input).await
    }
    /// Times you offered in the last month in place of sessions, and what became of that; the newest first.
    async fn make_ups(&self, ctx: &Context<'_>) -> Result<Vec<OfferedMakeUp>> {
        Ok(make_up::lately(app(ctx), self.0.id).await?.into_iter().map(OfferedMakeUp).collect())
    }
    /// Public holidays ahead on which you would work and about which you have not said anything.
    async fn holidays_ahead(&self, ctx: &Context<'_>) -> Result<Vec<HolidayAhead>> {
        Ok(holidays::ahead(app(ctx), &self.0).await?.into_iter().map(HolidayAhead::from).collect())
    }
    /// Whose public holidays the practice looks at.
    async fn holiday_sets(&self, ctx: &Context<'_>) -> Result<Vec<HolidaySet>> {
        Ok(practice::catalogue(app(ctx)).await?.practice.settings.holiday_sets.clone())
    }
}
