//! What a client answers: saved in parts, sent once, readable by their therapist alone.

use super::form::FormVersion;
use super::{announce, settle, store};
use crate::app::App;
use crate::audit;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::features::clients::{self, Client};
use crate::features::practice::Therapist;
use crate::keys::Keys;
use serde::{Deserialize, Serialize};
use shared::ids::{ClientId, IntakeFormId};
use shared::intake::{Answer, Answers, Completeness, Occasion};
use shared::problem::ErrorCode;
use shared::time::Instant;
use std::sync::Arc;

/// Answers as they are stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Stored {
    pub(super) form_id: IntakeFormId,
    pub(super) answers: Vec<u8>,
    pub(super) saved_at: Instant,
    pub(super) sent_at: Option<Instant>,
}

/// The form of a client, with what they have answered.
#[derive(Debug, Clone)]
pub struct Filled {
    /// The form: the one they sent, else the newest.
    pub form: FormVersion,
    /// What they answered.
    pub answers: Answers,
    /// When they last saved something.
    pub saved_at: Option<Instant>,
    /// When they sent it.
    pub sent_at: Option<Instant>,
}

/// Saves some answers.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct SaveIntakeAnswersInput {
    /// Answers, of which each takes the place of an earlier one. What is not named stays.
    pub answers: Vec<Answer>,
}

/// Sends the form to the therapist.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct SubmitIntakeInput {
    /// The last answers, if some are not saved yet.
    #[graphql(default)]
    pub answers: Vec<Answer>,
}

/// The most answers one request may carry.
const MOST_ANSWERS: usize = 60;

/// The form of a client with what they have answered; nothing when the practice has no form.
pub async fn filled(app: &App, client: &Client) -> Result<Option<Filled>> {
    filled_in(&mut app.db.read().await?, &app.keys, client).await
}

/// The form of one of a therapist's clients, for her to read: the reading is noted in the audit trail.
pub async fn read_by_staff(app: &App, id: ClientId, therapist: &Therapist) -> Result<(Client, Option<Filled>)> {
    let client = clients::of_therapist(app, id, therapist.id).await?;
    let (now, actor) = (app.clock.now(), therapist.user_id);
    app.db
        .write(move |tx| Box::pin(async move { audit::record(tx, now, Some(actor), "read intake", Some(id.0)).await }))
        .await?;
    let filled = filled(app, &client).await?;
    Ok((client, filled))
}

/// Saves some answers of the client who is signed in.
pub async fn save(app: &Arc<App>, client: &Client, input: SaveIntakeAnswersInput) -> Result<()> {
    write(app, client, input.answers, Completeness::SoFar).await
}

/// Sends the form. When nothing else is missing, the work begins.
pub async fn submit(app: &Arc<App>, client: &Client, input: SubmitIntakeInput) -> Result<()> {
    write(app, client, input.answers, Completeness::Whole).await
}

async fn write(app: &Arc<App>, client: &Client, answers: Vec<Answer>, completeness: Completeness) -> Result<()> {
    let now = app.clock.now();
    if !client.standing(now).opens().intake {
        return Err(Error::refused_whole(ErrorCode::StageLocked, client.why_closed(now)));
    }
    if answers.len() > MOST_ANSWERS {
        return Err(Error::refused("answers", ErrorCode::TooLong, "That is more than the form asks."));
    }
    let (inner, client) = (app.clone(), client.clone());
    app.db
        .write(move |tx| {
            let (app, client, answers) = (inner.clone(), client.clone(), answers.clone());
            Box::pin(async move {
                write_now(tx, &app.keys, &client, answers, completeness, now).await?;
                if completeness == Completeness::Whole {
                    audit::record(tx, now, Some(client.user_id), "send intake form", Some(client.id.0)).await?;
                    settle(tx, &app.clock, client.id, Occasion::Completed).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Saves or sends answers inside a write.
pub async fn write_now(
    tx: &mut Tx,
    keys: &Keys,
    client: &Client,
    answers: Vec<Answer>,
    completeness: Completeness,
    now: Instant,
) -> Result<()> {
    let unknown = || Error::refused_whole(ErrorCode::NotFound, "There is no form to fill in.");
    let filled = filled_in(tx, keys, client).await?.ok_or_else(unknown)?;
    let done = || {
        let message = "You have sent this form already. If something has changed, tell your therapist.";
        Error::refused_whole(ErrorCode::AlreadyDone, message)
    };
    if filled.sent_at.is_some() {
        return Err(done());
    }
    let mut all = filled.answers;
    all.put(answers);
    Error::unless_fine(all.problems(&filled.form.fields, completeness))?;
    let sealed = clients::seal(keys, client, &place(client.id), &serde_json::to_vec(&all)?)?;
    let sent_at = (completeness == Completeness::Whole).then_some(now);
    if !store::form::save_answers(tx, client.id, filled.form.id, sealed, sent_at, now).await? {
        return Err(done());
    }
    announce(tx, client);
    Ok(())
}

async fn filled_in(conn: &mut Conn, keys: &Keys, client: &Client) -> Result<Option<Filled>> {
    let stored = store::form::answers(conn, client.id).await?;
    let sent = stored.as_ref().filter(|stored| stored.sent_at.is_some()).map(|stored| stored.form_id);
    let form = match sent {
        Some(id) => store::form::form(conn, id).await?,
        None => store::form::newest(conn).await?,
    };
    let Some(form) = form else { return Ok(None) };
    let answers: Answers = match &stored {
        Some(stored) => serde_json::from_slice(&clients::open(keys, client, &place(client.id), &stored.answers)?)?,
        None => Answers::default(),
    };
    Ok(Some(Filled {
        answers: answers.kept_by(&form.fields),
        saved_at: stored.as_ref().map(|stored| stored.saved_at),
        sent_at: stored.and_then(|stored| stored.sent_at),
        form,
    }))
}

fn place(client: ClientId) -> String {
    format!("intake_answers/answers/{client}")
}
