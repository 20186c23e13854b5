//! What a signed-in client has, and what a signed-in therapist works with.

use crate::audit;
use crate::error::Error;
use crate::features::bookings::list::{self, BookingFilter};
use crate::features::bookings::steps::{self, ByWhom, StepKind};
use crate::features::bookings::time_off::{self, TimeOff};
use crate::features::bookings::{self, Booking};
use crate::features::clients::graphql::{ClientConnection, ClientRecord, one_client, page_of_clients};
use crate::features::intake::graphql::{
    ClientIntake, IntakeForm, InvitationRow, PracticeDocument, document_list, intake_form, intake_of_client,
    invitation_list,
};
use crate::features::money::fees::{self, Fee};
use crate::features::money::ledger;
use crate::features::practice::graphql::{OpenDay, Therapist};
use crate::features::practice::hours::{self, WeeklyHoursRow};
use crate::features::practice::rooms::{self, Room};
use crate::features::reminders::{self, Reminder};
use crate::features::{clients, practice};
use crate::graphql::in_order::{FieldByField, InOrder};
use crate::graphql::{PageInfo, app, read_cursor};
use async_graphql::{ComplexObject, Context, Json, Object, Result, SimpleObject};
use shared::booking::{BookingSource, CancelledBy};
use shared::ids::{BookingId, ClientId, SessionTypeId, TimeOffId, WeeklyHoursId};
use shared::intake::Missing;
use shared::money::Money;
use shared::payment::PaidFor;
use shared::practice::Modality;
use shared::price::PriceSource;
use shared::slots;
use shared::stage::Stage;
use shared::time::{Date, Instant, LocalTime, Weekday};

/// A session as the practice sees it: with whoever it is for.
pub struct PracticeBooking(pub Booking);

// Lists have many of them, and the future of any field is as large as the largest: those that ask the database are boxed.
/// A session with whoever it is for.
#[Object]
impl PracticeBooking {
    /// The session.
    async fn booking(&self) -> FieldByField<&Booking> {
        FieldByField(&self.0)
    }
    /// Who booked, as they typed it.
    async fn guest_name(&self) -> &str {
        &self.0.guest_name
    }
    /// Where mail goes, as they typed it.
    async fn guest_email(&self) -> &str {
        &self.0.guest_email
    }
    /// The number to call, as they typed it.
    async fn guest_phone(&self) -> &str {
        &self.0.guest_phone
    }
    /// Whose it is. Absent while it was made with the address of somebody who has not proven that it was them.
    async fn client_id(&self) -> Option<ClientId> {
        self.0.client_id
    }
    /// Its reminders, earliest first: those that left and those to come.
    async fn reminders(&self, ctx: &Context<'_>) -> Result<Vec<Reminder>> {
        Ok(Box::pin(reminders::of_booking(app(ctx), self.0.id)).await?)
    }
    /// The room it takes place in, where the practice keeps a list of rooms.
    async fn room(&self, ctx: &Context<'_>) -> Result<Option<Room>> {
        let Some(id) = self.0.room_id else { return Ok(None) };
        Ok(Box::pin(rooms::all(app(ctx))).await?.into_iter().find(|room| room.id == id))
    }
    /// What it waits for: documents that are not accepted, a form that is not sent. It stays in the calendar meanwhile.
    async fn waits_for(&self, ctx: &Context<'_>) -> Result<Vec<Missing>> {
        Ok(Box::pin(list::waits_for(app(ctx), &self.0)).await?)
    }
    /// When it was made.
    async fn created_at(&self) -> Instant {
        self.0.created_at
    }
    /// Who called it off, if somebody did.
    async fn cancelled_by(&self) -> Option<CancelledBy> {
        self.0.cancelled_by
    }
    /// Why, if they said.
    async fn cancel_reason(&self) -> Option<&str> {
        self.0.cancel_reason.as_deref()
    }
    /// How it came about.
    async fn source(&self) -> BookingSource {
        self.0.source
    }
    /// Where its price comes from.
    async fn price_source(&self) -> PriceSource {
        self.0.price_source
    }
    /// How often the client has moved it.
    async fn reschedules(&self) -> i64 {
        self.0.reschedules
    }
    /// When the client said that they will come.
    async fn client_confirmed_at(&self) -> Option<Instant> {
        self.0.client_confirmed_at
    }
    /// Whether it can be marked as missed now.
    async fn can_be_missed(&self, ctx: &Context<'_>) -> Result<bool> {
        let after = practice::catalogue(app(ctx)).await?.practice.settings.no_show_minutes;
        Ok(self.0.status.can_be_missed(self.0.starts_at, after, app(ctx).clock.now()))
    }
    /// Whether it can be marked as having taken place now.
    async fn can_complete(&self, ctx: &Context<'_>) -> bool {
        self.0.status.can_complete(self.0.starts_at, app(ctx).clock.now())
    }
    /// The fee for calling off late or not coming, if the rules name one.
    async fn fee(&self, ctx: &Context<'_>) -> Result<Option<Fee>> {
        Ok(Box::pin(fees::shown(app(ctx), self.0.id)).await?)
    }
    /// What is open for it, by currency: what was charged less what was paid.
    async fn open(&self, ctx: &Context<'_>) -> Result<Vec<Money>> {
        Ok(Box::pin(ledger::open(app(ctx), PaidFor::Session(self.0.id))).await?)
    }
    /// What became of it, step by step.
    async fn steps(&self, ctx: &Context<'_>) -> Result<Vec<BookingStep>> {
        let steps = Box::pin(steps::of_booking(app(ctx), self.0.id)).await?;
        Ok(steps.into_iter().map(BookingStep).collect())
    }
}

