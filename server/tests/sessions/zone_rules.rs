//! The rules of a zone change after sessions were booked: each keeps the date and time that were agreed.

use super::kit::{assert_sound, book, client, seen};
use crate::support::{Practice, on_both_engines};
use anteroom::features::bookings::zone_rules;
use serde_json::{Value, json};

const CALL: &str = "2030-01-07T09:00:00Z";
const TEN: &str = "2030-01-11T10:00:00Z";
const ELEVEN: &str = "2030-01-11T11:00:00Z";
const NOON: &str = "2030-01-11T12:00:00Z";

/// What was agreed as one time of day is, by the rules of today, another: as after a country did away with a clock change.
async fn agreed_at(practice: &Practice, session: &Value, time: &str) {
    let (id, time) = (session["reference"].as_str().expect("a number").replace('-', ""), time.to_owned());
    practice
        .app
        .db
        .write(move |tx| {
            let (id, time) = (id.clone(), time.clone());
            Box::pin(async move {
                tx.query("update bookings set local_time = $2 where reference = $1").bind(id).bind(time).run().await?;
                Ok(())
            })
        })
        .await
        .expect("written");
}

async fn starts(practice: &Practice, session: &Value) -> String {
    seen(practice, &session["id"]).await["booking"]["startsAt"].as_str().expect("a start").to_owned()
}

#[tokio::test]
async fn sessions_beside_each_other_keep_their_times_and_both_sides_are_told() {
    on_both_engines(|practice| async move {
        let (ben, cleo) =
            (client(&practice, "Ben", CALL).await, client(&practice, "Cleo", "2030-01-08T09:00:00Z").await);
        let (first, second) = (book(&practice, ben, TEN).await, book(&practice, cleo, ELEVEN).await);
        assert_eq!(zone_rules::follow(&practice.app).await.expect("looked at"), 0, "nothing has changed");
        agreed_at(&practice, &first, "11:00").await;
        agreed_at(&practice, &second, "12:00").await;
        let told = "select count(*) from jobs where kind in ('TELL_CLIENT', 'TELL_THERAPIST') and state = 'QUEUED'";
        practice.pass_minutes(24 * 60).await;
        assert_eq!((starts(&practice, &first).await, starts(&practice, &second).await), (ELEVEN.into(), NOON.into()));
        for session in [&first, &second] {
            let now = seen(&practice, &session["id"]).await;
            let last = now["steps"].as_array().and_then(|steps| steps.last()).expect("a step").clone();
            assert_eq!((&last["step"], &last["byWhom"]), (&json!("MOVED"), &json!("SYSTEM")), "{now:#}");
            assert_eq!(now["reschedules"], 0, "nobody used up a move of theirs");
        }
        assert_eq!(practice.count("select count(*) from occupancy where override_reason is not null").await, 0);
        assert_eq!(practice.count(told).await, 4, "each side of each, once");
        practice.pass_minutes(24 * 60).await;
        assert_eq!(starts(&practice, &first).await, ELEVEN, "and there they stay");
        assert_sound(&practice).await;
    })
    .await;
}

#[tokio::test]
async fn a_session_keeps_its_time_also_where_another_one_is() {
    on_both_engines(|practice| async move {
        let (ben, cleo) =
            (client(&practice, "Ben", CALL).await, client(&practice, "Cleo", "2030-01-08T09:00:00Z").await);
        let (first, second) = (book(&practice, ben, TEN).await, book(&practice, cleo, ELEVEN).await);
        agreed_at(&practice, &first, "11:00").await;
        assert_eq!(zone_rules::follow(&practice.app).await.expect("looked at"), 1);
        assert_eq!((starts(&practice, &first).await, starts(&practice, &second).await), (ELEVEN.into(), ELEVEN.into()));
        let steps = seen(&practice, &first["id"]).await["steps"].clone();
        assert!(steps.to_string().contains("each keeps the time that was agreed"), "{steps:#}");
    })
    .await;
}

#[tokio::test]
async fn sessions_move_earlier_in_their_order() {
    on_both_engines(|practice| async move {
        let (ben, cleo) =
            (client(&practice, "Ben", CALL).await, client(&practice, "Cleo", "2030-01-08T09:00:00Z").await);
        let (first, second) = (book(&practice, ben, ELEVEN).await, book(&practice, cleo, NOON).await);
        agreed_at(&practice, &first, "10:00").await;
        agreed_at(&practice, &second, "11:00").await;
        assert_eq!(zone_rules::follow(&practice.app).await.expect("looked at"), 2);
        assert_eq!((starts(&practice, &first).await, starts(&practice, &second).await), (TEN.into(), ELEVEN.into()));
        assert_eq!(practice.count("select count(*) from occupancy where override_reason is not null").await, 0);
        assert_sound(&practice).await;
    })
    .await;
}
