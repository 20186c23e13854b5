//! Lists that staff read, noted beside the answer: one row of the trail a list, many rows a write.

use super::record;
use crate::app::App;
use crate::error::{Error, Result};
use shared::ids::UserId;
use shared::time::Instant;
use std::sync::{Arc, Mutex, PoisonError};

/// So many lists wait for the trail at most. Where it cannot be written, nobody reads on for long.
const MOST_WAITING: usize = 10_000;

/// A list that was read.
#[derive(Debug, Clone)]
struct Note {
    at: Instant,
    actor: UserId,
    deed: String,
}

/// The lists that were read and are not in the trail yet.
#[derive(Default)]
pub struct ListNotes {
    waiting: Mutex<Vec<Note>>,
    /// Whoever writes holds it, so that the rows keep their order.
    turn: tokio::sync::Mutex<()>,
}

/// Notes that somebody read a list, and how many rows of it. The answer does not wait for the disk: a page with three
/// lists would wait three times. A list of nobody is not noted.
pub fn note_list(app: &Arc<App>, actor: UserId, list: &str, count: usize) -> Result<()> {
    if count == 0 {
        return Ok(());
    }
    let note = Note { at: app.clock.now(), actor, deed: format!("list {list}: {count}") };
    {
        let mut waiting = app.list_notes.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= MOST_WAITING {
            return Err(Error::Unavailable("what is read cannot be noted in the audit trail".into()));
        }
        waiting.push(note);
    }
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = write_notes(&app).await {
            tracing::error!(%error, "lists that were read wait to be noted in the audit trail");
        }
    });
    Ok(())
}

/// Writes what waits, and answers once all that was read before is in the trail. What cannot be written goes on waiting.
pub async fn write_notes(app: &App) -> Result<()> {
    let _turn = app.list_notes.turn.lock().await;
    let lock = || app.list_notes.waiting.lock().unwrap_or_else(PoisonError::into_inner);
    let notes = std::mem::take(&mut *lock());
    if notes.is_empty() {
        return Ok(());
    }
    let rows: Arc<[Note]> = notes.into();
    let written = {
        let rows = rows.clone();
        let write = app.db.write(move |tx| {
            let rows = rows.clone();
            Box::pin(async move {
                for row in rows.iter() {
                    record(tx, row.at, Some(row.actor), &row.deed, None).await?;
                }
                Ok(())
            })
        });
        write.await
    };
    if written.is_err() {
        let mut waiting = lock();
        let later = std::mem::take(&mut *waiting);
        waiting.extend(rows.iter().cloned().chain(later));
    }
    written
}
