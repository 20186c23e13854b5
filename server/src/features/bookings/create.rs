//! The practice books for somebody: exempt from notice, horizon, hours and caps, never from overlap by accident.

use super::book_session::begin_care;
use super::place::{self, Guest, NewSession};
use super::seeker::Seeker;
use super::steps::Doer;
use super::store;
use super::{Booking, slot};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::features::accounts;
use crate::features::clients;
use crate::features::money::prices::{self, Quote};
use crate::features::practice::{self, SessionType, Therapist, zones};
use crate::idempotency;
use serde::{Deserialize, Serialize};
use shared::booking::{BookingSource, key_problem};
use shared::contact::{LONGEST_REMARK, text_problem};
use shared::ids::{BookingId, ClientId, RoomId, SessionTypeId};
use shared::practice::{Gate, Modality};
use shared::problem::{ErrorCode, UserError};
use shared::session_type::minutes_problem;
use shared::stage::Stage;
use shared::time::Instant;
use std::sync::Arc;

/// Puts a session in the calendar for a client.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct CreateBookingInput {
    /// For whom; one of your own clients.
    pub client_id: ClientId,
    /// What it is.
    pub session_type_id: SessionTypeId,
    /// When it begins. Hours, notice, horizon and caps do not count; what is in the way does.
    pub starts_at: Instant,
    /// How long it is, 5 to 480 minutes; left out, as long as the session type. The price stays.
    pub minutes: Option<i64>,
    /// How it takes place; left out, as the session type does.
    pub modality: Option<Modality>,
    /// In which room, for a session in the practice; left out, in one that is free.
    pub room_id: Option<RoomId>,
    /// Why it may overlap with what is in the way. Only give it when you mean it: it is kept.
    pub override_reason: Option<String>,
    /// Chosen by the caller; the same key with the same input gives the same booking, however often it is sent.
    pub idempotency_key: Option<String>,
}

/// How long ago a session may have begun and still be put in the calendar, in days: to catch up on the week.
const BACK_DAYS: i64 = 31;

impl CreateBookingInput {
    fn problems(&self, now: Instant) -> Vec<UserError> {
        let key = self.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
        let reason = self.override_reason.as_deref();
        let reason = reason.and_then(|reason| text_problem("overrideReason", reason, LONGEST_REMARK));
        let early = (self.starts_at < now.plus_minutes(-BACK_DAYS * 24 * 60)).then(|| {
            UserError::on("startsAt", ErrorCode::Invalid, "This is more than a month ago. Please check the day.")
        });
        [key, minutes_problem(self.minutes), reason, early].into_iter().flatten().collect()
    }
}

/// Books for a client of this therapist.
pub async fn create(app: &Arc<App>, input: CreateBookingInput, therapist: &Therapist) -> Result<Booking> {
    Error::unless_fine(input.problems(app.clock.now()))?;
    let catalogue = practice::catalogue(app).await?;
    let opened = Seeker::Staff.opened(&catalogue, input.session_type_id, app.clock.now())?;
    let session_type = SessionType {
        minutes: input.minutes.unwrap_or(opened.minutes),
        modality: input.modality.unwrap_or(opened.modality),
        ..opened
    };
    if let Some(wanted) = input.room_id {
        Error::unless_fine(room_problem(app, wanted, &session_type).await?.into_iter().collect())?;
    }
    let client = clients::of_therapist(app, input.client_id, therapist.id).await?;
    let user = accounts::user(app, client.user_id).await?;
    let fingerprint = idempotency::fingerprint(&input)?;
    let scope = app.keys.pseudonym("createBooking", &therapist.id.to_string());
    let (shared_app, therapist, input) = (app.clone(), therapist.clone(), Arc::new(input));
    let guest = Guest::from(&user);
    let id = app
        .db
        .write(move |tx| {
            let (app, catalogue, session_type) = (shared_app.clone(), catalogue.clone(), session_type.clone());
            let (input, therapist, guest) = (input.clone(), therapist.clone(), guest.clone());
            let (fingerprint, scope) = (fingerprint.clone(), scope.clone());
            Box::pin(async move {
                let (now, key) = (app.clock.now(), input.idempotency_key.as_deref());
                if let Some(earlier) = idempotency::begin::<BookingId>(tx, &scope, key, &fingerprint, now).await? {
                    return Ok(earlier);
                }
                slot::lock(tx, &[therapist.id]).await?;
                let client = clients::get(tx, input.client_id).await?.ok_or(Error::NotFound)?;
                let is_open = match session_type.gate {
                    Gate::Clients => client.stage.is_together(),
                    Gate::Discovery => client.standing(now).opens().discovery,
                };
                if !is_open {
                    let message =
                        format!("{}: this session is not open at that stage.", client.stage.for_therapist().now);
                    return Err(Error::refused("sessionTypeId", ErrorCode::StageLocked, message));
                }
                let day = zones::find("startsAt", &catalogue.practice.time_zone, now)?.civil(input.starts_at).date;
                let quote = match session_type.gate {
                    Gate::Discovery => Quote::list(&session_type),
                    Gate::Clients => prices::quote(tx, &client, &session_type, day, input.starts_at).await?,
                };
                let reason = input.override_reason.clone().filter(|reason| !reason.trim().is_empty());
                let gate = session_type.gate;
                let new = NewSession {
                    session_type,
                    therapist_id: therapist.id,
                    client_id: Some(client.id),
                    guest,
                    starts_at: input.starts_at,
                    room: input.room_id,
                    source: BookingSource::Practice,
                    quote,
                    prepayment: None,
                    series: None,
                    doer: Doer::practice(therapist.user_id),
                    override_reason: reason.clone(),
                    booked_by: None,
                    tells: true,
                };
                let booking = place::put(tx, &app, &catalogue.practice, new).await?;
                match gate {
                    Gate::Clients => begin_care(tx, &app, &client).await?,
                    Gate::Discovery => {
                        let actor = Some(therapist.user_id);
                        clients::move_on(tx, &app.clock, &client, Stage::DiscoveryBooked, actor).await?;
                    }
                }
                let deed = if reason.is_some() { "create booking over another" } else { "create booking" };
                audit::record(tx, now, Some(therapist.user_id), deed, Some(booking.id.0)).await?;
                idempotency::remember(tx, &scope, key, &booking.id).await?;
                Ok(booking.id)
            })
        })
        .await?;
    store::booking(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)
}

/// Why a room cannot be chosen for a session, whoever is in it.
async fn room_problem(app: &App, wanted: RoomId, session_type: &SessionType) -> Result<Option<UserError>> {
    if session_type.modality != Modality::InPerson {
        let message = "Only a session in the practice takes a room.";
        return Ok(Some(UserError::on("roomId", ErrorCode::Invalid, message)));
    }
    let is_there = practice::rooms::all(app).await?.iter().any(|room| room.id == wanted && room.retired_at.is_none());
    Ok((!is_there).then(|| UserError::on("roomId", ErrorCode::NotFound, "There is no such room.")))
}
