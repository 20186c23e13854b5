//! Putting a session in the calendar: the one way a booking comes to be.

use super::book_discovery::tell_of_new;
use super::steps::{self, Doer, StepKind};
use super::store::{self, Cancelled, NewBooking, NewOccupancy};
use super::{Audience, Booking, manage, reminders, slot};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::accounts::User;
use crate::features::money::prices::Quote;
use crate::features::money::{policy, purchases};
use crate::features::practice::{self, Practice, SessionType, zones};
use crate::jobs::{self, Job};
use crate::keys;
use shared::booking::{BookingSource, BookingStatus, CancelledBy, REFERENCE_ALPHABET, REFERENCE_LENGTH};
use shared::ids::{BookingId, ClientId, OccupancyId, RoomId, SeriesId, TherapistId};
use shared::practice::{Gate, Modality};
use shared::problem::ErrorCode;
use shared::slots::OccupiedKind;
use shared::time::{Date, Instant, TimeRange};

/// Who comes, as a booking keeps it.
#[derive(Debug, Clone)]
pub struct Guest {
    /// What to call them.
    pub name: String,
    /// Where mail goes.
    pub email: String,
    /// The number to call.
    pub phone: String,
    /// The zone they read times in, an IANA name.
    pub time_zone: String,
}

impl From<&User> for Guest {
    fn from(user: &User) -> Self {
        Guest {
            name: user.name.clone(),
            email: user.email.clone(),
            phone: user.phone.clone(),
            time_zone: user.time_zone.clone(),
        }
    }
}

/// A session to put in the calendar.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// What it is; its length and buffers are what counts.
    pub session_type: SessionType,
    /// With whom.
    pub therapist_id: TherapistId,
    /// Whose; absent while the address it was made with has not been proven.
    pub client_id: Option<ClientId>,
    /// Who comes.
    pub guest: Guest,
    /// When it begins.
    pub starts_at: Instant,
    /// In which room, if somebody chose one; else in one that is free.
    pub room: Option<RoomId>,
    /// How it came about.
    pub source: BookingSource,
    /// What it costs.
    pub quote: Quote,
    /// What must be paid before it is confirmed, in minor units, and until when; absent when nothing must.
    pub prepayment: Option<(i64, Instant)>,
    /// The standing place it is one of, and its day in it.
    pub series: Option<(SeriesId, Date)>,
    /// Who puts it there.
    pub doer: Doer,
    /// Why it may overlap with something else: staff only, and noted in the trail by the caller.
    pub override_reason: Option<String>,
    /// Whose guest bookings are counted together.
    pub booked_by: Option<String>,
    /// Whether both sides are told by mail, after the usual wait. A series tells of itself as a whole.
    pub tells: bool,
}

/// Puts a session in the calendar and tells both sides. Stage, hours and notice are the caller's to look at; the database
/// refuses two at once, which is [`Error::Overlap`].
pub async fn put(tx: &mut Tx, app: &App, practice: &Practice, new: NewSession) -> Result<Booking> {
    let now = app.clock.now();
    let id = BookingId(app.clock.new_id());
    let (session, blocked) = slot::ranges(&new.session_type, new.starts_at);
    let local = zones::find("startsAt", &practice.time_zone, now)?.civil(new.starts_at);
    slot::clear_holds(tx, new.therapist_id, blocked, now).await?;
    let room_id = room(tx, &new.session_type, new.room, blocked, now).await?;
    let policy_id = match new.session_type.gate {
        Gate::Discovery => None,
        Gate::Clients => Some(policy::in_force(tx, app).await?.id),
    };
    let price = new.quote.price;
    let booking = Booking {
        id,
        reference: keys::random_text(REFERENCE_ALPHABET, REFERENCE_LENGTH)?,
        client_id: new.client_id,
        therapist_id: new.therapist_id,
        session_type_id: new.session_type.id,
        status: if new.prepayment.is_some() { BookingStatus::PendingPayment } else { BookingStatus::Confirmed },
        source: new.source,
        starts_at: new.starts_at,
        ends_at: session.ends_at,
        local_date: local.date,
        local_time: local.time,
        time_zone: practice.time_zone.clone(),
        modality: new.session_type.modality,
        price_amount: price.money.amount,
        price_currency: price.money.currency,
        price_source: price.source,
        due_now: new.prepayment.map_or(0, |(amount, _)| amount),
        pay_until: new.prepayment.map(|(_, until)| until),
        purchase_id: new.quote.purchase_id,
        policy_id,
        series_id: new.series.map(|(series, _)| series),
        series_date: new.series.map(|(_, date)| date),
        room_id,
        reschedules: 0,
        guest_name: new.guest.name,
        guest_email: new.guest.email,
        guest_phone: new.guest.phone,
        guest_time_zone: new.guest.time_zone,
        calendar_sequence: 0,
        told_sequence: None,
        therapist_told_sequence: None,
        cancelled_at: None,
        cancelled_by: None,
        cancel_reason: None,
        is_late: false,
        is_waived: false,
        client_confirmed_at: None,
        created_at: now,
    };
    store::insert(tx, &booking, row_of(app, &booking, new.booked_by)).await?;
    occupy(tx, app, &booking, blocked, new.override_reason).await?;
    if let (Some(purchase), Some(client)) = (booking.purchase_id, booking.client_id)
        && !purchases::take_unit(tx, app, client, purchase, id).await?
    {
        let message = "The last session of your package has just been used. Please look at the price again.";
        return Err(Error::refused("startsAt", ErrorCode::NotOffered, message));
    }
    steps::note(tx, &app.clock, id, StepKind::Booked, new.doer, None, None).await?;
    if let Some(until) = booking.pay_until {
        jobs::enqueue(tx, &app.clock, until, &Job::ExpireUnpaid { booking_id: id }).await?;
    }
    if new.session_type.gate == Gate::Discovery {
        ask_for_decision(tx, app, practice, &booking).await?;
    }
    if booking.status == BookingStatus::Confirmed && new.tells {
        tell_of_new(tx, app, &booking).await?;
    } else {
        reminders::plan_first(tx, app, &booking).await?;
        announce(tx, &booking);
    }
    Ok(booking)
}

