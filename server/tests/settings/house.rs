//! The rules, prices, limits and rooms of the practice, as its therapist changes them.

use super::kit::{DAY, ada, done, free, refused};
use crate::support::clients::{Person, active};
use crate::support::{ADA_USER, DISCOVERY, Practice, SESSION, on_both_engines, staff};
use serde_json::{Value, json};

#[tokio::test]
async fn new_rules_for_calling_off_count_for_new_sessions_only_and_every_version_is_kept() {
    on_both_engines(|practice: Practice| async move {
        let ben = active(&practice, "Ben").await;
        ben.book(&practice, "2030-01-15T10:00:00Z").await;
        let rules = json!({ "windows": [{ "hoursBefore": 72, "feePercent": 30 }], "noShowPercent": 80,
            "freeLateCancelsPerYear": 0, "rescheduleLimit": 1, "rescheduleHours": 24 });
        done(&practice, "publishPolicy", json!({ "rules": rules }), "policy { version }").await;
        ben.book(&practice, "2030-01-16T10:00:00Z").await;
        let asked = "{ viewer { client { bookings { nodes { policySteps { feePercent until } } } } } }";
        let seen = ben.ask(&practice, asked, json!({})).await;
        let steps = |index: usize| seen["viewer"]["client"]["bookings"]["nodes"][index]["policySteps"].clone();
        let percents = |steps: Value| -> Vec<i64> {
            steps.as_array().expect("steps").iter().filter_map(|step| step["feePercent"].as_i64()).collect()
        };
        assert_eq!(percents(steps(0)), [0, 30], "{seen:#}");
        assert_eq!(steps(0)[0]["until"], "2030-01-13T10:00:00Z");
        assert_eq!(percents(steps(1)), [0, 50, 100]);

        let wrong = json!({ "rules": { "windows": [{ "hoursBefore": 0, "feePercent": 101 }], "noShowPercent": 101,
            "freeLateCancelsPerYear": 99, "rescheduleLimit": 1, "rescheduleHours": 24 } });
        let fields = refused(&practice, "publishPolicy", wrong).await;
        assert_eq!(fields, ["windows", "noShowPercent", "windows", "freeLateCancelsPerYear"]);
        let desk = "{ viewer { therapist { policies { version } policyInForce { noShowPercent } } } }";
        let desk = practice.ask_as(Some(staff(ADA_USER)), desk, json!({})).await["data"]["viewer"]["therapist"].clone();
        assert_eq!(desk["policies"], json!([{ "version": 2 }, { "version": 1 }]));
        assert_eq!(desk["policyInForce"]["noShowPercent"], 80);
    })
    .await;
}

#[tokio::test]
async fn packages_and_prices_by_class_are_offered_and_taken_back() {
    on_both_engines(|practice: Practice| async move {
        let ben = active(&practice, "Ben").await;
        let six = json!({ "sessionTypeId": SESSION, "name": "Six sessions", "units": 6, "validDays": 180,
            "priceAmount": 42_000, "priceCurrency": "GBP", "idempotencyKey": "six-at-once" });
        let fields = "packages { id name units isOnSale cost { amount } }";
        let first = done(&practice, "offerPackage", six.clone(), fields).await;
        assert_eq!(done(&practice, "offerPackage", six, fields).await, first, "sent again");
        let id = first["packages"][0]["id"].clone();
        let sell = json!({ "clientId": ben.client, "packageId": id });
        done(&practice, "sellPackage", sell.clone(), "purchase { unitsLeft }").await;
        let off = done(&practice, "retirePackage", json!({ "packageId": id }), fields).await;
        assert_eq!(off["packages"][0]["isOnSale"], false);
        assert_eq!(refused(&practice, "sellPackage", sell.clone()).await, ["packageId"]);
        done(&practice, "restorePackage", json!({ "packageId": id }), fields).await;
        done(&practice, "sellPackage", sell, "purchase { unitsLeft }").await;

        let of_a_call = json!({ "sessionTypeId": DISCOVERY, "name": "Calls", "units": 2, "validDays": 10,
            "priceAmount": 0, "priceCurrency": "GBP" });
        assert_eq!(refused(&practice, "offerPackage", of_a_call).await, ["sessionTypeId"]);
        let wrong = json!({ "sessionTypeId": SESSION, "name": "", "units": 0, "validDays": 0, "priceAmount": -1,
            "priceCurrency": "GBP" });
        let all = ["name", "units", "validDays", "priceAmount"];
        assert_eq!(refused(&practice, "offerPackage", wrong).await, all);

        let abroad =
            json!({ "sessionTypeId": SESSION, "priceClass": "INTERNATIONAL", "amount": 11_000, "currency": "USD" });
        done(&practice, "setClassPrice", abroad, "").await;
        let asked = "{ viewer { therapist { classPrices { priceClass price { amount currency } } } } }";
        let desk = practice.ask_as(Some(staff(ADA_USER)), asked, json!({})).await["data"]["viewer"].clone();
        let price = json!({ "priceClass": "INTERNATIONAL", "price": { "amount": 11_000, "currency": "USD" } });
        assert_eq!(desk["therapist"]["classPrices"], json!([price]));
    })
    .await;
}

