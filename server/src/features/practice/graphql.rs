//! The practice, its therapists and what can be booked, for anyone to see.

mod days;
mod desk;
mod house;
mod offer;
mod profile;

pub use days::{OpenDay, PracticeMutation};
pub use desk::PracticeDesk;
pub use house::HouseMutation;
pub use offer::OfferMutation;
pub use profile::ProfileMutation;

use super::{Catalogue, CrisisLine, Question, Step, catalogue, zones};
use crate::graphql::{app, caller};
use async_graphql::{Context, Json, Object, Result, SimpleObject};
use shared::ids::{SessionTypeId, TherapistId};
use shared::money::Money;
use shared::practice::{Gate, Modality};
use shared::time::Instant;
use shared::zone::{ZoneName, ZoneTable};
use std::sync::Arc;

/// The practice.
pub struct Practice(pub Arc<Catalogue>);

/// The practice this deployment serves.
#[Object]
impl Practice {
    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.practice.name
    }
    /// The zone its hours are kept in, an IANA name.
    async fn time_zone(&self) -> ZoneName {
        ZoneName::from(self.0.practice.time_zone.as_str())
    }
    /// One sentence about it.
    async fn tagline(&self) -> &str {
        &self.0.practice.settings.tagline
    }
    /// The heading of the home page.
    async fn headline(&self) -> &str {
        &self.0.practice.settings.headline
    }
    /// What happens, step by step, for somebody new.
    async fn steps(&self) -> &[Step] {
        &self.0.practice.settings.steps
    }
    /// What the therapist says about her work: the first paragraph in her own voice.
    async fn voice(&self) -> &[String] {
        &self.0.practice.settings.voice
    }
    /// A line under the list of fees.
    async fn fees_note(&self) -> &str {
        &self.0.practice.settings.fees_note
    }
    /// When it is open, in words, one line each.
    async fn opening_hours(&self) -> &[String] {
        &self.0.practice.settings.opening_hours
    }
    /// The current time of the practice's clock; in the demo it can be pushed.
    async fn now(&self, ctx: &Context<'_>) -> Instant {
        app(ctx).clock.now()
    }
    /// The opening paragraphs of the home page.
    async fn welcome(&self) -> &[String] {
        &self.0.practice.settings.welcome
    }
    /// Where it is, one line each; empty if it has no rooms.
    async fn address(&self) -> &[String] {
        &self.0.practice.settings.address
    }
    /// The address for questions.
    async fn contact_email(&self) -> &str {
        &self.0.practice.settings.contact_email
    }
    /// The number for questions.
    async fn contact_phone(&self) -> &str {
        &self.0.practice.settings.contact_phone
    }
    /// How soon messages are answered, in words.
    async fn answers_within(&self) -> &str {
        &self.0.practice.settings.answers_within
    }
    /// Who to call in a crisis.
    async fn crisis(&self) -> &[CrisisLine] {
        &self.0.practice.settings.crisis
    }
    /// The privacy page, one paragraph each; a paragraph that begins with `# ` is a heading.
    async fn privacy(&self) -> &[String] {
        &self.0.practice.settings.privacy
    }
    /// The terms page, in the same form.
    async fn terms(&self) -> &[String] {
        &self.0.practice.settings.terms
    }
    /// The hue of its accent colour, 0 to 359 degrees, if it chose one.
    async fn accent_hue(&self) -> Option<u32> {
        self.0.practice.settings.accent_hue
    }
}

/// A person who sees clients.
pub struct Therapist {
    catalogue: Arc<Catalogue>,
    index: usize,
}

impl Therapist {
    /// The therapist with this id, if there is one.
    pub fn find(catalogue: &Arc<Catalogue>, id: TherapistId) -> Option<Self> {
        let index = catalogue.therapists.iter().position(|therapist| therapist.id == id)?;
        Some(Therapist { catalogue: catalogue.clone(), index })
    }

    fn row(&self) -> &super::Therapist {
        &self.catalogue.therapists[self.index]
    }
}

/// A person who sees clients.
#[Object]
impl Therapist {
    /// Which.
    async fn id(&self) -> TherapistId {
        self.row().id
    }
    /// Her name in addresses.
    async fn slug(&self) -> &str {
        &self.row().slug
    }
    /// Her name.
    async fn name(&self) -> &str {
        &self.row().name
    }
    /// Her title.
    async fn title(&self) -> &str {
        &self.row().title
    }
    /// Two sentences about her.
    async fn summary(&self) -> &str {
        &self.row().summary
    }
    /// Paragraphs about her.
    async fn about(&self) -> &[String] {
        &self.row().about
    }
    /// Whether a discovery call with her can be booked.
    async fn takes_new_clients(&self) -> bool {
        self.row().takes_new_clients
    }
}

