//! Rooms: one for every session in the practice, shared by all therapists, and a time without one is not offered.

use crate::kit::{Person, ada, ask, assert_sound, book, client, try_book};
use crate::support::{ADA, Practice, SAMIR, SESSION, on_both_engines};
use anteroom::events::Event;
use anteroom::features::practice::add_room;
use serde_json::{Value, json};
use shared::ids::RoomId;
use uuid::Uuid;

/// One room, sessions in it, and Ben with Samir, who sees clients on Tuesdays as Ada does.
async fn one_room(practice: &Practice) -> (Person, Person) {
    let ben = client(practice, "Ben", "2030-01-07T10:00:00Z").await;
    let in_person = practice.app.db.write(move |tx| {
        Box::pin(async move {
            add_room(tx, RoomId(Uuid::from_u128(900)), "The room", 0).await?;
            tx.query("update session_types set modality = 'IN_PERSON' where gate = 'CLIENTS'").run().await?;
            tx.query("update clients set therapist_id = $1 where id = $2").bind(SAMIR).bind(ben.client).run().await?;
            tx.announce(Event::PracticeChanged);
            Ok(())
        })
    });
    in_person.await.expect("a room");
    (ben, client(practice, "Cleo", "2030-01-07T12:00:00Z").await)
}

/// The times of Tuesday 15 January that begin with ten.
async fn around_ten(practice: &Practice, person: Person) -> Vec<Value> {
    let free = "query($id: SessionTypeId!) { availability(input: { sessionTypeId: $id, from: \"2030-01-15\", to: \"2030-01-15\" }) {
        days { slots { startsAt } } } }";
    let free = ask(practice, Some(person.viewer), free, json!({ "id": SESSION })).await;
    let slots = free["days"][0]["slots"].as_array().cloned().unwrap_or_default();
    let at_ten = |slot: &Value| slot["startsAt"].as_str().is_some_and(|at| at.contains("T10:"));
    slots.into_iter().filter(at_ten).map(|slot| slot["startsAt"].clone()).collect()
}

#[tokio::test]
async fn two_sessions_in_the_practice_need_two_rooms() {
    on_both_engines(|practice| async move {
        let (ben, cleo) = one_room(&practice).await;
        book(&practice, ben, "2030-01-15T10:00:00Z").await;
        let refused = try_book(&practice, cleo, "2030-01-15T10:30:00Z").await;
        assert_eq!(refused["userErrors"][0]["code"], "SLOT_TAKEN", "{refused:#}");
        book(&practice, cleo, "2030-01-15T11:00:00Z").await;
        assert_eq!(practice.count("select count(*) from bookings where room_id is not null").await, 2);
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_time_without_a_room_is_offered_by_nobody_until_the_room_is_given_back() {
    on_both_engines(|practice| async move {
        let (ben, cleo) = one_room(&practice).await;
        let both = vec![json!("2030-01-15T10:00:00Z"), json!("2030-01-15T10:30:00Z")];
        assert_eq!(around_ten(&practice, cleo).await, both);
        let mut news = practice.app.bus.listen();
        let session = book(&practice, ben, "2030-01-15T10:00:00Z").await;
        // Cleo looks at Ada's times, which are remembered; the room is Samir's now.
        assert_eq!(around_ten(&practice, cleo).await, Vec::<Value>::new());
        while news.next().await.expect("news") != Event::RoomsChanged {}

        let why =
            "query($input: ExplainStartInput!) { explainStart(input: $input) { offered reasons { code message } } }";
        let input = json!({ "sessionTypeId": SESSION, "therapistId": ADA, "startsAt": "2030-01-15T10:30:00Z" });
        let to_ada = ask(&practice, ada(), why, json!({ "input": input })).await;
        assert_eq!(to_ada["reasons"][0]["code"], "NO_ROOM", "{to_ada:#}");
        assert!(to_ada["reasons"][0]["message"].as_str().is_some_and(|it| it.starts_with("No room")), "{to_ada:#}");
        let to_cleo = ask(&practice, Some(cleo.viewer), why, json!({ "input": input })).await;
        assert_eq!(to_cleo["reasons"], json!([{ "code": "NOT_FREE", "message": "This time is not free." }]));

        crate::kit::cancel(&practice, Some(ben.viewer), &session["id"]).await;
        assert_eq!(around_ten(&practice, cleo).await, both);
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_kept_time_keeps_its_room_until_it_runs_out() {
    on_both_engines(|practice| async move {
        let (ben, cleo) = one_room(&practice).await;
        let keep = "mutation($input: HoldSlotInput!) { holdSlot(input: $input) { userErrors { code } } }";
        let input = json!({ "sessionTypeId": SESSION, "startsAt": "2030-01-15T10:00:00Z" });
        let kept = ask(&practice, Some(ben.viewer), keep, json!({ "input": input })).await;
        assert_eq!(kept["userErrors"], json!([]));
        assert_eq!(around_ten(&practice, cleo).await, Vec::<Value>::new());
        let refused = try_book(&practice, cleo, "2030-01-15T10:30:00Z").await;
        assert_eq!(refused["userErrors"][0]["code"], "SLOT_TAKEN", "{refused:#}");
        // It has run out, and its job has not come round.
        practice.app.clock.push_minutes(60);
        book(&practice, cleo, "2030-01-15T10:30:00Z").await;
        assert_sound(&practice).await;
    })
    .await;
}
