//! Taking a start: it must be offered now, and the database must agree.

use super::own::Own;
use super::store::NewOccupancy;
use super::{store, timetable};
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::features::practice::{self, Catalogue, SessionType, Therapist};
use crate::jobs::{self, Job};
use crate::keys::Secret;
use shared::ids::{OccupancyId, RoomId, TherapistId};
use shared::problem::{ErrorCode, UserError};
use shared::slots::{self, Reason, Verdict};
use shared::time::{Instant, TimeRange};

/// A start that can be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// When the session begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// With whom.
    pub therapist_id: TherapistId,
}

/// Who could take a first call: the one asked for, or everyone; always only those who take new clients.
pub(super) fn therapists(catalogue: &Catalogue, wanted: Option<TherapistId>) -> Result<Vec<TherapistId>> {
    let Some(id) = wanted else {
        let open = catalogue.therapists.iter().filter(|therapist| therapist.takes_new_clients);
        return Ok(open.map(|therapist| therapist.id).collect());
    };
    let therapist = known(catalogue, id)?;
    if !therapist.takes_new_clients {
        let message = format!("{} takes no new clients at the moment.", therapist.name);
        return Err(Error::refused("therapistId", ErrorCode::NotOffered, message));
    }
    Ok(vec![id])
}

/// The therapist somebody named.
pub(super) fn known(catalogue: &Catalogue, id: TherapistId) -> Result<&Therapist> {
    let unknown = || Error::refused("therapistId", ErrorCode::NotFound, "There is no such therapist.");
    catalogue.therapist(id).ok_or_else(unknown)
}

/// Lets whoever else takes time of these therapists wait until this write is done: limits of a day are counted, and no
/// constraint holds them. In one order, so that nobody waits for each other.
pub(super) async fn lock(tx: &mut Tx, candidates: &[TherapistId]) -> Result<()> {
    let mut candidates = candidates.to_vec();
    candidates.sort_by_key(|therapist| therapist.0);
    for therapist in candidates {
        practice::lock_therapist(tx, therapist).await?;
    }
    Ok(())
}

/// The session and what it blocks, buffers inside.
pub(super) fn ranges(session_type: &SessionType, starts_at: Instant) -> (TimeRange, TimeRange) {
    let ends_at = starts_at.plus_minutes(session_type.minutes);
    let session = TimeRange { starts_at, ends_at };
    let blocked = TimeRange {
        starts_at: starts_at.plus_minutes(-session_type.buffer_before),
        ends_at: ends_at.plus_minutes(session_type.buffer_after),
    };
    (session, blocked)
}

/// The first of these therapists for whom the start is offered now, read inside the write that will take it.
pub(super) async fn admit(
    tx: &mut Tx,
    catalogue: &Catalogue,
    session_type: &SessionType,
    candidates: &[TherapistId],
    starts_at: Instant,
    now: Instant,
) -> Result<TherapistId> {
    let rules = session_type.rules();
    let mut taken = false;
    for therapist in candidates {
        let timetable = timetable::around(tx, catalogue, *therapist, session_type, starts_at, now).await?;
        match slots::explain(&timetable, &rules, starts_at, now) {
            Verdict::Offered => return Ok(*therapist),
            Verdict::Blocked(reasons) => taken |= reasons.iter().all(is_about_others),
        }
    }
    Err(if taken { Error::Overlap } else { not_offered() })
}

/// Whether the start would have been offered if nobody else had been quicker.
pub(super) fn is_about_others(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::Taken { .. }
            | Reason::NoRoom
            | Reason::DayFull { .. }
            | Reason::TypeFullThatDay { .. }
            | Reason::TooManyInARow { .. }
    )
}

fn not_offered() -> Error {
    Error::refused(
        "startsAt",
        ErrorCode::NotOffered,
        "This time cannot be booked. Please choose one of the free times.",
    )
}

/// The refusal of a start that somebody else has.
pub(super) fn slot_taken() -> UserError {
    UserError::on(
        "startsAt",
        ErrorCode::SlotTaken,
        "Somebody has just taken that time. Here are the nearest free ones.",
    )
}

