//! The other side of the demo: who to be, the mail that left, the clock.

pub mod checkout;

use leptos::prelude::*;
use shared::ids::UserId;
use shared::time::Instant;
use shared::words;
use shared::zone::ZoneTable;

/// Everything the page shows.
#[derive(Debug, Clone)]
pub struct Sandbox {
    /// Who one can be.
    pub personas: Vec<Persona>,
    /// The mail that left, newest first.
    pub mails: Vec<MailRow>,
    /// The mail that is open.
    pub open: Option<Mail>,
    /// The practice's clock.
    pub now: Instant,
    /// How far it is ahead of the real one.
    pub minutes_ahead: i64,
    /// How many minutes it is until tomorrow morning.
    pub minutes_to_morning: i64,
    /// The practice's zone.
    pub zone: ZoneTable,
}

/// Somebody one can be with one click.
#[derive(Debug, Clone)]
pub struct Persona {
    /// What the form posts.
    pub user_id: UserId,
    /// Her name.
    pub name: String,
    /// What she is to the practice.
    pub about: String,
}

/// A mail, as the list shows it.
#[derive(Debug, Clone)]
pub struct MailRow {
    /// Which.
    pub id: String,
    /// Whom it went to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it left.
    pub at: Instant,
}

/// A mail that is open.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Its row in the list.
    pub row: MailRow,
    /// Who sent it.
    pub from: String,
    /// Which of its faces is shown.
    pub face: Face,
    /// What that face says; for `Html` nothing, because it is in a frame of its own.
    pub text: String,
    /// Whether it brings a calendar file.
    pub has_ics: bool,
}

/// One way to look at a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// As most people see it.
    Html,
    /// For people who read text.
    Text,
    /// The calendar file.
    Ics,
    /// As it went over the wire.
    Raw,
}

impl Face {
    /// Reads the word in an address.
    pub fn read(word: &str) -> Self {
        match word {
            "text" => Face::Text,
            "ics" => Face::Ics,
            "raw" => Face::Raw,
            _ => Face::Html,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Face::Html => "html",
            Face::Text => "text",
            Face::Ics => "ics",
            Face::Raw => "raw",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Face::Html => "As it looks",
            Face::Text => "Text",
            Face::Ics => "Calendar file",
            Face::Raw => "Source",
        }
    }
}

/// Draws the page.
pub fn page(data: Sandbox) -> AnyView {
    view! {
        <div class="wrap sandbox">
            <div class="opening">
                <h1>"Look around"</h1>
                <p class="soft">"Everybody here is made up, and nothing leaves this computer. One click signs you in."</p>
            </div>
            {personas(&data.personas)}
            {clock(&data)}
            {mailbox(&data)}
        </div>
    }
    .into_any()
}

fn personas(personas: &[Persona]) -> impl IntoView + use<> {
    let one = |persona: &Persona| {
        let label = format!("Sign in as {}", persona.name.split(' ').next().unwrap_or_default());
        view! {
            <li>
                <h3>{persona.name.clone()}</h3>
                <p class="soft">{persona.about.clone()}</p>
                <form method="post" action="/sandbox/persona">
                    <button class="link" name="user_id" value=persona.user_id.to_string()>{label}</button>
                </form>
            </li>
        }
    };
    let list: Vec<_> = personas.iter().map(one).collect();
    view! {
        <section id="people" aria-labelledby="people-title">
            <h2 id="people-title">"People"</h2>
            <ul class="personas">{list}</ul>
        </section>
    }
}

