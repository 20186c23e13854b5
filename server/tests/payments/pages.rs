//! The pages of money, in a browser without scripts.

use super::kit::{GOOD_CARD, RECORD, Story, TUESDAY, on_both_engines};
use crate::support::browser::Browser;
use anteroom::events::Event;
use anteroom::features::accounts::links::sign_in_mail;
use anteroom::features::accounts::logins::{Device, Place};
use anteroom::features::accounts::sign_in::{CompleteSignInInput, RequestSignInInput, complete, request};
use axum::http::StatusCode;
use serde_json::json;
use shared::practice::Prepay;
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;

pub async fn browser(story: &Story, email: &str) -> Browser {
    let app = &story.practice.app;
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let asked = request(app, RequestSignInInput { email: email.into() }, address).await.expect("asked");
    let mut conn = app.db.read().await.expect("a connection");
    let sql = "select id from sign_in_links order by created_at desc, id desc limit 1";
    let id: Uuid = conn.query(sql).value().await.expect("a link");
    drop(conn);
    let mail = sign_in_mail(app, id).await.expect("mail").expect("somebody has this address");
    let input = CompleteSignInInput { link_token: None, code: Some(mail.code), browser_token: asked.browser.text() };
    let place = Place { device: Device::of_user_agent(""), login: None };
    let done = complete(app, input, place).await.expect("the code is right");
    // Whoever needs a second factor has shown it.
    app.db
        .write(|tx| {
            Box::pin(async move {
                tx.query("update logins set second_factor = true").run().await?;
                tx.announce(Event::LoginChanged { login_id: None });
                Ok(())
            })
        })
        .await
        .expect("shown");
    let mut browser = Browser::new(&story.practice);
    browser.cookies.insert("__Host-access".into(), done.tokens.access);
    browser
}

pub const BEN: &str = "ben@example.org";
pub const ADA: &str = "ada@practice.example";

