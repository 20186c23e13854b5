//! The story of a discovery call, told through the API.

use crate::support::{ADA, ADA_USER, BOOK, DISCOVERY, Engine, Practice, SAMIR, on_both_engines, staff};
use anteroom::features::practice;
use serde_json::{Value, json};
use std::sync::Arc;

/// Sends every input at the same moment; the answers are the payloads.
async fn all_at_once(practice: &Arc<Practice>, inputs: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let attempts: Vec<_> = inputs
        .into_iter()
        .map(|input| {
            let practice = practice.clone();
            tokio::spawn(async move { practice.ask(BOOK, json!({ "input": input })).await["bookDiscovery"].clone() })
        })
        .collect();
    let mut payloads = Vec::new();
    for attempt in attempts {
        payloads.push(attempt.await.expect("no attempt panics"));
    }
    payloads
}

fn wish(name: &str, starts_at: &str) -> Value {
    json!({
        "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": starts_at, "name": name,
        "email": format!("{}@example.org", name.to_lowercase()), "phone": "+44 20 7946 0018",
    })
}

fn code(payload: &Value) -> Option<&str> {
    payload["userErrors"][0]["code"].as_str()
}

#[tokio::test]
async fn two_people_cannot_have_the_same_minute() {
    on_both_engines(|practice: Practice| async move {
        practice.book("Ben", "2030-01-08T10:00:00Z").await;

        let refused = practice.try_book("Cleo", "2030-01-08T10:00:00Z").await;

        assert_eq!(refused["booking"], json!(null));
        assert_eq!(refused["userErrors"][0]["code"], "SLOT_TAKEN");
        assert_eq!(refused["userErrors"][0]["field"], json!(["startsAt"]));
        let starts: Vec<&str> = refused["alternatives"]
            .as_array()
            .expect("alternatives")
            .iter()
            .filter_map(|slot| slot["startsAt"].as_str())
            .collect();
        assert_eq!(starts, ["2030-01-08T09:00:00Z", "2030-01-08T09:30:00Z", "2030-01-08T10:30:00Z"]);
        assert_eq!(practice.count("select count(*) from bookings").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_key_books_once_however_often_it_is_sent() {
    on_both_engines(|practice: Practice| async move {
        let input = |name: &str| {
            json!({ "input": {
                "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": "2030-01-08T10:00:00Z", "name": name,
                "email": "ben@example.org", "phone": "+44 20 7946 0018", "idempotencyKey": "a-key-of-ben",
            } })
        };
        let first = practice.ask(BOOK, input("Ben")).await;
        let again = practice.ask(BOOK, input("Ben")).await;
        assert_eq!(first, again);

        let other = practice.ask(BOOK, input("Eve")).await;
        assert_eq!(other["bookDiscovery"]["userErrors"][0]["code"], "IDEMPOTENCY_MISMATCH");
        assert_eq!(practice.count("select count(*) from bookings").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_button_pressed_many_times_at_once_books_once_and_always_says_so() {
    on_both_engines(|practice: Practice| async move {
        let practice = Arc::new(practice);
        let mut wish = wish("Ben", "2030-01-08T10:00:00Z");
        wish["idempotencyKey"] = json!("a-key-of-ben");
        let payloads = all_at_once(&practice, vec![wish; 20]).await;
        for payload in &payloads {
            assert_eq!(payload, &payloads[0]);
            assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        }
        assert_eq!(practice.count("select count(*) from bookings").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_somebody_else_uses_too_is_another_key() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = wish("Ben", "2030-01-08T10:00:00Z");
        let mut cleo = wish("Cleo", "2030-01-08T11:00:00Z");
        ben["idempotencyKey"] = json!("12345678");
        cleo["idempotencyKey"] = json!("12345678");
        let practice = Arc::new(practice);
        for payload in all_at_once(&practice, [ben, cleo]).await {
            assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_day_with_one_place_left_is_filled_once() {
    on_both_engines(|practice: Practice| async move {
        let mut row = practice::catalogue(&practice.app).await.expect("a catalogue").practice.clone();
        row.settings.sessions_per_day = Some(1);
        let save = practice.app.db.write(move |tx| {
            let row = row.clone();
            Box::pin(async move { practice::save(tx, &row).await })
        });
        save.await.expect("it is saved");
        let practice = Arc::new(practice);
        let wishes = (9..17).map(|hour| wish(&format!("Ben{hour}"), &format!("2030-01-08T{hour:02}:00:00Z")));
        let payloads = all_at_once(&practice, wishes).await;
        assert_eq!(payloads.iter().filter(|payload| code(payload).is_none()).count(), 1, "{payloads:#?}");
        assert!(payloads.iter().all(|payload| matches!(code(payload), None | Some("SLOT_TAKEN"))), "{payloads:#?}");
    })
    .await;
}

#[tokio::test]
async fn a_therapist_who_takes_no_new_clients_cannot_be_booked_by_name() {
    on_both_engines(|practice: Practice| async move {
        let close = practice.app.db.write(|tx| {
            Box::pin(async move {
                tx.query("update therapists set takes_new_clients = $1 where id = $2")
                    .bind(false)
                    .bind(ADA)
                    .run()
                    .await?;
                tx.announce(anteroom::events::Event::PracticeChanged);
                Ok(())
            })
        });
        close.await.expect("it is written");
        let refused = practice.try_book("Ben", "2030-01-08T10:00:00Z").await;
        assert_eq!(code(&refused), Some("NOT_OFFERED"), "{refused:#}");
        assert_eq!(refused["userErrors"][0]["field"], json!(["therapistId"]));
        let ask =
            "query($input: AvailabilityInput!) { availability(input: $input) { days { slots { therapist { id } } } } }";
        let input = json!({ "sessionTypeId": DISCOVERY, "from": "2030-01-08", "to": "2030-01-14" });
        let days = practice.ask(ask, json!({ "input": input })).await.to_string();
        assert!(days.contains(&SAMIR.to_string()) && !days.contains(&ADA.to_string()), "{days}");
    })
    .await;
}

#[tokio::test]
async fn a_hold_counts_for_what_it_keeps_and_for_nothing_else() {
    on_both_engines(|practice: Practice| async move {
        let hold = "mutation($input: HoldSlotInput!) { holdSlot(input: $input) {
            hold { token slot { therapist { id } } } userErrors { code } } }";
        let input = json!({ "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": "2030-01-08T10:00:00Z" });
        let held = practice.ask(hold, json!({ "input": input })).await["holdSlot"]["hold"].clone();
        let mut other = wish("Ben", "2030-01-08T11:00:00Z");
        other["therapistId"] = json!(SAMIR);
        other["holdToken"] = held["token"].clone();
        let ask = "mutation($input: BookDiscoveryInput!) { bookDiscovery(input: $input) {
            booking { therapist { id } } userErrors { code message } } }";
        let payload = practice.ask(ask, json!({ "input": other })).await["bookDiscovery"].clone();
        assert_eq!(payload["booking"]["therapist"]["id"], json!(SAMIR), "{payload:#}");
        // What was kept is free again: the visitor changed their mind.
        practice.book("Cleo", "2030-01-08T10:00:00Z").await;
    })
    .await;
}

#[tokio::test]
async fn one_visitor_cannot_take_every_time_there_is() {
    let practice = Practice::open_with(Engine::here(), &[("bookings_per_visitor", "2")]).await;
    practice.book("Ben", "2030-01-08T10:00:00Z").await;
    let second = practice.book("Cleo", "2030-01-08T11:00:00Z").await;
    let refused = practice.try_book("Dora", "2030-01-08T12:00:00Z").await;
    assert_eq!(code(&refused), Some("RATE_LIMITED"), "{refused:#}");

    let cancel = "mutation($input: CancelBookingInput!) { cancelBooking(input: $input) { userErrors { code } } }";
    practice.ask(cancel, json!({ "input": { "manageToken": second["manageToken"] } })).await;
    practice.book("Dora", "2030-01-08T12:00:00Z").await;
}

#[tokio::test]
async fn times_outside_the_calendar_are_refused_and_break_nothing() {
    on_both_engines(|practice: Practice| async move {
        for odd in
            ["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00", "0000-06-01T00:00:00Z", "2030-01-08T25:00:00Z"]
        {
            let answer = practice.ask_as(None, BOOK, json!({ "input": wish("Ben", odd) })).await;
            let words = answer["errors"][0]["message"].as_str().unwrap_or_default();
            assert!(words.contains("is not a date and time"), "{odd}: {answer:#}");
        }
        let far = practice.try_book("Ben", "9999-12-31T23:00:00Z").await;
        assert_eq!(code(&far), Some("NOT_OFFERED"), "{far:#}");
    })
    .await;
}

#[tokio::test]
async fn words_that_no_database_could_keep_are_refused() {
    on_both_engines(|practice: Practice| async move {
        let booked = practice.book("Ben", "2030-01-08T10:00:00Z").await;
        let cancel =
            "mutation($input: CancelBookingInput!) { cancelBooking(input: $input) { userErrors { code field } } }";
        let input = json!({ "manageToken": booked["manageToken"], "reason": "no\u{0}way" });
        let payload = practice.ask(cancel, json!({ "input": input })).await["cancelBooking"].clone();
        assert_eq!((code(&payload), &payload["userErrors"][0]["field"]), (Some("INVALID"), &json!(["reason"])));
        assert_eq!(practice.count("select count(*) from bookings where status = 'CONFIRMED'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn time_off_that_meets_the_minutes_after_a_session_names_the_session() {
    on_both_engines(|practice: Practice| async move {
        practice.book("Ben", "2030-01-08T10:00:00Z").await;
        let add = "mutation($input: AddTimeOffInput!) { addTimeOff(input: $input) { userErrors { code message } } }";
        let input = json!({ "from": "2030-01-08", "to": "2030-01-08", "fromTime": "10:25", "toTime": "12:00" });
        let answer = practice.ask_as(Some(staff(ADA_USER)), add, json!({ "input": input })).await;
        let payload = &answer["data"]["addTimeOff"];
        let words = payload["userErrors"][0]["message"].as_str().unwrap_or_default();
        assert_eq!(code(payload), Some("SLOT_TAKEN"), "{answer:#}");
        assert!(words.contains("You have sessions then: Tue 8 Jan, 10:00."), "{words}");
    })
    .await;
}