/// What can be booked.
pub struct SessionType {
    catalogue: Arc<Catalogue>,
    index: usize,
}

impl SessionType {
    /// The session type with this id, if there is one.
    pub fn find(catalogue: &Arc<Catalogue>, id: SessionTypeId) -> Option<Self> {
        let index = catalogue.session_types.iter().position(|session_type| session_type.id == id)?;
        Some(SessionType { catalogue: catalogue.clone(), index })
    }

    fn row(&self) -> &super::SessionType {
        &self.catalogue.session_types[self.index]
    }
}

/// What can be booked: how long it is, what it costs, who may book it.
#[Object]
impl SessionType {
    /// Which.
    async fn id(&self) -> SessionTypeId {
        self.row().id
    }
    /// Its name in addresses.
    async fn slug(&self) -> &str {
        &self.row().slug
    }
    /// Its name.
    async fn name(&self) -> &str {
        &self.row().name
    }
    /// One sentence about it.
    async fn summary(&self) -> &str {
        &self.row().summary
    }
    /// Paragraphs about it.
    async fn description(&self) -> &[String] {
        &self.row().description
    }
    /// Who may book it.
    async fn gate(&self) -> Gate {
        self.row().gate
    }
    /// How it takes place.
    async fn modality(&self) -> Modality {
        self.row().modality
    }
    /// How long it is.
    async fn minutes(&self) -> i64 {
        self.row().minutes
    }
    /// The list price.
    async fn price(&self) -> Money {
        self.row().price()
    }
    /// Starts are on multiples of this many minutes after midnight.
    async fn grid_minutes(&self) -> i64 {
        self.row().grid_minutes
    }
    /// How many minutes before the start it can still be booked.
    async fn notice_minutes(&self) -> i64 {
        self.row().notice_minutes
    }
    /// How many days ahead it can be booked.
    async fn horizon_days(&self) -> i64 {
        self.row().horizon_days
    }
}

/// A time zone around now.
#[derive(SimpleObject)]
pub struct TimeZoneTable {
    /// Its IANA name.
    name: ZoneName,
    /// When its clocks change and by how much, so that a page can show times without a database of zones.
    table: Json<ZoneTable>,
}

/// Queries about the practice.
#[derive(Default)]
pub struct PracticeQuery;

#[Object]
impl PracticeQuery {
    /// The practice this deployment serves.
    async fn practice(&self, ctx: &Context<'_>) -> Result<Practice> {
        Ok(Practice(catalogue(app(ctx)).await?))
    }

    /// Everyone who sees clients.
    async fn therapists(&self, ctx: &Context<'_>) -> Result<Vec<Therapist>> {
        let catalogue = catalogue(app(ctx)).await?;
        Ok((0..catalogue.therapists.len()).map(|index| Therapist { catalogue: catalogue.clone(), index }).collect())
    }

    /// One person who sees clients, by her name in addresses.
    async fn therapist(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its name in addresses.")] slug: String,
    ) -> Result<Option<Therapist>> {
        let catalogue = catalogue(app(ctx)).await?;
        let index = catalogue.therapists.iter().position(|therapist| therapist.slug == slug);
        Ok(index.map(|index| Therapist { catalogue, index }))
    }

    /// What can be booked, as the public pages list it.
    async fn session_types(&self, ctx: &Context<'_>) -> Result<Vec<SessionType>> {
        let catalogue = catalogue(app(ctx)).await?;
        let visible = (0..catalogue.session_types.len()).filter(|&index| catalogue.session_types[index].is_public());
        Ok(visible.map(|index| SessionType { catalogue: catalogue.clone(), index }).collect())
    }

    /// One thing that can be booked, by its name in addresses. Whoever is signed in also finds what is not offered any
    /// more: they may have it booked.
    async fn session_type(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its name in addresses.")] slug: String,
    ) -> Result<Option<SessionType>> {
        let catalogue = catalogue(app(ctx)).await?;
        let is_known = caller(ctx).viewer.is_some();
        let index = catalogue.session_types.iter().position(|it| it.slug == slug && (is_known || it.is_offered()));
        Ok(index.map(|index| SessionType { catalogue, index }))
    }

    /// A time zone by its IANA name; absent if there is none of that name.
    async fn time_zone(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its IANA name.")] name: String,
    ) -> Option<TimeZoneTable> {
        let table = zones::table(&name, app(ctx).clock.now())?;
        Some(TimeZoneTable { name: ZoneName(name), table: Json(ZoneTable::clone(&table)) })
    }

    /// The questions people ask, with their answers.
    async fn faq(&self, ctx: &Context<'_>) -> Result<Vec<Question>> {
        Ok(catalogue(app(ctx)).await?.questions.clone())
    }
}
