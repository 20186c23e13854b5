//! A list takes as many statements for eight rows as for one, and what is remembered takes none.

use crate::support::{ADA_USER, DISCOVERY, Practice, on_both_engines, staff};
use anteroom::db::counting_statements;
use anteroom::features::accounts::Viewer;
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{ClientId, LoginId, UserId};
use uuid::Uuid;

/// Whose list it is.
#[derive(Debug, Clone, Copy)]
enum Of {
    Ada,
    Ben,
}

/// Every list that grows; each row has one `id`, and `BEN` stands for his.
const LISTS: [(Of, &str); 7] = [
    (
        Of::Ada,
        "{ viewer { therapist { bookings(from: \"2030-01-08\", to: \"2030-01-08\") {
            guestName clientId createdAt booking { id status startsAt modality sessionType { name } therapist { name } } } } } }",
    ),
    (Of::Ada, "{ viewer { therapist { clients { nodes { id name stage stageSince } } } } }"),
    (
        Of::Ada,
        "{ viewer { therapist { bookingsOfClient(id: \"BEN\") {
            nodes { guestName booking { id status startsAt sessionType { name } therapist { name } price { amount } } } } } } }",
    ),
    (Of::Ada, "{ viewer { therapist { timeOff { id startsAt endsAt note } } } }"),
    (Of::Ada, "{ viewer { therapist { weeklyHours { id weekday from until sessionTypeId modality } } } }"),
    (Of::Ben, "{ viewer { client { bookings { nodes { id status startsAt canCancel sessionType { name } therapist { name } } } } } }"),
    (Of::Ben, "{ viewer { user { logins { id device createdAt seenAt expiresAt isThis } } } }"),
];

const WEEK: &str =
    "mutation($hours: [WeeklyHoursInput!]!) { setWeeklyHours(input: { hours: $hours }) { userErrors { message } } }";
const OFF: &str =
    "mutation($day: Date!) { addTimeOff(input: { from: $day, to: $day, note: \"Sea\" }) { userErrors { message } } }";

async fn change(practice: &Practice, mutation: &str, variables: Value) {
    let answer = practice.ask_as(Some(staff(ADA_USER)), mutation, variables).await;
    assert!(answer.get("errors").is_none() && !answer.to_string().contains("message"), "{answer:#}");
}

/// Opens Tuesday and so many hours of Wednesday.
async fn open_stretches(practice: &Practice, of_wednesday: usize) {
    let tuesday = json!({ "weekday": "TUESDAY", "from": "09:00", "until": "17:00" });
    let wednesday = (0..of_wednesday).map(
        |n| json!({ "weekday": "WEDNESDAY", "from": format!("{:02}:00", 9 + n), "until": format!("{:02}:30", 9 + n) }),
    );
    let hours: Vec<Value> = [tuesday].into_iter().chain(wednesday).collect();
    change(practice, WEEK, json!({ "hours": hours })).await;
}

/// The first of everything, and Ben.
async fn one_of_each(practice: &Practice) -> (ClientId, UserId) {
    open_stretches(practice, 0).await;
    practice.book("Ben", "2030-01-08T09:00:00Z").await;
    change(practice, OFF, json!({ "day": "2030-02-01" })).await;
    practice.sign_in("ben@example.org").await;
    let mut conn = practice.app.db.read().await.expect("a connection");
    let ben = "select id, user_id from clients";
    let (client, user): (Uuid, Uuid) = conn.query(ben).one().await.expect("one client");
    (ClientId(client), UserId(user))
}

/// Seven more of everything.
async fn seven_more_of_each(practice: &Practice, ben: ClientId) {
    for hour in 10..17 {
        practice.book(&format!("Guest{hour}"), &format!("2030-01-08T{hour}:00:00Z")).await;
        change(practice, OFF, json!({ "day": format!("2030-02-{hour}") })).await;
        practice.sign_in("ben@example.org").await;
    }
    open_stretches(practice, 7).await;
    let all_his = practice.app.db.write(move |tx| {
        Box::pin(async move {
            tx.query("update bookings set client_id = $1").bind(ben).run().await?;
            Ok(())
        })
    });
    all_his.await.expect("every booking is Ben's");
}

#[tokio::test]
async fn a_list_asks_the_database_as_often_for_many_rows_as_for_one() {
    on_both_engines(|practice: Practice| async move {
        let (client, user_id) = one_of_each(&practice).await;
        let ask = async |of: Of, list: &str| {
            let viewer = match of {
                Of::Ada => staff(ADA_USER),
                Of::Ben => {
                    let login_id = LoginId(Uuid::from_u128(99));
                    Viewer { user_id, login_id, role: Role::Client, second_factor: false }
                }
            };
            let list = list.replace("BEN", &client.0.to_string());
            let asked = practice.ask_as(Some(viewer), &list, json!({}));
            let (answer, statements) = counting_statements(asked).await;
            assert_eq!(answer.get("errors"), None, "{answer:#}");
            (statements, answer.to_string().matches("\"id\"").count())
        };
        let mut first = Vec::new();
        for (of, list) in LISTS {
            // What is remembered for everyone is read before it counts.
            ask(of, list).await;
            first.push(ask(of, list).await);
        }
        seven_more_of_each(&practice, client).await;
        for ((of, list), (statements, rows)) in LISTS.into_iter().zip(first) {
            assert_eq!((rows, statements > 0), (1, true), "{list}");
            ask(of, list).await;
            assert_eq!(ask(of, list).await, (statements, 8), "{list}");
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
