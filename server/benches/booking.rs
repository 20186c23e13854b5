//! A booking through the whole API and the database, with the log flushed to disk before the answer:
//! `script/postgres --durable cargo bench -p anteroom`.

#[allow(dead_code, reason = "the stories need more of it")]
#[path = "../tests/support/mod.rs"]
mod support;

use anteroom::features::practice;
use serde_json::json;
use shared::time::Date;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use support::{ADA, BOOK, DISCOVERY, Engine, Practice};
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

/// Starts of one day: half hours from 9:00 to 16:30.
const STARTS_A_DAY: u32 = 16;

/// A practice without limits of a day, and the next start nobody has.
struct Calendar {
    runtime: Runtime,
    practice: Arc<Practice>,
    next: AtomicU32,
}

impl Calendar {
    fn open(engine: Engine) -> Option<Self> {
        if engine == Engine::Postgres && std::env::var_os("TEST_POSTGRES_URL").is_none() {
            return None;
        }
        let runtime = Runtime::new().expect("a runtime");
        let practice = runtime.block_on(async {
            let practice = Practice::open(engine).await;
            let mut row = practice::catalogue(&practice.app).await.expect("a catalogue").practice.clone();
            (row.settings.sessions_per_day, row.settings.consecutive_sessions) = (None, None);
            let save = practice.app.db.write(move |tx| {
                let row = row.clone();
                Box::pin(async move { practice::save(tx, &row).await })
            });
            save.await.expect("it is saved");
            practice
        });
        Some(Calendar { runtime, practice: Arc::new(practice), next: AtomicU32::new(0) })
    }

    /// Books the next start.
    async fn book(practice: Arc<Practice>, number: u32) {
        let (day, half_hour) = (number / STARTS_A_DAY, number % STARTS_A_DAY);
        let monday = Date::new(2030, 1, 8).expect("a date");
        let date = monday.plus_days(i64::from(day / 4 * 7 + day % 4));
        let starts_at = format!("{date}T{:02}:{:02}:00Z", 9 + half_hour / 2, half_hour % 2 * 30);
        let input = json!({
            "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": starts_at, "name": "Ben",
            "email": format!("ben{number}@example.org"), "phone": "+44 20 7946 0018",
        });
        let answer = practice.ask(BOOK, json!({ "input": input })).await;
        assert_eq!(answer["bookDiscovery"]["userErrors"], json!([]), "{answer:#}");
    }

    fn take(&self, count: u32) -> Vec<u32> {
        let first = self.next.fetch_add(count, Ordering::SeqCst);
        (first..first + count).collect()
    }
}

/// How long one visitor waits.
#[divan::bench(args = [Engine::Sqlite, Engine::Postgres], sample_count = 100, sample_size = 1)]
fn one_booking(bencher: divan::Bencher<'_, '_>, engine: Engine) {
    let Some(calendar) = Calendar::open(engine) else { return };
    bencher.counter(divan::counter::ItemsCount::new(1_usize)).with_inputs(|| calendar.take(1)).bench_values(
        |numbers| {
            calendar.runtime.block_on(Calendar::book(calendar.practice.clone(), numbers[0]));
        },
    );
}

/// Sixteen visitors who book different times at the same moment.
#[divan::bench(args = [Engine::Sqlite, Engine::Postgres], sample_count = 20, sample_size = 1)]
fn sixteen_bookings_at_once(bencher: divan::Bencher<'_, '_>, engine: Engine) {
    let Some(calendar) = Calendar::open(engine) else { return };
    bencher.counter(divan::counter::ItemsCount::new(16_usize)).with_inputs(|| calendar.take(16)).bench_values(
        |numbers| {
            calendar.runtime.block_on(async {
                let all =
                    numbers.into_iter().map(|number| tokio::spawn(Calendar::book(calendar.practice.clone(), number)));
                for booking in all.collect::<Vec<_>>() {
                    booking.await.expect("it is booked");
                }
            });
        },
    );
}
