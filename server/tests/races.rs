//! Many people want the same time at once. The database lets one of them have it.

mod support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use support::{ADA, BOOK, CHAT, DISCOVERY, Practice, on_both_engines};

const CLIENTS: usize = 64;
const ROUNDS: usize = 50;

/// A Tuesday to Friday of the weeks after the test's Monday, in the morning or the afternoon: one half day a round.
fn half_day_of_round(round: usize) -> (String, u32) {
    let (day, half) = (round / 2, round % 2);
    let date = shared::time::Date::new(2030, 1, 8).expect("a date");
    let date = date.plus_days((day / 4 * 7 + day % 4) as i64);
    (date.to_string(), if half == 0 { 10 } else { 14 })
}

/// Three starts and two lengths, each of which overlaps each other one.
fn wish(client: usize, hour: u32) -> (Value, String) {
    match client % 2 {
        0 => (json!(DISCOVERY), format!("{}:00", hour + 1)),
        _ if client % 4 == 1 => (json!(CHAT), format!("{hour}:30")),
        _ => (json!(CHAT), format!("{}:00", hour + 1)),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_who_want_overlapping_times_one_wins_and_the_rest_are_told() {
    on_both_engines(|practice: Practice| async move {
        let practice = std::sync::Arc::new(practice);
        for round in 0..ROUNDS {
            let (day, hour) = half_day_of_round(round);
            let attempts = (0..CLIENTS).map(|client| {
                let (practice, day) = (practice.clone(), day.clone());
                tokio::spawn(async move {
                    let (session_type, time) = wish(client, hour);
                    let input = json!({
                        "sessionTypeId": session_type, "therapistId": ADA, "startsAt": format!("{day}T{time}:00Z"),
                        "name": "Ben", "email": format!("ben{round}x{client}@example.org"), "phone": "+44 20 7946 0018",
                    });
                    practice.ask_as(None, BOOK, json!({ "input": input })).await
                })
            });
            let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
            for attempt in attempts.collect::<Vec<_>>() {
                let answer = attempt.await.expect("no attempt panics");
                assert_eq!(answer.get("errors"), None, "a refusal is not a fault: {answer:#}");
                let payload = &answer["data"]["bookDiscovery"];
                let outcome = match payload["userErrors"][0]["code"].as_str() {
                    None => "booked".to_owned(),
                    Some(code) => {
                        assert_eq!(payload["alternatives"].as_array().map(Vec::len), Some(3), "{payload:#}");
                        code.to_owned()
                    }
                };
                *outcomes.entry(outcome).or_default() += 1;
            }
            let expected = BTreeMap::from([("booked".to_owned(), 1), ("SLOT_TAKEN".to_owned(), CLIENTS - 1)]);
            assert_eq!(outcomes, expected, "round {round}");
        }
        let overlaps = practice
            .count(
                "select count(*) from occupancy a join occupancy b on a.id < b.id and a.therapist_id = b.therapist_id
                 and a.starts_at < b.ends_at and b.starts_at < a.ends_at",
            )
            .await;
        assert_eq!(overlaps, 0);
        assert_eq!(practice.count("select count(*) from bookings").await, ROUNDS as i64);
        assert_eq!(practice.count("select count(*) from occupancy").await, ROUNDS as i64);
    })
    .await;
}

#[tokio::test]
async fn a_key_on_the_start_alone_would_have_let_two_in() {
    on_both_engines(|practice: Practice| async move {
        practice.book("Ben", "2030-01-08T10:00:00Z").await;
        // 45 minutes from half past nine: another start, and it reaches into Ben's.
        let input = json!({
            "sessionTypeId": CHAT, "therapistId": ADA, "startsAt": "2030-01-08T09:30:00Z",
            "name": "Cleo", "email": "cleo@example.org", "phone": "+44 20 7946 0018",
        });
        let answer = practice.ask(BOOK, json!({ "input": input })).await;
        assert_eq!(answer["bookDiscovery"]["userErrors"][0]["code"], "SLOT_TAKEN");

        let same_start = practice.count("select count(*) - count(distinct starts_at) from bookings").await;
        assert_eq!(same_start, 0);
        assert_eq!(practice.count("select count(*) from bookings").await, 1);
    })
    .await;
}
