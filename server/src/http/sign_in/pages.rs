//! Where a form leads on to: always a page of ours, with a word of ours.

use crate::error::Error;
use app::sign_in::Refused;
use shared::actor::Role;
use shared::problem::ErrorCode;

/// Where the pages are that list one's logins.
const CLIENT_ACCOUNT: &str = "/portal/account";
const STAFF_ACCOUNT: &str = "/admin/account";

/// Why a form was refused, as the page it leads back to says it; nothing for a fault.
pub(super) fn refused(error: &Error, about_factor: bool) -> Option<Refused> {
    let problems = match error {
        Error::RateLimited { .. } => return Some(Refused::Often),
        Error::Refused(problems) => problems,
        _ => return None,
    };
    let first = problems.first()?;
    Some(match first.code {
        ErrorCode::RateLimited if first.field.is_none() => Refused::FactorToday,
        ErrorCode::RateLimited => Refused::FactorEnded,
        ErrorCode::AlreadyDone | ErrorCode::NotFound => Refused::Gone,
        _ if first.is_on("browserToken") => Refused::Browser,
        _ if first.is_on("linkToken") => Refused::Link,
        _ if first.is_on("currentCode") => Refused::Current,
        _ if first.is_on("email") => Refused::Email,
        _ if first.is_on("recoveryCode") => Refused::Recovery,
        _ if about_factor => Refused::Factor,
        _ => Refused::Code,
    })
}

/// Where to go after signing in; only ever one of our own pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Portal,
    Admin,
    Book,
    Account,
}

impl Next {
    pub(super) fn read(word: Option<&str>) -> Option<Self> {
        match word? {
            "portal" => Some(Next::Portal),
            "admin" => Some(Next::Admin),
            "book" => Some(Next::Book),
            "account" => Some(Next::Account),
            _ => None,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Next::Portal => "portal",
            Next::Admin => "admin",
            Next::Book => "book",
            Next::Account => "account",
        }
    }

    pub(super) fn path(next: Option<Self>, role: Role) -> &'static str {
        match (next, role.is_staff()) {
            (Some(Next::Book), _) => "/book",
            (Some(Next::Account), _) => account(role),
            (_, true) => "/admin",
            (_, false) => "/portal",
        }
    }
}

pub(super) fn account(role: Role) -> &'static str {
    if role.is_staff() { STAFF_ACCOUNT } else { CLIENT_ACCOUNT }
}

/// One of our pages, with what it must know: a problem, and where to go in the end.
pub(super) fn page(path: &str, refused: Option<Refused>, next: Option<Next>) -> String {
    let mut query = Vec::new();
    query.extend(refused.map(|refused| format!("problem={}", refused.word())));
    query.extend(next.map(|next| format!("next={}", next.word())));
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}
