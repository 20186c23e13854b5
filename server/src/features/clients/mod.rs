//! The care relationship with each person: its stage, and what the therapist decides.

pub mod change_stage;
pub mod decide;
pub mod graphql;
pub mod history;
pub mod price_class;
mod store;

use crate::app::App;
use crate::audit;
use crate::clock::Clock;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::accounts::Viewer;
use crate::features::practice::{self, Therapist};
use crate::keys::{self, Keys};
use shared::actor::Role;
use shared::ids::{ClientId, TherapistId, UserId};
use shared::price::PriceClass;
use shared::problem::ErrorCode;
use shared::stage::{Move, Mover, News, Stage, StageWords, Standing, returns_until};
use shared::time::Instant;

/// The relationship with one person.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Client {
    /// Which.
    pub id: ClientId,
    /// The person.
    pub user_id: UserId,
    /// Who sees them.
    pub therapist_id: TherapistId,
    /// Where the relationship is.
    pub stage: Stage,
    /// Since when.
    pub stage_since: Instant,
    /// When the discovery call took place.
    pub discovery_completed_at: Option<Instant>,
    /// Which of the practice's price lists they pay by.
    pub price_class: PriceClass,
    /// 32 bytes under the master key; what is encrypted for this client uses them.
    pub sealed_key: Vec<u8>,
    /// The letter with referrals, encrypted.
    pub letter: Option<Vec<u8>>,
    /// Where they believe it to be, while news of another stage waits. The same stage is no news: what was done has been
    /// undone.
    pub untold_from: Option<Stage>,
    /// When that news leaves.
    pub news_at: Option<Instant>,
    /// Until when they come back from their break without a call.
    pub return_until: Option<Instant>,
}

impl Client {
    /// Where the relationship stands at a moment.
    pub fn standing(&self, now: Instant) -> Standing {
        let news = self.untold_from.zip(self.news_at).map(|(believed, leaves_at)| News { believed, leaves_at });
        Standing { stage: self.stage, since: self.stage_since, returns_until: self.return_until, now, news }
    }

    /// What the client is told about where things stand at a moment.
    pub fn words_for_client(&self, now: Instant) -> StageWords {
        self.standing(now).seen_by_client().stage.for_client()
    }

    /// What the client is told who asks for something that is not open where things stand, with
    /// [`ErrorCode::StageLocked`].
    pub fn why_closed(&self, now: Instant) -> String {
        let words = self.words_for_client(now);
        format!("{} {}", words.now, words.next)
    }
}

/// A client as a list shows them.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct ClientRow {
    /// Which.
    pub id: ClientId,
    /// What to call them.
    pub name: String,
    /// Where the relationship is.
    pub stage: Stage,
    /// Since when.
    pub stage_since: Instant,
}

/// The client a user is, if they are one.
pub async fn of_user(conn: &mut Conn, user_id: UserId) -> Result<Option<Client>> {
    Ok(store::of_user(conn, user_id).await?)
}

/// One client.
pub async fn get(conn: &mut Conn, id: ClientId) -> Result<Option<Client>> {
    Ok(store::client(conn, id).await?)
}

/// One client of this therapist; anyone else's does not exist for her.
pub async fn of_therapist(app: &App, id: ClientId, therapist: TherapistId) -> Result<Client> {
    let client = store::client(&mut app.db.read().await?, id).await?;
    client.filter(|client| client.therapist_id == therapist).ok_or(Error::NotFound)
}

/// One client of this therapist, for her to read: the reading is noted in the audit trail.
pub async fn read_by_staff(app: &App, id: ClientId, therapist: &Therapist) -> Result<Client> {
    let client = of_therapist(app, id, therapist.id).await?;
    let (now, actor) = (app.clock.now(), therapist.user_id);
    app.db
        .write(move |tx| Box::pin(async move { audit::record(tx, now, Some(actor), "read client", Some(id.0)).await }))
        .await?;
    Ok(client)
}

/// Where several relationships are, in one statement.
pub async fn stages(conn: &mut Conn, ids: &[ClientId]) -> Result<Vec<(ClientId, Stage)>> {
    Ok(store::stages(conn, ids).await?)
}

/// Those of these clients with whom a therapist began to work without waiting for what was missing.
pub async fn began_by_hand(conn: &mut Conn, ids: &[ClientId]) -> Result<Vec<ClientId>> {
    Ok(store::began_by_hand(conn, ids).await?)
}

