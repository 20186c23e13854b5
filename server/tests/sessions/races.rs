//! Two at once: one of them wins, and nothing is half done.

use super::kit::{Person, ada, assert_sound, book, cancel, client, put_in, shift, try_book};
use crate::support::{Practice, on_both_engines};
use serde_json::{Value, json};
use std::sync::Arc;

async fn two(practice: &Practice) -> (Person, Person) {
    let ben = client(practice, "Ben", "2030-01-07T10:00:00Z").await;
    (ben, client(practice, "Cleo", "2030-01-07T12:00:00Z").await)
}

fn won(payload: &Value) -> bool {
    payload["userErrors"] == json!([])
}

#[tokio::test]
async fn moving_to_a_time_and_booking_it_has_one_winner() {
    on_both_engines(|practice| async move {
        let (ben, cleo) = two(&practice).await;
        let practice = Arc::new(practice);
        for round in 0..8 {
            let day = 14 + round % 5;
            let (from, to) = (format!("2030-01-{day}T09:00:00Z"), format!("2030-01-{day}T13:00:00Z"));
            let booking = book(&practice, ben, &from).await;
            let (first, second, id) = (practice.clone(), practice.clone(), booking["id"].clone());
            let target = to.clone();
            let moving = tokio::spawn(async move { shift(&first, Some(ben.viewer), &id, &target).await });
            let taking = tokio::spawn(async move { try_book(&second, cleo, &to).await });
            let (moved, taken) = (moving.await.expect("no panic"), taking.await.expect("no panic"));
            assert!(won(&moved) != won(&taken), "one wins: {moved:#} {taken:#}");
            assert_sound(&practice).await;
            cancel(&practice, ada(), &booking["id"]).await;
            if won(&taken) {
                cancel(&practice, ada(), &taken["booking"]["id"]).await;
            }
        }
    })
    .await;
}

