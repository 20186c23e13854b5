//! Pages as a browser gets them: every one whole, with its head, its help in a crisis, and nothing from elsewhere.

mod door;
mod markup;
mod practice;
mod refusals;

use crate::support;
use crate::support::Engine;
use anteroom::http::headers::SECRET_ADDRESSES;
use anteroom::http::{Http, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use markup::check_page;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// An answer, read to its end.
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

async fn send(practice: &support::Practice, request: Request<Body>) -> Answer {
    let router = router(Http::new(practice.app.clone(), CancellationToken::new()), Router::new());
    read(router.oneshot(request).await.expect("a router always answers")).await
}

async fn read(response: axum::response::Response) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.expect("a page is not endless");
    let text = String::from_utf8(bytes.to_vec()).expect("a page is text");
    Answer { status: parts.status, headers: parts.headers, text }
}

async fn get(practice: &support::Practice, path: &str) -> Answer {
    let request = Request::get(path).header(header::ACCEPT, "text/html");
    send(practice, request.body(Body::empty()).expect("a request")).await
}

async fn post(practice: &support::Practice, path: &str, form: &str) -> Answer {
    let request = Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    send(practice, request.body(Body::from(form.to_owned())).expect("a request")).await
}

/// Keeps a page for people to look at, where `PAGES_OUT` names a folder.
fn keep(name: &str, html: &str) {
    if let Some(folder) = std::env::var_os("PAGES_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), html).expect("a page can be kept");
    }
}

const PUBLIC: &[(&str, &str)] = &[
    ("home", "/"),
    ("about", "/about"),
    ("session-types", "/session-types"),
    ("free-call", "/session-types/free-call"),
    ("individual", "/session-types/individual"),
    ("faq", "/faq"),
    ("contact", "/contact"),
    ("privacy", "/privacy"),
    ("terms", "/terms"),
];

#[tokio::test]
async fn every_public_page_is_whole() {
    let practice = practice::open(Engine::here()).await;
    for (name, path) in PUBLIC {
        let answer = get(&practice, path).await;
        keep(name, &answer.text);
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        check_page(path, &answer.text);
        markup::check_public_head(path, &answer.text);
        assert!(!answer.text.contains("wasm"), "{path} ships WASM");
        assert!(answer.text.contains("href=\"/accent.css?320\""), "{path} lacks the accent");
    }
}

