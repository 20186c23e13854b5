//! Signing in, page by page, and the sandbox.

use super::markup::check_page;
use super::{Answer, get, keep, practice, send};
use crate::support::{self, ADA_USER, Engine, SAMIR_USER};
use anteroom::features::accounts::links::sign_in_mail;
use anteroom::features::accounts::logins::{Device, Place};
use anteroom::features::accounts::sign_in::{CompleteSignInInput, RequestSignInInput, complete, request};
use anteroom::http::{Http, pages, visit::Visit};
use anteroom::sandbox::mailbox::Mail;
use anteroom::sandbox::pages::{Persona, SandboxState};
use axum::body::{Body, to_bytes};
use axum::extract::FromRequestParts as _;
use axum::http::{Request, StatusCode, header};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The cookie of somebody who has just signed in with a mailed code.
async fn signed_in(practice: &support::Practice, email: &str) -> String {
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let asked = request(&practice.app, RequestSignInInput { email: email.into() }, address).await.expect("asked");
    let mut conn = practice.app.db.read().await.expect("a connection");
    let sql = "select id from sign_in_links order by created_at desc limit 1";
    let id: Uuid = conn.query(sql).value().await.expect("a link");
    let mail = sign_in_mail(&practice.app, id).await.expect("mail").expect("somebody has this address");
    let input = CompleteSignInInput { link_token: None, code: Some(mail.code), browser_token: asked.browser.text() };
    let place = Place { device: Device::of_user_agent(""), login: None };
    let done = complete(&practice.app, input, place).await.expect("the code is right");
    format!("__Host-access={}", done.tokens.access)
}

async fn get_as(practice: &support::Practice, cookie: &str, path: &str) -> Answer {
    let request = Request::get(path).header(header::COOKIE, cookie).header(header::ACCEPT, "text/html");
    send(practice, request.body(Body::empty()).expect("a request")).await
}

fn leads_to(answer: &Answer) -> (StatusCode, &str) {
    (answer.status, answer.header(header::LOCATION))
}

#[tokio::test]
async fn signing_in_is_possible_without_scripts() {
    let practice = practice::open(Engine::here()).await;
    for (name, path, says) in [
        ("sign-in", "/sign-in", "There is no password to remember"),
        ("sign-in-refused", "/sign-in?problem=email", "Enter an email address"),
        ("code", "/sign-in/code", "It works for 10 minutes."),
        ("code-refused", "/sign-in/code?problem=code", "That code does not match."),
        ("link", "/sign-in/link", "type the six digits"),
        ("link-refused", "/sign-in/link?problem=link", "This link has done its work"),
    ] {
        let answer = get(&practice, path).await;
        keep(name, &answer.text);
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        check_page(path, &answer.text);
        assert!(answer.text.contains(says), "{path}");
        assert!(answer.text.contains("<meta name=\"robots\" content=\"noindex\">"), "{path} is not for search engines");
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store, private");
    }
}

#[tokio::test]
async fn staff_are_led_to_their_second_factor() {
    let practice = practice::open(Engine::here()).await;
    for path in ["/sign-in/second-factor", "/sign-in/recovery", "/sign-in/set-up"] {
        assert_eq!(leads_to(&get(&practice, path).await), (StatusCode::SEE_OTHER, "/sign-in"), "{path}");
    }
    let ada = signed_in(&practice, "ada@practice.example").await;
    let answer = get_as(&practice, &ada, "/sign-in").await;
    assert_eq!(answer.status, StatusCode::OK, "she is not through yet");
    let answer = get_as(&practice, &ada, "/sign-in/second-factor").await;
    assert_eq!(leads_to(&answer), (StatusCode::SEE_OTHER, "/sign-in/set-up"));

    let answer = get_as(&practice, &ada, "/sign-in/set-up").await;
    keep("set-up", &answer.text);
    assert_eq!(answer.status, StatusCode::OK);
    check_page("/sign-in/set-up", &answer.text);
    assert!(answer.text.contains("<svg") && answer.text.contains("otpauth://totp/"));

    practice
        .app
        .db
        .write(|tx| {
            Box::pin(async move {
                tx.query("update users set totp_confirmed_at = $1").bind(support::at(support::NOW)).run().await?;
                Ok(())
            })
        })
        .await
        .expect("an authenticator is set up");
    for (name, path) in [("second-factor", "/sign-in/second-factor"), ("recovery", "/sign-in/recovery?problem=factor")]
    {
        let answer = get_as(&practice, &ada, path).await;
        keep(name, &answer.text);
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        check_page(path, &answer.text);
    }
}

