//! The practice's list of sessions: found by what is read out, narrowed to what matters.

use super::kit::{Person, ada, ask, book, client, put_in};
use crate::support::browser::Browser;
use crate::support::{ADA_USER, Practice, on_both_engines};
use serde_json::{Value, json};

const CALL: &str = "2030-01-07T10:00:00Z";
const LATER_CALL: &str = "2030-01-07T13:00:00Z";

/// The starts of the sessions a filter leaves, in their order.
async fn found(practice: &Practice, filter: Value) -> Vec<String> {
    let list = "query($filter: BookingFilter) { viewer { therapist { bookingList(filter: $filter) {
        nodes { booking { startsAt } } } } } }";
    let seen = ask(practice, ada(), list, json!({ "filter": filter })).await;
    let nodes = seen["therapist"]["bookingList"]["nodes"].as_array().expect("a list").clone();
    nodes.iter().map(|node| node["booking"]["startsAt"].as_str().expect("a start").to_owned()).collect()
}

async fn reference_of(practice: &Practice, ben: Person, starts_at: &str) -> String {
    let own = ask(
        practice,
        Some(ben.viewer),
        "{ viewer { client { bookings { nodes { reference startsAt } } } } }",
        json!({}),
    )
    .await;
    let bookings = own["client"]["bookings"]["nodes"].as_array().expect("bookings").clone();
    let it = bookings.iter().find(|it| it["startsAt"] == starts_at).expect("the session");
    it["reference"].as_str().expect("a reference").to_owned()
}

#[tokio::test]
async fn a_session_is_found_by_its_number_as_people_say_it() {
    on_both_engines(|practice: Practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        book(&practice, ben, "2030-01-10T10:00:00Z").await;
        let reference = reference_of(&practice, ben, "2030-01-10T10:00:00Z").await;
        let (first, last) = reference.split_at(4);
        for said in
            [format!("{first}-{last}"), format!(" {} {} ", first.to_lowercase(), last.to_lowercase()), first.into()]
        {
            assert_eq!(found(&practice, json!({ "search": said })).await, ["2030-01-10T10:00:00Z"], "{said}");
        }
        assert_eq!(found(&practice, json!({ "search": "%" })).await, [""; 0], "what is typed is no pattern");
    })
    .await;
}

#[tokio::test]
async fn the_list_is_narrowed_to_one_client_and_to_what_is_not_paid() {
    on_both_engines(|practice: Practice| async move {
        let (ben, cleo) = (client(&practice, "Ben", CALL).await, client(&practice, "Cleo", LATER_CALL).await);
        book(&practice, ben, "2030-01-09T10:00:00Z").await;
        book(&practice, cleo, "2030-01-09T12:00:00Z").await;
        book(&practice, ben, "2030-01-31T10:00:00Z").await;
        practice.pass_minutes(5 * 24 * 60).await;

        let mut ada = Browser::signed_in(&practice, ADA_USER).await;
        let page = ada.get("/admin/bookings").await;
        assert!(page.has("31 Jan,") && !page.has(" 9 Jan,"), "from today on: {}", page.text());
        // The form sends every field; what is ahead is not owed yet, so the days give way.
        let page = ada.get("/admin/bookings?days=ahead&status=&source=&modality=&search=&overdue=yes").await;
        assert!(page.has(" 9 Jan,") && !page.has("31 Jan,"), "{}", page.text());
        assert_eq!(page.html.matches("name=\"booking\"").count(), 2, "Ben's and Cleo's");
        let page = ada.get(&format!("/admin/bookings?days=any&client={}", ben.client)).await;
        assert!(page.has("31 Jan,") && page.has("Only the sessions of one client"), "{}", page.text());
        assert_eq!(page.html.matches("name=\"booking\"").count(), 3, "the call and both sessions");
        assert!(page.html.find("31 Jan,") < page.html.find(" 9 Jan,"), "the latest first");
        let empty = ada.get("/admin/bookings?days=tomorrow").await;
        assert!(empty.has("No sessions here"), "{}", empty.text());
    })
    .await;
}

#[tokio::test]
async fn several_sessions_are_called_off_at_once() {
    on_both_engines(|practice: Practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        book(&practice, ben, "2030-01-09T10:00:00Z").await;
        book(&practice, ben, "2030-01-10T10:00:00Z").await;
        let mut ada = Browser::signed_in(&practice, ADA_USER).await;
        let page = ada.get("/admin/bookings").await;
        let chosen = page.values("booking");
        let two: Vec<(&str, &str)> = chosen[chosen.len() - 2..].iter().map(|id| ("booking", id.as_str())).collect();
        let back = page.value("back");
        let done = ada.post("/admin/bookings", &[two, vec![("back", &back), ("do", "cancel")]].concat()).await;
        let page = ada.follow(&done).await;
        assert!(page.has("2 sessions are cancelled."), "{}", page.text());
        let off = "select count(*) from bookings where status = 'CANCELLED' and policy_id is not null";
        assert_eq!(practice.count(off).await, 2);
        let none = ada.post("/admin/bookings", &[("back", &back), ("do", "cancel")]).await;
        assert!(ada.follow(&none).await.has("Choose at least one session first."));
    })
    .await;
}

