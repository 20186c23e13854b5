//! Booking a free discovery call, without an account.

use super::place::{self, Guest, NewSession};
use super::seeker::stage_locked;
use super::steps::Doer;
use super::{Booking, manage, outcome, reminders, slot, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::accounts::{self, User, Viewer};
use crate::features::money::prices::Quote;
use crate::features::practice::{Catalogue, SessionType, Therapist};
use crate::features::{clients, practice};
use crate::idempotency;
use crate::jobs::{self, Job};
use crate::keys::Secret;
use shared::actor::Role;
use shared::booking::{BookDiscoveryInput, BookingSource, BookingStatus};
use shared::contact::EmailAddress;
use shared::ids::{BookingId, ClientId, SessionTypeId, TherapistId, UserId};
use shared::practice::Gate;
use shared::problem::ErrorCode;
use shared::stage::Stage;
use std::sync::Arc;

/// A booking just made, and the secret that lets whoever made it call it off.
#[derive(Debug, Clone)]
pub struct Booked {
    /// The booking.
    pub booking: Booking,
    /// For the manage link.
    pub manage: Secret,
}

/// Books a discovery call. `viewer` is whoever is signed in, if anyone is; `visitor` is whose bookings are counted
/// together.
///
/// An address nobody has becomes a user and a client. An address somebody has stays unattached until that person signs
/// in and so proves that it is theirs: the guest neither sees nor changes anything of theirs, and cannot tell.
pub async fn book(
    app: &Arc<App>,
    input: BookDiscoveryInput,
    viewer: Option<Viewer>,
    visitor: String,
) -> Result<Booked> {
    Error::unless_fine(input.problems())?;
    let address =
        EmailAddress::parse(&input.email).ok_or_else(|| Error::internal("an address that was fine is not"))?;
    let catalogue = practice::catalogue(app).await?;
    let session_type = open_to_anyone(&catalogue, input.session_type_id)?;
    let now = app.clock.now();
    let time_zone = input.time_zone.as_deref().unwrap_or(&catalogue.practice.time_zone).to_owned();
    practice::zones::find("timeZone", &time_zone, now)?;
    let candidates = slot::therapists(&catalogue, input.therapist_id)?;
    // A hold may run out between a try and the next; what is booked stays the same.
    let fingerprint = idempotency::fingerprint(&BookDiscoveryInput { hold_token: None, ..input.clone() })?;
    // Somebody else's key is another key.
    let scope = app.keys.pseudonym("bookDiscovery", &address.canonical());
    let turn = app.keys.pseudonym("visitor", &visitor);
    let most = i64::from(app.config.bookings_per_visitor);
    let (shared_app, input) = (app.clone(), Arc::new(input));
    let booking = app
        .db
        .write(move |tx| {
            let (app, input, catalogue, session_type) =
                (shared_app.clone(), input.clone(), catalogue.clone(), session_type.clone());
            let (address, time_zone, candidates) = (address.clone(), time_zone.clone(), candidates.clone());
            let (scope, visitor, fingerprint) = (scope.clone(), visitor.clone(), fingerprint.clone());
            let turn = turn.clone();
            Box::pin(async move {
                let (now, starts_at) = (app.clock.now(), input.starts_at);
                let key = input.idempotency_key.as_deref();
                if let Some(earlier) = idempotency::begin::<BookingId>(tx, &scope, key, &fingerprint, now).await? {
                    return store::booking(tx, earlier).await?.ok_or(Error::NotFound);
                }
                let (mut candidates, mut session_type) = (candidates, session_type);
                if most > 0 {
                    idempotency::take_turn(tx, &turn, now).await?;
                }
                slot::lock(tx, &candidates).await?;
                if let Some(kept) = slot::consume_hold(tx, input.hold_token.as_deref()).await?
                    && let Some(as_kept) = slot::as_kept(&kept, &session_type, starts_at)
                    && candidates.contains(&kept.therapist_id)
                {
                    (candidates, session_type) = (vec![kept.therapist_id], as_kept);
                }
                if most > 0 && store::ahead_of_visitor(tx, &visitor, now, most).await? >= most {
                    let message = "Several calls are booked from here already. Please call or write to us for another.";
                    return Err(Error::refused_whole(ErrorCode::RateLimited, message));
                }
                let therapist_id = slot::admit(tx, &catalogue, &session_type, &candidates, starts_at, now).await?;
                let client_id = client_for(tx, &app, &input, &address, &time_zone, therapist_id, viewer).await?;
                let guest = Guest {
                    name: input.name.trim().to_owned(),
                    email: address.as_str().to_owned(),
                    phone: input.phone.trim().to_owned(),
                    time_zone,
                };
                let new = NewSession {
                    quote: Quote::list(&session_type),
                    session_type,
                    therapist_id,
                    client_id,
                    guest,
                    starts_at,
                    room: None,
                    source: BookingSource::Online,
                    prepayment: None,
                    series: None,
                    doer: Doer::client(viewer.map(|viewer| viewer.user_id)),
                    override_reason: None,
                    booked_by: Some(visitor),
                    tells: true,
                };
                let booking = place::put(tx, &app, &catalogue.practice, new).await?;
                idempotency::remember(tx, &scope, key, &booking.id).await?;
                Ok(booking)
            })
        })
        .await?;
    Ok(Booked { manage: manage::secret(&app.keys, booking.id), booking })
}

/// A session type anyone may book.
fn open_to_anyone(catalogue: &Catalogue, id: SessionTypeId) -> Result<SessionType> {
    let no_such = || Error::refused("sessionTypeId", ErrorCode::NotFound, "There is no such session type.");
    let session_type = catalogue.session_type(id).filter(|it| it.is_offered()).ok_or_else(no_such)?;
    match session_type.gate {
        Gate::Discovery => Ok(session_type.clone()),
        Gate::Clients => Err(stage_locked()),
    }
}

/// Announces a change of a booking to live views at once, and to mailboxes after the outward delay.
pub(super) async fn tell(tx: &mut Tx, app: &App, booking: &Booking) -> Result<()> {
    // News of an earlier change waits for this one.
    jobs::enqueue_no_sooner(tx, &app.clock, app.outward_at(), news_of(booking)).await?;
    place::announce(tx, booking);
    reminders::replan(tx, app, booking, app.clock.now()).await
}

/// Announces a booking that has just come to be, in the same way.
pub(super) async fn tell_of_new(tx: &mut Tx, app: &App, booking: &Booking) -> Result<()> {
    let at = app.outward_at();
    jobs::enqueue_all(tx, &app.clock, news_of(booking).into_iter().map(|job| (at, job)).collect()).await?;
    place::announce(tx, booking);
    reminders::plan_first(tx, app, booking).await
}

/// What tells both sides.
fn news_of(booking: &Booking) -> Vec<Job> {
    let booking_id = booking.id;
    vec![Job::TellClient { booking_id }, Job::TellTherapist { booking_id }]
}

/// Whose booking this will be: a new client's, the signed-in client's own, or nobody's until the mailbox is proven.
async fn client_for(
    tx: &mut Tx,
    app: &App,
    input: &BookDiscoveryInput,
    address: &EmailAddress,
    time_zone: &str,
    therapist_id: TherapistId,
    viewer: Option<Viewer>,
) -> Result<Option<ClientId>> {
    let now = app.clock.now();
    let newcomer = User {
        id: UserId(app.clock.new_id()),
        email: address.as_str().to_owned(),
        name: input.name.trim().to_owned(),
        phone: input.phone.trim().to_owned(),
        time_zone: time_zone.to_owned(),
        role: Role::Client,
        email_proven_at: None,
        disabled_at: None,
    };
    // An address somebody has and one nobody has take the same statements: what is known only decides which rows they
    // make. Nobody learns from how long it takes who is known here.
    accounts::add_unless_known(tx, &newcomer, now).await?;
    let user = accounts::user_by_address(tx, &address.canonical()).await?.ok_or(Error::NotFound)?;
    let own = viewer.filter(|viewer| viewer.user_id == user.id && viewer.role == Role::Client);
    if own.is_none() {
        let stage = Stage::DiscoveryBooked;
        let (id, is_new) = (newcomer.id, user.id == newcomer.id);
        return clients::begin_unless_known(tx, &app.clock, &app.keys, id, is_new, therapist_id, stage).await;
    }
    match clients::of_user(tx, user.id).await? {
        None => {
            let stage = Stage::DiscoveryBooked;
            Ok(Some(clients::begin(tx, &app.clock, &app.keys, user.id, therapist_id, stage).await?.id))
        }
        Some(client) if client.standing(now).opens().discovery => {
            begin_again(tx, app, client, therapist_id, None).await.map(Some)
        }
        Some(client) => Err(Error::refused("sessionTypeId", ErrorCode::StageLocked, client.why_closed(now))),
    }
}

/// Makes bookings of an address the bookings of the user who has proven that it is theirs.
pub async fn adopt(app: &Arc<App>, user_id: UserId) -> Result<()> {
    let user = accounts::user(app, user_id).await?;
    if user.email_proven_at.is_none() || user.role != Role::Client {
        return Ok(());
    }
    let waiting = store::unattached(&mut app.db.read().await?, &user.email.to_ascii_lowercase()).await?;
    for booking_id in waiting {
        let shared_app = app.clone();
        let outcome = app
            .db
            .write(move |tx| {
                let app = shared_app.clone();
                Box::pin(async move { adopt_one(tx, &app, user_id, booking_id).await })
            })
            .await;
        match outcome {
            // Two sessions of one person at one time: a person decides, the software does not.
            Err(Error::Overlap) => {
                tracing::warn!(booking = %booking_id, "a booking stays unattached: its client is busy then")
            }
            other => other?,
        }
    }
    Ok(())
}

/// Makes a call the call of the client whose address it was booked with, because the therapist has recognised them.
pub async fn recognize(app: &Arc<App>, id: BookingId, therapist: &Therapist) -> Result<Booking> {
    let (shared_app, therapist_id, actor) = (app.clone(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let booking = store::booking(tx, id).await?.filter(|booking| booking.therapist_id == therapist_id);
                let booking = booking.ok_or_else(|| super::no_such_booking("bookingId"))?;
                if booking.client_id.is_some() {
                    return Ok(());
                }
                let user = accounts::user_by_address(tx, &booking.guest_email.to_ascii_lowercase()).await?;
                let Some(user) = user.filter(|user| user.role == Role::Client) else {
                    let message = "Nobody has that address as a client. Invite them instead.";
                    return Err(Error::refused("bookingId", ErrorCode::NotFound, message));
                };
                adopt_one(tx, &app, user.id, id).await?;
                audit::record(tx, app.clock.now(), Some(actor), "recognise booking", Some(id.0)).await
            })
        })
        .await?;
    store::booking(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

async fn adopt_one(tx: &mut Tx, app: &App, user_id: UserId, booking_id: BookingId) -> Result<()> {
    let Some(booking) = store::booking(tx, booking_id).await? else { return Ok(()) };
    let client = match clients::of_user(tx, user_id).await? {
        Some(client) => client,
        None => {
            let stage = Stage::DiscoveryBooked;
            clients::begin(tx, &app.clock, &app.keys, user_id, booking.therapist_id, stage).await?
        }
    };
    let client_id = client.id;
    if client.standing(app.clock.now()).opens().discovery && booking.status == BookingStatus::Confirmed {
        begin_again(tx, app, client, booking.therapist_id, Some(user_id)).await?;
    }
    store::attach(tx, booking_id, client_id).await?;
    let attached = Booking { client_id: Some(client_id), ..booking.clone() };
    if matches!(booking.status, BookingStatus::Completed | BookingStatus::NoShow) {
        let took_place = booking.status == BookingStatus::Completed;
        outcome::call_is_over(tx, app, client_id, &attached, took_place, Doer::SYSTEM).await?;
    }
    reminders::replan(tx, app, &attached, booking.created_at).await?;
    let therapist_id = booking.therapist_id;
    tx.announce(Event::BookingChanged { booking_id, therapist_id, client_id: Some(client_id) });
    Ok(())
}

/// Somebody who has been in touch before books a first call again: they are the client of whoever they will talk to.
async fn begin_again(
    tx: &mut Tx,
    app: &App,
    client: clients::Client,
    therapist_id: TherapistId,
    actor: Option<UserId>,
) -> Result<ClientId> {
    let client = clients::hand_over(tx, client, therapist_id).await?;
    clients::move_on(tx, &app.clock, &client, Stage::DiscoveryBooked, actor).await?;
    Ok(client.id)
}
