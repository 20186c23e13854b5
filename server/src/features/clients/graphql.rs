//! A relationship as the client sees it, and as the therapist does.

use super::history::{self, StageMove};
use super::{Client, ClientRow};
use crate::app::App;
use crate::audit;
use crate::error::Error;
use crate::events::Event;
use crate::features::{accounts, practice};
use crate::graphql::in_order::InOrder;
use crate::graphql::{PageInfo, answer, app, read_cursor, therapist, viewer};
use async_graphql::{Context, Object, Result, SimpleObject, Subscription};
use futures_util::Stream;
use shared::ids::{ClientId, UserId};
use shared::price::PriceClass;
use shared::problem::UserError;
use shared::stage::{Move, Mover, Stage, Standing};
use shared::time::Instant;
use shared::zone::ZoneName;

/// The relationship, as the client sees it.
pub struct OwnRelationship(pub Client);

impl OwnRelationship {
    /// Where it stands, as far as the client has been told.
    fn seen(&self, ctx: &Context<'_>) -> Standing {
        self.0.standing(app(ctx).clock.now()).seen_by_client()
    }
}

/// Where you are with the practice, and what comes next. What closes something stands here once you have been told.
#[Object]
impl OwnRelationship {
    /// Where the relationship is.
    async fn stage(&self, ctx: &Context<'_>) -> Stage {
        self.seen(ctx).stage
    }
    /// Where things stand, in a sentence.
    async fn now(&self, ctx: &Context<'_>) -> &str {
        self.seen(ctx).stage.for_client().now
    }
    /// What comes next, in a sentence.
    async fn next(&self, ctx: &Context<'_>) -> &str {
        self.seen(ctx).stage.for_client().next
    }
    /// Whether paid sessions can be booked.
    async fn can_book_sessions(&self, ctx: &Context<'_>) -> bool {
        self.seen(ctx).opens().sessions
    }
    /// Whether a discovery call can be booked.
    async fn can_book_discovery(&self, ctx: &Context<'_>) -> bool {
        self.seen(ctx).opens().discovery
    }
    /// How you got here, earliest first. What your therapist has just decided stands here once you have been told.
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<OwnStageMove>> {
        Ok(history::known(app(ctx), self.0.id).await?.into_iter().map(OwnStageMove).collect())
    }
    /// The letter your therapist left for you, if she did.
    async fn letter(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        if self.seen(ctx).stage != self.0.stage {
            return Ok(None);
        }
        Ok(super::letter(&app(ctx).keys, &self.0)?)
    }
}

/// One step of your way with the practice.
pub struct OwnStageMove(StageMove);

/// One step of your way with the practice.
#[Object]
impl OwnStageMove {
    /// When.
    async fn at(&self) -> Instant {
        self.0.at
    }
    /// What happened, in a sentence.
    async fn words(&self) -> &str {
        self.0.for_client()
    }
}

/// A relationship, as the therapist sees it.
pub struct ClientRecord(pub Client);

/// A client of the therapist who asks. Every reading of it is in the audit trail.
#[Object(name = "Client")]
impl ClientRecord {
    /// Which.
    async fn id(&self) -> ClientId {
        self.0.id
    }
    /// Where the relationship is.
    async fn stage(&self) -> Stage {
        self.0.stage
    }
    /// Since when.
    async fn stage_since(&self) -> Instant {
        self.0.stage_since
    }
    /// Until when they come back from their break without another call; absent while there is none.
    async fn returns_until(&self, ctx: &Context<'_>) -> Option<Instant> {
        self.0.standing(app(ctx).clock.now()).break_ends()
    }
    /// Where things stand, in a sentence.
    async fn now(&self) -> &str {
        self.0.stage.for_therapist().now
    }
    /// What comes next, in a sentence.
    async fn next(&self) -> &str {
        self.0.stage.for_therapist().next
    }
    /// Which of the practice's price lists they pay by.
    async fn price_class(&self) -> PriceClass {
        self.0.price_class
    }
    /// Whether a decision about this client can be taken.
    async fn can_decide(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(super::decide::is_open(app(ctx), &self.0).await?)
    }
    /// From when on a decision can be taken, while the call has not begun; absent when there is nothing to wait for.
    async fn decides_from(&self, ctx: &Context<'_>) -> Result<Option<Instant>> {
        Ok(super::decide::opens_at(app(ctx), &self.0).await?)
    }
    /// What you can do with a button: give one to `moveClient`.
    async fn moves(&self, ctx: &Context<'_>) -> Vec<Move> {
        let moves = self.0.standing(app(ctx).clock.now()).moves(Mover::Therapist);
        moves.into_iter().filter(|step| step.has_button()).collect()
    }
    /// Until when your decision can be taken back as if nothing had happened: then the client is told. Give `TAKE_BACK` to
    /// `moveClient`. Absent when there is nothing to take back, or they know.
    async fn decision_waits_until(&self, ctx: &Context<'_>) -> Option<Instant> {
        self.0.standing(app(ctx).clock.now()).decision_waits()
    }
    /// When the discovery call took place, once that is known.
    async fn discovery_completed_at(&self) -> Option<Instant> {
        self.0.discovery_completed_at
    }
    /// The person: how to reach them.
    async fn contact(&self, ctx: &Context<'_>) -> Result<Contact> {
        Ok(Contact::of(app(ctx), self.0.user_id).await?)
    }
    /// How the relationship got here.
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<StageMove>> {
        Ok(history::all(app(ctx), self.0.id).await?)
    }
    /// The letter with referrals, if one was written.
    async fn letter(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(super::letter(&app(ctx).keys, &self.0)?)
    }
}