fn clock(data: &Sandbox) -> impl IntoView + use<> {
    let push = |(minutes, label): (i64, &'static str)| {
        view! { <button class="button quiet small" name="minutes" value=minutes>{label}</button> }
    };
    let morning = (data.minutes_to_morning, "Tomorrow morning");
    let pushes = [(3, "3 minutes on"), (60, "An hour on"), morning, (7 * 24 * 60, "Next week")];
    let pushes: Vec<_> = pushes.into_iter().map(push).collect();
    let city = words::city(&data.zone.name);
    let ahead = ahead(data.minutes_ahead);
    view! {
        <section class="clock" id="clock" aria-labelledby="clock-title">
            <div>
                <h2 id="clock-title">"Clock"</h2>
                <output>{words::moment(data.now, &data.zone)}</output>
                <span class="soft">{city}". "{ahead}" What falls due until then happens at once."</span>
            </div>
            <form class="cluster" method="post" action="/sandbox/clock">{pushes}</form>
        </section>
    }
}

fn ahead(minutes: i64) -> String {
    let counted = |count: i64, one: &str, more: &str| match count {
        1 => format!("{one} ahead of the real one."),
        _ => format!("{count} {more} ahead of the real one."),
    };
    match minutes {
        ..=0 => "The same as the real one.".into(),
        1..=119 => counted(minutes, "One minute", "minutes"),
        120..=2879 => counted(minutes / 60, "One hour", "hours"),
        _ => counted(minutes / 1440, "One day", "days"),
    }
}

fn mailbox(data: &Sandbox) -> impl IntoView + use<> {
    let open = data.open.as_ref().map(|mail| mail.row.id.clone());
    let row = |row: &MailRow| {
        let here = (open.as_deref() == Some(row.id.as_str())).then_some("true");
        view! {
            <li>
                <a href=format!("/sandbox?mail={}#message", row.id) aria-current=here>
                    <b>{row.to.clone()}</b>
                    <small>{words::short_moment(row.at, &data.zone)}</small>
                    <span class="subject">{row.subject.clone()}</span>
                </a>
            </li>
        }
    };
    let rows: Vec<_> = data.mails.iter().map(row).collect();
    let body = if rows.is_empty() {
        let words = "Book a call and let three minutes pass: news waits that long, so that it can be undone. Sign-in codes come at once.";
        view! {
            <div class="empty">
                {crate::ui::art::small_door()}
                <div class="stack"><h3>"No mail yet"</h3><p>{words}</p></div>
            </div>
        }
        .into_any()
    } else {
        let message = data.open.as_ref().map(|mail| message(mail, &data.zone));
        view! { <div class="mailbox" id="mailbox"><ol class="list">{rows}</ol>{message}</div> }.into_any()
    };
    view! {
        <section id="mail" aria-labelledby="mail-title">
            <h2 id="mail-title">"Mailbox"</h2>
            <p class="soft">"Every message the practice has sent, to anybody."</p>
            {body}
        </section>
    }
}

fn message(mail: &Mail, zone: &ZoneTable) -> impl IntoView + use<> {
    let id = mail.row.id.clone();
    let faces = [Face::Html, Face::Text, Face::Ics, Face::Raw].into_iter();
    let faces = faces.filter(|face| *face != Face::Ics || mail.has_ics).map(|face| {
        let here = (face == mail.face).then_some("true");
        let href = format!("/sandbox?mail={id}&as={}#message", face.word());
        view! { <a href=href aria-current=here>{face.label()}</a> }
    });
    let faces: Vec<_> = faces.collect();
    let body = match mail.face {
        Face::Html => {
            let address = format!("/sandbox/mail/{}/html", mail.row.id);
            view! { <iframe class="mail" sandbox="allow-popups allow-popups-to-escape-sandbox" src=address title="The message"></iframe> }
                .into_any()
        }
        Face::Text | Face::Ics | Face::Raw => {
            view! { <pre class="mail" tabindex="0">{mail.text.clone()}</pre> }.into_any()
        }
    };
    view! {
        <article class="message" id="message">
            <h3>{mail.row.subject.clone()}</h3>
            <p class="soft small">
                "To "{mail.row.to.clone()}", from "{mail.from.clone()}", "{words::moment(mail.row.at, zone)}
            </p>
            <p class="cluster small">{faces}</p>
            {body}
        </article>
    }
}