/// Whoever lost was told that the time is taken, and at which field.
fn is_told_it_is_taken(payload: &Value) -> bool {
    let said = &payload["userErrors"][0];
    payload["booking"].is_null() && (&said["code"], &said["field"]) == (&json!("SLOT_TAKEN"), &json!(["startsAt"]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_who_books_and_a_therapist_who_does_have_one_winner_for_times_that_overlap() {
    on_both_engines(|practice| async move {
        let (ben, cleo) = two(&practice).await;
        let practice = Arc::new(practice);
        for round in 0..10 {
            let day = 14 + round % 5;
            // Half an hour apart, and longer than that: no start is the same.
            let (his, hers) = (format!("2030-01-{day}T10:00:00Z"), format!("2030-01-{day}T10:30:00Z"));
            let (his, hers) = if round % 2 == 0 { (his, hers) } else { (hers, his) };
            let (first, second) = (practice.clone(), practice.clone());
            let by_client = tokio::spawn(async move { try_book(&first, ben, &his).await });
            let by_ada = tokio::spawn(async move { put_in(&second, cleo, &hers).await });
            let both = [by_client.await.expect("no panic"), by_ada.await.expect("no panic")];
            let (winners, losers): (Vec<&Value>, Vec<&Value>) = both.iter().partition(|payload| won(payload));
            assert_eq!(winners.len(), 1, "round {round}: {both:#?}");
            assert!(losers.iter().all(|payload| is_told_it_is_taken(payload)), "round {round}: {losers:#?}");
            assert_sound(&practice).await;
            cancel(&practice, ada(), &winners[0]["booking"]["id"]).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_time_that_is_called_off_is_taken_by_one_of_those_who_want_it_and_never_had_by_two() {
    on_both_engines(|practice| async move {
        let (ben, cleo) = two(&practice).await;
        let dora = client(&practice, "Dora", "2030-01-07T15:00:00Z").await;
        let practice = Arc::new(practice);
        for round in 0..10 {
            let at = format!("2030-01-{}T09:00:00Z", 14 + round % 5);
            let booking = book(&practice, ben, &at).await;
            let (first, id) = (practice.clone(), booking["id"].clone());
            let calling_off = tokio::spawn(async move { cancel(&first, Some(ben.viewer), &id).await });
            let wanting = |who: Person| {
                let (practice, at) = (practice.clone(), at.clone());
                tokio::spawn(async move { try_book(&practice, who, &at).await })
            };
            let tries = [wanting(cleo), wanting(dora)];
            let mut taken = Vec::new();
            for attempt in tries {
                let payload = attempt.await.expect("no panic");
                assert!(won(&payload) || is_told_it_is_taken(&payload), "round {round}: {payload:#}");
                taken.extend(won(&payload).then(|| payload["booking"]["id"].clone()));
            }
            assert!(won(&calling_off.await.expect("no panic")), "round {round}");
            // Both were too early: the time is free now, for one of the two.
            if taken.is_empty() {
                for attempt in [wanting(cleo), wanting(dora)] {
                    let payload = attempt.await.expect("no panic");
                    assert!(won(&payload) || is_told_it_is_taken(&payload), "round {round}: {payload:#}");
                    taken.extend(won(&payload).then(|| payload["booking"]["id"].clone()));
                }
            }
            assert_eq!(taken.len(), 1, "round {round}");
            assert_eq!(practice.count(AHEAD).await, 1, "round {round}: one has it");
            assert_sound(&practice).await;
            cancel(&practice, ada(), &taken[0]).await;
        }
    })
    .await;
}

/// Paid sessions that stand.
const AHEAD: &str = "select count(*) from bookings b join session_types s on s.id = b.session_type_id
    where b.status = 'CONFIRMED' and s.gate = 'CLIENTS'";

#[tokio::test]
async fn calling_off_and_moving_at_once_leave_one_of_the_two() {
    on_both_engines(|practice| async move {
        let (ben, _) = two(&practice).await;
        let practice = Arc::new(practice);
        for day in 14..19 {
            let booking = book(&practice, ben, &format!("2030-01-{day}T09:00:00Z")).await;
            let (first, second) = (practice.clone(), practice.clone());
            let (id, same) = (booking["id"].clone(), booking["id"].clone());
            let to = format!("2030-01-{day}T14:00:00Z");
            let moving = tokio::spawn(async move { shift(&first, Some(ben.viewer), &id, &to).await });
            let calling_off = tokio::spawn(async move { cancel(&second, ada(), &same).await });
            moving.await.expect("no panic");
            let cancelled = calling_off.await.expect("no panic");
            assert!(won(&cancelled), "what is moved can still be called off: {cancelled:#}");
            assert_sound(&practice).await;
        }
        assert_eq!(practice.count("select count(*) from bookings where status = 'CONFIRMED'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_last_session_of_a_package_pays_for_one() {
    on_both_engines(|practice| async move {
        let (ben, _) = two(&practice).await;
        let client_id = ben.client;
        let app = practice.app.clone();
        let inner = app.clone();
        app.db
            .write(move |tx| {
                let app = inner.clone();
                Box::pin(async move {
                    let package = anteroom::features::money::packages::Package {
                        id: shared::ids::PackageId(app.clock.new_id()),
                        session_type_id: crate::support::SESSION,
                        name: "One".into(),
                        units: 1,
                        valid_days: 90,
                        price_amount: 7000,
                        price_currency: shared::money::Currency::Gbp,
                        visible: true,
                    };
                    anteroom::features::money::packages::add(tx, &package, 0).await?;
                    let now = app.clock.now();
                    anteroom::features::money::purchases::place(tx, &app, client_id, &package, now).await?;
                    Ok(())
                })
            })
            .await
            .expect("a package");
        let practice = Arc::new(practice);
        let tries = ["2030-01-14T09:00:00Z", "2030-01-14T13:00:00Z"].map(|at| {
            let practice = practice.clone();
            tokio::spawn(async move { try_book(&practice, ben, at).await })
        });
        let mut free = 0;
        for attempt in tries {
            let payload = attempt.await.expect("no panic");
            free += i32::from(payload["booking"]["price"]["amount"] == json!(0));
        }
        assert_eq!(free, 1, "one of the two is paid for by the package");
        assert_sound(&practice).await;
    })
    .await;
}