/// How to reach a person.
#[derive(SimpleObject)]
pub struct Contact {
    /// What to call them.
    name: String,
    /// Where mail goes.
    email: String,
    /// Where to call them.
    phone: String,
    /// The zone they read times in.
    time_zone: ZoneName,
}

impl Contact {
    /// How to reach this person.
    pub(crate) async fn of(app: &App, user: UserId) -> crate::error::Result<Self> {
        let user = accounts::user(app, user).await?;
        Ok(Contact { name: user.name, email: user.email, phone: user.phone, time_zone: ZoneName(user.time_zone) })
    }
}

/// One move from stage to stage.
#[Object]
impl StageMove {
    /// Where it came from; absent for the first.
    async fn from(&self) -> Option<Stage> {
        self.from_stage
    }
    /// Where it went.
    async fn to(&self) -> Stage {
        self.to_stage
    }
    /// When.
    async fn at(&self) -> Instant {
        self.at
    }
    /// What happened, in a sentence; absent for the first.
    async fn words(&self) -> Option<&str> {
        Some(self.made()?.0.words().therapist)
    }
    /// On whose side it was made. The first is the client's.
    async fn by(&self) -> Mover {
        self.made().map_or(Mover::Client, |(_, by)| by)
    }
    /// Who made it, by name; absent when it was the client or nobody.
    async fn actor(&self) -> Option<&str> {
        self.actor_name.as_deref().filter(|_| self.actor_id != Some(self.user_id))
    }
}

/// A client as a list shows them.
#[Object]
impl ClientRow {
    /// Which.
    async fn id(&self) -> ClientId {
        self.id
    }
    /// What to call them.
    async fn name(&self) -> &str {
        &self.name
    }
    /// Where the relationship is.
    async fn stage(&self) -> Stage {
        self.stage
    }
    /// Since when.
    async fn stage_since(&self) -> Instant {
        self.stage_since
    }
    /// Where things stand, in a sentence.
    async fn now(&self) -> &str {
        self.stage.for_therapist().now
    }
}

/// The clients of the therapist who asks.
#[derive(SimpleObject)]
pub struct ClientConnection {
    /// The clients of this page.
    nodes: InOrder<ClientRow>,
    /// Whether there are more.
    page_info: PageInfo,
}

/// The page of clients after a cursor.
pub(crate) async fn page_of_clients(
    ctx: &Context<'_>,
    stage: Option<Stage>,
    search: Option<String>,
    first: i32,
    after: Option<String>,
) -> Result<ClientConnection> {
    let therapist = therapist(ctx).await?;
    let first = i64::from(first.clamp(1, 100));
    let after = read_cursor(after)?;
    let mut nodes = super::list(app(ctx), therapist.id, stage, search.as_deref(), after, first + 1).await?;
    let has_next_page = nodes.len() as i64 > first;
    nodes.truncate(usize::try_from(first).unwrap_or(100));
    audit::note_list(app(ctx), therapist.user_id, "clients", nodes.len())?;
    let end_cursor = nodes.last().map(|row| row.id.to_string());
    Ok(ClientConnection { nodes: InOrder(nodes), page_info: PageInfo { has_next_page, end_cursor } })
}

