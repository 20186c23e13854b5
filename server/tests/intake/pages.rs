//! The same with plain forms, in a browser without scripts.

use super::kit::{ada, ask, invite, person, publish, put, question, save_form, stage, token};
use crate::support::{ADA_USER, Engine, NOW, Practice, at, on_both_engines};
use anteroom::app::{App, Mode};
use anteroom::events::Bus;
use anteroom::features::accounts::logins::Device;
use anteroom::features::accounts::persona;
use anteroom::http::{Http, router};
use anteroom::keys::Keys;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::json;
use shared::stage::Stage;
use std::collections::BTreeMap;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    html: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The page without the marks that stand between pieces of text.
    fn plain(&self) -> String {
        let mut parts = self.html.split("<!");
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part.split_once('>').map_or("", |(_, rest)| rest));
        rest.fold(first, |plain, rest| plain + rest)
    }
}

struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn new(practice: &Practice) -> Self {
        let http = Http::new(practice.app.clone(), CancellationToken::new());
        Browser { router: router(http, Router::new()), cookies: BTreeMap::new() }
    }

    async fn send(&mut self, method: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookies.join("; "))
            .body(Body::from(body.finish()))
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("a router always answers");
        let (parts, body) = response.into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().expect("text").split(';').next().expect("a pair").to_owned();
            let (name, value) = pair.split_once('=').expect("a cookie");
            match value.is_empty() {
                true => drop(self.cookies.remove(name)),
                false => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
        let bytes = to_bytes(body, 1 << 20).await.expect("a whole page");
        let html = String::from_utf8(bytes.to_vec()).expect("a page is text");
        Answer { status: parts.status, headers: parts.headers, html }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[]).await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send("POST", path, form).await
    }
}

