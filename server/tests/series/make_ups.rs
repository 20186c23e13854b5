//! Times that are only offered in place of a session: kept while somebody decides, taken with one press, given back when
//! nobody answers.

use super::kit::{Someone, ada, as_somebody, ben, code, in_calendar, place, somebody, thursdays};
use crate::support::{ADA_USER, Practice, on_both_engines, staff};
use anteroom::features::series::make_up;
use serde_json::{Value, json};
use shared::ids::MakeUpId;
use shared::stage::Stage;

/// Ada is away in the week of 14 January and offers Ben times instead of his Thursday; the answer is what was kept.
async fn offered(practice: &Practice, who: Someone) -> (MakeUpId, Vec<String>) {
    let days = json!({ "from": "2030-01-14", "to": "2030-01-18" });
    let fields = "plan { affected { canOffer session { booking { id } } proposals { startsAt } } }";
    let planned = ada(practice, "planAbsence", fields, days.clone()).await;
    let affected = planned["plan"]["affected"].as_array().expect("sessions").clone();
    assert!(affected.iter().all(|it| it["canOffer"] == true), "{planned:#}");
    let mut input = days;
    let times = |it: &Value| {
        it["proposals"].as_array().expect("times").iter().map(|it| it["startsAt"].clone()).collect::<Vec<Value>>()
    };
    input["bookingIds"] = affected.iter().map(|it| it["session"]["booking"]["id"].clone()).collect();
    input["makeUps"] = json!([]);
    input["offers"] = affected
        .iter()
        .map(|it| json!({ "bookingId": it["session"]["booking"]["id"], "startsAt": times(it) }))
        .collect();
    let done = ada(practice, "confirmAbsence", "absence { calledOff moved offered }", input).await;
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    assert_eq!(done["absence"]["offered"], done["absence"]["calledOff"]);
    let seen = own(practice, who).await;
    let starts = seen[0]["times"].as_array().expect("times").iter();
    let starts = starts.map(|it| it["startsAt"].as_str().expect("a start").to_owned()).collect();
    (seen[0]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"), starts)
}

/// What is offered to a client.
async fn own(practice: &Practice, who: Someone) -> Value {
    let ask =
        "{ viewer { client { makeUps { id state isOpen until times { startsAt } booking { status startsAt } } } } }";
    let answer = practice.ask_as(Some(who.viewer), ask, json!({})).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    answer["data"]["viewer"]["client"]["makeUps"].clone()
}

/// What Ada sees of it.
async fn states(practice: &Practice) -> Vec<Value> {
    let ask = "{ viewer { therapist { makeUps { takenId makeUp { state } session { guestName } } } } }";
    let answer = practice.ask_as(Some(staff(ADA_USER)), ask, json!({})).await;
    let rows = answer["data"]["viewer"]["therapist"]["makeUps"].as_array().expect("rows").clone();
    rows.iter().map(|row| row["makeUp"]["state"].clone()).collect()
}

fn token(practice: &Practice, id: MakeUpId) -> String {
    make_up::secret(&practice.app.keys, id).text()
}

async fn holds(practice: &Practice) -> i64 {
    practice.count("select count(*) from occupancy where kind = 'HOLD'").await
}

#[tokio::test]
async fn a_client_takes_one_of_the_offered_times_by_the_link_and_the_others_are_free_again() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        place(&practice, thursdays(ben, json!({}))).await;
        let (id, times) = offered(&practice, ben).await;
        assert_eq!((times.len(), holds(&practice).await), (3, 3));
        let refused = practice.try_book("Cleo", &times[0]).await;
        assert_eq!(code(&refused), Some("SLOT_TAKEN"), "{refused:#}");

        let take = json!({ "token": token(&practice, id), "startsAt": times[1] });
        let taken = as_somebody(&practice, ben.viewer, "takeMakeUp", "bookingId", take.clone()).await;
        assert_eq!(taken["userErrors"], json!([]), "{taken:#}");
        let again = as_somebody(&practice, ben.viewer, "takeMakeUp", "bookingId", take).await;
        assert_eq!(again["bookingId"], taken["bookingId"], "twice is once");
        assert_eq!(holds(&practice).await, 0);
        let made =
            practice.count("select count(*) from bookings where status = 'CONFIRMED' and source = 'PRACTICE'").await;
        assert_eq!((made, own(&practice, ben).await), (1, json!([])));
        assert_eq!(states(&practice).await, ["TAKEN"]);
        practice.book("Cleo", &times[0]).await;
        let other = json!({ "token": token(&practice, id), "startsAt": times[2] });
        let late = as_somebody(&practice, ben.viewer, "takeMakeUp", "bookingId", other).await;
        assert_eq!(code(&late), Some("ALREADY_DONE"), "{late:#}");
        assert!(!in_calendar(&practice).await.contains(&"2030-01-17T11:00:00Z".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn none_suits_or_nobody_answers_and_the_therapist_sees_it() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        let cleo = somebody(&practice, "Cleo", "Europe/London", Stage::Active).await;
        place(&practice, thursdays(ben, json!({}))).await;
        place(&practice, thursdays(cleo, json!({ "time": "12:00" }))).await;
        let (id, _) = offered(&practice, ben).await;
        let hers = own(&practice, cleo).await;
        assert!(hers[0]["times"].as_array().is_some_and(|times| !times.is_empty()), "{hers:#}");
        let not_hers = json!({ "makeUpId": id });
        let refused = as_somebody(&practice, cleo.viewer, "declineMakeUp", "declined", not_hers.clone()).await;
        assert_eq!(code(&refused), Some("NOT_FOUND"));
        for _ in 0..2 {
            let declined = as_somebody(&practice, ben.viewer, "declineMakeUp", "declined", not_hers.clone()).await;
            assert_eq!(declined["declined"], true);
        }
        let left = holds(&practice).await;
        assert!(left > 0, "Cleo's are still kept");
        practice.pass_minutes(3 * 24 * 60).await;
        assert_eq!((holds(&practice).await, own(&practice, cleo).await), (0, json!([])));
        let mut seen: Vec<String> = states(&practice).await.iter().map(ToString::to_string).collect();
        seen.sort();
        assert_eq!(seen, ["\"DECLINED\"", "\"EXPIRED\""]);
        let late = json!({ "makeUpId": hers[0]["id"], "startsAt": hers[0]["times"][0]["startsAt"] });
        let late = as_somebody(&practice, cleo.viewer, "takeMakeUp", "bookingId", late).await;
        assert_eq!(code(&late), Some("ALREADY_DONE"), "{late:#}");
    })
    .await;
}