/// The client somebody who is signed in is, if they are one.
pub async fn of_viewer(app: &App, user_id: UserId) -> Result<Option<Client>> {
    of_user(&mut app.db.read().await?, user_id).await
}

/// The client who is signed in; nobody else passes.
pub async fn own_client(app: &App, viewer: Viewer) -> Result<Client> {
    if viewer.role != Role::Client {
        return Err(Error::Forbidden);
    }
    of_viewer(app, viewer.user_id).await?.ok_or(Error::Forbidden)
}

/// A therapist's clients by name; `search` is part of a name or an address, `after` is the id the last page ended with.
pub async fn list(
    app: &App,
    therapist: TherapistId,
    stage: Option<Stage>,
    search: Option<&str>,
    after: Option<ClientId>,
    limit: i64,
) -> Result<Vec<ClientRow>> {
    Ok(store::list(&mut app.db.read().await?, therapist, stage, search, after, limit).await?)
}

/// Begins a relationship.
pub async fn begin(
    tx: &mut Tx,
    clock: &Clock,
    keys: &Keys,
    user_id: UserId,
    therapist_id: TherapistId,
    stage: Stage,
) -> Result<Client> {
    let client = newly(clock, keys, user_id, therapist_id, stage)?;
    store::insert(tx, &client).await?;
    store::insert_move(tx, clock.new_id(), client.id, None, stage, None, client.stage_since).await?;
    tx.announce(Event::ClientChanged { client_id: client.id, therapist_id });
    Ok(client)
}

/// Begins a relationship with somebody who may not be there: a user who is not new, because the address is somebody
/// else's. The same statements either way; answers it if it has begun.
pub async fn begin_unless_known(
    tx: &mut Tx,
    clock: &Clock,
    keys: &Keys,
    user_id: UserId,
    is_new: bool,
    therapist_id: TherapistId,
    stage: Stage,
) -> Result<Option<ClientId>> {
    let client = newly(clock, keys, user_id, therapist_id, stage)?;
    store::insert_if_user(tx, &client).await?;
    store::insert_first_move_if_client(tx, clock.new_id(), &client).await?;
    // A live view that reads again for nothing is no news to anybody.
    tx.announce(Event::ClientChanged { client_id: client.id, therapist_id });
    Ok(is_new.then_some(client.id))
}

fn newly(clock: &Clock, keys: &Keys, user_id: UserId, therapist_id: TherapistId, stage: Stage) -> Result<Client> {
    let id = ClientId(clock.new_id());
    Ok(Client {
        id,
        user_id,
        therapist_id,
        stage,
        stage_since: clock.now(),
        discovery_completed_at: None,
        price_class: PriceClass::Domestic,
        sealed_key: keys.seal(&key_place(id), &keys::random::<32>()?)?,
        letter: None,
        untold_from: None,
        news_at: None,
        return_until: None,
    })
}

/// Makes a move, if it may be made by this side from where the relationship is now. Answers with where it is then.
pub async fn make(
    tx: &mut Tx,
    clock: &Clock,
    client: &Client,
    step: Move,
    by: Mover,
    actor: Option<UserId>,
) -> Result<Client> {
    let now = clock.now();
    let to = client
        .standing(now)
        .after(step, by)
        .map_err(|refusal| Error::refused("clientId", ErrorCode::StageLocked, refusal.words()))?;
    if by == Mover::Client && client.untold_from.is_some() {
        // Whoever goes on from there has seen where it is.
        mark_told(tx, client).await?;
    }
    move_on(tx, clock, client, to, actor).await?;
    Ok(Client { stage: to, stage_since: now, ..client.clone() })
}

/// Moves on to the decision after the discovery call, if none has been taken.
pub async fn discovery_over(
    tx: &mut Tx,
    clock: &Clock,
    client: &Client,
    by: Mover,
    actor: Option<UserId>,
) -> Result<()> {
    if client.standing(clock.now()).after(Move::CompleteDiscovery, by).is_ok() {
        make(tx, clock, client, Move::CompleteDiscovery, by, actor).await?;
    }
    Ok(())
}

/// Makes somebody another therapist's client; nothing happens if they are hers already.
pub async fn hand_over(tx: &mut Tx, client: Client, therapist_id: TherapistId) -> Result<Client> {
    if client.therapist_id == therapist_id {
        return Ok(client);
    }
    store::set_therapist(tx, client.id, therapist_id).await?;
    tx.announce(Event::ClientChanged { client_id: client.id, therapist_id: client.therapist_id });
    Ok(Client { therapist_id, ..client })
}

