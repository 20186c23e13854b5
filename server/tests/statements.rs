//! A list takes as many statements for eight rows as for one, and what is remembered takes none.

mod support;

use anteroom::db::counting_statements;
use serde_json::json;
use support::{ADA_USER, DISCOVERY, Practice, on_both_engines, staff};

const LISTS: [&str; 2] = [
    "{ viewer { therapist { bookings(from: \"2030-01-08\", to: \"2030-01-08\") {
        guestName clientId createdAt booking { id status startsAt modality sessionType { name } therapist { name } } } } } }",
    "{ viewer { therapist { clients { nodes { id name stage stageSince } } } } }",
];

#[tokio::test]
async fn a_list_asks_the_database_as_often_for_many_rows_as_for_one() {
    on_both_engines(|practice: Practice| async move {
        let ask = async |list: &str| {
            let asked = practice.ask_as(Some(staff(ADA_USER)), list, json!({}));
            let (answer, statements) = counting_statements(asked).await;
            assert_eq!(answer.get("errors"), None, "{answer:#}");
            (statements, answer.to_string().matches("\"id\"").count())
        };
        practice.book("Ben9", "2030-01-08T09:00:00Z").await;
        let mut first = Vec::new();
        for list in LISTS {
            ask(list).await;
            first.push(ask(list).await);
        }
        for hour in 10..17 {
            practice.book(&format!("Ben{hour}"), &format!("2030-01-08T{hour}:00:00Z")).await;
        }
        for (list, (statements, rows)) in LISTS.into_iter().zip(first) {
            assert_eq!((rows, statements > 0), (1, true), "{list}");
            assert_eq!(ask(list).await, (statements, 8), "{list}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_free_is_answered_from_memory() {
    on_both_engines(|practice: Practice| async move {
        let ask =
            "query($input: AvailabilityInput!) { availability(input: $input) { days { date slots { startsAt } } } }";
        let input = json!({ "sessionTypeId": DISCOVERY, "from": "2030-01-08", "to": "2030-02-28" });
        let free = async || {
            let asked = practice.ask(ask, json!({ "input": input }));
            let (answer, statements) = counting_statements(asked).await;
            (answer.to_string().matches("startsAt").count(), statements)
        };
        let (before, _) = free().await;
        assert_eq!(free().await, (before, 0));
        // What changes it is forgotten with the commit.
        practice.book("Ben", "2030-01-10T10:00:00Z").await;
        assert_eq!(free().await.0, before - 1);
    })
    .await;
}
