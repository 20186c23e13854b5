//! The other side of the demo, drawn like every page.

use super::{answer, frame};
use crate::features::practice::zones;
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use crate::integrations::stripe::code_of;
use crate::sandbox::mailbox::Mail;
use crate::sandbox::pages::SandboxState;
use crate::sandbox::stripe::Session;
use app::sandbox::checkout::{self, Checkout};
use app::sandbox::{self, Face, MailRow, Persona, Sandbox};
use app::shell::{Head, Surface};
use app::ui::form::Problem;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use shared::money::{Currency, Money};
use shared::time::{Instant, LocalTime};
use shared::words;
use shared::zone::ZoneTable;

/// As for every page, and a mail may be shown in a frame of its own.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; frame-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// When a morning begins for the clock of the demo.
const MORNING: &str = "08:00";

/// Answers with the sandbox: who to be, the clock, the mail, and the one that is `open` with the face asked for.
pub async fn sandbox(
    visit: &Visit,
    state: SandboxState,
    open: Option<&Mail>,
    face: Option<&str>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let zone = zones::find("timeZone", &state.time_zone, state.now)?;
    let face = face.map_or(Face::Html, Face::read);
    let data = Sandbox {
        personas: state
            .personas
            .into_iter()
            .map(|persona| Persona { user_id: persona.user_id, name: persona.name, about: persona.says })
            .collect(),
        mails: state.mails.iter().rev().map(|mail| row(mail)).collect(),
        open: open.map(|mail| opened(mail, face)),
        now: state.now,
        minutes_ahead: state.pushed_minutes,
        minutes_to_morning: minutes_to_morning(state.now, &zone),
        zone: ZoneTable::clone(&zone),
    };
    let head = Head { title: "Sandbox".into(), private: true, ..Head::default() };
    let draw = || sandbox::page(data);
    let mut response = answer(visit, StatusCode::OK, &frame, &head, Surface::Focus, None, draw);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}

/// Answers with the page that stands for Stripe's Checkout.
pub async fn checkout(
    visit: &Visit,
    session: &Session,
    card: String,
    problem: Option<&'static str>,
) -> Result<Response, Fault> {
    let frame = frame(visit).await?;
    let now = frame.practice.now;
    let zone = zones::find("timeZone", &frame.practice.time_zone, now)?;
    let currency = [Currency::Gbp, Currency::Eur, Currency::Usd, Currency::Pkr];
    let currency = currency.into_iter().find(|currency| code_of(*currency) == session.currency);
    let problem = problem.map(|words| Problem { field: Some("card_number".into()), message: words.into() });
    let data = Checkout {
        id: session.id.clone(),
        amount: Money { amount: session.amount, currency: currency.unwrap_or(Currency::Gbp) },
        item: session.item.clone(),
        is_open: session.status == "open",
        until: Instant::from_seconds(session.expires_at).map(|at| words::time(at, &zone)).unwrap_or_default(),
        back: session.cancel_url.clone(),
        card,
        problems: problem.into_iter().collect(),
    };
    let status = if data.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let head = Head { title: "Payment".into(), private: true, ..Head::default() };
    let draw = || checkout::page(data);
    Ok(answer(visit, status, &frame, &head, Surface::Focus, None, draw))
}

fn row(mail: &Mail) -> MailRow {
    MailRow { id: mail.id.clone(), to: mail.to.clone(), subject: mail.subject.clone(), at: mail.at }
}

fn opened(mail: &Mail, face: Face) -> sandbox::Mail {
    let text = match face {
        Face::Html => String::new(),
        Face::Text => mail.text.clone(),
        Face::Ics => mail.ics().unwrap_or_default().to_owned(),
        Face::Raw => String::from_utf8_lossy(&mail.raw).into_owned(),
    };
    sandbox::Mail { row: row(mail), from: mail.from.clone(), face, text, has_ics: mail.ics().is_some() }
}

fn minutes_to_morning(now: Instant, zone: &ZoneTable) -> i64 {
    let civil = zone.civil(now);
    let minutes = |time: LocalTime| i64::from(time.minutes());
    let morning = MORNING.parse().map_or(0, minutes);
    24 * 60 - minutes(civil.time) + morning
}
