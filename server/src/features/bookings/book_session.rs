//! A client books a paid session.

use super::place::{self, Guest, NewSession};
use super::seeker::Seeker;
use super::steps::Doer;
use super::store;
use super::{Booking, slot};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::{self, Viewer};
use crate::features::clients::{self, Client};
use crate::features::intake;
use crate::features::money::{policy, prices};
use crate::features::practice::{self, Catalogue, SessionType, zones};
use crate::idempotency;
use serde::{Deserialize, Serialize};
use shared::booking::{BookingSource, key_problem};
use shared::ids::{BookingId, ClientId, SessionTypeId, TherapistId};
use shared::intake::Occasion;
use shared::money::Money;
use shared::policy::Agreed;
use shared::practice::Gate;
use shared::price::{self, Price, PriceSource};
use shared::problem::ErrorCode;
use shared::stage::{Move, Mover, Stage};
use shared::time::Instant;
use shared::zone::ZoneName;
use std::sync::Arc;

/// Asks for a paid session.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct BookSessionInput {
    /// What is booked; must be open at the stage you are at.
    pub session_type_id: SessionTypeId,
    /// With whom; left out, your own therapist.
    pub therapist_id: Option<TherapistId>,
    /// A start that `availability` offered you.
    pub starts_at: Instant,
    /// The secret a `holdSlot` answered with, if the start was held before.
    pub hold_token: Option<String>,
    /// The price that was shown. If it is another one by now, nothing is booked; left out, whatever it is counts.
    pub shown_price: Option<Money>,
    /// The version of the rules for calling off that were shown. If they are others by now, nothing is booked; left out,
    /// whatever they are counts.
    pub shown_policy_version: Option<i64>,
    /// The zone the session is read in, an IANA name; left out, your own.
    pub time_zone: Option<ZoneName>,
    /// Chosen by the caller; the same key with the same input gives the same booking, however often it is sent.
    pub idempotency_key: Option<String>,
}

