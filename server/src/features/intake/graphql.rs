//! The intake in the API: a client's own, the practice's, and what each may change.

mod change;
mod desk;
mod own;
mod payloads;

pub use change::IntakeMutation;
pub use desk::{
    ClientIntake, IntakeForm, InvitationRow, PracticeDocument, document_list, intake_form, intake_of_client,
    invitation_list,
};
pub use own::{IntakeQuery, OwnDocument, OwnIntake, documents_of, intake_of};
