//! Invoices, receipts and credit notes.

use super::account::{FOUR, on_sale};
use super::kit::{RECORD, Story, TUESDAY, on_both_engines, text};
use crate::support::{SAMIR_USER, staff};
use anteroom::audit;
use anteroom::features::reminders;
use serde_json::{Value, json};
use shared::practice::Prepay;
use shared::reminder::ReminderPreferencesInput;

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

const NO_SHOW: &str = "mutation($id: BookingId!) { markNoShow(input: { bookingId: $id }) { userErrors { code } } }";
const COMPLETE: &str =
    "mutation($id: BookingId!) { completeBooking(input: { bookingId: $id }) { userErrors { code } } }";
const LET_GO: &str = "mutation($id: BookingId!) {
    waiveOwed(input: { bookingId: $id, reason: \"Ill\" }) { userErrors { code message } } }";
const CHARGE: &str = "mutation($id: FeeId!) { chargeFee(input: { feeId: $id }) { userErrors { code } } }";
const WAIVE: &str =
    "mutation($id: FeeId!) { waiveFee(input: { feeId: $id, reason: \"Ill\" }) { userErrors { code } } }";

/// Ada does something; it must not be refused.
async fn deed(story: &Story, query: &str, id: &Value) {
    let answer = story.ask_ada(query, json!({ "id": id })).await;
    let payload = answer.as_object().and_then(|data| data.values().next()).expect("a payload");
    assert_eq!(payload["userErrors"], json!([]), "{answer:#}");
}

/// The fee that waits for Ada's decision.
async fn fee(story: &Story) -> Value {
    let waiting = story.ask_ada("{ viewer { therapist { feesWaiting { fee { id } } } } }", json!({})).await;
    waiting["viewer"]["therapist"]["feesWaiting"][0]["fee"]["id"].clone()
}

/// Bills are written when their turn comes round.
async fn turn(story: &Story) {
    story.pass(11).await;
    story.work().await;
}

/// Ben's bills as a few words each, in the order they were written: number, what for, how much, how it was settled.
async fn told(story: &Story) -> Vec<String> {
    let bills = story.ask(story.ben, BILLS, json!({})).await["viewer"]["client"]["invoices"].clone();
    let query = "query($id: ClientId!) { viewer { therapist { accountOfClient(id: $id) { invoices { number } } } } }";
    let seen = story.ask_ada(query, json!({ "id": story.ben_id })).await["viewer"]["therapist"].clone();
    let numbers = |bills: &Value| -> Vec<Value> {
        bills.as_array().expect("bills").iter().map(|bill| bill["number"].clone()).collect()
    };
    assert_eq!(numbers(&seen["accountOfClient"]["invoices"]), numbers(&bills), "both sides see the same");
    let words = |bill: &Value| {
        let settled = bill["settled"].as_str().map(|settled| format!(" ({settled})")).unwrap_or_default();
        let line = &bill["lines"][0];
        let day = text(&line["words"]);
        let what = day.split_once(',').map_or(day.as_str(), |(what, _)| what);
        format!("{} {what} {}{settled}", text(&bill["number"]), line["amount"]["amount"])
    };
    let mut told: Vec<String> = bills.as_array().expect("bills").iter().map(words).collect();
    told.reverse();
    told
}

/// Numbers of each kind run from one without a gap.
async fn expect_no_gaps(story: &Story) {
    let gaps = "select count(*) from (select kind from invoices group by kind having max(nth) <> count(*)) as broken";
    assert_eq!(story.count(gaps).await, 0);
}

/// An invoice as Ben sees it now: what came of it, and what is open.
async fn since(story: &Story, number: &str) -> (Vec<(String, i64)>, Value) {
    let query = "query($number: String!) { viewer { client { invoice(number: $number) {
        settlements { kind amount { amount } } open { amount } } } } }";
    let bill = story.ask(story.ben, query, json!({ "number": number })).await["viewer"]["client"]["invoice"].clone();
    let line = |line: &Value| (text(&line["kind"]), line["amount"]["amount"].as_i64().expect("an amount"));
    (bill["settlements"].as_array().expect("lines").iter().map(line).collect(), bill["open"].clone())
}

