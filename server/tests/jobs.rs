//! Deferred work on a bad day: rows nobody can read, workers that die, servers that do not answer.

use crate::support::log::Log;
use crate::support::post::{BEN, Story, on_both_engines};
use crate::support::{ADA_USER, Engine, Practice, engines};
use anteroom::jobs::Lane;
use anteroom::jobs::queue::{self, Try};
use anteroom::pulse::HEARTBEAT;
use anteroom::sandbox::smtp::Fault;
use anteroom::worker::{self, Pace};
use serde_json::{Value, json};
use shared::time::Instant;
use sqlx::types::Json;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

/// A worker in whose time nothing happens by itself but its signs of life.
const CALM: Pace = Pace {
    places: 2,
    longest_job: Duration::from_secs(3600),
    last_jobs: Duration::from_millis(50),
    beat: Duration::from_millis(10),
};

/// A job as somebody else left it.
struct Left {
    kind: &'static str,
    job: Value,
    state: &'static str,
    attempts: i64,
    /// When whoever held it should have been done.
    lease_until: Option<Instant>,
}

impl Left {
    fn queued(kind: &'static str, job: Value) -> Self {
        Left { kind, job, state: "QUEUED", attempts: 0, lease_until: None }
    }

    async fn by_somebody(self, practice: &Practice) {
        let Left { kind, job, state, attempts, lease_until } = self;
        let (id, lease, now) = (practice.app.clock.new_id(), practice.app.clock.new_id(), practice.app.clock.now());
        practice
            .app
            .db
            .write(move |tx| {
                let job = Json(job.clone());
                Box::pin(async move {
                    tx.query(
                        "insert into jobs (id, job, kind, state, attempts, lease, lease_until, due_at, run_at, created_at)
                         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)",
                    )
                    .bind(id)
                    .bind(job)
                    .bind(kind.to_owned())
                    .bind(state.to_owned())
                    .bind(attempts)
                    .bind(lease)
                    .bind(lease_until)
                    .bind(now)
                    .run()
                    .await?;
                    Ok(())
                })
            })
            .await
            .expect("it is stored");
    }
}

fn adopt() -> Value {
    json!({ "kind": "ADOPT_BOOKINGS", "user_id": ADA_USER })
}

async fn say(practice: &Practice, sql: &'static str) {
    practice
        .app
        .db
        .write(move |tx| {
            Box::pin(async move {
                tx.query(sql).run().await?;
                Ok(())
            })
        })
        .await
        .expect("the database does it");
}

/// A worker at its own pace, until it is asked to end.
fn at_work(practice: &Practice, pace: Pace) -> (JoinHandle<()>, DropGuard) {
    let stop = CancellationToken::new();
    (tokio::spawn(worker::run_at(pace, practice.app.clone(), stop.clone())), stop.drop_guard())
}

/// Waits until the database says `number`.
async fn until(practice: &Practice, sql: &'static str, number: i64) {
    let waiting = async {
        while practice.count(sql).await != number {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(60), waiting).await.is_ok(), "{sql} never was {number}");
}

/// Waits for a sign of life from now.
async fn until_alive(practice: &Practice) {
    let now = practice.app.clock.now();
    let waiting = async {
        loop {
            let mut conn = practice.app.db.read().await.expect("a connection");
            if queue::last_beat(&mut conn, HEARTBEAT).await.expect("an answer") == Some(now) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(60), waiting).await.is_ok(), "no sign of life at {now}");
}

#[tokio::test]
async fn what_cannot_be_read_holds_up_nothing() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        Left::queued("RELEASE_HOLD", json!({ "kind": "RELEASE_HOLD" })).by_somebody(practice).await;
        Left::queued("TELL_CLIENT", json!({ "kind": "MAKE_TEA", "cups": 2 })).by_somebody(practice).await;
        Left::queued("TELL_THERAPIST", json!(["not", "a", "job"])).by_somebody(practice).await;
        if practice.url.starts_with("sqlite") {
            say(practice, "update jobs set job = 'not even JSON' where kind = 'TELL_THERAPIST'").await;
        }
        practice.book("Ben", "2030-01-08T10:00:00Z").await;
        practice.pass_minutes(3).await;
        assert_eq!(story.to_ben().len(), 1);
        let buried = "select count(*) from jobs
            where state = 'DEAD' and last_error = 'what is stored of it cannot be read' and attempts = 1";
        assert_eq!(practice.count(buried).await, 3);
    })
    .await;
}

