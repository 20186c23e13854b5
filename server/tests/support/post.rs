//! A practice for a test whose mail goes to a sandbox.

#![allow(unreachable_pub, reason = "a module of test binaries")]

use crate::support::{Engine, NOW, Practice, at, engines};
use anteroom::app::Mode;
use anteroom::clock::Clock;
use anteroom::sandbox::Sandbox;
use anteroom::sandbox::mailbox::Mail;
use icalendar::{Calendar, CalendarComponent, Component};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio_util::sync::{CancellationToken, DropGuard};

pub const BEN: &str = "ben@example.org";
pub const CANCEL: &str =
    "mutation($input: CancelBookingInput!) { cancelBooking(input: $input) { userErrors { message } } }";

/// A practice whose mail goes to a sandbox.
pub struct Story {
    pub practice: Practice,
    pub sandbox: Sandbox,
}

impl Story {
    pub async fn open(engine: Engine, settings: &[(&str, &str)]) -> (Self, DropGuard) {
        let stop = CancellationToken::new();
        let sandbox = Sandbox::start(Mode::Demo, Clock::standing_at(at(NOW)), stop.clone()).await.expect("a sandbox");
        let mut all = vec![("mail_url", sandbox.smtp_url.as_str())];
        all.extend_from_slice(settings);
        (Story { practice: Practice::open_with(engine, &all).await, sandbox }, stop.drop_guard())
    }

    pub fn to_ben(&self) -> Vec<Arc<Mail>> {
        self.sandbox.mailbox.to(BEN)
    }

    /// Why jobs did not do their work.
    pub async fn complaints(&self) -> Vec<(String,)> {
        let mut conn = self.practice.app.db.read().await.expect("a connection");
        conn.query("select last_error from jobs where last_error is not null").all().await.expect("rows")
    }

    pub async fn cancel(&self, booked: &Value) {
        let input = json!({ "input": { "manageToken": booked["manageToken"] } });
        let answer = self.practice.ask(CANCEL, input).await;
        assert_eq!(answer["cancelBooking"]["userErrors"], json!([]));
    }
}

/// Tells a story on every engine of this run.
pub async fn on_both_engines<S, F>(story: S)
where
    S: Fn(Story) -> F,
    F: Future<Output = ()>,
{
    for engine in engines() {
        let (on_this, _running) = Story::open(engine, &[]).await;
        let books = on_this.practice.books();
        story(on_this).await;
        books.expect_even().await;
    }
}

/// The properties of the one event of a calendar file, and the method.
pub fn event(mail: &Mail) -> (String, Vec<(String, String)>) {
    let ics = mail.ics().expect("a calendar file");
    let calendar: Calendar = ics.parse().expect("a calendar file can be read");
    let [CalendarComponent::Event(event)] = calendar.components.as_slice() else { panic!("one event: {ics}") };
    let repeated = event.multi_properties().values().flatten();
    let properties = event
        .properties()
        .values()
        .chain(repeated)
        .map(|property| (property.key().to_owned(), property.value().to_owned()))
        .collect();
    (calendar.property_value("METHOD").expect("a method").to_owned(), properties)
}

pub fn property(mail: &Mail, name: &str) -> String {
    let (_, properties) = event(mail);
    properties.into_iter().find(|(key, _)| key == name).unwrap_or_else(|| panic!("no {name}")).1
}
