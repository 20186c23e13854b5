//! The API over HTTP: what it answers, and what it does not.

use crate::support::wire::Served;
use crate::support::{ADA, BOOK, DISCOVERY, Engine, Practice};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const JSON: (&str, &str) = ("content-type", "application/json");

fn booking() -> Value {
    json!({ "query": BOOK, "variables": { "input": {
        "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": "2030-01-08T10:00:00Z", "name": "Ben",
        "email": "ben@example.org", "phone": "+44 20 7946 0018",
    } } })
}

async fn bookings(practice: &Practice) -> i64 {
    practice.count("select count(*) from bookings").await
}

#[tokio::test]
async fn only_post_is_answered() {
    let served = Served::open().await;
    let query = "/graphql?query=mutation%7BsignOut%7BsignedOut%7D%7D";
    for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        for headers in [&[JSON][..], &[JSON, ("x-http-method-override", "POST"), ("x-method-override", "POST")]] {
            let request = served.request(method.clone(), query, headers).body(booking().to_string());
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.status(), 405, "{method}");
            assert_eq!(answer.headers()["allow"], "POST", "{method}");
        }
    }
    assert_eq!(bookings(&served.practice).await, 0);
}

#[tokio::test]
async fn only_json_is_read() {
    let served = Served::open().await;
    for fine in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "application/json; charset=\"utf-8\"",
    ] {
        let answer = served.post(&[("content-type", fine)], "{\"query\":\"{ __typename }\"}").await;
        assert_eq!(answer.status(), 200, "{fine}");
    }
    let other = [
        "text/plain",
        "text/plain; charset=utf-8",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json; x",
        "application/json; charset=utf-7",
        "application/json; charset=utf-16",
        "application/json; charset=utf-8; x=y",
        "application/json, text/plain",
        "text/plain, application/json",
        "application/jsonX",
        "xapplication/json",
        "application/json+x",
        "application/graphql",
        "application/graphql+json",
        "text/json",
        "json",
        "*/*",
        "",
        " ",
    ];
    for kind in other {
        let answer = served.post(&[("content-type", kind)], booking().to_string()).await;
        assert_eq!(answer.status(), 415, "{kind:?}");
    }
    for headers in [&[][..], &[JSON, JSON], &[JSON, ("content-encoding", "gzip")]] {
        assert_eq!(served.post(headers, booking().to_string()).await.status(), 415, "{headers:?}");
    }
    assert_eq!(bookings(&served.practice).await, 0);
}

#[tokio::test]
async fn other_sites_cannot_act_through_a_browser() {
    let served = Served::open().await;
    let (own, port) = (served.origin(), served.address.port());
    let cookie = ("cookie", "theme=dark");
    let ask = async |headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().copied().chain([JSON]).collect();
        served.post(&headers, "{\"query\":\"{ __typename }\"}").await.status().as_u16()
    };
    for fine in [
        &[][..],
        &[("origin", own.as_str())],
        &[cookie, ("origin", own.as_str())],
        &[cookie, ("origin", "http://localhost:3000")],
        &[cookie, ("sec-fetch-site", "same-origin")],
        &[cookie, ("sec-fetch-site", "none")],
    ] {
        assert_eq!(ask(fine).await, 200, "{fine:?}");
    }
    let lookalikes = [
        "https://evil.example".to_owned(),
        "null".into(),
        String::new(),
        format!("http://127.0.0.1:{}", port.wrapping_add(1)),
        "http://127.0.0.1".into(),
        format!("http://sub.127.0.0.1:{port}"),
        format!("{own}.evil.example"),
        format!("{own}/"),
        format!("http://evil.example@127.0.0.1:{port}"),
        format!("ftp://127.0.0.1:{port}"),
        format!("{own} {own}"),
        "http://localhost:3000.evil.example".into(),
        "http://localhostX3000".into(),
        "https://localhost:3000".into(),
    ];
    for origin in &lookalikes {
        assert_eq!(ask(&[cookie, ("origin", origin)]).await, 403, "{origin}");
        assert_eq!(ask(&[("origin", origin)]).await, 403, "{origin}");
    }
    for refused in [
        &[cookie][..],
        &[cookie, ("sec-fetch-site", "cross-site")],
        &[cookie, ("sec-fetch-site", "same-site")],
        &[cookie, ("sec-fetch-site", "cross-site"), ("origin", own.as_str())],
        &[cookie, ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        &[cookie, ("origin", own.as_str()), ("origin", "https://evil.example")],
        &[cookie, ("referer", own.as_str())],
    ] {
        assert_eq!(ask(refused).await, 403, "{refused:?}");
    }
}

