//! Whatever goes wrong on the way, people get a page with help in a crisis and a way on; programs get a sentence.

use super::markup::check_page;
use super::{Answer, keep, practice, send};
use crate::support::{Engine, Practice};
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{Request, StatusCode, header};

const FORM: &str = "application/x-www-form-urlencoded";

fn get(path: &str) -> (Builder, String) {
    (Request::get(path), String::new())
}

fn post(path: &str, kind: &str, body: impl Into<String>) -> (Builder, String) {
    let request = Request::post(path).header(header::CONTENT_TYPE, kind).header("sec-fetch-site", "same-origin");
    (request, body.into())
}

fn from_elsewhere(path: &str) -> (Builder, String) {
    let request = Request::post(path).header(header::CONTENT_TYPE, FORM).header("sec-fetch-site", "cross-site");
    (request, String::new())
}

async fn ask(practice: &Practice, (request, body): (Builder, String), accept: &str) -> Answer {
    let request = request.header(header::ACCEPT, accept);
    send(practice, request.body(Body::from(body)).expect("a request")).await
}

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A browser is answered with a page, and whoever asks otherwise with the same status.
async fn check(practice: &Practice, name: &str, request: impl Fn() -> (Builder, String), status: StatusCode) {
    let page = ask(practice, request(), BROWSER).await;
    keep(&format!("refused-{}", status.as_u16()), &page.text);
    assert_eq!(page.status, status, "{name}");
    check_page(name, &page.text);
    let main = page.text.split_once("<main").and_then(|(_, main)| main.split_once("</main>")).map(|(main, _)| main);
    assert!(
        main.is_some_and(|main| main.contains("class=\"button\"") && main.contains("href=\"")),
        "{name} shows no way on"
    );
    assert!(page.text.contains("<meta name=\"robots\" content=\"noindex\">"), "{name}");
    assert!(page.header(header::CACHE_CONTROL).contains("no-store"), "{name} is kept");
    assert!(!page.text.to_lowercase().contains("deserialize"), "{name} speaks of our insides");

    let asked_by_a_program = ask(practice, request(), "*/*").await;
    assert_eq!(asked_by_a_program.status, status, "{name}, asked by a program");
}

#[tokio::test]
async fn whatever_is_refused_people_get_a_page() {
    let practice = practice::open(Engine::Sqlite).await;
    let long = format!("message={}", "a".repeat(70_000));
    for path in ["/contact", "/sign-in", "/sign-out", "/book/free-call", "/sign-in/second-factor"] {
        check(&practice, path, || from_elsewhere(path), StatusCode::FORBIDDEN).await;
    }
    for path in ["/nothing-here", "/book/nothing-here", "/assets-of-nobody", "/bookings/NOPE-0000"] {
        check(&practice, path, || get(path), StatusCode::NOT_FOUND).await;
    }
    for path in ["/sign-out", "/book/free-call/hold", "/account/logins/end-others"] {
        check(&practice, path, || get(path), StatusCode::METHOD_NOT_ALLOWED).await;
    }
    check(&practice, "/faq", || post("/faq", FORM, "a=b"), StatusCode::METHOD_NOT_ALLOWED).await;
    for path in ["/contact", "/sign-in", "/sign-in/code", "/book/free-call", "/set-up"] {
        check(&practice, path, || post(path, FORM, long.clone()), StatusCode::PAYLOAD_TOO_LARGE).await;
        check(&practice, path, || post(path, "text/plain", "email=a"), StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
    }
    let twice = [("/contact", "name=a&name=b"), ("/sign-in", "email=a&email=b"), ("/book/free-call", "slot=a&slot=b")];
    for (path, form) in twice {
        check(&practice, path, || post(path, FORM, form), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    check(&practice, "twice asked", || get("/contact?sent=1&sent=2"), StatusCode::BAD_REQUEST).await;
    let nobody = "/account/logins/nobody/end";
    check(&practice, nobody, || post(nobody, FORM, ""), StatusCode::BAD_REQUEST).await;
}

#[tokio::test]
async fn programs_are_told_in_a_sentence() {
    let practice = practice::open(Engine::Sqlite).await;
    let twice = "name=a&name=b";
    for (request, status) in [
        (from_elsewhere("/contact"), StatusCode::FORBIDDEN),
        (from_elsewhere("/sign-in"), StatusCode::FORBIDDEN),
        (get("/nothing-here"), StatusCode::NOT_FOUND),
        (get("/sign-out"), StatusCode::METHOD_NOT_ALLOWED),
        (post("/contact", "text/plain", twice), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (post("/contact", FORM, twice), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = ask(&practice, request, "application/json").await;
        assert_eq!(answer.status, status);
        assert!(!answer.text.contains("<html"), "{status}");
    }
}

#[tokio::test]
async fn what_a_refusal_says_beside_its_words_still_holds() {
    let practice = practice::open(Engine::Sqlite).await;
    let answer = ask(&practice, get("/sign-out"), BROWSER).await;
    assert_eq!(answer.header(header::ALLOW), "POST");
    // A browser whose access cookie opens nothing must hear so, whatever page it gets.
    let (request, body) = get("/contact?sent=1&sent=2");
    let answer = ask(&practice, (request.header(header::COOKIE, "__Host-access=void"), body), BROWSER).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.header(header::SET_COOKIE).starts_with("__Host-access=; "), "{:?}", answer.headers);
}

#[tokio::test]
async fn whoever_asks_too_often_gets_a_page_that_says_when_to_come_back() {
    let practice = Practice::open_with(Engine::Sqlite, &[("rate_read", "1")]).await;
    let router = anteroom::http::router(
        anteroom::http::Http::new(practice.app.clone(), tokio_util::sync::CancellationToken::new()),
        axum::Router::new(),
    );
    let mut pages = Vec::new();
    for _ in 0..3 {
        let request = Request::get("/faq").header(header::ACCEPT, BROWSER).body(Body::empty()).expect("a request");
        pages.push(super::read(tower::ServiceExt::oneshot(router.clone(), request).await.expect("an answer")).await);
    }
    assert_eq!(pages[0].status, StatusCode::OK);
    for page in &pages[1..] {
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        check_page("/faq", &page.text);
        assert!(page.text.contains("A moment, please"));
        assert_ne!(page.header(header::RETRY_AFTER), "");
        assert!(page.header(header::CACHE_CONTROL).contains("no-store"));
    }
    assert_eq!(pages[1].text, pages[2].text, "it is drawn once");
    let plain = ask(&practice, get("/faq"), "*/*").await;
    assert_eq!(plain.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(plain.text.starts_with("That was a little too often."), "{}", plain.text);
}

#[tokio::test]
async fn what_breaks_on_our_side_is_a_page_too() {
    let practice = practice::open(Engine::Sqlite).await;
    let broken = practice.app.db.write(|tx| {
        Box::pin(async move { Ok(tx.query("update practice set settings = '\"nonsense\"'").run().await?) })
    });
    broken.await.expect("broken");
    practice.app.catalogue.forget(&anteroom::events::Event::Missed);
    for path in ["/faq", "/book/free-call", "/contact"] {
        check(&practice, path, || get(path), StatusCode::INTERNAL_SERVER_ERROR).await;
    }
}
