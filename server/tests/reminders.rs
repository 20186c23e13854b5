//! When people are reminded, told through a real mail server on loopback.

use crate::support::clients::{active, client, pass_until};
use crate::support::post::{BEN, CANCEL, Story, on_both_engines};
use crate::support::{ADA_USER, SESSION, staff};
use serde_json::{Value, json};
use shared::reminder::{Channel, HoursOfDay, ReminderPreferencesInput};
use shared::stage::Stage;

/// The subjects of the reminders somebody has had.
fn reminders_to(story: &Story, address: &str) -> Vec<String> {
    let mails = story.sandbox.mailbox.to(address);
    let subjects = mails.iter().map(|mail| mail.subject.clone());
    subjects.filter(|subject| subject.starts_with("A reminder")).collect()
}

/// What is planned, by minutes before the start, latest first.
async fn planned(story: &Story) -> Vec<i64> {
    let mut conn = story.practice.app.db.read().await.expect("a connection");
    let rows: Vec<(i64,)> = conn
        .query("select lead_minutes from reminders where state = 'PLANNED' order by lead_minutes desc")
        .all()
        .await
        .expect("rows");
    rows.into_iter().map(|(lead,)| lead).collect()
}

#[tokio::test]
async fn a_session_is_remembered_three_times_in_neutral_words() {
    on_both_engines(|story: Story| async move {
        let ben = active(&story.practice, "Ben").await;
        ben.book(&story.practice, "2030-01-15T10:00:00Z").await;
        assert_eq!(planned(&story).await, [2880, 1440, 120]);

        // Calling off is free until Sunday 10:00: the first reminder leaves three hours to decide, and that is at night.
        pass_until(&story.practice, "2030-01-12T20:30:00Z").await;
        assert_eq!(reminders_to(&story, BEN).len(), 0);
        pass_until(&story.practice, "2030-01-12T20:45:00Z").await;
        assert_eq!(reminders_to(&story, BEN), ["A reminder of your appointment on Tue 15 January, 10:00"]);
        let mail = story.to_ben().pop().expect("a mail");
        assert!(mail.text.contains("Tuesday 15 January, 10:00 to 10:50 (London time)"), "{}", mail.text);
        assert!(mail.text.contains("calling off costs nothing until Sun 13 January, 10:00."), "{}", mail.text);
        assert!(mail.text.contains("/confirm") && mail.text.contains("/manage/"), "{}", mail.text);
        // Secrets of links may spell anything.
        let said: String = mail.text.lines().filter(|line| !line.starts_with("http")).collect();
        for word in ["Ben", "Ada", "session", "therap"] {
            assert!(!said.contains(word), "{word} in {said}");
        }

        pass_until(&story.practice, "2030-01-14T10:00:00Z").await;
        assert_eq!(reminders_to(&story, BEN).len(), 2);
        // Two hours before is eight in the morning: the night is over.
        pass_until(&story.practice, "2030-01-15T08:00:00Z").await;
        assert_eq!(reminders_to(&story, BEN).len(), 3);
        pass_until(&story.practice, "2030-01-16T10:00:00Z").await;
        assert_eq!(reminders_to(&story, BEN).len(), 3);
        assert_eq!(story.practice.count("select count(*) from reminders where state = 'SENT'").await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_session_is_never_remembered() {
    on_both_engines(|story: Story| async move {
        let ben = active(&story.practice, "Ben").await;
        let booking = ben.book(&story.practice, "2030-01-15T10:00:00Z").await;
        pass_until(&story.practice, "2030-01-12T20:45:00Z").await;
        ben.cancel(&story.practice, &booking).await;
        assert_eq!(planned(&story).await, [] as [i64; 0]);
        let waiting = "select count(*) from jobs where kind = 'REMIND' and state = 'QUEUED'";
        assert_eq!(story.practice.count(waiting).await, 0);
        pass_until(&story.practice, "2030-01-15T12:00:00Z").await;
        assert_eq!(reminders_to(&story, BEN).len(), 1, "only the one before it was called off");
    })
    .await;
}

#[tokio::test]
async fn a_reminder_whose_job_was_under_way_looks_again_before_it_leaves() {
    on_both_engines(|story: Story| async move {
        let ben = active(&story.practice, "Ben").await;
        ben.book(&story.practice, "2030-01-15T10:00:00Z").await;
        // Somebody calls it off in a way that knows nothing of reminders: the rows and jobs are all still there.
        let app = story.practice.app.clone();
        app.db
            .write(|tx| {
                Box::pin(async move {
                    tx.query("update bookings set status = 'CANCELLED'").run().await?;
                    Ok(())
                })
            })
            .await
            .expect("changed");
        pass_until(&story.practice, "2030-01-15T12:00:00Z").await;
        assert_eq!(reminders_to(&story, BEN).len(), 0);
        assert_eq!(story.practice.count("select count(*) from reminders where state = 'SKIPPED'").await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_session_left_in_the_calendar_at_the_end_of_the_work_is_remembered() {
    on_both_engines(|story: Story| async move {
        let ben = active(&story.practice, "Ben").await;
        ben.book(&story.practice, "2030-01-15T10:00:00Z").await;
        let end = "mutation($id: ClientId!) { moveClient(input: { clientId: $id, move: END }) {
            client { stage } userErrors { code } } }";
        let ended = story.practice.ask_as(Some(staff(ADA_USER)), end, json!({ "id": ben.client })).await;
        assert_eq!(ended["data"]["moveClient"]["client"]["stage"], "ENDED", "{ended:#}");
        pass_until(&story.practice, "2030-01-15T12:00:00Z").await;
        assert_eq!(reminders_to(&story, BEN).len(), 3, "{:?}", story.complaints().await);
    })
    .await;
}

#[tokio::test]
async fn reminders_move_with_their_session() {
    on_both_engines(|story: Story| async move {
        let ben = active(&story.practice, "Ben").await;
        let booking = ben.book(&story.practice, "2030-01-15T10:00:00Z").await;
        let moved = ben.move_to(&story.practice, &booking, "2030-01-17T14:00:00Z").await;
        assert_eq!(moved["userErrors"], json!([]));
        assert_eq!(planned(&story).await, [2880, 1440, 120]);
        pass_until(&story.practice, "2030-01-18T10:00:00Z").await;
        let subjects = reminders_to(&story, BEN);
        assert_eq!(subjects, vec!["A reminder of your appointment on Thu 17 January, 14:00"; 3]);
    })
    .await;
}

#[tokio::test]
async fn sessions_of_one_day_are_one_mail() {
    on_both_engines(|story: Story| async move {
        let ben = active(&story.practice, "Ben").await;
        ben.book(&story.practice, "2030-01-15T10:00:00Z").await;
        ben.book(&story.practice, "2030-01-15T14:00:00Z").await;
        pass_until(&story.practice, "2030-01-14T21:00:00Z").await;
        let reminders = reminders_to(&story, BEN);
        // Each lead time once: 48 and 24 hours before the first.
        assert_eq!(reminders, vec!["A reminder of your appointment on Tue 15 January, 10:00"; 2]);
        let mail = story.to_ben().pop().expect("a mail");
        assert!(mail.text.contains("10:00 to 10:50") && mail.text.contains("14:00 to 14:50"), "{}", mail.text);
        assert_eq!(mail.text.matches("/confirm").count(), 2, "{}", mail.text);
    })
    .await;
}

#[tokio::test]
async fn people_choose_when_and_whether() {
    on_both_engines(|story: Story| async move {
        let ben = client(&story.practice, "Ben", Stage::Active, "Asia/Karachi").await;
        ben.book(&story.practice, "2030-01-15T10:00:00Z").await;
        let said = ReminderPreferencesInput { lead_minutes: Some(vec![1440]), ..Default::default() };
        ben.prefers(&story.practice, said.clone()).await;
        assert_eq!(planned(&story).await, [1440]);

        // Only between noon and three in Karachi, where the session is at three: a quarter before.
        let safe = HoursOfDay { from: 12, until: 15 };
        ben.prefers(&story.practice, ReminderPreferencesInput { safe_hours: Some(safe), ..said.clone() }).await;
        pass_until(&story.practice, "2030-01-14T09:30:00Z").await;
        assert_eq!(reminders_to(&story, BEN).len(), 0);
        pass_until(&story.practice, "2030-01-14T09:45:00Z").await;
        assert_eq!(reminders_to(&story, BEN), ["A reminder of your appointment on Tue 15 January, 15:00"]);

        ben.book(&story.practice, "2030-01-22T10:00:00Z").await;
        ben.prefers(&story.practice, ReminderPreferencesInput { portal_only: true, ..said }).await;
        assert_eq!(planned(&story).await, [] as [i64; 0]);
        let before = story.to_ben().len();
        pass_until(&story.practice, "2030-01-22T12:00:00Z").await;
        assert_eq!(story.to_ben().len(), before, "nothing about appointments is mailed at all");

        let texts = ReminderPreferencesInput { channels: vec![Channel::Sms], ..Default::default() };
        let set = "mutation($input: ReminderPreferencesInput!) { setReminderPreferences(input: $input) { userErrors { message } } }";
        let refused = ben.ask(&story.practice, set, json!({ "input": texts })).await;
        let message = refused["setReminderPreferences"]["userErrors"][0]["message"].as_str().unwrap_or_default();
        assert!(message.contains("not set up"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn who_wants_nothing_by_mail_gets_nothing_whatever_happens() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let (ben, cleo) = (active(practice, "Ben").await, active(practice, "Cleo").await);
        ben.prefers(practice, ReminderPreferencesInput { portal_only: true, ..Default::default() }).await;
        let ask_ada = async |mutation: &str, input: Value| {
            let kind = match mutation {
                "closeRequest" => "NamedRequestInput".to_owned(),
                _ => format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]),
            };
            let query = format!(
                "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code message }} }} }}"
            );
            let done = practice.ask_as(Some(staff(ADA_USER)), &query, json!({ "input": input })).await;
            assert_eq!(done["data"][mutation]["userErrors"], json!([]), "{done:#}");
            practice.pass_minutes(10).await;
        };
        let mut before = 0;
        let mut expect = |what: &str| {
            let to_cleo = story.sandbox.mailbox.to("cleo@example.org").len();
            assert!(to_cleo > before, "whoever wants mail is told: {what}");
            assert!(story.to_ben().is_empty(), "{what}");
            before = to_cleo;
        };
        for (person, time) in [(&ben, "10:00"), (&cleo, "14:00")] {
            let place = json!({ "clientId": person.client, "sessionTypeId": SESSION, "cadence": "WEEKLY",
                                "startsOn": "2030-01-15", "time": time });
            ask_ada("createSeries", place).await;
        }
        expect("a standing place");
        for person in [&ben, &cleo] {
            let paid = json!({ "clientId": person.client, "amount": 7500, "currency": "GBP", "method": "CASH" });
            ask_ada("recordPayment", paid).await;
        }
        expect("a receipt");
        for person in [&ben, &cleo] {
            let request = "mutation($input: RequestBookingInput!) { requestBooking(input: $input) { requestId } }";
            let asked = person.ask(practice, request, json!({ "input": { "sessionTypeId": SESSION } })).await;
            ask_ada("closeRequest", json!({ "requestId": asked["requestBooking"]["requestId"] })).await;
        }
        expect("a request and its answer");
        let to_ada = story.sandbox.mailbox.to("ada@practice.example");
        assert!(!to_ada.is_empty(), "the practice hears of both");
    })
    .await;
}

#[tokio::test]
async fn the_practice_changes_its_rules_for_everybody_who_has_not_chosen() {
    on_both_engines(|story: Story| async move {
        let ben = active(&story.practice, "Ben").await;
        ben.book(&story.practice, "2030-01-15T10:00:00Z").await;
        let set = "mutation($input: SetReminderRulesInput!) { setReminderRules(input: $input) {
            rules { leadMinutes quiet { from until } } userErrors { message } } }";
        let input = json!({ "input": { "leadMinutes": [60, 4320], "bySessionType": [], "followUpWeeks": 8 } });
        let answer = story.practice.ask_as(Some(staff(ADA_USER)), set, input).await;
        let rules = &answer["data"]["setReminderRules"]["rules"];
        assert_eq!(rules, &json!({ "leadMinutes": [4320, 60], "quiet": null }), "{answer}");
        story.practice.pass_minutes(0).await;
        assert_eq!(planned(&story).await, [4320, 60]);
    })
    .await;
}

#[tokio::test]
async fn looking_confirms_nothing_and_the_button_confirms_once() {
    on_both_engines(|story: Story| async move {
        let booked = story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        let token = booked["manageToken"].as_str().expect("a token");
        let ask = "query($token: String!) { managedBooking(manageToken: $token) { clientConfirmedAt } }";
        let asked = story.practice.ask(ask, json!({ "token": token })).await;
        assert_eq!(asked["managedBooking"]["clientConfirmedAt"], json!(null));

        let confirm = "mutation($input: ConfirmBookingInput!) { confirmBooking(input: $input) {
            booking { clientConfirmedAt } userErrors { code } } }";
        let input = json!({ "input": { "manageToken": token } });
        let first = story.practice.ask(confirm, input.clone()).await;
        let at = &first["confirmBooking"]["booking"]["clientConfirmedAt"];
        assert_eq!(at, "2030-01-07T08:00:00Z");
        story.practice.pass_minutes(30).await;
        let again = story.practice.ask(confirm, input.clone()).await;
        assert_eq!(&again["confirmBooking"]["booking"]["clientConfirmedAt"], at);

        let answer = story.practice.ask(CANCEL, json!({ "input": { "manageToken": token } })).await;
        assert_eq!(answer["cancelBooking"]["userErrors"], json!([]));
        let refused = story.practice.ask(confirm, input).await;
        assert_eq!(refused["confirmBooking"]["userErrors"][0]["code"], "ALREADY_DONE");
    })
    .await;
}

#[tokio::test]
async fn those_who_agreed_are_asked_once_and_not_again_until_they_have_come() {
    on_both_engines(|story: Story| async move {
        let ben = active(&story.practice, "Ben").await;
        let cleo = active(&story.practice, "Cleo").await;
        for person in [&ben, &cleo] {
            let hour = if person.client == ben.client { "10" } else { "12" };
            person.book(&story.practice, &format!("2030-01-09T{hour}:00:00Z")).await;
        }
        ben.prefers(&story.practice, ReminderPreferencesInput { follow_up: true, ..Default::default() }).await;
        let asked = |story: &Story, address: &str| {
            let mails = story.sandbox.mailbox.to(address);
            mails.iter().filter(|mail| mail.subject.starts_with("Would you like")).count()
        };
        for _ in 0..5 {
            story.practice.pass_minutes(7 * 24 * 60).await;
        }
        assert_eq!(asked(&story, BEN), 0, "six weeks are not over");
        for _ in 0..4 {
            story.practice.pass_minutes(7 * 24 * 60).await;
        }
        assert_eq!((asked(&story, BEN), asked(&story, "cleo@example.org")), (1, 0));
        for _ in 0..20 {
            story.practice.pass_minutes(7 * 24 * 60).await;
        }
        assert_eq!(asked(&story, BEN), 1);
    })
    .await;
}
