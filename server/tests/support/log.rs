//! What this process logs, for tests that look for what must not be there.

#![allow(unreachable_pub, reason = "a module of test binaries")]

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Everything that was logged since the first time somebody asked for it, by every test of the process: what tests log
/// on one thread alone, others can switch off.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

static LOG: OnceLock<Log> = OnceLock::new();

impl Log {
    /// Writes down what is logged from now on.
    pub fn begin() -> &'static Log {
        LOG.get_or_init(|| {
            let log = Log::default();
            let writer = log.clone();
            let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone());
            subscriber.try_init().expect("nobody else in this process logs");
            log
        })
    }

    /// Every line so far.
    pub fn lines(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
