//! Taking back what was just done to a session, as long as nobody has been told of it.

use super::book_discovery::tell;
use super::cancel::reachable;
use super::reschedule::as_booked;
use super::steps::{self, ByWhom, Doer, StepKind};
use super::store::{self, Restored};
use super::{Booking, place, slot, timetable};
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::clients;
use crate::features::money::fees::{self, FeeState};
use crate::features::money::purchases;
use crate::features::practice::{self, Catalogue, SessionType, zones};
use serde::{Deserialize, Serialize};
use shared::booking::BookingStatus;
use shared::ids::{BookingId, RoomId};
use shared::practice::Gate;
use shared::problem::ErrorCode;
use shared::slots::{self, Verdict};
use shared::stage::Stage;
use shared::time::{Instant, TimeRange};
use sqlx::types::Json;
use std::sync::Arc;

/// Takes the last change of a session back: by its manage link, or by its id when signed in.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct TakeChangeBackInput {
    /// The secret at the end of the manage link.
    pub manage_token: Option<String>,
    /// Which, when signed in.
    pub booking_id: Option<BookingId>,
}

/// The last change of a session, while it can be taken back.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Undoable {
    /// What was done.
    pub step: StepKind,
    /// On whose side: the same side can take it back.
    pub by_whom: ByWhom,
    /// Until when. Then news of it leaves.
    pub until: Instant,
    /// What the session was.
    pub(super) was: Json<Was>,
}

/// A session before a change, and what went along with that.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Was {
    pub(super) starts_at: Instant,
    pub(super) ends_at: Instant,
    /// What it blocked, buffers inside.
    blocked: TimeRange,
    room_id: Option<RoomId>,
    override_reason: Option<String>,
    pub(super) reschedules: i64,
    pub(super) client_confirmed_at: Option<Instant>,
    /// What calendars knew, and who had been told.
    pub(super) sequence: i64,
    pub(super) told: Option<i64>,
    pub(super) therapist_told: Option<i64>,
    /// Whether a unit of a package went back.
    pub(super) unit_returned: bool,
    /// Where the relationship stood after the change.
    pub(super) stage: Option<Stage>,
}

impl Was {
    /// What a session is before it is changed.
    pub(super) async fn of(conn: &mut Conn, booking: &Booking) -> Result<Self> {
        let taken = store::blocked_by(conn, booking.id).await?;
        let session = TimeRange { starts_at: booking.starts_at, ends_at: booking.ends_at };
        let (blocked, override_reason) = match taken {
            Some(row) => (TimeRange { starts_at: row.starts_at, ends_at: row.ends_at }, row.override_reason),
            None => (session, None),
        };
        Ok(Was {
            starts_at: booking.starts_at,
            ends_at: booking.ends_at,
            blocked,
            room_id: booking.room_id,
            override_reason,
            reschedules: booking.reschedules,
            client_confirmed_at: booking.client_confirmed_at,
            sequence: booking.calendar_sequence,
            told: booking.told_sequence,
            therapist_told: booking.therapist_told_sequence,
            unit_returned: false,
            stage: None,
        })
    }
}

impl Undoable {
    /// When the session would begin again.
    pub fn starts_at(&self) -> Instant {
        self.was.starts_at
    }

    /// Whether this is what was last done to a session, and can be taken back now.
    fn is_open(&self, booking: &Booking, now: Instant) -> bool {
        let after = if self.step == StepKind::Cancelled { BookingStatus::Cancelled } else { BookingStatus::Confirmed };
        let is_last = booking.calendar_sequence == self.was.sequence + 1 && booking.status == after;
        is_last && now < self.until && now < self.was.starts_at
    }
}

/// Keeps what a session was, inside the write that changes it.
pub(super) async fn remember(
    tx: &mut Tx,
    app: &App,
    id: BookingId,
    step: StepKind,
    by_whom: ByWhom,
    was: Was,
) -> Result<()> {
    let new = Undoable { step, by_whom, until: app.outward_at(), was: Json(was) };
    Ok(store::keep_undo(tx, id, &new, app.clock.now()).await?)
}

/// What of a session can be taken back now, by whoever did it.
pub async fn open(app: &App, booking: &Booking) -> Result<Option<Undoable>> {
    let found = store::undoable(&mut app.db.read().await?, booking.id).await?;
    Ok(found.filter(|change| change.is_open(booking, app.clock.now())))
}

/// Takes the last change of a session back: it is what it was, and nobody who knew it as that hears of it. Refused once
/// news has left, when somebody else did it, and when the old time is not free any more.
pub async fn take_back(app: &Arc<App>, input: TakeChangeBackInput, viewer: Option<Viewer>) -> Result<Booking> {
    let (booking, by) = reachable(app, input.manage_token.as_deref(), input.booking_id, viewer).await?;
    let catalogue = practice::catalogue(app).await?;
    let doer = Doer { by_whom: ByWhom::from(by), actor: viewer.map(|viewer| viewer.user_id) };
    let (shared_app, id) = (app.clone(), booking.id);
    let done = app
        .db
        .write(move |tx| {
            let (app, catalogue) = (shared_app.clone(), catalogue.clone());
            Box::pin(async move { bring_back(tx, &app, &catalogue, id, doer).await })
        })
        .await;
    match done {
        Err(Error::Overlap) => {
            let message =
                "Somebody has taken that time meanwhile, so this cannot be taken back. Please choose another.";
            Err(Error::refused("bookingId", ErrorCode::SlotTaken, message))
        }
        Err(error) => Err(error),
        Ok(()) => store::booking(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound),
    }
}

