//! The forms of a browser: cookies, origins, signing out.

use super::kit::{Browser, ended_because, identified, logins_of, newest_mail, signed_in, token_of, with_ben};
use crate::support::{ADA_USER, Engine, Practice, SAMIR_USER, browser, on_both_engines};
use axum::http::{HeaderValue, Method, StatusCode, header};

const BEN: &str = "ben@example.org";

#[tokio::test]
async fn every_cookie_is_locked_to_this_host_and_out_of_reach_of_scripts() {
    let practice = with_ben(Practice::open(Engine::here()).await).await;
    let mut ben = Browser::new(&practice);
    let asked = ben.post("/sign-in", &[("email", BEN)]).await;
    let mail = newest_mail(&practice).await.expect("a mail");
    let welcomed = ben.post("/sign-in/code", &[("code", &mail.code)]).await;
    let left = ben.post("/sign-out", &[]).await;

    let shapes = |answer: &super::kit::Answer| -> Vec<String> {
        let shape = |cookie: &&str| {
            let (pair, attributes) = cookie.split_once("; ").expect("attributes");
            format!("{} {attributes}", pair.split('=').next().expect("a name"))
        };
        answer.set_cookies().iter().map(shape).collect()
    };
    let locked = "Path=/; Secure; HttpOnly; SameSite=Lax";
    assert_eq!(shapes(&asked), [format!("__Host-browser Max-Age=900; {locked}")]);
    assert_eq!(
        shapes(&welcomed),
        [
            format!("__Host-access Max-Age=600; {locked}"),
            format!("__Host-refresh Max-Age=2592000; {locked}"),
            format!("__Host-browser Max-Age=0; {locked}"),
            format!("__Host-wanted Max-Age=0; {locked}"),
        ]
    );
    assert_eq!(shapes(&left), ["access", "refresh", "wanted"].map(|name| format!("__Host-{name} Max-Age=0; {locked}")));
    assert_eq!(left.headers["clear-site-data"], "\"cache\", \"storage\"");
    assert!(ben.cookies.is_empty());
}

