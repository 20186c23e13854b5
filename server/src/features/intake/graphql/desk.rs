//! What a therapist sees: invitations, documents, the form, and a client's intake.

use super::own::answers_of;
use crate::features::clients::Client;
use crate::features::intake::answers::{self, Filled};
use crate::features::intake::documents::{self, Acceptance, Draft, Version};
use crate::features::intake::invitations::{self, Invitation};
use crate::features::intake::{form, needs};
use crate::features::practice;
use crate::graphql::app;
use async_graphql::{Context, Object, Result, SimpleObject};
use shared::ids::{ClientId, DocumentVersionId, InvitationId};
use shared::intake::{Answer, DocumentKind, Field, Form, Missing, Needs};
use shared::price::PriceClass;
use shared::time::Instant;
use std::fmt::Write as _;

/// An invitation that waits.
pub struct InvitationRow(pub Invitation);

/// An invitation.
#[Object(name = "Invitation")]
impl InvitationRow {
    /// Which.
    async fn id(&self) -> InvitationId {
        self.0.id
    }
    /// Whom it is for.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Where it was mailed.
    async fn email(&self) -> &str {
        &self.0.email
    }
    /// Which price list they will pay by.
    async fn price_class(&self) -> PriceClass {
        self.0.price_class
    }
    /// When it was made.
    async fn created_at(&self) -> Instant {
        self.0.created_at
    }
    /// Until when its link works.
    async fn expires_at(&self) -> Instant {
        self.0.expires_at
    }
    /// How often it was mailed.
    async fn mailed(&self) -> i64 {
        self.0.mailed
    }
}

/// The invitations of a therapist that can still be accepted.
pub async fn invitation_list(
    ctx: &Context<'_>,
    therapist: &practice::Therapist,
    search: Option<String>,
) -> Result<Vec<InvitationRow>> {
    let rows = invitations::live(app(ctx), therapist.id, &search.unwrap_or_default()).await?;
    Ok(rows.into_iter().map(InvitationRow).collect())
}

/// A document, as the practice edits it.
pub struct PracticeDocument {
    draft: Draft,
    in_force: Option<Version>,
}

impl PracticeDocument {
    pub(super) fn is_about(&self, kind: DocumentKind) -> bool {
        self.draft.kind == kind
    }
}

/// The documents of the practice, in the order people read them.
pub async fn document_list(ctx: &Context<'_>) -> Result<Vec<PracticeDocument>> {
    let (drafts, in_force) = (documents::drafts(app(ctx)).await?, documents::in_force(app(ctx)).await?);
    let document = |draft: Draft| PracticeDocument {
        in_force: in_force.iter().find(|version| version.kind == draft.kind).cloned(),
        draft,
    };
    Ok(drafts.into_iter().map(document).collect())
}

/// A document of the practice: what is being written, and what is in force.
#[Object]
impl PracticeDocument {
    /// What it is about.
    async fn kind(&self) -> DocumentKind {
        self.draft.kind
    }
    /// The title being written.
    async fn title(&self) -> &str {
        &self.draft.title
    }
    /// The text being written; before anything is written, what a new practice begins with.
    async fn body(&self) -> &str {
        &self.draft.body
    }
    /// The version in force; absent before the first was published, and clients are not asked for it.
    async fn version(&self) -> Option<i64> {
        self.in_force.as_ref().map(|version| version.version)
    }
    /// When that version was published.
    async fn published_at(&self) -> Option<Instant> {
        self.in_force.as_ref().map(|version| version.published_at)
    }
    /// Whether what is being written differs from what is in force.
    async fn has_changes(&self) -> bool {
        let is_same = |version: &Version| version.title == self.draft.title && version.body == self.draft.body;
        !self.in_force.as_ref().is_some_and(is_same)
    }
}

/// The intake form, as the practice edits it.
#[derive(SimpleObject)]
pub struct IntakeForm {
    /// Its questions and headings, in order; before anything is saved, what a new practice begins with.
    fields: Vec<Field>,
    /// The version in force; absent before the first was saved, and clients are not asked to fill it in.
    version: Option<i64>,
    /// When that version was saved.
    saved_at: Option<Instant>,
}

