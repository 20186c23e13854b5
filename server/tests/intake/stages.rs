//! What a therapist does with a relationship, and what both sides hear of it.

use super::kit::{Person, ada, ask, ben, code, put, stage};
use crate::support::post::{self, Story};
use crate::support::{Engine, NOW, Practice, SAMIR_USER, at, on_both_engines, staff};
use serde_json::{Value, json};
use shared::ids::ClientId;
use shared::stage::Stage;

const MOVE: &str = "mutation($input: MoveClientInput!) { moveClient(input: $input) {
    client { stage moves } userErrors { code field message } } }";

const DECIDE: &str = "mutation($input: DecideDiscoveryInput!) { decideDiscovery(input: $input) {
    client { stage discoveryCompletedAt } userErrors { code message } } }";

async fn make(practice: &Practice, client: ClientId, step: &str) -> Value {
    ask(practice, ada(), MOVE, json!({ "input": { "clientId": client, "move": step } })).await
}

/// How a relationship got where it is, as Ada sees it.
async fn history(practice: &Practice, who: Person) -> Vec<Value> {
    let query = "query($id: ClientId!) { viewer { therapist { client(id: $id) { history { words by actor } } } } }";
    let found = ask(practice, ada(), query, json!({ "id": who.client })).await;
    found["therapist"]["client"]["history"].as_array().expect("a history").clone()
}

/// The same as its client sees it, in sentences.
async fn own_way(practice: &Practice, who: Person) -> Vec<String> {
    let found =
        ask(practice, who.viewer(), "{ viewer { client { relationship { history { words } } } } }", json!({})).await;
    let steps = found["client"]["relationship"]["history"].as_array().expect("a history").clone();
    steps.iter().map(|step| step["words"].as_str().expect("a sentence").to_owned()).collect()
}

/// What Ada can do about somebody, and until when she can take her decision back.
async fn open_moves(practice: &Practice, who: Person) -> (Value, Value) {
    let query = "query($id: ClientId!) { viewer { therapist { client(id: $id) { moves decisionWaitsUntil } } } }";
    let found = ask(practice, ada(), query, json!({ "id": who.client })).await;
    let client = &found["therapist"]["client"];
    (client["moves"].clone(), client["decisionWaitsUntil"].clone())
}

async fn decide(practice: &Practice, who: Person, decision: &str, letter: Option<&str>) {
    let input = json!({ "clientId": who.client, "decision": decision, "letter": letter });
    let decided = ask(practice, ada(), DECIDE, json!({ "input": input })).await;
    assert_eq!(decided["userErrors"], json!([]), "{decided:#}");
}

#[tokio::test]
async fn a_break_an_end_and_a_new_beginning_are_buttons() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Active, at(NOW)).await;
        for (step, to, moves) in [
            ("PAUSE", "PAUSED", json!(["RESUME", "END"])),
            ("RESUME", "ACTIVE", json!(["PAUSE", "END"])),
            ("END", "ENDED", json!(["REOPEN"])),
            ("REOPEN", "INVITED", json!(["END"])),
        ] {
            practice.app.clock.push_minutes(1);
            let moved = make(&practice, ben.client, step).await;
            assert_eq!(moved["client"], json!({ "stage": to, "moves": moves }), "{step}: {moved:#}");
        }
        let steps = history(&practice, ben).await;
        let words: Vec<&str> = steps.iter().filter_map(|step| step["words"].as_str()).collect();
        let expected = ["A break began.", "The break was over.", "The work ended.", "You opened the work again."];
        assert_eq!(words, expected);
        let by: Vec<&Value> = steps.iter().map(|step| &step["by"]).collect();
        assert_eq!(by, ["CLIENT", "THERAPIST", "THERAPIST", "THERAPIST", "THERAPIST"]);
        assert_eq!((&steps[0]["actor"], &steps[1]["actor"]), (&Value::Null, &json!("Ada")));
        assert_eq!(practice.count("select count(*) from audit_trail where deed = 'move client'").await, 4);
    })
    .await;
}

