//! Booking as a guest with an address that belongs to somebody: nothing of theirs is seen or changed by it.

use super::kit::{Browser, signed_in};
use crate::support::clients::{Person, active, client};
use crate::support::{ADA, ADA_USER, BOOK, DISCOVERY, Practice, SAMIR_USER, on_both_engines, staff};
use anteroom::features::accounts::Viewer;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use shared::stage::Stage;

/// What is known of somebody: name, phone, zone, price list, stage, how often that changed, how many sessions they have.
type Known = (String, String, String, String, String, i64, i64);

async fn known(practice: &Practice, who: Person) -> Known {
    let sql = "select users.name, users.phone, users.time_zone, clients.price_class, clients.stage,
                   (select count(*) from stage_moves where client_id = clients.id),
                   (select count(*) from bookings where client_id = clients.id)
               from users join clients on clients.user_id = users.id where clients.id = $1";
    let mut conn = practice.app.db.read().await.expect("a connection");
    conn.query(sql).bind(who.client).one().await.expect("a client")
}

/// Eve books a first call with an address; the answer is the payload.
async fn eve_books(practice: &Practice, email: &str, starts_at: &str) -> Value {
    let input = json!({
        "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": starts_at, "name": "Eve Marlow", "email": email,
        "phone": "+81 3 5550 0199", "timeZone": "Asia/Tokyo",
    });
    let payload = practice.ask(BOOK, json!({ "input": input })).await["bookDiscovery"].clone();
    assert_eq!(payload["userErrors"], json!([]), "{email}: {payload:#}");
    payload
}

/// The references of the sessions somebody sees as theirs.
async fn own(practice: &Practice, who: Viewer) -> Vec<Value> {
    let asked =
        practice.ask_as(Some(who), "{ viewer { client { bookings { nodes { reference } } } } }", json!({})).await;
    let bookings = asked["data"]["viewer"]["client"]["bookings"]["nodes"].as_array().expect("sessions").clone();
    bookings.into_iter().map(|booking| booking["reference"].clone()).collect()
}

/// Somebody of the practice says that a call is that of the client with its address; the answer is what was refused.
async fn recognise(practice: &Practice, who: Viewer, booked: &Value) -> Value {
    let recognise = "mutation($id: BookingId!) { recognizeBooking(input: { bookingId: $id }) { userErrors { code } } }";
    let answer = practice.ask_as(Some(who), recognise, json!({ "id": booked["booking"]["id"] })).await;
    answer["data"]["recognizeBooking"]["userErrors"].clone()
}

const UNATTACHED: &str = "select count(*) from bookings where client_id is null";

