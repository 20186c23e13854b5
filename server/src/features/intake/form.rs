//! The intake form, in versions.

use super::{defaults, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::features::practice::Therapist;
use serde::{Deserialize, Serialize};
use shared::ids::{IntakeFormId, UserId};
use shared::intake::{Field, Form};
use shared::time::Instant;
use sqlx::types::Json;

/// One version of the form.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FormVersion {
    /// Which.
    pub id: IntakeFormId,
    /// Counts from 1.
    pub version: i64,
    /// What it asks.
    pub fields: Json<Form>,
    /// When it was saved.
    pub saved_at: Instant,
}

/// Replaces the intake form for everyone who has not sent theirs.
#[derive(Debug, Clone, Serialize, Deserialize, async_graphql::InputObject)]
#[serde(rename_all = "camelCase")]
pub struct SaveIntakeFormInput {
    /// The questions and headings, in order. A question that keeps its id keeps its answers.
    pub fields: Vec<Field>,
}

/// The form in force; none before the practice has saved one.
pub async fn in_force(app: &App) -> Result<Option<FormVersion>> {
    Ok(store::form::newest(&mut app.db.read().await?).await?)
}

/// The form as its editor shows it: the one in force, else what a new practice begins with.
pub async fn for_editor(app: &App) -> Result<(Form, Option<FormVersion>)> {
    let saved = in_force(app).await?;
    Ok((saved.as_ref().map_or_else(defaults::form, |saved| saved.fields.0.clone()), saved))
}

/// Saves a new version. The same questions make no new version.
pub async fn save(app: &App, therapist: &Therapist, input: SaveIntakeFormInput) -> Result<()> {
    let form = Form { fields: input.fields.into_iter().map(tidy).collect() };
    Error::unless_fine(form.problems())?;
    let (clock, actor) = (app.clock.clone(), therapist.user_id);
    app.db
        .write(move |tx| {
            let (clock, form) = (clock.clone(), form.clone());
            Box::pin(async move {
                let now = clock.now();
                if save_now(tx, IntakeFormId(clock.new_id()), form, Some(actor), now).await? {
                    audit::record(tx, now, Some(actor), "save intake form", None).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Saves a form inside a write; whether it is a new version.
pub async fn save_now(tx: &mut Tx, id: IntakeFormId, form: Form, by: Option<UserId>, now: Instant) -> Result<bool> {
    let before = store::form::newest(tx).await?;
    if before.as_ref().is_some_and(|before| before.fields.0 == form) {
        return Ok(false);
    }
    let version = before.map_or(1, |before| before.version + 1);
    store::form::insert(tx, &FormVersion { id, version, fields: Json(form), saved_at: now }, by).await?;
    Ok(true)
}

fn tidy(field: Field) -> Field {
    Field {
        label: field.label.trim().to_owned(),
        hint: field.hint.trim().to_owned(),
        options: field.options.iter().map(|option| option.trim().to_owned()).collect(),
        ..field
    }
}
