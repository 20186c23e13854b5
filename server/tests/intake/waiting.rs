//! What a session type asks for: which session waits for which document, and which goes on.

use super::kit::{Person, accept, ada, ask, ben, own, publish, put, question, save_form, stage};
use crate::support::{NOW, Practice, SESSION, at, on_both_engines};
use serde_json::{Value, json};
use shared::ids::SessionTypeId;
use shared::stage::Stage;

const SAVE_TYPE: &str = "mutation($input: SaveSessionTypeInput!) { saveSessionType(input: $input) {
    offeredType { sessionType { id } waitsFor } userErrors { code field message } } }";

const BOOK: &str = "mutation($input: BookSessionInput!) { bookSession(input: $input) {
    booking { id } userErrors { code message } } }";

const DESK: &str = "query($id: BookingId!) { viewer { therapist {
    bookingList { heldUp } booking(id: $id) { waitsFor } } } }";

/// Saves a session type as Ada, a new one where there is no id; the answer is what was saved.
async fn save(practice: &Practice, id: Option<SessionTypeId>, name: &str, waits_for: Option<Value>) -> Value {
    let mut input = json!({
        "sessionTypeId": id, "name": name, "summary": "", "description": [], "gate": "CLIENTS", "modality": "ONLINE",
        "minutes": 50, "bufferBefore": 0, "bufferAfter": 10, "gridMinutes": 30, "noticeMinutes": 60, "horizonDays": 60,
        "priceAmount": 7500, "priceCurrency": "GBP", "prepay": "NOTHING", "depositAmount": 0, "visible": true,
    });
    if let Some(waits_for) = waits_for {
        input["waitsFor"] = waits_for;
    }
    let payload = ask(practice, ada(), SAVE_TYPE, json!({ "input": input })).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["offeredType"].clone()
}

/// A new session type that asks for this.
async fn offer(practice: &Practice, name: &str, waits_for: Value) -> Value {
    save(practice, None, name, Some(waits_for)).await["sessionType"]["id"].clone()
}

/// Books a session of a type as its client; it must work.
async fn book(practice: &Practice, who: Person, session_type: &Value, starts_at: &str) -> Value {
    let input = json!({ "sessionTypeId": session_type, "startsAt": starts_at });
    let booked = ask(practice, who.viewer(), BOOK, json!({ "input": input })).await;
    assert!(booked["booking"]["id"].is_string(), "{booked:#}");
    booked["booking"]["id"].clone()
}

/// What a session waits for; the list of bookings must say the same.
async fn waits(practice: &Practice, booking: &Value) -> Value {
    let desk = ask(practice, ada(), DESK, json!({ "id": booking })).await["therapist"].clone();
    let waits = desk["booking"]["waitsFor"].clone();
    let is_marked = desk["bookingList"]["heldUp"].as_array().expect("a list").contains(booking);
    assert_eq!(is_marked, waits != json!([]), "{desk:#}");
    waits
}