/// A visit of nobody, for pages that other handlers answer with.
async fn visit(practice: &support::Practice) -> Visit {
    let http = Http::new(practice.app.clone(), CancellationToken::new());
    let (mut parts, ()) = Request::new(()).into_parts();
    Visit::from_request_parts(&mut parts, &http).await.expect("anyone may look")
}

async fn html(response: axum::response::Response) -> String {
    let bytes = to_bytes(response.into_body(), 1 << 20).await.expect("a page is not endless");
    String::from_utf8(bytes.to_vec()).expect("a page is text")
}

#[tokio::test]
async fn recovery_codes_are_shown_on_a_page_of_their_own() {
    let practice = practice::open(Engine::here()).await;
    let codes = (0..10).map(|number| format!("7QX{number}-M2KD-93FA")).collect();
    let answer = pages::recovery_codes(&visit(&practice).await, codes).await;
    let html = html(answer).await;
    keep("recovery-codes", &html);
    check_page("recovery codes", &html);
    assert_eq!(html.matches("-M2KD-93FA").count(), 10);
}

#[tokio::test]
async fn the_sandbox_shows_people_clock_and_mail() {
    let practice = practice::open(Engine::here()).await;
    let mail = |id: &str, to: &str, subject: &str| {
        Arc::new(Mail {
            id: id.into(),
            to: to.into(),
            from: "Appointments <appointments@localhost>".into(),
            subject: subject.into(),
            text: "Dear Rosa,\n\nyou have an appointment.".into(),
            html: "<p>Dear Rosa</p>".into(),
            attachments: Vec::new(),
            at: practice.app.clock.now(),
            message_id: "1@localhost".into(),
            reply_to: None,
            raw: b"Subject: <b>".to_vec(),
        })
    };
    let mails = vec![
        mail("1", "callum@example.org", "Your appointment was cancelled"),
        mail("2", "rosa@example.org", "Your appointment on Tuesday 8 January"),
    ];
    let persona = |user_id, name: &str, says: &str| Persona { user_id, name: name.into(), says: says.into() };
    let state = || SandboxState {
        personas: vec![
            persona(ADA_USER, "Ada Lindqvist", "Integrative psychotherapist"),
            persona(SAMIR_USER, "Samir Haddad", "Counsellor and couples therapist"),
        ],
        now: practice.app.clock.now(),
        time_zone: "Europe/London".into(),
        pushed_minutes: 63,
        mails: mails.clone(),
    };
    let visit = visit(&practice).await;
    for (name, open, face) in [
        ("sandbox", None, None),
        ("sandbox-mail", Some(&*mails[1]), None),
        ("sandbox-raw", Some(&*mails[1]), Some("raw")),
    ] {
        let html = html(pages::sandbox(&visit, state(), open, face).await.expect("a page")).await;
        keep(name, &html);
        check_page(name, &html);
        assert!(html.contains("Sign in as Ada") && html.contains("value=\"1440\""), "08:00 to 08:00 tomorrow is a day");
    }
    let raw = html(pages::sandbox(&visit, state(), Some(&*mails[1]), Some("raw")).await.expect("a page")).await;
    assert!(raw.contains("Subject: &lt;b&gt;"));
    let nothing = SandboxState { mails: Vec::new(), ..state() };
    keep("sandbox-empty", &html(pages::sandbox(&visit, nothing, None, None).await.expect("a page")).await);
}
