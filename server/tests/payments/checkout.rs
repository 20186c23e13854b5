//! Paying on the provider's page: the way there, the way back, and what counts.

use super::kit::{BAD_CARD, CANCEL, GOOD_CARD, TUESDAY, on_both_engines, text};
use anteroom::sandbox::stripe::{Card, Fault};
use serde_json::json;
use shared::practice::Prepay;

#[tokio::test]
async fn a_session_is_confirmed_when_its_money_is_there() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT");
        let session = story.sandbox.stripe.session(&page.checkout).expect("a page");
        assert_eq!((session.amount, session.currency.as_str(), session.item.as_str()), (7500, "gbp", "Appointment"));
        assert_eq!(session.reference, page.payment);
        assert!(page.url.starts_with("http://localhost:3000/sandbox/stripe/checkout/"), "{}", page.url);

        assert_eq!(story.sandbox.stripe.pay(&page.checkout, GOOD_CARD), Some(Card::Paid));
        assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT", "only what is told counts");
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "CONFIRMED");
        assert_eq!(story.payment_status(&page.payment).await, "PAID");
        assert_eq!(story.mails_to("ben"), ["Your receipt"]);
        let paid = "query($id: BookingId!) { viewer { client { paidFor(bookingId: $id) { amount } } } }";
        let seen = story.ask(story.ben, paid, json!({ "id": page.booking })).await;
        assert_eq!(seen["viewer"]["client"]["paidFor"], json!([{ "amount": 7500 }]));
        let (cleo, _) = story.client("Cleo", 41).await;
        let hidden = story.ask(cleo, paid, json!({ "id": page.booking })).await;
        assert_eq!(hidden["viewer"]["client"]["paidFor"], json!([]), "what somebody else paid is nobody's business");
        story.pass(3).await;
        assert_eq!(story.mails_to("ben").len(), 2, "and the usual confirmation");
    })
    .await;
}

#[tokio::test]
async fn a_declined_card_leaves_the_page_open_for_another() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        assert_eq!(story.sandbox.stripe.pay(&page.checkout, BAD_CARD), Some(Card::Declined));
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT");
        assert_eq!(story.sandbox.stripe.pay(&page.checkout, GOOD_CARD), Some(Card::Paid));
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "CONFIRMED");
    })
    .await;
}