#[tokio::test]
async fn many_sessions_are_read_page_by_page_by_both_sides() {
    on_both_engines(|practice: Practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        let starts = ["2030-01-10T10:00:00Z", "2030-01-09T12:00:00Z", "2030-01-09T10:00:00Z"];
        for starts_at in starts {
            book(&practice, ben, starts_at).await;
        }
        let all = [&starts[..], &[CALL]].concat();
        let own = "query($after: String) { viewer { client {
            bookings(first: 3, after: $after) { nodes { startsAt } pageInfo { hasNextPage endCursor } } } } }";
        let hers = "query($after: String, $id: ClientId!) { viewer { therapist {
            bookingsOfClient(id: $id, first: 3, after: $after) {
                nodes { booking { startsAt } } pageInfo { hasNextPage endCursor } } } } }";
        for (viewer, query, path) in
            [(Some(ben.viewer), own, "/client/bookings"), (ada(), hers, "/therapist/bookingsOfClient")]
        {
            let (mut after, mut found, mut pages) = (Value::Null, Vec::new(), 0);
            loop {
                let seen = ask(&practice, viewer, query, json!({ "after": after, "id": ben.client })).await;
                let page = seen.pointer(path).expect("a page").clone();
                for node in page["nodes"].as_array().expect("rows") {
                    let booking = node.get("booking").unwrap_or(node);
                    found.push(booking["startsAt"].as_str().expect("a start").to_owned());
                }
                (after, pages) = (page["pageInfo"]["endCursor"].clone(), pages + 1);
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!((found, pages), (all.iter().map(|it| it.to_string()).collect(), 2), "{path}");
            let wrong = json!({ "after": "from the beginning", "id": ben.client });
            let answer = practice.ask_as(viewer, query, wrong).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_over_has_a_page_of_its_own() {
    on_both_engines(|practice: Practice| async move {
        let ben = client(&practice, "Ben", CALL).await;
        for (day, hour) in (9..12).flat_map(|day| (9..12).map(move |hour| (day, hour))) {
            let booked = put_in(&practice, ben, &format!("2030-01-{day:02}T{hour:02}:00:00Z")).await;
            assert_eq!(booked["userErrors"], json!([]), "{booked:#}");
        }
        practice.pass_minutes(5 * 24 * 60).await;
        let mut browser = Browser::signed_in(&practice, ben.viewer.user_id).await;
        let first = browser.get("/portal").await;
        assert_eq!(first.html.matches("/portal/bookings/").count(), 8, "the latest of them: {}", first.text());
        assert!(first.has("All earlier sessions"));
        let page = browser.get("/portal/earlier").await;
        assert_eq!(page.html.matches("/portal/bookings/").count(), 10, "{}", page.text());
        assert!(!page.has("From the beginning") && !page.has("More"), "{}", page.text());
        let last = page.html.rsplit("/portal/bookings/").next().and_then(|it| it.split('"').next()).expect("a session");
        let none = browser.get(&format!("/portal/earlier?after={last}")).await;
        assert!(none.has("Nothing here yet") && none.has("From the beginning"), "{}", none.text());
    })
    .await;
}

#[tokio::test]
async fn the_calendar_file_of_a_paid_session_is_for_its_client_and_the_practice() {
    on_both_engines(|practice: Practice| async move {
        let (ben, cleo) = (client(&practice, "Ben", CALL).await, client(&practice, "Cleo", LATER_CALL).await);
        book(&practice, ben, "2030-01-10T10:00:00Z").await;
        let paid = reference_of(&practice, ben, "2030-01-10T10:00:00Z").await;
        let call = reference_of(&practice, ben, CALL).await;
        let mut visitors = [
            (Browser::new(&practice), 404),
            (Browser::signed_in(&practice, cleo.viewer.user_id).await, 404),
            (Browser::signed_in(&practice, ben.viewer.user_id).await, 200),
            (Browser::signed_in(&practice, ADA_USER).await, 200),
        ];
        for (browser, status) in &mut visitors {
            let file = browser.get(&format!("/bookings/{paid}/appointment.ics")).await;
            assert_eq!(file.status.as_u16(), *status);
            let file = browser.get(&format!("/bookings/{call}/appointment.ics")).await;
            assert_eq!(file.status.as_u16(), 200, "a free call is for whoever has its reference");
        }
    })
    .await;
}