#[tokio::test]
async fn a_session_type_says_what_its_first_session_waits_for() {
    on_both_engines(|practice: Practice| async move {
        let all = json!(["CONSENT", "PRIVACY", "FEES", "COMMUNICATION", "INTAKE_FORM"]);
        assert_eq!(
            save(&practice, None, "New", None).await["waitsFor"],
            all,
            "left out, a new one asks for everything"
        );
        let some = json!(["INTAKE_FORM", "FEES", "FEES"]);
        let saved = save(&practice, Some(SESSION), "Session", Some(some)).await;
        assert_eq!(saved["waitsFor"], json!(["FEES", "INTAKE_FORM"]), "each once, in the order people do it");
        let renamed = save(&practice, Some(SESSION), "The hour", None).await;
        assert_eq!(renamed["waitsFor"], json!(["FEES", "INTAKE_FORM"]), "left out, it stays");

        publish(&practice, "CONSENT", "We meet weekly.", true).await;
        publish(&practice, "FEES", "It costs what it says.", true).await;
        save_form(&practice, &[question("story", "LONG_TEXT", false, &[])]).await;
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Invited, at(NOW)).await;
        let first = book(&practice, ben, &json!(SESSION), "2030-01-10T10:00:00Z").await;
        assert_eq!(waits(&practice, &first).await, json!(["FEES", "INTAKE_FORM"]));
        let intake = own(&practice, ben).await["intake"].clone();
        assert_eq!(intake["missing"], json!(["FEES", "INTAKE_FORM"]), "and nobody asks for the rest");
        let waiting = own(&practice, ben).await["documents"].clone();
        let kinds: Vec<_> =
            waiting.as_array().expect("documents").iter().map(|it| (&it["kind"], &it["isWaiting"])).collect();
        assert_eq!(kinds, [(&json!("CONSENT"), &json!(false)), (&json!("FEES"), &json!(true))]);

        // What is not asked for any more holds nothing up.
        save(&practice, Some(SESSION), "The hour", Some(json!(["FEES"]))).await;
        assert_eq!(waits(&practice, &first).await, json!(["FEES"]));
        accept(&practice, ben, "FEES").await;
        assert_eq!(stage(&practice, ben.client).await, Stage::Active);
        assert_eq!(waits(&practice, &first).await, json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_session_that_asks_for_nothing_begins_the_work_and_another_kind_still_waits() {
    on_both_engines(|practice: Practice| async move {
        publish(&practice, "CONSENT", "We meet weekly.", true).await;
        let supervision = offer(&practice, "Supervision", json!([])).await;
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::IntakePending, at(NOW)).await;
        assert_eq!(own(&practice, ben).await["intake"]["missing"], json!(["CONSENT"]), "nothing is booked yet");

        let free = book(&practice, ben, &supervision, "2030-01-09T12:00:00Z").await;
        assert_eq!(stage(&practice, ben.client).await, Stage::Active, "there is nothing to wait for");
        let intake = own(&practice, ben).await["intake"].clone();
        assert_eq!((&intake["missing"], &intake["holdsSession"]), (&json!([]), &json!(false)));

        let hour = book(&practice, ben, &json!(SESSION), "2030-01-17T10:00:00Z").await;
        assert_eq!(waits(&practice, &hour).await, json!(["CONSENT"]), "supervision did not ask for it");
        assert_eq!(waits(&practice, &free).await, json!([]));
        let intake = own(&practice, ben).await["intake"].clone();
        assert_eq!((&intake["missing"], &intake["holdsSession"]), (&json!(["CONSENT"]), &json!(true)));

        accept(&practice, ben, "CONSENT").await;
        assert_eq!(waits(&practice, &hour).await, json!([]));
        assert_eq!(own(&practice, ben).await["intake"]["holdsSession"], json!(false));
    })
    .await;
}

#[tokio::test]
async fn once_a_session_took_place_what_it_asked_for_holds_nothing_up() {
    on_both_engines(|practice: Practice| async move {
        save(&practice, Some(SESSION), "Session", Some(json!(["CONSENT", "FEES"]))).await;
        let couples = offer(&practice, "Couples", json!(["FEES", "COMMUNICATION"])).await;
        publish(&practice, "CONSENT", "We meet weekly.", true).await;
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Invited, at(NOW)).await;
        book(&practice, ben, &json!(SESSION), "2030-01-09T10:00:00Z").await;
        let next = book(&practice, ben, &json!(SESSION), "2030-01-16T10:00:00Z").await;
        accept(&practice, ben, "CONSENT").await;
        assert_eq!(stage(&practice, ben.client).await, Stage::Active);

        // Before the first took place, what is new is still a thing to do before it.
        publish(&practice, "FEES", "It costs what it says.", true).await;
        assert_eq!(waits(&practice, &next).await, json!(["FEES"]));
        practice.pass_minutes(3 * 24 * 60).await;
        publish(&practice, "CONSENT", "We meet every other week.", true).await;
        publish(&practice, "COMMUNICATION", "Write when you like.", true).await;
        assert_eq!(waits(&practice, &next).await, json!([]), "who works together goes on working");
        let intake = own(&practice, ben).await["intake"].clone();
        assert_eq!((&intake["missing"], &intake["holdsSession"]), (&json!(["CONSENT", "FEES"]), &json!(false)));

        let pair = book(&practice, ben, &couples, "2030-01-17T10:00:00Z").await;
        assert_eq!(waits(&practice, &pair).await, json!(["COMMUNICATION"]), "of what it asks, only this is new");
        assert_eq!(waits(&practice, &next).await, json!([]));
    })
    .await;
}

#[tokio::test]
async fn what_the_therapist_began_without_holds_nothing_up() {
    on_both_engines(|practice: Practice| async move {
        publish(&practice, "CONSENT", "We meet weekly.", true).await;
        let ben = ben(&practice).await;
        put(&practice, ben.client, Stage::Invited, at(NOW)).await;
        let first = book(&practice, ben, &json!(SESSION), "2030-01-10T10:00:00Z").await;
        assert_eq!(waits(&practice, &first).await, json!(["CONSENT"]));
        let begin = "mutation($input: MoveClientInput!) { moveClient(input: $input) { userErrors { code message } } }";
        let input = json!({ "input": { "clientId": ben.client, "move": "BEGIN" } });
        let begun = ask(&practice, ada(), begin, input).await;
        assert_eq!(begun["userErrors"], json!([]), "{begun:#}");
        assert_eq!(waits(&practice, &first).await, json!([]), "it is on paper, say");
        let intake = own(&practice, ben).await["intake"].clone();
        assert_eq!((&intake["missing"], &intake["holdsSession"]), (&json!(["CONSENT"]), &json!(false)));
    })
    .await;
}
