//! The only source of the current time and of new ids.

use shared::time::Instant;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// A clock that can be pushed forward, for the demo and for tests.
#[derive(Clone)]
pub struct Clock {
    base: Base,
    /// Microseconds added to the base.
    pushed: Arc<AtomicI64>,
}

#[derive(Clone, Copy)]
enum Base {
    System,
    Fixed(Instant),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Clock { base: Base::System, pushed: Arc::default() }
    }

    /// A clock that stands at `at` until it is pushed.
    pub fn standing_at(at: Instant) -> Self {
        Clock { base: Base::Fixed(at), pushed: Arc::default() }
    }

    /// The current time, to the microsecond.
    pub fn now(&self) -> Instant {
        let base = self.base();
        let pushed = self.pushed.load(Ordering::SeqCst);
        if pushed == 0 {
            return base;
        }
        Instant::from_micros(base.micros().saturating_add(pushed)).unwrap_or(base)
    }

    /// The time that other devices show, an authenticator's for one: pushing the machine's clock moves none of them.
    pub fn on_other_devices(&self) -> Instant {
        match self.base {
            Base::System => self.base(),
            Base::Fixed(_) => self.now(),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn base(&self) -> Instant {
        match self.base {
            Base::System => Instant::from(time::OffsetDateTime::now_utc()),
            Base::Fixed(at) => at,
        }
    }

    /// Pushes the clock forward.
    pub fn push_minutes(&self, minutes: i64) {
        self.pushed.fetch_add(minutes.saturating_mul(60_000_000), Ordering::SeqCst);
    }

    /// How far the clock has been pushed, in minutes.
    pub fn pushed_minutes(&self) -> i64 {
        self.pushed.load(Ordering::SeqCst) / 60_000_000
    }

    /// A new id, ordered by the time it was made. Never a secret.
    #[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
    pub fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pushing_a_clock_moves_no_other_device() {
        let clock = Clock::system();
        clock.push_minutes(60);
        let apart = clock.now().seconds() - clock.on_other_devices().seconds();
        assert!((3_600..=3_601).contains(&apart), "{apart} s");
        let standing = Clock::standing_at(Instant::EARLIEST);
        standing.push_minutes(60);
        assert_eq!(standing.now(), standing.on_other_devices());
    }
}
