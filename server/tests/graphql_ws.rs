//! Subscriptions over graphql-transport-ws: the protocol, its close codes, and who hears what.

use crate::support::wire::{Line, PROTOCOL, Served};
use crate::support::{ADA, ADA_USER, DISCOVERY, Engine, Practice, SAMIR, SAMIR_USER};
use anteroom::events::Event;
use anteroom::features::accounts::Viewer;
use anteroom::graphql::Caller;
use async_graphql::Request;
use futures_util::StreamExt;
use serde_json::{Value, json};
use shared::actor::Role;
use shared::ids::{BookingId, LoginId};
use std::net::{IpAddr, Ipv4Addr};
use tokio_tungstenite::tungstenite::Message;

const FREE: &str = "subscription($id: SessionTypeId!) { availabilityChanged(sessionTypeId: $id) { sessionTypeId } }";

fn discovery() -> Value {
    json!({ "id": DISCOVERY })
}

/// Says something on a line and answers the code it is closed with.
async fn closed_after(mut line: Line, message: Value) -> u16 {
    line.say(message).await;
    line.closed().await
}

/// Waits until what was sent before has been heard: the answer to a ping comes after it.
async fn settled(line: &mut Line) {
    line.say(json!({ "type": "ping", "payload": { "settled": true } })).await;
    assert_eq!(line.hear().await, json!({ "type": "pong", "payload": { "settled": true } }));
}

#[tokio::test]
async fn a_line_greets_and_answers_pings() {
    let served = Served::open().await;
    let mut line = served.line().await;
    line.say(json!({ "type": "ping" })).await;
    assert_eq!(line.hear().await, json!({ "type": "pong" }));
    line.say(json!({ "type": "connection_init", "payload": {} })).await;
    assert_eq!(line.hear().await, json!({ "type": "connection_ack" }));
    line.say(json!({ "type": "pong" })).await;
    settled(&mut line).await;
}

#[tokio::test]
async fn only_our_own_pages_may_open_a_line() {
    let served = Served::open().await;
    let own = served.origin();
    for fine in [&[PROTOCOL][..], &[PROTOCOL, ("origin", &own)], &[PROTOCOL, ("origin", &own), ("cookie", "a=b")]] {
        assert!(served.socket(fine).await.is_ok(), "{fine:?}");
    }
    let (sub, suffix) = (own.replace("127", "sub.127"), format!("{own}.evil.example"));
    for origin in ["https://evil.example", "null", "", &sub, &suffix, "http://127.0.0.1", "https://localhost:3000"] {
        assert_eq!(served.socket(&[PROTOCOL, ("origin", origin)]).await.err(), Some(403), "{origin}");
    }
    let two = [PROTOCOL, ("origin", &own), ("origin", "https://evil.example")];
    assert_eq!(served.socket(&two).await.err(), Some(403));
    assert_eq!(served.socket(&[PROTOCOL, ("cookie", "a=b")]).await.err(), Some(403));
}

#[tokio::test]
async fn only_one_protocol_is_spoken() {
    let served = Served::open().await;
    for other in [&[][..], &[("sec-websocket-protocol", "graphql-ws")], &[("sec-websocket-protocol", "subscriptions")]]
    {
        let line = served.socket(other).await.expect("a socket, to be told on");
        assert_eq!(line.closed().await, 4406, "{other:?}");
    }
    assert!(served.socket(&[("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")]).await.is_ok());
    assert_eq!(served.get("/graphql/ws", &[]).await.status(), 400);
}

#[tokio::test]
async fn who_does_not_say_who_they_are_is_not_waited_for() {
    let served = Served::open().await;
    assert_eq!(served.line().await.closed().await, 4408);
}

#[tokio::test]
async fn greeting_comes_first_and_once() {
    let served = Served::open().await;
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": { "query": FREE, "variables": discovery() } });
    assert_eq!(closed_after(served.line().await, subscribe).await, 4401);
    assert_eq!(closed_after(served.greeted().await, json!({ "type": "connection_init" })).await, 4429);
}

