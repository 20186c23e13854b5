//! What is needed before a first session: documents that are accepted, and a form that is filled in.

mod answers;
mod document;
mod form;
mod missing;

pub use answers::{Answer, Answers, Completeness};
pub use document::{DocumentKind, LONGEST_BODY, LONGEST_TITLE, document_problems};
pub use form::{Field, FieldKind, Form, Part};
pub use missing::{Asked, Known, Missing, Needed, Needs, Occasion, holds_session, missing, next_move};