#[tokio::test]
async fn no_other_site_is_let_read() {
    let served = Served::open().await;
    let own = served.origin();
    for origin in ["https://evil.example", "null", "http://localhost:3000.evil.example", "http://localhostX3000", &own]
    {
        let preflight = [("origin", origin), ("access-control-request-method", "POST")];
        for path in ["/graphql", "/health", "/ready"] {
            let request = served.request(Method::OPTIONS, path, &preflight);
            let answer = request.send().await.expect("an answer");
            for name in ["access-control-allow-origin", "access-control-allow-credentials"] {
                assert!(!answer.headers().contains_key(name), "{origin} {path} {name}");
            }
        }
    }
}

#[tokio::test]
async fn a_body_is_one_object_with_a_query() {
    let served = Served::open().await;
    let one = booking().to_string();
    for body in [
        String::new(),
        "null".into(),
        "[]".into(),
        format!("[{one}]"),
        format!("[{one},{one}]"),
        format!("{one}{one}"),
        "\"{ __typename }\"".into(),
        "{\"query\":".into(),
        "{}".into(),
        "{\"query\":null}".into(),
        "{\"query\":1}".into(),
        "{\"query\":[\"{ a }\"]}".into(),
        "{\"query\":\"{ __typename }\",\"query\":\"{ __typename }\"}".into(),
        "{\"query\":\"{ __typename }\",\"operationName\":1}".into(),
        "{\"query\":\"{ __typename }\",\"variables\":[]}".into(),
        "{\"query\":\"{ __typename }\",\"variables\":\"{}\"}".into(),
        "{\"query\":\"{ __typename }\",\"extensions\":[]}".into(),
        "{\"query\":\"{ __typename }\",\"variables\":{\"a\":1e999}}".into(),
        "{\"query\":\"{ __typename }\",\"variables\":{\"a\":\"\\ud800\"}}".into(),
        "{\"query\":\"{ __typename }\",\"variables\":{\"a\":[\"\\u0000\"]}}".into(),
        format!("{{\"query\":\"{{ __typename }}\",\"variables\":{{\"a\":{}}}}}", "[".repeat(5_000)),
        "{\"id\":\"0123\",\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"00\"}}}".into(),
    ] {
        let answer = served.post(&[JSON], body.clone()).await;
        assert_eq!(answer.status(), 400, "{body:.120}");
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{body:.120}");
    }
    assert_eq!(bookings(&served.practice).await, 0);
}

#[tokio::test]
async fn a_body_is_at_most_64_kib() {
    let served = Served::open().await;
    let padded = |length: usize| format!("{{\"query\":\"{{ __typename }}\"{}}}", " ".repeat(length - 26));
    assert_eq!(padded(100).len(), 100);
    assert_eq!(served.post(&[JSON], padded(64 * 1024)).await.status(), 200);
    assert_eq!(served.post(&[JSON], padded(64 * 1024 + 1)).await.status(), 413);

    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    let endless = format!("transfer-encoding: chunked\r\n\r\n{}", chunk.repeat(5));
    assert!(raw(&served, &endless).await.starts_with("HTTP/1.1 413"));
    assert!(raw(&served, "content-length: 999999999\r\n\r\n{").await.starts_with("HTTP/1.1 413"));
    for broken in
        ["content-length: -1\r\n\r\n", "content-length: 5\r\ncontent-length: 6\r\n\r\n{}", "content-length: x\r\n\r\n"]
    {
        assert!(raw(&served, broken).await.starts_with("HTTP/1.1 400"), "{broken}");
    }
}

