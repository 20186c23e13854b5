//! A place is kept ahead by itself, mends itself, and says what it cannot do.

use super::kit::{PLACE, ada, as_somebody, ben, code, conflicts, days, id_of, in_calendar, place, somebody, thursdays};
use crate::support::{ADA_USER, DISCOVERY, Practice, on_both_engines, staff};
use serde_json::{Value, json};
use shared::stage::Stage;

#[tokio::test]
async fn ten_weeks_are_in_the_calendar_and_the_time_beyond_is_kept() {
    on_both_engines(|practice: Practice| async move {
        let client = ben(&practice).await;
        let made = place(&practice, thursdays(client, json!({}))).await;
        assert_eq!(made["series"]["words"], "Every Thursday, 11:00");
        let booked = in_calendar(&practice).await;
        assert_eq!((booked.len(), booked[0].as_str()), (10, "2030-01-10T11:00:00Z"));
        assert_eq!(practice.count("select count(*) from bookings where source <> 'SERIES'").await, 0);
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'SERIES'").await, 47);

        // Nobody can book a Thursday at eleven, neither soon nor at the end of the horizon.
        for day in ["2030-01-17", "2030-02-28"] {
            let refused = practice.try_book("Cleo", &format!("{day}T11:00:00Z")).await;
            assert_eq!(code(&refused), Some("SLOT_TAKEN"), "{day}: {refused:#}");
        }
        practice.book("Cleo", "2030-01-18T11:00:00Z").await;
    })
    .await;
}