#[tokio::test]
async fn the_limits_of_the_calendar_count_at_once() {
    on_both_engines(|practice: Practice| async move {
        let ben = active(&practice, "Ben").await;
        let booked = ben.book(&practice, "2030-01-09T10:00:00Z").await;
        let limits = |change: Value| {
            let mut input = json!({ "breakMinutes": 30, "seriesWeeksAhead": 12, "paymentMinutes": 60,
                "bankDetails": ["Ada", "  ", "12-34-56"] });
            for (key, value) in change.as_object().expect("changes") {
                input[key] = value.clone();
            }
            input
        };
        assert!(!free(&practice, Some(&ben), SESSION).await.expect("open").is_empty());
        let fields = "practice { sessionsPerDay bookingsAhead seriesWeeksAhead paymentMinutes bankDetails }";
        let one = limits(json!({ "sessionsPerDay": 1, "bookingsAhead": 1 }));
        let now = done(&practice, "setCalendarRules", one, fields).await["practice"].clone();
        let expected = json!({ "sessionsPerDay": 1, "bookingsAhead": 1, "seriesWeeksAhead": 12, "paymentMinutes": 60,
            "bankDetails": ["Ada", "12-34-56"] });
        assert_eq!(now, expected);
        assert_eq!(free(&practice, Some(&ben), SESSION).await, Ok(Vec::new()), "{DAY} is full");
        let book = "mutation($input: BookSessionInput!) { bookSession(input: $input) { userErrors { code } } }";
        let input = json!({ "sessionTypeId": SESSION, "startsAt": "2030-01-10T12:00:00Z" });
        let more = ben.ask(&practice, book, json!({ "input": input })).await;
        assert_eq!(more["bookSession"]["userErrors"][0]["code"], "RATE_LIMITED");

        done(&practice, "setCalendarRules", limits(json!({})), "").await;
        assert!(!free(&practice, Some(&ben), SESSION).await.expect("open").is_empty());
        let later = limits(json!({ "noShowMinutes": 30, "promptMinutes": 60 }));
        let now = done(&practice, "setCalendarRules", later, "practice { noShowMinutes promptMinutes }").await;
        assert_eq!(now["practice"], json!({ "noShowMinutes": 30, "promptMinutes": 60 }));
        practice.pass_minutes(2 * 24 * 60 + 2 * 60 + 20).await;
        let missed = json!({ "bookingId": booked });
        assert_eq!(
            refused(&practice, "markNoShow", missed.clone()).await,
            ["bookingId"],
            "twenty minutes after its start"
        );
        practice.pass_minutes(10).await;
        done(&practice, "markNoShow", missed, "").await;
        let wrong =
            limits(json!({ "sessionsPerDay": 0, "seriesWeeksAhead": 20, "paymentMinutes": 5, "noShowMinutes": 90 }));
        let named = ["sessionsPerDay", "seriesWeeksAhead", "paymentMinutes", "noShowMinutes"];
        assert_eq!(refused(&practice, "setCalendarRules", wrong).await, named);
    })
    .await;
}

