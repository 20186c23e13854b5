//! At most so many in any stretch of time, because the moments of the last ones are remembered.

use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The moments at which something was spent, earliest first, in microseconds of one clock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recent(VecDeque<i64>);

impl Recent {
    /// Spends one more of `most` in any stretch of `within` microseconds, and forgets what no stretch that is still to come
    /// can hold. If none is left, the answer is how many microseconds to wait.
    pub fn spend(&mut self, most: u32, within: i64, now: i64) -> Result<(), i64> {
        while self.0.front().is_some_and(|moment| *moment <= now - within) {
            self.0.pop_front();
        }
        let most = usize::try_from(most.max(1)).unwrap_or(usize::MAX);
        if let Some(beyond) = self.0.len().checked_sub(most) {
            return Err(self.0[beyond] + within - now);
        }
        // Two processes never agree on the time to the microsecond.
        let place = self.0.partition_point(|moment| *moment <= now);
        self.0.insert(place, now);
        Ok(())
    }

    fn last(&self) -> i64 {
        self.0.back().copied().unwrap_or(i64::MIN)
    }
}

/// What each of many has spent lately, as this process counts it.
pub struct Windows<K> {
    most: u32,
    within: i64,
    begun: Instant,
    kept: Mutex<HashMap<K, Recent>>,
}

/// So many are counted at a time; beyond, whoever spent longest ago is forgotten.
const MOST_KEPT: usize = 100_000;

impl<K: Eq + Hash + Copy> Windows<K> {
    /// `most` for each in any stretch of `within`.
    pub fn new(most: u32, within: Duration) -> Self {
        Windows { most, within: micros(within), begun: Instant::now(), kept: Mutex::default() }
    }

    /// Spends one of this one's. If none is left, the answer is how long to wait.
    pub fn spend(&self, key: K) -> Result<(), Duration> {
        let now = micros(self.begun.elapsed());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT && !kept.contains_key(&key) {
            let longest_ago = kept.iter().min_by_key(|(_, recent)| recent.last()).map(|(key, _)| *key);
            longest_ago.and_then(|key| kept.remove(&key));
        }
        let spent = kept.entry(key).or_default().spend(self.most, self.within, now);
        spent.map_err(|wait| Duration::from_micros(u64::try_from(wait).unwrap_or(0)))
    }

    /// Forgets who has spent nothing for as long as anything counts.
    pub fn forget_idle(&self) {
        let now = micros(self.begun.elapsed());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, recent| recent.last() > now - self.within);
        kept.shrink_to_fit();
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries at these moments, and says which were let through.
    fn spent(most: u32, within: i64, tries: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let mut recent = Recent::default();
        tries.into_iter().filter(|now| recent.spend(most, within, *now).is_ok()).collect()
    }

    #[test]
    fn three_in_a_quarter_of_an_hour_and_three_more_after_it() {
        let four_a_minute = (0..30).flat_map(|minute| [minute; 4]);
        assert_eq!(spent(3, 15, four_a_minute), [0, 0, 0, 15, 15, 15]);
        assert_eq!(spent(3, 15, [0, 7, 14, 14, 15, 16, 21, 22, 23]), [0, 7, 14, 15, 22]);
    }

    #[test]
    fn no_stretch_of_time_holds_more_and_nobody_waits_without_need() {
        let mut seed = 7_u64;
        for (most, within) in [(1, 10), (3, 15), (10, 60), (10, 3600)] {
            let mut now = 0;
            let tries: Vec<i64> = (0..2000)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    now += i64::try_from(seed >> 40).expect("24 bits") % (within / 4 + 2);
                    now
                })
                .collect();
            let let_through = spent(most, within, tries.iter().copied());
            let in_stretch_until =
                |end: i64| let_through.iter().filter(|at| **at > end - within && **at <= end).count();
            let most = usize::try_from(most).expect("a small number");
            for end in let_through.iter().flat_map(|at| [*at, at + within - 1]) {
                assert!(in_stretch_until(end) <= most, "{most} in {within}, until {end}");
            }
            for refused in tries.iter().filter(|at| !let_through.contains(at)) {
                assert_eq!(in_stretch_until(*refused), most, "{most} in {within}, at {refused}");
            }
        }
    }

    #[test]
    fn who_is_refused_is_told_when_there_is_one_again() {
        let mut recent = Recent::default();
        assert_eq!([0, 4].map(|now| recent.spend(2, 15, now)), [Ok(()), Ok(())]);
        assert_eq!(recent.spend(2, 15, 6), Err(9));
        assert_eq!(recent.spend(2, 15, 14), Err(1));
        assert_eq!(recent.spend(2, 15, 15), Ok(()));
        assert_eq!(recent.spend(1, 15, 16), Err(14), "the operator allows fewer now");
    }

    #[test]
    fn what_counts_no_more_is_not_kept() {
        let mut recent = Recent::default();
        for now in 0..1000 {
            let _ = recent.spend(10, 60, now);
            assert!(recent.0.len() <= 10);
        }
        let windows = Windows::new(1, Duration::ZERO);
        for key in 0..MOST_KEPT + 10 {
            assert_eq!(windows.spend(key), Ok(()));
        }
        let kept = || windows.kept.lock().expect("nobody panicked").len();
        assert_eq!(kept(), MOST_KEPT);
        windows.forget_idle();
        assert_eq!(kept(), 0);
    }
}
