//! Stories of single sessions.

use super::kit::{BOOK_SESSION, ada, ask, assert_sound, book, cancel, client, newcomer, seen, shift, try_book};
use crate::support::{SESSION, on_both_engines};
use serde_json::{Value, json};
use uuid::Uuid;

const CALL: &str = "2030-01-07T10:00:00Z";

#[tokio::test]
async fn a_paid_session_opens_with_the_decision_and_not_before() {
    on_both_engines(|practice| async move {
        let ben = newcomer(&practice, "Ben", CALL).await;
        let refused = try_book(&practice, ben, "2030-01-10T10:00:00Z").await;
        assert_eq!(refused["userErrors"][0]["code"], "STAGE_LOCKED", "{refused:#}");
        let slots = "query($id: SessionTypeId!) { availability(input: { sessionTypeId: $id, from: \"2030-01-10\", to: \"2030-01-10\" }) { days { slots { startsAt } } userErrors { code } } }";
        let locked = ask(&practice, Some(ben.viewer), slots, json!({ "id": SESSION })).await;
        assert_eq!((&locked["days"], &locked["userErrors"][0]["code"]), (&json!([]), &json!("STAGE_LOCKED")));
        let ben = client(&practice, "Cleo", "2030-01-07T12:00:00Z").await;
        let open = ask(&practice, Some(ben.viewer), slots, json!({ "id": SESSION })).await;
        assert!(open["days"][0]["slots"].as_array().is_some_and(|slots| !slots.is_empty()), "{open:#}");
        let booking = book(&practice, ben, "2030-01-10T10:00:00Z").await;
        assert_eq!((&booking["status"], &booking["price"]["amount"]), (&json!("CONFIRMED"), &json!(7500)));
        let stage = "{ viewer { client { relationship { stage } } } }";
        let stage = ask(&practice, Some(ben.viewer), stage, json!({})).await;
        assert_eq!(stage["client"]["relationship"]["stage"], "ACTIVE");
        // A reference is no key to it for others.
        let by_reference = "query($r: String!) { booking(reference: $r) { status } }";
        let reference = json!({ "r": booking["reference"] });
        assert_eq!(practice.ask(by_reference, reference.clone()).await["booking"], Value::Null);
        assert!(!ask(&practice, Some(ben.viewer), by_reference, reference).await.is_null());
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn calling_off_late_is_possible_once_for_nothing_and_then_for_a_fee_the_therapist_decides() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let early = book(&practice, ben, "2030-01-11T10:00:00Z").await;
        let payload = cancel(&practice, Some(ben.viewer), &early["id"]).await;
        assert_eq!(payload["booking"], json!({ "status": "CANCELLED", "isLate": false, "isWaived": false }));
        let first = book(&practice, ben, "2030-01-08T10:00:00Z").await;
        let payload = cancel(&practice, Some(ben.viewer), &first["id"]).await;
        assert_eq!(payload["booking"], json!({ "status": "CANCELLED", "isLate": true, "isWaived": true }));
        assert_eq!(seen(&practice, &first["id"]).await["fee"], Value::Null);

        let second = book(&practice, ben, "2030-01-08T10:00:00Z").await;
        let means = "query($id: BookingId!) { viewer { client { booking(id: $id) { ifCancelledNow { fee { amount } isLate isWaived } } } } }";
        let said = ask(&practice, Some(ben.viewer), means, json!({ "id": second["id"] })).await;
        let said = said["client"]["booking"]["ifCancelledNow"].clone();
        assert_eq!(said, json!({ "fee": { "amount": 7500 }, "isLate": true, "isWaived": false }));
        cancel(&practice, Some(ben.viewer), &second["id"]).await;
        let fee = seen(&practice, &second["id"]).await["fee"].clone();
        assert_eq!((&fee["amount"]["amount"], &fee["state"]), (&said["fee"]["amount"], &json!("PROPOSED")));

        let charge = "mutation($id: FeeId!) { chargeFee(input: { feeId: $id }) { fee { state } userErrors { code } } }";
        let charged = ask(&practice, ada(), charge, json!({ "id": fee["id"] })).await;
        assert_eq!(charged["fee"]["state"], "CHARGED");
        assert_eq!(ask(&practice, ada(), charge, json!({ "id": fee["id"] })).await["fee"]["state"], "CHARGED");
        assert_eq!(seen(&practice, &second["id"]).await["open"], json!([{ "amount": 7500 }]), "charged once");
        let waive = "mutation($id: FeeId!) { waiveFee(input: { feeId: $id, reason: \"Ill\" }) { fee { state } userErrors { code } } }";
        assert_eq!(ask(&practice, ada(), waive, json!({ "id": fee["id"] })).await["fee"]["state"], "WAIVED");
        assert_eq!(seen(&practice, &second["id"]).await["open"], json!([]), "what was charged is let go");
        let again = ask(&practice, ada(), charge, json!({ "id": fee["id"] })).await;
        assert_eq!(again["userErrors"][0]["code"], "ALREADY_DONE", "and stays so");

        let third = book(&practice, ben, "2030-01-08T11:00:00Z").await;
        let payload = cancel(&practice, ada(), &third["id"]).await;
        assert_eq!(payload["booking"]["isLate"], false, "the practice never charges for its own");
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_session_moves_in_one_step_and_keeps_what_it_is() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let booking = book(&practice, ben, "2030-01-14T10:00:00Z").await;
        let moved = shift(&practice, Some(ben.viewer), &booking["id"], "2030-01-14T10:30:00Z").await;
        assert_eq!(moved["userErrors"], json!([]), "it does not stand in its own way: {moved:#}");
        let after = &moved["booking"];
        assert_eq!((&after["reference"], &after["price"]["amount"]), (&booking["reference"], &json!(7500)));
        shift(&practice, Some(ben.viewer), &booking["id"], "2030-01-15T10:00:00Z").await;
        let third = shift(&practice, Some(ben.viewer), &booking["id"], "2030-01-16T10:00:00Z").await;
        assert_eq!(third["userErrors"][0]["code"], "NOT_OFFERED", "twice is the most: {third:#}");
        let by_ada = shift(&practice, ada(), &booking["id"], "2030-01-16T20:15:00Z").await;
        assert_eq!(by_ada["userErrors"], json!([]), "hours do not bind the practice: {by_ada:#}");
        let steps = seen(&practice, &booking["id"]).await["steps"].clone();
        let kinds: Vec<&str> =
            steps.as_array().expect("steps").iter().filter_map(|step| step["step"].as_str()).collect();
        assert_eq!(kinds, ["BOOKED", "MOVED", "MOVED", "MOVED"]);
        practice.pass_minutes(8 * 24 * 60).await;
        let late = shift(&practice, Some(ben.viewer), &booking["id"], "2030-01-17T10:00:00Z").await;
        assert_eq!(late["userErrors"][0]["code"], "NOT_OFFERED", "{late:#}");
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_over_is_charged_and_one_that_was_missed_is_not() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let booking = book(&practice, ben, "2030-01-08T10:00:00Z").await;
        let missed = "mutation($id: BookingId!) { markNoShow(input: { bookingId: $id }) { booking { booking { status } } userErrors { code } } }";
        let early = ask(&practice, ada(), missed, json!({ "id": booking["id"] })).await;
        assert_eq!(early["userErrors"][0]["code"], "ALREADY_DONE", "it has not begun");
        practice.pass_minutes(25 * 60).await;
        let done = seen(&practice, &booking["id"]).await;
        assert_eq!((&done["booking"]["status"], &done["open"]), (&json!("COMPLETED"), &json!([{ "amount": 7500 }])));
        ask(&practice, ada(), missed, json!({ "id": booking["id"] })).await;
        let after = seen(&practice, &booking["id"]).await;
        assert_eq!((&after["booking"]["status"], &after["open"]), (&json!("NO_SHOW"), &json!([])), "{after:#}");
        assert_eq!((&after["fee"]["kind"], &after["fee"]["state"]), (&json!("NO_SHOW"), &json!("PROPOSED")));
        let statement = "query($id: ClientId!) { viewer { therapist { accountOfClient(id: $id) { statement { kind amount { amount } } } } } }";
        let read = async || {
            let read = ask(&practice, ada(), statement, json!({ "id": ben.client })).await;
            read["therapist"]["accountOfClient"]["statement"].clone()
        };
        assert_eq!(read().await, json!([]), "what was charged and taken back is not told");
        let done = "mutation($id: BookingId!) { completeBooking(input: { bookingId: $id }) { booking { booking { status } } userErrors { code } } }";
        ask(&practice, ada(), done, json!({ "id": booking["id"] })).await;
        let back = seen(&practice, &booking["id"]).await;
        assert_eq!((&back["fee"], &back["open"]), (&Value::Null, &json!([{ "amount": 7500 }])), "{back:#}");
        assert_eq!(read().await, json!([{ "kind": "CHARGE", "amount": { "amount": 7500 } }]), "it is told once");
        assert_eq!(practice.count("select count(*) from ledger_entries where account = 'CLIENT'").await, 3, "the ledger keeps all");
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_price_is_agreed_then_packaged_then_by_class_then_listed_and_frozen() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let listed = book(&practice, ben, "2030-01-14T10:00:00Z").await;
        let class = "mutation($id: SessionTypeId!) { setClassPrice(input: { sessionTypeId: $id, priceClass: DOMESTIC, amount: 7000 }) { userErrors { code } } }";
        ask(&practice, ada(), class, json!({ "id": SESSION })).await;
        let classed = book(&practice, ben, "2030-01-15T10:00:00Z").await;
        let agree = "mutation($id: ClientId!) { agreePrice(input: { clientId: $id, amount: 4000, currency: GBP }) { agreement { agreed { amount } } userErrors { code } } }";
        ask(&practice, ada(), agree, json!({ "id": ben.client })).await;
        let agreed = book(&practice, ben, "2030-01-16T10:00:00Z").await;
        let amounts = [&listed, &classed, &agreed].map(|booking| booking["price"]["amount"].clone());
        assert_eq!(amounts, [json!(7500), json!(7000), json!(4000)]);
        assert_eq!(seen(&practice, &listed["id"]).await["priceSource"], "LIST");
        // Somebody else does not see what was agreed, and cannot say what they pay.
        let cleo = client(&practice, "Cleo", "2030-01-08T11:00:00Z").await;
        let theirs = book(&practice, cleo, "2030-01-17T10:00:00Z").await;
        assert_eq!(theirs["price"]["amount"], 7000);
        let input = json!({ "sessionTypeId": SESSION, "startsAt": "2030-01-18T10:00:00Z", "priceAmount": 1 });
        let answer = practice.ask_as(Some(cleo.viewer), BOOK_SESSION, json!({ "input": input })).await;
        assert!(answer["errors"].is_array(), "a price is no input: {answer:#}");
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn more_than_a_few_sessions_ahead_are_a_matter_for_a_standing_place() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        for day in 14..17 {
            book(&practice, ben, &format!("2030-01-{day}T10:00:00Z")).await;
        }
        let fourth = try_book(&practice, ben, "2030-01-17T10:00:00Z").await;
        assert_eq!(fourth["userErrors"][0]["code"], "RATE_LIMITED", "{fourth:#}");
    })
    .await;
}

