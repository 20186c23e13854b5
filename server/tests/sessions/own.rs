//! What somebody would give back is free for them: the time that is kept for them, and the session they move.

use super::kit::{ada, ask, assert_sound, book, client, shift};
use crate::support::browser::Browser;
use crate::support::{Practice, SESSION, on_both_engines};
use anteroom::features::accounts::Viewer;
use serde_json::{Value, json};

const CALL: &str = "2030-01-07T09:00:00Z";
const DAY: &str = "2030-01-11";
const TEN: &str = "2030-01-11T10:00:00Z";
/// Each of these overlaps with a session at ten.
const BESIDE: [&str; 2] = ["2030-01-11T09:30:00Z", "2030-01-11T10:30:00Z"];

fn starts(answer: &Value) -> Vec<String> {
    let days = answer["days"].as_array().expect("days");
    let slots = days.iter().flat_map(|day| day["slots"].as_array().expect("slots"));
    slots.map(|slot| slot["startsAt"].as_str().expect("a start").to_owned()).collect()
}

async fn offered(practice: &Practice, viewer: Option<Viewer>, instead_of: Option<&str>) -> Vec<String> {
    let query = "query($input: AvailabilityInput!) { availability(input: $input) {
        days { slots { startsAt } } userErrors { code } } }";
    let input = json!({ "sessionTypeId": SESSION, "from": DAY, "to": DAY, "insteadOf": instead_of });
    starts(&ask(practice, viewer, query, json!({ "input": input })).await)
}

async fn offered_for_moving(practice: &Practice, viewer: Option<Viewer>, which: Value) -> Value {
    let query = "query($input: ManagedAvailabilityInput!) { managedAvailability(input: $input) {
        days { slots { startsAt } } userErrors { code field } } }";
    let mut input = json!({ "from": DAY, "to": DAY });
    input.as_object_mut().expect("an object").extend(which.as_object().expect("an object").clone());
    ask(practice, viewer, query, json!({ "input": input })).await
}

fn has_all(offered: &[String], wanted: &[&str]) -> bool {
    wanted.iter().all(|wanted| offered.iter().any(|one| one == wanted))
}

fn has_any(offered: &[String], wanted: &[&str]) -> bool {
    wanted.iter().any(|wanted| offered.iter().any(|one| one == wanted))
}

#[tokio::test]
async fn times_beside_the_one_that_is_kept_stay_free_for_whom_it_is_kept() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let cleo = client(&practice, "Cleo", "2030-01-08T09:00:00Z").await;
        let keep = "mutation($input: HoldSlotInput!) { holdSlot(input: $input) { hold { token } userErrors { code } } }";
        let input = |starts_at: &str, instead_of: Option<&str>| {
            json!({ "input": { "sessionTypeId": SESSION, "startsAt": starts_at, "insteadOf": instead_of } })
        };
        let kept = ask(&practice, Some(ben.viewer), keep, input(TEN, None)).await;
        let token = kept["hold"]["token"].as_str().expect("a token").to_owned();

        let theirs = offered(&practice, Some(ben.viewer), Some(&token)).await;
        assert!(has_all(&theirs, &BESIDE) && has_all(&theirs, &[TEN]), "{theirs:?}");
        for (viewer, secret) in [(cleo.viewer, None), (ben.viewer, None), (cleo.viewer, Some("nothing of the kind"))] {
            let others = offered(&practice, Some(viewer), secret).await;
            assert!(!has_any(&others, &BESIDE) && !has_any(&others, &[TEN]), "{others:?}");
        }

        // What is offered is what can be had.
        let kept = ask(&practice, Some(ben.viewer), keep, input(BESIDE[1], Some(&token))).await;
        assert_eq!(kept["userErrors"], json!([]), "{kept:#}");
        // The secret of what was given back gives nothing back again.
        let stale = offered(&practice, Some(ben.viewer), Some(&token)).await;
        assert!(!has_any(&stale, &[TEN, BESIDE[1]]), "{stale:?}");
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_browser_that_keeps_a_time_is_shown_those_beside_it() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let mut ben = Browser::signed_in(&practice, ben.viewer.user_id).await;
        let page = format!("/book/session?day={DAY}");
        ben.get(&page).await;
        ben.accept = "text/plain";
        ben.post("/book/session/hold", &[("slot", TEN)]).await;
        ben.accept = "text/html";
        let picker = ben.get(&page).await;
        assert!(has_all(&picker.values("slot"), &BESIDE), "{}", picker.text());
        ben.cookies.remove("__Host-hold");
        let picker = ben.get(&page).await;
        assert!(!has_any(&picker.values("slot"), &BESIDE), "{}", picker.text());
    })
    .await;
}

#[tokio::test]
async fn a_session_moves_by_less_than_its_own_length() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let cleo = client(&practice, "Cleo", "2030-01-08T09:00:00Z").await;
        let session = book(&practice, ben, TEN).await;
        let by_id = json!({ "bookingId": session["id"] });

        for viewer in [Some(ben.viewer), ada()] {
            let times = starts(&offered_for_moving(&practice, viewer, by_id.clone()).await);
            assert!(has_all(&times, &BESIDE), "{times:?}");
            assert!(!has_any(&times, &[TEN]), "where it is now is no other time");
        }
        for (viewer, code) in [(Some(cleo.viewer), "NOT_FOUND"), (None, "SIGN_IN_REQUIRED")] {
            let answer = practice
                .ask_as(
                    viewer,
                    "query($input: ManagedAvailabilityInput!) { managedAvailability(input: $input) {
                        days { slots { startsAt } } userErrors { code } } }",
                    json!({ "input": { "from": DAY, "to": DAY, "bookingId": session["id"] } }),
                )
                .await;
            assert!(answer.to_string().contains(code), "{answer:#}");
            assert!(!answer.to_string().contains("startsAt"), "{answer:#}");
        }
        let neither = offered_for_moving(&practice, Some(ben.viewer), json!({})).await;
        assert_eq!(neither["userErrors"], json!([{ "code": "REQUIRED", "field": ["bookingId"] }]));
        // To everybody else its time is taken.
        assert!(!has_any(&offered(&practice, Some(cleo.viewer), None).await, &BESIDE));

        let mut browser = Browser::signed_in(&practice, ben.viewer.user_id).await;
        let id = session["id"].as_str().expect("an id");
        let picker = browser.get(&format!("/portal/bookings/{id}/move?day={DAY}")).await;
        assert!(has_all(&picker.values("slot"), &BESIDE), "{}", picker.text());

        let moved = shift(&practice, Some(ben.viewer), &session["id"], BESIDE[1]).await;
        assert_eq!(moved["userErrors"], json!([]), "{moved:#}");
        assert_eq!(moved["booking"]["startsAt"], BESIDE[1]);
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_move_that_is_refused_names_times_beside_the_session_too() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let cleo = client(&practice, "Cleo", "2030-01-08T09:00:00Z").await;
        let session = book(&practice, ben, TEN).await;
        book(&practice, cleo, "2030-01-11T11:00:00Z").await;
        let refused = shift(&practice, Some(ben.viewer), &session["id"], "2030-01-11T11:00:00Z").await;
        assert_eq!(refused["userErrors"][0]["code"], "SLOT_TAKEN", "{refused:#}");
        let named: Vec<String> = refused["alternatives"]
            .as_array()
            .expect("alternatives")
            .iter()
            .map(|slot| slot["startsAt"].as_str().expect("a start").to_owned())
            .collect();
        assert!(has_any(&named, &BESIDE[..1]), "{named:?}");
        assert_sound(&practice).await;
    })
    .await;
}