#[tokio::test]
async fn a_guest_with_somebodys_address_sees_and_changes_nothing_of_theirs() {
    on_both_engines(|practice: Practice| async move {
        let ben = active(&practice, "Ben").await;
        let cleo = client(&practice, "Cleo", Stage::NotNow, "Europe/Dublin").await;
        ben.book(&practice, "2030-01-09T10:00:00Z").await;
        let (before, before_cleo) = (known(&practice, ben).await, known(&practice, cleo).await);
        let newcomer = eve_books(&practice, "eve@example.org", "2030-01-08T09:00:00Z").await;
        let with_bens = eve_books(&practice, "Ben@Example.org", "2030-01-08T10:00:00Z").await;
        let with_cleos = eve_books(&practice, "cleo@example.org", "2030-01-08T11:00:00Z").await;
        assert_eq!(known(&practice, ben).await, before);
        assert_eq!(known(&practice, cleo).await, before_cleo);
        assert_eq!(practice.count(UNATTACHED).await, 2);

        // What the guest is shown is what they typed, as for an address nobody has.
        let shape = |payload: &Value| {
            let booking = payload["booking"].as_object().expect("a booking");
            let fields: Vec<String> = booking.keys().cloned().collect();
            (fields, booking["status"].clone(), payload["manageToken"].as_str().map(str::len))
        };
        assert_eq!(shape(&with_bens), shape(&newcomer));
        let mut eve = Browser::new(&practice);
        for booked in [&newcomer, &with_bens, &with_cleos] {
            let token = booked["manageToken"].as_str().expect("a token");
            let reference = booked["booking"]["reference"].as_str().expect("a reference");
            for path in [format!("/manage/{token}"), format!("/bookings/{reference}")] {
                let page = eve.send(Method::GET, &path, &[]).await;
                assert_eq!(page.status, StatusCode::OK, "{path}");
                for of_others in ["Ben", "Cleo", "7946 0018", "Dublin", "9 January"] {
                    assert!(!page.body.contains(of_others), "{of_others} is on {path}");
                }
            }
        }
        // And whose address it is sees nothing of it either, until they have shown that it is theirs.
        assert_eq!(own(&practice, ben.viewer).await.len(), 1);
        assert_eq!(own(&practice, cleo.viewer).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_call_joins_the_care_of_whoever_proves_the_address() {
    on_both_engines(|practice: Practice| async move {
        let ben = active(&practice, "Ben").await;
        let cleo = client(&practice, "Cleo", Stage::NotNow, "Europe/Dublin").await;
        let (before, before_cleo) = (known(&practice, ben).await, known(&practice, cleo).await);
        let with_bens = eve_books(&practice, "ben@example.org", "2030-01-08T10:00:00Z").await;
        let with_cleos = eve_books(&practice, "cleo@example.org", "2030-01-08T11:00:00Z").await;
        for email in ["ben@example.org", "cleo@example.org"] {
            signed_in(&practice, email).await;
            practice.pass_minutes(0).await;
        }
        assert_eq!(practice.count(UNATTACHED).await, 0);
        assert_eq!(own(&practice, ben.viewer).await, [with_bens["booking"]["reference"].clone()]);
        assert_eq!(own(&practice, cleo.viewer).await, [with_cleos["booking"]["reference"].clone()]);
        // They are who they were: what a guest typed stays with the call.
        let (name, phone, zone, class, stage, moves, _) = before;
        assert_eq!(known(&practice, ben).await, (name, phone, zone, class, stage, moves, 1));
        let (name, phone, zone, class, _, moves, _) = before_cleo;
        let begun_again = (name, phone, zone, class, "DISCOVERY_BOOKED".to_owned(), moves + 1, 1);
        assert_eq!(known(&practice, cleo).await, begun_again);
    })
    .await;
}

#[tokio::test]
async fn a_therapist_says_that_a_call_of_hers_is_that_of_a_client() {
    on_both_engines(|practice: Practice| async move {
        let ben = active(&practice, "Ben").await;
        let (name, phone, zone, class, stage, moves, _) = known(&practice, ben).await;
        let with_bens = eve_books(&practice, "ben@example.org", "2030-01-08T10:00:00Z").await;
        let with_samirs = eve_books(&practice, "samir@practice.example", "2030-01-08T11:00:00Z").await;
        let [ada, samir] = [staff(ADA_USER), staff(SAMIR_USER)];
        for (who, booked) in [(samir, &with_bens), (ada, &with_samirs)] {
            assert_eq!(recognise(&practice, who, booked).await[0]["code"], "NOT_FOUND");
        }
        assert_eq!(practice.count(UNATTACHED).await, 2);
        for _ in 0..2 {
            assert_eq!(recognise(&practice, ada, &with_bens).await, json!([]));
        }
        assert_eq!(own(&practice, ben.viewer).await, [with_bens["booking"]["reference"].clone()]);
        assert_eq!(known(&practice, ben).await, (name, phone, zone, class, stage, moves, 1));
        assert_eq!(practice.count("select count(*) from audit_trail where deed = 'recognise booking'").await, 1);
        assert_eq!(practice.count(UNATTACHED).await, 1);
    })
    .await;
}
