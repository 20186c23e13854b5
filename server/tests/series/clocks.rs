//! Two weeks before the clocks move a place for one of the two, both are told.

use super::kit::{days, place, somebody, thursdays};
use crate::support::post::{Story, on_both_engines};
use serde_json::json;
use shared::stage::Stage;

const OWN: &str = "{ viewer { client { series { clockChange { from time insteadOf } } } } }";

#[tokio::test]
async fn somebody_in_karachi_is_told_that_eleven_in_london_is_an_hour_earlier() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let ben = somebody(practice, "Ben", "Asia/Karachi", Stage::Active).await;
        let cleo = somebody(practice, "Cleo", "Europe/London", Stage::Active).await;
        place(practice, thursdays(ben, json!({ "time": "13:00" }))).await;
        place(practice, thursdays(cleo, json!({ "time": "14:00" }))).await;
        practice.pass_minutes(10).await;
        let told = async || {
            let about = |to: &str| {
                let mails = story.sandbox.mailbox.to(to);
                mails.iter().filter(|mail| mail.subject.contains("The clocks change")).count()
            };
            (about("ben@example.org"), about("cleo@example.org"), about("ada@practice.example"))
        };
        // The clocks of London change on Sunday 31 March.
        days(practice, 68).await;
        assert_eq!(told().await, (0, 0, 0), "16 March, fifteen days before");
        days(practice, 2).await;
        assert_eq!(told().await, (1, 0, 1), "both of the two, and nobody else");
        let mail = story.to_ben().pop().expect("a mail");
        assert!(mail.text.contains("From Thursday 4 April: 17:00 instead of 18:00 (Karachi time)"), "{}", mail.text);
        assert!(mail.text.contains("Thursday 4 April, 13:00 (London time)"), "{}", mail.text);

        let own = practice.ask_as(Some(ben.viewer), OWN, json!({})).await;
        assert_eq!(
            own["data"]["viewer"]["client"]["series"][0]["clockChange"],
            json!({ "from": "2030-04-04", "time": "17:00", "insteadOf": "18:00" })
        );
        let own = practice.ask_as(Some(cleo.viewer), OWN, json!({})).await;
        assert_eq!(own["data"]["viewer"]["client"]["series"][0]["clockChange"], json!(null));

        days(practice, 30).await;
        assert_eq!(told().await, (1, 0, 1), "once");
        days(practice, 185).await;
        assert_eq!(told().await, (2, 0, 2), "and again in autumn, when the hour comes back");
    })
    .await;
}
