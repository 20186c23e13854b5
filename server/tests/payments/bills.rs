//! Invoices, receipts and credit notes.

use crate::kit::{RECORD, TUESDAY, on_both_engines, text};
use crate::support::{SAMIR_USER, staff};
use anteroom::audit;
use serde_json::json;
use shared::practice::Prepay;

const BILLS: &str = "{ viewer { client { invoices { number kind total { amount currency } to from settled reference
    lines { words amount { amount } } } } } }";

#[tokio::test]
async fn a_payment_has_a_receipt_and_a_refund_a_credit_note() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        story.refund(&page.payment, Some(2500)).await;
        story.work().await;
        let bills = story.ask(story.ben, BILLS, json!({})).await["viewer"]["client"]["invoices"].clone();
        let of = |number: &str| {
            let all = bills.as_array().expect("bills").iter();
            all.clone().find(|bill| bill["number"] == number).unwrap_or_else(|| panic!("{number} in {bills:#}")).clone()
        };
        let receipt = of("R-00001");
        assert_eq!(receipt["kind"], "RECEIPT");
        assert_eq!(receipt["total"], json!({ "amount": 7500, "currency": "GBP" }));
        assert_eq!(receipt["to"], "Ben");
        assert_eq!(receipt["settled"], "Paid: card");
        assert_eq!(receipt["lines"][0]["words"], "Appointment, Tuesday 15 January 2030");
        let credit = of("C-00001");
        assert_eq!((credit["kind"].as_str(), credit["total"]["amount"].as_i64()), (Some("CREDIT_NOTE"), Some(2500)));
    })
    .await;
}

#[tokio::test]
async fn what_took_place_has_an_invoice_and_its_words_name_no_treatment() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        story.book(TUESDAY).await;
        story.pass(9 * 24 * 60).await;
        story.pass(11).await;
        story.work().await;
        let bills = story.ask(story.ben, BILLS, json!({})).await["viewer"]["client"]["invoices"].clone();
        assert_eq!(bills[0]["number"], "I-00001", "{bills:#}");
        assert_eq!(bills[0]["settled"], json!(null));
        for word in ["therap", "session", "psych", "treat"] {
            assert!(!bills[0]["lines"].to_string().to_lowercase().contains(word), "{word} in {bills:#}");
        }
        story.pass(60).await;
        assert_eq!(story.count("select count(*) from invoices").await, 1, "once");
    })
    .await;
}

#[tokio::test]
async fn numbers_have_no_gaps_however_many_are_written_at_once() {
    on_both_engines(|story| async move {
        let noted: Vec<_> = (0..40)
            .map(|number: i64| {
                let story = story.clone();
                // Every other one is refused: a number that was not used leaves no gap.
                let amount = if number % 2 == 0 { 1000 + number } else { 0 };
                tokio::spawn(async move {
                    let input =
                        json!({ "clientId": story.ben_id, "method": "CASH", "amount": amount, "currency": "GBP" });
                    story.ask_ada(RECORD, json!({ "input": input })).await;
                })
            })
            .collect();
        for one in noted {
            one.await.expect("an answer");
        }
        assert_eq!(story.count("select count(*) from invoices where kind = 'RECEIPT'").await, 20);
        assert_eq!(story.count("select max(nth) from invoices where kind = 'RECEIPT'").await, 20);
        assert_eq!(story.count("select count(distinct nth) from invoices where kind = 'RECEIPT'").await, 20);
    })
    .await;
}

#[tokio::test]
async fn a_bill_is_its_clients_alone_and_stays_as_it_was() {
    on_both_engines(|story| async move {
        story.paid(TUESDAY).await;
        let one = "query($number: String!) { viewer { client { invoice(number: $number) { to } } } }";
        let asked = json!({ "number": "R-00001" });
        let mine = story.ask(story.ben, one, asked.clone()).await["viewer"]["client"]["invoice"].clone();
        assert_eq!(text(&mine["to"]), "Ben");
        let (cleo, _) = story.client("Cleo", 41).await;
        let hers = story.ask(cleo, one, asked.clone()).await["viewer"]["client"]["invoice"].clone();
        assert_eq!(hers, json!(null));
        let app = story.practice.app.clone();
        app.db
            .write(|tx| Box::pin(async move { Ok(tx.query("update users set name = 'Somebody else'").run().await?) }))
            .await
            .expect("renamed");
        let still = story.ask(story.ben, one, asked).await["viewer"]["client"]["invoice"].clone();
        assert_eq!(text(&still["to"]), "Ben");
    })
    .await;
}

#[tokio::test]
async fn ada_reads_the_bills_of_her_clients_and_samir_does_not() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        story.refund(&page.payment, Some(2500)).await;
        story.work().await;
        let list = "query($client: ClientId!, $booking: BookingId!, $payment: PaymentId!) { viewer { therapist {
            accountOfClient(id: $client) { invoices { number } } invoicesOfBooking(id: $booking) { number }
            payment(id: $payment) { invoices { number } } } } }";
        let asked = json!({ "client": story.ben_id, "booking": page.booking, "payment": page.payment });
        let seen = story.ask_ada(list, asked).await["viewer"]["therapist"].clone();
        let bills = [&seen["accountOfClient"]["invoices"], &seen["invoicesOfBooking"], &seen["payment"]["invoices"]];
        for found in bills {
            let mut numbers: Vec<String> =
                found.as_array().expect("bills").iter().map(|bill| text(&bill["number"])).collect();
            numbers.sort();
            assert_eq!(numbers, ["C-00001", "R-00001"], "{seen:#}");
        }
        audit::write_notes(&story.practice.app).await.expect("what was read is noted");
        assert_eq!(story.count("select count(*) from audit_trail where deed = 'list bills: 2'").await, 1);

        let one = "query($number: String!) { viewer { therapist { invoice(number: $number) { to } } } }";
        let asked = json!({ "number": "R-00001" });
        let seen = story.ask_ada(one, asked.clone()).await["viewer"]["therapist"]["invoice"].clone();
        assert_eq!(seen["to"], "Ben");
        let samir = story.ask(staff(SAMIR_USER), one, asked).await["viewer"]["therapist"]["invoice"].clone();
        assert_eq!(samir, json!(null));
        let of_session = "query($id: BookingId!) { viewer { therapist { invoicesOfBooking(id: $id) { number } } } }";
        let none = story.ask(staff(SAMIR_USER), of_session, json!({ "id": page.booking })).await;
        assert_eq!(none["viewer"]["therapist"]["invoicesOfBooking"], json!([]));
        assert_eq!(story.count("select count(*) from audit_trail where deed = 'read bill'").await, 1);
    })
    .await;
}
