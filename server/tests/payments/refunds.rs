//! Giving money back: by the rules, by hand, once.

use super::kit::{CANCEL, TUESDAY, on_both_engines};
use crate::support::{SAMIR_USER, staff};
use anteroom::sandbox::stripe::Fault;
use serde_json::json;

#[tokio::test]
async fn calling_off_in_time_gives_everything_back() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        for _ in 0..2 {
            story.ask(story.ben, CANCEL, json!({ "input": { "bookingId": page.booking } })).await;
            story.pass(3).await;
            story.deliver().await;
        }
        assert_eq!(story.sandbox.stripe.balance(), 0);
        assert_eq!(story.sandbox.stripe.refund_count(), 1);
        assert!(story.mails_to("ben").contains(&"Your money is on its way back".to_owned()));
        let balance = "{ viewer { client { balance { amount } } } }";
        let care = story.ask(story.ben, balance, json!({})).await["viewer"]["client"].clone();
        assert_eq!(care["balance"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn money_waits_as_long_as_calling_off_can_be_taken_back() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        let back = "mutation($input: TakeChangeBackInput!) { takeChangeBack(input: $input) { booking { status } userErrors { message } } }";
        let input = json!({ "input": { "bookingId": page.booking } });
        // Called off, taken back and called off again: the last time counts.
        story.ask(story.ben, CANCEL, input.clone()).await;
        story.pass(2).await;
        story.ask(story.ben, back, input.clone()).await;
        story.ask(story.ben, CANCEL, input.clone()).await;
        story.pass(2).await;
        story.deliver().await;
        assert_eq!(story.sandbox.stripe.refund_count(), 0, "it can still be taken back");
        let taken = story.ask(story.ben, back, input.clone()).await["takeChangeBack"].clone();
        assert_eq!(taken, json!({ "booking": { "status": "CONFIRMED" }, "userErrors": [] }));
        story.pass(60).await;
        story.deliver().await;
        assert_eq!((story.sandbox.stripe.refund_count(), story.sandbox.stripe.balance()), (0, 7500), "nothing went back");
        let told = story.mails_to("ben").iter().filter(|subject| subject.contains("cancelled")).count();
        assert_eq!(told, 0);
        story.ask(story.ben, CANCEL, input).await;
        story.pass(3).await;
        story.deliver().await;
        assert_eq!(story.sandbox.stripe.balance(), 0);
        story.expect_even().await;
    })
    .await;
}

#[tokio::test]
async fn calling_off_late_keeps_what_the_rules_keep_until_ada_decides() {
    on_both_engines(|story| async move {
        // The first late one of a year is on the house; this is the second.
        let first = story.paid("2030-01-08T10:00:00Z").await;
        story.ask(story.ben, CANCEL, json!({ "input": { "bookingId": first.booking } })).await;
        story.pass(3).await;
        story.deliver().await;
        assert_eq!(story.sandbox.stripe.balance(), 0);

        let page = story.paid("2030-01-09T09:00:00Z").await;
        story.pass(12 * 60).await;
        story.ask(story.ben, CANCEL, json!({ "input": { "bookingId": page.booking } })).await;
        story.pass(3).await;
        story.deliver().await;
        let kept = story.sandbox.stripe.balance();
        assert!(kept > 0, "a fee is proposed, and its money stays");
        let fee = story.count("select amount from fees where state = 'PROPOSED'").await;
        assert_eq!(kept, fee);

        let id = story.count("select count(*) from fees").await;
        assert_eq!(id, 1);
        let fees = "{ viewer { therapist { feesWaiting { fee { id } } } } }";
        let fees = story.ask_ada(fees, json!({})).await["viewer"]["therapist"]["feesWaiting"].clone();
        let fee = fees[0]["fee"]["id"].clone();
        let waive = "mutation($input: WaiveFeeInput!) { waiveFee(input: $input) { userErrors { message } } }";
        let waived = story.ask_ada(waive, json!({ "input": { "feeId": fee, "reason": "A hard week" } })).await;
        assert_eq!(waived["waiveFee"]["userErrors"], json!([]));
        story.work().await;
        story.deliver().await;
        assert_eq!(story.sandbox.stripe.balance(), 0, "what was let go goes back");
    })
    .await;
}

#[tokio::test]
async fn ada_gives_back_some_and_then_the_rest_and_no_more() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        let some = story.refund(&page.payment, Some(2500)).await;
        assert_eq!(some["refund"]["amount"]["amount"], 2500, "{some:#}");
        story.work().await;
        assert_eq!(story.sandbox.stripe.balance(), 5000);
        let too_much = story.refund(&page.payment, Some(5001)).await;
        assert_eq!(too_much["userErrors"][0]["field"], json!(["amount"]), "{too_much:#}");
        story.refund(&page.payment, None).await;
        story.work().await;
        assert_eq!(story.sandbox.stripe.balance(), 0);
        let nothing_left = story.refund(&page.payment, None).await;
        assert_eq!(nothing_left["userErrors"][0]["code"], "ALREADY_DONE", "{nothing_left:#}");
        assert_eq!(story.status(&page.booking).await, "CONFIRMED", "money given back calls nothing off");
        let trail = "select count(*) from audit_trail where deed = 'refund payment'";
        assert_eq!(story.count(trail).await, 2);
        let asked = "select count(*) from refunds where asked_by is not null and reason = 'A word between us'";
        assert_eq!(story.count(asked).await, 2);
    })
    .await;
}

