//! One visitor who would like to have every time there is.

use super::kit::{HOLD, ask_from, code};
use crate::support::{ADA, BOOK, DISCOVERY, Practice, SAMIR, on_both_engines_with};
use serde_json::{Value, json};
use shared::ids::TherapistId;
use std::sync::Arc;

/// Asks for a time to be kept, from an address; the answer is the payload.
async fn keep(practice: &Practice, last: u8, therapist: TherapistId, starts_at: &str, instead_of: &Value) -> Value {
    let input =
        json!({ "sessionTypeId": DISCOVERY, "therapistId": therapist, "startsAt": starts_at, "insteadOf": instead_of });
    ask_from(practice, last, HOLD, json!({ "input": input })).await["holdSlot"].clone()
}

#[tokio::test]
async fn one_visitor_keeps_a_few_times_and_no_more() {
    on_both_engines_with(&[("holds_per_visitor", "2")], |practice: Practice| async move {
        let none = Value::Null;
        let mut kept = Vec::new();
        for starts_at in ["2030-01-08T10:00:00Z", "2030-01-08T11:00:00Z"] {
            let payload = keep(&practice, 1, ADA, starts_at, &none).await;
            assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
            kept.push(payload["hold"]["token"].clone());
        }
        let third = keep(&practice, 1, ADA, "2030-01-08T12:00:00Z", &none).await;
        assert_eq!((code(&third), &third["hold"]), (Some("RATE_LIMITED"), &none), "{third:#}");
        assert_eq!(keep(&practice, 2, ADA, "2030-01-08T12:00:00Z", &none).await["userErrors"], json!([]), "another's");

        // Changing one's mind is free, and so is waiting.
        let changed = keep(&practice, 1, ADA, "2030-01-08T13:00:00Z", &kept[0]).await;
        assert_eq!(changed["userErrors"], json!([]), "{changed:#}");
        practice.pass_minutes(i64::from(practice.app.config.hold_minutes)).await;
        let later = keep(&practice, 1, ADA, "2030-01-08T10:00:00Z", &none).await;
        assert_eq!(later["userErrors"], json!([]), "{later:#}");
        let holds = "select count(*) from occupancy where kind = 'HOLD'";
        assert_eq!(practice.count(holds).await, 1, "what nobody used is free again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_asks_for_many_times_at_once_keeps_no_more_of_them() {
    on_both_engines_with(&[("holds_per_visitor", "2")], |practice: Practice| async move {
        let practice = Arc::new(practice);
        let attempts: Vec<_> = (0..12)
            .map(|number| {
                let practice = practice.clone();
                let therapist = if number % 2 == 0 { ADA } else { SAMIR };
                let starts_at = format!("2030-01-08T{:02}:00:00Z", 9 + number / 2);
                tokio::spawn(async move { keep(&practice, 1, therapist, &starts_at, &Value::Null).await })
            })
            .collect();
        let mut kept = 0;
        for attempt in attempts {
            let payload = attempt.await.expect("no attempt panics");
            assert!(matches!(code(&payload), None | Some("RATE_LIMITED")), "{payload:#}");
            kept += usize::from(code(&payload).is_none());
        }
        assert_eq!(kept, 2);
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'HOLD'").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_books_or_asks_many_times_at_once_has_no_more_of_it() {
    on_both_engines_with(&[("bookings_per_visitor", "2")], |practice: Practice| async move {
        let practice = Arc::new(practice);
        let ask =
            "mutation($input: RequestBookingInput!) { requestBooking(input: $input) { userErrors { code field } } }";
        for (query, name, most) in [(BOOK, "bookDiscovery", 2), (ask, "requestBooking", 3)] {
            let attempts: Vec<_> = (0..12)
                .map(|number| {
                    let practice = practice.clone();
                    let mut input = json!({
                        "sessionTypeId": DISCOVERY, "therapistId": if number % 2 == 0 { ADA } else { SAMIR },
                        "name": "Ben", "email": format!("ben{number}@example.org"), "phone": "+44 20 7946 0018",
                    });
                    if name == "bookDiscovery" {
                        input["startsAt"] = json!(format!("2030-01-08T{:02}:00:00Z", 9 + number / 2));
                    }
                    tokio::spawn(
                        async move { ask_from(&practice, 1, query, json!({ "input": input })).await[name].clone() },
                    )
                })
                .collect();
            let mut made = 0;
            for attempt in attempts {
                let payload = attempt.await.expect("no attempt panics");
                assert!(matches!(code(&payload), None | Some("RATE_LIMITED")), "{payload:#}");
                made += usize::from(code(&payload).is_none());
            }
            assert_eq!(made, most, "{name}");
        }
        assert_eq!(practice.count("select count(*) from bookings").await, 2);
        assert_eq!(practice.count("select count(*) from booking_requests").await, 3);
    })
    .await;
}
