//! Where the booking pages lead when there is one thing to book, many or none, and when a link leads nowhere.

use crate::support::browser::Browser;
use crate::support::{Practice, on_both_engines};
use anteroom::db::Bind;
use anteroom::events::Event;
use axum::http::StatusCode;

/// Changes the practice behind its back.
async fn change(practice: &Practice, sql: &'static str, value: impl Bind + Clone + Sync + 'static) {
    let changed = practice.app.db.write(move |tx| {
        let value = value.clone();
        Box::pin(async move {
            tx.query(sql).bind(value).run().await?;
            tx.announce(Event::PracticeChanged);
            Ok(())
        })
    });
    changed.await.expect("the practice changes");
}

#[tokio::test]
async fn doors_that_lead_nowhere_say_so_kindly() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = Browser::new(&practice);
        assert!(ben.get("/book").await.has("What would you like to book?"));
        assert_eq!(ben.get("/book/no-such-type").await.status, StatusCode::NOT_FOUND);
        assert!(ben.get("/book/session").await.has("decided to work together"));
        assert_eq!(ben.get("/bookings/NOPE-0000").await.status, StatusCode::NOT_FOUND);
        for token in ["x", &"x".repeat(43)] {
            let page = ben.get(&format!("/manage/{token}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
            assert!(page.has("We cannot find this booking") && page.has("hello@practice.example"), "{}", page.text());
        }
        change(&practice, "update session_types set visible = $1 where slug = 'first-chat'", false).await;
        assert_eq!(ben.get("/book").await.location.as_deref(), Some("/book/discovery-call"));
    })
    .await;
}

#[tokio::test]
async fn sessions_in_the_practice_are_shown_on_its_clock() {
    on_both_engines(|practice: Practice| async move {
        let sql = "update session_types set modality = $1 where slug = 'first-chat'";
        change(&practice, sql, "IN_PERSON".to_owned()).await;
        let page = Browser::new(&practice).get("/book/first-chat?day=2030-01-08&tz=Asia/Tokyo").await;
        assert!(page.has("All times are London time, where the practice is."), "{}", page.text());
        assert!(page.has("Tuesday 8 January London time.") && !page.html.contains("<select"), "{}", page.text());
        assert!(!page.html.contains("tz=Asia/Tokyo"), "nothing leads back to another zone");
    })
    .await;
}

#[tokio::test]
async fn an_old_link_leads_to_what_is_offered_instead() {
    on_both_engines(|practice: Practice| async move {
        let retire = "update session_types set retired_at = $1 where slug = 'first-chat'";
        change(&practice, retire, practice.app.clock.now()).await;
        let mut ben = Browser::new(&practice);
        let slot = [("slot", "2030-01-09T10:00:00Z")];
        for path in ["/book/first-chat", "/book/first-chat/details?slot=2030-01-09T10:00:00Z", "/book/first-chat/ask"] {
            let page = ben.get(path).await;
            assert_eq!(page.status, StatusCode::GONE, "{path}");
            assert!(page.has("This call is not offered any more") && page.has("discovery call"), "{}", page.text());
            assert!(page.html.contains("href=\"/book/discovery-call\""), "{}", page.html);
        }
        assert!(ben.get("/session-types/first-chat").await.has("what you can book instead"));
        assert!(ben.post("/book/first-chat/hold", &slot).await.has("what you can book instead"));
        assert!(ben.post("/book/first-chat", &slot).await.has("what you can book instead"));

        change(&practice, "update session_types set retired_at = $1", practice.app.clock.now()).await;
        let page = ben.get("/book/discovery-call").await;
        assert!(page.has("Write a line about what you are looking for"), "{}", page.text());
        assert!(page.html.contains("href=\"/contact\""), "{}", page.html);
        let page = ben.get("/book/session").await;
        assert!(page.has("This session is not offered any more") && page.has("I am a client already"));
        assert_eq!(ben.get("/book/no-such-type").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}