/// Posts to the API byte by byte as it stands; the answer as text.
async fn raw(served: &Served, rest: &str) -> String {
    let mut stream = TcpStream::connect(served.address).await.expect("it listens");
    let head = format!("POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n", served.address);
    // The other end may hang up before it has read everything.
    let _ = stream.write_all(format!("{head}{rest}").as_bytes()).await;
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[tokio::test]
async fn answers_come_in_the_form_that_was_asked_for() {
    let served = Served::open().await;
    let understood = json!({ "query": "{ __typename }", "operationName": null, "variables": null, "extensions": null });
    let not_understood = [
        "{",
        "{ nothingOfThatName }",
        "query($id: String!) { booking(reference: $id) { id } }",
        "{ explainStart(input: { sessionTypeId: \"nope\", therapistId: \"nope\", startsAt: \"2030-01-08T10:00:00Z\" }) { __typename } }",
    ];
    for (accept, kind, status) in [
        ("application/json", "application/json", 200),
        ("*/*", "application/json", 200),
        ("application/graphql-response+json", "application/graphql-response+json", 400),
        ("application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json", 400),
        ("application/json, application/graphql-response+json;q=0.5", "application/json", 200),
    ] {
        let headers = [JSON, ("accept", accept)];
        let answer = served.post(&headers, understood.to_string()).await;
        assert_eq!(answer.status(), 200, "{accept}");
        assert_eq!(answer.headers()["content-type"], format!("{kind}; charset=utf-8"), "{accept}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.json::<Value>().await.expect("JSON"), json!({ "data": { "__typename": "Query" } }));
        for query in not_understood {
            let answer = served.post(&headers, json!({ "query": query }).to_string()).await;
            assert_eq!(answer.status(), status, "{accept} {query}");
            let answer: Value = answer.json().await.expect("JSON");
            assert_eq!(answer.get("data"), None, "{accept} {query}");
            assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{accept} {query}: {answer}");
        }
    }
    for (wrong, words) in [
        ("sessionTypeId: \"nope\", startsAt: \"2030-01-08T10:00:00Z\"", "“nope” is not an id"),
        (
            "sessionTypeId: \"DISCOVERY\", startsAt: \"tomorrow\"",
            "“tomorrow” is not a date and time like 2026-12-03T10:00:00Z",
        ),
    ] {
        let query = format!("{{ explainStart(input: {{ therapistId: \"{ADA}\", {wrong} }}) {{ __typename }} }}");
        let (_, answer) = served.ask(&query.replace("DISCOVERY", &DISCOVERY.to_string()), json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_REQUEST", "{answer}");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{answer}");
    }
    let subscription = json!({ "query": "subscription { __typename }" }).to_string();
    let answer: Value = served.post(&[JSON], subscription).await.json().await.expect("JSON");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
}

#[tokio::test]
async fn refused_documents_are_answered_briefly() {
    let served = Served::open().await;
    let (status, answer) = served.ask(&"query q { a } ".repeat(9), json!({})).await;
    assert_eq!(status, 200);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SYNTAX");
    let (_, answer) = served.ask(&format!("{{ {} }}", "nothing ".repeat(1_500)), json!({})).await;
    assert!(answer["errors"].as_array().is_some_and(|errors| errors.len() <= 10));
    assert!(answer.to_string().len() < 5_000);
    let deep = format!("{{ {} {} }}", "a { ".repeat(20), "}".repeat(20));
    let (_, answer) = served.ask(&deep, json!({})).await;
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1));
}

