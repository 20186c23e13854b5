//! What becomes of a deposit when the session does not take place.

use super::kit::{CANCEL, Page, Story, TUESDAY, on_both_engines, text};
use crate::support::SESSION;
use serde_json::{Value, json};
use shared::practice::Prepay;

const DEPOSIT: i64 = 2500;

/// Ada keeps deposits from ten days before; beside that, calling off costs something from two days before only.
async fn keep_deposits(story: &Story) {
    story.prepay(Prepay::Deposit, DEPOSIT).await;
    let publish = "mutation($rules: CancellationPolicyInput!) {
        publishPolicy(input: { rules: $rules }) { userErrors { code field } } }";
    let rules = |hours: i64| {
        json!({ "rules": { "windows": [{ "hoursBefore": 48, "feePercent": 50 }], "noShowPercent": 0,
            "freeLateCancelsPerYear": 1, "rescheduleLimit": 2, "rescheduleHours": 48, "depositHours": hours } })
    };
    let wrong = story.ask_ada(publish, rules(5000)).await["publishPolicy"]["userErrors"].clone();
    assert_eq!(wrong, json!([{ "code": "INVALID", "field": ["depositHours"] }]));
    let done = story.ask_ada(publish, rules(240)).await["publishPolicy"]["userErrors"].clone();
    assert_eq!(done, json!([]));
}

async fn paid(story: &Story) -> Page {
    keep_deposits(story).await;
    story.paid(TUESDAY).await
}

/// The fee Ada is to decide about: its id and its amount.
async fn proposed(story: &Story, booking: &str) -> (Value, Value) {
    let query = "query($id: BookingId!) { viewer { therapist { booking(id: $id) {
        fee { id amount { amount } state } } } } }";
    let fee = story.ask_ada(query, json!({ "id": booking })).await["viewer"]["therapist"]["booking"]["fee"].clone();
    (fee["id"].clone(), fee["amount"]["amount"].clone())
}

async fn decide(story: &Story, change: &str) {
    let done = story.ask_ada(change, json!({})).await;
    assert!(done.to_string().contains("\"userErrors\":[]"), "{done:#}");
    story.pass(10).await;
    story.work().await;
}

async fn refunded(story: &Story) -> i64 {
    story.count("select cast(coalesce(sum(amount), 0) as bigint) from refunds").await
}

#[tokio::test]
async fn what_is_shown_before_and_after_booking_is_what_happens() {
    on_both_engines(|story| async move {
        keep_deposits(&story).await;
        let steps = "steps { feePercent deposit { amount } }";
        let ahead = format!(
            "query($at: DateTime!, $id: SessionTypeId) {{ viewer {{ client {{
                policyAhead(startsAt: $at, sessionTypeId: $id) {{ {steps} }} }} }} }}"
        );
        let look = async |id: Value| {
            let seen = story.ask(story.ben, &ahead, json!({ "at": TUESDAY, "id": id })).await;
            seen["viewer"]["client"]["policyAhead"]["steps"].clone()
        };
        let kept = json!({ "amount": DEPOSIT });
        let shown = json!([
            { "feePercent": 0, "deposit": null },
            { "feePercent": 0, "deposit": kept },
            { "feePercent": 50, "deposit": null },
        ]);
        assert_eq!(look(json!(SESSION)).await, shown);
        let without = json!([{ "feePercent": 0, "deposit": null }, { "feePercent": 50, "deposit": null }]);
        assert_eq!(look(Value::Null).await, without);

        let page = story.paid(TUESDAY).await;
        let query = "query($id: BookingId!) { viewer { client { booking(id: $id) {
            policySteps { feePercent deposit { amount } }
            ifCancelledNow { fee { amount } returned { amount } isLate isWaived } } } } }";
        let booked = story.ask(story.ben, query, json!({ "id": page.booking })).await;
        let booked = booked["viewer"]["client"]["booking"].clone();
        assert_eq!(booked["policySteps"], shown);
        let meaning = json!({ "fee": kept, "returned": { "amount": 5000 }, "isLate": true, "isWaived": false });
        assert_eq!(booked["ifCancelledNow"], meaning);
        story.ask(story.ben, CANCEL, json!({ "input": { "bookingId": page.booking } })).await;
        assert_eq!(proposed(&story, &page.booking).await.1, json!(DEPOSIT));
    })
    .await;
}

#[tokio::test]
async fn a_deposit_is_kept_when_the_therapist_says_so_and_goes_back_when_she_does_not() {
    for (change, back) in [("chargeFee", 0), ("waiveFee", DEPOSIT)] {
        on_both_engines(|story| async move {
            let page = paid(&story).await;
            story.ask(story.ben, CANCEL, json!({ "input": { "bookingId": page.booking } })).await;
            story.pass(10).await;
            story.work().await;
            assert_eq!(refunded(&story).await, 0, "nothing moves before she has decided");
            let id = text(&proposed(&story, &page.booking).await.0);
            let reason = if change == "waiveFee" { ", reason: \"They were ill\"" } else { "" };
            let change =
                format!("mutation {{ {change}(input: {{ feeId: \"{id}\"{reason} }}) {{ userErrors {{ code }} }} }}");
            decide(&story, &change).await;
            assert_eq!(refunded(&story).await, back);
            let balance = story.ask(story.ben, "{ viewer { client { balance { amount } } } }", json!({})).await;
            assert_eq!(balance["viewer"]["client"]["balance"], json!([]));
        })
        .await;
    }
}

#[tokio::test]
async fn the_practice_keeps_no_deposit_of_what_it_calls_off_itself() {
    on_both_engines(|story| async move {
        let page = paid(&story).await;
        story.ask_ada(CANCEL, json!({ "input": { "bookingId": page.booking } })).await;
        story.pass(10).await;
        story.work().await;
        assert_eq!(proposed(&story, &page.booking).await.0, Value::Null);
        assert_eq!(refunded(&story).await, DEPOSIT);
    })
    .await;
}

#[tokio::test]
async fn the_deposit_of_whoever_does_not_come_is_kept() {
    on_both_engines(|story| async move {
        let page = paid(&story).await;
        story.pass(8 * 24 * 60 + 3 * 60).await;
        let missed =
            "mutation($id: BookingId!) { markNoShow(input: { bookingId: $id }) { userErrors { code message } } }";
        let done = story.ask_ada(missed, json!({ "id": page.booking })).await["markNoShow"]["userErrors"].clone();
        assert_eq!(done, json!([]));
        // By the rules alone, not coming costs nothing.
        assert_eq!(proposed(&story, &page.booking).await.1, json!(DEPOSIT));
    })
    .await;
}

#[tokio::test]
async fn a_session_keeps_the_rules_about_its_deposit() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Deposit, DEPOSIT).await;
        let before = story.paid(TUESDAY).await;
        keep_deposits(&story).await;
        let after = story.paid("2030-01-15T12:00:00Z").await;
        for (page, fee) in [(before, Value::Null), (after, json!(DEPOSIT))] {
            story.ask(story.ben, CANCEL, json!({ "input": { "bookingId": page.booking } })).await;
            assert_eq!(proposed(&story, &page.booking).await.1, fee);
        }
    })
    .await;
}
