//! Money that comes when the time has been given back, and webhooks that never come.

use super::kit::{CANCEL, GOOD_CARD, Page, RECORD, Story, TUESDAY, on_both_engines, text};
use crate::support::SESSION;
use anteroom::sandbox::stripe::Telling;
use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::practice::Prepay;

#[tokio::test]
async fn a_webhook_that_was_lost_is_found() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        story.sandbox.stripe.tell_next(Telling::Never);
        story.sandbox.stripe.pay(&page.checkout, GOOD_CARD);
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT");
        story.pass(11).await;
        story.work().await;
        assert_eq!(story.status(&page.booking).await, "CONFIRMED");
        assert_eq!(story.mails_to("ben").first().map(String::as_str), Some("Your receipt"));
    })
    .await;
}

#[tokio::test]
async fn the_end_of_the_page_finds_out_that_it_was_paid() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        story.sandbox.stripe.tell_next(Telling::Never);
        story.sandbox.stripe.pay(&page.checkout, GOOD_CARD);
        // Both jobs are due at once: whichever is first, the time is never given away.
        story.pass(60).await;
        story.work().await;
        assert_eq!(story.status(&page.booking).await, "CONFIRMED");
        assert_eq!(story.count("select count(*) from refunds").await, 0);
    })
    .await;
}

/// Paid in a way that takes days: the page is complete, the time is not kept.
async fn paid_late(story: &Story) -> Page {
    paid_late_for(story, TUESDAY).await
}

async fn paid_late_for(story: &Story, starts_at: &str) -> Page {
    let page = story.at_the_page(starts_at).await;
    story.sandbox.stripe.pay_later(&page.checkout);
    story.deliver().await;
    assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT", "complete is not paid");
    story.pass(60).await;
    story.work().await;
    assert_eq!(story.status(&page.booking).await, "EXPIRED");
    page
}

