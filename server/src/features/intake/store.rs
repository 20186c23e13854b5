//! The SQL of the intake.

pub(super) mod asked;
pub(super) mod documents;
pub(super) mod form;
pub(super) mod invitations;
