//! Requests, as whoever asks and the practice see them.

use super::moves::{self, AssignBookingInput};
use super::{Request, ask};
use crate::error::Error;
use crate::features::accounts::Viewer;
use crate::features::bookings::kept;
use crate::features::bookings::{Booking, Slot};
use crate::features::clients::Client;
use crate::features::practice::graphql::{SessionType, Therapist};
use crate::features::{bookings, clients, practice};
use crate::graphql::{answer, app, caller, signed_in, therapist, viewer};
use crate::limits::visitor_key;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use shared::actor::Role;
use shared::ids::{BookingId, ClientId, RequestId};
use shared::problem::UserError;
use shared::request::{RequestBookingInput, RequestStatus};
use shared::time::{Instant, Weekday};
use shared::waitlist::HourBand;
use shared::zone::ZoneName;

/// How many free starts are suggested for one request.
const SUGGESTIONS: usize = 4;

/// A request, as whoever made it sees it.
pub struct OwnRequest(pub Request);

/// Something you have asked for.
#[Object]
impl OwnRequest {
    /// Which.
    async fn id(&self) -> RequestId {
        self.0.id
    }
    /// What you asked for.
    async fn session_type(&self, ctx: &Context<'_>) -> Result<Option<SessionType>> {
        Ok(SessionType::find(&practice::catalogue(app(ctx)).await?, self.0.session_type_id))
    }
    /// Where it stands.
    async fn status(&self) -> RequestStatus {
        self.0.status
    }
    /// Where it stands, in a sentence.
    async fn now(&self) -> &str {
        match self.0.status {
            RequestStatus::Pending | RequestStatus::Matched | RequestStatus::Accepted => {
                "We are looking for a time that suits you."
            }
            RequestStatus::Confirmed => "A time is found: it is in your appointments.",
            RequestStatus::Completed => "It took place.",
            RequestStatus::Cancelled => "It is closed.",
        }
    }
    /// When you asked.
    async fn created_at(&self) -> Instant {
        self.0.created_at
    }
}

/// A request, as the practice sees it.
pub struct PracticeRequest(pub Request);

/// Somebody asks for a session. Every reading of it is in the audit trail.
#[Object]
impl PracticeRequest {
    /// Which.
    async fn id(&self) -> RequestId {
        self.0.id
    }
    /// What to call them.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Where the answer goes.
    async fn email(&self) -> &str {
        &self.0.email
    }
    /// The number to call.
    async fn phone(&self) -> &str {
        &self.0.phone
    }
    /// The zone they read times in.
    async fn time_zone(&self) -> ZoneName {
        ZoneName::from(self.0.time_zone.as_str())
    }
    /// Whose it is; absent for somebody without an account.
    async fn client_id(&self) -> Option<ClientId> {
        self.0.client_id
    }
    /// What is asked for.
    async fn session_type(&self, ctx: &Context<'_>) -> Result<Option<SessionType>> {
        Ok(SessionType::find(&practice::catalogue(app(ctx)).await?, self.0.session_type_id))
    }
    /// With whom, if they said.
    async fn wanted_therapist(&self, ctx: &Context<'_>) -> Result<Option<Therapist>> {
        let catalogue = practice::catalogue(app(ctx)).await?;
        Ok(self.0.wanted_therapist_id.and_then(|id| Therapist::find(&catalogue, id)))
    }
    /// The days that suit; none means any.
    async fn weekdays(&self) -> &[Weekday] {
        &self.0.weekdays.0
    }
    /// The parts of the day that suit, on their clock; none means any.
    async fn bands(&self) -> Vec<HourBand> {
        self.0.bands.0.clone()
    }
    /// What else there is to know.
    async fn note(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.0.note(&app(ctx).keys)?)
    }
    /// Where it stands.
    async fn status(&self) -> RequestStatus {
        self.0.status
    }
    /// The therapist who is proposed.
    async fn therapist(&self, ctx: &Context<'_>) -> Result<Option<Therapist>> {
        let catalogue = practice::catalogue(app(ctx)).await?;
        Ok(self.0.therapist_id.and_then(|id| Therapist::find(&catalogue, id)))
    }
    /// Whether it is you who is asked for a yes.
    async fn is_yours(&self, ctx: &Context<'_>) -> Result<bool> {
        let own = practice::therapist_of_user(app(ctx), viewer(ctx)?.user_id).await?;
        Ok(own.is_some_and(|own| Some(own.id) == self.0.therapist_id))
    }
    /// The start that is proposed.
    async fn starts_at(&self) -> Option<Instant> {
        self.0.starts_at
    }
    /// The session it became.
    async fn booking_id(&self) -> Option<BookingId> {
        self.0.booking_id
    }
    /// When it was made.
    async fn created_at(&self) -> Instant {
        self.0.created_at
    }
    /// A few free starts that would suit, while nobody is named.
    async fn suggestions(&self, ctx: &Context<'_>) -> Result<Vec<Slot>> {
        if self.0.status != RequestStatus::Pending {
            return Ok(Vec::new());
        }
        let catalogue = practice::catalogue(app(ctx)).await?;
        let Some(session_type) = catalogue.session_type(self.0.session_type_id) else { return Ok(Vec::new()) };
        let now = app(ctx).clock.now();
        let zone = match practice::zones::table(&self.0.time_zone, now) {
            Some(zone) => zone,
            None => practice::zones::find("timeZone", &catalogue.practice.time_zone, now)?,
        };
        let therapists: Vec<_> = match self.0.wanted_therapist_id {
            Some(wanted) => vec![wanted],
            None => catalogue.therapists.iter().map(|therapist| therapist.id).collect(),
        };
        let wish = self.0.wish();
        Ok(kept::suggestions(app(ctx), session_type, &therapists, &wish, &zone, SUGGESTIONS).await?)
    }
}

