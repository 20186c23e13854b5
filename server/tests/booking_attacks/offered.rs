//! Times that are not offered, and zones that are none.

use super::kit::code;
use crate::support::{ADA, ADA_USER, BOOK, CHAT, DISCOVERY, Practice, SAMIR, on_both_engines, staff};
use anteroom::features::practice::zones;
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use shared::ids::{SessionTypeId, TherapistId};
use shared::time::Date;

/// The starts that are offered on these days.
async fn offered(
    practice: &Practice,
    session_type: SessionTypeId,
    whom: TherapistId,
    from: Date,
    to: Date,
) -> Vec<String> {
    let query = "query($input: AvailabilityInput!) { availability(input: $input) {
        days { slots { startsAt therapist { id } } } userErrors { code } } }";
    let input = json!({ "sessionTypeId": session_type, "therapistId": whom, "from": from, "to": to });
    let answer = practice.ask(query, json!({ "input": input })).await["availability"].clone();
    assert_eq!(answer["userErrors"], json!([]), "{answer:#}");
    let slots = answer["days"].as_array().expect("days").iter().flat_map(|day| day["slots"].as_array().expect("slots"));
    let starts = slots.map(|slot| {
        assert_eq!(slot["therapist"]["id"], json!(whom));
        slot["startsAt"].as_str().expect("a start").to_owned()
    });
    starts.collect()
}

/// Some day and time, on the grid or off it, in the past, at night, or further ahead than anybody books.
fn any_start(rng: &mut TestRng) -> String {
    let monday: Date = "2030-01-07".parse().expect("a date");
    let date = monday.plus_days(i64::from(rng.next_u32() % 75) - 4);
    let (hour, minute) = (rng.next_u32() % 24, [0, 30, 0, 30, 15, 1, 59][rng.next_u32() as usize % 7]);
    let second = if rng.next_u32().is_multiple_of(8) { 1 } else { 0 };
    format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
}

#[tokio::test]
async fn what_availability_offers_can_be_booked_and_nothing_else() {
    const SEEDS: [u8; 2] = [5, 23];
    const TRIES: usize = 90;
    on_both_engines(|practice: Practice| async move {
        let (mut taken, mut refused) = (0, 0);
        // A holiday, an afternoon off, and hours of one day that are others.
        for change in [
            "setDate(input: { date: \"2030-01-10\", hours: [] }) { userErrors { message } }",
            "setDate(input: { date: \"2030-01-16\", hours: [{ from: \"18:00\", until: \"20:00\" }] }) { userErrors { message } }",
            "addTimeOff(input: { from: \"2030-01-09\", to: \"2030-01-09\", fromTime: \"12:00\", toTime: \"17:00\" }) { userErrors { message } }",
        ] {
            let answer = practice.ask_as(Some(staff(ADA_USER)), &format!("mutation {{ {change} }}"), json!({})).await;
            assert_eq!(answer.get("errors"), None, "{answer:#}");
        }
        for seed in SEEDS {
            let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
            for number in 0..TRIES {
                let session_type = if rng.next_u32().is_multiple_of(2) { DISCOVERY } else { CHAT };
                let whom = if rng.next_u32().is_multiple_of(3) { SAMIR } else { ADA };
                let day = |start: &str| start[..10].parse::<Date>().expect("a date");
                let mut starts_at = any_start(&mut rng);
                let mut free =
                    offered(&practice, session_type, whom, day(&starts_at), day(&starts_at)).await;
                if number % 2 == 0 {
                    // One that is offered, or beside one that is.
                    let week = "2030-01-07".parse::<Date>().expect("a date").plus_days(i64::from(rng.next_u32() % 8) * 7);
                    free = offered(&practice, session_type, whom, week, week.plus_days(6)).await;
                    if !free.is_empty() {
                        starts_at = free[rng.next_u32() as usize % free.len()].clone();
                    }
                }
                let is_offered = free.contains(&starts_at);
                let place = format!("seed {seed}, try {number}: {session_type} with {whom} at {starts_at}");
                let explain = "query($input: ExplainStartInput!) { explainStart(input: $input) { offered } }";
                let input = json!({ "sessionTypeId": session_type, "therapistId": whom, "startsAt": starts_at });
                let explained = practice.ask(explain, json!({ "input": input })).await["explainStart"].clone();
                assert_eq!(explained["offered"], json!(is_offered), "{place}");
                let input = json!({
                    "sessionTypeId": session_type, "therapistId": whom, "startsAt": starts_at, "name": "Ben",
                    "email": format!("ben{seed}x{number}@example.org"), "phone": "+44 20 7946 0018",
                });
                let payload = practice.ask(BOOK, json!({ "input": input })).await["bookDiscovery"].clone();
                assert_eq!(code(&payload).is_none(), is_offered, "{place}: {payload:#}");
                if is_offered {
                    assert_eq!(payload["booking"]["startsAt"], json!(starts_at), "{place}");
                    taken += 1;
                } else {
                    assert!(matches!(code(&payload), Some("SLOT_TAKEN" | "NOT_OFFERED")), "{place}: {payload:#}");
                    refused += 1;
                }
            }
        }
        assert!(taken > 40 && refused > 40, "{taken} taken, {refused} refused");
        assert_eq!(practice.count("select count(*) from bookings").await, taken);
    })
    .await;
}

