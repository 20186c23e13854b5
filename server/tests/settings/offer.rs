//! Session types, as their therapist adds, changes, retires and brings back.

use super::kit::{discovery, done, free, refused, session};
use crate::support::clients::active;
use crate::support::{CHAT, DISCOVERY, Practice, SESSION, on_both_engines};
use serde_json::{Value, json};

#[tokio::test]
async fn a_changed_length_and_price_count_at_once_and_what_is_booked_keeps_its_own() {
    on_both_engines(|practice: Practice| async move {
        let ben = active(&practice, "Ben").await;
        let booked = ben.book(&practice, "2030-01-09T10:00:00Z").await;
        let hold = "mutation($input: HoldSlotInput!) { holdSlot(input: $input) { hold { token } userErrors { code } } }";
        let slot = json!({ "sessionTypeId": SESSION, "startsAt": "2030-01-09T14:00:00Z" });
        let held = ben.ask(&practice, hold, json!({ "input": slot })).await;
        let token = held["holdSlot"]["hold"]["token"].clone();
        assert_eq!(free(&practice, Some(&ben), SESSION).await.expect("open")[0], "09:00-09:50");

        let change = json!({ "minutes": 80, "priceAmount": 9550, "bufferAfter": 0 });
        let changed = session(Some(json!(SESSION)), change);
        done(&practice, "saveSessionType", changed, "offeredType { bufferAfter }").await;
        let open = free(&practice, Some(&ben), SESSION).await.expect("open");
        assert_eq!(open[0], "11:00-12:20", "the hour before ten is too short now: {open:?}");

        let asked = "query { viewer { client { bookings { nodes { startsAt endsAt price { amount } } } } } sessionTypes { minutes price { amount } } }";
        let seen = ben.ask(&practice, asked, json!({})).await;
        let one = json!({ "startsAt": "2030-01-09T10:00:00Z", "endsAt": "2030-01-09T10:50:00Z", "price": { "amount": 7500 } });
        assert_eq!(seen["viewer"]["client"]["bookings"]["nodes"], json!([one]));
        assert_eq!(seen["sessionTypes"][2], json!({ "minutes": 80, "price": { "amount": 9550 } }));

        let book = "mutation($input: BookSessionInput!) { bookSession(input: $input) {
            booking { endsAt price { amount } } userErrors { code message } } }";
        let input = json!({ "sessionTypeId": SESSION, "startsAt": "2030-01-09T14:00:00Z", "holdToken": token });
        let kept = ben.ask(&practice, book, json!({ "input": input })).await["bookSession"].clone();
        assert_eq!(kept["booking"]["endsAt"], "2030-01-09T14:50:00Z", "a kept slot keeps its length: {kept:#}");
        assert_eq!(ben.move_to(&practice, &booked, "2030-01-10T10:00:00Z").await["userErrors"], json!([]));
        let blocked = "select count(*) from occupancy where kind = 'BOOKING'";
        assert_eq!(practice.count(blocked).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_new_type_is_added_once_and_its_address_stays_once_it_was_public() {
    on_both_engines(|practice: Practice| async move {
        let change = json!({ "name": "Couples session", "visible": false, "idempotencyKey": "couples-1" });
        let id = "offeredType { sessionType { id slug } wasPublic }";
        let first = done(&practice, "saveSessionType", session(None, change.clone()), id).await;
        assert_eq!(done(&practice, "saveSessionType", session(None, change), id).await, first, "sent again");
        let made = &first["offeredType"];
        assert_eq!((&made["sessionType"]["slug"], &made["wasPublic"]), (&json!("couples-session"), &json!(false)));
        let own = made["sessionType"]["id"].clone();

        let renamed = json!({ "name": "For two", "slug": "for-two", "gate": "DISCOVERY", "priceAmount": 0 });
        done(&practice, "saveSessionType", session(Some(own.clone()), renamed.clone()), id).await;
        let taken = session(Some(own.clone()), json!({ "slug": "session", "visible": false }));
        assert_eq!(refused(&practice, "saveSessionType", taken).await, ["slug", "slug", "gate"]);
        let moved = session(
            Some(own.clone()),
            json!({ "slug": "for-three", "minutes": 1, "gate": "DISCOVERY", "priceAmount": 0 }),
        );
        assert_eq!(refused(&practice, "saveSessionType", moved).await, ["minutes", "slug"], "all of it at once");

        let order = json!({ "sessionTypeIds": [own] });
        let arranged = done(&practice, "arrangeSessionTypes", order, "offer { sessionType { slug } }").await;
        assert_eq!(arranged["offer"][0]["sessionType"]["slug"], "for-two");
        let public = practice.ask("{ sessionTypes { slug } }", json!({})).await;
        assert_eq!(public["sessionTypes"][0]["slug"], "for-two");
    })
    .await;
}

#[tokio::test]
async fn a_retired_type_is_gone_from_booking_and_its_sessions_and_hours_stay() {
    on_both_engines(|practice: Practice| async move {
        let (ben, cleo) = (active(&practice, "Ben").await, active(&practice, "Cleo").await);
        let booked = ben.book(&practice, "2030-01-09T10:00:00Z").await;
        let hours = json!({ "hours": [
            { "weekday": "WEDNESDAY", "from": "09:00", "until": "17:00", "sessionTypeId": SESSION },
        ] });
        done(&practice, "setWeeklyHours", hours.clone(), "").await;
        let id = json!({ "sessionTypeId": SESSION });
        done(&practice, "retireSessionType", id.clone(), "offeredType { retiredAt }").await;
        done(&practice, "retireSessionType", id.clone(), "offeredType { retiredAt }").await;

        assert_eq!(free(&practice, Some(&cleo), SESSION).await, Err("NOT_OFFERED".into()));
        let book = "mutation($input: BookSessionInput!) { bookSession(input: $input) { userErrors { code } } }";
        let input = json!({ "sessionTypeId": SESSION, "startsAt": "2030-01-09T12:00:00Z" });
        let answer = cleo.ask(&practice, book, json!({ "input": input })).await;
        assert_eq!(answer["bookSession"]["userErrors"][0]["code"], "NOT_OFFERED");
        let asked = "{ sessionTypes { slug } viewer { client {
            bookable { sessionType { slug } } bookings { nodes { sessionType { name } } } } } }";
        let seen = ben.ask(&practice, asked, json!({})).await;
        let visited = practice.ask("{ sessionType(slug: \"session\") { id } }", json!({})).await;
        assert_eq!(visited["sessionType"], Value::Null);
        assert_eq!(seen["sessionTypes"], json!([{ "slug": "discovery-call" }, { "slug": "first-chat" }]));
        let care = &seen["viewer"]["client"];
        assert_eq!(care["bookable"], json!([]));
        assert_eq!(care["bookings"]["nodes"], json!([{ "sessionType": { "name": "session" } }]));

        assert!(!free(&practice, Some(&ben), SESSION).await.expect("his own can be moved").is_empty());
        assert_eq!(ben.move_to(&practice, &booked, "2030-01-09T12:00:00Z").await["userErrors"], json!([]));
        done(&practice, "setWeeklyHours", hours, "").await;
        done(&practice, "restoreSessionType", id, "").await;
        assert!(!free(&practice, Some(&cleo), SESSION).await.expect("open again").is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_last_first_call_goes_only_with_the_words_that_it_is_meant() {
    on_both_engines(|practice: Practice| async move {
        done(&practice, "retireSessionType", json!({ "sessionTypeId": CHAT }), "").await;
        let last = json!({ "sessionTypeId": DISCOVERY });
        assert_eq!(refused(&practice, "retireSessionType", last).await, ["closesToNewPeople"]);
        assert_eq!(
            refused(&practice, "saveSessionType", discovery(json!({ "visible": false }))).await,
            ["closesToNewPeople"]
        );
        done(&practice, "saveSessionType", discovery(json!({ "name": "A first call" })), "").await;
        let meant = json!({ "sessionTypeId": DISCOVERY, "closesToNewPeople": true });
        done(&practice, "retireSessionType", meant, "").await;
        assert_eq!(free(&practice, None, DISCOVERY).await, Err("NOT_OFFERED".into()));
        assert_eq!(practice.try_book("Dee", "2030-01-09T10:00:00Z").await["userErrors"][0]["code"], "NOT_FOUND");
    })
    .await;
}