#[tokio::test]
async fn money_that_comes_late_has_its_time_back_if_that_is_free() {
    on_both_engines(|story| async move {
        let page = paid_late(&story).await;
        story.sandbox.stripe.settle_later(&page.checkout, true);
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "CONFIRMED");
        assert_eq!(story.count("select count(*) from refunds").await, 0);
        story.pass(5).await;
        let told = story.mails_to("ben");
        assert!(told.contains(&"Your appointment on Tue 15 January, 10:00".to_owned()), "{told:?}");
        assert!(!told.iter().any(|subject| subject.ends_with("was not confirmed")), "it is theirs again: {told:?}");
        assert_eq!(story.count("select count(*) from occupancy where kind = 'BOOKING'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn money_that_comes_late_goes_back_once_if_the_time_is_somebody_elses() {
    on_both_engines(|story| async move {
        let page = paid_late(&story).await;
        let (cleo, _) = story.client("Cleo", 41).await;
        let hers = story.book_as(cleo, TUESDAY).await;
        story.sandbox.stripe.settle_later(&page.checkout, true);
        story.deliver().await;
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "EXPIRED");
        assert_eq!(story.status(&hers).await, "PENDING_PAYMENT");
        assert_eq!(story.sandbox.stripe.refund_count(), 1);
        assert_eq!(story.sandbox.stripe.balance(), 0);
        let cause =
            "select count(*) from refunds where cause = 'CAME_TOO_LATE' and status = 'SUCCEEDED' and amount = 7500";
        assert_eq!(story.count(cause).await, 1);
        let mails = story.mails_to("ben");
        assert!(mails.iter().any(|subject| subject == "Your payment came too late, and goes back"), "{mails:?}");
    })
    .await;
}

const HOLD: &str = "mutation($input: HoldSlotInput!) { holdSlot(input: $input) {
    hold { token } userErrors { code field } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_time_that_was_given_back_is_kept_for_one_or_paid_by_another_and_never_both() {
    on_both_engines(|story| async move {
        let (cleo, _) = story.client("Cleo", 41).await;
        let mut held = 0;
        for (round, day) in [15, 16, 17, 18, 21, 22, 23, 24].into_iter().enumerate() {
            let starts_at = format!("2030-01-{day}T10:00:00Z");
            let page = paid_late_for(&story, &starts_at).await;
            let (before, taken) = (story.sandbox.stripe.balance(), story.count(TAKEN).await);
            story.sandbox.stripe.settle_later(&page.checkout, true);
            for told in story.sandbox.stripe.take_webhooks() {
                assert_eq!(story.tell(&told).await, StatusCode::OK);
            }
            let (first, second) = (story.clone(), story.clone());
            let settling = tokio::spawn(async move { first.work().await });
            let input = json!({ "input": { "sessionTypeId": SESSION, "startsAt": starts_at } });
            let keeping = tokio::spawn(async move {
                // Whoever looks longer comes later.
                for _ in 0..round {
                    second.ask(cleo, "{ viewer { client { bookings { nodes { id } } } } }", json!({})).await;
                }
                second.ask(cleo, HOLD, input).await["holdSlot"].clone()
            });
            settling.await.expect("no panic");
            let kept = keeping.await.expect("no panic");
            story.deliver().await;
            story.deliver().await;
            let outcome = (story.status(&page.booking).await, story.sandbox.stripe.balance() - before);
            if kept["userErrors"] == json!([]) {
                held += 1;
                assert_eq!(outcome, ("EXPIRED".to_owned(), 0), "round {round}: what came too late is back");
            } else {
                let said = (&kept["userErrors"][0]["code"], &kept["userErrors"][0]["field"]);
                assert_eq!((said, &kept["hold"]), ((&json!("SLOT_TAKEN"), &json!(["startsAt"])), &Value::Null));
                assert_eq!(outcome, ("CONFIRMED".to_owned(), 7500), "round {round}");
            }
            assert_eq!(story.count(TAKEN).await - taken, 1, "round {round}: one has the time");
            let release = "mutation($token: String!) { releaseHold(input: { token: $token }) { userErrors { code } } }";
            if let Some(token) = kept["hold"]["token"].as_str() {
                story.ask(cleo, release, json!({ "token": token })).await;
            }
            story.expect_even().await;
        }
        let late = "select count(*) from refunds where cause = 'CAME_TOO_LATE' and status = 'SUCCEEDED'";
        assert_eq!(story.count(late).await, held, "each went back once");
    })
    .await;
}

/// The stretches of time that are taken.
const TAKEN: &str = "select count(*) from occupancy";

#[tokio::test]
async fn cash_that_comes_late_for_a_time_that_is_somebody_elses_is_credit_until_it_is_handed_back() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        story.pass(60).await;
        story.work().await;
        let (cleo, _) = story.client("Cleo", 41).await;
        story.book_as(cleo, TUESDAY).await;
        let noted = note(&story, &page.booking, 7500).await;
        assert_eq!(story.status(&page.booking).await, "EXPIRED");
        assert_eq!(story.count("select count(*) from refunds").await, 0, "nobody sends cash");
        assert_eq!(balance(&story).await, json!([{ "amount": -7500 }]));
        let back = story.refund(&text(&noted["payment"]["id"]), None).await;
        assert_eq!(back["refund"]["status"], "SUCCEEDED", "{back:#}");
        assert_eq!(balance(&story).await, json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_part_of_what_is_due_first_confirms_nothing_until_the_rest_is_there() {
    on_both_engines(|story| async move {
        let booking = story.book(TUESDAY).await;
        note(&story, &booking, 2500).await;
        assert_eq!(story.status(&booking).await, "PENDING_PAYMENT");
        let page = story.page_of(booking.clone()).await;
        assert_eq!(story.sandbox.stripe.session(&page.checkout).expect("a page").amount, 5000, "the rest");
        story.sandbox.stripe.pay(&page.checkout, GOOD_CARD);
        story.deliver().await;
        assert_eq!(story.status(&booking).await, "CONFIRMED");

        let other = story.book("2030-01-16T10:00:00Z").await;
        note(&story, &other, 2500).await;
        note(&story, &other, 5000).await;
        assert_eq!(story.status(&other).await, "CONFIRMED");

        let third = story.book("2030-01-17T10:00:00Z").await;
        note(&story, &third, 2500).await;
        story.pass(60).await;
        story.work().await;
        assert_eq!(story.status(&third).await, "EXPIRED", "a part keeps no time");
        note(&story, &third, 5000).await;
        assert_eq!(story.status(&third).await, "CONFIRMED", "its time was still free");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_parts_noted_at_once_confirm_what_they_come_to() {
    on_both_engines(|story| async move {
        for day in 15..19 {
            let booking = story.book(&format!("2030-01-{day}T10:00:00Z")).await;
            let noted = [2500, 5000].map(|amount| {
                let (story, booking) = (story.clone(), booking.clone());
                tokio::spawn(async move { note(&story, &booking, amount).await })
            });
            for part in noted {
                part.await.expect("no panic");
            }
            assert_eq!(story.status(&booking).await, "CONFIRMED");
        }
    })
    .await;
}

/// Ada notes cash for a session of Ben's; the answer is the payload.
async fn note(story: &Story, booking: &str, amount: i64) -> Value {
    let input = json!({ "clientId": story.ben_id, "bookingId": booking, "method": "CASH", "amount": amount, "currency": "GBP" });
    let noted = story.ask_ada(RECORD, json!({ "input": input })).await["recordPayment"].clone();
    assert_eq!(noted["userErrors"], json!([]), "{noted:#}");
    noted
}

/// What Ben sees of his account.
async fn balance(story: &Story) -> Value {
    let care = story.ask(story.ben, "{ viewer { client { balance { amount } } } }", json!({})).await;
    care["viewer"]["client"]["balance"].clone()
}

#[tokio::test]
async fn money_that_never_comes_confirms_nothing() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        story.sandbox.stripe.pay_later(&page.checkout);
        story.sandbox.stripe.settle_later(&page.checkout, false);
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "EXPIRED");
        assert_eq!(story.payment_status(&page.payment).await, "EXPIRED");
    })
    .await;
}

#[tokio::test]
async fn a_session_called_off_while_its_money_was_on_the_way_goes_back_whole() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        story.sandbox.stripe.pay(&page.checkout, GOOD_CARD);
        story.ask(story.ben, CANCEL, json!({ "input": { "bookingId": page.booking } })).await;
        story.deliver().await;
        story.work().await;
        story.deliver().await;
        assert_eq!(story.status(&page.booking).await, "CANCELLED");
        assert_eq!(story.sandbox.stripe.balance(), 0);
        assert_eq!(story.sandbox.stripe.refund_count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_time_from_the_waitlist_that_is_not_paid_for_leaves_the_wish_on_the_list() {
    on_both_engines(|story| async move {
        let (cleo, _) = story.client("Cleo", 32).await;
        story.prepay(Prepay::Nothing, 0).await;
        let taken = story.book_as(cleo, TUESDAY).await;
        story.prepay(Prepay::All, 0).await;
        let join = "mutation($input: JoinWaitlistInput!) { joinWaitlist(input: $input) { userErrors { message } } }";
        let joined = story.ask(story.ben, join, json!({ "input": { "sessionTypeId": SESSION } })).await;
        assert_eq!(joined["joinWaitlist"]["userErrors"], json!([]));
        story.ask(cleo, CANCEL, json!({ "input": { "bookingId": taken } })).await;
        story.pass(4).await;
        let waiting = "{ viewer { waiting { wishes { state } offers { id } } } }";
        let offered = story.ask(story.ben, waiting, json!({})).await["viewer"]["waiting"].clone();
        let accept = "mutation($input: AcceptOfferInput!) { acceptOffer(input: $input) {
            bookingId userErrors { message } } }";
        let input = json!({ "input": { "offerId": offered["offers"][0]["id"] } });
        let accepted = story.ask(story.ben, accept, input).await["acceptOffer"].clone();
        let booking = text(&accepted["bookingId"]);
        assert_eq!(story.status(&booking).await, "PENDING_PAYMENT", "{accepted:#}");
        let after = story.ask(story.ben, waiting, json!({})).await["viewer"]["waiting"].clone();
        assert_eq!(after["wishes"], json!([]), "it came true, as it seems");

        story.pass(90).await;
        story.pass(10).await;
        assert_eq!(story.status(&booking).await, "EXPIRED");
        let after = story.ask(story.ben, waiting, json!({})).await["viewer"]["waiting"].clone();
        assert_eq!(after["wishes"].as_array().map(Vec::len), Some(1), "nobody said that they wait no more: {after:#}");
    })
    .await;
}
