//! Time or a room that has become free: what of it could be booked.

use super::{slot, timetable};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::practice::{Catalogue, SessionType};
use shared::ids::{RoomId, TherapistId};
use shared::practice::Modality;
use shared::slots::{DateSpan, SessionRules, Timetable, offered};
use shared::time::{Date, Instant, TimeRange};

/// What has become free.
#[derive(Debug, Clone, Copy)]
pub struct Freed {
    /// When.
    pub range: TimeRange,
    /// Of which room, if it is a room and not a therapist's time.
    pub room: Option<RoomId>,
}

/// The starts that can be booked now and would take some of what has become free, those that fit into it first, then by
/// time. Where a room has, only those that were not possible without it. `notice_minutes` stands in place of the session
/// type's own: what has just become free is often near.
pub async fn starts_in(
    tx: &mut Tx,
    catalogue: &Catalogue,
    therapist: TherapistId,
    session_type: &SessionType,
    Freed { range, room }: Freed,
    notice_minutes: i64,
    now: Instant,
) -> Result<Vec<Instant>> {
    if room.is_some() && session_type.modality != Modality::InPerson {
        return Ok(Vec::new());
    }
    let mut rules = session_type.rules();
    rules.notice_minutes = notice_minutes.min(rules.notice_minutes);
    let timetable = timetable::load(tx, catalogue, therapist, now).await?;
    let day = |at: Instant| timetable.zone.civil(at).date;
    // A session that reaches into the stretch may begin the evening before.
    let (first, last) = (day(range.starts_at).plus_days(-1).max(day(now)), day(range.ends_at));
    let mut starts = offered_on(&timetable, &rules, first, last, now)?;
    if let Some(room) = room {
        let before = offered_on(&timetable.with_room_taken(room, range), &rules, first, last, now)?;
        starts.retain(|starts_at| before.binary_search(starts_at).is_err());
    }
    let blocked = |starts_at: Instant| slot::ranges(session_type, starts_at).1;
    starts.retain(|&starts_at| blocked(starts_at).overlaps(&range));
    // What fits into the stretch leaves the time around it whole.
    let fits = |starts_at: Instant| {
        let blocked = blocked(starts_at);
        range.starts_at <= blocked.starts_at && blocked.ends_at <= range.ends_at
    };
    starts.sort_by_key(|&starts_at| (!fits(starts_at), starts_at));
    Ok(starts)
}

/// The starts that can be booked on some days, however many, earliest first.
fn offered_on(
    timetable: &Timetable,
    rules: &SessionRules,
    first: Date,
    last: Date,
    now: Instant,
) -> Result<Vec<Instant>> {
    let mut starts = Vec::new();
    let mut from = first;
    while from <= last {
        let to = from.plus_days(shared::slots::MAX_DAYS - 1).min(last);
        let span = DateSpan::new(from, to).map_err(|problem| Error::Refused(vec![problem.into()]))?;
        starts.extend(offered(timetable, rules, span, now));
        from = to.plus_days(1);
    }
    Ok(starts)
}
