//! Many people want the same time at once. The database lets one of them have it.

use crate::support::wire::Served;
use crate::support::{ADA, BOOK, CHAT, DISCOVERY, NOW, Practice, at, on_both_engines};
use anteroom::db::Tx;
use anteroom::error::Error;
use anteroom::features::accounts::{self, User};
use anteroom::features::practice::{self, Therapist};
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{TherapistId, UserId};
use shared::time::{Instant, TimeRange};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

const CLIENTS: usize = 64;
const ROUNDS: usize = 50;

/// A Tuesday to Friday of the weeks after the test's Monday, in the morning or the afternoon: one half day a round.
fn half_day_of_round(round: usize) -> (String, u32) {
    let (day, half) = (round / 2, round % 2);
    let date = shared::time::Date::new(2030, 1, 8).expect("a date");
    let date = date.plus_days((day / 4 * 7 + day % 4) as i64);
    (date.to_string(), if half == 0 { 10 } else { 14 })
}

/// Three starts and two lengths, each of which overlaps each other one.
fn wish(client: usize, hour: u32) -> (Value, String) {
    match client % 2 {
        0 => (json!(DISCOVERY), format!("{}:00", hour + 1)),
        _ if client % 4 == 1 => (json!(CHAT), format!("{hour}:30")),
        _ => (json!(CHAT), format!("{}:00", hour + 1)),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_who_want_overlapping_times_one_wins_and_the_rest_are_told() {
    on_both_engines(|practice: Practice| async move {
        let served = Arc::new(Served::of(practice).await);
        for round in 0..ROUNDS {
            let (day, hour) = half_day_of_round(round);
            let attempts = (0..CLIENTS).map(|client| {
                let (served, day) = (served.clone(), day.clone());
                tokio::spawn(async move {
                    let (session_type, time) = wish(client, hour);
                    let input = json!({
                        "sessionTypeId": session_type, "therapistId": ADA, "startsAt": format!("{day}T{time}:00Z"),
                        "name": "Ben", "email": format!("ben{round}x{client}@example.org"), "phone": "+44 20 7946 0018",
                    });
                    served.ask(BOOK, json!({ "input": input })).await
                })
            });
            let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
            for attempt in attempts.collect::<Vec<_>>() {
                let (status, answer) = attempt.await.expect("no attempt panics");
                assert_eq!((status, answer.get("errors")), (200, None), "a refusal is not a fault: {answer:#}");
                let payload = &answer["data"]["bookDiscovery"];
                let outcome = match payload["userErrors"][0]["code"].as_str() {
                    None => "booked".to_owned(),
                    Some(code) => {
                        assert_eq!(payload["alternatives"].as_array().map(Vec::len), Some(3), "{payload:#}");
                        code.to_owned()
                    }
                };
                *outcomes.entry(outcome).or_default() += 1;
            }
            let expected = BTreeMap::from([("booked".to_owned(), 1), ("SLOT_TAKEN".to_owned(), CLIENTS - 1)]);
            assert_eq!(outcomes, expected, "round {round}");
        }
        let practice = &served.practice;
        let overlaps = practice
            .count(
                "select count(*) from occupancy a join occupancy b on a.id < b.id and a.therapist_id = b.therapist_id
                 and a.starts_at < b.ends_at and b.starts_at < a.ends_at",
            )
            .await;
        assert_eq!(overlaps, 0);
        assert_eq!(practice.count("select count(*) from bookings").await, ROUNDS as i64);
        assert_eq!(practice.count("select count(*) from occupancy").await, ROUNDS as i64);
    })
    .await;
}

#[tokio::test]
async fn a_key_on_the_start_alone_would_have_let_two_in() {
    on_both_engines(|practice: Practice| async move {
        practice.book("Ben", "2030-01-08T10:00:00Z").await;
        // 45 minutes from half past nine: another start, and it reaches into Ben's.
        let input = json!({
            "sessionTypeId": CHAT, "therapistId": ADA, "startsAt": "2030-01-08T09:30:00Z",
            "name": "Cleo", "email": "cleo@example.org", "phone": "+44 20 7946 0018",
        });
        let answer = practice.ask(BOOK, json!({ "input": input })).await;
        assert_eq!(answer["bookDiscovery"]["userErrors"][0]["code"], "SLOT_TAKEN");

        let same_start = practice.count("select count(*) - count(distinct starts_at) from bookings").await;
        assert_eq!(same_start, 0);
        assert_eq!(practice.count("select count(*) from bookings").await, 1);
    })
    .await;
}

// From here on nobody asks the engine, takes a lock or counts: what refuses is the database.

/// A stretch of somebody's time, as the table knows it.
#[derive(Debug, Clone, Copy)]
struct Row {
    id: Uuid,
    therapist: TherapistId,
    room: Option<Uuid>,
    client: Option<Uuid>,
    range: TimeRange,
}

impl Row {
    fn meets(&self, other: &Row) -> bool {
        let same = self.therapist == other.therapist
            || (self.room.is_some() && self.room == other.room)
            || (self.client.is_some() && self.client == other.client);
        let (this, that) = (self.range, other.range);
        same && this.starts_at < that.ends_at && that.starts_at < this.ends_at
    }
}

/// From so many minutes after the start of the test, for so many.
fn minutes(from: i64, length: i64) -> TimeRange {
    let starts_at: Instant = at(NOW).plus_minutes(from);
    TimeRange { starts_at, ends_at: starts_at.plus_minutes(length) }
}

async fn insert(practice: &Practice, row: Row) -> Result<(), Error> {
    practice.app.db.write(move |tx| Box::pin(insert_row(tx, row))).await
}

async fn insert_row(tx: &mut Tx, row: Row) -> Result<(), Error> {
    tx.query(
        "insert into occupancy
             (id, kind, therapist_id, room_id, client_id, starts_at, ends_at, session_starts_at, session_ends_at, created_at)
         values ($1, 'BOOKING', $2, $3, $4, $5, $6, $5, $6, $5)",
    )
    .bind(row.id)
    .bind(row.therapist)
    .bind(row.room)
    .bind(row.client)
    .bind(row.range.starts_at)
    .bind(row.range.ends_at)
    .run()
    .await?;
    Ok(())
}

/// Makes the row with this id say this.
async fn update(practice: &Practice, row: Row) -> Result<(), Error> {
    practice
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                tx.query(
                    "update occupancy set therapist_id = $2, room_id = $3, client_id = $4, starts_at = $5, ends_at = $6
                     where id = $1",
                )
                .bind(row.id)
                .bind(row.therapist)
                .bind(row.room)
                .bind(row.client)
                .bind(row.range.starts_at)
                .bind(row.range.ends_at)
                .run()
                .await?;
                Ok(())
            })
        })
        .await
}

