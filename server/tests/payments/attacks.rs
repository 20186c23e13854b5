//! What somebody who is not Stripe, or not honest, might send.

use super::kit::{GOOD_CARD, Story, TUESDAY, on_both_engines};
use crate::support::{Engine, NOW, at, engines};
use anteroom::config::{Config, Overrides};
use anteroom::integrations::stripe::signature::sign;
use anteroom::sandbox::stripe::{Session, WEBHOOK_SECRET, Webhook};
use axum::http::StatusCode;
use std::sync::Arc;

/// Ben has paid; what Stripe has to tell of it is on its way.
async fn on_its_way(story: &Story) -> (super::kit::Page, Webhook) {
    let page = story.at_the_page(TUESDAY).await;
    story.sandbox.stripe.pay(&page.checkout, GOOD_CARD);
    let mut told = story.sandbox.stripe.take_webhooks();
    (page, told.remove(0))
}

async fn expect_nothing_taken(story: &Story) {
    assert_eq!(story.count("select count(*) from webhook_events").await, 0);
    assert_eq!(story.count("select count(*) from payments where status = 'PAID'").await, 0);
}

#[tokio::test]
async fn what_is_not_signed_by_stripe_is_refused_and_leaves_nothing() {
    on_both_engines(|story| async move {
        let (_, told) = on_its_way(&story).await;
        let body = told.body.clone().into_bytes();
        let hex = told.signature.split_once("v1=").expect("a signature").1.to_owned();
        let t = story.now().seconds();
        let again = serde_json::to_vec_pretty(&serde_json::from_str::<serde_json::Value>(&told.body).expect("JSON"));
        let respaced = again.expect("JSON");
        let other = sign("whsec_of_another_account", &body, story.now());
        let old = sign(WEBHOOK_SECRET, &body, story.now().plus_seconds(-301));
        let ahead = sign(WEBHOOK_SECRET, &body, story.now().plus_seconds(61));
        let yesterday = sign(WEBHOOK_SECRET, &body, story.now().plus_seconds(-86_400));
        let zero = "0".repeat(64);
        for (signature, body) in [
            (String::new(), body.clone()),
            ("garbage".into(), body.clone()),
            (told.signature.clone(), b"{}".to_vec()),
            (told.signature.clone(), respaced),
            (other, body.clone()),
            (old, body.clone()),
            (ahead, body.clone()),
            (yesterday, body.clone()),
            (format!("v1={hex}"), body.clone()),
            (format!("t={t}"), body.clone()),
            (format!("t=-{t},v1={hex}"), body.clone()),
            (format!("t=soon,v1={hex}"), body.clone()),
            (format!("t=99999999999999999999999,v1={hex}"), body.clone()),
            (format!("t={t},t={t},v1={hex}"), body.clone()),
            (format!("t={t},v0={hex}"), body.clone()),
            (format!("t={t},v1={}", hex.to_uppercase()), body.clone()),
            (format!("t={t},v1={}", &hex[1..]), body.clone()),
            (format!("t={t}{},v1={hex}", format!(",v1={zero}").repeat(5)), body.clone()),
            (format!("t={t},v1={}", "a".repeat(1 << 20)), body.clone()),
        ] {
            let shown: String = signature.chars().take(60).collect();
            assert_eq!(story.post(&signature, body).await, StatusCode::BAD_REQUEST, "{shown}");
        }
        let twice = [("stripe-signature", told.signature.as_str()), ("stripe-signature", told.signature.as_str())];
        assert_eq!(story.post_to("/webhooks/stripe", &twice, body.clone()).await, StatusCode::BAD_REQUEST);
        assert_eq!(story.post_to("/webhooks/stripe", &[], body.clone()).await, StatusCode::BAD_REQUEST);
        let signed_rubbish = sign(WEBHOOK_SECRET, b"not json", story.now());
        assert_eq!(story.post(&signed_rubbish, b"not json".to_vec()).await, StatusCode::BAD_REQUEST);
        expect_nothing_taken(&story).await;
        assert_eq!(story.tell(&told).await, StatusCode::OK, "and the real one is taken");
        story.work().await;
    })
    .await;
}

#[tokio::test]
async fn a_giant_body_is_refused_before_anybody_reads_it() {
    on_both_engines(|story| async move {
        let body = vec![b' '; 256 * 1024 + 1];
        let signature = sign(WEBHOOK_SECRET, &body, story.now());
        assert_eq!(story.post(&signature, body).await, StatusCode::PAYLOAD_TOO_LARGE);
        let whole = vec![b' '; 256 * 1024];
        let signature = sign(WEBHOOK_SECRET, &whole, story.now());
        assert_eq!(story.post(&signature, whole).await, StatusCode::BAD_REQUEST, "read, and not JSON");
        expect_nothing_taken(&story).await;
    })
    .await;
}