#[tokio::test]
async fn somebody_invited_comes_in_reads_fills_in_and_is_a_client() {
    let practice = Practice::open(Engine::Sqlite).await;
    publish(&practice, "CONSENT", "# Meeting\n\nWe meet <b>weekly</b>.", true).await;
    let fields = [
        question("story", "LONG_TEXT", true, &[]),
        question("second", "PART", false, &[]),
        question("how", "CHOICES", false, &["Video", "Room"]),
        question("call", "PHONE", true, &[]),
    ];
    save_form(&practice, &fields).await;
    let id = invite(&practice, "Dee").await;
    let secret = token(&practice, id).await;
    let mut dee = Browser::new(&practice);

    for _ in 0..3 {
        let page = dee.get("/invitation").await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.headers.get(header::REFERRER_POLICY).expect("a policy"), "no-referrer");
        assert!(!page.html.contains("Dee"), "nobody is named before the link is shown");
    }
    let typed = dee.post("/invitation", &[("token", ""), ("typed", &format!("/invitation#{secret}"))]).await;
    assert!(typed.html.contains("Welcome, ") && typed.html.contains("dee@example.org"), "{}", typed.html);
    let odd = dee.post("/invitation/accept", &[("token", &secret), ("name", "Dee Okoro"), ("phone", "x")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.html.contains("Two things need a look") && odd.html.contains("value=\"Dee Okoro\""), "{}", odd.html);
    let form =
        [("token", secret.as_str()), ("name", "Dee Okoro"), ("phone", "020 7946 0018"), ("time_zone", "Europe/London")];
    let came = dee.post("/invitation/accept", &form).await;
    assert_eq!((came.status, came.location()), (StatusCode::SEE_OTHER, "/portal"), "{}", came.html);
    let again = Browser::new(&practice).post("/invitation", &[("token", &secret)]).await;
    assert_eq!(again.status, StatusCode::GONE);
    practice.pass_minutes(0).await;

    let who = person(&practice, "dee@example.org").await;
    assert_eq!(stage(&practice, who.client).await, Stage::IntakePending);
    let home = dee.get("/portal").await.html;
    assert!(home.contains("Before we meet") && home.contains("href=\"/portal/documents/consent\""), "{home}");

    let document = dee.get("/portal/documents/consent").await.html;
    assert!(document.contains("<h2>Meeting</h2>") && document.contains("&lt;b&gt;weekly"), "{document}");
    let version =
        document.split("name=\"version\" value=\"").nth(1).and_then(|it| it.split('"').next()).expect("a version");
    let accepted = dee.post("/portal/documents/consent/accept", &[("version", version)]).await;
    assert_eq!(accepted.location(), "/portal/documents?done=accepted", "{}", accepted.html);
    let list = dee.get("/portal/documents").await.html;
    assert!(list.contains("You have accepted everything."), "{list}");

    let canary = "I lie awake </textarea><script>";
    let first = dee.post("/portal/intake", &[("part", "1"), ("q-story", canary), ("do", "next")]).await;
    assert_eq!(first.location(), "/portal/intake?part=2", "{}", first.html);
    let back = dee.get("/portal/intake?part=1").await.html;
    assert!(back.contains("I lie awake &lt;/textarea&gt;&lt;script&gt;"), "{back}");
    let early =
        dee.post("/portal/intake", &[("part", "2"), ("q-how", "Room"), ("q-how", "Video"), ("do", "send")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.html.contains("href=\"#q-call\"") && early.html.contains("checked"), "{}", early.html);
    let stop = dee.post("/portal/intake", &[("part", "2"), ("q-how", "Room"), ("do", "save")]).await;
    assert_eq!(stop.location(), "/portal?done=saved");
    let sent = dee.post("/portal/intake", &[("part", "2"), ("q-call", "020 7946 0018"), ("do", "send")]).await;
    assert_eq!(sent.location(), "/portal?done=sent", "{}", sent.html);
    assert_eq!(stage(&practice, who.client).await, Stage::Active);
    let kept = dee.get("/portal/intake").await.html;
    assert!(kept.contains("What you have told us") && kept.contains("Not answered"), "{kept}");
}

#[tokio::test]
async fn what_is_not_open_yet_has_no_page() {
    let practice = Practice::open(Engine::Sqlite).await;
    publish(&practice, "CONSENT", "We meet weekly.", true).await;
    let id = invite(&practice, "Dee").await;
    let mut dee = Browser::new(&practice);
    let secret = token(&practice, id).await;
    let form =
        [("token", secret.as_str()), ("name", "Dee"), ("phone", "020 7946 0018"), ("time_zone", "Europe/London")];
    dee.post("/invitation/accept", &form).await;
    let who = person(&practice, "dee@example.org").await;
    put(&practice, who.client, Stage::DiscoveryDone, at(NOW)).await;
    for path in ["/portal/documents/consent", "/portal/documents/nothing", "/portal/intake"] {
        assert_eq!(dee.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!dee.get("/portal/documents").await.html.contains("/portal/documents/consent"));
    for path in ["/admin/documents", "/admin/intake", "/admin/clients/invite"] {
        assert_eq!(dee.get(path).await.location(), "/portal", "{path}");
    }
}

/// Ada's browser, as somebody who shows both factors has it.
async fn adas(practice: &Practice) -> Browser {
    // One click is enough in a demo; here one on the same database lets her in.
    let (app, keys) = (&practice.app, Keys::from_master(&[7; 32]));
    let bus = Bus::new(app.clock.new_id());
    let demo = App::new(app.config.clone(), Mode::Demo, app.db.clone(), app.clock.clone(), keys, bus).expect("a demo");
    let tokens = persona::sign_in_as(&demo, ADA_USER, Device("A test".into())).await.expect("she comes in");
    let mut browser = Browser::new(practice);
    browser.cookies.insert("__Host-access".into(), tokens.access);
    browser
}

#[tokio::test]
async fn a_therapist_invites_publishes_and_edits_with_plain_forms() {
    let practice = Practice::open(Engine::Sqlite).await;
    let mut ada_browser = adas(&practice).await;
    let odd = ada_browser.post("/admin/clients/invite", &[("name", ""), ("email", "dee@")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(odd.html.contains("Two things need a look") && odd.html.contains("value=\"dee@\""));
    let invited = ada_browser.post("/admin/clients/invite", &[("name", "Dee"), ("email", "dee@example.org")]).await;
    assert_eq!(invited.location(), "/admin/clients?done=invited#invitations");
    let list = ada_browser.get("/admin/clients?invited=dee").await.html;
    assert!(list.contains("aria-label=\"Take back: Dee\""), "{list}");

    let editor = ada_browser.get("/admin/documents/fees").await.html;
    assert!(editor.contains("Not published yet") && editor.contains("# Paying"), "{editor}");
    let form = [("title", "Money"), ("body", "It costs\r\nwhat it says."), ("do", "publish")];
    assert_eq!(ada_browser.post("/admin/documents/fees", &form).await.location(), "/admin/documents?done=published");
    assert!(ada_browser.get("/admin/documents").await.html.contains("Version 1, published on"));

    let editor = ada_browser.get("/admin/intake").await.html;
    assert!(editor.contains("Not saved yet") && editor.contains("What would you like help with?"), "{editor}");
    let rows = [("id", "a"), ("kind", "CHOICE"), ("label", "How?"), ("hint", ""), ("options", "Video\r\nRoom")];
    let more: Vec<_> = rows.into_iter().chain([("add", "part")]).collect();
    let more = ada_browser.post("/admin/intake", &more).await;
    assert!(more.status == StatusCode::OK && more.html.contains("2: part"), "{}", more.html);
    let nameless: Vec<_> =
        rows.into_iter().chain([("id", "b"), ("kind", "DATE"), ("label", ""), ("do", "save")]).collect();
    let nameless = ada_browser.post("/admin/intake", &nameless).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nameless.html.contains("href=\"#label-1\">2: Please write the question."), "{}", nameless.html);
    let saved: Vec<_> = rows.into_iter().chain([("do", "save")]).collect();
    assert_eq!(ada_browser.post("/admin/intake", &saved).await.location(), "/admin/intake?done=saved");
    let form =
        ask(&practice, ada(), "{ viewer { therapist { intakeForm { version fields { options } } } } }", json!({}));
    let expected = json!({ "version": 1, "fields": [{ "options": ["Video", "Room"] }] });
    assert_eq!(form.await["therapist"]["intakeForm"], expected);
}

#[tokio::test]
async fn a_decision_is_taken_back_on_the_page_where_it_was_taken() {
    on_both_engines(|practice: Practice| async move {
        let ben = super::kit::ben(&practice).await;
        practice.app.clock.push_minutes(26 * 60 + 20);
        let mut desk = adas(&practice).await;
        let page = format!("/admin/clients/{}", ben.client);
        let letter = [("decision", "not-the-right-fit"), ("letter", "Dear Ben")];
        let decided = desk.post(&format!("{page}/decision"), &letter).await.location().to_owned();
        let html = desk.get(&decided).await.plain();
        assert!(
            html.contains("Take it back") && html.contains("Until 10:23 you can take your decision back"),
            "{html}"
        );
        assert!(html.contains("does not hear of it before then, and sees nothing of it in the portal."), "{html}");
        assert!(html.contains(">You named other help.<") && html.contains("by Ada"), "{html}");
        let back = desk.post(&format!("{page}/stage"), &[("move", "take-back")]).await.location().to_owned();
        let html = desk.get(&back).await.plain();
        assert!(html.contains("Your decision about Ben is open again. They have not been told."), "{html}");
        assert!(html.contains("What next for Ben?") && !html.contains("Take it back"), "{html}");

        desk.post(&format!("{page}/decision"), &[("decision", "later")]).await;
        practice.app.clock.push_minutes(3);
        let back = desk.post(&format!("{page}/stage"), &[("move", "take-back")]).await.location().to_owned();
        let html = desk.get(&back).await.plain();
        assert!(html.contains("Your decision about Ben is open again."), "{html}");
        assert!(!html.contains("They have not been told."), "they have: {html}");

        desk.post(&format!("{page}/decision"), &[("decision", "work-together")]).await;
        practice.app.clock.push_minutes(3);
        let html = desk.get(&page).await.plain();
        assert!(!html.contains("Take it back") && html.contains("Keep a standing place for them"), "{html}");
        let refused = desk.post(&format!("{page}/stage"), &[("move", "take-back")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.plain().contains("They have been told."), "{}", refused.html);
    })
    .await;
}

#[tokio::test]
async fn a_client_unfolds_how_they_got_here() {
    on_both_engines(|practice: Practice| async move {
        let ben = super::kit::ben(&practice).await;
        put(&practice, ben.client, Stage::Active, at(NOW)).await;
        let mut browser = Browser::new(&practice);
        browser.cookies.insert("__Host-access".into(), practice.sign_in("ben@example.org").await.access);
        let html = browser.get("/portal").await.plain();
        assert!(html.contains("How you got here") && html.contains("Your discovery call was booked."), "{html}");
    })
    .await;
}

#[tokio::test]
async fn a_therapist_finds_a_client_in_the_list_and_for_a_standing_place() {
    on_both_engines(|practice: Practice| async move {
        let ben = super::kit::ben(&practice).await;
        practice.book("Cleo", "2030-01-08T11:00:00Z").await;
        let cleo = person(&practice, "cleo@example.org").await;
        put(&practice, ben.client, Stage::Active, at(NOW)).await;
        put(&practice, cleo.client, Stage::Invited, at(NOW)).await;
        let mut desk = adas(&practice).await;
        let (of_ben, of_cleo) =
            (format!("/admin/clients/{}\"", ben.client), format!("/admin/clients/{}\"", cleo.client));
        let html = desk.get("/admin/clients?stage=ACTIVE&search=Ben%40").await.plain();
        assert!(html.contains(&of_ben) && !html.contains(&of_cleo) && html.contains("value=\"Ben@\""), "{html}");
        assert!(html.contains("<option value=\"ACTIVE\" selected"), "{html}");
        let html = desk.get("/admin/clients?stage=ACTIVE&search=cleo").await.plain();
        assert!(!html.contains(&of_cleo) && html.contains("Nobody’s name or email has this in it."), "{html}");

        let choice = |who: &super::kit::Person| format!("<option value=\"{}\"", who.client);
        let html = desk.get("/admin/series").await.plain();
        assert!(html.contains(&choice(&ben)) && html.contains(&choice(&cleo)), "{html}");
        let html = desk.get("/admin/series?search=cleo").await.plain();
        assert!(!html.contains(&choice(&ben)) && html.contains(&choice(&cleo)), "{html}");
        let html = desk.get("/admin/series?search=nobody").await.plain();
        assert!(html.contains("Nobody you work with has “nobody”"), "{html}");
        // Chosen on their own page, whatever the list below holds.
        let html = desk.get(&format!("/admin/series?search=cleo&client={}", ben.client)).await.plain();
        assert!(html.contains(&format!("{} selected", choice(&ben))), "{html}");
        put(&practice, ben.client, Stage::Ended, at(NOW)).await;
        let html = desk.get(&format!("/admin/series?client={}", ben.client)).await.plain();
        assert!(!html.contains(&choice(&ben)), "{html}");
    })
    .await;
}

#[tokio::test]
async fn a_price_to_talk_about_stands_on_the_first_page_until_it_is_agreed_anew() {
    on_both_engines(|practice: Practice| async move {
        let ben = super::kit::ben(&practice).await;
        put(&practice, ben.client, Stage::Active, at(NOW)).await;
        let mut desk = adas(&practice).await;
        let page = format!("/admin/clients/{}", ben.client);
        let form = [
            ("price-amount", "40"),
            ("price-currency", "GBP"),
            ("price-review-on", "2030-01-09"),
            ("price-note", "Between jobs <for> now"),
        ];
        let long = "x".repeat(501);
        let too_long: Vec<_> = form[..3].iter().copied().chain([("price-note", long.as_str())]).collect();
        let refused = desk.post(&format!("{page}/prices"), &too_long).await;
        assert!(
            refused.plain().contains("href=\"#price-note\"") && refused.plain().contains("under 500"),
            "{}",
            refused.html
        );
        let agreed = desk.post(&format!("{page}/prices"), &form).await;
        assert_eq!(agreed.location(), format!("{page}?done=agreed"));
        let html = desk.get(&page).await.plain();
        assert!(html.contains("“Between jobs &lt;for&gt; now”"), "{html}");
        let plain = practice.count("select count(*) from agreements where note is not null and review_on is not null");
        assert_eq!(plain.await, 1);

        assert!(!desk.get("/admin").await.plain().contains("Prices to look at again"));
        practice.app.clock.push_minutes(2 * 24 * 60);
        let mut desk = adas(&practice).await;
        let html = desk.get("/admin").await.plain();
        assert!(html.contains("Prices to look at again") && html.contains(&format!("{page}#prices")), "{html}");
        assert!(html.contains("£40, to talk about since Wed 9 Jan"), "{html}");
        desk.post(&format!("{page}/prices"), &[("price-amount", "50"), ("price-currency", "GBP")]).await;
        assert!(!desk.get("/admin").await.plain().contains("Prices to look at again"));
        let list = "{ viewer { therapist { pricesToReview { clientName agreement { note } } } } }";
        let list = ask(&practice, ada(), list, json!({})).await;
        assert_eq!(list["therapist"]["pricesToReview"], json!([]));
    })
    .await;
}
