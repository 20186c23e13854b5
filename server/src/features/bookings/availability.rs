//! What is free, and why something is not.

use super::cancel::reachable;
use super::own::Own;
use super::seeker::Seeker;
use super::slot::{self, Slot};
use super::{reschedule, store, timetable};
use crate::app::App;
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::practice::{self, SessionType};
use serde::{Deserialize, Serialize};
use shared::booking::CancelledBy;
use shared::ids::{BookingId, SessionTypeId, TherapistId};
use shared::policy::RescheduleRefusal;
use shared::problem::ErrorCode;
use shared::slots::{self, DateSpan, Verdict};
use shared::time::{Date, Instant};
use shared::zone::{ZoneName, ZoneTable};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Asks what is free.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityInput {
    /// What would be booked.
    pub session_type_id: SessionTypeId,
    /// With whom; left out, whoever is free.
    pub therapist_id: Option<TherapistId>,
    /// The first day, on the calendar of `timeZone`.
    pub from: Date,
    /// The last day, included; at most 62 days in all.
    pub to: Date,
    /// The zone days are counted in, an IANA name; left out, the practice's.
    pub time_zone: Option<ZoneName>,
    /// The secret of a hold that would be given back: what it keeps is free for whoever has it. Left out, the one of the
    /// browser that asks.
    pub instead_of: Option<String>,
}

/// Asks what is free for moving a session: of a manage link, or by its id when signed in.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct ManagedAvailabilityInput {
    /// The secret at the end of the manage link.
    pub manage_token: Option<String>,
    /// Which, when signed in.
    pub booking_id: Option<BookingId>,
    /// The first day, on the calendar of `timeZone`.
    pub from: Date,
    /// The last day, included; at most 62 days in all.
    pub to: Date,
    /// The zone days are counted in, an IANA name; left out, the practice's.
    pub time_zone: Option<ZoneName>,
    /// The secret of a hold that would be given back: what it keeps is free for whoever has it. Left out, the one of the
    /// browser that asks.
    pub instead_of: Option<String>,
}

/// What is free on some days.
#[derive(Debug, Clone)]
pub struct Availability {
    /// Days with something free, in order.
    pub days: Vec<FreeDay>,
    /// The first free start from now on, whatever days were asked for.
    pub next_available: Option<Slot>,
    /// The zone the days are counted in.
    pub time_zone: String,
}

/// One day with something free.
#[derive(Debug, Clone)]
pub struct FreeDay {
    /// Which, on the calendar of the zone asked for.
    pub date: Date,
    /// What is free, in order.
    pub slots: Vec<Slot>,
}

/// Asks why a start is offered or not.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct ExplainStartInput {
    /// What would be booked.
    pub session_type_id: SessionTypeId,
    /// With whom.
    pub therapist_id: TherapistId,
    /// The start in question.
    pub starts_at: Instant,
}

/// What is free on these days, for whoever asks.
pub async fn availability(app: &App, input: &AvailabilityInput, seeker: &Seeker) -> Result<Availability> {
    let span = DateSpan::new(input.from, input.to).map_err(|problem| Error::Refused(vec![problem.into()]))?;
    let catalogue = practice::catalogue(app).await?;
    let session_type = seeker.looking_at(app, &catalogue, input.session_type_id).await?;
    let now = app.clock.now();
    let zone = input.time_zone.as_deref().unwrap_or(&catalogue.practice.time_zone);
    let zone = practice::zones::find("timeZone", zone, now)?;
    let therapists = seeker.therapists(&catalogue, &session_type, input.therapist_id)?;
    let own = Own::of(app, input.instead_of.as_deref(), None).await?;
    of_session_type(app, &session_type, &therapists, &own, span, &zone, now).await
}