#[tokio::test]
async fn the_page_one_comes_back_to_only_reads() {
    on_both_engines(|story| async move {
        let page = story.at_the_page(TUESDAY).await;
        let mut ben = browser(&story, BEN).await;
        let back = ben.get(&format!("/portal/bookings/{}/paid?session_id={}", page.booking, page.checkout)).await;
        assert!(back.has("We are waiting for your bank"), "{}", back.text());
        assert_eq!(story.status(&page.booking).await, "PENDING_PAYMENT");
        assert_eq!(story.count("select count(*) from ledger_entries").await, 0);

        story.sandbox.stripe.pay(&page.checkout, GOOD_CARD);
        story.deliver().await;
        let back = ben.get(&format!("/portal/bookings/{}/paid", page.booking)).await;
        assert!(back.has("Thank you"), "{}", back.text());
        story.client("Cleo", 41).await;
        let mut hers = browser(&story, "cleo@example.org").await;
        let not_hers = hers.get(&format!("/portal/bookings/{}/paid", page.booking)).await;
        assert_eq!(not_hers.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn bills_lead_to_the_payment_page_and_to_the_receipt() {
    on_both_engines(|story| async move {
        let booking = story.book(TUESDAY).await;
        let mut ben = browser(&story, BEN).await;
        let bills = ben.get("/portal/bills").await;
        assert!(bills.has("The time is kept for you until 08:40"), "{}", bills.text());
        assert!(bills.has("Pay £75 by card"), "{}", bills.text());
        let sent = ben.post(&format!("/portal/bookings/{booking}/pay"), &[]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        let location = sent.location.expect("a place");
        let checkout = location.rsplit('/').next().expect("an id").to_owned();
        story.sandbox.stripe.pay(&checkout, GOOD_CARD);
        story.deliver().await;
        let bills = ben.get("/portal/bills").await;
        assert!(bills.has("R-00001"), "{}", bills.text());
        assert!(!bills.has("Pay £75 by card"));
        let bill = ben.get("/portal/bills/R-00001").await;
        assert!(bill.has("Receipt R-00001") && bill.has("Appointment, Tuesday 15 January 2030"), "{}", bill.text());
        assert_eq!(ben.get("/portal/bills/R-00002").await.status, StatusCode::NOT_FOUND);
        assert_eq!(ben.get("/portal/bills/nothing").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_away_is_said_kindly() {
    on_both_engines(|story| async move {
        let booking = story.book(TUESDAY).await;
        let mut ben = browser(&story, BEN).await;
        story.sandbox.stripe.set_down(true);
        let sent = ben.post(&format!("/portal/bookings/{booking}/pay"), &[]).await;
        let said = ben.follow(&sent).await;
        assert!(said.html.contains("cannot be reached at the moment"), "{}", said.html);
        story.sandbox.stripe.set_down(false);
        let sent = ben.post(&format!("/portal/bookings/{booking}/pay"), &[]).await;
        assert!(sent.location.expect("a place").contains("/sandbox/stripe/checkout/"));
    })
    .await;
}

#[tokio::test]
async fn ada_notes_gives_back_and_looks_through() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let booking = story.book(TUESDAY).await;
        story.pass(9 * 24 * 60).await;
        let mut ada = browser(&story, ADA).await;
        let overdue = ada.get("/admin/payments?show=overdue").await;
        assert!(overdue.has("Ben") && overdue.has("£75") && overdue.has("Not paid"), "{}", overdue.text());
        let form = ada.get(&format!("/admin/payments/record?booking={booking}")).await;
        let key = form.value("key");
        let fields = |amount: &'static str| {
            vec![
                ("about", format!("booking:{booking}")),
                ("method", "CASH".to_owned()),
                ("amount", amount.to_owned()),
                ("currency", "GBP".to_owned()),
                ("day", "2030-01-16".to_owned()),
                ("note", String::new()),
                ("key", key.clone()),
            ]
        };
        let wrong = fields("seventy");
        let wrong: Vec<(&str, &str)> = wrong.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = ada.post("/admin/payments/record", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("Type an amount like 75.00."), "{}", refused.text());
        let right = fields("75.00");
        let right: Vec<(&str, &str)> = right.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let noted = ada.post("/admin/payments/record", &right).await;
        let list = ada.follow(&noted).await;
        assert!(list.has("Ben") && list.has("Cash") && list.has("Paid"), "{}", list.text());
        assert!(ada.get("/admin/payments?show=overdue").await.has("Nothing is overdue"));

        let link = list.between("href=\"/admin/payments/0", "\"").to_owned();
        let path = format!("/admin/payments/0{link}");
        let one = ada.get(&path).await;
        assert!(one.has("Give money back"), "{}", one.text());
        let key = one.value("key");
        let refund = [("amount", "80"), ("reason", "Too much"), ("key", key.as_str())];
        let refused = ada.post(&format!("{path}/refund"), &refund).await;
        assert!(refused.has("At most £75 of it can go back."), "{}", refused.text());
        let key = refused.value("key");
        let refund = [("amount", "25"), ("reason", "A shorter session"), ("key", key.as_str())];
        let given = ada.post(&format!("{path}/refund"), &refund).await;
        let one = ada.follow(&given).await;
        assert!(one.has("A shorter session") && one.has("Gone back"), "{}", one.text());
        assert!(ada.get("/admin/payments?show=refunded").await.has("A shorter session"));
        for show in ["", "paid", "pending", "unclear"] {
            assert_eq!(ada.get(&format!("/admin/payments?show={show}")).await.status, StatusCode::OK);
        }
    })
    .await;
}

#[tokio::test]
async fn without_cards_there_is_the_bank() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let booking = story.book(TUESDAY).await;
        story.pass(9 * 24 * 60).await;
        let mut ben = browser(&story, BEN).await;
        let bills = ben.get("/portal/bills").await;
        assert!(bills.has("Bank 12-34-56, account 12345678"), "{}", bills.text());
        let sent = ben.post(&format!("/portal/bookings/{booking}/transfer"), &[("proof", "T-1")]).await;
        let said = ben.follow(&sent).await;
        assert!(said.has("a transfer is on its way"), "{}", said.text());
        let input = json!({ "clientId": story.ben_id, "method": "CASH", "amount": 100, "currency": "GBP" });
        story.ask_ada(RECORD, json!({ "input": input })).await;
    })
    .await;
}
