//! This session, this and the following ones, all to come; one left out, one moved, the end.

use super::kit::{PLACE, ada, as_somebody, ben, code, conflicts, id_of, in_calendar, place, somebody, thursdays};
use crate::support::{Practice, on_both_engines};
use serde_json::json;
use shared::stage::Stage;

#[tokio::test]
async fn one_session_moves_and_the_place_stays() {
    on_both_engines(|practice: Practice| async move {
        let made = place(&practice, thursdays(ben(&practice).await, json!({}))).await;
        let before = practice.count("select count(distinct reference) from bookings").await;
        let input = json!({
            "seriesId": id_of(&made), "scope": "THIS", "date": "2030-01-17", "toDate": "2030-01-18", "time": "15:00",
        });
        let moved = ada(&practice, "changeSeries", PLACE, input).await;
        assert_eq!(moved["userErrors"], json!([]), "{moved:#}");
        let next = &moved["series"]["upcoming"];
        assert_eq!(
            (&next[1]["date"], &next[1]["startsAt"], &next[1]["isMoved"]),
            (&json!("2030-01-17"), &json!("2030-01-18T15:00:00Z"), &json!(true))
        );
        assert_eq!(practice.count("select count(distinct reference) from bookings").await, before, "the same session");
        assert_eq!(practice.count("select count(*) from bookings where calendar_sequence = 1").await, 1);
        practice.book("Cleo", "2030-01-17T11:00:00Z").await;

        let wrong =
            json!({ "seriesId": id_of(&made), "scope": "THIS", "date": "2030-01-24", "minutes": 80, "time": "11:00" });
        assert_eq!(code(&ada(&practice, "changeSeries", PLACE, wrong).await), Some("INVALID"));
    })
    .await;
}

#[tokio::test]
async fn from_one_session_on_the_place_is_another_and_what_was_agreed_still_holds() {
    on_both_engines(|practice: Practice| async move {
        let made = place(&practice, thursdays(ben(&practice).await, json!({}))).await;
        let skip = json!({ "seriesId": id_of(&made), "date": "2030-02-14" });
        assert_eq!(ada(&practice, "skipOccurrence", PLACE, skip).await["userErrors"], json!([]));
        let input = json!({
            "seriesId": id_of(&made), "scope": "THIS_AND_FOLLOWING", "date": "2030-01-31", "weekday": "TUESDAY", "time": "16:00",
        });
        let changed = ada(&practice, "changeSeries", &format!("{PLACE} conflicts calledOff"), input).await;
        assert_eq!((&changed["userErrors"], &changed["calledOff"]), (&json!([]), &json!(0)), "{changed:#}");
        assert_ne!(id_of(&changed), id_of(&made), "a place of its own follows");
        let booked = in_calendar(&practice).await;
        assert_eq!(
            booked[..5],
            ["2030-01-10T11:00:00Z", "2030-01-17T11:00:00Z", "2030-01-24T11:00:00Z", "2030-01-29T16:00:00Z", "2030-02-05T16:00:00Z"]
        );
        assert!(!booked.contains(&"2030-02-12T16:00:00Z".to_owned()), "that week stays left out: {booked:?}");
        assert_eq!(practice.count("select count(*) from bookings where status = 'CANCELLED'").await, 1, "the skipped one");
        // The old time beyond the calendar is free, the new one is kept.
        practice.book("Cleo", "2030-02-28T11:00:00Z").await;
        assert_eq!(code(&practice.try_book("Dora", "2030-03-05T16:00:00Z").await), Some("SLOT_TAKEN"));
    })
    .await;
}

#[tokio::test]
async fn all_to_come_change_and_those_without_a_place_any_more_cost_nothing() {
    on_both_engines(|practice: Practice| async move {
        let made = place(&practice, thursdays(ben(&practice).await, json!({}))).await;
        let input = json!({ "seriesId": id_of(&made), "scope": "ALL", "cadence": "EVERY_TWO_WEEKS", "minutes": 80, "modality": "PHONE" });
        let changed = ada(&practice, "changeSeries", &format!("{PLACE} calledOff"), input).await;
        assert_eq!((&changed["userErrors"], &changed["calledOff"]), (&json!([]), &json!(5)), "{changed:#}");
        assert_eq!(id_of(&changed), id_of(&made));
        let booked = in_calendar(&practice).await;
        assert_eq!(booked, [
            "2030-01-10T11:00:00Z", "2030-01-24T11:00:00Z", "2030-02-07T11:00:00Z", "2030-02-21T11:00:00Z", "2030-03-07T11:00:00Z",
        ]);
        assert_eq!(practice.count("select count(*) from fees").await, 0);
        assert_eq!(practice.count("select count(*) from bookings where modality = 'PHONE'").await, 5);
    })
    .await;
}

