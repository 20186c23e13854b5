//! Booking as somebody without scripts does it: links, forms and cookies.

use crate::support::browser::{Browser, Page};
use crate::support::{ADA, Practice, SAMIR, SAMIR_USER, on_both_engines, staff};
use anteroom::features::bookings::time_off::{self, AddTimeOffInput};
use axum::http::StatusCode;
use serde_json::json;

const TUESDAY_TEN: &str = "2030-01-08T10:00:00Z";

async fn choose(browser: &mut Browser, slot: &str) -> Page {
    let kept = browser.post("/book/discovery-call/hold", &[("slot", slot)]).await;
    browser.follow(&kept).await
}

async fn send(browser: &mut Browser, details: &Page, name: &str) -> Page {
    let email = format!("{}@example.org", name.to_lowercase());
    let (slot, key) = (details.value("slot"), details.value("key"));
    let mut form = vec![("slot", &*slot), ("key", &key), ("name", name), ("email", &email), ("phone", "020 7946 0018")];
    let with = details.values("with");
    form.extend(with.iter().map(|slug| ("with", &**slug)));
    browser.post("/book/discovery-call", &form).await
}

async fn away(practice: &Practice, from: &str, to: &str) {
    for therapist in [ADA, SAMIR] {
        let (from, to) = (from.parse().expect("a date"), to.parse().expect("a date"));
        let input = AddTimeOffInput { from, to, from_time: None, to_time: None, note: None, idempotency_key: None };
        time_off::add(&practice.app, therapist, input).await.expect("time off");
    }
}

#[tokio::test]
async fn somebody_books_and_cancels_with_plain_forms() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = Browser::new(&practice);
        let picker = ben.get("/book/discovery-call?day=2030-01-08").await;
        assert_eq!(picker.status, StatusCode::OK);
        assert!(picker.values("slot").contains(&TUESDAY_TEN.to_owned()), "{}", picker.text());

        let details = choose(&mut ben, TUESDAY_TEN).await;
        assert!(details.has("We keep this time for you until 08:10 . 10 minutes left."), "{}", details.text());
        assert!(details.has("Tuesday 8 January, 10:00 to 10:20 London time."), "{}", details.text());
        assert_eq!(details.caching, "no-store, private");
        let elsewhere = Browser::new(&practice).get("/book/discovery-call?day=2030-01-08").await;
        assert_eq!(count(&elsewhere, TUESDAY_TEN), 1, "two therapists work on Tuesdays");

        let booked = send(&mut ben, &details, "Ben").await;
        let confirmation = ben.follow(&booked).await;
        assert!(confirmation.has("You have a time, Ben Ada is looking forward"), "{}", confirmation.text());
        assert!(
            confirmation.has("Before the call Ada sends you the way in"),
            "no mail of ours holds a link to the call"
        );
        assert!(!confirmation.html.contains("link in the email"), "{}", confirmation.text());
        assert!(confirmation.has("not sure any more? Write to hello@practice.example"), "{}", confirmation.text());
        assert_eq!(confirmation.caching, "no-store, private");
        assert!(confirmation.html.contains("noindex"));
        assert!(confirmation.html.contains("https://calendar.google.com/"));

        let here = booked.location.clone().expect("a place");
        let stranger = Browser::new(&practice).get(&here).await;
        assert!(stranger.has("A discovery call with Ada."), "{}", stranger.text());
        assert!(!stranger.html.contains("Ben") && !stranger.html.contains("/manage/"), "{}", stranger.html);

        let file = ben.get(&format!("{here}/appointment.ics")).await;
        assert_eq!(file.kind, "text/calendar; charset=utf-8");
        assert!(file.html.contains("DTSTART:20300108T100000Z"), "{}", file.html);

        let link = format!("/manage/{}", confirmation.between("/manage/", "\""));
        let mut phone = Browser::new(&practice);
        for _ in 0..2 {
            let shown = phone.get(&link).await;
            assert!(shown.has("Your booking") && shown.has("Confirmed"), "{}", shown.text());
        }
        let done = phone.post(&format!("{link}/cancel"), &[("reason", "A cold.")]).await;
        let after = phone.follow(&done).await;
        assert!(after.has("This booking is cancelled"), "{}", after.text());
        assert!(!after.html.contains("/cancel\""), "it cannot be cancelled again");
        assert!(ben.get(&here).await.has("This booking is cancelled"));
        assert_eq!(practice.count("select count(*) from bookings where cancel_reason = 'A cold.'").await, 1);
    })
    .await;
}

