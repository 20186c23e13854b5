//! Clock changes that move a standing place for somebody.

use super::expand::Occurrence;
use crate::time::Instant;
use crate::zone::{CivilTime, ZoneTable, civil_at_offset};

/// How many days before a clock change people are told what it does to their time.
pub const NOTICE_DAYS: i64 = 14;

/// A clock change after which a standing place is at another time of somebody's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockNotice {
    /// When the clocks change: the practice's or the reader's.
    pub changes_at: Instant,
    /// The first session at the other time.
    pub first: Occurrence,
    /// What the reader's calendar and clock show at that session.
    pub is: CivilTime,
    /// What they would have shown without the change.
    pub was: CivilTime,
}

/// The clock changes up to [`NOTICE_DAYS`] ahead that move these sessions, of one place and in their order, for
/// somebody whose clock is `reader`; the practice keeps its time of day.
///
/// A change nobody notices, because another takes it back before the next session, is none; nor is one before the first
/// session, whose time was agreed with the clocks as they will be.
pub fn clock_notices(
    sessions: &[Occurrence],
    practice: &ZoneTable,
    reader: &ZoneTable,
    now: Instant,
) -> Vec<ClockNotice> {
    let ahead = |at: Instant| i64::from(reader.offset_at(at)) - i64::from(practice.offset_at(at));
    let regular: Vec<&Occurrence> = sessions.iter().filter(|session| !session.is_moved).collect();
    let mut notices = Vec::new();
    for pair in regular.windows(2) {
        let (before, first) = (pair[0], pair[1]);
        let moved = ahead(first.starts_at) - ahead(before.starts_at);
        if moved == 0 || first.starts_at <= now {
            continue;
        }
        let between = |at: Instant| at > before.starts_at && at <= first.starts_at;
        let changes = practice.changes.iter().chain(&reader.changes).map(|change| change.at);
        let Some(changes_at) = changes.filter(|at| between(*at) && ahead(*at) != ahead(at.plus_seconds(-1))).max()
        else {
            continue;
        };
        if changes_at <= now.plus_minutes(NOTICE_DAYS * 24 * 60) {
            let is = reader.civil(first.starts_at);
            // By the reader's clock of that session: an hour earlier another change of theirs may not have been.
            let clock = i64::from(reader.offset_at(first.starts_at));
            let was = civil_at_offset(first.starts_at, clock - moved);
            notices.push(ClockNotice { changes_at, first: *first, is, was });
        }
    }
    notices
}