#[tokio::test]
async fn a_form_of_another_site_signs_nobody_in_or_out() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let mut victim = Browser::new(&practice);
        victim.sign_in(&practice, BEN).await;
        let before = victim.who(&practice).await;
        for (site, origin) in [
            (Some("cross-site"), None),
            (Some("same-site"), None),
            (Some("cross-site"), Some("http://localhost:3000")),
            (None, Some("https://evil.example")),
            (None, Some("null")),
            (None, Some("http://localhost:3001")),
        ] {
            victim.from.remove("sec-fetch-site");
            victim.from.remove(header::ORIGIN);
            site.map(|site| victim.from.insert("sec-fetch-site", HeaderValue::from_static(site)));
            origin.map(|origin| victim.from.insert(header::ORIGIN, HeaderValue::from_static(origin)));
            for path in ["/sign-in", "/sign-in/code", "/sign-in/link", "/sign-out", "/set-up", "/sign-in/set-up"] {
                let answer = victim.post(path, &[("email", "eve@example.org"), ("code", "123456")]).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {site:?} {origin:?}");
                assert!(answer.set_cookies().is_empty());
            }
        }
        assert_eq!(victim.who(&practice).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_login_planted_before_signing_in_ends_with_it() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        practice.book("Eve", "2030-01-08T11:00:00Z").await;
        let mut eve = Browser::new(&practice);
        eve.sign_in(&practice, "eve@example.org").await;
        let planted = eve.who(&practice).await.expect("Eve");

        let mut ben = Browser::new(&practice);
        ben.cookies = eve.cookies.clone();
        ben.sign_in(&practice, BEN).await;

        let own = ben.who(&practice).await.expect("Ben");
        assert_ne!(own.login_id, planted.login_id);
        assert_ne!(own.user_id, planted.user_id);
        assert_eq!(ended_because(&practice, planted.login_id).await.as_deref(), Some("signed in anew"));
        assert!(eve.who(&practice).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn no_address_holds_a_token_or_anything_that_was_typed() {
    let practice = with_ben(Practice::open(Engine::here()).await).await;
    let mut ben = Browser::new(&practice);
    let mut answers =
        vec![ben.post("/sign-in", &[("email", "not an address")]).await, ben.post("/sign-in", &[("email", BEN)]).await];
    let mail = newest_mail(&practice).await.expect("a mail");
    let token = token_of(&mail);
    assert!(!mail.link.split('#').next().expect("an address").contains(&token));
    answers.push(ben.post("/sign-in/code", &[("code", "999999")]).await);
    answers.push(ben.post("/sign-in/link", &[("token", "wrong")]).await);
    answers.push(ben.post("/sign-in/link", &[("token", &token)]).await);
    let locations: Vec<_> = answers.iter().map(|answer| answer.location()).collect();
    assert_eq!(
        locations,
        [
            "/sign-in?problem=email",
            "/sign-in/code",
            "/sign-in/code?problem=code",
            "/sign-in/link?problem=link",
            "/portal",
        ]
    );
    for answer in &answers {
        assert_eq!(answer.headers[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    }
}

#[tokio::test]
async fn whoever_has_to_sign_in_first_is_led_to_what_they_asked_for() {
    let practice = with_ben(Practice::open(Engine::here()).await).await;
    let mut ben = Browser::new(&practice);
    let asked = ben.send(Method::GET, "/portal/bills?page=2", &[]).await;
    assert_eq!(asked.location(), "/sign-in", "the address says nothing of it");
    assert_eq!(
        asked.set_cookies(),
        ["__Host-wanted=/portal/bills?page=2; Max-Age=900; Path=/; Secure; HttpOnly; SameSite=Lax"]
    );
    ben.post("/sign-in", &[("email", BEN)]).await;
    let token = token_of(&newest_mail(&practice).await.expect("a mail"));
    assert_eq!(ben.post("/sign-in/link", &[("token", &token)]).await.location(), "/portal/bills?page=2");
    ben.post("/sign-out", &[]).await;
    assert_eq!(ben.sign_in(&practice, BEN).await.location(), "/portal", "once");

    // What is not of one's own portal is as if nothing had been asked for.
    for planted in
        ["/admin/clients", "//evil.example", "/portal//evil.example", "/portalevil", "/portal/\\evil", "portal"]
    {
        ben.cookies.insert("__Host-wanted".into(), planted.into());
        assert_eq!(ben.sign_in(&practice, BEN).await.location(), "/portal", "{planted}");
    }
    // A form that is sent too late is not done by looking at its address; and what was just done is not said again.
    for (method, path, wanted) in [
        (Method::POST, "/portal/intake", None),
        (Method::GET, "/portal/bills?is='odd'", None),
        (Method::GET, "/portal/account?done=saved", Some("/portal/account")),
    ] {
        ben.post("/sign-out", &[]).await;
        ben.cookies.insert("__Host-wanted".into(), "/portal/earlier".into());
        ben.send(method, path, &[]).await;
        assert_eq!(ben.cookies.get("__Host-wanted").map(String::as_str), wanted, "{path}");
    }
}

#[tokio::test]
async fn a_browser_stays_signed_in_while_its_access_token_runs_out() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let mut ben = Browser::new(&practice);
        ben.sign_in(&practice, BEN).await;
        let login = ben.who(&practice).await.expect("Ben").login_id;
        practice.app.clock.push_minutes(11);
        let found = identified(&practice, &ben.headers()).await;
        assert_eq!(found.viewer.expect("Ben").login_id, login);
        assert!(found.by_cookie);
        assert_eq!(found.set_cookies.len(), 2);

        practice.app.clock.push_minutes(31 * 24 * 60);
        let found = identified(&practice, &ben.headers()).await;
        assert_eq!(found.viewer, None);
        assert!(found.set_cookies.iter().all(|cookie| cookie.to_str().is_ok_and(|text| text.contains("Max-Age=0;"))));
    })
    .await;
}

#[tokio::test]
async fn only_ones_own_logins_are_listed_and_ended() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        practice.book("Eve", "2030-01-08T11:00:00Z").await;
        let mut ben = Browser::new(&practice);
        ben.sign_in(&practice, BEN).await;
        let elsewhere = signed_in(&practice, BEN).await.viewer;
        let eve = signed_in(&practice, "eve@example.org").await.viewer;

        let asked = practice
            .ask_as(ben.who(&practice).await, "{ viewer { user { logins { device isThis } } } }", serde_json::json!({}))
            .await;
        let logins = &asked["data"]["viewer"]["user"]["logins"];
        assert_eq!(logins.as_array().map(Vec::len), Some(2));
        assert!(logins.to_string().contains("Firefox on Linux"), "{logins}");

        let answer = ben.post(&format!("/account/logins/{}/end", eve.login_id), &[]).await;
        assert_eq!(answer.location(), "/portal/account?problem=gone");
        assert_eq!(ended_because(&practice, eve.login_id).await, None);

        let answer = ben.post(&format!("/account/logins/{}/end", elsewhere.login_id), &[]).await;
        assert_eq!(answer.location(), "/portal/account");
        assert!(ended_because(&practice, elsewhere.login_id).await.is_some());

        let third = signed_in(&practice, BEN).await.viewer;
        ben.post("/account/logins/end-others", &[]).await;
        assert!(ended_because(&practice, third.login_id).await.is_some());
        assert_eq!(logins_of(&practice, eve).await, 1);
        assert!(ben.who(&practice).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_budget_of_an_account_holds_for_pages_and_forms() {
    let practice = with_ben(Practice::open_with(Engine::here(), &[("rate_account", "3")]).await).await;
    let mut ada = browser::Browser::signed_in(&practice, ADA_USER).await;
    for _ in 0..3 {
        assert_eq!(ada.get("/admin").await.status, 200);
    }
    assert_eq!(ada.get("/admin").await.status, 429);
    assert_eq!(ada.post("/admin/hours/time-off", &[]).await.status, 429);
    assert_eq!(ada.post("/sign-out", &[]).await.status, 303, "whoever wants to leave can");
    let mut samir = browser::Browser::signed_in(&practice, SAMIR_USER).await;
    assert_eq!(samir.get("/admin").await.status, 200);
}
