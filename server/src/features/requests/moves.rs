//! What becomes of a request. Every move compares where it is and sets where it goes: of two at once, one counts.

use super::{Request, no_such_request, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::bookings::kept::{self, Deal};
use crate::features::bookings::steps::Doer;
use crate::features::clients::{self, Client};
use crate::features::practice::{self, Catalogue, Therapist};
use crate::features::{bookings, clients as relationships};
use crate::jobs::{self, Job};
use serde::{Deserialize, Serialize};
use shared::booking::{BookingSource, BookingStatus};
use shared::ids::{BookingId, RequestId, TherapistId, UserId};
use shared::practice::Gate;
use shared::problem::ErrorCode;
use shared::request::{RequestMove, RequestStatus};
use shared::stage::Stage;
use shared::time::{Instant, TimeRange};
use std::sync::Arc;

/// Names a therapist and a start for a request.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct AssignBookingInput {
    /// Which request.
    pub request_id: RequestId,
    /// Who would see them.
    pub therapist_id: TherapistId,
    /// When the session would begin.
    pub starts_at: Instant,
}

/// So many requests are settled in one turn.
const SETTLED_AT_ONCE: i64 = 100;

/// Names a therapist and a start. She is asked; nothing is in the calendar yet.
pub async fn assign(app: &Arc<App>, viewer: Viewer, input: AssignBookingInput) -> Result<RequestId> {
    let catalogue = practice::catalogue(app).await?;
    if catalogue.therapist(input.therapist_id).is_none() {
        return Err(Error::refused("therapistId", ErrorCode::NotFound, "There is no such therapist."));
    }
    if input.starts_at <= app.clock.now() {
        return Err(Error::refused("startsAt", ErrorCode::Invalid, "Choose a time that is still to come."));
    }
    let (shared_app, actor, id) = (app.clone(), viewer.user_id, input.request_id);
    app.db
        .write(move |tx| {
            let (app, catalogue, input) = (shared_app.clone(), catalogue.clone(), input.clone());
            Box::pin(async move {
                let now = app.clock.now();
                let request = advance(tx, &app, id, RequestMove::Assign).await?;
                let session_type = catalogue.session_type(request.session_type_id).ok_or(Error::NotFound)?;
                let ends_at = input.starts_at.plus_minutes(session_type.minutes);
                let range = TimeRange { starts_at: input.starts_at, ends_at };
                if !kept::is_free(tx, input.therapist_id, range, now).await? {
                    let message = "Something else is in the calendar then. Choose another time.";
                    return Err(Error::refused("startsAt", ErrorCode::SlotTaken, message));
                }
                store::set_proposal(tx, id, Some(input.therapist_id), Some(input.starts_at)).await?;
                audit::record(tx, now, Some(actor), "assign request", Some(id.0)).await?;
                jobs::enqueue(tx, &app.clock, now, &Job::TellRequest { request_id: id }).await?;
                Ok(id)
            })
        })
        .await
}

/// The therapist says yes to the time.
pub async fn accept(app: &Arc<App>, therapist: &Therapist, id: RequestId) -> Result<RequestId> {
    answer_as(app, therapist, id, RequestMove::Accept).await
}

/// The therapist says no: somebody else is sought.
pub async fn decline(app: &Arc<App>, therapist: &Therapist, id: RequestId) -> Result<RequestId> {
    answer_as(app, therapist, id, RequestMove::Decline).await
}

async fn answer_as(app: &Arc<App>, therapist: &Therapist, id: RequestId, made: RequestMove) -> Result<RequestId> {
    let (shared_app, therapist_id, actor) = (app.clone(), therapist.id, therapist.user_id);
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let asked = store::request(tx, id).await?.filter(|asked| asked.therapist_id == Some(therapist_id));
                asked.ok_or_else(no_such_request)?;
                advance(tx, &app, id, made).await?;
                if made == RequestMove::Decline {
                    store::set_proposal(tx, id, None, None).await?;
                }
                let deed = if made == RequestMove::Accept { "accept request" } else { "decline request" };
                let now = app.clock.now();
                audit::record(tx, now, Some(actor), deed, Some(id.0)).await?;
                jobs::enqueue(tx, &app.clock, now, &Job::TellRequest { request_id: id }).await?;
                Ok(id)
            })
        })
        .await
}

/// Puts the session in the calendar. Whoever asked is told like everybody who has booked.
pub async fn confirm(app: &Arc<App>, viewer: Viewer, id: RequestId) -> Result<BookingId> {
    let catalogue = practice::catalogue(app).await?;
    let (shared_app, actor) = (app.clone(), viewer.user_id);
    let confirmed = app
        .db
        .write(move |tx| {
            let (app, catalogue) = (shared_app.clone(), catalogue.clone());
            Box::pin(async move {
                let request = advance(tx, &app, id, RequestMove::Confirm).await?;
                let booking = place(tx, &app, &catalogue, &request, actor).await?;
                store::set_booking(tx, id, booking).await?;
                audit::record(tx, app.clock.now(), Some(actor), "confirm request", Some(id.0)).await?;
                Ok(booking)
            })
        })
        .await;
    match confirmed {
        Err(Error::Overlap) => {
            let message = "Something else is in the calendar by now. Choose another time for this request.";
            Err(Error::refused("startsAt", ErrorCode::SlotTaken, message))
        }
        confirmed => confirmed,
    }
}