#[tokio::test]
async fn a_move_that_leads_nowhere_is_refused_with_the_reason() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        let refused = make(&practice, ben.client, "PAUSE").await;
        assert_eq!(code(&refused), Some("STAGE_LOCKED"));
        let words = refused["userErrors"][0]["message"].as_str().unwrap_or_default();
        assert_eq!(words, "This cannot be done from here: Discovery call booked.");
        for not_by_hand in ["WORK_TOGETHER", "INVITE", "BEGIN_INTAKE", "COMPLETE_DISCOVERY"] {
            assert_eq!(code(&make(&practice, ben.client, not_by_hand).await), Some("INVALID"), "{not_by_hand}");
        }
        put(&practice, ben.client, Stage::Active, at(NOW)).await;
        let letter = json!({ "input": { "clientId": ben.client, "move": "PAUSE", "letter": "Dear Ben" } });
        assert_eq!(code(&ask(&practice, ada(), MOVE, letter).await), Some("INVALID"));
        let pause = json!({ "input": { "clientId": ben.client, "move": "PAUSE" } });
        let theirs = ask(&practice, Some(staff(SAMIR_USER)), MOVE, pause).await;
        assert_eq!(code(&theirs), Some("NOT_FOUND"));
        assert_eq!(stage(&practice, ben.client).await, Stage::Active);
    })
    .await;
}

#[tokio::test]
async fn the_work_can_end_with_a_letter() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Active, at(NOW)).await;
        let input = json!({ "clientId": ben.client, "move": "END", "letter": "Dear Ben, go well." });
        assert_eq!(ask(&practice, ada(), MOVE, json!({ "input": input })).await["client"]["stage"], "ENDED");
        let own = "{ viewer { client { relationship { stage letter } } } }";
        let seen = ask(&practice, ben.viewer(), own, json!({})).await;
        assert_eq!(
            seen["client"]["relationship"],
            json!({ "stage": "ACTIVE", "letter": null }),
            "not before it is told"
        );
        practice.pass_minutes(4).await;
        let seen = ask(&practice, ben.viewer(), own, json!({})).await;
        let told = json!({ "stage": "ENDED", "letter": "Dear Ben, go well." });
        assert_eq!(seen["client"]["relationship"], told);
    })
    .await;
}

#[tokio::test]
async fn later_can_be_taken_back_and_decided_again() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        practice.app.clock.push_minutes(26 * 60);
        let later = json!({ "input": { "clientId": ben.client, "decision": "LATER" } });
        let decided = ask(&practice, ada(), DECIDE, later).await;
        assert_eq!(decided["client"], json!({ "stage": "NOT_NOW", "discoveryCompletedAt": "2030-01-08T10:00:00Z" }));
        make(&practice, ben.client, "TAKE_BACK").await;
        assert_eq!(stage(&practice, ben.client).await, Stage::DiscoveryDone);
        let together = json!({ "input": { "clientId": ben.client, "decision": "WORK_TOGETHER" } });
        assert_eq!(ask(&practice, ada(), DECIDE, together).await["client"]["stage"], "INVITED");
    })
    .await;
}

#[tokio::test]
async fn a_decision_waits_until_the_call_has_begun() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        let together = json!({ "input": { "clientId": ben.client, "decision": "WORK_TOGETHER" } });
        let opens = "query($id: ClientId!) { viewer { therapist { client(id: $id) { canDecide decidesFrom } } } }";
        let open =
            async || ask(&practice, ada(), opens, json!({ "id": ben.client })).await["therapist"]["client"].clone();
        assert_eq!(open().await, json!({ "canDecide": false, "decidesFrom": "2030-01-08T10:00:00Z" }));
        practice.app.clock.push_minutes(26 * 60 - 1);
        let refused = ask(&practice, ada(), DECIDE, together.clone()).await;
        assert_eq!((code(&refused), &refused["client"]), (Some("STAGE_LOCKED"), &Value::Null), "{refused:#}");
        let words = refused["userErrors"][0]["message"].as_str().unwrap_or_default();
        assert!(words.contains("The call has not begun") && words.contains("10:00"), "{words}");
        assert_eq!(stage(&practice, ben.client).await, Stage::DiscoveryBooked);
        practice.app.clock.push_minutes(1);
        assert_eq!(open().await, json!({ "canDecide": true, "decidesFrom": null }));
        assert_eq!(ask(&practice, ada(), DECIDE, together).await["client"]["stage"], "INVITED");
    })
    .await;
}

