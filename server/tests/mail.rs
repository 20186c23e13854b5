//! Who is told what and when, told through a real mail server on loopback.

use crate::support;
use crate::support::log::Log;
use crate::support::post::{BEN, Story, event, on_both_engines, property};
use crate::support::{ADA, Engine, Practice};
use anteroom::features::{bookings, inquiries};
use anteroom::sandbox::smtp::{Fault, Faults};
use serde_json::json;
use shared::contact::SendContactMessageInput;
use shared::ids::BookingId;

/// Longer than counted tries last.
const HOURS: usize = 60;

fn message_from(name: &str) -> SendContactMessageInput {
    SendContactMessageInput {
        name: name.into(),
        email: format!("{}@example.org", name.to_lowercase()),
        message: "Do you have evening times?".into(),
        idempotency_key: None,
    }
}

#[tokio::test]
async fn news_waits_three_minutes_and_is_told_once() {
    on_both_engines(|story: Story| async move {
        story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        story.practice.pass_minutes(2).await;
        assert_eq!(story.sandbox.mailbox.all().len(), 0);

        story.practice.pass_minutes(1).await;
        story.practice.pass_minutes(60).await;

        let mails = story.to_ben();
        let [mail] = mails.as_slice() else { panic!("{} mails to Ben", mails.len()) };
        assert_eq!(mail.subject, "Your appointment on Tue 8 January, 10:00");
        assert_eq!(mail.from, "Appointments <appointments@localhost>");
        assert!(mail.text.contains("Tuesday 8 January, 10:00 to 10:20 (London time)"), "{}", mail.text);
        assert!(mail.text.contains("http://localhost:3000/manage/"), "{}", mail.text);
        assert!(mail.html.contains("href=\"http://localhost:3000/manage/"), "{}", mail.html);
        assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
        let (method, _) = event(mail);
        assert_eq!((method.as_str(), property(mail, "SEQUENCE").as_str()), ("REQUEST", "0"));
        assert_eq!(property(mail, "DTSTART"), "20300108T100000Z");

        let to_ada = story.sandbox.mailbox.to("ada@practice.example");
        assert_eq!(to_ada.len(), 1);
        assert_eq!(to_ada[0].subject, "A new appointment on Tue 8 January, 10:00");
        assert!(!to_ada[0].text.contains("/manage/"), "the client's own link is not the therapist's");
    })
    .await;
}

