//! Prices agreed with one client: a sliding scale that only the two of them see.

use super::store;
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::accounts::Viewer;
use crate::features::clients::{self, Client};
use crate::features::practice::{self, zones};
use serde::{Deserialize, Serialize};
use shared::contact::text_problem;
use shared::ids::{AgreementId, ClientId, SessionTypeId, TherapistId};
use shared::money::{Currency, Money};
use shared::problem::{ErrorCode, UserError};
use shared::time::{Date, Instant};
use std::sync::Arc;

/// A price agreed with a client.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Agreement {
    /// Which.
    pub id: AgreementId,
    /// With whom.
    pub client_id: ClientId,
    /// For one session type; absent when for all.
    pub session_type_id: Option<SessionTypeId>,
    /// In minor units.
    pub amount: i64,
    /// What it is counted in.
    pub currency: Currency,
    /// From which day on.
    pub starts_on: Date,
    /// The last day it counts, if it ends.
    pub ends_on: Option<Date>,
    /// When the two will talk about it again.
    pub review_on: Option<Date>,
    /// What the therapist noted about it, encrypted for this client.
    pub note: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Instant,
}

impl Agreement {
    /// The price.
    pub fn price(&self) -> Money {
        Money { amount: self.amount, currency: self.currency }
    }
}

/// Agrees a price with a client.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct AgreePriceInput {
    /// With whom.
    pub client_id: ClientId,
    /// For one session type; left out, for all.
    pub session_type_id: Option<SessionTypeId>,
    /// In minor units: 4000 is £40.00.
    pub amount: i64,
    /// What it is counted in.
    pub currency: Currency,
    /// From which day on; left out, from today.
    pub starts_on: Option<Date>,
    /// When to talk about it again; on that day it stands among `pricesToReview`.
    pub review_on: Option<Date>,
    /// What was said about it, for yourself; at most 500 characters.
    pub note: Option<String>,
}

/// A price whose day to talk about it again has come.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DueReview {
    /// What the client is called.
    pub client_name: String,
    /// The price.
    #[sqlx(flatten)]
    pub agreement: Agreement,
}

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 500;

/// More than this is a typing mistake: a million in minor units.
const MOST: i64 = 100_000_000;

/// The agreement that counts for a session on a day.
pub async fn in_force(
    conn: &mut Conn,
    client: ClientId,
    session_type: SessionTypeId,
    on: Date,
) -> Result<Option<Agreement>> {
    Ok(store::agreement_on(conn, client, session_type, on).await?)
}

/// The agreements with a client that count now or later, newest first.
pub async fn standing(app: &App, client: ClientId) -> Result<Vec<Agreement>> {
    let (all, today) = (store::agreements(&mut app.db.read().await?, client).await?, today(app).await?);
    Ok(all.into_iter().filter(|agreement| agreement.ends_on.is_none_or(|last| last >= today)).collect())
}

/// Prices of a therapist's clients that count and whose day to talk about them again has come, the longest ago first. One
/// that is agreed anew, with or without another such day, is not among them any more.
pub async fn to_review(app: &App, therapist: TherapistId) -> Result<Vec<DueReview>> {
    let today = today(app).await?;
    Ok(store::agreements_to_review(&mut app.db.read().await?, therapist, today).await?)
}

/// What the therapist noted about an agreement, decrypted.
pub async fn note(app: &App, agreement: &Agreement) -> Result<Option<String>> {
    let Some(sealed) = &agreement.note else { return Ok(None) };
    let client = clients::get(&mut app.db.read().await?, agreement.client_id).await?.ok_or(Error::NotFound)?;
    let plain = clients::open(&app.keys, &client, &note_place(agreement.id), sealed)?;
    String::from_utf8(plain).map(Some).map_err(|_| Error::internal("a note is not text"))
}

fn note_place(id: AgreementId) -> String {
    format!("agreements/note/{id}")
}