/// A practice with this many therapists, rooms and clients, who are otherwise strangers.
struct House {
    therapists: Vec<TherapistId>,
    rooms: Vec<Uuid>,
    clients: Vec<Uuid>,
}

impl House {
    async fn of(practice: &Practice, many: usize) -> Self {
        let therapists: Vec<_> = (0..many).map(|n| TherapistId(Uuid::from_u128(1_000 + n as u128))).collect();
        let rooms: Vec<_> = (0..many).map(|n| Uuid::from_u128(3_000 + n as u128)).collect();
        let clients: Vec<_> = (0..many).map(|n| Uuid::from_u128(4_000 + n as u128)).collect();
        let (all, all_rooms, all_clients) = (therapists.clone(), rooms.clone(), clients.clone());
        let built = practice.app.db.write(move |tx| {
            let (therapists, rooms, clients) = (all.clone(), all_rooms.clone(), all_clients.clone());
            Box::pin(async move {
                for (n, therapist) in therapists.into_iter().enumerate() {
                    let user = UserId(Uuid::from_u128(2_000 + n as u128));
                    accounts::add_user(tx, &person(user, n), at(NOW)).await?;
                    practice::add_therapist(tx, &somebody(therapist, user, n), 10 + n as i64).await?;
                }
                for room in rooms {
                    tx.query("insert into rooms (id, name) values ($1, 'A room')").bind(room).run().await?;
                }
                for (n, client) in clients.into_iter().enumerate() {
                    tx.query(
                        "insert into clients (id, user_id, therapist_id, stage, stage_since, sealed_key, created_at)
                         values ($1, $2, $3, 'ACTIVE', $4, $5, $4)",
                    )
                    .bind(client)
                    .bind(Uuid::from_u128(2_000 + n as u128))
                    .bind(ADA)
                    .bind(at(NOW))
                    .bind(vec![0_u8; 32])
                    .run()
                    .await?;
                }
                Ok(())
            })
        });
        built.await.expect("the house is built");
        House { therapists, rooms, clients }
    }

