//! What becomes of two writes that meet: the second sees what the first did, and a mistake stays a mistake.

use crate::support::{Practice, on_both_engines};
use anteroom::db::Tx;
use anteroom::error::{Error, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
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

async fn add_room_later(tx: &mut Tx, id: Uuid) -> Result<()> {
    Ok(tx.query("insert into rooms (id, name) values ($1, 'The back room')").bind(id).later().await?)
}

#[tokio::test]
async fn what_is_put_off_is_there_for_the_next_look_and_gone_with_its_write() {
    on_both_engines(|practice: Practice| async move {
        let db = &practice.app.db;
        let (first, second, third) = (Uuid::from_u128(501), Uuid::from_u128(502), Uuid::from_u128(503));
        let seen = db
            .write(move |tx| {
                Box::pin(async move {
                    add_room_later(tx, first).await?;
                    add_room_later(tx, second).await?;
                    let mut batch = tx.batch();
                    let one = batch.all::<(Uuid,)>("select id from rooms where id = $1", |it| it.bind(first));
                    let both = batch.all::<(Uuid,)>("select id from rooms where id in ($list) order by id", |it| {
                        it.bind_list([first, second, third])
                    });
                    let mut answers = batch.ask().await?;
                    let touched =
                        tx.query("update rooms set name = 'Upstairs' where id = $1").bind(first).run().await?;
                    Ok((answers.take(one)?, answers.take(both)?, touched))
                })
            })
            .await
            .expect("a write");
        assert_eq!(seen, (vec![(first,)], vec![(first,), (second,)], 1), "and a count is of the last statement");

        // What goes wrong with it is the write's fault, and nothing of that write stays.
        let failed = db
            .write(move |tx| {
                Box::pin(async move {
                    add_room_later(tx, third).await?;
                    add_room_later(tx, first).await
                })
            })
            .await;
        assert!(matches!(failed, Err(Error::Internal(_))), "{failed:?}");
        let refused = db
            .write(move |tx| {
                Box::pin(async move {
                    add_room_later(tx, third).await?;
                    Err::<(), _>(Error::NotFound)
                })
            })
            .await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        let fine = db.write(move |tx| Box::pin(async move { is_there(tx, third).await })).await;
        assert!(!fine.expect("the next write"), "nothing of them is left");
    })
    .await;
}
