//! Whatever Stripe tells, in whatever order and however often: one state.

use super::kit::{Story, TUESDAY};
use crate::support::{Engine, engines};
use anteroom::sandbox::stripe::Webhook;
use axum::http::StatusCode;
use std::collections::BTreeMap;

/// Every order of these.
fn orders<T: Clone>(of: &[T]) -> Vec<Vec<T>> {
    if of.len() <= 1 {
        return vec![of.to_vec()];
    }
    let mut all = Vec::new();
    for first in 0..of.len() {
        let mut rest = of.to_vec();
        let taken = rest.remove(first);
        for order in orders(&rest) {
            let mut whole = vec![taken.clone()];
            whole.extend(order);
            all.push(whole);
        }
    }
    all
}

/// What one payment has come to, everything that counts about it.
async fn state(story: &Story, booking: &str, payment: &str) -> String {
    let status = story.status(booking).await;
    let money = story.payment_status(payment).await;
    let mut told = vec![status, money];
    for sql in [
        "select cast(coalesce(sum(p.refunded_amount), 0) as bigint) from payments p join bookings b on b.id = p.booking_id
         where b.told_sequence is null",
        "select count(*) from refunds where status = 'SUCCEEDED'",
        "select count(*) from refunds where status <> 'SUCCEEDED'",
        "select cast(coalesce(sum(amount), 0) as bigint) from ledger_entries where account = 'CARD'",
        "select cast(coalesce(sum(amount), 0) as bigint) from ledger_entries where account = 'CLIENT'",
        "select count(*) from invoices where kind = 'RECEIPT'",
        "select count(*) from invoices where kind = 'CREDIT_NOTE'",
        "select count(*) from occupancy where kind = 'BOOKING'",
        "select count(*) from jobs where kind = 'TELL_RECEIPT'",
        "select count(*) from jobs where kind = 'TELL_REFUND'",
        "select count(*) from webhook_events where processed_at is null",
    ] {
        told.push(story.count(sql).await.to_string());
    }
    told.join(" ")
}

/// Forgets everything about money and the calendar, so that the next order begins where this one did.
async fn begin_again(story: &Story) {
    story
        .practice
        .app
        .db
        .write(|tx| {
            Box::pin(async move {
                for sql in [
                    "delete from jobs",
                    "delete from invoices",
                    "delete from ledger_entries",
                    "delete from refunds",
                    "delete from payments",
                    "delete from webhook_events",
                    "delete from occupancy",
                    "delete from booking_steps",
                    "delete from bookings",
                ] {
                    tx.query(sql).run().await?;
                }
                Ok(())
            })
        })
        .await
        .expect("forgotten");
    story.practice.app.timetables.forget_all();
}

/// Makes something happen at Stripe's, and answers with what it tells of that.
type Happening = fn(&Story, &str);

async fn expect_one_state(story: &Story, happens: Happening, events: usize, step_by_step: bool, every: usize) {
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    let places: Vec<usize> = (0..events).collect();
    for (round, order) in orders(&places).into_iter().enumerate().step_by(every) {
        let page = story.at_the_page(TUESDAY).await;
        happens(story, &page.checkout);
        let told: Vec<Webhook> = story.sandbox.stripe.take_webhooks();
        assert_eq!(told.len(), events, "{:?}", told.iter().map(|it| &it.kind).collect::<Vec<_>>());
        // Each is told in this order, and one or two of them again somewhere behind.
        let mut queue: Vec<usize> = order.clone();
        queue.insert((round % events) + 1, order[0]);
        queue.push(order[round % events]);
        for place in queue {
            assert_eq!(story.tell(&told[place]).await, StatusCode::OK);
            if step_by_step {
                story.work().await;
            }
        }
        story.work().await;
        *states.entry(state(story, &page.booking, &page.payment).await).or_default() += 1;
        begin_again(story).await;
    }
    assert_eq!(states.len(), 1, "{states:#?}");
}

/// Paid in a way that takes days, the money comes, some of it goes back twice: six events.
fn comes_late_and_goes_back(story: &Story, checkout: &str) {
    let stripe = &story.sandbox.stripe;
    stripe.pay_later(checkout);
    stripe.settle_later(checkout, true);
    let intent = stripe.session(checkout).and_then(|session| session.intent).expect("a payment");
    assert!(stripe.refund_there(&intent, 2000));
    assert!(stripe.refund_there(&intent, 1000));
}

/// Paid at once, all of it goes back, and the bank sends that back: four events.
fn goes_back_and_comes_again(story: &Story, checkout: &str) {
    let stripe = &story.sandbox.stripe;
    stripe.pay(checkout, super::kit::GOOD_CARD);
    let intent = stripe.session(checkout).and_then(|session| session.intent).expect("a payment");
    assert!(stripe.refund_there(&intent, 7500));
    stripe.fail_refund(&intent);
}

/// Paid in a way that takes days, and the money never comes: two events.
fn never_comes(story: &Story, checkout: &str) {
    story.sandbox.stripe.pay_later(checkout);
    story.sandbox.stripe.settle_later(checkout, false);
}

#[tokio::test]
async fn six_events_in_all_their_720_orders_with_duplicates_end_in_one_state() {
    for engine in engines() {
        let story = Story::open(engine, &[]).await;
        // The rules are the same on both engines; the second looks at every seventh order.
        let every = if engine == Engine::Sqlite { 1 } else { 7 };
        expect_one_state(&story, comes_late_and_goes_back, 6, false, every).await;
    }
}

#[tokio::test]
async fn four_events_done_one_by_one_in_every_order_end_in_one_state() {
    for engine in engines() {
        let story = Story::open(engine, &[]).await;
        expect_one_state(&story, goes_back_and_comes_again, 4, true, 1).await;
    }
}

#[tokio::test]
async fn money_that_never_comes_ends_in_one_state() {
    for engine in engines() {
        let story = Story::open(engine, &[]).await;
        expect_one_state(&story, never_comes, 2, true, 1).await;
    }
}
