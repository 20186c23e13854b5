//! Mailed links and codes.

use super::kit::{Browser, HERE, by_code, by_link, newest_mail, request, signed_in, somewhere, token_of, with_ben};
use crate::support::{Practice, on_both_engines, on_both_engines_with};
use anteroom::error::Error;
use anteroom::features::accounts::logins;
use anteroom::features::accounts::sign_in::{self, CompleteSignInInput, RequestSignInInput};
use anteroom::keys;
use axum::http::{Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::problem::ErrorCode;

const BEN: &str = "ben@example.org";

fn refusal<T>(outcome: Result<T, Error>) -> (ErrorCode, String) {
    match outcome {
        Err(Error::Refused(problems)) => (problems[0].code, problems[0].message.clone()),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("this was let in"),
    }
}

#[tokio::test]
async fn a_scanner_that_opens_the_mailed_link_first_uses_nothing_up() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let mut ben = Browser::new(&practice);
        ben.post("/sign-in", &[("email", BEN)]).await;
        let mail = newest_mail(&practice).await.expect("a mail");

        for (method, status) in [
            (Method::GET, StatusCode::OK),
            (Method::HEAD, StatusCode::OK),
            (Method::OPTIONS, StatusCode::METHOD_NOT_ALLOWED),
            (Method::GET, StatusCode::OK),
            (Method::HEAD, StatusCode::OK),
        ] {
            let mut scanner = Browser::new(&practice);
            scanner.cookies = ben.cookies.clone();
            let path = format!("/sign-in/link?token={}", token_of(&mail));
            let answer = scanner.send(method.clone(), &path, &[]).await;
            assert_eq!(answer.status, status, "{method}");
            assert!(answer.set_cookies().is_empty());
            if method == Method::GET {
                assert!(answer.body.contains("action=\"/sign-in/link\""), "{}", answer.body);
            }
        }
        assert_eq!(practice.count("select count(*) from sign_in_links where used_at is not null").await, 0);

        let answer = ben.post("/sign-in/link", &[("token", &token_of(&mail))]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/portal"));
        assert!(ben.who(&practice).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_link_used_a_hundred_times_at_once_begins_one_login() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let asked = request(&practice, BEN).await;
        let mail = newest_mail(&practice).await.expect("a mail");
        let tries: Vec<_> = (0..100)
            .map(|n| {
                let (app, asked, mail) = (practice.app.clone(), asked.clone(), mail.clone());
                let input = if n % 2 == 0 { by_link(&asked, &mail) } else { by_code(&asked, &mail.code) };
                tokio::spawn(async move { sign_in::complete(&app, input, somewhere()).await.is_ok() })
            })
            .collect();
        let mut let_in = 0;
        for attempt in tries {
            let_in += usize::from(attempt.await.expect("no panic"));
        }
        assert_eq!(let_in, 1);
        assert_eq!(practice.count("select count(*) from logins").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_forwarded_link_opens_nothing_in_another_browser_and_still_works_in_its_own() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let (mut ben, mut eve) = (Browser::new(&practice), Browser::new(&practice));
        eve.post("/sign-in", &[("email", "eve@example.org")]).await;
        ben.post("/sign-in", &[("email", BEN)]).await;
        let mail = newest_mail(&practice).await.expect("a mail");

        let refused = eve.post("/sign-in/link", &[("token", &token_of(&mail))]).await;
        assert_eq!(refused.location(), "/sign-in/link?problem=browser");
        eve.cookies.clear();
        let refused = eve.post("/sign-in/link", &[("token", &token_of(&mail))]).await;
        assert_eq!(refused.location(), "/sign-in/link?problem=browser");
        let refused = eve.post("/sign-in/code", &[("code", &mail.code)]).await;
        assert_eq!(refused.location(), "/sign-in/code?problem=browser");
        assert!(eve.who(&practice).await.is_none());

        ben.post("/sign-in/link", &[("token", &token_of(&mail))]).await;
        assert!(ben.who(&practice).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_words_for_another_browser_say_to_type_the_code_in_the_one_that_asked() {
    let practice = with_ben(Practice::open(crate::support::Engine::here()).await).await;
    let asked = request(&practice, BEN).await;
    let mail = newest_mail(&practice).await.expect("a mail");
    let input = CompleteSignInInput { browser_token: String::new(), ..by_link(&asked, &mail) };
    let (code, words) = refusal(sign_in::complete(&practice.app, input, somewhere()).await);
    assert_eq!(code, ErrorCode::LinkInvalid);
    assert!(words.contains("type the six digits"), "{words}");
}

#[tokio::test]
async fn a_link_that_has_run_out_stays_so_when_the_clock_is_set_back() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let asked = request(&practice, BEN).await;
        let mail = newest_mail(&practice).await.expect("a mail");
        for minutes in [10, -70] {
            practice.app.clock.push_minutes(minutes);
            for input in [by_link(&asked, &mail), by_code(&asked, &mail.code)] {
                let (code, _) = refusal(sign_in::complete(&practice.app, input, somewhere()).await);
                assert_eq!(code, ErrorCode::LinkInvalid);
            }
        }
        practice.app.clock.push_minutes(69);
        sign_in::complete(&practice.app, by_link(&asked, &mail), somewhere()).await.expect("one minute before its end");
    })
    .await;
}

#[tokio::test]
async fn an_older_link_is_void_once_a_newer_one_was_asked_for() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let first = request(&practice, BEN).await;
        let first_mail = newest_mail(&practice).await.expect("a mail");
        let second = request(&practice, " BEN@Example.ORG ").await;
        let second_mail = newest_mail(&practice).await.expect("a mail");

        for input in [by_link(&first, &first_mail), by_code(&first, &first_mail.code)] {
            refusal(sign_in::complete(&practice.app, input, somewhere()).await);
        }
        sign_in::complete(&practice.app, by_code(&second, &second_mail.code), somewhere()).await.expect("the newest");
    })
    .await;
}

