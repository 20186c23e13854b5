//! Names, e-mail addresses and phone numbers, as people type them.

use crate::booking::key_problem;
use crate::problem::{ErrorCode, UserError};
use serde::{Deserialize, Serialize};

/// The longest address RFC 5321 allows in an envelope.
const EMAIL_MAX: usize = 254;

/// The most characters of a message to the practice.
pub const LONGEST_MESSAGE: usize = 2000;

/// The most characters of the reason for which somebody calls something off.
pub const LONGEST_REASON: usize = 500;

/// The most characters of a therapist's letter.
pub const LONGEST_LETTER: usize = 5000;

/// The most characters of what a therapist says to herself about doing something against her own rules.
pub const LONGEST_REMARK: usize = 200;

/// An e-mail address that can be written to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "server", derive(sqlx::Type), sqlx(transparent))]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads what somebody typed: trims it, and accepts what a mail server will.
    ///
    /// Only ASCII: a homograph of somebody's address must not pass for it. Quoted local parts and address literals
    /// are refused, as every large provider does.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        let (local, domain) = typed.rsplit_once('@')?;
        let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && local.bytes().all(atom)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let label_ok = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let domain_ok =
            domain.contains('.') && domain.split('.').all(label_ok) && !domain.ends_with(|c: char| c.is_ascii_digit());
        (typed.len() <= EMAIL_MAX && local_ok && domain_ok).then(|| EmailAddress(typed.to_owned()))
    }

    /// The address as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one form under which an address is looked up: lower case.
    ///
    /// Dots and `+tags` are kept: whether they matter is the mail provider's business, and two people may differ by one.
    pub fn canonical(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person's name: trimmed, on one line, at most 80 characters.
pub fn name_problem(field: &str, typed: &str) -> Option<UserError> {
    let name = typed.trim();
    if name.is_empty() {
        return Some(UserError::on(field, ErrorCode::Required, "Please tell us your name."));
    }
    if name.chars().count() > 80 {
        return Some(UserError::on(field, ErrorCode::TooLong, "Please keep the name under 80 characters."));
    }
    let unfit = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    name.chars()
        .any(unfit)
        .then(|| UserError::on(field, ErrorCode::Invalid, "Please write the name on one line, with letters only."))
}

/// An e-mail address that can be written to.
pub fn email_problem(field: &str, typed: &str) -> Option<UserError> {
    if typed.trim().is_empty() {
        return Some(UserError::on(
            field,
            ErrorCode::Required,
            "Please give an email address, so that we can write to you.",
        ));
    }
    EmailAddress::parse(typed).is_none().then(|| {
        UserError::on(
            field,
            ErrorCode::Invalid,
            "This does not look like an email address. Write it like name@example.org.",
        )
    })
}

/// A phone number somebody can be called on: 6 to 15 digits, with the usual punctuation.
pub fn phone_problem(field: &str, typed: &str) -> Option<UserError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(UserError::on(field, ErrorCode::Required, "Please give a phone number for the call."));
    }
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let usual = typed.char_indices().all(|(i, c)| c.is_ascii_digit() || " -().".contains(c) || (c == '+' && i == 0));
    (!usual || !(6..=15).contains(&digits)).then(|| {
        UserError::on(field, ErrorCode::Invalid, "Please write the phone number with digits, like +44 20 7946 0018.")
    })
}

/// Says how somebody wants to be called and reached from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct ChangeContactInput {
    /// What to call them.
    pub name: String,
    /// Where to call them.
    pub phone: String,
}

impl ChangeContactInput {
    /// Everything wrong with what was typed, at once.
    pub fn problems(&self) -> Vec<UserError> {
        [name_problem("name", &self.name), phone_problem("phone", &self.phone)].into_iter().flatten().collect()
    }
}

/// Text that somebody may leave in their own words: at most so many characters, without control characters but line
/// breaks and tabs.
pub fn text_problem(field: &str, typed: &str, most: usize) -> Option<UserError> {
    if typed.chars().count() > most {
        let message = format!("Please keep it under {most} characters.");
        return Some(UserError::on(field, ErrorCode::TooLong, message));
    }
    let unfit = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    typed
        .contains(unfit)
        .then(|| UserError::on(field, ErrorCode::Invalid, "There are characters in it that cannot be shown."))
}

/// A message left on the contact form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "server", derive(async_graphql::InputObject))]
pub struct SendContactMessageInput {
    /// Who writes.
    pub name: String,
    /// Where to answer.
    pub email: String,
    /// What they want to say, 10 to 2000 characters.
    pub message: String,
    /// Chosen by the caller; the same key with the same input sends one message, however often it is sent.
    pub idempotency_key: Option<String>,
}

impl SendContactMessageInput {
    /// Everything wrong with it, at once.
    pub fn problems(&self) -> Vec<UserError> {
        let length = self.message.trim().chars().count();
        let message = match length {
            0 => Some(UserError::on("message", ErrorCode::Required, "Please write a few words.")),
            1..10 => Some(UserError::on(
                "message",
                ErrorCode::Invalid,
                "Please write a little more, at least ten characters.",
            )),
            _ => text_problem("message", &self.message, LONGEST_MESSAGE),
        };
        let key = self.idempotency_key.as_deref().and_then(|key| key_problem("idempotencyKey", key));
        [name_problem("name", &self.name), email_problem("email", &self.email), message, key]
            .into_iter()
            .flatten()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, canonical: Option<&str>) {
        assert_eq!(EmailAddress::parse(typed).map(|e| e.canonical()).as_deref(), canonical, "{typed:?}");
    }

    #[test]
    fn addresses_have_one_canonical_form() {
        check("Ben@Example.org", Some("ben@example.org"));
        check("  ben@example.org ", Some("ben@example.org"));
        check("ben+call@example.org", Some("ben+call@example.org"));
        check("ben.b@example.org", Some("ben.b@example.org"));
    }

    #[test]
    fn what_could_be_somebody_else_or_a_header_is_refused() {
        for typed in [
            "",
            "ben",
            "ben@",
            "@example.org",
            "ben@localhost",
            "ben@@example.org",
            "b\u{435}n@example.org",
            "ben@ex\u{430}mple.org",
            "ben\0@example.org",
            "ben@example.org\r\nBcc: eve@example.org",
            "\"ben\"@example.org",
            "ben@[127.0.0.1]",
            "ben@127.0.0.1",
            ".ben@example.org",
            "ben.@example.org",
            "b..n@example.org",
            "ben@-example.org",
            "ben@example..org",
            "ben b@example.org",
            "ben@example.org,eve@example.org",
            "<ben@example.org>",
        ] {
            check(typed, None);
        }
    }

    #[test]
    fn phone_numbers_are_read_as_people_write_them() {
        for fine in ["+44 20 7946 0018", "(030) 901820", "0300-1234567"] {
            assert_eq!(phone_problem("phone", fine), None, "{fine}");
        }
        for wrong in ["12345", "call me", "+44+20", "1234567890123456"] {
            assert!(phone_problem("phone", wrong).is_some(), "{wrong}");
        }
    }
}
