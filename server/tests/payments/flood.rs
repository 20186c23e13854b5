//! Many webhooks that prove nothing: each is refused alike, nothing is stored, and the log stays readable.

use super::kit::{Story, on_both_engines};
use crate::support::log::Log;
use anteroom::integrations::stripe::signature::sign;
use anteroom::sandbox::stripe::WEBHOOK_SECRET;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use tower::ServiceExt;

const BODY: &[u8] = br#"{"id":"evt_1","type":"ping","created":1,"livemode":false,"data":{"object":{}}}"#;

/// Everything an answer says, besides the name it was asked with.
async fn refusal(story: &Story, signature: &str, name: &str, body: &[u8]) -> (StatusCode, String, Vec<u8>) {
    let request = Request::post("/webhooks/stripe").header("content-type", "application/json");
    let request = request.header("stripe-signature", signature).header("x-request-id", name);
    let request = request.body(Body::from(body.to_vec())).expect("a request");
    let answer = story.routes.clone().oneshot(request).await.expect("an answer");
    let drawn = ["x-request-id", "content-security-policy"];
    let headers: Vec<_> = answer.headers().iter().filter(|(name, _)| !drawn.contains(&name.as_str())).collect();
    let (status, headers) = (answer.status(), format!("{headers:?}"));
    (status, headers, to_bytes(answer.into_body(), 1 << 20).await.expect("a body").to_vec())
}

#[tokio::test]
async fn a_flood_of_forgeries_is_refused_before_it_is_read_or_stored_and_logged_in_samples() {
    let log = Log::begin();
    on_both_engines(|story| async move {
        let forged = sign("whsec_of_somebody_else", BODY, story.now());
        let mark = "forged";
        for n in 0..500 {
            // What cannot be read would be refused otherwise if anybody read it first.
            let body: &[u8] = if n % 2 == 0 { BODY } else { b"not even JSON" };
            let (status, ..) = refusal(&story, &forged, &format!("{mark}-{n:04}"), body).await;
            assert_eq!(status, StatusCode::BAD_REQUEST);
        }
        assert_eq!(story.count("select count(*) from webhook_events").await, 0);
        assert_eq!(story.count("select count(*) from jobs where kind = 'HANDLE_WEBHOOK'").await, 0);
        let lines = log.lines();
        let about = lines.lines().filter(|line| line.contains(mark)).count();
        assert!(about <= 10, "{about} lines for 500 forgeries");
        assert!(lines.contains("a webhook is not proven"), "the first is logged");
        let real = sign(WEBHOOK_SECRET, BODY, story.now());
        let (status, ..) = refusal(&story, &real, &format!("{mark}-real"), BODY).await;
        assert_eq!(status, StatusCode::OK, "and the real one is taken");
        assert!(log.lines().contains(&format!("{mark}-real")), "and logged as any request");
    })
    .await;
}

/// `hmac::verify` compares in constant time, and every candidate with every secret; what is left to learn from is the
/// answer, which does not tell how much of a signature was right.
#[tokio::test]
async fn a_refusal_does_not_tell_how_near_a_signature_was() {
    on_both_engines(|story| async move {
        let real = sign(WEBHOOK_SECRET, BODY, story.now());
        let (head, hex) = real.split_once("v1=").expect("a signature");
        let flipped = |place: usize| {
            let digit = if &hex[place..=place] == "0" { "1" } else { "0" };
            format!("{head}v1={}{digit}{}", &hex[..place], &hex[place + 1..])
        };
        let near: Vec<String> = [0, 1, 31, 32, 62, 63].into_iter().map(flipped).collect();
        let far = [format!("{head}v1={}", "0".repeat(64)), sign("whsec_other", BODY, story.now())];
        let shapeless =
            [String::new(), "garbage".to_owned(), sign(WEBHOOK_SECRET, BODY, story.now().plus_seconds(-301))];
        let mut seen = Vec::new();
        for signature in near.iter().chain(&far).chain(&shapeless) {
            seen.push(refusal(&story, signature, "refusal-shape", BODY).await);
        }
        assert_eq!(seen[0].0, StatusCode::BAD_REQUEST);
        assert!(seen[0].2.is_empty() || !String::from_utf8_lossy(&seen[0].2).contains("sign"));
        seen.dedup();
        assert_eq!(seen.len(), 1, "{seen:?}");
    })
    .await;
}