/// Whether the schema is told to whoever has this token, in every way it could be.
async fn tells(served: &Served, token: Option<&str>) -> [bool; 4] {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![JSON];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let ask = async |query: &str| -> Value {
        let body = json!({ "query": query }).to_string();
        served.post(&headers, body).await.json().await.expect("JSON")
    };
    let types = ask("{ __schema { types { name } } __type(name: \"Booking\") { name } }").await;
    let suggested = ask("{ practise { name } }").await.to_string();
    let mut line = served.line().await;
    line.say(json!({ "type": "connection_init", "payload": bearer.map(|it| json!({ "authorization": it })) })).await;
    assert_eq!(line.hear().await["type"], "connection_ack");
    line.subscribe("1", "subscription { bookingChangd { bookingId } }", json!({})).await;
    let live = line.hear().await;
    assert_eq!(live["type"], "error", "{live}");
    [
        types["data"]["__schema"]["types"].is_array(),
        types["data"]["__type"]["name"] == "Booking",
        suggested.contains("practice"),
        live["payload"].to_string().contains("bookingChanged"),
    ]
}

#[tokio::test]
async fn the_schema_is_told_in_production_to_staff_alone_and_only_where_the_operator_wants_it() {
    for (settings, to_staff) in [(&[("introspection", "true")][..], true), (&[], false)] {
        let served = Served::open_with(settings).await;
        served.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        let half = served.practice.sign_in("ada@practice.example").await.access;
        let client = served.practice.sign_in("ben@example.org").await.access;
        for (who, token) in [("a visitor", None), ("a client", Some(&client)), ("half signed in", Some(&half))] {
            assert_eq!(tells(&served, token.map(String::as_str)).await, [false; 4], "{who}");
        }
        let staff = served.token_of_staff("ada@practice.example").await;
        assert_eq!(tells(&served, Some(&staff)).await, [to_staff; 4]);
        assert_eq!(served.get("/graphql/explorer", &[("accept", "text/html")]).await.status(), 404);
    }
}

#[tokio::test]
async fn faults_say_nothing_of_our_insides() {
    let boom = axum::routing::get(async || -> &'static str { panic!("secret words at /secret/path") });
    let practice = Practice::open(Engine::here()).await;
    let mut served = Served::beside(practice, axum::Router::new().route("/boom", boom)).await;
    let answer = served.get("/boom", &[]).await;
    assert_eq!(answer.status(), 500);
    assert!(answer.headers().contains_key("x-request-id"));
    assert_eq!(answer.text().await.expect("text"), "Something went wrong on our side. Please try again.\n");

    served.practice.app.db.close().await;
    let body = booking().to_string();
    let answer = served.post(&[JSON], body).await;
    let text = answer.text().await.expect("text");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    for inside in ["sqlx", "sqlite", "pool", "closed", "src/", ".rs", "database", "panicked"] {
        assert!(!text.to_lowercase().contains(inside), "{inside}: {text}");
    }
    served.close().await;
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let served = Served::open_with(&[("rate_read", "3")]).await;
    let (status, _) = served.ask("{ __typename }", json!({})).await;
    assert_eq!(status, 200);
    let mut last = served.post(&[JSON], "{}").await;
    for spoofed in ["198.51.100.1", "198.51.100.2", "198.51.100.3"] {
        last = served.post(&[JSON, ("x-forwarded-for", spoofed)], "{\"query\":\"{ __typename }\"}").await;
    }
    assert_eq!(last.status(), 429);
    let wait: u64 = last.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=60).contains(&wait));
    let answer: Value = last.json().await.expect("JSON");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    assert_eq!(served.get("/health", &[]).await.status(), 200);
}

