//! Making a standing place.

use super::keep::{self, Settled, Told};
use super::{Series, store, zone_of};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::bookings::Slot;
use crate::features::bookings::standing::{self, nearest};
use crate::features::bookings::steps::Doer;
use crate::features::clients;
use crate::features::practice::{self, Catalogue, SessionType, Therapist};
use crate::idempotency;
use crate::jobs::{self, Job};
use serde::{Deserialize, Serialize};
use shared::booking::key_problem;
use shared::ids::{ClientId, SeriesId, SessionTypeId};
use shared::money::Currency;
use shared::practice::{Gate, Modality};
use shared::problem::{ErrorCode, UserError};
use shared::series::{Cadence, SeriesRule, SeriesState, occurrences};
use shared::session_type::minutes_problem;
use shared::time::{Date, LocalTime, Weekday};
use std::sync::Arc;

/// Asks for a standing place.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct CreateSeriesInput {
    /// Whose.
    pub client_id: ClientId,
    /// What it is; must be open to clients.
    pub session_type_id: SessionTypeId,
    /// How often.
    pub cadence: Cadence,
    /// The first day; without a weekday, its weekday is the place's.
    pub starts_on: Date,
    /// The day of the week; left out, that of the first day.
    pub weekday: Option<Weekday>,
    /// At what time of the practice's clock.
    pub time: LocalTime,
    /// The last day there may be a session; left out, it goes on.
    pub ends_on: Option<Date>,
    /// How long a session is, in minutes; left out, as long as the session type.
    pub minutes: Option<i32>,
    /// How it takes place; left out, as the session type does.
    pub modality: Option<Modality>,
    /// A price of its own, in minor units; left out, what the client pays otherwise.
    pub price_amount: Option<i32>,
    /// What that price is counted in; left out, as the session type's.
    pub price_currency: Option<Currency>,
    /// Chosen by the caller; the same key with the same input makes one place, however often it is sent.
    pub idempotency_key: Option<String>,
}

impl CreateSeriesInput {
    fn rule(&self) -> SeriesRule {
        SeriesRule {
            cadence: self.cadence,
            weekday: self.weekday.unwrap_or_else(|| self.starts_on.weekday()),
            time: self.time,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
        }
    }

    /// Everything wrong with it at once, as far as it can be told without looking anything up.
    pub fn problems(&self) -> Vec<UserError> {
        let mut problems = self.rule().problems();
        problems.extend(minutes_problem(self.minutes.map(i64::from)));
        problems.extend(price_problem(self.price_amount));
        problems.extend(self.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key)));
        problems
    }
}

/// A price is not negative.
pub(super) fn price_problem(amount: Option<i32>) -> Option<UserError> {
    let wrong = amount.is_some_and(|amount| amount < 0);
    wrong.then(|| UserError::on("priceAmount", ErrorCode::Invalid, "A price is zero or more."))
}

