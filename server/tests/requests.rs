//! Somebody asks for a session the calendar does not offer; the practice finds a therapist and a time.

use crate::support::browser::Browser;
use crate::support::clients::active;
use crate::support::post::{Story, on_both_engines};
use crate::support::{ADA, ADA_USER, DISCOVERY, Engine, Practice, SAMIR, SAMIR_USER, SESSION, staff};
use anteroom::features::requests::moves;
use serde_json::{Value, json};
use shared::ids::RequestId;
use shared::request::{RequestMove, RequestStatus};
use std::sync::Arc;

const ASK: &str = "mutation($input: RequestBookingInput!) { requestBooking(input: $input) {
    requestId userErrors { code field message } } }";

fn visitor() -> Value {
    json!({ "sessionTypeId": DISCOVERY, "name": "Dora", "email": "dora@example.org", "phone": "+44 20 7946 0018",
            "weekdays": ["TUESDAY"], "bands": [{ "from": "09:00", "until": "12:00" }], "note": "Evenings are hard." })
}

async fn ask(practice: &Practice, input: Value) -> String {
    let asked = practice.ask(ASK, json!({ "input": input })).await["requestBooking"].clone();
    assert_eq!(asked["userErrors"], json!([]), "{asked}");
    asked["requestId"].as_str().expect("an id").to_owned()
}

/// Makes one move as Ada or Samir; the answer is the code of what was refused.
async fn make(practice: &Practice, who: shared::ids::UserId, name: &str, id: &str, more: Value) -> Option<String> {
    let kind = if name == "assignBooking" { "AssignBookingInput" } else { "NamedRequestInput" };
    let query = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code message }} }} }}");
    let mut input = json!({ "requestId": id });
    input.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    let answer = practice.ask_as(Some(staff(who)), &query, json!({ "input": input })).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    answer["data"][name]["userErrors"][0]["code"].as_str().map(str::to_owned)
}

async fn status(practice: &Practice) -> String {
    let asked = practice.ask_as(Some(staff(ADA_USER)), "{ viewer { requests { status note } } }", json!({})).await;
    asked["data"]["viewer"]["requests"][0]["status"].as_str().expect("a status").to_owned()
}

#[tokio::test]
async fn a_visitor_asks_and_ends_up_in_the_calendar() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let id = ask(practice, visitor()).await;
        practice.pass_minutes(0).await;
        assert_eq!(story.sandbox.mailbox.to("hello@practice.example")[0].subject, "Somebody asks for an appointment");
        assert_eq!(story.sandbox.mailbox.to("dora@example.org")[0].subject, "Your request has arrived");

        let desk = "{ viewer { requests { id name note status weekdays suggestions { startsAt therapist { id } } } } }";
        let seen = practice.ask_as(Some(staff(ADA_USER)), desk, json!({})).await;
        let request = &seen["data"]["viewer"]["requests"][0];
        assert_eq!((&request["name"], &request["note"]), (&json!("Dora"), &json!("Evenings are hard.")));
        let first = &request["suggestions"][0];
        assert_eq!(
            first["startsAt"], "2030-01-08T09:00:00Z",
            "the first free Tuesday morning after the notice: {request}"
        );
        assert_eq!(practice.count("select count(*) from audit_trail where deed = 'read requests'").await, 1);
        let stored = "select count(*) from booking_requests where cast(note as text) like '%Evenings%'";
        assert_eq!(practice.count(stored).await, 0, "it is encrypted");

        let proposal = json!({ "therapistId": SAMIR, "startsAt": "2030-01-08T10:00:00Z" });
        assert_eq!(make(practice, ADA_USER, "assignBooking", &id, proposal).await, None);
        practice.pass_minutes(0).await;
        let to_samir = story.sandbox.mailbox.to("samir@practice.example");
        assert_eq!(to_samir[0].subject, "A request for Tue 8 January, 10:00");
        assert_eq!(make(practice, ADA_USER, "acceptRequest", &id, json!({})).await.as_deref(), Some("NOT_FOUND"));
        assert_eq!(make(practice, SAMIR_USER, "acceptRequest", &id, json!({})).await, None);
        practice.pass_minutes(0).await;
        let to_practice = story.sandbox.mailbox.to("hello@practice.example");
        assert_eq!(to_practice.len(), 2, "the practice hears that Samir has said yes");
        assert_eq!(make(practice, ADA_USER, "confirmRequest", &id, json!({})).await, None);
        practice.pass_minutes(3).await;
        let subjects: Vec<String> =
            story.sandbox.mailbox.to("dora@example.org").iter().map(|mail| mail.subject.clone()).collect();
        assert_eq!(subjects[1], "Your appointment on Tue 8 January, 10:00");
        assert_eq!(practice.count("select count(*) from bookings where source = 'REQUEST'").await, 1);

        // The session takes place, and the request with it.
        practice.pass_minutes(30 * 60).await;
        practice.pass_minutes(10).await;
        assert_eq!(status(practice).await, "COMPLETED");
        let asked = story.sandbox.mailbox.to("samir@practice.example");
        let prompts = asked.iter().filter(|mail| mail.subject == "Something waits for you").count();
        assert_eq!(prompts, 1, "after the call he is asked for his decision");
    })
    .await;
}