#[tokio::test]
async fn what_programs_read_says_what_people_read() {
    let practice = practice::open(Engine::here()).await;
    let kinds = async |path: &str| -> Vec<String> {
        let html = get(&practice, path).await.text;
        markup::json_ld(&html).iter().map(|data| data["@type"].to_string()).collect()
    };
    assert_eq!(kinds("/").await, [r#"["MedicalBusiness","ProfessionalService"]"#]);
    assert_eq!(kinds("/about").await, [r#""BreadcrumbList""#, r#""Person""#, r#""Person""#]);
    assert_eq!(kinds("/faq").await, [r#""BreadcrumbList""#, r#""FAQPage""#]);
    let html = get(&practice, "/session-types/individual").await.text;
    let data = markup::json_ld(&html);
    assert_eq!(data[1]["offers"]["price"], "85.00");
    assert_eq!(data[0]["itemListElement"][2]["item"], "http://localhost:3000/session-types/individual");
    let home = markup::json_ld(&get(&practice, "/").await.text);
    assert_eq!(home[0]["openingHours"], serde_json::json!(["Mo-Th 09:00-19:00", "Fr 09:00-13:00"]));
    assert_eq!(home[0]["potentialAction"]["target"]["urlTemplate"], "http://localhost:3000/book");
}

#[tokio::test]
async fn a_door_that_leads_nowhere_is_still_a_page() {
    let practice = practice::open(Engine::here()).await;
    for path in ["/nothing-here", "/session-types/nothing-here"] {
        let answer = get(&practice, path).await;
        keep("404", &answer.text);
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        check_page(path, &answer.text);
        assert!(answer.text.contains("This door leads nowhere"));
        assert!(answer.text.contains("<meta name=\"robots\" content=\"noindex\">"));
    }
}

#[tokio::test]
async fn faults_are_pages_even_when_the_practice_cannot_be_read() {
    let practice = practice::open(Engine::here()).await;
    practice
        .app
        .db
        .write(|tx| Box::pin(async move { Ok(tx.query("delete from practice").run().await?) }))
        .await
        .expect("gone");
    let answer = get(&practice, "/faq").await;
    keep("503", &answer.text);
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header(header::RETRY_AFTER), "30");
    check_page("/faq", &answer.text);
    assert!(answer.text.contains("tel:112"), "the crisis strip falls back to a number that works everywhere");
}

#[tokio::test]
async fn search_engines_find_what_is_public() {
    let practice = practice::open(Engine::here()).await;
    let sitemap = get(&practice, "/sitemap.xml").await;
    assert_eq!(sitemap.header(header::CONTENT_TYPE), "application/xml");
    assert!(sitemap.text.contains("<loc>http://localhost:3000/book/free-call</loc>"));
    assert!(!sitemap.text.contains("/book/individual"), "a session for clients is not booked from a search");
    for (_, path) in PUBLIC {
        assert!(sitemap.text.contains(&format!("<loc>http://localhost:3000{path}</loc>")), "{path}");
    }
    let robots = get(&practice, "/robots.txt").await.text;
    for closed in SECRET_ADDRESSES.into_iter().chain(["/portal", "/admin", "/bookings", "/sandbox"]) {
        assert!(robots.contains(&format!("Disallow: {closed}\n")));
    }
    assert!(robots.contains("Sitemap: http://localhost:3000/sitemap.xml"));
    assert_eq!(get(&practice, "/accent.css").await.text, ":root{--accent:oklch(0.5 0.06 320)}\n");
}

#[tokio::test]
async fn a_message_is_sent_without_scripts() {
    let practice = practice::open(Engine::here()).await;
    let stored = async || practice.count("select count(*) from contact_messages").await;

    let refused = post(&practice, "/contact", "name=&email=rosa%40&message=Do+you+%3Cb%3Eread%3C%2Fb%3E+this%3F").await;
    keep("contact-refused", &refused.text);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    check_page("/contact", &refused.text);
    assert!(refused.text.contains("Two things need a look"));
    assert!(refused.text.contains("aria-describedby=\"email-hint email-error\""));
    assert!(refused.text.contains("value=\"rosa@\""), "what was typed is kept");
    assert!(refused.text.contains("Do you &lt;b&gt;read&lt;/b&gt; this?"), "and cannot become markup");

    let form = "name=Rosa&email=rosa%40example.org&message=May+I+bring+my+sister%3F&website=";
    let sent = post(&practice, "/contact", form).await;
    assert_eq!((sent.status, sent.header(header::LOCATION)), (StatusCode::SEE_OTHER, "/contact?sent=1"));
    assert_eq!(stored().await, 1);

    let key = "key=a-key-of-one-form";
    for _ in 0..2 {
        let sent = post(&practice, "/contact", &format!("{form}&{key}")).await;
        assert_eq!(sent.header(header::LOCATION), "/contact?sent=1");
    }
    assert_eq!(stored().await, 2, "one button, pressed twice");
    let another = format!("{}&{key}", form.replace("sister", "brother"));
    assert_eq!(post(&practice, "/contact", &another).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let by_others = format!("{}&{key}", form.replace("rosa%40", "dee%40"));
    assert_eq!(post(&practice, "/contact", &by_others).await.status, StatusCode::SEE_OTHER);
    assert_eq!(stored().await, 3, "somebody else's key is another key");
    assert!(get(&practice, "/contact").await.text.contains("name=\"key\" value=\""));

    let by_a_program = post(&practice, "/contact", &format!("{form}https%3A%2F%2Fspam.example")).await;
    assert_eq!(by_a_program.header(header::LOCATION), "/contact?sent=1");
    assert_eq!(stored().await, 3);

    let thanks = get(&practice, "/contact?sent=1").await;
    keep("contact-sent", &thanks.text);
    check_page("/contact?sent=1", &thanks.text);
    assert!(thanks.text.contains("Thank you"));
}
