//! A series of ten is one mail for each side, and it says no more than it must.

use super::kit::{PLACE, ada, days, id_of, place, somebody, thursdays};
use crate::support::post::{Story, on_both_engines};
use serde_json::json;
use shared::stage::Stage;

#[tokio::test]
async fn a_place_of_ten_sessions_is_one_mail_to_each_side_and_keeping_it_ahead_is_none() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = somebody(practice, "Ben", "Europe/London", Stage::Active).await;
        place(practice, thursdays(ben, json!({}))).await;
        practice.pass_minutes(2).await;
        assert_eq!(story.sandbox.mailbox.all().len(), 0, "undo is real for three minutes");
        practice.pass_minutes(60).await;

        let mails = story.to_ben();
        let [mail] = mails.as_slice() else { panic!("{} mails to Ben", mails.len()) };
        assert_eq!(mail.subject, "Your regular appointment");
        assert!(mail.text.contains("Every Thursday, 11:00 to 11:50 (London time)"), "{}", mail.text);
        assert!(mail.text.contains("Thursday 14 March, 11:00 to 11:50"), "the tenth is listed: {}", mail.text);
        for word in ["session", "therap", "Ada", "£", "75"] {
            assert!(!mail.text.contains(word), "“{word}” leaves the practice: {}", mail.text);
        }
        assert_eq!(story.sandbox.mailbox.to("ada@practice.example").len(), 1);

        days(practice, 30).await;
        let news = story.to_ben().into_iter().filter(|mail| mail.subject == "Your regular appointment").count();
        assert_eq!(news, 1, "four more weeks are in the calendar, and that is no news");
        assert_eq!(story.complaints().await, Vec::<(String,)>::new());
    })
    .await;
}

#[tokio::test]
async fn made_and_changed_within_minutes_is_one_mail_and_made_and_ended_is_none() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = somebody(practice, "Ben", "Europe/London", Stage::Active).await;
        let made = place(practice, thursdays(ben, json!({}))).await;
        practice.pass_minutes(1).await;
        let input = json!({ "seriesId": id_of(&made), "scope": "ALL", "time": "12:00" });
        assert_eq!(ada(practice, "changeSeries", PLACE, input).await["userErrors"], json!([]));
        practice.pass_minutes(60).await;
        let mails = story.to_ben();
        let [mail] = mails.as_slice() else { panic!("{} mails to Ben", mails.len()) };
        assert!(mail.text.contains("Every Thursday, 12:00 to 12:50"), "{}", mail.text);

        let cleo = somebody(practice, "Cleo", "Europe/London", Stage::Active).await;
        let made = place(practice, thursdays(cleo, json!({ "time": "15:00" }))).await;
        assert_eq!(
            ada(practice, "endSeries", PLACE, json!({ "seriesId": id_of(&made) })).await["userErrors"],
            json!([])
        );
        practice.pass_minutes(60).await;
        assert_eq!(story.sandbox.mailbox.to("cleo@example.org").len(), 0, "nobody knew of it");
    })
    .await;
}

#[tokio::test]
async fn leaving_one_out_or_ending_is_told_once() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = somebody(practice, "Ben", "Europe/London", Stage::Active).await;
        let made = place(practice, thursdays(ben, json!({}))).await;
        practice.pass_minutes(5).await;
        let skip = json!({ "seriesId": id_of(&made), "date": "2030-01-24" });
        assert_eq!(ada(practice, "skipOccurrence", PLACE, skip).await["userErrors"], json!([]));
        practice.pass_minutes(60).await;
        let mails = story.to_ben();
        assert_eq!(mails.len(), 2);
        assert_eq!(mails[1].subject, "Your appointment on Thu 24 January, 11:00 is cancelled");

        assert_eq!(
            ada(practice, "endSeries", PLACE, json!({ "seriesId": id_of(&made) })).await["userErrors"],
            json!([])
        );
        practice.pass_minutes(60).await;
        let mails = story.to_ben();
        assert_eq!(mails.len(), 3);
        assert_eq!(mails[2].subject, "Your regular appointment has ended");
    })
    .await;
}

#[tokio::test]
async fn a_session_that_finds_no_room_later_on_is_a_warning_to_the_therapist_once() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = somebody(practice, "Ben", "Europe/London", Stage::Active).await;
        place(practice, thursdays(ben, json!({}))).await;
        practice.pass_minutes(60).await;
        let to_ada = || story.sandbox.mailbox.to("ada@practice.example");
        let before = to_ada().len();
        // Ben's next Thursday beyond the calendar goes to somebody else behind the place's back.
        practice
            .app
            .db
            .write(|tx| {
                Box::pin(async move {
                    let sql = "update occupancy set kind = 'TIME_OFF', client_id = null, session_type_id = null
                        where id in (select occupancy_id from series_places where date = '2030-03-21')";
                    tx.query(sql).run().await?;
                    tx.query("delete from series_places where date = '2030-03-21'").run().await?;
                    Ok(())
                })
            })
            .await
            .expect("written");
        days(practice, 5).await;
        let warnings = to_ada().split_off(before);
        let [warning] = warnings.as_slice() else { panic!("{} warnings", warnings.len()) };
        assert_eq!(warning.subject, "A regular appointment found no room");
        assert!(warning.text.contains("/admin/series"), "{}", warning.text);
        assert_eq!(super::kit::conflicts(practice).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_happens_at_once_is_told_once_each() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = somebody(practice, "Ben", "Europe/London", Stage::Active).await;
        let made = place(practice, thursdays(ben, json!({}))).await;
        practice.pass_minutes(5).await;
        let told = story.to_ben().len();
        let next = made["series"]["upcoming"].as_array().expect("times");
        let id = next.iter().find(|it| it["date"] == "2030-01-31").expect("a session")["bookingId"].clone();
        let called_off = ada(practice, "cancelBooking", "", json!({ "bookingId": id })).await;
        assert_eq!(called_off["userErrors"], json!([]), "{called_off:#}");
        let longer = json!({ "seriesId": id_of(&made), "scope": "ALL", "time": "12:00" });
        assert_eq!(ada(practice, "changeSeries", PLACE, longer).await["userErrors"], json!([]));
        practice.pass_minutes(60).await;
        let mails = story.to_ben();
        let news = &mails[told..];
        assert_eq!(news.len(), 2, "one of the session, one of the place");
        let about = news.iter().filter(|mail| mail.subject.contains("31 January") || mail.text.contains("31 January"));
        assert_eq!(about.count(), 1, "the session is in one of them");
    })
    .await;
}
