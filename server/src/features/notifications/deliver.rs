//! Puts a mail together and hands it to the mail server.

use super::outward::Outward;
use super::render;
use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::JobError;
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use shared::contact::EmailAddress;
use shared::time::Instant;
use std::time::{Duration, SystemTime};

/// A mail, and where it goes.
pub(super) struct Letter {
    /// The mailbox it goes to.
    pub(super) to: Mailbox,
    /// Where an answer goes, if not to the sender.
    pub(super) reply_to: Option<Mailbox>,
    /// What it is about, the same at every try: `<kind>.<id>.<sequence>`.
    pub(super) key: String,
    /// What it says.
    pub(super) outward: Outward,
    /// A calendar file and the name of its method.
    pub(super) calendar: Option<(&'static str, String)>,
}

impl Letter {
    /// A mail without a calendar file, answered to the sender.
    pub(super) fn new(to: Mailbox, key: String, outward: Outward) -> Self {
        Letter { to, reply_to: None, key, outward, calendar: None }
    }
}

/// A mailbox for an address that was checked when it was typed. Without a name: what leaves the system has none.
pub(super) fn mailbox(address: &str) -> std::result::Result<Mailbox, JobError> {
    let refused = || JobError::GiveUp("the address cannot be written to".to_owned());
    let checked = EmailAddress::parse(address).ok_or_else(refused)?;
    Ok(Mailbox::new(None, checked.as_str().parse().map_err(|_| refused())?))
}

/// Hands a mail to the mail server.
pub(super) async fn deliver(app: &App, letter: Letter) -> std::result::Result<(), JobError> {
    let mailer = app.mailer.as_ref().ok_or_else(|| JobError::Wait("no mail server is set up".to_owned()))?;
    let message = compose(app, letter)?;
    Ok(mailer.send(message).await?)
}

/// The message as it goes over the wire.
pub(super) fn compose(app: &App, letter: Letter) -> Result<Message> {
    let broken = |what: &str| Error::internal(format!("a mail cannot be put together: {what}"));
    let from: Mailbox = app.config.mail_from.0.parse().map_err(|_| broken("mail_from is not a mailbox"))?;
    let sender = from.name.clone().unwrap_or_else(|| from.email.to_string());
    let drawn = render::draw(&letter.outward, &sender)?;
    let mut builder = Message::builder()
        .message_id(Some(format!("<{}@{}>", letter.key, super::host(app))))
        .date(system_time(app.clock.now()))
        .from(from)
        .to(letter.to)
        .subject(drawn.subject)
        .header(AutoSubmitted);
    if let Some(reply_to) = letter.reply_to {
        builder = builder.reply_to(reply_to);
    }
    let texts = MultiPart::alternative_plain_html(drawn.text, drawn.html);
    let message = match letter.calendar {
        None => builder.multipart(texts),
        Some((method, ics)) => {
            let kind = format!("text/calendar; method={method}; charset=utf-8");
            let kind = ContentType::parse(&kind).map_err(|error| broken(&error.to_string()))?;
            let inline = SinglePart::builder().header(kind.clone()).body(encoded(&ics));
            let file = Attachment::new("appointment.ics".to_owned()).body(encoded(&ics), kind);
            builder.multipart(MultiPart::mixed().multipart(texts.singlepart(inline)).singlepart(file))
        }
    };
    message.map_err(|error| broken(&error.to_string()))
}

/// Base64, so that no server on the way wraps or mends the lines of a calendar file.
fn encoded(ics: &str) -> Body {
    let bytes = ics.as_bytes().to_vec();
    Body::new_with_encoding(bytes, ContentTransferEncoding::Base64).unwrap_or_else(Body::new)
}

fn system_time(at: Instant) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(at.seconds().unsigned_abs())
}

/// Says that no person wrote this, so that no machine answers it.
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