#[tokio::test]
async fn booked_and_called_off_within_minutes_is_silence() {
    on_both_engines(|story: Story| async move {
        let booked = story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        story.practice.pass_minutes(1).await;
        story.cancel(&booked).await;
        story.practice.pass_minutes(60).await;
        assert_eq!(story.sandbox.mailbox.all().len(), 0);
        assert_eq!(story.practice.count("select count(*) from bookings where told_sequence = 1").await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_back_in_time_was_never_news() {
    const BACK: &str = "mutation($input: TakeChangeBackInput!) { takeChangeBack(input: $input) { booking { status } userErrors { message } } }";
    on_both_engines(|story: Story| async move {
        let booked = story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        story.practice.pass_minutes(3).await;
        let back = json!({ "input": { "manageToken": booked["manageToken"] } });
        story.cancel(&booked).await;
        story.practice.pass_minutes(2).await;
        let stage = "select count(*) from clients where stage = 'INQUIRY'";
        assert_eq!(story.practice.count(stage).await, 1);
        let taken = story.practice.ask(BACK, back.clone()).await["takeChangeBack"].clone();
        assert_eq!(taken, json!({ "booking": { "status": "CONFIRMED" }, "userErrors": [] }));
        assert_eq!(story.practice.count(stage).await, 0);
        story.practice.pass_minutes(60).await;
        assert_eq!(story.to_ben().len(), 1, "they know it as it is");
        assert_eq!(story.sandbox.mailbox.to("ada@practice.example").len(), 1);

        // Before the first news: it is told once, as it is.
        let late = story.practice.book("Cleo", "2030-01-09T10:00:00Z").await;
        story.practice.pass_minutes(2).await;
        story.cancel(&late).await;
        story.practice.pass_minutes(2).await;
        assert_eq!(story.sandbox.mailbox.to("cleo@example.org").len(), 0, "news waits for the last change");
        let input = json!({ "input": { "manageToken": late["manageToken"] } });
        story.practice.ask(BACK, input).await;
        story.practice.pass_minutes(60).await;
        let mails = story.sandbox.mailbox.to("cleo@example.org");
        let [mail] = mails.as_slice() else { panic!("{} mails to Cleo", mails.len()) };
        assert_eq!(mail.subject, "Your appointment on Wed 9 January, 10:00");
    })
    .await;
}

#[tokio::test]
async fn called_off_after_the_news_is_news() {
    on_both_engines(|story: Story| async move {
        let booked = story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        story.practice.pass_minutes(3).await;
        story.cancel(&booked).await;
        story.practice.pass_minutes(3).await;
        story.practice.pass_minutes(60).await;

        let mails = story.to_ben();
        let [made, called_off] = mails.as_slice() else { panic!("{} mails to Ben", mails.len()) };
        assert_eq!(called_off.subject, "Your appointment on Tue 8 January, 10:00 is cancelled");
        assert_eq!(event(called_off).0, "CANCEL");
        assert_eq!(property(called_off, "SEQUENCE"), "1");
        assert_eq!(property(called_off, "STATUS"), "CANCELLED");
        assert_eq!(property(called_off, "UID"), property(made, "UID"));
        assert_ne!(called_off.message_id, made.message_id);
        assert_eq!(story.sandbox.mailbox.to("ada@practice.example").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_change_while_the_mail_is_on_its_way_is_told_after_it() {
    on_both_engines(|story: Story| async move {
        let booked = story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        story.cancel(&booked).await;
        let id: BookingId = booked["booking"]["id"].as_str().expect("an id").parse().expect("an id");
        let app = story.practice.app.clone();
        let clock = app.clock.clone();
        // The first mail left just before the cancellation, and its sender notes it only now.
        app.db
            .write(move |tx| {
                let clock = clock.clone();
                Box::pin(async move { bookings::mark_told(tx, &clock, id, bookings::Audience::Client, 0).await })
            })
            .await
            .expect("noted");
        story.practice.pass_minutes(3).await;
        let mails = story.to_ben();
        let [mail] = mails.as_slice() else { panic!("{} mails to Ben", mails.len()) };
        assert_eq!(event(mail).0, "CANCEL");
    })
    .await;
}

#[tokio::test]
async fn a_mail_server_that_is_down_costs_no_mail() {
    on_both_engines(|story: Story| async move {
        story.sandbox.faults.set_down(true);
        story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        story.practice.pass_minutes(3).await;
        assert_eq!(story.sandbox.mailbox.all().len(), 0);
        let waiting =
            "select count(*) from jobs where state = 'QUEUED' and kind like 'TELL_%' and last_error is not null";
        assert_eq!(story.practice.count(waiting).await, 2);

        story.sandbox.faults.set_down(false);
        story.practice.pass_minutes(10).await;
        assert_eq!(story.to_ben().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_mail_sent_again_is_the_same_mail() {
    on_both_engines(|story: Story| async move {
        story.sandbox.faults.next_to(BEN, Fault::Greylist);
        story.sandbox.faults.next_to(BEN, Fault::AcceptThenDrop);
        story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        for _ in 0..4 {
            story.practice.pass_minutes(10).await;
        }
        let mails = story.to_ben();
        let [lost, again] = mails.as_slice() else { panic!("{} mails to Ben", mails.len()) };
        assert_eq!(lost.message_id, again.message_id);
        assert_eq!(lost.ics().is_some(), again.ics().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_mailbox_that_is_not_there_is_left_for_a_person_to_see() {
    on_both_engines(|story: Story| async move {
        story.sandbox.faults.next_to(BEN, Fault::Refuse);
        story.sandbox.faults.next_to("cleo@example.org", Fault::RefuseMessage);
        story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        story.practice.book("Cleo", "2030-01-08T11:00:00Z").await;
        story.practice.pass_minutes(3).await;
        assert_eq!(story.to_ben().len(), 0);
        assert_eq!(story.sandbox.mailbox.to("cleo@example.org").len(), 0);
        let complaints = story.complaints().await;
        for complaint in ["mail server: the recipient was refused (550)", "mail server: the message was refused (554)"]
        {
            assert!(complaints.contains(&(complaint.to_owned(),)), "{complaint} in {complaints:?}");
        }
        let dead = "select count(*) from jobs where state = 'DEAD' and kind = 'TELL_CLIENT'";
        assert_eq!(story.practice.count(dead).await, 2);
        assert_eq!(story.practice.count("select count(*) from bookings where told_sequence is not null").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_address_the_mail_server_repeats_is_neither_logged_nor_kept() {
    let log = Log::begin();
    on_both_engines(|story: Story| async move {
        for (name, fault) in [("Ben", Fault::Refuse), ("Cleo", Fault::Greylist), ("Dora", Fault::RefuseMessage)] {
            story.sandbox.faults.next_to(&format!("{}@example.org", name.to_lowercase()), fault);
            inquiries::send(&story.practice.app, message_from(name)).await.expect("sent");
        }
        story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
        story.sandbox.faults.next_to("ada@practice.example", Fault::Refuse);
        story.practice.pass_minutes(3).await;
        for (complaint,) in story.complaints().await {
            assert!(!complaint.contains("example"), "{complaint}");
        }
    })
    .await;
    let lines = log.lines();
    assert!(lines.contains("could not be thanked") && lines.contains("a job did not do its work"), "{lines}");
    assert!(!lines.contains("example.org") && !lines.contains("practice.example"), "{lines}");
}

#[tokio::test]
async fn without_a_mail_server_mail_waits() {
    let practice = Practice::open(Engine::here()).await;
    practice.book("Ben", "2030-01-21T10:00:00Z").await;
    for _ in 0..HOURS {
        practice.pass_minutes(60).await;
    }
    let waiting = "select count(*) from jobs
        where state = 'QUEUED' and attempts = 0 and last_error = 'no mail server is set up'";
    assert_eq!(practice.count(waiting).await, 2);
}

#[tokio::test]
async fn a_mail_server_that_will_not_have_us_costs_no_mail_however_long() {
    on_both_engines(|story: Story| async move {
        let faults = &story.sandbox.faults;
        story.practice.book("Ben", "2030-01-21T10:00:00Z").await;
        inquiries::send(&story.practice.app, message_from("Cleo")).await.expect("sent");
        for (refuse, complaint) in [
            (Faults::set_down as fn(&Faults, bool), "mail server: the connection failed"),
            (Faults::set_login_refused, "mail server: the login was refused (535)"),
            (Faults::set_sender_refused, "mail server: the sender was refused (553)"),
        ] {
            refuse(faults, true);
            for _ in 0..HOURS {
                story.practice.pass_minutes(60).await;
            }
            let complaints = story.complaints().await;
            assert!(complaints.iter().all(|(words,)| words == complaint), "{complaint}: {complaints:?}");
            // The question for a decision and the reminders are not due before the call.
            let waiting = "select count(*) from jobs
                where state = 'QUEUED' and attempts = 0 and kind not in ('PROMPT_DECISION', 'REMIND')";
            assert_eq!(story.practice.count(waiting).await, 3, "{complaint}");
            refuse(faults, false);
        }
        for _ in 0..20 {
            faults.next_to(BEN, Fault::Greylist);
        }
        for _ in 0..20 {
            story.practice.pass_minutes(15).await;
        }
        assert_eq!(story.to_ben().len(), 0, "he is asked to wait once more");
        assert_eq!(story.sandbox.mailbox.to("hello@practice.example").len(), 1);
        story.practice.pass_minutes(15).await;
        assert_eq!(story.to_ben().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_may_have_arrived_is_not_sent_for_ever() {
    on_both_engines(|story: Story| async move {
        for _ in 0..20 {
            story.sandbox.faults.next_to(BEN, Fault::AcceptThenDrop);
        }
        story.practice.book("Ben", "2030-01-21T10:00:00Z").await;
        for _ in 0..20 {
            story.practice.pass_minutes(8 * 60).await;
        }
        assert_eq!(story.to_ben().len(), 12);
        let dead = "select count(*) from jobs where state = 'DEAD' and kind = 'TELL_CLIENT' and attempts = 12";
        assert_eq!(story.practice.count(dead).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_mail_that_has_run_out_is_not_sent() {
    on_both_engines(|story: Story| async move {
        story.sandbox.faults.set_down(true);
        let input = json!({ "input": { "email": "ada@practice.example" } });
        story
            .practice
            .ask(
                "mutation($input: RequestSignInInput!) { requestSignIn(input: $input) { userErrors { message } } }",
                input,
            )
            .await;
        story.practice.pass_minutes(0).await;
        story.practice.pass_minutes(60).await;
        story.sandbox.faults.set_down(false);
        story.practice.pass_minutes(60).await;
        assert_eq!(story.sandbox.mailbox.all().len(), 0);
        assert_eq!(story.practice.count("select count(*) from jobs where state = 'DONE'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn both_zones_are_named_where_they_differ() {
    let (story, _running) = Story::open(Engine::here(), &[]).await;
    let input = json!({
        "sessionTypeId": support::DISCOVERY, "therapistId": ADA, "startsAt": "2030-01-08T16:30:00Z", "name": "Ben",
        "email": BEN, "phone": "+44 20 7946 0018", "timeZone": "Asia/Karachi",
    });
    story.practice.ask(support::BOOK, json!({ "input": input })).await;
    story.practice.pass_minutes(3).await;
    let mail = &story.to_ben()[0];
    assert_eq!(mail.subject, "Your appointment on Tue 8 January, 21:30");
    assert!(mail.text.contains("Tuesday 8 January, 21:30 to 21:50 (Karachi time)"), "{}", mail.text);
    assert!(mail.text.contains("Tuesday 8 January, 16:30 to 16:50 (London time)"), "{}", mail.text);
}

#[tokio::test]
async fn a_message_reaches_the_practice_and_can_be_answered() {
    on_both_engines(|story: Story| async move {
        let message = SendContactMessageInput {
            name: "Dora O’Neill".into(),
            email: "Dora@example.org".into(),
            message: "Do you have <b>evening</b> times?\n.\n{{ 7*7 }} ${x} <%= y %>\nThank you".into(),
            idempotency_key: None,
        };
        inquiries::send(&story.practice.app, message).await.expect("sent");
        story.practice.pass_minutes(0).await;

        let mails = story.sandbox.mailbox.to("hello@practice.example");
        let [mail] = mails.as_slice() else { panic!("{} mails, {:?}", mails.len(), story.complaints().await) };
        assert_eq!(mail.reply_to.as_deref(), Some("Dora@example.org"));
        assert_eq!(mail.from, "Appointments <appointments@localhost>");
        let text = mail.text.replace("\r\n", "\n");
        assert!(text.contains("Do you have <b>evening</b> times?\n.\n{{ 7*7 }} ${x} <%= y %>\nThank you"), "{text}");
        assert!(mail.html.contains("&lt;b&gt;evening"), "{}", mail.html);
        assert!(!mail.html.contains("<b>evening"), "{}", mail.html);

        let thanks = story.sandbox.mailbox.to("dora@example.org");
        assert_eq!(thanks.len(), 1);
        assert!(thanks[0].text.contains("You will have an answer as soon as we can give one."));
        assert!(!thanks[0].text.contains("evening"));
    })
    .await;
}
