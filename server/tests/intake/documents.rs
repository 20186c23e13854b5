//! Documents in versions, and who accepted which.

use super::kit::{ACCEPT, PUBLISH, accept, ada, ask, ben, code, own, publish, put, stage};
use crate::support::{NOW, Practice, SESSION, at, on_both_engines};
use serde_json::{Value, json};
use shared::stage::Stage;

const RECORD: &str = "query($id: ClientId!) { viewer { therapist { intakeOfClient(id: $id) {
    missing accepted { kind version title hash network acceptedAt }
} } } }";

async fn record(practice: &Practice, id: Value) -> Value {
    ask(practice, ada(), RECORD, json!({ "id": id })).await["therapist"]["intakeOfClient"].clone()
}

#[tokio::test]
async fn nothing_is_asked_before_it_is_published() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Invited, at(NOW)).await;
        assert_eq!(own(&practice, ben).await["intake"]["missing"], json!([]));
        let written = "{ viewer { therapist { documents { kind title version hasChanges } intakeForm { version } } } }";
        let desk = ask(&practice, ada(), written, json!({})).await["therapist"].clone();
        assert_eq!(desk["documents"].as_array().map(Vec::len), Some(4));
        assert_eq!(desk["documents"][0]["title"], "Working together");
        assert_eq!((&desk["documents"][0]["version"], &desk["intakeForm"]["version"]), (&Value::Null, &Value::Null));

        let input = json!({ "kind": "CONSENT", "title": "A draft", "body": "Not yet.", "isDraft": true });
        let draft = ask(&practice, ada(), PUBLISH, json!({ "input": input })).await;
        assert_eq!(draft["document"]["version"], Value::Null);
        assert_eq!(own(&practice, ben).await["documents"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn who_accepted_what_and_when_is_kept_with_the_text() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Invited, at(NOW)).await;
        publish(&practice, "CONSENT", "We meet weekly.", true).await;
        publish(&practice, "FEES", "It costs what it says.", true).await;
        assert_eq!(own(&practice, ben).await["intake"]["missing"], json!(["CONSENT", "FEES"]));

        practice.app.clock.push_minutes(5);
        let accepted = accept(&practice, ben, "CONSENT").await;
        assert_eq!(accepted["document"]["isWaiting"], json!(false), "{accepted:#}");
        practice.app.clock.push_minutes(5);
        accept(&practice, ben, "CONSENT").await;

        let record = record(&practice, json!(ben.client)).await;
        assert_eq!(record["missing"], json!(["FEES"]));
        let rows = record["accepted"].as_array().expect("rows");
        assert_eq!(rows.len(), 1, "twice is once: {record:#}");
        assert_eq!((&rows[0]["version"], &rows[0]["acceptedAt"]), (&json!(1), &json!("2030-01-07T08:05:00Z")));
        assert_eq!(rows[0]["network"], "127.0.0.0/24");
        let hash = anteroom::keys::hash(b"consent\n1\nAbout CONSENT\nWe meet weekly.");
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(rows[0]["hash"], json!(hash));
        let trail = "select count(*) from audit_trail where deed in ('accept document', 'read intake')";
        assert_eq!(practice.count(trail).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_change_of_substance_asks_again_and_a_correction_does_not() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Active, at(NOW)).await;
        publish(&practice, "PRIVACY", "We keep little.", true).await;
        accept(&practice, ben, "PRIVACY").await;

        publish(&practice, "PRIVACY", "We keep little. Promised.", false).await;
        assert_eq!(own(&practice, ben).await["intake"]["missing"], json!([]));

        publish(&practice, "PRIVACY", "We keep more.", true).await;
        let own_now = own(&practice, ben).await;
        assert_eq!(own_now["intake"]["missing"], json!(["PRIVACY"]));
        assert_eq!(own_now["intake"]["holdsSession"], json!(false), "who works together goes on working");
        assert_eq!(own_now["documents"][0]["version"], json!(3));
        assert_eq!(stage(&practice, ben.client).await, Stage::Active);

        publish(&practice, "PRIVACY", "We keep more.", false).await;
        assert_eq!(
            practice.count("select count(*) from document_versions").await,
            3,
            "the same text is no new version"
        );
    })
    .await;
}

#[tokio::test]
async fn only_what_is_in_force_can_be_accepted() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Invited, at(NOW)).await;
        publish(&practice, "FEES", "It costs ten.", true).await;
        let read = own(&practice, ben).await["documents"][0]["versionId"].clone();
        publish(&practice, "FEES", "It costs twenty.", true).await;
        let late = ask(&practice, ben.viewer(), ACCEPT, json!({ "input": { "versionId": read } })).await;
        assert_eq!(code(&late), Some("ALREADY_DONE"), "{late:#}");
        let never = json!({ "input": { "versionId": uuid::Uuid::from_u128(9) } });
        assert_eq!(code(&ask(&practice, ben.viewer(), ACCEPT, never).await), Some("NOT_FOUND"));
        assert_eq!(practice.count("select count(*) from acceptances").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_document_without_words_is_refused() {
    on_both_engines(|practice: Practice| async move {
        let input = json!({ "kind": "FEES", "title": " ", "body": "\n" });
        let refused = ask(&practice, ada(), PUBLISH, json!({ "input": input })).await;
        let errors = refused["userErrors"].as_array().expect("errors");
        let fields: Vec<&Value> = errors.iter().map(|it| &it["field"][0]).collect();
        assert_eq!(fields, ["title", "body"]);
    })
    .await;
}

#[tokio::test]
async fn a_session_that_waits_for_documents_is_marked_until_they_are_accepted() {
    on_both_engines(|practice: Practice| async move {
        publish(&practice, "CONSENT", "We meet weekly.", true).await;
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Invited, at(NOW)).await;
        let book =
            "mutation($input: BookSessionInput!) { bookSession(input: $input) { booking { id } userErrors { code } } }";
        let input = json!({ "sessionTypeId": SESSION, "startsAt": "2030-01-10T10:00:00Z" });
        let booked = ask(&practice, ben.viewer(), book, json!({ "input": input })).await;
        let id = booked["booking"]["id"].clone();
        assert!(id.is_string(), "it stays booked meanwhile: {booked:#}");
        let desk = "query($id: BookingId!) { viewer { therapist {
            bookingList { heldUp nodes { booking { id } } } booking(id: $id) { waitsFor } } } }";
        let seen = async || ask(&practice, ada(), desk, json!({ "id": id })).await["therapist"].clone();
        let waits = seen().await;
        assert_eq!(waits["bookingList"]["heldUp"], json!([id]), "the call of tomorrow waits for nothing: {waits:#}");
        assert_eq!(waits["booking"]["waitsFor"], json!(["CONSENT"]));

        accept(&practice, ben, "CONSENT").await;
        let ready = seen().await;
        assert_eq!((&ready["bookingList"]["heldUp"], &ready["booking"]["waitsFor"]), (&json!([]), &json!([])));
    })
    .await;
}
