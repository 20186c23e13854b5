//! Freed time is offered to one person at a time, kept while they decide, and passed on.

use crate::support::clients::{active, client};
use crate::support::post::{Story, on_both_engines};
use crate::support::{ADA_USER, DISCOVERY, SESSION, staff};
use serde_json::json;
use shared::reminder::ReminderPreferencesInput;
use shared::stage::Stage;
use std::sync::Arc;

/// The outward delay: until then a cancellation can be undone.
const SETTLED: i64 = 3;

#[tokio::test]
async fn an_earlier_time_is_kept_for_whoever_waits_and_taking_it_moves_their_session() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let (ben, cleo) = (active(practice, "Ben").await, active(practice, "Cleo").await);
        let late = ben.book(practice, "2030-01-17T10:00:00Z").await;
        let freed = cleo.book(practice, "2030-01-10T10:00:00Z").await;
        let joined = ben.wish(practice, json!({ "insteadOf": late })).await;
        assert_eq!(joined["userErrors"], json!([]), "{joined}");
        practice.pass_minutes(30).await;
        assert!(ben.offers(practice).await.is_empty(), "what was free before is nothing to wait for");

        cleo.cancel(practice, &freed).await;
        assert!(ben.offers(practice).await.is_empty());
        practice.pass_minutes(SETTLED).await;
        let offers = ben.offers(practice).await;
        let [(offer, start, until)] = offers.as_slice() else { panic!("{offers:?}") };
        assert_eq!((start.as_str(), until.as_str()), ("2030-01-10T10:00:00Z", "2030-01-07T10:33:00Z"));
        let mail = story.to_ben().pop().expect("a mail");
        assert_eq!(mail.subject, "A time has become free: Thu 10 January, 10:00");
        assert!(mail.text.contains("kept for you until Mon 7 January, 10:33."), "{}", mail.text);
        // It is really kept: nobody else can have it.
        let taken = "mutation($input: BookSessionInput!) { bookSession(input: $input) { userErrors { code } } }";
        let input = json!({ "input": { "sessionTypeId": SESSION, "startsAt": start } });
        let refused = cleo.ask(practice, taken, input).await;
        assert_eq!(refused["bookSession"]["userErrors"][0]["code"], "SLOT_TAKEN");

        let before = story.to_ben().len();
        assert_eq!(ben.answer(practice, offer, "acceptOffer").await, None);
        assert_eq!(ben.sessions(practice).await, ["2030-01-10T10:00:00Z"]);
        assert!(ben.offers(practice).await.is_empty());
        practice.pass_minutes(10).await;
        let news: Vec<String> = story.to_ben().iter().skip(before).map(|mail| mail.subject.clone()).collect();
        assert_eq!(news, ["Your appointment is now on Thu 10 January, 10:00 (moved)"], "told once");
        assert_eq!(practice.count("select count(*) from bookings where status = 'CONFIRMED'").await, 1);
        // The time they had is free again.
        cleo.book(practice, "2030-01-17T10:00:00Z").await;
    })
    .await;
}

#[tokio::test]
async fn a_time_nobody_answers_passes_on_and_so_does_one_that_is_left() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let (ben, cleo, dora) =
            (active(practice, "Ben").await, active(practice, "Cleo").await, active(practice, "Dora").await);
        let freed = dora.book(practice, "2030-01-10T10:00:00Z").await;
        ben.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        practice.pass_minutes(1).await;
        cleo.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        dora.cancel(practice, &freed).await;
        practice.pass_minutes(SETTLED).await;
        assert_eq!((ben.offers(practice).await.len(), cleo.offers(practice).await.len()), (1, 0), "one at a time");

        let (offer, ..) = ben.offers(practice).await.remove(0);
        practice.pass_minutes(121).await;
        practice.pass_minutes(SETTLED).await;
        assert_eq!((ben.offers(practice).await.len(), cleo.offers(practice).await.len()), (0, 1));
        assert_eq!(ben.answer(practice, &offer, "acceptOffer").await.as_deref(), Some("ALREADY_DONE"));

        let (offer, ..) = cleo.offers(practice).await.remove(0);
        assert_eq!(ben.answer(practice, &offer, "acceptOffer").await.as_deref(), Some("NOT_FOUND"), "somebody else's");
        assert_eq!(cleo.answer(practice, &offer, "declineOffer").await, None);
        practice.pass_minutes(SETTLED).await;
        assert_eq!(
            (ben.offers(practice).await.len(), cleo.offers(practice).await.len()),
            (0, 0),
            "nobody is asked twice"
        );
        dora.book(practice, "2030-01-10T10:00:00Z").await;
    })
    .await;
}

