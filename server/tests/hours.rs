//! When a therapist works, as she says it through the API.

use crate::support::{ADA, ADA_USER, DISCOVERY, Practice, on_both_engines, staff};
use anteroom::features::accounts::Viewer;
use serde_json::{Value, json};
use shared::actor::Role;

async fn free(practice: &Practice, day: &str) -> usize {
    let asked = "query($input: AvailabilityInput!) { availability(input: $input) { days { slots { startsAt } } } }";
    let input = json!({ "sessionTypeId": DISCOVERY, "therapistId": ADA, "from": day, "to": day });
    practice.ask(asked, json!({ "input": input })).await.to_string().matches("startsAt").count()
}

async fn change(practice: &Practice, mutation: &str) -> Value {
    let answer = practice.ask_as(Some(staff(ADA_USER)), &format!("mutation {{ {mutation} }}"), json!({})).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    answer["data"].clone()
}

#[tokio::test]
async fn a_day_gets_hours_of_its_own_and_its_weekly_ones_back() {
    on_both_engines(|practice: Practice| async move {
        assert_eq!(free(&practice, "2030-01-09").await, 16);
        let set = "setDate(input: { date: \"2030-01-09\", hours: [{ from: \"10:00\", until: \"12:00\" }] }) {
            day { date hours { from until } } userErrors { message } }";
        let changed = change(&practice, set).await;
        let hours = json!([{ "from": "10:00", "until": "12:00" }]);
        let expected = json!({ "day": { "date": "2030-01-09", "hours": hours }, "userErrors": [] });
        assert_eq!(changed["setDate"], expected);
        assert_eq!(free(&practice, "2030-01-09").await, 4);

        let close = "setDate(input: { date: \"2030-01-09\", hours: [] }) { day { hours { from } } }";
        assert_eq!(change(&practice, close).await["setDate"]["day"]["hours"], json!([]));
        assert_eq!(free(&practice, "2030-01-09").await, 0);
        let listed = "{ viewer { therapist { days(from: \"2030-01-07\") { date hours { from } } } } }";
        let listed = practice.ask_as(Some(staff(ADA_USER)), listed, json!({})).await;
        let days = &listed["data"]["viewer"]["therapist"]["days"];
        assert_eq!(*days, json!([{ "date": "2030-01-09", "hours": [] }]));

        for _ in 0..2 {
            let cleared =
                change(&practice, "clearDate(input: { date: \"2030-01-09\" }) { date userErrors { code } }").await;
            assert_eq!(cleared["clearDate"], json!({ "date": "2030-01-09", "userErrors": [] }));
        }
        assert_eq!(free(&practice, "2030-01-09").await, 16);
        assert_eq!(practice.count("select count(*) from date_overrides").await, 0);
    })
    .await;
}

#[tokio::test]
async fn hours_of_a_day_that_make_no_sense_are_all_named_and_change_nothing() {
    on_both_engines(|practice: Practice| async move {
        let stretch = "{ from: \"10:00\", until: \"10:00\" }";
        let many = [stretch; 11].join(", ");
        for (hours, wrong) in [(stretch, 1), (&many, 12)] {
            let set =
                format!("setDate(input: {{ date: \"2030-01-09\", hours: [{hours}] }}) {{ day {{ date }} userErrors {{ field }} }}");
            let refused = change(&practice, &set).await;
            assert_eq!(refused["setDate"]["day"], Value::Null);
            assert_eq!(refused["setDate"]["userErrors"].as_array().map(Vec::len), Some(wrong), "{refused:#}");
        }
        assert_eq!(free(&practice, "2030-01-09").await, 16);
    })
    .await;
}

#[tokio::test]
async fn whoever_works_in_the_practice_sees_what_the_public_pages_leave_out() {
    on_both_engines(|practice: Practice| async move {
        let hide = practice.app.db.write(|tx| {
            Box::pin(async move {
                tx.query("update session_types set visible = $1 where slug = 'session'").bind(false).run().await?;
                tx.announce(anteroom::events::Event::PracticeChanged);
                Ok(())
            })
        });
        hide.await.expect("it is hidden");
        let asked = "{ sessionTypes { slug } viewer { practice { profile { name } sessionTypes { slug } breakMinutes
            sessionsPerDay consecutiveSessions } } }";
        let assistant = Viewer { role: Role::Assistant, ..staff(ADA_USER) };
        let answer = practice.ask_as(Some(assistant), asked, json!({})).await["data"].clone();
        assert_eq!(answer["sessionTypes"].as_array().map(Vec::len), Some(2), "{answer:#}");
        let desk = &answer["viewer"]["practice"];
        assert_eq!(desk["sessionTypes"].as_array().map(Vec::len), Some(3), "{answer:#}");
        assert_eq!((&desk["profile"]["name"], &desk["breakMinutes"]), (&json!("Ada & Samir"), &json!(30)));
        assert_eq!((&desk["sessionsPerDay"], &desk["consecutiveSessions"]), (&Value::Null, &Value::Null));
    })
    .await;
}

#[tokio::test]
async fn the_same_wish_sent_again_is_granted_once() {
    on_both_engines(|practice: Practice| async move {
        let add = "addTimeOff(input: { from: \"2030-02-01\", to: \"2030-02-02\", idempotencyKey: \"seaside-1\" }) {
            timeOff { id } userErrors { code } }";
        let (first, again) = (change(&practice, add).await, change(&practice, add).await);
        assert!(first["addTimeOff"]["timeOff"]["id"].is_string(), "{first:#}");
        assert_eq!(first, again);
        let other = change(&practice, &add.replace("02-02", "02-03")).await;
        assert_eq!(other["addTimeOff"]["userErrors"][0]["code"], "IDEMPOTENCY_MISMATCH");
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'TIME_OFF'").await, 1);

        let hold = "mutation($input: HoldSlotInput!) { holdSlot(input: $input) {
            hold { token expiresAt slot { startsAt endsAt therapist { id } } } userErrors { code } } }";
        let input = json!({
            "sessionTypeId": DISCOVERY, "therapistId": ADA, "startsAt": "2030-01-08T10:00:00Z", "idempotencyKey": "tuesday-ten",
        });
        let ask = async || practice.ask(hold, json!({ "input": input })).await["holdSlot"].clone();
        let (first, again) = (ask().await, ask().await);
        assert!(first["hold"]["token"].is_string(), "{first:#}");
        assert_eq!(first, again);
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'HOLD'").await, 1);
        let token = first["hold"]["token"].as_str().expect("a token");
        let release = format!("mutation {{ releaseHold(input: {{ token: \"{token}\" }}) {{ userErrors {{ code }} }} }}");
        practice.ask(&release, json!({})).await;
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'HOLD'").await, 0);
    })
    .await;
}
