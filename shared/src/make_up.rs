//! Times that are offered in place of a session the practice called off.

use crate::time::Instant;

/// The most times one person is offered in place of one session.
pub const MOST_TIMES: usize = 3;

/// For so many days offered times are kept.
const ANSWER_DAYS: i64 = 3;

/// So many minutes before the first of them at the latest, the offer is over.
const BEFORE_START: i64 = 12 * 60;

/// An offer that would last less than so many minutes is not made.
const SHORTEST: i64 = 12 * 60;

/// Until when times offered now are kept; nothing if the first of them is too near to be offered fairly.
pub fn kept_until(now: Instant, starts: &[Instant]) -> Option<Instant> {
    let first = starts.iter().min()?;
    let until = now.plus_minutes(ANSWER_DAYS * 24 * 60).min(first.plus_minutes(-BEFORE_START));
    (now.plus_minutes(SHORTEST) <= until).then_some(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_kept_for_three_days_or_until_the_evening_before() {
        let now = Instant::from_seconds(1_900_000_000).expect("an instant");
        let hours = |hours: i64| now.plus_minutes(hours * 60);
        for (starts, expected) in [
            (vec![], None),
            (vec![hours(200)], Some(hours(72))),
            (vec![hours(200), hours(60)], Some(hours(48))),
            (vec![hours(24)], Some(hours(12))),
            (vec![hours(23), hours(200)], None),
        ] {
            assert_eq!(kept_until(now, &starts), expected, "{starts:?}");
        }
    }
}