#[tokio::test]
async fn an_offer_in_the_evening_goes_on_in_the_morning_and_the_mail_waits_for_it() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let (ben, cleo) = (active(practice, "Ben").await, active(practice, "Cleo").await);
        let freed = cleo.book(practice, "2030-01-10T10:00:00Z").await;
        ben.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        // Monday, half past ten in the evening.
        practice.pass_minutes(14 * 60 + 30).await;
        let mails = story.to_ben().len();
        cleo.cancel(practice, &freed).await;
        practice.pass_minutes(SETTLED).await;
        let offers = ben.offers(practice).await;
        assert_eq!(offers[0].2, "2030-01-08T10:00:00Z");
        assert_eq!(story.to_ben().len(), mails, "nobody is woken");
        practice.pass_minutes(9 * 60 + 30).await;
        assert_eq!(story.to_ben().len(), mails + 1);
        assert_eq!(ben.answer(practice, &offers[0].0, "acceptOffer").await, None);
        assert_eq!(ben.sessions(practice).await, ["2030-01-10T10:00:00Z"]);
    })
    .await;
}

#[tokio::test]
async fn who_wants_no_mail_finds_the_time_in_the_portal() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let (ben, cleo) = (active(practice, "Ben").await, active(practice, "Cleo").await);
        ben.prefers(practice, ReminderPreferencesInput { portal_only: true, ..Default::default() }).await;
        let freed = cleo.book(practice, "2030-01-10T10:00:00Z").await;
        ben.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        cleo.cancel(practice, &freed).await;
        practice.pass_minutes(SETTLED).await;
        let offers = ben.offers(practice).await;
        let [(offer, start, _)] = offers.as_slice() else { panic!("{offers:?}") };
        assert_eq!(start, "2030-01-10T10:00:00Z");
        practice.pass_minutes(30).await;
        assert!(story.to_ben().is_empty(), "nothing is mailed");
        assert_eq!(ben.answer(practice, offer, "acceptOffer").await, None);
        assert_eq!(ben.sessions(practice).await, ["2030-01-10T10:00:00Z"]);
    })
    .await;
}

#[tokio::test]
async fn an_offer_says_what_it_costs_and_another_price_is_shown_first() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let (ben, cleo) = (active(practice, "Ben").await, active(practice, "Cleo").await);
        let freed = cleo.book(practice, "2030-01-10T10:00:00Z").await;
        ben.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        cleo.cancel(practice, &freed).await;
        practice.pass_minutes(SETTLED).await;
        let shown = "{ viewer { waiting { offers { id price { amount currency } dueNow { amount } } } } }";
        let shown = ben.ask(practice, shown, json!({})).await["viewer"]["waiting"]["offers"][0].clone();
        assert_eq!(shown["price"], json!({ "amount": 7500, "currency": "GBP" }), "{shown:#}");

        let class = "mutation($id: SessionTypeId!) { setClassPrice(input: { sessionTypeId: $id, priceClass: DOMESTIC, amount: 9000 }) { userErrors { code } } }";
        practice.ask_as(Some(staff(ADA_USER)), class, json!({ "id": SESSION })).await;
        let accept = "mutation($input: AcceptOfferInput!) { acceptOffer(input: $input) { bookingId userErrors { code field message } } }";
        let with = |price: i64| json!({ "input": { "offerId": shown["id"], "shownPrice": { "amount": price, "currency": "GBP" } } });
        let refused = ben.ask(practice, accept, with(7500)).await["acceptOffer"].clone();
        assert_eq!(refused["userErrors"][0]["code"], "PRICE_CHANGED", "{refused:#}");
        assert_eq!(refused["userErrors"][0]["field"], json!(["shownPrice"]));
        assert!(refused["userErrors"][0]["message"].as_str().is_some_and(|words| words.contains("£90")), "{refused:#}");
        assert_eq!(ben.offers(practice).await.len(), 1, "the time stays kept");
        let taken = ben.ask(practice, accept, with(9000)).await["acceptOffer"].clone();
        assert_eq!(taken["userErrors"], json!([]), "{taken:#}");
        assert_eq!(ben.sessions(practice).await, ["2030-01-10T10:00:00Z"]);
    })
    .await;
}

