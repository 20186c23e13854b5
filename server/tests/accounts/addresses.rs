//! What an address gives away, and how many people one address can be.

use super::kit::{Browser, newest_mail, request, with_ben};
use crate::support::{Engine, Practice, on_both_engines};
use anteroom::db::counting_statements;
use anteroom::features::accounts::sign_in::{self, RequestSignInInput};
use anteroom::schema;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};

const BEN: &str = "ben@example.org";

#[tokio::test]
async fn asking_for_a_mail_does_not_tell_who_is_known() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let mut answers = Vec::new();
        // The nonce of the policy and the number of the request are drawn for every answer.
        let each_its_own =
            [&header::SET_COOKIE, &header::CONTENT_SECURITY_POLICY, &HeaderName::from_static("x-request-id")];
        for email in [BEN, "nobody@example.org"] {
            let mut browser = Browser::new(&practice);
            let asked = browser.post("/sign-in", &[("email", email)]).await;
            let wrong = browser.post("/sign-in/code", &[("code", "999999")]).await;
            for answer in [asked, wrong] {
                let mut headers: Vec<_> =
                    answer.headers.iter().filter(|(name, _)| !each_its_own.contains(name)).collect();
                headers.sort_by_key(|(name, _)| name.as_str());
                let cookies: Vec<_> = answer
                    .set_cookies()
                    .iter()
                    .map(|cookie| (cookie.split('=').next().map(str::to_owned), cookie.len()))
                    .collect();
                answers.push(format!("{} {headers:?} {cookies:?} {}", answer.status, answer.body));
            }
        }
        assert_eq!(answers[..2], answers[2..]);
        assert_eq!(practice.count("select count(*) from sign_in_links").await, 2);
        assert_eq!(practice.count("select count(*) from jobs where kind = 'MAIL_SIGN_IN'").await, 2);
        assert!(newest_mail(&practice).await.is_none(), "nothing is mailed to an address nobody has");
    })
    .await;
}

/// The rows a booking makes for anybody; those of a person differ, and nobody outside sees them.
async fn rows(practice: &Practice) -> [i64; 4] {
    let mut found = [0; 4];
    for (found, sql) in found.iter_mut().zip([
        "select count(*) from bookings",
        "select count(*) from occupancy",
        "select count(*) from jobs",
        "select count(*) from reminders",
    ]) {
        *found = practice.count(sql).await;
    }
    found
}

#[tokio::test]
async fn booking_and_asking_for_a_mail_take_the_same_work_for_everybody() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let mut seen = Vec::new();
        for (name, day) in [("Ben", "09"), ("Dee", "10")] {
            let (before, clients) = (rows(&practice).await, practice.count("select count(*) from clients").await);
            let start = format!("2030-01-{day}T10:00:00Z");
            let (booked, statements) = counting_statements(practice.book(name, &start)).await;
            let made: Vec<i64> =
                rows(&practice).await.iter().zip(before).map(|(after, before)| after - before).collect();
            let shape = (booked["booking"]["status"].clone(), booked["manageToken"].as_str().map(str::len));
            assert!(statements > 10, "what is written is counted: {statements}");
            seen.push((statements, made, shape));
            let newcomers = practice.count("select count(*) from clients").await - clients;
            assert_eq!(newcomers, i64::from(name == "Dee"), "only a newcomer becomes somebody");
        }
        assert_eq!(seen[0], seen[1]);
        let email = |name: &str| format!("{name}@example.org");
        let (_, known) = counting_statements(request(&practice, &email("ben"))).await;
        let (_, unknown) = counting_statements(request(&practice, &email("eve"))).await;
        assert_eq!(known, unknown);
    })
    .await;
}