#[tokio::test]
async fn a_session_in_the_practice_takes_a_room_that_is_in_use() {
    on_both_engines(|practice: Practice| async move {
        let (ben, cleo) = (active(&practice, "Ben").await, active(&practice, "Cleo").await);
        let room = json!({ "name": " The garden room ", "idempotencyKey": "garden-1" });
        let made = done(&practice, "saveRoom", room.clone(), "rooms { id name retiredAt }").await;
        assert_eq!(done(&practice, "saveRoom", room, "rooms { id name retiredAt }").await, made, "sent again");
        let id = made["rooms"][0]["id"].clone();
        assert_eq!(made["rooms"], json!([{ "id": id, "name": "The garden room", "retiredAt": null }]));
        assert_eq!(refused(&practice, "saveRoom", json!({ "name": "The garden room" })).await, ["name"]);
        assert_eq!(refused(&practice, "saveRoom", json!({ "name": "" })).await, ["name"]);
        done(&practice, "saveRoom", json!({ "roomId": id, "name": "The lamp room" }), "").await;

        let in_person = super::kit::session(Some(json!(SESSION)), json!({ "modality": "IN_PERSON" }));
        done(&practice, "saveSessionType", in_person, "").await;
        ben.book(&practice, "2030-01-09T10:00:00Z").await;
        assert_eq!(practice.count("select count(*) from bookings where room_id is not null").await, 1);
        done(&practice, "saveRoom", json!({ "name": "Spare" }), "").await;
        done(&practice, "retireRoom", json!({ "roomId": id }), "rooms { retiredAt }").await;
        cleo.book(&practice, "2030-01-10T10:00:00Z").await;
        let in_spare = "select count(*) from bookings b join rooms r on r.id = b.room_id where r.name = 'Spare'";
        assert_eq!(practice.count(in_spare).await, 1, "nothing new in a room that is out of use");
        assert_eq!(
            practice.count("select count(*) from bookings where room_id is not null").await,
            2,
            "what was booked stays"
        );
        done(&practice, "restoreRoom", json!({ "roomId": id }), "rooms { retiredAt }").await;
        let unknown = ada(&practice, "retireRoom", json!({ "roomId": SESSION }), "").await;
        assert_eq!(unknown["userErrors"][0]["code"], "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn rooms_are_filled_in_their_order_and_a_session_type_names_those_that_suit_it() {
    on_both_engines(|practice: Practice| async move {
        let (ben, cleo) = (active(&practice, "Ben").await, active(&practice, "Cleo").await);
        let mut rooms = Vec::new();
        for name in ["Front", "Garden", "Attic"] {
            let all = done(&practice, "saveRoom", json!({ "name": name }), "rooms { id name }").await["rooms"].clone();
            rooms.push(all.as_array().expect("rooms").last().expect("the room")["id"].clone());
        }
        let names = |payload: &serde_json::Value| -> Vec<String> {
            let rooms = payload["rooms"].as_array().expect("rooms").clone();
            rooms.iter().map(|room| room["name"].as_str().expect("a name").to_owned()).collect()
        };
        let order = json!({ "roomIds": [rooms[2], rooms[1]] });
        let arranged = done(&practice, "arrangeRooms", order, "rooms { name }").await;
        assert_eq!(names(&arranged), ["Attic", "Garden", "Front"], "those left out come behind");
        assert_eq!(refused(&practice, "arrangeRooms", json!({ "roomIds": [rooms[0], rooms[0]] })).await, ["roomIds"]);
        assert_eq!(refused(&practice, "arrangeRooms", json!({ "roomIds": [SESSION] })).await, ["roomIds"]);

        let change = |change: serde_json::Value| super::kit::session(Some(json!(SESSION)), change);
        done(&practice, "saveSessionType", change(json!({ "modality": "IN_PERSON" })), "").await;
        ben.book(&practice, "2030-01-09T10:00:00Z").await;
        let in_attic = "select count(*) from bookings b join rooms r on r.id = b.room_id where r.name = 'Attic'";
        assert_eq!(practice.count(in_attic).await, 1, "the first of the list");

        let named = change(json!({ "modality": "IN_PERSON", "roomIds": [rooms[0], rooms[0]] }));
        let saved = done(&practice, "saveSessionType", named, "offeredType { roomIds }").await;
        assert_eq!(saved["offeredType"]["roomIds"], json!([rooms[0]]));
        let renamed = change(json!({ "modality": "IN_PERSON", "name": "In the front" }));
        let saved = done(&practice, "saveSessionType", renamed, "offeredType { roomIds }").await;
        assert_eq!(saved["offeredType"]["roomIds"], json!([rooms[0]]), "left out, they stay");
        cleo.book(&practice, "2030-01-09T12:00:00Z").await;
        let in_front = "select count(*) from bookings b join rooms r on r.id = b.room_id where r.name = 'Front'";
        assert_eq!(practice.count(in_front).await, 1);

        // The only room that suits it goes out of use: there is no time for it, and others have theirs.
        done(&practice, "retireRoom", json!({ "roomId": rooms[0] }), "").await;
        assert_eq!(free(&practice, Some(&cleo), SESSION).await.expect("open"), Vec::<String>::new());
        let unknown = change(json!({ "modality": "IN_PERSON", "roomIds": [SESSION] }));
        assert_eq!(refused(&practice, "saveSessionType", unknown).await, ["roomIds"]);
        done(&practice, "saveSessionType", change(json!({ "modality": "IN_PERSON", "roomIds": [] })), "").await;
        assert!(!free(&practice, Some(&cleo), SESSION).await.expect("open").is_empty(), "any room again");
    })
    .await;
}

#[tokio::test]
async fn a_break_lasts_as_long_as_the_practice_said_when_it_began() {
    on_both_engines(|practice: Practice| async move {
        let (ben, cleo) = (active(&practice, "Ben").await, active(&practice, "Cleo").await);
        let month = |months: i64| {
            json!({ "breakMinutes": 30, "seriesWeeksAhead": 12, "paymentMinutes": 60, "bankDetails": [],
                "returnMonths": months })
        };
        assert_eq!(refused(&practice, "setCalendarRules", month(0)).await, ["returnMonths"]);
        let now = done(&practice, "setCalendarRules", month(1), "practice { returnMonths }").await;
        assert_eq!(now["practice"]["returnMonths"], 1);
        let pause = async |who: &Person| {
            let input = json!({ "clientId": who.client, "move": "PAUSE" });
            done(&practice, "moveClient", input, "client { returnsUntil }").await["client"]["returnsUntil"].clone()
        };
        assert_eq!(pause(&ben).await, "2030-02-06T20:00:00Z");
        done(&practice, "setCalendarRules", month(3), "").await;
        assert_eq!(pause(&cleo).await, "2030-04-08T20:00:00Z");

        let open = "{ viewer { client { bookable { price { amount } } } } }";
        let can_book = async |who: &Person| {
            let care = who.ask(&practice, open, json!({})).await;
            !care["viewer"]["client"]["bookable"].as_array().expect("a list").is_empty()
        };
        assert_eq!((can_book(&ben).await, can_book(&cleo).await), (true, true));
        practice.pass_minutes(31 * 24 * 60).await;
        assert_eq!((can_book(&ben).await, can_book(&cleo).await), (false, true));
        done(&practice, "moveClient", json!({ "clientId": ben.client, "move": "RESUME" }), "").await;
        assert!(can_book(&ben).await, "the therapist can end it all the same");
    })
    .await;
}
