//! What a signed-in client has, and what a signed-in therapist works with.

use crate::error::Error;
use crate::features::bookings::time_off::{self, TimeOff};
use crate::features::bookings::{self, Booking};
use crate::features::clients::graphql::{ClientConnection, ClientRecord, OwnRelationship, one_client, page_of_clients};
use crate::features::intake::graphql::{
    ClientIntake, IntakeForm, InvitationRow, OwnDocument, OwnIntake, PracticeDocument, document_list, documents_of,
    intake_form, intake_of, intake_of_client, invitation_list,
};
use crate::features::practice::graphql::Therapist;
use crate::features::practice::hours::{self, WeeklyHoursRow};
use crate::features::{clients, practice};
use crate::graphql::app;
use async_graphql::{Context, Json, Object, Result};
use shared::booking::CancelledBy;
use shared::ids::{ClientId, SessionTypeId, TimeOffId, WeeklyHoursId};
use shared::practice::Modality;
use shared::slots;
use shared::stage::Stage;
use shared::time::{Date, Instant, LocalTime, Weekday};

/// A session as the practice sees it: with whoever it is for.
pub struct PracticeBooking(pub Booking);

/// A session with whoever it is for.
#[Object]
impl PracticeBooking {
    /// The session.
    async fn booking(&self) -> &Booking {
        &self.0
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
}

/// What a signed-in client has.
pub struct OwnCare(pub clients::Client);

/// Your care at this practice.
#[Object]
impl OwnCare {
    /// Where you are, and what comes next.
    async fn relationship(&self) -> OwnRelationship {
        OwnRelationship(self.0.clone())
    }
    /// Your therapist.
    async fn therapist(&self, ctx: &Context<'_>) -> Result<Option<Therapist>> {
        Ok(Therapist::find(&practice::catalogue(app(ctx)).await?, self.0.therapist_id))
    }
    /// Your sessions, latest first.
    async fn bookings(&self, ctx: &Context<'_>) -> Result<Vec<Booking>> {
        Ok(bookings::of_client(app(ctx), self.0.id).await?)
    }
    /// What is needed of you before your first session; absent while there is nothing for you to do.
    async fn intake(&self, ctx: &Context<'_>) -> Result<Option<OwnIntake>> {
        intake_of(ctx, &self.0).await
    }
    /// The documents of the practice: what waits for you, and what you accepted.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<OwnDocument>> {
        documents_of(ctx, &self.0).await
    }
}

/// What a signed-in therapist works with.
pub struct TherapistDesk(pub practice::Therapist);

/// The therapist's own calendar, hours and clients.
#[Object]
impl TherapistDesk {
    /// How the public pages show her.
    async fn profile(&self, ctx: &Context<'_>) -> Result<Option<Therapist>> {
        Ok(Therapist::find(&practice::catalogue(app(ctx)).await?, self.0.id))
    }
    /// Her sessions on these days of the practice's calendar, at most 62, earliest first; those called off too.
    async fn bookings(&self, ctx: &Context<'_>, from: Date, to: Date) -> Result<Vec<PracticeBooking>> {
        slots::DateSpan::new(from, to).map_err(|problem| Error::Refused(vec![problem.into()]))?;
        let starts = time_off::day_range(app(ctx), from).await?.starts_at;
        let ends = time_off::day_range(app(ctx), to).await?.ends_at;
        let rows = bookings::of_therapist(app(ctx), self.0.id, starts, ends).await?;
        Ok(rows.into_iter().map(PracticeBooking).collect())
    }
    /// Her weekly hours.
    async fn weekly_hours(&self, ctx: &Context<'_>) -> Result<Vec<WeeklyHours>> {
        let rows = hours::weekly_hours(app(ctx), self.0.id).await?;
        Ok(rows.into_iter().map(WeeklyHours).collect())
    }
    /// Her time off that is not over.
    async fn time_off(&self, ctx: &Context<'_>) -> Result<Vec<TimeOff>> {
        Ok(time_off::upcoming(app(ctx), self.0.id).await?)
    }
    /// Her clients, by name.
    async fn clients(
        &self,
        ctx: &Context<'_>,
        stage: Option<Stage>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Result<ClientConnection> {
        page_of_clients(ctx, stage, first, after).await
    }
    /// One of her clients.
    async fn client(&self, ctx: &Context<'_>, id: ClientId) -> Result<Option<ClientRecord>> {
        one_client(ctx, id).await
    }
    /// The bookings of one of her clients, latest first.
    async fn bookings_of_client(&self, ctx: &Context<'_>, id: ClientId) -> Result<Vec<PracticeBooking>> {
        let client = clients::read_by_staff(app(ctx), id, &self.0).await?;
        Ok(bookings::of_client(app(ctx), client.id).await?.into_iter().map(PracticeBooking).collect())
    }
    /// What one of her clients accepted and answered. Every reading is noted.
    async fn intake_of_client(&self, ctx: &Context<'_>, id: ClientId) -> Result<ClientIntake> {
        intake_of_client(ctx, &self.0, id).await
    }
    /// Her invitations that can still be accepted, newest first; `search` is part of a name or an address.
    async fn invitations(&self, ctx: &Context<'_>, search: Option<String>) -> Result<Vec<InvitationRow>> {
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
        Ok(Json(catalogue.session_types.iter().map(practice::SessionType::rules).collect()))
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
