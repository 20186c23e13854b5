//! The link of a mail: it shows what calling off costs now, and moves a session where the rules allow.
#![cfg(feature = "pages")]

use super::kit::{ada, ask, assert_sound, book, client};
use crate::support::browser::Browser;
use crate::support::{Practice, SESSION, on_both_engines};
use anteroom::features::bookings::manage;
use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::ids::BookingId;

const CALL: &str = "2030-01-07T10:00:00Z";

/// The address of the page of a session's link.
fn link(practice: &Practice, booking: &Value) -> String {
    let id: BookingId = booking["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    format!("/manage/{}", manage::secret(&practice.app.keys, id).text())
}

#[tokio::test]
async fn the_link_of_a_paid_session_says_what_calling_off_costs_now() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let early = book(&practice, ben, "2030-01-11T10:00:00Z").await;
        let mut browser = Browser::new(&practice);
        let page = browser.get(&link(&practice, &early)).await;
        assert!(page.has("If you cancel now, it costs you nothing."), "{}", page.text());
        assert!(page.has("What cancelling costs") && page.has("until it begins"), "{}", page.text());
        assert!(page.has("Cancel the session") && page.has("Move it"), "{}", page.text());
        assert!(!page.has("at no cost up to the start"), "{}", page.text());

        // The first late one is on the house; the next costs, and says so before it is done.
        let first = book(&practice, ben, "2030-01-08T10:00:00Z").await;
        let page = browser.get(&link(&practice, &first)).await;
        assert!(page.has("The first time in a year is on the house"), "{}", page.text());
        let done = browser.post(&format!("{}/cancel", link(&practice, &first)), &[]).await;
        assert!(browser.follow(&done).await.has("nothing is owed"));
        let second = book(&practice, ben, "2030-01-08T10:00:00Z").await;
        let page = browser.get(&link(&practice, &second)).await;
        assert!(page.has("the fee is £75, the whole price"), "{}", page.text());
        assert!(page.has("It is too near to move it here."), "{}", page.text());
        assert!(!page.html.contains("/move\""), "{}", page.text());
        let done = browser.post(&format!("{}/cancel", link(&practice, &second)), &[]).await;
        let page = browser.follow(&done).await;
        assert!(page.has("It was cancelled late: if a fee is charged"), "{}", page.text());
        let proposed = practice.count("select count(*) from fees where amount = 7500 and state = 'PROPOSED'").await;
        assert_eq!(proposed, 1, "what the page said");
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_has_the_link_moves_a_session_without_signing_in() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let session = book(&practice, ben, "2030-01-11T10:00:00Z").await;
        let link = link(&practice, &session);
        let mut browser = Browser::new(&practice);
        let picker = browser.get(&format!("{link}/move?day=2030-01-14")).await;
        assert!(picker.has("Move it from Friday 11 January, 10:00"), "{}", picker.text());
        let wanted = "2030-01-14T11:00:00Z";
        assert!(picker.values("slot").contains(&wanted.to_owned()), "{}", picker.text());

        let chosen = browser.post(&format!("{link}/move"), &[("slot", wanted)]).await;
        let check = browser.follow(&chosen).await;
        assert!(check.has("Move this appointment?") && check.has("Monday 14 January, 11:00"), "{}", check.text());
        let form = [("slot", wanted), ("key", &check.value("key"))];
        let moved = browser.post(&format!("{link}/move/confirm"), &form).await;
        assert_eq!(
            browser.post(&format!("{link}/move/confirm"), &form).await.status,
            StatusCode::SEE_OTHER,
            "twice is once"
        );
        let page = browser.follow(&moved).await;
        assert!(page.has("Monday 14 January, 11:00") && page.has("It is moved."), "{}", page.text());
        assert_eq!(practice.count("select count(*) from bookings where reschedules = 1").await, 1);

        // A time that is not free is refused with others, and nothing changes.
        let taken = book(&practice, ben, "2030-01-15T11:00:00Z").await;
        let form = [("slot", taken["startsAt"].as_str().expect("a start")), ("key", "another-key-altogether")];
        let refused = browser.post(&format!("{link}/move/confirm"), &form).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.has("These are the nearest free times"), "{}", refused.text());

        // It has been moved twice then, which is as often as the rules allow.
        let form = [("slot", "2030-01-16T11:00:00Z"), ("key", "a-third-key-altogether")];
        browser.post(&format!("{link}/move/confirm"), &form).await;
        let page = browser.get(&format!("{link}/move")).await;
        assert_eq!(page.location.as_deref(), Some(link.as_str()));
        let page = browser.follow(&page).await;
        assert!(page.has("Wednesday 16 January, 11:00") && !page.html.contains("/move\""), "{}", page.text());
        assert!(page.has("Move it back"), "the last move can be taken back: {}", page.text());
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_not_offered_any_more_is_still_moved_by_its_link() {
    on_both_engines(|practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let session = book(&practice, ben, "2030-01-11T10:00:00Z").await;
        let retire = "mutation($id: SessionTypeId!) { retireSessionType(input: { sessionTypeId: $id }) { userErrors { code } } }";
        ask(&practice, ada(), retire, json!({ "id": SESSION })).await;
        let (link, wanted) = (link(&practice, &session), "2030-01-14T11:00:00Z");
        let mut browser = Browser::new(&practice);
        let picker = browser.get(&format!("{link}/move?day=2030-01-14")).await;
        assert!(picker.values("slot").contains(&wanted.to_owned()), "{}", picker.text());
        let moved = browser.post(&format!("{link}/move/confirm"), &[("slot", wanted), ("key", "the-key-of-this-move")]).await;
        assert!(browser.follow(&moved).await.has("It is moved."));
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_link_that_is_nobodys_tells_no_times() {
    on_both_engines(|practice| async move {
        let free = "query($input: ManagedAvailabilityInput!) { managedAvailability(input: $input) {
            days { slots { startsAt } } userErrors { code field } } }";
        let input =
            |token: &str| json!({ "input": { "manageToken": token, "from": "2030-01-08", "to": "2030-01-09" } });
        let ben = client(&practice, "Ben", CALL).await;
        let session = book(&practice, ben, "2030-01-11T10:00:00Z").await;
        let link = link(&practice, &session);
        let token = link.trim_start_matches("/manage/");
        let found = ask(&practice, None, free, input(token)).await;
        assert!(found["days"][0]["slots"][0]["startsAt"].is_string(), "{found:#}");
        let wrong = "A".repeat(token.len());
        for token in [wrong.as_str(), "", "x"] {
            let found = ask(&practice, None, free, input(token)).await;
            let nothing = json!({ "days": [], "userErrors": [{ "code": "NOT_FOUND", "field": ["manageToken"] }] });
            assert_eq!(found, nothing);
            let page = Browser::new(&practice).get(&format!("/manage/{token}/move")).await;
            assert!(!page.html.contains("name=\"slot\""), "{}", page.html);
        }
    })
    .await;
}
