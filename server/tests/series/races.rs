//! A place and somebody who books: one of them has the time.

use super::kit::{ada, ben, in_calendar, thursdays};
use crate::support::{Practice, on_both_engines};
use serde_json::json;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_place_and_those_who_book_its_first_session_one_wins() {
    on_both_engines(|practice: Practice| async move {
        let client = ben(&practice).await;
        let practice = Arc::new(practice);
        for round in 0..5_i64 {
            let day = shared::time::Date::new(2030, 1, 8).expect("a date").plus_days(7 * round);
            let mine = practice.clone();
            let input = thursdays(client, json!({ "startsOn": day, "endsOn": day.plus_days(6) }));
            let place = tokio::spawn(async move { ada(&mine, "createSeries", "series { id } conflicts", input).await });
            let bookers: Vec<_> = (0..8)
                .map(|n| {
                    let practice = practice.clone();
                    tokio::spawn(async move {
                        practice.try_book(&format!("Cleo{round}x{n}"), &format!("{day}T11:00:00Z")).await
                    })
                })
                .collect();
            let mut winners = usize::from(place.await.expect("no attempt panics")["userErrors"] == json!([]));
            for booker in bookers {
                winners += usize::from(booker.await.expect("no attempt panics")["userErrors"] == json!([]));
            }
            assert_eq!(winners, 1, "round {round}");
        }
        let overlaps = practice
            .count(
                "select count(*) from occupancy a join occupancy b on a.id < b.id and a.therapist_id = b.therapist_id
                 and a.starts_at < b.ends_at and b.starts_at < a.ends_at",
            )
            .await;
        assert_eq!(overlaps, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_place_that_is_kept_ahead_by_many_at_once_has_each_session_once() {
    on_both_engines(|practice: Practice| async move {
        let client = ben(&practice).await;
        super::kit::place(&practice, thursdays(client, json!({}))).await;
        practice.app.clock.push_minutes(21 * 24 * 60);
        let app = practice.app.clone();
        let turns: Vec<_> = (0..4)
            .map(|_| {
                let app = app.clone();
                tokio::spawn(async move { anteroom::features::series::nightly::keep_all_ahead(&app).await })
            })
            .collect();
        for turn in turns {
            turn.await.expect("no turn panics").expect("a turn");
        }
        assert_eq!(practice.count("select count(*) from bookings").await, 13);
        assert_eq!(practice.count("select count(distinct series_date) from bookings").await, 13);
        assert_eq!(in_calendar(&practice).await.len(), 13);
    })
    .await;
}