#[tokio::test]
async fn a_therapist_says_no_and_somebody_else_is_found() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let id = ask(practice, visitor()).await;
        let proposal = json!({ "therapistId": SAMIR, "startsAt": "2030-01-08T10:00:00Z" });
        assert_eq!(make(practice, ADA_USER, "assignBooking", &id, proposal).await, None);
        assert_eq!(make(practice, SAMIR_USER, "declineRequest", &id, json!({})).await, None);
        assert_eq!(status(practice).await, "PENDING");
        let proposal = json!({ "therapistId": ADA, "startsAt": "2030-01-08T10:00:00Z" });
        assert_eq!(make(practice, ADA_USER, "assignBooking", &id, proposal).await, None);
        assert_eq!(make(practice, ADA_USER, "acceptRequest", &id, json!({})).await, None);
        // Somebody is quicker.
        practice.book("Ben", "2030-01-08T10:00:00Z").await;
        assert_eq!(make(practice, ADA_USER, "confirmRequest", &id, json!({})).await.as_deref(), Some("SLOT_TAKEN"));
        assert_eq!(status(practice).await, "ACCEPTED", "what was refused changed nothing");
        // Its page has a way on: another time, which she is asked about again.
        let other = json!({ "therapistId": ADA, "startsAt": "2030-01-08T11:00:00Z" });
        assert_eq!(make(practice, ADA_USER, "assignBooking", &id, other).await, None);
        assert_eq!(status(practice).await, "MATCHED");
        assert_eq!(make(practice, ADA_USER, "acceptRequest", &id, json!({})).await, None);
        let mut ada = Browser::signed_in(practice, ADA_USER).await;
        let page = ada.get("/admin/requests").await;
        assert!(page.has("Put it in the calendar") && page.has("No, find another"), "{}", page.text());
        assert!(page.html.contains(&format!("action=\"/admin/requests/{id}/assign\"")), "{}", page.html);
        assert_eq!(make(practice, ADA_USER, "closeRequest", &id, json!({})).await, None);
        practice.pass_minutes(3).await;
        let last = story.sandbox.mailbox.to("dora@example.org").pop().expect("a mail");
        assert_eq!(last.subject, "About your request");
    })
    .await;
}