#[tokio::test]
async fn a_new_time_that_is_taken_one_week_is_a_conflict_of_that_week() {
    on_both_engines(|practice: Practice| async move {
        let made = place(&practice, thursdays(ben(&practice).await, json!({}))).await;
        practice.book("Cleo", "2030-01-24T14:00:00Z").await;
        let input = json!({ "seriesId": id_of(&made), "scope": "ALL", "time": "14:00" });
        let changed = ada(&practice, "changeSeries", &format!("{PLACE} conflicts"), input).await;
        assert_eq!(changed["conflicts"], json!(["2030-01-24"]), "{changed:#}");
        assert_eq!(conflicts(&practice).await.len(), 1);
        let left_out = json!({ "seriesId": id_of(&made), "date": "2030-01-24" });
        assert_eq!(ada(&practice, "skipOccurrence", PLACE, left_out).await["userErrors"], json!([]));
        assert_eq!(conflicts(&practice).await.len(), 0, "she has decided");
        assert_eq!(in_calendar(&practice).await.len(), 9);
    })
    .await;
}

#[tokio::test]
async fn a_client_leaves_one_out_and_changes_nothing_else() {
    on_both_engines(|practice: Practice| async move {
        let client = ben(&practice).await;
        let made = place(&practice, thursdays(client, json!({}))).await;
        let other = somebody(&practice, "Cleo", "Europe/London", Stage::Active).await;
        let near = json!({ "seriesId": id_of(&made), "date": "2030-01-24" });
        let far = json!({ "seriesId": id_of(&made), "date": "2030-06-06" });
        assert_eq!(
            code(&as_somebody(&practice, other.viewer, "skipOccurrence", "series { id }", near.clone()).await),
            Some("NOT_FOUND")
        );

        let skipped = as_somebody(&practice, client.viewer, "skipOccurrence", PLACE, near).await;
        assert_eq!(skipped["userErrors"], json!([]), "{skipped:#}");
        let skipped = as_somebody(&practice, client.viewer, "skipOccurrence", PLACE, far.clone()).await;
        assert_eq!(skipped["userErrors"], json!([]), "{skipped:#}");
        assert_eq!(in_calendar(&practice).await.len(), 9);
        assert_eq!(practice.count("select count(*) from series_exceptions where by_whom = 'CLIENT'").await, 1);
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'SERIES'").await, 46);
        assert_eq!(practice.count("select count(*) from fees").await, 0, "two weeks ahead is free");
        let again = as_somebody(&practice, client.viewer, "skipOccurrence", "series { id }", far).await;
        assert_eq!(code(&again), Some("NOT_FOUND"), "it is left out already");

        for (mutation, input) in [
            (
                "moveOccurrence",
                json!({ "seriesId": id_of(&made), "date": "2030-01-31", "toDate": "2030-02-01", "toTime": "10:00" }),
            ),
            ("endSeries", json!({ "seriesId": id_of(&made) })),
            ("changeSeries", json!({ "seriesId": id_of(&made), "scope": "ALL", "time": "10:00" })),
        ] {
            let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
            let ask = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}");
            let answer = practice.ask_as(Some(client.viewer), &ask, json!({ "input": input })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{mutation}: {answer:#}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_place_ends_after_its_last_day() {
    on_both_engines(|practice: Practice| async move {
        let client = ben(&practice).await;
        let made = place(&practice, thursdays(client, json!({}))).await;
        let input = json!({ "seriesId": id_of(&made), "lastOn": "2030-01-20" });
        let ended = ada(&practice, "endSeries", PLACE, input).await;
        assert_eq!((&ended["userErrors"], &ended["series"]["endsOn"]), (&json!([]), &json!("2030-01-20")), "{ended:#}");
        assert_eq!(in_calendar(&practice).await, ["2030-01-10T11:00:00Z", "2030-01-17T11:00:00Z"]);
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'SERIES'").await, 0);
        super::kit::days(&practice, 15).await;
        assert_eq!(practice.count("select count(*) from series where state = 'ACTIVE'").await, 0);
        let again = ada(&practice, "endSeries", PLACE, json!({ "seriesId": id_of(&made) })).await;
        assert_eq!(code(&again), Some("ALREADY_DONE"));
    })
    .await;
}

#[tokio::test]
async fn a_time_that_is_taken_is_refused_for_one_session_with_free_times() {
    on_both_engines(|practice: Practice| async move {
        let made = place(&practice, thursdays(ben(&practice).await, json!({}))).await;
        practice.book("Cleo", "2030-01-18T10:00:00Z").await;
        let input =
            json!({ "seriesId": id_of(&made), "date": "2030-01-17", "toDate": "2030-01-18", "toTime": "10:00" });
        let refused = ada(&practice, "moveOccurrence", &format!("{PLACE} alternatives {{ startsAt }}"), input).await;
        assert_eq!(code(&refused), Some("SLOT_TAKEN"), "{refused:#}");
        assert_eq!(refused["alternatives"].as_array().map(Vec::len), Some(3));
        assert_eq!(in_calendar(&practice).await[1], "2030-01-17T11:00:00Z", "nothing was moved");
    })
    .await;
}

#[tokio::test]
async fn a_time_that_somebody_else_has_for_good_is_no_new_time_for_a_place() {
    on_both_engines(|practice: Practice| async move {
        let made = place(&practice, thursdays(ben(&practice).await, json!({}))).await;
        let cleo = somebody(&practice, "Cleo", "Europe/London", Stage::Active).await;
        place(&practice, thursdays(cleo, json!({ "time": "14:00" }))).await;
        let before = in_calendar(&practice).await;
        for scope in [json!({ "scope": "ALL" }), json!({ "scope": "THIS_AND_FOLLOWING", "date": "2030-01-24" })] {
            let mut input = json!({ "seriesId": id_of(&made), "time": "14:00" });
            for (field, value) in scope.as_object().expect("fields") {
                input[field] = value.clone();
            }
            let refused = ada(&practice, "changeSeries", &format!("{PLACE} conflicts"), input).await;
            assert_eq!(code(&refused), Some("SLOT_TAKEN"), "{refused:#}");
            assert_eq!(refused["userErrors"][0]["field"], json!(["time"]));
        }
        assert_eq!(in_calendar(&practice).await, before, "nothing is half done");
        assert_eq!(conflicts(&practice).await.len(), 0);
        // What does not touch the time is changed all the same.
        let shorter = json!({ "seriesId": id_of(&made), "scope": "ALL", "minutes": 30 });
        assert_eq!(ada(&practice, "changeSeries", PLACE, shorter).await["userErrors"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn reminders_go_with_the_sessions_of_a_place_wherever_they_go() {
    on_both_engines(|practice: Practice| async move {
        let made = place(&practice, thursdays(ben(&practice).await, json!({}))).await;
        let planned = async |starts_at: &str| {
            let mut conn = practice.app.db.read().await.expect("a connection");
            let at: shared::time::Instant = starts_at.parse().expect("a time");
            let count: i64 = conn
                .query("select count(*) from reminders where state = 'PLANNED' and starts_at = $1")
                .bind(at)
                .value()
                .await
                .expect("a count");
            count
        };
        let usual = planned("2030-01-24T11:00:00Z").await;
        assert!(usual > 0);
        let shift = json!({
            "seriesId": id_of(&made), "date": "2030-01-24", "toDate": "2030-01-25", "toTime": "15:00",
        });
        assert_eq!(ada(&practice, "moveOccurrence", PLACE, shift).await["userErrors"], json!([]));
        assert_eq!((planned("2030-01-24T11:00:00Z").await, planned("2030-01-25T15:00:00Z").await), (0, usual));

        let skip = json!({ "seriesId": id_of(&made), "date": "2030-01-31" });
        let left = ada(&practice, "skipOccurrence", "series { leftOut }", skip).await;
        assert_eq!(left["series"]["leftOut"], json!(["2030-01-31"]));
        assert_eq!(planned("2030-01-31T11:00:00Z").await, 0, "nobody is reminded of what is left out");
        let again = json!({
            "seriesId": id_of(&made), "date": "2030-01-31", "toDate": "2030-01-31", "toTime": "11:00",
        });
        let back = ada(&practice, "moveOccurrence", "series { leftOut }", again).await;
        assert_eq!(back["series"]["leftOut"], json!([]));
        assert_eq!(planned("2030-01-31T11:00:00Z").await, usual, "it takes place again");

        let later = json!({ "seriesId": id_of(&made), "scope": "ALL", "time": "16:00" });
        assert_eq!(ada(&practice, "changeSeries", PLACE, later).await["userErrors"], json!([]));
        assert_eq!((planned("2030-02-07T11:00:00Z").await, planned("2030-02-07T16:00:00Z").await), (0, usual));
    })
    .await;
}

#[tokio::test]
async fn a_session_that_was_moved_ahead_of_its_day_does_not_leave_the_day_behind() {
    on_both_engines(|practice: Practice| async move {
        let ben = ben(&practice).await;
        let made = place(&practice, thursdays(ben, json!({}))).await;
        let next = made["series"]["upcoming"].as_array().expect("times");
        let id = next.iter().find(|it| it["date"] == "2030-01-31").expect("a session")["bookingId"].clone();
        let earlier = json!({ "bookingId": id, "startsAt": "2030-01-08T15:00:00Z" });
        let moved = as_somebody(&practice, ben.viewer, "rescheduleBooking", "", earlier).await;
        assert_eq!(moved["userErrors"], json!([]), "{moved:#}");
        let dates = async || {
            let ask = "{ viewer { client { series { upcoming(first: 8) { date } } } } }";
            let answer = practice.ask_as(Some(ben.viewer), ask, json!({})).await;
            answer["data"]["viewer"]["client"]["series"][0]["upcoming"].to_string()
        };
        assert!(dates().await.contains("2030-01-31"), "at another time, under its own name");
        practice.pass_minutes(3 * 24 * 60).await;
        assert!(!dates().await.contains("2030-01-31"), "it took place: {}", dates().await);
    })
    .await;
}
