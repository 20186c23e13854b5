//! Being away: who is affected, what could stand in for it, and then all of it at once.

mod confirm;

pub use confirm::confirm;

use super::make_up::OfferMakeUpInput;
use super::{store, zone_of};
use crate::app::App;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::features::bookings::standing::{self, as_booked};
use crate::features::bookings::time_off::{self, AddTimeOffInput};
use crate::features::bookings::{Booking, Slot};
use crate::features::practice::{self, Therapist};
use serde::{Deserialize, Serialize};
use shared::booking::key_problem;
use shared::contact::text_problem;
use shared::ids::{BookingId, ClientId, SeriesId, TherapistId, TimeOffId};
use shared::make_up::kept_until;
use shared::problem::{ErrorCode, UserError};
use shared::slots::{self, Occupied, OccupiedKind, Timetable};
use shared::time::{Date, Instant, LocalTime, TimeRange};
use shared::zone::ZoneTable;
use std::collections::BTreeSet;

/// How many times are proposed in place of one session.
const PROPOSALS: usize = 3;

/// How many free starts are looked at, to propose different days.
const LOOKED_AT: usize = 40;

/// The longest note, in characters.
const LONGEST_NOTE: usize = 100;

/// Asks what being away would mean, in days and times of the practice's clock. Changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct PlanAbsenceInput {
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// When it begins on the first day; left out, at midnight.
    pub from_time: Option<LocalTime>,
    /// When it ends on the last day; left out, at midnight.
    pub to_time: Option<LocalTime>,
}

/// Asks for all of it: the time off, the sessions called off, the make-ups in the calendar, everybody told once.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmAbsenceInput {
    /// The first day.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// When it begins on the first day; left out, at midnight.
    pub from_time: Option<LocalTime>,
    /// When it ends on the last day; left out, at midnight.
    pub to_time: Option<LocalTime>,
    /// A word for yourself; nobody else sees it. At most 100 characters.
    pub note: Option<String>,
    /// Every session the plan named. If there is another one meanwhile, nothing happens and the plan is shown again.
    pub booking_ids: Vec<BookingId>,
    /// The sessions that take place at another time; the others are called off, free of charge.
    pub make_ups: Vec<MakeUpInput>,
    /// The sessions in place of which times are only offered: they are called off, free of charge, and the times are kept
    /// while their clients decide.
    #[serde(default)]
    pub offers: Option<Vec<OfferMakeUpInput>>,
    /// Chosen by the caller; the same key with the same input does it once, however often it is sent.
    pub idempotency_key: Option<String>,
}

/// A session that takes place at another time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct MakeUpInput {
    /// Which.
    pub booking_id: BookingId,
    /// When instead.
    pub starts_at: Instant,
}

/// What being away would mean.
#[derive(Debug, Clone)]
pub struct AbsencePlan {
    /// From when until when.
    pub range: TimeRange,
    /// The sessions in the calendar that fall into it, earliest first.
    pub affected: Vec<Affected>,
    /// Days of standing places that fall into it and are further ahead than the calendar: they are left out.
    pub places: Vec<AffectedPlace>,
}

/// A session that falls into an absence.
#[derive(Debug, Clone)]
pub struct Affected {
    /// The session.
    pub booking: Booking,
    /// Times that could stand in for it, nearest first. Another session is proposed one of them only where there are not
    /// enough, and never the first.
    pub proposals: Vec<Slot>,
    /// Whether they can be offered, for the client to choose one: that needs a client, and time to answer.
    pub can_offer: bool,
}

/// A day of a standing place that falls into an absence.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct AffectedPlace {
    /// Which place.
    pub series_id: SeriesId,
    /// Whose.
    pub client_id: ClientId,
    /// The day it is called by.
    pub date: Date,
    /// When it would begin.
    pub starts_at: Instant,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// The time off.
    pub time_off_id: TimeOffId,
    /// From when.
    pub starts_at: Instant,
    /// Until when.
    pub ends_at: Instant,
    /// How many sessions were called off.
    pub called_off: i32,
    /// How many take place at another time.
    pub moved: i32,
    /// In place of how many of those called off times are offered.
    #[serde(default)]
    pub offered: i32,
    /// How many days of standing places beyond the calendar were left out.
    pub left_out: i32,
}

impl PlanAbsenceInput {
    fn time_off(&self, note: Option<String>) -> AddTimeOffInput {
        AddTimeOffInput {
            from: self.from,
            to: self.to,
            from_time: self.from_time,
            to_time: self.to_time,
            note,
            idempotency_key: None,
        }
    }
}