/// One client of the therapist who asks; the reading is noted.
pub(crate) async fn one_client(ctx: &Context<'_>, id: ClientId) -> Result<Option<ClientRecord>> {
    let therapist = therapist(ctx).await?;
    match super::read_by_staff(app(ctx), id, &therapist).await {
        Ok(client) => Ok(Some(ClientRecord(client))),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What became of a decision.
#[derive(SimpleObject)]
pub struct DecideDiscoveryPayload {
    /// The client, where the relationship is now.
    client: Option<ClientRecord>,
    /// Why nothing was decided.
    user_errors: Vec<UserError>,
}

/// What became of a move.
#[derive(SimpleObject)]
pub struct MoveClientPayload {
    /// The client, where the relationship is now.
    client: Option<ClientRecord>,
    /// Why it did not move.
    user_errors: Vec<UserError>,
}

/// What became of a change of the price list.
#[derive(SimpleObject)]
pub struct SetPriceClassPayload {
    /// The client, as they are now.
    client: Option<ClientRecord>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Changes to relationships.
#[derive(Default)]
pub struct ClientMutation;

#[Object]
impl ClientMutation {
    /// Decides after a discovery call: work together, not the right fit, or later. Open from the start of the call on, and
    /// while none is in the calendar. Therapists only, about their own clients.
    async fn decide_discovery(
        &self,
        ctx: &Context<'_>,
        input: super::decide::DecideDiscoveryInput,
    ) -> Result<DecideDiscoveryPayload> {
        viewer(ctx)?;
        let therapist = therapist(ctx).await?;
        let (id, user_errors) = answer(super::decide::decide(app(ctx), &therapist, input).await)?;
        let client = match id {
            Some(id) => Some(ClientRecord(super::of_therapist(app(ctx), id, therapist.id).await?)),
            None => None,
        };
        Ok(DecideDiscoveryPayload { client, user_errors })
    }

    /// Moves a relationship on: a break, its end, the end of the work with or without a letter, opening it again, taking a
    /// decision back, or letting somebody who was referred out book a call again. Therapists only, about their own clients.
    async fn move_client(
        &self,
        ctx: &Context<'_>,
        input: super::change_stage::MoveClientInput,
    ) -> Result<MoveClientPayload> {
        let therapist = therapist(ctx).await?;
        let (id, user_errors) = answer(super::change_stage::move_client(app(ctx), &therapist, input).await)?;
        let client = match id {
            Some(id) => Some(ClientRecord(super::of_therapist(app(ctx), id, therapist.id).await?)),
            None => None,
        };
        Ok(MoveClientPayload { client, user_errors })
    }

    /// Says which of the practice's price lists a client pays by; sessions booked before keep their price. Therapists only,
    /// about their own clients.
    async fn set_price_class(
        &self,
        ctx: &Context<'_>,
        input: super::price_class::SetPriceClassInput,
    ) -> Result<SetPriceClassPayload> {
        let therapist = therapist(ctx).await?;
        let (id, user_errors) = answer(super::price_class::set(app(ctx), &therapist, input).await)?;
        let client = match id {
            Some(id) => Some(ClientRecord(super::of_therapist(app(ctx), id, therapist.id).await?)),
            None => None,
        };
        Ok(SetPriceClassPayload { client, user_errors })
    }
}

/// A relationship has moved to another stage, or its client goes by another name or number.
#[derive(SimpleObject)]
pub struct RelationshipChange {
    /// Which; read it again to see where it is now.
    client_id: ClientId,
}

/// Live news about relationships.
#[derive(Default)]
pub struct ClientSubscription;

#[Subscription]
impl ClientSubscription {
    /// Says when a relationship of yours has moved to another stage, or its client goes by another name or number. Signed-in
    /// clients and therapists. It completes when news may have been missed: subscribe and read again.
    async fn relationship_changed(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = RelationshipChange> + use<>> {
        let viewer = viewer(ctx)?;
        let app = app(ctx).clone();
        let own_client = super::of_viewer(&app, viewer.user_id).await?.map(|client| client.id);
        let own_therapist = practice::therapist_of_user(&app, viewer.user_id).await?.map(|therapist| therapist.id);
        let events = app.bus.listen();
        Ok(futures_util::stream::unfold(events, move |mut events| async move {
            loop {
                match events.next().await? {
                    Event::ClientChanged { client_id, therapist_id }
                        if own_client == Some(client_id) || own_therapist == Some(therapist_id) =>
                    {
                        return Some((RelationshipChange { client_id }, events));
                    }
                    // Nobody knows what was missed: whoever listens subscribes and reads again.
                    Event::Missed => return None,
                    _ => {}
                }
            }
        }))
    }
}