/// Makes a place: its sessions are in the calendar and its time is kept when this returns. Its first session must be free;
/// later ones that are not are named in the answer.
pub async fn create(app: &Arc<App>, therapist: &Therapist, input: CreateSeriesInput) -> Result<(Series, Settled)> {
    Error::unless_fine(input.problems())?;
    let catalogue = practice::catalogue(app).await?;
    let unknown = || Error::refused("sessionTypeId", ErrorCode::NotFound, "There is no such session type.");
    let session_type =
        catalogue.session_type(input.session_type_id).filter(|it| it.is_offered()).ok_or_else(unknown)?;
    if session_type.gate != Gate::Clients {
        let message = "A standing place is for sessions that clients can have. Choose one of those.";
        return Err(Error::refused("sessionTypeId", ErrorCode::NotOffered, message));
    }
    let today = zone_of(app, &catalogue)?.civil(app.clock.now()).date;
    if input.starts_on < today {
        return Err(Error::refused("startsOn", ErrorCode::Invalid, "Choose a first day from today on."));
    }
    let series = Series {
        id: SeriesId(app.clock.new_id()),
        client_id: input.client_id,
        therapist_id: therapist.id,
        session_type_id: session_type.id,
        cadence: input.cadence,
        weekday: input.rule().weekday,
        local_time: input.time,
        starts_on: input.starts_on,
        ends_on: input.ends_on,
        minutes: input.minutes.map_or(session_type.minutes, i64::from),
        modality: input.modality.unwrap_or(session_type.modality),
        price_amount: input.price_amount.map(i64::from),
        price_currency: input.price_amount.map(|_| input.price_currency.unwrap_or(session_type.price_currency)),
        state: SeriesState::Active,
        follows_id: None,
        sequence: 0,
        told_sequence: None,
        created_at: app.clock.now(),
    };
    let fingerprint = idempotency::fingerprint(&input)?;
    let scope = app.keys.pseudonym("createSeries", &therapist.id.to_string());
    let (shared_app, actor, key) = (app.clone(), therapist.user_id, input.idempotency_key);
    let (id, settled) = app
        .db
        .write(move |tx| {
            let (app, catalogue, series) = (shared_app.clone(), catalogue.clone(), series.clone());
            let (fingerprint, scope, key) = (fingerprint.clone(), scope.clone(), key.clone());
            Box::pin(async move {
                let now = app.clock.now();
                let key = key.as_deref();
                if let Some(earlier) = idempotency::begin::<SeriesId>(tx, &scope, key, &fingerprint, now).await? {
                    return Ok((earlier, Settled::default()));
                }
                practice::lock_therapist(tx, series.therapist_id).await?;
                let client = clients::get(tx, series.client_id).await?;
                let client = client.filter(|client| client.therapist_id == series.therapist_id);
                let client = client.ok_or_else(|| {
                    Error::refused("clientId", ErrorCode::NotFound, "There is no such client of yours.")
                })?;
                if !client.stage.opens_paid_sessions() {
                    let words = client.stage.for_therapist();
                    let message =
                        format!("A standing place needs a client you work with. {}: {}", words.now, words.next);
                    return Err(Error::refused("clientId", ErrorCode::StageLocked, message));
                }
                first_is_free(tx, &app, &catalogue, &series).await?;
                store::insert(tx, &series).await?;
                let settled = keep::settle(tx, &app, &catalogue, &series, Doer::practice(actor), Told::Soon).await?;
                standing::begin_care(tx, &app, &client).await?;
                audit::record(tx, now, Some(actor), "create series", Some(client.id.0)).await?;
                tell(tx, &app, &series).await?;
                idempotency::remember(tx, &scope, key, &series.id).await?;
                Ok((series.id, settled))
            })
        })
        .await?;
    let series = store::series(&mut app.db.read().await?, id).await?.ok_or(Error::NotFound)?;
    Ok((series, settled))
}

/// Refuses a place whose first session is not free: it would begin with an apology.
async fn first_is_free(tx: &mut Tx, app: &App, catalogue: &Catalogue, series: &Series) -> Result<()> {
    let (now, zone) = (app.clock.now(), zone_of(app, catalogue)?);
    let rule = series.rule();
    let first = rule.first().unwrap_or(rule.starts_on);
    let ahead = occurrences(&rule, &[], &zone, first, first.plus_days(36));
    let Some(session) = ahead.iter().find(|session| session.starts_at > now) else { return Ok(()) };
    let blocked = standing::blocked(&series.session_type(catalogue)?, session.starts_at);
    let busy = standing::busy(tx, series.therapist_id, series.client_id, blocked, now).await?;
    match busy.iter().any(|other| other.range.overlaps(&blocked)) {
        true => Err(Error::Overlap),
        false => Ok(()),
    }
}

/// The free starts nearest to a first session that is taken.
pub async fn alternatives(app: &App, therapist: &Therapist, input: &CreateSeriesInput) -> Result<Vec<Slot>> {
    let catalogue = practice::catalogue(app).await?;
    let Some(session_type) = catalogue.session_type(input.session_type_id) else { return Ok(Vec::new()) };
    let rule = input.rule();
    let starts_at = zone_of(app, &catalogue)?.resolve(rule.first().unwrap_or(rule.starts_on), rule.time).at;
    let minutes = input.minutes.map_or(session_type.minutes, i64::from);
    nearest(app, &SessionType { minutes, ..session_type.clone() }, therapist.id, starts_at).await
}

/// Tells its client after the outward delay, in one mail, whatever else changes meanwhile.
pub(super) async fn tell(tx: &mut Tx, app: &App, series: &Series) -> Result<()> {
    let at = app.outward_at();
    jobs::enqueue(tx, &app.clock, at, &Job::TellSessions { client_id: series.client_id }).await?;
    standing::announce(tx, series.therapist_id, series.client_id);
    Ok(())
}