#[tokio::test]
async fn asked_twice_the_page_is_the_same() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        story.pass(10).await;
        let again = story.start(&page.booking).await;
        assert_eq!(text(&again["url"]), page.url);
        assert_eq!(text(&again["payment"]["id"]), page.payment);
        assert_eq!(story.sandbox.stripe.sessions().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn asked_by_two_at_once_the_page_is_the_same() {
    on_both_engines(|story| async move {
        let booking = story.book(TUESDAY).await;
        let asked: Vec<_> = (0..10)
            .map(|_| {
                let (story, booking) = (story.clone(), booking.clone());
                tokio::spawn(async move { story.start(&booking).await })
            })
            .collect();
        let mut urls = std::collections::BTreeSet::new();
        for answer in asked {
            urls.insert(text(&answer.await.expect("an answer")["url"]));
        }
        assert_eq!(urls.len(), 1, "{urls:?}");
        assert_eq!(story.sandbox.stripe.sessions().len(), 1);
        assert_eq!(story.count("select count(*) from payments").await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_again_and_is_the_same_page() {
    on_both_engines(|story| async move {
        let booking = story.book(TUESDAY).await;
        story.sandbox.stripe.next_call(Fault::DoneThenDropped);
        let query = "mutation($input: StartCheckoutInput!) { startCheckout(input: $input) { url } }";
        let input = json!({ "input": { "bookingId": booking } });
        let lost = story.practice.ask_as(Some(story.ben), query, input).await;
        assert_eq!(lost["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{lost:#}");
        let page = story.page_of(booking).await;
        assert_eq!(story.sandbox.stripe.sessions().len(), 1);
        story.sandbox.stripe.pay(&page.checkout, GOOD_CARD);
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "CONFIRMED");
    })
    .await;
}

#[tokio::test]
async fn a_deposit_is_all_that_is_asked_for() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Deposit, 2500).await;
        let page = story.paid(TUESDAY).await;
        let amount = story.sandbox.stripe.session(&page.checkout).expect("a page").amount;
        assert_eq!(amount, 2500);
        // The session takes place: the rest is owed, and can be paid by card.
        story.pass(9 * 24 * 60).await;
        story.work().await;
        assert_eq!(story.status(&page.booking).await, "COMPLETED");
        let owed =
            "{ viewer { client { owed { bookingId amount { amount currency } payUntil } balance { amount } } } }";
        let owed = story.ask(story.ben, owed, json!({})).await["viewer"]["client"].clone();
        assert_eq!(owed["owed"][0]["amount"], json!({ "amount": 5000, "currency": "GBP" }));
        assert_eq!(owed["balance"], json!([{ "amount": 5000 }]));
        let rest = story.page_of(page.booking.clone()).await;
        assert_ne!(rest.checkout, page.checkout);
        story.sandbox.stripe.pay(&rest.checkout, GOOD_CARD);
        story.deliver().await;
        let balance = "{ viewer { client { balance { amount } owed { bookingId } } } }";
        let care = story.ask(story.ben, balance, json!({})).await["viewer"]["client"].clone();
        assert_eq!(care, json!({ "balance": [], "owed": [] }));
    })
    .await;
}

#[tokio::test]
async fn nobody_pays_for_somebody_elses_session_or_for_nothing() {
    on_both_engines(|story| async move {
        let booking = story.book(TUESDAY).await;
        let (cleo, _) = story.client("Cleo", 41).await;
        let refused = story.start_as(cleo, &booking).await;
        assert_eq!(refused["userErrors"][0]["code"], "NOT_FOUND", "{refused:#}");
        let page = story.page_of(booking).await;
        story.sandbox.stripe.pay(&page.checkout, GOOD_CARD);
        story.deliver().await;
        let again = story.start(&page.booking).await;
        assert_eq!(again["userErrors"][0]["code"], "ALREADY_DONE", "{again:#}");
        assert_eq!(story.sandbox.stripe.sessions().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_time_that_was_not_paid_for_is_free_again() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        story.pass(29).await;
        assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT", "the page lives for at least half an hour");
        assert_eq!(story.sandbox.stripe.session(&page.checkout).expect("a page").status, "open");
        story.pass(31).await;
        story.work().await;
        assert_eq!(story.status(&page.booking).await, "EXPIRED");
        assert_eq!(story.payment_status(&page.payment).await, "EXPIRED");
        assert_eq!(story.sandbox.stripe.session(&page.checkout).expect("a page").status, "expired");
        assert_eq!(story.sandbox.stripe.pay(&page.checkout, GOOD_CARD), Some(Card::TooLate));
        let (cleo, _) = story.client("Cleo", 41).await;
        story.book_as(cleo, TUESDAY).await;
        story.pass(5).await;
        assert_eq!(story.mails_to("ben"), ["Your appointment on Tue 15 January, 10:00 was not confirmed"]);
    })
    .await;
}

#[tokio::test]
async fn a_time_that_is_given_up_can_be_paid_no_more() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        story.ask(story.ben, CANCEL, json!({ "input": { "bookingId": page.booking } })).await;
        story.work().await;
        // It had half an hour left: it was ended by asking for it.
        assert_eq!(story.sandbox.stripe.session(&page.checkout).expect("a page").status, "expired");
        assert_eq!(story.payment_status(&page.payment).await, "EXPIRED");
        assert_eq!(story.status(&page.booking).await, "CANCELLED");
    })
    .await;
}

#[tokio::test]
async fn while_the_provider_is_away_the_time_is_kept_and_then_released() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        story.sandbox.stripe.set_down(true);
        story.pass(29).await;
        assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT");
        story.pass(31).await;
        story.work().await;
        assert_eq!(story.status(&page.booking).await, "EXPIRED", "a page that is over by itself keeps no time");
        story.sandbox.stripe.set_down(false);
        story.pass(60).await;
        assert_eq!(story.payment_status(&page.payment).await, "EXPIRED");
    })
    .await;
}

#[tokio::test]
async fn a_page_that_was_never_opened_keeps_nothing() {
    on_both_engines(|story| async move {
        let booking = story.book(TUESDAY).await;
        story.sandbox.stripe.set_down(true);
        let query = "mutation($input: StartCheckoutInput!) { startCheckout(input: $input) { url } }";
        story.practice.ask_as(Some(story.ben), query, json!({ "input": { "bookingId": booking } })).await;
        story.sandbox.stripe.set_down(false);
        story.pass(60).await;
        story.work().await;
        assert_eq!(story.status(&booking).await, "EXPIRED");
        assert_eq!(story.count("select count(*) from payments where status = 'OPEN'").await, 0);
    })
    .await;
}
