//! What a client sees of their intake, and what an invitation shows before it is accepted.

use super::desk::{AcceptedDocument, FormPart};
use crate::features::clients::Client;
use crate::features::intake::answers::{self, Filled};
use crate::features::intake::documents::{self, Acceptance, Version};
use crate::features::intake::invitations::{Invitation, accept};
use crate::features::intake::needs;
use crate::features::practice;
use crate::features::practice::graphql::Therapist;
use crate::graphql::{app, caller};
use async_graphql::{Context, Object, Result};
use shared::ids::DocumentVersionId;
use shared::intake::{Answer, DocumentKind, Missing, Needs};
use shared::time::Instant;

/// What the practice needs of a client before their first session.
pub struct OwnIntake {
    needs: Option<Needs>,
    filled: Option<Filled>,
}

/// A client's own intake; nothing while their stage does not open it.
pub async fn intake_of(ctx: &Context<'_>, client: &Client) -> Result<Option<OwnIntake>> {
    if !client.standing(app(ctx).clock.now()).seen_by_client().opens().intake {
        return Ok(None);
    }
    let filled = answers::filled(app(ctx), client).await?;
    Ok(Some(OwnIntake { needs: needs::read_of(app(ctx), client.id).await?, filled }))
}

/// What is needed of you before your first session.
#[Object]
impl OwnIntake {
    /// What is still missing of what your sessions ask for, in the order to do it. Before you have booked one: of what any
    /// of them asks for.
    async fn missing(&self) -> Vec<Missing> {
        self.needs.as_ref().map(Needs::open).unwrap_or_default()
    }
    /// Whether a session waits for what is missing. It stays in the calendar.
    async fn holds_session(&self) -> bool {
        self.needs.as_ref().is_some_and(Needs::holds_session)
    }
    /// The pages of the form; none when there is no form.
    async fn parts(&self) -> Vec<FormPart> {
        self.filled.as_ref().map(|filled| FormPart::of(&filled.form.fields.0)).unwrap_or_default()
    }
    /// What you have answered so far.
    async fn answers(&self) -> Vec<Answer> {
        self.filled.as_ref().map(answers_of).unwrap_or_default()
    }
    /// When you last saved something.
    async fn saved_at(&self) -> Option<Instant> {
        self.filled.as_ref()?.saved_at
    }
    /// When you sent the form.
    async fn sent_at(&self) -> Option<Instant> {
        self.filled.as_ref()?.sent_at
    }
}

pub(super) fn answers_of(filled: &Filled) -> Vec<Answer> {
    let answers = filled.answers.0.iter();
    answers.map(|(field, values)| Answer { field: field.clone(), values: values.clone() }).collect()
}

/// A document of the practice, as a client sees it.
pub struct OwnDocument {
    version: Version,
    accepted: Vec<Acceptance>,
    is_waiting: bool,
}

impl OwnDocument {
    pub(super) fn is_version(&self, id: DocumentVersionId) -> bool {
        self.version.id == id
    }
}

/// The documents a client may read: those in force while the intake is open to them, else what they accepted.
pub async fn documents_of(ctx: &Context<'_>, client: &Client) -> Result<Vec<OwnDocument>> {
    let accepted = documents::accepted(app(ctx), client.id).await?;
    let is_open = client.standing(app(ctx).clock.now()).seen_by_client().opens().intake;
    let needs = if is_open { needs::read_of(app(ctx), client.id).await? } else { None };
    let missing = needs.map(|needs| needs.open()).unwrap_or_default();
    let mut in_force = documents::in_force(app(ctx)).await?;
    in_force.sort_by_key(|version| version.kind);
    in_force.retain(|version| is_open || accepted.iter().any(|it| it.version_id == version.id));
    let own = |version: Version| OwnDocument {
        accepted: accepted.iter().filter(|it| it.kind == version.kind).cloned().collect(),
        is_waiting: missing.contains(&Missing::from(version.kind)),
        version,
    };
    Ok(in_force.into_iter().map(own).collect())
}

/// A document of the practice.
#[Object]
impl OwnDocument {
    /// What it is about.
    async fn kind(&self) -> DocumentKind {
        self.version.kind
    }
    /// The version in force; give it to `acceptDocument` once it is read.
    async fn version_id(&self) -> DocumentVersionId {
        self.version.id
    }
    /// Its number.
    async fn version(&self) -> i64 {
        self.version.version
    }
    /// What it is called.
    async fn title(&self) -> &str {
        &self.version.title
    }
    /// Its text: paragraphs with an empty line between; one that begins with `# ` is a heading.
    async fn body(&self) -> &str {
        &self.version.body
    }
    /// When this version was published.
    async fn published_at(&self) -> Instant {
        self.version.published_at
    }
    /// Whether it waits for you to accept it.
    async fn is_waiting(&self) -> bool {
        self.is_waiting
    }
    /// The versions of it you accepted, newest first.
    async fn accepted(&self) -> Vec<AcceptedDocument> {
        self.accepted.iter().cloned().map(AcceptedDocument).collect()
    }
}

/// An invitation, as whoever holds its link sees it.
pub struct OpenInvitation(Invitation);

/// An invitation that waits for you.
#[Object]
impl OpenInvitation {
    /// What you will be called.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// The address it was mailed to, with which you will sign in.
    async fn email(&self) -> &str {
        &self.0.email
    }
    /// Until when it can be accepted.
    async fn expires_at(&self) -> Instant {
        self.0.expires_at
    }
    /// Whom you will see.
    async fn therapist(&self, ctx: &Context<'_>) -> Result<Option<Therapist>> {
        Ok(Therapist::find(&practice::catalogue(app(ctx)).await?, self.0.therapist_id))
    }
}

/// Queries about the intake.
#[derive(Default)]
pub struct IntakeQuery;

#[Object]
impl IntakeQuery {
    /// The invitation a mailed link is for. Absent when it was accepted, taken back or is too old. Looking changes nothing.
    async fn invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret of the link.")] token: String,
    ) -> Result<Option<OpenInvitation>> {
        let found = accept::of_link(app(ctx), &token, caller(ctx).address).await?;
        Ok(found.map(OpenInvitation))
    }
}