#[tokio::test]
async fn other_paths_lead_nowhere() {
    on_both_engines(|story| async move {
        let (_, told) = on_its_way(&story).await;
        for path in ["/webhooks/stripe/", "/webhooks/Stripe", "/webhooks/stripe./", "/webhooks/stripe/../x"] {
            let headers = [("stripe-signature", told.signature.as_str())];
            let status = story.post_to(path, &headers, told.body.clone().into_bytes()).await;
            assert!(status.is_client_error(), "{path}: {status}");
        }
        expect_nothing_taken(&story).await;
        story.tell(&told).await;
        story.work().await;
    })
    .await;
}

#[tokio::test]
async fn the_same_event_a_hundred_times_at_once_has_one_effect() {
    on_both_engines(|story| async move {
        let (page, told) = on_its_way(&story).await;
        let sent: Vec<_> = (0..100)
            .map(|_| {
                let (story, told) = (story.clone(), told.clone());
                tokio::spawn(async move { story.tell(&told).await })
            })
            .collect();
        for status in sent {
            assert_eq!(status.await.expect("an answer"), StatusCode::OK);
        }
        story.work().await;
        assert_eq!(story.status(&page.booking).await, "CONFIRMED");
        assert_eq!(story.count("select count(*) from webhook_events").await, 1);
        assert_eq!(story.count("select count(*) from invoices where kind = 'RECEIPT'").await, 1);
        assert_eq!(story.mails_to("ben"), ["Your receipt"]);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_comes_again_with_other_content_changes_nothing() {
    on_both_engines(|story| async move {
        let (page, told) = on_its_way(&story).await;
        assert_eq!(story.tell(&told).await, StatusCode::OK);
        let changed = told.body.replace("checkout.session.completed", "checkout.session.expired");
        let signature = sign(WEBHOOK_SECRET, changed.as_bytes(), story.now());
        assert_eq!(story.post(&signature, changed.into_bytes()).await, StatusCode::OK);
        story.work().await;
        assert_eq!(story.status(&page.booking).await, "CONFIRMED");
        assert_eq!(story.count("select count(*) from webhook_events").await, 1);
    })
    .await;
}

#[tokio::test]
async fn events_of_another_mode_or_account_are_kept_and_not_followed() {
    on_both_engines(|story| async move {
        let (page, told) = on_its_way(&story).await;
        for (name, field, value) in [
            ("evt_live", "livemode", serde_json::json!(true)),
            ("evt_connect", "account", serde_json::json!("acct_other")),
        ] {
            let mut event: serde_json::Value = serde_json::from_str(&told.body).expect("JSON");
            event["id"] = serde_json::json!(name);
            event[field] = value;
            let body = event.to_string();
            let signature = sign(WEBHOOK_SECRET, body.as_bytes(), story.now());
            assert_eq!(story.post(&signature, body.into_bytes()).await, StatusCode::OK, "{name}");
        }
        story.work().await;
        assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT");
        assert_eq!(story.count("select count(*) from webhook_events where error is not null").await, 2);
        story.tell(&told).await;
        story.work().await;
        assert_eq!(story.status(&page.booking).await, "CONFIRMED");
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_is_not_the_one_we_asked_for_confirms_nothing() {
    type Change = fn(&mut Session);
    let changes: [(&str, Change); 4] = [
        ("amount", |session| session.amount = 1),
        ("currency", |session| session.currency = "pkr".into()),
        ("reference", |session| session.reference = "00000000-0000-0000-0000-000000000001".into()),
        ("mode", |session| session.livemode = true),
    ];
    for (name, change) in changes {
        on_both_engines(|story| async move {
            let page = story.at_the_page(TUESDAY).await;
            story.sandbox.stripe.tamper(&page.checkout, change);
            story.sandbox.stripe.pay(&page.checkout, GOOD_CARD);
            for told in story.sandbox.stripe.take_webhooks() {
                story.tell(&told).await;
            }
            story.work().await;
            assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT", "{name}");
            assert_eq!(story.payment_status(&page.payment).await, "UNCLEAR", "{name}");
            assert_eq!(story.count("select count(*) from ledger_entries").await, 0);
            story.pass(60).await;
            story.work().await;
            assert_eq!(story.status(&page.booking).await, "EXPIRED", "its time is not kept for ever");
            // The money is at Stripe's all the same: for the last check it goes back there.
            let intent = story.sandbox.stripe.session(&page.checkout).and_then(|it| it.intent).expect("a payment");
            assert!(story.sandbox.stripe.refund_there(&intent, story.sandbox.stripe.balance()));
        })
        .await;
    }
}

#[tokio::test]
async fn the_page_of_one_session_confirms_no_other() {
    on_both_engines(|story| async move {
        let mine = story.at_the_page(TUESDAY).await;
        let (cleo, _) = story.client("Cleo", 41).await;
        let hers = story.book_as(cleo, "2030-01-15T13:00:00Z").await;
        let started = story.start_as(cleo, &hers).await;
        let payment = super::kit::text(&started["payment"]["id"]);
        // Ben's page says it is Cleo's.
        story.sandbox.stripe.tamper(&mine.checkout, move |session| session.reference = payment.clone());
        story.sandbox.stripe.pay(&mine.checkout, GOOD_CARD);
        story.deliver().await;
        assert_eq!(story.status(&mine.booking).await, "PENDING_PAYMENT");
        assert_eq!(story.status(&hers).await, "PENDING_PAYMENT");
        let intent = story.sandbox.stripe.session(&mine.checkout).and_then(|it| it.intent).expect("a payment");
        assert!(story.sandbox.stripe.refund_there(&intent, 7500));
    })
    .await;
}

#[tokio::test]
async fn complete_without_money_confirms_nothing() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        story.sandbox.stripe.pay_later(&page.checkout);
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT");
        assert_eq!(story.payment_status(&page.payment).await, "OPEN");
        story.sandbox.stripe.settle_later(&page.checkout, true);
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "CONFIRMED");
    })
    .await;
}

#[tokio::test]
async fn while_a_secret_is_replaced_both_count_for_a_day() {
    let settings = [("stripe_webhook_secret", "whsec_new"), ("stripe_webhook_secret_before", WEBHOOK_SECRET)];
    for engine in engines() {
        let story = Arc::new(Story::open(engine, &settings).await);
        let body = r#"{"id":"evt_1","type":"ping","created":1,"livemode":false,"data":{"object":{}}}"#;
        for (name, minutes, old) in [("1", 0, StatusCode::OK), ("2", 24 * 60, StatusCode::BAD_REQUEST)] {
            story.practice.app.clock.push_minutes(minutes);
            for (secret, expected) in [(WEBHOOK_SECRET, old), ("whsec_new", StatusCode::OK)] {
                let body = body.replace("evt_1", &format!("evt_{name}_{secret}"));
                let signature = sign(secret, body.as_bytes(), story.now());
                assert_eq!(story.post(&signature, body.into_bytes()).await, expected, "{secret} after {minutes}");
            }
        }
        assert!(story.now() > at(NOW));
    }
}

#[tokio::test]
async fn a_practice_that_takes_no_cards_has_no_webhook() {
    let practice = crate::support::Practice::open(Engine::here()).await;
    let http = anteroom::http::Http::new(practice.app.clone(), tokio_util::sync::CancellationToken::new());
    let routes = anteroom::http::router(http, axum::Router::new());
    let request = axum::http::Request::post("/webhooks/stripe").body(axum::body::Body::from("{}")).expect("a request");
    let answer = tower::ServiceExt::oneshot(routes, request).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[test]
fn the_key_goes_nowhere_but_to_stripe() {
    let load = |api: &str, key: &str, secret: &str| {
        let settings = [("stripe_api", api), ("stripe_key", key), ("stripe_webhook_secret", secret)];
        Config::load(&Overrides::default(), &settings)
            .map(|_| ())
            .map_err(|problems| problems.into_iter().map(|problem| problem.setting).collect::<Vec<_>>())
    };
    let (stripe, here) = ("https://api.stripe.com", "http://127.0.0.1:4000");
    assert_eq!(load(stripe, "sk_live_1", "whsec_1"), Ok(()));
    assert_eq!(load(here, "rk_test_1", "whsec_1"), Ok(()));
    for api in [
        "https://api.stripe.com.evil.example",
        "http://api.stripe.com",
        "https://evil.example",
        "https://api.stripe.com/v2",
    ] {
        assert_eq!(load(api, "sk_live_1", "whsec_1"), Err(vec!["stripe_api".to_owned()]), "{api}");
    }
    assert_eq!(load(stripe, "pk_live_1", "whsec_1"), Err(vec!["stripe_key".to_owned()]), "a key for browsers");
    assert_eq!(load(stripe, "sk_live_1", ""), Err(vec!["stripe_webhook_secret".to_owned()]));
    assert_eq!(load(stripe, "", "whsec_1"), Err(vec!["stripe_key".to_owned()]));
}