#[tokio::test]
async fn what_is_not_a_message_ends_the_line() {
    let served = Served::open().await;
    for message in [
        json!([]),
        json!(["ping"]),
        json!({}),
        json!({ "type": "surprise" }),
        json!({ "type": 1 }),
        json!({ "type": "start", "id": "1", "payload": { "query": FREE } }),
        json!({ "type": "subscribe", "payload": { "query": FREE } }),
        json!({ "type": "subscribe", "id": 1, "payload": { "query": FREE } }),
        json!({ "type": "subscribe", "id": "", "payload": { "query": FREE } }),
        json!({ "type": "subscribe", "id": "x".repeat(200), "payload": { "query": FREE } }),
        json!({ "type": "subscribe", "id": "1" }),
        json!({ "type": "subscribe", "id": "1", "payload": {} }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": FREE, "variables": [] } }),
        json!({ "type": "complete" }),
    ] {
        assert_eq!(closed_after(served.greeted().await, message.clone()).await, 4400, "{message}");
    }
    for frame in [Message::text("{"), Message::text(""), Message::binary(vec![1, 2, 3])] {
        let mut line = served.greeted().await;
        line.send(frame.clone()).await;
        assert_eq!(line.closed().await, 4400, "{frame:?}");
    }
    let wrong = json!({ "type": "connection_init", "payload": { "authorization": 1 } });
    assert_eq!(closed_after(served.line().await, wrong).await, 4400);
}

#[tokio::test]
async fn messages_are_at_most_16_kib() {
    let served = Served::open().await;
    let padded = |length: usize| Message::text(format!("{{\"type\":\"ping\"{}}}", " ".repeat(length - 15)));
    let mut line = served.greeted().await;
    line.send(padded(16 * 1024)).await;
    assert_eq!(line.hear().await, json!({ "type": "pong" }));
    line.send(padded(16 * 1024 + 1)).await;
    assert_eq!(line.closed().await, 1009);
    let mut line = served.greeted().await;
    line.send(padded(100 * 1024)).await;
    assert_eq!(line.closed().await, 1009);
}

#[tokio::test]
async fn only_subscriptions_are_served() {
    let served = Served::open().await;
    let cancel = "mutation { cancelBooking(input: { manageToken: \"x\" }) { userErrors { code } } }";
    let both = "query A { __typename } subscription B { bookingChanged { bookingId } }";
    for (query, name) in [("{ __typename }", Value::Null), (cancel, Value::Null), (both, json!("A"))] {
        let mut line = served.greeted().await;
        let payload = json!({ "query": query, "operationName": name });
        line.say(json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
        let answer = line.hear().await;
        assert_eq!((&answer["type"], &answer["id"]), (&json!("error"), &json!("1")), "{query}");
        assert_eq!(line.closed().await, 4400, "{query}");
    }
}

#[tokio::test]
async fn a_subscription_that_cannot_be_had_does_not_end_the_line() {
    let served = Served::open().await;
    let mut line = served.greeted().await;
    let bomb = format!("subscription {{ {} }}", "a ".repeat(2_001));
    for (query, code) in [
        ("subscription { nothingOfThatName }", "BAD_REQUEST"),
        ("subscription {", "SYNTAX"),
        (FREE, "BAD_REQUEST"),
        (bomb.as_str(), "DOCUMENT_REFUSED"),
        ("subscription { bookingChanged { bookingId } }", "SIGN_IN_REQUIRED"),
    ] {
        line.subscribe("same", query, json!({})).await;
        let answer = line.hear().await;
        assert_eq!((&answer["type"], &answer["id"]), (&json!("error"), &json!("same")), "{query:.60}");
        assert_eq!(answer["payload"][0]["extensions"]["code"], code, "{query:.60}: {answer}");
    }
    settled(&mut line).await;
}

#[tokio::test]
async fn a_name_is_used_once_at_a_time() {
    let served = Served::open().await;
    let mut line = served.greeted().await;
    for _ in 0..3 {
        line.subscribe("1", FREE, discovery()).await;
        line.say(json!({ "type": "complete", "id": "1" })).await;
    }
    line.say(json!({ "type": "complete", "id": "never used" })).await;
    line.subscribe("1", FREE, discovery()).await;
    settled(&mut line).await;
    line.subscribe("1", FREE, discovery()).await;
    assert_eq!(line.closed().await, 4409);
}

#[tokio::test]
async fn a_line_carries_eight_subscriptions() {
    let served = Served::open().await;
    let mut line = served.greeted().await;
    for id in 0..8 {
        line.subscribe(&id.to_string(), FREE, discovery()).await;
    }
    settled(&mut line).await;
    line.subscribe("9", FREE, discovery()).await;
    assert_eq!(line.closed().await, 4429);
}

#[tokio::test]
async fn a_line_that_is_flooded_is_closed() {
    let served = Served::open().await;
    let mut line = served.greeted().await;
    for _ in 0..300 {
        line.say(json!({ "type": "pong" })).await;
    }
    assert_eq!(line.closed().await, 4429);
}

#[tokio::test]
async fn an_address_has_as_many_lines_as_the_operator_says() {
    let served = Served::open_with(&[("sockets_per_address", "8")]).await;
    let mut lines = Vec::new();
    for _ in 0..8 {
        lines.push(served.line().await);
    }
    assert_eq!(served.socket(&[PROTOCOL]).await.err(), Some(429));
}

#[tokio::test]
async fn whoever_looks_at_a_calendar_hears_that_something_was_taken() {
    let served = Served::open().await;
    let mut line = served.greeted().await;
    line.subscribe("free", FREE, discovery()).await;
    settled(&mut line).await;
    served.practice.book("Ben", "2030-01-08T10:00:00Z").await;
    let answer = line.hear().await;
    let payload = json!({ "data": { "availabilityChanged": { "sessionTypeId": DISCOVERY } } });
    assert_eq!(answer, json!({ "type": "next", "id": "free", "payload": payload }));
}

#[tokio::test]
async fn a_token_that_is_not_good_opens_nothing() {
    let served = Served::open().await;
    for token in ["Bearer nonsense", "nonsense", ""] {
        let greeting = json!({ "type": "connection_init", "payload": { "authorization": token } });
        assert_eq!(closed_after(served.line().await, greeting).await, 4403, "{token}");
    }
    let headers = [PROTOCOL, ("authorization", "Bearer nonsense")];
    assert_eq!(served.socket(&headers).await.err(), Some(401));
}

/// Signs Ada in, as far as her first factor goes; her token.
async fn token_of_ada(served: &Served) -> String {
    served.practice.sign_in("ada@practice.example").await.access
}

async fn greeted_as(served: &Served, token: &str) -> Line {
    let mut line = served.line().await;
    let payload = json!({ "authorization": format!("Bearer {token}") });
    line.say(json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(line.hear().await, json!({ "type": "connection_ack" }));
    line
}

#[tokio::test]
async fn a_line_ends_with_its_login() {
    let served = Served::open().await;
    let token = token_of_ada(&served).await;
    let (mut own, mut other) = (greeted_as(&served, &token).await, served.greeted().await);
    own.subscribe("free", FREE, discovery()).await;
    settled(&mut own).await;

    let headers = [("content-type", "application/json"), ("authorization", &format!("Bearer {token}"))];
    let answer = served.post(&headers, "{\"query\":\"mutation { signOut { signedOut } }\"}").await;
    assert_eq!(answer.json::<Value>().await.expect("JSON")["data"]["signOut"]["signedOut"], true);

    assert_eq!(own.closed().await, 4403);
    settled(&mut other).await;
    let greeting = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    assert_eq!(closed_after(served.line().await, greeting).await, 4403);
}

#[tokio::test]
async fn a_login_that_has_run_out_hears_nothing_more() {
    let served = Served::open().await;
    let token = token_of_ada(&served).await;
    let mut line = greeted_as(&served, &token).await;
    line.subscribe("free", FREE, discovery()).await;
    settled(&mut line).await;
    served.practice.app.clock.push_minutes(60 * 24 * 60);
    served.practice.app.bus.publish(anteroom::events::Event::TimetableChanged { therapist_id: ADA });
    assert_eq!(line.closed().await, 4403);
}

#[tokio::test]
async fn a_person_has_as_many_lines_as_the_operator_says() {
    let served = Served::open_with(&[("sockets_per_user", "4")]).await;
    let token = token_of_ada(&served).await;
    let mut lines = Vec::new();
    for _ in 0..4 {
        lines.push(greeted_as(&served, &token).await);
    }
    let greeting = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    assert_eq!(closed_after(served.line().await, greeting.clone()).await, 4429);
    let last = lines.pop().expect("four lines");
    drop(last);
    drop(lines);
}

#[tokio::test]
async fn a_half_signed_in_therapist_hears_of_no_bookings() {
    let served = Served::open().await;
    let token = token_of_ada(&served).await;
    let mut line = greeted_as(&served, &token).await;
    line.subscribe("mine", "subscription { bookingChanged { bookingId } }", json!({})).await;
    assert_eq!(line.hear().await["payload"][0]["extensions"]["code"], "SIGN_IN_REQUIRED");
}

#[tokio::test]
async fn a_therapist_hears_of_her_own_bookings_only() {
    let practice = Practice::open(Engine::here()).await;
    let tell = |number: u128, therapist_id| {
        let booking_id = BookingId(uuid::Uuid::from_u128(number));
        practice.app.bus.publish(Event::BookingChanged { booking_id, therapist_id, client_id: None });
        json!({ "data": { "bookingChanged": { "bookingId": booking_id } } })
    };
    for (user, role, own, other) in [(ADA_USER, Role::Owner, ADA, SAMIR), (SAMIR_USER, Role::Therapist, SAMIR, ADA)] {
        let viewer = Viewer { user_id: user, login_id: LoginId(uuid::Uuid::from_u128(99)), role, second_factor: true };
        let caller = Caller { viewer: Some(viewer), address: IpAddr::V4(Ipv4Addr::LOCALHOST) };
        let request = Request::new("subscription { bookingChanged { bookingId } }");
        let mut heard = practice
            .schema
            .answering(caller.viewer)
            .execute_stream(request.data(caller))
            .map(|response| json!(response));
        // It is known to listen once it has heard something.
        let (first, last) = (
            tell(1, own),
            json!({ "data": { "bookingChanged": { "bookingId": BookingId(uuid::Uuid::from_u128(3)) } } }),
        );
        loop {
            tokio::select! {
                biased;
                answer = heard.next() => {
                    assert_eq!(answer, Some(first.clone()));
                    break;
                }
                () = tokio::task::yield_now() => drop(tell(1, own)),
            }
        }
        tell(2, other);
        tell(3, own);
        loop {
            match heard.next().await {
                Some(answer) if answer == last => break,
                answer => assert_eq!(answer, Some(first.clone())),
            }
        }
        // When nobody knows what was missed, it ends, and she subscribes and reads again.
        practice.app.bus.publish(Event::Missed);
        assert_eq!(heard.next().await, None);
    }
}

#[tokio::test]
async fn a_line_hears_that_the_server_stops() {
    let mut served = Served::open().await;
    let mut line = served.greeted().await;
    line.subscribe("free", FREE, discovery()).await;
    settled(&mut line).await;
    let (code, ()) = tokio::join!(line.closed(), served.close());
    assert_eq!(code, 1001);
}

#[tokio::test]
async fn whoever_falls_far_behind_is_told_to_read_again() {
    let served = Served::open().await;
    let token = served.token_of_staff("ada@practice.example").await;
    let mut line = greeted_as(&served, &token).await;
    line.subscribe("mine", "subscription { bookingChanged { bookingId } }", json!({})).await;
    line.subscribe("free", FREE, discovery()).await;
    settled(&mut line).await;
    // Nothing of the server runs between these, as if it were busy: more comes than is ever kept for one listener.
    for number in 0..5_000 {
        let booking_id = BookingId(uuid::Uuid::from_u128(number));
        served.practice.app.bus.publish(Event::BookingChanged { booking_id, therapist_id: ADA, client_id: None });
        served.practice.app.bus.publish(Event::TimetableChanged { therapist_id: ADA });
    }
    let (mut is_complete, mut of_bookings, mut of_free) = (false, 0, 0);
    while !is_complete || of_free == 0 {
        let heard = line.hear().await;
        match (heard["type"].as_str(), heard["id"].as_str()) {
            (Some("complete"), Some("mine")) => is_complete = true,
            (Some("next"), Some("mine")) => of_bookings += 1,
            (Some("next"), Some("free")) => of_free += 1,
            _ => panic!("heard {heard}"),
        }
    }
    assert!(of_bookings < 5_000, "everything was kept");
    // The line itself is as good as before.
    line.subscribe("mine", "subscription { bookingChanged { bookingId } }", json!({})).await;
    line.say(json!({ "type": "complete", "id": "free" })).await;
}

#[tokio::test]
async fn whoever_does_not_read_is_not_waited_for_and_nobody_else_waits() {
    let served = Served::open().await;
    let (mut deaf, mut other) = (served.greeted().await, served.greeted().await);
    // Eight at once fill the buffers on the way eight times as fast.
    for id in 0..8 {
        deaf.subscribe(&id.to_string(), FREE, discovery()).await;
    }
    settled(&mut deaf).await;
    other.subscribe("free", FREE, discovery()).await;
    settled(&mut other).await;
    for _ in 0..20_000 {
        served.practice.app.bus.publish(Event::TimetableChanged { therapist_id: ADA });
        tokio::task::yield_now().await;
    }
    served.practice.book("Ben", "2030-01-08T10:00:00Z").await;
    assert_eq!(other.hear().await["type"], "next");
    drop(deaf);
    served.practice.book("Cleo", "2030-01-08T11:00:00Z").await;
}
