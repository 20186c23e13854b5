//! What is remembered for everyone who is not signed in: never longer than it is true, never for anyone else.

use crate::support::clients::{active, client};
use crate::support::log::Log;
use crate::support::{DISCOVERY, Practice, SESSION, on_both_engines};
use anteroom::db::counting_statements;
use anteroom::events::Event;
use anteroom::features::practice;
use anteroom::http::{Http, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use serde_json::{Value, json};
use shared::ids::SessionTypeId;
use shared::stage::Stage;
use sqlx::types::Json;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The whole door of a practice.
struct Door(Router);

impl Door {
    fn of(practice: &Practice) -> Self {
        Door(router(Http::new(practice.app.clone(), CancellationToken::new()), Router::new()))
    }

    async fn send(&self, request: Request<Body>) -> (HeaderMap, String) {
        let answer = self.0.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, 1 << 20).await.expect("a body");
        (parts.headers, String::from_utf8(body.to_vec()).expect("text"))
    }

    /// What the API answers, and how many statements that took.
    async fn ask(&self, query: &str, variables: Value, token: Option<&str>) -> (Value, u32) {
        let mut request = Request::post("/graphql").header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = request.body(Body::from(body)).expect("a request");
        let ((_, answer), statements) = counting_statements(self.send(request)).await;
        (serde_json::from_str(&answer).expect("JSON"), statements)
    }

    /// The starts a visitor is shown on Wednesday.
    async fn free(&self, session_type: SessionTypeId, token: Option<&str>) -> Value {
        self.ask(FREE, on_wednesday(session_type), token).await.0
    }

    async fn page(&self, path: &str, cookie: &str) -> (HeaderMap, String) {
        let request = Request::get(path).header("cookie", cookie).body(Body::empty()).expect("a request");
        self.send(request).await
    }
}

const FREE: &str = "query($input: AvailabilityInput!) { availability(input: $input) { days { slots { startsAt } } } }";

fn on_wednesday(session_type: SessionTypeId) -> Value {
    json!({ "input": { "sessionTypeId": session_type, "from": "2030-01-09", "to": "2030-01-09" } })
}

fn shows(answer: &Value, start: &str) -> bool {
    answer.to_string().contains(start)
}

/// Renames the practice.
async fn rename(practice: &Practice, name: &'static str) {
    let mut row = practice::catalogue(&practice.app).await.expect("a catalogue").practice.clone();
    row.name = name.into();
    let save = practice.app.db.write(move |tx| {
        let row = row.clone();
        Box::pin(async move { practice::save(tx, &row).await })
    });
    save.await.expect("it is saved");
}

#[tokio::test]
async fn what_was_booked_is_gone_from_the_very_next_answer() {
    on_both_engines(|practice: Practice| async move {
        let door = Door::of(&practice);
        for (half_hour, name) in ["Ben", "Cleo", "Dan", "Eve", "Finn", "Gita"].into_iter().enumerate() {
            let starts_at = format!("2030-01-09T{:02}:{:02}:00Z", 9 + half_hour / 2, half_hour % 2 * 30);
            let before = door.free(DISCOVERY, None).await;
            assert_eq!(door.ask(FREE, on_wednesday(DISCOVERY), None).await, (before.clone(), 0));
            assert!(shows(&before, &starts_at), "{before:#}");
            practice.book(name, &starts_at).await;
            assert!(!shows(&door.free(DISCOVERY, None).await, &starts_at));
            assert!(!door.page("/book/discovery-call?day=2030-01-09", "").await.1.contains(&starts_at));
        }
    })
    .await;
}

#[tokio::test]
async fn a_start_goes_when_its_notice_begins() {
    on_both_engines(|practice: Practice| async move {
        let door = Door::of(&practice);
        let rules = practice::catalogue(&practice.app).await.expect("a catalogue");
        let notice = rules.session_type(DISCOVERY).expect("a discovery call").notice_minutes;
        let first = "2030-01-09T09:00:00Z";
        practice.app.clock.push_minutes(49 * 60 - notice);
        assert!(shows(&door.free(DISCOVERY, None).await, first), "it is offered until the minute");
        practice.app.clock.push_minutes(1);
        assert!(!shows(&door.free(DISCOVERY, None).await, first));
    })
    .await;
}