#[tokio::test]
async fn what_a_newer_release_has_stored_waits_for_it() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        for _ in 0..20 {
            Left::queued("MAKE_TEA", json!({ "kind": "MAKE_TEA", "cups": 2 })).by_somebody(practice).await;
        }
        practice.book("Ben", "2030-01-08T10:00:00Z").await;
        practice.pass_minutes(3).await;
        practice.pass_minutes(60).await;
        assert_eq!(story.to_ben().len(), 1);
        let untouched = "select count(*) from jobs where kind = 'MAKE_TEA' and state = 'QUEUED' and attempts = 0";
        assert_eq!(practice.count(untouched).await, 20);
        let mut conn = practice.app.db.read().await.expect("a connection");
        let backlog = queue::backlog(&mut conn, practice.app.clock.now()).await.expect("an answer");
        let ahead = practice.count("select count(*) from jobs where kind <> 'MAKE_TEA' and state = 'QUEUED'").await;
        assert_eq!((backlog.queued, backlog.late, backlog.dead), (20 + ahead, 20, 0));
    })
    .await;
}

#[tokio::test]
async fn a_job_that_takes_its_worker_along_every_time_is_left_for_a_person_to_see() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let lease_until = Some(practice.app.clock.now().plus_minutes(-1));
        for attempts in [11, 12] {
            let left = Left { state: "RUNNING", attempts, lease_until, ..Left::queued("ADOPT_BOOKINGS", adopt()) };
            left.by_somebody(practice).await;
        }
        practice.pass_minutes(0).await;
        assert_eq!(practice.count("select count(*) from jobs where state = 'DONE' and attempts = 12").await, 1);
        let buried = "select count(*) from jobs where state = 'DEAD' and last_error like 'whoever did it went away%'";
        assert_eq!(practice.count(buried).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_mail_server_that_says_nothing_holds_up_neither_other_work_nor_the_end() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        for address in [BEN, "ada@practice.example"] {
            story.sandbox.faults.next_to(address, Fault::Hang);
        }
        practice.book("Ben", "2030-01-08T10:00:00Z").await;
        practice.app.clock.push_minutes(3);
        let (working, stop) = at_work(practice, CALM);
        until(practice, "select count(*) from jobs where kind like 'TELL_%' and state = 'RUNNING'", 2).await;

        Left::queued("ADOPT_BOOKINGS", adopt()).by_somebody(practice).await;
        practice.app.bus.publish(anteroom::events::Event::JobsWaiting);
        until(practice, "select count(*) from jobs where kind = 'ADOPT_BOOKINGS' and state = 'DONE'", 1).await;
        practice.app.clock.push_minutes(2);
        until_alive(practice).await;

        drop(stop);
        working.await.expect("it ends");
        let put_back = "select count(*) from jobs where state = 'QUEUED' and kind like 'TELL_%' and attempts = 0";
        assert_eq!(practice.count(put_back).await, 2);
        practice.pass_minutes(15).await;
        assert_eq!(story.to_ben().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_tried_again() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        story.sandbox.faults.next_to(BEN, Fault::Hang);
        practice.book("Ben", "2030-01-08T10:00:00Z").await;
        practice.app.clock.push_minutes(3);
        let (working, stop) = at_work(practice, Pace { longest_job: Duration::from_millis(200), ..CALM });
        let given_up = "select count(*) from jobs
            where kind = 'TELL_CLIENT' and state = 'QUEUED' and attempts = 1 and last_error = 'it took too long'";
        until(practice, given_up, 1).await;
        drop(stop);
        working.await.expect("it ends");
        practice.pass_minutes(1).await;
        assert_eq!(story.to_ben().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_queue_that_cannot_be_written_is_not_hammered() {
    let log = Log::begin();
    let practice = Practice::open(Engine::here()).await;
    if practice.url.starts_with("sqlite") {
        say(&practice, "create trigger stuck before update on jobs begin select raise(abort, 'stuck'); end").await;
    } else {
        let stuck =
            "create function stuck() returns trigger language plpgsql as 'begin raise exception ''stuck''; end'";
        say(&practice, stuck).await;
        say(&practice, "create trigger stuck before update on jobs for each row execute function stuck()").await;
    }
    Left::queued("ADOPT_BOOKINGS", adopt()).by_somebody(&practice).await;
    let (working, stop) = at_work(&practice, CALM);
    for _ in 0..100 {
        practice.app.clock.push_minutes(1);
        until_alive(&practice).await;
    }
    drop(stop);
    working.await.expect("it ends");
    let errors = log.lines().matches("the worker could not read its queue").count();
    assert!((1..100).contains(&errors), "{errors} errors in a hundred signs of life");
}

/// How a story of two processes on one PostgreSQL begins; nothing where there is none.
async fn two_processes() -> Option<(Practice, Practice)> {
    let _ = engines().into_iter().find(|engine| *engine == Engine::Postgres)?;
    let here = Practice::open(Engine::Postgres).await;
    let there = here.second_process().await;
    Some((here, there))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_do_each_job_once() {
    const JOBS: i64 = 200;
    let Some((here, there)) = two_processes().await else { return };
    for _ in 0..JOBS {
        Left::queued("ADOPT_BOOKINGS", adopt()).by_somebody(&here).await;
    }
    let pace = Pace { places: 3, ..CALM };
    let (workers, stops): (Vec<_>, Vec<_>) = [&here, &there].map(|process| at_work(process, pace)).into_iter().unzip();
    until(&here, "select count(*) from jobs where state = 'DONE'", JOBS).await;
    drop(stops);
    for worker in workers {
        worker.await.expect("it ends");
    }
    // Each claim counts as a try, so that what two had claimed would show two.
    assert_eq!(here.count("select count(*) from jobs where state = 'DONE' and attempts = 1").await, JOBS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_processes_that_claim_at_once_each_gets_other_jobs() {
    const JOBS: usize = 120;
    let Some((here, there)) = two_processes().await else { return };
    for _ in 0..JOBS {
        Left::queued("ADOPT_BOOKINGS", adopt()).by_somebody(&here).await;
    }
    let claims = (0..JOBS / 10 * 2).map(|turn| {
        let app = if turn % 2 == 0 { here.app.clone() } else { there.app.clone() };
        tokio::spawn(async move { claim(&app, 10).await.1 })
    });
    let mut claimed = Vec::new();
    for claim in claims.collect::<Vec<_>>() {
        claimed.extend(claim.await.expect("no claim panics").into_iter().map(|job| job.id));
    }
    // Who meets another steps over what is taken and may come back with less; the rest is there for the next turn.
    loop {
        let (_, rest) = claim(&here.app, 10).await;
        if rest.is_empty() {
            break;
        }
        claimed.extend(rest.into_iter().map(|job| job.id));
    }
    let each: std::collections::BTreeSet<_> = claimed.iter().collect();
    assert_eq!((claimed.len(), each.len()), (JOBS, JOBS));
}

/// Claims jobs as a worker does; the lease and what it is for.
async fn claim(app: &std::sync::Arc<anteroom::app::App>, most: i64) -> (uuid::Uuid, Vec<queue::Claimed>) {
    let (now, lease) = (app.clock.now(), app.clock.new_id());
    let claimed = app.db.write(move |tx| {
        Box::pin(
            async move { Ok(queue::claim(tx, Lane::Here.kinds(), lease, now, now.plus_seconds(300), most).await?) },
        )
    });
    (lease, claimed.await.expect("the queue can be read"))
}

#[tokio::test]
async fn who_held_a_lease_that_ran_out_can_neither_finish_nor_put_back_nor_bury() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        Left::queued("ADOPT_BOOKINGS", adopt()).by_somebody(practice).await;
        let (old, jobs) = claim(&practice.app, 10).await;
        let job = jobs.first().expect("one job").id;
        practice.app.clock.push_minutes(6);
        let now = practice.app.clock.now();
        let (new, again) = claim(&practice.app, 10).await;
        assert_eq!(again.iter().map(|job| (job.id, job.attempts)).collect::<Vec<_>>(), [(job, 2)]);

        let late = practice.app.db.write(move |tx| {
            Box::pin(async move {
                queue::finish(tx, job, old, now).await?;
                queue::put_back(tx, job, old, now, now, "late", Try::Counts).await?;
                queue::bury(tx, job, old, now, "late").await?;
                Ok(())
            })
        });
        late.await.expect("nobody minds");
        let still = "select count(*) from jobs where state = 'RUNNING' and attempts = 2 and last_error is null";
        assert_eq!(practice.count(still).await, 1);

        let done =
            practice.app.db.write(move |tx| Box::pin(async move { Ok(queue::finish(tx, job, new, now).await?) }));
        done.await.expect("its holder finishes it");
        assert_eq!(practice.count("select count(*) from jobs where state = 'DONE'").await, 1);
    })
    .await;
}
