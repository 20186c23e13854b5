//! Several server processes on one PostgreSQL are one practice.

use crate::support::{ADA_USER, Engine, Practice, staff};
use anteroom::graphql::Caller;
use async_graphql::Request;
use futures_util::StreamExt;
use serde_json::{Value, json};
use sqlx::{Connection, Executor, PgConnection};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// Longer than any machine needs; a story that fails ends.
const LONG_ENOUGH: Duration = Duration::from_secs(20);

#[tokio::test]
async fn what_one_process_books_is_heard_in_another() {
    if std::env::var_os("TEST_POSTGRES_URL").is_none() {
        return;
    }
    let here = Practice::open(Engine::Postgres).await;
    hears(&here, &here.second_process().await, 9).await;
}

#[tokio::test]
async fn connections_that_are_cut_are_made_again() {
    if std::env::var_os("TEST_POSTGRES_URL").is_none() {
        return;
    }
    let here = Practice::open(Engine::Postgres).await;
    let there = here.second_process().await;
    hears(&here, &there, 9).await;
    let mut operator = PgConnection::connect(&here.url).await.expect("a connection");
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid()";
    operator.execute(cut).await.expect("every other connection is cut");
    hears(&here, &there, 14).await;
}

/// Books from an hour on in one process, until the other hears of it.
async fn hears(here: &Practice, there: &Practice, mut hour: u32) {
    let caller = Caller { viewer: Some(staff(ADA_USER)), address: IpAddr::V4(Ipv4Addr::LOCALHOST) };
    let subscribe = || {
        let request = Request::new("subscription { bookingChanged { bookingId } }").data(caller);
        there.schema.answering(caller.viewer).execute_stream(request).map(|response| json!(response))
    };
    let mut heard = subscribe();
    let story = async {
        loop {
            let booked = here.book(&format!("Ben{hour}"), &format!("2030-01-08T{hour:02}:00:00Z")).await;
            hour += 1;
            let expected = json!({ "data": { "bookingChanged": { "bookingId": booked["booking"]["id"] } } });
            match tokio::time::timeout(Duration::from_secs(1), heard.next()).await {
                Ok(Some(answer)) => return assert_eq!(answer, expected),
                // Until the other process has begun to listen it hears nothing, and then that it may have missed something.
                Ok(None) => heard = subscribe(),
                Err(_) => {}
            }
        }
    };
    tokio::time::timeout(LONG_ENOUGH, story).await.expect("the other process hears of it");
}

#[tokio::test]
async fn what_one_process_books_is_gone_in_another() {
    if std::env::var_os("TEST_POSTGRES_URL").is_none() {
        return;
    }
    let here = Practice::open(Engine::Postgres).await;
    let there = here.second_process().await;
    let refused = |payload: &Value| payload["userErrors"][0]["code"].clone();
    // The other process has its own timetable in memory, and has looked at it before.
    assert_eq!(refused(&there.book("Ann", "2030-01-08T09:00:00Z").await), Value::Null);
    here.book("Ben", "2030-01-08T10:00:00Z").await;
    assert_eq!(refused(&there.try_book("Cleo", "2030-01-08T10:00:00Z").await), "SLOT_TAKEN");
}