#[tokio::test]
async fn a_client_asks_for_a_paid_session_and_may_take_it_back() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let refused = practice
            .ask(
                ASK,
                json!({ "input": { "sessionTypeId": SESSION, "name": "Dora",
            "email": "dora@example.org", "phone": "+44 20 7946 0018" } }),
            )
            .await;
        assert_eq!(refused["requestBooking"]["userErrors"][0]["code"], "STAGE_LOCKED");
        let missing = practice.ask(ASK, json!({ "input": { "sessionTypeId": DISCOVERY } })).await;
        assert_eq!(missing["requestBooking"]["userErrors"].as_array().map(Vec::len), Some(3), "everything at once");

        let ben = active(practice, "Ben").await;
        let asked = ben.ask(practice, ASK, json!({ "input": { "sessionTypeId": SESSION } })).await;
        let id = asked["requestBooking"]["requestId"].as_str().expect("an id").to_owned();
        let own = ben.ask(practice, "{ viewer { asked { id status now } } }", json!({})).await;
        assert_eq!(own["viewer"]["asked"][0]["status"], "PENDING");
        let withdraw =
            "mutation($input: NamedRequestInput!) { withdrawRequest(input: $input) { withdrawn userErrors { code } } }";
        let cleo = active(practice, "Cleo").await;
        let foreign = cleo.ask(practice, withdraw, json!({ "input": { "requestId": id } })).await;
        assert_eq!(foreign["withdrawRequest"]["userErrors"][0]["code"], "NOT_FOUND");
        let done = ben.ask(practice, withdraw, json!({ "input": { "requestId": id } })).await;
        assert_eq!(done["withdrawRequest"]["withdrawn"], true);
        let mails = story.to_ben().len();
        practice.pass_minutes(10).await;
        assert!(story.to_ben().len() <= mails + 1, "no mail about what they did themselves");
        assert_eq!(status(practice).await, "CANCELLED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_confirm_at_once_one_does() {
    on_both_engines(|story: Story| async move {
        let story = Arc::new(story);
        let practice = &story.practice;
        let id = ask(practice, visitor()).await;
        let proposal = json!({ "therapistId": ADA, "startsAt": "2030-01-08T10:00:00Z" });
        assert_eq!(make(practice, ADA_USER, "assignBooking", &id, proposal).await, None);
        assert_eq!(make(practice, ADA_USER, "acceptRequest", &id, json!({})).await, None);
        let attempts: Vec<_> = (0..10)
            .map(|_| {
                let (story, id) = (story.clone(), id.clone());
                tokio::spawn(async move { make(&story.practice, ADA_USER, "confirmRequest", &id, json!({})).await })
            })
            .collect();
        let mut confirmed = 0;
        for attempt in attempts {
            confirmed += usize::from(attempt.await.expect("no attempt panics").is_none());
        }
        assert_eq!(confirmed, 1);
        assert_eq!(practice.count("select count(*) from bookings").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_request_sent_again_is_one_and_there_are_never_many() {
    let practice = Practice::open(Engine::Sqlite).await;
    let mut input = visitor();
    input["idempotencyKey"] = json!("a-key-of-dora");
    let first = ask(&practice, input.clone()).await;
    assert_eq!(ask(&practice, input).await, first);
    ask(&practice, visitor()).await;
    ask(&practice, visitor()).await;
    let refused = practice.ask(ASK, json!({ "input": visitor() })).await;
    assert_eq!(refused["requestBooking"]["userErrors"][0]["code"], "RATE_LIMITED");
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

#[tokio::test]
async fn random_moves_in_random_order_keep_to_the_rules() {
    let practice = Practice::open(Engine::Sqlite).await;
    for seed in 0..12 {
        let mut dice = Dice(seed);
        let address = format!("dora{seed}@example.org");
        let mut input = visitor();
        input["email"] = json!(address);
        let id = ask(&practice, input).await;
        let request: RequestId = id.parse().expect("an id");
        let starts_at = format!("2030-02-{:02}T10:00:00Z", 4 + seed % 5 + 7 * (seed / 5));
        let mut expected = RequestStatus::Pending;
        for _ in 0..14 {
            // Closing ends the story, so it is rare.
            let sides = if dice.roll(6) == 0 { 5 } else { 4 };
            let (made, name) = [
                (RequestMove::Assign, "assignBooking"),
                (RequestMove::Accept, "acceptRequest"),
                (RequestMove::Decline, "declineRequest"),
                (RequestMove::Confirm, "confirmRequest"),
                (RequestMove::Cancel, "closeRequest"),
            ][dice.roll(sides)];
            let more = match made {
                RequestMove::Assign => json!({ "therapistId": ADA, "startsAt": starts_at }),
                _ => json!({}),
            };
            let refused = make(&practice, ADA_USER, name, &id, more).await;
            // What is in the calendar is called off there.
            let next =
                expected.after(made).filter(|_| !(made == RequestMove::Cancel && expected == RequestStatus::Confirmed));
            assert_eq!(refused.is_none(), next.is_some(), "{made:?} at {expected:?}: {refused:?}");
            expected = next.unwrap_or(expected);
            let found = anteroom::features::requests::read(&practice.app, request).await.expect("read");
            assert_eq!(found.map(|found| found.status), Some(expected));
        }
        // Whatever came of it, it is out of the way of the next.
        let close = practice.app.db.write(move |tx| {
            Box::pin(async move {
                tx.query("update booking_requests set status = 'CANCELLED'").run().await?;
                Ok(())
            })
        });
        close.await.expect("closed");
    }
    assert!(moves::told(RequestStatus::Pending) == "PENDING");
}
