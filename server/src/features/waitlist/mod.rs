//! The waitlist: who would like which time, and freed time that is kept for one of them.

pub mod answering;
pub mod graphql;
pub mod interest;
pub mod offering;
mod store;
pub mod wishing;

use crate::app::App;
use crate::db::Conn;
use crate::error::Result;
use shared::ids::{BookingId, ClientId, OccupancyId, OfferId, SessionTypeId, TherapistId, WishId};
use shared::stage::Stage;
use shared::time::Instant;
use shared::waitlist::{ANSWER_DAYS, Wish};
use sqlx::types::Json;

/// Where a wish stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type, async_graphql::Enum)]
#[sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WishState {
    /// Time that suits is offered.
    Waiting,
    /// Nothing is offered until the therapist says so.
    Paused,
    /// It came true.
    Done,
    /// Whoever had it took it back.
    Left,
    /// Nothing can suit it any more.
    Over,
}

/// What somebody waits for, with what decides between them and others.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WaitingWish {
    /// Which.
    pub id: WishId,
    /// Whose.
    pub client_id: ClientId,
    /// With whom.
    pub therapist_id: TherapistId,
    /// What.
    pub session_type_id: SessionTypeId,
    /// When it would suit.
    pub wish: Json<Wish>,
    /// The session that moves when an offer is taken.
    pub instead_of: Option<BookingId>,
    /// When that session begins, while it is in the calendar.
    pub instead_of_starts_at: Option<Instant>,
    /// The therapist's own word; higher goes first.
    pub priority: i64,
    /// Where it stands.
    pub state: WishState,
    /// Since when.
    pub since: Instant,
    /// When they last said that they still wait, since they joined.
    pub confirmed_at: Option<Instant>,
    /// When they were asked and have not answered since.
    pub asked_at: Option<Instant>,
    /// When it was taken off the list because they did not answer.
    pub lapsed_at: Option<Instant>,
    /// What to call whoever waits.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// The zone they read times in.
    pub time_zone: String,
    /// Where the relationship is.
    pub stage: Stage,
    /// Their last session, if they had one.
    pub last_session: Option<Instant>,
    /// Their next session, if they have one.
    pub next_session: Option<Instant>,
}

impl WaitingWish {
    /// When they joined or last said that they wait.
    pub fn said_at(&self) -> Instant {
        self.confirmed_at.unwrap_or(self.since)
    }

    /// Until when an answer is awaited, once they were asked.
    pub fn asked_until(&self) -> Option<Instant> {
        let stands = matches!(self.state, WishState::Waiting | WishState::Paused);
        let asked = self.asked_at.filter(|_| stands)?;
        Some(asked.plus_minutes(ANSWER_DAYS * 24 * 60))
    }
}

/// Where an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type, async_graphql::Enum)]
#[sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OfferState {
    /// The time is kept until it is answered.
    Open,
    /// It was taken.
    Accepted,
    /// It was left to somebody else.
    Declined,
    /// Nobody answered in time.
    Expired,
    /// The wish was taken back meanwhile.
    Withdrawn,
}

/// A time that was offered to somebody.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Offer {
    /// Which.
    pub id: OfferId,
    /// For which wish.
    pub wish_id: WishId,
    /// With whom.
    pub therapist_id: TherapistId,
    /// When the session would begin.
    pub starts_at: Instant,
    /// When it would end.
    pub ends_at: Instant,
    /// The hold that keeps it.
    pub occupancy_id: OccupancyId,
    /// Where it stands.
    pub state: OfferState,
    /// When it was made.
    pub made_at: Instant,
    /// Until when it is kept.
    pub until: Instant,
    /// The session it became.
    pub booking_id: Option<BookingId>,
}

impl Offer {
    /// Whether it can still be answered.
    pub fn is_open(&self, now: Instant) -> bool {
        self.state == OfferState::Open && now < self.until
    }
}

/// What a client waits for.
pub async fn of_client(app: &App, client: ClientId) -> Result<Vec<WaitingWish>> {
    Ok(store::of_client(&mut app.db.read().await?, client, app.clock.now()).await?)
}

/// The times that are kept for a client now.
pub async fn offers_to(app: &App, client: ClientId) -> Result<Vec<Offer>> {
    Ok(store::open_offers_to(&mut app.db.read().await?, client, app.clock.now()).await?)
}

/// Who waits for a therapist's time, those who wait the longest first.
pub async fn of_therapist(app: &App, therapist: TherapistId) -> Result<Vec<WaitingWish>> {
    Ok(store::of_therapist(&mut app.db.read().await?, therapist, app.clock.now()).await?)
}

/// The times of a therapist that are kept for somebody now.
pub async fn offers_of(app: &App, therapist: TherapistId) -> Result<Vec<Offer>> {
    Ok(store::open_offers_of(&mut app.db.read().await?, therapist, app.clock.now()).await?)
}

/// One wish.
pub async fn wish(conn: &mut Conn, id: WishId, now: Instant) -> Result<Option<WaitingWish>> {
    Ok(store::wish(conn, id, now).await?)
}

/// An offer with the wish it answers.
pub async fn offer(conn: &mut Conn, id: OfferId, now: Instant) -> Result<Option<(Offer, WaitingWish)>> {
    let Some(offer) = store::offer(conn, id).await? else { return Ok(None) };
    Ok(store::wish(conn, offer.wish_id, now).await?.map(|wish| (offer, wish)))
}