/// How often a time is on offer.
fn count(page: &Page, slot: &str) -> usize {
    page.values("slot").iter().filter(|value| *value == slot).count()
}

#[tokio::test]
async fn what_is_missing_is_named_and_what_was_typed_stays() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = Browser::new(&practice);
        let details = choose(&mut ben, TUESDAY_TEN).await;
        let (slot, key) = (details.value("slot"), details.value("key"));
        let form = [("slot", &*slot), ("key", &key), ("name", "Ben \"B\" <b>"), ("email", "not-an-address")];

        let refused = ben.post("/book/discovery-call", &form).await;

        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("Two things need a look"), "{}", refused.text());
        assert!(refused.html.contains("href=\"#email\"") && refused.html.contains("href=\"#phone\""));
        assert_eq!(refused.value("name"), "Ben &quot;B&quot; &lt;b&gt;");
        assert_eq!(refused.value("email"), "not-an-address");
        assert_eq!(refused.value("key"), key);
        let again = send(&mut ben, &refused, "Ben").await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text());
    })
    .await;
}

#[tokio::test]
async fn a_field_filled_by_a_program_books_nothing() {
    on_both_engines(|practice: Practice| async move {
        let mut robot = Browser::new(&practice);
        let form = [("slot", TUESDAY_TEN), ("name", "R"), ("email", "r@example.org"), ("website", "http://spam")];
        let answer = robot.post("/book/discovery-call", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(practice.count("select count(*) from bookings").await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_same_form_sent_twice_books_once() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = Browser::new(&practice);
        let details = choose(&mut ben, TUESDAY_TEN).await;
        let first = send(&mut ben, &details, "Ben").await;
        let second = send(&mut ben, &details, "Ben").await;
        assert_eq!(first.location, second.location);
        assert_eq!(practice.count("select count(*) from bookings").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_time_somebody_took_is_no_dead_end() {
    on_both_engines(|practice: Practice| async move {
        // On Wednesdays only Ada works.
        let wednesday = "2030-01-09T10:00:00Z";
        let (mut ben, mut cleo) = (Browser::new(&practice), Browser::new(&practice));
        let details = choose(&mut ben, wednesday).await;
        practice.pass_minutes(11).await;
        let faster = choose(&mut cleo, wednesday).await;
        assert_eq!(send(&mut cleo, &faster, "Cleo").await.status, StatusCode::SEE_OTHER);

        let taken = send(&mut ben, &details, "Ben").await;

        assert_eq!(taken.status, StatusCode::CONFLICT);
        assert!(taken.has("Someone took 10:00 a moment ago What you have typed is still here."), "{}", taken.text());
        assert_eq!(taken.value("name"), "Ben");
        let offered = taken.values("slot");
        assert_eq!(offered, ["2030-01-09T09:00:00Z", "2030-01-09T09:30:00Z", "2030-01-09T10:30:00Z"]);
        assert_eq!(send(&mut ben, &taken, "Ben").await.status, StatusCode::SEE_OTHER);

        let late = Browser::new(&practice).post("/book/discovery-call/hold", &[("slot", wednesday)]).await;
        assert_eq!((late.status, late.values("slot").len()), (StatusCode::CONFLICT, 3));
        assert!(late.html.contains("action=\"/book/discovery-call/hold\""));
        let shared = format!("/book/discovery-call/details?slot={wednesday}");
        assert_eq!(Browser::new(&practice).get(&shared).await.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn whoever_read_about_one_therapist_books_with_her() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = Browser::new(&practice);
        let about = ben.get("/about").await;
        assert!(about.html.contains(&format!("\"/book?with={}\"", SAMIR.0)), "{}", about.html);
        let list = ben.get(&format!("/book?with={}", SAMIR.0)).await;
        let here = format!("/book/discovery-call?with={}", SAMIR.0);
        assert!(list.html.contains(&format!("\"{here}\"")), "{}", list.html);
        let picker = ben.get(&format!("{here}&day=2030-01-08")).await;
        assert_eq!(picker.between("aria-current=\"true\">", "<"), "Samir");
        let form = [("slot", TUESDAY_TEN), ("with", &*picker.value("with"))];
        let kept = ben.post("/book/discovery-call/hold", &form).await;
        let details = ben.follow(&kept).await;
        assert!(details.has("With Samir"), "{}", details.text());
        assert!(details.html.contains(&format!("with={}", SAMIR.0)), "the way back to the times is to his");

        let mut eve = Browser::new(&practice);
        for (with, left) in [(SAMIR.0.to_string(), 0), (ADA.0.to_string(), 1), ("nobody".to_owned(), 1)] {
            let times = eve.get(&format!("/book/discovery-call?with={with}&day=2030-01-08")).await;
            assert_eq!(count(&times, TUESDAY_TEN), left, "{with}");
        }
        let refused = eve.post("/book/discovery-call/hold", &form).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.has("Someone took 10:00 a moment ago"), "{}", refused.text());
        let other = refused.value("slot");
        let kept = eve.post("/book/discovery-call/hold", &[("slot", &*other), ("with", &refused.value("with"))]).await;
        let hers = eve.follow(&kept).await;
        assert!(hers.has("With Samir"), "what is offered instead is with him too: {}", hers.text());

        for (browser, details, name) in [(&mut ben, &details, "Ben"), (&mut eve, &hers, "Eve")] {
            assert_eq!(send(browser, details, name).await.status, StatusCode::SEE_OTHER);
        }
        // He takes nobody new any more: whoever chose him is not given to somebody else.
        let mut late = Browser::new(&practice);
        let chosen = late.get(&format!("{here}&day=2030-01-15")).await;
        let (slot, with) = (chosen.value("slot"), chosen.value("with"));
        let change = "mutation($input: SetTherapistProfileInput!) { setTherapistProfile(input: $input) { userErrors { code } } }";
        let closed = json!({ "name": "Samir", "title": "Counsellor", "summary": "", "about": [], "takesNewClients": false });
        let samir = Some(staff(SAMIR_USER));
        let done = practice.ask_as(samir, change, json!({ "input": closed })).await;
        assert_eq!(done["data"]["setTherapistProfile"]["userErrors"], json!([]), "{done:#}");
        let kept = late.post("/book/discovery-call/hold", &[("slot", &*slot), ("with", &*with)]).await;
        assert!(kept.location.is_some_and(|to| to.starts_with("/book/discovery-call")), "back to the times there are");
        let form = [
            ("slot", &*slot),
            ("with", &*with),
            ("name", "Lee"),
            ("email", "lee@example.org"),
            ("phone", "020 7946 0018"),
        ];
        let refused = late.post("/book/discovery-call", &form).await;
        assert!(refused.has("Samir takes no new clients at the moment."), "{}", refused.text());
        let with_anyone_else =
            "select count(*) from bookings b join therapists t on t.id = b.therapist_id where t.name <> 'Samir'";
        assert_eq!(practice.count("select count(*) from bookings").await, 2);
        assert_eq!(practice.count(with_anyone_else).await, 0);
    })
    .await;
}

#[tokio::test]
async fn whoever_goes_back_still_has_their_time() {
    on_both_engines(|practice: Practice| async move {
        let wednesday = "2030-01-09T10:00:00Z";
        let mut ben = Browser::new(&practice);
        choose(&mut ben, wednesday).await;
        assert_eq!(count(&Browser::new(&practice).get("/book/discovery-call?day=2030-01-09").await, wednesday), 0);
        assert_eq!(count(&ben.get("/book/discovery-call?day=2030-01-09").await, wednesday), 1);
        choose(&mut ben, "2030-01-09T11:00:00Z").await;
        assert_eq!(count(&ben.get("/book/discovery-call?day=2030-01-09").await, wednesday), 1, "the first was let go");
        assert_eq!(practice.count("select count(*) from occupancy").await, 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_goes_back_after_booking_sees_what_they_booked() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = Browser::new(&practice);
        let details = choose(&mut ben, TUESDAY_TEN).await;
        let booked = send(&mut ben, &details, "Ben").await;
        let there = booked.location.clone().expect("a confirmation");
        let confirmation = ben.follow(&booked).await;
        assert!(
            confirmation.has("In a few minutes a mail to ben@example.org brings this booking"),
            "{}",
            confirmation.text()
        );
        // Another tab had the form open still, with a key of its own.
        let form = |name: &'static str, email: &'static str| {
            [("slot", TUESDAY_TEN), ("name", name), ("email", email), ("phone", "020 7946 0018")]
        };
        let twin = ben.post("/book/discovery-call", &form("Ben", "BEN@example.org ")).await;
        assert_eq!(twin.location.as_ref(), Some(&there));
        assert_eq!(practice.count("select count(*) from bookings").await, 1);
        // With somebody else it is free: whoever comes to the same browser then books for themselves.
        let cleo = ben.post("/book/discovery-call", &form("Cleo", "cleo@example.org")).await;
        assert_ne!(cleo.location.as_ref(), Some(&there));
        assert_eq!(practice.count("select count(*) from bookings").await, 2);
        let hers = cleo.location.clone().expect("a confirmation");
        let back = ben.get(&format!("/book/discovery-call/details?slot={TUESDAY_TEN}")).await;
        assert_eq!(back.location, Some(hers), "nobody else was quicker");
        let stranger = Browser::new(&practice).get(&format!("/book/discovery-call/details?slot={TUESDAY_TEN}")).await;
        assert_eq!(stranger.status, StatusCode::CONFLICT);
    })
    .await;
}

#[tokio::test]
async fn times_are_shown_in_both_zones() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = Browser::new(&practice);
        let picker = ben.get("/book/discovery-call?day=2030-01-08&tz=Europe/Stockholm").await;
        assert!(picker.has("Stockholm time. 16 times are free. Morning 10:00 09:00 London"), "{}", picker.text());
        assert!(picker.has("London time, where the practice is, stands beneath."), "{}", picker.text());
        assert!(ben.get("/book/discovery-call").await.has("Stockholm time."), "the zone is remembered");
        let form = [("slot", TUESDAY_TEN), ("tz", "Europe/Stockholm")];
        let kept = ben.post("/book/discovery-call/hold", &form).await;
        let details = ben.follow(&kept).await;
        assert!(details.has("11:00 to 11:20 Stockholm time. In London that is 10:00."), "{}", details.text());
        let far = Browser::new(&practice).get("/book/discovery-call?day=2030-01-08&tz=Pacific/Auckland").await;
        assert!(far.has("02:30 Mon 13:30 London"), "{}", far.text());
        let unknown = Browser::new(&practice).get("/book/discovery-call?tz=Mars/Olympus").await;
        assert!(unknown.has("London time."), "{}", unknown.text());
        assert!(unknown.has("We know no place of that name."), "{}", unknown.text());
        assert_eq!(unknown.values("tz").last().map(String::as_str), Some("Mars/Olympus"), "what was typed stays");
    })
    .await;
}

#[tokio::test]
async fn any_place_is_found_however_it_is_written() {
    on_both_engines(|practice: Practice| async move {
        for (typed, city) in [
            ("kampala", "Kampala"),
            ("New York", "New York"),
            ("america/new_york", "New York"),
            ("  Buenos Aires ", "Buenos Aires"),
            ("Etc/GMT+5", "GMT+5"),
        ] {
            let mut ben = Browser::new(&practice);
            let typed = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>();
            let picker = ben.get(&format!("/book/discovery-call?day=2030-01-08&tz={typed}")).await;
            assert!(picker.has(&format!("{city} time.")), "{typed}: {}", picker.text());
            assert!(ben.get("/book/discovery-call").await.has(&format!("{city} time.")), "{typed} is not remembered");
        }
        let list = Browser::new(&practice).get("/book/discovery-call").await;
        let places = list.between("<datalist id=\"places\">", "</datalist>");
        assert!(places.contains("<option>Kampala<option>") && places.contains("<option>St Johns<option>"), "{places}");
    })
    .await;
}

#[tokio::test]
async fn hours_are_counted_to_twelve_for_whoever_says_so() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = Browser::new(&practice);
        let picker = ben.get("/book/discovery-call?day=2030-01-08").await;
        assert!(picker.has("14:30") && !picker.has("2:30 pm"), "{}", picker.text());
        let link = picker.between("hours=12\">", "</a>");
        assert_eq!(link, "Use a 12-hour clock");
        let picker = ben.get("/book/discovery-call?day=2030-01-08&hours=12").await;
        assert!(picker.has("2:30 pm") && picker.has("Use a 24-hour clock"), "{}", picker.text());
        let details = choose(&mut ben, "2030-01-08T14:30:00Z").await;
        assert!(details.has("Tuesday 8 January, 2:30 pm to 2:50 pm London time."), "{}", details.text());
        assert!(details.has("We keep this time for you until 8:10 am ."), "{}", details.text());
        let booked = send(&mut ben, &details, "Ben").await;
        let confirmation = ben.follow(&booked).await;
        assert!(confirmation.has("2:30 pm to 2:50 pm"), "{}", confirmation.text());
        let elsewhere = Browser::new(&practice).get("/book/discovery-call?hours=13").await;
        assert!(elsewhere.has("09:00") && !elsewhere.has("9:00 am"), "{}", elsewhere.text());
    })
    .await;
}

#[tokio::test]
async fn a_script_keeps_a_time_as_the_button_does_and_hears_until_when() {
    on_both_engines(|practice: Practice| async move {
        // On Wednesdays only Ada works.
        let (ten, eleven) = ("2030-01-09T10:00:00Z", "2030-01-09T11:00:00Z");
        let held = async || practice.count("select count(*) from occupancy").await;
        let mut ben = Browser::new(&practice);
        ben.accept = "text/plain";
        for slot in [ten, eleven, eleven] {
            let kept = ben.post("/book/discovery-call/hold", &[("slot", slot)]).await;
            assert_eq!((kept.status, &*kept.html), (StatusCode::OK, "2030-01-07T08:10:00Z"));
            assert_eq!(kept.kind, "text/plain; charset=utf-8");
            assert_eq!(held().await, 1, "the one before is given back");
        }
        let mut cleo = Browser::new(&practice);
        cleo.accept = "text/plain";
        assert_eq!(cleo.post("/book/discovery-call/hold", &[("slot", eleven)]).await.status, StatusCode::CONFLICT);
        assert_eq!(cleo.post("/book/discovery-call/hold", &[("slot", ten)]).await.status, StatusCode::OK);

        // The button takes over what the script kept.
        ben.accept = "text/html";
        let picker = ben.get("/book/discovery-call?day=2030-01-09&slot=2030-01-09T11:00:00Z").await;
        assert!(picker.has("We keep it for you until 08:10."), "{}", picker.text());
        let details = choose(&mut ben, eleven).await;
        assert!(details.has("We keep this time for you until 08:10"), "{}", details.text());
        let booked = send(&mut ben, &details, "Ben").await;
        assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.text());
    })
    .await;
}

