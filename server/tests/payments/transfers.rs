//! Bank transfer and cash: announced, noted, overdue.

use super::kit::{RECORD, Story, TUESDAY, on_both_engines, text};
use serde_json::{Value, json};
use shared::practice::Prepay;

const OVERDUE: &str =
    "{ viewer { therapist { overdue { bookingId clientName amount { amount currency } isAnnounced } } } }";
const ANNOUNCE: &str = "mutation($input: AnnounceTransferInput!) { announceTransfer(input: $input) {
    payment { id status method } userErrors { code message } } }";

/// A session took place that is paid afterwards.
async fn after_a_session(story: &Story) -> String {
    story.prepay(Prepay::Nothing, 0).await;
    let booking = story.book(TUESDAY).await;
    assert_eq!(story.status(&booking).await, "CONFIRMED");
    story.pass(9 * 24 * 60).await;
    assert_eq!(story.status(&booking).await, "COMPLETED");
    booking
}

async fn overdue(story: &Story) -> Value {
    story.ask_ada(OVERDUE, json!({})).await["viewer"]["therapist"]["overdue"].clone()
}

fn record(story: &Story, booking: Option<&str>, method: &str, amount: i64) -> Value {
    json!({ "clientId": story.ben_id, "bookingId": booking, "method": method, "amount": amount, "currency": "GBP" })
}

#[tokio::test]
async fn a_session_that_took_place_is_overdue_until_its_money_is_noted() {
    on_both_engines(|story| async move {
        let booking = after_a_session(&story).await;
        let listed = overdue(&story).await;
        assert_eq!(listed[0]["bookingId"], json!(booking));
        assert_eq!(listed[0]["amount"], json!({ "amount": 7500, "currency": "GBP" }));
        let some = story.ask_ada(RECORD, json!({ "input": record(&story, Some(&booking), "CASH", 5000) })).await;
        assert_eq!(some["recordPayment"]["userErrors"], json!([]), "{some:#}");
        assert_eq!(overdue(&story).await[0]["amount"]["amount"], 2500);
        story.ask_ada(RECORD, json!({ "input": record(&story, Some(&booking), "TRANSFER", 2500) })).await;
        assert_eq!(overdue(&story).await, json!([]));
        story.work().await;
        assert_eq!(story.mails_to("ben").iter().filter(|subject| *subject == "Your receipt").count(), 2);
        let in_accounts = "select cast(sum(amount) as bigint) from ledger_entries where account in ('BANK', 'CASH')";
        assert_eq!(story.count(in_accounts).await, 7500);
    })
    .await;
}

#[tokio::test]
async fn a_transfer_is_announced_once_and_noted_as_the_one_it_is() {
    on_both_engines(|story| async move {
        let booking = after_a_session(&story).await;
        let input = |proof: &str| json!({ "input": { "bookingId": booking, "proof": proof } });
        let first = story.ask(story.ben, ANNOUNCE, input("T-4711 of today")).await["announceTransfer"].clone();
        let again = story.ask(story.ben, ANNOUNCE, input("T-4712")).await["announceTransfer"].clone();
        assert_eq!(first["payment"]["id"], again["payment"]["id"], "{first:#}");
        assert_eq!(overdue(&story).await[0]["isAnnounced"], true);
        let payment = text(&first["payment"]["id"]);
        let one = "query($id: PaymentId!) { viewer { therapist { payment(id: $id) { note clientName } } } }";
        let seen = story.ask_ada(one, json!({ "id": payment })).await["viewer"]["therapist"]["payment"].clone();
        assert_eq!(seen, json!({ "note": "T-4712", "clientName": "Ben" }));
        let mut input = record(&story, Some(&booking), "TRANSFER", 7500);
        input["paymentId"] = json!(payment);
        let noted = story.ask_ada(RECORD, json!({ "input": input })).await["recordPayment"].clone();
        assert_eq!(noted["payment"]["id"], json!(payment), "{noted:#}");
        let twice = story.ask_ada(RECORD, json!({ "input": input })).await["recordPayment"].clone();
        assert_eq!(twice["userErrors"][0]["code"], "ALREADY_DONE");
        assert_eq!(story.count("select count(*) from payments").await, 1);
        assert_eq!(overdue(&story).await, json!([]));
    })
    .await;
}

#[tokio::test]
async fn what_is_written_about_a_transfer_is_not_readable_in_the_database() {
    on_both_engines(|story| async move {
        let booking = after_a_session(&story).await;
        let input = json!({ "input": { "bookingId": booking, "proof": "Quetzalcoatlus" } });
        story.ask(story.ben, ANNOUNCE, input).await;
        let note: Vec<u8> = {
            let mut conn = story.practice.app.db.read().await.expect("a connection");
            conn.query("select note from payments").value().await.expect("a note")
        };
        assert!(!String::from_utf8_lossy(&note).contains("Quetzalcoatlus"));
    })
    .await;
}

#[tokio::test]
async fn money_without_a_session_is_credit_and_another_currency_stays_apart() {
    on_both_engines(|story| async move {
        after_a_session(&story).await;
        let mut input = record(&story, None, "TRANSFER", 10_000);
        input["currency"] = json!("EUR");
        story.ask_ada(RECORD, json!({ "input": input })).await;
        let balance = "{ viewer { client { balance { amount currency } } } }";
        let care = story.ask(story.ben, balance, json!({})).await["viewer"]["client"]["balance"].clone();
        assert_eq!(care, json!([{ "amount": -10_000, "currency": "EUR" }, { "amount": 7500, "currency": "GBP" }]));
        assert_eq!(overdue(&story).await[0]["amount"]["amount"], 7500, "euros do not pay pounds");
    })
    .await;
}

#[tokio::test]
async fn slips_of_the_finger_are_refused_all_at_once() {
    on_both_engines(|story| async move {
        let booking = after_a_session(&story).await;
        for (change, field) in [
            (json!({ "amount": 0 }), "amount"),
            (json!({ "amount": -1 }), "amount"),
            (json!({ "method": "CARD" }), "method"),
            (json!({ "receivedOn": "2031-01-01" }), "receivedOn"),
            (json!({ "bookingId": "00000000-0000-0000-0000-000000000001" }), "bookingId"),
            (json!({ "clientId": "00000000-0000-0000-0000-000000000001" }), "clientId"),
        ] {
            let mut input = record(&story, Some(&booking), "CASH", 7500);
            for (name, value) in change.as_object().expect("a change") {
                input[name] = value.clone();
            }
            let refused = story.ask_ada(RECORD, json!({ "input": input })).await["recordPayment"].clone();
            assert_eq!(refused["userErrors"][0]["field"], json!([field]), "{refused:#}");
        }
        assert_eq!(story.count("select count(*) from payments").await, 0);
    })
    .await;
}

#[tokio::test]
async fn cash_that_goes_back_is_noted_by_hand() {
    on_both_engines(|story| async move {
        let booking = after_a_session(&story).await;
        let noted = story.ask_ada(RECORD, json!({ "input": record(&story, Some(&booking), "CASH", 7500) })).await;
        let payment = text(&noted["recordPayment"]["payment"]["id"]);
        let back = story.refund(&payment, Some(2500)).await;
        assert_eq!(back["refund"]["status"], "SUCCEEDED", "{back:#}");
        assert_eq!(story.sandbox.stripe.refund_count(), 0);
        let cash = "select cast(sum(amount) as bigint) from ledger_entries where account = 'CASH'";
        assert_eq!(story.count(cash).await, 5000);
    })
    .await;
}