async fn place(
    tx: &mut Tx,
    app: &Arc<App>,
    catalogue: &Catalogue,
    request: &Request,
    actor: UserId,
) -> Result<BookingId> {
    let (Some(therapist_id), Some(starts_at)) = (request.therapist_id, request.starts_at) else {
        return Err(Error::internal("a request was accepted without a time"));
    };
    let session_type = catalogue.session_type(request.session_type_id).ok_or(Error::NotFound)?;
    if starts_at <= app.clock.now() {
        return Err(Error::refused("startsAt", ErrorCode::Invalid, "This time is over. Choose another."));
    }
    practice::lock_therapist(tx, therapist_id).await?;
    let deal = Deal {
        therapist_id,
        starts_at,
        source: BookingSource::Request,
        doer: Doer::practice(actor),
        asks_payment: false,
        shown_price: None,
    };
    let client = match request.client_id {
        Some(id) => clients::get(tx, id).await?,
        None => None,
    };
    let Some(client) = client else {
        let guest = kept::Visitor {
            name: request.name.clone(),
            email: request.email.clone(),
            phone: request.phone.clone(),
            time_zone: request.time_zone.clone(),
        };
        return Ok(kept::book_for_visitor(tx, app, catalogue, guest, session_type, deal).await?.id);
    };
    let opens = client.standing(app.clock.now()).opens();
    let is_open = match session_type.gate {
        Gate::Clients => opens.sessions,
        Gate::Discovery => opens.discovery,
    };
    if !is_open {
        let message = format!("{}: this session is not open at that stage.", client.stage.for_therapist().now);
        return Err(Error::refused_whole(ErrorCode::StageLocked, message));
    }
    let booking = kept::book_for(tx, app, catalogue, &client, session_type, deal).await?;
    if session_type.gate == Gate::Discovery {
        relationships::move_on(tx, &app.clock, &client, Stage::DiscoveryBooked, Some(actor)).await?;
    }
    Ok(booking.id)
}

/// Closes a request: the practice has no time, and whoever asked is told kindly.
pub async fn close(app: &Arc<App>, viewer: Viewer, id: RequestId) -> Result<RequestId> {
    let (shared_app, actor) = (app.clone(), viewer.user_id);
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let now = app.clock.now();
                let before = store::request(tx, id).await?.ok_or_else(no_such_request)?;
                if before.status == RequestStatus::Confirmed {
                    return Err(Error::refused("requestId", ErrorCode::AlreadyDone, IN_CALENDAR));
                }
                advance(tx, &app, id, RequestMove::Cancel).await?;
                audit::record(tx, now, Some(actor), "close request", Some(id.0)).await?;
                let later = app.outward_at();
                jobs::enqueue(tx, &app.clock, later, &Job::TellRequest { request_id: id }).await?;
                Ok(id)
            })
        })
        .await
}

const IN_CALENDAR: &str = "It is in the calendar already. Call the session off there.";

/// A client takes their own request back; nobody is mailed about it.
pub async fn withdraw(app: &Arc<App>, client: &Client, id: RequestId) -> Result<RequestId> {
    let (shared_app, client_id) = (app.clone(), client.id);
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let own = store::request(tx, id).await?.filter(|own| own.client_id == Some(client_id));
                let own = own.ok_or_else(no_such_request)?;
                match own.status {
                    RequestStatus::Cancelled => return Ok(id),
                    RequestStatus::Confirmed => {
                        return Err(Error::refused("requestId", ErrorCode::AlreadyDone, IN_CALENDAR));
                    }
                    _ => {}
                }
                advance(tx, &app, id, RequestMove::Cancel).await?;
                store::set_told(tx, id, told(RequestStatus::Cancelled)).await?;
                Ok(id)
            })
        })
        .await
}

/// Follows sessions that came of requests: what took place is completed, what was called off is closed.
pub async fn settle(app: &Arc<App>) -> Result<()> {
    let shared_app = app.clone();
    app.db
        .write(move |tx| {
            let app = shared_app.clone();
            Box::pin(async move {
                let delay = i64::from(app.config.outward_delay_minutes);
                let settled = app.clock.now().plus_minutes(-delay);
                for request in store::confirmed(tx, settled, SETTLED_AT_ONCE).await? {
                    let booking = match request.booking_id {
                        Some(id) => bookings::get(tx, id).await?,
                        None => None,
                    };
                    let made = match booking.map(|booking| booking.status) {
                        Some(BookingStatus::Completed | BookingStatus::NoShow) => RequestMove::Complete,
                        Some(BookingStatus::Cancelled | BookingStatus::Expired) => RequestMove::Cancel,
                        _ => continue,
                    };
                    advance(tx, &app, request.id, made).await?;
                    store::set_told(tx, request.id, told(RequestStatus::Completed)).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Makes one move, if it can be made and nobody else was quicker. Answers the request as it was before.
async fn advance(tx: &mut Tx, app: &App, id: RequestId, made: RequestMove) -> Result<Request> {
    let request = store::request(tx, id).await?.ok_or_else(no_such_request)?;
    let moved = match request.status.after(made) {
        Some(next) => store::move_on(tx, id, request.status, next, app.clock.now()).await?,
        None => 0,
    };
    if moved == 0 {
        let message = format!("This request stands elsewhere by now: {}.", request.status.words().to_lowercase());
        return Err(Error::refused("requestId", ErrorCode::AlreadyDone, message));
    }
    Ok(request)
}

/// Notes what people were told of.
pub async fn note_told(tx: &mut Tx, id: RequestId, status: RequestStatus) -> Result<()> {
    Ok(store::set_told(tx, id, told(status)).await?)
}

/// A status as a note of what was told.
pub fn told(status: RequestStatus) -> String {
    format!("{status:?}").to_uppercase()
}
