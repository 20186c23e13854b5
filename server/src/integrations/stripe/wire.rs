//! One request and its answer, or what went wrong in words that name nobody.

use crate::integrations::{Remedy, VendorError};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The fields of a request.
pub(super) type Form<'a> = &'a [(&'a str, &'a str)];

/// Why there is no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It could not be reached.
    Unreachable,
    /// It was reached and did not answer in time.
    Silence,
    /// It said no.
    Refused(StatusCode, Option<Complaint>),
    /// It said something that cannot be read.
    Unreadable,
}

/// What Stripe says is wrong. Its sentence is left out: it repeats what it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Complaint {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    param: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: Complaint,
}

/// Sends a request and reads its answer.
pub(super) async fn ask<T: DeserializeOwned>(request: RequestBuilder, largest: usize) -> Result<T, Trouble> {
    let mut response = request.send().await.map_err(|error| unanswered(&error))?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unanswered(&error))? {
        if body.len() + chunk.len() > largest {
            return Err(Trouble::Unreadable);
        }
        body.extend_from_slice(&chunk);
    }
    if !status.is_success() {
        let refusal = serde_json::from_slice::<Refusal>(&body).ok();
        return Err(Trouble::Refused(status, refusal.map(|refusal| refusal.error)));
    }
    serde_json::from_slice(&body).map_err(|_| Trouble::Unreadable)
}

/// A part of a path: an id of theirs can never lead to another resource.
pub(super) fn segment(text: &str) -> String {
    const PLAIN: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-');
    utf8_percent_encode(text, PLAIN).to_string()
}

fn unanswered(error: &reqwest::Error) -> Trouble {
    match error.is_timeout() && !error.is_connect() {
        true => Trouble::Silence,
        false => Trouble::Unreachable,
    }
}

impl Trouble {
    /// What helps. Every request that changes something carries a key, so that sending it again is always safe.
    fn remedy(&self) -> Remedy {
        match self {
            Trouble::Unreachable | Trouble::Silence => Remedy::Wait,
            Trouble::Unreadable => Remedy::TryAgain,
            // Our key is not taken, or it is too much at once, or they have trouble of their own.
            Trouble::Refused(status, _)
                if status.is_server_error() || matches!(status.as_u16(), 401 | 403 | 408 | 409 | 425 | 429) =>
            {
                Remedy::Wait
            }
            Trouble::Refused(..) => Remedy::GiveUp,
        }
    }

    pub(super) fn into_error(self) -> VendorError {
        let message = match &self {
            Trouble::Unreachable => "it could not be reached".to_owned(),
            Trouble::Silence => "it did not answer in time".to_owned(),
            Trouble::Unreadable => "its answer could not be read".to_owned(),
            Trouble::Refused(status, None) => format!("it refused ({})", status.as_u16()),
            Trouble::Refused(status, Some(complaint)) => {
                let parts = [Some(complaint.kind.as_str()), complaint.code.as_deref(), complaint.param.as_deref()];
                let words: Vec<String> =
                    parts.into_iter().flatten().map(plain).filter(|part| !part.is_empty()).collect();
                format!("it refused ({}: {})", status.as_u16(), words.join(", "))
            }
        };
        VendorError { vendor: "Stripe", message, remedy: self.remedy() }
    }
}

/// A word of theirs as far as it is one.
fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '[' | ']')).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remedy(status: u16) -> Remedy {
        Trouble::Refused(StatusCode::from_u16(status).expect("a status"), None).remedy()
    }

    #[test]
    fn only_what_is_wrong_with_the_request_itself_is_given_up() {
        for status in [400, 402, 404] {
            assert_eq!(remedy(status), Remedy::GiveUp, "{status}");
        }
        for status in [401, 403, 409, 429, 500, 502, 503, 504] {
            assert_eq!(remedy(status), Remedy::Wait, "{status}");
        }
        assert_eq!(Trouble::Unreadable.remedy(), Remedy::TryAgain);
    }

    #[test]
    fn a_complaint_keeps_its_words_and_loses_its_sentences() {
        let complaint = Complaint {
            kind: "invalid_request_error".into(),
            code: Some("ben@example.org said so".into()),
            param: None,
        };
        let error = Trouble::Refused(StatusCode::BAD_REQUEST, Some(complaint)).into_error();
        assert_eq!(error.to_string(), "Stripe: it refused (400: invalid_request_error, benexampleorgsaidso)");
    }

    #[test]
    fn an_id_stays_one_part_of_a_path() {
        assert_eq!(segment("cs_test_a1"), "cs_test_a1");
        assert_eq!(segment("../v1/charges?x"), "%2E%2E%2Fv1%2Fcharges%3Fx");
    }
}
