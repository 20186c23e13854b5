//! Access tokens that were not made here.

use super::kit::{bearer, signed_in, with_ben};
use crate::support::{Engine, Practice};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

const BEN: &str = "ben@example.org";

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token with these parts, signed with a key of ours or another.
fn signed(header: &Value, claims: &str, key: &[u8]) -> String {
    let text = format!("{}.{}", part(header), URL_SAFE_NO_PAD.encode(claims));
    let signature = jsonwebtoken::crypto::sign(text.as_bytes(), &EncodingKey::from_secret(key), Algorithm::HS256);
    format!("{text}.{}", signature.expect("a signature"))
}

fn claims_of(token: &str) -> Value {
    let middle = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(middle).expect("base64")).expect("JSON")
}

fn header() -> Value {
    json!({ "typ": "at+jwt", "alg": "HS256" })
}

#[tokio::test]
async fn forged_signatures_algorithms_and_key_hints_open_nothing() {
    let practice = with_ben(Practice::open(Engine::here()).await).await;
    let good = signed_in(&practice, BEN).await.tokens.access;
    let key = practice.app.keys.access;
    let claims = claims_of(&good).to_string();
    assert!(
        bearer(&practice, &signed(&header(), &claims, &key)).await.is_some(),
        "the tokens below differ in one thing"
    );

    let (head, rest) = good.split_once('.').expect("three parts");
    let (middle, signature) = rest.split_once('.').expect("three parts");
    let mut forged = vec![
        String::new(),
        ".".into(),
        "..".into(),
        good[..good.len() - 1].into(),
        format!("{good}A"),
        format!("{good}."),
        format!("{good}.{signature}"),
        format!("{head}.{middle}."),
        format!("{head}.{middle}"),
        format!("{head}..{signature}"),
        format!(" .{middle}.{signature}"),
        format!("{head}.{middle}.{}", URL_SAFE_NO_PAD.encode([0; 32])),
        signed(&header(), &claims, &[0; 32]),
        signed(&header(), &claims, b""),
        signed(&header(), &claims, b"change-me"),
        signed(&header(), &claims, practice.app.config.origin().as_bytes()),
    ];
    for alg in ["none", "None", "NONE", "nOnE", "", "HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "hs256"] {
        let header = json!({ "typ": "at+jwt", "alg": alg });
        forged.push(format!("{}.{middle}.", part(&header)));
        forged.push(format!("{}.{middle}.{signature}", part(&header)));
        forged.push(signed(&header, &claims, &key));
    }
    for (name, value) in [
        ("kid", json!("../../dev/null")),
        ("kid", json!("' or 1=1 --")),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/cert")),
        ("jwk", json!({ "kty": "oct", "k": "AAAA" })),
        ("x5c", json!(["AAAA"])),
        ("crit", json!(["exp"])),
        ("cty", json!("JWT")),
        ("typ", json!("JWT")),
        ("typ", json!("rt+jwt")),
        ("typ", Value::Null),
    ] {
        let mut header = header();
        header[name] = value;
        forged.push(signed(&header, &claims, &key));
        forged.push(signed(&header, &claims, &[0; 32]));
    }
    assert!(forged.len() >= 40);
    for token in forged {
        assert!(bearer(&practice, &token).await.is_none(), "{token}");
    }
}

#[tokio::test]
async fn claims_of_the_wrong_kind_open_nothing() {
    let practice = with_ben(Practice::open(Engine::here()).await).await;
    let good = claims_of(&signed_in(&practice, BEN).await.tokens.access);
    let key = practice.app.keys.access;
    let open = |claims: String| {
        let token = signed(&header(), &claims, &key);
        let practice = &practice;
        async move { bearer(practice, &token).await.is_some() }
    };
    assert!(open(good.to_string()).await);
    let now = practice.app.clock.now().seconds();
    for name in ["exp", "nbf", "iat"] {
        let right = good[name].as_i64().expect("seconds");
        for wrong in [
            json!(right.to_string()),
            json!(right as f64 + 0.5),
            json!([right]),
            json!({ "value": right }),
            json!(-right),
            json!(-1),
            json!(u64::MAX),
            json!(i64::MAX),
            json!(1e300),
            json!(true),
            Value::Null,
        ] {
            let mut claims = good.clone();
            claims[name] = wrong.clone();
            assert!(!open(claims.to_string()).await, "{name} = {wrong}");
        }
    }
    for name in ["iss", "aud", "sub", "sid"] {
        for wrong in [json!(""), json!(1), json!([good[name].clone()]), json!({}), Value::Null, json!("someone else")] {
            let mut claims = good.clone();
            claims[name] = wrong.clone();
            assert!(!open(claims.to_string()).await, "{name} = {wrong}");
        }
    }
    for name in ["exp", "nbf", "iat", "iss", "aud", "sub", "sid"] {
        let mut claims = good.clone();
        claims.as_object_mut().expect("an object").remove(name);
        assert!(!open(claims.to_string()).await, "without {name}");
        let twice = format!("{{\"{name}\":{},{}", good[name], &good.to_string()[1..]);
        assert!(!open(twice).await, "{name} twice");
    }
    for (name, value) in [("exp", now), ("exp", now - 1), ("nbf", now + 31), ("iat", now + 31), ("exp", now + 86_400)] {
        let mut claims = good.clone();
        claims[name] = json!(value);
        assert!(!open(claims.to_string()).await, "{name} = {value}");
    }
    for text in ["", "{}", "[]", "null", "not JSON"] {
        assert!(!open(text.into()).await, "{text}");
    }
}