#[tokio::test]
async fn what_a_stolen_copy_of_the_database_holds_signs_nobody_in() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        request(&practice, BEN).await;
        let mail = newest_mail(&practice).await.expect("a mail");
        let mut conn = practice.app.db.read().await.expect("a connection");
        let (link, code, browser): (Vec<u8>, Vec<u8>, Vec<u8>) =
            conn.query("select link_hash, code_hash, browser_hash from sign_in_links").one().await.expect("a row");
        drop(conn);
        assert_ne!(code, keys::hash(mail.code.as_bytes()), "six digits are soon guessed from their plain hash");
        for column in [&link, &code, &browser] {
            let text = URL_SAFE_NO_PAD.encode(column);
            let by_link =
                CompleteSignInInput { link_token: Some(text.clone()), code: None, browser_token: text.clone() };
            refusal(sign_in::complete(&practice.app, by_link, somewhere()).await);
            let code = Some(mail.code.clone());
            let by_code = CompleteSignInInput { link_token: None, code, browser_token: text };
            refusal(sign_in::complete(&practice.app, by_code, somewhere()).await);
        }
    })
    .await;
}

#[tokio::test]
async fn guessing_the_code_ends_after_five_tries_even_when_they_come_at_once() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let asked = request(&practice, BEN).await;
        let mail = newest_mail(&practice).await.expect("a mail");
        let wrong = if mail.code == "000000" { "000001" } else { "000000" };
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let (app, input) = (practice.app.clone(), by_code(&asked, wrong));
                tokio::spawn(async move { sign_in::complete(&app, input, somewhere()).await.is_ok() })
            })
            .collect();
        for attempt in tries {
            assert!(!attempt.await.expect("no panic"));
        }
        assert_eq!(practice.count("select attempts from sign_in_links").await, 5);
        refusal(sign_in::complete(&practice.app, by_code(&asked, &mail.code), somewhere()).await);
        refusal(sign_in::complete(&practice.app, by_link(&asked, &mail), somewhere()).await);
    })
    .await;
}