#[tokio::test]
async fn what_is_open_to_a_client_is_not_what_a_visitor_sees() {
    on_both_engines(|practice: Practice| async move {
        let door = Door::of(&practice);
        active(&practice, "Ben").await;
        client(&practice, "Cleo", Stage::IntakePending, "Europe/London").await;
        let ben = practice.sign_in("ben@example.org").await.access;
        for _ in 0..2 {
            let seen = door.free(SESSION, Some(&ben)).await;
            assert!(shows(&seen, "2030-01-09T09:00:00Z"), "{seen:#}");
            let refused = door.free(SESSION, None).await;
            assert!(!shows(&refused, "2030-01-09T09:00:00Z"), "{refused:#}");
            let who = "{ viewer { user { email } } sessionTypes { id } }";
            assert!(door.ask(who, json!({}), Some(&ben)).await.0.to_string().contains("ben@example.org"));
            assert!(!door.ask(who, json!({}), None).await.0.to_string().contains("ben@example.org"));
            let stray = door.free(SESSION, Some("not-a-token")).await;
            assert_eq!(stray["errors"][0]["extensions"]["code"], "SIGN_IN_REQUIRED", "{stray:#}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_practices_clock_is_never_a_second_late() {
    on_both_engines(|practice: Practice| async move {
        let door = Door::of(&practice);
        let ask = "{ practice { now } faq { question } }";
        let now = async || door.ask(ask, json!({}), None).await.0["data"]["practice"]["now"].clone();
        assert_eq!(now().await, now().await);
        let before = now().await;
        practice.app.clock.push_minutes(1);
        assert_ne!(now().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_page_says_what_is_true_and_every_answer_has_its_own_nonce() {
    on_both_engines(|practice: Practice| async move {
        let door = Door::of(&practice);
        for path in ["/", "/about", "/session-types", "/faq", "/privacy", "/terms", "/book/discovery-call"] {
            let nonce = |headers: &HeaderMap| {
                let policy = headers["content-security-policy"].to_str().expect("text").to_owned();
                let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
                rest.split_once('\'').expect("its end").0.to_owned()
            };
            let (first, text) = door.page(path, "").await;
            let (second, again) = door.page(path, "").await;
            assert_ne!(nonce(&first), nonce(&second), "{path}");
            assert_eq!(text.replace(&nonce(&first), "NONCE"), again.replace(&nonce(&second), "NONCE"), "{path}");
            assert_eq!(first["content-type"], second["content-type"]);
            assert_eq!(first["cache-control"], second["cache-control"]);
        }
        let (_, statements) = counting_statements(door.page("/", "")).await;
        assert_eq!(statements, 0);
        rename(&practice, "The House by the River").await;
        for path in ["/", "/about", "/faq", "/book/discovery-call"] {
            assert!(door.page(path, "").await.1.contains("The House by the River"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_is_drawn_for_each_zone_and_for_whoever_is_signed_in() {
    on_both_engines(|practice: Practice| async move {
        let door = Door::of(&practice);
        active(&practice, "Ben").await;
        let ben = practice.sign_in("ben@example.org").await.access;
        let path = "/book/discovery-call?day=2030-01-09";
        for _ in 0..2 {
            let (_, london) = door.page(path, "").await;
            let (_, karachi) = door.page(path, "__Host-tz=Asia/Karachi").await;
            assert!(karachi.contains("Asia/Karachi") && !london.contains("Asia/Karachi\" selected"));
            assert_ne!(london, karachi);
            let session = "/book/session?day=2030-01-09";
            let (headers, his) = door.page(session, &format!("__Host-access={ben}")).await;
            assert_eq!(headers["cache-control"], "no-store, private");
            assert!(his.contains("2030-01-09T09:00:00Z"));
            assert!(!door.page(session, "").await.1.contains("2030-01-09T09:00:00Z"));
        }
        // Choosing a zone sets a cookie: such an answer is for that browser alone.
        let chosen = format!("{path}&tz=Asia/Karachi");
        for _ in 0..2 {
            assert!(door.page(&chosen, "").await.0.contains_key("set-cookie"));
        }
    })
    .await;
}

/// Changes what is stored of the practice behind its back; whoever remembers it is told, or not.
async fn store(practice: &Practice, settings: Value, name: &'static str, told: bool) {
    let changed = practice.app.db.write(move |tx| {
        let settings = settings.clone();
        Box::pin(async move {
            let sql = "update practice set settings = $1, name = $2";
            tx.query(sql).bind(Json(settings)).bind(name.to_owned()).run().await?;
            if told {
                tx.announce(Event::PracticeChanged);
            }
            Ok(())
        })
    });
    changed.await.expect("the practice is changed");
}

const PUBLIC: [&str; 5] = ["/about", "/session-types", "/session-types/discovery-call", "/faq", "/contact"];

#[tokio::test]
async fn a_practice_that_cannot_be_read_is_shown_as_it_was() {
    let log = Log::begin();
    on_both_engines(|practice: Practice| async move {
        let door = Door::of(&practice);
        rename(&practice, "Ada, Samir and Vera").await;
        let shows = async |name: &str| {
            for path in PUBLIC {
                let (_, page) = door.page(path, "").await;
                assert!(page.contains(name), "{path}: {page:.400}");
            }
            let (answer, _) = door.ask("{ practice { name } }", json!({}), None).await;
            assert_eq!(answer, json!({ "data": { "practice": { "name": name } } }));
        };
        shows("Ada, Samir and Vera").await;
        let settings = practice::catalogue(&practice.app).await.expect("a catalogue").practice.settings.0.clone();
        let settings = serde_json::to_value(settings).expect("JSON");
        // Nothing can be made of this.
        store(&practice, json!("broken"), "Nobody", true).await;
        shows("Ada, Samir and Vera").await;
        assert!(log.lines().contains("the practice cannot be read; it is shown as it was"));
        // Once it can be read again it is, even if nobody says so.
        store(&practice, settings.clone(), "Vera alone", false).await;
        practice.app.clock.push_minutes(1);
        shows("Vera alone").await;
    })
    .await;
}

#[tokio::test]
async fn pages_are_there_while_the_database_is_not() {
    on_both_engines(|practice: Practice| async move {
        let door = Door::of(&practice);
        assert!(door.page("/about", "").await.1.contains("Samir"));
        practice.app.db.close().await;
        practice.app.bus.publish(Event::Missed);
        for _ in 0..2 {
            for path in PUBLIC {
                let (_, page) = door.page(path, "").await;
                assert!(page.contains("Samir"), "{path}: {page:.400}");
            }
        }
        let input =
            json!({ "input": { "name": "Ben", "email": "ben@example.org", "message": "May I come and talk?" } });
        let send = "mutation($input: SendContactMessageInput!) { sendContactMessage(input: $input) { sent } }";
        let (answer, _) = door.ask(send, input, None).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
    })
    .await;
}