/// What is free on these days for moving a session: with its therapist, as long as it is, its own time among it. Clients
/// only while the rules let them move it.
pub async fn for_moving(app: &App, input: &ManagedAvailabilityInput, viewer: Option<Viewer>) -> Result<Availability> {
    let span = DateSpan::new(input.from, input.to).map_err(|problem| Error::Refused(vec![problem.into()]))?;
    let (booking, by) = reachable(app, input.manage_token.as_deref(), input.booking_id, viewer).await?;
    let (can_move, why) = match by {
        CancelledBy::Practice => (booking.status.can_move(booking.starts_at, app.clock.now()), None),
        _ => reschedule::can_move_now(app, &booking).await?,
    };
    if !can_move {
        let field = if input.manage_token.is_some() { "manageToken" } else { "bookingId" };
        let message = why.map_or("This session cannot be moved any more.", RescheduleRefusal::words);
        return Err(Error::refused(field, ErrorCode::NotOffered, message));
    }
    let catalogue = practice::catalogue(app).await?;
    let session_type = reschedule::as_booked(&catalogue, &booking)?;
    let now = app.clock.now();
    let zone = input.time_zone.as_deref().unwrap_or(&catalogue.practice.time_zone);
    let zone = practice::zones::find("timeZone", zone, now)?;
    let own = Own::of(app, input.instead_of.as_deref(), Some(booking.id)).await?;
    let mut found = of_session_type(app, &session_type, &[booking.therapist_id], &own, span, &zone, now).await?;
    // Where it is now is no other time.
    let is_other = |slot: &Slot| slot.starts_at != booking.starts_at;
    for day in &mut found.days {
        day.slots.retain(is_other);
    }
    found.days.retain(|day| !day.slots.is_empty());
    let first = found.days.first().and_then(|day| day.slots.first()).copied();
    found.next_available = found.next_available.filter(is_other).or(first);
    Ok(found)
}

/// The free starts nearest to one a session could not be moved to, its own time among them.
pub async fn nearest_for_moving(app: &App, id: BookingId, wanted: Instant) -> Result<Vec<Slot>> {
    let booking = store::booking(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)?;
    let session_type = reschedule::as_booked(&*practice::catalogue(app).await?, &booking)?;
    let own = Own::of(app, None, Some(id)).await?;
    let mut nearest = slot::alternatives(app, &session_type, &[booking.therapist_id], &own, wanted).await?;
    nearest.retain(|slot| slot.starts_at != booking.starts_at);
    Ok(nearest)
}

async fn of_session_type(
    app: &App,
    session_type: &SessionType,
    therapists: &[TherapistId],
    own: &Own,
    span: DateSpan,
    zone: &Arc<ZoneTable>,
    now: Instant,
) -> Result<Availability> {
    let rules = session_type.rules();
    let mut days: BTreeMap<Date, BTreeMap<Instant, TherapistId>> = BTreeMap::new();
    let mut next: Option<Slot> = None;
    let slot = |starts_at: Instant, therapist_id| {
        let ends_at = starts_at.plus_minutes(session_type.minutes);
        Slot { starts_at, ends_at, therapist_id }
    };
    for &therapist in therapists {
        let timetable = own.seen_in(timetable::remembered(app, therapist).await?, therapist);
        for day in slots::days(&timetable, &rules, span, now, zone) {
            let free = days.entry(day.date).or_default();
            for start in day.starts {
                // Of two therapists free at once, the one the practice lists first.
                free.entry(start).or_insert(therapist);
            }
        }
        let first = slots::next_free(&timetable, &rules, now, now);
        if let Some(start) = first.filter(|start| next.is_none_or(|found| *start < found.starts_at)) {
            next = Some(slot(start, therapist));
        }
    }
    let days = days
        .into_iter()
        .map(|(date, free)| FreeDay { date, slots: free.into_iter().map(|(start, who)| slot(start, who)).collect() });
    Ok(Availability { days: days.collect(), next_available: next, time_zone: zone.name.clone() })
}

/// Whether a start is offered, and if not, why. The reasons may name what fills the therapist's time: see who asks.
pub async fn explain(app: &App, input: &ExplainStartInput, seeker: &Seeker) -> Result<(Verdict, Arc<ZoneTable>)> {
    let catalogue = practice::catalogue(app).await?;
    let session_type = seeker.looking_at(app, &catalogue, input.session_type_id).await?;
    slot::known(&catalogue, input.therapist_id)?;
    let now = app.clock.now();
    let timetable = timetable::remembered(app, input.therapist_id).await?;
    let zone = practice::zones::find("startsAt", &catalogue.practice.time_zone, now)?;
    Ok((slots::explain(&timetable, &session_type.rules(), input.starts_at, now), zone))
}

/// Whether a start would be offered if somebody else had not been quicker.
pub async fn is_taken(
    app: &App,
    seeker: &Seeker,
    id: SessionTypeId,
    wanted: Option<TherapistId>,
    starts_at: Instant,
) -> Result<bool> {
    let catalogue = practice::catalogue(app).await?;
    let session_type = seeker.looking_at(app, &catalogue, id).await?;
    let (rules, now) = (session_type.rules(), app.clock.now());
    for therapist in seeker.therapists(&catalogue, &session_type, wanted)? {
        let timetable = timetable::remembered(app, therapist).await?;
        let verdict = slots::explain(&timetable, &rules, starts_at, now);
        if !verdict.is_offered() && verdict.reasons().iter().all(slot::is_about_others) {
            return Ok(true);
        }
    }
    Ok(false)
}