/// The agreements with a client that counted once and do not any more, newest first. One that was replaced before its
/// first day never counted.
pub async fn past(app: &App, client: ClientId) -> Result<Vec<Agreement>> {
    let (all, today) = (store::agreements(&mut app.db.read().await?, client).await?, today(app).await?);
    let is_past = |it: &Agreement| it.ends_on.is_some_and(|last| it.starts_on <= last && last < today);
    Ok(all.into_iter().filter(is_past).collect())
}

async fn today(app: &App) -> Result<Date> {
    let (catalogue, now) = (practice::catalogue(app).await?, app.clock.now());
    Ok(zones::find("timeZone", &catalogue.practice.time_zone, now)?.civil(now).date)
}

/// Agrees a price. What was agreed for the same before ends the day before this begins; booked sessions keep their price.
pub async fn agree(app: &Arc<App>, by: Viewer, client: &Client, input: AgreePriceInput) -> Result<Agreement> {
    let catalogue = practice::catalogue(app).await?;
    let now = app.clock.now();
    let today = zones::find("startsOn", &catalogue.practice.time_zone, now)?.civil(now).date;
    let starts_on = input.starts_on.unwrap_or(today);
    let mut problems = Vec::new();
    if !(0..=MOST).contains(&input.amount) {
        problems.push(UserError::on("amount", ErrorCode::Invalid, "Write a price that is not below zero."));
    }
    if input.session_type_id.is_some_and(|id| catalogue.session_type(id).is_none()) {
        problems.push(UserError::on("sessionTypeId", ErrorCode::NotFound, "There is no such session type."));
    }
    if input.review_on.is_some_and(|day| day <= starts_on) {
        let message = "The day to talk about it again comes after the first day.";
        problems.push(UserError::on("reviewOn", ErrorCode::Invalid, message));
    }
    let note = input.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    problems.extend(note.and_then(|note| text_problem("note", note, LONGEST_NOTE)));
    Error::unless_fine(problems)?;
    let id = AgreementId(app.clock.new_id());
    let sealed = note.map(|note| clients::seal(&app.keys, client, &note_place(id), note.as_bytes())).transpose()?;
    let agreement = Agreement {
        id,
        client_id: client.id,
        session_type_id: input.session_type_id,
        amount: input.amount,
        currency: input.currency,
        starts_on,
        ends_on: None,
        review_on: input.review_on,
        note: sealed,
        created_at: now,
    };
    let row = agreement.clone();
    app.db
        .write(move |tx| {
            let row = row.clone();
            Box::pin(async move {
                place(tx, &row, Some(by)).await?;
                audit::record(tx, now, Some(by.user_id), "agree price", Some(row.client_id.0)).await
            })
        })
        .await?;
    Ok(agreement)
}

/// Stores an agreement inside a write, and ends the one before.
pub async fn place(tx: &mut Tx, agreement: &Agreement, by: Option<Viewer>) -> Result<()> {
    store::end_agreements(tx, agreement.client_id, agreement.session_type_id, agreement.starts_on).await?;
    Ok(store::insert_agreement(tx, agreement, by.map(|viewer| viewer.user_id)).await?)
}

/// Ends an agreement with its last day yesterday; booked sessions keep their price.
pub async fn end(app: &Arc<App>, by: Viewer, client: &Client, id: AgreementId) -> Result<()> {
    let catalogue = practice::catalogue(app).await?;
    let now = app.clock.now();
    let today = zones::find("agreementId", &catalogue.practice.time_zone, now)?.civil(now).date;
    let client_id = client.id;
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if store::end_agreement(tx, id, client_id, today.plus_days(-1)).await? == 0 {
                    let message = "There is no such agreement, or it has ended already.";
                    return Err(Error::refused("agreementId", ErrorCode::NotFound, message));
                }
                audit::record(tx, now, Some(by.user_id), "end agreement", Some(client_id.0)).await
            })
        })
        .await
}
