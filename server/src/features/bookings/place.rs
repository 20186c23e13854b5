//! A session that was agreed elsewhere: it did not go through the booking page, and whoever it concerns knows.

use super::store::{self, NewBooking, NewOccupancy};
use super::{Audience, Booking, manage, slot};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::events::Event;
use crate::features::accounts::User;
use crate::features::practice::{Practice, SessionType, zones};
use shared::booking::{BookingStatus, CancelledBy};
use shared::ids::{BookingId, ClientId, OccupancyId, TherapistId};
use shared::slots::OccupiedKind;
use shared::time::Instant;

/// A session to put in the calendar.
#[derive(Debug, Clone)]
pub struct Agreed {
    /// The number people can say on the phone; must be new.
    pub reference: String,
    /// What it is.
    pub session_type: SessionType,
    /// With whom.
    pub therapist_id: TherapistId,
    /// Whose.
    pub client_id: ClientId,
    /// The person.
    pub user: User,
    /// When it begins.
    pub starts_at: Instant,
    /// What became of it.
    pub status: BookingStatus,
    /// When it was agreed.
    pub made_at: Instant,
}

/// Puts a session in the calendar. Stage, hours and notice are not looked at; the database still refuses two at once.
pub async fn place(tx: &mut Tx, app: &App, practice: &Practice, agreed: Agreed) -> Result<BookingId> {
    let id = BookingId(app.clock.new_id());
    let (session, blocked) = slot::ranges(&agreed.session_type, agreed.starts_at);
    let local = zones::find("startsAt", &practice.time_zone, app.clock.now())?.civil(agreed.starts_at);
    let called_off = agreed.status == BookingStatus::Cancelled;
    let booking = Booking {
        id,
        reference: agreed.reference,
        client_id: Some(agreed.client_id),
        therapist_id: agreed.therapist_id,
        session_type_id: agreed.session_type.id,
        status: if called_off { BookingStatus::Confirmed } else { agreed.status },
        starts_at: agreed.starts_at,
        ends_at: session.ends_at,
        local_date: local.date,
        local_time: local.time,
        time_zone: practice.time_zone.clone(),
        modality: agreed.session_type.modality,
        price_amount: agreed.session_type.price_amount,
        price_currency: agreed.session_type.price_currency,
        guest_name: agreed.user.name,
        guest_email: agreed.user.email,
        guest_phone: agreed.user.phone,
        guest_time_zone: agreed.user.time_zone,
        calendar_sequence: 0,
        told_sequence: None,
        therapist_told_sequence: None,
        cancelled_at: None,
        cancelled_by: None,
        cancel_reason: None,
        created_at: agreed.made_at,
    };
    let canonical = booking.guest_email.to_ascii_lowercase();
    let manage_hash = manage::secret(&app.keys, id).hash();
    store::insert(tx, &booking, NewBooking { canonical, manage_hash, booked_by: None }).await?;
    if called_off {
        store::cancel(tx, id, CancelledBy::Client, None, agreed.made_at.plus_minutes(60)).await?;
    } else {
        let row = NewOccupancy {
            id: OccupancyId(app.clock.new_id()),
            kind: OccupiedKind::Booking,
            therapist_id: booking.therapist_id,
            client_id: booking.client_id,
            booking_id: Some(id),
            session_type_id: Some(booking.session_type_id),
            blocked,
            session,
            hold: None,
            note: None,
        };
        store::insert_occupancy(tx, row, agreed.made_at).await?;
    }
    for audience in [Audience::Client, Audience::Therapist] {
        store::set_told(tx, id, audience, i64::from(called_off)).await?;
    }
    let therapist_id = booking.therapist_id;
    tx.announce(Event::BookingChanged { booking_id: id, therapist_id, client_id: booking.client_id });
    tx.announce(Event::TimetableChanged { therapist_id });
    Ok(id)
}