#[tokio::test]
async fn only_what_suits_is_offered_and_only_what_is_open() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = active(practice, "Ben").await;
        let later = client(practice, "Lena", Stage::NotNow, "Europe/London").await;
        let cleo = active(practice, "Cleo").await;
        let freed = cleo.book(practice, "2030-01-10T10:00:00Z").await;
        ben.wish(practice, json!({ "sessionTypeId": SESSION, "weekdays": ["FRIDAY"] })).await;
        let refused = later.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        assert_eq!(refused["userErrors"][0]["code"], "STAGE_LOCKED", "no session of a later stage by this way either");
        let fine = later.wish(practice, json!({ "sessionTypeId": DISCOVERY })).await;
        assert_eq!(fine["userErrors"], json!([]), "those who were told “later” may wait for a call");

        cleo.cancel(practice, &freed).await;
        practice.pass_minutes(SETTLED).await;
        assert!(ben.offers(practice).await.is_empty(), "it is a Thursday");
        let offers = later.offers(practice).await;
        let [(offer, start, _)] = offers.as_slice() else { panic!("{offers:?}") };
        assert_eq!(start, "2030-01-10T10:00:00Z", "the first call that fits into the freed time");
        assert_eq!(later.answer(practice, offer, "acceptOffer").await, None);
        let stage = later.ask(practice, "{ viewer { client { relationship { stage } } } }", json!({})).await;
        assert_eq!(stage["viewer"]["client"]["relationship"]["stage"], "DISCOVERY_BOOKED");
    })
    .await;
}

#[tokio::test]
async fn the_therapist_lets_somebody_go_first_or_pauses_it_all() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ada = Some(staff(ADA_USER));
        let (ben, cleo, dora) =
            (active(practice, "Ben").await, active(practice, "Cleo").await, active(practice, "Dora").await);
        ben.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        practice.pass_minutes(1).await;
        let waiting = cleo.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        let change =
            "mutation($input: ChangeWishInput!) { changeWish(input: $input) { changed userErrors { message } } }";
        let input = json!({ "input": { "wishId": waiting["wishId"], "goesFirst": true, "isPaused": false } });
        let changed = practice.ask_as(ada, change, input).await;
        assert_eq!(changed["data"]["changeWish"]["changed"], true, "{changed}");

        let rules = "mutation($input: SetWaitlistRulesInput!) { setWaitlistRules(input: $input) {
            rules { isPaused } userErrors { message } } }";
        let set = async |paused: bool| {
            let input = json!({ "input": { "isPaused": paused, "offerMinutes": 60, "noticeMinutes": 180 } });
            let answer = practice.ask_as(ada, rules, input).await;
            assert_eq!(answer["data"]["setWaitlistRules"]["rules"]["isPaused"], paused, "{answer}");
        };
        set(true).await;
        let freed = dora.book(practice, "2030-01-10T10:00:00Z").await;
        dora.cancel(practice, &freed).await;
        practice.pass_minutes(SETTLED).await;
        assert_eq!((ben.offers(practice).await.len(), cleo.offers(practice).await.len()), (0, 0));

        set(false).await;
        let freed = dora.book(practice, "2030-01-10T10:00:00Z").await;
        dora.cancel(practice, &freed).await;
        practice.pass_minutes(SETTLED).await;
        assert_eq!((ben.offers(practice).await.len(), cleo.offers(practice).await.len()), (0, 1));
        let desk = "{ viewer { waitlist { waiting { name goesFirst offer { startsAt } } } } }";
        let seen = practice.ask_as(ada, desk, json!({})).await;
        let rows = &seen["data"]["viewer"]["waitlist"]["waiting"];
        assert_eq!((&rows[0]["name"], &rows[1]["goesFirst"]), (&json!("Ben"), &json!(true)), "{rows}");
        assert_eq!(rows[1]["offer"]["startsAt"], "2030-01-10T10:00:00Z");
    })
    .await;
}