#[tokio::test]
async fn every_cookie_of_a_booking_is_bound_to_this_host() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = Browser::new(&practice);
        ben.get("/book/discovery-call?day=2030-01-08&tz=Europe/Stockholm&hours=12").await;
        let details = choose(&mut ben, TUESDAY_TEN).await;
        let booked = send(&mut ben, &details, "Ben").await;
        ben.follow(&booked).await;
        let shapes: Vec<String> = ben
            .set
            .iter()
            .map(|set| {
                let (pair, attributes) = set.split_once("; ").expect("attributes");
                format!("{} {attributes}", pair.split('=').next().expect("a name"))
            })
            .collect();
        // Scripts of the page set the first two as well.
        assert_eq!(
            shapes,
            [
                "__Host-tz Max-Age=31536000; Path=/; Secure; SameSite=Lax",
                "__Host-hours Max-Age=31536000; Path=/; Secure; SameSite=Lax",
                "__Host-hold Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax",
                "__Host-booked Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Lax",
                "__Host-hold Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax",
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn the_picker_opens_where_something_is_free() {
    on_both_engines(|practice: Practice| async move {
        away(&practice, "2030-01-07", "2030-02-05").await;
        let mut ben = Browser::new(&practice);
        let opened = ben.get("/book/discovery-call").await;
        assert!(opened.has("February 2030") && opened.has("Wednesday 6 February"), "{}", opened.text());
        let empty = ben.get("/book/discovery-call?month=2030-01").await;
        assert!(empty.has("No free times in January"), "{}", empty.text());
        assert!(
            empty.html.contains("href=\"?day=2030-02-06\"") && empty.html.contains("href=\"/book/discovery-call/ask\"")
        );
        let beyond = ben.get("/book/discovery-call?month=2099-01").await;
        assert!(beyond.has("March 2030"), "{}", beyond.text());
        assert!(beyond.html.contains("aria-label=\"April 2030, no times\""));
    })
    .await;
}

#[tokio::test]
async fn a_change_of_the_clocks_is_announced_in_its_week() {
    on_both_engines(|practice: Practice| async move {
        let mut ben = Browser::new(&practice);
        let week = ben.get("/book/discovery-call?day=2030-03-07&tz=America/New_York").await;
        assert!(week.has("In New York the clocks go forward on Sunday 10 March."));
        let before = ben.get("/book/discovery-call?day=2030-03-01&tz=America/New_York").await;
        assert!(!before.has("The clocks change"), "{}", before.text());
    })
    .await;
}
