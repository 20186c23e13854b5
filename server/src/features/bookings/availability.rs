//! What is free, and why something is not.

use super::seeker::Seeker;
use super::slot::{self, Slot};
use super::{manage, no_such_booking, reschedule, timetable};
use crate::app::App;
use crate::error::{Error, Result};
use crate::features::practice::{self, SessionType};
use serde::{Deserialize, Serialize};
use shared::ids::{SessionTypeId, TherapistId};
use shared::policy::RescheduleRefusal;
use shared::problem::ErrorCode;
use shared::slots::{self, DateSpan, Verdict};
use shared::time::{Date, Instant};
use shared::zone::ZoneTable;
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
    pub time_zone: Option<String>,
}

/// Asks what is free for moving the session of a manage link.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct ManagedAvailabilityInput {
    /// The secret at the end of the manage link.
    pub manage_token: String,
    /// The first day, on the calendar of `timeZone`.
    pub from: Date,
    /// The last day, included; at most 62 days in all.
    pub to: Date,
    /// The zone days are counted in, an IANA name; left out, the practice's.
    pub time_zone: Option<String>,
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
    of_session_type(app, &session_type, &therapists, span, &zone, now).await
}

/// What is free on these days for moving the session of a manage link: with its therapist, as long as it is, and only while
/// the rules let it be moved.
pub async fn for_moving(app: &App, input: &ManagedAvailabilityInput) -> Result<Availability> {
    let span = DateSpan::new(input.from, input.to).map_err(|problem| Error::Refused(vec![problem.into()]))?;
    let booking = manage::booking_of(app, &input.manage_token).await?;
    let booking = booking.ok_or_else(|| no_such_booking("manageToken"))?;
    if let (false, why) = reschedule::can_move_now(app, &booking).await? {
        let message = why.map_or("This session cannot be moved any more.", RescheduleRefusal::words);
        return Err(Error::refused("manageToken", ErrorCode::NotOffered, message));
    }
    let catalogue = practice::catalogue(app).await?;
    let session_type = reschedule::as_booked(&catalogue, &booking)?;
    let now = app.clock.now();
    let zone = input.time_zone.as_deref().unwrap_or(&catalogue.practice.time_zone);
    let zone = practice::zones::find("timeZone", zone, now)?;
    of_session_type(app, &session_type, &[booking.therapist_id], span, &zone, now).await
}

/// The free starts nearest to one a session could not be moved to, for whoever holds its link.
pub async fn nearest_for_moving(app: &App, manage_token: &str, wanted: Instant) -> Result<Vec<Slot>> {
    let Some(booking) = manage::booking_of(app, manage_token).await? else { return Ok(Vec::new()) };
    let session_type = reschedule::as_booked(&*practice::catalogue(app).await?, &booking)?;
    slot::alternatives(app, &session_type, &[booking.therapist_id], wanted).await
}

async fn of_session_type(
    app: &App,
    session_type: &SessionType,
    therapists: &[TherapistId],
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
        let timetable = timetable::remembered(app, therapist).await?;
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
