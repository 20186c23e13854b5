//! What changes of the intake take and answer with.

use super::desk::{IntakeForm, InvitationRow, PracticeDocument};
use super::own::{OwnDocument, OwnIntake};
use async_graphql::{InputObject, SimpleObject};
use shared::ids::InvitationId;
use shared::problem::UserError;

/// Names an invitation of yours.
#[derive(InputObject)]
pub struct InvitationInput {
    /// Which.
    pub(super) invitation_id: InvitationId,
}

/// Somebody invited, or why not.
#[derive(SimpleObject)]
pub struct InviteClientPayload {
    /// The invitation; the earlier one, if the address had one that still works.
    pub(super) invitation: Option<InvitationRow>,
    /// Why nobody was invited.
    pub(super) user_errors: Vec<UserError>,
}

/// An invitation mailed again, or why not.
#[derive(SimpleObject)]
pub struct ResendInvitationPayload {
    /// The invitation.
    pub(super) invitation: Option<InvitationRow>,
    /// Why it was not mailed.
    pub(super) user_errors: Vec<UserError>,
}

/// An invitation taken back, or why not.
#[derive(SimpleObject)]
pub struct RevokeInvitationPayload {
    /// The invitation.
    pub(super) invitation: Option<InvitationRow>,
    /// Why it was not taken back.
    pub(super) user_errors: Vec<UserError>,
}

/// A document published or kept as a draft, or why not.
#[derive(SimpleObject)]
pub struct PublishDocumentPayload {
    /// The document.
    pub(super) document: Option<PracticeDocument>,
    /// Why it was not.
    pub(super) user_errors: Vec<UserError>,
}

/// The intake form saved, or why not.
#[derive(SimpleObject)]
pub struct SaveIntakeFormPayload {
    /// The form.
    pub(super) intake_form: Option<IntakeForm>,
    /// Why it was not saved.
    pub(super) user_errors: Vec<UserError>,
}

/// A document accepted, or why not.
#[derive(SimpleObject)]
pub struct AcceptDocumentPayload {
    /// The document.
    pub(super) document: Option<OwnDocument>,
    /// Why it was not accepted.
    pub(super) user_errors: Vec<UserError>,
}

/// Answers saved, or why not.
#[derive(SimpleObject)]
pub struct SaveIntakeAnswersPayload {
    /// Your intake now.
    pub(super) intake: Option<OwnIntake>,
    /// Why nothing was saved; a problem with an answer is on `answers.<question>`.
    pub(super) user_errors: Vec<UserError>,
}

/// The form sent, or why not.
#[derive(SimpleObject)]
pub struct SubmitIntakePayload {
    /// Your intake now.
    pub(super) intake: Option<OwnIntake>,
    /// Why it was not sent; a problem with an answer is on `answers.<question>`.
    pub(super) user_errors: Vec<UserError>,
}
