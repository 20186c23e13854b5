//! The form: saved in parts, sent once, read by one therapist, and by nobody who has only the disk.

use super::invitations::contains;
use super::kit::{SAVE_FORM, accept, ada, ask, ben, code, own, publish, put, question, save_form, stage};
use crate::support::{Engine, NOW, Practice, SAMIR_USER, SESSION, at, on_both_engines, staff};
use anteroom::features::accounts::Viewer;
use anteroom::features::intake::{self, needs};
use serde_json::{Value, json};
use shared::actor::Role;
use shared::intake::{Missing, Occasion};
use shared::stage::Stage;

const SAVE: &str = "mutation($input: SaveIntakeAnswersInput!) { saveIntakeAnswers(input: $input) {
    intake { answers { field values } } userErrors { code field } } }";

const SEND: &str = "mutation($input: SubmitIntakeInput!) { submitIntake(input: $input) {
    intake { sentAt missing } userErrors { code field } } }";

const READ: &str = "query($id: ClientId!) { viewer { therapist { intakeOfClient(id: $id) {
    answers { field values } hasBegun sentAt parts { title fields { id } }
} } } }";

const CANARY: &str = "a fox nobody has seen";

fn answer(field: &str, values: &[&str]) -> Value {
    json!({ "field": field, "values": values })
}

fn questions() -> Vec<Value> {
    vec![
        question("story", "LONG_TEXT", true, &[]),
        question("second", "PART", false, &[]),
        question("how", "CHOICE", false, &["Video", "Room"]),
        question("call", "PHONE", true, &[]),
    ]
}

#[tokio::test]
async fn a_form_is_saved_in_parts_and_sent_once_it_is_whole() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::IntakePending, at(NOW)).await;
        save_form(&practice, &questions()).await;
        let save = async |answers: &[Value]| {
            ask(&practice, ben.viewer(), SAVE, json!({ "input": { "answers": answers } })).await
        };
        let send = async || ask(&practice, ben.viewer(), SEND, json!({ "input": {} })).await;

        assert_eq!(save(&[answer("story", &[CANARY])]).await["userErrors"], json!([]));
        let both = save(&[answer("how", &["Room"])]).await;
        let kept = json!([answer("how", &["Room"]), answer("story", &[CANARY])]);
        assert_eq!(both["intake"]["answers"], kept, "what is not named stays");
        let odd = save(&[answer("how", &["By pigeon"]), answer("story", &["something else"])]).await;
        assert_eq!(odd["userErrors"], json!([{ "code": "INVALID", "field": ["answers", "how"] }]));
        assert_eq!(own(&practice, ben).await["intake"]["answers"], kept, "all or nothing is saved");

        let early = send().await;
        assert_eq!(early["userErrors"], json!([{ "code": "REQUIRED", "field": ["answers", "call"] }]));
        let before =
            ask(&practice, ada(), READ, json!({ "id": ben.client })).await["therapist"]["intakeOfClient"].clone();
        assert_eq!(
            (&before["answers"], &before["hasBegun"]),
            (&json!([]), &json!(true)),
            "it is theirs until it is sent"
        );

        save(&[answer("call", &["020 7946 0018"])]).await;
        let sent = send().await;
        assert_eq!(sent["userErrors"], json!([]), "{sent:#}");
        assert_eq!(code(&send().await), Some("ALREADY_DONE"));
        assert_eq!(code(&save(&[answer("how", &["Video"])]).await), Some("ALREADY_DONE"));
        let read =
            ask(&practice, ada(), READ, json!({ "id": ben.client })).await["therapist"]["intakeOfClient"].clone();
        assert_eq!(read["answers"].as_array().map(Vec::len), Some(3), "{read:#}");

        save_form(&practice, &[question("new", "YES_NO", true, &[])]).await;
        let after = own(&practice, ben).await;
        assert_eq!(after["intake"]["missing"], json!([]), "who has sent theirs is not asked again");
        assert_eq!(after["intake"]["answers"].as_array().map(Vec::len), Some(3));
    })
    .await;
}

#[tokio::test]
async fn the_work_begins_by_itself_once_everything_is_there() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Invited, at(NOW)).await;
        publish(&practice, "CONSENT", "We meet weekly.", true).await;
        save_form(&practice, &[question("story", "LONG_TEXT", true, &[])]).await;

        intake::begin(&practice.app, ben.user).await.expect("they signed in");
        assert_eq!(stage(&practice, ben.client).await, Stage::IntakePending);
        let holding = async || {
            let needs = needs::read_of(&practice.app, ben.client).await.expect("an answer").expect("a client");
            needs.holding(&Missing::ALL)
        };
        assert_eq!(holding().await, [Missing::Consent, Missing::IntakeForm]);
        assert_eq!(own(&practice, ben).await["intake"]["holdsSession"], json!(true));

        let input = json!({ "input": { "answers": [answer("story", &["Sleep."])] } });
        ask(&practice, ben.viewer(), SEND, input).await;
        assert_eq!(stage(&practice, ben.client).await, Stage::IntakePending);
        accept(&practice, ben, "CONSENT").await;
        assert_eq!(stage(&practice, ben.client).await, Stage::Active);
        assert_eq!(holding().await, []);
    })
    .await;
}

