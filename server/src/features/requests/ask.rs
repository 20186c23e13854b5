//! Asking for a session: with an account or without.

use super::{Request, note_place, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::features::accounts::{self, Viewer};
use crate::features::bookings::Seeker;
use crate::features::clients::Client;
use crate::features::practice;
use crate::idempotency;
use crate::jobs::{self, Job};
use shared::contact::EmailAddress;
use shared::ids::{RequestId, TherapistId};
use shared::practice::Gate;
use shared::problem::ErrorCode;
use shared::request::{RequestBookingInput, RequestStatus};
use sqlx::types::Json;
use std::sync::Arc;

/// So many requests of one person or address are open at a time.
const MOST_OPEN: i64 = 3;

/// Who asks.
struct Asker {
    client: Option<Box<Client>>,
    name: String,
    email: String,
    phone: String,
    time_zone: Option<String>,
}

/// Keeps a request and tells the practice. `viewer` is whoever is signed in, `visitor` is whose requests are counted
/// together.
pub async fn request(
    app: &Arc<App>,
    input: RequestBookingInput,
    viewer: Option<Viewer>,
    visitor: String,
) -> Result<RequestId> {
    let seeker = Seeker::of(app, viewer).await?;
    let client = match &seeker {
        Seeker::Client(client) => Some(client.clone()),
        Seeker::Anyone => None,
        Seeker::Staff => {
            let message = "The practice books for somebody from their page.";
            return Err(Error::refused_whole(ErrorCode::Invalid, message));
        }
    };
    Error::unless_fine(input.problems(client.is_none()))?;
    let (catalogue, now) = (practice::catalogue(app).await?, app.clock.now());
    let session_type = seeker.opened(&catalogue, input.session_type_id, now)?;
    if let Some(client) = client.as_ref().filter(|client| !client.stage.opens_discovery())
        && session_type.gate == Gate::Discovery
    {
        return Err(Error::refused("sessionTypeId", ErrorCode::StageLocked, client.why_closed(now)));
    }
    if let Some(wanted) = input.therapist_id
        && catalogue.therapist(wanted).is_none()
    {
        return Err(Error::refused("therapistId", ErrorCode::NotFound, "There is no such therapist."));
    }
    let asker = asker(app, client, &input).await?;
    let address =
        EmailAddress::parse(&asker.email).ok_or_else(|| Error::internal("an address that was fine is not"))?;
    let time_zone = asker.time_zone.unwrap_or_else(|| catalogue.practice.time_zone.clone());
    practice::zones::find("timeZone", &time_zone, app.clock.now())?;
    let id = RequestId(app.clock.new_id());
    let note = input.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    let (now, own_therapist) = (app.clock.now(), asker.client.as_ref().map(|client| client.therapist_id));
    let row = Request {
        id,
        client_id: asker.client.as_ref().map(|client| client.id),
        session_type_id: session_type.id,
        wanted_therapist_id: wanted(input.therapist_id, own_therapist, session_type.gate),
        name: asker.name,
        email: address.as_str().to_owned(),
        phone: asker.phone,
        time_zone,
        weekdays: Json(input.weekdays.clone().unwrap_or_default()),
        bands: Json(input.bands.clone().unwrap_or_default()),
        note: note.map(|note| app.keys.seal(&note_place(id), note.as_bytes())).transpose()?,
        status: RequestStatus::Pending,
        therapist_id: None,
        starts_at: None,
        booking_id: None,
        told: None,
        created_at: now,
        changed_at: now,
    };
    let fingerprint = idempotency::fingerprint(&input)?;
    let canonical = address.canonical();
    let scope = app.keys.pseudonym("requestBooking", &canonical);
    let turns = [app.keys.pseudonym("asker", &canonical), app.keys.pseudonym("visitor", &visitor)];
    let (shared_app, key) = (app.clone(), input.idempotency_key);
    app.db
        .write(move |tx| {
            let (app, row, key, visitor) = (shared_app.clone(), row.clone(), key.clone(), visitor.clone());
            let (fingerprint, scope, canonical) = (fingerprint.clone(), scope.clone(), canonical.clone());
            let turns = turns.clone();
            Box::pin(async move {
                let now = app.clock.now();
                if let Some(earlier) =
                    idempotency::begin::<RequestId>(tx, &scope, key.as_deref(), &fingerprint, now).await?
                {
                    return Ok(earlier);
                }
                for turn in &turns {
                    idempotency::take_turn(tx, turn, now).await?;
                }
                if store::open_of(tx, &canonical, &visitor).await? >= MOST_OPEN {
                    let message = "Several requests are open already. We will answer them, or you can call or write.";
                    return Err(Error::refused_whole(ErrorCode::RateLimited, message));
                }
                store::insert(tx, &row, &canonical, &visitor).await?;
                jobs::enqueue(tx, &app.clock, now, &Job::TellRequest { request_id: row.id }).await?;
                idempotency::remember(tx, &scope, key.as_deref(), &row.id).await?;
                Ok(row.id)
            })
        })
        .await
}

async fn asker(app: &App, client: Option<Box<Client>>, input: &RequestBookingInput) -> Result<Asker> {
    if let Some(client) = client {
        let user = accounts::user(app, client.user_id).await?;
        let (name, email, phone) = (user.name, user.email, user.phone);
        return Ok(Asker { client: Some(client), name, email, phone, time_zone: Some(user.time_zone) });
    }
    let typed = |field: &Option<String>| field.as_deref().unwrap_or_default().trim().to_owned();
    Ok(Asker {
        client: None,
        name: typed(&input.name),
        email: typed(&input.email),
        phone: typed(&input.phone),
        time_zone: input.time_zone.as_deref().map(str::to_owned),
    })
}

/// With whom: paid sessions are with one's own therapist unless somebody else is named.
fn wanted(named: Option<TherapistId>, own: Option<TherapistId>, gate: Gate) -> Option<TherapistId> {
    match gate {
        Gate::Clients => named.or(own),
        Gate::Discovery => named,
    }
}