#[tokio::test]
async fn the_same_refund_sent_again_is_one_refund() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        let query = "mutation($input: RefundPaymentInput!) { refundPayment(input: $input) { refund { id } userErrors { code } } }";
        let input = |amount: i64| {
            json!({ "input": { "paymentId": page.payment, "amount": amount, "reason": "Half", "idempotencyKey": "a-key-of-ada" } })
        };
        let first = story.ask_ada(query, input(1000)).await;
        let again = story.ask_ada(query, input(1000)).await;
        assert_eq!(first, again);
        let other = story.ask_ada(query, input(2000)).await;
        assert_eq!(other["refundPayment"]["userErrors"][0]["code"], "IDEMPOTENCY_MISMATCH");
        story.work().await;
        assert_eq!(story.sandbox.stripe.balance(), 6500);
    })
    .await;
}

#[tokio::test]
async fn fifty_refunds_at_once_never_give_back_more_than_came() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        let asked: Vec<_> = (0..50)
            .map(|_| {
                let (story, payment) = (story.clone(), page.payment.clone());
                tokio::spawn(async move { story.refund(&payment, Some(1000)).await })
            })
            .collect();
        // The client and Stripe's own pages are at it too.
        story.ask(story.ben, CANCEL, json!({ "input": { "bookingId": page.booking } })).await;
        let mut made = 0;
        for answer in asked {
            let answer = answer.await.expect("an answer");
            made += usize::from(answer["refund"].is_object());
        }
        story.pass(3).await;
        story.deliver().await;
        assert!(made <= 7, "{made} refunds of 1000 from 7500");
        assert_eq!(story.sandbox.stripe.balance(), 0, "the rules gave the rest back");
        assert_eq!(story.count("select refunded_amount from payments").await, 7500);
    })
    .await;
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_made_once() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        story.sandbox.stripe.next_call(Fault::DoneThenDropped);
        story.sandbox.stripe.next_call(Fault::Broken);
        story.sandbox.stripe.next_call(Fault::TooMany);
        story.refund(&page.payment, Some(2500)).await;
        for _ in 0..6 {
            story.pass(2).await;
        }
        story.deliver().await;
        assert_eq!(story.sandbox.stripe.refund_count(), 1);
        assert_eq!(story.sandbox.stripe.balance(), 5000);
        assert_eq!(story.count("select count(*) from refunds where status = 'SUCCEEDED'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_refund_made_on_stripes_own_pages_is_noted() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        let session = story.sandbox.stripe.session(&page.checkout).expect("a page");
        let intent = session.intent.expect("a payment");
        assert!(story.sandbox.stripe.refund_there(&intent, 3000));
        story.deliver().await;
        story.deliver().await;
        let noted = "select count(*) from refunds where cause = 'ELSEWHERE' and status = 'SUCCEEDED' and amount = 3000";
        assert_eq!(story.count(noted).await, 1);
        let refused = story.refund(&page.payment, Some(4501)).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["amount"]));
    })
    .await;
}

#[tokio::test]
async fn a_refund_the_bank_sends_back_can_be_made_again() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        story.refund(&page.payment, None).await;
        story.work().await;
        story.deliver().await;
        assert_eq!(story.sandbox.stripe.balance(), 0);
        let intent =
            story.sandbox.stripe.session(&page.checkout).and_then(|session| session.intent).expect("a payment");
        story.sandbox.stripe.fail_refund(&intent);
        story.deliver().await;
        assert_eq!(story.count("select count(*) from refunds where status = 'FAILED'").await, 1);
        assert_eq!(story.count("select refunded_amount from payments").await, 0);
        story.expect_even().await;
        story.refund(&page.payment, None).await;
        story.work().await;
        assert_eq!(story.sandbox.stripe.balance(), 0);
    })
    .await;
}

#[tokio::test]
async fn only_the_therapist_of_the_client_gives_back() {
    on_both_engines(|story| async move {
        let page = story.paid(TUESDAY).await;
        let query = "mutation($input: RefundPaymentInput!) { refundPayment(input: $input) { refund { id } userErrors { code } } }";
        let input = json!({ "input": { "paymentId": page.payment, "reason": "Not mine" } });
        let samir = staff(SAMIR_USER);
        let refused = story.ask(samir, query, input.clone()).await;
        assert_eq!(refused["refundPayment"]["userErrors"][0]["code"], "NOT_FOUND");
        let ben = story.practice.ask_as(Some(story.ben), query, input).await;
        assert_eq!(ben["errors"][0]["extensions"]["code"], "FORBIDDEN", "{ben:#}");
    })
    .await;
}