/// One step of a session.
pub struct BookingStep(steps::Step);

/// One step of a session.
#[Object]
impl BookingStep {
    /// What happened.
    async fn step(&self) -> StepKind {
        self.0.step
    }
    /// On whose side.
    async fn by_whom(&self) -> ByWhom {
        self.0.by_whom
    }
    /// When.
    async fn at(&self) -> Instant {
        self.0.at
    }
    /// When the session was to begin before it was moved.
    async fn was_at(&self) -> Option<Instant> {
        self.0.was_at
    }
    /// Why, in words for the practice.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
}

/// A page of sessions.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct BookingConnection {
    /// The sessions of this page.
    nodes: InOrder<PracticeBooking>,
    /// Whether there are more.
    page_info: PageInfo,
}

/// A page of sessions.
#[ComplexObject]
impl BookingConnection {
    /// Which sessions of this page wait for documents or the intake form; for what, each says itself.
    async fn held_up(&self, ctx: &Context<'_>) -> Result<Vec<BookingId>> {
        Ok(list::held_up(app(ctx), self.nodes.0.iter().map(|node| &node.0)).await?)
    }
}

impl From<list::Page> for BookingConnection {
    fn from(page: list::Page) -> Self {
        let page_info = page_info(&page);
        BookingConnection { nodes: page.bookings.into_iter().map(PracticeBooking).collect(), page_info }
    }
}

/// Where a page of sessions ends.
pub(super) fn page_info(page: &list::Page) -> PageInfo {
    let end_cursor = page.bookings.last().map(|booking| booking.id.to_string());
    PageInfo { has_next_page: page.has_next_page, end_cursor }
}

/// A fee that waits for a decision.
#[derive(SimpleObject)]
pub struct FeeWaiting {
    /// The fee.
    fee: Fee,
    /// The session it is about.
    booking: PracticeBooking,
}

/// What a signed-in therapist works with.
pub struct TherapistDesk(pub practice::Therapist);