async fn bring_back(tx: &mut Tx, app: &App, catalogue: &Catalogue, id: BookingId, doer: Doer) -> Result<()> {
    let now = app.clock.now();
    let first = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    slot::lock(tx, &[first.therapist_id]).await?;
    // Read again: whoever held the lock may have changed it.
    let booking = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    let change = store::undoable(tx, id).await?;
    let change = change.filter(|it| it.is_open(&booking, now) && it.by_whom == doer.by_whom).ok_or_else(too_late)?;
    let was = &change.was.0;
    let session_type = as_booked(catalogue, &booking)?;
    let is_called_off = change.step == StepKind::Cancelled;
    if is_called_off {
        undo_cancelling(tx, app, &booking, was, session_type.gate, doer).await?;
    } else if let Some(row) = store::occupancy_of_booking(tx, id).await? {
        slot::use_up(tx, row.id, row.therapist_id).await?;
    }
    slot::clear_holds(tx, booking.therapist_id, was.blocked, now).await?;
    if doer.by_whom == ByWhom::Client && was.override_reason.is_none() {
        still_fits(tx, catalogue, &session_type, &booking, was, now).await?;
    }
    let room_id = match place::room(tx, &session_type, was.room_id, was.blocked, now).await {
        Err(Error::Overlap) => place::room(tx, &session_type, None, was.blocked, now).await?,
        room => room?,
    };
    let local = zones::find("bookingId", &catalogue.practice.time_zone, now)?.civil(was.starts_at);
    let restored =
        Restored { was: change.was.clone(), local_date: local.date, local_time: local.time, room_id, is_called_off };
    if store::restore(tx, id, restored).await? == 0 {
        return Err(Error::Unavailable("the booking was changed at the same time".into()));
    }
    store::forget_undo(tx, id).await?;
    let after = store::booking(tx, id).await?.ok_or(Error::NotFound)?;
    place::occupy(tx, app, &after, was.blocked, was.override_reason.clone()).await?;
    steps::note(tx, &app.clock, id, StepKind::TakenBack, doer, None, None).await?;
    if doer.by_whom == ByWhom::Practice {
        audit::record(tx, now, doer.actor, "take change of booking back", Some(id.0)).await?;
    }
    tell(tx, app, &after).await
}

/// What calling off brought with it goes back too: the fee, the unit of a package, the stage.
async fn undo_cancelling(tx: &mut Tx, app: &App, booking: &Booking, was: &Was, gate: Gate, doer: Doer) -> Result<()> {
    if fees::of_booking(tx, booking.id).await?.is_some_and(|fee| fee.state != FeeState::Proposed) {
        let message = "The fee for calling it off has been decided about, so this cannot be taken back.";
        return Err(Error::refused("bookingId", ErrorCode::AlreadyDone, message));
    }
    fees::withdraw(tx, booking.id).await?;
    let Some(client_id) = booking.client_id else { return Ok(()) };
    let client = clients::get(tx, client_id).await?.ok_or(Error::NotFound)?;
    if was.stage != Some(client.stage) && was.stage.is_some() {
        let message = "Where you stand with each other has changed since. Please book a new time instead.";
        return Err(Error::refused("bookingId", ErrorCode::StageLocked, message));
    }
    if gate == Gate::Discovery && client.stage == Stage::Inquiry {
        clients::move_on(tx, &app.clock, &client, Stage::DiscoveryBooked, doer.actor).await?;
    }
    if was.unit_returned
        && let Some(purchase) = booking.purchase_id
        && !purchases::take_unit(tx, app, client_id, purchase, booking.id).await?
    {
        let message = "The last session of the package has been used meanwhile. Please book a new time instead.";
        return Err(Error::refused("bookingId", ErrorCode::NotOffered, message));
    }
    Ok(())
}

/// Whether the old time, and the limits of its day, still have room for a client. What they had once agreed needs no
/// notice and no hours.
async fn still_fits(
    tx: &mut Tx,
    catalogue: &Catalogue,
    session_type: &SessionType,
    booking: &Booking,
    was: &Was,
    now: Instant,
) -> Result<()> {
    let timetable = timetable::around(tx, catalogue, booking.therapist_id, session_type, was.starts_at, now).await?;
    match slots::explain(&timetable, &session_type.rules(), was.starts_at, now) {
        Verdict::Blocked(reasons) if reasons.iter().any(slot::is_about_others) => Err(Error::Overlap),
        _ => Ok(()),
    }
}

fn too_late() -> Error {
    let message = "This cannot be taken back any more: it is too late for that, or the session has changed since.";
    Error::refused("bookingId", ErrorCode::AlreadyDone, message)
}
