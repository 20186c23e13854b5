//! What leaves the system, and what never does.

use crate::support::post::{BEN, CANCEL, Story, event, on_both_engines, property};
use crate::support::{ADA, Engine, NOW, Practice, SESSION, at};
use anteroom::features::clients::decide::{self, DecideDiscoveryInput};
use anteroom::features::notifications::{calendar, messages, outward, render};
use anteroom::features::{bookings, inquiries, practice};
use anteroom::sandbox::mailbox::Mail;
use serde_json::json;
use shared::contact::SendContactMessageInput;
use shared::practice::Modality;
use shared::stage::DiscoveryDecision;
use std::collections::BTreeSet;

/// What must not leave: it is given to every field a person can write in.
const CANARY: &str = "Quetzalcoatlus";

fn everything(mail: &Mail) -> String {
    let files: String = mail.attachments.iter().map(|file| file.text.clone()).collect();
    let raw = String::from_utf8_lossy(&mail.raw);
    format!("{}\n{}\n{}\n{}\n{files}\n{raw}", mail.subject, mail.text, mail.html, mail.to)
}

#[tokio::test]
async fn a_calendar_file_says_no_more_than_it_must() {
    let (story, _running) = Story::open(Engine::here(), &[("base_url", "https://practice.example")]).await;
    let booked = story.practice.book("Ben", "2030-01-08T10:00:00Z").await;
    story.practice.pass_minutes(3).await;
    let mail = &story.to_ben()[0];
    let (_, properties) = event(mail);
    let names: BTreeSet<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
    let allowed = [
        "ATTENDEE",
        "CLASS",
        "DESCRIPTION",
        "DTEND",
        "DTSTAMP",
        "DTSTART",
        "ORGANIZER",
        "SEQUENCE",
        "STATUS",
        "SUMMARY",
        "UID",
    ];
    assert_eq!(names, BTreeSet::from(allowed));
    assert_eq!(property(mail, "SUMMARY"), "Appointment");
    assert_eq!(property(mail, "UID"), format!("{}@practice.example", booked["booking"]["id"].as_str().expect("an id")));
    assert_eq!(property(mail, "ORGANIZER"), "mailto:appointments@localhost");
    assert_eq!(property(mail, "ATTENDEE"), format!("mailto:{BEN}"));
    let ics = mail.ics().expect("a calendar file");
    assert!(ics.lines().all(|line| line.len() <= 75), "{ics}");
    assert!(ics.replace("\r\n", "").bytes().all(|byte| byte != b'\n' && byte != b'\r'), "every line ends with CRLF");

    let app = &story.practice.app;
    let reference = booked["booking"]["reference"].as_str().expect("a reference");
    let booking = bookings::by_reference(app, reference).await.expect("read").expect("a booking");
    let file = calendar::ics(&booking, app, &calendar::Method::Publish);
    for secret in ["ATTENDEE", "DESCRIPTION", "manage", "Ben", "ben@"] {
        assert!(!file.contains(secret), "{secret} in {file}");
    }
    assert!(calendar::google_link(&booking).contains("dates=20300108T100000Z%2F20300108T102000Z"));
    assert!(calendar::outlook_link(&booking).contains("startdt=2030-01-08T10%3A00%3A00Z"));
}

