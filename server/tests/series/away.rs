//! Being away: the plan changes nothing, the rest happens at once or not at all. Public holidays are asked about.

use super::kit::{ada, ben, code, in_calendar, place, somebody, thursdays};
use crate::support::post;
use crate::support::{ADA_USER, Practice, on_both_engines, staff};
use serde_json::{Value, json};
use shared::stage::Stage;

const PLAN: &str =
    "plan { startsAt endsAt affected { session { guestName booking { id startsAt } } proposals { startsAt } }
    places { date series { clientName } } }";
const DONE: &str = "absence { timeOffId calledOff moved leftOut }";

async fn plan(practice: &Practice, from: &str, to: &str) -> Value {
    let planned = ada(practice, "planAbsence", PLAN, json!({ "from": from, "to": to })).await;
    assert_eq!(planned["userErrors"], json!([]), "{planned:#}");
    planned["plan"].clone()
}

fn ids(plan: &Value) -> Vec<Value> {
    let affected = plan["affected"].as_array().expect("a list");
    affected.iter().map(|it| it["session"]["booking"]["id"].clone()).collect()
}

#[tokio::test]
async fn a_plan_names_everybody_proposes_real_openings_and_changes_nothing() {
    on_both_engines(|practice: Practice| async move {
        place(&practice, thursdays(ben(&practice).await, json!({}))).await;
        practice.book("Cleo", "2030-01-22T10:00:00Z").await;
        let before = practice.count("select count(*) from jobs").await;
        let plan = plan(&practice, "2030-01-21", "2030-01-27").await;
        assert_eq!(
            (&plan["startsAt"], &plan["endsAt"]),
            (&json!("2030-01-21T00:00:00Z"), &json!("2030-01-28T00:00:00Z"))
        );
        let affected = plan["affected"].as_array().expect("a list");
        let names: Vec<&str> = affected.iter().filter_map(|it| it["session"]["guestName"].as_str()).collect();
        assert_eq!(names, ["Cleo", "Ben"]);
        let mut times = Vec::new();
        for it in affected {
            let proposals = it["proposals"].as_array().expect("a list");
            assert_eq!(proposals.len(), 3, "{it:#}");
            for proposal in proposals {
                let at = proposal["startsAt"].as_str().expect("a time");
                assert!(!("2030-01-21".."2030-01-28").contains(&at), "inside the absence: {at}");
                assert!(!times.contains(&at), "no time is proposed to two people while there are enough: {at}");
                times.push(at);
            }
        }
        assert_eq!(practice.count("select count(*) from jobs").await, before);
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'TIME_OFF'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn confirming_does_all_of_it_and_tells_each_person_once() {
    post::on_both_engines(|story: post::Story| async move {
        let practice = &story.practice;
        let ben = ben(practice).await;
        place(practice, thursdays(ben, json!({ "idempotencyKey": "thursday-place" }))).await;
        place(practice, thursdays(ben, json!({ "startsOn": "2030-01-08", "time": "09:00" }))).await;
        let cleo = somebody(practice, "Cleo", "Europe/London", Stage::Active).await;
        place(practice, thursdays(cleo, json!({ "startsOn": "2030-01-09", "time": "14:00" }))).await;
        practice.pass_minutes(5).await;
        let before = (story.to_ben().len(), story.sandbox.mailbox.to("cleo@example.org").len());
        assert_eq!(before, (1, 1), "one mail for two places of ten sessions each");

        let plan = plan(practice, "2030-01-21", "2030-01-27").await;
        let all = ids(&plan);
        assert_eq!(all.len(), 3, "{plan:#}");
        let cleos = plan["affected"].as_array().expect("a list").iter().find(|it| it["session"]["guestName"] == "Cleo");
        let cleos = cleos.expect("Cleo is affected");
        let make_up =
            json!({ "bookingId": cleos["session"]["booking"]["id"], "startsAt": cleos["proposals"][0]["startsAt"] });
        let input = json!({
            "from": "2030-01-21", "to": "2030-01-27", "note": "Lisbon", "bookingIds": all, "makeUps": [make_up],
            "idempotencyKey": "away-in-january",
        });
        let done = ada(practice, "confirmAbsence", DONE, input.clone()).await;
        assert_eq!(
            (&done["userErrors"], &done["absence"]["calledOff"], &done["absence"]["moved"]),
            (&json!([]), &json!(2), &json!(1)),
            "{done:#}"
        );
        assert_eq!(ada(practice, "confirmAbsence", DONE, input).await, done, "the same key does it once");

        practice.pass_minutes(60).await;
        assert_eq!(story.to_ben().len(), 2, "two sessions called off are one mail");
        assert_eq!(story.sandbox.mailbox.to("cleo@example.org").len(), 2);
        let mail = &story.to_ben()[1];
        assert!(
            mail.text.contains("Cancelled, at no cost:") && mail.text.contains("Thursday 24 January, 11:00"),
            "{}",
            mail.text
        );
        assert!(!mail.text.contains("Lisbon"), "the note is hers alone");
        assert_eq!(practice.count("select count(*) from fees").await, 0);
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'TIME_OFF'").await, 1);
        // The places know: no conflict shows up, and nothing is put back.
        super::kit::days(practice, 2).await;
        assert_eq!(super::kit::conflicts(practice).await.len(), 0);
        assert_eq!(practice.count("select count(*) from bookings where status = 'CANCELLED'").await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_plan_that_is_out_of_date_or_a_time_that_is_gone_changes_nothing_at_all() {
    on_both_engines(|practice: Practice| async move {
        place(&practice, thursdays(ben(&practice).await, json!({}))).await;
        let first = plan(&practice, "2030-01-21", "2030-01-27").await;
        practice.book("Cleo", "2030-01-22T10:00:00Z").await;
        let untouched = async |practice: &Practice| {
            (
                practice.count("select count(*) from occupancy where kind = 'TIME_OFF'").await,
                practice.count("select count(*) from bookings where status = 'CANCELLED'").await,
                practice.count("select count(*) from series_exceptions").await,
            )
        };
        let stale = json!({ "from": "2030-01-21", "to": "2030-01-27", "bookingIds": ids(&first), "makeUps": [] });
        let refused = ada(&practice, "confirmAbsence", DONE, stale).await;
        assert_eq!((code(&refused), untouched(&practice).await), (Some("INVALID"), (0, 0, 0)), "{refused:#}");

        let fresh = plan(&practice, "2030-01-21", "2030-01-27").await;
        practice.book("Dora", "2030-01-29T10:00:00Z").await;
        let make_up = json!({ "bookingId": ids(&fresh)[0], "startsAt": "2030-01-29T10:00:00Z" });
        let taken =
            json!({ "from": "2030-01-21", "to": "2030-01-27", "bookingIds": ids(&fresh), "makeUps": [make_up] });
        let refused = ada(&practice, "confirmAbsence", DONE, taken).await;
        assert_eq!((code(&refused), untouched(&practice).await), (Some("SLOT_TAKEN"), (0, 0, 0)), "{refused:#}");
        assert_eq!(in_calendar(&practice).await.len(), 10);
    })
    .await;
}

#[tokio::test]
async fn days_further_ahead_than_the_calendar_are_left_out_too() {
    on_both_engines(|practice: Practice| async move {
        place(&practice, thursdays(ben(&practice).await, json!({}))).await;
        let plan = plan(&practice, "2030-08-03", "2030-08-17").await;
        assert_eq!(plan["affected"], json!([]));
        assert_eq!(plan["places"].as_array().map(Vec::len), Some(2), "{plan:#}");
        let input = json!({ "from": "2030-08-03", "to": "2030-08-17", "bookingIds": [], "makeUps": [] });
        let done = ada(&practice, "confirmAbsence", DONE, input).await;
        assert_eq!(done["absence"]["leftOut"], json!(2), "{done:#}");
        super::kit::days(&practice, 180).await;
        assert_eq!(super::kit::conflicts(&practice).await.len(), 0);
        let then =
            practice.count("select count(*) from bookings where series_date in ('2030-08-08', '2030-08-15')").await;
        assert_eq!(then, 0);
    })
    .await;
}

#[tokio::test]
async fn public_holidays_are_asked_about_and_nothing_closes_by_itself() {
    on_both_engines(|practice: Practice| async move {
        let chosen = ada(&practice, "chooseHolidays", "holidaySets", json!({ "sets": ["ENGLAND_AND_WALES"] })).await;
        assert_eq!(chosen["holidaySets"], json!(["ENGLAND_AND_WALES"]));
        let ask = "{ viewer { therapist { holidaysAhead { date name } } } }";
        let ahead = async || {
            let answer = practice.ask_as(Some(staff(ADA_USER)), ask, json!({})).await;
            answer["data"]["viewer"]["therapist"]["holidaysAhead"].clone()
        };
        let days = ahead().await;
        assert_eq!(days.as_array().map(Vec::len), Some(8), "{days:#}");
        assert_eq!(days[0], json!({ "date": "2030-04-19", "name": "Good Friday" }));
        assert_eq!(practice.count("select count(*) from occupancy").await, 0);

        let kept = ada(&practice, "keepHolidayOpen", "holidaysAhead { date }", json!({ "date": "2030-04-19" })).await;
        assert_eq!(kept["holidaysAhead"][0]["date"], json!("2030-04-22"), "{kept:#}");
        let input = json!({ "from": "2030-04-22", "to": "2030-04-22", "bookingIds": [], "makeUps": [] });
        assert_eq!(ada(&practice, "confirmAbsence", DONE, input).await["userErrors"], json!([]));
        assert_eq!(ahead().await[0]["date"], json!("2030-05-06"), "what is closed is settled too");
    })
    .await;
}