/// The free starts of some therapists nearest to one that could not be had.
pub(super) async fn alternatives(
    app: &App,
    session_type: &SessionType,
    candidates: &[TherapistId],
    own: &Own,
    starts_at: Instant,
) -> Result<Vec<Slot>> {
    let (rules, now) = (session_type.rules(), app.clock.now());
    let mut found: Vec<Slot> = Vec::new();
    for &therapist_id in candidates {
        let timetable = own.seen_in(timetable::remembered(app, therapist_id).await?, therapist_id);
        for starts_at in slots::nearest(&timetable, &rules, starts_at, now, slots::ALTERNATIVES) {
            let ends_at = starts_at.plus_minutes(session_type.minutes);
            if found.iter().all(|slot| slot.starts_at != starts_at) {
                found.push(Slot { starts_at, ends_at, therapist_id });
            }
        }
    }
    found.sort_by_key(|slot| slots::closeness(slot.starts_at, starts_at));
    found.truncate(slots::ALTERNATIVES);
    found.sort_by_key(|slot| slot.starts_at);
    Ok(found)
}

/// Uses a kept slot up: from now on only this write stands in its place. Answers with whom it was.
pub(super) async fn consume_hold(tx: &mut Tx, token: Option<&str>) -> Result<Option<store::HeldRow>> {
    let Some(secret) = token.and_then(Secret::read) else { return Ok(None) };
    let kept = store::hold_by_hash(tx, secret.hash()).await?;
    if let Some(kept) = kept {
        use_up(tx, kept.id, kept.therapist_id).await?;
    }
    Ok(kept)
}

/// The session type with the length and the time around it that were kept, if it is what was kept: they may have changed
/// since.
pub(super) fn as_kept(kept: &store::HeldRow, session_type: &SessionType, starts_at: Instant) -> Option<SessionType> {
    let is_it = kept.session_starts_at == starts_at && kept.session_type_id == Some(session_type.id);
    let minutes = |from: Instant, to: Instant| (to.seconds() - from.seconds()) / 60;
    is_it.then(|| SessionType {
        minutes: minutes(kept.session_starts_at, kept.session_ends_at),
        buffer_before: minutes(kept.starts_at, kept.session_starts_at),
        buffer_after: minutes(kept.session_ends_at, kept.ends_at),
        ..session_type.clone()
    })
}

/// Takes a stretch of time, and a room for it where one is named. The database refuses two at once.
pub(super) async fn take(tx: &mut Tx, row: NewOccupancy, now: Instant) -> Result<()> {
    let (therapist_id, room) = (row.therapist_id, row.room_id);
    store::insert_occupancy(tx, row, now).await?;
    announce(tx, therapist_id, room);
    Ok(())
}

/// Removes slots that were kept for somebody and have run out, so that they do not stand in the way.
pub(super) async fn clear_holds(tx: &mut Tx, therapist: TherapistId, range: TimeRange, now: Instant) -> Result<()> {
    for (therapist_id,) in store::delete_expired_holds(tx, therapist, range, now).await? {
        announce(tx, therapist_id, None);
        if therapist_id != therapist {
            tx.announce(Event::RoomsChanged);
        }
    }
    Ok(())
}

/// Gives a stretch of time back, and its room. Whoever waits for either is asked once nobody can undo this any more.
pub(super) async fn free(tx: &mut Tx, app: &App, id: OccupancyId, therapist_id: TherapistId) -> Result<()> {
    let freed = store::delete_occupancy(tx, id).await?;
    if let Some((TimeRange { starts_at, ends_at }, room)) = freed {
        let mut offers = vec![Job::OfferFreedTime { therapist_id, starts_at, ends_at }];
        offers.extend(room.map(|room_id| Job::OfferFreedRoom { room_id, starts_at, ends_at }));
        jobs::enqueue_no_sooner(tx, &app.clock, app.outward_at(), offers).await?;
    }
    announce(tx, therapist_id, freed.and_then(|(_, room)| room));
    Ok(())
}

/// Takes a kept stretch of time away so that something else can stand in its place.
pub(super) async fn use_up(tx: &mut Tx, id: OccupancyId, therapist_id: TherapistId) -> Result<()> {
    let gone = store::delete_occupancy(tx, id).await?;
    announce(tx, therapist_id, gone.and_then(|(_, room)| room));
    Ok(())
}

/// Says that the time of a therapist is different, and that of a room, once this is committed.
fn announce(tx: &mut Tx, therapist_id: TherapistId, room: Option<RoomId>) {
    if room.is_some() {
        tx.announce(Event::RoomsChanged);
    }
    tx.announce(Event::TimetableChanged { therapist_id });
}
