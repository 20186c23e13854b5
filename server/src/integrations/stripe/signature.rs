//! Whether a webhook comes from Stripe: the signature over its raw body.

use crate::config::Secret;
use aws_lc_rs::hmac;
use shared::time::Instant;

/// How old a signature may be, in seconds. Stripe signs every try anew.
const OLDEST: i64 = 300;

/// How far ahead of our clock theirs may be, in seconds.
const FURTHEST_AHEAD: i64 = 60;

/// The most signatures of one header that are looked at: one for each secret while a secret is replaced, and room.
const MOST_CANDIDATES: usize = 5;

/// The longest header that is read, in bytes.
const LONGEST_HEADER: usize = 1024;

/// Why a webhook is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// There is no signature, or none that can be read.
    #[error("it carries no signature that can be read")]
    Unreadable,
    /// It was signed too long ago, or by a clock that is ahead.
    #[error("it was not signed just now")]
    NotNow,
    /// Somebody else signed it, or it was changed on the way.
    #[error("its signature is not the one of this webhook secret")]
    Forged,
}

/// How long the secret before the present one still counts, in minutes.
const HANDOVER_MINUTES: i64 = 24 * 60;

/// The secrets of our webhook: the present one, and for a day the one before it.
#[derive(Clone)]
pub struct Secrets {
    present: Secret,
    before: Option<(Secret, Instant)>,
}

impl Secrets {
    /// The secrets as they are set `now`.
    pub fn new(present: Secret, before: Option<Secret>, now: Instant) -> Self {
        Secrets { present, before: before.map(|secret| (secret, now.plus_minutes(HANDOVER_MINUTES))) }
    }

    /// Checks the `Stripe-Signature` of a body as it came over the wire.
    pub fn check(&self, header: &str, body: &[u8], now: Instant) -> Result<(), Unproven> {
        let mut secrets = vec![self.present.expose()];
        secrets.extend(self.before.iter().filter(|(_, until)| now < *until).map(|(secret, _)| secret.expose()));
        check(header, body, &secrets, now)
    }
}

/// Checks the `Stripe-Signature` of a body as it came over the wire, against any of the secrets.
fn check(header: &str, body: &[u8], secrets: &[&str], now: Instant) -> Result<(), Unproven> {
    let (signed_at, candidates) = read(header)?;
    let age = now.seconds().checked_sub(signed_at).ok_or(Unproven::NotNow)?;
    if !(-FURTHEST_AHEAD..=OLDEST).contains(&age) {
        return Err(Unproven::NotNow);
    }
    let mut signed = signed_at.to_string().into_bytes();
    signed.push(b'.');
    signed.extend_from_slice(body);
    let mut proven = false;
    for secret in secrets {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        // Every pair is compared, in constant time: how long it takes says nothing about which of them fits.
        for candidate in &candidates {
            proven |= hmac::verify(&key, &signed, candidate).is_ok();
        }
    }
    if proven { Ok(()) } else { Err(Unproven::Forged) }
}

/// The header of a body, as Stripe writes it; for the sandbox and for tests.
pub fn sign(secret: &str, body: &[u8], at: Instant) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(format!("{}.", at.seconds()).as_bytes());
    context.update(body);
    let hex: String = context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={},v1={hex}", at.seconds())
}

/// The one time and the signatures of the scheme we know.
fn read(header: &str) -> Result<(i64, Vec<[u8; 32]>), Unproven> {
    if header.len() > LONGEST_HEADER {
        return Err(Unproven::Unreadable);
    }
    let (mut signed_at, mut candidates) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", seconds)) => {
                let digits = !seconds.is_empty() && seconds.bytes().all(|b| b.is_ascii_digit());
                let read = seconds.parse().ok().filter(|_| digits && signed_at.is_none());
                signed_at = Some(read.ok_or(Unproven::Unreadable)?);
            }
            Some(("v1", hex)) if candidates.len() < MOST_CANDIDATES => candidates.extend(unhex(hex)),
            // Signatures of older and of newer schemes stand beside ours.
            Some(_) => {}
            None => return Err(Unproven::Unreadable),
        }
    }
    match signed_at {
        Some(signed_at) if !candidates.is_empty() => Ok((signed_at, candidates)),
        _ => Err(Unproven::Unreadable),
    }
}