#[tokio::test]
async fn an_account_has_a_budget_of_its_own_whatever_it_signs_in_with() {
    let served = Served::open_with(&[("rate_account", "3")]).await;
    for (name, hour) in [("Ben", "10"), ("Cleo", "11")] {
        served.practice.book(name, &format!("2030-01-08T{hour}:00:00Z")).await;
    }
    let phone = served.practice.sign_in("ben@example.org").await.access;
    let laptop = served.practice.sign_in("ben@example.org").await.access;
    let cleo = served.practice.sign_in("cleo@example.org").await.access;
    let ask = async |token: &str| {
        let headers = [JSON, ("authorization", &format!("Bearer {token}"))];
        served.post(&headers, "{\"query\":\"{ __typename }\"}").await
    };
    for token in [&phone, &laptop, &phone] {
        assert_eq!(ask(token).await.status(), 200);
    }
    for token in [&phone, &laptop] {
        let refused = ask(token).await;
        assert_eq!(refused.status(), 429);
        let wait: u64 = refused.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
        let answer: Value = refused.json().await.expect("JSON");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    }
    // A live line spends the same budget.
    let mut line = served.line().await;
    let payload = json!({ "authorization": format!("Bearer {phone}") });
    line.say(json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(line.hear().await["type"], "connection_ack");
    line.subscribe("1", "subscription { bookingChanged { bookingId } }", json!({})).await;
    assert_eq!(line.hear().await["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    assert_eq!(ask(&cleo).await.status(), 200);
    assert_eq!(served.ask("{ __typename }", json!({})).await.0, 200);
}

#[tokio::test]
async fn behind_a_proxy_the_nearest_stranger_is_counted() {
    let served = Served::open_with(&[("rate_read", "2"), ("trusted_proxies", "127.0.0.1/32")]).await;
    let from = async |hops: &str| {
        let headers = [JSON, ("x-forwarded-for", hops)];
        served.post(&headers, "{\"query\":\"{ __typename }\"}").await.status().as_u16()
    };
    for invented in ["1.1.1.1", "2.2.2.2"] {
        assert_eq!(from(&format!("{invented}, 198.51.100.7")).await, 200);
    }
    assert_eq!(from("3.3.3.3, 198.51.100.7").await, 429);
    assert_eq!(from("198.51.100.8").await, 200);
    for host in 0..2 {
        assert_eq!(from(&format!("2001:db8:1:2::{host}")).await, 200);
    }
    assert_eq!(from("2001:db8:1:2:ffff::9").await, 429);
}

#[tokio::test]
async fn changes_have_a_budget_of_their_own() {
    let served = Served::open_with(&[("rate_write", "1")]).await;
    let (status, answer) =
        served.ask("mutation { releaseHold(input: { token: \"x\" }) { userErrors { code } } }", json!({})).await;
    assert_eq!((status, &answer["errors"]), (200, &Value::Null));
    let answer = served.post(&[JSON], booking().to_string()).await;
    assert_eq!(answer.status(), 429);
    assert_eq!(bookings(&served.practice).await, 0);
    assert_eq!(served.ask("{ __typename }", json!({})).await.0, 200);
}

#[tokio::test]
async fn a_program_with_a_token_that_is_not_good_is_told_so() {
    let served = Served::open().await;
    let headers = [JSON, ("authorization", "Bearer nonsense")];
    let answer = served.post(&headers, "{\"query\":\"{ __typename }\"}").await;
    assert_eq!(answer.status(), 401);
    let answer: Value = answer.json().await.expect("JSON");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SIGN_IN_REQUIRED");
}

#[tokio::test]
async fn many_changes_in_one_document_count_as_many() {
    let served = Served::open_with(&[("rate_write", "3")]).await;
    let change = |name: usize| format!("c{name}: releaseHold(input: {{ token: \"x\" }}) {{ userErrors {{ code }} }}");
    let three = format!("mutation {{ {} }}", (0..3).map(change).collect::<Vec<_>>().join(" "));
    let four = format!("mutation {{ {} }}", (0..4).map(change).collect::<Vec<_>>().join(" "));
    assert_eq!(served.ask(&three, json!({})).await.0, 200);
    assert_eq!(served.ask(&four, json!({})).await.0, 429);
}
