//! The whole way of one visitor, for what it must not leave behind: cookies others could have, and words in the log.

use crate::support::browser::{Browser, Page};
use crate::support::log::Log;
use crate::support::post::{Story, on_both_engines};
use crate::support::{ADA_USER, Practice, shown_by_authenticator, staff};
use axum::http::StatusCode;
use serde_json::json;
use std::collections::BTreeSet;

const NAME: &str = "Benedikta Quill";
const EMAIL: &str = "benedikta.quill@example.org";
const PHONE: &str = "020 7946 0123";
const REASON: &str = "Chickenpox at home";

/// Everything the way gave away, to look for afterwards.
#[derive(Default)]
struct Given {
    cookies: Vec<String>,
    secrets: BTreeSet<String>,
}

impl Given {
    fn by(&mut self, page: &Page) {
        for cookie in &page.set_cookies {
            let (name, rest) = cookie.split_once('=').expect("a name");
            let value = rest.split(';').next().unwrap_or_default();
            if name != "tz" {
                // Times and ids in a cookie are nobody's secret.
                let parts =
                    value.split(['~', '.']).filter(|part| part.len() > 24 && part.parse::<uuid::Uuid>().is_err());
                self.secrets.extend(parts.map(str::to_owned));
            }
            self.cookies.push(cookie.clone());
        }
    }
}

