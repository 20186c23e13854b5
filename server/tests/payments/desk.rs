//! The page of a client, in a browser without scripts: booking for them, agreeing a price, selling a package.

use super::account::{FOUR, on_sale};
use super::kit::{TUESDAY, on_both_engines};
use super::pages::{ADA, BEN, browser};
use crate::support::SESSION;
use axum::http::StatusCode;
use shared::practice::Prepay;

#[tokio::test]
async fn ada_books_for_ben_and_a_clash_is_refused_kindly() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let (cleo, _) = story.client("Cleo", 41).await;
        story.book_as(cleo, "2030-01-16T10:00:00Z").await;
        let mut ada = browser(&story, ADA).await;
        let path = format!("/admin/clients/{}", story.ben_id);
        let page = ada.get(&path).await;
        assert!(page.has("Book a session for Ben"), "{}", page.text());
        let session = SESSION.to_string();
        let send = |time: &'static str, key: String, more: Vec<(&'static str, String)>| {
            let mut form = vec![
                ("book-type", session.clone()),
                ("book-date", "2030-01-16".to_owned()),
                ("book-time", time.to_owned()),
                ("key", key),
            ];
            form.extend(more);
            form
        };
        let book = format!("{path}/book");
        let clash = send("10:15", page.value("key"), Vec::new());
        let refused = ada.post(&book, &pairs(&clash)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("Something else is at that time."), "{}", refused.text());
        assert_eq!(refused.values("book-time"), ["10:15"], "what was typed is kept");
        assert_eq!(refused.values("nearest").len(), 3, "and free times are offered");
        let free = refused.values("nearest").remove(0);

        let near = send("10:15", refused.value("key"), vec![("nearest", free)]);
        let done = ada.post(&book, &pairs(&near)).await;
        assert!(ada.follow(&done).await.has("It is in the calendar. They are told in a few minutes."));
        assert_eq!(ada.post(&book, &pairs(&near)).await.status, StatusCode::SEE_OTHER, "pressed twice");
        assert_eq!(story.count("select count(*) from bookings").await, 2, "and booked once");

        let reason = vec![("book-over", "Both know".to_owned())];
        let over = send("10:15", ada.get(&path).await.value("key"), reason);
        assert_eq!(ada.post(&book, &pairs(&over)).await.status, StatusCode::SEE_OTHER);
        let noted = "select count(*) from audit_trail where deed = 'create booking over another'";
        assert_eq!(story.count(noted).await, 1);
        let empty = ada.post(&book, &[("book-date", ""), ("book-time", "")]).await;
        assert!(empty.has("Three things need a look"), "{}", empty.text());
    })
    .await;
}

#[tokio::test]
async fn ada_agrees_a_price_and_sells_a_package_and_ben_sees_what_is_left() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        on_sale(&story).await;
        let mut ada = browser(&story, ADA).await;
        let path = format!("/admin/clients/{}", story.ben_id);
        let page = ada.get(&path).await;
        assert!(page.has("They pay by the list.") && page.has("They have no package."), "{}", page.text());
        let wrong = ada.post(&format!("{path}/prices"), &[("price-amount", "forty"), ("price-currency", "GBP")]).await;
        assert!(wrong.has("Type an amount like 60 or 60.50."), "{}", wrong.text());
        assert_eq!(wrong.values("price-amount"), ["forty"]);
        let right = [("price-amount", "40"), ("price-currency", "GBP"), ("price-type", "")];
        let agreed = ada.post(&format!("{path}/prices"), &right).await;
        let page = ada.follow(&agreed).await;
        assert!(page.has("£40 · Every session From Monday 7 January 2030"), "{}", page.text());
        let end = page.between(&format!("action=\"{path}/prices/"), "\"").to_owned();
        let ended = ada.post(&format!("{path}/prices/{end}"), &[]).await;
        assert!(ada.follow(&ended).await.has("They pay by the list."));

        let (four, key) = (FOUR.to_string(), ada.get(&path).await.values("key").remove(1));
        for _ in 0..2 {
            let sold =
                ada.post(&format!("{path}/packages"), &[("package", four.as_str()), ("key", key.as_str())]).await;
            assert!(ada.follow(&sold).await.has("4 of 4 left"));
        }
        story.book("2030-01-15T10:00:00Z").await;
        let mut ben = browser(&story, BEN).await;
        let bills = ben.get("/portal/bills").await;
        assert!(bills.has("Your packages Four sessions"), "{}", bills.text());
        assert!(bills.has("3 of 4 left") && bills.has("Until Sunday 7 April 2030"), "{}", bills.text());
        assert!(ada.get(&path).await.has("3 of 4 left"));
        assert_eq!(ben.get(&path).await.location.as_deref(), Some("/portal"), "the page is not for clients");
    })
    .await;
}

