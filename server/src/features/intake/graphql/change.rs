//! Changes to the intake.

use super::desk::{InvitationRow, document_list, intake_form};
use super::own::{OwnIntake, documents_of, intake_of};
use super::payloads::{
    AcceptDocumentPayload, InvitationInput, InviteClientPayload, PublishDocumentPayload, ResendInvitationPayload,
    RevokeInvitationPayload, SaveIntakeAnswersPayload, SaveIntakeFormPayload, SubmitIntakePayload,
};
use crate::error::Error;
use crate::features::accounts::graphql::payloads::{SignInPayload, place, sign_in_payload};
use crate::features::clients::{self, Client};
use crate::features::intake::answers::{self, SaveIntakeAnswersInput, SubmitIntakeInput};
use crate::features::intake::documents::{self, AcceptDocumentInput, PublishDocumentInput};
use crate::features::intake::form::{self, SaveIntakeFormInput};
use crate::features::intake::invitations::accept::{self, AcceptInvitationInput};
use crate::features::intake::invitations::{self, InviteClientInput};
use crate::graphql::{answer, app, caller, therapist, viewer};
use async_graphql::{Context, Object, Result};
use shared::actor::Role;
use shared::ids::InvitationId;

/// Changes to the intake.
#[derive(Default)]
pub struct IntakeMutation;

#[Object]
impl IntakeMutation {
    /// Invites somebody to become your client; the invitation is mailed at once. Therapists only.
    async fn invite_client(&self, ctx: &Context<'_>, input: InviteClientInput) -> Result<InviteClientPayload> {
        let (viewer, therapist) = (viewer(ctx)?, therapist(ctx).await?);
        let (id, user_errors) = answer(invitations::invite(app(ctx), &therapist, viewer.role, input).await)?;
        Ok(InviteClientPayload { invitation: row(ctx, id).await?, user_errors })
    }

    /// Mails an invitation of yours again; it lasts seven days from now. Therapists only.
    async fn resend_invitation(&self, ctx: &Context<'_>, input: InvitationInput) -> Result<ResendInvitationPayload> {
        let therapist = therapist(ctx).await?;
        let (id, user_errors) = answer(invitations::resend(app(ctx), &therapist, input.invitation_id).await)?;
        Ok(ResendInvitationPayload { invitation: row(ctx, id).await?, user_errors })
    }

    /// Takes an invitation of yours back: its link does not work any more. Therapists only.
    async fn revoke_invitation(&self, ctx: &Context<'_>, input: InvitationInput) -> Result<RevokeInvitationPayload> {
        let therapist = therapist(ctx).await?;
        let (id, user_errors) = answer(invitations::revoke(app(ctx), &therapist, input.invitation_id).await)?;
        Ok(RevokeInvitationPayload { invitation: row(ctx, id).await?, user_errors })
    }

    /// Accepts an invitation and signs in: the mailed link proves your mailbox. Whoever holds the link may. The login
    /// this request came with ends.
    async fn accept_invitation(&self, ctx: &Context<'_>, input: AcceptInvitationInput) -> Result<SignInPayload> {
        sign_in_payload(accept::accept(app(ctx), input, place(ctx), caller(ctx).address).await)
    }

    /// Publishes a new version of a document, or keeps it as a draft. Therapists only.
    async fn publish_document(&self, ctx: &Context<'_>, input: PublishDocumentInput) -> Result<PublishDocumentPayload> {
        let therapist = therapist(ctx).await?;
        let kind = input.kind;
        let (done, user_errors) = answer(documents::publish(app(ctx), &therapist, input).await)?;
        let document = match done {
            Some(_) => document_list(ctx).await?.into_iter().find(|document| document.is_about(kind)),
            None => None,
        };
        Ok(PublishDocumentPayload { document, user_errors })
    }

    /// Replaces the intake form for everyone who has not sent theirs. Therapists only.
    async fn save_intake_form(&self, ctx: &Context<'_>, input: SaveIntakeFormInput) -> Result<SaveIntakeFormPayload> {
        let therapist = therapist(ctx).await?;
        let (done, user_errors) = answer(form::save(app(ctx), &therapist, input).await)?;
        let intake_form = match done {
            Some(()) => Some(intake_form(ctx).await?),
            None => None,
        };
        Ok(SaveIntakeFormPayload { intake_form, user_errors })
    }

    /// Accepts a document you have read. Clients only; to do it twice is to do it once.
    async fn accept_document(&self, ctx: &Context<'_>, input: AcceptDocumentInput) -> Result<AcceptDocumentPayload> {
        let client = own(ctx).await?;
        let (id, user_errors) = answer(documents::accept(app(ctx), &client, input, caller(ctx).address).await)?;
        let document = match id {
            Some(id) => documents_of(ctx, &client).await?.into_iter().find(|document| document.is_version(id)),
            None => None,
        };
        Ok(AcceptDocumentPayload { document, user_errors })
    }

    /// Saves some of your answers, to go on later. Clients only.
    async fn save_intake_answers(
        &self,
        ctx: &Context<'_>,
        input: SaveIntakeAnswersInput,
    ) -> Result<SaveIntakeAnswersPayload> {
        let client = own(ctx).await?;
        let (done, user_errors) = answer(answers::save(app(ctx), &client, input).await)?;
        Ok(SaveIntakeAnswersPayload { intake: now(ctx, &client, done).await?, user_errors })
    }

    /// Sends your form to your therapist. Clients only; once.
    async fn submit_intake(&self, ctx: &Context<'_>, input: SubmitIntakeInput) -> Result<SubmitIntakePayload> {
        let client = own(ctx).await?;
        let (done, user_errors) = answer(answers::submit(app(ctx), &client, input).await)?;
        Ok(SubmitIntakePayload { intake: now(ctx, &client, done).await?, user_errors })
    }
}

/// The client who asks.
async fn own(ctx: &Context<'_>) -> crate::error::Result<Client> {
    let viewer = viewer(ctx)?;
    if viewer.role != Role::Client {
        return Err(Error::Forbidden);
    }
    clients::of_viewer(app(ctx), viewer.user_id).await?.ok_or(Error::Forbidden)
}

/// A client's intake after a change.
async fn now(ctx: &Context<'_>, client: &Client, done: Option<()>) -> Result<Option<OwnIntake>> {
    match done {
        Some(()) => intake_of(ctx, client).await,
        None => Ok(None),
    }
}

async fn row(ctx: &Context<'_>, id: Option<InvitationId>) -> Result<Option<InvitationRow>> {
    match id {
        Some(id) => Ok(invitations::get(app(ctx), id).await?.map(InvitationRow)),
        None => Ok(None),
    }
}