/// The therapist's own calendar, hours and clients.
#[Object(name = "DeskCalendar")]
impl TherapistDesk {
    /// How the public pages show her.
    async fn profile(&self, ctx: &Context<'_>) -> Result<Option<Therapist>> {
        Ok(Therapist::find(&practice::catalogue(app(ctx)).await?, self.0.id))
    }
    /// Her sessions on these days of the practice's calendar, at most 62, earliest first; those called off too.
    async fn bookings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day, included.")] to: Date,
    ) -> Result<InOrder<PracticeBooking>> {
        slots::DateSpan::new(from, to).map_err(|problem| Error::Refused(vec![problem.into()]))?;
        let starts = time_off::day_range(app(ctx), from).await?.starts_at;
        let ends = time_off::day_range(app(ctx), to).await?.ends_at;
        let rows = bookings::of_therapist(app(ctx), self.0.id, starts, ends).await?;
        audit::note_list(app(ctx), self.0.user_id, "sessions", rows.len())?;
        Ok(rows.into_iter().map(PracticeBooking).collect())
    }
    /// One of her sessions; the reading is noted.
    async fn booking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: BookingId,
    ) -> Result<Option<PracticeBooking>> {
        Ok(bookings::read_by_staff(app(ctx), id, &self.0).await?.map(PracticeBooking))
    }
    /// Her sessions, filtered, by the page.
    async fn booking_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which; left out, all.")] filter: Option<BookingFilter>,
        #[graphql(default = 25, desc = "How many at most, up to 100.")] first: i32,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<BookingConnection> {
        let filter = filter.unwrap_or_default();
        let page = list::of_therapist(app(ctx), self.0.id, &filter, first.into(), read_cursor(after)?).await?;
        audit::note_list(app(ctx), self.0.user_id, "sessions", page.bookings.len())?;
        Ok(page.into())
    }
    /// Fees she has not decided about, oldest first, each with its session.
    async fn fees_waiting(&self, ctx: &Context<'_>) -> Result<Vec<FeeWaiting>> {
        let waiting = list::fees_waiting(app(ctx), self.0.id).await?;
        audit::note_list(app(ctx), self.0.user_id, "fees", waiting.len())?;
        Ok(waiting.into_iter().map(|(fee, booking)| FeeWaiting { fee, booking: PracticeBooking(booking) }).collect())
    }
    /// Her weekly hours.
    async fn weekly_hours(&self, ctx: &Context<'_>) -> Result<Vec<WeeklyHours>> {
        let rows = hours::weekly_hours(app(ctx), self.0.id).await?;
        Ok(rows.into_iter().map(WeeklyHours).collect())
    }
    /// Her days with hours of their own, from this one on.
    async fn days(&self, ctx: &Context<'_>, #[graphql(desc = "The first day.")] from: Date) -> Result<Vec<OpenDay>> {
        Ok(hours::dates(app(ctx), self.0.id, from).await?.into_iter().map(OpenDay).collect())
    }
    /// Her time off that is not over.
    async fn time_off(&self, ctx: &Context<'_>) -> Result<Vec<TimeOff>> {
        Ok(time_off::upcoming(app(ctx), self.0.id).await?)
    }
    /// Her clients, by name; `search` is part of a name or an address.
    async fn clients(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those at this stage.")] stage: Option<Stage>,
        #[graphql(desc = "Part of a name or an address.")] search: Option<String>,
        #[graphql(default = 50, desc = "How many at most, up to 100.")] first: i32,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<ClientConnection> {
        page_of_clients(ctx, stage, search, first, after).await
    }
    /// One of her clients.
    async fn client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: ClientId,
    ) -> Result<Option<ClientRecord>> {
        one_client(ctx, id).await
    }
    /// The bookings of one of her clients, latest first, at most 100 a page.
    async fn bookings_of_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: ClientId,
        #[graphql(default = 50, desc = "How many at most, up to 100.")] first: i32,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<BookingConnection> {
        let client = clients::read_by_staff(app(ctx), id, &self.0).await?;
        Ok(list::of_client(app(ctx), client.id, first.into(), read_cursor(after)?).await?.into())
    }
    /// What one of her clients accepted and answered. Every reading is noted.
    async fn intake_of_client(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] id: ClientId,
    ) -> Result<ClientIntake> {
        intake_of_client(ctx, &self.0, id).await
    }
    /// Her invitations that can still be accepted, newest first; `search` is part of a name or an address.
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Part of a name or an address.")] search: Option<String>,
    ) -> Result<Vec<InvitationRow>> {
        invitation_list(ctx, &self.0, search).await
    }
    /// The documents of the practice, to edit and publish.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<PracticeDocument>> {
        document_list(ctx).await
    }
    /// The intake form of the practice, to edit.
    async fn intake_form(&self, ctx: &Context<'_>) -> Result<IntakeForm> {
        intake_form(ctx).await
    }
    /// What a letter with referrals begins as, for her to make her own.
    async fn referral_letter(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(practice::catalogue(app(ctx)).await?.practice.settings.referral_letter.join("\n\n"))
    }
    /// Everything the slot engine reads, so that a page can show at once what a change of hours would offer.
    async fn timetable(&self, ctx: &Context<'_>) -> Result<Json<slots::Timetable>> {
        let timetable = bookings::timetable::remembered(app(ctx), self.0.id).await?;
        Ok(Json(slots::Timetable::clone(&timetable)))
    }
    /// The rules of every session type, as the slot engine reads them.
    async fn session_rules(&self, ctx: &Context<'_>) -> Result<Json<Vec<slots::SessionRules>>> {
        let catalogue = practice::catalogue(app(ctx)).await?;
        Ok(Json(catalogue.offered().map(practice::SessionType::rules).collect()))
    }
}

/// One open stretch of the week.
pub struct WeeklyHours(pub(super) WeeklyHoursRow);

/// One open stretch of the week.
#[Object]
impl WeeklyHours {
    /// Which.
    async fn id(&self) -> WeeklyHoursId {
        self.0.id
    }
    /// The day of the week.
    async fn weekday(&self) -> Weekday {
        self.0.weekday
    }
    /// When it opens.
    async fn from(&self) -> LocalTime {
        self.0.starts
    }
    /// When it closes.
    async fn until(&self) -> LocalTime {
        self.0.ends
    }
    /// The one session type it is for; absent when for every type.
    async fn session_type_id(&self) -> Option<SessionTypeId> {
        self.0.session_type_id
    }
    /// The one modality it is for; absent when for every modality.
    async fn modality(&self) -> Option<Modality> {
        self.0.modality
    }
}

/// A stretch of time off.
#[Object]
impl TimeOff {
    /// Which.
    async fn id(&self) -> TimeOffId {
        self.id
    }
    /// When it begins.
    async fn starts_at(&self) -> Instant {
        self.range.starts_at
    }
    /// When it ends.
    async fn ends_at(&self) -> Instant {
        self.range.ends_at
    }
    /// A word for the therapist herself.
    async fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}