#[tokio::test]
async fn a_session_missed_after_its_invoice_has_a_credit_note_and_its_fee_an_invoice_of_its_own() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let booking = json!(story.book(TUESDAY).await);
        story.pass(8 * 24 * 60 + 4 * 60).await;
        turn(&story).await;
        assert_eq!(told(&story).await, ["I-00001 Appointment 7500"]);
        deed(&story, NO_SHOW, &booking).await;
        deed(&story, CHARGE, &fee(&story).await).await;
        turn(&story).await;
        let three = [
            "I-00001 Appointment 7500",
            "I-00002 Missed appointment 7500",
            "C-00001 Appointment 7500 (Takes back from invoice I-00001)",
        ];
        let mut bills = told(&story).await;
        bills.sort_by_key(|bill| three.iter().position(|it| it == bill));
        assert_eq!(bills, three);
        assert_eq!(since(&story, "I-00001").await, (vec![("CHARGE".to_owned(), -7500)], json!([])));
        assert_eq!(since(&story, "I-00002").await, (vec![], json!([{ "amount": 7500 }])));

        let input = json!({ "clientId": story.ben_id, "bookingId": booking, "method": "CASH", "amount": 7500, "currency": "GBP" });
        story.ask_ada(RECORD, json!({ "input": input })).await;
        assert_eq!(since(&story, "I-00001").await, (vec![("CHARGE".to_owned(), -7500)], json!([])));
        assert_eq!(since(&story, "I-00002").await, (vec![("PAYMENT".to_owned(), -7500)], json!([])));
        turn(&story).await;
        assert_eq!(story.count("select count(*) from invoices").await, 4, "three and the receipt, each once");
        let sums = "select cast(sum(case kind when 'INVOICE' then amount when 'CREDIT_NOTE' then -amount else 0 end) as bigint)
            from invoices";
        let charged = "select cast(sum(amount) as bigint) from ledger_entries where account = 'CLIENT' and kind in ('CHARGE', 'FEE')";
        assert_eq!(story.count(sums).await, 7500);
        assert_eq!(story.count(charged).await, 7500, "the bills say what the ledger says");
        expect_no_gaps(&story).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_back_before_it_had_an_invoice_has_no_bill() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let booking = json!(story.book("2030-01-08T10:00:00Z").await);
        // It is over and nobody has come round yet: Ada is quicker.
        story.practice.app.clock.push_minutes(27 * 60);
        deed(&story, COMPLETE, &booking).await;
        deed(&story, NO_SHOW, &booking).await;
        turn(&story).await;
        assert_eq!(told(&story).await, Vec::<String>::new());
        deed(&story, COMPLETE, &booking).await;
        turn(&story).await;
        assert_eq!(told(&story).await, ["I-00001 Appointment 7500"], "what counts in the end is billed");
        deed(&story, NO_SHOW, &booking).await;
        turn(&story).await;
        deed(&story, COMPLETE, &booking).await;
        turn(&story).await;
        let all = [
            "I-00001 Appointment 7500",
            "C-00001 Appointment 7500 (Takes back from invoice I-00001)",
            "I-00002 Appointment 7500",
        ];
        assert_eq!(told(&story).await, all, "to and fro, and every step has its bill");
        expect_no_gaps(&story).await;
    })
    .await;
}

