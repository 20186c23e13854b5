//! The daily turn of standing places: which of them need something is read for many at once, and only those are written.

use super::keep::{self, BACK_DAYS, compare, weeks_ahead};
use super::{Series, store, zone_of};
use crate::app::App;
use crate::error::Result;
use crate::features::bookings::{Booking, standing};
use crate::features::clients;
use crate::features::practice::{self, Catalogue};
use shared::ids::{ClientId, SeriesId};
use shared::series::{Exception, PLACE_DAYS, occurrences};
use shared::stage::Stage;
use shared::time::{Date, Instant};
use shared::zone::ZoneTable;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

/// So many places are read in one go.
const AT_ONCE: usize = 100;

/// Keeps every place ahead that needs it, each in a write of its own, so that one that cannot be kept holds up no other.
/// Answers how many that were.
pub async fn keep_all_ahead(app: &Arc<App>) -> Result<usize> {
    let ids = store::active(&mut app.db.read().await?).await?;
    let mut kept = 0;
    for some in ids.chunks(AT_ONCE) {
        for id in in_need(app, some).await? {
            kept += 1;
            if let Err(error) = keep::keep_ahead(app, id).await {
                tracing::error!(series = %id, %error, "a standing place could not be kept ahead; its turn comes again tomorrow");
            }
        }
    }
    Ok(kept)
}

/// What belongs to some places, by place.
struct Known {
    exceptions: HashMap<SeriesId, Vec<Exception>>,
    sessions: HashMap<SeriesId, Vec<Booking>>,
    places: HashMap<SeriesId, Vec<store::PlaceRow>>,
    /// Those that found no room for a day: whether there is some now is looked at in the write.
    homeless: HashSet<SeriesId>,
    stages: HashMap<ClientId, Stage>,
}

/// The places of these that are not as they should be.
async fn in_need(app: &App, ids: &[SeriesId]) -> Result<Vec<SeriesId>> {
    let catalogue = practice::catalogue(app).await?;
    let (now, zone) = (app.clock.now(), zone_of(app, &catalogue)?);
    let mut conn = app.db.read().await?;
    let conn = &mut conn;
    let all = store::by_ids(conn, ids).await?;
    let clients: HashSet<ClientId> = all.iter().map(|series| series.client_id).collect();
    let clients: Vec<ClientId> = clients.into_iter().collect();
    let long_ago = now.plus_minutes(-(BACK_DAYS + 1) * 24 * 60);
    let sessions = standing::of_many(conn, ids, long_ago, zone.civil(now).date).await?;
    let known = Known {
        exceptions: by_key(store::exceptions_of(conn, ids).await?),
        sessions: by_key(sessions.into_iter().filter_map(|session| Some((session.series_id?, session)))),
        places: by_key(store::places_of(conn, ids).await?),
        homeless: store::conflicts_of(conn, ids).await?.into_iter().map(|(id, _)| id).collect(),
        stages: clients::stages(conn, &clients).await?.into_iter().collect(),
    };
    let needs = |series: &&Series| needs_something(series, &known, &catalogue, &zone, now);
    Ok(all.iter().filter(needs).map(|series| series.id).collect())
}

/// Whether keeping a place ahead would change anything. In doubt it is looked at in the write, which alone decides.
fn needs_something(series: &Series, known: &Known, catalogue: &Catalogue, zone: &ZoneTable, now: Instant) -> bool {
    let today = zone.civil(now).date;
    let stage = known.stages.get(&series.client_id);
    if matches!(stage, None | Some(Stage::Ended | Stage::ReferredOut)) {
        return true;
    }
    if series.ends_on.is_some_and(|end| end < today) || known.homeless.contains(&series.id) {
        return true;
    }
    let Ok(session_type) = series.session_type(catalogue) else { return true };
    let first = today.plus_days(-BACK_DAYS);
    let named = occurrences(
        &series.rule(),
        known.exceptions.get(&series.id).map_or(&[][..], Vec::as_slice),
        zone,
        first,
        today.plus_days(PLACE_DAYS),
    );
    let is_recent = |session: &&Booking| session.series_date.is_some_and(|date: Date| date >= first);
    let sessions: Vec<Booking> =
        known.sessions.get(&series.id).into_iter().flatten().filter(is_recent).cloned().collect();
    let places = known.places.get(&series.id).map_or(&[][..], Vec::as_slice);
    let near = today.plus_days(7 * weeks_ahead(catalogue));
    let difference = compare(&named, &sessions, places, &session_type, near, now);
    let adds = stage.is_some_and(|stage| stage.opens_paid_sessions());
    !difference.stray.is_empty() || !difference.wrong.is_empty() || (adds && !difference.missing.is_empty())
}

fn by_key<K: Eq + Hash, V>(rows: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut found: HashMap<K, Vec<V>> = HashMap::new();
    for (key, row) in rows {
        found.entry(key).or_default().push(row);
    }
    found
}