#[tokio::test]
async fn no_name_no_session_type_and_no_letter_leaves() {
    on_both_engines(|story: Story| async move {
        let practice = &story.practice;
        let app = practice.app.clone();
        let mut settings = practice::catalogue(&app).await.expect("a catalogue").practice.settings.0.clone();
        settings.crisis.iter_mut().for_each(|line| line.label = CANARY.into());
        settings.answers_within = CANARY.into();
        settings.contact_phone = CANARY.into();
        settings.address = vec![CANARY.into()];
        assert!(!settings.crisis.is_empty());
        app.db
            .write(move |tx| {
                let settings = settings.clone();
                Box::pin(async move {
                    let row = practice::Practice {
                        name: CANARY.into(),
                        time_zone: "Europe/London".into(),
                        settings: sqlx::types::Json(settings),
                    };
                    practice::save(tx, &row).await?;
                    tx.query("update session_types set name = 'Quetzalcoatlus', summary = 'Quetzalcoatlus'")
                        .run()
                        .await?;
                    tx.query("update therapists set name = 'Quetzalcoatlus', title = 'Quetzalcoatlus'").run().await?;
                    tx.query("update users set name = 'Quetzalcoatlus'").run().await?;
                    tx.announce(anteroom::events::Event::PracticeChanged);
                    Ok(())
                })
            })
            .await
            .expect("names can be changed");
        let booked = practice.book(CANARY, "2030-01-08T10:00:00Z").await;
        practice.pass_minutes(3).await;
        let input = json!({ "input": { "manageToken": booked["manageToken"], "reason": CANARY } });
        practice.ask(CANCEL, input).await;
        practice.pass_minutes(3).await;
        practice.book("Cleo", "2030-01-08T11:00:00Z").await;
        practice.pass_minutes(3).await;
        let app = &practice.app;
        // The call is over; nobody has been reminded of it.
        let over = app.db.write(|tx| {
            Box::pin(async move {
                Ok(tx.query("update bookings set status = 'COMPLETED' where status = 'CONFIRMED'").run().await?)
            })
        });
        over.await.expect("it is written");
        let client = bookings::of_therapist(app, ADA, at(NOW), at("2030-02-01T00:00:00Z"))
            .await
            .expect("bookings")
            .into_iter()
            .find(|booking| booking.guest_name == "Cleo")
            .and_then(|booking| booking.client_id)
            .expect("a client");
        let therapist = practice::catalogue(app).await.expect("a catalogue").therapist(ADA).expect("Ada").clone();
        let decision = DiscoveryDecision::NotTheRightFit;
        let input = DecideDiscoveryInput { client_id: client, decision, letter: Some(CANARY.into()) };
        decide::decide(app, &therapist, input).await.expect("decided");
        let message = SendContactMessageInput {
            name: CANARY.into(),
            email: "dora@example.org".into(),
            message: format!("{CANARY} {CANARY}"),
            idempotency_key: None,
        };
        inquiries::send(app, message).await.expect("sent");
        practice.pass_minutes(3).await;

        let (to_practice, others): (Vec<_>, Vec<_>) =
            story.sandbox.mailbox.all().into_iter().partition(|mail| mail.to == "hello@practice.example");
        // Made, called off and made to clients and to Ada; the decision; thanks for writing.
        assert_eq!(others.len(), 8, "{:?}", story.complaints().await);
        for mail in others {
            let said = everything(&mail).replace("quetzalcoatlus@example.org", "");
            assert!(!said.to_lowercase().contains(&CANARY.to_lowercase()), "{said}");
            let said = format!("{}\n{}\n{}\n{:?}", mail.subject, mail.text, mail.html, mail.attachments);
            for word in ["therap", "counsel", "session", "discovery", "phone call", "video"] {
                assert!(!said.to_lowercase().contains(word), "{word} in {said}");
            }
        }
        assert_eq!(to_practice.len(), 1);
        assert!(!to_practice[0].subject.contains(CANARY));
        assert!(to_practice[0].text.contains(CANARY));
    })
    .await;
}

#[tokio::test]
async fn nobody_can_write_headers() {
    let (story, _running) = Story::open(Engine::here(), &[]).await;
    let app = &story.practice.app;
    let fine = "A message that is long enough.";
    let table: &[(&str, &str, &str, bool)] = &[
        ("Eve\r\nBcc: all@example.org", "eve@example.org", fine, false),
        ("Eve\nSubject: Hello", "eve@example.org", fine, false),
        ("Eve\u{0}", "eve@example.org", fine, false),
        ("Eve", "eve@example.org\r\nBcc: all@example.org", fine, false),
        ("Eve", "eve@example.org, all@example.org", fine, false),
        ("Eve", "\"eve\r\n\"@example.org", fine, false),
        ("Eve", "<eve@example.org> SIZE=1", fine, false),
        ("Bcc: all@example.org", "eve@example.org", fine, true),
        ("=?utf-8?q?=0D=0ABcc:_all@example.org?=", "eve@example.org", fine, true),
        ("\"Eve\" <all@example.org>", "eve@example.org", fine, true),
        (
            "Eve",
            "eve@example.org",
            "Hello\r\n.\r\nMAIL FROM:<all@example.org>\r\nRCPT TO:<all@example.org>\r\nDATA",
            true,
        ),
        ("Eve", "eve@example.org", "Hello\n.\nMAIL FROM:<all@example.org>\n.\r\nRSET", true),
        ("Eve", "eve@example.org", "Bcc: all@example.org\r\n\r\nContent-Type: text/html\r\n\r\n<script>", true),
        ("Eve\u{2028}Bcc: all@example.org", "eve@example.org", fine, true),
    ];
    let mut accepted = 0;
    for (name, email, message, is_fine) in table {
        let (name, email, message) = ((*name).to_owned(), (*email).to_owned(), (*message).to_owned());
        let input = SendContactMessageInput { name, email, message, idempotency_key: None };
        let who = format!("{} {}", input.name, input.email);
        assert_eq!(inquiries::send(app, input).await.is_ok(), *is_fine, "{who:?}");
        accepted += usize::from(*is_fine);
        story.practice.pass_minutes(0).await;
    }
    let mails = story.sandbox.mailbox.all();
    assert_eq!(mails.len(), accepted * 2);
    for mail in mails {
        assert!(["hello@practice.example", "eve@example.org"].contains(&mail.to.as_str()), "{}", mail.to);
        assert_eq!(mail.header("Bcc"), None);
        assert_eq!(mail.header("Cc"), None);
        let header = String::from_utf8_lossy(&mail.raw);
        let header = header.split("\r\n\r\n").next().expect("a header");
        assert!(!header.contains("all@example.org"), "{header}");
    }
}

