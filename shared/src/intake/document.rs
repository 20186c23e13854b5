//! The documents of a practice.

use crate::contact::text_problem;
use crate::problem::{ErrorCode, UserError};
use serde::{Deserialize, Serialize};

/// What a document is about. There is at most one of each that is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "server", derive(async_graphql::Enum, sqlx::Type))]
#[cfg_attr(feature = "server", sqlx(type_name = "text", rename_all = "SCREAMING_SNAKE_CASE"))]
pub enum DocumentKind {
    /// How the work goes, what it can and cannot do, and the limits of confidentiality.
    Consent,
    /// What is kept about somebody, why, and for how long.
    Privacy,
    /// What sessions cost, and what moving and cancelling means.
    Fees,
    /// How to write to each other, and what not to write.
    Communication,
}

/// The longest title of a document, in characters.
pub const LONGEST_TITLE: usize = 80;

/// The longest text of a document, in characters.
pub const LONGEST_BODY: usize = 20_000;

impl DocumentKind {
    /// Every kind, in the order people read them.
    pub const ALL: [DocumentKind; 4] =
        [DocumentKind::Consent, DocumentKind::Privacy, DocumentKind::Fees, DocumentKind::Communication];

    /// What it is called while it has no title of its own.
    pub fn words(self) -> &'static str {
        match self {
            DocumentKind::Consent => "Working together",
            DocumentKind::Privacy => "What we keep about you",
            DocumentKind::Fees => "Fees and cancelling",
            DocumentKind::Communication => "How we write to each other",
        }
    }

    /// Its name in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            DocumentKind::Consent => "consent",
            DocumentKind::Privacy => "privacy",
            DocumentKind::Fees => "fees",
            DocumentKind::Communication => "communication",
        }
    }

    /// The kind with this name in addresses.
    pub fn by_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }
}

/// Everything wrong with the text of a document.
pub fn document_problems(title: &str, body: &str) -> Vec<UserError> {
    let mut problems = Vec::new();
    if title.trim().is_empty() {
        problems.push(UserError::on("title", ErrorCode::Required, "Please give the document a title."));
    } else if title.contains(['\n', '\r']) {
        problems.push(UserError::on("title", ErrorCode::Invalid, "Please keep the title on one line."));
    }
    if body.trim().is_empty() {
        problems.push(UserError::on("body", ErrorCode::Required, "Please write what people are asked to accept."));
    }
    problems.extend(text_problem("title", title, LONGEST_TITLE));
    problems.extend(text_problem("body", body, LONGEST_BODY));
    problems
}
