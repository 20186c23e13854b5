//! What was just done is taken back, by whoever did it, before anybody is told.

use super::kit::{Person, ada, ask, assert_sound, book, cancel, client, seen, shift, try_book};
use crate::support::{Practice, SESSION, on_both_engines};
use anteroom::features::accounts::Viewer;
use serde_json::{Value, json};
use std::sync::Arc;

const CALL: &str = "2030-01-07T10:00:00Z";

pub const TAKE_BACK: &str = "mutation($id: BookingId!) { takeChangeBack(input: { bookingId: $id }) {
    booking { status startsAt isLate isWaived cancelledAt } userErrors { code field message } } }";

pub async fn take_back(practice: &Practice, viewer: Option<Viewer>, id: &Value) -> Value {
    ask(practice, viewer, TAKE_BACK, json!({ "id": id })).await
}

fn code(payload: &Value) -> &Value {
    &payload["userErrors"][0]["code"]
}

async fn undoable(practice: &Practice, person: Person, id: &Value) -> Value {
    let query =
        "query($id: BookingId!) { viewer { client { booking(id: $id) { undoable { step byWhom until startsAt } } } } }";
    ask(practice, Some(person.viewer), query, json!({ "id": id })).await["client"]["booking"]["undoable"].clone()
}

async fn reminders(practice: &Practice, id: &Value) -> usize {
    let query = "query($id: BookingId!) { viewer { therapist { booking(id: $id) { reminders { at } } } } }";
    let seen = ask(practice, ada(), query, json!({ "id": id })).await;
    seen["therapist"]["booking"]["reminders"].as_array().expect("reminders").len()
}

