//! Whatever is done in whatever order, what must be true stays true.

use super::kit::{Person, ada, ask, assert_sound, cancel, client, put_in, shift, try_book};
use super::undo::take_back;
use crate::support::{Practice, on_both_engines};
use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};

const OPERATIONS: usize = 60;

/// One of several, by chance.
fn pick<'a, T>(rng: &mut TestRng, of: &'a [T]) -> Option<&'a T> {
    (!of.is_empty()).then(|| &of[rng.next_u32() as usize % of.len()])
}

fn start(rng: &mut TestRng) -> String {
    let (day, hour, half) = (8 + rng.next_u32() % 14, 8 + rng.next_u32() % 11, rng.next_u32() % 2 * 30);
    format!("2030-01-{day:02}T{hour:02}:{half:02}:00Z")
}

async fn all(practice: &Practice) -> Vec<Value> {
    let query = "{ viewer { therapist { bookingList(first: 100) { nodes { booking { id } } } } } }";
    let list = ask(practice, ada(), query, json!({})).await;
    let nodes = list["therapist"]["bookingList"]["nodes"].as_array().expect("a list").clone();
    nodes.into_iter().map(|node| node["booking"]["id"].clone()).collect()
}

async fn operate(practice: &Practice, rng: &mut TestRng, people: &[Person]) {
    let person = *pick(rng, people).expect("there are people");
    let bookings = all(practice).await;
    let id = pick(rng, &bookings).cloned().unwrap_or_default();
    let by = if rng.next_u32().is_multiple_of(2) { ada() } else { Some(person.viewer) };
    match rng.next_u32() % 10 {
        0..=2 => drop(try_book(practice, person, &start(rng)).await),
        3 => drop(shift(practice, by, &id, &start(rng)).await),
        4 => drop(cancel(practice, by, &id).await),
        5 => drop(put_in(practice, person, &start(rng)).await),
        6 => {
            let missed = "mutation($id: BookingId!) { markNoShow(input: { bookingId: $id }) { userErrors { code } } }";
            ask(practice, ada(), missed, json!({ "id": id })).await;
        }
        7 => {
            let done =
                "mutation($id: BookingId!) { completeBooking(input: { bookingId: $id }) { userErrors { code } } }";
            ask(practice, ada(), done, json!({ "id": id })).await;
        }
        8 => drop(take_back(practice, by, &id).await),
        _ => practice.pass_minutes(i64::from(rng.next_u32() % (20 * 60))).await,
    }
}

#[tokio::test]
async fn nothing_that_can_be_done_breaks_what_must_be_true() {
    on_both_engines(|practice| async move {
        let mut people = Vec::new();
        for (name, at) in [("Ben", "2030-01-07T10:00:00Z"), ("Cleo", "2030-01-07T12:00:00Z")] {
            people.push(client(&practice, name, at).await);
        }
        let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        for _ in 0..OPERATIONS {
            operate(&practice, &mut rng, &people).await;
            assert_sound(&practice).await;
        }
    })
    .await;
}