impl ConfirmAbsenceInput {
    fn problems(&self) -> Vec<UserError> {
        let note = self.note.as_deref().and_then(|note| text_problem("note", note, LONGEST_NOTE));
        let key = self.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
        let known: BTreeSet<BookingId> = self.booking_ids.iter().copied().collect();
        let chosen: BTreeSet<BookingId> = self.make_ups.iter().map(|it| it.booking_id).collect();
        let stray = (!chosen.is_subset(&known) || chosen.len() != self.make_ups.len()).then(|| {
            UserError::on("makeUps", ErrorCode::Invalid, "Each session of the plan has at most one other time.")
        });
        let offers = self.offers.as_deref().unwrap_or_default();
        let offered: BTreeSet<BookingId> = offers.iter().map(|it| it.booking_id).collect();
        let is_both = !offered.is_subset(&known) || !offered.is_disjoint(&chosen) || offered.len() != offers.len();
        let both = is_both.then(|| {
            UserError::on(
                "offers",
                ErrorCode::Invalid,
                "Each session of the plan is either moved or has times offered.",
            )
        });
        [note, key, stray, both].into_iter().flatten().collect()
    }

    fn plan(&self) -> PlanAbsenceInput {
        PlanAbsenceInput { from: self.from, to: self.to, from_time: self.from_time, to_time: self.to_time }
    }
}

/// What being away would mean. Sends nothing and changes nothing.
pub async fn plan(app: &App, therapist: &Therapist, input: &PlanAbsenceInput) -> Result<AbsencePlan> {
    let catalogue = practice::catalogue(app).await?;
    let (now, zone) = (app.clock.now(), zone_of(app, &catalogue)?);
    let range = time_off::range_of(&input.time_off(None), &zone)?;
    if range.ends_at <= now {
        return Err(Error::refused(
            "to",
            ErrorCode::Invalid,
            "These days are over. Choose days that are still to come.",
        ));
    }
    let mut conn = app.db.read().await?;
    let bookings = affected(&mut conn, therapist.id, range, now).await?;
    let places = store::places_between(&mut conn, therapist.id, range).await?;
    drop(conn);
    let mut free = standing::timetable_of(app, therapist.id).await?;
    free.occupied.push(taken(range, OccupiedKind::TimeOff));
    // Without what is proposed to others at all, and without what is proposed to them first.
    let mut untouched = free.clone();
    let mut planned = Vec::new();
    for booking in bookings {
        let session_type = as_booked(&catalogue, &booking)?;
        let slot = |starts_at: Instant| Slot {
            starts_at,
            ends_at: starts_at.plus_minutes(session_type.minutes),
            therapist_id: therapist.id,
        };
        let near = |of: &Timetable| {
            let found = slots::nearest(of, &session_type.rules(), booking.starts_at, now, LOOKED_AT);
            on_different_days(&found, &zone)
        };
        let mut starts = near(&untouched);
        if starts.len() < PROPOSALS {
            let others = near(&free).into_iter().filter(|start| !starts.contains(start)).collect::<Vec<_>>();
            starts.extend(others.into_iter().take(PROPOSALS - starts.len()));
        }
        let proposals: Vec<Slot> = starts.into_iter().map(slot).collect();
        for (place, proposal) in proposals.iter().enumerate() {
            let range = taken(standing::blocked(&session_type, proposal.starts_at), OccupiedKind::Booking);
            untouched.occupied.push(range);
            if place == 0 {
                free.occupied.push(range);
            }
        }
        let starts: Vec<Instant> = proposals.iter().map(|slot| slot.starts_at).collect();
        let can_offer = booking.client_id.is_some() && kept_until(now, &starts).is_some();
        planned.push(Affected { booking, proposals, can_offer });
    }
    Ok(AbsencePlan { range, affected: planned, places })
}

/// The first start of each day, and others only where there are too few days.
fn on_different_days(found: &[Instant], zone: &ZoneTable) -> Vec<Instant> {
    let mut days = BTreeSet::new();
    let (first, others): (Vec<Instant>, Vec<Instant>) =
        found.iter().partition(|start| days.insert(zone.civil(**start).date));
    first.into_iter().chain(others).take(PROPOSALS).collect()
}

fn taken(range: TimeRange, kind: OccupiedKind) -> Occupied {
    Occupied { range, session: range, kind, session_type_id: None }
}

async fn affected(conn: &mut Conn, therapist: TherapistId, range: TimeRange, now: Instant) -> Result<Vec<Booking>> {
    let all = standing::in_the_way(conn, therapist, range).await?;
    Ok(all.into_iter().filter(|booking| booking.status.can_cancel(booking.starts_at, now)).collect())
}