/// The intake form of the practice.
pub async fn intake_form(ctx: &Context<'_>) -> Result<IntakeForm> {
    let (form, saved) = form::for_editor(app(ctx)).await?;
    let (version, saved_at) = saved.map(|saved| (saved.version, saved.saved_at)).unzip();
    Ok(IntakeForm { fields: form.fields, version, saved_at })
}

/// One page of the form.
#[derive(SimpleObject)]
pub struct FormPart {
    /// Its heading, if it has one.
    title: Option<String>,
    /// A line under the heading; empty if there is none.
    hint: String,
    /// Its questions.
    fields: Vec<Field>,
}

impl FormPart {
    pub(super) fn of(form: &Form) -> Vec<Self> {
        let part = |part: shared::intake::Part<'_>| FormPart {
            title: part.heading.map(|heading| heading.label.clone()),
            hint: part.heading.map(|heading| heading.hint.clone()).unwrap_or_default(),
            fields: part.fields.to_vec(),
        };
        form.parts().into_iter().map(part).collect()
    }
}

/// A document somebody accepted.
pub struct AcceptedDocument(pub(super) Acceptance);

/// A version of a document that was accepted.
#[Object]
impl AcceptedDocument {
    /// What it is about.
    async fn kind(&self) -> DocumentKind {
        self.0.kind
    }
    /// Which version.
    async fn version_id(&self) -> DocumentVersionId {
        self.0.version_id
    }
    /// Its number.
    async fn version(&self) -> i64 {
        self.0.version
    }
    /// What it was called.
    async fn title(&self) -> &str {
        &self.0.title
    }
    /// SHA-256 of the text that was accepted, in hexadecimal.
    async fn hash(&self) -> String {
        self.0.hash.iter().fold(String::new(), |mut text, byte| {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
    /// The network it was accepted from; the whole address is not kept.
    async fn network(&self) -> &str {
        &self.0.network
    }
    /// When.
    async fn accepted_at(&self) -> Instant {
        self.0.accepted_at
    }
}

/// The intake of a client, as their therapist reads it.
pub struct ClientIntake {
    client: Client,
    needs: Option<Needs>,
    filled: Option<Filled>,
}

/// The intake of one of a therapist's clients; the reading is noted.
pub async fn intake_of_client(
    ctx: &Context<'_>,
    therapist: &practice::Therapist,
    id: ClientId,
) -> Result<ClientIntake> {
    let (client, filled) = answers::read_by_staff(app(ctx), id, therapist).await?;
    let needs = match client.standing(app(ctx).clock.now()).opens().intake {
        true => needs::read_of(app(ctx), client.id).await?,
        false => None,
    };
    Ok(ClientIntake { client, needs, filled })
}

/// What a client accepted and answered. Every reading of it is in the audit trail; assistants never see it.
#[Object]
impl ClientIntake {
    /// What is still missing of what their sessions ask for.
    async fn missing(&self) -> Vec<Missing> {
        self.needs.as_ref().map(Needs::open).unwrap_or_default()
    }
    /// Whether a session of theirs waits for what is missing.
    async fn holds_session(&self) -> bool {
        self.needs.as_ref().is_some_and(Needs::holds_session)
    }
    /// What they accepted, newest first.
    async fn accepted(&self, ctx: &Context<'_>) -> Result<Vec<AcceptedDocument>> {
        let accepted = documents::accepted(app(ctx), self.client.id).await?;
        Ok(accepted.into_iter().map(AcceptedDocument).collect())
    }
    /// The pages of the form they answer.
    async fn parts(&self) -> Vec<FormPart> {
        self.filled.as_ref().map(|filled| FormPart::of(&filled.form.fields.0)).unwrap_or_default()
    }
    /// What they answered. Nothing before they have sent it: until then it is theirs alone.
    async fn answers(&self) -> Vec<Answer> {
        let sent = self.filled.as_ref().filter(|filled| filled.sent_at.is_some());
        sent.map(answers_of).unwrap_or_default()
    }
    /// Whether they have begun to fill in the form.
    async fn has_begun(&self) -> bool {
        self.filled.as_ref().is_some_and(|filled| filled.saved_at.is_some())
    }
    /// When they sent it.
    async fn sent_at(&self) -> Option<Instant> {
        self.filled.as_ref()?.sent_at
    }
}