#[tokio::test]
async fn a_fee_let_go_after_its_invoice_has_a_credit_note_and_its_mail_says_nothing() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let booking = json!(story.book("2030-01-08T10:00:00Z").await);
        story.pass(26 * 60 + 20).await;
        deed(&story, NO_SHOW, &booking).await;
        turn(&story).await;
        let fee = fee(&story).await;
        let subject = "There is something new in your bills";
        let mails = |story: &Story| story.mails_to("ben").iter().filter(|mail| *mail == subject).count();
        assert_eq!((told(&story).await, mails(&story)), (vec![], 0), "a fee that is only proposed is no bill");
        deed(&story, CHARGE, &fee).await;
        turn(&story).await;
        assert_eq!(told(&story).await, ["I-00001 Missed appointment 7500"]);
        assert_eq!(mails(&story), 1);
        let mail = story.sandbox.mailbox.to("ben@example.org").into_iter().find(|mail| mail.subject == subject);
        let mail = mail.expect("a mail");
        for word in ["£", "fee", "miss", "session", "i-0"] {
            assert!(!mail.text.to_lowercase().contains(word), "{word} in {}", mail.text);
        }
        assert!(mail.text.contains("/portal/bills"), "{}", mail.text);

        deed(&story, WAIVE, &fee).await;
        turn(&story).await;
        let both =
            ["I-00001 Missed appointment 7500", "C-00001 Missed appointment 7500 (Takes back from invoice I-00001)"];
        assert_eq!(told(&story).await, both);
        assert_eq!(since(&story, "I-00001").await, (vec![("WAIVER".to_owned(), -7500)], json!([])));
        assert_eq!(mails(&story), 1, "nothing is to be paid any more");
        expect_no_gaps(&story).await;
    })
    .await;
}

#[tokio::test]
async fn who_wants_nothing_by_mail_gets_no_mail_of_a_fee() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let said = ReminderPreferencesInput { portal_only: true, ..Default::default() };
        reminders::set_preferences(&story.practice.app, story.ben_id, said).await.expect("kept");
        let booking = json!(story.book("2030-01-08T10:00:00Z").await);
        story.pass(26 * 60 + 20).await;
        deed(&story, NO_SHOW, &booking).await;
        deed(&story, CHARGE, &fee(&story).await).await;
        turn(&story).await;
        assert_eq!(told(&story).await, ["I-00001 Missed appointment 7500"]);
        let mails = story.mails_to("ben");
        assert!(!mails.iter().any(|mail| mail.contains("bills")), "{mails:?}");
    })
    .await;
}

#[tokio::test]
async fn a_package_taken_back_has_a_credit_note_for_what_was_left_of_it() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        on_sale(&story).await;
        let sell = "mutation($input: SellPackageInput!) { sellPackage(input: $input) { purchase { id } userErrors { code } } }";
        let input = json!({ "clientId": story.ben_id, "packageId": FOUR });
        let sold = story.ask_ada(sell, json!({ "input": input })).await["sellPackage"]["purchase"]["id"].clone();
        turn(&story).await;
        story.book(TUESDAY).await;
        let back = "mutation($id: PurchaseId!) { takePackageBack(input: { purchaseId: $id, reason: \"They move\" }) { userErrors { code } } }";
        deed(&story, back, &sold).await;
        turn(&story).await;
        let both = [
            "I-00001 Package of 4 appointments 26000",
            "C-00001 Package of 4 appointments 19500 (Takes back from invoice I-00001)",
        ];
        assert_eq!(told(&story).await, both);
        assert_eq!(since(&story, "I-00001").await, (vec![("PACKAGE_END".to_owned(), -19_500)], json!([{ "amount": 6500 }])));
        expect_no_gaps(&story).await;
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

#[tokio::test]
async fn what_was_let_go_before_a_session_counts_as_missed_is_no_credit() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let booking = json!(story.book(TUESDAY).await);
        story.pass(9 * 24 * 60).await;
        story.pass(11).await;
        deed(&story, LET_GO, &booking).await;
        deed(&story, NO_SHOW, &booking).await;
        let open = "query($id: BookingId!) { viewer { therapist { booking(id: $id) { open { amount } } } } }";
        let seen = story.ask_ada(open, json!({ "id": booking })).await["viewer"]["therapist"]["booking"].clone();
        assert_eq!(seen["open"], json!([]), "neither owed nor owing: {seen:#}");
        deed(&story, COMPLETE, &booking).await;
        let seen = story.ask_ada(open, json!({ "id": booking })).await["viewer"]["therapist"]["booking"].clone();
        assert_eq!(seen["open"], json!([{ "amount": 7500 }]), "it took place after all");
        deed(&story, NO_SHOW, &booking).await;
        let seen = story.ask_ada(open, json!({ "id": booking })).await["viewer"]["therapist"]["booking"].clone();
        assert_eq!(seen["open"], json!([]), "{seen:#}");
    })
    .await;
}
