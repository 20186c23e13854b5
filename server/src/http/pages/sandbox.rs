//! The other side of the demo, drawn like every page.

use super::{answer, frame};
use crate::features::practice::zones;
use crate::http::fault::Fault;
use crate::http::visit::Visit;
use crate::sandbox::mailbox::Mail;
use crate::sandbox::pages::SandboxState;
use app::sandbox::{self, Face, MailRow, Persona, Sandbox};
use app::shell::{Head, Surface};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use shared::time::{Instant, LocalTime};
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