#[tokio::test]
async fn the_code_of_an_unknown_address_is_refused_like_any_wrong_one() {
    on_both_engines(|practice: Practice| async move {
        let asked = request(&practice, "nobody@example.org").await;
        let id: uuid::Uuid = {
            let mut conn = practice.app.db.read().await.expect("a connection");
            conn.query("select id from sign_in_links").value().await.expect("a link")
        };
        let right = practice.app.keys.code("sign-in", id);
        let complete = |code: &str| {
            let input = super::kit::by_code(&asked, code);
            let app = practice.app.clone();
            async move { format!("{:?}", sign_in::complete(&app, input, super::kit::somewhere()).await.err()) }
        };
        let wrong = if right == "000000" { "000001" } else { "000000" };
        assert_eq!(complete(wrong).await, complete(&right).await);
        assert_eq!(practice.count("select count(*) from logins").await, 0);
        assert_eq!(practice.count("select count(*) from users where role = 'CLIENT'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_variant_of_an_address_is_the_same_person_or_nobody() {
    let practice = with_ben(Practice::open(Engine::here()).await).await;
    let same = [
        "ben@example.org",
        "BEN@example.org",
        "ben@EXAMPLE.ORG",
        " ben@example.org",
        "ben@example.org\t",
        "bEn@eXample.Org ",
        "ben@example.org\r\n",
        "\u{a0}ben@example.org",
        "ben@example.org\u{3000}",
    ];
    let other = [
        "b.en@example.org",
        "ben+tag@example.org",
        "ben@mail.example.org",
        "ben@example.org.evil.example",
        "ben@example.co",
        "ben@examp1e.org",
        "bem@example.org",
        "ben@xn--exmple-4uf.org",
        "ben%example.org@evil.example",
        "ben!evil@example.org",
    ];
    let refused = [
        "",
        "ben",
        "ben@",
        "@example.org",
        "ben@example",
        "b\u{435}n@example.org",
        "ben@ex\u{430}mple.org",
        "ben@ex\u{e4}mple.org",
        "ben@example.org\0",
        "ben\0@example.org",
        "ben@example.org\r\nBcc: eve@example.org",
        "ben@example.org\nSubject: x",
        "ben@example.org,eve@example.org",
        "ben@example.org eve@example.org",
        "\"ben\"@example.org",
        "ben@[127.0.0.1]",
        "ben@127.0.0.1",
        "<ben@example.org>",
        "ben@@example.org",
        "ben@example..org",
        ".ben@example.org",
        "ben.@example.org",
        "be..n@example.org",
        "ben@-example.org",
        "ben\u{200b}@example.org",
        "ben@example.org\u{202e}",
        "\u{ff42}en@example.org",
        "ben\u{ff20}example.org",
        "ben@example.org.",
        "ben@.example.org",
        "ben@example-.org",
        "ben@example.1",
        "ben@exam_ple.org",
        "ben@localhost",
        "ben@example.org;eve@example.org",
        "ben@example.org%0aBcc:eve@example.org",
        "ben@example.org\u{85}Bcc: eve@example.org",
        "ben@example.org\u{2028}Bcc: eve@example.org",
        "Ben <ben@example.org>",
        "mailto:ben@example.org",
        "ben\\@example.org@example.org",
    ];
    assert_eq!(same.len() + other.len() + refused.len(), 60);
    let ask = |email: &'static str| {
        let app = practice.app.clone();
        async move { sign_in::request(&app, RequestSignInInput { email: email.into() }, super::kit::HERE).await }
    };
    for email in same {
        ask(email).await.expect(email);
        assert_eq!(newest_mail(&practice).await.expect(email).to.email, BEN, "{email:?}");
    }
    for email in other {
        ask(email).await.expect(email);
        assert!(newest_mail(&practice).await.is_none(), "{email:?}");
    }
    let before = practice.count("select count(*) from sign_in_links").await;
    for email in refused {
        assert!(ask(email).await.is_err(), "{email:?}");
    }
    assert_eq!(practice.count("select count(*) from sign_in_links").await, before);
    assert_eq!(practice.count("select count(*) from users where role = 'CLIENT'").await, 1);
}

#[tokio::test]
async fn a_poisoned_host_header_does_not_reach_the_mailed_link() {
    let practice = with_ben(Practice::open(Engine::here()).await).await;
    let mut browser = Browser::new(&practice);
    for name in ["x-forwarded-host", "forwarded", "x-original-url"] {
        browser.from.insert(name, HeaderValue::from_static("evil.example"));
    }
    let answer = browser.post("/sign-in", &[("email", BEN)]).await;
    assert_eq!(answer.location(), "/sign-in/code");
    let mail = newest_mail(&practice).await.expect("a mail");
    assert!(mail.link.starts_with("http://localhost:3000/sign-in/link#"), "{}", mail.link);

    browser.from.insert("host", HeaderValue::from_static("evil.example"));
    let answer = browser.post("/sign-in", &[("email", BEN)]).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
    let asked = practice.count("select count(*) from sign_in_links").await;
    assert_eq!(asked, 1, "nothing is asked for under another name");
}

/// No request can say who somebody is or what they may do.
#[test]
fn no_input_names_a_user_a_role_or_another_address_for_oneself() {
    let sdl = schema::sdl();
    let inputs = sdl.split("\ninput ").skip(1).map(|rest| rest.split_once("\n}").expect("an end").0);
    for input in inputs {
        let name = input.split_whitespace().next().unwrap_or_default();
        for field in input.lines().filter_map(|line| line.trim().split_once(':')).map(|(field, _)| field) {
            assert!(!["userId", "role", "sub", "emailProvenAt", "secondFactor"].contains(&field), "{name}.{field}");
        }
    }
}