#[tokio::test]
async fn time_off_that_is_taken_back_is_offered_too_and_a_wish_taken_back_gives_its_time_on() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ada = Some(staff(ADA_USER));
        let add = "mutation { addTimeOff(input: { from: \"2030-01-10\", to: \"2030-01-10\", fromTime: \"10:00\", toTime: \"11:00\" }) {
            timeOff { id } } }";
        let added = practice.ask_as(ada, add, json!({})).await;
        let off = added["data"]["addTimeOff"]["timeOff"]["id"].clone();
        let (ben, cleo) = (active(practice, "Ben").await, active(practice, "Cleo").await);
        let wish = ben.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        practice.pass_minutes(1).await;
        cleo.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        let remove = "mutation($input: RemoveTimeOffInput!) { removeTimeOff(input: $input) { userErrors { code } } }";
        practice.ask_as(ada, remove, json!({ "input": { "timeOffId": off } })).await;
        practice.pass_minutes(SETTLED).await;
        assert_eq!((ben.offers(practice).await.len(), cleo.offers(practice).await.len()), (1, 0));

        let leave = "mutation($input: LeaveWaitlistInput!) { leaveWaitlist(input: $input) { left userErrors { code } } }";
        let left = ben.ask(practice, leave, json!({ "input": { "wishId": wish["wishId"] } })).await;
        assert_eq!(left["leaveWaitlist"]["left"], true);
        assert_eq!(practice.count("select count(*) from waitlist_offers where state = 'WITHDRAWN'").await, 1);
        practice.pass_minutes(SETTLED).await;
        assert_eq!((ben.offers(practice).await.len(), cleo.offers(practice).await.len()), (0, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_answers_to_one_offer_one_counts() {
    on_both_engines(|story: Story| async move {
        let story = Arc::new(story);
        let practice = &story.practice;
        let (ben, cleo) = (active(practice, "Ben").await, active(practice, "Cleo").await);
        let freed = cleo.book(practice, "2030-01-10T10:00:00Z").await;
        ben.wish(practice, json!({ "sessionTypeId": SESSION })).await;
        cleo.cancel(practice, &freed).await;
        practice.pass_minutes(SETTLED).await;
        let (offer, ..) = ben.offers(practice).await.remove(0);
        let attempts: Vec<_> = (0..12)
            .map(|attempt| {
                let (story, offer) = (story.clone(), offer.clone());
                let how = if attempt % 3 == 2 { "declineOffer" } else { "acceptOffer" };
                tokio::spawn(async move { (how, ben.answer(&story.practice, &offer, how).await) })
            })
            .collect();
        let mut taken = 0;
        for attempt in attempts {
            let (how, refused) = attempt.await.expect("no attempt panics");
            taken += usize::from(how == "acceptOffer" && refused.is_none());
        }
        let sessions = ben.sessions(practice).await.len();
        assert!(taken <= 1 && taken == sessions, "{taken} taken, {sessions} sessions");
        let settled = "select count(*) from waitlist_offers where state in ('ACCEPTED', 'DECLINED')";
        assert_eq!(practice.count(settled).await, 1);
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'HOLD'").await, 0);
    })
    .await;
}