#[tokio::test]
async fn every_mail_can_be_drawn_and_fetches_nothing() {
    let practice = Practice::open_with(Engine::here(), &[]).await;
    let booked = practice.book("Ben", "2030-01-08T10:00:00Z").await;
    let app = &practice.app;
    let reference = booked["booking"]["reference"].as_str().expect("a reference");
    let booking = bookings::by_reference(app, reference).await.expect("read").expect("a booking");
    let catalogue = practice::catalogue(app).await.expect("a catalogue");
    assert!(catalogue.session_type(SESSION).is_some());
    let when = || outward::When::of(&booking, "America/New_York", app.clock.now()).expect("a time");
    let manage = || outward::Link::manage(app, booking.id);
    let code = || outward::Code::read("012345").expect("a code");
    let link = outward::Link::read(app, "http://localhost:3000/sign-in/abc-DEF_1").expect("a link of ours");
    let mails = [
        messages::sign_in(link, code(), 10),
        messages::confirmed(app, when(), Modality::Phone, reference, manage()),
        messages::confirmed(app, when(), Modality::Online, reference, manage()),
        messages::confirmed(app, when(), Modality::InPerson, reference, manage()),
        messages::moved(app, when(), reference, manage()),
        messages::called_off(app, when(), reference),
        messages::not_confirmed(app, when(), reference),
        messages::new_in_calendar(app, when(), reference),
        messages::moved_in_calendar(app, when(), reference),
        messages::gone_from_calendar(app, when(), reference),
        messages::news(app),
        messages::new_bill(app),
        messages::token_reused(app),
        messages::contact_thanks(),
    ];
    for mail in mails {
        let drawn = render::draw(&mail, "Appointments").expect("it can be drawn");
        assert!(!drawn.subject.contains('\n') && drawn.subject.len() < 78, "{}", drawn.subject);
        for remote in ["<img", "<script", "<link", "@import", "url(", "src="] {
            assert!(!drawn.html.contains(remote), "{remote} in {}", drawn.html);
        }
        assert!(!drawn.text.contains("\n\n\n"), "{:?}", drawn.text);
        assert!(!drawn.text.contains("none") && !drawn.text.contains("&#"), "{}", drawn.text);
    }
    let drawn = render::draw(&messages::sign_in(manage(), code(), 10), "Appointments").expect("drawn");
    assert!(drawn.text.contains("Code: 012345") && drawn.text.contains("They work for 10 minutes."), "{}", drawn.text);
}

#[tokio::test]
async fn only_links_to_our_own_pages_can_stand_in_a_mail() {
    let practice = Practice::open(Engine::here()).await;
    for elsewhere in [
        "https://evil.example/sign-in",
        "http://localhost:3000.evil.example/",
        "http://localhost:3000@evil.example/",
        "http://localhost:30000/",
        "http://localhost:3000/\"><script>",
        "http://localhost:3000/a b",
        "javascript:alert(1)",
        "",
    ] {
        assert!(outward::Link::read(&practice.app, elsewhere).is_none(), "{elsewhere}");
    }
    assert!(outward::Link::read(&practice.app, "http://localhost:3000/sign-in/abc").is_some());
    for wrong in ["12345", "1234567", "12345a", "１２３４５６"] {
        assert!(outward::Code::read(wrong).is_none(), "{wrong}");
    }
}
