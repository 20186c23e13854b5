//! What becomes of two writes that meet: the second sees what the first did, and a mistake stays a mistake.

mod support;

use anteroom::db::Tx;
use anteroom::error::{Error, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use support::{Practice, on_both_engines};
use uuid::Uuid;

const ROOM: Uuid = Uuid::from_u128(301);

async fn add_room(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.query("insert into rooms (id, name) values ($1, 'The back room')").bind(id).run().await?;
    Ok(())
}

async fn is_there(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let count: i64 = tx.query("select count(*) from rooms where id = $1").bind(id).value().await?;
    Ok(count > 0)
}

#[tokio::test]
async fn a_key_that_is_taken_for_good_is_a_fault_and_not_tried_on_and_on() {
    on_both_engines(|practice: Practice| async move {
        let db = &practice.app.db;
        db.write(|tx| Box::pin(add_room(tx, ROOM))).await.expect("the first room");
        let runs = Arc::new(AtomicU32::new(0));
        let counted = runs.clone();
        let outcome = db
            .write(move |tx| {
                counted.fetch_add(1, Ordering::SeqCst);
                Box::pin(add_room(tx, ROOM))
            })
            .await;
        assert!(matches!(outcome, Err(Error::Internal(_))), "{outcome:?}");
        assert!(runs.load(Ordering::SeqCst) <= 2, "{runs:?} runs");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_look_and_insert_at_once_one_does_and_the_others_see_it() {
    const WRITERS: u128 = 16;
    on_both_engines(|practice: Practice| async move {
        for round in 0..10 {
            let room = Uuid::from_u128(400 + round);
            let writes = (0..WRITERS).map(|_| {
                let db = practice.app.db.clone();
                tokio::spawn(async move {
                    db.write(move |tx| {
                        Box::pin(async move {
                            let is_first = !is_there(tx, room).await?;
                            if is_first {
                                add_room(tx, room).await?;
                            }
                            Ok(is_first)
                        })
                    })
                    .await
                })
            });
            let mut first = 0;
            for write in writes.collect::<Vec<_>>() {
                first += u32::from(write.await.expect("no write panics").expect("no write fails"));
            }
            assert_eq!(first, 1, "round {round}");
        }
    })
    .await;
}