#[tokio::test]
async fn it_is_kept_ahead_for_a_year_with_its_time_of_day_across_both_clock_changes() {
    on_both_engines(|practice: Practice| async move {
        let client = ben(&practice).await;
        place(&practice, thursdays(client, json!({}))).await;
        days(&practice, 364).await;
        let all = practice.count("select count(*) from bookings where series_id is not null").await;
        assert_eq!(all, 62, "52 Thursdays and ten weeks ahead");
        assert_eq!(practice.count("select count(*) from bookings where local_time <> '11:00'").await, 0);
        let booked = in_calendar(&practice).await;
        assert_eq!(booked.len(), 10, "what is over took place");
        for (day, at) in [("2030-03-28", "11"), ("2030-04-04", "10"), ("2030-10-24", "10"), ("2030-10-31", "11")] {
            let sql = "select count(*) from bookings where local_date = $1 and starts_at = $2";
            let starts: shared::time::Instant = format!("{day}T{at}:00:00Z").parse().expect("an instant");
            let date: shared::time::Date = day.parse().expect("a date");
            let mut conn = practice.app.db.read().await.expect("a connection");
            let count: i64 = conn.query(sql).bind(date).bind(starts).value().await.expect("a number");
            assert_eq!(count, 1, "{day} at {at} UTC");
        }
        assert_eq!(conflicts(&practice).await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_went_missing_is_put_back_and_what_was_called_off_stays_off() {
    on_both_engines(|practice: Practice| async move {
        let client = ben(&practice).await;
        place(&practice, thursdays(client, json!({}))).await;
        practice
            .app
            .db
            .write(|tx| {
                Box::pin(async move {
                    for sql in [
                        "delete from occupancy where booking_id in (select id from bookings where series_date = '2030-01-17')",
                        "delete from booking_steps where booking_id in (select id from bookings where series_date = '2030-01-17')",
                        "delete from bookings where series_date = '2030-01-17'",
                    ] {
                        tx.query(sql).run().await?;
                    }
                    Ok(())
                })
            })
            .await
            .expect("somebody pulled it out by hand");
        let ask = "{ viewer { client { bookings { nodes { id startsAt } } } } }";
        let own = practice.ask_as(Some(client.viewer), ask, json!({})).await;
        let third = own["data"]["viewer"]["client"]["bookings"]["nodes"]
            .as_array()
            .expect("bookings")
            .iter()
            .find(|it| it["startsAt"] == "2030-01-24T11:00:00Z")
            .expect("the third Thursday")
            .clone();
        let called_off =
            as_somebody(&practice, client.viewer, "cancelBooking", "booking { status }", json!({ "bookingId": third["id"] })).await;
        assert_eq!(called_off["booking"]["status"], "CANCELLED", "{called_off:#}");
        assert_eq!(in_calendar(&practice).await.len(), 8);

        days(&practice, 1).await;
        let booked = in_calendar(&practice).await;
        assert_eq!(booked.len(), 9, "{booked:?}");
        assert!(booked.contains(&"2030-01-17T11:00:00Z".to_owned()) && !booked.contains(&"2030-01-24T11:00:00Z".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn what_finds_no_room_is_shown_with_the_nearest_free_times_and_never_left_out() {
    on_both_engines(|practice: Practice| async move {
        practice.book("Cleo", "2030-01-17T11:00:00Z").await;
        let client = ben(&practice).await;
        let made = place(&practice, thursdays(client, json!({}))).await;
        assert_eq!(made["conflicts"], json!(["2030-01-17"]));
        let seen = conflicts(&practice).await;
        let [conflict] = seen.as_slice() else { panic!("{seen:#?}") };
        assert_eq!((&conflict["takenBy"], &conflict["series"]["clientName"]), (&json!("BOOKING"), &json!("Ben")));
        assert_eq!(conflict["alternatives"].as_array().map(Vec::len), Some(3), "{conflict:#}");

        // Ben is not promised what nobody can keep.
        let own = "{ viewer { client { series { upcoming(first: 3) { date bookingId } } } } }";
        let promised = practice.ask_as(Some(client.viewer), own, json!({})).await;
        let promised =
            promised["data"]["viewer"]["client"]["series"][0]["upcoming"].as_array().cloned().expect("dates");
        let days: Vec<&Value> = promised.iter().map(|next| &next["date"]).collect();
        assert_eq!(days, ["2030-01-10", "2030-01-24", "2030-01-31"]);
        assert!(promised.iter().all(|next| next["bookingId"].is_string()), "{promised:#?}");

        // One tap: the alternative becomes the session, and the conflict is gone.
        let input =
            json!({ "seriesId": id_of(&made), "date": "2030-01-17", "toDate": "2030-01-17", "toTime": "12:00" });
        let moved = ada(&practice, "moveOccurrence", PLACE, input).await;
        assert_eq!(moved["userErrors"], json!([]), "{moved:#}");
        assert_eq!(conflicts(&practice).await.len(), 0);
        let booked = in_calendar(&practice).await;
        assert_eq!((booked.len(), booked[1].as_str()), (10, "2030-01-17T12:00:00Z"));
    })
    .await;
}

#[tokio::test]
async fn a_first_session_that_is_taken_is_refused_with_free_times() {
    on_both_engines(|practice: Practice| async move {
        practice.book("Cleo", "2030-01-10T11:00:00Z").await;
        let client = ben(&practice).await;
        let input = thursdays(client, json!({}));
        let refused = ada(&practice, "createSeries", "series { id } alternatives { startsAt }", input).await;
        assert_eq!(code(&refused), Some("SLOT_TAKEN"), "{refused:#}");
        assert_eq!(refused["alternatives"].as_array().map(Vec::len), Some(3));
        assert_eq!(practice.count("select count(*) from series").await, 0);
        assert_eq!(practice.count("select count(*) from bookings where series_id is not null").await, 0);
    })
    .await;
}

#[tokio::test]
async fn only_clients_she_works_with_can_have_a_place() {
    on_both_engines(|practice: Practice| async move {
        for stage in [Stage::Inquiry, Stage::DiscoveryBooked, Stage::DiscoveryDone, Stage::NotNow, Stage::Ended] {
            let client = somebody(&practice, &format!("Ben{stage:?}"), "Europe/London", stage).await;
            let refused = ada(&practice, "createSeries", "series { id }", thursdays(client, json!({}))).await;
            assert_eq!(code(&refused), Some("STAGE_LOCKED"), "{stage:?}: {refused:#}");
        }
        let client = ben(&practice).await;
        let free =
            ada(&practice, "createSeries", "series { id }", thursdays(client, json!({ "sessionTypeId": DISCOVERY })))
                .await;
        assert_eq!(code(&free), Some("NOT_OFFERED"));
        let wrong =
            thursdays(client, json!({ "time": "24:00", "endsOn": "2030-01-01", "minutes": 2, "priceAmount": -1 }));
        let wrong = ada(&practice, "createSeries", "series { id }", wrong).await;
        assert_eq!(
            wrong["userErrors"].as_array().map(Vec::len),
            Some(4),
            "everything wrong is said at once: {wrong:#}"
        );
    })
    .await;
}

#[tokio::test]
async fn the_same_key_makes_one_place_and_length_and_price_are_its_own() {
    on_both_engines(|practice: Practice| async move {
        let client = ben(&practice).await;
        let input = thursdays(client, json!({ "idempotencyKey": "a-key-of-ada", "minutes": 80, "priceAmount": 6000 }));
        let first = place(&practice, input.clone()).await;
        let again = place(&practice, input).await;
        assert_eq!(id_of(&first), id_of(&again));
        assert_eq!(practice.count("select count(*) from series").await, 1);
        assert_eq!(practice.count("select count(*) from bookings where price_amount = 6000").await, 10);
        let ends = practice.count("select count(*) from bookings where price_source = 'AGREEMENT'").await;
        assert_eq!(ends, 10);
        // Eighty minutes and ten after: half past twelve is free again.
        practice.book("Cleo", "2030-01-10T12:30:00Z").await;
        let refused = practice.try_book("Dora", "2030-01-17T12:00:00Z").await;
        assert_eq!(code(&refused), Some("SLOT_TAKEN"));
    })
    .await;
}

#[tokio::test]
async fn a_relationship_that_ends_frees_its_place() {
    on_both_engines(|practice: Practice| async move {
        let client = ben(&practice).await;
        place(&practice, thursdays(client, json!({}))).await;
        let app = practice.app.clone();
        practice
            .app
            .db
            .write(move |tx| {
                let app = app.clone();
                Box::pin(async move {
                    let row = anteroom::features::clients::get(tx, client.id).await?.expect("a client");
                    anteroom::features::clients::move_on(tx, &app.clock, &row, Stage::Ended, None).await
                })
            })
            .await
            .expect("moved on");
        days(&practice, 2).await;
        assert_eq!(practice.count("select count(*) from occupancy where kind = 'SERIES'").await, 0);
        assert_eq!(in_calendar(&practice).await, Vec::<String>::new());
        assert_eq!(practice.count("select count(*) from series where state = 'ACTIVE'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_places_takes_as_many_statements_for_many_as_for_one() {
    on_both_engines(|practice: Practice| async move {
        let list = "{ viewer { therapist { series { id clientName words upcoming(first: 3) { startsAt bookingId } clockChange { time } } } } }";
        let ask = async || {
            let asked = practice.ask_as(Some(staff(ADA_USER)), list, json!({}));
            let (answer, statements) = anteroom::db::counting_statements(asked).await;
            (answer["data"]["viewer"]["therapist"]["series"].as_array().map(Vec::len), statements)
        };
        let client = ben(&practice).await;
        place(&practice, thursdays(client, json!({}))).await;
        ask().await;
        let (one, statements) = ask().await;
        for (index, time) in ["12:00", "13:00", "14:00"].into_iter().enumerate() {
            let other = somebody(&practice, &format!("Cleo{index}"), "Europe/London", Stage::Active).await;
            place(&practice, thursdays(other, json!({ "time": time }))).await;
        }
        assert_eq!((one, ask().await), (Some(1), (Some(4), statements)));
    })
    .await;
}

#[tokio::test]
async fn a_night_on_which_nothing_is_needed_reads_all_places_at_once_and_writes_none() {
    on_both_engines(|practice: Practice| async move {
        let keep = async || {
            let kept = anteroom::features::series::nightly::keep_all_ahead(&practice.app);
            let (kept, statements) = anteroom::db::counting_statements(kept).await;
            (kept.expect("the turn is taken"), statements)
        };
        let mut statements = Vec::new();
        for (hour, name) in (11..16).zip(["Ben", "Cleo", "Dora", "Finn", "Gus"]) {
            let client = somebody(&practice, name, "Europe/London", Stage::Active).await;
            place(&practice, thursdays(client, json!({ "time": format!("{hour}:00") }))).await;
            let (kept, asked) = keep().await;
            assert_eq!(kept, 0, "they are as they should be");
            statements.push(asked);
        }
        assert!(statements.iter().all(|asked| *asked == statements[0]), "{statements:?}");
        // On Friday another Thursday comes into reach for each; what one has too little of is noticed too.
        practice.app.clock.push_minutes(4 * 24 * 60);
        assert_eq!(keep().await.0, 5);
        assert_eq!(keep().await.0, 0);
        let lost = practice.app.db.write(|tx| {
            Box::pin(async move {
                let last = "delete from occupancy
                    where id = (select id from occupancy where kind = 'SERIES' order by starts_at desc limit 1)";
                Ok(tx.query(last).run().await?)
            })
        });
        lost.await.expect("it is gone");
        assert_eq!(keep().await.0, 1);
        assert_eq!(keep().await.0, 0);
    })
    .await;
}