#[tokio::test]
async fn what_was_called_off_is_brought_back_with_all_that_went_with_it() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let cleo = client(&practice, "Cleo", "2030-01-07T12:00:00Z").await;
        // The one that is on the house is used up.
        let first = book(&practice, ben, "2030-01-08T09:00:00Z").await;
        cancel(&practice, Some(ben.viewer), &first["id"]).await;

        let booking = book(&practice, ben, "2030-01-08T15:00:00Z").await;
        let id = &booking["id"];
        let planned = reminders(&practice, id).await;
        assert_eq!(undoable(&practice, ben, id).await, Value::Null, "a new session is called off, not taken back");
        cancel(&practice, Some(ben.viewer), id).await;
        assert_eq!(seen(&practice, id).await["fee"]["state"], "PROPOSED");
        let until = practice.app.outward_at();
        let offer = json!({ "step": "CANCELLED", "byWhom": "CLIENT", "until": until, "startsAt": "2030-01-08T15:00:00Z" });
        assert_eq!(undoable(&practice, ben, id).await, offer);

        assert_eq!(code(&take_back(&practice, ada(), id).await), "ALREADY_DONE", "it was not she who called it off");
        assert_eq!(code(&take_back(&practice, Some(cleo.viewer), id).await), "NOT_FOUND");
        let back = take_back(&practice, Some(ben.viewer), id).await;
        let whole = json!({ "status": "CONFIRMED", "startsAt": "2030-01-08T15:00:00Z", "isLate": false, "isWaived": false, "cancelledAt": null });
        assert_eq!((&back["booking"], &back["userErrors"]), (&whole, &json!([])));
        let after = seen(&practice, id).await;
        assert_eq!((&after["fee"], &after["open"]), (&Value::Null, &json!([])));
        let steps: Vec<&str> = after["steps"].as_array().expect("steps").iter().filter_map(|it| it["step"].as_str()).collect();
        assert_eq!(steps, ["BOOKED", "CANCELLED", "TAKEN_BACK"]);
        assert_eq!(reminders(&practice, id).await, planned);
        assert_eq!(undoable(&practice, ben, id).await, Value::Null);
        assert_eq!(code(&take_back(&practice, Some(ben.viewer), id).await), "ALREADY_DONE", "once");
        assert_eq!(code(&try_book(&practice, cleo, "2030-01-08T15:00:00Z").await), "SLOT_TAKEN");
        assert_sound(&practice).await;

        // The one that was on the house is another matter: it comes back as one that can be used again.
        let back = take_back(&practice, Some(ben.viewer), &first["id"]).await;
        assert_eq!(back["booking"]["isWaived"], false, "{back:#}");
        let again = cancel(&practice, Some(ben.viewer), id).await;
        assert_eq!(again["booking"]["isWaived"], true);
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_moved_goes_back_and_is_not_counted() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let cleo = client(&practice, "Cleo", "2030-01-07T12:00:00Z").await;
        let booking = book(&practice, ben, "2030-01-14T10:00:00Z").await;
        let id = &booking["id"];
        for (by, side) in [(Some(ben.viewer), "CLIENT"), (ada(), "PRACTICE")] {
            let moved = shift(&practice, by, id, "2030-01-15T13:00:00Z").await;
            assert_eq!(moved["userErrors"], json!([]), "{moved:#}");
            assert_eq!(undoable(&practice, ben, id).await["byWhom"], side);
            let back = take_back(&practice, by, id).await;
            assert_eq!(back["booking"]["startsAt"], "2030-01-14T10:00:00Z", "{back:#}");
        }
        let after = seen(&practice, id).await;
        assert_eq!(after["reschedules"], 0);
        assert_sound(&practice).await;
        book(&practice, cleo, "2030-01-15T13:00:00Z").await;
        assert_eq!(code(&try_book(&practice, cleo, "2030-01-14T10:00:00Z").await), "SLOT_TAKEN");

        // Only the last of several changes.
        shift(&practice, Some(ben.viewer), id, "2030-01-16T10:00:00Z").await;
        cancel(&practice, ada(), id).await;
        assert_eq!(code(&take_back(&practice, Some(ben.viewer), id).await), "ALREADY_DONE");
        let back = take_back(&practice, ada(), id).await;
        assert_eq!(back["booking"]["startsAt"], "2030-01-16T10:00:00Z", "{back:#}");
        assert_eq!(
            code(&take_back(&practice, Some(ben.viewer), id).await),
            "ALREADY_DONE",
            "not one change after the other"
        );
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn what_has_been_told_or_taken_meanwhile_stays_as_it_is() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let cleo = client(&practice, "Cleo", "2030-01-07T12:00:00Z").await;
        let told = book(&practice, ben, "2030-01-14T10:00:00Z").await;
        cancel(&practice, Some(ben.viewer), &told["id"]).await;
        practice.pass_minutes(3).await;
        assert_eq!(undoable(&practice, ben, &told["id"]).await, Value::Null);
        assert_eq!(code(&take_back(&practice, Some(ben.viewer), &told["id"]).await), "ALREADY_DONE");

        let taken = book(&practice, ben, "2030-01-15T10:00:00Z").await;
        cancel(&practice, Some(ben.viewer), &taken["id"]).await;
        book(&practice, cleo, "2030-01-15T10:00:00Z").await;
        let refused = take_back(&practice, Some(ben.viewer), &taken["id"]).await;
        assert_eq!((code(&refused), &refused["booking"]), (&json!("SLOT_TAKEN"), &Value::Null));
        assert_eq!(seen(&practice, &taken["id"]).await["booking"]["status"], "CANCELLED");

        let decided = book(&practice, ben, "2030-01-16T10:00:00Z").await;
        cancel(&practice, Some(ben.viewer), &decided["id"]).await;
        let moved = "mutation($input: MoveClientInput!) { moveClient(input: $input) { userErrors { code message } } }";
        let paused =
            ask(&practice, ada(), moved, json!({ "input": { "clientId": ben.client, "move": "PAUSE" } })).await;
        assert_eq!(paused["userErrors"], json!([]), "{paused:#}");
        let refused = take_back(&practice, Some(ben.viewer), &decided["id"]).await;
        assert_eq!(code(&refused), "STAGE_LOCKED", "{refused:#}");
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn an_overlap_on_purpose_comes_back_as_one() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let cleo = client(&practice, "Cleo", "2030-01-07T12:00:00Z").await;
        book(&practice, ben, "2030-01-14T10:00:00Z").await;
        let create = "mutation($input: CreateBookingInput!) { createBooking(input: $input) { booking { booking { id } } userErrors { code } } }";
        let input = json!({ "clientId": cleo.client, "sessionTypeId": SESSION, "startsAt": "2030-01-14T10:30:00Z", "overrideReason": "Both know" });
        let made = ask(&practice, ada(), create, json!({ "input": input })).await;
        let id = &made["booking"]["booking"]["id"];
        cancel(&practice, ada(), id).await;
        let back = take_back(&practice, ada(), id).await;
        assert_eq!(back["booking"]["status"], "CONFIRMED", "{back:#}");
        let kept = "select count(*) from occupancy where override_reason = 'Both know'";
        assert_eq!(practice.count(kept).await, 1);
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn taking_back_and_booking_the_time_has_one_winner() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let cleo = client(&practice, "Cleo", "2030-01-07T12:00:00Z").await;
        let practice = Arc::new(practice);
        for day in 14..19 {
            let at = format!("2030-01-{day}T09:00:00Z");
            let booking = book(&practice, ben, &at).await;
            cancel(&practice, Some(ben.viewer), &booking["id"]).await;
            let (first, second, id) = (practice.clone(), practice.clone(), booking["id"].clone());
            let returning = tokio::spawn(async move { take_back(&first, Some(ben.viewer), &id).await });
            let taking = tokio::spawn(async move { try_book(&second, cleo, &at).await });
            let (back, taken) = (returning.await.expect("no panic"), taking.await.expect("no panic"));
            let won = |payload: &Value| payload["userErrors"] == json!([]);
            assert!(won(&back) != won(&taken), "one wins: {back:#} {taken:#}");
            assert_sound(&practice).await;
            let winner = if won(&back) { &booking["id"] } else { &taken["booking"]["id"] };
            cancel(&practice, ada(), winner).await;
        }
    })
    .await;
}
