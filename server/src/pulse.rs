//! Whether deferred work is being done.

use shared::time::Instant;
use std::sync::{Mutex, PoisonError};

/// The name of the heartbeat in the database, for whoever looks from another process.
pub const HEARTBEAT: &str = "worker";

/// A worker that has not been alive for so many seconds is taken for dead.
pub const HEARTBEAT_SECONDS: i64 = 60;

/// When the worker of this process last showed that it lives. The heartbeat in the database may be another process's.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<Option<Instant>>);

impl Pulse {
    /// Whether it has shown so of late.
    pub fn is_felt(&self, now: Instant) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|beat| now < beat.plus_seconds(HEARTBEAT_SECONDS))
    }

    /// Shows it.
    pub fn beat(&self, now: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }
}
