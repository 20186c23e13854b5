//! The edge itself: probes, files, headers, what happens when somebody hangs up or the server stops.

use crate::support::wire::Served;
use crate::support::{ADA, BOOK, DISCOVERY, Engine, Practice};
use anteroom::app::{App, Mode};
use anteroom::db::counting_statements;
use anteroom::graphql::guard;
use anteroom::http::headers::SECRET_ADDRESSES;
use anteroom::http::serve::serve;
use anteroom::http::{Http, router};
use anteroom::keys::Keys;
use anteroom::pulse::HEARTBEAT_SECONDS;
use anteroom::telemetry;
use axum::Router;
use axum::routing::get;
use reqwest::Method;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// A folder of built files, gone at the end.
struct Dist(PathBuf);

impl Dist {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("anteroom_dist_{}_{name}", std::process::id()));
        let write = |path: &str, text: &str| {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
            std::fs::write(path, text).expect("a file can be written");
        };
        write("style.css", "body { color: black }");
        write("style.css.br", "brotli");
        write("style.css.gz", "gzip");
        write("favicon.svg", "<svg/>");
        write("pkg/public.js", "export {}");
        write("pkg/public.wasm", "wasm");
        write(".secret", "hidden");
        std::fs::write(folder.with_extension("outside"), "outside").expect("a file can be written");
        Dist(folder)
    }

    async fn served(&self) -> Served {
        Served::open_with(&[("assets", &self.0.display().to_string())]).await
    }
}

impl Drop for Dist {
    fn drop(&mut self) {
        // The system's temporary folder is swept anyway.
        let _ = (std::fs::remove_dir_all(&self.0), std::fs::remove_file(self.0.with_extension("outside")));
    }
}

fn assets(served: &Served) -> anteroom::http::assets::Assets {
    anteroom::http::assets::Assets::read(&served.practice.app.config.assets)
}

#[tokio::test]
async fn built_files_are_served_for_good_in_their_smallest_form() {
    let dist = Dist::new("served");
    let served = dist.served().await;
    let url = assets(&served).url("style.css");
    for (accept, encoding, text) in [
        ("", None, "body { color: black }"),
        ("gzip", Some("gzip"), "gzip"),
        ("gzip, deflate, br", Some("br"), "brotli"),
        ("br;q=0, gzip;q=0.5", Some("gzip"), "gzip"),
        ("zstd", None, "body { color: black }"),
    ] {
        let answer = served.get(&url, &[("accept-encoding", accept)]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers().get("content-encoding").and_then(|v| v.to_str().ok()), encoding, "{accept}");
        assert_eq!(answer.headers()["content-type"], "text/css; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(answer.headers()["vary"], "accept-encoding");
        let tag = answer.headers()["etag"].to_str().expect("text").to_owned();
        assert_eq!(answer.text().await.expect("text"), text, "{accept}");
        assert_eq!(served.get(&url, &[("if-none-match", &tag)]).await.status(), 304);
    }
    let wasm = served.get(&assets(&served).url("pkg/public.wasm"), &[]).await;
    assert_eq!(wasm.headers()["content-type"], "application/wasm");
    let icon = served.get("/favicon.svg", &[]).await;
    assert_eq!(
        (icon.status().as_u16(), &icon.headers()["content-type"]),
        (200, &"image/svg+xml".parse().expect("a value"))
    );
    assert_eq!(icon.headers()["cache-control"], "public, max-age=3600");
}

#[tokio::test]
async fn only_built_files_are_served() {
    let dist = Dist::new("only");
    let served = dist.served().await;
    let base = assets(&served).base().to_owned();
    let outside = dist.0.with_extension("outside");
    let outside = outside.file_name().expect("a name").to_string_lossy();
    for path in [
        "/assets/".to_owned(),
        base.clone(),
        format!("{base}pkg"),
        format!("{base}pkg/"),
        format!("{base}.secret"),
        format!("{base}style.css.br"),
        format!("{base}nothing.css"),
        "/assets/other-build/style.css".into(),
        format!("{base}../{outside}"),
        format!("{base}..%2f{outside}"),
        format!("{base}%2e%2e/{outside}"),
        format!("{base}pkg/../../{outside}"),
        format!("{base}/etc/passwd"),
        format!("{base}style.css%00"),
        "/.secret".into(),
        "/pkg/public.js".into(),
        "/nothing-here".into(),
    ] {
        let mut stream = TcpStream::connect(served.address).await.expect("it listens");
        let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer:.60}");
    }
}

