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

pub(super) fn account(role: Role) -> &'static str {
    if role.is_staff() { STAFF_ACCOUNT } else { CLIENT_ACCOUNT }
}

/// One of our pages, with why a form leads back to it.
pub(super) fn page(path: &str, refused: Refused) -> String {
    format!("{path}?problem={}", refused.word())
}