/// The requests of somebody who is signed in as a client.
pub(crate) async fn own_requests(ctx: &Context<'_>, client: Client) -> Result<Vec<OwnRequest>> {
    Ok(super::of_client(app(ctx), client.id).await?.into_iter().map(OwnRequest).collect())
}

/// The requests the practice reads; the reading is noted.
pub(crate) async fn practice_requests(ctx: &Context<'_>, viewer: Viewer) -> Result<Vec<PracticeRequest>> {
    Ok(super::read_by_staff(app(ctx), viewer).await?.into_iter().map(PracticeRequest).collect())
}

/// Names a request.
#[derive(InputObject)]
pub struct NamedRequestInput {
    /// Which.
    request_id: RequestId,
}

/// Whether a request was made.
#[derive(SimpleObject)]
pub struct RequestBookingPayload {
    /// The request.
    request_id: Option<RequestId>,
    /// Why there is none.
    user_errors: Vec<UserError>,
}

/// What became of a request.
#[derive(SimpleObject)]
pub struct RequestPayload {
    /// The request, where it stands now.
    request: Option<PracticeRequest>,
    /// Why nothing became of it.
    user_errors: Vec<UserError>,
}

/// What became of confirming a request.
#[derive(SimpleObject)]
pub struct ConfirmRequestPayload {
    /// The session in the calendar.
    booking: Option<Booking>,
    /// Why there is none.
    user_errors: Vec<UserError>,
}

/// Whether a request was taken back.
#[derive(SimpleObject)]
pub struct WithdrawRequestPayload {
    /// Whether it is.
    withdrawn: bool,
    /// Why it is not.
    user_errors: Vec<UserError>,
}

fn staff(ctx: &Context<'_>) -> Result<Viewer> {
    let viewer = viewer(ctx)?;
    if viewer.role.is_staff() { Ok(viewer) } else { Err(Error::Forbidden.into()) }
}

async fn now_at(ctx: &Context<'_>, outcome: crate::error::Result<RequestId>) -> Result<RequestPayload> {
    let (id, user_errors) = answer(outcome)?;
    let request = match id {
        Some(id) => super::read(app(ctx), id).await?.map(PracticeRequest),
        None => None,
    };
    Ok(RequestPayload { request, user_errors })
}

/// Changes to requests.
#[derive(Default)]
pub struct RequestMutation;

#[Object]
impl RequestMutation {
    /// Asks for a session that the calendar does not offer. Anyone may ask for a first call; clients ask for what is open
    /// to them.
    async fn request_booking(&self, ctx: &Context<'_>, input: RequestBookingInput) -> Result<RequestBookingPayload> {
        let caller = caller(ctx);
        let visitor = visitor_key(&app(ctx).keys, caller.address);
        let asked = ask::request(app(ctx), input, signed_in(caller.viewer), visitor).await;
        let (request_id, user_errors) = answer(asked)?;
        Ok(RequestBookingPayload { request_id, user_errors })
    }

    /// Takes a request of yours back. Signed-in clients only.
    async fn withdraw_request(&self, ctx: &Context<'_>, input: NamedRequestInput) -> Result<WithdrawRequestPayload> {
        let viewer = viewer(ctx)?;
        let client = match viewer.role {
            Role::Client => clients::of_viewer(app(ctx), viewer.user_id).await?,
            _ => None,
        };
        let client = client.ok_or(Error::Forbidden)?;
        let (done, user_errors) = answer(moves::withdraw(app(ctx), &client, input.request_id).await)?;
        Ok(WithdrawRequestPayload { withdrawn: done.is_some(), user_errors })
    }

    /// Names a therapist and a start for a request. Staff only.
    async fn assign_booking(&self, ctx: &Context<'_>, input: AssignBookingInput) -> Result<RequestPayload> {
        let viewer = staff(ctx)?;
        now_at(ctx, moves::assign(app(ctx), viewer, input).await).await
    }

    /// Says yes to the time proposed to you. The therapist who is named only.
    async fn accept_request(&self, ctx: &Context<'_>, input: NamedRequestInput) -> Result<RequestPayload> {
        let therapist = therapist(ctx).await?;
        now_at(ctx, moves::accept(app(ctx), &therapist, input.request_id).await).await
    }

    /// Says no to the time proposed to you. The therapist who is named only.
    async fn decline_request(&self, ctx: &Context<'_>, input: NamedRequestInput) -> Result<RequestPayload> {
        let therapist = therapist(ctx).await?;
        now_at(ctx, moves::decline(app(ctx), &therapist, input.request_id).await).await
    }

    /// Puts the session of an accepted request in the calendar. Staff only.
    async fn confirm_request(&self, ctx: &Context<'_>, input: NamedRequestInput) -> Result<ConfirmRequestPayload> {
        let viewer = staff(ctx)?;
        let (id, user_errors) = answer(moves::confirm(app(ctx), viewer, input.request_id).await)?;
        let booking = match id {
            Some(id) => bookings::read(app(ctx), id).await?,
            None => None,
        };
        Ok(ConfirmRequestPayload { booking, user_errors })
    }

    /// Closes a request for which there is no time. Whoever asked is told kindly. Staff only.
    async fn close_request(&self, ctx: &Context<'_>, input: NamedRequestInput) -> Result<RequestPayload> {
        let viewer = staff(ctx)?;
        now_at(ctx, moves::close(app(ctx), viewer, input.request_id).await).await
    }
}