#[tokio::test]
async fn without_built_files_everything_else_works() {
    let served = Served::open_with(&[("assets", "/nowhere/at/all")]).await;
    assert_eq!(served.get("/favicon.svg", &[]).await.status(), 404);
    assert_eq!(served.ask("{ practice { name } }", json!({})).await.0, 200);
}

#[tokio::test]
async fn probes_say_whether_it_lives_and_works() {
    let mut served = Served::open().await;
    let health = served.get("/health", &[]).await;
    assert_eq!((health.status().as_u16(), health.text().await.expect("text")), (200, "ok".to_owned()));
    sign_of_life(&served.practice).await;
    let ready = served.get("/ready", &[("host", "10.0.0.1")]).await;
    assert_eq!(ready.status(), 200);
    let ready: Value = ready.json().await.expect("JSON");
    let fine = json!({ "ready": true, "database": true, "schema": true, "worker": true, "stopping": false });
    assert_eq!(ready, fine);

    served.practice.app.db.close().await;
    let (status, ready) = asked_anew(&served.practice).await;
    assert_eq!((status, &ready["database"]), (503, &json!(false)));
    assert_eq!(served.get("/health", &[]).await.status(), 200);
    served.close().await;
}

/// Waits until the worker has shown that it lives.
async fn sign_of_life(practice: &Practice) {
    let beaten = async {
        while !practice.app.pulse.is_felt(practice.app.clock.now()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), beaten).await.expect("the worker lives");
}

/// What a door that remembers nothing says about the practice.
async fn asked_anew(practice: &Practice) -> (u16, Value) {
    ready_at(&router(Http::new(practice.app.clone(), CancellationToken::new()), Router::new())).await
}

async fn ready_at(door: &Router) -> (u16, Value) {
    let request = axum::http::Request::get("/ready").body(axum::body::Body::empty()).expect("a request");
    let answer = door.clone().oneshot(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 16).await.expect("a body");
    (status, serde_json::from_slice(&body).expect("JSON"))
}

#[tokio::test]
async fn a_worker_without_a_sign_of_life_for_a_minute_is_not_ready() {
    let served = Served::open().await;
    let practice = &served.practice;
    sign_of_life(practice).await;
    practice.app.clock.push_minutes(HEARTBEAT_SECONDS / 60);
    let (status, ready) = asked_anew(practice).await;
    let worker = json!({ "ready": false, "database": true, "schema": true, "worker": false, "stopping": false });
    assert_eq!((status, ready), (503, worker));
    practice.app.clock.push_minutes(-HEARTBEAT_SECONDS / 60);
    assert_eq!(asked_anew(practice).await.0, 200);
}

#[tokio::test]
async fn the_worker_of_another_process_is_not_ours() {
    let served = Served::open().await;
    sign_of_life(&served.practice).await;
    let other = served.practice.second_process().await;
    assert_eq!(asked_anew(&served.practice).await.0, 200);
    let (status, ready) = asked_anew(&other).await;
    assert_eq!((status, &ready["worker"]), (503, &json!(false)));
}

#[tokio::test]
async fn asking_again_and_again_whether_it_is_ready_costs_the_database_nothing() {
    let served = Served::open().await;
    sign_of_life(&served.practice).await;
    let http = Http::new(served.practice.app.clone(), CancellationToken::new());
    let door = router(http.clone(), Router::new());
    let (first, statements) = counting_statements(ready_at(&door)).await;
    assert!(first.0 == 200 && statements > 0, "{first:?}, {statements}");
    let again = async {
        for _ in 0..50 {
            assert_eq!(ready_at(&door).await.0, 200);
        }
    };
    let (_, statements) = counting_statements(again).await;
    assert!(statements < 10, "{statements} statements");
    // That it is about to end is said at once.
    http.stop.cancel();
    assert_eq!(ready_at(&door).await.0, 503);
}