#[tokio::test]
async fn what_is_undone_before_the_mail_leaves_was_never_news() {
    post::on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = ben(practice).await;
        practice.pass_minutes(3).await;
        put(practice, ben.client, Stage::Active, at(NOW)).await;
        let before = story.to_ben().len();
        make(practice, ben.client, "PAUSE").await;
        practice.app.clock.push_minutes(1);
        make(practice, ben.client, "RESUME").await;
        practice.pass_minutes(10).await;
        assert_eq!(story.to_ben().len(), before, "{:?}", story.complaints().await);

        make(practice, ben.client, "PAUSE").await;
        practice.pass_minutes(10).await;
        let mails = story.to_ben();
        assert_eq!(mails.len(), before + 1, "{:?}", story.complaints().await);
        assert_eq!(mails.last().expect("a mail").subject, "There is news for you");
    })
    .await;
}

#[tokio::test]
async fn a_call_without_a_decision_is_asked_about_two_hours_later() {
    let (story, _running) = Story::open(Engine::Sqlite, &[]).await;
    let practice = &story.practice;
    let prompts = || {
        let mails = story.sandbox.mailbox.to("ada@practice.example");
        mails.iter().filter(|mail| mail.subject == "Something waits for you").count()
    };
    practice.book("Ben", "2030-01-08T10:00:00Z").await;
    practice.book("Cleo", "2030-01-08T09:30:00Z").await;
    let dora = practice.book("Dora", "2030-01-08T12:00:00Z").await;
    story.cancel(&dora).await;
    let cleo = super::kit::person(practice, "cleo@example.org").await;
    practice.pass_minutes(26 * 60 + 20).await;
    assert_eq!(prompts(), 0, "it is 10:20, the second call is just over");
    let later = json!({ "input": { "clientId": cleo.client, "decision": "LATER" } });
    ask(practice, ada(), DECIDE, later).await;
    practice.pass_minutes(2 * 60).await;
    assert_eq!(prompts(), 1, "{:?}", story.complaints().await);
    practice.pass_minutes(24 * 60).await;
    assert_eq!(prompts(), 1, "about Ben, and nobody else");
}

#[tokio::test]
async fn a_call_marked_as_done_awaits_its_decision() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        practice.app.clock.push_minutes(26 * 60 + 5);
        let done = "mutation($input: BookingOutcomeInput!) { completeBooking(input: $input) { userErrors { code } } }";
        let done = ask(&practice, ada(), done, json!({ "input": { "bookingId": ben.booking } })).await;
        assert_eq!(done["userErrors"], json!([]), "{done:#}");
        assert_eq!(stage(&practice, ben.client).await, Stage::DiscoveryDone);
        let noted = practice.count("select count(*) from clients where discovery_completed_at is not null").await;
        assert_eq!(noted, 1);
    })
    .await;
}

#[tokio::test]
async fn a_decision_is_taken_back_before_anybody_is_told() {
    post::on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = ben(practice).await;
        practice.pass_minutes(26 * 60 + 20).await;
        let before = story.to_ben().len();
        for (decision, letter) in [("WORK_TOGETHER", None), ("NOT_THE_RIGHT_FIT", Some("Dear Ben")), ("LATER", None)] {
            decide(practice, ben, decision, letter).await;
            let (moves, until) = open_moves(practice, ben).await;
            let can = moves.as_array().is_some_and(|moves| moves.contains(&json!("TAKE_BACK")));
            assert!(can && until.is_string(), "{decision}: {moves}, {until}");
            practice.pass_minutes(2).await;
            let back = make(practice, ben.client, "TAKE_BACK").await;
            assert_eq!(back["client"]["stage"], "DISCOVERY_DONE", "{decision}: {back:#}");
            assert_eq!(open_moves(practice, ben).await, (json!([]), Value::Null));
        }
        let own = ask(practice, ben.viewer(), "{ viewer { client { relationship { letter } } } }", json!({})).await;
        assert_eq!(own["client"]["relationship"]["letter"], Value::Null, "the letter went with its decision");
        practice.pass_minutes(10).await;
        assert_eq!(story.to_ben().len(), before, "{:?}", story.complaints().await);
        assert_eq!(own_way(practice, ben).await, ["Your discovery call was booked.", "Your discovery call was over."]);

        // What is decided after that has the whole delay again, and is told once.
        decide(practice, ben, "LATER", None).await;
        practice.pass_minutes(2).await;
        make(practice, ben.client, "TAKE_BACK").await;
        decide(practice, ben, "WORK_TOGETHER", None).await;
        practice.pass_minutes(2).await;
        assert_eq!(story.to_ben().len(), before, "the first decision would have been told by now");
        practice.pass_minutes(2).await;
        assert_eq!(story.to_ben().len(), before + 1, "{:?}", story.complaints().await);
        let refused = make(practice, ben.client, "TAKE_BACK").await;
        assert_eq!(code(&refused), Some("STAGE_LOCKED"), "{refused:#}");
        assert_eq!(stage(practice, ben.client).await, Stage::Invited);
    })
    .await;
}