const CREATE: &str = "mutation($input: CreateBookingInput!) { createBooking(input: $input) {
    booking { booking { id status } source } userErrors { code field message } alternatives { startsAt } } }";

#[tokio::test]
async fn the_practice_books_when_it_likes_but_over_something_only_on_purpose() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let cleo = client(&practice, "Cleo", "2030-01-07T12:00:00Z").await;
        let input = |client: Value, at: &str| json!({ "clientId": client, "sessionTypeId": SESSION, "startsAt": at });
        let at_night = input(json!(ben.client), "2030-01-07T21:00:00Z");
        let made = ask(&practice, ada(), CREATE, json!({ "input": at_night })).await;
        assert_eq!((&made["userErrors"], &made["booking"]["source"]), (&json!([]), &json!("PRACTICE")), "{made:#}");
        let over = input(json!(cleo.client), "2030-01-07T21:30:00Z");
        let refused = ask(&practice, ada(), CREATE, json!({ "input": over.clone() })).await;
        assert_eq!(refused["userErrors"][0]["code"], "SLOT_TAKEN", "{refused:#}");
        assert_eq!(refused["alternatives"].as_array().map(Vec::len), Some(3));
        let mut on_purpose = over;
        on_purpose["overrideReason"] = json!("Both know");
        let made = ask(&practice, ada(), CREATE, json!({ "input": on_purpose })).await;
        assert_eq!(made["userErrors"], json!([]), "{made:#}");
        let mut longer = input(json!(ben.client), "2030-01-08T20:00:00Z");
        (longer["minutes"], longer["modality"]) = (json!(90), json!("PHONE"));
        let made = ask(&practice, ada(), CREATE, json!({ "input": longer.clone() })).await;
        assert_eq!(made["userErrors"], json!([]), "{made:#}");
        let as_agreed = "select count(*) from bookings where modality = 'PHONE' and price_amount = 7500
                         and ends_at = (select max(ends_at) from bookings)";
        assert_eq!(practice.count(as_agreed).await, 1, "longer, by phone, at its price");
        let within = input(json!(cleo.client), "2030-01-08T21:00:00Z");
        let refused = ask(&practice, ada(), CREATE, json!({ "input": within })).await;
        assert_eq!(refused["userErrors"][0]["code"], "SLOT_TAKEN", "all of it is taken: {refused:#}");
        longer["minutes"] = json!(4);
        let refused = ask(&practice, ada(), CREATE, json!({ "input": longer })).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["minutes"]), "{refused:#}");
        let noted = practice.count("select count(*) from audit_trail where deed = 'create booking over another'").await;
        assert_eq!(noted, 1);
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn the_practice_chooses_a_room_and_one_that_is_taken_is_refused() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let cleo = client(&practice, "Cleo", "2030-01-07T12:00:00Z").await;
        let garden = Uuid::from_u128(901);
        let input = |client: Value, at: &str, room: Uuid| {
            json!({ "clientId": client, "sessionTypeId": SESSION, "startsAt": at, "roomId": room })
        };
        let by_video = input(json!(ben.client), "2030-01-15T10:00:00Z", garden);
        let refused = ask(&practice, ada(), CREATE, json!({ "input": by_video })).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["roomId"]), "{refused:#}");
        practice
            .app
            .db
            .write(move |tx| {
                Box::pin(async move {
                    for (number, name) in [(900, "The front room"), (901, "The garden room")] {
                        let id = shared::ids::RoomId(Uuid::from_u128(number));
                        anteroom::features::practice::add_room(tx, id, name, number as i64).await?;
                    }
                    tx.query("update session_types set modality = 'IN_PERSON' where gate = 'CLIENTS'").run().await?;
                    tx.query("update clients set therapist_id = $1 where id = $2")
                        .bind(crate::support::SAMIR)
                        .bind(ben.client)
                        .run()
                        .await?;
                    tx.announce(anteroom::events::Event::PracticeChanged);
                    Ok(())
                })
            })
            .await
            .expect("two rooms");
        let made = input(json!(cleo.client), "2030-01-15T10:00:00Z", garden);
        let made = ask(&practice, ada(), CREATE, json!({ "input": made })).await;
        assert_eq!(made["userErrors"], json!([]), "{made:#}");
        let room = "query($id: BookingId!) { viewer { therapist { booking(id: $id) { room { name } } } } }";
        let seen = ask(&practice, ada(), room, json!({ "id": made["booking"]["booking"]["id"] })).await;
        assert_eq!(seen["therapist"]["booking"]["room"]["name"], "The garden room");

        // Samir would like the same room at the same time.
        let samir = Some(crate::support::staff(crate::support::SAMIR_USER));
        let taken = input(json!(ben.client), "2030-01-15T10:30:00Z", garden);
        let refused = ask(&practice, samir, CREATE, json!({ "input": taken })).await;
        assert_eq!(refused["userErrors"][0]["code"], "SLOT_TAKEN", "{refused:#}");
        let any = json!({ "clientId": ben.client, "sessionTypeId": SESSION, "startsAt": "2030-01-15T10:30:00Z" });
        let made = ask(&practice, samir, CREATE, json!({ "input": any })).await;
        assert_eq!(made["userErrors"], json!([]), "the other room is free: {made:#}");
        assert_sound(&practice).await;
    })
    .await;
}
