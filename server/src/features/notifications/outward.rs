//! What may leave the system.
//!
//! A mail is built from an [`Outward`] and from nothing else. Its words are literals of this program, its times are
//! written by [`When`], its links lead to our own pages. There is no field a client's name, a session type or a sentence
//! about somebody's health could be put in, so that none can leave by mistake.

pub use super::when::When;

use crate::app::App;
use crate::error::Result;
use crate::features::bookings::manage;
use crate::features::inquiries::ContactMessage;
use crate::features::series::make_up;
use crate::features::waitlist::interest;
use minijinja::value::Value;
use shared::booking::reference_words;
use shared::ids::{BookingId, MakeUpId, WishId};

/// One mail, before it is drawn.
#[derive(Debug, Clone)]
pub struct Outward {
    subject: Subject,
    heading: &'static str,
    says: Vec<Says>,
    when: Option<When>,
    lists: Vec<(&'static str, Vec<When>)>,
    code: Option<Code>,
    action: Option<(&'static str, Link)>,
    links: Vec<(&'static str, Link)>,
    reference: Option<String>,
    small: Vec<Small>,
    relayed: Option<Relayed>,
}

/// The line a lock screen shows.
#[derive(Debug, Clone)]
pub enum Subject {
    /// These words.
    Words(&'static str),
    /// These words and a time: “Your appointment on” “Thu 3 December, 10:00”.
    At(&'static str, When),
    /// These words, a time, and more words.
    AtAnd(&'static str, When, &'static str),
}

/// One paragraph.
#[derive(Debug, Clone)]
enum Says {
    Words(&'static str),
    By(&'static str, When),
}

/// Small print at the end of the message itself.
#[derive(Debug, Clone)]
enum Small {
    Words(&'static str),
    Minutes(&'static str, i64),
}

impl Outward {
    /// A mail with a subject and a heading.
    pub fn new(subject: Subject, heading: &'static str) -> Self {
        Outward {
            subject,
            heading,
            says: Vec::new(),
            when: None,
            lists: Vec::new(),
            code: None,
            action: None,
            links: Vec::new(),
            reference: None,
            small: Vec::new(),
            relayed: None,
        }
    }

    /// Adds a paragraph.
    pub fn says(mut self, words: &'static str) -> Self {
        self.says.push(Says::Words(words));
        self
    }

    /// Adds a paragraph that ends with a time: the words, then “Thu 3 December, 10:00.”.
    pub fn by(mut self, words: &'static str, when: When) -> Self {
        self.says.push(Says::By(words, when));
        self
    }

    /// Shows a time.
    pub fn at(mut self, when: When) -> Self {
        self.when = Some(when);
        self
    }

    /// Lists several times under a heading. Not shown if there are none.
    pub fn list(mut self, heading: &'static str, times: Vec<When>) -> Self {
        if !times.is_empty() {
            self.lists.push((heading, times));
        }
        self
    }

    /// Shows the six digits that can be typed instead of following the link.
    pub fn code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    /// The one thing to do: a button.
    pub fn action(mut self, words: &'static str, link: Link) -> Self {
        self.action = Some((words, link));
        self
    }

    /// Another place to go.
    pub fn link(mut self, words: &'static str, link: Link) -> Self {
        self.links.push((words, link));
        self
    }

    /// The number people can say on the phone. Not shown if it is none.
    pub fn reference(mut self, reference: &str) -> Self {
        self.reference = shared::booking::read_reference(reference);
        self
    }

    /// Adds a line of small print.
    pub fn small(mut self, words: &'static str) -> Self {
        self.small.push(Small::Words(words));
        self
    }

    /// Says how long something lasts: the words, then “10 minutes.”.
    pub fn lasts(mut self, words: &'static str, minutes: i64) -> Self {
        self.small.push(Small::Minutes(words, minutes));
        self
    }

    /// Passes a visitor's own message on to the practice.
    pub(super) fn relays(mut self, relayed: Relayed) -> Self {
        self.relayed = Some(relayed);
        self
    }

    /// The subject line.
    pub fn subject(&self) -> String {
        match &self.subject {
            Subject::Words(words) => (*words).to_owned(),
            Subject::At(words, when) => format!("{words} {}", when.short()),
            Subject::AtAnd(words, when, more) => format!("{words} {} {more}", when.short()),
        }
    }

    /// What the templates see.
    pub(super) fn view(&self, sender: &str) -> Value {
        let small = self.small.iter().map(|small| match small {
            Small::Words(words) => (*words).to_owned(),
            Small::Minutes(words, 1) => format!("{words} one minute."),
            Small::Minutes(words, minutes) => format!("{words} {minutes} minutes."),
        });
        let says = self.says.iter().map(|says| match says {
            Says::Words(words) => (*words).to_owned(),
            Says::By(words, when) => format!("{words} {}.", when.short()),
        });
        let links: Vec<Value> = self.links.iter().map(|(words, link)| place(words, link)).collect();
        let lists: Vec<Value> = self
            .lists
            .iter()
            .map(|(heading, times)| {
                let lines: Vec<String> = times.iter().filter_map(|when| when.lines().first().cloned()).collect();
                minijinja::context! { heading => *heading, lines => lines }
            })
            .collect();
        let relayed = self.relayed.as_ref().map(|relayed| {
            let lines: Vec<String> = relayed.text.lines().map(str::to_owned).collect();
            minijinja::context! { name => relayed.name.clone(), email => relayed.email.clone(), lines => lines }
        });
        minijinja::context! {
            sender => sender,
            subject => self.subject(),
            heading => self.heading,
            says => says.collect::<Vec<_>>(),
            when => self.when.as_ref().map(|when| when.lines().to_vec()),
            lists => lists,
            code => self.code.as_ref().map(|code| code.0.clone()),
            action => self.action.as_ref().map(|(words, link)| place(words, link)),
            links => links,
            reference => self.reference.as_deref().map(reference_words),
            small => small.collect::<Vec<_>>(),
            relayed => relayed,
        }
    }
}

fn place(words: &str, link: &Link) -> Value {
    minijinja::context! { words => words, link => link.safe() }
}

/// Six digits.
#[derive(Debug, Clone)]
pub struct Code(String);

impl Code {
    /// Reads a code; `None` if it is not six digits.
    pub fn read(text: &str) -> Option<Self> {
        (text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| Code(text.to_owned()))
    }
}

/// A link to one of our own pages.
#[derive(Debug, Clone)]
pub struct Link(String);

/// A page a mail may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Where somebody signs in.
    SignIn,
    /// What a client sees first.
    Portal,
    /// What a therapist sees first: her day.
    Day,
    /// Where a therapist sees her standing places.
    Places,
    /// Where a visitor books.
    Book,
    /// Where a client sees what was paid and what is owed.
    Bills,
    /// Where a client chooses when they are reminded.
    Reminders,
    /// Where a client waits for a time and is offered one.
    Waitlist,
    /// Where the practice answers requests.
    Requests,
}

impl Link {
    /// A link to a page.
    pub fn to(app: &App, page: Page) -> Self {
        let path = match page {
            Page::SignIn => "/sign-in",
            Page::Portal => "/portal",
            Page::Day => "/admin",
            Page::Places => "/admin/series",
            Page::Book => "/book",
            Page::Bills => "/portal/bills",
            Page::Reminders => "/portal/reminders",
            Page::Waitlist => "/portal/waitlist",
            Page::Requests => "/admin/requests",
        };
        Link(app.config.link(path))
    }

    /// The link that lets its holder see one booking and call it off.
    pub fn manage(app: &App, booking: BookingId) -> Self {
        Link(app.config.link(&format!("/manage/{}", manage::secret(&app.keys, booking).text())))
    }

    /// The link to the page where the holder of a booking's mail says that they will come. Following it changes nothing.
    pub fn confirm(app: &App, booking: BookingId) -> Self {
        Link(app.config.link(&format!("/manage/{}/confirm", manage::secret(&app.keys, booking).text())))
    }

    /// The link that lets its holder say whether they still wait. Following it changes nothing.
    pub fn still_waiting(app: &App, wish: WishId) -> Self {
        Link(app.config.link(&format!("/waiting/{}", interest::secret(&app.keys, wish).text())))
    }

    /// The link that lets its holder choose one of the times that are offered. Following it changes nothing.
    pub fn make_up(app: &App, id: MakeUpId) -> Self {
        Link(app.config.link(&format!("/make-up/{}", make_up::secret(&app.keys, id).text())))
    }

    /// Reads a link; `None` if it leads anywhere but to our own pages, or could not stand in a mail as it is.
    pub fn read(app: &App, text: &str) -> Option<Self> {
        let path = text.strip_prefix(&app.config.origin())?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~%?=#".contains(&byte);
        (path.starts_with('/') && path.bytes().all(plain)).then(|| Link(text.to_owned()))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as it may stand in HTML: it has none of the characters that mean something there.
    fn safe(&self) -> Value {
        Value::from_safe_string(self.0.clone())
    }
}

/// A visitor's message on its way to the practice they wrote to. The one thing that is not ours to word.
#[derive(Debug, Clone)]
pub(super) struct Relayed {
    name: String,
    email: String,
    text: String,
}

impl Relayed {
    /// A message from the contact form.
    pub(super) fn of(app: &App, message: &ContactMessage) -> Result<Self> {
        Ok(Relayed { name: message.name.clone(), email: message.email.clone(), text: message.text(&app.keys)? })
    }
}
