//! A night of 500 standing places of twenty therapists, on which none of them needs anything, beside a write for each:
//! `cargo bench -p anteroom --bench keeping`.

#[allow(dead_code, reason = "the stories need more of it")]
#[path = "../tests/support/mod.rs"]
mod support;

use anteroom::features::accounts::{self, User};
use anteroom::features::clients;
use anteroom::features::practice::{self, Therapist};
use anteroom::features::series::{Series, bring, keep, nightly};
use shared::actor::Role;
use shared::ids::{SeriesId, TherapistId, UserId};
use shared::series::{Cadence, SeriesState};
use shared::stage::Stage;
use shared::time::{LocalTime, Weekday};
use std::sync::Arc;
use support::{Engine, Practice, SESSION};
use tokio::runtime::Runtime;

fn main() {
    divan::main();
}

const THERAPISTS: usize = 20;
/// Each has one at five hours of five days.
const HOURS: usize = 5;

struct House {
    runtime: Runtime,
    practice: Arc<Practice>,
    ids: Vec<SeriesId>,
}

impl House {
    fn open(engine: Engine) -> Option<Self> {
        if engine == Engine::Postgres && std::env::var_os("TEST_POSTGRES_URL").is_none() {
            return None;
        }
        let runtime = Runtime::new().expect("a runtime");
        let (practice, ids) = runtime.block_on(async {
            let practice = Practice::open(engine).await;
            let mut ids = Vec::new();
            for number in 0..THERAPISTS {
                ids.extend(therapist(&practice, number).await);
            }
            (Arc::new(practice), ids)
        });
        Some(House { runtime, practice, ids })
    }
}

fn person(practice: &Practice, name: String, role: Role) -> User {
    let clock = &practice.app.clock;
    User {
        id: UserId(clock.new_id()),
        email: format!("{name}@example.org"),
        name,
        phone: String::new(),
        time_zone: "Europe/London".into(),
        role,
        email_proven_at: Some(clock.now()),
        disabled_at: None,
    }
}

/// One more therapist with her 25 places.
async fn therapist(practice: &Practice, number: usize) -> Vec<SeriesId> {
    let (app, her) = (practice.app.clone(), person(practice, format!("therapist{number}"), Role::Therapist));
    let row = Therapist {
        id: TherapistId(app.clock.new_id()),
        user_id: her.id,
        slug: her.name.clone(),
        name: her.name.clone(),
        title: "Psychotherapist".into(),
        summary: String::new(),
        about: sqlx::types::Json(Vec::new()),
        takes_new_clients: false,
    };
    let people: Vec<User> =
        (0..5 * HOURS).map(|place| person(practice, format!("client{number}x{place}"), Role::Client)).collect();
    let catalogue = practice::catalogue(&app).await.expect("a catalogue");
    let write = app.clone().db.clone();
    write
        .write(move |tx| {
            let (app, catalogue, her, row, people) =
                (app.clone(), catalogue.clone(), her.clone(), row.clone(), people.clone());
            Box::pin(async move {
                let now = app.clock.now();
                accounts::add_user(tx, &her, now).await?;
                practice::add_therapist(tx, &row, 10).await?;
                let mut ids = Vec::new();
                for (place, person) in people.iter().enumerate() {
                    accounts::add_user(tx, person, now).await?;
                    let client = clients::begin(tx, &app.clock, &app.keys, person.id, row.id, Stage::Active).await?;
                    let minutes = u16::try_from((9 + place % HOURS) * 60).expect("a time of the day");
                    let series = Series {
                        id: SeriesId(app.clock.new_id()),
                        client_id: client.id,
                        therapist_id: row.id,
                        session_type_id: SESSION,
                        cadence: Cadence::Weekly,
                        weekday: Weekday::ALL[place / HOURS],
                        local_time: LocalTime::from_minutes(minutes).expect("a time"),
                        starts_on: "2030-01-08".parse().expect("a date"),
                        ends_on: None,
                        minutes: 50,
                        modality: shared::practice::Modality::Online,
                        price_amount: None,
                        price_currency: None,
                        state: SeriesState::Active,
                        follows_id: None,
                        sequence: 0,
                        told_sequence: Some(0),
                        created_at: now,
                    };
                    bring::note(tx, &series).await?;
                    bring::keep(tx, &app, &catalogue, &series).await?;
                    ids.push(series.id);
                }
                Ok(ids)
            })
        })
        .await
        .expect("her places are kept")
}

/// A night on which nothing is needed.
#[divan::bench(args = [Engine::Sqlite, Engine::Postgres], sample_count = 10, sample_size = 1)]
fn nothing_needed(bencher: divan::Bencher<'_, '_>, engine: Engine) {
    let Some(house) = House::open(engine) else { return };
    bencher.bench_local(|| {
        let kept = house.runtime.block_on(nightly::keep_all_ahead(&house.practice.app)).expect("the turn is taken");
        assert_eq!(kept, 0);
    });
}

/// The same, with a write for each place.
#[divan::bench(args = [Engine::Sqlite, Engine::Postgres], sample_count = 3, sample_size = 1)]
fn a_write_for_each(bencher: divan::Bencher<'_, '_>, engine: Engine) {
    let Some(house) = House::open(engine) else { return };
    bencher.bench_local(|| {
        for id in &house.ids {
            house.runtime.block_on(keep::keep_ahead(&house.practice.app, *id)).expect("it is kept");
        }
    });
}