/// Has the therapist asked for her decision once the call is over, if she has not taken one.
async fn ask_for_decision(tx: &mut Tx, app: &App, practice: &Practice, booking: &Booking) -> Result<()> {
    let prompt = Job::PromptDecision { booking_id: booking.id };
    jobs::enqueue(tx, &app.clock, booking.ends_at.plus_minutes(practice.settings.prompt_minutes), &prompt).await
}

/// Says that a booking is new or different, once this is committed.
pub(super) fn announce(tx: &mut Tx, booking: &Booking) {
    let therapist_id = booking.therapist_id;
    tx.announce(Event::BookingChanged { booking_id: booking.id, therapist_id, client_id: booking.client_id });
    tx.announce(Event::TimetableChanged { therapist_id });
}

/// A free room for a session in the practice: the one that is wanted if one is, else the first that suits it; none where the practice keeps no list of rooms.
pub(super) async fn room(
    tx: &mut Tx,
    session_type: &SessionType,
    wanted: Option<RoomId>,
    blocked: TimeRange,
    now: Instant,
) -> Result<Option<RoomId>> {
    if session_type.modality != Modality::InPerson || practice::lock_rooms(tx).await? == 0 {
        return Ok(None);
    }
    let fits = |room: &RoomId| wanted.map_or_else(|| session_type.suits(*room), |wanted| *room == wanted);
    store::free_rooms(tx, blocked, now).await?.into_iter().find(fits).map(Some).ok_or(Error::Overlap)
}

/// Takes the time of a booking.
pub(super) async fn occupy(
    tx: &mut Tx,
    app: &App,
    booking: &Booking,
    blocked: TimeRange,
    override_reason: Option<String>,
) -> Result<()> {
    let row = NewOccupancy {
        id: OccupancyId(app.clock.new_id()),
        kind: OccupiedKind::Booking,
        therapist_id: booking.therapist_id,
        client_id: booking.client_id,
        room_id: booking.room_id,
        booking_id: Some(booking.id),
        session_type_id: Some(booking.session_type_id),
        blocked,
        session: TimeRange { starts_at: booking.starts_at, ends_at: booking.ends_at },
        hold: None,
        note: None,
        override_reason,
    };
    slot::take(tx, row, app.clock.now()).await
}

fn row_of(app: &App, booking: &Booking, booked_by: Option<String>) -> NewBooking {
    NewBooking {
        canonical: booking.guest_email.to_ascii_lowercase(),
        manage_hash: manage::secret(&app.keys, booking.id).hash(),
        booked_by,
    }
}

/// What became of a session that is part of the past somebody brings along.
#[derive(Debug, Clone)]
pub struct Past {
    /// The number people can say on the phone; must be new.
    pub reference: String,
    /// What became of it.
    pub status: BookingStatus,
    /// When it was agreed.
    pub made_at: Instant,
}

/// Puts a session in the calendar that was agreed elsewhere, perhaps long ago: whoever it concerns knows.
pub async fn bring(tx: &mut Tx, app: &App, practice: &Practice, new: NewSession, past: Past) -> Result<BookingId> {
    let mut agreed = put(tx, app, practice, NewSession { tells: false, ..new }).await?;
    agreed.status = past.status;
    store::set_past(tx, agreed.id, &past).await?;
    let called_off = past.status == BookingStatus::Cancelled;
    if called_off {
        let cancelled = Cancelled { by: CancelledBy::Client, reason: None, is_late: false, is_waived: false };
        store::cancel(tx, agreed.id, cancelled, past.made_at.plus_minutes(60)).await?;
        if let Some(row) = store::occupancy_of_booking(tx, agreed.id).await? {
            slot::use_up(tx, row.id, row.therapist_id).await?;
        }
    }
    for audience in [Audience::Client, Audience::Therapist] {
        store::set_told(tx, agreed.id, audience, i64::from(called_off)).await?;
    }
    let agreed = store::booking(tx, agreed.id).await?.ok_or(Error::NotFound)?;
    reminders::replan(tx, app, &agreed, past.made_at).await?;
    Ok(agreed.id)
}
