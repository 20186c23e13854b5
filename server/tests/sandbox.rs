//! The demo practice and the other side of its integrations.

use crate::support;
use crate::support::at;
use anteroom::app::{App, Mode};
use anteroom::clock::Clock;
use anteroom::config::{Config, Overrides};
use anteroom::db::Db;
use anteroom::events::Bus;
use anteroom::http::Http;
use anteroom::keys::Keys;
use anteroom::sandbox::{Sandbox, front, pages};
use anteroom::{schema, seed};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use serde_json::Value;
use shared::stage::Stage;
use shared::time::Instant;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt;

/// A demo practice that was just set up, with its sandbox.
struct Demo {
    app: Arc<App>,
    sandbox: Sandbox,
    pages: Router,
    folder: std::path::PathBuf,
    _running: DropGuard,
}

impl Demo {
    async fn open(url: Option<String>, now: Instant) -> Self {
        let clock = Clock::standing_at(now);
        let folder = std::env::temp_dir().join(format!("anteroom_demo_{}", clock.new_id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        let url = url.unwrap_or_else(|| format!("sqlite://{}", folder.join("practice.sqlite").display()));
        let stop = CancellationToken::new();
        let sandbox = Sandbox::start(Mode::Demo, clock.clone(), stop.clone()).await.expect("a sandbox");
        let overrides = Overrides { data: Some(folder.display().to_string()), ..Default::default() };
        let config = Config::load(&overrides, &[("mail_url", &sandbox.smtp_url)]).expect("the settings are fine");
        let bus = Bus::new(clock.new_id());
        let db = Db::open(&url, bus.clone()).await.expect("the database opens");
        db.migrate().await.expect("the schema is brought up to date");
        let app = App::new(config, Mode::Demo, db, clock, Keys::from_master(&[7; 32]), bus).expect("the parts fit");
        seed::demo(&app).await.expect("the demo is set up");
        let http = Http::new(app.clone(), stop.clone());
        let pages = pages::routes(app.clone(), sandbox.mailbox.clone()).expect("its pages");
        let pages = pages.merge(front::routes(http, sandbox.mailbox.clone()));
        Demo { app, sandbox, pages, folder, _running: stop.drop_guard() }
    }

    async fn count(&self, sql: &'static str) -> i64 {
        self.app.db.read().await.expect("a connection").query(sql).value().await.expect("a number")
    }

    async fn ask(&self, query: &str) -> Value {
        let answer = schema::build(self.app.clone())
            .answering(None)
            .execute(async_graphql::Request::new(query).data(anteroom::graphql::Caller {
                viewer: None,
                address: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
            }))
            .await;
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        serde_json::to_value(answer.data).expect("an answer is JSON")
    }

    async fn get(&self, path: &str) -> Response<Body> {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        self.pages.clone().oneshot(request).await.expect("an answer")
    }

    async fn text(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        text(answer).await
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // The system's temporary folder is swept anyway.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn text(answer: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(answer.into_body(), 1 << 22).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

const TUESDAY: &str = "2026-12-01T11:50:00Z";

async fn expect_every_stage(demo: &Demo) {
    let sql =
        "select count(distinct stage) from clients where stage in ('INQUIRY', 'DISCOVERY_BOOKED', 'DISCOVERY_DONE',
        'INVITED', 'INTAKE_PENDING', 'ACTIVE', 'PAUSED', 'ENDED', 'REFERRED_OUT', 'NOT_NOW')";
    assert_eq!(demo.count(sql).await, 10);
}

async fn counts(demo: &Demo) -> Vec<i64> {
    let mut counts = Vec::new();
    for sql in [
        "select count(*) from users",
        "select count(*) from clients",
        "select count(*) from bookings",
        "select count(*) from occupancy",
        "select count(*) from stage_moves",
        "select count(*) from questions",
        "select count(*) from jobs",
    ] {
        counts.push(demo.count(sql).await);
    }
    counts
}

async fn on_both_engines<S, F>(story: S)
where
    S: Fn(Demo) -> F,
    F: Future<Output = ()>,
{
    for engine in support::engines() {
        let url = match engine {
            support::Engine::Sqlite => None,
            support::Engine::Postgres => {
                Some(support::new_postgres(&format!("anteroom_demo_{}", Clock::system().new_id().simple())).await)
            }
        };
        story(Demo::open(url, at(TUESDAY)).await).await;
    }
}

#[tokio::test]
async fn set_up_twice_is_set_up_once() {
    on_both_engines(|demo: Demo| async move {
        let once = counts(&demo).await;
        seed::demo(&demo.app).await.expect("nothing to do");
        assert_eq!(counts(&demo).await, once);
        expect_every_stage(&demo).await;
        let past = "select count(*) from jobs where kind in ('TELL_CLIENT', 'TELL_THERAPIST')";
        assert_eq!(demo.count(past).await, 0, "nobody in the demo is mailed about its past");
        let of_past = "select count(*) from reminders where booking_id in
            (select id from bookings where status <> 'CONFIRMED') or due_at >= starts_at";
        assert_eq!(demo.count(of_past).await, 0, "nobody is reminded of what is over");
        assert!(demo.count("select count(*) from reminders where state = 'PLANNED'").await > 5);
        assert_eq!(demo.count("select count(*) from waitlist_wishes where state = 'WAITING'").await, 2);
        assert_eq!(demo.count("select count(*) from waitlist_offers where state = 'OPEN'").await, 1);
        assert_eq!(demo.count("select count(*) from booking_requests where status = 'PENDING'").await, 2);
        assert_eq!(demo.count("select count(*) from clients where letter is not null").await, 1);
        let overlaps = "select count(*) from occupancy a join occupancy b on a.id < b.id and a.starts_at < b.ends_at
            and b.starts_at < a.ends_at and (a.therapist_id = b.therapist_id or a.client_id = b.client_id)";
        assert_eq!(demo.count(overlaps).await, 0);
    })
    .await;
}

#[tokio::test]
async fn whenever_it_is_opened_the_demo_is_alive() {
    let monday = at("2026-10-19T00:10:00Z");
    for (day, minute) in (0..14).zip([0, 9 * 60, 12 * 60 + 5, 18 * 60, 23 * 60 + 20].into_iter().cycle()) {
        let now = monday.plus_minutes(day * 24 * 60 + minute);
        let demo = Demo::open(None, now).await;
        expect_every_stage(&demo).await;
        let catalogue = anteroom::features::practice::catalogue(&demo.app).await.expect("a catalogue");
        let zone = anteroom::features::practice::zones::table("Europe/London", now).expect("London");
        let (today, tomorrow) = (zone.civil(now).date, zone.civil(now).date.plus_days(1));
        let call = catalogue.session_types.iter().find(|kind| kind.slug == "discovery-call").expect("the call").id;
        let query = format!(
            "{{ availability(input: {{ sessionTypeId: \"{call}\", from: \"{tomorrow}\", to: \"{tomorrow}\" }}) {{ days {{ slots {{ startsAt }} }} }} }}"
        );
        let answer = demo.ask(&query).await;
        let slots = answer["availability"]["days"][0]["slots"].as_array().map_or(0, Vec::len);
        assert!(slots > 0, "no call tomorrow when opened at {now}: {answer}");

        let from = zone.resolve(today, "00:00".parse().expect("a time")).at;
        let ada = catalogue.therapists.first().expect("Ada").id;
        let todays = anteroom::features::bookings::of_therapist(&demo.app, ada, from, from.plus_minutes(24 * 60));
        let calls = todays.await.expect("bookings").iter().filter(|booking| booking.session_type_id == call).count();
        assert!(calls >= 2, "{calls} calls today when opened at {now}");
        let waiting = "select count(*) from clients where stage = 'DISCOVERY_DONE'";
        assert!(demo.count(waiting).await >= 1, "nothing to decide when opened at {now}");
        let wrong = "select count(*) from bookings where created_at > starts_at or (status = 'CONFIRMED' and ends_at < cancelled_at)";
        assert_eq!(demo.count(wrong).await, 0);
    }
}

#[tokio::test]
async fn nothing_of_it_runs_beside_a_real_practice() {
    let clock = Clock::standing_at(at(TUESDAY));
    assert!(Sandbox::start(Mode::Production, clock, CancellationToken::new()).await.is_err());
    let practice = support::Practice::open(support::Engine::here()).await;
    assert!(pages::routes(practice.app.clone(), Default::default()).is_err());
}

#[tokio::test]
async fn time_passes_at_a_click_and_the_mail_is_there() {
    on_both_engines(|demo: Demo| async move {
        let catalogue = anteroom::features::practice::catalogue(&demo.app).await.expect("a catalogue");
        let call = catalogue.session_types.first().expect("the call").id;
        let query = format!(
            "mutation {{ bookDiscovery(input: {{ sessionTypeId: \"{call}\", startsAt: \"2026-12-02T11:30:00Z\", name: \"Nora Vale\",
                email: \"nora.vale@example.org\", phone: \"07700 900118\" }}) {{ userErrors {{ message }} }} }}"
        );
        assert_eq!(demo.ask(&query).await["bookDiscovery"]["userErrors"], serde_json::json!([]));

        let request = Request::post("/sandbox/clock")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("minutes=4"))
            .expect("a request");
        let answer = demo.pages.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(demo.app.clock.now(), at(TUESDAY).plus_minutes(4));

        let mails: Value = serde_json::from_str(&demo.text("/sandbox/mailbox.json").await).expect("JSON");
        let mails = mails.as_array().expect("a list");
        let mail = mails.iter().find(|mail| mail["to"] == "nora.vale@example.org").expect("a mail to Nora");
        assert_eq!(mail["subject"], "Your appointment on Wed 2 December, 11:30");
        assert_eq!(mail["at"], "2026-12-01T11:54:00Z");
        assert_eq!(mail["attachments"].as_array().map(Vec::len), Some(1));
        assert_eq!(mail["attachments"][0]["name"], "appointment.ics");
        assert!(mail["attachments"][0]["contentType"].as_str().expect("a type").starts_with("text/calendar"));

        let id = mail["id"].as_str().expect("an id");
        let html = demo.get(&format!("/sandbox/mail/{id}/html")).await;
        let policy = html.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.starts_with("sandbox ") && policy.contains("default-src 'none'"), "{policy}");
        assert!(!policy.contains("allow-scripts") && !policy.contains("allow-same-origin"), "{policy}");
        assert!(demo.text(&format!("/sandbox/mail/{id}/ics")).await.contains("METHOD:REQUEST"));
        assert!(demo.text(&format!("/sandbox/mail/{id}/text")).await.contains("/manage/"));
        assert!(demo.text(&format!("/sandbox/mail/{id}/raw")).await.contains("Message-ID: <booking."));
        assert_eq!(demo.get("/sandbox/mail/999/html").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(demo.get(&format!("/sandbox/mail/{id}/nothing")).await.status(), StatusCode::NOT_FOUND);

        let page = demo.text(&format!("/sandbox?mail={id}")).await;
        for shown in ["Ada Lindqvist", "Samir Haddad", "Tuesday 1 December, 11:54", "Your appointment on Wed 2 December"] {
            assert!(page.contains(shown), "{shown} in {page}");
        }
        let state = pages::state(&demo.app, &demo.sandbox.mailbox).await.expect("a state");
        // Two therapists, and somebody at every stage.
        assert_eq!(state.personas.len(), 2 + 10);
        assert!(state.personas.iter().any(|persona| persona.says.contains(Stage::Active.for_client().now)));
    })
    .await;
}

/// What a mail server says to these lines.
async fn talk(demo: &Demo, lines: &[&str]) -> Vec<String> {
    let address = demo.sandbox.smtp_url.split('@').next_back().expect("an address");
    let stream = TcpStream::connect(address).await.expect("the sandbox listens");
    let (reading, mut writing) = stream.into_split();
    let mut reading = BufReader::new(reading).lines();
    let mut answers = vec![reading.next_line().await.expect("read").expect("a greeting")];
    for line in lines {
        writing.write_all(line.as_bytes()).await.expect("written");
        loop {
            let Some(answer) = reading.next_line().await.expect("read") else { return answers };
            if answer.as_bytes().get(3) != Some(&b'-') {
                answers.push(answer);
                break;
            }
        }
    }
    answers
}

#[tokio::test]
async fn the_mail_server_speaks_its_protocol() {
    let demo = Demo::open(None, at(TUESDAY)).await;
    let codes = |answers: Vec<String>| answers.into_iter().map(|answer| answer[..3].to_owned()).collect::<Vec<_>>();
    let table: &[(&[&str], &[&str])] = &[
        (&["EHLO me\r\n", "NOOP\r\n", "QUIT\r\n"], &["220", "250", "250", "221"]),
        (&["HELO me\r\n", "VRFY ben\r\n", "nonsense\r\n", "\r\n"], &["220", "250", "502", "502", "502"]),
        (&["RCPT TO:<a@example.org>\r\n", "DATA\r\n"], &["220", "503", "503"]),
        (&["MAIL FROM:a@example.org\r\n", "MAIL FROM:<>\r\n", "MAIL FROM:<>\r\n"], &["220", "501", "250", "503"]),
        (&["MAIL FROM:<>\r\n", "RCPT TO:<>\r\n", "RSET\r\n", "DATA\r\n"], &["220", "250", "501", "250", "503"]),
    ];
    for (lines, expected) in table {
        assert_eq!(codes(talk(&demo, lines).await), *expected, "{lines:?}");
    }
    let message = "Subject: Dots\r\n\r\n..\r\n..two\r\n.\nstill\r\n.\r\n";
    let lines =
        &["mail from:<a@example.org> SIZE=9\r\n", "rcpt to:<b@example.org>\r\n", "data\r\n", message, "QUIT\r\n"];
    assert_eq!(codes(talk(&demo, lines).await), ["220", "250", "250", "354", "250", "221"]);
    let mails = demo.sandbox.mailbox.to("b@example.org");
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].subject, "Dots");
    // The third line began with a dot nobody doubled, so it is taken off as for every line; the lone LF ended no message.
    assert_eq!(mails[0].raw, b"Subject: Dots\r\n\r\n.\r\n.two\r\n\nstill\r\n");

    let long = format!("MAIL FROM:<{}>\r\n", "a".repeat(10_000));
    assert_eq!(codes(talk(&demo, &[&long, "NOOP\r\n"]).await), ["220"], "an endless line ends the talk");
}