#[tokio::test]
async fn four_wrong_codes_do_not_keep_the_right_one_out() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let asked = request(&practice, BEN).await;
        let mail = newest_mail(&practice).await.expect("a mail");
        for wrong in ["", "12345", "abcdef", "1234567"] {
            refusal(sign_in::complete(&practice.app, by_code(&asked, wrong), somewhere()).await);
        }
        let spaced = format!(" {} {} ", &mail.code[..3], &mail.code[3..]);
        sign_in::complete(&practice.app, by_code(&asked, &spaced), somewhere()).await.expect("the right code");
    })
    .await;
}

#[tokio::test]
async fn somebody_shut_out_is_refused_as_if_the_link_were_wrong() {
    on_both_engines(|practice: Practice| async move {
        let practice = with_ben(practice).await;
        let ben = signed_in(&practice, BEN).await.user;
        let asked = request(&practice, BEN).await;
        let mail = newest_mail(&practice).await.expect("a mail");
        logins::disable(&practice.app, ben.id).await.expect("Ben is shut out");

        let shut_out = refusal(sign_in::complete(&practice.app, by_code(&asked, &mail.code), somewhere()).await);
        let wrong = refusal(sign_in::complete(&practice.app, by_code(&asked, "999999"), somewhere()).await);
        assert_eq!(shut_out, wrong);
        request(&practice, BEN).await;
        assert!(newest_mail(&practice).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn bombing_a_mailbox_sends_three_mails_and_looks_the_same_every_time() {
    on_both_engines_with(&[("rate_mailbox", "3"), ("rate_sign_in", "10")], |practice: Practice| async move {
        let practice = with_ben(practice).await;
        let ask = || sign_in::request(&practice.app, RequestSignInInput { email: BEN.into() }, HERE);
        for _ in 0..10 {
            ask().await.expect("it looks the same every time");
        }
        assert_eq!(practice.count(MAILS).await, 3);
        assert_eq!(practice.count("select count(*) from sign_in_links where used_at is null").await, 1);
        assert!(matches!(ask().await, Err(Error::RateLimited { .. })));
    })
    .await;
}

const MAILS: &str = "select count(*) from jobs where kind = 'MAIL_SIGN_IN'";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_mailbox_is_spared_by_all_processes_together_and_by_the_next_one() {
    on_both_engines_with(&[("rate_mailbox", "3")], |practice: Practice| async move {
        let practice = with_ben(practice).await;
        // Another process beside it, or on SQLite the one after a restart.
        let other = practice.second_process().await;
        let is_shared = practice.url.starts_with("postgres");
        let asks = (0..12).map(|turn| {
            let app = if is_shared && turn % 2 == 0 { other.app.clone() } else { practice.app.clone() };
            let input = RequestSignInInput { email: BEN.into() };
            tokio::spawn(async move { sign_in::request(&app, input, HERE).await })
        });
        for asked in asks.collect::<Vec<_>>() {
            asked.await.expect("no panic").expect("it looks the same every time");
        }
        assert_eq!(practice.count(MAILS).await, 3);
        request(&other, BEN).await;
        assert_eq!(practice.count(MAILS).await, 3);
        // Another address has its own.
        request(&practice, "cleo@example.org").await;
        assert_eq!(practice.count(MAILS).await, 4);
        // Whenever a quarter of an hour begins, there are no more than three in it.
        for (minutes, mails) in [(14, 4), (1, 7), (14, 7), (1, 10)] {
            for process in [&practice, &other] {
                process.app.clock.push_minutes(minutes);
            }
            for process in [&practice, &other, &practice, &other] {
                request(process, BEN).await;
            }
            assert_eq!(practice.count(MAILS).await, mails);
        }
    })
    .await;
}