/// Books a session for the client who is signed in. It waits for payment where something is to be paid first.
pub async fn book(app: &Arc<App>, input: BookSessionInput, viewer: Viewer) -> Result<Booking> {
    let problem = input.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
    Error::unless_fine(problem.into_iter().collect())?;
    let catalogue = practice::catalogue(app).await?;
    let seeker = Seeker::of(app, Some(viewer)).await?;
    let Seeker::Client(client) = &seeker else {
        let message = "Sessions are booked by clients. The practice books for somebody with createBooking.";
        return Err(Error::refused_whole(ErrorCode::StageLocked, message));
    };
    let session_type = paid(&seeker, &catalogue, input.session_type_id, app.clock.now())?;
    let candidates = seeker.therapists(&catalogue, &session_type, input.therapist_id)?;
    let mut user = accounts::user(app, viewer.user_id).await?;
    if let Some(zone) = input.time_zone.as_deref() {
        zones::find("timeZone", zone, app.clock.now())?;
        user.time_zone = zone.to_owned();
    }
    let fingerprint = idempotency::fingerprint(&BookSessionInput {
        hold_token: None,
        shown_price: None,
        shown_policy_version: None,
        time_zone: None,
        ..input.clone()
    })?;
    let scope = app.keys.pseudonym("bookSession", &client.id.to_string());
    let (client_id, shared_app, input, guest) = (client.id, app.clone(), Arc::new(input), Guest::from(&user));
    let id = app
        .db
        .write(move |tx| {
            let (app, catalogue, session_type) = (shared_app.clone(), catalogue.clone(), session_type.clone());
            let (input, guest, candidates) = (input.clone(), guest.clone(), candidates.clone());
            let (fingerprint, scope) = (fingerprint.clone(), scope.clone());
            Box::pin(async move {
                let (now, key) = (app.clock.now(), input.idempotency_key.as_deref());
                if let Some(earlier) = idempotency::begin::<BookingId>(tx, &scope, key, &fingerprint, now).await? {
                    return Ok(earlier);
                }
                slot::lock(tx, &candidates).await?;
                let kept = slot::consume_hold(tx, input.hold_token.as_deref()).await?;
                let kept = kept.and_then(|kept| slot::as_kept(&kept, &session_type, input.starts_at));
                let session_type = kept.unwrap_or(session_type);
                let client = still_open(tx, client_id, now).await?;
                limit_ahead(tx, &catalogue, client_id, now).await?;
                let therapist_id =
                    slot::admit(tx, &catalogue, &session_type, &candidates, input.starts_at, now).await?;
                let new =
                    session(tx, &app, &catalogue, &client, session_type, &input, guest, therapist_id, viewer).await?;
                let booking = place::put(tx, &app, &catalogue.practice, new).await?;
                begin_care(tx, &app, &client).await?;
                idempotency::remember(tx, &scope, key, &booking.id).await?;
                Ok(booking.id)
            })
        })
        .await?;
    store::booking(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

/// Something a client can book, with what it costs them.
#[derive(Debug, Clone)]
pub struct Bookable {
    /// What it is.
    pub session_type_id: SessionTypeId,
    /// What it costs.
    pub price: Price,
    /// What is paid before it is confirmed.
    pub due_now: Money,
}

/// What a client can book now; nothing below the stage that opens it. What it costs is said for a session that begins at
/// a moment, else for one that begins now.
pub async fn bookable(app: &App, client: &Client, starts_at: Option<Instant>) -> Result<Vec<Bookable>> {
    if !client.standing(app.clock.now()).seen_by_client().opens().sessions {
        return Ok(Vec::new());
    }
    let catalogue = practice::catalogue(app).await?;
    let now = app.clock.now();
    let at = starts_at.unwrap_or(now);
    let day = zones::find("timeZone", &catalogue.practice.time_zone, now)?.civil(at).date;
    let mut conn = app.db.read().await?;
    let mut open = Vec::new();
    for session_type in catalogue.offered().filter(|it| it.visible && it.gate == Gate::Clients) {
        let price = prices::quote(&mut conn, client, session_type, day, at).await?.price;
        open.push(Bookable { session_type_id: session_type.id, price, due_now: due_now(app, session_type, price) });
    }
    Ok(open)
}

/// What would be agreed for a session of this type that begins then; nothing where no type is named or none of that kind is
/// open to the client.
pub async fn agreed_with(
    app: &App,
    client: &Client,
    session_type: Option<SessionTypeId>,
    starts_at: Instant,
) -> Result<Agreed> {
    let Some(wanted) = session_type else { return Ok(Agreed::NOTHING) };
    let open = bookable(app, client, Some(starts_at)).await?;
    let found = open.into_iter().find(|it| it.session_type_id == wanted);
    Ok(found.map_or(Agreed::NOTHING, |it| Agreed::new(it.price.money, it.due_now)))
}

/// What is paid before a session is confirmed. Nothing where a package pays for it, or where no card can be taken.
fn due_now(app: &App, session_type: &SessionType, price: Price) -> Money {
    if price.source == PriceSource::Package || !app.takes_cards() {
        return Money { amount: 0, ..price.money };
    }
    price::due_now(price.money, session_type.prepay, session_type.deposit_amount)
}

fn paid(seeker: &Seeker, catalogue: &Catalogue, id: SessionTypeId, now: Instant) -> Result<SessionType> {
    let session_type = seeker.opened(catalogue, id, now)?;
    if session_type.gate == Gate::Discovery {
        let message = "A first call is booked without an account, with bookDiscovery.";
        return Err(Error::refused("sessionTypeId", ErrorCode::NotOffered, message));
    }
    Ok(session_type)
}

/// The client as they are in this write: the stage may have moved since the page was drawn.
async fn still_open(tx: &mut Tx, id: ClientId, now: Instant) -> Result<Client> {
    let client = clients::get(tx, id).await?.ok_or(Error::NotFound)?;
    if client.standing(now).opens().sessions {
        return Ok(client);
    }
    Err(Error::refused("sessionTypeId", ErrorCode::StageLocked, client.why_closed(now)))
}

async fn limit_ahead(tx: &mut Tx, catalogue: &Catalogue, client: ClientId, now: Instant) -> Result<()> {
    let Some(most) = catalogue.practice.settings.bookings_ahead else { return Ok(()) };
    if store::ahead_of_client(tx, client, now).await? < i64::from(most) {
        return Ok(());
    }
    let message = format!(
        "You have {most} sessions ahead already. You can move one of them, or ask your therapist for a standing place."
    );
    Err(Error::refused_whole(ErrorCode::RateLimited, message))
}

#[expect(clippy::too_many_arguments, reason = "what a session is made of, gathered inside one write")]
async fn session(
    tx: &mut Tx,
    app: &App,
    catalogue: &Catalogue,
    client: &Client,
    session_type: SessionType,
    input: &BookSessionInput,
    guest: Guest,
    therapist_id: TherapistId,
    viewer: Viewer,
) -> Result<NewSession> {
    let now = app.clock.now();
    let day = zones::find("startsAt", &catalogue.practice.time_zone, now)?.civil(input.starts_at).date;
    let quote = prices::quote(tx, client, &session_type, day, input.starts_at).await?;
    let price = price::changed(input.shown_price, quote.price.money);
    let policy = policy::changed(tx, input.shown_policy_version).await?;
    Error::unless_fine(price.into_iter().chain(policy).collect())?;
    let due = due_now(app, &session_type, quote.price).amount;
    let minutes = i64::from(catalogue.practice.settings.payment_minutes);
    let prepayment = (due > 0).then(|| (due, now.plus_minutes(minutes)));
    Ok(NewSession {
        session_type,
        therapist_id,
        client_id: Some(client.id),
        guest,
        starts_at: input.starts_at,
        room: None,
        source: BookingSource::Online,
        quote,
        prepayment,
        series: None,
        doer: Doer::client(Some(viewer.user_id)),
        override_reason: None,
        booked_by: None,
        tells: true,
    })
}

/// With a session booked, an invitation has been taken up, or a break is over. What is missing before a first session is
/// asked for; the session waits for it.
pub(super) async fn begin_care(tx: &mut Tx, app: &App, client: &Client) -> Result<()> {
    if client.stage != Stage::Paused {
        return intake::settle(tx, &app.clock, client.id, Occasion::Booked).await;
    }
    // Somebody who was away for long is taken back by their therapist alone.
    let returns = client.standing(app.clock.now()).opens().sessions;
    let by = if returns { Mover::Client } else { Mover::Therapist };
    clients::make(tx, &app.clock, client, Move::Resume, by, None).await?;
    Ok(())
}
