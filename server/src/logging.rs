//! Log lines: JSON for machines, text for people.

use crate::config::{Config, LogFormat};
use std::io::IsTerminal;
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_subscriber::EnvFilter;

/// Writes what is still to be written when it is dropped.
#[must_use = "what was logged last is written when it is dropped"]
pub struct Logging(#[expect(dead_code, reason = "held for its end")] WorkerGuard);

/// Begins to log as the operator decided, panics too: where they happened, not what they say. Asked a second time it
/// changes nothing.
///
/// Lines are written by a thread of their own: no request waits for whoever reads them, and where nobody does, lines are
/// left out rather than requests.
pub fn start(config: &Config) -> Result<Logging, String> {
    let filter = EnvFilter::try_new(&config.log.0).map_err(|error| format!("log: {error}"))?;
    let json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    let (writer, guard) = NonBlocking::new(std::io::BufWriter::new(std::io::stderr()));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    // Fails only if somebody logs already, as tests do.
    let _ = if json {
        subscriber.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        subscriber.with_target(false).try_init()
    };
    // What a panic says may name people.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic");
    }));
    Ok(Logging(guard))
}