    /// The n-th of a crowd who have only a therapist, a room or a client in common.
    fn one_of_crowd(&self, what: Shared, n: usize, range: TimeRange) -> Row {
        let other = if what == Shared::Therapist { 0 } else { n };
        Row {
            id: Uuid::from_u128(5_000 + n as u128),
            therapist: self.therapists[other],
            room: (what == Shared::Room).then(|| self.rooms[0]),
            client: (what == Shared::Client).then(|| self.clients[0]),
            range,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shared {
    Therapist,
    Room,
    Client,
}

const EACH: [Shared; 3] = [Shared::Therapist, Shared::Room, Shared::Client];

fn person(id: UserId, n: usize) -> User {
    User {
        id,
        email: format!("somebody{n}@practice.example"),
        name: format!("Somebody {n}"),
        phone: String::new(),
        time_zone: "Europe/London".into(),
        role: Role::Therapist,
        email_proven_at: None,
        disabled_at: None,
    }
}

fn somebody(id: TherapistId, user_id: UserId, n: usize) -> Therapist {
    Therapist {
        id,
        user_id,
        slug: format!("somebody-{n}"),
        name: format!("Somebody {n}"),
        title: String::new(),
        summary: String::new(),
        about: sqlx::types::Json(Vec::new()),
        takes_new_clients: false,
    }
}

/// Does `deed` for every row at once, and answers how many it was done for; everyone else met the guard.
async fn all_at_once<F>(practice: &Arc<Practice>, rows: Vec<Row>, deed: impl Fn(Arc<Practice>, Row) -> F) -> usize
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    let deeds: Vec<_> = rows.into_iter().map(|row| tokio::spawn(deed(practice.clone(), row))).collect();
    let mut done = 0;
    for deed in deeds {
        match deed.await.expect("no deed panics") {
            Ok(()) => done += 1,
            Err(Error::Overlap) => {}
            Err(other) => panic!("{other}"),
        }
    }
    done
}

/// The overlaps there are in the table, as it would be counted on paper.
const OVERLAPS: &str = "select count(*) from occupancy a join occupancy b on a.id < b.id
    and (a.therapist_id = b.therapist_id or a.room_id = b.room_id or a.client_id = b.client_id)
    and a.starts_at < b.ends_at and b.starts_at < a.ends_at";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixty_four_rows_put_in_at_once_the_database_takes_one() {
    on_both_engines(|practice: Practice| async move {
        let house = House::of(&practice, CLIENTS).await;
        let practice = Arc::new(practice);
        for what in EACH {
            // Other starts, other lengths; all of them hold the hundredth minute.
            let range = |n: i64| minutes(100 - n, 1 + n + n % 7 * 10);
            let rows = (0..CLIENTS).map(|n| house.one_of_crowd(what, n, range(n as i64))).collect();
            let taken = all_at_once(&practice, rows, |practice, row| async move { insert(&practice, row).await }).await;
            assert_eq!(taken, 1, "of one {what:?}");
            assert_eq!(practice.count("select count(*) from occupancy").await, 1);
            clear(&practice).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_rows_moved_to_one_time_at_once_the_database_moves_one() {
    const ROWS: usize = 16;
    on_both_engines(|practice: Practice| async move {
        let house = House::of(&practice, ROWS).await;
        let practice = Arc::new(practice);
        for what in EACH {
            for n in 0..ROWS {
                let apart = minutes(1_000 * n as i64, 60);
                insert(&practice, house.one_of_crowd(what, n, apart)).await.expect("nobody is there");
            }
            let rows = (0..ROWS).map(|n| house.one_of_crowd(what, n, minutes(-500 - n as i64, 50))).collect();
            let moved = all_at_once(&practice, rows, |practice, row| async move { update(&practice, row).await }).await;
            assert_eq!(moved, 1, "of one {what:?}");
            assert_eq!(practice.count(OVERLAPS).await, 0);
            clear(&practice).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_row_cannot_be_given_to_somebody_who_is_busy_then_and_may_touch_what_is_beside_it() {
    on_both_engines(|practice: Practice| async move {
        let house = House::of(&practice, 2).await;
        let row = |id: u128, n: usize, range| Row {
            id: Uuid::from_u128(id),
            therapist: house.therapists[n],
            room: Some(house.rooms[n]),
            client: Some(house.clients[n]),
            range,
        };
        let (first, second) = (row(1, 0, minutes(0, 60)), row(2, 1, minutes(59, 60)));
        for row in [first, second] {
            insert(&practice, row).await.expect("strangers do not meet");
        }
        for given in [
            Row { therapist: first.therapist, ..second },
            Row { room: first.room, ..second },
            Row { client: first.client, ..second },
        ] {
            let outcome = update(&practice, given).await;
            assert!(matches!(outcome, Err(Error::Overlap)), "{given:?}: {outcome:?}");
            let touching = Row { range: minutes(60, 60), ..given };
            update(&practice, touching).await.expect("the end is free");
            let back = update(&practice, given).await;
            assert!(matches!(back, Err(Error::Overlap)), "{given:?}: {back:?}");
            update(&practice, second).await.expect("as it was");
        }
        update(&practice, second).await.expect("it does not meet itself");
    })
    .await;
}

#[tokio::test]
async fn the_database_refuses_what_would_be_refused_on_paper_and_nothing_else() {
    on_both_engines(|practice: Practice| async move {
        let house = House::of(&practice, 3).await;
        let mut seed = 7_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let mut paper: Vec<Row> = Vec::new();
        let (mut taken, mut refused) = (0, 0);
        for n in 0..400 {
            let is_move = !paper.is_empty() && next(4) == 0;
            let range = minutes(next(2_000) as i64, 10 + next(12) as i64 * 10);
            let row = Row {
                id: Uuid::from_u128(6_000 + n),
                therapist: house.therapists[next(3) as usize],
                room: (next(2) == 0).then(|| house.rooms[next(3) as usize]),
                client: (next(2) == 0).then(|| house.clients[next(3) as usize]),
                range,
            };
            let row = match is_move {
                true => Row { id: paper[next(paper.len() as u64) as usize].id, ..row },
                false => row,
            };
            let is_free = !paper.iter().any(|other| other.id != row.id && other.meets(&row));
            let outcome = if is_move { update(&practice, row).await } else { insert(&practice, row).await };
            match outcome {
                Ok(()) => {
                    assert!(is_free, "{row:?} was taken");
                    paper.retain(|other| other.id != row.id);
                    paper.push(row);
                    taken += 1;
                }
                Err(Error::Overlap) => {
                    assert!(!is_free, "{row:?} was refused");
                    refused += 1;
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert!(taken > 40 && refused > 40, "{taken} taken, {refused} refused");
        assert_eq!(practice.count(OVERLAPS).await, 0);
    })
    .await;
}

async fn clear(practice: &Practice) {
    let cleared = practice.app.db.write(|tx| {
        Box::pin(async move {
            tx.query("delete from occupancy").run().await?;
            Ok(())
        })
    });
    cleared.await.expect("it is cleared");
}