const BOOK_SESSION: &str = "mutation($input: BookSessionInput!) { bookSession(input: $input) {
    booking { status } userErrors { code message } } }";

#[tokio::test]
async fn a_first_session_is_booked_and_waits_for_what_is_missing() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Invited, at(NOW)).await;
        publish(&practice, "FEES", "It costs what it says.", true).await;
        let input = json!({ "input": { "sessionTypeId": SESSION, "startsAt": "2030-01-09T10:00:00Z" } });
        let booked = ask(&practice, ben.viewer(), BOOK_SESSION, input).await;
        assert_eq!(booked["booking"]["status"], "CONFIRMED", "{booked:#}");
        assert_eq!(stage(&practice, ben.client).await, Stage::IntakePending);
        practice.pass_minutes(24 * 60).await;
        assert_eq!(practice.count("select count(*) from bookings where status = 'CONFIRMED'").await, 2);
        accept(&practice, ben, "FEES").await;
        assert_eq!(stage(&practice, ben.client).await, Stage::Active);
    })
    .await;
}

#[tokio::test]
async fn whoever_comes_back_from_a_break_books_and_is_back() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Paused, at(NOW)).await;
        let input = json!({ "input": { "sessionTypeId": SESSION, "startsAt": "2030-01-09T10:00:00Z" } });
        let booked = ask(&practice, ben.viewer(), BOOK_SESSION, input).await;
        assert_eq!(booked["userErrors"], json!([]), "{booked:#}");
        assert_eq!(stage(&practice, ben.client).await, Stage::Active);
    })
    .await;
}

#[tokio::test]
async fn whoever_has_nothing_to_do_begins_with_their_first_booking() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Invited, at(NOW)).await;
        intake::begin(&practice.app, ben.user).await.expect("they signed in");
        assert_eq!(stage(&practice, ben.client).await, Stage::Invited);
        let clock = practice.app.clock.clone();
        let booked = practice.app.db.write(move |tx| {
            let clock = clock.clone();
            Box::pin(async move { intake::settle(tx, &clock, ben.client, Occasion::Booked).await })
        });
        booked.await.expect("it is settled");
        assert_eq!(stage(&practice, ben.client).await, Stage::Active);
    })
    .await;
}

#[tokio::test]
async fn answers_are_read_by_the_therapist_alone_and_each_reading_is_noted() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::IntakePending, at(NOW)).await;
        save_form(&practice, &[question("story", "LONG_TEXT", true, &[])]).await;
        let input = json!({ "input": { "answers": [answer("story", &[CANARY])] } });
        ask(&practice, ben.viewer(), SEND, input).await;

        let read = practice.ask_as(ada(), READ, json!({ "id": ben.client })).await.to_string();
        assert!(read.contains(CANARY), "{read}");
        let samir = staff(SAMIR_USER);
        let assistant = Viewer { role: Role::Assistant, ..samir };
        let half = ada().map(|ada| Viewer { second_factor: false, ..ada });
        for (who, viewer) in
            [("Samir", Some(samir)), ("an assistant", Some(assistant)), ("half of Ada", half), ("nobody", None)]
        {
            let answer = practice.ask_as(viewer, READ, json!({ "id": ben.client })).await.to_string();
            assert!(!answer.contains(CANARY), "{who} reads it: {answer}");
        }
        assert_eq!(practice.count("select count(*) from audit_trail where deed = 'read intake'").await, 1);
        let mut conn = practice.app.db.read().await.expect("a connection");
        assert_eq!(anteroom::audit::first_broken(&mut conn).await.expect("a trail"), None);
    })
    .await;
}

#[tokio::test]
async fn whoever_has_only_the_disk_reads_no_answer() {
    let practice = Practice::open(Engine::Sqlite).await;
    let ben = ben(&practice).await;
    put(&practice, ben.client, Stage::IntakePending, at(NOW)).await;
    save_form(&practice, &[question("story", "LONG_TEXT", true, &[])]).await;
    let input = json!({ "input": { "answers": [answer("story", &[CANARY])] } });
    ask(&practice, ben.viewer(), SEND, input).await;
    let path = practice.url.trim_start_matches("sqlite://");
    let mut is_here = false;
    for end in ["", "-wal"] {
        let Ok(bytes) = std::fs::read(format!("{path}{end}")) else { continue };
        assert!(!contains(&bytes, CANARY.as_bytes()), "the answer lies open in {path}{end}");
        is_here |= contains(&bytes, b"About story");
    }
    assert!(is_here, "the question would have been found");
}

#[tokio::test]
async fn a_form_that_could_not_be_answered_is_not_saved() {
    on_both_engines(|practice: Practice| async move {
        let fields = [question("a", "CHOICE", true, &["One"]), question("a", "DATE", false, &[])];
        let refused = ask(&practice, ada(), SAVE_FORM, json!({ "input": { "fields": fields } })).await;
        let errors = refused["userErrors"].as_array().expect("errors");
        let paths: Vec<String> = errors.iter().map(|it| it["field"].to_string()).collect();
        assert_eq!(paths, [r#"["fields","0","options"]"#, r#"["fields","1","id"]"#]);
        assert_eq!(practice.count("select count(*) from intake_forms").await, 0);
    })
    .await;
}