/// Somebody looks, keeps a time, books, reads the confirmation, signs in, calls off in another browser and books again.
async fn walk(practice: &Practice) -> Given {
    let mut given = Given::default();
    let mut browser = Browser::new(practice);
    let picker = browser.get("/book/discovery-call?day=2030-01-08&tz=Europe/Stockholm").await;
    given.by(&picker);
    let zone = browser
        .post("/book/discovery-call/hold", &[("slot", "2030-01-08T10:00:00Z"), ("tz", "Europe/Stockholm")])
        .await;
    given.by(&zone);
    let details = browser.follow(&zone).await;
    given.by(&details);
    let (slot, key) = (details.value("slot"), details.value("key"));
    let form = [("slot", &*slot), ("key", &key), ("name", NAME), ("email", EMAIL), ("phone", PHONE)];
    let booked = browser.post("/book/discovery-call", &form).await;
    given.by(&booked);
    let confirmation = browser.follow(&booked).await;
    given.by(&confirmation);
    let token = confirmation.between("/manage/", "\"").to_owned();
    let mut phone = Browser::new(practice);
    given.by(&phone.get(&format!("/manage/{token}")).await);
    practice.pass_minutes(4).await;

    given.by(&browser.get("/sign-in").await);
    let asked = browser.post("/sign-in", &[("email", EMAIL)]).await;
    given.by(&asked);
    practice.pass_minutes(0).await;
    let mut conn = practice.app.db.read().await.expect("a connection");
    let newest = "select id from sign_in_links order by id desc limit 1";
    let link: uuid::Uuid = conn.query(newest).value().await.expect("a link");
    drop(conn);
    let code = practice.app.keys.code("sign-in", link);
    given.secrets.insert(practice.app.keys.link_secret("sign-in", link).text());
    given.by(&browser.post("/sign-in/code", &[("code", "12 34 56")]).await);
    let signed_in = browser.post("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(signed_in.location.as_deref(), Some("/portal"), "{}", signed_in.html);
    given.by(&signed_in);
    given.by(&browser.get("/portal").await);

    let gone = phone.post(&format!("/manage/{token}/cancel"), &[("reason", REASON)]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.html);
    given.by(&gone);
    given.by(&phone.follow(&gone).await);
    given.by(&browser.post("/sign-out", &[]).await);
    given.secrets.extend([token, key, code]);
    practice.pass_minutes(10).await;
    given
}

#[tokio::test]
async fn every_cookie_of_the_way_is_ours_alone() {
    on_both_engines(|story: Story| async move {
        let given = walk(&story.practice).await;
        let names: BTreeSet<&str> = given.cookies.iter().filter_map(|cookie| Some(cookie.split_once('=')?.0)).collect();
        for name in ["__Host-hold", "__Host-booked", "__Host-browser", "__Host-access", "__Host-refresh", "__Host-tz"] {
            assert!(names.contains(name), "{name} was never set, of {names:?}");
        }
        for cookie in &given.cookies {
            let (pair, rest) = cookie.split_once(';').expect("attributes");
            let attributes: BTreeSet<&str> = rest.split(';').map(str::trim).collect();
            for attribute in ["Path=/", "Secure", "SameSite=Lax"] {
                assert!(attributes.contains(attribute), "{cookie} lacks {attribute}");
            }
            assert!(!rest.to_lowercase().contains("domain"), "{cookie}");
            // Scripts of the page read and write the zone, which says nothing of anybody; they see nothing else.
            let name = pair.split('=').next().unwrap_or_default();
            assert!(
                name == "__Host-tz" || (name.starts_with("__Host-") && attributes.contains("HttpOnly")),
                "{cookie}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_who_reads_the_log_learns_who_came_or_could_come_in_their_place() {
    let log = Log::begin();
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let mut given = walk(practice).await;
        // Ada signs in, shows her second factor, reads and decides; a mail bounces on the way.
        let ada = practice.sign_in("ada@practice.example").await;
        let viewer = anteroom::features::accounts::viewer_of_login(&practice.app, ada.login).await.expect("an answer");
        let start = "mutation { startSecondFactor { enrolment { secret } } }";
        let started = practice.ask_as(viewer, start, json!({})).await;
        let seed = started["data"]["startSecondFactor"]["enrolment"]["secret"].as_str().expect("a seed").to_owned();
        let code = shown_by_authenticator(&seed, practice.app.clock.now());
        let confirm = "mutation($code: String!) { confirmSecondFactor(input: { code: $code }) { recoveryCodes } }";
        let confirmed = practice.ask_as(viewer, confirm, json!({ "code": code })).await;
        let recovery = confirmed["data"]["confirmSecondFactor"]["recoveryCodes"].as_array().expect("codes").clone();
        given.secrets.extend(recovery.iter().filter_map(|code| Some(code.as_str()?.to_owned())));
        given.secrets.extend([seed, ada.access, ada.refresh]);
        let again = practice.book("Benedikta", "2030-01-09T10:00:00Z").await;
        given.secrets.insert(again["manageToken"].as_str().expect("a token").to_owned());
        story.sandbox.faults.next_to("benedikta@example.org", anteroom::sandbox::smtp::Fault::Hang);
        // As most servers do, this one says whom it refuses.
        story.sandbox.faults.next_to("benedikta@example.org", anteroom::sandbox::smtp::Fault::Refuse);
        practice.pass_minutes(3 * 24 * 60).await;
        let client = "{ viewer { therapist { clients { nodes { id name } } } } }";
        let clients = practice.ask_as(Some(staff(ADA_USER)), client, json!({})).await;
        let id = &clients["data"]["viewer"]["therapist"]["clients"]["nodes"][0]["id"];
        let decide = "mutation($id: ClientId!) { decideDiscovery(input: { clientId: $id, decision: NOT_THE_RIGHT_FIT,
            letter: \"Dear Benedikta, a colleague in Camden\" }) { userErrors { code } } }";
        practice.ask_as(Some(staff(ADA_USER)), decide, json!({ "id": id })).await;

        let lines = log.lines();
        assert!(lines.contains("answered"), "nothing was logged");
        for word in ["benedikta", "quill", "example.org", "7946", "chickenpox", "camden"] {
            assert!(!lines.to_lowercase().contains(word), "the log says {word}:\n{}", around(&lines, word));
        }
        assert!(given.secrets.len() > 12, "{:?}", given.secrets);
        for secret in &given.secrets {
            assert!(!lines.contains(secret.as_str()), "the log holds a secret:\n{}", around(&lines, secret));
        }
    })
    .await;
}

/// The lines that hold a word, however it is written.
fn around(lines: &str, word: &str) -> String {
    let word = word.to_lowercase();
    lines.lines().filter(|line| line.to_lowercase().contains(&word)).take(5).collect::<Vec<_>>().join("\n")
}
