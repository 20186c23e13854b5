//! Every mail the sandbox took, with its parts.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use serde::Serialize;
use shared::time::Instant;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many mails are kept; the oldest go first.
const CAPACITY: usize = 500;

/// The mails of a sandbox, newest last. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Mailbox(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    mails: VecDeque<Arc<Mail>>,
    taken: u64,
}

/// One mail.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// Its place in the order mails came in.
    pub id: String,
    /// Whom the envelope names, separated by commas.
    pub to: String,
    /// Who sent it.
    pub from: String,
    /// The subject line.
    pub subject: String,
    /// The part for people who read text.
    pub text: String,
    /// The part for everyone else.
    pub html: String,
    /// Files, and calendar parts.
    pub attachments: Vec<Attachment>,
    /// When it came in, on the practice's clock.
    pub at: Instant,
    /// Its `Message-ID`.
    pub message_id: String,
    /// Where an answer goes, if it says so.
    pub reply_to: Option<String>,
    /// As it came over the wire.
    #[serde(skip)]
    pub raw: Vec<u8>,
}

/// One file of a mail.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// What it is called.
    pub name: String,
    /// Its type, with its attributes.
    pub content_type: String,
    /// What is in it, if it is text.
    pub text: String,
}

impl Mail {
    /// The calendar file, if there is one.
    pub fn ics(&self) -> Option<&str> {
        self.attachments
            .iter()
            .find(|file| file.content_type.starts_with("text/calendar"))
            .map(|file| file.text.as_str())
    }

    /// The value of a header as it came, if it is there.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = MessageParser::new().parse(&self.raw)?;
        message.header_raw(name).map(|value| value.trim().to_owned())
    }
}

impl Mailbox {
    /// Every mail, oldest first.
    pub fn all(&self) -> Vec<Arc<Mail>> {
        self.lock().mails.iter().cloned().collect()
    }

    /// Every mail to this address, oldest first.
    pub fn to(&self, address: &str) -> Vec<Arc<Mail>> {
        self.all().into_iter().filter(|mail| mail.to.split(", ").any(|to| to.eq_ignore_ascii_case(address))).collect()
    }

    /// One mail.
    pub fn get(&self, id: &str) -> Option<Arc<Mail>> {
        self.lock().mails.iter().find(|mail| mail.id == id).cloned()
    }

    /// Takes a mail in.
    pub(super) fn take(&self, from: &str, to: &[String], raw: Vec<u8>, at: Instant) {
        let mut inner = self.lock();
        inner.taken += 1;
        let mail = read(inner.taken.to_string(), from, to, raw, at);
        if inner.mails.len() == CAPACITY {
            inner.mails.pop_front();
        }
        inner.mails.push_back(Arc::new(mail));
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(id: String, from: &str, to: &[String], raw: Vec<u8>, at: Instant) -> Mail {
    let parsed = MessageParser::new().parse(&raw).unwrap_or_default();
    let text = |found: Option<std::borrow::Cow<'_, str>>| found.map(|text| text.into_owned()).unwrap_or_default();
    Mail {
        id,
        to: to.join(", "),
        from: parsed.from().and_then(|list| list.first()).map_or_else(|| from.to_owned(), written),
        subject: parsed.subject().unwrap_or_default().to_owned(),
        text: text(parsed.body_text(0)),
        html: text(parsed.body_html(0)),
        attachments: attachments(&parsed),
        at,
        message_id: parsed.message_id().unwrap_or_default().to_owned(),
        reply_to: parsed.reply_to().and_then(|list| list.first()).map(written),
        raw,
    }
}

fn written(address: &mail_parser::Addr<'_>) -> String {
    let mailbox = address.address().unwrap_or_default();
    match address.name() {
        Some(name) => format!("{name} <{mailbox}>"),
        None => mailbox.to_owned(),
    }
}

/// Files and calendar parts. A part that is there twice, to be shown and to be saved, counts once.
fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    let mut found: Vec<Attachment> = Vec::new();
    for part in &message.parts {
        let Some(kind) = part.content_type() else { continue };
        let is_file = part.attachment_name().is_some();
        let is_calendar = kind.ctype() == "text" && kind.subtype() == Some("calendar");
        if !is_file && !is_calendar {
            continue;
        }
        let text = match &part.body {
            PartType::Text(text) | PartType::Html(text) => text.clone().into_owned(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        };
        if let Some(same) = found.iter_mut().find(|file| file.text == text) {
            if let Some(name) = part.attachment_name() {
                name.clone_into(&mut same.name);
            }
            continue;
        }
        let mut content_type = format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("plain"));
        for attribute in kind.attributes().into_iter().flatten() {
            content_type.push_str(&format!("; {}={}", attribute.name, attribute.value));
        }
        found.push(Attachment { name: part.attachment_name().unwrap_or_default().to_owned(), content_type, text });
    }
    found
}
