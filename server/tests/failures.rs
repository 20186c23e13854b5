//! What breaks beneath the practice: a disk that is full, a database that somebody else holds. It is said, nothing is half
//! done, and nobody has to mend anything afterwards.

use crate::support::{ADA, BOOK, DISCOVERY, Engine, Practice};
use serde_json::{Value, json};
use sqlx::{Connection, Executor, SqliteConnection};

/// Tries to book, and answers with the code of the fault, if there was one.
async fn fault(practice: &Practice, name: &str, starts_at: &str) -> Value {
    let input = json!({
        "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": starts_at, "name": name,
        "email": format!("{name}@example.org"), "phone": "+44 20 7946 0018",
    });
    let answer = practice.ask_as(None, BOOK, json!({ "input": input })).await;
    if answer["errors"].is_null() {
        assert_eq!(answer["data"]["bookDiscovery"]["userErrors"], json!([]), "{answer:#}");
    }
    answer["errors"][0]["extensions"]["code"].clone()
}

/// As many pages as there are is the least that SQLite takes.
async fn let_the_database_have(practice: &Practice, pages: &'static str) {
    let limited = practice.app.db.write(move |tx| {
        Box::pin(async move {
            let _: i64 = tx.query(pages).value().await?;
            Ok(())
        })
    });
    limited.await.expect("a limit can be set");
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_nothing_half_done() {
    let practice = Practice::open(Engine::Sqlite).await;
    let_the_database_have(&practice, "pragma max_page_count = 1").await;
    let mut booked = 0;
    let starts: Vec<String> =
        (8..12).flat_map(|day| (9..17).map(move |hour| format!("2030-01-{day:02}T{hour:02}:00:00Z"))).collect();
    let refused = loop {
        let start = starts.get(booked).expect("the disk is full before the week is");
        match fault(&practice, &format!("ben{booked}"), start).await {
            Value::Null => booked += 1,
            code => break (start, code),
        }
    };
    assert_eq!(refused.1, "UNAVAILABLE");
    let left = [
        ("select count(*) from bookings", booked as i64),
        ("select count(*) from occupancy", booked as i64),
        ("select count(*) from clients", booked as i64),
        ("select count(*) from users where role = 'CLIENT'", booked as i64),
    ];
    for (sql, count) in left {
        assert_eq!(practice.count(sql).await, count, "{sql}");
    }

    let_the_database_have(&practice, "pragma max_page_count = 1000000").await;
    assert_eq!(fault(&practice, &format!("ben{booked}"), refused.0).await, Value::Null);
    assert_eq!(practice.count("select count(*) from bookings").await, booked as i64 + 1);
}

#[tokio::test]
async fn a_database_that_somebody_else_holds_is_waited_for_and_then_said() {
    let practice = Practice::open(Engine::Sqlite).await;
    let mut other = SqliteConnection::connect(&practice.url).await.expect("a second connection");
    other.execute("begin immediate").await.expect("it holds the database");
    assert_eq!(fault(&practice, "ben", "2030-01-08T10:00:00Z").await, "UNAVAILABLE");
    other.execute("rollback").await.expect("it lets go");
    assert_eq!(practice.count("select count(*) from bookings").await, 0);
    assert_eq!(fault(&practice, "ben", "2030-01-08T10:00:00Z").await, Value::Null);
}