#[tokio::test]
async fn every_answer_tells_browsers_to_be_careful() {
    let served = Served::open().await;
    let mut nonces = std::collections::BTreeSet::new();
    for path in ["/health", "/graphql", "/nothing-here", "/favicon.svg", "/sign-in", "/manage/secret"] {
        let answer = served.get(path, &[]).await;
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        let policy = header("content-security-policy");
        for part in [
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "style-src 'self'",
            "connect-src 'self' ws://localhost:3000",
        ] {
            assert!(policy.split("; ").any(|found| found == part), "{path}: {part} is not in {policy}");
        }
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert!(policy.contains("'wasm-unsafe-eval'"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        assert!(nonce.len() >= 22 && nonces.insert(nonce.to_owned()), "a nonce is used twice or short: {nonce}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert!(header("permissions-policy").contains("camera=()"));
        let is_secret = path.starts_with("/sign-in") || path.starts_with("/manage");
        let referrer = if is_secret { "no-referrer" } else { "strict-origin-when-cross-origin" };
        assert_eq!(header("referrer-policy"), referrer, "{path}");
        assert!(!answer.headers().contains_key("strict-transport-security"));
        assert!(!answer.headers().contains_key("server"));
    }
    let served = Served::open_with(&[("base_url", "https://practice.example")]).await;
    let answer = served.get("/health", &[]).await;
    assert!(answer.headers().contains_key("strict-transport-security"));
    let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("wss://practice.example"), "{policy}");
}

/// Every route with a secret in its address, as the sources name it.
fn routes_with_secrets() -> Vec<String> {
    fn walk(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                let routes =
                    text.split(".route(\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()));
                found.extend(routes.filter(|route| route.contains("token}") || route.contains("secret}")));
            }
        }
    }
    let mut found = Vec::new();
    walk(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[tokio::test]
async fn no_page_with_a_secret_in_its_address_is_told_to_other_sites_engines_or_logs() {
    let served = Served::open().await;
    let with_secrets = routes_with_secrets();
    for known in ["/manage/{token}", "/make-up/{token}", "/waiting/{token}"] {
        assert!(with_secrets.iter().any(|route| route == known), "{known} is not among {with_secrets:?}");
    }
    let pages = SECRET_ADDRESSES.iter().flat_map(|page| [(*page).to_owned(), format!("{page}/secret")]);
    for path in with_secrets.iter().map(|route| route.replace("{token}", "secret")).chain(pages) {
        let answer = served.get(&path, &[]).await;
        assert_eq!(answer.headers()["referrer-policy"], "no-referrer", "{path}");
    }
    for open in ["/", "/waiting-room", "/bookings/BRIGHT-1234"] {
        let answer = served.get(open, &[]).await;
        assert_eq!(answer.headers()["referrer-policy"], "strict-origin-when-cross-origin", "{open}");
    }
    let names: Vec<&str> = SECRET_ADDRESSES.iter().map(|page| &page[1..]).collect();
    let unlogged = format!("location ~ ^/({})(/|$) {{\n        access_log off;", names.join("|"));
    assert!(include_str!("../../deploy/nginx.conf").contains(&unlogged), "deploy/nginx.conf needs: {unlogged}");
}

/// The same practice as a demo.
fn as_demo(mut practice: Practice) -> Practice {
    let app = &practice.app;
    let (config, db, clock, bus) = (app.config.clone(), app.db.clone(), app.clock.clone(), app.bus.clone());
    let demo =
        App::new(config, Mode::Demo, db, clock, Keys::from_master(&[7; 32]), bus).expect("the parts fit together");
    practice.schema = anteroom::schema::build(demo.clone());
    practice.app = demo;
    practice
}

#[tokio::test]
async fn the_explorer_is_open_in_the_demo_and_brings_everything_itself() {
    let served = Served::of(as_demo(Practice::open(Engine::here()).await)).await;
    let page = served.get("/graphql/explorer", &[]).await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
    let html = page.text().await.expect("text");
    assert!(!html.contains("//"), "the explorer asks somebody else: {html}");
    let boot = served.get("/graphql/explorer/boot.js", &[]).await;
    assert_eq!(boot.headers()["content-type"], "text/javascript; charset=utf-8");
    let of_type = format!("{}{}", "ofType { name ".repeat(9), "}".repeat(9));
    let asked = format!(
        "{{ __schema {{ queryType {{ name }} types {{ ...F }} }} }}
        fragment F on __Type {{ fields {{ args {{ ...V }} type {{ ...T }} }} inputFields {{ ...V }} }}
        fragment V on __InputValue {{ name type {{ ...T }} }}
        fragment T on __Type {{ name {of_type} }}"
    );
    let (_, schema) = served.ask(&asked, json!({})).await;
    assert_eq!(schema["data"]["__schema"]["queryType"]["name"], "Query", "{schema:.300}");
    let (_, mistyped) = served.ask("{ practise { name } }", json!({})).await;
    assert!(mistyped["errors"].to_string().contains("practice"), "{mistyped}");
}

#[tokio::test]
async fn in_production_the_explorer_is_for_staff_where_the_operator_wants_it() {
    for settings in [&[][..], &[("explorer", "true")]] {
        let served = Served::open_with(settings).await;
        for path in ["/graphql/explorer", "/graphql/explorer/boot.js"] {
            assert_eq!(served.get(path, &[]).await.status(), 404, "{path}");
        }
    }
}

#[tokio::test]
async fn in_production_the_explorer_opens_to_staff_who_have_shown_their_second_factor() {
    for (settings, of_staff) in [(&[("explorer", "true")][..], 200), (&[], 404)] {
        let served = Served::open_with(settings).await;
        served.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        let half = served.practice.sign_in("ada@practice.example").await.access;
        let client = served.practice.sign_in("ben@example.org").await.access;
        for path in ["/graphql/explorer", "/graphql/explorer/boot.js"] {
            let status = async |token: &str| {
                let headers = [("authorization", format!("Bearer {token}"))];
                served.get(path, &headers.each_ref().map(|(name, value)| (*name, value.as_str()))).await.status()
            };
            assert_eq!(status(&half).await, 404, "{path}");
            assert_eq!(status(&client).await, 404, "{path}");
        }
        let staff = format!("Bearer {}", served.token_of_staff("ada@practice.example").await);
        let page = served.get("/graphql/explorer", &[("authorization", &staff)]).await;
        assert_eq!(page.status(), of_staff);
        if of_staff == 200 {
            assert!(page.text().await.expect("text").contains("explorer/boot.js"));
        }
        let boot = served.get("/graphql/explorer/boot.js", &[("authorization", &staff)]).await;
        assert_eq!(boot.status(), of_staff);
    }
}

/// The queries in the explorer's examples.
fn examples() -> Vec<String> {
    let boot = include_str!("../src/http/explorer.js");
    boot.split('`').skip(1).step_by(2).filter(|text| text.starts_with('#')).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_examples_of_the_explorer_fit_the_schema() {
    let practice = Practice::open(Engine::here()).await;
    assert!(examples().len() >= 7);
    for example in examples() {
        guard::check(&example).expect("the guard accepts it");
        // Without variables it is refused, after its fields were checked.
        let plain = example.replace('!', "");
        let answer = practice.ask_as(None, &plain, json!({})).await;
        let words = answer["errors"].to_string();
        assert!(!words.contains("Unknown field") && !words.contains("Unknown type"), "{example}: {words}");
    }
}

/// The guide to the API.
const GUIDE: &str = include_str!("../../docs/api.md");

#[tokio::test]
async fn what_the_guide_to_the_api_shows_can_be_asked_as_it_stands() {
    let served = Served::of(Practice::open(Engine::here()).await).await;
    let bodies: Vec<&str> = GUIDE.split(" -d '").skip(1).filter_map(|rest| Some(rest.split_once('\'')?.0)).collect();
    assert_eq!(bodies.len(), GUIDE.matches("\"query\":").count(), "every query is sent by a command");
    assert!(bodies.len() >= 3);
    for body in bodies {
        let body = body.replace('…', &DISCOVERY.to_string());
        let answer = served.post(&[("content-type", "application/json")], body.clone()).await;
        let (status, answer) = (answer.status(), answer.json::<Value>().await.expect("JSON"));
        assert_eq!((status.as_u16(), answer.get("errors")), (200, None), "{body}: {answer:#}");
        let field = answer["data"].as_object().and_then(|data| data.values().next()).expect("a field");
        assert!(field.get("userErrors").is_none_or(|errors| *errors == json!([])), "{body}: {answer:#}");
    }
}

#[test]
fn the_guide_names_every_change_that_can_safely_be_sent_twice() {
    let sdl = anteroom::schema::sdl();
    let mut input = "";
    let mut with_key = Vec::new();
    for line in sdl.lines() {
        match line.strip_prefix("input ") {
            Some(rest) => input = rest.trim_end_matches(" {"),
            None if line.trim() == "idempotencyKey: String" => with_key.push(input),
            None => {}
        }
    }
    let takes_key = |line: &str| with_key.iter().any(|input| line.contains(&format!("(input: {input}!)")));
    let changes: Vec<&str> =
        sdl.lines().filter(|line| takes_key(line)).filter_map(|line| Some(line.trim().split_once('(')?.0)).collect();
    assert!(changes.len() >= with_key.len() && !with_key.is_empty(), "{changes:?} {with_key:?}");
    for change in changes {
        assert!(GUIDE.contains(&format!("`{change}`")), "{change} is missing");
    }
}

#[tokio::test]
async fn what_was_measured_can_be_read() {
    let metrics = telemetry::routes();
    let served = Served::open().await;
    served.get("/health?token=secret", &[]).await;
    served.get("/secret-address", &[]).await;
    let request = axum::http::Request::get("/metrics").body(axum::body::Body::empty()).expect("a request");
    let answer = metrics.oneshot(request).await.expect("an answer");
    let text = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    let text = String::from_utf8(text.into()).expect("text");
    assert!(text.contains("anteroom_http_requests_total{method=\"GET\",route=\"/health\",status=\"200\"}"), "{text}");
    assert!(text.contains("anteroom_http_request_seconds_bucket{route=\"/health\""), "{text}");
    assert!(!text.contains("secret"), "{text}");
    assert_eq!(served.get("/metrics", &[]).await.status(), 404);
}

#[tokio::test]
async fn a_request_keeps_the_id_its_proxy_gave() {
    let served = Served::open().await;
    let id = async |given: &str| {
        let answer = served.get("/health", &[("x-request-id", given)]).await;
        answer.headers()["x-request-id"].to_str().expect("text").to_owned()
    };
    assert_eq!(id("0123-abcd-ABCD").await, "0123-abcd-ABCD");
    for bad in ["", "short", "with spaces in it", "<script>alert(1)</script>", &"x".repeat(65)] {
        assert_ne!(id(bad).await, bad);
    }
}

#[tokio::test]
async fn only_our_own_names_are_served() {
    let served = Served::open().await;
    for host in ["localhost", "127.0.0.1:3000", "[::1]", "demo.localhost:3000", "10.1.2.3"] {
        assert_ne!(served.get("/nothing-here", &[("host", host)]).await.status(), 421, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "evil.example:3000"] {
        assert_eq!(served.get("/nothing-here", &[("host", host)]).await.status(), 421, "{host}");
        let routed = [("host", host), ("x-forwarded-host", "localhost"), ("x-original-url", "/health")];
        assert_eq!(served.get("/nothing-here", &routed).await.status(), 421, "{host}");
    }
}

#[tokio::test]
async fn forms_are_taken_from_our_own_pages_only() {
    let practice = Practice::open(Engine::here()).await;
    let form = axum::routing::post(async |body: String| body.len().to_string());
    let hook = axum::routing::post(async || "heard");
    let beside = Router::new().route("/form", form).route("/webhooks/test", hook);
    let served = Served::beside(practice, beside).await;
    let own = served.origin();
    let post = async |path: &str, headers: &[(&str, &str)], length: usize| {
        let request = served.request(Method::POST, path, headers).body("x".repeat(length));
        request.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(post("/form", &[("origin", &own)], 10).await, 200);
    assert_eq!(post("/form", &[("sec-fetch-site", "same-origin")], 10).await, 200);
    for other in
        [&[][..], &[("origin", "null")], &[("origin", "https://evil.example")], &[("sec-fetch-site", "same-site")]]
    {
        assert_eq!(post("/form", other, 10).await, 403, "{other:?}");
    }
    assert_eq!(post("/form", &[("origin", &own)], 64 * 1024 + 1).await, 413);
    assert_eq!(post("/webhooks/test", &[], 10).await, 200);
}

#[tokio::test]
async fn text_is_compressed_for_those_who_can_read_it() {
    let practice = Practice::open(Engine::here()).await;
    let served = Served::beside(practice, Router::new().route("/long", get(async || "calm ".repeat(1_000)))).await;
    for (accept, encoding) in [("br", Some("br")), ("gzip", Some("gzip")), ("", None)] {
        let answer = served.get("/long", &[("accept-encoding", accept)]).await;
        assert_eq!(answer.headers().get("content-encoding").and_then(|v| v.to_str().ok()), encoding, "{accept}");
    }
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let practice = Practice::open_with(Engine::here(), &[("request_seconds", "1")]).await;
    let never = get(async || std::future::pending::<&'static str>().await);
    let served = Served::beside(practice, Router::new().route("/never", never)).await;
    let answer = served.get("/never", &[]).await;
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
}

fn booking(name: &str, starts_at: &str) -> String {
    json!({ "query": BOOK, "variables": { "input": {
        "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": starts_at, "name": name,
        "email": format!("{}@example.org", name.to_lowercase()), "phone": "+44 20 7946 0018",
    } } })
    .to_string()
}

/// Keeps Ada's calendar, and on SQLite the one writer, busy until told otherwise, so that what is booked next waits.
async fn busy_writer(practice: &Practice) -> (Arc<Notify>, tokio::task::JoinHandle<()>) {
    let (begun, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (app, heard, wait) = (practice.app.clone(), begun.clone(), done.clone());
    let task = tokio::spawn(async move {
        let write = app.db.write(move |tx| {
            let (heard, wait) = (heard.clone(), wait.clone());
            Box::pin(async move {
                anteroom::features::practice::lock_therapist(tx, ADA).await?;
                heard.notify_one();
                wait.notified().await;
                Ok(())
            })
        });
        write.await.expect("it is written");
    });
    begun.notified().await;
    (done, task)
}

#[tokio::test]
async fn what_is_under_way_ends_before_the_server_does() {
    let practice = Practice::open(Engine::here()).await;
    let (inside, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (enter, wait) = (inside.clone(), go_on.clone());
    let slow = get(async move || {
        enter.notify_one();
        wait.notified().await;
        "done"
    });
    let mut served = Served::beside(practice, Router::new().route("/slow", slow)).await;
    let (client, url) = (served.client.clone(), served.url("/slow"));
    let under_way = tokio::spawn(async move { client.get(url).send().await.expect("an answer").text().await });
    inside.notified().await;

    served.stop.cancel();
    go_on.notify_one();

    assert_eq!(under_way.await.expect("it ran").expect("text"), "done");
    served.close().await;
    assert!(TcpStream::connect(served.address).await.is_err());
}

/// A served practice whose work under way can be counted.
struct Counted {
    practice: Practice,
    http: Http,
    address: SocketAddr,
    serving: tokio::task::JoinHandle<()>,
}

impl Counted {
    async fn open() -> Self {
        let practice = Practice::open(Engine::here()).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let http = Http::new(practice.app.clone(), CancellationToken::new());
        let serving = tokio::spawn(serve(router(http.clone(), Router::new()), listener, http.stop.clone()));
        Counted { practice, http, address, serving }
    }

    /// Sends a booking and waits until it is under way, held up by a busy writer.
    async fn book(&self, name: &str, starts_at: &str) -> TcpStream {
        let body = booking(name, starts_at);
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}",
            self.address,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.expect("it listens");
        stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await.expect("it is sent");
        while self.http.tasks.is_empty() {
            tokio::task::yield_now().await;
        }
        stream
    }
}

#[tokio::test]
async fn a_change_under_way_is_answered_before_the_server_ends() {
    let served = Counted::open().await;
    let (go_on, writing) = busy_writer(&served.practice).await;
    let mut stream = served.book("Ben", "2030-01-08T10:00:00Z").await;

    served.http.stop.cancel();
    go_on.notify_one();

    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.contains("\"userErrors\":[]"), "{answer}");
    writing.await.expect("it is written");
    served.serving.await.expect("it ends");
    assert!(TcpStream::connect(served.address).await.is_err());
    assert_eq!(served.practice.count("select count(*) from bookings").await, 1);
}

#[tokio::test]
async fn hanging_up_does_not_stop_a_change() {
    let served = Counted::open().await;
    let (go_on, writing) = busy_writer(&served.practice).await;
    drop(served.book("Ben", "2030-01-08T10:00:00Z").await);

    go_on.notify_one();
    writing.await.expect("it is written");
    served.http.tasks.close();
    served.http.tasks.wait().await;

    assert_eq!(served.practice.count("select count(*) from bookings").await, 1);
    assert_eq!(served.practice.count("select count(*) from occupancy").await, 1);
    served.practice.book("Cleo", "2030-01-08T11:00:00Z").await;
}
