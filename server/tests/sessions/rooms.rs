//! Rooms: one for every session in the practice, shared by all therapists, and a time without one is not offered.

use super::kit::{Person, ada, ask, assert_sound, book, client, try_book};
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

        super::kit::cancel(&practice, Some(ben.viewer), &session["id"]).await;
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

/// Adds a room, as Ada does; the answer is its id.
async fn add(practice: &Practice, name: &str) -> Value {
    let save =
        "mutation($name: String!) { saveRoom(input: { name: $name }) { rooms { id name } userErrors { code } } }";
    let saved = ask(practice, ada(), save, json!({ "name": name })).await;
    let rooms = saved["rooms"].as_array().expect("rooms").clone();
    rooms.iter().find(|room| room["name"] == name).expect("the room")["id"].clone()
}

/// Takes a room out of use, or brings it back.
async fn set(practice: &Practice, how: &str, room: &Value) {
    let query = format!("mutation($input: RoomInput!) {{ {how}(input: $input) {{ userErrors {{ code }} }} }}");
    assert_eq!(ask(practice, ada(), &query, json!({ "input": { "roomId": room } })).await["userErrors"], json!([]));
}

/// Puts somebody on the waitlist.
async fn wish(practice: &Practice, person: Person) {
    let join = "mutation($id: SessionTypeId!) { joinWaitlist(input: { sessionTypeId: $id }) { userErrors { code } } }";
    let joined = ask(practice, Some(person.viewer), join, json!({ "id": SESSION })).await;
    assert_eq!(joined["userErrors"], json!([]));
}

/// The starts that are kept for somebody.
async fn offers(practice: &Practice, person: Person) -> Vec<Value> {
    let asked = "{ viewer { waiting { offers { startsAt } } } }";
    let asked = ask(practice, Some(person.viewer), asked, json!({})).await;
    asked["waiting"]["offers"].as_array().expect("offers").iter().map(|it| it["startsAt"].clone()).collect()
}

#[tokio::test]
async fn a_room_that_another_therapist_gives_back_is_offered_to_whoever_waits() {
    on_both_engines(|practice| async move {
        let (ben, cleo) = one_room(&practice).await;
        let session = book(&practice, ben, "2030-01-15T10:00:00Z").await;
        wish(&practice, cleo).await;
        practice.pass_minutes(10).await;
        assert_eq!(offers(&practice, cleo).await, Vec::<Value>::new());

        // With a second room the time was free before: it is nothing to wait for.
        let garden = add(&practice, "The garden room").await;
        set(&practice, "retireRoom", &garden).await;
        practice.pass_minutes(5).await;
        assert_eq!(offers(&practice, cleo).await, Vec::<Value>::new(), "it was undone before anybody was asked");
        set(&practice, "restoreRoom", &garden).await;
        practice.pass_minutes(5).await;
        assert_eq!(offers(&practice, cleo).await, ["2030-01-15T09:30:00Z"], "the first that needs the second room");
        assert_sound(&practice).await;

        let decline = "{ viewer { waiting { offers { id } } } }";
        let asked = ask(&practice, Some(cleo.viewer), decline, json!({})).await;
        let offer = asked["waiting"]["offers"][0]["id"].clone();
        let decline = "mutation($id: OfferId!) { declineOffer(input: { offerId: $id }) { userErrors { code } } }";
        ask(&practice, Some(cleo.viewer), decline, json!({ "id": offer })).await;
        practice.pass_minutes(5).await;
        super::kit::cancel(&practice, Some(ben.viewer), &session["id"]).await;
        practice.pass_minutes(5).await;
        assert_eq!(offers(&practice, cleo).await, Vec::<Value>::new(), "the other room was free all along");
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn the_only_room_frees_the_time_of_everybody() {
    on_both_engines(|practice| async move {
        let (ben, cleo) = one_room(&practice).await;
        let session = book(&practice, ben, "2030-01-15T10:00:00Z").await;
        wish(&practice, cleo).await;
        super::kit::cancel(&practice, Some(ben.viewer), &session["id"]).await;
        assert_eq!(offers(&practice, cleo).await, Vec::<Value>::new(), "he can still take it back");
        practice.pass_minutes(5).await;
        assert_eq!(offers(&practice, cleo).await, ["2030-01-15T10:00:00Z"], "Ada's time, with the room Samir had");
        assert_sound(&practice).await;
    })
    .await;
}