/// Sets which of the practice's price lists a client pays by.
pub async fn set_price_class(tx: &mut Tx, id: ClientId, class: PriceClass) -> Result<()> {
    Ok(store::set_price_class(tx, id, class).await?)
}

/// Moves a relationship on, if it is still where the caller saw it. There must be a move that leads there.
pub async fn move_on(tx: &mut Tx, clock: &Clock, client: &Client, to: Stage, actor: Option<UserId>) -> Result<()> {
    if Move::between(client.stage, to).is_none() {
        return Err(Error::internal(format!("nothing leads from {:?} to {to:?}", client.stage)));
    }
    let now = clock.now();
    let return_until = match to {
        Stage::Paused => Some(returns_until(now, practice::in_write(tx).await?.settings.return_months)),
        _ => None,
    };
    if store::set_stage(tx, client.id, client.stage, to, now, return_until).await? == 0 {
        return Err(Error::Unavailable("the stage was changed at the same time".into()));
    }
    store::insert_move(tx, clock.new_id(), client.id, Some(client.stage), to, actor, now).await?;
    tx.announce(Event::ClientChanged { client_id: client.id, therapist_id: client.therapist_id });
    Ok(())
}

/// Notes that the discovery call took place, unless it has been noted before.
pub async fn note_discovery(tx: &mut Tx, id: ClientId, at: Instant) -> Result<()> {
    Ok(store::set_discovery_completed(tx, id, at).await?)
}

/// Takes back that a discovery call took place then: it was missed.
pub async fn unnote_discovery(tx: &mut Tx, id: ClientId, at: Instant) -> Result<()> {
    Ok(store::clear_discovery_completed(tx, id, at).await?)
}

/// Leaves the letter with referrals, encrypted for this client alone.
pub async fn leave_letter(tx: &mut Tx, keys: &Keys, client: &Client, letter: &str) -> Result<()> {
    let sealed = keys::seal_with(&key_of(keys, client)?, &letter_place(client.id), letter.trim().as_bytes())?;
    Ok(store::set_letter(tx, client.id, sealed).await?)
}

/// The letter the therapist left, decrypted.
pub fn letter(keys: &Keys, client: &Client) -> Result<Option<String>> {
    let Some(sealed) = &client.letter else { return Ok(None) };
    let plain = keys::open_with(&key_of(keys, client)?, &letter_place(client.id), sealed)?;
    String::from_utf8(plain).map(Some).map_err(|_| Error::internal("a letter is not text"))
}

/// Encrypts what only this place may hold, with the key of one client: once that is destroyed, nobody reads it again.
pub fn seal(keys: &Keys, client: &Client, place: &str, plain: &[u8]) -> Result<Vec<u8>> {
    keys::seal_with(&key_of(keys, client)?, place, plain)
}

/// Decrypts what was sealed for this place with the key of this client.
pub fn open(keys: &Keys, client: &Client, place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
    keys::open_with(&key_of(keys, client)?, place, sealed)
}

/// Notes where a client believes the relationship to be, before it moves on and until they are told.
async fn note_untold(tx: &mut Tx, client: &Client, now: Instant, leaves_at: Instant) -> Result<()> {
    let believed = client.standing(now).seen_by_client().stage;
    Ok(store::note_untold(tx, client.id, believed, leaves_at).await?)
}

/// Notes that a client knows where the relationship is.
pub async fn mark_told(tx: &mut Tx, client: &Client) -> Result<()> {
    tx.announce(Event::ClientChanged { client_id: client.id, therapist_id: client.therapist_id });
    Ok(store::settle_news(tx, client, history::MoveNews::Known).await?)
}

/// Notes that there was no news: what was done has been undone, and the client never hears of it.
pub async fn mark_silence(tx: &mut Tx, client: &Client) -> Result<()> {
    Ok(store::settle_news(tx, client, history::MoveNews::Silence).await?)
}

fn key_of(keys: &Keys, client: &Client) -> Result<[u8; 32]> {
    keys.open_sealed(&key_place(client.id), &client.sealed_key)?
        .try_into()
        .map_err(|_| Error::internal("a client's key does not have 32 bytes"))
}

fn key_place(id: ClientId) -> String {
    format!("clients/sealed_key/{id}")
}

fn letter_place(id: ClientId) -> String {
    format!("clients/letter/{id}")
}
