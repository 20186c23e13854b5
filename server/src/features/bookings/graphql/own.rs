//! A client's own calendar.

use super::desk::page_info;
use crate::features::bookings::book_session::{self, Bookable};
use crate::features::bookings::{self, Booking, list};
use crate::features::clients;
use crate::features::clients::graphql::OwnRelationship;
use crate::features::intake::graphql::{OwnDocument, OwnIntake, documents_of, intake_of};
use crate::features::money::policy;
use crate::features::practice;
use crate::features::practice::graphql::{SessionType, Therapist};
use crate::graphql::in_order::InOrder;
use crate::graphql::{PageInfo, app, read_cursor};
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::ids::{BookingId, SessionTypeId};
use shared::money::Money;
use shared::policy::PolicyStep;
use shared::price::PriceSource;
use shared::time::Instant;

/// A page of your sessions.
#[derive(SimpleObject)]
pub struct OwnBookingConnection {
    /// The sessions of this page.
    nodes: InOrder<Booking>,
    /// Whether there are more.
    page_info: PageInfo,
}

/// What a signed-in client has.
pub struct OwnCare(pub clients::Client);

/// Your care at this practice, as far as it is in the calendar.
#[Object(name = "OwnCalendar")]
impl OwnCare {
    /// Where you are, and what comes next.
    async fn relationship(&self) -> OwnRelationship {
        OwnRelationship(self.0.clone())
    }
    /// Your therapist.
    async fn therapist(&self, ctx: &Context<'_>) -> Result<Option<Therapist>> {
        Ok(Therapist::find(&practice::catalogue(app(ctx)).await?, self.0.therapist_id))
    }
    /// Your sessions, latest first, at most 100 a page.
    async fn bookings(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50, desc = "How many at most, up to 100.")] first: i32,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<OwnBookingConnection> {
        let page = list::of_client(app(ctx), self.0.id, first.into(), read_cursor(after)?).await?;
        let page_info = page_info(&page);
        Ok(OwnBookingConnection { nodes: InOrder(page.bookings), page_info })
    }
    /// What is needed of you before your first session; absent while there is nothing for you to do.
    async fn intake(&self, ctx: &Context<'_>) -> Result<Option<OwnIntake>> {
        intake_of(ctx, &self.0).await
    }
    /// The documents of the practice: what waits for you, and what you accepted.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<OwnDocument>> {
        documents_of(ctx, &self.0).await
    }
    /// One of your sessions.
    async fn booking(&self, ctx: &Context<'_>, #[graphql(desc = "Which.")] id: BookingId) -> Result<Option<Booking>> {
        Ok(bookings::own(app(ctx), id, self.0.id).await?)
    }
    /// What calling off would cost until when, for a session you book now. With a session type, what is kept of its
    /// deposit is part of it.
    async fn policy_ahead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When it would begin.")] starts_at: Instant,
        #[graphql(desc = "Of what is booked.")] session_type_id: Option<SessionTypeId>,
    ) -> Result<PolicyAhead> {
        let shown = policy::shown(app(ctx)).await?;
        let agreed = book_session::agreed_with(app(ctx), &self.0, session_type_id, starts_at).await?;
        Ok(PolicyAhead { version: shown.version, steps: shown.rules.steps(&agreed, starts_at) })
    }
    /// What you can book now, with what it costs you; nothing before your therapist has decided to work with you. With a
    /// start, what it costs if it begins then: a price can be agreed from a day on, and a package can run out.
    async fn bookable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When it would begin.")] starts_at: Option<Instant>,
    ) -> Result<Vec<Bookable>> {
        Ok(book_session::bookable(app(ctx), &self.0, starts_at).await?)
    }
}

/// The rules for calling off that a session booked now is made under.
#[derive(SimpleObject)]
pub struct PolicyAhead {
    /// Which version they are; give it to `bookSession`. 0 while the built-in ones are in force.
    version: i64,
    /// What calling off costs until when.
    steps: Vec<PolicyStep>,
}

/// Something a client can book, with what it costs them.
#[Object]
impl Bookable {
    /// What it is.
    async fn session_type(&self, ctx: &Context<'_>) -> Result<Option<SessionType>> {
        Ok(SessionType::find(&practice::catalogue(app(ctx)).await?, self.session_type_id))
    }
    /// What it costs.
    async fn price(&self) -> Money {
        self.price.money
    }
    /// Where that price comes from.
    async fn price_source(&self) -> PriceSource {
        self.price.source
    }
    /// What is paid before it is confirmed; nothing when it is paid afterwards.
    async fn due_now(&self) -> Money {
        self.due_now
    }
}