#[tokio::test]
async fn a_zone_that_is_none_is_refused_wherever_one_is_taken() {
    on_both_engines(|practice: Practice| async move {
        let giant = "A".repeat(40 * 1024);
        for odd in [
            "",
            "Nowhere",
            "America/New_York\0",
            "America/New_York\n",
            " Europe/London",
            "europe/london",
            "../../../etc/passwd",
            "/usr/share/zoneinfo/Europe/London",
            "Europe/../Europe/London",
            "Europe/London/",
            "Etc/GMT+14",
            "GMT+25",
            "UTC+01:00",
            "posixrules",
            "EST5EDT4,M3.2.0,M11.1.0",
            "Europe/Lond%6Fn",
            "\u{202e}nodnoL/eporuE",
            "Europe\\London",
            "' or 1=1 --",
            &giant,
        ] {
            let shown: String = odd.chars().take(40).collect();
            assert!(zones::table(odd, practice.app.clock.now()).is_none(), "{shown:?}");
            let book = json!({
                "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": "2030-01-08T10:00:00Z", "name": "Ben",
                "email": "ben@example.org", "phone": "+44 20 7946 0018", "timeZone": odd,
            });
            let look = json!({ "sessionTypeId": DISCOVERY, "from": "2030-01-08", "to": "2030-01-08", "timeZone": odd });
            let request = json!({ "sessionTypeId": DISCOVERY, "name": "Ben", "email": "ben@example.org",
                "phone": "+44 20 7946 0018", "timeZone": odd });
            for (query, name, input) in [
                (BOOK, "bookDiscovery", book),
                (
                    "query($input: AvailabilityInput!) { availability(input: $input) { days { date } userErrors { code field } } }",
                    "availability",
                    look,
                ),
                (
                    "mutation($input: RequestBookingInput!) { requestBooking(input: $input) { userErrors { code field } } }",
                    "requestBooking",
                    request,
                ),
            ] {
                let payload = practice.ask(query, json!({ "input": input })).await[name].clone();
                let said = &payload["userErrors"][0];
                assert_eq!((&said["code"], &said["field"]), (&json!("INVALID"), &json!(["timeZone"])), "{shown:?}: {name}");
            }
            let named = "query($name: String!) { timeZone(name: $name) { __typename } }";
            assert_eq!(practice.ask(named, json!({ "name": odd })).await["timeZone"], Value::Null, "{shown:?}");
        }
        assert_eq!(practice.count("select count(*) from bookings").await, 0);
        assert_eq!(practice.count("select count(*) from booking_requests").await, 0);
        // Names of old stand for a place all the same, and are clocks like others.
        let old = json!({ "sessionTypeId": DISCOVERY, "from": "2030-01-08", "to": "2030-01-08", "timeZone": "US/Pacific" });
        let look = "query($input: AvailabilityInput!) { availability(input: $input) { days { date } userErrors { code } } }";
        assert_eq!(practice.ask(look, json!({ "input": old })).await["availability"]["userErrors"], json!([]));
    })
    .await;
}
