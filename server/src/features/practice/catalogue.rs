//! Everything public about the practice in one piece, and how it is remembered.

use super::{Practice, Question, SessionType, Therapist, store};
use crate::app::App;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::events::Event;
use crate::memory::Memory;
use shared::ids::{SessionTypeId, TherapistId};
use shared::slots::{Consecutive, Limits};
use shared::time::Instant;
use std::sync::{Arc, PoisonError, RwLock};

/// Everything public about the practice.
#[derive(Debug)]
pub struct Catalogue {
    /// The practice itself.
    pub practice: Practice,
    /// Who sees clients, in the order the pages show.
    pub therapists: Vec<Therapist>,
    /// What can be booked or once could, in the order the pages show.
    pub session_types: Vec<SessionType>,
    /// The questions people ask.
    pub questions: Vec<Question>,
}

impl Catalogue {
    /// One session type, also one that is not offered any more: bookings may be of it.
    pub fn session_type(&self, id: SessionTypeId) -> Option<&SessionType> {
        self.session_types.iter().find(|session_type| session_type.id == id)
    }

    /// Everything that can be booked.
    pub fn offered(&self) -> impl Iterator<Item = &SessionType> {
        self.session_types.iter().filter(|session_type| session_type.is_offered())
    }

    /// One therapist.
    pub fn therapist(&self, id: TherapistId) -> Option<&Therapist> {
        self.therapists.iter().find(|therapist| therapist.id == id)
    }

    /// What the practice allows in one day.
    pub fn limits(&self) -> Limits {
        let settings = &self.practice.settings;
        Limits {
            per_day: settings.sessions_per_day,
            consecutive: settings
                .consecutive_sessions
                .map(|sessions| Consecutive { sessions, break_minutes: settings.break_minutes }),
        }
    }
}

/// The catalogue, remembered until something in it changes, and the one before for as long as the database is away.
#[derive(Default)]
pub struct CatalogueCache {
    kept: Memory<(), Catalogue>,
    before: RwLock<Before>,
}

/// What was true before the last change.
#[derive(Default)]
struct Before {
    catalogue: Option<Arc<Catalogue>>,
    /// When the database was asked for what is true now, and gave no answer.
    in_vain_at: Option<Instant>,
}

/// So many seconds it is not asked again, unless something happens: whoever looks at a page would wait for it each time.
const PAUSE: i64 = 5;

impl CatalogueCache {
    /// Drops what an event made untrue.
    pub fn forget(&self, event: &Event) {
        if matches!(event, Event::PracticeChanged | Event::Missed) {
            let known = self.kept.take_all().remove(&());
            let mut before = self.before.write().unwrap_or_else(PoisonError::into_inner);
            before.in_vain_at = None;
            before.catalogue = known.or_else(|| before.catalogue.take());
        }
    }

    /// What was true before, if the database has just been asked in vain.
    fn before_for_now(&self, now: Instant) -> Option<Arc<Catalogue>> {
        let before = self.before.read().unwrap_or_else(PoisonError::into_inner);
        before.in_vain_at.filter(|at| now < at.plus_seconds(PAUSE)).and(before.catalogue.clone())
    }

    /// Whether the one before has been shown since somebody last asked this.
    fn was_away(&self) -> bool {
        self.before.write().unwrap_or_else(PoisonError::into_inner).in_vain_at.take().is_some()
    }

    /// What was true before, in place of an answer the database did not give.
    fn before_instead(&self, error: Error, now: Instant) -> Result<Arc<Catalogue>> {
        let mut before = self.before.write().unwrap_or_else(PoisonError::into_inner);
        let Some(catalogue) = before.catalogue.clone() else { return Err(error) };
        tracing::warn!(%error, "the practice cannot be read; it is shown as it was");
        before.in_vain_at = Some(now);
        Ok(catalogue)
    }
}

/// Everything public about the practice. While the database does not answer, it is what was true before, so that whoever
/// looks for the practice finds it.
pub async fn catalogue(app: &App) -> Result<Arc<Catalogue>> {
    let (cache, now) = (&app.catalogue, app.clock.now());
    let read = cache.kept.get(&(), || async {
        if cache.before_for_now(now).is_some() {
            return Err(Error::Unavailable("the database has just been asked in vain".into()));
        }
        let catalogue = read_catalogue(&mut app.db.read().await?).await?;
        if cache.was_away() {
            // What was made from the one before must go too.
            app.bus.publish(Event::PracticeChanged);
        }
        Ok(catalogue)
    });
    match read.await {
        Err(error @ (Error::Unavailable(_) | Error::Internal(_))) => {
            cache.before_for_now(now).map_or_else(|| cache.before_instead(error, now), Ok)
        }
        read => read,
    }
}

async fn read_catalogue(conn: &mut Conn) -> Result<Catalogue> {
    let practice = store::practice(conn).await?.ok_or_else(|| {
        Error::Unavailable("there is no practice in this database yet; run `anteroom admin create` first".into())
    })?;
    Ok(Catalogue {
        practice,
        therapists: store::therapists(conn).await?,
        session_types: store::session_types(conn).await?,
        questions: store::questions(conn).await?,
    })
}