#[tokio::test]
async fn a_client_reads_their_way_and_of_a_decision_once_they_are_told() {
    post::on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = ben(practice).await;
        practice.pass_minutes(26 * 60 + 20).await;
        decide(practice, ben, "LATER", None).await;
        let way = ["Your discovery call was booked.", "Your discovery call was over.", "There was no place."];
        assert_eq!(own_way(practice, ben).await, way[..2]);
        let own = "{ viewer { client { relationship { stage now } } } }";
        let seen = ask(practice, ben.viewer(), own, json!({})).await;
        let undecided = json!({ "stage": "DISCOVERY_DONE", "now": "Your discovery call is over." });
        assert_eq!(seen["client"]["relationship"], undecided, "it can still be taken back");
        practice.pass_minutes(4).await;
        assert_eq!(own_way(practice, ben).await, way);
        make(practice, ben.client, "TAKE_BACK").await;
        decide(practice, ben, "WORK_TOGETHER", None).await;
        let before = own_way(practice, ben).await;
        assert_eq!(before.len(), 4, "{before:?}");
        practice.pass_minutes(4).await;
        assert_eq!(own_way(practice, ben).await.last().map(String::as_str), Some("You decided to work together."));
        let steps = history(practice, ben).await;
        assert_eq!(steps.first(), Some(&json!({ "words": null, "by": "CLIENT", "actor": null })));
        let decided = json!({ "words": "You decided to work together.", "by": "THERAPIST", "actor": "Ada" });
        assert_eq!(steps.last(), Some(&decided));
    })
    .await;
}

#[tokio::test]
async fn somebody_who_was_referred_out_comes_back() {
    post::on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = ben(practice).await;
        practice.pass_minutes(26 * 60 + 20).await;
        decide(practice, ben, "NOT_THE_RIGHT_FIT", Some("Dear Ben, try Cleo.")).await;
        practice.pass_minutes(60).await;
        let told = story.to_ben().len();
        assert_eq!(open_moves(practice, ben).await, (json!(["TAKE_BACK", "ALLOW_CALL"]), Value::Null));
        assert_eq!(make(practice, ben.client, "ALLOW_CALL").await["client"]["stage"], "INQUIRY");
        let own = "{ viewer { client { relationship { canBookDiscovery letter } } } }";
        let own = ask(practice, ben.viewer(), own, json!({})).await;
        let expected = json!({ "canBookDiscovery": true, "letter": "Dear Ben, try Cleo." });
        assert_eq!(own["client"]["relationship"], expected);
        practice.pass_minutes(10).await;
        assert_eq!(story.to_ben().len(), told + 1, "{:?}", story.complaints().await);
        assert_eq!(own_way(practice, ben).await.last().map(String::as_str), Some("You may book a call again."));
    })
    .await;
}

#[tokio::test]
async fn clients_are_found_by_name_and_address() {
    on_both_engines(|practice: Practice| async move {
        practice.book("Ben", "2030-01-08T10:00:00Z").await;
        practice.book("Cleo", "2030-01-08T11:00:00Z").await;
        let found = async |variables: Value| {
            let list = "query($search: String, $stage: Stage) { viewer { therapist {
                clients(search: $search, stage: $stage) { nodes { name } } } } }";
            let found = ask(&practice, ada(), list, variables).await;
            let nodes = found["therapist"]["clients"]["nodes"].as_array().expect("clients").clone();
            nodes.iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found(json!({})).await, ["Ben", "Cleo"]);
        assert_eq!(found(json!({ "search": " cLE " })).await, ["Cleo"]);
        assert_eq!(found(json!({ "search": "ben@EXAMPLE" })).await, ["Ben"]);
        assert_eq!(found(json!({ "search": "%" })).await, [] as [&str; 0]);
        assert_eq!(found(json!({ "search": "_en" })).await, [] as [&str; 0]);
        assert_eq!(found(json!({ "search": "ben", "stage": "ACTIVE" })).await, [] as [&str; 0]);
        assert_eq!(found(json!({ "search": "ben", "stage": "DISCOVERY_BOOKED" })).await, ["Ben"]);
    })
    .await;
}
