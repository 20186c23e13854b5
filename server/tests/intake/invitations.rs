//! The other way in.

use super::kit::{self, COME_IN, INVITE, ada, ask, code, coming_in, invite, person, stage, token};
use crate::support::post::Story;
use crate::support::{Engine, Practice, SAMIR, SAMIR_USER, on_both_engines, staff};
use anteroom::features::accounts::Viewer;
use serde_json::{Value, json};
use shared::actor::Role;
use shared::stage::Stage;
use std::sync::Arc;

const RESEND: &str = "mutation($input: InvitationInput!) { resendInvitation(input: $input) {
    invitation { expiresAt mailed } userErrors { code } } }";

const REVOKE: &str = "mutation($input: InvitationInput!) { revokeInvitation(input: $input) {
    invitation { id } userErrors { code } } }";

const LIVE: &str = "query($search: String) { viewer { therapist { invitations(search: $search) { name } } } }";

const DAY: i64 = 24 * 60;

async fn live(practice: &Practice, search: Option<&str>) -> Vec<String> {
    let found = ask(practice, ada(), LIVE, json!({ "search": search })).await;
    let rows = found["therapist"]["invitations"].as_array().expect("invitations").clone();
    rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn an_invitation_proves_the_mailbox_and_makes_an_invited_client() {
    on_both_engines(|practice: Practice| async move {
        let id = invite(&practice, "Dee").await;
        let secret = token(&practice, id).await;
        let shown = "query($token: String!) { invitation(token: $token) { name email therapist { name } } }";
        let shown = ask(&practice, None, shown, json!({ "token": secret })).await;
        assert_eq!(shown, json!({ "name": "Dee", "email": "dee@example.org", "therapist": { "name": "Ada" } }));

        let came = ask(&practice, None, COME_IN, coming_in(&secret)).await;
        assert_eq!(came["userErrors"], json!([]), "{came:#}");
        assert_eq!(came["user"], json!({ "name": "Dee Okoro", "email": "dee@example.org" }));
        let dee = person(&practice, "dee@example.org").await;
        assert_eq!(stage(&practice, dee.client).await, Stage::Invited);
        assert_eq!(practice.count("select count(*) from users where email_proven_at is not null").await, 1);
        assert_eq!(live(&practice, None).await, Vec::<String>::new());

        let again = ask(&practice, None, COME_IN, coming_in(&secret)).await;
        assert_eq!(code(&again), Some("LINK_INVALID"), "{again:#}");
        assert_eq!(practice.count("select count(*) from clients").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_who_hold_one_link_one_comes_in() {
    on_both_engines(|practice: Practice| async move {
        let id = invite(&practice, "Dee").await;
        let secret = token(&practice, id).await;
        let practice = Arc::new(practice);
        let tries = (0..50).map(|_| {
            let (practice, secret) = (practice.clone(), secret.clone());
            tokio::spawn(async move { ask(&practice, None, COME_IN, coming_in(&secret)).await })
        });
        let mut came_in = 0;
        for attempt in tries.collect::<Vec<_>>() {
            let payload = attempt.await.expect("no attempt panics");
            match code(&payload) {
                None => came_in += 1,
                refused => assert_eq!(refused, Some("LINK_INVALID"), "{payload:#}"),
            }
        }
        assert_eq!(came_in, 1);
        assert_eq!(practice.count("select count(*) from clients").await, 1);
        assert_eq!(practice.count("select count(*) from logins").await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_address_is_invited_once_and_somebody_known_is_not() {
    on_both_engines(|practice: Practice| async move {
        let first = invite(&practice, "Dee").await;
        let again = json!({ "input": { "name": "Dee again", "email": "DEE@example.org" } });
        let second = ask(&practice, ada(), INVITE, again).await;
        assert_eq!(second["invitation"]["id"], json!(first));
        assert_eq!(practice.count("select count(*) from invitations").await, 1);
        assert_eq!(practice.count("select count(*) from jobs where kind = 'MAIL_INVITATION'").await, 1);

        kit::ben(&practice).await;
        let ben = json!({ "input": { "name": "Ben", "email": "Ben@example.org" } });
        let refused = ask(&practice, ada(), INVITE, ben).await;
        assert_eq!(code(&refused), Some("ALREADY_DONE"));
        let words = refused["userErrors"][0]["message"].as_str().unwrap_or_default();
        assert_eq!(words, "Ben is known here already: discovery call booked. You will find them among the clients.");

        let colleague = json!({ "input": { "name": "Samir", "email": "samir@practice.example" } });
        assert_eq!(code(&ask(&practice, ada(), INVITE, colleague).await), Some("ALREADY_DONE"));
        let odd = json!({ "input": { "name": " ", "email": "dee at home" } });
        let odd = ask(&practice, ada(), INVITE, odd).await;
        let fields: Vec<&Value> = odd["userErrors"].as_array().expect("errors").iter().map(|it| &it["field"]).collect();
        assert_eq!(fields, [&json!(["name"]), &json!(["email"])]);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_lasts_seven_days_and_a_new_one_makes_a_new_link() {
    on_both_engines(|practice: Practice| async move {
        let id = invite(&practice, "Dee").await;
        let first = token(&practice, id).await;
        let input = json!({ "input": { "invitationId": id } });
        practice.app.clock.push_minutes(5 * DAY);
        let renewed = ask(&practice, ada(), RESEND, input.clone()).await;
        assert_eq!(renewed["invitation"], json!({ "expiresAt": "2030-01-19T08:00:00Z", "mailed": 2 }));
        assert_eq!(token(&practice, id).await, first, "the mail that is there already still works");

        practice.app.clock.push_minutes(7 * DAY);
        assert_eq!(live(&practice, None).await, Vec::<String>::new());
        assert_eq!(code(&ask(&practice, None, COME_IN, coming_in(&first)).await), Some("LINK_INVALID"));
        ask(&practice, ada(), RESEND, input.clone()).await;
        let second = token(&practice, id).await;
        assert_ne!(second, first);
        assert_eq!(code(&ask(&practice, None, COME_IN, coming_in(&first)).await), Some("LINK_INVALID"));

        ask(&practice, ada(), REVOKE, input.clone()).await;
        assert_eq!(code(&ask(&practice, None, COME_IN, coming_in(&second)).await), Some("LINK_INVALID"));
        assert_eq!(code(&ask(&practice, ada(), RESEND, input.clone()).await), Some("ALREADY_DONE"));
        assert_eq!(code(&ask(&practice, ada(), REVOKE, input).await), Some("ALREADY_DONE"));
        assert_ne!(invite(&practice, "Dee").await, id, "the address is free again");
    })
    .await;
}

#[tokio::test]
async fn invitations_are_found_by_name_and_address_and_are_ones_own() {
    on_both_engines(|practice: Practice| async move {
        let dee = invite(&practice, "Dee").await;
        practice.app.clock.push_minutes(1);
        invite(&practice, "Edda").await;
        assert_eq!(live(&practice, None).await, ["Edda", "Dee"]);
        assert_eq!(live(&practice, Some("DEE@")).await, ["Dee"]);
        assert_eq!(live(&practice, Some("%")).await, Vec::<String>::new());

        let samir = Some(staff(SAMIR_USER));
        let theirs = ask(&practice, samir, LIVE, json!({})).await;
        assert_eq!(theirs["therapist"]["invitations"], json!([]));
        let input = json!({ "input": { "invitationId": dee } });
        assert_eq!(code(&ask(&practice, samir, RESEND, input.clone()).await), Some("NOT_FOUND"));
        assert_eq!(code(&ask(&practice, samir, REVOKE, input).await), Some("NOT_FOUND"));
        let dee_again = json!({ "input": { "name": "Dee", "email": "dee@example.org" } });
        assert_eq!(code(&ask(&practice, samir, INVITE, dee_again).await), Some("ALREADY_DONE"));
    })
    .await;
}

#[tokio::test]
async fn only_the_owner_invites_for_somebody_else() {
    on_both_engines(|practice: Practice| async move {
        let input = json!({ "input": { "name": "Dee", "email": "dee@example.org", "therapistId": SAMIR } });
        assert_eq!(code(&ask(&practice, ada(), INVITE, input.clone()).await), Some("INVALID"));
        let owner = ada().map(|ada| Viewer { role: Role::Owner, ..ada });
        assert_eq!(ask(&practice, owner, INVITE, input).await["userErrors"], json!([]));
        assert_eq!(live(&practice, None).await, Vec::<String>::new(), "it is Samir's");
    })
    .await;
}

#[tokio::test]
async fn whoever_booked_a_call_meanwhile_is_asked_in_by_accepting() {
    on_both_engines(|practice: Practice| async move {
        let id = invite(&practice, "Ben").await;
        let ben = kit::ben(&practice).await;
        assert_eq!(stage(&practice, ben.client).await, Stage::DiscoveryBooked);
        let came = ask(&practice, None, COME_IN, coming_in(&token(&practice, id).await)).await;
        assert_eq!(came["userErrors"], json!([]), "{came:#}");
        assert_eq!(stage(&practice, ben.client).await, Stage::Invited);
        assert_eq!(practice.count("select count(*) from users where role = 'CLIENT'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_confirmed_is_looked_at_before_the_link_is_used() {
    on_both_engines(|practice: Practice| async move {
        let id = invite(&practice, "Dee").await;
        let secret = token(&practice, id).await;
        let odd = json!({ "input": { "token": secret, "name": "", "phone": "none", "timeZone": "Mars/Base" } });
        let refused = ask(&practice, None, COME_IN, odd).await;
        let errors = refused["userErrors"].as_array().expect("errors");
        let fields: Vec<&Value> = errors.iter().map(|it| &it["field"][0]).collect();
        assert_eq!(fields, ["name", "phone", "timeZone"]);
        assert_eq!(ask(&practice, None, COME_IN, coming_in(&secret)).await["userErrors"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn the_mail_goes_at_once_and_says_nothing_about_anybody() {
    let (story, _running) = Story::open(Engine::Sqlite, &[]).await;
    let id = invite(&story.practice, "Dee").await;
    story.practice.pass_minutes(0).await;
    let mails = story.sandbox.mailbox.to("dee@example.org");
    assert_eq!(mails.len(), 1, "{:?}", story.complaints().await);
    let secret = token(&story.practice, id).await;
    let words = format!("{} {}", mails[0].subject, mails[0].text);
    assert!(words.contains(&format!("/invitation#{secret}")), "{words}");
    let lower = words.replace(&secret, "").to_lowercase();
    for secret in ["dee", "ada", "samir", "therap", "session", "client", "psych", "counsel"] {
        assert!(!lower.contains(secret), "the mail says {secret}: {words}");
    }
    let stored = story.practice.count("select count(*) from invitations where link_hash is not null").await;
    assert_eq!(stored, 1);
    let text = std::fs::read(story.practice.url.trim_start_matches("sqlite://")).expect("the database is a file");
    assert!(!contains(&text, secret.as_bytes()), "the secret is stored nowhere");
}

pub(crate) fn contains(bytes: &[u8], canary: &[u8]) -> bool {
    bytes.windows(canary.len()).any(|window| window == canary)
}

#[tokio::test]
async fn an_invitation_nobody_accepts_is_forgotten_a_month_later() {
    on_both_engines(|practice: Practice| async move {
        invite(&practice, "Dee").await;
        practice.pass_minutes(36 * DAY).await;
        assert_eq!(practice.count("select count(*) from invitations").await, 1);
        practice.pass_minutes(2 * DAY).await;
        assert_eq!(practice.count("select count(*) from invitations").await, 0);
    })
    .await;
}