/// 32 bytes from 64 digits, as Stripe writes them: in lower case.
fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(digits).ok()?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_of_a_test";
    const BODY: &[u8] = br#"{"id":"evt_1","type":"checkout.session.completed"}"#;

    fn now() -> Instant {
        "2030-01-07T08:00:00Z".parse().expect("an instant")
    }

    fn check_one(header: &str) -> Result<(), Unproven> {
        check(header, BODY, &[SECRET], now())
    }

    fn signature() -> String {
        sign(SECRET, BODY, now()).split_once("v1=").expect("a signature").1.to_owned()
    }

    #[test]
    fn the_example_of_the_scheme_is_proven() {
        // HMAC-SHA256("whsec_test", "1700000000.{}"), computed elsewhere.
        let header = sign("whsec_test", b"{}", "2023-11-14T22:13:20Z".parse().expect("an instant"));
        assert_eq!(header, "t=1700000000,v1=35495024f4ef3f94e5a93e22221544c4b75e9a42300cd965ab81cb85cd994e91");
    }

    #[test]
    fn what_stripe_signed_just_now_is_proven() {
        for seconds in [-60, 0, 1, 299, 300] {
            let header = sign(SECRET, BODY, now().plus_seconds(-seconds));
            assert_eq!(check_one(&header), Ok(()), "{seconds} seconds old");
        }
    }

    #[test]
    fn what_was_signed_too_long_ago_or_ahead_of_time_is_not() {
        for seconds in [-86_400, -301, -61, 301, 86_400] {
            let header = sign(SECRET, BODY, now().plus_seconds(-seconds));
            assert_eq!(check_one(&header), Err(Unproven::NotNow), "{seconds} seconds old");
        }
    }

    #[test]
    fn a_header_that_cannot_be_read_proves_nothing() {
        let (fine, t) = (signature(), now().seconds());
        for header in [
            String::new(),
            "garbage".into(),
            "t=,v1=".into(),
            format!("v1={fine}"),
            format!("t={t}"),
            format!("t={t},v0={fine}"),
            format!("t=-{t},v1={fine}"),
            format!("t=+{t},v1={fine}"),
            format!("t={t}.0,v1={fine}"),
            format!("t=99999999999999999999,v1={fine}"),
            format!("t={t},t={t},v1={fine}"),
            format!("t={t},v1={}", fine.to_uppercase()),
            format!("t={t},v1={}", &fine[1..]),
            format!("t={t},v1={fine}0"),
            format!("t={t},v1={}", "a".repeat(1 << 20)),
        ] {
            let shown: String = header.chars().take(80).collect();
            assert_eq!(check_one(&header), Err(Unproven::Unreadable), "{shown}");
        }
    }

    #[test]
    fn at_most_five_signatures_are_looked_at() {
        let (fine, t, wrong) = (signature(), now().seconds(), "0".repeat(64));
        let after = |count: usize| format!("t={t}{},v1={fine}", format!(",v1={wrong}").repeat(count));
        assert_eq!(check_one(&after(4)), Ok(()));
        assert_eq!(check_one(&after(5)), Err(Unproven::Forged));
    }

    #[test]
    fn another_body_or_another_secret_is_a_forgery() {
        let header = sign(SECRET, BODY, now());
        let spaced = br#"{ "id": "evt_1", "type": "checkout.session.completed" }"#;
        assert_eq!(check(&header, spaced, &[SECRET], now()), Err(Unproven::Forged));
        assert_eq!(check(&header, BODY, &["whsec_another"], now()), Err(Unproven::Forged));
        assert_eq!(check(&header, BODY, &[], now()), Err(Unproven::Forged));
        assert_eq!(check(&header, BODY, &["whsec_new", SECRET], now()), Ok(()));
    }

    #[test]
    fn the_secret_before_counts_for_a_day() {
        let secrets = Secrets::new(Secret::from("whsec_new".to_owned()), Some(Secret::from(SECRET.to_owned())), now());
        for (minutes, outcome) in [(0, Ok(())), (24 * 60 - 1, Ok(())), (24 * 60, Err(Unproven::Forged))] {
            let at = now().plus_minutes(minutes);
            assert_eq!(secrets.check(&sign(SECRET, BODY, at), BODY, at), outcome, "after {minutes} minutes");
            assert_eq!(secrets.check(&sign("whsec_new", BODY, at), BODY, at), Ok(()));
        }
    }
}