#[tokio::test]
async fn fees_to_decide_are_on_the_first_page_and_among_the_payments() {
    on_both_engines(|story| async move {
        story.prepay(Prepay::Nothing, 0).await;
        let missed = story.book("2030-01-09T10:00:00Z").await;
        story.pass(2 * 24 * 60 + 2 * 60 + 20).await;
        let mut ada = browser(&story, ADA).await;
        assert!(!ada.get("/admin").await.has("Fees to decide"));
        let none = ada.get("/admin/payments?show=fees").await;
        assert!(none.has("No fee waits for you"), "{}", none.text());
        ada.post(&format!("/admin/bookings/{missed}/no-show"), &[]).await;

        let today = ada.get("/admin").await;
        assert!(today.has("Fees to decide"), "{}", today.text());
        assert!(today.has("Missed appointment, £75") && today.has("Charge £75 to Ben"), "{}", today.text());
        let session = format!("/admin/bookings/{missed}");
        assert!(today.html.contains(&format!("href=\"{session}#fee\"")), "letting go asks for a reason there");
        assert!(ada.get("/admin/payments").await.has("One fee waits for your decision."));
        let list = ada.get("/admin/payments?show=fees").await;
        assert!(list.has("Ben") && list.has("Wed 9 Jan, 10:00") && list.has("£75"), "{}", list.text());

        let charge = list.between(&format!("action=\"{session}/fee/"), "\"").to_owned();
        let charged = ada.post(&format!("{session}/fee/{charge}"), &[]).await;
        assert!(ada.follow(&charged).await.has("The fee is charged."));
        assert!(ada.get("/admin/payments?show=fees").await.has("No fee waits for you"));
        assert!(!ada.get("/admin").await.has("Fees to decide"));
    })
    .await;
}

#[tokio::test]
async fn ada_reads_and_prints_what_ben_was_billed() {
    on_both_engines(|story| async move {
        let paid = story.paid(TUESDAY).await;
        let mut ada = browser(&story, ADA).await;
        let link = "href=\"/admin/bills/R-00001\"";
        for path in [
            format!("/admin/clients/{}", story.ben_id),
            format!("/admin/bookings/{}", paid.booking),
            format!("/admin/payments/{}", paid.payment),
        ] {
            let page = ada.get(&path).await;
            assert!(page.html.contains(link), "{path}: {}", page.text());
            assert!(page.has("Receipt R-00001"), "{}", page.text());
        }
        let bill = ada.get("/admin/bills/R-00001").await;
        for words in ["Receipt R-00001", "Appointment, Tuesday 15 January 2030", "Paid: card", "£75"] {
            assert!(bill.has(words), "{words} in {}", bill.text());
        }
        assert!(bill.html.contains(&format!("href=\"/admin/clients/{}\"", story.ben_id)));
        assert_eq!(story.count("select count(*) from audit_trail where deed = 'read bill'").await, 1);
        assert_eq!(ada.get("/admin/bills/R-00002").await.status, StatusCode::NOT_FOUND);
        let mut samir = browser(&story, "samir@practice.example").await;
        assert_eq!(samir.get("/admin/bills/R-00001").await.status, StatusCode::NOT_FOUND);
        let mut ben = browser(&story, BEN).await;
        assert_eq!(ben.get("/admin/bills/R-00001").await.location.as_deref(), Some("/portal"));
        let (_, cleo) = story.client("Cleo", 41).await;
        assert!(ada.get(&format!("/admin/clients/{cleo}")).await.has("No invoice or receipt has been written yet."));
    })
    .await;
}

fn pairs<'f>(form: &'f [(&'static str, String)]) -> Vec<(&'f str, &'f str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
